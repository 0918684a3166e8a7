//! Destruction, loss, abandonment and adjustments (`domain.md` 3.1, 3.4 rows 23 to 26 and 30, 4.1).

use super::checks::{Leg, check_quantities, stock_test};
use super::lots::Wishes;
use super::permits::today;
use super::shelf::{Row, Shelf, Status, Transfer, named_twice, stock_place};
use super::{Now, Shown};
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::DecisionNo;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    AdjustmentDecision, AdjustmentFiling, Decision, DecisionLine, DecisionOutcome, DestructionResidue,
    Difference, DisposalFiling, DisposalKind, DisposalOrder, DisposalStep, EvidenceKind, Execution,
    NamedGoods, Provenance,
};
use zonebook_ledger::item::Units;
use zonebook_ledger::limits::{EVIDENCE_MAX, LINES_MAX, PARTS_MAX};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::permission::Principal;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;

/// Goods of a line: where they are in stock, how much, and what has been decided of them.
#[derive(Clone, Debug)]
pub struct Case {
    pub named: NamedGoods,
    pub stock: PositionKey,
    /// The parts that were decided on, and whether each left something.
    pub decided: Vec<([i128; 4], bool)>,
}

/// An accepted disposal.
#[derive(Clone, Debug)]
pub struct DisposalCopy {
    pub filing: DisposalFiling,
    pub state: DocumentState,
    pub cases: Vec<Case>,
    /// The day of filing.
    pub filed_on: Date,
    pub levels: i128,
    pub approved_by: Vec<Principal>,
    /// The day of the last approval, and the last one on which a destruction may be carried out.
    pub approved: Option<(Date, Date)>,
    pub decisions: Vec<DecisionNo>,
}

/// An accepted adjustment.
#[derive(Clone, Debug)]
pub struct AdjustmentCopy {
    pub filing: AdjustmentFiling,
    pub state: DocumentState,
    pub cases: Vec<Case>,
    /// The day of filing.
    pub filed_on: Date,
    pub decisions: Vec<DecisionNo>,
}

/// What a decision has to know of its document.
pub(super) struct About {
    pub declared_on: Date,
    pub loss_day: Option<Date>,
    pub decisions: Vec<DecisionNo>,
}

/// What a line is about: a kind of disposal, a difference of a count, or goods that a tally did not find.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Disposal(DisposalKind),
    Count(Difference),
    Tally,
}

fn moved(named: &NamedGoods) -> [i128; 4] {
    let second = named.statutory2.map_or(0, Quantity::raw);
    [named.declared.raw(), named.statutory1.raw(), second, named.value_usd.raw()]
}

impl Case {
    /// What is neither destroyed nor decided on.
    pub fn left(&self) -> [i128; 4] {
        let mut left = moved(&self.named);
        for (part, _) in &self.decided {
            left.iter_mut().zip(part).for_each(|(left, part)| *left -= part);
        }
        left
    }

    fn leg(&self, from: Option<Place>, to: Option<Place>) -> Leg {
        let at = |place: Option<Place>| place.map_or(self.stock.clone(), |place| self.stock.at(place));
        (at(from), at(to), self.left())
    }
}

pub(super) fn shown(number: &str, state: DocumentState) -> Shown {
    Shown { state: Some(state), changed: [(number.to_owned(), state)].into() }
}

fn waits_for_approval(kind: DisposalKind) -> bool {
    matches!(kind, DisposalKind::Destruction | DisposalKind::Abandonment)
}

impl Shelf {
    pub fn disposal(&self, number: &str) -> Option<&DisposalCopy> {
        self.disposals.iter().find(|copy| copy.filing.disposal_no.as_str() == number)
    }

    pub fn adjustment(&self, number: &str) -> Option<&AdjustmentCopy> {
        self.adjustments.iter().find(|copy| copy.filing.adjustment_no.as_str() == number)
    }

