//! What callers want: commands that are asked for until they have an outcome, whatever breaks in between.

use crate::chance::Chance;
use crate::coverage::{Coverage, Event};
use crate::trade::{self, Goods, ITEMS};
use anyhow::Result;
use std::collections::{BTreeMap, VecDeque};
use zonebook_ledger::behaviour::BEHAVIOUR_MAX;
use zonebook_ledger::command::{BookAction, Command, Proposal};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Applied;
use zonebook_trial::{BEGINNING, history};

/// Intents of a history of chance: commands of all kinds about all documents.
const INTENTS: usize = 500;
/// Commands of a run at most, without repeats: the naive model takes longer with each.
const COMMANDS_MAX: u64 = 1_400;
/// Calls that were answered and may be repeated.
const ANSWERED_KEPT: usize = 64;

/// What a command wants of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// Nothing: it is about something else.
    Nothing,
    File(u64),
    Withdraw(u64),
    Release(u64),
}

/// Commands of one call, which is repeated under the same request ids until it is answered.
#[derive(Clone)]
pub struct Call {
    /// Its number.
    pub number: u64,
    /// What is asked for.
    pub proposals: Vec<Proposal>,
    wishes: Vec<Wish>,
    /// It was sent before, and what became of that is not known.
    may_have_effect: bool,
}

/// What became of a list, as callers were told.
#[derive(Clone, Default)]
struct Told {
    goods: Goods,
    destroyed: bool,
    accepted: bool,
    withdrawn: bool,
    released: bool,
    withdrawal_asked: bool,
    release_asked: bool,
}

/// Quantities of an item: reserved, and gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Reserved.
    pub reserved: i64,
    /// Gone out.
    pub gone: i64,
}

/// The model knows no end of a book. Where the history was drawn the book holds something; here commands get lost.
fn ends_a_book(command: &Command) -> bool {
    matches!(command, Command::OrderBook(order) if order.action == BookAction::Cancel)
}

/// All calls of a run.
pub struct Workload {
    chance: Chance,
    coverage: Coverage,
    waiting: VecDeque<Call>,
    /// Commands of a history of chance, in its order.
    history: VecDeque<Proposal>,
    /// The last calls that were answered.
    answered: VecDeque<Call>,
    /// Calls under way, with the node that was asked.
    under_way: BTreeMap<u64, (u64, Call)>,
    calls: u64,
    proposals: u64,
    begun: bool,
    closing: bool,
    lists: BTreeMap<u64, Told>,
}

impl Workload {
    /// Of a seed.
    ///
    /// # Errors
    /// As [`trade::beginning`].
    pub fn new(mut chance: Chance, coverage: Coverage) -> Result<Self> {
        let drawn = history(chance.seed(), INTENTS).into_iter().map(|asked| asked.proposal);
        let mut history: VecDeque<Proposal> = drawn.filter(|asked| !ends_a_book(&asked.command)).collect();
        // Upgrades are too rare for chance to meet them in few seeds.
        if chance.one_in(4) {
            let half = history.len() / 2;
            let at = half + usize::try_from(chance.below(half as u64))?;
            history.insert(at, trade::unkeyed(Command::RaiseBehaviour(BEHAVIOUR_MAX)));
        }
        let beginning = history.drain(..BEGINNING).map(|proposal| proposal.command);
        let beginning = beginning.collect::<Vec<_>>().into_iter().chain(trade::beginning()?);
        let proposals: Vec<Proposal> =
            (0..).zip(beginning).map(|(number, command)| trade::proposal(number, command)).collect();
        let wishes = vec![Wish::Nothing; proposals.len()];
        Ok(Self {
            chance,
            coverage,
            history,
            answered: VecDeque::new(),
            calls: 1,
            proposals: proposals.len() as u64,
            waiting: VecDeque::from([Call { number: 0, proposals, wishes, may_have_effect: false }]),
            under_way: BTreeMap::new(),
            begun: false,
            closing: false,
            lists: BTreeMap::new(),
        })
    }

