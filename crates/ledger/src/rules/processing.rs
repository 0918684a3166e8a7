//! Simple processing: a list of kind 4 takes goods of a logistics book and makes others of them, by what its permit says
//! that they are made of (`domain.md` 3.1, 3.4 row 18).

use super::goods::{Transfer, along_all};
use super::guards::{self, Quantities};
use super::work::{Stop, Work};
use super::{lines, permits, sums};
use crate::book::{Book, BookingMode};
use crate::code::{ListNo, PermitNo};
use crate::direction::{Direction, Mark};
use crate::document::{List, PermitKind, ResultLine};
use crate::item::ItemKey;
use crate::limits::LINES_MAX;
use crate::matrix::Rule;
use crate::measure::Unit;
use crate::movement::{Gathered, Movement, MovementLine};
use crate::permit::{Permit, PermitUse};
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Books, GatheredBy, Permits};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How much of each line of a permit.
type ByLine = BTreeMap<u64, Quantity>;

/// Takes the lines of a list, and announces what it makes of them.
pub(crate) fn claim(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    list_lines: &[MovementLine],
) -> Result<(), Stop> {
    guards::at_most("BondInvtDtSimple", list.results.len(), LINES_MAX)?;
    guards::once_each("gdsSeqno", list.results.iter().map(|result| result.goods.line))?;
    guards::book_not_stopped(book, Direction::In)?;
    let (number, permit) = permits::named_by(work, book, list, PermitKind::SimpleProcessing)?;
    let (late, until) = (Reason::FormExpired, permit.valid_until);
    guards::in_validity(work, list.declared_at, until, late, "invtDclTime", &number)?;
    let mut permit = (*permit).clone();
    let mut results = Vec::with_capacity(list.results.len());
    let mut needed = ByLine::new();
    for result in &list.results {
        results.push(check(work, book, &permit, &number, result)?);
        draw(&mut permit, &number, result.permit_line, Mark::Product, &result.goods)?;
        need(&permit, result, &mut needed)?;
    }
    let mut taken = ByLine::new();
    for line in list_lines {
        let at = material_line(&permit, &number, line)?;
        draw(&mut permit, &number, at, Mark::Goods, &line.filed)?;
        sums::grow(taken.entry(at).or_default(), line.filed.declared)?;
    }
    balanced(&permit, &number, list, &taken, &needed)?;
    give_rows(work, book, list, &mut results)?;
    permit.waiting_lists = permit.waiting_lists.checked_add(1).ok_or_else(Stop::overflow)?;
    work.put::<Permits>(number, Arc::new(permit));
    let permit_lines = list.results.iter().map(|result| result.permit_line).collect();
    let gathered = Gathered { results, permit_lines, ..Gathered::default() };
    work.put::<GatheredBy>(list.list_no.clone(), Arc::new(gathered));
    Ok(())
}

