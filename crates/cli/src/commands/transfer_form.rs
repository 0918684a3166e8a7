//! `transfer-form`.

use super::{all_pages, filed, show_outcome};
use crate::arguments::{Online, TransferForm};
use crate::failure::Failure;
use crate::output::{self, Column, Format};
use zonebook_api::v1;

const FORMS: &[Column<'static>] = &[
    Column("form_no", "/form/form_no"),
    Column("sender", "/form/sender/book_no"),
    Column("receiver", "/form/receiver/book_no"),
    Column("valid_until", "/form/valid_until"),
    Column("state", "/state"),
    Column("change_no", "/change_no"),
    Column("filed", "/filed_time"),
];

const LINES: &[Column<'static>] = &[
    Column("line", "/line"),
    Column("from_mark", "/sender_mark"),
    Column("from_item", "/sender_number"),
    Column("to_mark", "/receiver_mark"),
    Column("to_item", "/receiver_number"),
    Column("tariff", "/tariff_code"),
    Column("declared", "/quantity_declared"),
    Column("unit", "/unit"),
];

const USES: &[Column<'static>] = &[
    Column("line", "/line"),
    Column("listed_out", "/listed_out"),
    Column("sent", "/sent"),
    Column("listed_in", "/listed_in"),
    Column("received", "/received"),
    Column("left_out", "/left_out"),
    Column("left_in", "/left_in"),
];

pub async fn run(online: &Online, command: TransferForm) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        TransferForm::File { file, change } => {
            let form = filed("TransferForm", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::FileTransferFormRequest { request_id, validate_only, form };
            client.file_transfer_form(request).await?.outcome
        }
        TransferForm::Change { file, change_no, change } => {
            let form = filed("TransferForm", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ChangeTransferFormRequest { request_id, validate_only, change_no, form };
            client.change_transfer_form(request).await?.outcome
        }
        TransferForm::Close { form_no, change_no, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::CloseTransferFormRequest { request_id, validate_only, form_no, change_no };
            client.close_transfer_form(request).await?.outcome
        }
        TransferForm::Get { form_no } => {
            let request = v1::GetTransferFormRequest { form_no, consistency: None };
            let status = client.get_transfer_form(request).await?.form.unwrap_or_default();
            output::one(online.output, FORMS, "TransferFormStatus", &status)?;
            if online.output == Format::Json {
                return Ok(());
            }
            let lines = status.form.map(|form| form.lines).unwrap_or_default();
            output::many(online.output, LINES, "TransferFormLine", &lines)?;
            return output::many(online.output, USES, "TransferFormUse", &status.uses);
        }
        TransferForm::List { book } => {
            let request =
                v1::ListTransferFormsRequest { book_no: book.unwrap_or_default(), ..Default::default() };
            let found = all_pages!(client, list_transfer_forms, request, forms);
            return output::many(online.output, FORMS, "TransferFormStatus", &found);
        }
    };
    show_outcome(online, outcome)
}
