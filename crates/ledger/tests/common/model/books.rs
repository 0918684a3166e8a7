//! Books (`RULES.md` 4).

use super::lots::Wishes;
use super::permits::today;
use super::shelf::{BookCopy, Row, Shelf, named_twice};
use super::{Now, Shown};
use zonebook_ledger::book::{BookKind, BookingMode, Regime, Usage};
use zonebook_ledger::code::LotNo;
use zonebook_ledger::direction::{Mark, Stops};
use zonebook_ledger::document::{BookFiling, BookRow};
use zonebook_ledger::layer::LotMethod;
use zonebook_ledger::limits::ROWS_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::zone::ZoneKind;

impl Shelf {
    pub(super) fn file_book(&mut self, filing: &BookFiling, now: Now) -> Result<Shown, Reason> {
        if filing.rows.len() > ROWS_MAX || filing.bom.len() > ROWS_MAX {
            return Err(Reason::TooLarge);
        }
        for mark in Mark::ALL {
            if named_twice(filing.rows.iter().filter(|row| row.mark == *mark).map(|row| row.number)) {
                return Err(Reason::NamedTwice);
            }
        }
        let number = filing.book_no.as_str();
        match filing.change_no {
            None => self.open_book(filing, now)?,
            Some(change_no) => {
                let book = self.book_mut(number)?;
                if book.filing.kind != filing.kind {
                    return Err(Reason::BookUnknown);
                }
                if book.stops.changes {
                    return Err(Reason::BookPaused);
                }
                if change_no != book.change_no + 1 {
                    return Err(Reason::ChangeCountMismatch);
                }
                self.change_regime(number, filing.regime)?;
                self.book_mut(number)?.change_no = change_no;
            }
        }
        for row in &filing.rows {
            if filing.change_no.is_none() || row.amended {
                self.file_row(number, row, now)?;
            }
        }
        for row in &filing.bom {
            if filing.change_no.is_none() || row.amended {
                self.book_mut(number)?.add_to_bom(row)?;
            }
        }
        Ok(Shown { state: Some(DocumentState::Filed), ..Shown::default() })
    }

    /// 4.1 and 4.3
    fn open_book(&mut self, filing: &BookFiling, now: Now) -> Result<(), Reason> {
        if self.book(filing.book_no.as_str()).is_some() {
            return Err(Reason::DocumentExists);
        }
        let kind = self.kind_of_zone(&filing.office, today(now)).ok_or(Reason::ZoneUnknown)?;
        if filing.zone_kind.is_some_and(|said| said != kind) {
            return Err(Reason::ZoneKindMismatch);
        }
        let production = filing.kind == BookKind::Processing || filing.usage == Usage::Processing;
        let retail = filing.usage == Usage::ECommerce;
        if production && kind == ZoneKind::LogisticsPark || retail && kind == ZoneKind::ExportProcessing {
            return Err(Reason::ZoneKindForbids);
        }
        let processing = filing.usage == Usage::Processing;
        let accumulates = filing.booking_mode == BookingMode::Accumulating;
        let fits_non_bonded = filing.kind == BookKind::Logistics && accumulates;
        if (filing.regime.is_some() && !processing) || (filing.usage == Usage::NonBonded && !fits_non_bonded)
        {
            return Err(Reason::InvalidField);
        }
        self.books.push(BookCopy {
            filing: filing.clone(),
            change_no: 0,
            regime: filing.regime.unwrap_or(Regime::Bom),
            stops: Stops::default(),
            case: None,
            lots: LotMethod::None,
            rows: Vec::new(),
            bom: Vec::new(),
        });
        Ok(())
    }

    /// A regime changes while no order is open; what orders made into stock has left before.
    fn change_regime(&mut self, number: &str, regime: Option<Regime>) -> Result<(), Reason> {
        let book = self.book(number).ok_or(Reason::BookUnknown)?;
        let Some(regime) = regime else { return Ok(()) };
        if book.filing.usage != Usage::Processing {
            return Err(Reason::InvalidField);
        }
        if regime == book.regime {
            return Ok(());
        }
        let open =
            self.orders.iter().any(|order| order.opening.book_no == book.filing.book_no && !order.closed);
        let stocked = self.positions().iter().any(|position| {
            position.book_no == book.filing.book_no
                && (position.mark, position.place) == (Mark::Product, Place::Zone)
                && self.figures(position).on_hand()[0] > 0
        });
        if open || (book.regime == Regime::WorkOrder && stocked) {
            return Err(Reason::RegimeInUse);
        }
        self.book_mut(number)?.regime = regime;
        Ok(())
    }

    /// 4.1 to 4.3: an unknown item is filed with its opening balance; a known one takes over the stop, in a processing
    /// book all but the balance.
    fn file_row(&mut self, book_no: &str, row: &BookRow, now: Now) -> Result<(), Reason> {
        let book = self.book_mut(book_no)?;
        let (processing, usage) = (book.filing.kind == BookKind::Processing, book.filing.usage);
        let same = |known: &&mut Row| (known.mark, known.number) == (row.mark, row.number);
        if let Some(known) = book.rows.iter_mut().find(same) {
            if known.stops.changes {
                return Err(Reason::ItemPaused);
            }
            known.stops = row.stops;
            if processing {
                *known = Row { kind: known.kind, ..filed(row, None, usage) };
            }
            return Ok(());
        }
        let lot = match book.filing.booking_mode {
            BookingMode::Accumulating => None,
            BookingMode::RowPerReceipt => Some(row.lot.clone().ok_or(Reason::InvalidField)?),
        };
        if usage == Usage::Lease && row.serial.is_none() {
            return Err(Reason::InvalidField);
        }
        let item = filed(row, lot.clone(), usage);
        let serial = item.serial.clone();
        book.rows.push(item);
        let zone = PositionKey {
            book_no: book.filing.book_no.clone(),
            mark: row.mark,
            number: row.number,
            lot,
            serial,
            place: Place::Zone,
        };
        if row.opening_declared.raw() > 0 {
            let opening = opening(book, row)?;
            let leg = (zone.at(Place::Opening), zone, opening);
            self.post_at_once((book_no, row.number), leg, now, &Wishes::default())?;
        }
        Ok(())
    }
}

fn filed(row: &BookRow, lot: Option<LotNo>, usage: Usage) -> Row {
    let tracked = row.tracked_by_serial && usage == Usage::Repair;
    Row {
        mark: row.mark,
        number: row.number,
        part: row.part_no.clone(),
        tariff: row.tariff_code.clone(),
        units: row.units.clone(),
        lot,
        tracked,
        serial: row.serial.clone().filter(|_| usage == Usage::Lease),
        kind: None,
        stops: row.stops,
    }
}

/// 4.1, and 3.6 for a processing book.
fn opening(book: &BookCopy, row: &BookRow) -> Result<[i128; 4], Reason> {
    let said = [row.opening_declared, row.opening_statutory1, row.opening_statutory2, row.opening_value];
    // Counters only grow by what is posted: an opening that takes something away is no opening.
    if said.iter().any(|quantity| quantity.raw() < 0) {
        return Err(Reason::InvalidField);
    }
    let said = said.map(Quantity::raw);
    if book.filing.kind == BookKind::Logistics {
        return Ok(said);
    }
    let [declared, first, second, _] = book.undocumented(row.mark, row.number, said[0]);
    Ok([declared, first, second, said[3]])
}
