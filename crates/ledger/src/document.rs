//! Documents as the ledger takes them: what a message or a call says, already converted, not yet judged.
//!
//! Each type names the message and the element that a field comes from. Values are checked for form when they are
//! made (`code`, `quantity`, `time`); whether they agree with the books is the business of [`crate::apply`].

use crate::book::{BookingMode, Usage};
use crate::code::{
    BillNo, BookNo, CustomsNo, DeclarationNo, DocumentNo, ListNo, LotNo, ModeCode, OfficeCode, PartNo,
    PassNo, SerialNo, TariffCode, UnitCode,
};
use crate::coded::code_list;
use crate::direction::{Direction, Mark, Stops};
use crate::item::Units;
use crate::quantity::Quantity;
use crate::time::{Date, LocalTime};
use crate::zone::ZoneKind;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// Anything that may be filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Document {
    /// A book, filed or changed (`BWS101`).
    Book(BookFiling),
    /// A list, filed, changed or withdrawn (`INV101`).
    List(ListFiling),
    /// A gate pass (`SAS121`).
    Pass(PassFiling),
    /// A report of the gate (`SAS223`).
    Passage(PassageReport),
    /// A notice about a declaration (`DEC_RESULT`).
    Notice(DeclarationNotice),
}

impl Document {
    /// The number it is known by.
    #[must_use]
    pub fn number(&self) -> DocumentNo {
        match self {
            Self::Book(book) => (&book.book_no).into(),
            Self::List(list) => list.list_no().into(),
            Self::Pass(pass) => (&pass.pass_no).into(),
            Self::Passage(report) => (&report.pass_no).into(),
            Self::Notice(notice) => (&notice.declaration_no).into(),
        }
    }
}

/// `BWS101` (`RULES.md` 4.1, 4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookFiling {
    /// `bwsNo`
    pub book_no: BookNo,
    /// `None` for a filing (`dclTypecd` 1), the change number for a change (`dclTypecd` 2, `chgTmsCnt`).
    pub change_no: Option<u64>,
    /// `masterCuscd`
    pub office: OfficeCode,
    /// `bwlTypecd`
    pub zone_kind: ZoneKind,
    /// `bizopEtpsno`
    pub owner: CustomsNo,
    /// `rmk` = `USAGE=...`
    pub usage: Usage,
    /// `appendTypecd`
    pub booking_mode: BookingMode,
    /// `finishValidDate`
    pub valid_until: Date,
    /// `dclTime`
    pub declared_at: LocalTime,
    /// `BwsDt`
    pub rows: Vec<BookRow>,
}

/// `BwsDt`: an item of a book and its opening balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookRow {
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
    /// `inQty`
    pub opening_declared: Quantity,
    /// `inLawfQty`
    pub opening_statutory1: Quantity,
    /// `inSecdLawfQty`
    pub opening_statutory2: Quantity,
    /// `totalAmt`
    pub opening_value: Quantity,
    /// `cusmExeMarkcd`
    pub stops: Stops,
}

/// `INV101` by its declaration type (`RULES.md` 2.3, `param1`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListFiling {
    /// A new list.
    File(List),
    /// New content for an accepted list.
    Change {
        /// `chgTmsCnt`
        change_no: u64,
        /// The new content.
        list: List,
    },
    /// Takes an accepted list back; looks at nothing else in the message (`RULES.md` 5.8).
    Withdraw {
        /// `chgTmsCnt`
        change_no: u64,
        /// `bondInvtNo`
        list_no: ListNo,
    },
}

impl ListFiling {
    /// `bondInvtNo`
    #[must_use]
    pub fn list_no(&self) -> &ListNo {
        match self {
            Self::File(list) | Self::Change { list, .. } => &list.list_no,
            Self::Withdraw { list_no, .. } => list_no,
        }
    }
}

/// Which declaration goes with a list (`dclcusTypecd`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeclarationType {
    /// 1, 关联报关: made by the other party.
    Related,
    /// 2, 对应报关: made by the holder of the book.
    Corresponding,
}

code_list! {
    /// Kinds of list (`bondInvtTypecd`; `RULES.md` 5.5, `domain.md` 3.0).
    ListKind, "list kind" {
        /// Normal.
        Normal = "0",
        /// Consolidated.
        Consolidated = "1",
        /// Enter then declare, 先入区后报关.
        EnterThenDeclare = "3",
        /// Simple processing, 简单加工.
        SimpleProcessing = "4",
        /// Display, 保税展示.
        Display = "5",
        /// Intra-zone transfer, 区内流转.
        IntraZoneTransfer = "6",
        /// Zone and port linked, 区港联动.
        ZonePort = "7",
        /// E-commerce, 保税电商.
        ECommerce = "8",
        /// Domestic sale of finished goods by a general taxpayer, 一纳成品内销.
        GeneralTaxpayer = "9",
    }
}

