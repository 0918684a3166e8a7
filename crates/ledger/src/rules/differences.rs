//! Differences of a count: recorded above the tolerance of the office, decided on by customs, settled by adjustments
//! (`domain.md` 4.1, 4.2).
//!
//! The reconciliation that finds them is no part of `apply`. What `apply` can hold them to, it does: they rest on a
//! revision of this ledger and its digest, D = B - A + C is worked out again, none is within the tolerance, and the goods
//! have no other difference that could settle the same shortage twice. A difference changes no book.

use super::decisions::between;
use super::guards;
use super::work::{Stop, Work};
use crate::book::{Act, Book, Paper};
use crate::campaign::Campaign;
use crate::difference::{
    Assigned, Basis, Decided, DifferenceRef, DifferenceReport, DifferenceState, KeptDifference,
};
use crate::document::{
    DifferenceDecision, DifferenceFiling, DifferenceLine, DifferenceOrder, DifferenceOutcome, DifferenceStep,
};
use crate::item::ItemKey;
use crate::limits::{ASSIGNMENTS_MAX, DIFFERENCES_MAX, EVIDENCE_MAX};
use crate::movement::DocumentState;
use crate::permission::Principal;
use crate::quantity::Quantity;
use crate::query;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{
    BookDifferences, Campaigns, DifferenceReports, Differences, Events, GoodsDifferences, OpenPapers,
};
use std::fmt::Display;
use std::sync::Arc;

/// A part of a report.
pub(crate) fn file(work: &mut Work<'_>, by: &Principal, filing: &DifferenceFiling) -> Result<(), Stop> {
    guards::at_most("lines", filing.lines.len(), DIFFERENCES_MAX)?;
    guards::once_each("line", filing.lines.iter().map(|line| line.line))?;
    let known = work.get::<DifferenceReports>(filing.difference_no.clone())?;
    next_part(filing, known.as_deref())?;
    let book = guards::book_for(work, &filing.book_no, "book_no", Act::Count)?;
    guards::owned_by(&book, &filing.owner, "owner")?;
    if filing.lines.is_empty() {
        return Err(guards::invalid("lines", "none", "at least one difference"));
    }
    let (basis, campaign) = rests_on_history(work, &book, filing)?;
    for line in &filing.lines {
        record(work, by, &book, campaign.as_deref(), filing, line)?;
    }
    keep_report(work, filing, basis, known.as_deref())
}

/// The first part begins a report, each later one follows on the one before and rests on the same.
fn next_part(filing: &DifferenceFiling, known: Option<&DifferenceReport>) -> Result<(), Stop> {
    let number = &filing.difference_no;
    let Some(report) = known else {
        return if filing.part == 1 { Ok(()) } else { Err(guards::invalid("part", filing.part, "1")) };
    };
    let exists = |field: &str, value: &dyn Display, expected: &dyn Display| {
        Err(Refusal::new(Reason::DocumentExists)
            .field(field, value)
            .expected(expected)
            .document(number)
            .into())
    };
    let next = report.parts.saturating_add(1);
    if filing.part != next {
        return exists("part", &filing.part, &next);
    }
    if filing.book_no != report.book_no {
        return exists("book_no", &filing.book_no, &report.book_no);
    }
    let basis = (report.basis.revision, &report.basis.campaign_no, report.tolerance);
    if (filing.revision, &filing.campaign_no, filing.tolerance) != basis {
        return exists("revision", &filing.revision.0, &"revision, campaign and tolerance of the first part");
    }
    Ok(())
}

