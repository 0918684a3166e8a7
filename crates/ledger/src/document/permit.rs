//! Permits and their slips as filed: `SAS101`, `SAS111`.

use crate::bom::BomLine;
use crate::code::{BookNo, CustomsNo, OfficeCode, PartNo, PermitNo, SlipNo, TariffCode, UnitCode};
use crate::coded::code_list;
use crate::direction::{Direction, Mark};
use crate::item::Units;
use crate::layer::NamedLot;
use crate::quantity::{Factor, Quantity};
use crate::time::{Date, LocalTime};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// What a permit is for (`businessTypecd`; `domain.md` 3.0); what each allows stands in [`crate::permit_kind`].
    PermitKind, "kind of permit" {
        /// Batched delivery, 分送集报.
        BatchedDelivery = "A",
        /// Outsourced processing, 外发加工.
        OutsourcedProcessing = "B",
        /// Display, 保税展示.
        Display = "C",
        /// Test of equipment, 设备检测.
        EquipmentTest = "D",
        /// Repair of equipment, 设备维修.
        EquipmentRepair = "E",
        /// A mould sent out, 模具外发.
        Mould = "F",
        /// Simple processing, 简单加工.
        SimpleProcessing = "G",
        /// Other.
        Other = "H",
        /// Moves of a general taxpayer, 一纳.
        GeneralTaxpayer = "Y",
    }
}

/// `SAS101`: a business declaration form (业务申报表), the standing permission for moves across the fence without a
/// declaration each (`RULES.md` 9.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermitFiling {
    /// `sasDclNo`
    pub permit_no: PermitNo,
    /// `chgTmsCnt` of a change (`dclTypecd` 2); none for a new permit.
    pub change_no: Option<u64>,
    /// `masterCuscd`
    pub office: OfficeCode,
    /// `businessTypecd`
    pub kind: PermitKind,
    /// `areainOriactNo`
    pub book_no: BookNo,
    /// `areainEtpsno`
    pub owner: CustomsNo,
    /// `validTime`: the last day on which slips may be declared.
    pub valid_until: Date,
    /// `dclTime`
    pub declared_at: LocalTime,
    /// `dpstLevyBlNo`: the guarantee it draws on.
    pub guarantee_no: CompactString,
    /// The duty at stake, in Chinese currency: drawn on the guarantee while the permit is open. No message has it.
    pub guarantee_amount: Quantity,
    /// `exhibitionPlace`
    pub exhibition_place: CompactString,
    /// `SasDclDt`
    pub lines: Vec<PermitLine>,
    /// `SasDclUcnsDt`
    pub bom: Vec<PermitBomLine>,
}

/// `SasDclUcnsDt`: what one unit of a product takes of one material (单耗), both lines of the permit (`domain.md` 5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermitBomLine {
    /// `endprdSeqno`: the line of the product.
    pub product_line: u64,
    /// `mtpckSeqno`: the line of the material.
    pub material_line: u64,
    /// `netUseupQty`
    pub net: Factor,
    /// `lossRate`, a percent figure.
    pub loss: Factor,
}

impl PermitBomLine {
    /// As a line of a BOM version: all of the loss is tangible, all of the material bonded.
    #[must_use]
    pub const fn as_bom(&self) -> BomLine {
        BomLine {
            net: self.net,
            tangible_loss: self.loss,
            intangible_loss: Factor::ZERO,
            bonded_share: Factor::from_raw(100 * Factor::ONE),
        }
    }
}

/// `SAS101` with `dclTypecd` 3: the end of a permit. Nothing may be out under it any more but what stays outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermitClosing {
    /// `sasDclNo`
    pub permit_no: PermitNo,
    /// `chgTmsCnt`
    pub change_no: u64,
    /// What does not come back. No message has it.
    pub left: Vec<LeftOutside>,
}

code_list! {
    /// Why goods that are out under a permit do not come back.
    LeftGround, "ground" {
        /// Taxed on their actual state (`domain.md` 3.1, outsourced processing).
        Taxed = "TAXED",
        /// Lost; customs has decided on it.
        Lost = "LOST",
    }
}

/// Goods of a line of a permit that stay outside when it is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutside {
    /// `sasDclSeqno`
    pub line: u64,
    /// In the declared unit.
    pub declared: Quantity,
    /// In the first statutory unit.
    pub statutory1: Quantity,
    /// In the second statutory unit, where there is one.
    pub statutory2: Option<Quantity>,
    /// In US dollars.
    pub value_usd: Quantity,
    /// Why.
    pub ground: LeftGround,
    /// The tax notice, or the decision of customs.
    pub reference: CompactString,
}

/// `SasDclDt`: how much of which item may move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermitLine {
    /// `sasDclSeqno`
    pub line: u64,
    /// `mtpckEndprdTypecd`
    pub mark: Mark,
    /// `oriactGdsSeqno`
    pub number: u64,
    /// `dclUnitcd`
    pub unit: UnitCode,
    /// `dclQty`
    pub declared: Quantity,
}

/// `SAS111`: a slip, one batch under a permit (出入库单; `RULES.md` 9.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipFiling {
    /// `sasStockNo`
    pub slip_no: SlipNo,
    /// `chgTmsCnt` of a change (`dclTypecd` 2); none for a new slip.
    pub change_no: Option<u64>,
    /// `sasDclNo`
    pub permit_no: PermitNo,
    /// `stockTypecd`
    pub direction: Direction,
    /// `dclTime`
    pub declared_at: LocalTime,
    /// `rltSasStockNo`: of a slip I, the slip E whose goods come back.
    pub related_slip: Option<SlipNo>,
    /// `levyBlAmt`: the duty at stake, in Chinese currency: drawn by a slip E, given back by a slip I.
    pub levy_amount: Quantity,
    /// The lots that its lines take.
    pub lots: Vec<NamedLot>,
    /// `SasStockDt`
    pub lines: Vec<SlipLine>,
}

/// `SAS111` with `dclTypecd` 3: a slip taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipVoid {
    /// `sasStockNo`
    pub slip_no: SlipNo,
    /// `chgTmsCnt`
    pub change_no: u64,
}

/// `SasStockDt`: goods of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipLine {
    /// `sasStockSeqno`
    pub line: u64,
    /// `sasDclSeqno`: the line of the permit.
    pub permit_line: u64,
    /// `oriactGdsSeqno`
    pub number: u64,
    /// `gdsMtno`
    pub part_no: PartNo,
    /// `gdecd`
    pub tariff_code: TariffCode,
    /// `gdsNm`
    pub name: CompactString,
    /// `dclUnitcd`, `lawfUnitcd`, `secdLawfUnitcd`
    pub units: Units,
    /// `dclQty`
    pub declared: Quantity,
    /// `lawfQty`
    pub statutory1: Quantity,
    /// `secdLawfQty`, when more than 0 (`RULES.md` 2.8).
    pub statutory2: Option<Quantity>,
    /// `usdStatTotalAmt`
    pub value_usd: Quantity,
    /// `rltStockSeqno`: of a slip I that names a slip E, the line whose goods come back.
    pub related_line: Option<u64>,
}
