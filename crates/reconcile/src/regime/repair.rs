//! The closing rule of a repair book (`domain.md` 3.1 bonded repair, 6 A24): what came in is somewhere, item by item and by
//! where it came from.
//!
//! ```text
//! came in + removed + entered
//!     = repaired + other out + exported + sold + transferred + destroyed + fitted + written off + on hand
//! ```
//!
//! The left side and the fates are read from the history of what goes over the boundary of the book, what is on hand from the
//! positions: that both sides agree is a check, not a definition. Provenance is that of the unit, for a removed part that of
//! the unit it was removed from; parts in stock have none.

use crate::cause::{Cause, Causes};
use crate::crossing::{self, Crossing};
use crate::cut::Cut;
use crate::flow::{Flow, classify, is_beyond};
use crate::sums::{opposite, within};
use std::collections::BTreeMap;
use std::sync::Arc;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::code_list;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::Provenance;
use zonebook_ledger::error::Fault;
use zonebook_ledger::item::{Item, ItemKey};
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment, PositionFilter};
use zonebook_ledger::state::{Read, Units, get};

code_list! {
    /// What became of goods of a repair book.
    Fate, "fate" {
        /// Came in, or was there when the book began.
        CameIn = "CAME_IN",
        /// Removed from a unit.
        Removed = "REMOVED",
        /// Entered by a decision on a surplus.
        Entered = "ENTERED",
        /// Out after repair, mode 1371.
        Repaired = "REPAIRED",
        /// Out in any other way, as a unit that could not be repaired.
        OtherOut = "OTHER_OUT",
        /// Re-exported as scrap, modes 0864 and 0865.
        Exported = "EXPORTED",
        /// Sold at home as scrap, modes 0844 and 0845.
        Sold = "SOLD",
        /// To another book.
        Transferred = "TRANSFERRED",
        /// Destroyed.
        Destroyed = "DESTROYED",
        /// Fitted into a unit.
        Fitted = "FITTED",
        /// Written off by a decision on what is missing.
        WrittenOff = "WRITTEN_OFF",
    }
}

impl Fate {
    /// Whether it brings goods into the book.
    #[must_use]
    pub const fn is_in(self) -> bool {
        matches!(self, Self::CameIn | Self::Removed | Self::Entered)
    }

    fn of(place: Place, cause: &Cause) -> Self {
        match classify(place, cause) {
            Flow::Opening | Flow::Import | Flow::ExchangeIn | Flow::TransferIn => Self::CameIn,
            Flow::Made => Self::Removed,
            Flow::VerifiedIncrease => Self::Entered,
            Flow::Consumption => Self::Fitted,
            Flow::DomesticSale => Self::Sold,
            Flow::ReExport => Self::Exported,
            Flow::Destroyed => Self::Destroyed,
            Flow::TransferOut => Self::Transferred,
            Flow::VerifiedDecrease => Self::WrittenOff,
            Flow::ExchangeOut | Flow::OtherOut if cause.row == Some(MatrixRow::RepairOut) => Self::Repaired,
            Flow::ExchangeOut | Flow::OtherOut => Self::OtherOut,
        }
    }
}

/// An item of a repair book, as far as it came from one side. Quantities are in the declared unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepairRow {
    /// The item: units and parts `I`, removed parts `R`.
    pub item: ItemKey,
    /// As filed.
    pub described: Arc<Item>,
    /// Where the unit came from; none for goods without a serial number.
    pub provenance: Option<Provenance>,
    /// How much met which fate; what did not occur is left out.
    pub fates: BTreeMap<Fate, Quantity>,
    /// What is on hand.
    pub on_hand: Quantity,
}

impl RepairRow {
    /// What came in, less what went out, less what is on hand: nothing, by the rule.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn difference(&self) -> Result<Quantity, Fault> {
        let mut left = opposite(self.on_hand)?;
        for (fate, quantity) in &self.fates {
            let sum = if fate.is_in() { left.checked_add(*quantity) } else { left.checked_sub(*quantity) };
            left = within(sum)?;
        }
        Ok(left)
    }
}