    /// The next call to a node, if there is one now.
    ///
    /// # Errors
    /// As [`trade::beginning`].
    pub fn next(&mut self, node_id: u64) -> Result<Option<Call>> {
        let call = match self.waiting.pop_front() {
            Some(waiting) => waiting,
            None if !self.begun || self.closing => return Ok(None),
            None => match self.chance.below(6) {
                0 => self.repeated(),
                _ if self.proposals >= COMMANDS_MAX => self.repeated(),
                1..4 => self.scripted(),
                _ => self.traded()?,
            },
        };
        if call.proposals.is_empty() {
            return Ok(None);
        }
        call.proposals.iter().for_each(|proposal| self.coverage.command(&proposal.command));
        self.under_way.insert(call.number, (node_id, call.clone()));
        Ok(Some(call))
    }

    /// A call to a node that nobody made before, after all others; none while the ledger has not begun.
    ///
    /// # Errors
    /// As [`trade::beginning`].
    pub fn last(&mut self, node_id: u64) -> Result<Option<Call>> {
        if !self.begun {
            return Ok(None);
        }
        let mut call = self.new_call();
        call.proposals.push(trade::proposal(self.proposals, trade::party(self.proposals)?));
        call.wishes.push(Wish::Nothing);
        self.proposals += 1;
        self.under_way.insert(call.number, (node_id, call.clone()));
        Ok(Some(call))
    }

    fn new_call(&mut self) -> Call {
        self.calls += 1;
        Call { number: self.calls - 1, proposals: Vec::new(), wishes: Vec::new(), may_have_effect: false }
    }

    /// A call that was answered, once more: it must get the same answer.
    fn repeated(&mut self) -> Call {
        let mut call = self.new_call();
        let which = usize::try_from(self.chance.below(self.answered.len() as u64)).unwrap_or(0);
        if let Some(answered) = self.answered.get(which) {
            call.proposals = answered.proposals.clone();
            call.proposals.retain(|proposal| proposal.request_id.is_some());
            call.wishes = vec![Wish::Nothing; call.proposals.len()];
        }
        if !call.proposals.is_empty() {
            self.coverage.event(Event::Repeat, format_args!("call {}", call.number));
        }
        call
    }

    /// The next commands of the history. Few have no request id, so that they are not asked for twice.
    fn scripted(&mut self) -> Call {
        let mut call = self.new_call();
        for _ in 0..self.chance.between(1, 4) {
            let Some(mut proposal) = self.history.pop_front() else { break };
            let numbered = trade::proposal(self.proposals, proposal.command.clone());
            proposal.request_id = numbered.request_id.filter(|_| !self.chance.one_in(8));
            call.proposals.push(proposal);
            call.wishes.push(Wish::Nothing);
            self.proposals += 1;
        }
        call
    }

    fn traded(&mut self) -> Result<Call> {
        let mut call = self.new_call();
        for _ in 0..self.chance.between(1, 3) {
            let (wish, command) = self.new_command()?;
            call.proposals.push(trade::proposal(self.proposals, command));
            call.wishes.push(wish);
            self.proposals += 1;
        }
        Ok(call)
    }

    fn new_command(&mut self) -> Result<(Wish, Command)> {
        let number = self.proposals;
        match self.chance.below(10) {
            0 => return Ok((Wish::Nothing, trade::party(number)?)),
            // Of a list that nobody filed: refused.
            1 => return Ok((Wish::Nothing, trade::withdrawal(number)?)),
            2 | 3 => {
                if let Some(list) = self.some_list(|told| &mut told.withdrawal_asked) {
                    return Ok((Wish::Withdraw(list), trade::withdrawal(list)?));
                }
            }
            4 | 5 => {
                if let Some(list) = self.some_list(|told| &mut told.release_asked) {
                    return Ok((Wish::Release(list), trade::release(list)?));
                }
            }
            _ => {}
        }
        let told = self.new_list();
        let command = trade::list(number, &told.goods, told.destroyed)?;
        self.lists.insert(number, told);
        Ok((Wish::File(number), command))
    }

    fn new_list(&mut self) -> Told {
        let lines = self.chance.between(1, 3);
        let first = self.chance.below(ITEMS);
        let chance = &mut self.chance;
        let mut line = |line| ((first + line) % ITEMS + 1, i64::try_from(chance.between(1, 5)).unwrap_or(1));
        let goods = (0..lines).map(&mut line).collect();
        Told { goods, destroyed: self.chance.one_in(2), ..Told::default() }
    }

