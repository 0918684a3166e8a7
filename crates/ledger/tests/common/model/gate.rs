//! Gate and release (`RULES.md` 8).

use super::lots::Wishes;
use super::shelf::{PassCopy, Shelf, Status};
use super::{Now, Shown};
use std::collections::BTreeMap;
use zonebook_ledger::book::{BookingMode, Usage};
use zonebook_ledger::code::{BillNo, BookNo, DeclarationNo};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    Binding, DeclarationNotice, LinkedType, ListLine, PassFiling, PassVoid, PassageReport, PassageStage,
    SlipLine,
};
use zonebook_ledger::hold::HeldKind;
use zonebook_ledger::limits::{LINES_MAX, LINKED_MAX};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::LocalTime;

/// Whether it waits, its direction, its lines with their quantities.
type Linked = (bool, Direction, Vec<(u64, i128)>);

impl PassCopy {
    /// Whether it is for lists, one of which is asked for.
    pub fn carries_lists(&self, asked_for: impl Fn(&str) -> bool) -> bool {
        self.filing.linked_type == LinkedType::List
            && self.state != DocumentState::Cancelled
            && self.filing.linked.iter().any(|number| asked_for(number.as_str()))
    }

    /// The same for slips.
    pub fn carries_slips(&self, asked_for: impl Fn(&str) -> bool) -> bool {
        self.filing.linked_type == LinkedType::Slip
            && self.state != DocumentState::Cancelled
            && self.filing.linked.iter().any(|number| asked_for(number.as_str()))
    }

    /// 8.2: how much of a line of a list is on this vehicle.
    fn carries(&self, linked: LinkedType, number: &str, line: u64, declared: i128) -> i128 {
        let named = self.filing.linked.iter().any(|other| other.as_str() == number);
        if self.filing.linked_type != linked || !named || self.state == DocumentState::Cancelled {
            return 0;
        }
        if self.filing.binding != Binding::ManyVehicles {
            return declared;
        }
        let of_line = self.filing.lines.iter().filter(|part| part.linked_line == Some(line));
        of_line.map(|part| part.declared.raw()).sum()
    }
}

impl Shelf {
    /// 8.1
    pub(super) fn file_pass(&mut self, filing: &PassFiling, now: Now) -> Result<Shown, Reason> {
        if filing.lines.len() > LINES_MAX || filing.linked.len() > LINKED_MAX {
            return Err(Reason::TooLarge);
        }
        if self.pass(filing.pass_no.as_str()).is_some() {
            return Err(Reason::DocumentExists);
        }
        let single = filing.binding != Binding::ManyDocuments;
        let repeated = filing
            .linked
            .iter()
            .enumerate()
            .any(|(at, number)| filing.linked.iter().skip(at + 1).any(|other| other == number));
        let by_line = filing.binding == Binding::ManyVehicles && filing.linked_type != LinkedType::Bill;
        if (single && filing.linked.len() > 1) || repeated || (by_line && filing.lines.is_empty()) {
            return Err(Reason::BindingMismatch);
        }
        let items = match filing.linked_type {
            LinkedType::List | LinkedType::Slip => {
                self.check_linked(filing)?;
                Vec::new()
            }
            LinkedType::Bill => self.check_bill_pass(filing)?,
        };
        self.passes.push(PassCopy { filing: filing.clone(), state: DocumentState::Filed, items });
        let number = filing.pass_no.as_str();
        let mut shown = Shown {
            state: Some(DocumentState::Filed),
            changed: BTreeMap::from([(number.into(), DocumentState::Filed)]),
        };
        // 8.3: reports that came before.
        let (waiting, others) = self.held.drain(..).partition(|report| report.pass_no == filing.pass_no);
        self.held = others;
        let waiting: Vec<PassageReport> = waiting;
        for report in &waiting {
            self.through(report, now, &mut shown);
        }
        Ok(shown)
    }

    /// 8.2
    fn check_linked(&self, filing: &PassFiling) -> Result<(), Reason> {
        if filing.linked.is_empty() {
            return Err(Reason::DocumentUnknown);
        }
        for number in &filing.linked {
            let (waits, direction, lines) = self.linked(filing.linked_type, number.as_str())?;
            if !waits {
                return Err(Reason::LinkedDocState);
            }
            if direction != filing.direction {
                return Err(Reason::DirectionMismatch);
            }
            let parts: Vec<(u64, i128)> = if filing.binding == Binding::ManyVehicles {
                let part = |line: &zonebook_ledger::document::PassLine| {
                    (line.linked_line.unwrap_or(0), line.declared.raw())
                };
                filing.lines.iter().map(part).collect()
            } else {
                lines.clone()
            };
            let mut here: Vec<(u64, i128)> = Vec::new();
            for (line_no, quantity) in parts {
                if quantity <= 0 {
                    return Err(Reason::NonPositiveQty);
                }
                let line = lines.iter().find(|(line, _)| *line == line_no);
                let on_others: i128 = line.map_or(0, |(line, declared)| {
                    let on =
                        |pass: &PassCopy| pass.carries(filing.linked_type, number.as_str(), *line, *declared);
                    self.passes.iter().map(on).sum()
                });
                let on_this: i128 =
                    here.iter().filter(|(other, _)| *other == line_no).map(|(_, quantity)| quantity).sum();
                if on_others + on_this + quantity > line.map_or(0, |(_, declared)| *declared) {
                    return Err(Reason::PassQtyExceeded);
                }
                here.push((line_no, quantity));
            }
        }
        Ok(())
    }