/// Items read at a time.
const ITEMS: usize = 500;

/// What became of the goods of a book up to a revision, in order of mark, item and provenance, from behind an item on; of so
/// many items at most. Items of which there never was anything are left out.
///
/// # Errors
/// The state could not be read, or a sum is beyond the range of a number.
pub fn of_items(
    view: &dyn Read,
    book_no: &BookNo,
    as_of: Revision,
    after: Option<(Mark, u64)>,
    items_max: usize,
) -> Result<Vec<RepairRow>, Fault> {
    let cut = Cut::at(view, Moment::After(as_of))?;
    let mut causes = Causes::of(view, book_no.clone());
    let (mut rows, mut found, mut after) = (Vec::new(), 0, after);
    loop {
        let items = query::items(view, book_no, after, ITEMS)?;
        for (key, item) in &items {
            let of_item = of_item(view, &mut causes, &cut, (key, item))?;
            found += usize::from(!of_item.is_empty());
            rows.extend(of_item);
            if found >= items_max {
                return Ok(rows);
            }
        }
        match items.last() {
            Some((last, _)) if items.len() == ITEMS => after = Some((last.mark, last.number)),
            _ => return Ok(rows),
        }
    }
}

#[derive(Default)]
struct Sums {
    fates: BTreeMap<Fate, Quantity>,
    on_hand: Quantity,
}

fn of_item(
    view: &dyn Read,
    causes: &mut Causes<'_>,
    cut: &Cut,
    (key, item): (&ItemKey, &Arc<Item>),
) -> Result<Vec<RepairRow>, Fault> {
    let mut sums: BTreeMap<Option<Provenance>, Sums> = BTreeMap::new();
    for crossing in crossing::of_item(view, key, (Revision(0), cut.revision))? {
        let Crossing { key: at, document, given, .. } = &crossing;
        let cause = causes.of_row(document, at.revision, (at.position.place, given))?;
        let fate = Fate::of(at.position.place, &cause);
        let declared = given.declared();
        let quantity = if fate.is_in() { declared } else { opposite(declared)? };
        let sum = sums.entry(provenance(view, &at.position)?).or_default().fates.entry(fate).or_default();
        *sum = within(sum.checked_add(quantity))?;
    }
    let filter = PositionFilter {
        book_no: Some(key.book_no.clone()),
        item: Some((key.mark, key.number)),
        place: None,
    };
    for (position, counters) in query::positions(view, &filter, None, usize::MAX, cut.moment())? {
        let there = within(counters.on_hand())?.declared();
        if !is_beyond(position.place) && !there.is_zero() {
            let sum = &mut sums.entry(provenance(view, &position)?).or_default().on_hand;
            *sum = within(sum.checked_add(there))?;
        }
    }
    let row = |(provenance, sums): (Option<Provenance>, Sums)| {
        let Sums { mut fates, on_hand } = sums;
        fates.retain(|_, quantity| !quantity.is_zero());
        RepairRow { item: key.clone(), described: Arc::clone(item), provenance, fates, on_hand }
    };
    let rows = sums.into_iter().map(row);
    Ok(rows.filter(|row| !row.fates.is_empty() || !row.on_hand.is_zero()).collect())
}

/// Where the unit came from whose goods stand there: that of the receipt whose lot they bear.
fn provenance(view: &dyn Read, position: &PositionKey) -> Result<Option<Provenance>, Fault> {
    let Some(serial) = &position.serial else { return Ok(None) };
    let receipts = get::<Units>(view, (position.book_no.clone(), serial.clone()))?.unwrap_or_default();
    let of_lot = receipts.iter().find(|receipt| Some(&receipt.lot) == position.lot.as_ref());
    Ok(of_lot.and_then(|receipt| receipt.provenance))
}