    pub(super) fn file_disposal(&mut self, filing: &DisposalFiling, now: Now) -> Result<Shown, Reason> {
        if filing.lines.len() > LINES_MAX || filing.evidence.len() > EVIDENCE_MAX {
            return Err(Reason::TooLarge);
        }
        if named_twice(filing.lines.iter().map(|line| line.goods.line)) {
            return Err(Reason::NamedTwice);
        }
        let number = filing.disposal_no.to_string();
        if self.disposal(&number).is_some() {
            return Err(Reason::DocumentExists);
        }
        self.check_disposal(filing, now)?;
        let lines: Vec<u64> = filing.lines.iter().map(|line| line.goods.line).collect();
        self.may_name(filing.book_no.as_str(), &filing.lots, &[Place::Zone], &lines)?;
        let chosen = waits_for_approval(filing.kind);
        let mut cases = Vec::new();
        for line in &filing.lines {
            let case = self.case(filing.book_no.as_str(), &line.goods, false)?;
            let book = self.book(filing.book_no.as_str()).unwrap();
            let row = book.row(line.goods.mark, line.goods.number).unwrap();
            if chosen && row.stops.stops(Direction::Out) {
                return Err(Reason::ItemPaused);
            }
            if filing.kind == DisposalKind::Abandonment {
                if line.dangerous {
                    return Err(Reason::AbandonmentForbidden);
                }
                self.may_be_sold(&case)?;
            }
            cases.push(case);
        }
        let place = if chosen { Place::AwaitingDestruction } else { Place::Difference };
        let legs: Vec<Leg> = cases.iter().map(|case| case.leg(None, Some(place))).collect();
        stock_test(self, legs.iter().cloned())?;
        let status = if chosen { Status::Pending } else { Status::Posted(now.revision) };
        let wishes = Wishes { named: Some(filing.lots.clone()), ..Wishes::on_account(&number) };
        for (case, leg) in cases.iter().zip(legs) {
            self.moves((&number, case.named.line), leg, (status, now), &wishes)?;
        }
        let levels = match filing.kind {
            DisposalKind::Destruction => self.parameter(Parameter::DestructionLevels, 100_000, now) / 100_000,
            DisposalKind::Abandonment => self.parameter(Parameter::AbandonmentLevels, 100_000, now) / 100_000,
            _ => 0,
        };
        let state = DocumentState::Filed;
        self.disposals.push(DisposalCopy {
            filing: filing.clone(),
            state,
            cases,
            filed_on: today(now),
            levels,
            approved_by: Vec::new(),
            approved: None,
            decisions: Vec::new(),
        });
        Ok(shown(&number, state))
    }

    /// The book, and what a disposal has to say for itself.
    fn check_disposal(&self, filing: &DisposalFiling, now: Now) -> Result<(), Reason> {
        let chosen = waits_for_approval(filing.kind);
        let book = self.free_book(filing.book_no.as_str())?;
        if filing.owner != book.filing.owner {
            return Err(Reason::BookOwnerMismatch);
        }
        let last_day = book.filing.valid_until;
        if chosen && (filing.declared_at.date() > last_day || (now.live && today(now) > last_day)) {
            return Err(Reason::BookExpired);
        }
        if chosen && book.stops.stops(Direction::Out) {
            return Err(Reason::BookPaused);
        }
        let late = filing.event_on.is_some_and(|day| day > filing.declared_at.date());
        if filing.lines.is_empty()
            || filing.cause.trim().is_empty()
            || late
            || (filing.event_on.is_none() && !chosen)
        {
            return Err(Reason::InvalidField);
        }
        let proofs = filing.evidence.iter().filter(|paper| paper.kind == EvidenceKind::OfficialProof).count();
        if filing.kind == DisposalKind::LossForceMajeure && proofs == 0 {
            return Err(Reason::EvidenceMissing);
        }
        Ok(())
    }

