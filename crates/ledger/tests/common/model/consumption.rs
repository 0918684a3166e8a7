//! Consumption slips (`RULES.md` 13.1 to 13.3).

use super::checks::{Leg, stock_test};
use super::lots::Wishes;
use super::permits::today;
use super::shelf::{Row, Shelf};
use super::units::Tracked;
use super::{Now, Shown};
use zonebook_ledger::behaviour::BEHAVIOUR_FIRST;
use zonebook_ledger::book::{Regime, Usage};
use zonebook_ledger::code::{ConsumptionNo, TariffCode, UnitCode};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{ConsumptionChange, ConsumptionFiling, ConsumptionVoid, Residue};
use zonebook_ledger::item::{ResidueKind, Units};
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Instant;

/// An accepted consumption slip.
#[derive(Clone, Debug)]
pub struct ConsumptionCopy {
    /// The content in force.
    pub filing: ConsumptionFiling,
    pub version: u64,
    /// It was filed under the first behaviour, and stays as it is.
    pub lasting: bool,
    pub cancelled: bool,
    /// What that content moved, line by line, and when.
    pub moved: Vec<(u64, Leg)>,
    pub when: Instant,
}

/// What a version of a slip is called where it moves goods.
fn mover(number: &ConsumptionNo, version: u64) -> String {
    if version == 0 { number.to_string() } else { format!("{number}/{version}") }
}

fn sized(filing: &ConsumptionFiling) -> Result<(), Reason> {
    if filing.materials.len() > LINES_MAX || filing.residues.len() > LINES_MAX {
        return Err(Reason::TooLarge);
    }
    Ok(())
}

impl Shelf {
    pub fn consumption(&self, number: &ConsumptionNo) -> Option<&ConsumptionCopy> {
        self.consumptions.iter().find(|copy| copy.filing.consumption_no == *number)
    }

    /// Why a slip can no longer be changed or taken back.
    fn may_amend_consumption(&self, number: &ConsumptionNo, change_no: u64) -> Result<(), Reason> {
        let copy = self.consumption(number).ok_or(Reason::DocumentUnknown)?;
        if copy.lasting {
            return Err(Reason::EditNotAllowed);
        }
        if copy.cancelled {
            return Err(Reason::AlreadyWithdrawn);
        }
        if self.is_settled(&copy.filing.book_no, copy.when) {
            return Err(Reason::PeriodVerified);
        }
        for list in &copy.filing.lists {
            if self.list(list.as_str()).ok_or(Reason::DocumentUnknown)?.state == DocumentState::Verified {
                return Err(Reason::PeriodVerified);
            }
        }
        if change_no != copy.version + 1 { Err(Reason::ChangeCountMismatch) } else { Ok(()) }
    }

    /// All that a slip moved goes back.
    fn take_back(&mut self, number: &ConsumptionNo, change_no: u64, now: Now) -> Result<(), Reason> {
        let copy = self.consumption(number).unwrap().clone();
        let back: Vec<(u64, Leg)> =
            copy.moved.into_iter().map(|(line, (from, to, moved))| (line, (to, from, moved))).collect();
        stock_test(self, back.iter().map(|(_, leg)| leg.clone()))?;
        let undoes = Some(mover(number, copy.version));
        let wishes = Wishes { undoes, own: false, ..Wishes::on_account(number.as_str()) };
        let document = mover(number, change_no);
        for (line, leg) in back {
            self.post_at_once((&document, line), leg, now, &wishes)?;
        }
        Ok(())
    }

    pub(super) fn void_consumption(&mut self, void: &ConsumptionVoid, now: Now) -> Result<Shown, Reason> {
        let number = &void.consumption_no;
        self.may_amend_consumption(number, void.change_no)?;
        self.take_back(number, void.change_no, now)?;
        let copy = self.consumptions.iter_mut().find(|copy| copy.filing.consumption_no == *number).unwrap();
        (copy.cancelled, copy.version, copy.moved) = (true, void.change_no, Vec::new());
        Ok(Shown { state: Some(DocumentState::Cancelled), ..Shown::default() })
    }

    pub(super) fn consumption_state(&self, number: &ConsumptionNo) -> Option<DocumentState> {
        let state = |copy: &ConsumptionCopy| match copy.cancelled {
            true => DocumentState::Cancelled,
            false => DocumentState::Posted,
        };
        self.consumption(number).map(state)
    }

