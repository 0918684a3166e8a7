//! Lists as filed: `INV101`.

use crate::code::{
    BillNo, BomVersion, BookNo, CustomsNo, DeclarationNo, ListNo, ModeCode, ParcelNo, PartNo, PermitNo,
    SerialNo, SlipNo, TariffCode,
};
use crate::coded::code_list;
use crate::direction::{Direction, Mark};
use crate::item::Units;
use crate::layer::{Expiry, NamedLot};
use crate::quantity::Quantity;
use crate::time::LocalTime;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

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

code_list! {
    /// Why goods flow between books (`listType`; `domain.md` 3.0). It is kept and decides nothing: the matrix asks for
    /// kind, mark and the other book.
    FlowType, "flow type" {
        /// Further processing, 深加工结转.
        FurtherProcessing = "A",
        /// Remaining material, 余料结转.
        RemainingMaterial = "B",
        /// Equipment without price, 不作价设备结转.
        Equipment = "C",
        /// Further processing between zones, 区间深加工结转.
        InterZoneFurtherProcessing = "D",
        /// Materials between zones, 区间料件结转.
        InterZoneMaterial = "E",
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
    /// `listType`: why goods flow between books; the schema of the message lacks it.
    pub flow: Option<FlowType>,
    /// The list I by which products came back that this list replaces (成品退换); no message says it.
    pub exchanged_list: Option<ListNo>,
    /// `applyNo` of kind 3: the bill of lading.
    pub bill_no: Option<BillNo>,
    /// `applyNo` of kind 5: the permit under which the goods are out; of kind 4: the permit to process them; of products that
    /// were made outside: their permit, where they are back and in stock, or the approval by which they do not come back; of
    /// kind 0 with `rltPutrecNo`: the transfer form ([`crate::document::TransferFormContent`]).
    pub permit_no: Option<PermitNo>,
    /// `SasCentDclStock`: the slips that a list of kind 1 declares.
    pub slips: Vec<SlipNo>,
    /// `BondInvtAcmpFormDt` of `CEB621`: the parcels that a list of kind 8 gathers.
    pub parcels: Vec<ParcelNo>,
    /// The lots that its lines take, in a book that gives up the lots that are named.
    pub lots: Vec<NamedLot>,
    /// When goods expire that its lines bring in, in a book with lots.
    pub expiries: Vec<Expiry>,
    /// `BondInvtDt`
    pub lines: Vec<ListLine>,
    /// `BondInvtDtSimple`: what a list of kind 4 makes of its lines.
    pub results: Vec<ResultLine>,
}

/// `BondInvtDtSimple`: what simple processing makes (简单加工成品).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultLine {
    /// `applyTbSeqno`: the line of the permit.
    pub permit_line: u64,
    /// The goods; in a book kept by receipt the line opens a row.
    pub goods: ListLine,
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
    /// `destinationNatcd`, where the caller says it; the schema of 2017 has no such field.
    pub destination: CompactString,
    /// `lvyrlfModecd`
    pub duty_mode: Option<DutyMode>,
    /// `entryGdsSeqno`: the declaration line that the enterprise wants it in.
    pub declaration_line: Option<u64>,
    /// `clyMarkcd` is 1: dangerous goods.
    pub dangerous: bool,
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
    /// `ucnsVerno`
    pub bom_version: Option<BomVersion>,
    /// `param1`: where a unit for repair comes from.
    pub provenance: Option<Provenance>,
}

code_list! {
    /// How duty is levied or relieved (`lvyrlfModecd`; `domain.md` 5.5).
    DutyMode, "duty mode" {
        /// 照章征税
        Normal = "1",
        /// 折半征税
        Half = "2",
        /// 全免
        Exempt = "3",
        /// 特案
        Special = "4",
        /// 随征免性质
        ByNature = "5",
        /// 保证金
        Deposit = "6",
        /// 保函
        Guarantee = "7",
        /// 折半补税
        HalfSupplementary = "8",
        /// 全额退税
        FullRefund = "9",
    }
}

code_list! {
    /// Where goods come from (`param1`; `domain.md` 5.2). It decides what may become of parts removed in repair.
    Provenance, "provenance" {
        /// Key material from abroad.
        ForeignKey = "1",
        /// From abroad.
        Foreign = "2",
        /// From the domestic side.
        Domestic = "3",
        /// From another book of a special zone.
        SpecialBook = "4",
    }
}
