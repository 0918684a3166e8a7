//! Leased assets: a row each, with its serial number (`RULES.md` 11).

use super::shelf::{Row, Shelf};
use zonebook_ledger::book::Usage;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{List, ListLine};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::reason::Reason;

impl Shelf {
    pub(super) fn is_leasing(&self, list: &List) -> bool {
        self.book(list.book_no.as_str()).is_some_and(|book| book.filing.usage == Usage::Lease)
    }

    /// Lists of kind 0 of a leasing book, not between zones, have modes of their own.
    fn has_mode(&self, list: &List, modes: &[&str]) -> bool {
        let plain = list.kind == "0" && list.related_book.is_none();
        self.is_leasing(list) && plain && modes.contains(&list.mode.as_str())
    }

    /// 11.2: to a lessee, or back.
    pub(super) fn is_lease(&self, list: &List) -> bool {
        self.has_mode(list, &["1500", "1523"])
    }

    /// 11.2: sold to the lessee.
    pub(super) fn is_buy_out(&self, list: &List) -> bool {
        list.direction == Direction::Out && self.has_mode(list, &["0110"])
    }

    /// To another lessor: between books inside the zone, and the asset stays with its lessee.
    pub(super) fn is_trade(&self, list: &List) -> bool {
        self.is_leasing(list) && list.kind == "6" && matches!(list.mode.as_str(), "1500" | "1523")
    }

    /// To a lessee or back, of assets that no gate sees.
    pub(super) fn never_enter(&self, list: &List) -> bool {
        let under = |line: &ListLine| {
            self.leases.iter().any(|lease| {
                let of_book = lease.contract.book_no == list.book_no && lease.state == DocumentState::Open;
                let units = &lease.contract.units;
                of_book && lease.contract.never_enters && units.iter().any(|unit| unit.number == line.number)
            })
        };
        self.is_lease(list) && list.lines.iter().all(under)
    }

    /// 11.1; what opens a row brings its serial.
    pub(super) fn check_asset(&self, list: &List, line: &ListLine, row: Option<&Row>) -> Result<(), Reason> {
        let fits = match row {
            Some(row) if !self.opens_rows(list) => row.serial.is_some() && row.serial == line.serial,
            _ => line.serial.is_some(),
        };
        if fits || !self.is_leasing(list) { Ok(()) } else { Err(Reason::SerialNotInPlace) }
    }
}
