//! Items: the numbered goods entries of a book (项号).

use crate::code::{BookNo, LotNo, PartNo, SerialNo, TariffCode, UnitCode};
use crate::coded::code_list;
use crate::direction::{Mark, Stops};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// The key of an item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemKey {
    /// The book.
    pub book_no: BookNo,
    /// Materials, products or residues.
    pub mark: Mark,
    /// `putrecSeqno`; the row number in a book kept by receipt.
    pub number: u64,
}

/// The three units of a line or an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    /// `dclUnitcd`
    pub declared: UnitCode,
    /// `lawfUnitcd`
    pub statutory1: UnitCode,
    /// `secdLawfUnitcd`, where there is one.
    pub statutory2: Option<UnitCode>,
}

code_list! {
    /// What a residue is (`domain.md` 3.1: scrap, by-products, defectives). Each has an item of its own, with its own code
    /// and unit, and leaves by its own lists.
    ResidueKind, "kind of residue" {
        /// Reasonable waste, 边角料.
        Scrap = "SCRAP",
        /// Another product that arises with the main one, 副产品.
        ByProduct = "BY_PRODUCT",
        /// A product that cannot be delivered as one, 残次品.
        Defective = "DEFECTIVE",
    }
}

/// An item as filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// `gdsMtno`
    pub part_no: PartNo,
    /// `gdecd`
    pub tariff_code: TariffCode,
    /// `gdsNm`
    pub name: CompactString,
    /// The three units.
    pub units: Units,
    /// The lot of the row, in a book kept by receipt (`invtNo/invtGNo`); units of a tracked item have their own.
    pub lot: Option<LotNo>,
    /// The unit of the row, in a leasing book.
    pub serial: Option<SerialNo>,
    /// Each unit is tracked by its serial number, in a repair book.
    pub tracked_by_serial: bool,
    /// What it is, of a residue; of a part removed in repair nothing more is said.
    pub residue: Option<ResidueKind>,
    /// Which directions customs has stopped (`cusmExeMarkcd`).
    pub stops: Stops,
}
