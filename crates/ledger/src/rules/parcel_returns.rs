//! Returns of electronic commerce (`domain.md` 3.1 and row 21 of 3.4, A18).
//!
//! Customs files a return when the goods are back and were found in order: they go back into the book at once, whole or
//! part. In time means applied for within the days of `RETURN_APPLY_DAYS` and arrived within those of
//! `RETURN_ARRIVE_DAYS`, both counted from the day of delivery: then no tax is levied on them and the buyer's year is
//! relieved of their price. Late goods come back all the same, without either.

use super::goods::{self, Goods, along_all, carry_lots};
use super::guards::{self, Quantities};
use super::layers::Wishes;
use super::work::{Stop, Work};
use super::{buyers, parameters};
use crate::bom::rounded;
use crate::book::Book;
use crate::direction::{Direction, Mark};
use crate::document::{ParcelReturnFiling, ReturnedLine};
use crate::event::{Action, Step};
use crate::item::ItemKey;
use crate::limits::PARCEL_LINES_MAX;
use crate::matrix::MatrixRow;
use crate::measure::{Measure, Unit};
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::parameter::Parameter;
use crate::parcel::{Parcel, ParcelGoods, ParcelReturn};
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{ParcelReturns, Parcels};
use crate::time::Date;
use num_bigint::BigInt;
use std::sync::Arc;

/// `CEB625`
pub(crate) fn file(work: &mut Work<'_>, filing: &ParcelReturnFiling) -> Result<(), Stop> {
    guards::at_most("InventoryList", filing.lines.len(), PARCEL_LINES_MAX)?;
    guards::once_each("gnum", filing.lines.iter().map(|line| line.line))?;
    if work.get::<ParcelReturns>(filing.return_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("return_no", &filing.return_no).into());
    }
    let (mut parcel, delivered_on) = delivered(work, filing)?;
    dates_are_possible(work, filing, delivered_on)?;
    let days = Days::since(work, delivered_on)?;
    let in_time = filing.applied_on <= days.apply_by && filing.arrived_on <= days.arrive_by;
    let book = guards::book(work, &parcel.book_no, "emsNo")?;
    guards::book_not_stopped(&book, Direction::In)?;
    if filing.lines.is_empty() {
        return Err(Refusal::new(Reason::InvalidField)
            .field("lines", 0)
            .expected("at least one line")
            .into());
    }
    for line in &filing.lines {
        check(work, &book, &parcel, line)?;
    }
    let transfers = transfers(&book, &parcel, filing)?;
    let restored = take_back(&mut parcel, filing, in_time)?;
    let (mover, undone) = (Mover::from(&filing.return_no), Mover::from(&filing.parcel_no));
    carry_lots(work, Action::PostAtOnce, &mover, &transfers, Wishes::undoing(&undone))?;
    let row = Some(MatrixRow::ECommerceReturn);
    let (action, document) = (Action::PostAtOnce, mover.number);
    work.steps.push(Step { action, document, version: 0, row });
    let relieved = match parcel.buyer {
        Some(buyer) => {
            buyers::restore(work, buyer, parcel.reserved_time, restored)?;
            restored
        }
        None => Quantity::ZERO,
    };
    parcel.restored = parcel.restored.checked_add(restored).ok_or_else(Stop::overflow)?;
    work.put::<Parcels>(filing.parcel_no.clone(), Arc::new(parcel));
    let kept = ParcelReturn {
        filed: filing.clone(),
        in_time,
        apply_by: days.apply_by,
        arrive_by: days.arrive_by,
        restored: relieved,
        posted_time: work.now(),
    };
    work.put::<ParcelReturns>(filing.return_no.clone(), Arc::new(kept));
    work.names(filing.return_no.as_str(), DocumentState::Posted);
    work.state = Some(DocumentState::Posted);
    Ok(())
}

/// The parcel, which must be delivered, and the day on which it was.
fn delivered(work: &Work<'_>, filing: &ParcelReturnFiling) -> Result<(Parcel, Date), Stop> {
    let number = &filing.parcel_no;
    let Some(parcel) = work.get::<Parcels>(number.clone())? else {
        let refusal = Refusal::new(Reason::DocumentUnknown).field("invtNo", number);
        return Err(refusal.document(number).into());
    };
    match parcel.ended_time {
        Some(ended) if parcel.state == DocumentState::Delivered => {
            Ok(((*parcel).clone(), work.head.utc_offset.local(ended).date()))
        }
        _ => Err(Refusal::new(Reason::ParcelNotOpen)
            .field("invtNo", parcel.state)
            .expected("a parcel that is DELIVERED")
            .document(number)
            .into()),
    }
}

/// Delivered, applied for, arrived, filed: in this order, each perhaps on the day of the one before. Goods may arrive
/// before anybody applies.
fn dates_are_possible(work: &Work<'_>, filing: &ParcelReturnFiling, delivered_on: Date) -> Result<(), Stop> {
    let today = work.today();
    for (field, date) in [("applied_on", filing.applied_on), ("arrived_on", filing.arrived_on)] {
        if date < delivered_on || date > today {
            return Err(Refusal::new(Reason::InvalidField)
                .field(field, date)
                .expected(format!("from {delivered_on}, when it was delivered, to {today}"))
                .document(&filing.parcel_no)
                .into());
        }
    }
    Ok(())
}

/// The last days of a return that is in time.
struct Days {
    apply_by: Date,
    arrive_by: Date,
}

