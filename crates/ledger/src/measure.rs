//! What a line moves: three quantities and a value.

use crate::quantity::Quantity;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The components of a [`Measure`], in the order of the samples' column `measure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Unit {
    /// The declared quantity (`dclQty`): the one that guards stock.
    Declared = 0,
    /// The first statutory quantity (`lawfQty`).
    Statutory1 = 1,
    /// The second statutory quantity (`secdLawfQty`).
    Statutory2 = 2,
    /// The value in US dollars (`usdStatTotalAmt`): conserved, never a guard.
    Value = 3,
}

impl Unit {
    /// All components.
    pub const ALL: [Self; 4] = [Self::Declared, Self::Statutory1, Self::Statutory2, Self::Value];
    /// The components that customs counts (`RULES.md` 14.2).
    pub const QUANTITIES: [Self; 3] = [Self::Declared, Self::Statutory1, Self::Statutory2];

    /// The name in tables and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Statutory1 => "statutory1",
            Self::Statutory2 => "statutory2",
            Self::Value => "value",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Declared, first statutory and second statutory quantity, and value in US dollars.
///
/// Statutory quantities and value come from the document and are never recomputed (`RULES.md` 3.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Measure(pub [Quantity; 4]);

impl Measure {
    /// Nothing of anything.
    pub const ZERO: Self = Self([Quantity::ZERO; 4]);

    /// From its components.
    #[must_use]
    pub const fn new(
        declared: Quantity,
        statutory1: Quantity,
        statutory2: Quantity,
        value: Quantity,
    ) -> Self {
        Self([declared, statutory1, statutory2, value])
    }

    /// One component.
    #[must_use]
    pub const fn get(&self, unit: Unit) -> Quantity {
        let [declared, statutory1, statutory2, value] = self.0;
        match unit {
            Unit::Declared => declared,
            Unit::Statutory1 => statutory1,
            Unit::Statutory2 => statutory2,
            Unit::Value => value,
        }
    }

    /// The declared quantity.
    #[must_use]
    pub const fn declared(&self) -> Quantity {
        self.get(Unit::Declared)
    }

    /// The same with all components but those named set to nothing.
    #[must_use]
    pub fn only(&self, units: &[Unit]) -> Self {
        let pick = |unit: Unit| if units.contains(&unit) { self.get(unit) } else { Quantity::ZERO };
        Self(Unit::ALL.map(pick))
    }

    /// Sum, component by component; `None` beyond the range of a number.
    #[must_use]
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        self.combine(other, Quantity::checked_add)
    }

    /// Difference, component by component; `None` beyond the range of a number.
    #[must_use]
    pub fn checked_sub(&self, other: &Self) -> Option<Self> {
        self.combine(other, Quantity::checked_sub)
    }

    fn combine(&self, other: &Self, f: impl Fn(Quantity, Quantity) -> Option<Quantity>) -> Option<Self> {
        let mut sum = [Quantity::ZERO; 4];
        for ((slot, a), b) in sum.iter_mut().zip(self.0).zip(other.0) {
            *slot = f(a, b)?;
        }
        Some(Self(sum))
    }

    /// Whether every component is nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|q| q.is_zero())
    }
}
