//! Tallies: goods counted against their list (issue 3 point 9).

use super::checks::{check_quantities, goes_through_transit};
use super::disposals::{About, Case, Subject};
use super::lots::Wishes;
use super::shelf::{Shelf, Status, Transfer, named_twice};
use super::{ListCopy, Now, Shown};
use std::collections::BTreeMap;
use zonebook_ledger::behaviour::BEHAVIOUR_FIRST;
use zonebook_ledger::code::{DecisionNo, TallyNo};
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{LinePart, NamedGoods, TallyDecision, TallyFiling};
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::standing::TallyResult;

pub(super) fn four(part: &LinePart) -> [i128; 4] {
    let second = part.statutory2.map_or(0, Quantity::raw);
    [part.declared.raw(), part.statutory1.raw(), second, part.value_usd.raw()]
}

/// What an accepted tally of a list I did not find, and what customs decided on it.
#[derive(Clone, Debug)]
pub struct MissingCopy {
    pub tally_no: TallyNo,
    pub cases: Vec<Case>,
    pub decisions: Vec<DecisionNo>,
}

impl MissingCopy {
    pub fn is_open(&self) -> bool {
        self.cases.iter().any(|case| case.left() != [0; 4])
    }
}

impl Shelf {
    /// `DECIDED` when customs has decided on all that is missing.
    pub(super) fn tally_state(&self, number: &TallyNo) -> Option<DocumentState> {
        self.tally(number)?;
        let missing = self.missing.iter().find(|copy| copy.tally_no == *number);
        let decided = missing.is_some_and(|copy| !copy.is_open());
        Some(if decided { DocumentState::Decided } else { DocumentState::Filed })
    }

    pub(super) fn decide_tally(&mut self, order: &TallyDecision, now: Now) -> Result<Shown, Reason> {
        let counted_on = self.tally(&order.tally_no).ok_or(Reason::DocumentUnknown)?.counted_at.date();
        let at = self.missing.iter().position(|copy| copy.tally_no == order.tally_no && copy.is_open());
        let at = at.ok_or(Reason::DisposalState)?;
        let mut copy = self.missing[at].clone();
        let about = About { declared_on: counted_on, loss_day: None, decisions: copy.decisions.clone() };
        let number = order.tally_no.as_str();
        self.decide(number, &about, &order.decision, &mut copy.cases, |_| Subject::Tally, now)?;
        copy.decisions.push(order.decision.decision_no.clone());
        self.missing[at] = copy;
        let state = self.tally_state(&order.tally_no);
        Ok(Shown { state, changed: state.map(|state| (number.to_owned(), state)).into_iter().collect() })
    }

    pub fn tally(&self, number: &TallyNo) -> Option<&TallyFiling> {
        self.tallies.iter().find(|tally| tally.tally_no == *number)
    }

    pub(super) fn file_tally(&mut self, filing: &TallyFiling, now: Now) -> Result<Shown, Reason> {
        if filing.lines.len() > LINES_MAX {
            return Err(Reason::TooLarge);
        }
        if named_twice(filing.lines.iter().map(|line| line.line)) {
            return Err(Reason::NamedTwice);
        }
        if self.tally(&filing.tally_no).is_some() {
            return Err(Reason::DocumentExists);
        }
        let list = self.list(filing.list_no.as_str()).ok_or(Reason::DocumentUnknown)?.clone();
        match list.state {
            DocumentState::PrePosted => {}
            DocumentState::Withdrawn => return Err(Reason::AlreadyWithdrawn),
            DocumentState::Returned => return Err(Reason::AlreadyReturned),
            DocumentState::Verified => return Err(Reason::PeriodVerified),
            _ => return Err(Reason::AlreadyPosted),
        }
        let content = &list.content;
        let plain = matches!(content.kind.as_str(), "0" | "9")
            && content.related_book.is_none()
            && self.passes_a_gate(content);
        // Between books as well: what another zone sends, and what comes from another book of the zone.
        let between = self.behaviour > BEHAVIOUR_FIRST
            && (goes_through_transit(content)
                || (content.kind == "6" && content.direction == Direction::In && !self.is_trade(content)));
        let accepted = matches!(list.tally, Some((_, TallyResult::Accepted)));
        if !(plain || between) || accepted {
            return Err(Reason::OrderNotApplicable);
        }
        self.check_count(&list, filing)?;
        self.tallies.push(filing.clone());
        let number = filing.list_no.as_str();
        self.list_mut(number).tally = Some((filing.tally_no.clone(), TallyResult::Differs));
        self.compare_tally(number);
        let mut changed = BTreeMap::from([
            (filing.tally_no.to_string(), DocumentState::Filed),
            (number.to_owned(), DocumentState::PrePosted),
        ]);
        self.post_if_ready(number, now, &mut changed);
        Ok(Shown { state: Some(DocumentState::Filed), changed })
    }

