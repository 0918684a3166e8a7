//! Consumption slips as filed: `CMB101`.

use crate::code::{BookNo, ConsumptionNo, CustomsNo, ListNo, SerialNo, TariffCode, UnitCode};
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
}
