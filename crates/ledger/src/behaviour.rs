//! Behaviours: what [`crate::apply::apply`] decides or writes otherwise from a number on (`design.md` 6).
//!
//! A history is read again, by replays and by nodes of other releases, and must come to the same outcomes each time. So
//! whatever changes them is a row here and asks whether it is in force, and the number in force is raised by a command,
//! once every member knows it. A new ledger begins with the highest.

/// What a ledger has whose first command does not say it.
pub const BEHAVIOUR_FIRST: u32 = 1;
/// The highest behaviour that this release knows.
pub const BEHAVIOUR_MAX: u32 = 2;

/// Something that is decided otherwise than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BehaviourChange {
    /// What goes out in exchange is counted over all lists that name what came back.
    ExchangesCounted,
    /// A row of reference data that an import replaces is kept as what was known until then; the same row once more is none.
    ReferencesKept,
    /// What a consumption slip moved is kept with it, so that it can be changed and taken back.
    ConsumptionsChangeable,
    /// Goods of a transfer are tallied.
    TransfersTallied,
    /// Returns, disposals and adjustments fall due.
    PapersFallDue,
}

/// A change, and since when it holds.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// What changes.
    pub change: BehaviourChange,
    /// The first behaviour with it.
    pub behaviour: u32,
}

/// All changes since the first behaviour.
pub const CHANGES: &[Since] = &[
    Since { change: BehaviourChange::ExchangesCounted, behaviour: 2 },
    Since { change: BehaviourChange::ReferencesKept, behaviour: 2 },
    Since { change: BehaviourChange::ConsumptionsChangeable, behaviour: 2 },
    Since { change: BehaviourChange::TransfersTallied, behaviour: 2 },
    Since { change: BehaviourChange::PapersFallDue, behaviour: 2 },
];

impl BehaviourChange {
    /// Whether it holds under a behaviour.
    #[must_use]
    pub fn holds(self, in_force: u32) -> bool {
        CHANGES.iter().any(|since| since.change == self && since.behaviour <= in_force)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_behaviour_is_that_of_the_last_change() {
        assert_eq!(CHANGES.iter().map(|since| since.behaviour).max(), Some(BEHAVIOUR_MAX));
        assert!(CHANGES.iter().all(|since| since.behaviour > BEHAVIOUR_FIRST));
    }
}
