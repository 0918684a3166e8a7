//! Permits and their slips as filed: `SAS101`, `SAS111`.

use crate::code::{BookNo, CustomsNo, OfficeCode, PartNo, PermitNo, SlipNo, TariffCode, UnitCode};
use crate::coded::code_list;
use crate::direction::{Direction, Mark};
use crate::item::Units;
use crate::layer::NamedLot;
use crate::quantity::Quantity;
use crate::time::{Date, LocalTime};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// What a permit is for (`businessTypecd`; `domain.md` 3.0).
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
    /// `exhibitionPlace`
    pub exhibition_place: CompactString,
    /// `SasDclDt`
    pub lines: Vec<PermitLine>,
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
    /// `sasDclNo`
    pub permit_no: PermitNo,
    /// `stockTypecd`
    pub direction: Direction,
    /// `dclTime`
    pub declared_at: LocalTime,
    /// The lots that its lines take.
    pub lots: Vec<NamedLot>,
    /// `SasStockDt`
    pub lines: Vec<SlipLine>,
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
}
