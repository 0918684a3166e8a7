//! Own-group products (集团自产产品): goods that an enterprise of the group made itself, which a repair book takes although
//! the catalogue of products for bonded repair does not name them (`domain.md` 3.1 bonded repair, 3.4 row 12).
//!
//! No message says whose make a unit is, so that customs registers it item by item, on the evidence of the enterprise.

use crate::item::ItemKey;
use crate::outcome::Revision;
use crate::time::{Date, Instant};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// What customs registers of an item of a repair book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnGroupOrder {
    /// The item, mark `I`.
    pub item: ItemKey,
    /// What is so, and when.
    pub fact: OwnGroupFact,
}

/// On which days goods are own-group products, or are not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnGroupFact {
    /// Whether they are; a later fact that they are not takes days back.
    pub own: bool,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// What it rests on: a letter, a certificate of the trade mark; never empty.
    pub evidence: CompactString,
}

/// A fact as it was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnGroupEntry {
    /// What customs said.
    pub fact: OwnGroupFact,
    /// The revision that registered it.
    pub revision: Revision,
    /// Its ledger time.
    pub time: Instant,
}

/// Whether goods are own-group products on a day: of several facts about it the last one registered counts.
#[must_use]
pub fn is_own_on(entries: &[OwnGroupEntry], day: Date) -> bool {
    let about = |entry: &&OwnGroupEntry| (entry.fact.from..=entry.fact.until).contains(&day);
    entries.iter().rev().find(about).is_some_and(|entry| entry.fact.own)
}
