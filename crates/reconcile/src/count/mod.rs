//! The three-way count: D = B - A + C for each item (`domain.md` 4.2, `RULES.md` 14.5).
//!
//! A is what the book has, at a moment of its history. B is what was counted inside the fence. C is what the ledger itself
//! knows to be elsewhere, each kind shown. D is what stays: physical less book, so a shortage is negative. Where it is asked
//! for, counted products are told as the materials that they hold ([`reckon_converted`]); then these are in B too.

mod class;
mod gate;
mod places;
mod problem;
mod products;
mod timing;

pub use class::SMALL_PPM;
pub use gate::AtGate;
pub use places::{Counted, PLACES, counted_as};
pub use problem::{Problem, problems};
pub use products::{Converted, Holding, Versions, reckon_converted};
pub use timing::Timing;
pub use zonebook_ledger::difference::Class;

use crate::cut::Cut;
use crate::sums::{add, magnitude, negated, part, total, within};
use class::{Case, class_of};
use gate::Gated;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zonebook_ledger::book::{Book, Usage};
use zonebook_ledger::code::{BookNo, ListNo, SerialNo, UnitCode};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment, PositionFilter};
use zonebook_ledger::state::{Books, Read, get};

/// What was counted of some goods inside the fence: one row of a count (`RULES.md` 14.4).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountedGoods {
    /// The book.
    pub book_no: BookNo,
    /// Materials, products or residues.
    pub mark: Mark,
    /// The item, or the row of a book kept by receipt.
    pub number: u64,
    /// The unit with this serial number, of an item that is tracked by it; `None` counts all lots and units of the item together.
    pub serial: Option<SerialNo>,
    /// The unit of measurement: the item's declared one.
    pub unit: UnitCode,
    /// How much, in that unit.
    pub declared: Quantity,
    /// In the first statutory unit, where it was counted too.
    pub statutory1: Option<Quantity>,
    /// In the second statutory unit, where it was counted too.
    pub statutory2: Option<Quantity>,
}

impl CountedGoods {
    /// The figure of a unit, if it was counted in it. Value is not counted.
    #[must_use]
    pub const fn get(&self, unit: Unit) -> Option<Quantity> {
        match unit {
            Unit::Declared => Some(self.declared),
            Unit::Statutory1 => self.statutory1,
            Unit::Statutory2 => self.statutory2,
            Unit::Value => None,
        }
    }
}

/// A kind of timing that is not nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// How much, with the sign of C.
    pub measure: Measure,
    /// The lists that it rests on; of a place none: its journal tells.
    pub lists: BTreeSet<ListNo>,
}

/// A row of a count beside the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reckoning {
    /// B, and of which goods.
    pub counted: CountedGoods,
    /// A by place; places with nothing left out.
    pub book: BTreeMap<Place, Measure>,
    /// C by kind; kinds with nothing left out.
    pub timing: BTreeMap<Timing, Term>,
    /// What came into the book by then.
    pub inflow: Measure,
    /// What the difference is.
    pub class: Class,
    /// Of a product: what of it is told as materials, where that was asked for.
    pub converted: Option<Converted>,
    /// Of a material: the counted products that hold it, where that was asked for.
    pub in_products: Vec<Holding>,
}

impl Reckoning {
    /// A.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn book_balance(&self) -> Result<Measure, Fault> {
        total(self.book.values())
    }

    /// C of one kind.
    #[must_use]
    pub fn term(&self, timing: Timing) -> Measure {
        self.timing.get(&timing).map_or(Measure::ZERO, |term| term.measure)
    }

    /// C: what of B - A is timing, with the sign turned.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn explained(&self) -> Result<Measure, Fault> {
        total(self.timing.values().map(|term| &term.measure))
    }

    /// D = B - A + C in a unit; `None` where it was not counted in that unit.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn difference(&self, unit: Unit) -> Result<Option<Quantity>, Fault> {
        let (book, explained) = (self.book_balance()?.get(unit), self.explained()?.get(unit));
        let Some(counted) = self.counted.get(unit) else { return Ok(None) };
        let counted = within(counted.checked_add(self.in_products()?.get(unit)))?;
        let raw = within(counted.checked_sub(book))?;
        within(raw.checked_add(explained)).map(Some)
    }

    /// D in the declared unit.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn declared_difference(&self) -> Result<Quantity, Fault> {
        Ok(self.difference(Unit::Declared)?.unwrap_or_default())
    }

    /// D in every measure, so that B - A + C = D in each. In a unit that was not counted, and in value, it is what so many
    /// were at the average of all that came in, as for what is at stake.
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn unexplained(&self) -> Result<Measure, Fault> {
        let at_average = self.at_average(self.declared_difference()?)?;
        let mut unexplained = [Quantity::ZERO; 4];
        for (slot, unit) in unexplained.iter_mut().zip(Unit::ALL) {
            *slot = self.difference(unit)?.unwrap_or(at_average.get(unit));
        }
        Ok(Measure(unexplained))
    }

    /// So many of the goods, in every measure at the average of all that came in.
    pub(crate) fn at_average(&self, declared: Quantity) -> Result<Measure, Fault> {
        if !self.inflow.declared().is_positive() {
            return Ok(Measure::new(declared, Quantity::ZERO, Quantity::ZERO, Quantity::ZERO));
        }
        let size = part(&self.inflow, magnitude(declared)?)?;
        if declared.is_negative() { negated(&size) } else { Ok(size) }
    }

    /// |D| in parts of a million of the inflow (`RULES.md` 14.5).
    ///
    /// # Errors
    /// A sum is beyond the range of a number.
    pub fn ppm(&self) -> Result<Quantity, Fault> {
        within(magnitude(self.declared_difference()?)?.parts_of(self.inflow.declared(), MILLION))
    }

    fn case(&self, book: Option<&Book>) -> Result<Case, Fault> {
        let in_repair = book.is_some_and(|book| book.usage == Usage::Repair);
        Ok(Case {
            difference: self.declared_difference()?,
            ppm: self.ppm()?,
            nothing_under_way: self.timing.values().all(|term| term.measure.declared().is_zero()),
            serial: self.counted.serial.is_some(),
            removed_part: self.counted.mark == Mark::Residue && in_repair,
        })
    }
}

