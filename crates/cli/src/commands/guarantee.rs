//! `guarantee` and `credit`.

use super::{all_pages, show_outcome};
use crate::arguments::{Credit, Guarantee, GuaranteeAmount, Online};
use crate::failure::Failure;
use crate::output::{self, Column, Format};
use zonebook_api::v1;

const ACCOUNTS: &[Column<'static>] = &[
    Column("guarantee_no", "/guarantee_no"),
    Column("party", "/party"),
    Column("valid_until", "/valid_until"),
    Column("levied", "/levied"),
    Column("drawn", "/drawn"),
    Column("restored", "/restored"),
    Column("available", "/available"),
    Column("currency", "/currency"),
];

const ENTRIES: &[Column<'static>] = &[
    Column("number", "/number"),
    Column("revision", "/revision"),
    Column("time", "/time"),
    Column("action", "/action"),
    Column("cause", "/cause"),
    Column("amount", "/amount"),
    Column("before", "/before"),
    Column("after", "/after"),
];

const LEVELS: &[Column<'static>] = &[Column("from", "/from"), Column("level", "/level")];

pub async fn run(online: &Online, command: Guarantee) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Guarantee::Open { guarantee_no, party, office, amount, valid_until, cause, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::OpenGuaranteeRequest {
                request_id,
                validate_only,
                guarantee_no,
                party,
                office,
                amount,
                valid_until,
                cause,
            };
            client.open_guarantee(request).await?.outcome
        }
        Guarantee::Levy(GuaranteeAmount { guarantee_no, amount, cause, change }) => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::LevyGuaranteeRequest { request_id, validate_only, guarantee_no, amount, cause };
            client.levy_guarantee(request).await?.outcome
        }
        Guarantee::Draw(GuaranteeAmount { guarantee_no, amount, cause, change }) => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::DrawGuaranteeRequest { request_id, validate_only, guarantee_no, amount, cause };
            client.draw_guarantee(request).await?.outcome
        }
        Guarantee::Restore(GuaranteeAmount { guarantee_no, amount, cause, change }) => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::RestoreGuaranteeRequest { request_id, validate_only, guarantee_no, amount, cause };
            client.restore_guarantee(request).await?.outcome
        }
        Guarantee::Extend { guarantee_no, valid_until, cause, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::ExtendGuaranteeRequest { request_id, validate_only, guarantee_no, valid_until, cause };
            client.extend_guarantee(request).await?.outcome
        }
        Guarantee::Get { guarantee_no } => {
            let request = v1::GetGuaranteeRequest { guarantee_no: guarantee_no.clone(), consistency: None };
            let found = client.get_guarantee(request).await?.guarantee.unwrap_or_default();
            output::one(online.output, ACCOUNTS, "Guarantee", &found)?;
            return if online.output == Format::Json { Ok(()) } else { journal(online, guarantee_no).await };
        }
        Guarantee::Journal { guarantee_no } => return journal(online, guarantee_no).await,
        Guarantee::List => {
            let found = all_pages!(client, list_guarantees, v1::ListGuaranteesRequest::default(), guarantees);
            return output::many(online.output, ACCOUNTS, "Guarantee", &found);
        }
    };
    show_outcome(online, outcome)
}

async fn journal(online: &Online, guarantee_no: String) -> Result<(), Failure> {
    let client = online.client();
    let request = v1::ListGuaranteeEntriesRequest { guarantee_no, ..Default::default() };
    let found = all_pages!(client, list_guarantee_entries, request, entries);
    output::many(online.output, ENTRIES, "GuaranteeEntry", &found)
}

pub async fn credit(online: &Online, command: Credit) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Credit::Set { party, level, from, cause, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::SetCreditLevelRequest { request_id, validate_only, party, level, from, cause };
            show_outcome(online, client.set_credit_level(request).await?.outcome)
        }
        Credit::Get { party } => {
            let request = v1::GetCreditLevelsRequest { party, consistency: None };
            let found = client.get_credit_levels(request).await?;
            output::many(online.output, LEVELS, "CreditLevel", &found.levels)
        }
    }
}
