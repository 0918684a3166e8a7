//! Lines of a list: their checks, their items, their transfers (`RULES.md` 5.3, 5.5).

use super::guards::{self, Quantities};
use super::work::{Cause, Stop, Work};
use crate::book::{Book, BookingMode};
use crate::code::{DocumentNo, LotNo};
use crate::direction::{Direction, Mark};
use crate::document::{List, ListLine};
use crate::event::Action;
use crate::item::{Item, ItemKey};
use crate::matrix::Rule;
use crate::measure::Measure;
use crate::movement::MovementLine;
use crate::place::Place;
use crate::position::PositionKey;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Items;
use std::sync::Arc;

/// Whether the lines of a list open rows (`RULES.md` 4.6).
pub(crate) fn open_rows(book: &Book, list: &List) -> bool {
    book.booking_mode == BookingMode::RowPerReceipt
        && list.direction == Direction::In
        && list.mark == Mark::Goods
}

/// All checks of each line before those of the next; gives the lines with the lots that they move.
///
/// A line that opens a row has neither row number nor lot yet.
/// One that opened a row before its list was changed has a row that may be stopped, like any other item.
pub(crate) fn check(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    before: &[MovementLine],
) -> Result<Vec<MovementLine>, Stop> {
    let opens_rows = open_rows(book, list);
    let mut lines = Vec::with_capacity(list.lines.len());
    for line in &list.lines {
        let quantities = |units| Quantities {
            line: line.line,
            units,
            declared: line.declared,
            statutory1: line.statutory1,
            statutory2: line.statutory2,
        };
        quantities(&line.units).positive()?;
        weights(line)?;
        if opens_rows {
            quantities(&line.units).agree_with_units()?;
            if let Some(old) = line_before(before, line) {
                let row = item_of(work, book, list, &old.filed)?;
                not_stopped(list, line, old.filed.number, &row)?;
            }
            guards::not_negative(line.line, "usdStatTotalAmt", line.value_usd)?;
            lines.push(MovementLine { filed: line.clone(), lot: None });
            continue;
        }
        let item = item_of(work, book, list, line)?;
        if item.tariff_code != line.tariff_code {
            return Err(Refusal::new(Reason::HsMismatch)
                .line(line.line)
                .field("gdecd", &line.tariff_code)
                .expected(&item.tariff_code)
                .into());
        }
        guards::same_units(line.line, &line.units, &item.units)?;
        quantities(&item.units).agree_with_units()?;
        not_stopped(list, line, line.number, &item)?;
        guards::not_negative(line.line, "usdStatTotalAmt", line.value_usd)?;
        lines.push(MovementLine { filed: line.clone(), lot: item.lot.clone() });
    }
    Ok(lines)
}

fn weights(line: &ListLine) -> Result<(), Stop> {
    if line.net.is_positive() && line.net <= line.gross {
        return Ok(());
    }
    Err(Refusal::new(Reason::NetExceedsGross)
        .line(line.line)
        .field("netWt", line.net)
        .expected(format!("more than 0 and at most grossWt {}", line.gross))
        .into())
}

/// The line of that number in the content that a change replaces.
fn line_before<'a>(before: &'a [MovementLine], line: &ListLine) -> Option<&'a MovementLine> {
    before.iter().find(|old| old.filed.line == line.line)
}

fn not_stopped(list: &List, line: &ListLine, number: u64, item: &Item) -> Result<(), Stop> {
    if item.stops.stops(list.direction) {
        return Err(Refusal::new(Reason::ItemPaused)
            .line(line.line)
            .field("putrecSeqno", number)
            .document(&list.book_no)
            .into());
    }
    Ok(())
}

fn item_of(work: &Work<'_>, book: &Book, list: &List, line: &ListLine) -> Result<Arc<Item>, Stop> {
    let key = ItemKey { book_no: book.book_no.clone(), mark: list.mark, number: line.number };
    work.get::<Items>(key)?.ok_or_else(|| {
        Refusal::new(Reason::ItemNotFiled)
            .line(line.line)
            .field("putrecSeqno", line.number)
            .document(&book.book_no)
            .into()
    })
}

/// Gives the rows that the lines open: the number a line had before, or the highest so far plus one, in line order.
pub(crate) fn give_rows(
    work: &mut Work<'_>,
    book: &mut Book,
    list: &List,
    before: &[MovementLine],
    lines: &mut [MovementLine],
) -> Result<(), Stop> {
    for line in lines {
        let kept = line_before(before, &line.filed).map(|old| old.filed.number);
        let number = match kept {
            Some(number) => number,
            None => book.last_item.checked_add(1).ok_or_else(Stop::overflow)?,
        };
        book.last_item = book.last_item.max(number);
        let lot = LotNo::of_receipt(&list.list_no, line.filed.line)
            .map_err(|error| Refusal::new(Reason::InvalidField).field("bondInvtNo", error))?;
        let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Goods, number };
        let stops = work.get::<Items>(key.clone())?.map(|item| item.stops).unwrap_or_default();
        super::books::put_item(
            work,
            key,
            Item {
                part_no: line.filed.part_no.clone(),
                tariff_code: line.filed.tariff_code.clone(),
                name: line.filed.name.clone(),
                units: line.filed.units.clone(),
                lot: Some(lot.clone()),
                stops,
            },
        )?;
        line.filed.number = number;
        line.lot = Some(lot);
    }
    Ok(())
}

/// What a line moves.
pub(crate) fn measure(line: &ListLine) -> Measure {
    Measure::new(line.declared, line.statutory1, line.statutory2.unwrap_or_default(), line.value_usd)
}

/// The position of a line's goods in a place.
pub(crate) fn position(book: &Book, mark: Mark, line: &MovementLine, place: Place) -> PositionKey {
    PositionKey {
        book_no: book.book_no.clone(),
        mark,
        number: line.filed.number,
        lot: line.lot.clone(),
        serial: None,
        place,
    }
}

/// Carries out the transfers of a list's lines.
pub(crate) fn transfer(
    work: &mut Work<'_>,
    action: Action,
    rule: &Rule,
    book: &Book,
    (document, mark): (&DocumentNo, Mark),
    lines: &[MovementLine],
) -> Result<(), Stop> {
    for line in lines {
        let all = measure(&line.filed);
        let cause = Cause { document, line: line.filed.line };
        for leg in rule.legs {
            let moved = all.only(leg.units);
            if moved.is_zero() {
                continue;
            }
            let from = position(book, mark, line, leg.from);
            work.transfer(cause, action, &from, &from.at(leg.to), &moved)?;
        }
    }
    Ok(())
}
