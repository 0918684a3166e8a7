//! Gate registrations: goods that are not bonded come and go (`domain.md` 3.4 row 28).

use super::goods::{Goods, along_all, carry_lots};
use super::guards::{self, Quantities};
use super::layers::{self, Wishes};
use super::stock;
use super::work::{Stop, Work};
use crate::book::{Act, Book, Usage};
use crate::direction::{Direction, Mark};
use crate::document::{RegistrationFiling, StatusLine};
use crate::event::{Action, Step};
use crate::item::{Item, ItemKey};
use crate::limits::LINES_MAX;
use crate::matrix::rule_of_registration;
use crate::measure::Measure;
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Registrations;
use crate::status::Registration;
use std::sync::Arc;

/// Posted as the gate registers it.
pub(crate) fn file(work: &mut Work<'_>, filing: &RegistrationFiling) -> Result<(), Stop> {
    lines_are_sound(&filing.lines)?;
    if work.get::<Registrations>(filing.registration_no.clone())?.is_some() {
        let number = &filing.registration_no;
        return Err(Refusal::new(Reason::DocumentExists).field("registration_no", number).into());
    }
    let book = guards::book_for(work, &filing.book_no, "book_no", Act::Registration)?;
    if book.usage.is_bonded() {
        return Err(Refusal::new(Reason::BondedBook)
            .field("book_no", &filing.book_no)
            .expected(format!("a book of usage {}", Usage::NonBonded))
            .document(&filing.book_no)
            .into());
    }
    guards::owned_by(&book, &filing.owner, "owner")?;
    guards::book_in_validity(work, &book, filing.passed_at, "passed_at")?;
    guards::book_not_stopped(&book, filing.direction)?;
    let rule = rule_of_registration(filing.direction)
        .ok_or_else(|| Stop::Broken(format!("no row for registrations {}", filing.direction)))?;
    layers::may_name(&book, &filing.lots, rule.lot_source(), filing.lines.iter().map(|line| line.line))?;
    for line in &filing.lines {
        check(work, &book, line, line.number, filing.direction)?;
    }
    let transfers = along_all(&book, rule.legs, filing.lines.iter().map(goods));
    stock::test(work, &transfers)?;
    let mover = Mover::from(&filing.registration_no);
    let wishes = Wishes { named: Some(&filing.lots), ..Wishes::default() };
    carry_lots(work, Action::PostAtOnce, &mover, &transfers, wishes)?;
    let (action, document) = (Action::PostAtOnce, mover.number);
    work.steps.push(Step { action, document, version: 0, row: Some(rule.row) });
    let registration = Registration { filed: filing.clone(), posted_time: work.now() };
    work.put::<Registrations>(filing.registration_no.clone(), Arc::new(registration));
    work.state = Some(DocumentState::Posted);
    Ok(())
}

/// Some lines, not too many, each number once.
pub(crate) fn lines_are_sound(lines: &[StatusLine]) -> Result<(), Stop> {
    guards::at_most("lines", lines.len(), LINES_MAX)?;
    if lines.is_empty() {
        return Err(Refusal::new(Reason::InvalidField).field("lines", "").expected("a line at least").into());
    }
    guards::once_each("line", lines.iter().map(|line| line.line))
}

/// A line against the item that it names in a book.
pub(crate) fn check(
    work: &Work<'_>,
    book: &Book,
    line: &StatusLine,
    number: u64,
    direction: Direction,
) -> Result<Arc<Item>, Stop> {
    let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Goods, number };
    let item = guards::item(work, key, line.line, "number")?;
    guards::same_tariff_code(line.line, &line.tariff_code, &item)?;
    guards::same_units(line.line, &line.units, &item.units)?;
    sound(line)?;
    guards::item_not_stopped(&item, direction, line.line, number, book)?;
    Ok(item)
}

/// The quantities of a line, by its own units.
pub(crate) fn sound(line: &StatusLine) -> Result<(), Stop> {
    let quantities = Quantities {
        line: line.line,
        units: &line.units,
        declared: line.declared,
        statutory1: line.statutory1,
        statutory2: line.statutory2,
    };
    quantities.positive()?;
    quantities.agree_with_units()?;
    guards::not_negative(line.line, "value_usd", line.value_usd)
}

fn goods(line: &StatusLine) -> Goods<'_> {
    Goods {
        line: line.line,
        mark: Mark::Goods,
        number: line.number,
        lot: None,
        serial: None,
        measure: measure(line),
    }
}

/// What a line moves.
pub(crate) fn measure(line: &StatusLine) -> Measure {
    Measure::new(line.declared, line.statutory1, line.statutory2.unwrap_or_default(), line.value_usd)
}
