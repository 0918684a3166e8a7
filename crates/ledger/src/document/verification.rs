//! Verification declarations as filed: `EMS121`.

use crate::code::{BookNo, ListNo};
use crate::coded::code_list;
use crate::direction::Mark;
use crate::quantity::Quantity;
use crate::time::{Date, LocalTime};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

code_list! {
    /// What kind of declaration it is (`chgoffTypecd`; `domain.md` 4.1).
    VerificationKind, "kind of verification" {
        /// The enterprise declares a period, 正常报核.
        Normal = "1",
        /// It adds to what it declared, or corrects it, because customs asked for that, 补充报核.
        Supplementary = "2",
        /// Customs disposes of the period by itself, 海关处置: nothing is left for the enterprise to confirm.
        CustomsDisposal = "3",
    }
}

code_list! {
    /// A figure that is declared for an item, under its name in `EmsChgoffDt` (`domain.md` 4.1). Quantities are in the
    /// declared unit, amounts in US dollars; a difference is what is there less what the book says.
    Figure, "figure of a verification" {
        /// 应剩余数量
        ShouldRemain = "shdRemainQty",
        /// 应剩余总金额
        ShouldRemainAmount = "shdRemainTotalAmt",
        /// 实际剩余数量
        ActualRemain = "actlRemainQty",
        /// 实际剩余总金额
        ActualRemainAmount = "actlRemainTotalAmt",
        /// 消耗总数量
        Consumption = "csmTotalQty",
        /// 消耗总金额
        ConsumptionAmount = "csmTotalAmt",
        /// Imported materials, or exported products, 进/出口总数量.
        ImportOrExport = "impOrExpTotalQty",
        /// 内销数量
        DomesticSale = "sdinQty",
        /// 内销总金额
        DomesticSaleAmount = "sdinTotalAmt",
        /// 成品退换出口数量
        ExchangeOut = "endprdRetnExchExpQty",
        /// 成品退换进口数量
        ExchangeIn = "endprdRetnExchImpQty",
        /// Scrap and defectives, 边角料残次品数量.
        Residues = "lfmtImprQty",
        /// 边角料残次品总金额
        ResiduesAmount = "lfmtImprTotalAmt",
        /// Materials in from another book, or products out to one, 深加工结转进出口数量.
        FurtherProcessing = "dprcsCrdwImpexpQty",
        /// 复出数量
        ReExport = "reexpQty",
        /// 余料转出数量
        RemainTransferOut = "remainMtpckTrfoutQty",
        /// 料件成品销毁数量
        Destroyed = "mtpckEndprdDstryQty",
        /// 边角料销毁数量
        ResiduesDestroyed = "lfmtDstryQty",
        /// 核增数量
        VerifiedIncrease = "vrfaddQty",
        /// 核减数量
        VerifiedDecrease = "vrfredQty",
        /// 有形损耗数量
        TangibleLoss = "tgblLossQty",
        /// 无形损耗数量
        IntangibleLoss = "intgbLossQty",
        /// 差异数量
        Difference = "dsmlQty",
        /// 差异金额
        DifferenceAmount = "dsmlAmt",
        /// Average price on the lists of the period, 报关清单平均单价.
        AveragePrice = "dclcusInvtAvgUprcAmt",
        /// The difference in percent of what should remain, 差异率.
        DifferenceRate = "dsmlRate",
        /// 核销周期期初数量
        Opening = "vclrPridInitQty",
    }
}

impl Figure {
    /// Whether the schema gives it the 25 digits of an amount; all others have the 19 of a quantity.
    #[must_use]
    pub const fn is_amount(self) -> bool {
        matches!(
            self,
            Self::ShouldRemainAmount
                | Self::ActualRemainAmount
                | Self::ConsumptionAmount
                | Self::DomesticSaleAmount
                | Self::ResiduesAmount
        )
    }
}

/// `EMS121`: a book is settled for a period (报核; `RULES.md` 13.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationFiling {
    /// `emsNo`
    pub book_no: BookNo,
    /// `chgoffTmsCnt`
    pub sequence: u64,
    /// `chgoffTypecd`
    pub kind: VerificationKind,
    /// `chgoffBeginTime`
    pub begin: Option<Date>,
    /// `chgoffDueTime`
    pub end: Option<Date>,
    /// `chgoffDclTime`
    pub declared_at: Option<LocalTime>,
    /// `EmsChgoffInvtLt`: the lists that it covers.
    pub lists: Vec<ListNo>,
    /// `EmsChgoffDt`: what the enterprise declares, item by item. Long declarations come in parts: what a supplementary
    /// one says of an item replaces what was said before.
    pub items: Vec<DeclaredItem>,
}

/// A step of a verification that was declared (`domain.md` 4.1, steps).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationOrder {
    /// `emsNo`
    pub book_no: BookNo,
    /// `chgoffTmsCnt`
    pub sequence: u64,
    /// What is done.
    pub step: VerificationStep,
}

/// What may be done with a verification after it was declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VerificationStep {
    /// Customs asks the enterprise to add to its declaration, 要求补充申报.
    AskSupplement {
        /// What is missing; never empty.
        reason: CompactString,
    },
    /// The enterprise confirms the differences, 差异确认.
    Confirm {
        /// A remark.
        remark: CompactString,
    },
    /// Customs closes the period, 核销.
    Close {
        /// A remark.
        remark: CompactString,
    },
}

/// What is declared of an item (`EmsChgoffDt`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredItem {
    /// Place in the declaration, from 1.
    pub line: u64,
    /// `typecd`
    pub mark: Mark,
    /// `seqno`
    pub number: u64,
    /// The figures that are given.
    pub figures: BTreeMap<Figure, Quantity>,
}