    pub(super) fn file_consumption(&mut self, filing: &ConsumptionFiling, now: Now) -> Result<Shown, Reason> {
        sized(filing)?;
        if self.consumption(&filing.consumption_no).is_some() {
            return Err(Reason::DocumentExists);
        }
        self.post_consumption(filing, 0, now)
    }

    pub(super) fn change_consumption(
        &mut self,
        change: &ConsumptionChange,
        now: Now,
    ) -> Result<Shown, Reason> {
        let ConsumptionChange { change_no, content } = change;
        sized(content)?;
        self.may_amend_consumption(&content.consumption_no, *change_no)?;
        let old = &self.consumption(&content.consumption_no).unwrap().filing;
        if old.book_no != content.book_no || old.part_swap != content.part_swap {
            return Err(Reason::EditNotAllowed);
        }
        self.take_back(&content.consumption_no, *change_no, now)?;
        self.post_consumption(content, *change_no, now)
    }

    fn post_consumption(
        &mut self,
        filing: &ConsumptionFiling,
        version: u64,
        now: Now,
    ) -> Result<Shown, Reason> {
        let number = &filing.consumption_no;
        self.check_use(filing, now)?;
        let document = mover(number, version);
        let lines: Vec<u64> = filing.materials.iter().map(|material| material.line).collect();
        let mut legs: Vec<(u64, Leg)> = Vec::new();
        for material in &filing.materials {
            legs.push((material.line, self.used_leg(filing, material.number, material.declared.raw())?));
        }
        self.may_name(filing.book_no.as_str(), &filing.lots, &[Place::Zone], &lines)?;
        stock_test(self, legs.iter().map(|(_, leg)| leg.clone()))?;
        let wishes = Wishes { named: Some(filing.lots.clone()), ..Wishes::default() };
        for (line, leg) in &legs {
            self.post_at_once((&document, *line), leg.clone(), now, &wishes)?;
        }
        let mut left = Vec::new();
        for residue in &filing.residues {
            left.push((residue.line, self.made_leg(filing, residue)?));
        }
        for prototype in filing.research.iter().flat_map(|research| &research.prototypes) {
            let book = self.book(filing.book_no.as_str()).unwrap();
            let row = book.row(Mark::Product, prototype.number).ok_or(Reason::ItemNotFiled)?;
            let moved = super::orders::made(&row.units, &prototype.quantities)?;
            let zone = in_book(filing, Mark::Product, prototype.number, (None, None), Place::Zone);
            left.push((prototype.line, (zone.at(Place::Made), zone, moved)));
        }
        for (line, leg) in &left {
            self.post_at_once((&document, *line), leg.clone(), now, &Wishes::default())?;
        }
        legs.extend(left);
        self.consumptions.retain(|copy| copy.filing.consumption_no != *number);
        let (filing, when) = (filing.clone(), now.ledger_time);
        let (lasting, cancelled) = (self.behaviour == BEHAVIOUR_FIRST, false);
        self.consumptions.push(ConsumptionCopy { filing, version, lasting, cancelled, moved: legs, when });
        Ok(Shown { state: Some(DocumentState::Posted), ..Shown::default() })
    }

    /// 13.1, as far as the slip itself goes.
    fn check_use(&self, filing: &ConsumptionFiling, now: Now) -> Result<(), Reason> {
        let book = self.free_book(filing.book_no.as_str())?;
        if book.filing.usage == Usage::NonBonded {
            return Err(Reason::NonBondedBook);
        }
        if filing.owner != book.filing.owner {
            return Err(Reason::BookOwnerMismatch);
        }
        let last_day = book.filing.valid_until;
        if filing.declared_at.date() > last_day || (now.live && today(now) > last_day) {
            return Err(Reason::BookExpired);
        }
        if book.stops.stops(Direction::Out) {
            return Err(Reason::BookPaused);
        }
        if book.regime == Regime::WorkOrder {
            return Err(Reason::RegimeForbids);
        }
        let research = book.filing.usage == Usage::Research;
        match &filing.research {
            None if research && !now.by_message => return Err(Reason::ProjectMissing),
            Some(_) if !research || filing.part_swap => return Err(Reason::InvalidField),
            _ => {}
        }
        for number in &filing.lists {
            let list = self.list(number.as_str()).filter(|list| list.content.book_no == filing.book_no);
            if list.ok_or(Reason::DocumentUnknown)?.state == DocumentState::Verified {
                return Err(Reason::PeriodVerified);
            }
        }
        Ok(())
    }