    /// A list or a slip: whether it waits, its direction, its lines with their quantities.
    fn linked(&self, linked: LinkedType, number: &str) -> Result<Linked, Reason> {
        if linked == LinkedType::Slip {
            let slip = self.slip(number).ok_or(Reason::DocumentUnknown)?;
            self.free_to_pass(HeldKind::Slip, number)?;
            self.free_to_pass(HeldKind::Permit, slip.filing.permit_no.as_str())?;
            let lines = slip.filing.lines.iter().map(|line| (line.line, line.declared.raw())).collect();
            return Ok((slip.state == DocumentState::Approved, slip.filing.direction, lines));
        }
        let list = self.list(number).ok_or(Reason::DocumentUnknown)?;
        list.may_go_on()?;
        let lines = list.content.lines.iter().map(|line| (line.line, line.declared.raw())).collect();
        Ok((list.state == DocumentState::PrePosted, list.content.direction, lines))
    }

    /// 8.6
    fn check_bill_pass(&self, filing: &PassFiling) -> Result<Vec<u64>, Reason> {
        let named = filing.book_no.as_ref().and_then(|number| self.book(number.as_str()));
        let book = named.ok_or(Reason::BookUnknown)?;
        if book.filing.usage == Usage::NonBonded {
            return Err(Reason::NonBondedBook);
        }
        self.free_book(book.filing.book_no.as_str())?;
        if filing.linked.len() > 1 || book.filing.booking_mode == BookingMode::RowPerReceipt {
            return Err(Reason::Unsupported);
        }
        if filing.linked.is_empty() {
            return Err(Reason::InvalidField);
        }
        let mut items = Vec::new();
        for line in &filing.lines {
            let with_part = book.goods().filter(|row| Some(&row.part) == line.part_no.as_ref());
            let row = with_part.min_by_key(|row| row.number).ok_or(Reason::ItemNotFiled)?;
            if line.unit.as_ref() != Some(&row.units.declared) {
                return Err(Reason::UnitMismatch);
            }
            if line.declared.raw() <= 0 {
                return Err(Reason::NonPositiveQty);
            }
            items.push(row.number);
        }
        Ok(items)
    }

    /// A pass that no gate has seen is taken back.
    pub(super) fn void_pass(&mut self, void: &PassVoid) -> Result<Shown, Reason> {
        let number = void.pass_no.as_str();
        if self.pass(number).ok_or(Reason::DocumentUnknown)?.state != DocumentState::Filed {
            return Err(Reason::PassNotOpen);
        }
        self.free_after_inspection(HeldKind::Pass, number)?;
        let pass = self.passes.iter_mut().find(|pass| pass.filing.pass_no == void.pass_no);
        let pass = pass.ok_or(Reason::DocumentUnknown)?;
        pass.state = DocumentState::Cancelled;
        let changed = BTreeMap::from([(void.pass_no.to_string(), pass.state)]);
        Ok(Shown { state: Some(pass.state), changed })
    }

    /// `SAS223`
    pub(super) fn report(&mut self, report: &PassageReport, now: Now) -> Result<Shown, Reason> {
        let mut shown = Shown::default();
        let stopped = self.hold_on(HeldKind::Pass, report.pass_no.as_str()).0;
        if let Some(pass) = self.pass(report.pass_no.as_str()).filter(|_| !stopped) {
            if pass.state == DocumentState::Cancelled {
                return Err(Reason::PassNotOpen);
            }
            self.through(report, now, &mut shown);
            return Ok(shown);
        }
        if self.held.iter().filter(|held| held.pass_no == report.pass_no).count() > LINKED_MAX {
            return Err(Reason::TooLarge);
        }
        self.held.push(report.clone());
        shown.state = Some(DocumentState::Held);
        Ok(shown)
    }

    /// 8.3 and 8.4
    pub(super) fn through(&mut self, report: &PassageReport, now: Now, shown: &mut Shown) {
        let number = report.pass_no.as_str();
        let found = self.passes.iter_mut().find(|pass| pass.filing.pass_no == report.pass_no);
        let Some(pass) = found else { return };
        let passes_now = pass.state != DocumentState::Passed && report.stage == PassageStage::Passed;
        if pass.state != DocumentState::Passed {
            match report.stage {
                PassageStage::GateOne => pass.state = DocumentState::GateOne,
                PassageStage::Passed => pass.state = DocumentState::Passed,
                PassageStage::Other => {}
            }
            if report.stage != PassageStage::Other {
                shown.changed.insert(number.into(), pass.state);
            }
        }
        shown.state = Some(pass.state);
        if !passes_now {
            return;
        }
        let pass = pass.clone();
        if pass.filing.linked_type == LinkedType::Bill {
            self.enter(&pass, now);
            return;
        }
        if pass.filing.linked_type == LinkedType::Slip {
            for slip_no in &pass.filing.linked {
                self.pass_slip(slip_no.as_str(), now, shown);
            }
            return;
        }
        for list_no in &pass.filing.linked {
            let list = self.list_mut(list_no.as_str());
            list.gate_time = list.gate_time.max(report.passed_at);
            self.post_if_ready(list_no.as_str(), now, &mut shown.changed);
        }
    }

