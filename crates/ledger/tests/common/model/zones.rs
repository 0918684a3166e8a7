//! What lists and permits must keep to in a zone of some kind (`domain.md` 2.2), once that is asked for.

use super::Now;
use super::permits::today;
use super::shelf::Shelf;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::document::{List, PermitFiling, PermitKind};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::zone::ZoneKind;

impl Shelf {
    fn zone_of(&self, book_no: &BookNo, now: Now) -> Option<ZoneKind> {
        self.kind_of_zone(&self.book(book_no.as_str())?.filing.office, today(now))
    }

    fn zone_asked(&self, book_no: &BookNo, now: Now) -> Option<ZoneKind> {
        let asked = self.parameter_on("ZONE_FUNCTIONS_CHECK", 0, today(now)) != 0;
        if asked { self.zone_of(book_no, now) } else { None }
    }

    /// No retail and no entrepot trade in an export processing zone, no production in a logistics park; the code of
    /// another kind of zone only where goods come from there or go there.
    pub(super) fn check_zone(&self, list: &List, now: Now) -> Result<(), Reason> {
        let Some(kind) = self.zone_asked(&list.book_no, now) else { return Ok(()) };
        let forbidden = match list.mode.as_str() {
            "1210" | "1239" | "1234" => kind == ZoneKind::ExportProcessing,
            "5014" | "5015" => kind == ZoneKind::LogisticsPark,
            _ => false,
        };
        if forbidden {
            return Err(Reason::ZoneKindForbids);
        }
        let other = list.related_book.as_ref().and_then(|other| self.zone_of(other, now));
        let of = |kind| match list.transport.as_str() {
            "7" => kind == ZoneKind::Bonded,
            "X" => kind == ZoneKind::LogisticsPark,
            "Y" => [ZoneKind::BondedPort, ZoneKind::ComprehensiveBonded].contains(&kind),
            "Z" => kind == ZoneKind::ExportProcessing,
            // Of no zone.
            _ => true,
        };
        // Nobody says which code a cross-border zone has.
        if of(kind) || kind == ZoneKind::CrossBorderIndustrial || other.is_some_and(of) {
            return Ok(());
        }
        Err(Reason::ZoneKindMismatch)
    }

    pub(super) fn check_zone_of_permit(&self, filing: &PermitFiling, now: Now) -> Result<(), Reason> {
        let park = self.zone_asked(&filing.book_no, now) == Some(ZoneKind::LogisticsPark);
        if park && filing.kind == PermitKind::OutsourcedProcessing {
            return Err(Reason::ZoneKindForbids);
        }
        Ok(())
    }
}
