//! Counted products as the materials that they hold (`domain.md` 4.2, B: converted by BOM).
//!
//! A book that accounts by BOM has the materials of a product in stock until the product leaves (`RULES.md` 6.1), and a book
//! by work orders has them in process until an order says that they were used. So what stands there as a product is in A as
//! materials. What the book has of the product itself, by an opening balance, a return or the output of an order, is in A as
//! the product and must not be told twice: only what was counted beyond that is converted. A book by consumption slips
//! has written off the materials when the slip came, and nothing of it is converted.
//!
//! Which version a product was made by the count says, or the book where it has only one. The use of each material is exact
//! and rounded once, as for a list (`RULES.md` 6.1).

use super::class::class_of;
use super::{CountedGoods, Problem, Reckoned, Reckoning, reckoned};
use crate::cut::Cut;
use crate::sums::{add, within};
use std::collections::BTreeMap;
use std::sync::Arc;
use zonebook_ledger::bom::Bom;
use zonebook_ledger::book::{Book, Regime, Usage};
use zonebook_ledger::code::{BomVersion, BookNo};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{Items, Read, get};

/// Which version products were made by, where a book has several: by book and item of the product.
pub type Versions = BTreeMap<(BookNo, u64), BomVersion>;

/// What of a counted product is told as materials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// The BOM version.
    pub version: BomVersion,
    /// How much of the product.
    pub measure: Measure,
    /// What it holds, by item of the material, in declared units; also of materials that were not counted.
    pub materials: BTreeMap<u64, Quantity>,
}

/// A product that holds a material.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The item of the product.
    pub product: u64,
    /// The BOM version.
    pub version: BomVersion,
    /// How much of the product.
    pub quantity: Quantity,
    /// How much of the material it holds.
    pub measure: Measure,
}

/// Sets counted goods beside the book as [`super::reckon`] does, products told as the materials that they hold. The first
/// row whose product was made by a version that nobody says is a problem.
///
/// # Errors
/// The state could not be read, or a sum is beyond the range of a number.
pub fn reckon_converted(
    view: &dyn Read,
    moment: Moment,
    counted: &[CountedGoods],
    versions: &Versions,
) -> Result<Result<Vec<Reckoning>, Problem>, Fault> {
    let Reckoned { mut rows, books } = reckoned(view, &Cut::at(view, moment)?, counted)?;
    let mut holdings: BTreeMap<(BookNo, u64), Vec<Holding>> = BTreeMap::new();
    for (at, row) in rows.iter_mut().enumerate() {
        let Some(book) = books.get(&row.counted.book_no).and_then(|(book, _)| book.as_ref()) else {
            continue;
        };
        match convert(view, book, row, versions)? {
            Ok(None) => {}
            Ok(Some(converted)) => {
                hold(view, row, &converted, &mut holdings)?;
                row.converted = Some(converted);
                row.class = class_of(&row.case(Some(book))?);
            }
            Err(refusal) => return Ok(Err(Problem { row: at, refusal: refusal.document(&book.book_no) })),
        }
    }
    for row in rows.iter_mut().filter(|row| row.counted.mark == Mark::Goods) {
        let key = (row.counted.book_no.clone(), row.counted.number);
        let Some(mut held) = holdings.remove(&key) else { continue };
        held.sort_by_key(|holding| holding.product);
        row.in_products = held;
        let book = books.get(&row.counted.book_no).and_then(|(book, _)| book.as_deref());
        row.class = class_of(&row.case(book)?);
    }
    Ok(Ok(rows))
}

