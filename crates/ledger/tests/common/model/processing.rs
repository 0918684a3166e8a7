//! Simple processing: lists of kind 4 (`domain.md` 3.1, 3.4 row 18).

use super::bom::usage_of_permit;
use super::checks::{Leg, check_quantities};
use super::permits::today;
use super::shelf::{Row, Shelf, named_twice};
use super::{ListCopy, Now};
use zonebook_ledger::book::BookingMode;
use zonebook_ledger::code::LotNo;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{List, ListLine, PermitFiling, PermitKind, PermitLine, ResultLine};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;

/// The line of a permit from which an item is taken.
fn taken_on(permit: &PermitFiling, number: u64) -> Option<&PermitLine> {
    permit.lines.iter().find(|line| (line.mark, line.number) == (Mark::Goods, number))
}

impl Shelf {
    fn processing(&self, permit: &PermitFiling) -> impl Iterator<Item = &ListCopy> {
        let number = permit.permit_no.clone();
        self.lists.iter().filter(move |list| {
            list.content.kind == "4"
                && !list.is_gone()
                && !self.is_undone(list)
                && list.content.permit_no.as_ref() == Some(&number)
        })
    }

    pub(super) fn taken_by_processing(&self, permit: &PermitFiling, line: &PermitLine) -> i128 {
        let lines = self.processing(permit).flat_map(|list| &list.content.lines);
        let of_line = lines.filter(|taken| {
            line.mark == Mark::Goods && taken_on(permit, taken.number).is_some_and(|on| on.line == line.line)
        });
        of_line.map(|taken| taken.declared.raw()).sum()
    }

    pub(super) fn made_by_processing(&self, permit: &PermitFiling, line: &PermitLine) -> i128 {
        let made = self.processing(permit).flat_map(|list| &list.content.results);
        let of_line = made.filter(|made| made.permit_line == line.line);
        of_line.map(|made| made.goods.declared.raw()).sum()
    }

    pub(super) fn check_processing(&self, list: &List, now: Now) -> Result<(), Reason> {
        if named_twice(list.results.iter().map(|result| result.goods.line)) {
            return Err(Reason::NamedTwice);
        }
        if self.book(list.book_no.as_str()).unwrap().stops.stops(Direction::In) {
            return Err(Reason::BookPaused);
        }
        let permit = self.named_permit(list, PermitKind::SimpleProcessing)?;
        let last_day = permit.valid_until;
        if list.declared_at.date() > last_day || (now.live && today(now) > last_day) {
            return Err(Reason::FormExpired);
        }
        for (at, result) in list.results.iter().enumerate() {
            let permitted = self.check_result(list, permit, result)?;
            let here = list.results[..=at].iter().filter(|other| other.permit_line == result.permit_line);
            let here: i128 = here.map(|other| other.goods.declared.raw()).sum();
            if self.made_by_processing(permit, permitted) + here > permitted.declared.raw() {
                return Err(Reason::FormQuotaExceeded);
            }
        }
        for (at, line) in list.lines.iter().enumerate() {
            let permitted = taken_on(permit, line.number).ok_or(Reason::ItemNotFiled)?;
            let here = list.lines[..=at].iter().filter(|other| other.number == line.number);
            let here: i128 = here.map(|other| other.declared.raw()).sum();
            if self.taken_by_processing(permit, permitted) + here > permitted.declared.raw() {
                return Err(Reason::FormQuotaExceeded);
            }
        }
        check_balance(list, permit)
    }

