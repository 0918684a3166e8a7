//! An enterprise's own stock beside the book on the wire.

use crate::field::{Field, FieldError, optional, read};
use crate::v1;
use crate::v1::explanation_evidence::Evidence as Wire;
use crate::value::{measure, text};
use zonebook_ledger::code::{LotNo, PartNo, SerialNo, UnitCode};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::quantity::Quantity;
use zonebook_reconcile::extract::{
    Evidence, Explanation, ExtractRow, ItemComparison, LotComparison, Unmatched,
};

/// A row of an extract.
///
/// # Errors
/// Names the field.
pub fn row(wire: &v1::StockRow) -> Field<ExtractRow> {
    let mark = optional("mark", &wire.mark, Mark::from_code)?;
    Ok(ExtractRow {
        line: wire.line,
        item: mark.map(|mark| (mark, wire.number)),
        part_no: optional("part_no", &wire.part_no, PartNo::new)?,
        lot: optional("lot", &wire.lot, LotNo::new)?,
        serial: optional("serial", &wire.serial, SerialNo::new)?,
        unit: optional("unit", &wire.unit, UnitCode::new)?,
        quantity: read("quantity", &wire.quantity, Quantity::parse)?,
    })
}

/// Rows of an extract, the first of which has this place among all.
///
/// # Errors
/// Names the row and the field.
pub fn rows(wire: &[v1::StockRow]) -> Field<Vec<ExtractRow>> {
    let named = |wire: &v1::StockRow| {
        row(wire).map_err(|error: FieldError| error.within(&format!("rows[line {}]", wire.line)))
    };
    wire.iter().map(named).collect()
}

/// A row of an extract as it is sent.
#[must_use]
pub fn row_to_wire(row: &ExtractRow) -> v1::StockRow {
    v1::StockRow {
        line: row.line,
        mark: row.item.map(|(mark, _)| mark.to_string()).unwrap_or_default(),
        number: row.item.map_or(0, |(_, number)| number),
        part_no: text(row.part_no.as_ref()),
        lot: text(row.lot.as_ref()),
        serial: text(row.serial.as_ref()),
        unit: text(row.unit.as_ref()),
        quantity: row.quantity.to_string(),
    }
}

/// An item of the book beside the extract.
#[must_use]
pub fn comparison(item: &ItemComparison) -> v1::StockComparison {
    v1::StockComparison {
        mark: item.mark.to_string(),
        number: item.number,
        part_no: item.item.part_no.to_string(),
        name: item.item.name.to_string(),
        unit: item.item.units.declared.to_string(),
        lines: item.lines.clone(),
        extract: item.extract.declared().to_string(),
        book: item.book.declared().to_string(),
        difference: item.difference.declared().to_string(),
        explanations: item.explanations.iter().map(explanation).collect(),
        unexplained: item.unexplained.declared().to_string(),
        extract_measure: Some(measure(&item.extract)),
        book_measure: Some(measure(&item.book)),
        difference_measure: Some(measure(&item.difference)),
        unexplained_measure: Some(measure(&item.unexplained)),
        lots: item.lots.iter().map(lot).collect(),
    }
}

fn lot(lot: &LotComparison) -> v1::LotComparison {
    v1::LotComparison {
        lot: text(lot.lot.as_ref()),
        side: lot.side.to_string(),
        lines: lot.lines.clone(),
        extract: lot.extract.to_string(),
        book: lot.book.to_string(),
        elsewhere: lot.elsewhere.to_string(),
        difference: lot.difference.to_string(),
    }
}

fn explanation(part: &Explanation) -> v1::Explanation {
    v1::Explanation {
        kind: part.kind.to_string(),
        quantity: part.measure.declared().to_string(),
        evidence: part.evidence.iter().map(evidence).collect(),
        measure: Some(measure(&part.measure)),
    }
}

fn evidence(evidence: &Evidence) -> v1::ExplanationEvidence {
    let evidence = match evidence {
        Evidence::Document(document) => Wire::Document(document.to_string()),
        Evidence::Place(place) => Wire::Place(place.to_string()),
        Evidence::Unit(unit) => Wire::Unit(unit.to_string()),
        Evidence::Factor(factor) => Wire::Factor(factor.to_string()),
        Evidence::Item(mark, number) => {
            Wire::Item(v1::SwappedItem { mark: mark.to_string(), number: *number })
        }
        Evidence::Bom { product, version, filed, implied } => Wire::Bom(v1::BomEvidence {
            product: *product,
            version: version.to_string(),
            filed: filed.to_string(),
            implied: implied.to_string(),
        }),
    };
    v1::ExplanationEvidence { evidence: Some(evidence) }
}

/// A row that is of no item.
#[must_use]
pub fn unmatched(row: &Unmatched) -> v1::UnmatchedRow {
    v1::UnmatchedRow { line: row.line, why: row.why.to_string(), named: row.named.to_string() }
}