const MILLION: i64 = 1_000_000;

/// Sets counted goods beside the book at a moment, row by row in their order. Rows of books that are not there are
/// measured against nothing.
///
/// # Errors
/// The state could not be read, or a sum is beyond the range of a number.
pub fn reckon(view: &dyn Read, moment: Moment, counted: &[CountedGoods]) -> Result<Vec<Reckoning>, Fault> {
    reckon_at(view, &Cut::at(view, moment)?, counted)
}

/// The same at a cut that is known.
pub(crate) fn reckon_at(
    view: &dyn Read,
    cut: &Cut,
    counted: &[CountedGoods],
) -> Result<Vec<Reckoning>, Fault> {
    reckoned(view, cut, counted).map(|reckoned| reckoned.rows)
}

/// The books that a count names, with what is at their gates.
type CountedBooks = BTreeMap<BookNo, (Option<Arc<Book>>, Gated)>;

/// Counted goods beside their books.
struct Reckoned {
    rows: Vec<Reckoning>,
    books: CountedBooks,
}

fn reckoned(view: &dyn Read, cut: &Cut, counted: &[CountedGoods]) -> Result<Reckoned, Fault> {
    let mut books = CountedBooks::new();
    let mut rows = Vec::with_capacity(counted.len());
    for goods in counted {
        if !books.contains_key(&goods.book_no) {
            let book = get::<Books>(view, goods.book_no.clone())?;
            books.insert(goods.book_no.clone(), (book, gate::of_book(view, cut, &goods.book_no)?));
        }
        if let Some((book, gated)) = books.get(&goods.book_no) {
            rows.push(row(view, cut, book.as_deref(), gated, goods)?);
        }
    }
    Ok(Reckoned { rows, books })
}

fn row(
    view: &dyn Read,
    cut: &Cut,
    book: Option<&Book>,
    gated: &Gated,
    goods: &CountedGoods,
) -> Result<Reckoning, Fault> {
    let mut reckoning = Reckoning {
        counted: goods.clone(),
        book: BTreeMap::new(),
        timing: BTreeMap::new(),
        inflow: Measure::ZERO,
        class: Class::Match,
        converted: None,
        in_products: Vec::new(),
    };
    for (key, counters) in positions(view, cut, goods)? {
        at_place(&mut reckoning, &key, &counters)?;
    }
    let item = (goods.mark, goods.number);
    let lowest = ((goods.mark, goods.number, None), Timing::ShippedUndeclared);
    let of_item = gated.range(lowest..).take_while(|((of, _), _)| (of.0, of.1) == item);
    for ((of, timing), at_gate) in of_item {
        if goods.serial.is_none() || goods.serial == of.2 {
            let term = reckoning.timing.entry(*timing).or_default();
            term.lists.extend(at_gate.lists.iter().cloned());
            add(&mut term.measure, &timing.signed(&at_gate.measure)?)?;
        }
    }
    reckoning.timing.retain(|_, term| !term.measure.is_zero());
    reckoning.class = class_of(&reckoning.case(book)?);
    Ok(reckoning)
}

/// The positions of counted goods: of an item all lots and units, or those of one unit.
fn positions(
    view: &dyn Read,
    cut: &Cut,
    goods: &CountedGoods,
) -> Result<Vec<(PositionKey, Counters)>, Fault> {
    let filter = PositionFilter {
        book_no: Some(goods.book_no.clone()),
        item: Some((goods.mark, goods.number)),
        place: None,
    };
    let mut found = query::positions(view, &filter, None, usize::MAX, cut.moment())?;
    found.retain(|(key, _)| goods.serial.is_none() || key.serial == goods.serial);
    Ok(found)
}

fn at_place(reckoning: &mut Reckoning, key: &PositionKey, counters: &Counters) -> Result<(), Fault> {
    let Some(counted) = counted_as(key.place) else { return Ok(()) };
    let on_hand = within(counters.on_hand())?;
    if counted.inflow {
        add(&mut reckoning.inflow, &counters.increase_posted)?;
    }
    if on_hand.is_zero() {
        return Ok(());
    }
    if counted.in_book {
        add(reckoning.book.entry(key.place).or_default(), &on_hand)?;
    }
    if let Some(timing) = counted.timing {
        add(&mut reckoning.timing.entry(timing).or_default().measure, &timing.signed(&on_hand)?)?;
    }
    Ok(())
}
