//! The end of a permit: everything that went out came back, was sold or declared, was used for a product, or stays
//! outside taxed or lost (`domain.md` 3.1: out = returned + sold + lost for each line at closing).

use super::goods::{self, Goods, along_all, carry_lots};
use super::guards::{self, Quantities};
use super::layers::Wishes;
use super::work::{Stop, Work};
use super::{guarantees, permits, stock};
use crate::book::{Book, Paper};
use crate::code::{DocumentNo, LotNo, SerialNo};
use crate::direction::Mark;
use crate::document::{LeftOutside, PermitClosing};
use crate::event::{Action, Step};
use crate::item::ItemKey;
use crate::limits::LINES_MAX;
use crate::matrix::MatrixRow;
use crate::measure::{Measure, Unit};
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::permit::{Permit, PermitUse};
use crate::place::Place;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{OpenPapers, Permits};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `SAS101` with `dclTypecd` 3.
pub(crate) fn close(work: &mut Work<'_>, closing: &PermitClosing) -> Result<(), Stop> {
    guards::at_most("left", closing.left.len(), LINES_MAX)?;
    let permit = permits::amendable(work, &closing.permit_no, closing.change_no)?;
    let book = guards::book(work, &permit.book_no, "areainOriactNo")?;
    nothing_waits(closing, &permit)?;
    leave_outside(work, &book, closing, &permit)?;
    guarantees::give_back(work, &permit.guarantee_no, permit.drawn, &DocumentNo::from(&closing.permit_no))?;
    let closed = Permit {
        state: DocumentState::Closed,
        change_no: closing.change_no,
        drawn: Quantity::ZERO,
        left: closing.left.clone(),
        closed_time: Some(work.now()),
        ..(*permit).clone()
    };
    work.remove::<OpenPapers>((book.book_no.clone(), Paper::Permit, (&closing.permit_no).into()));
    work.put::<Permits>(closing.permit_no.clone(), Arc::new(closed));
    work.state = Some(DocumentState::Closed);
    Ok(())
}

/// No slip is between approval and the gate, no list on the permit waits for its release.
fn nothing_waits(closing: &PermitClosing, permit: &Permit) -> Result<(), Stop> {
    if permit.waiting_lists > 0 {
        return Err(Refusal::new(Reason::FormStockOut)
            .field("applyNo", permit.waiting_lists)
            .expected("no list on the permit that waits")
            .document(&closing.permit_no)
            .into());
    }
    for used in permit.lines.iter().filter(|_| permit.has_slips()) {
        let waits = less(used.approved_out, used.passed_out)?;
        let waits = waits.max(less(used.approved_in, used.passed_in)?);
        if !waits.is_zero() {
            return Err(out(closing, used, None, waits, "no slip that waits for the gate"));
        }
    }
    Ok(())
}

fn less(a: Quantity, b: Quantity) -> Result<Quantity, Stop> {
    a.checked_sub(b).ok_or_else(Stop::overflow)
}

/// `FORM_STOCK_OUT`, with the item and how much of it.
fn out(
    closing: &PermitClosing,
    used: &PermitUse,
    place: Option<Place>,
    quantity: Quantity,
    expected: &str,
) -> Stop {
    let mut refusal = Refusal::new(Reason::FormStockOut)
        .line(used.filed.line)
        .field("oriactGdsSeqno", used.filed.number)
        .expected(expected)
        .document(&closing.permit_no);
    refusal.place = place;
    refusal.unit = Some(Unit::Declared);
    refusal.available = Some(quantity);
    refusal.into()
}

/// Writes off what stays outside, and finds nothing else out.
fn leave_outside(
    work: &mut Work<'_>,
    book: &Book,
    closing: &PermitClosing,
    permit: &Permit,
) -> Result<(), Stop> {
    let mut left = BTreeMap::<(Mark, u64), Quantity>::new();
    let mut found = Vec::with_capacity(closing.left.len());
    for (at, line) in closing.left.iter().enumerate() {
        let used = check(work, book, closing, permit, line)?;
        let key = (used.filed.mark, used.filed.number);
        let sum = left.entry(key).or_default();
        *sum = sum.checked_add(line.declared).ok_or_else(Stop::overflow)?;
        let there =
            if permit.keeps_goods_on_form() { permit.out(key.0, key.1) } else { Some(Quantity::ZERO) };
        let there = there.ok_or_else(Stop::overflow)?;
        if *sum > there {
            return Err(Refusal::new(Reason::FormStockExceeded)
                .line(line.line)
                .field("left", at + 1)
                .document(&closing.permit_no)
                .short(Some(Place::OutOnForm), Unit::Declared, *sum, there)
                .into());
        }
        let item = guards::item(
            work,
            ItemKey { book_no: book.book_no.clone(), mark: key.0, number: key.1 },
            line.line,
            "sasDclSeqno",
        )?;
        found.push((line, key, item.lot.clone(), item.serial.clone()));
    }
    nothing_else_is_out(closing, permit, &left)?;
    write_off(work, book, closing, &found)
}

