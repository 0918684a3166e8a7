//! Goods by status (`domain.md` 3.1, 3.4 rows 28 and 29).

use super::checks::{Leg, check_quantities, stock_test};
use super::lots::Wishes;
use super::permits::today;
use super::shelf::{BookCopy, Row, Shelf, named_twice};
use super::{Now, Shown};
use zonebook_ledger::book::{BookingMode, Usage};
use zonebook_ledger::code::{CustomsNo, LotNo, RegistrationNo, StatusChangeNo};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{RegistrationFiling, StatusChangeFiling, StatusLine};
use zonebook_ledger::layer::NamedLot;
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::LocalTime;

impl Shelf {
    pub fn registration(&self, number: &RegistrationNo) -> Option<&RegistrationFiling> {
        self.registrations.iter().find(|filing| filing.registration_no == *number)
    }

    pub fn status_change(&self, number: &StatusChangeNo) -> Option<&StatusChangeFiling> {
        self.status_changes.iter().find(|filing| filing.status_change_no == *number)
    }

    pub(super) fn file_registration(
        &mut self,
        filing: &RegistrationFiling,
        now: Now,
    ) -> Result<Shown, Reason> {
        check_lines(filing.lines.iter())?;
        if self.registration(&filing.registration_no).is_some() {
            return Err(Reason::DocumentExists);
        }
        let book = self.free_book(filing.book_no.as_str())?;
        if book.filing.usage != Usage::NonBonded {
            return Err(Reason::BondedBook);
        }
        may_move(book, &filing.owner, filing.passed_at, filing.direction, now)?;
        let from = if filing.direction == Direction::In { Place::Outside } else { Place::Zone };
        let numbers: Vec<u64> = filing.lines.iter().map(|line| line.line).collect();
        self.may_name(filing.book_no.as_str(), &filing.lots, &[from], &numbers)?;
        let mut legs = Vec::new();
        for line in &filing.lines {
            let row = filed_row(book, line, line.number, filing.direction)?;
            let zone = zone(book, row);
            let outside = zone.at(Place::Outside);
            legs.push(match filing.direction {
                Direction::In => (outside, zone, moved(line)),
                Direction::Out => (zone, outside, moved(line)),
            });
        }
        stock_test(self, legs.iter().cloned())?;
        let lines = filing.lines.iter().map(|line| line.line);
        self.post_all(filing.registration_no.as_str(), lines.zip(legs).collect(), &filing.lots, now)?;
        self.registrations.push(filing.clone());
        Ok(Shown { state: Some(DocumentState::Posted), ..Shown::default() })
    }

    pub(super) fn file_status_change(
        &mut self,
        filing: &StatusChangeFiling,
        now: Now,
    ) -> Result<Shown, Reason> {
        check_lines(filing.lines.iter().map(|line| &line.goods))?;
        if self.status_change(&filing.status_change_no).is_some() {
            return Err(Reason::DocumentExists);
        }
        let from = self.free_book(filing.from_book.as_str())?.clone();
        let to = self.free_book(filing.to_book.as_str())?.clone();
        may_move(&from, &filing.owner, filing.declared_at, Direction::Out, now)?;
        may_move(&to, &filing.owner, filing.declared_at, Direction::In, now)?;
        let non_bonded = |book: &BookCopy| book.filing.usage == Usage::NonBonded;
        if from.filing.office != to.filing.office || non_bonded(&from) == non_bonded(&to) {
            return Err(Reason::StatusChangeMismatch);
        }
        self.release_of(&filing.declaration_no).ok_or(Reason::DeclarationNotReleased)?;
        let numbers: Vec<u64> = filing.lines.iter().map(|line| line.goods.line).collect();
        self.may_name(filing.from_book.as_str(), &filing.lots, &[Place::Zone], &numbers)?;
        let (mut left, mut entered) = (Vec::new(), Vec::new());
        for line in &filing.lines {
            let row = filed_row(&from, &line.goods, line.goods.number, Direction::Out)?;
            if row.tracked || from.filing.usage == Usage::Lease {
                return Err(Reason::StatusChangeMismatch);
            }
            let there = zone(&from, row);
            left.push((line.goods.line, (there.clone(), there.at(Place::Outside), moved(&line.goods))));
            let leasing = to.filing.usage == Usage::Lease;
            let row = if to.filing.booking_mode == BookingMode::RowPerReceipt && !leasing {
                let lot = format!("{}/{}", filing.status_change_no, line.goods.line);
                let lot = LotNo::new(&lot).map_err(|_| Reason::InvalidField)?;
                self.new_row(filing.to_book.as_str(), &line.goods, lot)?
            } else {
                filed_row(&to, &line.goods, line.to_number, Direction::In)?.clone()
            };
            if row.tracked || leasing {
                return Err(Reason::StatusChangeMismatch);
            }
            let there = zone(&to, &row);
            entered.push((line.goods.line, (there.at(Place::Outside), there, moved(&line.goods))));
        }
        stock_test(self, left.iter().map(|(_, leg)| leg.clone()))?;
        left.extend(entered);
        self.post_all(filing.status_change_no.as_str(), left, &filing.lots, now)?;
        self.status_changes.push(filing.clone());
        Ok(Shown { state: Some(DocumentState::Posted), ..Shown::default() })
    }