/// All checks of one result; those of a line of a list that comes in (`RULES.md` 5.3).
fn check(
    work: &Work<'_>,
    book: &Book,
    permit: &Permit,
    permit_no: &PermitNo,
    result: &ResultLine,
) -> Result<MovementLine, Stop> {
    let line = &result.goods;
    let quantities = |units| Quantities {
        line: line.line,
        units,
        declared: line.declared,
        statutory1: line.statutory1,
        statutory2: line.statutory2,
    };
    quantities(&line.units).positive()?;
    lines::weights(line)?;
    let not_filed = |expected: &str| {
        Stop::from(
            Refusal::new(Reason::ItemNotFiled)
                .line(line.line)
                .field("applyTbSeqno", result.permit_line)
                .expected(expected)
                .document(permit_no),
        )
    };
    let permitted = permit.lines.iter().find(|used| used.filed.line == result.permit_line);
    let permitted = permitted.filter(|used| used.filed.mark == Mark::Product);
    let permitted = permitted.ok_or_else(|| not_filed("a line of the permit for a product"))?;
    if line.units.declared != permitted.filed.unit {
        return Err(Refusal::new(Reason::UnitMismatch)
            .line(line.line)
            .field("dclUnitcd", &line.units.declared)
            .expected(&permitted.filed.unit)
            .document(permit_no)
            .into());
    }
    if book.booking_mode == BookingMode::RowPerReceipt {
        quantities(&line.units).agree_with_units()?;
        guards::not_negative(line.line, "usdStatTotalAmt", line.value_usd)?;
        return Ok(MovementLine { filed: line.clone(), lot: None, serial: None, uses: Vec::new() });
    }
    if permitted.filed.number != line.number {
        return Err(not_filed("the line of the permit for this item"));
    }
    let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Goods, number: line.number };
    let item = guards::item(work, key, line.line, "putrecSeqno")?;
    guards::same_tariff_code(line.line, &line.tariff_code, &item)?;
    guards::same_units(line.line, &line.units, &item.units)?;
    quantities(&item.units).agree_with_units()?;
    guards::item_not_stopped(&item, Direction::In, line.line, line.number, book)?;
    guards::not_negative(line.line, "usdStatTotalAmt", line.value_usd)?;
    Ok(MovementLine { filed: line.clone(), lot: None, serial: None, uses: Vec::new() })
}

/// The line of the permit that allows a line of a list to be taken.
fn material_line(permit: &Permit, permit_no: &PermitNo, line: &MovementLine) -> Result<u64, Stop> {
    let fits = |used: &&PermitUse| (used.filed.mark, used.filed.number) == (Mark::Goods, line.filed.number);
    permit.lines.iter().find(fits).map(|used| used.filed.line).ok_or_else(|| {
        Refusal::new(Reason::ItemNotFiled)
            .line(line.filed.line)
            .field("putrecSeqno", line.filed.number)
            .expected("an item that the permit allows to be taken")
            .document(permit_no)
            .into()
    })
}

/// Counts a quantity on a line of the permit: taken of materials, made of products, not more than it says.
fn draw(
    permit: &mut Permit,
    permit_no: &PermitNo,
    at: u64,
    mark: Mark,
    line: &crate::document::ListLine,
) -> Result<(), Stop> {
    let Some(used) = permit.lines.iter_mut().find(|used| used.filed.line == at) else {
        return Err(Stop::Broken(format!("line {at} of permit {permit_no} vanished")));
    };
    let declared = used.filed.declared;
    let sum = if mark == Mark::Product { &mut used.approved_in } else { &mut used.approved_out };
    let left = declared.checked_sub(*sum).ok_or_else(Stop::overflow)?;
    if line.declared > left {
        return Err(Refusal::new(Reason::FormQuotaExceeded)
            .line(line.line)
            .field("applyTbSeqno", at)
            .document(permit_no)
            .short(None, Unit::Declared, line.declared, left)
            .into());
    }
    sums::grow(sum, line.declared)
}

/// What a result is made of, each material rounded once (as `RULES.md` 6.1).
fn need(permit: &Permit, result: &ResultLine, needed: &mut ByLine) -> Result<(), Stop> {
    for part in permit.bom.iter().filter(|part| part.product_line == result.permit_line) {
        let used = part.as_bom().usage(result.goods.declared).ok_or_else(Stop::overflow)?;
        sums::grow(needed.entry(part.material_line).or_default(), used)?;
    }
    Ok(())
}