type Found<'c> = (&'c LeftOutside, (Mark, u64), Option<LotNo>, Option<SerialNo>);

fn write_off(
    work: &mut Work<'_>,
    book: &Book,
    closing: &PermitClosing,
    found: &[Found<'_>],
) -> Result<(), Stop> {
    if found.is_empty() {
        return Ok(());
    }
    let goods_left = found.iter().map(|(line, (mark, number), lot, serial)| Goods {
        line: line.line,
        mark: *mark,
        number: *number,
        lot: lot.as_ref(),
        serial: serial.as_ref(),
        measure: Measure::new(
            line.declared,
            line.statutory1,
            line.statutory2.unwrap_or_default(),
            line.value_usd,
        ),
    });
    let transfers = along_all(book, goods::rule(MatrixRow::LeftOutside)?.legs, goods_left);
    stock::test(work, &transfers)?;
    let mover = Mover::from(&closing.permit_no);
    carry_lots(work, Action::PostAtOnce, &mover, &transfers, Wishes::on_account(&mover.number))?;
    let row = Some(MatrixRow::LeftOutside);
    let (action, document) = (Action::PostAtOnce, mover.number);
    work.steps.push(Step { action, document, version: closing.change_no, row });
    Ok(())
}

/// All checks of one line.
fn check<'p>(
    work: &Work<'_>,
    book: &Book,
    closing: &PermitClosing,
    permit: &'p Permit,
    line: &LeftOutside,
) -> Result<&'p PermitUse, Stop> {
    let Some(used) = permit.lines.iter().find(|used| used.filed.line == line.line) else {
        return Err(Refusal::new(Reason::ItemNotFiled)
            .line(line.line)
            .field("sasDclSeqno", line.line)
            .expected("a line of the permit")
            .document(&closing.permit_no)
            .into());
    };
    let (mark, number) = (used.filed.mark, used.filed.number);
    let key = ItemKey { book_no: book.book_no.clone(), mark, number };
    let item = guards::item(work, key, line.line, "sasDclSeqno")?;
    let quantities = Quantities {
        line: line.line,
        units: &item.units,
        declared: line.declared,
        statutory1: line.statutory1,
        statutory2: line.statutory2,
    };
    quantities.positive()?;
    quantities.agree_with_units()?;
    guards::not_negative(line.line, "usdStatTotalAmt", line.value_usd)?;
    if line.reference.is_empty() {
        return Err(Refusal::new(Reason::InvalidField)
            .line(line.line)
            .field("reference", "")
            .expected("the tax notice, or the decision of customs")
            .into());
    }
    Ok(used)
}

fn nothing_else_is_out(
    closing: &PermitClosing,
    permit: &Permit,
    left: &BTreeMap<(Mark, u64), Quantity>,
) -> Result<(), Stop> {
    for used in &permit.lines {
        if permit.kind.is_declared_later() {
            let returned = less(used.passed_out, used.approved_in)?;
            let undeclared = less(returned, used.consolidated)?;
            if !undeclared.is_zero() {
                let place = Some(Place::ShippedUndeclared);
                return Err(out(closing, used, place, undeclared, "everything declared or back"));
            }
        } else if permit.goes_out(used) {
            let key = (used.filed.mark, used.filed.number);
            let there = permit.out(key.0, key.1).ok_or_else(Stop::overflow)?;
            let still = less(there, left.get(&key).copied().unwrap_or_default())?;
            if !still.is_zero() {
                let place = Some(Place::OutOnForm);
                return Err(out(closing, used, place, still, "everything back, sold, used or written off"));
            }
        }
    }
    Ok(())
}