    /// Goods that a line names: in stock, or found beyond it.
    fn case(&self, book_no: &str, named: &NamedGoods, found: bool) -> Result<Case, Reason> {
        let book = self.book(book_no).unwrap();
        let row = book.row(named.mark, named.number).ok_or(Reason::ItemNotFiled)?;
        check_quantities(&row.units, named.declared, named.statutory1, named.statutory2)?;
        if named.value_usd.raw() < 0 || (row.tracked && named.declared != Quantity::whole(1)) {
            return Err(Reason::InvalidField);
        }
        let stock = self.stands(book_no, named, row)?;
        let given = moved(named);
        let there = self.figures(&stock).on_hand();
        let may_lack = |unit: usize| !found && given[unit] == 0 && there[unit] == 0;
        let second_missing = row.units.statutory2.is_some() && given[2] <= 0 && !may_lack(2);
        if given[0] <= 0 || (given[1] <= 0 && !may_lack(1)) || second_missing || given[2] < 0 {
            return Err(Reason::NonPositiveQty);
        }
        // A stock that has something in a unit that its item lacks cannot be named without it.
        if !found && row.units.statutory2.is_none() && there[2] != 0 {
            return Err(Reason::NonPositiveQty);
        }
        if found && named.mark == Mark::Goods && named.serial.is_some() && self.is_anywhere(&stock) {
            return Err(Reason::SerialExists);
        }
        Ok(Case { named: named.clone(), stock, decided: Vec::new() })
    }

    fn is_anywhere(&self, goods: &PositionKey) -> bool {
        Place::ALL.iter().filter(|place| super::checks::inside(**place)).any(|place| {
            let figures = self.figures(&goods.at(*place));
            figures.on_hand()[0] > 0 || figures.increase_pending[0] > 0
        })
    }

    /// Where goods of a line are in stock, with lot and serial.
    fn stands(&self, book_no: &str, named: &NamedGoods, row: &Row) -> Result<PositionKey, Reason> {
        let book = &self.book(book_no).unwrap().filing;
        let at = |lot, serial| PositionKey {
            book_no: book.book_no.clone(),
            mark: named.mark,
            number: named.number,
            lot,
            serial,
            place: stock_place(book.usage, named.mark),
        };
        let part = book.usage == Usage::Repair && named.mark == Mark::Residue;
        if !part && !row.tracked {
            let agrees = named.serial == row.serial;
            return if agrees {
                Ok(at(row.lot.clone(), row.serial.clone()))
            } else {
                Err(Reason::SerialNotInPlace)
            };
        }
        let receipts = self.receipts_of(&book.book_no, named.serial.as_ref());
        let has_part = |receipt: &&super::Receipt| {
            let removed = receipt.position(&book.book_no, Mark::Residue, named.number, Place::RemovedPart);
            part && self.figures(&removed).on_hand()[0] > 0
        };
        let found =
            receipts.iter().rev().find(has_part).or(receipts.last()).ok_or(Reason::SerialNotInPlace)?;
        Ok(at(Some(found.lot.clone()), Some(found.serial.clone())))
    }

    /// Customs sells what it takes over; what was removed from a unit from abroad must not be sold.
    fn may_be_sold(&self, case: &Case) -> Result<(), Reason> {
        if case.stock.place != Place::RemovedPart {
            return Ok(());
        }
        let receipts = self.receipts_of(&case.stock.book_no, case.stock.serial.as_ref());
        let of = receipts.iter().find(|receipt| Some(&receipt.lot) == case.stock.lot.as_ref());
        match of.and_then(|receipt| receipt.provenance) {
            Some(Provenance::Domestic) => Ok(()),
            _ => Err(Reason::ForeignRemovedPart),
        }
    }