/// What of a row is to be converted; `None` for what is no product of such a book, or no more than the book has of it.
fn convert(
    view: &dyn Read,
    book: &Arc<Book>,
    row: &Reckoning,
    versions: &Versions,
) -> Result<Result<Option<Converted>, Refusal>, Fault> {
    let by_bom = book.usage == Usage::Processing && matches!(book.regime, Regime::Bom | Regime::WorkOrder);
    let beyond = row.declared_difference()?;
    if row.counted.mark != Mark::Product || !by_bom || !beyond.is_positive() {
        return Ok(Ok(None));
    }
    let (version, bom) = match version_of(view, row, versions)? {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(Ok(None)),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut materials = BTreeMap::new();
    for (material, line) in bom.iter() {
        let used = within(line.usage(beyond))?;
        if !used.is_zero() {
            materials.insert(*material, used);
        }
    }
    let of = |unit| Ok::<_, Fault>(row.difference(unit)?.unwrap_or_default());
    let measure = Measure::new(beyond, of(Unit::Statutory1)?, of(Unit::Statutory2)?, Quantity::ZERO);
    Ok(Ok(Some(Converted { version, measure, materials })))
}

/// By which BOM a product was made.
type Made = (BomVersion, Arc<Bom>);

/// The version that a product was made by: the one that the count names, or the only one; `None` without any.
fn version_of(
    view: &dyn Read,
    row: &Reckoning,
    versions: &Versions,
) -> Result<Result<Option<Made>, Refusal>, Fault> {
    let (book_no, product) = (&row.counted.book_no, row.counted.number);
    let mut known = query::boms(view, book_no, Some(product), None, usize::MAX)?;
    let named = versions.get(&(book_no.clone(), product));
    known.retain(|(key, _)| named.is_none_or(|named| key.version == *named));
    let unknown = |value: &str, expected: &str| {
        Ok(Err(Refusal::new(Reason::BomVersionUnknown).field("ucnsVerno", value).expected(expected)))
    };
    match (named, known.as_slice()) {
        (_, [(key, bom)]) => Ok(Ok(Some((key.version.clone(), Arc::clone(bom))))),
        (None, []) => Ok(Ok(None)),
        (Some(named), _) => unknown(named.as_str(), "a version of the product"),
        (None, several) => {
            let names: Vec<&str> = several.iter().map(|(key, _)| key.version.as_str()).collect();
            unknown("none", &format!("one of {}", names.join(", ")))
        }
    }
}

/// Notes with each material what a converted product holds of it.
fn hold(
    view: &dyn Read,
    row: &Reckoning,
    converted: &Converted,
    holdings: &mut BTreeMap<(BookNo, u64), Vec<Holding>>,
) -> Result<(), Fault> {
    for (material, used) in &converted.materials {
        let book_no = row.counted.book_no.clone();
        let key = ItemKey { book_no: book_no.clone(), mark: Mark::Goods, number: *material };
        let units = get::<Items>(view, key)?.map(|item| item.units.clone());
        // `RULES.md` 3.6: what a BOM moves has a statutory quantity only where that unit is the declared one.
        let same = units.is_some_and(|units| units.statutory1 == units.declared);
        let statutory1 = if same { *used } else { Quantity::ZERO };
        holdings.entry((book_no, *material)).or_default().push(Holding {
            product: row.counted.number,
            version: converted.version.clone(),
            quantity: converted.measure.declared(),
            measure: Measure::new(*used, statutory1, Quantity::ZERO, Quantity::ZERO),
        });
    }
    Ok(())
}

impl Reckoning {
    /// What products hold of a material, less what of a product is told as materials: what B has besides what was counted.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn in_products(&self) -> Result<Measure, Fault> {
        let mut sum = Measure::ZERO;
        for holding in &self.in_products {
            add(&mut sum, &holding.measure)?;
        }
        let told = self.converted.as_ref().map_or(Measure::ZERO, |converted| converted.measure);
        within(sum.checked_sub(&told))
    }

    /// B: what was counted, with what products hold of it. In a unit that was not counted it is what D
    /// ([`Reckoning::unexplained`]) leaves beside the book.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn counted_in_all(&self) -> Result<Measure, Fault> {
        let beside = within(self.book_balance()?.checked_sub(&self.explained()?))?;
        within(beside.checked_add(&self.unexplained()?))
    }
}
