//! Parcel lists of electronic commerce as filed: `CEB621`.

use super::SaleCitation;
use crate::code::{BookNo, ParcelNo, TariffCode};
use crate::item::Units;
use crate::layer::NamedLot;
use crate::quantity::Quantity;
use serde::{Deserialize, Serialize};
use std::fmt;

/// `CEB621` by its `appType` (`RULES.md` 12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParcelFiling {
    /// 1: new parcels, all or none.
    File(Vec<Parcel>),
    /// 3: parcels taken back, all or none.
    Cancel(Vec<ParcelNo>),
    /// 1: new parcels that say of which sales they are, all or none. Apart from the first, whose form is at rest.
    FileCited(Vec<CitedParcel>),
}

impl ParcelFiling {
    /// The number of the first parcel, by which the message is known (`RULES.md` 14.1).
    #[must_use]
    pub fn first(&self) -> Option<&ParcelNo> {
        match self {
            Self::File(parcels) => parcels.first().map(|parcel| &parcel.parcel_no),
            Self::Cancel(numbers) => numbers.first(),
            Self::FileCited(parcels) => parcels.first().map(|cited| &cited.parcel.parcel_no),
        }
    }

    /// New parcels, or new ones that say of which sales they are where any does.
    #[must_use]
    pub fn of(parcels: Vec<CitedParcel>) -> Self {
        if parcels.iter().any(|cited| cited.sale.is_some()) {
            return Self::FileCited(parcels);
        }
        Self::File(parcels.into_iter().map(|cited| cited.parcel).collect())
    }
}

/// A buyer under a name that says nothing of the person: HMAC-SHA256 of type and number of the identity document under
/// a key that the ledger never sees. Names, identity numbers and telephones have no place here (`design.md` 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BuyerHash(pub [u8; 32]);

impl fmt::Display for BuyerHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// `Inventory`: what one buyer gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// `invtNo`
    pub parcel_no: ParcelNo,
    /// `emsNo`
    pub book_no: BookNo,
    /// Who buys, where it is known.
    pub buyer: Option<BuyerHash>,
    /// The lots that its lines take.
    pub lots: Vec<NamedLot>,
    /// `InventoryList`
    pub lines: Vec<ParcelLine>,
}

/// A parcel, and the sale that it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitedParcel {
    /// The parcel.
    pub parcel: Parcel,
    /// What it says of the sale.
    pub sale: Option<SaleCitation>,
}

/// `InventoryList`: goods of a parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelLine {
    /// `gnum`
    pub line: u64,
    /// `itemRecordNo`: the item of the book.
    pub number: u64,
    /// `gcode`
    pub tariff_code: TariffCode,
    /// `unit`, `unit1`, `unit2`
    pub units: Units,
    /// `qty`
    pub declared: Quantity,
    /// `qty1`
    pub statutory1: Quantity,
    /// `qty2`, when more than 0 (`RULES.md` 2.8).
    pub statutory2: Option<Quantity>,
    /// `totalPrice`, in Chinese currency.
    pub price: Quantity,
}
