//! Import licences (进口许可证件): how much of which goods an enterprise may import, and how much of it is used (`domain.md`
//! 3.4 row 5).
//!
//! Between a zone and abroad no licence is asked for; where goods of a tariff line that needs one are sold at home, it is.
//! No list names its licence (`INV101` has no field for it), so that it is registered beforehand, with the paper it rests
//! on, and lists draw on it by themselves.

use crate::code::{CustomsNo, LicenceNo, TariffCode, UnitCode};
use crate::coded::code_list;
use crate::measure::Unit;
use crate::outcome::Revision;
use crate::quantity::Quantity;
use crate::time::{Date, Instant};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// A licence, and how much of it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// What it allows.
    pub grant: LicenceGrant,
    /// What lists in force draw of it, in its unit.
    pub used: Quantity,
    /// How many entries its journal has.
    pub entries: u64,
    /// Ledger time of its registration.
    pub registered_time: Instant,
}

impl Licence {
    /// What is left of it. `None` beyond the range of a number.
    #[must_use]
    pub fn available(&self) -> Option<Quantity> {
        self.grant.quantity.checked_sub(self.used)
    }
}

/// What a licence allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceGrant {
    /// The enterprise in whose books the goods are.
    pub party: CustomsNo,
    /// The goods, by their tariff code.
    pub tariff_code: TariffCode,
    /// The unit it counts in: the declared or a statutory one of the goods.
    pub unit: UnitCode,
    /// How much, more than 0.
    pub quantity: Quantity,
    /// The first day on which it may be drawn on.
    pub valid_from: Date,
    /// The last day.
    pub valid_until: Date,
}

impl LicenceGrant {
    /// Whether it may be drawn on on a day.
    #[must_use]
    pub fn is_valid_on(&self, day: Date) -> bool {
        (self.valid_from..=self.valid_until).contains(&day)
    }
}

/// What is ordered about a licence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceOrder {
    /// `licenceNo`
    pub licence_no: LicenceNo,
    /// What.
    pub action: LicenceAction,
    /// The paper it rests on; never empty.
    pub cause: CompactString,
}

/// What may be ordered about a licence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LicenceAction {
    /// A new licence.
    Register(LicenceGrant),
    /// Another quantity, not less than is used, and another last day; so a licence ends early, too.
    Amend {
        /// How much it allows from now on.
        quantity: Quantity,
        /// The last day on which it may be drawn on.
        valid_until: Date,
    },
}

code_list! {
    /// What an entry of the journal of a licence did.
    LicenceMove, "move of a licence" {
        /// Registered with a quantity.
        Register = "REGISTER",
        /// Another quantity or last day.
        Amend = "AMEND",
        /// Drawn by a list.
        Use = "USE",
        /// Given back: the list is taken back, changed or corrected, or did not ship it.
        Restore = "RESTORE",
    }
}

/// An entry of the journal of a licence. Entries are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceEntry {
    /// The revision that made it.
    pub revision: Revision,
    /// Its ledger time.
    pub time: Instant,
    /// What was done.
    pub action: LicenceMove,
    /// The list, or the paper that was given.
    pub cause: CompactString,
    /// Available before.
    pub before: Quantity,
    /// Available after.
    pub after: Quantity,
}

/// What a line of a list draws of a licence. A line of a declaration names one licence, so that one covers it whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceDraw {
    /// `gdsSeqno`
    pub line: u64,
    /// The licence.
    pub licence_no: LicenceNo,
    /// Which quantity of the line counts: the one in the licence's unit.
    pub unit: Unit,
    /// How much it still draws.
    pub quantity: Quantity,
}
