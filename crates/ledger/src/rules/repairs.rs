//! Which units may come in for repair, and to where they leave (`domain.md` 3.1 bonded repair, 3.4 row 12).
//!
//! Goods of the catalogue may come from both sides and leave to both. Own-group products that were sold at home may come in
//! from there without being of the catalogue, and go back there. `RULES.md` 10 asks for neither, so that a dated parameter
//! says from when on it is asked for.

use super::work::{Stop, Work};
use super::{guards, parameters, units};
use crate::book::{Book, Usage};
use crate::code::TariffCode;
use crate::direction::{Direction, Mark};
use crate::document::{List, Provenance};
use crate::item::ItemKey;
use crate::limits::ORDERS_MAX;
use crate::matrix::{Line, Need, Rule, line_of};
use crate::movement::MovementLine;
use crate::own_group::{OwnGroupEntry, OwnGroupOrder, is_own_on};
use crate::parameter::Parameter;
use crate::reason::Reason;
use crate::reference::{On, ReferenceKind, ReferenceRow, in_force};
use crate::refusal::Refusal;
use crate::state::{Items, OwnGroup};
use crate::time::Date;
use std::sync::Arc;

/// How many digits of a tariff code an entry of the catalogue may have, the most precise first: ten digits, national line,
/// subheading, heading.
pub(crate) const CATALOGUE_DIGITS: [usize; 4] = [10, 8, 6, 4];

/// Customs registers that goods of a repair book are own-group products, or are not.
pub(crate) fn register(work: &mut Work<'_>, order: &OwnGroupOrder) -> Result<(), Stop> {
    let (key, fact) = (&order.item, &order.fact);
    work.document = Some(key.book_no.as_str().into());
    if fact.evidence.trim().is_empty() {
        return Err(guards::invalid("evidence", "", "what it rests on"));
    }
    if fact.until < fact.from {
        return Err(guards::invalid("until", fact.until, format!("not before {}", fact.from)));
    }
    let book = guards::book(work, &key.book_no, "emsNo")?;
    if book.usage != Usage::Repair || key.mark != Mark::Goods {
        let given = format!("{} {}", book.usage, key.mark);
        return Err(guards::invalid("usage", given, "goods of a repair book"));
    }
    if !work.get::<Items>(key.clone())?.is_some_and(|item| item.tracked_by_serial) {
        return Err(Refusal::new(Reason::ItemNotFiled)
            .field("number", key.number)
            .expected("an item whose units have serial numbers")
            .document(&key.book_no)
            .into());
    }
    let mut entries = work.get::<OwnGroup>(key.clone())?.unwrap_or_default();
    guards::at_most("number", entries.len().saturating_add(1), ORDERS_MAX)?;
    let (revision, time) = (work.head.revision, work.now());
    Arc::make_mut(&mut entries).push(OwnGroupEntry { fact: fact.clone(), revision, time });
    work.put::<OwnGroup>(key.clone(), entries);
    Ok(())
}

/// `REPAIR_NOT_ALLOWED`: each unit that comes in is of the catalogue, or an own-group product from the domestic side; a unit
/// from there that goes abroad is of the catalogue. Parts that are fitted or removed are no units.
pub(crate) fn may_cross(
    work: &Work<'_>,
    book: &Book,
    list: &List,
    rule: &Rule,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    let asked = rule.needs(Need::RepairCatalogue) && list.mark == Mark::Goods;
    if !asked || parameters::today(work, Parameter::RepairCatalogueCheck)?.is_zero() {
        return Ok(());
    }
    let days = || std::iter::once(list.declared_at.date()).chain(work.live_date());
    let abroad = line_of(&list.transport) == Line::First;
    for line in lines.iter().filter(|line| line.serial.is_some()) {
        for day in days() {
            let fits = match list.direction {
                Direction::In => may_come_in(work, book, line, day)?,
                Direction::Out => !abroad || may_go_abroad(work, book, line, day)?,
            };
            if !fits {
                return Err(not_allowed(book, list.direction, line, day).into());
            }
        }
    }
    Ok(())
}

fn may_come_in(work: &Work<'_>, book: &Book, line: &MovementLine, day: Date) -> Result<bool, Stop> {
    let filed = &line.filed;
    if in_catalogue(work, &filed.tariff_code, day)? {
        return Ok(true);
    }
    let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Goods, number: filed.number };
    let sold_at_home = filed.provenance == Some(Provenance::Domestic);
    Ok(sold_at_home && is_own_on(&work.get::<OwnGroup>(key)?.unwrap_or_default(), day))
}

fn may_go_abroad(work: &Work<'_>, book: &Book, line: &MovementLine, day: Date) -> Result<bool, Stop> {
    let receipt = units::latest(work, &book.book_no, line.serial.as_ref())?;
    let domestic = receipt.is_some_and(|receipt| receipt.provenance == Some(Provenance::Domestic));
    Ok(!domestic || in_catalogue(work, &line.filed.tariff_code, day)?)
}

/// Whether the catalogue has a tariff code on a day: its most precise entry about it decides.
fn in_catalogue(work: &Work<'_>, code: &TariffCode, day: Date) -> Result<bool, Stop> {
    for digits in CATALOGUE_DIGITS {
        let Some(begin) = code.as_str().get(..digits) else { continue };
        let found = in_force(work.state(), ReferenceKind::RepairProduct, begin, On::now(day))?;
        if let Some(ReferenceRow::RepairProduct { allowed, .. }) = found.as_ref().map(|found| &found.row.row)
        {
            return Ok(*allowed);
        }
    }
    Ok(false)
}

fn not_allowed(book: &Book, direction: Direction, line: &MovementLine, day: Date) -> Refusal {
    let filed = &line.filed;
    let expected = match direction {
        Direction::In => format!(
            "goods of the repair catalogue on {day}, or a unit from the domestic side (param1 = 3) of item {} \
             registered as own-group products",
            filed.number
        ),
        Direction::Out => format!(
            "goods of the repair catalogue on {day}; unit {} came from the domestic side without being of it, \
             and goes back there",
            line.serial.as_ref().map_or("", |serial| serial.as_str())
        ),
    };
    Refusal::new(Reason::RepairNotAllowed)
        .line(filed.line)
        .field("gdecd", &filed.tariff_code)
        .expected(expected)
        .document(&book.book_no)
}
