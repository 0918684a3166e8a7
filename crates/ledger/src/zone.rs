//! Special supervision zones (海关特殊监管区域), known by their customs office.

use crate::book::{BookKind, Usage};
use crate::code::OfficeCode;
use crate::coded::code_list;
use crate::document::PermitKind;
use crate::parameter::Parameter;
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

code_list! {
    /// When the seller at home is given back his taxes for what enters from the domestic side (`domain.md` 2.2).
    RefundTiming, "refund timing" {
        /// When it enters the zone.
        OnEntry = "ON_ENTRY",
        /// When it leaves the country.
        OnExit = "ON_EXIT",
    }
}

/// What is so in zones of a kind (`domain.md` 2.2); what no row forbids is permitted.
#[derive(Clone, Copy, Debug)]
pub struct ZoneRule {
    /// The kind of zone.
    pub zone: ZoneKind,
    /// Kinds of book that cannot be opened in it.
    pub forbidden_books: &'static [BookKind],
    /// What books in it cannot be for.
    pub forbidden_usages: &'static [Usage],
    /// Supervision modes that its lists cannot have, where [`Parameter::ZoneFunctionsCheck`] asks for that.
    pub forbidden_modes: &'static [&'static str],
    /// Kinds of permit that it has none of, where the parameter asks for that.
    pub forbidden_permits: &'static [PermitKind],
    /// Transport codes (`trspModecd`) of what goes between it and the rest of the country; other codes of zones are not
    /// its own.
    pub transports: &'static [&'static str],
    /// How many days goods are stored in it.
    pub storage: Parameter,
    /// When export tax is refunded.
    pub refund: RefundTiming,
    /// What the rule for the zone says, in words.
    pub says: &'static str,
}

const fn all_functions(
    zone: ZoneKind,
    transports: &'static [&'static str],
    storage: Parameter,
    says: &'static str,
) -> ZoneRule {
    ZoneRule {
        zone,
        forbidden_books: &[],
        forbidden_usages: &[],
        forbidden_modes: &[],
        forbidden_permits: &[],
        transports,
        storage,
        refund: RefundTiming::OnEntry,
        says,
    }
}

/// The six kinds of zone and what each is for. Only what `domain.md` 2.2 excludes in so many words is forbidden, and what
/// is the same under another name: a mode, a kind of permit. It names no transport code of a comprehensive bonded zone; the
/// code list of customs has one for it and the bonded port zone together.
pub const ZONE_KINDS: &[ZoneRule] = &[
    all_functions(
        ZoneKind::ComprehensiveBonded,
        &["Y"],
        Parameter::StorageDaysComprehensive,
        "all functions",
    ),
    ZoneRule {
        refund: RefundTiming::OnExit,
        ..all_functions(ZoneKind::Bonded, &["7"], Parameter::StorageDaysBonded, "all functions")
    },
    ZoneRule {
        // What is sold to consumers from stock is retail.
        forbidden_usages: &[Usage::ECommerce],
        // Bonded electronic commerce, and entrepot trade, which is no usage of a book.
        forbidden_modes: &["1210", "1239", "1234"],
        ..all_functions(
            ZoneKind::ExportProcessing,
            &["Z"],
            Parameter::StorageDaysExport,
            "processing, storage and transport for it; no retail, no entrepot trade",
        )
    },
    ZoneRule {
        // RULES.md 4.3
        forbidden_books: &[BookKind::Processing],
        forbidden_usages: &[Usage::Processing],
        // Toll and purchase processing in the zone; steps of it that are given out.
        forbidden_modes: &["5014", "5015"],
        forbidden_permits: &[PermitKind::OutsourcedProcessing],
        ..all_functions(
            ZoneKind::LogisticsPark,
            &["X"],
            Parameter::StorageDaysPark,
            "no industrial production; simple processing for trade, test, repair and display are permitted",
        )
    },
    all_functions(
        ZoneKind::BondedPort,
        &["Y"],
        Parameter::StorageDaysPort,
        "all functions, and those of a port",
    ),
    all_functions(ZoneKind::CrossBorderIndustrial, &[], Parameter::StorageDaysCrossBorder, "all functions"),
];

impl ZoneKind {
    /// What is so in zones of this kind; a test checks that each kind has a row.
    #[must_use]
    pub fn rule(self) -> &'static ZoneRule {
        const NONE: ZoneRule = all_functions(
            ZoneKind::ComprehensiveBonded,
            &[],
            Parameter::StorageDaysComprehensive,
            "all functions",
        );
        ZONE_KINDS.iter().find(|rule| rule.zone == self).unwrap_or(&NONE)
    }

    /// Whether a book of a kind and usage can be opened in a zone of this kind.
    #[must_use]
    pub fn permits(self, kind: BookKind, usage: Usage) -> bool {
        let rule = self.rule();
        !rule.forbidden_books.contains(&kind) && !rule.forbidden_usages.contains(&usage)
    }

    /// Whether a transport code is that of other kinds of zone. Where the kind has no code of its own, nothing is known.
    #[must_use]
    pub fn is_foreign(self, transport: &str) -> bool {
        let own = self.rule().transports;
        let of_zones = || ZONE_KINDS.iter().any(|rule| rule.transports.contains(&transport));
        !own.is_empty() && !own.contains(&transport) && of_zones()
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
    use crate::matrix::{Line, line_of};

    #[test]
    fn every_kind_of_zone_has_one_row() {
        for kind in ZoneKind::ALL {
            assert_eq!(ZONE_KINDS.iter().filter(|rule| rule.zone == *kind).count(), 1, "{kind}");
        }
    }

    #[test]
    fn no_transport_code_of_a_zone_crosses_the_border() {
        for code in ZONE_KINDS.iter().flat_map(|rule| rule.transports) {
            assert_eq!(line_of(code), Line::Second, "{code}");
        }
    }

    #[test]
    fn a_code_of_another_kind_is_foreign_and_one_of_no_zone_is_not() {
        for (kind, code, foreign) in [
            (ZoneKind::ComprehensiveBonded, "X", true),
            (ZoneKind::ComprehensiveBonded, "Y", false),
            (ZoneKind::BondedPort, "Y", false),
            (ZoneKind::Bonded, "Y", true),
            (ZoneKind::LogisticsPark, "9", false),
            (ZoneKind::LogisticsPark, "2", false),
            (ZoneKind::CrossBorderIndustrial, "7", false),
        ] {
            assert_eq!(kind.is_foreign(code), foreign, "{kind} {code}");
        }
    }
}
