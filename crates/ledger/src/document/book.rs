//! Books as filed: `BWS101` (logistics) and `EMS111` (processing and its kin).

use crate::book::{BookKind, BookingMode, Regime, Usage};
use crate::code::{BomVersion, BookNo, CustomsNo, LotNo, OfficeCode, PartNo, SerialNo, TariffCode};
use crate::direction::{Mark, Stops};
use crate::item::Units;
use crate::quantity::{Factor, Quantity};
use crate::time::{Date, LocalTime};
use crate::zone::ZoneKind;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// `BWS101` or `EMS111` (`RULES.md` 4.1 to 4.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookFiling {
    /// `bwsNo`, `emsNo`
    pub book_no: BookNo,
    /// Which of the two messages.
    pub kind: BookKind,
    /// `None` for a filing (`dclTypecd` 1), the change number for a change (`dclTypecd` 2, `chgTmsCnt`).
    pub change_no: Option<u64>,
    /// `masterCuscd`
    pub office: OfficeCode,
    /// `bwlTypecd`; a processing book does not say it.
    pub zone_kind: Option<ZoneKind>,
    /// `bizopEtpsno`
    pub owner: CustomsNo,
    /// `rmk` = `USAGE=...`
    pub usage: Usage,
    /// How the use of materials is known; no message says it. Without it a new book goes by BOM and a changed one stays
    /// as it is.
    pub regime: Option<Regime>,
    /// `appendTypecd`; a processing book accumulates.
    pub booking_mode: BookingMode,
    /// `finishValidDate`
    pub valid_until: Date,
    /// `dclTime`
    pub declared_at: LocalTime,
    /// `BwsDt`, `EmsPutrecDt`
    pub rows: Vec<BookRow>,
    /// `EmsPutrecUcnsDt`
    pub bom: Vec<BomRow>,
}

/// `BwsDt`, `EmsPutrecDt`: an item of a book and its opening balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookRow {
    /// `mtpckEndprdTypecd`; goods in a logistics book.
    pub mark: Mark,
    /// `gdsSeqno`
    pub number: u64,
    /// Whether it counts in a change: `modfMarkcd` 1 (changed) or 3 (added).
    pub amended: bool,
    /// `gdsMtno`
    pub part_no: PartNo,
    /// `gdecd`
    pub tariff_code: TariffCode,
    /// `gdsNm`
    pub name: CompactString,
    /// `dclUnitcd`, `lawfUnitcd`, `secdLawfUnitcd`
    pub units: Units,
    /// `invtNo/invtGNo`, in a book kept by receipt.
    pub lot: Option<LotNo>,
    /// `rmk` = `SN=...`: the serial number of the row.
    pub serial: Option<SerialNo>,
    /// `rmk` = `SERIAL=1`: each unit of the item is tracked by its serial number.
    pub tracked_by_serial: bool,
    /// `inQty`, `vclrPridInitQty`
    pub opening_declared: Quantity,
    /// `inLawfQty`; a processing book does not say it (`RULES.md` 3.6).
    pub opening_statutory1: Quantity,
    /// `inSecdLawfQty`
    pub opening_statutory2: Quantity,
    /// `totalAmt`
    pub opening_value: Quantity,
    /// `cusmExeMarkcd`
    pub stops: Stops,
}

/// `EmsPutrecUcnsDt`: what one unit of a product takes of one material (单耗).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BomRow {
    /// Counts in a change: `modfMarkcd` is 1 or 3.
    pub amended: bool,
    /// `endprdSeqno`
    pub product: u64,
    /// `ucnsVerno`
    pub version: BomVersion,
    /// `mtpckSeqno`
    pub material: u64,
    /// `netUseupQty`: what is embodied in the product (净耗).
    pub net: Factor,
    /// `tgblLossRate`: loss that leaves scrap, in percent.
    pub tangible_loss: Factor,
    /// `intgbLossRate`: loss that leaves nothing, in percent.
    pub intangible_loss: Factor,
    /// `bondMtpckPrpr`: share of the material that is bonded, in percent.
    pub bonded_share: Factor,
    /// `ucnsQty`: unit consumption, as the enterprise computed it.
    pub unit_consumption: Factor,
}