    pub(super) fn order_disposal(
        &mut self,
        by: &Principal,
        order: &DisposalOrder,
        now: Now,
    ) -> Result<Shown, Reason> {
        let number = order.disposal_no.as_str();
        let mut copy = self.disposal(number).ok_or(Reason::DocumentUnknown)?.clone();
        let (kind, state) = (copy.filing.kind, copy.state);
        let stands =
            |kinds: bool, states: bool| if kinds && states { Ok(()) } else { Err(Reason::DisposalState) };
        let filed = state == DocumentState::Filed;
        match &order.step {
            DisposalStep::Approve { level, .. } => {
                stands(waits_for_approval(kind), filed)?;
                if i128::from(*level) != copy.approved_by.len() as i128 + 1 {
                    return Err(Reason::DisposalState);
                }
                if copy.approved_by.contains(by) {
                    return Err(Reason::ApproverRepeated);
                }
                copy.approved_by.push(by.clone());
                if i128::from(*level) >= copy.levels {
                    self.end_pending(number, Status::Posted(now.revision));
                    copy.state = DocumentState::Approved;
                    let days = self.parameter(Parameter::DestructionApprovalDays, 3_000_000, now) / 100_000;
                    let until = Date(today(now).0 + i32::try_from(days).unwrap());
                    copy.approved = Some((today(now), until));
                }
            }
            DisposalStep::Reject { .. } => {
                stands(waits_for_approval(kind), filed)?;
                self.end_pending(number, Status::Cancelled(now.revision));
                copy.state = DocumentState::Rejected;
            }
            DisposalStep::Withdraw { .. } => {
                let approved = kind == DisposalKind::Destruction && state == DocumentState::Approved;
                stands(waits_for_approval(kind), filed || approved)?;
                if approved {
                    self.take_all(&mut copy, None, now);
                } else {
                    self.end_pending(number, Status::Cancelled(now.revision));
                }
                copy.state = DocumentState::Withdrawn;
            }
            DisposalStep::Execute(execution) => self.execute(&mut copy, execution, now)?,
            DisposalStep::Decide(decision) => {
                let waits =
                    if kind == DisposalKind::Abandonment { state == DocumentState::Approved } else { filed };
                stands(kind != DisposalKind::Destruction, waits)?;
                let about = About {
                    declared_on: copy.filing.declared_at.date(),
                    loss_day: copy.filing.event_on.filter(|_| kind == DisposalKind::LossOther),
                    decisions: copy.decisions.clone(),
                };
                let of = |_: usize| Subject::Disposal(kind);
                self.decide(number, &about, decision, &mut copy.cases, of, now)?;
                copy.decisions.push(decision.decision_no.clone());
                if copy.cases.iter().all(|case| case.left() == [0; 4]) {
                    copy.state = DocumentState::Decided;
                }
            }
        }
        let state = copy.state;
        let place = self.disposals.iter_mut().find(|other| other.filing.disposal_no == order.disposal_no);
        *place.unwrap() = copy;
        Ok(shown(number, state))
    }

    /// What was set aside goes to a place, or back to stock.
    fn take_all(&mut self, copy: &mut DisposalCopy, to: Option<Place>, now: Now) {
        for case in &mut copy.cases {
            let leg = case.leg(Some(Place::AwaitingDestruction), to);
            let (number, left) = (copy.filing.disposal_no.as_str(), leg.2);
            self.post_at_once((number, case.named.line), leg, now, &Wishes::on_account(number)).unwrap();
            case.decided.push((left, false));
        }
    }

    fn execute(&mut self, copy: &mut DisposalCopy, execution: &Execution, now: Now) -> Result<(), Reason> {
        if execution.evidence.len() > EVIDENCE_MAX || execution.residues.len() > LINES_MAX {
            return Err(Reason::TooLarge);
        }
        if named_twice(execution.residues.iter().map(|residue| residue.line)) {
            return Err(Reason::NamedTwice);
        }
        if copy.filing.kind != DisposalKind::Destruction || copy.state != DocumentState::Approved {
            return Err(Reason::DisposalState);
        }
        let (since, until) = copy.approved.unwrap();
        if execution.executed_on > until || (now.live && today(now) > until) {
            return Err(Reason::ApprovalExpired);
        }
        if execution.executed_on < since || (now.live && execution.executed_on > today(now)) {
            return Err(Reason::InvalidField);
        }
        if execution.evidence.is_empty() {
            return Err(Reason::EvidenceMissing);
        }
        self.take_all(copy, Some(Place::Destroyed), now);
        for residue in &execution.residues {
            self.leave(copy, residue, now)?;
        }
        copy.state = DocumentState::Executed;
        Ok(())
    }

