//! Differences of counts (`domain.md` 4.1, 4.2): a list of them, and of what became of each.

use super::disposals::shown;
use super::permits::today;
use super::shelf::{Shelf, named_twice};
use super::{Model, Now, Shown};
use zonebook_ledger::code::{BookNo, DifferenceNo, OfficeCode};
use zonebook_ledger::difference::{Class, DifferenceRef};
use zonebook_ledger::document::{
    AdjustmentFiling, Decision, DecisionLine, DecisionOutcome, Difference, DifferenceDecision,
    DifferenceFiling, DifferenceLine, DifferenceOrder, DifferenceOutcome, DifferenceStep,
};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::permission::Principal;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::{Date, Instant};
use zonebook_ledger::tolerance::{Tolerance, ToleranceOrder};

/// A difference, under its report and line.
#[derive(Clone, Debug)]
pub struct DifferenceCopy {
    pub key: (String, u64),
    pub book_no: BookNo,
    pub filed: DifferenceLine,
    pub recorded: Instant,
    pub due: Option<Date>,
    pub assignments: usize,
    pub decisions: Vec<(DifferenceDecision, Principal)>,
    /// Adjustment, line, and how much.
    pub settled: Vec<(String, u64, i128)>,
    /// The revision after which nothing more became of it.
    pub ended: Option<u64>,
}

impl DifferenceCopy {
    fn last(&self) -> Option<DifferenceOutcome> {
        self.decisions.last().map(|(decision, _)| decision.outcome)
    }

    /// Nobody has said how it ends.
    pub fn is_undecided(&self) -> bool {
        matches!(self.last(), None | Some(DifferenceOutcome::PenaltyCase))
    }

    /// Customs has said what an adjustment is to do, and some of it is still to be done.
    pub fn waits_for_adjustment(&self) -> bool {
        !self.is_undecided() && self.last() != Some(DifferenceOutcome::Recount) && self.left() > 0
    }

    pub fn shown(&self) -> DocumentState {
        match self.last() {
            _ if self.is_undecided() => DocumentState::Open,
            Some(DifferenceOutcome::Recount) => DocumentState::Closed,
            _ if self.left() == 0 => DocumentState::Settled,
            _ => DocumentState::Decided,
        }
    }

    pub fn code(&self) -> &'static str {
        match self.last() {
            None => "OPEN",
            Some(DifferenceOutcome::PenaltyCase) => "UNDER_CASE",
            Some(DifferenceOutcome::Recount) => "RECOUNT",
            _ if self.left() == 0 => "SETTLED",
            _ => "DECIDED",
        }
    }

    pub fn left(&self) -> i128 {
        signed(&self.filed).abs() - self.settled.iter().map(|(.., part)| part).sum::<i128>()
    }

    pub fn side(&self) -> Difference {
        if signed(&self.filed) < 0 { Difference::Shortage } else { Difference::Surplus }
    }
}

/// D = B - A + C.
fn signed(line: &DifferenceLine) -> i128 {
    line.counted.raw() - line.book.raw() + line.explained.raw()
}

/// `domain.md` 4.1: within any one of the three.
fn tolerated(line: &DifferenceLine, tolerance: &Tolerance) -> bool {
    let size = signed(line).abs();
    // Parts of a million, both sides in 1/100,000.
    let relative = size * 1_000_000 * 100_000 <= tolerance.ppm.raw() * line.inflow.raw();
    let value = line.stake.value_usd.map(Quantity::raw);
    let by_value =
        tolerance.value_usd.raw() > 0 && value.is_some_and(|value| value <= tolerance.value_usd.raw());
    size <= tolerance.quantity.raw() || relative || by_value
}

impl Shelf {
    pub fn differences_of(&self, number: &DifferenceNo) -> Option<&DifferenceFiling> {
        self.reports.iter().find(|filing| filing.difference_no == *number)
    }

    pub fn difference(&self, key: &(String, u64)) -> Option<&DifferenceCopy> {
        self.differences.iter().find(|copy| copy.key == *key)
    }

