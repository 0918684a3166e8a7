//! `movement`: lists through their life.

use super::{all_pages, correspondence, filed, show_outcome};
use crate::arguments::{Movement, Online};
use crate::failure::Failure;
use crate::output::{self, Column, Format};
use zonebook_api::v1;
use zonebook_api::v1::get_printout_request::Document;

const MOVEMENTS: &[Column<'static>] = &[
    Column("list_no", "/list_no"),
    Column("book", "/book_no"),
    Column("state", "/state"),
    Column("row", "/matrix_row"),
    Column("kind", "/kind"),
    Column("mode", "/mode"),
    Column("lines", "/lines"),
    Column("ungated", "/ungated"),
    Column("pre_posted", "/pre_posted_time"),
    Column("released", "/release_time"),
    Column("gate", "/gate_time"),
    Column("posted", "/posted_time"),
    Column("obstacles", "/standing/obstacles"),
    Column("corrections", "/standing/corrections"),
];

const LINES: &[Column<'static>] = &[
    Column("line", "/filed/line"),
    Column("item", "/filed/number"),
    Column("part_no", "/filed/part_no"),
    Column("tariff_code", "/filed/tariff_code"),
    Column("declared", "/filed/quantity_declared"),
    Column("unit", "/filed/units/declared"),
    Column("statutory1", "/filed/quantity_statutory1"),
    Column("unit1", "/filed/units/statutory1"),
    Column("statutory2", "/filed/quantity_statutory2"),
    Column("usd", "/filed/value_usd"),
    Column("lot", "/lot"),
    Column("serial", "/serial"),
    Column("name", "/filed/name"),
];

const DECLARATION: &[Column<'static>] = &[
    Column("number", "/number"),
    Column("tariff_code", "/tariff_code"),
    Column("declared", "/quantity_declared"),
    Column("unit", "/unit"),
    Column("price", "/price"),
    Column("total", "/total"),
    Column("currency", "/currency"),
    Column("origin", "/origin"),
    Column("duty_mode", "/duty_mode"),
    Column("dangerous", "/dangerous"),
];

const PARTS: &[Column<'static>] = &[
    Column("list_line", "/line"),
    Column("part_no", "/part_no"),
    Column("item", "/number"),
    Column("declaration_line", "/declaration_line"),
    Column("declared", "/quantity_declared"),
    Column("total", "/total"),
];

const OVERDRAFT: &[Column<'static>] = &[
    Column("book", "/order/book_no"),
    Column("may_overdraw", "/order/goods"),
    Column("until", "/order/valid_until"),
    Column("reason", "/order/reason"),
    Column("revision", "/given_revision"),
    Column("time", "/time"),
];

const LICENCES: &[Column<'static>] = &[
    Column("line", "/line"),
    Column("licence", "/licence_no"),
    Column("unit", "/unit"),
    Column("drawn", "/quantity"),
];

const OVERDRAWN: &[Column<'static>] = &[
    Column("mark", "/key/mark"),
    Column("item", "/key/number"),
    Column("lot", "/key/lot"),
    Column("overdrawn", "/quantity_declared"),
];

const DIFFERENCES: &[Column<'static>] = &[
    Column("list_in", "/list_in"),
    Column("list_out", "/list_out"),
    Column("difference", "/difference"),
    Column("line", "/line"),
    Column("transferor", "/transferor"),
    Column("transferee", "/transferee"),
    Column("quantity", "/quantity"),
    Column("since", "/since"),
    Column("days", "/age_days"),
];

/// One row for each difference; as JSON one for each transfer.
fn differences(online: &Online, transfers: &[v1::TransferDifferences]) -> Result<(), Failure> {
    if online.output == Format::Json {
        return output::many(online.output, &[], "TransferDifferences", transfers);
    }
    let mut rows = Vec::new();
    for transfer in transfers {
        for difference in &transfer.differences {
            let mut row = crate::json::value("TransferDifference", difference)?;
            if let Some(fields) = row.as_object_mut() {
                fields.insert("list_in".into(), transfer.list_in.as_str().into());
                fields.insert("list_out".into(), transfer.list_out.as_str().into());
            }
            rows.push(row);
        }
    }
    output::rows(online.output, DIFFERENCES, &rows)
}

/// What customs let a list overdraw, and what it took of that.
fn overdraft(online: &Online, found: &v1::Overdraft) -> Result<(), Failure> {
    if online.output == Format::Json {
        return output::one(online.output, &[], "Overdraft", found);
    }
    output::many(online.output, OVERDRAFT, "OverdraftGiven", &found.given)?;
    if found.taken.is_empty() {
        return Ok(());
    }
    output::many(online.output, OVERDRAWN, "OverdraftTaken", &found.taken)
}

