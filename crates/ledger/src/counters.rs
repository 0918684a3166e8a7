//! The four counters of a position (`domain.md` 2.5, `RULES.md` 3.4 and 3.5).

use crate::measure::{Measure, Unit};
use crate::quantity::Quantity;
use serde::{Deserialize, Serialize};

/// Pre-increase, actual increase, pre-decrease and actual decrease (预增 实增 预减 实减), each in every measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Announced, not spendable.
    pub increase_pending: Measure,
    /// Come in.
    pub increase_posted: Measure,
    /// Reserved.
    pub decrease_pending: Measure,
    /// Gone out.
    pub decrease_posted: Measure,
}

/// One of the four counters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum Counter {
    /// `increase_pending`
    IncreasePending = 0,
    /// `increase_posted`
    IncreasePosted = 1,
    /// `decrease_pending`
    DecreasePending = 2,
    /// `decrease_posted`
    DecreasePosted = 3,
}

impl Counters {
    /// What is there: increase posted less decrease posted.
    #[must_use]
    pub fn on_hand(&self) -> Option<Measure> {
        self.increase_posted.checked_sub(&self.decrease_posted)
    }

    /// What may still be taken: on hand less reserved.
    #[must_use]
    pub fn available(&self) -> Option<Measure> {
        self.on_hand()?.checked_sub(&self.decrease_pending)
    }

    /// Changes one counter by an amount that may be negative.
    #[must_use]
    pub fn changed(mut self, counter: Counter, by: &Measure, negative: bool) -> Option<Self> {
        let slot = match counter {
            Counter::IncreasePending => &mut self.increase_pending,
            Counter::IncreasePosted => &mut self.increase_posted,
            Counter::DecreasePending => &mut self.decrease_pending,
            Counter::DecreasePosted => &mut self.decrease_posted,
        };
        *slot = if negative { slot.checked_sub(by)? } else { slot.checked_add(by)? };
        Some(self)
    }

    /// The counters in the order of the samples' columns, for one unit.
    #[must_use]
    pub fn of_unit(&self, unit: Unit) -> [Quantity; 4] {
        [
            self.increase_pending.get(unit),
            self.increase_posted.get(unit),
            self.decrease_pending.get(unit),
            self.decrease_posted.get(unit),
        ]
    }

    /// Whether all are nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.increase_pending.is_zero()
            && self.increase_posted.is_zero()
            && self.decrease_pending.is_zero()
            && self.decrease_posted.is_zero()
    }
}
