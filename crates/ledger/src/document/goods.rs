//! Goods named where they stand, in documents that no message carries.

use crate::code::SerialNo;
use crate::direction::Mark;
use crate::measure::Measure;
use crate::quantity::Quantity;
use serde::{Deserialize, Serialize};

/// A line that names goods of a book by item or row: tariff code, name and units are those of the item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedGoods {
    /// Its number in the document.
    pub line: u64,
    /// Materials and goods, products in stock, residues and removed parts.
    pub mark: Mark,
    /// Item or row number.
    pub number: u64,
    /// The unit, where the book tracks units; of a removed part the unit that it was removed from.
    pub serial: Option<SerialNo>,
    /// In the declared unit.
    pub declared: Quantity,
    /// In the first statutory unit; nothing where the stock has nothing in it (`RULES.md` 3.6).
    pub statutory1: Quantity,
    /// In the second statutory unit, where the item has one.
    pub statutory2: Option<Quantity>,
    /// In US dollars.
    pub value_usd: Quantity,
}

impl NamedGoods {
    /// What the line is about, in all four components.
    #[must_use]
    pub fn measure(&self) -> Measure {
        Measure::new(self.declared, self.statutory1, self.statutory2.unwrap_or_default(), self.value_usd)
    }
}