    fn check_result<'p>(
        &self,
        list: &List,
        permit: &'p PermitFiling,
        result: &ResultLine,
    ) -> Result<&'p PermitLine, Reason> {
        let line = &result.goods;
        let given = [Some(line.declared), Some(line.statutory1), line.statutory2];
        if given.iter().flatten().any(|given| given.raw() <= 0) {
            return Err(Reason::NonPositiveQty);
        }
        if line.net.raw() <= 0 || line.net > line.gross {
            return Err(Reason::NetExceedsGross);
        }
        let permitted = permit.lines.iter().find(|other| other.line == result.permit_line);
        let permitted = permitted.filter(|other| other.mark == Mark::Product).ok_or(Reason::ItemNotFiled)?;
        if permitted.unit != line.units.declared {
            return Err(Reason::UnitMismatch);
        }
        let book = self.book(list.book_no.as_str()).unwrap();
        if book.filing.booking_mode == BookingMode::Accumulating {
            if permitted.number != line.number {
                return Err(Reason::ItemNotFiled);
            }
            let row = book.row(Mark::Goods, line.number).ok_or(Reason::ItemNotFiled)?;
            if row.tariff != line.tariff_code {
                return Err(Reason::HsMismatch);
            }
            if row.units != line.units {
                return Err(Reason::UnitMismatch);
            }
            check_quantities(&row.units, line.declared, line.statutory1, line.statutory2)?;
            if row.stops.stops(Direction::In) {
                return Err(Reason::ItemPaused);
            }
        } else {
            check_quantities(&line.units, line.declared, line.statutory1, line.statutory2)?;
        }
        if line.value_usd.raw() < 0 { Err(Reason::InvalidField) } else { Ok(permitted) }
    }

    /// What the results of a list move.
    pub(super) fn result_legs(&self, list: &List) -> Vec<Leg> {
        let made = if list.kind == "4" { list.results.as_slice() } else { &[] };
        let leg = |result: &ResultLine| {
            let line = &result.goods;
            let row = self.book(list.book_no.as_str()).and_then(|book| book.row(Mark::Goods, line.number));
            let zone = PositionKey {
                book_no: list.book_no.clone(),
                mark: Mark::Goods,
                number: line.number,
                lot: row.and_then(|row| row.lot.clone()),
                serial: None,
                place: Place::Zone,
            };
            let second = line.statutory2.map_or(0, Quantity::raw);
            let moved = [line.declared.raw(), line.statutory1.raw(), second, line.value_usd.raw()];
            (zone.at(Place::Made), zone, moved)
        };
        made.iter().map(leg).collect()
    }

    /// In a book kept by receipt each result opens a row.
    pub(super) fn open_rows_of_results(&mut self, list: &List) -> Result<(), Reason> {
        let by_receipt = |shelf: &Self| {
            shelf.book(list.book_no.as_str()).unwrap().filing.booking_mode == BookingMode::RowPerReceipt
        };
        if list.kind != "4" || !by_receipt(self) {
            return Ok(());
        }
        for (at, result) in list.results.iter().enumerate() {
            let line: &ListLine = &result.goods;
            let lot =
                LotNo::new(&format!("{}/{}", list.list_no, line.line)).map_err(|_| Reason::InvalidField)?;
            let book = self.book_mut(list.book_no.as_str())?;
            let number = book.rows.iter().map(|row| row.number).max().unwrap_or(0) + 1;
            book.rows.push(Row {
                mark: Mark::Goods,
                number,
                part: line.part_no.clone(),
                tariff: line.tariff_code.clone(),
                units: line.units.clone(),
                lot: Some(lot),
                tracked: false,
                kind: None,
                serial: None,
                stops: Default::default(),
            });
            self.list_mut(list.list_no.as_str()).content.results[at].goods.number = number;
        }
        Ok(())
    }
}

/// Exactly what the results are made of is taken, and nothing of the value is lost.
fn check_balance(list: &List, permit: &PermitFiling) -> Result<(), Reason> {
    for line in permit.lines.iter().filter(|line| line.mark == Mark::Goods) {
        let taken = list
            .lines
            .iter()
            .filter(|taken| taken_on(permit, taken.number).is_some_and(|on| on.line == line.line));
        let taken: i128 = taken.map(|taken| taken.declared.raw()).sum();
        let needed = list.results.iter().flat_map(|result| {
            let of = |part: &&zonebook_ledger::document::PermitBomLine| {
                (part.product_line, part.material_line) == (result.permit_line, line.line)
            };
            permit.bom.iter().filter(of).map(|part| usage_of_permit(part, result.goods.declared.raw()))
        });
        if taken != needed.sum::<i128>() {
            return Err(Reason::ProcessingMismatch);
        }
    }
    let before: i128 = list.lines.iter().map(|line| line.value_usd.raw()).sum();
    let after: i128 = list.results.iter().map(|result| result.goods.value_usd.raw()).sum();
    if before != after || list.results.is_empty() { Err(Reason::ProcessingMismatch) } else { Ok(()) }
}
