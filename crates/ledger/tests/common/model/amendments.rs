//! Lists of a transfer that customs amends to what was counted, both in one step (issue 3 point 9, `RULES.md` 7.2).

use super::checks::{is_transfer, stock_test};
use super::shelf::{Shelf, Status};
use super::tallies::four;
use super::{ListCopy, Now};
use std::collections::BTreeMap;
use zonebook_ledger::document::{ListLine, TallyFiling};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;

fn counted(tally: &TallyFiling, line: u64) -> [i128; 4] {
    tally.lines.iter().find(|part| part.line == line).map_or([0; 4], four)
}

/// A line as counted; of the partner's line the share of its own value stays.
fn amended(line: &ListLine, tally: &TallyFiling, own: bool) -> Option<ListLine> {
    let [declared, first, second, value] = counted(tally, line.line);
    let listed = line.declared.raw();
    if declared == listed {
        return Some(line.clone());
    }
    let share = (line.value_usd.raw() * declared * 2 + listed) / (listed * 2);
    (declared != 0).then(|| ListLine {
        declared: Quantity::from_raw(declared),
        statutory1: Quantity::from_raw(first),
        statutory2: line.statutory2.map(|_| Quantity::from_raw(second)),
        value_usd: Quantity::from_raw(if own { value } else { share }),
        ..line.clone()
    })
}

impl Shelf {
    pub(super) fn amend_transfer(
        &mut self,
        number: &str,
        now: Now,
        changed: &mut BTreeMap<String, DocumentState>,
    ) -> Result<(), Reason> {
        let list = self.list(number).unwrap().clone();
        if !is_transfer(&list.content) {
            return Err(Reason::OrderNotApplicable);
        }
        let (tally_no, _) = list.tally.as_ref().unwrap();
        let tally = self.tally(tally_no).unwrap().clone();
        let both: Vec<String> =
            std::iter::once(number.to_owned()).chain(list.partner.iter().map(ToString::to_string)).collect();
        for of in &both {
            self.may_be_amended(self.list(of).unwrap(), &tally)?;
        }
        for of in &both {
            self.end_pending(of, Status::Cancelled(now.revision));
        }
        for of in &both {
            self.amend_one(of, &tally, of == number, now)?;
            changed.insert(of.clone(), DocumentState::PrePosted);
        }
        Ok(())
    }

    fn may_be_amended(&self, list: &ListCopy, tally: &TallyFiling) -> Result<(), Reason> {
        let content = &list.content;
        if list.state != DocumentState::PrePosted {
            return Err(Reason::AlreadyPosted);
        }
        list.may_go_on()?;
        let named = |other: &str| other == content.list_no.as_str();
        if list.gate_forced || self.passes.iter().any(|pass| pass.carries_lists(named)) {
            return Err(Reason::ListOnPass);
        }
        let found = |line: &ListLine| counted(tally, line.line)[0];
        let more = content.lines.iter().any(|line| found(line) > line.declared.raw());
        let nothing = content.lines.iter().all(|line| found(line) == 0);
        if more || nothing { Err(Reason::OrderNotApplicable) } else { Ok(()) }
    }

    fn amend_one(&mut self, number: &str, tally: &TallyFiling, own: bool, now: Now) -> Result<(), Reason> {
        let copy = self.list_mut(number);
        for line in &copy.content.lines {
            let mut short = line.declared.raw() - counted(tally, line.line)[0];
            // What it took of its form last comes back first.
            for drawn in copy.on_form.iter_mut().rev().filter(|drawn| drawn.line == line.line) {
                let part = short.min(drawn.quantity);
                drawn.quantity -= part;
                short -= part;
            }
        }
        copy.on_form.retain(|drawn| drawn.quantity != 0);
        copy.content.lines = copy.content.lines.iter().filter_map(|line| amended(line, tally, own)).collect();
        let content = copy.content.clone();
        let legs: Vec<_> = content.lines.iter().map(|line| (line.line, self.legs(&content, line))).collect();
        stock_test(self, legs.iter().flat_map(|(_, legs)| legs.clone()))?;
        let wishes = self.wishes_of_list(&content);
        for (line, legs) in legs {
            for leg in legs {
                self.moves((number, line), leg, (Status::Pending, now), &wishes)?;
            }
        }
        Ok(())
    }
}