impl Days {
    fn since(work: &Work<'_>, delivered_on: Date) -> Result<Self, Stop> {
        let last = |parameter| -> Result<Date, Stop> {
            let days = parameters::today(work, parameter)?.raw() / Quantity::ONE;
            let days = i32::try_from(days).unwrap_or(i32::MAX);
            Ok(Date(delivered_on.0.saturating_add(days)))
        };
        Ok(Self {
            apply_by: last(Parameter::ReturnApplyDays)?,
            arrive_by: last(Parameter::ReturnArriveDays)?,
        })
    }
}

fn line_of(parcel: &Parcel, line: u64) -> Option<&ParcelGoods> {
    parcel.lines.iter().find(|goods| goods.filed.line == line)
}

/// All checks of one line: no more than is still out; the last of it takes the rest in every unit (as 3.7).
fn check(work: &Work<'_>, book: &Book, parcel: &Parcel, line: &ReturnedLine) -> Result<(), Stop> {
    guards::positive(line.line, "qty", Unit::Declared, line.declared)?;
    guards::positive(line.line, "qty1", Unit::Statutory1, line.statutory1)?;
    let Some(goods) = line_of(parcel, line.line) else {
        return Err(exceeds(line, Unit::Declared, line.declared, Quantity::ZERO));
    };
    let number = goods.filed.number;
    let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Goods, number };
    let item = guards::item(work, key, line.line, "itemRecordNo")?;
    guards::item_not_stopped(&item, Direction::In, line.line, number, book)?;
    let quantities = Quantities {
        line: line.line,
        units: &item.units,
        declared: line.declared,
        statutory1: line.statutory1,
        statutory2: line.statutory2,
    };
    quantities.positive()?;
    quantities.agree_with_units()?;
    let (filed, back) = (&goods.filed, &goods.returned);
    let left = |out: Quantity, back: Quantity| out.checked_sub(back).ok_or_else(Stop::overflow);
    let declared_left = left(filed.declared, back.declared)?;
    if line.declared > declared_left {
        return Err(exceeds(line, Unit::Declared, line.declared, declared_left));
    }
    let last = line.declared == declared_left;
    let second = (filed.statutory2.unwrap_or_default(), line.statutory2.unwrap_or_default());
    for (unit, still_out, wanted) in [
        (Unit::Statutory1, left(filed.statutory1, back.statutory1)?, line.statutory1),
        (Unit::Statutory2, left(second.0, back.statutory2)?, second.1),
    ] {
        if wanted > still_out || (!still_out.is_zero() && (wanted == still_out) != last) {
            let expected =
                if last { format!("exactly {still_out}") } else { format!("less than {still_out}") };
            return Err(Refusal::new(Reason::StatutoryRemainder)
                .line(line.line)
                .field("gnum", line.line)
                .expected(expected)
                .short(None, unit, wanted, still_out)
                .into());
        }
    }
    Ok(())
}

fn exceeds(line: &ReturnedLine, unit: Unit, wanted: Quantity, left: Quantity) -> Stop {
    Refusal::new(Reason::ReturnExceedsOut)
        .line(line.line)
        .field("gnum", line.line)
        .expected(format!("at most {left}, what is still out"))
        .short(None, unit, wanted, left)
        .into()
}

fn transfers(
    book: &Book,
    parcel: &Parcel,
    filing: &ParcelReturnFiling,
) -> Result<Vec<goods::Transfer>, Stop> {
    let mut back = Vec::with_capacity(filing.lines.len());
    for line in &filing.lines {
        let Some(of) = line_of(parcel, line.line) else {
            return Err(Stop::Broken(format!("line {} of a parcel vanished", line.line)));
        };
        back.push(Goods {
            line: line.line,
            mark: Mark::Goods,
            number: of.filed.number,
            lot: of.lot.as_ref(),
            serial: of.serial.as_ref(),
            // Parcels leave without a value (12.1), so they come back without one.
            measure: Measure::new(
                line.declared,
                line.statutory1,
                line.statutory2.unwrap_or_default(),
                Quantity::ZERO,
            ),
        });
    }
    Ok(along_all(book, goods::rule(MatrixRow::ECommerceReturn)?.legs, back.into_iter()))
}

/// Notes what came back, line by line. Gives the price of what came back in time: the share of each line's price is
/// rounded once from all that came back of it so far, so that the whole of it is given back when all of it is.
fn take_back(parcel: &mut Parcel, filing: &ParcelReturnFiling, in_time: bool) -> Result<Quantity, Stop> {
    let mut restored = Quantity::ZERO;
    let add = |sum: Quantity, more: Quantity| sum.checked_add(more).ok_or_else(Stop::overflow);
    for line in &filing.lines {
        let Some(goods) = parcel.lines.iter_mut().find(|goods| goods.filed.line == line.line) else {
            return Err(Stop::Broken(format!("line {} of a parcel vanished", line.line)));
        };
        let back = &mut goods.returned;
        back.declared = add(back.declared, line.declared)?;
        back.statutory1 = add(back.statutory1, line.statutory1)?;
        back.statutory2 = add(back.statutory2, line.statutory2.unwrap_or_default())?;
        if !in_time {
            continue;
        }
        back.in_time = add(back.in_time, line.declared)?;
        let numerator = BigInt::from(goods.filed.price.raw()) * back.in_time.raw();
        let share: Quantity =
            rounded(numerator, BigInt::from(goods.filed.declared.raw())).ok_or_else(Stop::overflow)?;
        restored = add(restored, share.checked_sub(back.restored).ok_or_else(Stop::overflow)?)?;
        back.restored = share;
    }
    Ok(restored)
}
