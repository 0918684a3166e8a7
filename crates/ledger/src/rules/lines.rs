//! Lines of a list: their checks, their items, their transfers (`RULES.md` 5.3, 5.5, 6.1).

use super::goods::{Goods, Transfer, along, along_all};
use super::guards::{self, Quantities};
use super::work::{Stop, Work};
use super::{boms, books, units};
use crate::book::{Book, BookingMode, Regime, Usage};
use crate::code::LotNo;
use crate::direction::{Direction, Mark};
use crate::document::{List, ListLine};
use crate::item::{Item, ItemKey};
use crate::limits::ITEM_NUMBER_MAX;
use crate::matrix::{Claim, Leg, Rule};
use crate::measure::Measure;
use crate::movement::{MaterialUse, MovementLine};
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Items;

/// Whether the lines of a list open rows (`RULES.md` 4.6): what comes back from a lessee has its row.
pub(crate) fn open_rows(book: &Book, list: &List, rule: &Rule) -> bool {
    book.booking_mode == BookingMode::RowPerReceipt
        && list.direction == Direction::In
        && list.mark == Mark::Goods
        && rule.brings_goods()
}

/// All checks of each line before those of the next; gives the lines with what they move.
///
/// A line that opens a row has neither row number nor lot yet.
/// One that opened a row before its list was changed has a row that may be stopped, like any other item.
pub(crate) fn check(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    rule: &Rule,
    before: &[MovementLine],
) -> Result<Vec<MovementLine>, Stop> {
    let opens_rows = open_rows(book, list, rule);
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
                let number = old.filed.number;
                let key = ItemKey { book_no: book.book_no.clone(), mark: list.mark, number };
                let row = guards::item(work, key, line.line, "putrecSeqno")?;
                guards::item_not_stopped(&row, list.direction, line.line, number, book)?;
            }
            let serial = units::of_new_row(book, line)?;
            guards::not_negative(line.line, "usdStatTotalAmt", line.value_usd)?;
            lines.push(MovementLine { filed: line.clone(), lot: None, serial, uses: Vec::new() });
            continue;
        }
        let key = ItemKey { book_no: book.book_no.clone(), mark: list.mark, number: line.number };
        let item = guards::item(work, key, line.line, "putrecSeqno")?;
        guards::same_tariff_code(line.line, &line.tariff_code, &item)?;
        guards::same_units(line.line, &line.units, &item.units)?;
        quantities(&item.units).agree_with_units()?;
        guards::item_not_stopped(&item, list.direction, line.line, line.number, book)?;
        let (lot, serial) = units::of_line(work, book, list, line, &item)?;
        let uses = material_uses(work, book, list, line, rule)?;
        guards::not_negative(line.line, "usdStatTotalAmt", line.value_usd)?;
        lines.push(MovementLine { filed: line.clone(), lot, serial, uses });
    }
    Ok(lines)
}