    /// What is left of destroyed goods and has a value.
    fn leave(&mut self, copy: &DisposalCopy, residue: &DestructionResidue, now: Now) -> Result<(), Reason> {
        if residue.declared.raw() <= 0 {
            return Err(Reason::NonPositiveQty);
        }
        if residue.value_usd.raw() < 0 {
            return Err(Reason::InvalidField);
        }
        let of = copy.cases.iter().find(|case| case.named.line == residue.from_line);
        let of = of.ok_or(Reason::InvalidField)?;
        let book = self.book_mut(copy.filing.book_no.as_str())?;
        let repair = book.filing.usage == Usage::Repair;
        if repair && of.stock.serial.is_none() {
            return Err(Reason::SerialNotInPlace);
        }
        if book.row(Mark::Residue, residue.number).is_none() {
            let goods = book.row(of.named.mark, of.named.number).unwrap().clone();
            book.rows.push(Row {
                mark: Mark::Residue,
                number: residue.number,
                tariff: residue.tariff_code.clone(),
                units: Units {
                    declared: residue.unit.clone(),
                    statutory1: residue.unit.clone(),
                    statutory2: None,
                },
                lot: if repair { None } else { of.stock.lot.clone() },
                serial: if repair { None } else { of.stock.serial.clone() },
                tracked: false,
                stops: Default::default(),
                ..goods
            });
        }
        let row = book.row(Mark::Residue, residue.number).unwrap();
        if row.tariff != residue.tariff_code {
            return Err(Reason::HsMismatch);
        }
        if row.units.declared != residue.unit {
            return Err(Reason::UnitMismatch);
        }
        if !repair && (&row.lot, &row.serial) != (&of.stock.lot, &of.stock.serial) {
            return Err(Reason::InvalidField);
        }
        let mut moved = book.undocumented(Mark::Residue, residue.number, residue.declared.raw());
        moved[3] = residue.value_usd.raw();
        let place = stock_place(book.filing.usage, Mark::Residue);
        let stock = PositionKey { mark: Mark::Residue, number: residue.number, place, ..of.stock.clone() };
        let leg = (stock.at(Place::Made), stock, moved);
        self.post_at_once((copy.filing.disposal_no.as_str(), residue.line), leg, now, &Wishes::default())
    }

    pub(super) fn file_adjustment(&mut self, filing: &AdjustmentFiling, now: Now) -> Result<Shown, Reason> {
        if filing.lines.len() > LINES_MAX {
            return Err(Reason::TooLarge);
        }
        if named_twice(filing.lines.iter().map(|line| line.goods.line)) {
            return Err(Reason::NamedTwice);
        }
        let number = filing.adjustment_no.to_string();
        if self.adjustment(&number).is_some() {
            return Err(Reason::DocumentExists);
        }
        let book = self.free_book(filing.book_no.as_str())?;
        if filing.owner != book.filing.owner {
            return Err(Reason::BookOwnerMismatch);
        }
        let known = |sequence: u64| {
            self.verifications.iter().any(|(book, other, _)| (book, *other) == (&filing.book_no, sequence))
        };
        if filing.verification.is_some_and(|sequence| !known(sequence)) {
            return Err(Reason::DocumentUnknown);
        }
        if filing.lines.is_empty() || filing.lines.iter().any(|line| line.cause.trim().is_empty()) {
            return Err(Reason::InvalidField);
        }
        let disposed = |sequence| {
            let over = [DocumentState::Confirmed, DocumentState::Closed];
            self.period(&filing.book_no, sequence)
                .is_some_and(|period| period.disposed && over.contains(&period.state))
        };
        if filing.lines.iter().any(|line| line.cites.is_none()) && !filing.verification.is_some_and(disposed)
        {
            return Err(Reason::AdjustmentUndecided);
        }
        let missing = filing.lines.iter().filter(|line| line.difference == Difference::Shortage);
        let missing: Vec<u64> = missing.map(|line| line.goods.line).collect();
        self.may_name(filing.book_no.as_str(), &filing.lots, &[Place::Zone], &missing)?;
        let closed = self.last_closed(&filing.book_no).map(|closed| closed.sequence);
        if filing.verification.is_some_and(|sequence| closed.is_some_and(|closed| sequence <= closed)) {
            return Err(Reason::PeriodVerified);
        }
        let judgements = self.cite(filing)?;
        let mut cases: Vec<Case> = Vec::new();
        for line in &filing.lines {
            let found = line.difference == Difference::Surplus;
            cases.push(self.case(filing.book_no.as_str(), &line.goods, found)?);
        }
        for (at, case) in cases.iter().enumerate() {
            if cases.iter().take(at).any(|other| other.stock == case.stock) {
                return Err(Reason::NamedTwice);
            }
        }
        let mut legs: Vec<Leg> = Vec::new();
        for (line, case) in filing.lines.iter().zip(&cases) {
            legs.push(match line.difference {
                Difference::Shortage => case.leg(None, Some(Place::Difference)),
                Difference::Surplus => case.leg(Some(Place::Found), Some(Place::Surplus)),
            });
        }
        stock_test(self, legs.iter().cloned())?;
        let wishes = Wishes { named: Some(filing.lots.clone()), ..Wishes::on_account(&number) };
        for (line, leg) in filing.lines.iter().zip(legs) {
            self.post_at_once((&number, line.goods.line), leg, now, &wishes)?;
        }
        let mut decisions = Vec::new();
        let sides: Vec<Difference> = filing.lines.iter().map(|line| line.difference).collect();
        for (decision, declared_on) in judgements {
            let about = About { declared_on, loss_day: None, decisions: decisions.clone() };
            self.decide(&number, &about, &decision, &mut cases, |at| Subject::Count(sides[at]), now)?;
            decisions.push(decision.decision_no);
        }
        let open = cases.iter().any(|case| case.left() != [0; 4]);
        let state = if open { DocumentState::Filed } else { DocumentState::Decided };
        let mut all = shown(&number, state);
        for (cited, came_to) in self.settle(filing, now) {
            all.changed.insert(cited, came_to);
        }
        self.adjustments.push(AdjustmentCopy {
            filing: filing.clone(),
            state,
            cases,
            filed_on: today(now),
            decisions,
        });
        Ok(all)
    }

