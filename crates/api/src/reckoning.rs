//! Counts beside their books on the wire.

use crate::document::each;
use crate::field::{Field, FieldError, amount, optional, read, required};
use crate::v1;
use crate::value::{measure, text};
use std::collections::BTreeMap;
use zonebook_ledger::code::{BomVersion, BookNo, ListNo, SerialNo, UnitCode};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_reconcile::count::{Class, Converted, CountedGoods, Holding, Reckoning, Term, Timing, Versions};

/// The most rows of a request.
pub const ROWS_MAX: usize = 10_000;

/// Counted goods.
///
/// # Errors
/// Names the row and the field.
pub fn counted(wire: &[v1::CountedGoods]) -> Field<Vec<CountedGoods>> {
    if wire.len() > ROWS_MAX {
        return Err(FieldError::new("counted", wire.len(), format!("at most {ROWS_MAX} rows")));
    }
    each("counted", wire, goods)
}

fn goods(wire: &v1::CountedGoods) -> Field<CountedGoods> {
    Ok(CountedGoods {
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        mark: read("mark", &wire.mark, Mark::from_code)?,
        number: wire.number,
        serial: optional("serial", &wire.serial, SerialNo::new)?,
        unit: read("unit", &wire.unit, UnitCode::new)?,
        declared: read("declared", &wire.declared, Quantity::parse)?,
        statutory1: optional("statutory1", &wire.statutory1, Quantity::parse)?,
        statutory2: optional("statutory2", &wire.statutory2, Quantity::parse)?,
    })
}

/// Counted goods as they are sent.
#[must_use]
pub fn goods_to_wire(goods: &CountedGoods) -> v1::CountedGoods {
    v1::CountedGoods {
        book_no: goods.book_no.to_string(),
        mark: goods.mark.to_string(),
        number: goods.number,
        serial: text(goods.serial.as_ref()),
        unit: goods.unit.to_string(),
        declared: goods.declared.to_string(),
        statutory1: text(goods.statutory1.as_ref()),
        statutory2: text(goods.statutory2.as_ref()),
    }
}

/// A row of a count beside its book.
///
/// # Errors
/// A sum is beyond the range of a number.
pub fn reckoning(row: &Reckoning) -> Result<v1::Reckoning, Fault> {
    let places = row.book.iter().map(|(place, on_hand)| v1::PlaceBalance {
        place: place.to_string(),
        on_hand: Some(measure(on_hand)),
    });
    let terms = row.timing.iter().map(|(kind, term)| v1::TimingTerm {
        kind: kind.to_string(),
        measure: Some(measure(&term.measure)),
        lists: term.lists.iter().map(ToString::to_string).collect(),
    });
    let difference = |unit| Ok(text(row.difference(unit)?.as_ref()));
    Ok(v1::Reckoning {
        counted: Some(goods_to_wire(&row.counted)),
        book_balance: Some(measure(&row.book_balance()?)),
        places: places.collect(),
        explained: Some(measure(&row.explained()?)),
        terms: terms.collect(),
        difference: difference(Unit::Declared)?,
        difference_statutory1: difference(Unit::Statutory1)?,
        difference_statutory2: difference(Unit::Statutory2)?,
        inflow: Some(measure(&row.inflow)),
        ppm_of_inflow: row.ppm()?.to_string(),
        class: row.class.to_string(),
        converted: row.converted.as_ref().map(converted),
        in_products: row.in_products.iter().map(holding).collect(),
        counted_in_all: Some(measure(&row.counted_in_all()?)),
        unexplained: Some(measure(&row.unexplained()?)),
    })
}

/// The versions by which counted products were made.
///
/// # Errors
/// Names the row and the field; a product stands once.
pub fn versions(wire: &v1::ProductConversion) -> Field<Versions> {
    let rows = each("convert_products.versions", &wire.versions, |row| {
        let book_no = read("book_no", &row.book_no, BookNo::new)?;
        Ok(((book_no, row.product), read("version", &row.version, BomVersion::new)?))
    })?;
    let mut versions = Versions::new();
    for (product, version) in rows {
        let number = product.1;
        if versions.insert(product, version).is_some() {
            return Err(FieldError::new("convert_products.versions", number, "each product once"));
        }
    }
    Ok(versions)
}

fn converted(converted: &Converted) -> v1::ConvertedProduct {
    let material = |(material, quantity): (&u64, &Quantity)| v1::HeldMaterial {
        material: *material,
        quantity: quantity.to_string(),
    };
    v1::ConvertedProduct {
        version: converted.version.to_string(),
        measure: Some(measure(&converted.measure)),
        materials: converted.materials.iter().map(material).collect(),
    }
}

fn holding(holding: &Holding) -> v1::HoldingProduct {
    v1::HoldingProduct {
        product: holding.product,
        version: holding.version.to_string(),
        quantity: holding.quantity.to_string(),
        measure: Some(measure(&holding.measure)),
    }
}

fn converted_of(wire: &v1::ConvertedProduct) -> Field<Converted> {
    let quantity = |row: &v1::HeldMaterial| {
        Ok((row.material, read("converted.materials.quantity", &row.quantity, Quantity::parse)?))
    };
    Ok(Converted {
        version: read("converted.version", &wire.version, BomVersion::new)?,
        measure: measure_of("converted.measure", wire.measure.as_ref())?,
        materials: wire.materials.iter().map(quantity).collect::<Field<_>>()?,
    })
}

fn holding_of(wire: &v1::HoldingProduct) -> Field<Holding> {
    Ok(Holding {
        product: wire.product,
        version: read("in_products.version", &wire.version, BomVersion::new)?,
        quantity: read("in_products.quantity", &wire.quantity, Quantity::parse)?,
        measure: measure_of("in_products.measure", wire.measure.as_ref())?,
    })
}

/// A row of a count beside its book, as it was sent.
///
/// # Errors
/// Names the field.
pub fn reckoning_of(wire: &v1::Reckoning) -> Field<Reckoning> {
    let mut book = BTreeMap::new();
    for place in &wire.places {
        let on_hand = measure_of("places.on_hand", place.on_hand.as_ref())?;
        book.insert(read("places.place", &place.place, Place::from_code)?, on_hand);
    }
    let mut timing = BTreeMap::new();
    for term in &wire.terms {
        let lists: Result<_, _> =
            term.lists.iter().map(|list| read("terms.lists", list, ListNo::new)).collect();
        let measure = measure_of("terms.measure", term.measure.as_ref())?;
        timing.insert(read("terms.kind", &term.kind, Timing::from_code)?, Term { measure, lists: lists? });
    }
    Ok(Reckoning {
        counted: goods(required("counted", wire.counted.as_ref())?)?,
        book,
        timing,
        inflow: measure_of("inflow", wire.inflow.as_ref())?,
        class: read("class", &wire.class, Class::from_code)?,
        converted: wire.converted.as_ref().map(converted_of).transpose()?,
        in_products: wire.in_products.iter().map(holding_of).collect::<Field<_>>()?,
    })
}

fn measure_of(field: &str, wire: Option<&v1::Measure>) -> Field<Measure> {
    let wire = required(field, wire)?;
    let inner = || {
        Ok(Measure::new(
            amount("declared", &wire.declared)?,
            amount("statutory1", &wire.statutory1)?,
            amount("statutory2", &wire.statutory2)?,
            amount("value_usd", &wire.value_usd)?,
        ))
    };
    inner().map_err(|error: FieldError| error.within(field))
}
