//! Parcels and the lists that gather them (`RULES.md` 12).

use super::checks::{Leg, check_quantities, stock_test};
use super::lots::Wishes;
use super::permits::{same_sums, three, today};
use super::shelf::{Shelf, Status};
use super::{Now, Shown};
use std::collections::BTreeMap;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::ParcelNo;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{BuyerHash, CitedParcel, List, Parcel, ParcelFiling, ParcelLine};
use zonebook_ledger::hold::HeldKind;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;

/// The highest total of a parcel, and of a buyer's year, unless others are set, in 1/100,000.
const TOTAL_MAX: i128 = 5_000 * 100_000;
const YEAR_MAX: i128 = 26_000 * 100_000;

/// An accepted parcel.
#[derive(Clone, Debug)]
pub struct ParcelCopy {
    pub parcel: Parcel,
    pub state: DocumentState,
    /// When it was reserved.
    pub reserved_on: Date,
    /// When it was delivered.
    pub delivered_on: Option<Date>,
}

/// What a parcel is worth, in 1/100,000.
pub fn worth(parcel: &Parcel) -> i128 {
    parcel.lines.iter().map(|line| line.price.raw()).sum()
}

impl Shelf {
    pub fn parcel(&self, number: &ParcelNo) -> Option<&ParcelCopy> {
        self.parcels.iter().find(|parcel| parcel.parcel.parcel_no == *number)
    }

    /// What a buyer spent in a year: all parcels reserved in it that were not cancelled, less what came back in time.
    pub fn spent(&self, buyer: BuyerHash, year: i64) -> i128 {
        let counts = |copy: &&ParcelCopy| {
            copy.parcel.buyer == Some(buyer)
                && copy.reserved_on.civil().0 == year
                && copy.state != DocumentState::Cancelled
        };
        let kept = |copy: &ParcelCopy| worth(&copy.parcel) - self.relieved(&copy.parcel);
        self.parcels.iter().filter(counts).map(kept).sum()
    }

    pub(super) fn file_parcels(&mut self, filing: &ParcelFiling, now: Now) -> Result<Shown, Reason> {
        match filing {
            ParcelFiling::File(parcels) => self.reserve_parcels(parcels, now),
            ParcelFiling::FileCited(cited) => {
                let parcels: Vec<Parcel> = cited.iter().map(|cited| cited.parcel.clone()).collect();
                let shown = self.reserve_parcels(&parcels, now)?;
                let sold = |cited: &CitedParcel| Some((cited.parcel.parcel_no.clone(), cited.sale.clone()?));
                self.cited.extend(cited.iter().filter_map(sold));
                Ok(shown)
            }
            ParcelFiling::Cancel(numbers) => self.cancel_parcels(numbers, now),
        }
    }

    /// 12.1
    fn reserve_parcels(&mut self, parcels: &[Parcel], now: Now) -> Result<Shown, Reason> {
        let mut legs: Vec<(&Parcel, u64, Leg)> = Vec::new();
        for (at, parcel) in parcels.iter().enumerate() {
            let twice = parcels.iter().take(at).any(|other| other.parcel_no == parcel.parcel_no);
            if twice || self.parcel(&parcel.parcel_no).is_some() {
                return Err(Reason::DocumentExists);
            }
            let book = self.book(parcel.book_no.as_str()).ok_or(Reason::BookUnknown)?;
            if book.filing.usage != Usage::ECommerce {
                return Err(Reason::BookUnknown);
            }
            self.free_book(parcel.book_no.as_str())?;
            if book.stops.stops(Direction::Out) {
                return Err(Reason::BookPaused);
            }
            if worth(parcel) > self.parameter(Parameter::ParcelValueMax, TOTAL_MAX, now) {
                return Err(Reason::ParcelLimitExceeded);
            }
            if let Some(buyer) = parcel.buyer {
                let same = |other: &&Parcel| other.buyer == Some(buyer);
                let in_message: i128 = parcels.iter().take(at + 1).filter(same).map(worth).sum();
                let spent = self.spent(buyer, today(now).civil().0) + in_message;
                if spent > self.parameter(Parameter::BuyerYearMax, YEAR_MAX, now) {
                    return Err(Reason::BuyerLimitExceeded);
                }
            }
            for line in &parcel.lines {
                legs.push((parcel, line.line, self.check_parcel_line(parcel, line)?));
            }
            let lines: Vec<u64> = parcel.lines.iter().map(|line| line.line).collect();
            self.may_name(parcel.book_no.as_str(), &parcel.lots, &[Place::Zone], &lines)?;
        }
        stock_test(self, legs.iter().map(|(_, _, leg)| leg.clone()))?;
        for (parcel, line, leg) in legs {
            let wishes = Wishes { named: Some(parcel.lots.clone()), ..Wishes::default() };
            self.moves((parcel.parcel_no.as_str(), line), leg, (Status::Pending, now), &wishes)?;
        }
        let mut shown = Shown { state: Some(DocumentState::Reserved), ..Shown::default() };
        for parcel in parcels {
            let state = DocumentState::Reserved;
            shown.changed.insert(parcel.parcel_no.to_string(), state);
            let reserved_on = today(now);
            self.parcels.push(ParcelCopy { parcel: parcel.clone(), state, reserved_on, delivered_on: None });
        }
        Ok(shown)
    }