    /// A list that was accepted, for a wish that each list gets once: withdrawal and release of one list may race.
    fn some_list(&mut self, asked: fn(&mut Told) -> &mut bool) -> Option<u64> {
        let accepted = self.lists.iter_mut().rev().filter(|(_, told)| told.accepted);
        let mut open: Vec<_> = accepted
            .filter_map(|(list, told)| {
                let asked = asked(told);
                (!*asked).then_some((*list, asked))
            })
            .take(8)
            .collect();
        let chosen = self.chance.below(open.len() as u64);
        let (list, asked) = open.get_mut(usize::try_from(chosen).ok()?)?;
        **asked = true;
        Some(*list)
    }

    /// A call got its outcomes.
    pub fn answered(&mut self, call: &Call, applied: &[Applied]) {
        self.begun = true;
        self.under_way.remove(&call.number);
        self.answered.push_back(call.clone());
        if self.answered.len() > ANSWERED_KEPT {
            self.answered.pop_front();
        }
        for (wish, applied) in call.wishes.iter().zip(applied) {
            let accepted = applied.outcome.is_accepted();
            let (list, set): (u64, fn(&mut Told)) = match wish {
                Wish::File(list) => (*list, |told| told.accepted = true),
                Wish::Withdraw(list) => (*list, |told| told.withdrawn = true),
                Wish::Release(list) if applied.outcome.state == Some(DocumentState::Released) => {
                    (*list, |told| told.released = true)
                }
                Wish::Release(_) | Wish::Nothing => continue,
            };
            if accepted && let Some(told) = self.lists.get_mut(&list) {
                set(told);
            }
        }
    }

    /// A call was not proposed. Some callers leave it at that, and then it must never take effect; others ask again, and all
    /// do who sent it before and do not know what became of that.
    pub fn not_proposed(&mut self, call: &Call) {
        let Some((_, call)) = self.under_way.remove(&call.number) else { return };
        // Without the beginning there is nothing to ask for.
        if call.number > 0 && !call.may_have_effect && self.chance.one_in(4) {
            return self.coverage.event(Event::GivenUp, format_args!("call {}", call.number));
        }
        self.again(call);
    }

    /// What became of a call is not known: it is asked for again, but for commands without request id.
    pub fn unknown(&mut self, call: &Call) {
        let Some((_, mut call)) = self.under_way.remove(&call.number) else { return };
        call.may_have_effect = true;
        let kept = call.proposals.iter().map(|proposal| proposal.request_id.is_some());
        let kept: Vec<bool> = kept.collect();
        let mut keep = kept.iter();
        call.wishes.retain(|_| keep.next().is_some_and(|kept| *kept));
        call.proposals.retain(|proposal| proposal.request_id.is_some());
        self.again(call);
    }

    /// Whichever node comes first is asked.
    fn again(&mut self, call: Call) {
        if !call.proposals.is_empty() {
            self.coverage.event(Event::Retry, format_args!("call {}", call.number));
            self.waiting.push_back(call);
        }
    }

    /// A node crashed with the calls that it was asked.
    pub fn crashed(&mut self, node_id: u64) {
        let lost: Vec<Call> = self
            .under_way
            .values()
            .filter(|(node, _)| *node == node_id)
            .map(|(_, call)| call.clone())
            .collect();
        lost.iter().for_each(|call| self.unknown(call));
    }

    /// No new calls from now on.
    pub fn close(&mut self) {
        self.closing = true;
    }

    /// Whether every call has its outcomes.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.closing && self.begun && self.waiting.is_empty() && self.under_way.is_empty()
    }

    /// Calls without outcomes.
    #[must_use]
    pub fn left(&self) -> usize {
        self.waiting.len() + self.under_way.len()
    }

    /// What of each item must be reserved and gone, going by the outcomes.
    #[must_use]
    pub fn taken(&self) -> BTreeMap<u64, Taken> {
        let mut taken: BTreeMap<u64, Taken> = BTreeMap::new();
        for told in self.lists.values().filter(|told| told.accepted && !told.withdrawn) {
            for (item, quantity) in &told.goods {
                let taken = taken.entry(*item).or_default();
                let gone = told.destroyed && told.released;
                *(if gone { &mut taken.gone } else { &mut taken.reserved }) += quantity;
            }
        }
        taken
    }
}