/// `BASIS_MISMATCH`: revision and digest are of this ledger, the campaign ended its count of the book and was cut off
/// there, and the tolerance is the one of the office on that day.
fn rests_on_history(
    work: &Work<'_>,
    book: &Book,
    filing: &DifferenceFiling,
) -> Result<(Basis, Option<Arc<Campaign>>), Stop> {
    let mismatch = |field: &str, value: &dyn Display, expected: &dyn Display| -> Stop {
        Refusal::new(Reason::BasisMismatch)
            .field(field, value)
            .expected(expected)
            .document(&filing.difference_no)
            .into()
    };
    let revision = filing.revision;
    let Some(event) = work.get::<Events>(revision)? else {
        return Err(mismatch("revision", &revision.0, &"a revision of this ledger"));
    };
    if filing.digest.is_some_and(|digest| digest != event.digest) {
        return Err(mismatch("digest", &"another", &"the digest after the revision"));
    }
    let day = work.head.utc_offset.local(event.ledger_time).date();
    if query::tolerance_on(work.state(), &book.office, day)? != filing.tolerance {
        let of_office = format!("that of office {} on {day}", book.office);
        return Err(mismatch("tolerance", &"another", &of_office));
    }
    let basis = Basis { revision, digest: event.digest, campaign_no: filing.campaign_no.clone() };
    let Some(number) = &filing.campaign_no else { return Ok((basis, None)) };
    let Some(campaign) = work.get::<Campaigns>(number.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field("campaign_no", number).into());
    };
    if campaign.state != DocumentState::Closed {
        return Err(Refusal::new(Reason::CampaignNotClosed)
            .field("state", campaign.state)
            .expected(DocumentState::Closed)
            .document(number)
            .into());
    }
    if campaign.opening.book_no != book.book_no {
        return Err(mismatch("campaign_no", number, &"a campaign of the book"));
    }
    if campaign.cut_off != revision {
        return Err(mismatch("revision", &revision.0, &format!("{}, the cut-off", campaign.cut_off.0)));
    }
    Ok((basis, Some(campaign)))
}

fn record(
    work: &mut Work<'_>,
    by: &Principal,
    book: &Book,
    campaign: Option<&Campaign>,
    filing: &DifferenceFiling,
    line: &DifferenceLine,
) -> Result<(), Stop> {
    let key = DifferenceRef { difference_no: filing.difference_no.clone(), line: line.line };
    if work.get::<Differences>(key.clone())?.is_some() {
        return Err(Refusal::new(Reason::NamedTwice)
            .line(line.line)
            .field("line", line.line)
            .expected("a line that no part before has")
            .into());
    }
    if campaign.is_some_and(|campaign| !campaign.opening.scope.has(line.mark, line.number)) {
        return Err(Refusal::new(Reason::CountOutOfScope)
            .line(line.line)
            .field("number", line.number)
            .expected("an item that the campaign counted")
            .into());
    }
    let item = ItemKey { book_no: book.book_no.clone(), mark: line.mark, number: line.number };
    let item = guards::item(work, item, line.line, "number")?;
    guards::same_declared_unit(line.line, &line.unit, &item)?;
    sound(filing, line)?;
    not_recorded(work, filing, line)?;
    let (at, time) = (work.head.revision, work.now());
    let assigned = Assigned { owner: line.owner.clone(), due: line.due, by: by.clone(), at, time };
    let row = KeptDifference {
        book_no: book.book_no.clone(),
        filed: line.clone(),
        state: DifferenceState::Open,
        assignments: vec![assigned],
        decisions: Vec::new(),
        settled: Vec::new(),
        ended_at: None,
    };
    let goods = (book.book_no.clone(), line.mark, line.number, line.serial.clone());
    work.put::<GoodsDifferences>(goods, key.clone());
    work.put::<Differences>(key, Arc::new(row));
    Ok(())
}

/// Figures are not below nothing, D is on the side that the class says, and above the tolerance.
fn sound(filing: &DifferenceFiling, line: &DifferenceLine) -> Result<(), Stop> {
    let stake = &line.stake;
    let figures = [
        ("counted", Some(line.counted)),
        ("inflow", Some(line.inflow)),
        ("value_usd", stake.value_usd),
        ("duty", stake.duty),
        ("tax", stake.tax),
    ];
    for (field, figure) in figures {
        guards::not_negative(line.line, field, figure.unwrap_or_default())?;
    }
    let refuse = |field: &str, value: &dyn Display, expected: &str| -> Result<(), Stop> {
        Err(Refusal::new(Reason::InvalidField).line(line.line).field(field, value).expected(expected).into())
    };
    let (Some(difference), Some(size)) = (line.difference(), line.size()) else {
        return refuse("difference", &"beyond all numbers", "a difference in the range of numbers");
    };
    let side = if difference.is_zero() { None } else { Some(side_of(difference)) };
    if side.is_none() || line.class.side() != side {
        return refuse("class", &line.class, "the class of a difference with this sign");
    }
    if filing.tolerance.covers(size, line.inflow, stake.value_usd) {
        return refuse("difference", &difference, "a difference above the tolerance");
    }
    Ok(())
}

