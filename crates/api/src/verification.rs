//! Verifications: as a caller sends them, as they stand, and what the ledger computes.

use crate::document::each;
use crate::field::{Field, FieldError, date, optional, quantity, read, required};
use crate::v1;
use crate::value::{local, timestamp};
use std::collections::BTreeMap;
use zonebook_ledger::code::{BookNo, ListNo};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    DeclaredItem, Figure, VerificationFiling, VerificationKind, VerificationOrder, VerificationStep,
};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::period::{Period, StepTaken};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::settlement::Verification;
use zonebook_ledger::time::{Date, LocalTime};
use zonebook_reconcile::flow::Flow;
use zonebook_reconcile::verification::{Counted, Row};

/// A declaration (`EMS121`).
///
/// # Errors
/// Names the field.
pub fn filing(wire: Option<&v1::Verification>) -> Field<VerificationFiling> {
    let wire = required("verification", wire)?;
    filing_fields(wire).map_err(|error: FieldError| error.within("verification"))
}

fn filing_fields(wire: &v1::Verification) -> Field<VerificationFiling> {
    Ok(VerificationFiling {
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        sequence: wire.sequence,
        kind: optional("kind", &wire.kind, VerificationKind::from_code)?.unwrap_or(VerificationKind::Normal),
        begin: optional("begin", &wire.begin, Date::parse)?,
        end: optional("end", &wire.end, Date::parse)?,
        declared_at: optional("declared_at", &wire.declared_at, LocalTime::parse)?,
        lists: each("lists", &wire.lists, |number| read("number", number, ListNo::new))?,
        items: crate::settlement::numbered(each("items", &wire.items, item)?, |item| &mut item.line),
    })
}

fn item(wire: &v1::DeclaredItem) -> Field<DeclaredItem> {
    let mut figures = BTreeMap::new();
    for (name, text) in &wire.figures {
        let figure = read("figures", name, Figure::from_code)?;
        let parse = if figure.is_amount() { Quantity::parse_amount } else { Quantity::parse };
        figures.insert(figure, read(name, text, parse)?);
    }
    let mark = read("mark", &wire.mark, Mark::from_code)?;
    Ok(DeclaredItem { line: 0, mark, number: wire.number, figures })
}

/// A declaration as it was accepted, with its items where they are at hand.
#[must_use]
pub fn accepted(
    settled: &Verification,
    revision: Revision,
    items: &[impl AsRef<DeclaredItem>],
) -> v1::AcceptedVerification {
    let filed = &settled.filed;
    let items = items.iter().map(AsRef::as_ref).map(|item: &DeclaredItem| v1::DeclaredItem {
        mark: item.mark.to_string(),
        number: item.number,
        figures: named(&item.figures),
    });
    v1::AcceptedVerification {
        verification: Some(v1::Verification {
            book_no: filed.book_no.to_string(),
            sequence: filed.sequence,
            begin: day(filed.begin),
            end: day(filed.end),
            declared_at: local(filed.declared_at),
            lists: filed.lists.iter().map(ToString::to_string).collect(),
            kind: filed.kind.to_string(),
            items: items.collect(),
        }),
        accepted_revision: revision.0,
        verified_time: Some(timestamp(settled.verified_time)),
        item_count: settled.items,
    }
}

fn day(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

fn named(figures: &BTreeMap<Figure, Quantity>) -> std::collections::HashMap<String, String> {
    figures.iter().map(|(figure, quantity)| (figure.to_string(), quantity.to_string())).collect()
}

/// A step of a verification.
///
/// # Errors
/// Names the field.
pub fn order(book_no: &str, sequence: u64, step: VerificationStep) -> Field<VerificationOrder> {
    Ok(VerificationOrder { book_no: read("book_no", book_no, BookNo::new)?, sequence, step })
}

/// A period as it stands.
#[must_use]
pub fn period(book_no: &BookNo, sequence: u64, period: &Period) -> v1::VerificationPeriod {
    v1::VerificationPeriod {
        book_no: book_no.to_string(),
        sequence,
        kind: period.kind.to_string(),
        begin: day(period.begin),
        end: day(period.end),
        state: period.state.to_string(),
        filed_revision: period.filed_at.0,
        filed_time: Some(timestamp(period.filed_time)),
        steps: period.steps.iter().map(step).collect(),
    }
}

fn step(taken: &StepTaken) -> v1::VerificationStep {
    let (step, remark) = match &taken.step {
        VerificationStep::AskSupplement { reason } => ("ASK_SUPPLEMENT", reason),
        VerificationStep::Confirm { remark } => ("CONFIRM", remark),
        VerificationStep::Close { remark } => ("CLOSE", remark),
    };
    v1::VerificationStep {
        step: step.into(),
        remark: remark.to_string(),
        by: taken.by.0.to_string(),
        revision: taken.revision.0,
        time: Some(timestamp(taken.time)),
    }
}

/// What was counted.
///
/// # Errors
/// Names the field; an item stands once.
pub fn counted(wire: &[v1::CountedItem]) -> Field<Counted> {
    let items = each("counted", wire, |item| {
        let key = (read("mark", &item.mark, Mark::from_code)?, item.number);
        Ok((key, quantity("quantity", &item.quantity)?))
    })?;
    let mut counted = Counted::new();
    for ((mark, number), quantity) in items {
        if counted.insert((mark, number), quantity).is_some() {
            return Err(FieldError::new("counted", format!("{mark} {number}"), "each item once"));
        }
    }
    Ok(counted)
}

/// The days of a period that is not declared.
///
/// # Errors
/// Names the field.
pub fn days(begin: &str, end: &str) -> Field<(Option<Date>, Option<Date>)> {
    let of = |field, text: &str| if text.is_empty() { Ok(None) } else { date(field, text).map(Some) };
    Ok((of("begin", begin)?, of("end", end)?))
}

/// The figures of an item; `None` if one is beyond the range of a number.
#[must_use]
pub fn line(row: &Row) -> Option<v1::VerificationLine> {
    let mut computed = BTreeMap::new();
    for figure in Figure::ALL {
        computed.insert(*figure, row.figure(*figure)?);
    }
    let moved = Flow::ALL.iter().map(|flow| (flow, row.flow(*flow))).filter(|(_, moved)| !moved.is_zero());
    Some(v1::VerificationLine {
        mark: row.item.mark.to_string(),
        number: row.item.number,
        counted: row.counted.is_some(),
        computed: named(&computed),
        declared: named(&row.declared),
        differing: row.mismatches()?.iter().map(|mismatch| mismatch.figure.to_string()).collect(),
        flows: moved.map(|(flow, moved)| (flow.to_string(), moved.to_string())).collect(),
    })
}
