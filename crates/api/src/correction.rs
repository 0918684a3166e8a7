//! Corrections, tallies and orders about lists: as a caller sends them, and as they stand.

use crate::decision::{kept, named_to_wire, open};
use crate::document::each;
use crate::field::{Field, FieldError, date, local_time, quantity, read, required};
use crate::v1;
use crate::value::{local, measure, position_key_to_wire, timestamp};
use zonebook_ledger::code::{BookNo, CorrectionNo, CustomsNo, DeclarationNo, ListNo, TallyNo};
use zonebook_ledger::command::CorrectionDecision;
use zonebook_ledger::correction::{CorrectedPart, Correction};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    CorrectionFiling, DeclarationAssignment, LinePart, TallyDecision, TallyFiling,
};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::overdraft::{Overdraft, OverdraftLimit, OverdraftOrder};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::standing::{ListOrder, Order, OrderGiven, Standing};
use zonebook_ledger::tally::{ShortGoods, Tally};

fn part(wire: &v1::LinePart) -> Field<LinePart> {
    let second = wire.quantity_statutory2.as_str();
    Ok(LinePart {
        line: wire.line,
        declared: quantity("quantity_declared", &wire.quantity_declared)?,
        statutory1: quantity("quantity_statutory1", &wire.quantity_statutory1)?,
        statutory2: if second.is_empty() { None } else { Some(quantity("quantity_statutory2", second)?) },
        value_usd: crate::field::amount("value_usd", &wire.value_usd)?,
    })
}

fn part_to_wire(part: &LinePart) -> v1::LinePart {
    v1::LinePart {
        line: part.line,
        quantity_declared: part.declared.to_string(),
        quantity_statutory1: part.statutory1.to_string(),
        quantity_statutory2: part.statutory2.as_ref().map(Quantity::to_string).unwrap_or_default(),
        value_usd: part.value_usd.to_string(),
    }
}

/// A correction.
///
/// # Errors
/// Names the field.
pub fn filing(wire: Option<&v1::Correction>) -> Field<CorrectionFiling> {
    let wire = required("correction", wire)?;
    let inner = || -> Field<CorrectionFiling> {
        Ok(CorrectionFiling {
            correction_no: read("correction_no", &wire.correction_no, CorrectionNo::new)?,
            list_no: read("list_no", &wire.list_no, ListNo::new)?,
            owner: read("owner", &wire.owner, CustomsNo::new)?,
            declared_at: local_time("declared_at", &wire.declared_at)?,
            reason: wire.reason.as_str().into(),
            lines: each("lines", &wire.lines, part)?,
        })
    };
    inner().map_err(|error: FieldError| error.within("correction"))
}

/// A correction and how it stands.
#[must_use]
pub fn status(correction: &Correction) -> v1::CorrectionStatus {
    let filed = &correction.filed;
    let lists = correction.sides.iter().map(|side| v1::CorrectedList {
        list_no: side.list_no.to_string(),
        book_no: side.book_no.to_string(),
        parts: side.parts.iter().map(corrected).collect(),
    });
    v1::CorrectionStatus {
        filed: Some(v1::Correction {
            correction_no: filed.correction_no.to_string(),
            list_no: filed.list_no.to_string(),
            owner: filed.owner.to_string(),
            declared_at: local(Some(filed.declared_at)),
            reason: filed.reason.to_string(),
            lines: filed.lines.iter().map(part_to_wire).collect(),
        }),
        state: correction.state.to_string(),
        lists: lists.collect(),
        filed_time: Some(timestamp(correction.filed_time)),
        decided_time: correction.decided_time.map(timestamp),
        decision: correction.decision.to_string(),
    }
}

fn corrected(part: &CorrectedPart) -> v1::CorrectedPart {
    let materials = part.uses.iter().map(|used| v1::CorrectedMaterial {
        material: used.material,
        quantity_declared: used.declared.to_string(),
    });
    v1::CorrectedPart {
        line: part.line,
        measure: Some(measure(&part.measure)),
        materials: materials.collect(),
    }
}

/// What customs says to a correction.
///
/// # Errors
/// Names the field.
pub fn decision(wire: &v1::DecideCorrectionRequest) -> Field<CorrectionDecision> {
    let correction_no = read("correction_no", &wire.correction_no, CorrectionNo::new)?;
    Ok(CorrectionDecision { correction_no, approved: wire.approved, reason: wire.reason.as_str().into() })
}

/// A tally.
///
/// # Errors
/// Names the field.
pub fn tally_filing(wire: Option<&v1::Tally>) -> Field<TallyFiling> {
    let wire = required("tally", wire)?;
    let inner = || -> Field<TallyFiling> {
        Ok(TallyFiling {
            tally_no: read("tally_no", &wire.tally_no, TallyNo::new)?,
            list_no: read("list_no", &wire.list_no, ListNo::new)?,
            counted_at: local_time("counted_at", &wire.counted_at)?,
            lines: each("lines", &wire.lines, part)?,
        })
    };
    inner().map_err(|error: FieldError| error.within("tally"))
}

/// A tally as it was accepted.
#[must_use]
pub fn tally(tally: &Tally, revision: Revision) -> v1::GetTallyResponse {
    let v1::TallyStatus { tally, filed_time, state, short, decisions, decided_time } = tally_status(tally);
    let revision = revision.0;
    v1::GetTallyResponse { revision, tally, filed_time, state, short, decisions, decided_time }
}