const fn side_of(difference: Quantity) -> crate::document::Difference {
    use crate::document::Difference::{Shortage, Surplus};
    if difference.is_negative() { Shortage } else { Surplus }
}

/// `DIFFERENCE_RECORDED`: what these goods lacked before is over, and was over when they were counted: the same shortage
/// is not found, and not settled, twice.
fn not_recorded(work: &Work<'_>, filing: &DifferenceFiling, line: &DifferenceLine) -> Result<(), Stop> {
    let goods = (filing.book_no.clone(), line.mark, line.number, line.serial.clone());
    let Some(last) = work.get::<GoodsDifferences>(goods)? else { return Ok(()) };
    let row = known(work, &last)?;
    let expected = match row.ended_at {
        Some(ended) if ended <= filing.revision => return Ok(()),
        Some(ended) => format!("a count at revision {} or later", ended.0),
        None => format!("goods without a difference that is {}", row.state),
    };
    Err(Refusal::new(Reason::DifferenceRecorded)
        .line(line.line)
        .field("number", line.number)
        .expected(expected)
        .document(&last)
        .into())
}

fn keep_report(
    work: &mut Work<'_>,
    filing: &DifferenceFiling,
    basis: Basis,
    known: Option<&DifferenceReport>,
) -> Result<(), Stop> {
    let number = &filing.difference_no;
    let new = filing.lines.len() as u64;
    let add = |before: fn(&DifferenceReport) -> u64| {
        known.map_or(0, before).checked_add(new).ok_or_else(Stop::overflow)
    };
    let report = DifferenceReport {
        book_no: filing.book_no.clone(),
        basis,
        tolerance: filing.tolerance,
        parts: filing.part,
        lines: add(|report| report.lines)?,
        open: add(|report| report.open)?,
    };
    work.put::<OpenPapers>((filing.book_no.clone(), Paper::Differences, number.into()), ());
    work.put::<BookDifferences>((filing.book_no.clone(), number.clone()), ());
    work.put::<DifferenceReports>(number.clone(), Arc::new(report));
    work.names(number.as_str(), DocumentState::Filed);
    work.state = Some(DocumentState::Filed);
    Ok(())
}

/// Somebody has to see to a difference, or customs decides on it.
pub(crate) fn order(work: &mut Work<'_>, by: &Principal, order: &DifferenceOrder) -> Result<(), Stop> {
    let number = DifferenceRef { difference_no: order.difference_no.clone(), line: order.line };
    work.document = Some(number.difference_no.as_str().into());
    let mut row = (*known(work, &number)?).clone();
    guards::book(work, &row.book_no, "book_no")?;
    if !row.state.is_undecided() {
        return Err(wrong_state(&number, &row, "a difference on which customs is still to decide"));
    }
    let (at, time, by) = (work.head.revision, work.now(), by.clone());
    match &order.step {
        DifferenceStep::Assign { owner, due } => {
            guards::at_most("assignments", row.assignments.len().saturating_add(1), ASSIGNMENTS_MAX)?;
            row.assignments.push(Assigned { owner: Some(owner.clone()), due: *due, by, at, time });
        }
        DifferenceStep::Decide(decision) => {
            admissible(work, &number, &row, decision)?;
            row.state = match decision.outcome {
                DifferenceOutcome::PenaltyCase => DifferenceState::UnderCase,
                DifferenceOutcome::Recount => DifferenceState::Recount,
                _ => DifferenceState::Decided,
            };
            row.decisions.push(Decided { decision: decision.clone(), by, at, time });
        }
    }
    keep(work, number, row)
}

