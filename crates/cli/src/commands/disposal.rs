//! `disposal` and `adjustment`.

use super::{all_pages, filed, show_outcome};
use crate::arguments::{Adjustment, Disposal, Online};
use crate::failure::Failure;
use crate::output::{self, Column, Format};
use zonebook_api::v1;

const DISPOSALS: &[Column<'static>] = &[
    Column("disposal_no", "/disposal/disposal_no"),
    Column("kind", "/disposal/kind"),
    Column("book", "/disposal/book_no"),
    Column("state", "/state"),
    Column("levels", "/levels"),
    Column("approved_until", "/approved_until"),
    Column("filed", "/filed_time"),
    Column("ended", "/ended_time"),
];

const ADJUSTMENTS: &[Column<'static>] = &[
    Column("adjustment_no", "/adjustment/adjustment_no"),
    Column("book", "/adjustment/book_no"),
    Column("verification", "/adjustment/verification"),
    Column("state", "/state"),
    Column("filed", "/filed_time"),
    Column("ended", "/ended_time"),
];

const OPEN: &[Column<'static>] = &[
    Column("line", "/line"),
    Column("lot", "/lot"),
    Column("serial", "/serial"),
    Column("left", "/left/declared"),
    Column("statutory1", "/left/statutory1"),
    Column("statutory2", "/left/statutory2"),
    Column("value_usd", "/left/value_usd"),
];

const DECIDED: &[Column<'static>] = &[
    Column("line", "/line"),
    Column("outcome", "/outcome"),
    Column("declared", "/measure/declared"),
    Column("statutory1", "/measure/statutory1"),
    Column("statutory2", "/measure/statutory2"),
    Column("value_usd", "/measure/value_usd"),
    Column("rates_on", "/rates_on"),
    Column("dutiable_value", "/dutiable_value"),
];

pub async fn disposal(online: &Online, command: Disposal) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Disposal::File { file, change } => {
            let disposal = filed("Disposal", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FileDisposalRequest { request_id, validate_only, disposal };
            client.file_disposal(request).await?.outcome
        }
        Disposal::Approve { disposal_no, level, remark, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::ApproveDisposalRequest { request_id, validate_only, disposal_no, level, remark };
            client.approve_disposal(request).await?.outcome
        }
        Disposal::Reject { disposal_no, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::RejectDisposalRequest { request_id, validate_only, disposal_no, reason };
            client.reject_disposal(request).await?.outcome
        }
        Disposal::Withdraw { disposal_no, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::WithdrawDisposalRequest { request_id, validate_only, disposal_no, reason };
            client.withdraw_disposal(request).await?.outcome
        }
        Disposal::Execute { disposal_no, file, change } => {
            let done: Option<v1::ExecuteDisposalRequest> = filed("ExecuteDisposalRequest", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let done = done.unwrap_or_default();
            let request = v1::ExecuteDisposalRequest { request_id, validate_only, disposal_no, ..done };
            client.execute_disposal(request).await?.outcome
        }
        Disposal::Decide { disposal_no, file, change } => {
            let decision = filed("CustomsDecision", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::DecideDisposalRequest { request_id, validate_only, disposal_no, decision };
            client.decide_disposal(request).await?.outcome
        }
        Disposal::Get { disposal_no } => {
            let request = v1::GetDisposalRequest { disposal_no, consistency: None };
            let status = client.get_disposal(request).await?.disposal.unwrap_or_default();
            output::one(online.output, DISPOSALS, "DisposalStatus", &status)?;
            return details(online, &status.open, &status.decisions);
        }
        Disposal::List { book } => {
            let request =
                v1::ListDisposalsRequest { book_no: book.unwrap_or_default(), ..Default::default() };
            let found = all_pages!(client, list_disposals, request, disposals);
            return output::many(online.output, DISPOSALS, "DisposalStatus", &found);
        }
    };
    show_outcome(online, outcome)
}

pub async fn adjustment(online: &Online, command: Adjustment) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Adjustment::File { file, change } => {
            let adjustment = filed("Adjustment", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FileAdjustmentRequest { request_id, validate_only, adjustment };
            client.file_adjustment(request).await?.outcome
        }
        Adjustment::Decide { adjustment_no, file, change } => {
            let decision = filed("CustomsDecision", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::DecideAdjustmentRequest { request_id, validate_only, adjustment_no, decision };
            client.decide_adjustment(request).await?.outcome
        }
        Adjustment::Get { adjustment_no } => {
            let request = v1::GetAdjustmentRequest { adjustment_no, consistency: None };
            let status = client.get_adjustment(request).await?.adjustment.unwrap_or_default();
            output::one(online.output, ADJUSTMENTS, "AdjustmentStatus", &status)?;
            return details(online, &status.open, &status.decisions);
        }
        Adjustment::List { book } => {
            let request =
                v1::ListAdjustmentsRequest { book_no: book.unwrap_or_default(), ..Default::default() };
            let found = all_pages!(client, list_adjustments, request, adjustments);
            return output::many(online.output, ADJUSTMENTS, "AdjustmentStatus", &found);
        }
    };
    show_outcome(online, outcome)
}

/// What is left of each line, and what became of the rest; JSON has both already.
fn details(online: &Online, open: &[v1::OpenGoods], decisions: &[v1::KeptDecision]) -> Result<(), Failure> {
    if online.output == Format::Json {
        return Ok(());
    }
    output::many(online.output, OPEN, "OpenGoods", open)?;
    let decided: Vec<_> = decisions.iter().flat_map(|decision| decision.lines.clone()).collect();
    if decided.is_empty() {
        return Ok(());
    }
    output::many(online.output, DECIDED, "KeptDecisionLine", &decided)
}