/// The same in a list of tallies.
#[must_use]
pub fn tally_status(tally: &Tally) -> v1::TallyStatus {
    let filed = &tally.filed;
    v1::TallyStatus {
        tally: Some(v1::Tally {
            tally_no: filed.tally_no.to_string(),
            list_no: filed.list_no.to_string(),
            counted_at: local(Some(filed.counted_at)),
            lines: filed.lines.iter().map(part_to_wire).collect(),
        }),
        filed_time: Some(timestamp(tally.filed_time)),
        state: tally.state().to_string(),
        short: tally.short.iter().map(short_to_wire).collect(),
        decisions: tally.decisions.iter().map(kept).collect(),
        decided_time: tally.decided_time.map(timestamp),
    }
}

fn short_to_wire(short: &ShortGoods) -> v1::ShortGoods {
    v1::ShortGoods {
        goods: Some(named_to_wire(&short.named)),
        open: Some(open(short.named.line, &short.open)),
    }
}

/// An order of customs about a list.
///
/// # Errors
/// Names the field.
pub fn order(wire: &v1::OrderMovementRequest) -> Field<ListOrder> {
    Ok(ListOrder {
        list_no: read("list_no", &wire.list_no, ListNo::new)?,
        order: read("order", &wire.order, Order::from_code)?,
        reason: wire.reason.as_str().into(),
    })
}

/// A decision on what a tally did not find.
///
/// # Errors
/// Names the field.
pub fn tally_decided(wire: &v1::DecideTallyRequest) -> Field<TallyDecision> {
    Ok(TallyDecision {
        tally_no: read("tally_no", &wire.tally_no, TallyNo::new)?,
        decision: crate::decision::decision(wire.decision.as_ref())?,
    })
}

/// What customs lets a list take although it is not there.
///
/// # Errors
/// Names the field.
pub fn overdraft_order(wire: Option<&v1::OverdraftOrder>) -> Field<OverdraftOrder> {
    let wire = required("order", wire)?;
    let inner = || -> Field<OverdraftOrder> {
        Ok(OverdraftOrder {
            list_no: read("list_no", &wire.list_no, ListNo::new)?,
            book_no: read("book_no", &wire.book_no, BookNo::new)?,
            goods: each("goods", &wire.goods, |limit| {
                Ok(OverdraftLimit {
                    mark: read("mark", &limit.mark, Mark::from_code)?,
                    number: limit.number,
                    declared: quantity("quantity_declared", &limit.quantity_declared)?,
                })
            })?,
            valid_until: date("valid_until", &wire.valid_until)?,
            reason: wire.reason.as_str().into(),
        })
    };
    inner().map_err(|error: FieldError| error.within("order"))
}

/// What customs let a list overdraw, and what it took.
#[must_use]
pub fn overdraft(overdraft: &Overdraft) -> v1::Overdraft {
    let given = overdraft.given.iter().map(|given| v1::OverdraftGiven {
        order: Some(v1::OverdraftOrder {
            list_no: given.order.list_no.to_string(),
            book_no: given.order.book_no.to_string(),
            goods: given.order.goods.iter().map(limit).collect(),
            valid_until: given.order.valid_until.to_string(),
            reason: given.order.reason.to_string(),
        }),
        given_revision: given.revision.0,
        time: Some(timestamp(given.time)),
    });
    let taken = overdraft.taken.iter().map(|taken| v1::OverdraftTaken {
        key: Some(position_key_to_wire(&taken.position)),
        quantity_declared: taken.declared.to_string(),
    });
    v1::Overdraft { given: given.collect(), taken: taken.collect(), in_force: overdraft.in_force }
}

fn limit(limit: &OverdraftLimit) -> v1::OverdraftLimit {
    v1::OverdraftLimit {
        mark: limit.mark.to_string(),
        number: limit.number,
        quantity_declared: limit.declared.to_string(),
    }
}

/// The declaration number of a list.
///
/// # Errors
/// Names the field.
pub fn assignment(wire: &v1::AssignDeclarationRequest) -> Field<DeclarationAssignment> {
    Ok(DeclarationAssignment {
        list_no: read("list_no", &wire.list_no, ListNo::new)?,
        declaration_no: read("declaration_no", &wire.declaration_no, DeclarationNo::new)?,
    })
}

pub(crate) fn order_given(given: &OrderGiven) -> v1::OrderGiven {
    v1::OrderGiven {
        order: given.order.to_string(),
        reason: given.reason.to_string(),
        given_revision: given.revision.0,
        time: Some(timestamp(given.time)),
    }
}

/// How a list stands with customs.
#[must_use]
pub fn standing(standing: &Standing) -> v1::Standing {
    let orders = standing.orders.iter().map(order_given);
    let tally = standing.tally.as_ref();
    v1::Standing {
        held_reason: standing.held.as_ref().map(ToString::to_string).unwrap_or_default(),
        conditional: standing.conditional.map(|found| found.to_string()).unwrap_or_default(),
        tally_no: tally.map(|(number, _)| number.to_string()).unwrap_or_default(),
        tally_result: tally.map(|(_, result)| result.to_string()).unwrap_or_default(),
        gate_forced: standing.gate_forced,
        release_forced: standing.release_forced,
        corrections: standing.corrections.iter().map(ToString::to_string).collect(),
        orders: orders.collect(),
        obstacles: standing.obstacles().into_iter().map(str::to_owned).collect(),
    }
}