    /// 8.4, once customs does not stop it.
    pub(super) fn pass_slip(&mut self, number: &str, now: Now, shown: &mut Shown) {
        let slip = self.slip(number).unwrap();
        let passed = self.passes.iter().filter(|pass| pass.state == DocumentState::Passed);
        let gated = |line: &SlipLine| -> i128 {
            let on = |pass: &PassCopy| pass.carries(LinkedType::Slip, number, line.line, line.declared.raw());
            passed.clone().map(on).sum()
        };
        let through = slip.filing.lines.iter().all(|line| gated(line) == line.declared.raw());
        let stopped = self.hold_on(HeldKind::Slip, number).0;
        if through && !stopped && slip.state == DocumentState::Approved {
            self.end_pending(number, Status::Posted(now.revision));
            self.slip_mut(number).state = DocumentState::Passed;
            let filing = self.slip(number).unwrap().filing.clone();
            if filing.direction == Direction::In {
                self.free_returned(&filing.permit_no, filing.levy_amount.raw(), now);
            }
            shown.changed.insert(number.into(), DocumentState::Passed);
        }
    }

    /// 8.6
    fn enter(&mut self, pass: &PassCopy, now: Now) {
        let Some(book_no) = &pass.filing.book_no else { return };
        for (line, number) in pass.filing.lines.iter().zip(&pass.items) {
            let suspense = PositionKey {
                book_no: book_no.clone(),
                mark: Mark::Goods,
                number: *number,
                lot: None,
                serial: None,
                place: Place::SuspenseIn,
            };
            let moved = [line.declared.raw(), 0, 0, 0];
            let document = pass.filing.pass_no.as_str();
            let leg = (suspense.at(Place::Outside), suspense, moved);
            self.post_at_once((document, line.line), leg, now, &Wishes::default()).unwrap();
        }
    }

    /// 8.6: what entered a book on a bill, of one item.
    pub(super) fn entered_on_bill(&self, book_no: &BookNo, bill: &BillNo, number: u64) -> i128 {
        let on_bill = self.passes.iter().filter(|pass| {
            pass.state == DocumentState::Passed
                && pass.filing.linked_type == LinkedType::Bill
                && pass.filing.book_no.as_ref() == Some(book_no)
                && pass.filing.linked.iter().any(|linked| linked.as_str() == bill.as_str())
        });
        let of_item = |pass: &PassCopy| -> i128 {
            let lines = pass.filing.lines.iter().zip(&pass.items);
            lines.filter(|(_, item)| **item == number).map(|(line, _)| line.declared.raw()).sum()
        };
        on_bill.map(of_item).sum()
    }

    /// 8.4: how much of a line is through the gate.
    pub(super) fn gated(&self, list_no: &str, line: &ListLine) -> i128 {
        let passed = self.passes.iter().filter(|pass| pass.state == DocumentState::Passed);
        passed.map(|pass| pass.carries(LinkedType::List, list_no, line.line, line.declared.raw())).sum()
    }

    /// How much of a line is on passes, passed ones included.
    pub fn reserved(&self, list_no: &str, line: &ListLine) -> i128 {
        let declared = line.declared.raw();
        self.passes.iter().map(|pass| pass.carries(LinkedType::List, list_no, line.line, declared)).sum()
    }

    /// 8.5: when a declaration was released, if it was.
    pub(super) fn release_of(&self, declaration: &DeclarationNo) -> Option<LocalTime> {
        self.released.iter().find(|(other, _)| other == declaration).map(|(_, time)| *time)
    }

    /// 8.5
    pub(super) fn notice(&mut self, notice: &DeclarationNotice, now: Now) -> Result<Shown, Reason> {
        let mut shown = Shown::default();
        if !notice.releases {
            shown.state = Some(DocumentState::Noted);
            return Ok(shown);
        }
        let waiting: Vec<String> = self
            .lists
            .iter()
            .filter(|list| {
                list.content.declaration_no.as_ref() == Some(&notice.declaration_no) && !list.is_gone()
            })
            .map(|list| list.content.list_no.to_string())
            .collect();
        shown.state = Some(if waiting.is_empty() { DocumentState::Held } else { DocumentState::Released });
        if self.release_of(&notice.declaration_no).is_none() {
            self.released.push((notice.declaration_no.clone(), notice.noticed_at));
            for number in waiting {
                self.list_mut(&number).release_time = Some(notice.noticed_at);
                self.post_if_ready(&number, now, &mut shown.changed);
            }
        }
        Ok(shown)
    }
}
