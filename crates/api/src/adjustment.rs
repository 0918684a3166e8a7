//! Adjustments of a count: as a caller sends them, and as they stand.

use crate::decision::{decision, kept, named, named_to_wire, open};
use crate::document::each;
use crate::field::{Field, local_time, optional, read, required};
use crate::lot;
use crate::v1;
use crate::value::{local, text, timestamp};
use zonebook_ledger::code::{AdjustmentNo, BookNo, CustomsNo, DifferenceNo};
use zonebook_ledger::difference::DifferenceRef;
use zonebook_ledger::disposal::Adjustment;
use zonebook_ledger::document::{AdjustmentDecision, AdjustmentFiling, AdjustmentLine, Difference};

/// An adjustment.
///
/// # Errors
/// Names the field.
pub fn filing(wire: Option<&v1::Adjustment>) -> Field<AdjustmentFiling> {
    let wire = required("adjustment", wire)?;
    filing_fields(wire).map_err(|error| error.within("adjustment"))
}

fn filing_fields(wire: &v1::Adjustment) -> Field<AdjustmentFiling> {
    Ok(AdjustmentFiling {
        adjustment_no: read("adjustment_no", &wire.adjustment_no, AdjustmentNo::new)?,
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        owner: read("owner", &wire.owner, CustomsNo::new)?,
        verification: (wire.verification != 0).then_some(wire.verification),
        declared_at: local_time("declared_at", &wire.declared_at)?,
        lines: each("lines", &wire.lines, |line| {
            Ok(AdjustmentLine {
                difference: read("difference", &line.difference, Difference::from_code)?,
                goods: named(line.goods.as_ref())?,
                cause: line.cause.as_str().into(),
                cites: cites(line)?,
            })
        })?,
        lots: lot::named(&wire.lots)?,
    })
}

fn cites(line: &v1::AdjustmentLine) -> Field<Option<DifferenceRef>> {
    let number = optional("difference_no", &line.difference_no, DifferenceNo::new)?;
    Ok(number.map(|difference_no| DifferenceRef { difference_no, line: line.difference_line }))
}

/// A decision on an adjustment.
///
/// # Errors
/// Names the field.
pub fn decided(wire: &v1::DecideAdjustmentRequest) -> Field<AdjustmentDecision> {
    Ok(AdjustmentDecision {
        adjustment_no: read("adjustment_no", &wire.adjustment_no, AdjustmentNo::new)?,
        decision: decision(wire.decision.as_ref())?,
    })
}

/// An adjustment as it stands.
#[must_use]
pub fn status(adjustment: &Adjustment) -> v1::AdjustmentStatus {
    let filed = &adjustment.filed;
    let line = |line: &AdjustmentLine| v1::AdjustmentLine {
        difference: line.difference.to_string(),
        goods: Some(named_to_wire(&line.goods)),
        cause: line.cause.to_string(),
        difference_no: text(line.cites.as_ref().map(|cites| &cites.difference_no)),
        difference_line: line.cites.as_ref().map_or(0, |cites| cites.line),
    };
    let lines = filed.lines.iter().zip(&adjustment.open);
    v1::AdjustmentStatus {
        adjustment: Some(v1::Adjustment {
            adjustment_no: filed.adjustment_no.to_string(),
            book_no: filed.book_no.to_string(),
            owner: filed.owner.to_string(),
            verification: filed.verification.unwrap_or(0),
            declared_at: local(Some(filed.declared_at)),
            lines: filed.lines.iter().map(line).collect(),
            lots: filed.lots.iter().map(lot::name).collect(),
        }),
        state: adjustment.state.to_string(),
        open: lines.map(|(line, goods)| open(line.goods.line, goods)).collect(),
        decisions: adjustment.decisions.iter().map(kept).collect(),
        filed_time: Some(timestamp(adjustment.filed_time)),
        ended_time: adjustment.ended_time.map(timestamp),
    }
}
