//! Items of residues: the first record that makes one files it (`RULES.md` 13.2).

use super::guards;
use super::work::{Stop, Work};
use crate::book::Book;
use crate::code::{PartNo, TariffCode, UnitCode};
use crate::direction::{Mark, Stops};
use crate::item::{Item, ItemKey, ResidueKind, Units};
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Items;
use compact_str::CompactString;
use std::sync::Arc;

/// What a record says of a residue.
pub(crate) struct ResidueItem<'a> {
    pub(crate) line: u64,
    pub(crate) number: u64,
    /// What it is filed as.
    pub(crate) kind: Option<ResidueKind>,
    /// The record itself says the kind. A message does not; what else a later one says does not count then.
    pub(crate) said: bool,
    pub(crate) part_no: &'a PartNo,
    pub(crate) tariff_code: &'a TariffCode,
    pub(crate) name: &'a CompactString,
    pub(crate) unit: &'a UnitCode,
}

/// The item, filed now or before.
pub(crate) fn file(work: &mut Work<'_>, book: &Book, said: &ResidueItem<'_>) -> Result<Arc<Item>, Stop> {
    let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Residue, number: said.number };
    if let Some(item) = work.get::<Items>(key.clone())? {
        if said.said {
            agrees(said, &item)?;
        }
        return Ok(item);
    }
    let item = Arc::new(Item {
        part_no: said.part_no.clone(),
        tariff_code: said.tariff_code.clone(),
        name: said.name.clone(),
        units: Units { declared: said.unit.clone(), statutory1: said.unit.clone(), statutory2: None },
        lot: None,
        serial: None,
        tracked_by_serial: false,
        residue: said.kind,
        stops: Stops::default(),
    });
    work.put::<Items>(key, Arc::clone(&item));
    Ok(item)
}

fn agrees(said: &ResidueItem<'_>, item: &Item) -> Result<(), Stop> {
    if said.kind != item.residue {
        let code = |kind: Option<ResidueKind>| kind.map_or("none", ResidueKind::code);
        return Err(Refusal::new(Reason::ResidueKindMismatch)
            .line(said.line)
            .field("kind", code(said.kind))
            .expected(code(item.residue))
            .into());
    }
    guards::same_tariff_code(said.line, said.tariff_code, item)?;
    guards::same_declared_unit(said.line, said.unit, item)
}
