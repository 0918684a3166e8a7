//! The life of books and zones: longer, under a case, ended, carried over, converted (`domain.md` 2.2, 2.3, 3.0).

use super::lots::Wishes;
use super::permits::today;
use super::shelf::{BookCopy, Shelf, named_twice, stock_place};
use super::{Now, Shown};
use zonebook_ledger::book::{BookingMode, Usage};
use zonebook_ledger::code::{CarryOverNo, OfficeCode};
use zonebook_ledger::command::{BookAction, BookOrder, ZoneConversion};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{CarryOverFiling, CarryOverLine};
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;
use zonebook_ledger::zone::{Zone, ZoneKind};

impl Shelf {
    pub fn carry_over(&self, number: &CarryOverNo) -> Option<&CarryOverFiling> {
        self.carry_overs.iter().find(|filing| filing.carry_over_no == *number)
    }

    /// A book for something new.
    pub(super) fn free_book(&self, number: &str) -> Result<&BookCopy, Reason> {
        let book = self.book(number).ok_or(Reason::BookUnknown)?;
        if book.case.is_some() { Err(Reason::BookUnderCase) } else { Ok(book) }
    }

    /// Whether something is in a book or waits on it.
    pub fn holds_something(&self, number: &str) -> bool {
        let of_book = |position: &&PositionKey| position.book_no.as_str() == number;
        self.positions().iter().filter(of_book).any(|position| {
            let figures = self.figures(position);
            let waits = [figures.increase_pending, figures.decrease_pending].concat();
            let inside = super::checks::inside(position.place);
            waits.iter().any(|raw| *raw != 0)
                || (inside && figures.on_hand()[..3].iter().any(|raw| *raw != 0))
        })
    }

    pub(super) fn order_book(&mut self, order: &BookOrder) -> Result<Shown, Reason> {
        let number = order.book_no.as_str();
        if order.reason.is_empty() {
            return Err(Reason::InvalidField);
        }
        let case = self.book(number).ok_or(Reason::BookUnknown)?.case.clone();
        match &order.action {
            BookAction::Extend(day) => {
                let book = self.book_mut(number)?;
                if *day <= book.filing.valid_until {
                    return Err(Reason::InvalidField);
                }
                book.filing.valid_until = *day;
            }
            BookAction::OpenCase(_) if case.is_some() => return Err(Reason::CaseMismatch),
            BookAction::OpenCase(case_no) => self.book_mut(number)?.case = Some(case_no.clone()),
            BookAction::LiftCase(case_no) if case.as_ref() != Some(case_no) => {
                return Err(Reason::CaseMismatch);
            }
            BookAction::LiftCase(_) => self.book_mut(number)?.case = None,
            BookAction::Cancel if case.is_some() => return Err(Reason::BookUnderCase),
            // Chance ends no book: what comes after is told in `book_life`.
            BookAction::Cancel => return Err(Reason::BookNotEmpty),
        }
        Ok(Shown::default())
    }

    pub(super) fn kind_of_zone(&self, office: &OfficeCode, day: Date) -> Option<ZoneKind> {
        let (_, first) = self.zones.iter().find(|(other, _)| other == office)?;
        let converted = self.conversions.iter().find(|(other, from, _)| other == office && *from <= day);
        Some(converted.map_or(*first, |(.., kind)| *kind))
    }

    pub(super) fn define_zone(&mut self, zone: &Zone) -> Result<Shown, Reason> {
        let last = self.kind_of_zone(&zone.office, Date(i32::MAX));
        let books = self.books.iter().any(|book| book.filing.office == zone.office);
        if last != Some(zone.kind) {
            if last.is_some() && books {
                return Err(Reason::ZoneConversion);
            }
            self.zones.retain(|(office, _)| *office != zone.office);
            self.conversions.retain(|(office, ..)| *office != zone.office);
            self.zones.push((zone.office.clone(), zone.kind));
        }
        Ok(Shown::default())
    }

    pub(super) fn convert_zone(&mut self, wanted: &ZoneConversion, now: Now) -> Result<Shown, Reason> {
        if wanted.reason.is_empty() {
            return Err(Reason::InvalidField);
        }
        let last = self.kind_of_zone(&wanted.office, Date(i32::MAX)).ok_or(Reason::ZoneUnknown)?;
        if wanted.kind.code() != "Z" || last.code() == "Z" {
            return Err(Reason::ZoneConversion);
        }
        if wanted.from <= today(now) {
            return Err(Reason::InvalidField);
        }
        self.conversions.push((wanted.office.clone(), wanted.from, wanted.kind));
        Ok(Shown::default())
    }