/// A decision fits the side of the difference, is taken in time, has its reason, and after a penalty case ends it.
fn admissible(
    work: &Work<'_>,
    number: &DifferenceRef,
    row: &KeptDifference,
    decision: &DifferenceDecision,
) -> Result<(), Stop> {
    guards::at_most("evidence", decision.evidence.len(), EVIDENCE_MAX)?;
    let side = row.filed.class.side();
    let again = decision.outcome == DifferenceOutcome::PenaltyCase && row.state == DifferenceState::UnderCase;
    if again || !side.is_some_and(|side| decision.outcome.is_of(side)) {
        let expected =
            if again { "the end of the penalty case" } else { "an outcome of this side of the book" };
        return Err(Refusal::new(Reason::DecisionNotAllowed)
            .line(number.line)
            .field("outcome", decision.outcome)
            .expected(expected)
            .document(&number.difference_no)
            .into());
    }
    if decision.reason.trim().is_empty() {
        return Err(guards::invalid("reason", "none", "why, in words"));
    }
    let recorded = row.assignments.first().map_or(work.now(), |recorded| recorded.time);
    let recorded_on = work.head.utc_offset.local(recorded).date();
    between(work, "decided_on", decision.decided_on, recorded_on)?;
    let taxed = decision.outcome == DifferenceOutcome::Taxed;
    match (decision.rates_on, decision.dutiable_value) {
        (None, None) if !taxed => Ok(()),
        (Some(day), _) if !taxed => Err(guards::invalid("rates_on", day, "none: it is not taxed")),
        (None, Some(value)) if !taxed => {
            Err(guards::invalid("dutiable_value", value, "none: it is not taxed"))
        }
        (_, Some(value)) if value.is_negative() => Err(guards::invalid("dutiable_value", value, "0 or more")),
        (_, None) if row.filed.stake.value_usd.is_none() => {
            Err(guards::invalid("dutiable_value", "none", "what duty is computed on: its value is not known"))
        }
        _ => Ok(()),
    }
}

/// A difference that is there.
pub(crate) fn known(work: &Work<'_>, number: &DifferenceRef) -> Result<Arc<KeptDifference>, Stop> {
    work.get::<Differences>(number.clone())?.ok_or_else(|| {
        Refusal::new(Reason::DocumentUnknown)
            .line(number.line)
            .field("difference_no", &number.difference_no)
            .into()
    })
}

/// `DIFFERENCE_STATE`
pub(crate) fn wrong_state(number: &DifferenceRef, row: &KeptDifference, expected: &str) -> Stop {
    Refusal::new(Reason::DifferenceState)
        .line(number.line)
        .field("state", row.state)
        .expected(expected)
        .document(&number.difference_no)
        .into()
}

/// Keeps a difference after a step; where nothing more becomes of it, its report has one less that is open.
pub(crate) fn keep(work: &mut Work<'_>, number: DifferenceRef, mut row: KeptDifference) -> Result<(), Stop> {
    if row.state.is_over() && row.ended_at.is_none() {
        row.ended_at = Some(work.head.revision);
        one_less_open(work, &number)?;
    }
    work.names(&number.to_string(), row.document_state());
    work.state = Some(row.document_state());
    work.put::<Differences>(number, Arc::new(row));
    Ok(())
}

fn one_less_open(work: &mut Work<'_>, number: &DifferenceRef) -> Result<(), Stop> {
    let report_no = number.difference_no.clone();
    let broken = || Stop::Broken(format!("difference {number} is not open in its report"));
    let report = work.get::<DifferenceReports>(report_no.clone())?.ok_or_else(broken)?;
    let open = report.open.checked_sub(1).ok_or_else(broken)?;
    let report = DifferenceReport { open, ..(*report).clone() };
    if open == 0 {
        work.remove::<OpenPapers>((report.book_no.clone(), Paper::Differences, (&report_no).into()));
    }
    work.put::<DifferenceReports>(report_no, Arc::new(report));
    Ok(())
}
