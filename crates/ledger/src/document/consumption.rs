//! Consumption slips as filed: `CMB101`.

use super::OrderQuantities;
use crate::code::{
    BookNo, ConsumptionNo, CustomsNo, Evidence, ListNo, ProjectCode, SerialNo, TariffCode, UnitCode,
};
use crate::item::ResidueKind;
use crate::layer::NamedLot;
use crate::quantity::Quantity;
use crate::time::LocalTime;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// `CMB101`: materials used and residues made (耗料单; `RULES.md` 13.1 to 13.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumptionFiling {
    /// `cmbNo`
    pub consumption_no: ConsumptionNo,
    /// `emsNo`
    pub book_no: BookNo,
    /// `bizopEtpsno`
    pub owner: CustomsNo,
    /// `dclTime`
    pub declared_at: LocalTime,
    /// `cmTypecd` is 2: parts of units in repair are swapped, what is removed stays known by its unit.
    pub part_swap: bool,
    /// `SasCmbInvt`: the lists that the use belongs to.
    pub lists: Vec<ListNo>,
    /// The lots that its materials are taken from.
    pub lots: Vec<NamedLot>,
    /// `SasCmbImg`
    pub materials: Vec<UsedMaterial>,
    /// `SasCmbRbg`
    pub residues: Vec<Residue>,
    /// What research it was for, in a book of usage `RND`; no message says it.
    pub research: Option<Research>,
}

/// `CMB101` with `dclTypecd` 2: new content for a consumption slip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumptionChange {
    /// `chgTmsCnt`
    pub change_no: u64,
    /// What the slip says now.
    pub content: ConsumptionFiling,
}

/// `CMB101` with `dclTypecd` 3: a consumption slip is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumptionVoid {
    /// `cmbNo`
    pub consumption_no: ConsumptionNo,
    /// `chgTmsCnt`
    pub change_no: u64,
}

/// Use for research and development (研发耗用; `domain.md` 3.1): real use by project, without a BOM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Research {
    /// The project that used the materials.
    pub project: ProjectCode,
    /// What shows it: the SHA-256 of a file, or where the papers are kept.
    pub evidence: Evidence,
    /// Products that came of it, into stock.
    pub prototypes: Vec<Prototype>,
}

/// A product that research made (样品).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prototype {
    /// Its place in the record, counted from 1.
    pub line: u64,
    /// The item of the product.
    pub number: u64,
    /// How much.
    pub quantities: OrderQuantities,
}

/// `SasCmbImg`: a material used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedMaterial {
    /// Its place in the slip, counted from 1.
    pub line: u64,
    /// `mtpckSeqno`
    pub number: u64,
    /// `ucnsNetUseupQty`
    pub declared: Quantity,
}

/// `SasCmbRbg`: scrap made, or a part removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residue {
    /// Its place in the slip, counted from 1.
    pub line: u64,
    /// `mtpckSeqno`: the material that it was.
    pub number: u64,
    /// `gdecd`
    pub tariff_code: TariffCode,
    /// `gdsNm`
    pub name: CompactString,
    /// `dclUnitcd`
    pub unit: UnitCode,
    /// `dclQty`
    pub declared: Quantity,
    /// `rmk` = `SN=...`: the unit that the part was removed from.
    pub serial: Option<SerialNo>,
    /// What it is; no message says it, and scrap is meant then.
    pub kind: Option<ResidueKind>,
    /// The item of the residue, where it is not that of the material; no message says it.
    pub item: Option<u64>,
}