    pub(super) fn file_carry_over(&mut self, filing: &CarryOverFiling, now: Now) -> Result<Shown, Reason> {
        match filing.lines.len() {
            0 => return Err(Reason::InvalidField),
            count if count > LINES_MAX => return Err(Reason::TooLarge),
            _ => {}
        }
        let of_mark = |mark: Mark| filing.lines.iter().filter(move |line| line.mark == mark);
        if named_twice(filing.lines.iter().map(|line| line.line))
            || Mark::ALL.iter().any(|mark| named_twice(of_mark(*mark).map(|line| line.number)))
        {
            return Err(Reason::NamedTwice);
        }
        if self.carry_over(&filing.carry_over_no).is_some() {
            return Err(Reason::DocumentExists);
        }
        let from = self.free_book(filing.from_book.as_str())?.clone();
        let to = self.free_book(filing.to_book.as_str())?.clone();
        for (book, direction) in [(&from, Direction::Out), (&to, Direction::In)] {
            if book.filing.owner != filing.owner {
                return Err(Reason::BookOwnerMismatch);
            }
            if book.stops.stops(direction) {
                return Err(Reason::BookPaused);
            }
        }
        let last_day = to.filing.valid_until;
        if filing.declared_at.date() > last_day || (now.live && today(now) > last_day) {
            return Err(Reason::BookExpired);
        }
        let sort = |book: &BookCopy| {
            let filed = &book.filing;
            (filed.office.clone(), filed.kind, filed.usage, book.regime, filed.booking_mode)
        };
        if filing.from_book == filing.to_book || sort(&from) != sort(&to) {
            return Err(Reason::CarryOverMismatch);
        }
        for line in &filing.lines {
            self.carry(&from, &to, line, filing, now)?;
        }
        self.carry_overs.push(filing.clone());
        Ok(Shown { state: Some(DocumentState::Posted), ..Shown::default() })
    }

    /// All of an item; chance carries over books that accumulate, and no leased asset.
    fn carry(
        &mut self,
        from: &BookCopy,
        to: &BookCopy,
        line: &CarryOverLine,
        filing: &CarryOverFiling,
        now: Now,
    ) -> Result<(), Reason> {
        let row = from.row(line.mark, line.number).ok_or(Reason::ItemNotFiled)?;
        if row.stops.outward {
            return Err(Reason::ItemPaused);
        }
        if row.tracked || (from.filing.usage == Usage::Repair && line.mark == Mark::Residue) {
            return Err(Reason::CarryOverMismatch);
        }
        let there = PositionKey {
            book_no: filing.from_book.clone(),
            mark: line.mark,
            number: line.number,
            lot: row.lot.clone(),
            serial: row.serial.clone(),
            place: stock_place(from.filing.usage, line.mark),
        };
        let figures = self.figures(&there);
        let waits = [figures.increase_pending, figures.decrease_pending].concat();
        if waits.iter().any(|raw| *raw != 0) || figures.on_hand()[0] <= 0 {
            return Err(Reason::CarryOverBlocked);
        }
        let [declared, first, second, value] = figures.on_hand();
        let all = [declared, first, second, value.max(0)];
        assert_eq!(to.filing.booking_mode, BookingMode::Accumulating, "the world has no other successors");
        let entered = line.to_number.ok_or(Reason::InvalidField)?;
        let other = to.row(line.mark, entered).ok_or(Reason::ItemNotFiled)?;
        if other.stops.inward {
            return Err(Reason::ItemPaused);
        }
        if other.tariff != row.tariff {
            return Err(Reason::CarryOverMismatch);
        }
        if other.units != row.units {
            return Err(Reason::UnitMismatch);
        }
        if other.kind != row.kind || other.tracked {
            return Err(Reason::CarryOverMismatch);
        }
        let here = PositionKey {
            book_no: filing.to_book.clone(),
            number: entered,
            lot: other.lot.clone(),
            serial: other.serial.clone(),
            ..there.clone()
        };
        let number = filing.carry_over_no.as_str();
        let out = (there.clone(), there.at(Place::Outside), all);
        self.post_at_once((number, line.line), out, now, &Wishes::default())?;
        let wishes = Wishes { continues: Some(number.to_owned()), ..Wishes::default() };
        self.post_at_once((number, line.line), (here.at(Place::Outside), here, all), now, &wishes)
    }
}