/// `PROCESSING_MISMATCH`: exactly what the results are made of is taken, and nothing of the value is lost or added.
fn balanced(
    permit: &Permit,
    permit_no: &PermitNo,
    list: &List,
    taken: &ByLine,
    needed: &ByLine,
) -> Result<(), Stop> {
    let lines: BTreeSet<u64> = taken.keys().chain(needed.keys()).copied().collect();
    for at in lines {
        let of = |sums: &ByLine| sums.get(&at).copied().unwrap_or_default();
        let (taken, needed) = (of(taken), of(needed));
        if taken != needed {
            let filed = permit.lines.iter().find(|used| used.filed.line == at);
            let number = filed.map_or(0, |used| used.filed.number);
            let mut refusal = Refusal::new(Reason::ProcessingMismatch)
                .field("putrecSeqno", number)
                .expected(format!("{needed}, which the results are made of"))
                .document(permit_no)
                .short(None, Unit::Declared, taken, needed);
            refusal.line = list.lines.iter().find(|line| line.number == number).map(|line| line.line);
            return Err(refusal.into());
        }
    }
    let sum = |mut values: Box<dyn Iterator<Item = Quantity> + '_>| {
        values.try_fold(Quantity::ZERO, Quantity::checked_add).ok_or_else(Stop::overflow)
    };
    let before = sum(Box::new(list.lines.iter().map(|line| line.value_usd)))?;
    let after = sum(Box::new(list.results.iter().map(|result| result.goods.value_usd)))?;
    if before == after && !list.results.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(Reason::ProcessingMismatch)
        .field("usdStatTotalAmt", after)
        .expected(format!("results of the value {before} of what is taken"))
        .document(permit_no)
        .short(None, Unit::Value, after, before)
        .into())
}

/// In a book kept by receipt each result opens a row.
fn give_rows(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    results: &mut [MovementLine],
) -> Result<(), Stop> {
    if book.booking_mode == BookingMode::Accumulating {
        return Ok(());
    }
    let mut book = book.clone();
    lines::give_rows(work, &mut book, list, &[], results)?;
    work.put::<Books>(book.book_no.clone(), Arc::new(book));
    Ok(())
}

/// What the results of a list move.
pub(crate) fn transfers(
    work: &Work<'_>,
    book: &Book,
    rule: &Rule,
    list_no: &ListNo,
) -> Result<Vec<Transfer>, Stop> {
    if rule.result_legs.is_empty() {
        return Ok(Vec::new());
    }
    let gathered = work.get::<GatheredBy>(list_no.clone())?.unwrap_or_default();
    let results = gathered.results.iter().map(|line| lines::goods(Mark::Goods, line));
    Ok(along_all(book, rule.result_legs, results))
}

/// Gives back what a withdrawn list took of its permit.
pub(crate) fn free(
    work: &mut Work<'_>,
    movement: &Movement,
    list_lines: &[MovementLine],
) -> Result<(), Stop> {
    let Some(number) = &movement.permit_no else { return Ok(()) };
    let gathered = work.get::<GatheredBy>(movement.list_no.clone())?.unwrap_or_default();
    let mut permit = (*permits::permit(work, number)?).clone();
    for line in list_lines {
        let at = material_line(&permit, number, line)?;
        give_back(&mut permit, at, Mark::Goods, line.filed.declared)?;
    }
    for (line, at) in gathered.results.iter().zip(&gathered.permit_lines) {
        give_back(&mut permit, *at, Mark::Product, line.filed.declared)?;
    }
    // A posted list, which a correction undoes, waits no longer.
    if movement.posted_time.is_none() {
        permits::no_longer_waits(&mut permit)?;
    }
    work.put::<Permits>(number.clone(), Arc::new(permit));
    Ok(())
}

fn give_back(permit: &mut Permit, at: u64, mark: Mark, quantity: Quantity) -> Result<(), Stop> {
    let used = permit.lines.iter_mut().find(|used| used.filed.line == at);
    let sum =
        used.map(|used| if mark == Mark::Product { &mut used.approved_in } else { &mut used.approved_out });
    let left = sum.as_ref().and_then(|sum| sum.checked_sub(quantity)).filter(|left| !left.is_negative());
    match (sum, left) {
        (Some(sum), Some(left)) => {
            *sum = left;
            Ok(())
        }
        _ => Err(Stop::Broken(format!("line {at} of a permit gives back more than was taken"))),
    }
}
