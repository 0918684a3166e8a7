//! Count campaigns as the state keeps them.

use crate::code::{BomVersion, CampaignNo, CountArea, CountSheetNo, CounterCode, LotNo, SerialNo};
use crate::direction::Mark;
use crate::document::{CampaignClosing, CampaignOpening, CountPlace};
use crate::movement::DocumentState;
use crate::outcome::Revision;
use crate::quantity::Quantity;
use crate::time::{Instant, LocalTime};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// A campaign and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its number.
    pub campaign_no: CampaignNo,
    /// As filed.
    pub opening: CampaignOpening,
    /// `OPEN`, then `CLOSED` or `CANCELLED`.
    pub state: DocumentState,
    /// The revision at which the book is compared: the opening itself.
    pub cut_off: Revision,
    /// Ledger time of that revision.
    pub cut_off_time: Instant,
    /// Sheets taken so far.
    pub sheets: u64,
    /// Lines on them.
    pub lines: u64,
    /// Ledger time of its end.
    pub ended_time: Option<Instant>,
    /// Why it was given up, or closed with something left open.
    pub end_reason: CompactString,
    /// How far it had come when it was closed.
    pub closing: Option<CampaignClosing>,
}

impl Campaign {
    /// Whether whoever counts is not to be told what to find: a blind campaign that is open.
    #[must_use]
    pub fn hides_figures(&self) -> bool {
        self.opening.blind && self.state == DocumentState::Open
    }
}

/// Key of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SheetKey {
    /// The campaign.
    pub campaign_no: CampaignNo,
    /// Who counted.
    pub counter: CounterCode,
    /// The number of the sheet.
    pub sheet_no: CountSheetNo,
}

/// A sheet that was taken; its lines stand under the goods that they counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenSheet {
    /// Its round.
    pub round: u64,
    /// How many lines it has.
    pub lines: u64,
    /// The revision that took it; its event says who sent it.
    pub taken_at: Revision,
    /// Ledger time.
    pub taken_time: Instant,
}

/// Key of a count: the counts of one item stand together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CountKey {
    /// The campaign.
    pub campaign_no: CampaignNo,
    /// Its mark.
    pub mark: Mark,
    /// Its number.
    pub number: u64,
    /// The unit.
    pub serial: Option<SerialNo>,
    /// The lot.
    pub lot: Option<LotNo>,
    /// Where.
    pub place: CountPlace,
    /// The BOM version of a product.
    pub bom_version: Option<BomVersion>,
    /// In which part of the zone.
    pub area: Option<CountArea>,
    /// In which round.
    pub round: u64,
    /// By whom.
    pub counter: CounterCode,
    /// On which sheet.
    pub sheet_no: CountSheetNo,
    /// On which line of it.
    pub line: u64,
}

impl CountKey {
    /// Below every count of an item in a campaign.
    #[must_use]
    pub const fn lowest(campaign_no: CampaignNo, mark: Mark, number: u64) -> Self {
        Self {
            campaign_no,
            mark,
            number,
            serial: None,
            lot: None,
            place: CountPlace::Stock,
            bom_version: None,
            area: None,
            round: 0,
            counter: CounterCode::lowest(),
            sheet_no: CountSheetNo::lowest(),
            line: 0,
        }
    }

    /// Above every count of an item in a campaign.
    #[must_use]
    pub const fn highest(campaign_no: CampaignNo, mark: Mark, number: u64) -> Self {
        Self {
            campaign_no,
            mark,
            number,
            serial: Some(SerialNo::highest()),
            lot: Some(LotNo::highest()),
            place: CountPlace::Domestic,
            bom_version: Some(BomVersion::highest()),
            area: Some(CountArea::highest()),
            round: u64::MAX,
            counter: CounterCode::highest(),
            sheet_no: CountSheetNo::highest(),
            line: u64::MAX,
        }
    }
}

/// How much was counted, and when; `None` means at the cut-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// In the declared unit of the item.
    pub declared: Quantity,
    /// By the ledger's clock.
    pub counted_at: Option<LocalTime>,
}
