//! Guarantees (担保): what an enterprise has given as security, and how much of it is bound (`domain.md` 3.0).

use crate::code::{CustomsNo, GuaranteeNo, OfficeCode};
use crate::coded::code_list;
use crate::outcome::Revision;
use crate::quantity::Quantity;
use crate::time::{Date, Instant};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// The account of one guarantee. All amounts are in Chinese currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guarantee {
    /// The enterprise that gave it.
    pub party: CustomsNo,
    /// The office that took it.
    pub office: OfficeCode,
    /// The last day on which it may be drawn on.
    pub valid_until: Date,
    /// Given as security.
    pub levied: Quantity,
    /// Bound so far, in all.
    pub drawn: Quantity,
    /// Set free again, in all.
    pub restored: Quantity,
    /// Of what is bound, what customs has drawn by hand; the rest is drawn by permits, slips and leases.
    pub by_hand: Quantity,
    /// How many entries its journal has.
    pub entries: u64,
    /// Ledger time of opening.
    pub opened_time: Instant,
}

impl Guarantee {
    /// What is left: levied less drawn plus restored. `None` beyond the range of a number.
    #[must_use]
    pub fn available(&self) -> Option<Quantity> {
        self.levied.checked_sub(self.drawn)?.checked_add(self.restored)
    }
}

/// An order of customs on a guarantee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuaranteeOrder {
    /// `dpstLevyBlNo`
    pub guarantee_no: GuaranteeNo,
    /// What.
    pub action: GuaranteeAction,
    /// Why: the decision or paper it rests on.
    pub cause: CompactString,
}

/// What customs does with a guarantee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GuaranteeAction {
    /// A new account.
    Open {
        /// The enterprise that gives it.
        party: CustomsNo,
        /// The office that takes it.
        office: OfficeCode,
        /// How much.
        amount: Quantity,
        /// The last day on which it may be drawn on.
        valid_until: Date,
    },
    /// More security.
    Levy(Quantity),
    /// Binds an amount by hand.
    Draw(Quantity),
    /// Sets an amount free that was bound by hand.
    Restore(Quantity),
    /// Another last day.
    Extend(Date),
}

code_list! {
    /// What an entry of the journal of a guarantee did.
    GuaranteeMove, "move of a guarantee" {
        /// Opened with an amount, or more of it.
        Levy = "LEVY",
        /// Bound.
        Draw = "DRAW",
        /// Set free.
        Restore = "RESTORE",
        /// Another last day.
        Extend = "EXTEND",
    }
}

/// An entry of the journal of a guarantee. Entries are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuaranteeEntry {
    /// The revision that made it.
    pub revision: Revision,
    /// Its ledger time.
    pub time: Instant,
    /// What was done.
    pub action: GuaranteeMove,
    /// The permit, slip or lease, or the cause that customs gave.
    pub cause: CompactString,
    /// How much.
    pub amount: Quantity,
    /// Available before.
    pub before: Quantity,
    /// Available after.
    pub after: Quantity,
}