/// `INV101`: a bonded inventory list (核注清单).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// `bondInvtNo`
    pub list_no: ListNo,
    /// `putrecNo`
    pub book_no: BookNo,
    /// `bizopEtpsno`
    pub owner: CustomsNo,
    /// `invtDclTime`
    pub declared_at: LocalTime,
    /// `impexpMarkcd`
    pub direction: Direction,
    /// `mtpckEndprdMarkcd`
    pub mark: Mark,
    /// `bondInvtTypecd`, as it stands: one that the list of codes lacks is refused `LIST_KIND_UNKNOWN`.
    pub kind: CompactString,
    /// `supvModecd`
    pub mode: ModeCode,
    /// `trspModecd`: tells the first line from the second (`domain.md` 3.1).
    pub transport: CompactString,
    /// `dclcusFlag` is 1: a declaration goes with it.
    pub declared: bool,
    /// `dclcusTypecd`
    pub declaration_type: Option<DeclarationType>,
    /// `entryNo` when `dclcusTypecd` is 2, `rltEntryNo` when it is 1.
    pub declaration_no: Option<DeclarationNo>,
    /// `rltEntryNo` and all three of `rltEntryBizop...` are there (`RULES.md` 5.2).
    pub related_company_complete: bool,
    /// `rltInvtNo`
    pub related_list: Option<ListNo>,
    /// `rltPutrecNo`
    pub related_book: Option<BookNo>,
    /// `applyNo`: for kind 3 the bill of lading.
    pub bill_no: Option<BillNo>,
    /// `BondInvtDt`
    pub lines: Vec<ListLine>,
}

/// `BondInvtDt`: a line of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListLine {
    /// `gdsSeqno`
    pub line: u64,
    /// `putrecSeqno`; what stands there does not matter on a line that opens a row.
    pub number: u64,
    /// `gdsMtno`
    pub part_no: PartNo,
    /// `gdecd`
    pub tariff_code: TariffCode,
    /// `gdsNm`
    pub name: CompactString,
    /// `dclUnitcd`, `lawfUnitcd`, `secdLawfUnitcd`
    pub units: Units,
    /// `natcd`
    pub origin: CompactString,
    /// `dclQty`
    pub declared: Quantity,
    /// `lawfQty`
    pub statutory1: Quantity,
    /// `secdLawfQty`, when given.
    pub statutory2: Option<Quantity>,
    /// `usdStatTotalAmt`
    pub value_usd: Quantity,
    /// `dclUprcAmt`
    pub price: Quantity,
    /// `dclTotalAmt`
    pub total: Quantity,
    /// `dclCurrcd`
    pub currency: CompactString,
    /// `grossWt`
    pub gross: Quantity,
    /// `netWt`
    pub net: Quantity,
    /// `param2`
    pub serial: Option<SerialNo>,
}

code_list! {
    /// How a pass binds vehicles to documents (`bindTypecd`).
    Binding, "binding" {
        /// One vehicle, many documents.
        ManyDocuments = "1",
        /// One vehicle, one document.
        OneToOne = "2",
        /// One document, many vehicles.
        ManyVehicles = "3",
    }
}

code_list! {
    /// What the linked numbers of a pass are (`rltTbTypecd`).
    LinkedType, "type of linked document" {
        /// Lists.
        List = "1",
        /// Slips.
        Slip = "2",
        /// A bill of lading.
        Bill = "3",
    }
}

/// `SAS121`: a gate pass (核放单), `RULES.md` 8.1, 8.2 and 8.6.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassFiling {
    /// `passportNo`
    pub pass_no: PassNo,
    /// `masterCuscd`
    pub office: OfficeCode,
    /// `ioTypecd`
    pub direction: Direction,
    /// `bindTypecd`
    pub binding: Binding,
    /// `rltTbTypecd`
    pub linked_type: LinkedType,
    /// `rltNo`, split at `\` and `/`.
    pub linked: Vec<DocumentNo>,
    /// `col1`: the book of a pass on a bill of lading.
    pub book_no: Option<BookNo>,
    /// `vehicleNo`
    pub vehicle_no: CompactString,
    /// `dclTime`
    pub declared_at: LocalTime,
    /// `SasPassportDt`
    pub lines: Vec<PassLine>,
}

/// `SasPassportDt`: part of a document on one vehicle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassLine {
    /// `passportSeqno`
    pub line: u64,
    /// `rltGdsSeqno`: the line of the linked document.
    pub linked_line: Option<u64>,
    /// `gdsMtno`
    pub part_no: Option<PartNo>,
    /// `dclUnitcd`
    pub unit: Option<UnitCode>,
    /// `dclQty`
    pub declared: Quantity,
}

/// What a report of the gate says of the vehicle (`stucd`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PassageStage {
    /// 3: through gate one of two.
    GateOne,
    /// 2 or 4: through the only gate, or through gate two.
    Passed,
    /// Any other status: noted.
    Other,
}

/// `SAS223`: passage of a gate (过卡), `RULES.md` 8.3 and 8.4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassageReport {
    /// `businessId`
    pub pass_no: PassNo,
    /// `stucd`
    pub stage: PassageStage,
    /// `secdPassTime` where given, else `passTime`.
    pub passed_at: Option<LocalTime>,
}

/// `DEC_RESULT`: a notice about a declaration (`RULES.md` 8.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclarationNotice {
    /// `ENTRY_ID`
    pub declaration_no: DeclarationNo,
    /// `CHANNEL` is `P` or `R`.
    pub releases: bool,
    /// `CHANNEL`
    pub channel: CompactString,
    /// `NOTICE_DATE`
    pub noticed_at: LocalTime,
}
