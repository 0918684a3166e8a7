//! `permit` and `slip`.

use super::{all_pages, filed, show_outcome};
use crate::arguments::{Online, Permit, Slip};
use crate::failure::Failure;
use crate::output::{self, Column, Format};
use zonebook_api::v1;

const PERMITS: &[Column<'static>] = &[
    Column("permit_no", "/permit/permit_no"),
    Column("kind", "/permit/kind"),
    Column("book", "/permit/book_no"),
    Column("owner", "/permit/owner"),
    Column("valid_until", "/permit/valid_until"),
    Column("state", "/state"),
    Column("guarantee", "/permit/guarantee_no"),
    Column("drawn", "/drawn"),
    Column("filed", "/filed_time"),
];

const USES: &[Column<'static>] = &[
    Column("line", "/line"),
    Column("approved_out", "/approved_out"),
    Column("approved_in", "/approved_in"),
    Column("passed_out", "/passed_out"),
    Column("passed_in", "/passed_in"),
    Column("consolidated", "/consolidated"),
    Column("used", "/used"),
    Column("sold", "/sold"),
];

const PERMIT_LINES: &[Column<'static>] = &[
    Column("line", "/line"),
    Column("mark", "/mark"),
    Column("item", "/number"),
    Column("declared", "/quantity_declared"),
    Column("unit", "/unit"),
];

const EXITS: &[Column<'static>] = &[
    Column("approval_no", "/approval_no"),
    Column("permit_no", "/permit_no"),
    Column("valid_until", "/valid_until"),
    Column("reason", "/reason"),
    Column("approved", "/approved_time"),
    Column("revoked", "/revoked_time"),
];

const EXIT_LINES: &[Column<'static>] = &[
    Column("permit_line", "/permit_line"),
    Column("item", "/number"),
    Column("quantity", "/quantity"),
    Column("left", "/left"),
];

const SLIP: &[Column<'static>] = &[
    Column("slip_no", "/slip/slip_no"),
    Column("permit_no", "/slip/permit_no"),
    Column("direction", "/slip/direction"),
    Column("state", "/state"),
    Column("row", "/matrix_row"),
    Column("ungated", "/ungated"),
    Column("list", "/list_no"),
    Column("approved", "/approved_time"),
    Column("gate", "/gate_time"),
    Column("posted", "/posted_time"),
];

const SLIP_LINES: &[Column<'static>] = &[
    Column("line", "/line"),
    Column("permit_line", "/permit_line"),
    Column("item", "/number"),
    Column("part_no", "/part_no"),
    Column("declared", "/quantity_declared"),
    Column("unit", "/units/declared"),
];

pub async fn permit(online: &Online, command: Permit) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Permit::File { file, change } => {
            let permit = filed("Permit", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FilePermitRequest { request_id, validate_only, permit };
            show_outcome(online, client.file_permit(request).await?.outcome)
        }
        Permit::Change { file, change_no, change } => {
            let permit = filed("Permit", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ChangePermitRequest { request_id, validate_only, change_no, permit };
            show_outcome(online, client.change_permit(request).await?.outcome)
        }
        Permit::Close { permit_no, change_no, left, change } => {
            let left: Option<v1::ClosePermitRequest> = match left {
                Some(file) => filed("ClosePermitRequest", &file)?,
                None => None,
            };
            let left = left.map(|request| request.left).unwrap_or_default();
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ClosePermitRequest { request_id, validate_only, permit_no, change_no, left };
            show_outcome(online, client.close_permit(request).await?.outcome)
        }
        Permit::Get { permit_no } => {
            let found = client.get_permit(v1::GetPermitRequest { permit_no, consistency: None }).await?;
            let status = found.permit.unwrap_or_default();
            if online.output == Format::Json {
                return output::one(online.output, &[], "PermitStatus", &status);
            }
            output::one(online.output, PERMITS, "PermitStatus", &status)?;
            let lines = status.permit.map(|permit| permit.lines).unwrap_or_default();
            output::many(online.output, PERMIT_LINES, "PermitLine", &lines)?;
            output::many(online.output, USES, "PermitUse", &status.uses)
        }
        Permit::List => {
            let found = all_pages!(client, list_permits, v1::ListPermitsRequest::default(), permits);
            output::many(online.output, PERMITS, "PermitStatus", &found)
        }
        Permit::ApproveExit { approval_no, permit, valid_until, lines, reason, change } => {
            let lines = lines.iter().map(|line| exit_line(line)).collect::<Result<_, _>>()?;
            let request = v1::ApproveDirectExitRequest {
                request_id: change.id(online),
                validate_only: change.dry_run,
                approval_no,
                permit_no: permit,
                valid_until,
                lines,
                reason,
            };
            show_outcome(online, client.approve_direct_exit(request).await?.outcome)
        }
        Permit::RevokeExit { approval_no, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::RevokeDirectExitRequest { request_id, validate_only, approval_no, reason };
            show_outcome(online, client.revoke_direct_exit(request).await?.outcome)
        }
        Permit::GetExit { approval_no } => {
            let request = v1::GetDirectExitRequest { approval_no, consistency: None };
            let approval = client.get_direct_exit(request).await?.approval.unwrap_or_default();
            output::one(online.output, EXITS, "DirectExit", &approval)?;
            if online.output == Format::Json {
                return Ok(());
            }
            output::many(online.output, EXIT_LINES, "DirectExitUse", &approval.lines)
        }
        Permit::ListExits => {
            let found =
                all_pages!(client, list_direct_exits, v1::ListDirectExitsRequest::default(), approvals);
            output::many(online.output, EXITS, "DirectExit", &found)
        }
    }
}

/// `LINE:ITEM:QUANTITY`
fn exit_line(text: &str) -> Result<v1::DirectExitLine, Failure> {
    let mut parts = text.splitn(3, ':');
    let numbers = (parts.next().map(str::parse), parts.next().map(str::parse), parts.next());
    let (Some(Ok(permit_line)), Some(Ok(number)), Some(quantity)) = numbers else {
        return Err(Failure::usage(format!("`{text}` is not LINE:ITEM:QUANTITY")));
    };
    Ok(v1::DirectExitLine { permit_line, number, quantity: quantity.into() })
}

pub async fn slip(online: &Online, command: Slip) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Slip::File { file, change } => {
            let slip = filed("Slip", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FileSlipRequest { request_id, validate_only, slip };
            show_outcome(online, client.file_slip(request).await?.outcome)
        }
        Slip::Change { file, change_no, change } => {
            let slip = filed("Slip", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ChangeSlipRequest { request_id, validate_only, change_no, slip };
            show_outcome(online, client.change_slip(request).await?.outcome)
        }
        Slip::Void { slip_no, change_no, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::VoidSlipRequest { request_id, validate_only, slip_no, change_no };
            show_outcome(online, client.void_slip(request).await?.outcome)
        }
        Slip::Get { slip_no } => {
            let found = client.get_slip(v1::GetSlipRequest { slip_no, consistency: None }).await?;
            output::one(online.output, SLIP, "GetSlipResponse", &found)?;
            if online.output == Format::Json {
                return Ok(());
            }
            let lines = found.slip.map(|slip| slip.lines).unwrap_or_default();
            output::many(online.output, SLIP_LINES, "SlipLine", &lines)
        }
    }
}
