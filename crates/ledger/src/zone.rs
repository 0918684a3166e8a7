//! Special supervision zones (海关特殊监管区域), known by their customs office.

use crate::book::{BookKind, Usage};
use crate::code::OfficeCode;
use crate::coded::code_list;
use crate::time::Date;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

code_list! {
    /// The six kinds of zone (`domain.md` 2.2, `bwlTypecd`).
    ZoneKind, "zone kind" {
        /// 综合保税区
        ComprehensiveBonded = "Z",
        /// 保税区
        Bonded = "K",
        /// 出口加工区
        ExportProcessing = "L",
        /// 保税物流园区
        LogisticsPark = "M",
        /// 保税港区
        BondedPort = "N",
        /// 跨境工业园区
        CrossBorderIndustrial = "Q",
    }
}

/// What a kind of zone does not permit (`domain.md` 2.2); what no row forbids is permitted.
#[derive(Clone, Copy, Debug)]
pub struct Functions {
    /// The kind of zone.
    pub zone: ZoneKind,
    /// Kinds of book that cannot be opened in it.
    pub forbidden_books: &'static [BookKind],
    /// What books in it cannot be for.
    pub forbidden_usages: &'static [Usage],
    /// What the rule for the zone says, in words.
    pub says: &'static str,
}

/// The six kinds of zone and what each is for. Only what `domain.md` 2.2 excludes in so many words is forbidden.
pub const FUNCTIONS: &[Functions] = &[
    Functions {
        zone: ZoneKind::ComprehensiveBonded,
        forbidden_books: &[],
        forbidden_usages: &[],
        says: "all functions",
    },
    Functions { zone: ZoneKind::Bonded, forbidden_books: &[], forbidden_usages: &[], says: "all functions" },
    Functions {
        zone: ZoneKind::ExportProcessing,
        forbidden_books: &[],
        // What is sold to consumers from stock is retail. Entrepot trade is no usage of a book.
        forbidden_usages: &[Usage::ECommerce],
        says: "processing, storage and transport for it; no retail",
    },
    Functions {
        zone: ZoneKind::LogisticsPark,
        // RULES.md 4.3
        forbidden_books: &[BookKind::Processing],
        forbidden_usages: &[Usage::Processing],
        says: "no industrial production",
    },
    Functions {
        zone: ZoneKind::BondedPort,
        forbidden_books: &[],
        forbidden_usages: &[],
        says: "all functions, and those of a port",
    },
    Functions {
        zone: ZoneKind::CrossBorderIndustrial,
        forbidden_books: &[],
        forbidden_usages: &[],
        says: "all functions",
    },
];

impl ZoneKind {
    /// Whether a book of a kind and usage can be opened in a zone of this kind.
    #[must_use]
    pub fn permits(self, kind: BookKind, usage: Usage) -> bool {
        FUNCTIONS.iter().filter(|functions| functions.zone == self).all(|functions| {
            !functions.forbidden_books.contains(&kind) && !functions.forbidden_usages.contains(&usage)
        })
    }
}

/// A zone as it is defined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// The competent customs office (`masterCuscd`).
    pub office: OfficeCode,
    /// Which of the six kinds.
    pub kind: ZoneKind,
    /// Chinese name.
    pub name_zh: CompactString,
    /// English name.
    pub name_en: CompactString,
}

/// A conversion (转型升级): the zone is of another kind from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    /// What it is from then on.
    pub kind: ZoneKind,
    /// Why: the approval that it rests on.
    pub reason: CompactString,
}

/// A zone as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneState {
    /// As defined last; its kind is the first of the history.
    pub defined: Zone,
    /// Conversions by the first day of each.
    pub conversions: BTreeMap<Date, Conversion>,
    /// Books that were opened in it.
    pub books: u64,
}

impl ZoneState {
    /// Its kind on a day.
    #[must_use]
    pub fn kind_on(&self, day: Date) -> ZoneKind {
        self.conversions
            .range(..=day)
            .next_back()
            .map_or(self.defined.kind, |(_, conversion)| conversion.kind)
    }

    /// The last kind of its history, which may begin on a day to come.
    #[must_use]
    pub fn last_kind(&self) -> ZoneKind {
        self.conversions.last_key_value().map_or(self.defined.kind, |(_, conversion)| conversion.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_zone_has_one_row() {
        for kind in ZoneKind::ALL {
            assert_eq!(FUNCTIONS.iter().filter(|functions| functions.zone == *kind).count(), 1, "{kind}");
        }
    }
}
