//! Returns of parcels (`domain.md` 3.1, row 21 of 3.4, A18).

use super::checks::check_quantities;
use super::lots::Wishes;
use super::permits::today;
use super::shelf::{Shelf, named_twice};
use super::{Now, ParcelCopy, Shown};
use zonebook_ledger::code::ReturnNo;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{Parcel, ParcelLine, ParcelReturnFiling, ReturnedLine};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;

/// Days to apply and to arrive unless others are set.
const APPLY_DAYS: i128 = 30;
const ARRIVE_DAYS: i128 = 45;
const ONE: i128 = 100_000;

/// An accepted return.
#[derive(Clone, Debug)]
pub struct ReturnCopy {
    pub filing: ParcelReturnFiling,
    pub in_time: bool,
}

fn second(line: &ReturnedLine) -> i128 {
    line.statutory2.map_or(0, Quantity::raw)
}

impl Shelf {
    pub fn parcel_return(&self, number: &ReturnNo) -> Option<&ReturnCopy> {
        self.returns.iter().find(|copy| copy.filing.return_no == *number)
    }

    /// What came back of a line of a parcel, all of it or only what was in time.
    fn back(&self, parcel: &Parcel, line: u64, in_time_only: bool) -> [i128; 3] {
        let of_parcel = self
            .returns
            .iter()
            .filter(|copy| copy.filing.parcel_no == parcel.parcel_no && (copy.in_time || !in_time_only));
        let lines = of_parcel.flat_map(|copy| &copy.filing.lines).filter(|back| back.line == line);
        lines.fold([0; 3], |sum, back| {
            [sum[0] + back.declared.raw(), sum[1] + back.statutory1.raw(), sum[2] + second(back)]
        })
    }

    /// The price of what came back in time: each line's share, half up.
    pub fn relieved(&self, parcel: &Parcel) -> i128 {
        let share = |line: &ParcelLine| {
            let back = self.back(parcel, line.line, true)[0];
            (2 * line.price.raw() * back + line.declared.raw()) / (2 * line.declared.raw())
        };
        parcel.lines.iter().map(share).sum()
    }

    pub(super) fn file_return(&mut self, filing: &ParcelReturnFiling, now: Now) -> Result<Shown, Reason> {
        if named_twice(filing.lines.iter().map(|line| line.line)) {
            return Err(Reason::NamedTwice);
        }
        if self.parcel_return(&filing.return_no).is_some() {
            return Err(Reason::DocumentExists);
        }
        let copy = self.parcel(&filing.parcel_no).ok_or(Reason::DocumentUnknown)?.clone();
        let Some(delivered) = copy.delivered_on else { return Err(Reason::ParcelNotOpen) };
        if [filing.applied_on, filing.arrived_on].iter().any(|on| *on < delivered || *on > today(now)) {
            return Err(Reason::InvalidField);
        }
        let in_time = filing.applied_on <= self.until(delivered, Parameter::ReturnApplyDays, APPLY_DAYS, now)
            && filing.arrived_on <= self.until(delivered, Parameter::ReturnArriveDays, ARRIVE_DAYS, now);
        let book = self.book(copy.parcel.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        if book.stops.stops(Direction::In) {
            return Err(Reason::BookPaused);
        }
        if filing.lines.is_empty() {
            return Err(Reason::InvalidField);
        }
        let mut moves = Vec::new();
        for line in &filing.lines {
            moves.push((self.check_returned(&copy, line)?, line.clone()));
        }
        for (zone, line) in moves {
            let moved = [line.declared.raw(), line.statutory1.raw(), second(&line), 0];
            let number = filing.return_no.to_string();
            let leg = (zone.at(Place::Outside), zone, moved);
            let wishes = Wishes::undoing(filing.parcel_no.as_str());
            self.post_at_once((&number, line.line), leg, now, &wishes)?;
        }
        self.returns.push(ReturnCopy { filing: filing.clone(), in_time });
        let mut shown = Shown { state: Some(DocumentState::Posted), ..Shown::default() };
        shown.changed.insert(filing.return_no.to_string(), DocumentState::Posted);
        Ok(shown)
    }

    fn until(&self, delivered: Date, parameter: Parameter, days: i128, now: Now) -> Date {
        let days = self.parameter(parameter, days * ONE, now) / ONE;
        Date(delivered.0 + i32::try_from(days).unwrap())
    }

    /// Where the goods of a line go back to.
    fn check_returned(&self, copy: &ParcelCopy, line: &ReturnedLine) -> Result<PositionKey, Reason> {
        if line.declared.raw() <= 0 || line.statutory1.raw() <= 0 {
            return Err(Reason::NonPositiveQty);
        }
        let of = copy.parcel.lines.iter().find(|of| of.line == line.line).ok_or(Reason::ReturnExceedsOut)?;
        let book = self.book(copy.parcel.book_no.as_str()).unwrap();
        let row = book.row(Mark::Goods, of.number).ok_or(Reason::ItemNotFiled)?;
        if row.stops.stops(Direction::In) {
            return Err(Reason::ItemPaused);
        }
        if line.statutory2.is_some_and(|given| given.raw() <= 0) {
            return Err(Reason::NonPositiveQty);
        }
        check_quantities(&row.units, line.declared, line.statutory1, line.statutory2)?;
        let back = self.back(&copy.parcel, line.line, false);
        let out = [of.declared.raw(), of.statutory1.raw(), of.statutory2.map_or(0, Quantity::raw)];
        let wanted = [line.declared.raw(), line.statutory1.raw(), second(line)];
        if back[0] + wanted[0] > out[0] {
            return Err(Reason::ReturnExceedsOut);
        }
        let last = back[0] + wanted[0] == out[0];
        for unit in [1, 2] {
            let left = out[unit] - back[unit];
            if wanted[unit] > left || (left != 0 && (wanted[unit] == left) != last) {
                return Err(Reason::StatutoryRemainder);
            }
        }
        Ok(PositionKey {
            book_no: copy.parcel.book_no.clone(),
            mark: Mark::Goods,
            number: of.number,
            lot: row.lot.clone(),
            serial: None,
            place: Place::Zone,
        })
    }
}
