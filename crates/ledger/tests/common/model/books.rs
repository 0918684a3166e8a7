//! Books (`RULES.md` 4).

use super::shelf::{BookCopy, Row, Shelf, named_twice};
use super::{Now, Shown};
use zonebook_ledger::book::BookingMode;
use zonebook_ledger::direction::{Mark, Stops};
use zonebook_ledger::document::{BookFiling, BookRow};
use zonebook_ledger::limits::ROWS_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;

impl Shelf {
    pub(super) fn file_book(&mut self, filing: &BookFiling, now: Now) -> Result<Shown, Reason> {
        if filing.rows.len() > ROWS_MAX {
            return Err(Reason::TooLarge);
        }
        if named_twice(filing.rows.iter().map(|row| row.number)) {
            return Err(Reason::NamedTwice);
        }
        let number = filing.book_no.as_str();
        match filing.change_no {
            None => self.open_book(filing)?,
            Some(change_no) => {
                let book = self.book_mut(number)?;
                if change_no != book.change_no + 1 {
                    return Err(Reason::ChangeCountMismatch);
                }
                book.change_no = change_no;
            }
        }
        for row in &filing.rows {
            if filing.change_no.is_none() || row.amended {
                self.file_row(number, row, now)?;
            }
        }
        Ok(Shown { state: Some(DocumentState::Filed), ..Shown::default() })
    }

    /// 4.1
    fn open_book(&mut self, filing: &BookFiling) -> Result<(), Reason> {
        if self.book(filing.book_no.as_str()).is_some() {
            return Err(Reason::DocumentExists);
        }
        let zone = self.zones.iter().find(|(office, _)| *office == filing.office);
        let (_, kind) = zone.ok_or(Reason::ZoneUnknown)?;
        if filing.zone_kind.is_some_and(|said| said != *kind) {
            return Err(Reason::ZoneKindMismatch);
        }
        self.books.push(BookCopy {
            filing: filing.clone(),
            change_no: 0,
            stops: Stops::default(),
            rows: Vec::new(),
        });
        Ok(())
    }

    /// 4.1 and 4.2: a known item takes over the stop, an unknown one is filed with its opening balance.
    fn file_row(&mut self, book_no: &str, row: &BookRow, now: Now) -> Result<(), Reason> {
        let book = self.book_mut(book_no)?;
        if let Some(known) = book.rows.iter_mut().find(|known| known.number == row.number) {
            known.stops = row.stops;
            return Ok(());
        }
        let lot = match book.filing.booking_mode {
            BookingMode::Accumulating => None,
            BookingMode::RowPerReceipt => Some(row.lot.clone().ok_or(Reason::InvalidField)?),
        };
        book.rows.push(Row {
            number: row.number,
            part: row.part_no.clone(),
            tariff: row.tariff_code.clone(),
            units: row.units.clone(),
            lot: lot.clone(),
            stops: row.stops,
        });
        let zone = PositionKey {
            book_no: book.filing.book_no.clone(),
            mark: Mark::Goods,
            number: row.number,
            lot,
            serial: None,
            place: Place::Zone,
        };
        let opening =
            [row.opening_declared, row.opening_statutory1, row.opening_statutory2, row.opening_value];
        if row.opening_declared.raw() > 0 {
            // Counters only grow by what is posted: an opening that takes something away is no opening.
            if opening.iter().any(|quantity| quantity.raw() < 0) {
                return Err(Reason::InvalidField);
            }
            self.post_at_once(book_no, zone.at(Place::Opening), zone, opening.map(Quantity::raw), now);
        }
        Ok(())
    }
}