    fn check_parcel_line(&self, parcel: &Parcel, line: &ParcelLine) -> Result<Leg, Reason> {
        let book = self.book(parcel.book_no.as_str()).unwrap();
        let row = book.row(Mark::Goods, line.number).ok_or(Reason::ItemNotFiled)?;
        if row.tariff != line.tariff_code {
            return Err(Reason::HsMismatch);
        }
        if row.units != line.units {
            return Err(Reason::UnitMismatch);
        }
        if row.stops.stops(Direction::Out) {
            return Err(Reason::ItemPaused);
        }
        let given = [Some(line.declared), Some(line.statutory1), line.statutory2];
        if given.iter().flatten().any(|given| given.raw() <= 0) {
            return Err(Reason::NonPositiveQty);
        }
        check_quantities(&row.units, line.declared, line.statutory1, line.statutory2)?;
        let zone = PositionKey {
            book_no: parcel.book_no.clone(),
            mark: Mark::Goods,
            number: line.number,
            lot: row.lot.clone(),
            serial: None,
            place: Place::Zone,
        };
        let moved = [line.declared.raw(), line.statutory1.raw(), line.statutory2.map_or(0, Quantity::raw), 0];
        Ok((zone.clone(), zone.at(Place::Outside), moved))
    }

    /// 12.2
    fn cancel_parcels(&mut self, numbers: &[ParcelNo], now: Now) -> Result<Shown, Reason> {
        for (at, number) in numbers.iter().enumerate() {
            let parcel = self.parcel(number).ok_or(Reason::DocumentUnknown)?;
            let twice = numbers.iter().take(at).any(|other| other == number);
            if twice || parcel.state != DocumentState::Reserved {
                return Err(Reason::ParcelNotOpen);
            }
            self.free_after_inspection(HeldKind::Parcel, number.as_str())?;
        }
        let mut shown = Shown { state: Some(DocumentState::Cancelled), ..Shown::default() };
        for number in numbers {
            self.end_pending(number.as_str(), Status::Cancelled(now.revision));
        }
        self.mark_parcels(numbers, DocumentState::Cancelled, now, &mut shown.changed);
        Ok(shown)
    }

    /// 12.3
    pub(super) fn check_parcels(&self, list: &List) -> Result<(), Reason> {
        let mut named = Vec::new();
        for (at, number) in list.parcels.iter().enumerate() {
            let parcel = self.parcel(number).ok_or(Reason::ParcelNotOpen)?;
            let once = !list.parcels.iter().take(at).any(|other| other == number);
            let of_book = parcel.parcel.book_no == list.book_no;
            if !(once && of_book && parcel.state == DocumentState::Reserved) {
                return Err(Reason::ParcelNotOpen);
            }
            self.free_to_pass(HeldKind::Parcel, number.as_str())?;
            for line in &parcel.parcel.lines {
                named.push((line.number, three(line.declared, line.statutory1, line.statutory2)));
            }
        }
        if same_sums(list, &named) { Ok(()) } else { Err(Reason::ParcelSumMismatch) }
    }

    pub(super) fn mark_parcels(
        &mut self,
        numbers: &[ParcelNo],
        state: DocumentState,
        now: Now,
        changed: &mut BTreeMap<String, DocumentState>,
    ) {
        for parcel in self.parcels.iter_mut().filter(|parcel| numbers.contains(&parcel.parcel.parcel_no)) {
            parcel.state = state;
            parcel.delivered_on = (state == DocumentState::Delivered).then(|| today(now));
            changed.insert(parcel.parcel.parcel_no.to_string(), state);
        }
    }
}
