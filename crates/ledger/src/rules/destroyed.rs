//! What is left of destroyed goods and has a value: it is stock of mark R, to be taxed or re-exported by list
//! (`domain.md` 3.1, 3.4 row 23).

use super::goods::{self, Goods, along, carry};
use super::work::{Stop, Work};
use super::{guards, lines};
use crate::book::{Book, Usage};
use crate::code::{LotNo, SerialNo};
use crate::direction::{Mark, Stops};
use crate::disposal::{Disposal, OpenGoods};
use crate::document::{DestructionResidue, NamedGoods};
use crate::event::{Action, Step};
use crate::item::{Item, ItemKey, Units};
use crate::matrix::MatrixRow;
use crate::measure::{Measure, Unit};
use crate::mover::Mover;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Items;
use std::sync::Arc;

/// Makes the residues of a destruction.
pub(crate) fn make(
    work: &mut Work<'_>,
    book: &Book,
    disposal: &Disposal,
    residues: &[DestructionResidue],
) -> Result<(), Stop> {
    if residues.is_empty() {
        return Ok(());
    }
    let rule = goods::rule(MatrixRow::DestructionResidue)?;
    let mut transfers = Vec::with_capacity(residues.len());
    for residue in residues {
        guards::positive(residue.line, "dclQty", Unit::Declared, residue.declared)?;
        guards::not_negative(residue.line, "value_usd", residue.value_usd)?;
        let (named, open) = source(disposal, residue)?;
        let (lot, serial) = item_of(work, book, residue, named, open)?;
        let statutory1 = lines::undocumented(work, book, Mark::Residue, residue.number, residue.declared)?;
        let goods = Goods {
            line: residue.line,
            mark: Mark::Residue,
            number: residue.number,
            lot: lot.as_ref(),
            serial: serial.as_ref(),
            measure: Measure::new(residue.declared, statutory1, Quantity::ZERO, residue.value_usd),
        };
        along(book, rule.legs, &goods, &mut transfers);
    }
    let mover = Mover::from(&disposal.filed.disposal_no);
    carry(work, Action::PostAtOnce, &mover, &transfers)?;
    let (action, document) = (Action::PostAtOnce, mover.number);
    work.steps.push(Step { action, document, version: 0, row: Some(rule.row) });
    Ok(())
}

/// The line of the disposal that a residue is left of.
fn source<'a>(
    disposal: &'a Disposal,
    residue: &DestructionResidue,
) -> Result<(&'a NamedGoods, &'a OpenGoods), Stop> {
    let mut lines = disposal.filed.lines.iter().map(|line| &line.goods).zip(&disposal.open);
    lines.find(|(named, _)| named.line == residue.from_line).ok_or_else(|| {
        Refusal::new(Reason::InvalidField)
            .line(residue.line)
            .field("from_line", residue.from_line)
            .expected("a line of the disposal")
            .document(&disposal.filed.disposal_no)
            .into()
    })
}

/// The item that a residue adds to or opens, and the lot and unit under which a list takes it out later: in a repair book
/// those of the unit it is of, elsewhere those of the item.
fn item_of(
    work: &mut Work<'_>,
    book: &Book,
    residue: &DestructionResidue,
    named: &NamedGoods,
    open: &OpenGoods,
) -> Result<(Option<LotNo>, Option<SerialNo>), Stop> {
    if book.usage == Usage::Repair && open.serial.is_none() {
        return Err(Refusal::new(Reason::SerialNotInPlace)
            .line(residue.line)
            .field("from_line", residue.from_line)
            .expected("a unit or a part of one: residues of a repair book are known by their unit")
            .document(&book.book_no)
            .into());
    }
    let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Residue, number: residue.number };
    let by_item = book.usage != Usage::Repair;
    let item = match work.get::<Items>(key.clone())? {
        Some(item) => item,
        None => {
            let of = ItemKey { mark: named.mark, number: named.number, ..key.clone() };
            let of = guards::item(work, of, residue.line, "from_line")?;
            let item = Arc::new(Item {
                part_no: of.part_no.clone(),
                tariff_code: residue.tariff_code.clone(),
                name: residue.name.clone(),
                units: Units {
                    declared: residue.unit.clone(),
                    statutory1: residue.unit.clone(),
                    statutory2: None,
                },
                lot: open.lot.clone().filter(|_| by_item),
                serial: open.serial.clone().filter(|_| by_item),
                tracked_by_serial: false,
                residue: None,
                stops: Stops::default(),
            });
            work.put::<Items>(key, Arc::clone(&item));
            item
        }
    };
    guards::same_tariff_code(residue.line, &residue.tariff_code, &item)?;
    guards::same_declared_unit(residue.line, &residue.unit, &item)?;
    if !by_item {
        return Ok((open.lot.clone(), open.serial.clone()));
    }
    if (&item.lot, &item.serial) != (&open.lot, &open.serial) {
        return Err(Refusal::new(Reason::InvalidField)
            .line(residue.line)
            .field("number", residue.number)
            .expected("a number that no residue of another lot or unit has")
            .document(&book.book_no)
            .into());
    }
    Ok((item.lot.clone(), item.serial.clone()))
}