    fn new_row(&mut self, book_no: &str, line: &StatusLine, lot: LotNo) -> Result<Row, Reason> {
        let book = self.book_mut(book_no)?;
        let row = Row {
            mark: Mark::Goods,
            number: book.rows.iter().map(|row| row.number).max().unwrap_or(0) + 1,
            part: line.part_no.clone(),
            tariff: line.tariff_code.clone(),
            units: line.units.clone(),
            lot: Some(lot),
            tracked: false,
            serial: None,
            kind: None,
            stops: Default::default(),
        };
        book.rows.push(row.clone());
        Ok(row)
    }

    fn post_all(
        &mut self,
        number: &str,
        legs: Vec<(u64, Leg)>,
        lots: &[NamedLot],
        now: Now,
    ) -> Result<(), Reason> {
        let wishes = Wishes { named: Some(lots.to_vec()), ..Wishes::default() };
        for (line, leg) in legs {
            self.post_at_once((number, line), leg, now, &wishes)?;
        }
        Ok(())
    }
}

fn check_lines<'l>(lines: impl ExactSizeIterator<Item = &'l StatusLine>) -> Result<(), Reason> {
    match lines.len() {
        0 => Err(Reason::InvalidField),
        count if count > LINES_MAX => Err(Reason::TooLarge),
        _ if named_twice(lines.map(|line| line.line)) => Err(Reason::NamedTwice),
        _ => Ok(()),
    }
}

fn may_move(
    book: &BookCopy,
    owner: &CustomsNo,
    said: LocalTime,
    direction: Direction,
    now: Now,
) -> Result<(), Reason> {
    if *owner != book.filing.owner {
        return Err(Reason::BookOwnerMismatch);
    }
    let last_day = book.filing.valid_until;
    if said.date() > last_day || (now.live && today(now) > last_day) {
        return Err(Reason::BookExpired);
    }
    if book.stops.stops(direction) { Err(Reason::BookPaused) } else { Ok(()) }
}

fn filed_row<'b>(
    book: &'b BookCopy,
    line: &StatusLine,
    number: u64,
    direction: Direction,
) -> Result<&'b Row, Reason> {
    let row = book.row(Mark::Goods, number).ok_or(Reason::ItemNotFiled)?;
    if row.tariff != line.tariff_code {
        return Err(Reason::HsMismatch);
    }
    if row.units != line.units {
        return Err(Reason::UnitMismatch);
    }
    let given = [Some(line.declared), Some(line.statutory1), line.statutory2];
    if given.iter().flatten().any(|given| given.raw() <= 0) {
        return Err(Reason::NonPositiveQty);
    }
    check_quantities(&line.units, line.declared, line.statutory1, line.statutory2)?;
    if line.value_usd.raw() < 0 {
        return Err(Reason::InvalidField);
    }
    if row.stops.stops(direction) { Err(Reason::ItemPaused) } else { Ok(row) }
}

fn zone(book: &BookCopy, row: &Row) -> PositionKey {
    PositionKey {
        book_no: book.filing.book_no.clone(),
        mark: Mark::Goods,
        number: row.number,
        lot: row.lot.clone(),
        serial: row.serial.clone(),
        place: Place::Zone,
    }
}

fn moved(line: &StatusLine) -> [i128; 4] {
    let second = line.statutory2.map_or(0, Quantity::raw);
    [line.declared.raw(), line.statutory1.raw(), second, line.value_usd.raw()]
}