pub(crate) fn weights(line: &ListLine) -> Result<(), Stop> {
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

/// 5.3.6 and 6.1: what a product that leaves a processing book uses, by the version that its line names. Where slips or
/// work orders account for the materials, and where it is taken from stock, it uses nothing; nor where it was made outside
/// by the BOM of a permit.
fn material_uses(
    work: &Work<'_>,
    book: &Book,
    list: &List,
    line: &ListLine,
    rule: &Rule,
) -> Result<Vec<MaterialUse>, Stop> {
    let product =
        (book.usage, list.direction, list.mark) == (Usage::Processing, Direction::Out, Mark::Product);
    let of_permit = rule.claim == Claim::DirectExit;
    let by_bom = book.regime == Regime::Bom && !rule.takes_from_stock() && !of_permit;
    if !product || !by_bom {
        return Ok(Vec::new());
    }
    let (line_no, product, version) = (Some(line.line), line.number, line.bom_version.as_ref());
    let named = boms::Named { line: line_no, field: "ucnsVerno", product, version };
    if rule.bom_legs.is_empty() {
        // What left before is declared, and nothing is used for it now.
        boms::filed(work, book, named)?;
        return Ok(Vec::new());
    }
    let bom = boms::in_use(work, book, named, list.declared_at)?;
    let mut uses = Vec::with_capacity(bom.len());
    for (material, part) in bom.iter() {
        let declared = part.usage(line.declared).ok_or_else(Stop::overflow)?;
        if !declared.is_zero() {
            let statutory1 = undocumented(work, book, Mark::Goods, *material, declared)?;
            uses.push(MaterialUse { material: *material, declared, statutory1 });
        }
    }
    Ok(uses)
}

/// The first statutory quantity of a posting whose document gives none (`RULES.md` 3.6).
pub(crate) fn undocumented(
    work: &Work<'_>,
    book: &Book,
    mark: Mark,
    number: u64,
    declared: Quantity,
) -> Result<Quantity, Stop> {
    let item = work.get::<Items>(ItemKey { book_no: book.book_no.clone(), mark, number })?;
    let same_unit = item.is_some_and(|item| item.units.statutory1 == item.units.declared);
    Ok(if same_unit { declared } else { Quantity::ZERO })
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
            None => next_row(book, line.filed.line)?,
        };
        book.last_item = book.last_item.max(number);
        let lot = LotNo::of_receipt(&list.list_no, line.filed.line)
            .map_err(|error| Refusal::new(Reason::InvalidField).field("bondInvtNo", error))?;
        let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Goods, number };
        let stops = work.get::<Items>(key.clone())?.map(|item| item.stops).unwrap_or_default();
        let row = Item {
            part_no: line.filed.part_no.clone(),
            tariff_code: line.filed.tariff_code.clone(),
            name: line.filed.name.clone(),
            units: line.filed.units.clone(),
            lot: Some(lot.clone()),
            serial: line.serial.clone(),
            tracked_by_serial: false,
            residue: None,
            stops,
        };
        books::keep_item(work, key, row)?;
        line.filed.number = number;
        line.lot = Some(lot);
    }
    Ok(())
}

/// The highest number so far plus one (`RULES.md` 4.6).
pub(crate) fn next_row(book: &Book, line: u64) -> Result<u64, Stop> {
    let next = book.last_item.checked_add(1).filter(|next| *next <= ITEM_NUMBER_MAX);
    next.ok_or_else(|| {
        Refusal::new(Reason::TooLarge)
            .line(line)
            .field("putrecSeqno", book.last_item)
            .expected(format!("row numbers up to {ITEM_NUMBER_MAX}; those of this book are used up"))
            .document(&book.book_no)
            .into()
    })
}
/// What a line says of its goods, in all measures.
pub(crate) fn measure(filed: &ListLine) -> Measure {
    let second = filed.statutory2.unwrap_or_default();
    Measure::new(filed.declared, filed.statutory1, second, filed.value_usd)
}

/// What a line moves.
pub(crate) fn goods(mark: Mark, line: &MovementLine) -> Goods<'_> {
    Goods {
        line: line.filed.line,
        mark,
        number: line.filed.number,
        lot: line.lot.as_ref(),
        serial: line.serial.as_ref(),
        measure: measure(&line.filed),
    }
}

/// All transfers of a list's lines along the legs of its row, those of the materials that it uses included.
pub(crate) fn transfers(book: &Book, rule: &Rule, mark: Mark, lines: &[MovementLine]) -> Vec<Transfer> {
    let mut transfers = along_lines(book, rule.legs, mark, lines);
    for line in lines {
        for used in &line.uses {
            let material = Goods {
                line: line.filed.line,
                mark: Mark::Goods,
                number: used.material,
                lot: None,
                serial: None,
                measure: Measure::new(used.declared, used.statutory1, Quantity::ZERO, Quantity::ZERO),
            };
            along(book, rule.bom_legs, &material, &mut transfers);
        }
    }
    transfers
}

/// The transfers of a list's lines along some legs.
pub(crate) fn along_lines(book: &Book, legs: &[Leg], mark: Mark, lines: &[MovementLine]) -> Vec<Transfer> {
    along_all(book, legs, lines.iter().map(|line| goods(mark, line)))
}