    fn cited(&self, cites: &DifferenceRef) -> Option<usize> {
        let key = (cites.difference_no.to_string(), cites.line);
        self.differences.iter().position(|copy| copy.key == key)
    }

    /// What an office tolerates on a day: of what was set from a day not after it the latest day, and of that the last word.
    pub fn tolerance_on(&self, office: &OfficeCode, day: Date) -> Tolerance {
        let set = self.tolerances.iter().filter(|order| order.office == *office && order.from <= day);
        set.max_by_key(|order| order.from).map_or_else(Tolerance::default, |order| order.tolerance)
    }

    pub(super) fn set_tolerance(&mut self, order: &ToleranceOrder) -> Result<Shown, Reason> {
        if !["2217", "3107"].contains(&order.office.as_str()) {
            return Err(Reason::ZoneUnknown);
        }
        let Tolerance { ppm, quantity, value_usd } = order.tolerance;
        let below = [ppm, quantity, value_usd].iter().any(|value| value.raw() < 0);
        if below || ppm > Quantity::whole(1_000_000) {
            return Err(Reason::InvalidField);
        }
        self.tolerances.push(order.clone());
        Ok(Shown::default())
    }

    pub(super) fn file_differences(&mut self, filing: &DifferenceFiling, now: Now) -> Result<Shown, Reason> {
        if filing.lines.len() > 4_000 {
            return Err(Reason::TooLarge);
        }
        if named_twice(filing.lines.iter().map(|line| line.line)) {
            return Err(Reason::NamedTwice);
        }
        let of_report = |other: &&DifferenceFiling| other.difference_no == filing.difference_no;
        let parts = self.reports.iter().filter(of_report).count() as u64;
        match self.differences_of(&filing.difference_no) {
            None if filing.part != 1 => return Err(Reason::InvalidField),
            Some(first) => {
                let same = |of: &DifferenceFiling| {
                    (of.book_no.clone(), of.revision, of.campaign_no.clone(), of.tolerance)
                };
                if filing.part != parts + 1 || same(first) != same(filing) {
                    return Err(Reason::DocumentExists);
                }
            }
            None => {}
        }
        let book = self.book(filing.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        if filing.owner != book.filing.owner {
            return Err(Reason::BookOwnerMismatch);
        }
        if filing.lines.is_empty() {
            return Err(Reason::InvalidField);
        }
        self.rests_on_history(filing)?;
        let mut new = Vec::new();
        for line in &filing.lines {
            self.check_difference(filing, line, &new)?;
            new.push(DifferenceCopy {
                key: (filing.difference_no.to_string(), line.line),
                book_no: filing.book_no.clone(),
                filed: line.clone(),
                recorded: now.ledger_time,
                due: line.due,
                assignments: 1,
                decisions: Vec::new(),
                settled: Vec::new(),
                ended: None,
            });
        }
        self.differences.extend(new);
        self.reports.push(filing.clone());
        Ok(shown(filing.difference_no.as_str(), DocumentState::Filed))
    }

    fn rests_on_history(&self, filing: &DifferenceFiling) -> Result<(), Reason> {
        let at = usize::try_from(filing.revision.0).unwrap().checked_sub(1);
        let time = at.and_then(|at| self.times.get(at)).ok_or(Reason::BasisMismatch)?;
        // The model knows no digests: what is given is one that no ledger has.
        if filing.digest.is_some() {
            return Err(Reason::BasisMismatch);
        }
        let day = Model::zone_clock().local(*time).date();
        let office = &self.book(filing.book_no.as_str()).unwrap().filing.office;
        if self.tolerance_on(office, day) != filing.tolerance {
            return Err(Reason::BasisMismatch);
        }
        let Some(number) = &filing.campaign_no else { return Ok(()) };
        let campaign = self.campaign(number).ok_or(Reason::DocumentUnknown)?;
        if campaign.state != DocumentState::Closed {
            return Err(Reason::CampaignNotClosed);
        }
        let same = (&campaign.opening.book_no, campaign.cut_off.0) == (&filing.book_no, filing.revision.0);
        if same { Ok(()) } else { Err(Reason::BasisMismatch) }
    }

    fn check_difference(
        &self,
        filing: &DifferenceFiling,
        line: &DifferenceLine,
        new: &[DifferenceCopy],
    ) -> Result<(), Reason> {
        if self.difference(&(filing.difference_no.to_string(), line.line)).is_some() {
            return Err(Reason::NamedTwice);
        }
        if let Some(number) = &filing.campaign_no {
            let items = &self.campaign(number).unwrap().opening.scope.items;
            let has = items.iter().any(|range| {
                range.mark == line.mark && range.first <= line.number && line.number <= range.last
            });
            if !items.is_empty() && !has {
                return Err(Reason::CountOutOfScope);
            }
        }
        let book = self.book(filing.book_no.as_str()).unwrap();
        let row = book.rows.iter().find(|row| (row.mark, row.number) == (line.mark, line.number));
        let row = row.ok_or(Reason::ItemNotFiled)?;
        if line.unit != row.units.declared {
            return Err(Reason::UnitMismatch);
        }
        let stake = [line.stake.value_usd, line.stake.duty, line.stake.tax];
        let figures = stake.into_iter().flatten().chain([line.counted, line.inflow]);
        if figures.into_iter().any(|figure| figure.raw() < 0) {
            return Err(Reason::InvalidField);
        }
        let fits = match line.class {
            Class::Match | Class::ExplainedTiming => false,
            Class::Surplus | Class::RemovedPartUnbooked => signed(line) > 0,
            _ => signed(line) < 0,
        };
        if !fits || tolerated(line, &filing.tolerance) {
            return Err(Reason::InvalidField);
        }
        let goods = |of: &DifferenceLine| (of.mark, of.number, of.serial.clone());
        let same =
            |copy: &&DifferenceCopy| copy.book_no == filing.book_no && goods(&copy.filed) == goods(line);
        match self.differences.iter().chain(new).rfind(same) {
            Some(copy) if copy.ended.is_none_or(|ended| ended > filing.revision.0) => {
                Err(Reason::DifferenceRecorded)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn order_difference(
        &mut self,
        by: &Principal,
        order: &DifferenceOrder,
        now: Now,
    ) -> Result<Shown, Reason> {
        let key = (order.difference_no.to_string(), order.line);
        let mut copy = self.difference(&key).ok_or(Reason::DocumentUnknown)?.clone();
        if !copy.is_undecided() {
            return Err(Reason::DifferenceState);
        }
        match &order.step {
            DifferenceStep::Assign { due, .. } => {
                if copy.assignments >= 100 {
                    return Err(Reason::TooLarge);
                }
                copy.assignments += 1;
                copy.due = due.or(copy.due);
            }
            DifferenceStep::Decide(decision) => {
                check_decision(&copy, decision, now)?;
                copy.decisions.push((decision.clone(), by.clone()));
                if decision.outcome == DifferenceOutcome::Recount {
                    copy.ended = Some(now.revision);
                }
            }
        }
        let state = copy.shown();
        let place = self.differences.iter_mut().find(|other| other.key == key).unwrap();
        *place = copy;
        Ok(shown(&format!("{}/{}", order.difference_no, order.line), state))
    }

    /// The decisions that the lines of an adjustment carry out, and the day of each; the book is not asked yet.
    pub(super) fn cite(&self, filing: &AdjustmentFiling) -> Result<Vec<(Decision, Date)>, Reason> {
        let mut taken: Vec<(usize, i128)> = Vec::new();
        let mut found: Vec<(Decision, Date, Principal)> = Vec::new();
        for line in &filing.lines {
            let Some(cites) = &line.cites else { continue };
            let at = self.cited(cites).ok_or(Reason::DocumentUnknown)?;
            let copy = &self.differences[at];
            if !copy.waits_for_adjustment() {
                return Err(Reason::DifferenceState);
            }
            let goods = (&filing.book_no, line.goods.mark, line.goods.number, line.difference);
            if goods != (&copy.book_no, copy.filed.mark, copy.filed.number, copy.side()) {
                return Err(Reason::DifferenceMismatch);
            }
            if copy.filed.serial.is_some() && copy.filed.serial != line.goods.serial {
                return Err(Reason::DifferenceMismatch);
            }
            let declared = line.goods.declared.raw();
            if declared <= 0 {
                return Err(Reason::NonPositiveQty);
            }
            let before: i128 = taken.iter().filter(|(other, _)| *other == at).map(|(_, part)| part).sum();
            if declared > copy.left() - before {
                return Err(Reason::DifferenceMismatch);
            }
            taken.push((at, declared));
            let (decision, by) = copy.decisions.last().unwrap();
            let outcome = match decision.outcome {
                DifferenceOutcome::AcceptedAsLoss => DecisionOutcome::WrittenOff,
                DifferenceOutcome::Taxed => DecisionOutcome::Taxed,
                _ => DecisionOutcome::Entered,
            };
            // Of what is taxed the value does not matter to the book.
            let dutiable_value = (outcome == DecisionOutcome::Taxed).then_some(Quantity::ZERO);
            let part = DecisionLine { line: line.goods.line, outcome, measure: None, dutiable_value };
            let same = |(other, _, who): &&mut (Decision, Date, Principal)| {
                (&other.decision_no, other.decided_on, other.rates_on, who)
                    == (&decision.decision_no, decision.decided_on, decision.rates_on, by)
            };
            match found.iter_mut().find(same) {
                Some((other, ..)) => other.lines.push(part),
                None => {
                    let (decision_no, decided_on) = (decision.decision_no.clone(), decision.decided_on);
                    let of =
                        Decision { decision_no, decided_on, rates_on: decision.rates_on, lines: vec![part] };
                    found.push((of, decided_on, by.clone()));
                }
            }
        }
        Ok(found.into_iter().map(|(decision, day, _)| (decision, day)).collect())
    }

    /// Notes what an adjustment took of the differences that it cites; where each stands then.
    pub(super) fn settle(&mut self, filing: &AdjustmentFiling, now: Now) -> Vec<(String, DocumentState)> {
        let mut came_to = Vec::new();
        for line in &filing.lines {
            let Some(at) = line.cites.as_ref().and_then(|cites| self.cited(cites)) else { continue };
            let copy = &mut self.differences[at];
            let part = (filing.adjustment_no.to_string(), line.goods.line, line.goods.declared.raw());
            copy.settled.push(part);
            if copy.left() == 0 {
                copy.ended = Some(now.revision);
            }
            came_to.push((format!("{}/{}", copy.key.0, copy.key.1), copy.shown()));
        }
        came_to
    }
}

fn check_decision(copy: &DifferenceCopy, decision: &DifferenceDecision, now: Now) -> Result<(), Reason> {
    use DifferenceOutcome::{AcceptedAsLoss, PenaltyCase, ReEntered, Recount, Taxed};
    if decision.evidence.len() > 100 {
        return Err(Reason::TooLarge);
    }
    let of_side = match decision.outcome {
        AcceptedAsLoss | Taxed => copy.side() == Difference::Shortage,
        ReEntered => copy.side() == Difference::Surplus,
        PenaltyCase => copy.decisions.is_empty(),
        Recount => true,
    };
    if !of_side {
        return Err(Reason::DecisionNotAllowed);
    }
    let recorded = Model::zone_clock().local(copy.recorded).date();
    let late = now.live && decision.decided_on > today(now);
    if decision.reason.trim().is_empty() || decision.decided_on < recorded || late {
        return Err(Reason::InvalidField);
    }
    let taxed = decision.outcome == Taxed;
    let said = decision.rates_on.is_some() || decision.dutiable_value.is_some();
    let value = decision.dutiable_value.or(copy.filed.stake.value_usd);
    let known = decision.dutiable_value.is_none_or(|value| value.raw() >= 0) && value.is_some();
    if (taxed && !known) || (!taxed && said) { Err(Reason::InvalidField) } else { Ok(()) }
}