    pub(super) fn decide_adjustment(
        &mut self,
        order: &AdjustmentDecision,
        now: Now,
    ) -> Result<Shown, Reason> {
        let number = order.adjustment_no.as_str();
        let mut copy = self.adjustment(number).ok_or(Reason::DocumentUnknown)?.clone();
        if copy.state != DocumentState::Filed {
            return Err(Reason::DisposalState);
        }
        let about = About {
            declared_on: copy.filing.declared_at.date(),
            loss_day: None,
            decisions: copy.decisions.clone(),
        };
        let lines = copy.filing.lines.clone();
        let of = |at: usize| Subject::Count(lines[at].difference);
        self.decide(number, &about, &order.decision, &mut copy.cases, of, now)?;
        copy.decisions.push(order.decision.decision_no.clone());
        if copy.cases.iter().all(|case| case.left() == [0; 4]) {
            copy.state = DocumentState::Decided;
        }
        let state = copy.state;
        let place =
            self.adjustments.iter_mut().find(|other| other.filing.adjustment_no == order.adjustment_no);
        *place.unwrap() = copy;
        Ok(shown(number, state))
    }

    pub(super) fn decide(
        &mut self,
        number: &str,
        about: &About,
        decision: &Decision,
        cases: &mut [Case],
        of: impl Fn(usize) -> Subject,
        now: Now,
    ) -> Result<(), Reason> {
        if decision.lines.len() > LINES_MAX {
            return Err(Reason::TooLarge);
        }
        if decision.lines.is_empty() {
            return Err(Reason::InvalidField);
        }
        if about.decisions.contains(&decision.decision_no) {
            return Err(Reason::DocumentExists);
        }
        let ahead = now.live && decision.decided_on > today(now);
        let other_rates = decision.rates_on.is_some_and(|day| about.loss_day.is_some_and(|loss| loss != day));
        if decision.decided_on < about.declared_on || ahead || other_rates {
            return Err(Reason::InvalidField);
        }
        for line in &decision.lines {
            let at =
                cases.iter().position(|case| case.named.line == line.line).ok_or(Reason::InvalidField)?;
            let (from, to) = way(of(at), line.outcome).ok_or(Reason::DecisionNotAllowed)?;
            let part = self.part(&cases[at], line)?;
            taxed(of(at), line)?;
            let ends = |place: Option<Place>| {
                place.map_or(cases[at].stock.clone(), |place| cases[at].stock.at(place))
            };
            let leg = (ends(Some(from)), ends(to), part);
            self.post_at_once((number, line.line), leg, now, &Wishes::on_account(number))?;
            cases[at].decided.push((part, false));
            let leaves = cases[at].left() != [0; 4];
            cases[at].decided.last_mut().unwrap().1 = leaves;
        }
        let parts = cases.iter().flat_map(|case| &case.decided).filter(|(_, leaves)| *leaves).count();
        if parts > PARTS_MAX { Err(Reason::TooLarge) } else { Ok(()) }
    }

