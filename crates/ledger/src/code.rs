//! Customs' own numbers as types: they are the names of things (`conventions.md` 1).

use crate::error::CodeError;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::fmt;

fn checked(kind: &'static str, text: &str, characters_max: usize) -> Result<CompactString, CodeError> {
    if text.is_empty() {
        return Err(CodeError::Empty { kind });
    }
    // The schemas count characters; a text of fewer bytes has no more of them.
    if text.len() > characters_max && text.chars().count() > characters_max {
        let value = text.chars().take(40).chain("…".chars()).collect();
        return Err(CodeError::TooLong { kind, value, characters_max });
    }
    if text.chars().any(char::is_control) {
        return Err(CodeError::ControlCharacter { kind, value: text.escape_debug().to_string() });
    }
    Ok(CompactString::new(text))
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident, $kind:literal, $max:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(CompactString);

        impl $name {
            /// The most characters it may have.
            pub const CHARACTERS_MAX: usize = $max;

            /// Takes a text that is not empty, not too long and free of control characters.
            ///
            /// # Errors
            /// Says which of these it is not.
            pub fn new(text: &str) -> Result<Self, CodeError> {
                checked($kind, text, $max).map(Self)
            }

            /// `None` for an empty text.
            ///
            /// # Errors
            /// As [`Self::new`] for any other text.
            pub fn optional(text: &str) -> Result<Option<Self>, CodeError> {
                if text.is_empty() { Ok(None) } else { Self::new(text).map(Some) }
            }

            /// Below every code: the lower end of a scan, never a number of anything.
            #[must_use]
            pub const fn lowest() -> Self {
                Self(CompactString::const_new(""))
            }

            /// Above every code: the upper end of a scan, never a number of anything.
            #[must_use]
            pub const fn highest() -> Self {
                Self(CompactString::const_new("\u{10FFFF}"))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

codes! {
    /// A customs office, four characters (`masterCuscd`).
    OfficeCode, "customs office", 4;
    /// An enterprise's customs registration number, ten characters (`bizopEtpsno`).
    CustomsNo, "customs registration number", 10;
    /// An enterprise's social credit code, eighteen characters (`bizopEtpsSccd`).
    CreditCode, "social credit code", 18;
    /// An account book (`bwsNo`, `putrecNo`).
    BookNo, "book number", 64;
    /// A bonded inventory list, 核注清单 (`bondInvtNo`).
    ListNo, "list number", 64;
    /// A correction of a posted list.
    CorrectionNo, "correction number", 64;
    /// A tally of the goods of a list, 理货单.
    TallyNo, "tally number", 64;
    /// A gate pass, 核放单 (`passportNo`).
    PassNo, "pass number", 64;
    /// An electronic seal of a vehicle or container, 电子关锁.
    SealNo, "seal number", 32;
    /// A customs declaration, 报关单 (`entryNo`, `ENTRY_ID`).
    DeclarationNo, "declaration number", 64;
    /// A permit: a business declaration form, 业务申报表 (`sasDclNo`).
    PermitNo, "permit number", 64;
    /// A slip: one batch under a permit, 出入库单 (`sasStockNo`).
    SlipNo, "slip number", 64;
    /// A guarantee account, 担保 (`dpstLevyBlNo`).
    GuaranteeNo, "guarantee number", 64;
    /// An import licence, 许可证件 (`licenceNo`).
    LicenceNo, "licence number", 64;
    /// A transfer form, 区间流转申报表.
    TransferFormNo, "transfer form number", 64;
    /// A consumption slip, 耗料单 (`cmbNo`).
    ConsumptionNo, "consumption slip number", 64;
    /// A disposal: destruction, loss or abandonment, 处置申请.
    DisposalNo, "disposal number", 64;
    /// An adjustment of a count, 核增核减.
    AdjustmentNo, "adjustment number", 64;
    /// A report of the differences of a count, 差异报告.
    DifferenceNo, "difference report number", 64;
    /// Who has to see to something, 责任人: a code of the office's or the enterprise's own.
    DeskCode, "desk code", 64;
    /// A count campaign, 盘点.
    CampaignNo, "campaign number", 64;
    /// Who counts, 盘点人: a code of the enterprise's own.
    CounterCode, "counter code", 64;
    /// A sheet of counts, 盘点表.
    CountSheetNo, "count sheet number", 64;
    /// A part of the zone where counting is done, 库区.
    CountArea, "area", 64;
    /// A decision of customs, 决定书.
    DecisionNo, "decision number", 64;
    /// A work order, 工单.
    WorkOrderNo, "work order number", 64;
    /// A project of research and development, 研发项目.
    ProjectCode, "project code", 64;
    /// Evidence of a use: the SHA-256 of a file, or where it is kept.
    Evidence, "evidence reference", 255;
    /// A gate registration of goods that are not bonded, 卡口登记.
    RegistrationNo, "registration number", 64;
    /// A change of the status of goods, 状态转换.
    StatusChangeNo, "status change number", 64;
    /// A carry-over of goods to the book that succeeds theirs, 账册结转.
    CarryOverNo, "carry-over number", 64;
    /// A case of investigation, 立案 (`rcaseMarkcd`).
    CaseNo, "case number", 64;
    /// A notice of customs that doubts a BOM version, 单耗质疑通知书.
    NoticeNo, "notice number", 64;
    /// A parcel: a consumer list of electronic commerce (`invtNo` of `CEB621`).
    ParcelNo, "parcel number", 64;
    /// A return of a parcel's goods (`CEB625`).
    ReturnNo, "return number", 64;
    /// An enterprise of electronic commerce, its customs number or social credit code: a platform (`ebpCode`), who takes the
    /// money (`payCode`), who carries the goods (`logisticsCode`).
    TraderCode, "enterprise of electronic commerce", 18;
    /// An order of electronic commerce, 订单 (`orderNo`).
    OrderNo, "order number", 60;
    /// A payment, 支付单 (`payTransactionId`).
    TransactionNo, "number of a payment", 60;
    /// A waybill, 运单 (`logisticsNo`).
    WaybillNo, "waybill number", 60;
    /// A lease contract, 租赁合同.
    LeaseNo, "lease contract number", 64;
    /// A bill of lading (`applyNo`, `rltNo`).
    BillNo, "bill of lading", 64;
    /// An enterprise's own goods code, 料号 (`gdsMtno`).
    PartNo, "part number", 32;
    /// A tariff code, 商品编码 (`gdecd`).
    TariffCode, "tariff code", 10;
    /// A unit of measure, three digits (`dclUnitcd`).
    UnitCode, "unit code", 3;
    /// A supervision mode, 监管方式 (`supvModecd`).
    ModeCode, "supervision mode", 6;
    /// A BOM version, 单耗版本号 (`ucnsVerno`).
    BomVersion, "BOM version", 8;
    /// A lot: `LISTNO/LINE` of the receipt (`invtNo`, `invtGNo`); of another document with its type before it.
    LotNo, "lot", 128;
    /// A serial number of a tracked unit.
    SerialNo, "serial number", 64;
    /// What a document is called: its own number, whatever its kind.
    DocumentNo, "document number", 64;
}

macro_rules! document_numbers {
    ($($number:ident)*) => {$(
        impl From<&$number> for DocumentNo {
            fn from(number: &$number) -> Self {
                Self(number.0.clone())
            }
        }
    )*};
}

document_numbers! {
    BookNo ListNo PassNo DeclarationNo SlipNo ConsumptionNo DisposalNo AdjustmentNo ParcelNo ReturnNo
    PermitNo BillNo LeaseNo CorrectionNo TallyNo WorkOrderNo RegistrationNo StatusChangeNo
    CarryOverNo CampaignNo DifferenceNo TransferFormNo
}

impl LotNo {
    /// The lot of one line of a receipt.
    ///
    /// # Errors
    /// The list number is too long for a lot.
    pub fn of_receipt(list: impl fmt::Display, line: u64) -> Result<Self, CodeError> {
        Self::new(&format!("{list}/{line}"))
    }

    /// The lot of one line of a change of status: goods that become bonded come in by it.
    ///
    /// # Errors
    /// The number is too long for a lot.
    pub fn of_status_change(change: &StatusChangeNo, line: u64) -> Result<Self, CodeError> {
        Self::new(&format!("{change}/{line}"))
    }
}
