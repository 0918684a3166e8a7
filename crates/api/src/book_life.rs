//! The life of a book and of a zone: orders of customs, carry-overs, kinds of zones.

use crate::document::each;
use crate::field::{Field, FieldError, date, local_time, read, required};
use crate::v1;
use crate::value::{local, measure, timestamp};
use zonebook_ledger::carry_over::CarryOver;
use zonebook_ledger::code::{BookNo, CarryOverNo, CaseNo, CustomsNo, OfficeCode};
use zonebook_ledger::command::{BookAction, BookOrder, ZoneConversion};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{CarryOverFiling, CarryOverLine};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::time::Date;
use zonebook_ledger::zone::{ZoneKind, ZoneState};

fn order(book_no: &str, reason: &str, action: BookAction) -> Field<BookOrder> {
    Ok(BookOrder { book_no: read("book_no", book_no, BookNo::new)?, action, reason: reason.into() })
}

/// A later last day.
///
/// # Errors
/// Names the field.
pub fn extension(wire: &v1::ExtendBookRequest) -> Field<BookOrder> {
    order(&wire.book_no, &wire.reason, BookAction::Extend(date("valid_until", &wire.valid_until)?))
}

/// A case that is opened.
///
/// # Errors
/// Names the field.
pub fn case_opened(wire: &v1::OpenBookCaseRequest) -> Field<BookOrder> {
    let case_no = read("case_no", &wire.case_no, CaseNo::new)?;
    order(&wire.book_no, &wire.reason, BookAction::OpenCase(case_no))
}

/// A case that is over.
///
/// # Errors
/// Names the field.
pub fn case_lifted(wire: &v1::LiftBookCaseRequest) -> Field<BookOrder> {
    let case_no = read("case_no", &wire.case_no, CaseNo::new)?;
    order(&wire.book_no, &wire.reason, BookAction::LiftCase(case_no))
}

/// The end of a book.
///
/// # Errors
/// Names the field.
pub fn cancellation(wire: &v1::CancelBookRequest) -> Field<BookOrder> {
    order(&wire.book_no, &wire.reason, BookAction::Cancel)
}

/// An order as it was taken.
#[must_use]
pub fn book_order(revision: Revision, order: &BookOrder) -> v1::BookOrder {
    let (action, valid_until, case_no) = match &order.action {
        BookAction::Extend(day) => ("EXTEND", day.to_string(), String::new()),
        BookAction::OpenCase(case_no) => ("OPEN_CASE", String::new(), case_no.to_string()),
        BookAction::LiftCase(case_no) => ("LIFT_CASE", String::new(), case_no.to_string()),
        BookAction::Cancel => ("CANCEL", String::new(), String::new()),
    };
    v1::BookOrder {
        revision: revision.0,
        action: action.into(),
        valid_until,
        case_no,
        reason: order.reason.to_string(),
    }
}

/// A conversion of a zone.
///
/// # Errors
/// Names the field.
pub fn conversion(wire: &v1::ConvertZoneRequest) -> Field<ZoneConversion> {
    Ok(ZoneConversion {
        office: read("office", &wire.office, OfficeCode::new)?,
        kind: read("kind", &wire.kind, ZoneKind::from_code)?,
        from: date("from", &wire.from)?,
        reason: wire.reason.as_str().into(),
    })
}

/// A zone as it stands on a day.
#[must_use]
pub fn zone(zone: &ZoneState, today: Date) -> v1::Zone {
    let first = v1::ZoneKindPeriod { kind: zone.defined.kind.to_string(), ..Default::default() };
    let later = zone.conversions.iter().map(|(from, conversion)| v1::ZoneKindPeriod {
        from: from.to_string(),
        kind: conversion.kind.to_string(),
        reason: conversion.reason.to_string(),
    });
    v1::Zone {
        office: zone.defined.office.to_string(),
        kind: zone.kind_on(today).to_string(),
        name_zh: zone.defined.name_zh.to_string(),
        name_en: zone.defined.name_en.to_string(),
        books: zone.books,
        kinds: std::iter::once(first).chain(later).collect(),
        functions: Some(zone_functions(zone.kind_on(today))),
    }
}

/// What is so in zones of a kind.
fn zone_functions(kind: ZoneKind) -> v1::ZoneFunctions {
    let rule = kind.rule();
    let all = |codes: &[&str]| codes.iter().map(ToString::to_string).collect();
    v1::ZoneFunctions {
        forbidden_books: rule.forbidden_books.iter().map(ToString::to_string).collect(),
        forbidden_usages: rule.forbidden_usages.iter().map(ToString::to_string).collect(),
        forbidden_modes: all(rule.forbidden_modes),
        forbidden_permits: rule.forbidden_permits.iter().map(ToString::to_string).collect(),
        transports: all(rule.transports),
        storage_parameter: rule.storage.to_string(),
        refund: rule.refund.to_string(),
        says: rule.says.into(),
    }
}

/// A carry-over.
///
/// # Errors
/// Names the field.
pub fn carry_over_filing(wire: Option<&v1::CarryOver>) -> Field<CarryOverFiling> {
    let wire = required("carry_over", wire)?;
    let inner = || -> Field<CarryOverFiling> {
        Ok(CarryOverFiling {
            carry_over_no: read("carry_over_no", &wire.carry_over_no, CarryOverNo::new)?,
            from_book: read("from_book", &wire.from_book, BookNo::new)?,
            to_book: read("to_book", &wire.to_book, BookNo::new)?,
            owner: read("owner", &wire.owner, CustomsNo::new)?,
            declared_at: local_time("declared_at", &wire.declared_at)?,
            lines: each("lines", &wire.lines, |line| {
                let mark = read("mark", &line.mark, Mark::from_code)?;
                Ok(CarryOverLine { line: line.line, mark, number: line.number, to_number: line.to_number })
            })?,
        })
    };
    inner().map_err(|error: FieldError| error.within("carry_over"))
}

/// A carry-over as it was accepted.
#[must_use]
pub fn carry_over(row: &CarryOver) -> v1::AcceptedCarryOver {
    let filed = &row.filed;
    let lines = filed.lines.iter().map(|line| v1::CarryOverLine {
        line: line.line,
        mark: line.mark.to_string(),
        number: line.number,
        to_number: line.to_number,
    });
    v1::AcceptedCarryOver {
        carry_over: Some(v1::CarryOver {
            carry_over_no: filed.carry_over_no.to_string(),
            from_book: filed.from_book.to_string(),
            to_book: filed.to_book.to_string(),
            owner: filed.owner.to_string(),
            declared_at: local(Some(filed.declared_at)),
            lines: lines.collect(),
        }),
        carried: row.carried.iter().map(measure).collect(),
        posted_time: Some(timestamp(row.posted_time)),
    }
}