    /// A part of a line; the parts of a line sum up to it in every unit.
    fn part(&self, case: &Case, line: &DecisionLine) -> Result<[i128; 4], Reason> {
        let left = case.left();
        if left[0] == 0 {
            return Err(Reason::DecidedSumMismatch);
        }
        let Some(measure) = line.measure else { return Ok(left) };
        let part = measure.0.map(Quantity::raw);
        if part[0] <= 0 {
            return Err(Reason::NonPositiveQty);
        }
        let unit = case.named.mark == Mark::Goods && case.stock.serial.is_some();
        if part[0] > left[0] || (unit && part[0] != left[0]) {
            return Err(Reason::DecidedSumMismatch);
        }
        let last = part[0] == left[0];
        for at in 1..4 {
            if part[at] < 0 {
                return Err(Reason::InvalidField);
            }
            let all = part[at] == left[at];
            let nothing_or_all = at < 3 && left[at] != 0 && (part[at] == 0 || all);
            if part[at] > left[at] || (last && !all) || (!last && nothing_or_all) {
                return Err(Reason::DecidedSumMismatch);
            }
        }
        let book = self.book(case.stock.book_no.as_str()).unwrap();
        let units = &book.row(case.named.mark, case.named.number).unwrap().units;
        let same = |at: usize| part[at] == part[0];
        if (units.statutory1 == units.declared && !same(1))
            || (units.statutory2.as_ref() == Some(&units.declared) && !same(2))
        {
            return Err(Reason::StatutoryQtyMismatch);
        }
        Ok(part)
    }
}

/// From where to where a decision takes goods; `None` for a destination is the stock.
fn way(about: Subject, outcome: DecisionOutcome) -> Option<(Place, Option<Place>)> {
    use DecisionOutcome::{Entered, Rejected, Returned, TakenOver, Taxed, WrittenOff};
    use DisposalKind::{Abandonment, LossForceMajeure, LossOther};
    let missing = match about {
        Subject::Disposal(LossForceMajeure | LossOther)
        | Subject::Count(Difference::Shortage)
        | Subject::Tally => true,
        Subject::Disposal(_) | Subject::Count(Difference::Surplus) => false,
    };
    match (about, outcome) {
        (Subject::Disposal(LossOther), WrittenOff) => None,
        (_, WrittenOff) if missing => Some((Place::Difference, Some(Place::Lost))),
        (_, Taxed) if missing => Some((Place::Difference, Some(Place::Outside))),
        (_, Returned) if missing => Some((Place::Difference, None)),
        (Subject::Disposal(Abandonment), TakenOver) => {
            Some((Place::AwaitingDestruction, Some(Place::Outside)))
        }
        (Subject::Disposal(Abandonment), Returned) => Some((Place::AwaitingDestruction, None)),
        (Subject::Count(Difference::Surplus), Entered) => Some((Place::Surplus, None)),
        (Subject::Count(Difference::Surplus), Rejected) => Some((Place::Surplus, Some(Place::Found))),
        _ => None,
    }
}

/// A value goes with what is taxed, and is needed where the goods are damaged by force majeure.
fn taxed(about: Subject, line: &DecisionLine) -> Result<(), Reason> {
    let damaged = about == Subject::Disposal(DisposalKind::LossForceMajeure);
    match (line.outcome == DecisionOutcome::Taxed, line.dutiable_value) {
        (true, Some(value)) if value.raw() >= 0 => Ok(()),
        (true, None) if !damaged => Ok(()),
        (false, None) => Ok(()),
        _ => Err(Reason::InvalidField),
    }
}
