//! Count campaigns as filed (盘点; `domain.md` 4.2): what is to be counted, and what was counted.
//!
//! A campaign asks no movement to stop. Its cut-off is the revision at which it was opened; what is counted later is
//! compared with the book by the movements since. A sheet that was taken is never changed: who miscounted counts again, in
//! the next round.

use crate::book::{Book, Regime, Usage};
use crate::code::{
    BomVersion, BookNo, CampaignNo, CountArea, CountSheetNo, CounterCode, CustomsNo, LotNo, SerialNo,
    UnitCode,
};
use crate::coded::code_list;
use crate::direction::Mark;
use crate::place::Place;
use crate::quantity::Quantity;
use crate::time::LocalTime;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// Where goods were counted: the terms of the counted total (`domain.md` 4.2, B).
    CountPlace, "counting place" {
        /// In stock inside the fence: materials, finished goods and residues, each by its mark, 在库.
        Stock = "STOCK",
        /// On the shop floor, 在制.
        InProcess = "IN_PROCESS",
        /// Half made, in store, 半成品.
        SemiFinished = "SEMI_FINISHED",
        /// In a store outside of the fence, or on display, 外库.
        OffSite = "OFF_SITE",
        /// At a processor outside, 外发.
        Outsourced = "OUTSOURCED",
        /// On the way to another zone, 在途.
        InTransit = "IN_TRANSIT",
        /// At a lessee.
        LeasedOut = "LEASED_OUT",
        /// Set apart to be destroyed.
        AwaitingDestruction = "AWAITING_DESTRUCTION",
        /// Bought at home and counted among the others; the book does not have it, 内购.
        Domestic = "DOMESTIC",
    }
}

impl CountPlace {
    /// The place of the book in which such goods stand; `None` for what the book does not have.
    ///
    /// Goods on the shop floor are their own place only where work orders issue them; elsewhere the book has them in
    /// stock until the products leave (`RULES.md` 6).
    #[must_use]
    pub fn stands_at(self, book: &Book, mark: Mark) -> Option<Place> {
        let by_order = book.usage == Usage::Processing && book.regime == Regime::WorkOrder;
        match self {
            Self::InProcess | Self::SemiFinished if by_order => Some(Place::InProcess),
            Self::Stock | Self::InProcess | Self::SemiFinished => Some(Place::stock(book.usage, mark)),
            Self::OffSite | Self::Outsourced => Some(Place::OutOnForm),
            Self::InTransit => Some(Place::InTransit),
            Self::LeasedOut => Some(Place::LeasedOut),
            Self::AwaitingDestruction => Some(Place::AwaitingDestruction),
            Self::Domestic => None,
        }
    }

    /// Where to look first for what stands in a place of the book; `None` is what the book does not have.
    #[must_use]
    pub const fn of(place: Option<Place>) -> Self {
        match place {
            None => Self::Domestic,
            Some(Place::InProcess) => Self::InProcess,
            Some(Place::OutOnForm) => Self::OffSite,
            Some(Place::InTransit) => Self::InTransit,
            Some(Place::LeasedOut) => Self::LeasedOut,
            Some(Place::AwaitingDestruction) => Self::AwaitingDestruction,
            Some(_) => Self::Stock,
        }
    }

    /// Whether goods there are inside the fence, and in the book (`RULES.md` 14.4).
    #[must_use]
    pub const fn is_inside_the_fence(self) -> bool {
        matches!(self, Self::Stock | Self::InProcess | Self::SemiFinished | Self::AwaitingDestruction)
    }
}

/// A step in the life of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignFiling {
    /// Its number.
    pub campaign_no: CampaignNo,
    /// What happens.
    pub step: CampaignStep,
}

/// What happens to a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CampaignStep {
    /// It is opened: the book is frozen for it at this revision.
    Open(CampaignOpening),
    /// A sheet of counts comes in.
    Record(CountSheet),
    /// It is over; what was not counted stays uncounted.
    Close {
        /// How far it had come.
        closing: CampaignClosing,
        /// Why it ends with something left open; needed where something is.
        reason: CompactString,
    },
    /// It is given up; its counts stay on record and count for nothing.
    Cancel {
        /// Why, in words.
        reason: CompactString,
    },
}

/// A new campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignOpening {
    /// The book.
    pub book_no: BookNo,
    /// The owner of the book.
    pub owner: CustomsNo,
    /// What is counted.
    pub scope: CountScope,
    /// Whoever counts is not told what the book has, nor what others counted, 盲盘.
    pub blind: bool,
    /// How many have to count each thing in a round, from 1 to [`crate::limits::COUNTERS_MAX`].
    pub counters: u64,
}

/// How far a campaign had come when it was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignClosing {
    /// How many sheets it had: as many as were looked at to say the next.
    pub sheets: u64,
    /// Items in scope that nobody counted, or whose counts do not agree.
    pub open_items: u64,
}

/// What a campaign counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountScope {
    /// Items by mark and number; none means all of the book.
    pub items: Vec<ItemRange>,
    /// The part of the zone, in words; that all goods in scope stand there is for who opens the campaign to know.
    pub area: Option<CountArea>,
}

impl CountScope {
    /// Whether it has an item.
    #[must_use]
    pub fn has(&self, mark: Mark, number: u64) -> bool {
        self.items.is_empty()
            || self
                .items
                .iter()
                .any(|range| range.mark == mark && (range.first..=range.last).contains(&number))
    }

    /// Whether it and another one have an item in common, filed or not.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        let meet = |a: &ItemRange, b: &ItemRange| a.mark == b.mark && a.first <= b.last && b.first <= a.last;
        self.items.is_empty()
            || other.items.is_empty()
            || self.items.iter().any(|a| other.items.iter().any(|b| meet(a, b)))
    }
}

/// Items from one number to another, both included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRange {
    /// Their mark.
    pub mark: Mark,
    /// The lowest number.
    pub first: u64,
    /// The highest number.
    pub last: u64,
}

/// What one counter counted in one round. (campaign, counter, sheet number) is taken once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountSheet {
    /// Who counted.
    pub counter: CounterCode,
    /// The number of the sheet, among those of this counter.
    pub sheet_no: CountSheetNo,
    /// The round: 1 for the first count, 2 for the first recount, 复盘.
    pub round: u64,
    /// What was counted.
    pub lines: Vec<CountLine>,
}

/// Goods that were counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountLine {
    /// Its number on the sheet.
    pub line: u64,
    /// Materials and goods, products, residues.
    pub mark: Mark,
    /// Item or row number.
    pub number: u64,
    /// The unit, where the book tracks units.
    pub serial: Option<SerialNo>,
    /// The lot, where it was told apart.
    pub lot: Option<LotNo>,
    /// Where.
    pub place: CountPlace,
    /// The version by which a product is turned back into its materials.
    pub bom_version: Option<BomVersion>,
    /// In which part of the zone.
    pub area: Option<CountArea>,
    /// `dclUnitcd`
    pub unit: UnitCode,
    /// How much, in that unit; nothing is a count, too.
    pub declared: Quantity,
    /// When; `None` means at the cut-off.
    pub counted_at: Option<LocalTime>,
}