    fn used_leg(&self, filing: &ConsumptionFiling, number: u64, declared: i128) -> Result<Leg, Reason> {
        if declared <= 0 {
            return Err(Reason::NonPositiveQty);
        }
        let book = self.book(filing.book_no.as_str()).unwrap();
        let row = book.row(Mark::Goods, number).ok_or(Reason::ItemNotFiled)?;
        let zone = in_book(filing, Mark::Goods, number, (row.lot.clone(), row.serial.clone()), Place::Zone);
        let consumed = zone.at(Place::Consumed);
        Ok((zone, consumed, book.undocumented(Mark::Goods, number, declared)))
    }

    /// 13.2 and 13.3; the first slip that makes a residue makes its item.
    fn made_leg(&mut self, filing: &ConsumptionFiling, residue: &Residue) -> Result<Leg, Reason> {
        if residue.declared.raw() <= 0 {
            return Err(Reason::NonPositiveQty);
        }
        let book = self.book(filing.book_no.as_str()).unwrap();
        let material = book.row(Mark::Goods, residue.number).ok_or(Reason::ItemNotFiled)?.clone();
        let (tracked, place) = match filing.part_swap {
            true => (self.swapped(filing, residue)?, Place::RemovedPart),
            false => ((None, None), Place::Scrap),
        };
        if filing.part_swap && (residue.kind.is_some() || residue.item.is_some()) {
            return Err(Reason::InvalidField);
        }
        let number = residue.item.unwrap_or(residue.number);
        let kind = residue.kind.or(if filing.part_swap { None } else { Some(ResidueKind::Scrap) });
        let book = self.book_mut(filing.book_no.as_str())?;
        if let (Some(row), Some(_)) = (book.row(Mark::Residue, number), residue.kind) {
            same_residue(row, kind, &residue.tariff_code, &residue.unit)?;
        }
        if book.row(Mark::Residue, number).is_none() {
            let (declared, statutory1) = (residue.unit.clone(), residue.unit.clone());
            book.rows.push(Row {
                mark: Mark::Residue,
                number,
                kind,
                tariff: residue.tariff_code.clone(),
                units: Units { declared, statutory1, statutory2: None },
                lot: None,
                tracked: false,
                serial: None,
                stops: Default::default(),
                ..material
            });
        }
        let left = in_book(filing, Mark::Residue, number, tracked, place);
        let moved = book.undocumented(Mark::Residue, number, residue.declared.raw());
        Ok((left.at(Place::Made), left, moved))
    }

    /// 13.3: the unit is on hand.
    fn swapped(&self, filing: &ConsumptionFiling, residue: &Residue) -> Result<Tracked, Reason> {
        let receipts = self.receipts_of(&filing.book_no, residue.serial.as_ref());
        let there =
            receipts.last().filter(|receipt| self.figures(&receipt.unit(&filing.book_no)).on_hand()[0] > 0);
        let receipt = there.ok_or(Reason::SerialNotInPlace)?;
        Ok((Some(receipt.lot.clone()), Some(receipt.serial.clone())))
    }
}

/// A residue is what its item is filed as.
pub(super) fn same_residue(
    row: &Row,
    kind: Option<ResidueKind>,
    tariff: &TariffCode,
    unit: &UnitCode,
) -> Result<(), Reason> {
    if row.kind != kind {
        return Err(Reason::ResidueKindMismatch);
    }
    if row.tariff != *tariff {
        return Err(Reason::HsMismatch);
    }
    if row.units.declared != *unit { Err(Reason::UnitMismatch) } else { Ok(()) }
}

fn in_book(
    filing: &ConsumptionFiling,
    mark: Mark,
    number: u64,
    (lot, serial): Tracked,
    place: Place,
) -> PositionKey {
    PositionKey { book_no: filing.book_no.clone(), mark, number, lot, serial, place }
}
