//! The unit of account.

use crate::code::{BookNo, LotNo, SerialNo};
use crate::direction::Mark;
use crate::item::ItemKey;
use crate::place::Place;
use serde::{Deserialize, Serialize};

/// Where what of which book stands: (book, mark, number, lot, serial, place).
///
/// Lot and serial are `None` where the book does not track them (`RULES.md` 3.2).
/// The order of positions is the order of these fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PositionKey {
    /// The book.
    pub book_no: BookNo,
    /// Materials, products or residues.
    pub mark: Mark,
    /// Item or row number.
    pub number: u64,
    /// The lot, where tracked.
    pub lot: Option<LotNo>,
    /// The serial number, where tracked.
    pub serial: Option<SerialNo>,
    /// The place.
    pub place: Place,
}

impl PositionKey {
    /// The item it is of.
    #[must_use]
    pub fn item(&self) -> ItemKey {
        ItemKey { book_no: self.book_no.clone(), mark: self.mark, number: self.number }
    }

    /// The same goods in another place.
    #[must_use]
    pub fn at(&self, place: Place) -> Self {
        Self { place, ..self.clone() }
    }
}
