//! Transfer forms: as a caller sends them, and as they stand.

use crate::document::each;
use crate::field::{Field, FieldError, date, local_time, quantity, read, required};
use crate::v1;
use crate::value::{local, timestamp};
use zonebook_ledger::code::{BookNo, CustomsNo, ListNo, OfficeCode, TariffCode, TransferFormNo, UnitCode};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{TransferEnd, TransferFormContent, TransferFormFiling, TransferFormLine};
use zonebook_ledger::transfer_form::{FormLineStanding, TransferForm};

/// A new form.
///
/// # Errors
/// Names the field.
pub fn filing(wire: &v1::FileTransferFormRequest) -> Field<TransferFormFiling> {
    content(wire.form.as_ref()).map(TransferFormFiling::File)
}

/// New content for an open form.
///
/// # Errors
/// Names the field.
pub fn change(wire: &v1::ChangeTransferFormRequest) -> Field<TransferFormFiling> {
    let change_no = counted(wire.change_no)?;
    Ok(TransferFormFiling::Change { change_no, content: content(wire.form.as_ref())? })
}

/// The end of a form.
///
/// # Errors
/// Names the field.
pub fn closing(wire: &v1::CloseTransferFormRequest) -> Field<TransferFormFiling> {
    let change_no = counted(wire.change_no)?;
    Ok(TransferFormFiling::Close { change_no, form_no: read("form_no", &wire.form_no, TransferFormNo::new)? })
}

/// A change is counted from 1: under 0 stands the filing itself.
fn counted(change_no: u64) -> Field<u64> {
    match change_no {
        0 => Err(FieldError::new("change_no", 0, "must be the last accepted one plus 1")),
        counted => Ok(counted),
    }
}

fn content(wire: Option<&v1::TransferForm>) -> Field<TransferFormContent> {
    let wire = required("form", wire)?;
    fields(wire).map_err(|error| error.within("form"))
}

fn fields(wire: &v1::TransferForm) -> Field<TransferFormContent> {
    Ok(TransferFormContent {
        form_no: read("form_no", &wire.form_no, TransferFormNo::new)?,
        sender: end("sender", wire.sender.as_ref())?,
        receiver: end("receiver", wire.receiver.as_ref())?,
        declared_at: local_time("declared_at", &wire.declared_at)?,
        valid_until: date("valid_until", &wire.valid_until)?,
        lines: each("lines", &wire.lines, line)?,
    })
}

fn end(name: &str, wire: Option<&v1::TransferEnd>) -> Field<TransferEnd> {
    let wire = required(name, wire)?;
    let fields = || -> Field<TransferEnd> {
        Ok(TransferEnd {
            book_no: read("book_no", &wire.book_no, BookNo::new)?,
            owner: read("owner", &wire.owner, CustomsNo::new)?,
            office: read("office", &wire.office, OfficeCode::new)?,
        })
    };
    fields().map_err(|error| error.within(name))
}

fn line(wire: &v1::TransferFormLine) -> Field<TransferFormLine> {
    Ok(TransferFormLine {
        line: wire.line,
        sender_mark: read("sender_mark", &wire.sender_mark, Mark::from_code)?,
        sender_number: wire.sender_number,
        receiver_mark: read("receiver_mark", &wire.receiver_mark, Mark::from_code)?,
        receiver_number: wire.receiver_number,
        tariff_code: read("tariff_code", &wire.tariff_code, TariffCode::new)?,
        unit: read("unit", &wire.unit, UnitCode::new)?,
        declared: quantity("quantity_declared", &wire.quantity_declared)?,
    })
}

/// A form as it stands; with its lines and lists where they were looked up.
#[must_use]
pub fn status(form: &TransferForm, lines: &[FormLineStanding], lists: &[ListNo]) -> v1::TransferFormStatus {
    v1::TransferFormStatus {
        form: Some(content_to_wire(&form.content)),
        uses: lines.iter().map(line_use).collect(),
        lists: lists.iter().map(ToString::to_string).collect(),
        state: form.state.to_string(),
        change_no: form.change_no,
        filed_time: Some(timestamp(form.filed_time)),
        closed_time: form.closed_time.map(timestamp),
    }
}

fn content_to_wire(content: &TransferFormContent) -> v1::TransferForm {
    v1::TransferForm {
        form_no: content.form_no.to_string(),
        sender: Some(end_to_wire(&content.sender)),
        receiver: Some(end_to_wire(&content.receiver)),
        declared_at: local(Some(content.declared_at)),
        valid_until: content.valid_until.to_string(),
        lines: content.lines.iter().map(line_to_wire).collect(),
    }
}

fn end_to_wire(end: &TransferEnd) -> v1::TransferEnd {
    v1::TransferEnd {
        book_no: end.book_no.to_string(),
        owner: end.owner.to_string(),
        office: end.office.to_string(),
    }
}

fn line_to_wire(line: &TransferFormLine) -> v1::TransferFormLine {
    v1::TransferFormLine {
        line: line.line,
        sender_mark: line.sender_mark.to_string(),
        sender_number: line.sender_number,
        receiver_mark: line.receiver_mark.to_string(),
        receiver_number: line.receiver_number,
        tariff_code: line.tariff_code.to_string(),
        unit: line.unit.to_string(),
        quantity_declared: line.declared.to_string(),
    }
}

fn line_use(line: &FormLineStanding) -> v1::TransferFormUse {
    v1::TransferFormUse {
        line: line.filed.line,
        listed_out: line.listed.out.to_string(),
        sent: line.sent.to_string(),
        listed_in: line.listed.into.to_string(),
        received: line.received.to_string(),
        left_out: line.left_out.to_string(),
        left_in: line.left_in.to_string(),
    }
}