/// The three levels beside each other: part number, item, declaration line.
fn parts(online: &Online, lines: &[v1::DeclarationLine]) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for line in lines {
        for part in &line.parts {
            let mut row = crate::json::value("DeclarationPart", part)?;
            if let Some(fields) = row.as_object_mut() {
                fields.insert("declaration_line".into(), line.number.into());
            }
            rows.push(row);
        }
    }
    rows.sort_by_key(|row| row.pointer("/line").and_then(serde_json::Value::as_u64));
    output::rows(online.output, PARTS, &rows)
}

pub async fn run(online: &Online, command: Movement) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Movement::Submit { file, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::SubmitMovementRequest { request_id, validate_only, list: filed("InventoryList", &file)? };
            client.submit_movement(request).await?.outcome
        }
        Movement::Change { file, change_no, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let list = filed("InventoryList", &file)?;
            let request = v1::ChangeMovementRequest { request_id, validate_only, change_no, list };
            client.change_movement(request).await?.outcome
        }
        Movement::Withdraw { list_no, change_no, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::WithdrawMovementRequest { request_id, validate_only, list_no, change_no };
            client.withdraw_movement(request).await?.outcome
        }
        Movement::Return { list_no, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ReturnMovementRequest { request_id, validate_only, list_no, reason };
            client.return_movement(request).await?.outcome
        }
        Movement::Order { list_no, order, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::OrderMovementRequest { request_id, validate_only, list_no, order, reason };
            client.order_movement(request).await?.outcome
        }
        Movement::Overdraw { list_no, book, goods, until, reason, change } => {
            let goods = goods.into_iter().map(|goods| v1::OverdraftLimit {
                mark: goods.mark,
                number: goods.number,
                quantity_declared: goods.quantity,
            });
            let order = v1::OverdraftOrder {
                list_no,
                book_no: book,
                goods: goods.collect(),
                valid_until: until,
                reason,
            };
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::AllowOverdraftRequest { request_id, validate_only, order: Some(order) };
            client.allow_overdraft(request).await?.outcome
        }
        Movement::Overdraft { list_no } => {
            let request = v1::GetOverdraftRequest { list_no, consistency: None };
            let found = client.get_overdraft(request).await?.overdraft.unwrap_or_default();
            return overdraft(online, &found);
        }
        Movement::Assign { list_no, declaration_no, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::AssignDeclarationRequest { request_id, validate_only, list_no, declaration_no };
            client.assign_declaration(request).await?.outcome
        }
        Movement::Release { declaration_no, channel, at, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ReleaseDeclarationRequest {
                request_id,
                validate_only,
                declaration_no,
                channel,
                noticed_at: at,
            };
            client.release_declaration(request).await?.outcome
        }
        Movement::Outcome { request_id } => {
            client.get_outcome(v1::GetOutcomeRequest { request_id, consistency: None }).await?.outcome
        }
        Movement::Get { list_no } => {
            let found = client.get_movement(v1::GetMovementRequest { list_no, consistency: None }).await?;
            if online.output == Format::Json {
                return output::one(online.output, &[], "GetMovementResponse", &found);
            }
            output::many(
                online.output,
                MOVEMENTS,
                "Movement",
                &found.movement.into_iter().collect::<Vec<_>>(),
            )?;
            output::many(online.output, LINES, "MovementLine", &found.lines)?;
            if !found.licences.is_empty() {
                output::many(online.output, LICENCES, "LicenceDraw", &found.licences)?;
            }
            return match &found.overdraft {
                Some(found) => overdraft(online, found),
                None => Ok(()),
            };
        }
        Movement::Declaration { list_no, change_no } => {
            let request = v1::GetDeclarationLinesRequest { list_no, change_no, consistency: None };
            let found = client.get_declaration_lines(request).await?;
            if online.output == Format::Json {
                return output::one(online.output, &[], "GetDeclarationLinesResponse", &found);
            }
            output::many(online.output, DECLARATION, "DeclarationLine", &found.lines)?;
            return parts(online, &found.lines);
        }
        Movement::Print { list_no, file } => {
            return correspondence::print(online, Document::ListNo(list_no), file.as_deref()).await;
        }
        Movement::Differences { book } => {
            let request = v1::ListTransferDifferencesRequest {
                book_no: book.unwrap_or_default(),
                ..Default::default()
            };
            let found = all_pages!(client, list_transfer_differences, request, transfers);
            return differences(online, &found);
        }
        Movement::List { book } => {
            let request =
                v1::ListMovementsRequest { book_no: book.unwrap_or_default(), ..Default::default() };
            let found = all_pages!(client, list_movements, request, movements);
            return output::many(online.output, MOVEMENTS, "Movement", &found);
        }
    };
    show_outcome(online, outcome)
}
