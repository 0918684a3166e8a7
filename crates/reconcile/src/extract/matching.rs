//! Which item of the book a line of an extract is of, and how much that is in its declared unit.

use super::Items;
use super::lots::ItemsOfLots;
use crate::cut::Cut;
use crate::sums::within;
use compact_str::CompactString;
use std::collections::{BTreeMap, BTreeSet};
use zonebook_ledger::code::{LotNo, PartNo, SerialNo, UnitCode};
use zonebook_ledger::code_list;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::item::Item;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reference::{On, ReferenceKind, ReferenceRow, in_force};
use zonebook_ledger::state::Read;

/// A line of an extract. It names its goods by item, by part number, by lot or by serial number: the first that is there;
/// where that is of several items, the others tell them apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtractRow {
    /// Its line in the extract.
    pub line: u64,
    /// Mark and number of the item.
    pub item: Option<(Mark, u64)>,
    /// The enterprise's part number (料号).
    pub part_no: Option<PartNo>,
    /// The lot.
    pub lot: Option<LotNo>,
    /// The serial number.
    pub serial: Option<SerialNo>,
    /// The unit of the quantity; the declared one of the item without it.
    pub unit: Option<UnitCode>,
    /// How much.
    pub quantity: Quantity,
}

code_list! {
    /// Why a line is of no item.
    Mismatch, "mismatch" {
        /// Nothing of the book has that item, part number, lot or serial number.
        NotInBook = "NOT_IN_BOOK",
        /// Several items have it.
        Ambiguous = "AMBIGUOUS",
        /// It names no goods at all.
        Nameless = "NAMELESS",
        /// There is no conversion of its unit into the declared one.
        NoConversion = "NO_CONVERSION",
    }
}

/// A line that is of no item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// The line.
    pub line: u64,
    /// Why.
    pub why: Mismatch,
    /// What it names.
    pub named: CompactString,
}

/// What an extract has of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) lines: Vec<u64>,
    pub(super) quantity: Quantity,
    /// The same by lot; `None` for lines that name none.
    pub(super) lots: BTreeMap<Option<LotNo>, FoundLot>,
}

/// What an extract has of a lot of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FoundLot {
    pub(super) lines: Vec<u64>,
    pub(super) quantity: Quantity,
}

/// An extract by item.
#[derive(Debug, Default)]
pub(super) struct Matched {
    pub(super) items: BTreeMap<(Mark, u64), Found>,
    pub(super) unmatched: Vec<Unmatched>,
}

/// Names of goods, and the items that have them.
struct Names<'a> {
    parts: BTreeMap<&'a PartNo, Vec<(Mark, u64)>>,
    lots: BTreeMap<&'a LotNo, BTreeSet<(Mark, u64)>>,
    serials: BTreeMap<&'a SerialNo, Vec<(Mark, u64)>>,
}

impl<'a> Names<'a> {
    fn of(items: &'a Items, kept: &'a ItemsOfLots) -> Self {
        let (mut parts, mut lots, mut serials) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (key, item) in items {
            parts.entry(&item.part_no).or_insert_with(Vec::new).push(*key);
            item.lot.iter().for_each(|lot| _ = lots.entry(lot).or_insert_with(BTreeSet::new).insert(*key));
            item.serial.iter().for_each(|serial| serials.entry(serial).or_insert_with(Vec::new).push(*key));
        }
        for (lot, of) in kept {
            lots.entry(lot).or_insert_with(BTreeSet::new).extend(of);
        }
        Self { parts, lots, serials }
    }

