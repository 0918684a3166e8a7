//! Units for repair by their serial numbers, and the parts removed from them (`RULES.md` 10).

use super::checks::{inside, is_abroad};
use super::shelf::{Row, Shelf};
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{BookNo, LotNo, SerialNo};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{List, ListLine, Provenance};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;

/// The lot and the serial of goods.
pub(super) type Tracked = (Option<LotNo>, Option<SerialNo>);

/// An inbound line of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub number: u64,
    pub lot: LotNo,
    pub serial: SerialNo,
    pub provenance: Option<Provenance>,
}

/// 3.2
fn lot_of(list: &List, line: &ListLine) -> Result<LotNo, Reason> {
    LotNo::new(&format!("{}/{}", list.list_no, line.line)).map_err(|_| Reason::InvalidField)
}

impl Receipt {
    /// Goods or parts that bear the lot and the serial of the unit.
    pub fn position(&self, book_no: &BookNo, mark: Mark, number: u64, place: Place) -> PositionKey {
        let (lot, serial) = (Some(self.lot.clone()), Some(self.serial.clone()));
        PositionKey { book_no: book_no.clone(), mark, number, lot, serial, place }
    }

    /// The unit in stock.
    pub fn unit(&self, book_no: &BookNo) -> PositionKey {
        self.position(book_no, Mark::Goods, self.number, Place::Zone)
    }
}

impl Shelf {
    /// The inbound lines of units that count, the latest one last: not those of lists that were taken back.
    pub fn receipts(&self, book_no: &BookNo) -> Vec<Receipt> {
        let Some(book) = self.book(book_no.as_str()) else { return Vec::new() };
        let mut receipts = Vec::new();
        for list in self.lists.iter().filter(|list| list.content.book_no == *book_no && !list.is_gone()) {
            let content = &list.content;
            if (content.direction, content.mark) != (Direction::In, Mark::Goods) {
                continue;
            }
            for line in &content.lines {
                let tracked = book.row(Mark::Goods, line.number).is_some_and(|row| row.tracked);
                if let (true, Ok(lot), Some(serial)) = (tracked, lot_of(content, line), &line.serial) {
                    let (number, provenance) = (line.number, line.provenance);
                    receipts.push(Receipt { number, lot, serial: serial.clone(), provenance });
                }
            }
        }
        let place = |receipt: &Receipt| self.unit_order.iter().position(|lot| *lot == receipt.lot);
        receipts.sort_by_key(place);
        receipts
    }

    /// A unit came in, or came in otherwise than before.
    pub(super) fn note_units(&mut self, list: &List) {
        for line in &list.lines {
            if let Ok(lot) = lot_of(list, line) {
                self.unit_order.retain(|other| *other != lot);
                self.unit_order.push(lot);
            }
        }
    }

    pub(super) fn receipts_of(&self, book_no: &BookNo, serial: Option<&SerialNo>) -> Vec<Receipt> {
        let all = self.receipts(book_no).into_iter();
        all.filter(|receipt| Some(&receipt.serial) == serial).collect()
    }

    /// Lot and serial of a line of an item that is filed (10.1 to 10.4).
    pub(super) fn unit_of_line(&self, list: &List, line: &ListLine, row: &Row) -> Result<Tracked, Reason> {
        let book = self.book(list.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        let removed = book.filing.usage == Usage::Repair && list.mark == Mark::Residue;
        if !removed && !row.tracked {
            return Ok((row.lot.clone(), row.serial.clone()));
        }
        if !removed && list.direction == Direction::In {
            return Ok((Some(lot_of(list, line)?), line.serial.clone()));
        }
        let receipts = self.receipts_of(&list.book_no, line.serial.as_ref());
        let has_part = |receipt: &&Receipt| {
            let part = receipt.position(&list.book_no, Mark::Residue, line.number, Place::RemovedPart);
            removed && self.figures(&part).on_hand()[0] > 0
        };
        let found = receipts.iter().rev().find(has_part).or(receipts.last());
        let found = found.ok_or(Reason::SerialNotInPlace)?;
        let sold = match list.mode.as_str() {
            _ if list.related_book.is_some() => true,
            "0844" | "0845" => true,
            "0864" | "0865" | "0200" | "0400" => false,
            _ => !is_abroad(list),
        };
        if removed
            && sold
            && list.direction == Direction::Out
            && found.provenance != Some(Provenance::Domestic)
        {
            return Err(Reason::ForeignRemovedPart);
        }
        Ok((Some(found.lot.clone()), Some(found.serial.clone())))
    }

    /// 5.3.6, of an item that is filed.
    pub(super) fn check_unit(&self, list: &List, line: &ListLine, row: &Row) -> Result<(), Reason> {
        if row.tracked && list.direction == Direction::In {
            self.check_received(list, line)?;
        }
        self.unit_of_line(list, line, row).map(|_| ())
    }

    /// Whether a unit is on hand or announced.
    pub(super) fn is_in(&self, book_no: &BookNo, serial: Option<&SerialNo>) -> bool {
        self.receipts_of(book_no, serial).iter().any(|receipt| {
            Place::ALL.iter().filter(|place| inside(**place)).any(|place| {
                let unit = receipt.position(book_no, Mark::Goods, receipt.number, *place);
                let figures = self.figures(&unit);
                figures.on_hand()[0] > 0 || figures.increase_pending[0] > 0
            })
        })
    }

    /// 10.1
    fn check_received(&self, list: &List, line: &ListLine) -> Result<(), Reason> {
        let named = list.lines.iter().filter(|other| other.serial == line.serial).count();
        let one = line.declared == Quantity::whole(1);
        if line.serial.is_none() || !one || named > 1 || self.is_in(&list.book_no, line.serial.as_ref()) {
            return Err(Reason::SerialExists);
        }
        Ok(())
    }
}
