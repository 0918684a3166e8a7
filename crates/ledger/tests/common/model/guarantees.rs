//! Guarantees and credit levels: lists of what was done, which are summed to get any figure (`domain.md` 3.0, 3.2.5).

use super::permits::today;
use super::shelf::Shelf;
use super::{Now, Shown};
use zonebook_ledger::code::{CustomsNo, GuaranteeNo, PermitNo};
use zonebook_ledger::credit::{CreditLevel, CreditOrder};
use zonebook_ledger::guarantee::{GuaranteeAction, GuaranteeOrder};
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;

/// What was done with a guarantee: by customs (for nobody), or for a permit or an asset on lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub levied: i128,
    pub drawn: i128,
    pub restored: i128,
    pub of: Option<String>,
}

/// A guarantee.
#[derive(Clone, Debug)]
pub struct GuaranteeCopy {
    pub number: GuaranteeNo,
    pub party: CustomsNo,
    pub valid_until: Date,
    pub entries: Vec<Entry>,
}

impl GuaranteeCopy {
    /// Levied, drawn, restored.
    pub fn sums(&self) -> [i128; 3] {
        let sum = |of: fn(&Entry) -> i128| self.entries.iter().map(of).sum();
        [sum(|entry| entry.levied), sum(|entry| entry.drawn), sum(|entry| entry.restored)]
    }

    pub fn available(&self) -> i128 {
        let [levied, drawn, restored] = self.sums();
        levied - drawn + restored
    }

    fn bound_for(&self, of: Option<&str>) -> i128 {
        let entries = self.entries.iter().filter(|entry| entry.of.as_deref() == of);
        entries.map(|entry| entry.drawn - entry.restored).sum()
    }

    fn add(&mut self, [levied, drawn, restored]: [i128; 3], of: Option<&str>) {
        self.entries.push(Entry { levied, drawn, restored, of: of.map(Into::into) });
    }
}

impl Shelf {
    pub(super) fn guarantee(&self, number: &str) -> Option<&GuaranteeCopy> {
        self.guarantees.iter().find(|copy| copy.number.as_str() == number)
    }

    fn guarantee_mut(&mut self, number: &str) -> Option<&mut GuaranteeCopy> {
        self.guarantees.iter_mut().find(|copy| copy.number.as_str() == number)
    }

    pub(super) fn order_guarantee(&mut self, order: &GuaranteeOrder, now: Now) -> Result<Shown, Reason> {
        if order.cause.is_empty() {
            return Err(Reason::InvalidField);
        }
        let number = order.guarantee_no.as_str();
        let known = self.guarantee(number).cloned();
        let day = today(now);
        match (&order.action, known) {
            (GuaranteeAction::Open { .. }, Some(_)) => Err(Reason::DocumentExists),
            (GuaranteeAction::Open { party, amount, valid_until, .. }, None) => {
                if amount.raw() <= 0 {
                    return Err(Reason::InvalidField);
                }
                let mut copy = GuaranteeCopy {
                    number: order.guarantee_no.clone(),
                    party: party.clone(),
                    valid_until: *valid_until,
                    entries: Vec::new(),
                };
                copy.add([amount.raw(), 0, 0], None);
                self.guarantees.push(copy);
                Ok(Shown::default())
            }
            (_, None) => Err(Reason::GuaranteeUnknown),
            (action, Some(known)) => {
                let amounts = match action {
                    GuaranteeAction::Draw(_) if day > known.valid_until => {
                        return Err(Reason::GuaranteeExpired);
                    }
                    GuaranteeAction::Restore(amount) if amount.raw() > known.bound_for(None) => {
                        return Err(Reason::GuaranteeExceeded);
                    }
                    GuaranteeAction::Levy(amount) => [amount.raw(), 0, 0],
                    GuaranteeAction::Draw(amount) => [0, amount.raw(), 0],
                    GuaranteeAction::Restore(amount) => [0, 0, amount.raw()],
                    _ => [0; 3],
                };
                if let GuaranteeAction::Extend(until) = action {
                    self.guarantee_mut(number).unwrap().valid_until = *until;
                } else if amounts.iter().sum::<i128>() <= 0 {
                    return Err(Reason::InvalidField);
                }
                if amounts[1] > known.available() {
                    return Err(Reason::GuaranteeExceeded);
                }
                self.guarantee_mut(number).unwrap().add(amounts, None);
                Ok(Shown::default())
            }
        }
    }

