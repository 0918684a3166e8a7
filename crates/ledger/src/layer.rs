//! Lots of accumulating books: what a receipt brought in, and how much of it stands where.
//!
//! Positions of an accumulating book have no lot (`RULES.md` 3.2). Where such a book has a [`LotMethod`], each place of
//! it that goods are in is also kept as layers, one for each lot, and what leaves the place is taken from them in the
//! order of the method (`domain.md` 4.3, 8.11). The layers of a place add up to its position: remaining to `on_hand`,
//! reserved to `decrease_pending`, in each of the three quantities.
//!
//! The value of a layer is that of its receipt, taken in proportion to the declared quantity (A12): what the lot cost,
//! on which duty rests. The value of a position is what documents say; the two are not the same figure.
//!
//! A lot keeps its number, its day and what is known of it in the other book where goods of it go by a carry-over or a pair
//! of lists. Each change of a layer is kept by revision, so that the lots of any past moment are one seek for each layer.

use crate::code::{BookNo, DocumentNo, LotNo, ModeCode, PartNo, TariffCode};
use crate::coded::code_list;
use crate::direction::Mark;
use crate::item::ItemKey;
use crate::measure::Measure;
use crate::mover::Mover;
use crate::outcome::Revision;
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::time::{Date, Instant};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// In which order a book gives up its lots.
    LotMethod, "lot method" {
        /// It keeps none: what messages give.
        None = "NONE",
        /// Received first, taken first.
        Fifo = "FIFO",
        /// The lines name their lots.
        Specific = "SPECIFIC",
        /// What expires first is taken first; what never does, last.
        NearestExpiry = "NEAREST_EXPIRY",
    }
}

/// Where a document takes goods that are kept by lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LotSource {
    /// It takes none.
    Nowhere,
    /// In stock, where the method of the book rules.
    Stock,
    /// Where goods are out, and no method rules.
    Elsewhere,
}

/// A lot that a line names: goods of the line itself, or one of the materials that it uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedLot {
    /// The line of the document.
    pub line: u64,
    /// A material that the line uses by BOM; without it the goods of the line.
    pub material: Option<u64>,
    /// The lot. Several of one line are taken in the order in which they are named.
    pub lot: LotNo,
}

/// When goods of an inbound line expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiry {
    /// The line of the document.
    pub line: u64,
    /// The last day on which they are good.
    pub date: Date,
}

/// What stays true of a lot wherever its goods are, in another book too: where they came from and what duty rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// The document that brought it in.
    pub mover: Mover,
    /// Its line.
    pub line: u64,
    /// The item of another book that it was carried on from, at its last step; the lot has the same number there.
    pub carried_from: Option<ItemKey>,
    /// `gdecd` at receipt.
    pub tariff_code: TariffCode,
    /// `gdsMtno` at receipt.
    pub part_no: PartNo,
    /// `natcd`; empty where the document says none.
    pub origin: CompactString,
    /// `supvModecd`
    pub mode: Option<ModeCode>,
    /// `dclUprcAmt`
    pub price: Quantity,
    /// `dclCurrcd`
    pub currency: CompactString,
    /// The last day on which the goods are good.
    pub expires: Option<Date>,
    /// What came in, with its value in US dollars; nothing before it is posted.
    pub received: Measure,
    /// When; not before it is posted.
    pub received_at: Option<(Revision, Instant)>,
}

/// Goods of an item in one place of a book.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StackKey {
    /// The book.
    pub book_no: BookNo,
    /// Materials, products or residues.
    pub mark: Mark,
    /// Item number.
    pub number: u64,
    /// The place.
    pub place: Place,
}

impl StackKey {
    /// The item.
    #[must_use]
    pub fn item(&self) -> ItemKey {
        ItemKey { book_no: self.book_no.clone(), mark: self.mark, number: self.number }
    }

    /// Below every layer there.
    #[must_use]
    pub fn lowest(&self) -> LayerKey {
        let id = LayerId { received: Revision(0), line: 0, lot: LotNo::lowest(), holder: None };
        LayerKey { stack: self.clone(), id }
    }

    /// Above every layer there.
    #[must_use]
    pub fn highest(&self) -> LayerKey {
        let id = LayerId {
            received: Revision(u64::MAX),
            line: u64::MAX,
            lot: LotNo::highest(),
            holder: Some(DocumentNo::highest()),
        };
        LayerKey { stack: self.clone(), id }
    }

    /// The position that its layers add up to.
    #[must_use]
    pub fn position(&self) -> PositionKey {
        PositionKey {
            book_no: self.book_no.clone(),
            mark: self.mark,
            number: self.number,
            lot: None,
            serial: None,
            place: self.place,
        }
    }
}

/// A layer within its place. The order of layers is that of receipt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LayerId {
    /// The revision that received the lot.
    pub received: Revision,
    /// The line that brought it in.
    pub line: u64,
    /// The lot.
    pub lot: LotNo,
    /// On whose account the goods are out, in a place that is not stock: a permit, a slip, a list.
    pub holder: Option<DocumentNo>,
}

/// Key of a layer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LayerKey {
    /// Where.
    pub stack: StackKey,
    /// Which.
    pub id: LayerId,
}

/// How much of a lot is in a place. A layer without anything is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// The last day on which the goods are good.
    pub expires: Option<Date>,
    /// There.
    pub remaining: Measure,
    /// Of that, spoken for.
    pub reserved: Measure,
}

/// A layer at a moment of its history.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LayerMoment {
    /// Which, and where.
    pub layer: LayerKey,
    /// After which revision.
    pub revision: Revision,
}

/// Key of what one line of a document takes from a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AllocationKey {
    /// The document.
    pub mover: Mover,
    /// Its line.
    pub line: u64,
    /// From where.
    pub from: StackKey,
    /// To where.
    pub to: Place,
}

/// What one line takes from a place: kept from its reservation on, so that posting takes exactly these lots and taking
/// back gives exactly these back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// On whose account the goods stand where they go to.
    pub holder: Option<DocumentNo>,
    /// Whether they have left.
    pub posted: bool,
    /// The revision that chose the lots, or the first that did where a line takes several times.
    pub since: Revision,
    /// Lot by lot, in the order in which they are taken.
    pub shares: Vec<LotShare>,
}

/// What is taken from one layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotShare {
    /// The layer.
    pub layer: LayerId,
    /// When its goods expire.
    pub expires: Option<Date>,
    /// How much, with its part of the value of the receipt.
    pub measure: Measure,
}

/// Lots that a command took, for its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotsTaken {
    /// By which line, from where, to where.
    pub key: AllocationKey,
    /// What.
    pub allocation: Allocation,
}

impl Place {
    /// Whether goods there are kept by lot in a book that does so: inside the book, but not before their list
    /// (`RULES.md` 8.6), which is what makes them a lot.
    #[must_use]
    pub const fn keeps_lots(self) -> bool {
        self.is_inside() && !matches!(self, Self::SuspenseIn)
    }

    /// Whether goods there are in stock, of whichever mark.
    #[must_use]
    pub const fn is_stock(self) -> bool {
        matches!(self, Self::Zone | Self::Scrap | Self::RemovedPart)
    }
}