    /// The items that a line names, and how it names them first.
    fn named(&self, items: &Items, row: &ExtractRow) -> Option<(CompactString, Vec<(Mark, u64)>)> {
        if let Some((mark, number)) = row.item {
            let found = items.contains_key(&(mark, number)).then_some((mark, number));
            return Some((compact_str::format_compact!("{mark} {number}"), found.into_iter().collect()));
        }
        let none = Vec::new;
        let part = row
            .part_no
            .as_ref()
            .map(|part| (part.as_str().into(), self.parts.get(part).cloned().unwrap_or_else(none)));
        let lot = row.lot.as_ref().map(|lot| {
            (lot.as_str().into(), self.lots.get(lot).map_or_else(none, |of| of.iter().copied().collect()))
        });
        let serial = row
            .serial
            .as_ref()
            .map(|serial| (serial.as_str().into(), self.serials.get(serial).cloned().unwrap_or_else(none)));
        let mut named = [part, lot, serial].into_iter().flatten();
        let (name, mut found): (CompactString, Vec<(Mark, u64)>) = named.next()?;
        for (_, others) in named {
            // What tells none of them apart says nothing: another name of the same goods decides, or they stay several.
            if found.len() > 1 && found.iter().any(|item| others.contains(item)) {
                found.retain(|item| others.contains(item));
            }
        }
        Some((name, found))
    }
}

/// Finds the item of each line, and adds up what they have. The order of lines does not matter.
pub(super) fn matched(
    view: &dyn Read,
    cut: &Cut,
    (items, kept): (&Items, &ItemsOfLots),
    rows: &[ExtractRow],
) -> Result<Matched, Fault> {
    let names = Names::of(items, kept);
    let units = Conversions { view, on: On { day: cut.day(view)?, known: cut.revision } };
    let mut matched = Matched::default();
    for row in rows {
        match one(items, &names, &units, row)? {
            Ok((key, quantity)) => {
                let found = matched.items.entry(key).or_default();
                found.lines.push(row.line);
                found.quantity = within(found.quantity.checked_add(quantity))?;
                let lot = found.lots.entry(row.lot.clone()).or_default();
                lot.lines.push(row.line);
                lot.quantity = within(lot.quantity.checked_add(quantity))?;
            }
            Err(unmatched) => matched.unmatched.push(unmatched),
        }
    }
    for found in matched.items.values_mut() {
        found.lines.sort_unstable();
        found.lots.values_mut().for_each(|lot| lot.lines.sort_unstable());
    }
    matched.unmatched.sort_by_key(|unmatched| unmatched.line);
    Ok(matched)
}

type One = Result<((Mark, u64), Quantity), Unmatched>;

fn one(items: &Items, names: &Names<'_>, units: &Conversions<'_>, row: &ExtractRow) -> Result<One, Fault> {
    let unmatched = |why, named| Unmatched { line: row.line, why, named };
    let Some((named, found)) = names.named(items, row) else {
        return Ok(Err(unmatched(Mismatch::Nameless, CompactString::default())));
    };
    let key = match found.as_slice() {
        [] => return Ok(Err(unmatched(Mismatch::NotInBook, named))),
        [key] => *key,
        _ => return Ok(Err(unmatched(Mismatch::Ambiguous, named))),
    };
    let Some(item) = items.get(&key) else { return Ok(Err(unmatched(Mismatch::NotInBook, named))) };
    Ok(match units.declared(item, row)? {
        Some(quantity) => Ok((key, quantity)),
        None => {
            let unit = row.unit.as_ref().map(UnitCode::as_str).unwrap_or_default();
            Err(unmatched(Mismatch::NoConversion, compact_str::format_compact!("{named} in {unit}")))
        }
    })
}

/// The conversions that held at the moment of the comparison.
struct Conversions<'a> {
    view: &'a dyn Read,
    on: On,
}

impl Conversions<'_> {
    /// The quantity of a line in the declared unit of its item, by the conversion in force; `None` if there is none.
    fn declared(&self, item: &Item, row: &ExtractRow) -> Result<Option<Quantity>, Fault> {
        let declared = &item.units.declared;
        let Some(unit) = row.unit.as_ref().filter(|unit| *unit != declared) else {
            return Ok(Some(row.quantity));
        };
        let (kind, code) = (ReferenceKind::Conversion, compact_str::format_compact!("{unit}/{declared}"));
        let found = in_force(self.view, kind, &code, self.on)?;
        match found.as_ref().map(|found| &found.row.row) {
            Some(ReferenceRow::Conversion { factor }) => within(row.quantity.times(*factor)).map(Some),
            _ => Ok(None),
        }
    }
}