    /// Every line of the list, and no other; nothing in any unit or something in each.
    pub(super) fn check_count(&self, list: &ListCopy, tally: &TallyFiling) -> Result<(), Reason> {
        for counted in &tally.lines {
            let line = list.content.lines.iter().find(|line| line.line == counted.line);
            let line = line.ok_or(Reason::InvalidField)?;
            let [declared, first, second, value] = four(counted);
            if value < 0 {
                return Err(Reason::InvalidField);
            }
            if [declared, first, second, value] == [0; 4] {
                continue;
            }
            let second_given = counted.statutory2.is_some_and(|given| given.raw() <= 0);
            if declared <= 0 || first <= 0 || second_given {
                return Err(Reason::NonPositiveQty);
            }
            check_quantities(&line.units, counted.declared, counted.statutory1, counted.statutory2)?;
            if declared < line.declared.raw() {
                let listed_second = line.statutory2.map_or(0, Quantity::raw);
                let leaves = first < line.statutory1.raw() && (listed_second == 0 || second < listed_second);
                if !leaves || value > line.value_usd.raw() {
                    return Err(Reason::StatutoryRemainder);
                }
            }
        }
        let all = |line: &zonebook_ledger::document::ListLine| {
            tally.lines.iter().any(|counted| counted.line == line.line)
        };
        if list.content.lines.iter().all(all) { Ok(()) } else { Err(Reason::InvalidField) }
    }

    /// What the tally comes to against the lines of the list.
    pub(super) fn compare_tally(&mut self, number: &str) {
        let Some(list) = self.list(number) else { return };
        let Some((tally_no, _)) = list.tally.clone() else { return };
        let tally = self.tally(&tally_no).unwrap();
        let agrees = tally.lines.len() == list.content.lines.len()
            && list.content.lines.iter().all(|line| {
                tally.lines.iter().any(|part| (part.line, part.declared) == (line.line, line.declared))
            });
        let result = if agrees { TallyResult::Agrees } else { TallyResult::Differs };
        self.list_mut(number).tally = Some((tally_no, result));
    }

    fn accepted_tally(&self, list: &ListCopy) -> Option<&TallyFiling> {
        match &list.tally {
            Some((tally_no, TallyResult::Accepted)) => self.tally(tally_no),
            _ => None,
        }
    }

    /// Whether what was counted is through the gate, as far as it is listed.
    pub(super) fn counted_is_gated(&self, list: &ListCopy) -> bool {
        let Some(tally) = self.accepted_tally(list) else { return false };
        list.content.lines.iter().all(|line| {
            let counted = tally.lines.iter().find(|part| part.line == line.line);
            let counted = counted.map_or(0, |part| part.declared.raw());
            self.gated(list.content.list_no.as_str(), line) >= counted.min(line.declared.raw())
        })
    }

    /// Of a list that is being posted: what is short leaves stock again, or comes back.
    pub(super) fn settle_tally(&mut self, number: &str, now: Now) {
        let list = self.list(number).unwrap().clone();
        let Some(tally) = self.accepted_tally(&list).cloned() else { return };
        let mut cases = Vec::new();
        for line in &list.content.lines {
            let counted = tally.lines.iter().find(|part| part.line == line.line).map_or([0; 4], four);
            let second = line.statutory2.map_or(0, Quantity::raw);
            let listed = [line.declared.raw(), line.statutory1.raw(), second, line.value_usd.raw()];
            if counted[0] >= listed[0] {
                continue;
            }
            let rest = [0, 1, 2, 3].map(|unit: usize| listed[unit] - counted[unit]);
            let document = tally.tally_no.to_string();
            let legs = match list.content.direction {
                Direction::Out => self.undoing(&list, line.line, rest, counted[0]),
                Direction::In => {
                    let made = self.transfers.iter().filter(|transfer| transfer.document == number);
                    let posted = |transfer: &&Transfer| {
                        transfer.line == line.line && matches!(transfer.status, Status::Posted(_))
                    };
                    let stock = made.clone().find(posted).unwrap().to.clone();
                    let [declared, statutory1, second, value_usd] = rest.map(Quantity::from_raw);
                    let named = NamedGoods {
                        line: line.line,
                        mark: stock.mark,
                        number: stock.number,
                        serial: stock.serial.clone(),
                        declared,
                        statutory1,
                        statutory2: line.statutory2.map(|_| second),
                        value_usd,
                    };
                    cases.push(Case { named, stock: stock.clone(), decided: Vec::new() });
                    vec![(stock.clone(), stock.at(Place::Difference), rest)]
                }
            };
            let wishes = Wishes { holder: Some(document.clone()), ..Wishes::undoing(number) };
            for leg in legs {
                self.post_at_once((&document, line.line), leg, now, &wishes).unwrap();
            }
            self.list_mut(number).short.push((line.line, rest));
        }
        if !cases.is_empty() {
            self.missing.push(MissingCopy { tally_no: tally.tally_no, cases, decisions: Vec::new() });
        }
    }
}
