//! `difference`: what stays of a count, who decides on it, and what became of it.

use super::{all_pages, read_bytes, show_outcome};
use crate::arguments::{Decide, Difference, DifferenceList, DifferenceRecord, DifferenceTolerance, Online};
use crate::failure::Failure;
use crate::moment;
use crate::output::{self, Column, Format};
use std::path::Path;
use zonebook_api::reckoning::goods_to_wire;
use zonebook_api::{v1, value};
use zonebook_exchange::count;
use zonebook_ledger::digest::sha256;

const DIFFERENCES: &[Column<'static>] = &[
    Column("report", "/difference_no"),
    Column("line", "/line"),
    Column("book", "/book_no"),
    Column("kind", "/mark"),
    Column("item", "/number"),
    Column("serial", "/serial"),
    Column("difference", "/difference"),
    Column("unit", "/unit"),
    Column("class", "/class"),
    Column("value_usd", "/value_usd"),
    Column("duty", "/duty"),
    Column("tax", "/tax"),
    Column("state", "/state"),
    Column("owner", "/owner"),
    Column("due", "/due"),
    Column("left", "/left"),
];

const FIGURES: &[Column<'static>] = &[
    Column("book has (A)", "/book"),
    Column("counted (B)", "/counted"),
    Column("timing (C)", "/explained"),
    Column("difference", "/difference"),
    Column("inflow", "/inflow"),
    Column("revision", "/basis_revision"),
    Column("campaign", "/campaign_no"),
    Column("tolerance ppm", "/tolerance/ppm"),
    Column("quantity", "/tolerance/quantity"),
    Column("value_usd", "/tolerance/value_usd"),
];

const HISTORY: &[Column<'static>] = &[
    Column("revision", "/revision"),
    Column("time", "/time"),
    Column("what", "/kind"),
    Column("by", "/by"),
    Column("owner", "/owner"),
    Column("due", "/due"),
    Column("decision", "/decision/decision_no"),
    Column("outcome", "/decision/outcome"),
    Column("reason", "/decision/reason"),
    Column("adjustment", "/adjustment_no"),
    Column("quantity", "/quantity"),
    Column("dutiable_value", "/dutiable_value"),
];

const TOLERANCES: &[Column<'static>] = &[
    Column("from", "/from"),
    Column("ppm", "/tolerance/ppm"),
    Column("quantity", "/tolerance/quantity"),
    Column("value_usd", "/tolerance/value_usd"),
];

pub async fn run(online: &Online, command: Difference) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Difference::Record(wanted) => return record(online, wanted).await,
        Difference::List(wanted) => {
            let DifferenceList { report, book, office, state, owner } = wanted;
            let request = v1::ListDifferencesRequest {
                difference_no: report,
                book_no: book,
                office,
                state,
                owner,
                ..Default::default()
            };
            let found = all_pages!(client, list_differences, request, differences);
            return output::many(online.output, DIFFERENCES, "Difference", &found);
        }
        Difference::Get { difference_no, line } => return get(online, difference_no, line).await,
        Difference::Decide(wanted) => {
            let (request_id, validate_only) = (wanted.change.id(online), wanted.change.dry_run);
            let (difference_no, line) = (wanted.difference_no.clone(), wanted.line);
            let decision = Some(decision(wanted)?);
            let request =
                v1::DecideDifferenceRequest { request_id, validate_only, difference_no, line, decision };
            client.decide_difference(request).await?.outcome
        }
        Difference::Assign { difference_no, line, owner, due, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::AssignDifferenceRequest { request_id, validate_only, difference_no, line, owner, due };
            client.assign_difference(request).await?.outcome
        }
        Difference::Tolerance(wanted) => return tolerance(online, wanted).await,
    };
    show_outcome(online, outcome)
}

/// Records a report part by part. What went before a part that is refused stays; the same once more changes nothing.
async fn record(online: &Online, wanted: DifferenceRecord) -> Result<(), Failure> {
    let client = online.client();
    let counted = match &wanted.count {
        Some(file) => count::counted(&file.display().to_string(), &read_bytes(file)?)
            .map_err(Failure::usage)?
            .iter()
            .map(goods_to_wire)
            .collect(),
        None => Vec::new(),
    };
    let mut request = v1::RecordDifferencesRequest {
        request_id: String::new(),
        validate_only: wanted.dry_run,
        difference_no: wanted.difference_no,
        part: 1,
        campaign_no: wanted.campaign.unwrap_or_default(),
        counted,
        as_of: wanted.as_of.as_deref().map(moment::as_of).transpose()?,
        owner: wanted.owner,
        due: wanted.due,
    };
    loop {
        request.request_id = zonebook_client::request_id();
        let found = client.record_differences(request.clone()).await?;
        // What would be recorded of later parts rests on the parts before.
        if request.part < found.parts && !wanted.dry_run {
            request.part += 1;
            continue;
        }
        if !online.quiet {
            eprintln!("{} above the tolerance, {} within it", found.differences, found.within_tolerance);
        }
        return match found.outcome {
            None => Ok(()),
            outcome => show_outcome(online, outcome),
        };
    }
}

async fn get(online: &Online, difference_no: String, line: u64) -> Result<(), Failure> {
    let request = v1::GetDifferenceRequest { difference_no, line, consistency: None };
    let found = online.client().get_difference(request).await?.difference.unwrap_or_default();
    output::one(online.output, DIFFERENCES, "Difference", &found)?;
    if online.output == Format::Json {
        return Ok(());
    }
    output::one(online.output, FIGURES, "Difference", &found)?;
    output::many(online.output, HISTORY, "DifferenceStep", &found.history)
}

fn decision(wanted: Decide) -> Result<v1::DifferenceDecision, Failure> {
    let evidence = wanted.evidence.iter().map(|text| piece(text)).collect::<Result<_, _>>()?;
    Ok(v1::DifferenceDecision {
        decision_no: wanted.decision,
        outcome: wanted.outcome,
        decided_on: wanted.on,
        rates_on: wanted.rates_on,
        dutiable_value: wanted.dutiable_value,
        reason: wanted.reason,
        evidence,
    })
}

/// `KIND=FILE`: the ledger keeps what proves that the file is the same.
fn piece(text: &str) -> Result<v1::EvidencePiece, Failure> {
    let wrong = || Failure::usage(format!("--evidence {text}: must be KIND=FILE"));
    let (kind, file) = text.split_once('=').ok_or_else(wrong)?;
    let name = Path::new(file).file_name().ok_or_else(wrong)?.to_string_lossy().into_owned();
    let sha256 = value::digits(&sha256(&read_bytes(Path::new(file))?));
    Ok(v1::EvidencePiece { kind: kind.into(), name, sha256 })
}

async fn tolerance(online: &Online, wanted: DifferenceTolerance) -> Result<(), Failure> {
    let client = online.client();
    let DifferenceTolerance { office, from, ppm, quantity, value, change } = wanted;
    let Some(from) = from else {
        let request = v1::GetTolerancesRequest { office, consistency: None };
        let found = client.get_tolerances(request).await?.tolerances;
        return output::many(online.output, TOLERANCES, "DatedTolerance", &found);
    };
    let (request_id, validate_only) = (change.id(online), change.dry_run);
    let tolerance = Some(v1::Tolerance { ppm, quantity, value_usd: value });
    let request = v1::SetToleranceRequest { request_id, validate_only, office, from, tolerance };
    show_outcome(online, client.set_tolerance(request).await?.outcome)
}