    /// What an enterprise has to secure: so many percent, half up.
    fn share(&self, party: &CustomsNo, amount: i128, now: Now) -> i128 {
        let name = format!("GUARANTEE_SHARE_{}", self.level(party, today(now)));
        let percent = self.parameter_on(&name, 100 * 100_000, today(now));
        (2 * amount * percent + 10_000_000) / 20_000_000
    }

    /// Draws for a permit; nothing where its guarantee is not kept here.
    pub(super) fn draw_for(
        &mut self,
        permit_no: &PermitNo,
        amount: i128,
        now: Now,
    ) -> Result<Option<i128>, Reason> {
        let permit = self.permit(permit_no).unwrap().clone();
        self.draw((&permit.guarantee_no, &permit.owner), permit_no.as_str(), amount, now)
    }

    /// Draws for a document; nothing where the guarantee is not kept here.
    pub(super) fn draw(
        &mut self,
        (guarantee, party): (&str, &CustomsNo),
        of: &str,
        amount: i128,
        now: Now,
    ) -> Result<Option<i128>, Reason> {
        let Some(copy) = self.guarantee(guarantee) else { return Ok(None) };
        if copy.party != *party {
            return Err(Reason::GuaranteeUnknown);
        }
        let secured = self.share(party, amount, now);
        if secured == 0 {
            return Ok(Some(0));
        }
        if today(now) > copy.valid_until {
            return Err(Reason::GuaranteeExpired);
        }
        if secured > copy.available() {
            return Err(Reason::GuaranteeExceeded);
        }
        self.guarantee_mut(guarantee).unwrap().add([0, secured, 0], Some(of));
        Ok(Some(secured))
    }

    /// What a permit and its slips have drawn and not given back.
    pub fn drawn_for(&self, permit_no: &PermitNo) -> i128 {
        self.bound_for(permit_no.as_str())
    }

    pub fn bound_for(&self, of: &str) -> i128 {
        self.guarantees.iter().map(|copy| copy.bound_for(Some(of))).sum()
    }

    pub(super) fn set_free(&mut self, permit_no: &PermitNo, amount: i128) {
        self.free(permit_no.as_str(), amount);
    }

    pub(super) fn free(&mut self, of: &str, amount: i128) {
        if amount == 0 {
            return;
        }
        let bound = |copy: &&mut GuaranteeCopy| copy.bound_for(Some(of)) > 0;
        let copy = self.guarantees.iter_mut().find(|copy| bound(copy)).unwrap();
        copy.add([0, 0, amount], Some(of));
    }

    pub(super) fn set_all_free(&mut self, permit_no: &PermitNo) {
        self.set_free(permit_no, self.drawn_for(permit_no));
    }

    /// A slip I is through the gate: its duty is no longer at stake.
    pub(super) fn free_returned(&mut self, permit_no: &PermitNo, amount: i128, now: Now) {
        let permit = self.permit(permit_no).unwrap().clone();
        let drawn = self.drawn_for(permit_no);
        if permit.guarantee_amount.is_zero() && drawn > 0 {
            let free = self.share(&permit.owner, amount, now).min(drawn);
            self.set_free(permit_no, free);
        }
    }

    fn level(&self, party: &CustomsNo, day: Date) -> CreditLevel {
        let set = self.levels.iter().filter(|(other, from, _)| other == party && *from <= day);
        // Of several for one day the last that was set counts.
        let latest = set.max_by_key(|(_, from, _)| *from);
        latest.map_or(CreditLevel::Regular, |(.., level)| *level)
    }

    pub(super) fn is_discredited(&self, party: &CustomsNo, now: Now) -> bool {
        self.level(party, today(now)) == CreditLevel::Discredited
    }

    pub(super) fn set_level(&mut self, order: &CreditOrder) -> Result<Shown, Reason> {
        self.levels.push((order.party.clone(), order.from, order.level));
        Ok(Shown::default())
    }

    /// The value of a parameter on a day.
    pub(super) fn parameter_on(&self, name: &str, otherwise: i128, day: Date) -> i128 {
        let parameter = Parameter::from_code(name).unwrap();
        let set = self.parameters.range(..=(parameter, day)).next_back();
        set.filter(|((other, _), _)| *other == parameter).map_or(otherwise, |(_, value)| *value)
    }
}
