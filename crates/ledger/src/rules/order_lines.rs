//! Lines of the events of a work order: their checks, and what they move.

use super::guards::{self, Quantities};
use super::residues::{self, ResidueItem};
use super::work::{Stop, Work};
use crate::book::Book;
use crate::direction::Mark;
use crate::document::{OrderGoods, OrderOutput, OrderQuantities, OrderUse, WorkOrderOpening};
use crate::item::{Item, ItemKey, Units};
use crate::limits::LINES_MAX;
use crate::matrix::MatrixRow;
use crate::measure::{Measure, Unit};
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::work_order::OrderMove;
use std::sync::Arc;

/// Goods that leave stock, or come back.
pub(crate) fn of_stock(
    work: &Work<'_>,
    book: &Book,
    row: MatrixRow,
    lines: &[OrderGoods],
) -> Result<Vec<OrderMove>, Stop> {
    guards::at_most("goods", lines.len(), LINES_MAX)?;
    not_empty("goods", lines.is_empty())?;
    lines.iter().map(|line| known(work, book, row, line, None)).collect()
}

/// What was used, and what came of it.
pub(crate) fn of_output(
    work: &mut Work<'_>,
    book: &Book,
    opening: &WorkOrderOpening,
    output: &OrderOutput,
) -> Result<Vec<OrderMove>, Stop> {
    guards::at_most("used", output.used.len(), LINES_MAX)?;
    guards::at_most("products", output.products.len(), LINES_MAX)?;
    guards::at_most("residues", output.residues.len(), LINES_MAX)?;
    let nothing = output.used.is_empty() && output.products.is_empty() && output.residues.is_empty();
    not_empty("output", nothing)?;
    let mut moves = Vec::with_capacity(output.used.len() + output.products.len() + output.residues.len());
    for used in &output.used {
        let product = product_of(opening, used)?;
        moves.push(known(work, book, MatrixRow::OrderUse, &used.goods, Some(product))?);
    }
    for made in &output.products {
        plans(opening, made.line, "number", made.number)?;
        let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Product, number: made.number };
        let item = guards::item(work, key, made.line, "number")?;
        let measure = as_made(made.line, &made.quantities, &item.units)?;
        moves.push(of_item(made.line, MatrixRow::OrderOutput, Mark::Product, made.number, &item, measure));
    }
    for residue in &output.residues {
        guards::positive(residue.line, "quantity_declared", Unit::Declared, residue.declared)?;
        let item = residues::file(
            work,
            book,
            &ResidueItem {
                line: residue.line,
                number: residue.number,
                kind: Some(residue.kind),
                said: true,
                part_no: &residue.part_no,
                tariff_code: &residue.tariff_code,
                name: &residue.name,
                unit: &residue.unit,
            },
        )?;
        let measure = Measure::new(residue.declared, residue.declared, Quantity::ZERO, Quantity::ZERO);
        moves.push(of_item(
            residue.line,
            MatrixRow::OrderOutput,
            Mark::Residue,
            residue.number,
            &item,
            measure,
        ));
    }
    Ok(moves)
}

fn not_empty(field: &str, empty: bool) -> Result<(), Stop> {
    if empty {
        return Err(Refusal::new(Reason::InvalidField).field(field, "").expected("a line at least").into());
    }
    Ok(())
}

/// Goods of a filed item.
fn known(
    work: &Work<'_>,
    book: &Book,
    row: MatrixRow,
    line: &OrderGoods,
    product: Option<u64>,
) -> Result<OrderMove, Stop> {
    guards::positive(line.line, "quantity_declared", Unit::Declared, line.quantities.declared)?;
    let key = ItemKey { book_no: book.book_no.clone(), mark: line.mark, number: line.number };
    let item = guards::item(work, key, line.line, "number")?;
    let measure = as_said(line.line, &line.quantities, &item.units)?;
    Ok(OrderMove { product, ..of_item(line.line, row, line.mark, line.number, &item, measure) })
}

fn of_item(
    line: u64,
    row: MatrixRow,
    mark: Mark,
    number: u64,
    item: &Arc<Item>,
    measure: Measure,
) -> OrderMove {
    let (lot, serial) = (item.lot.clone(), item.serial.clone());
    OrderMove { line, row, mark, number, lot, serial, measure, product: None }
}

/// The product for which goods were used: the one that the line names, or the only one of the order.
fn product_of(opening: &WorkOrderOpening, used: &OrderUse) -> Result<u64, Stop> {
    match (used.product, opening.products.as_slice()) {
        (Some(product), _) => {
            plans(opening, used.goods.line, "product", product)?;
            Ok(product)
        }
        (None, [only]) => Ok(only.number),
        (None, _) => Err(Refusal::new(Reason::ProductNotPlanned)
            .line(used.goods.line)
            .field("product", "")
            .expected("one of the products of the order, as it has several")
            .into()),
    }
}

fn plans(opening: &WorkOrderOpening, line: u64, field: &str, product: u64) -> Result<(), Stop> {
    if opening.products.iter().any(|planned| planned.number == product) {
        return Ok(());
    }
    let all: Vec<String> = opening.products.iter().map(|planned| planned.number.to_string()).collect();
    Err(Refusal::new(Reason::ProductNotPlanned)
        .line(line)
        .field(field, product)
        .expected(all.join(" "))
        .into())
}

/// Quantities of goods that are there already: what is not said of the first statutory one is as in `RULES.md` 3.6; the
/// stock test decides whether it may be so.
fn as_said(line: u64, said: &OrderQuantities, units: &Units) -> Result<Measure, Stop> {
    let same = units.statutory1 == units.declared;
    let statutory1 = match said.statutory1 {
        None if same => said.declared,
        None => Quantity::ZERO,
        Some(statutory1) => statutory1,
    };
    guards::not_negative(line, "quantity_statutory1", statutory1)?;
    guards::not_negative(line, "quantity_statutory2", said.statutory2.unwrap_or_default())?;
    let second_left_out = said.statutory2.is_none() && units.statutory2.is_some();
    // Nothing is said of a second quantity where the goods came in without one.
    let seen = if second_left_out { Units { statutory2: None, ..units.clone() } } else { units.clone() };
    let quantities =
        Quantities { line, units: &seen, declared: said.declared, statutory1, statutory2: said.statutory2 };
    quantities.agree_with_units()?;
    Ok(Measure::new(said.declared, statutory1, said.statutory2.unwrap_or_default(), Quantity::ZERO))
}

/// Quantities of what is made, whole as on a list (`RULES.md` 2.8): it leaves by list, in every unit.
pub(crate) fn as_made(line: u64, said: &OrderQuantities, units: &Units) -> Result<Measure, Stop> {
    let same = units.statutory1 == units.declared;
    let statutory1 = said.statutory1.unwrap_or(if same { said.declared } else { Quantity::ZERO });
    let quantities =
        Quantities { line, units, declared: said.declared, statutory1, statutory2: said.statutory2 };
    quantities.positive()?;
    quantities.agree_with_units()?;
    Ok(Measure::new(said.declared, statutory1, said.statutory2.unwrap_or_default(), Quantity::ZERO))
}
