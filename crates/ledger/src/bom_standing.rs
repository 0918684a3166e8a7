//! How a BOM version stands: from when until when it may be used, and what customs doubts about it (质疑与磋商,
//! `domain.md` 3.1, 3.4 row 9). The lines of a version never change, so this stands beside them.
//!
//! Standing is about what is new. What was posted by a version is corrected, counted and verified by it for ever.

use crate::bom::BomKey;
use crate::code::{BomVersion, BookNo, NoticeNo};
use crate::outcome::Revision;
use crate::time::{Date, Instant};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// Something about the standing of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BomOrder {
    /// The book.
    pub book_no: BookNo,
    /// The item of the product.
    pub product: u64,
    /// The version (`ucnsVerno`).
    pub version: BomVersion,
    /// What becomes of it.
    pub step: BomStep,
    /// Why; never empty.
    pub reason: CompactString,
}

impl BomOrder {
    /// The key of the version.
    #[must_use]
    pub fn key(&self) -> BomKey {
        BomKey { book_no: self.book_no.clone(), product: self.product, version: self.version.clone() }
    }
}

/// What becomes of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BomStep {
    /// It may be used on these days alone, from now on.
    Limit(BomValidity),
    /// Customs doubts it, by a notice (质疑).
    Challenge {
        /// The number of the notice; each stands once at a version.
        notice_no: NoticeNo,
    },
    /// The consultation about it is over (磋商).
    Settle {
        /// The notice that is settled.
        notice_no: NoticeNo,
        /// The minutes of the consultation: their number, or what they say; never empty.
        minutes: CompactString,
        /// How it ended.
        outcome: BomOutcome,
    },
}

/// How a consultation about a version ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BomOutcome {
    /// The version is right, and may be used again.
    Confirmed,
    /// The version was wrong. Another one of the same product takes its place; it is used for nothing new any more.
    Replaced(BomVersion),
}

/// Days on which a version may be used; without a bound on that side, as long as its book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BomValidity {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

impl BomValidity {
    /// Whether a day is among them.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// What was said of a version, and when; the oldest first. It is shown with the version for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BomStanding {
    /// Its days; the last ones are in force.
    pub limits: Vec<BomLimit>,
    /// Challenges. All but the last are settled, and confirmed it.
    pub challenges: Vec<BomChallenge>,
}

/// Days that a version got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BomLimit {
    /// The days.
    pub validity: BomValidity,
    /// Why.
    pub reason: CompactString,
    /// By which command; its event says by whom.
    pub taken: Taken,
}

/// A challenge of customs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BomChallenge {
    /// The number of the notice.
    pub notice_no: NoticeNo,
    /// Why.
    pub reason: CompactString,
    /// By which command; its event says by whom.
    pub taken: Taken,
    /// How it ended; `None` while the consultation goes on.
    pub settlement: Option<BomSettlement>,
}

/// The end of a challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BomSettlement {
    /// How it ended.
    pub outcome: BomOutcome,
    /// The minutes of the consultation.
    pub minutes: CompactString,
    /// Why.
    pub reason: CompactString,
    /// By which command; its event says by whom.
    pub taken: Taken,
}

/// When a command was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// At which revision.
    pub revision: Revision,
    /// Ledger time.
    pub time: Instant,
}

/// What keeps a version from being used for anything new, whatever the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BomHold<'a> {
    /// Customs doubts it.
    Challenged(&'a BomChallenge),
    /// Another version took its place, by that challenge.
    Replaced(&'a BomChallenge, &'a BomVersion),
}

impl BomStanding {
    /// The days that are in force.
    #[must_use]
    pub fn validity(&self) -> BomValidity {
        self.limits.last().map_or_else(BomValidity::default, |limit| limit.validity)
    }

    /// What keeps it from being used; `None` for a version that is free.
    #[must_use]
    pub fn hold(&self) -> Option<BomHold<'_>> {
        let last = self.challenges.last()?;
        match &last.settlement {
            None => Some(BomHold::Challenged(last)),
            Some(BomSettlement { outcome: BomOutcome::Replaced(version), .. }) => {
                Some(BomHold::Replaced(last, version))
            }
            Some(BomSettlement { outcome: BomOutcome::Confirmed, .. }) => None,
        }
    }

    /// The challenge that is not settled.
    #[must_use]
    pub fn open_challenge(&self) -> Option<&BomChallenge> {
        self.challenges.last().filter(|last| last.settlement.is_none())
    }
}
