//! What clients asked and were told, with the times by one clock.

use crate::nemesis::goods::List;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use zonebook_api::{v1, value};

/// The four counters of a position in the declared unit: increase pending and posted, decrease pending and posted.
pub type Counters = [i64; 4];

/// What is wanted of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wish {
    /// File it.
    File,
    /// Take it back.
    Withdraw,
    /// Release its declaration.
    Release,
    /// Take it back though nobody filed it: refused.
    WithdrawNothing,
}

/// How it ended, as the client was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Carried out.
    Accepted {
        /// At this revision.
        revision: u64,
        /// The counters of the list's items after it; nothing where a repeat was answered.
        after: BTreeMap<u64, Counters>,
    },
    /// Refused by a rule.
    Refused {
        /// At this revision.
        revision: u64,
        /// Why.
        reason: String,
    },
    /// Never proposed.
    NotProposed,
    /// The client gave up without knowing.
    Unknown,
}

impl End {
    /// The revision that was told.
    #[must_use]
    pub const fn revision(&self) -> Option<u64> {
        match self {
            Self::Accepted { revision, .. } | Self::Refused { revision, .. } => Some(*revision),
            Self::NotProposed | Self::Unknown => None,
        }
    }
}

/// A change that a client asked for, under one request id until it gave up.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The request id.
    pub request_id: String,
    /// When it was asked for first.
    pub began: Duration,
    /// When the client knew, or gave up.
    pub ended: Duration,
    /// Of which list.
    pub list: Arc<List>,
    /// What was asked for.
    pub wish: Wish,
    /// What became of it.
    pub end: End,
}

/// How fresh a read was to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Everything that was answered before it began.
    Linearizable,
    /// At least this revision.
    AtLeast(u64),
    /// Everything that was answered until so long before it began.
    Within(Duration),
    /// Whatever the node has.
    Stale,
}

impl Freshness {
    /// As it is asked for.
    #[must_use]
    pub fn wished(self) -> v1::Consistency {
        use v1::consistency::Kind;
        let kind = match self {
            Self::Linearizable => Kind::Linearizable(true),
            Self::AtLeast(revision) => Kind::AtLeastRevision(revision),
            Self::Within(age) => Kind::NotOlderThan(value::wire_duration(age)),
            Self::Stale => Kind::Stale(true),
        };
        v1::Consistency { kind: Some(kind) }
    }
}

/// A read that was answered.
#[derive(Clone, Debug)]
pub struct Reading {
    /// When it began.
    pub began: Duration,
    /// When it was answered.
    pub ended: Duration,
    /// How fresh it was to be.
    pub freshness: Freshness,
    /// Of which item.
    pub item: u64,
    /// The revision that the answer rests on.
    pub revision: u64,
    /// The counters.
    pub counters: Counters,
}

/// All that clients know.
#[derive(Default)]
pub struct History {
    /// Changes, in the order in which they ended.
    pub operations: Vec<Operation>,
    /// Reads that were answered, in the order in which they ended.
    pub readings: Vec<Reading>,
    /// Reads that were not answered in time.
    pub unanswered: u64,
    /// Answers that must not be given, whatever happens.
    pub impossible: Vec<String>,
}

/// The counters of a reply in the declared unit.
#[must_use]
pub fn declared(counters: Option<&v1::Counters>) -> Counters {
    let of = |measure: &Option<v1::Measure>| -> i64 {
        let text = measure.as_ref().map_or("", |measure| measure.declared.as_str());
        text.parse().unwrap_or_default()
    };
    counters.map_or([0; 4], |counters| {
        [
            of(&counters.increase_pending),
            of(&counters.increase_posted),
            of(&counters.decrease_pending),
            of(&counters.decrease_posted),
        ]
    })
}
