//! The lines of a declaration on the wire.

use crate::v1;
use crate::value::text;
use zonebook_ledger::declaration::{DeclarationLine, DeclarationPart};

/// A line of a declaration with its parts.
#[must_use]
pub fn line(line: &DeclarationLine) -> v1::DeclarationLine {
    let part = |part: &DeclarationPart| v1::DeclarationPart {
        line: part.line,
        part_no: part.part_no.to_string(),
        number: part.item,
        quantity_declared: part.declared.to_string(),
        total: part.total.to_string(),
    };
    v1::DeclarationLine {
        number: line.number,
        declaration_line: line.key.wanted,
        tariff_code: line.key.tariff_code.to_string(),
        unit: line.key.unit.to_string(),
        origin: line.key.origin.to_string(),
        currency: line.key.currency.to_string(),
        duty_mode: text(line.key.duty_mode.as_ref()),
        quantity_declared: line.declared.to_string(),
        total: line.total.to_string(),
        price: line.price.to_string(),
        value_usd: line.value_usd.to_string(),
        dangerous: line.dangerous,
        parts: line.parts.iter().map(part).collect(),
    }
}
