//! Statements on the wire, in both directions: servers tell them, clients make files of them.

use crate::document::{units, units_to_wire};
use crate::field::{Field, FieldError, amount, quantity, read, required};
use crate::v1;
use crate::v1::statement_piece::Piece as Wire;
use crate::v1::stream_statement_request::Holder as WireHolder;
use crate::value::{counters, instant, measure, moment, position_key, position_key_to_wire, timestamp};
use zonebook_ledger::code::{BookNo, CustomsNo, DocumentNo, PartNo, TariffCode};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::event::Action;
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::query::Moment;
use zonebook_reconcile::statement::{Asked, Closing, Goods, Head, Holder, Piece, Row, Section};
use zonebook_reconcile::term;

/// What is asked for.
///
/// # Errors
/// Names the field.
pub fn asked(request: &v1::StreamStatementRequest) -> Field<Asked> {
    let holder = match required("holder", request.holder.as_ref())? {
        WireHolder::BookNo(number) => Holder::Book(read("book_no", number, BookNo::new)?),
        WireHolder::CustomsNo(number) => Holder::Party(read("customs_no", number, CustomsNo::new)?),
    };
    Ok(Asked {
        holder,
        from: beginning(request.from.as_ref())?,
        to: moment(request.to.as_ref())?,
        revision: Some(Revision(request.at_revision)).filter(|revision| revision.0 > 0),
        pending: request.pending,
    })
}

/// Where a period begins: with nothing said before the first revision.
fn beginning(from: Option<&v1::AsOf>) -> Field<Moment> {
    Ok(match moment(from)? {
        Moment::Now => Moment::After(Revision(0)),
        other => other,
    })
}

fn as_of(moment: Moment) -> Option<v1::AsOf> {
    use v1::as_of::Moment as Wire;
    let moment = match moment {
        Moment::Now => return None,
        Moment::After(revision) => Wire::Revision(revision.0),
        Moment::Before(instant) => Wire::Time(timestamp(instant)),
    };
    Some(v1::AsOf { moment: Some(moment) })
}

/// What a statement is of.
#[must_use]
pub fn head(head: &Head) -> v1::StatementHead {
    let book_no = match &head.asked.holder {
        Holder::Book(number) => number.to_string(),
        Holder::Party(_) => String::new(),
    };
    v1::StatementHead {
        book_no,
        customs_no: head.customs_no.to_string(),
        name_zh: head.name_zh.to_string(),
        name_en: head.name_en.to_string(),
        from: as_of(head.asked.from),
        to: as_of(head.asked.to),
        opening_revision: head.opening.0,
        closing_revision: head.closing.0,
        digest: head.digest.to_vec(),
        ledger_time: Some(timestamp(head.ledger_time)),
        pending: head.asked.pending,
    }
}

/// A piece of a statement.
#[must_use]
pub fn piece(piece: &Piece) -> v1::StatementPiece {
    let piece = match piece {
        Piece::Opening(section) => {
            let goods = section.goods.as_ref();
            Wire::Opening(v1::StatementOpening {
                key: Some(position_key_to_wire(&section.position)),
                counters: Some(counters(&section.counters)),
                part_no: goods.map(|goods| goods.part_no.to_string()).unwrap_or_default(),
                tariff_code: goods.map(|goods| goods.tariff_code.to_string()).unwrap_or_default(),
                name: goods.map(|goods| goods.name.to_string()).unwrap_or_default(),
                units: goods.map(|goods| units_to_wire(&goods.units)),
            })
        }
        Piece::Row(row) => {
            let kind = row.kind.map_or(term::OPENING, term::of_row);
            Wire::Movement(v1::StatementMovement {
                revision: row.revision.0,
                ordinal: row.ordinal,
                ledger_time: Some(timestamp(row.time)),
                action: row.action.name().into(),
                matrix_row: row.kind.map(|kind| kind.to_string()).unwrap_or_default(),
                kind_zh: kind.zh.into(),
                kind_en: kind.en.into(),
                document: row.document.to_string(),
                line: row.line,
                received: Some(measure(&row.received)),
                given: Some(measure(&row.given)),
                after: Some(counters(&row.after)),
            })
        }
        Piece::Closing(closing) => Wire::Closing(v1::StatementClosing {
            movements: closing.movements,
            received: Some(measure(&closing.received)),
            given: Some(measure(&closing.given)),
            counters: Some(counters(&closing.counters)),
        }),
    };
    v1::StatementPiece { piece: Some(piece) }
}

/// The head of a statement that rests on a revision, as it was told.
///
/// # Errors
/// Names the field that no server of this release sends.
pub fn read_head(wire: &v1::StatementHead, revision: u64) -> Field<Head> {
    let customs_no = read("customs_no", &wire.customs_no, CustomsNo::new)?;
    let holder = if wire.book_no.is_empty() {
        Holder::Party(customs_no.clone())
    } else {
        Holder::Book(read("book_no", &wire.book_no, BookNo::new)?)
    };
    let revision = Revision(revision);
    let digest = wire.digest.as_slice().try_into();
    Ok(Head {
        asked: Asked {
            holder,
            from: beginning(wire.from.as_ref())?,
            to: moment(wire.to.as_ref())?,
            revision: Some(revision),
            pending: wire.pending,
        },
        name_zh: wire.name_zh.as_str().into(),
        name_en: wire.name_en.as_str().into(),
        customs_no,
        opening: Revision(wire.opening_revision),
        closing: Revision(wire.closing_revision),
        revision,
        digest: digest.map_err(|_| FieldError::new("digest", wire.digest.len(), "must be 32 bytes"))?,
        ledger_time: instant("ledger_time", required("ledger_time", wire.ledger_time.as_ref())?)?,
    })
}

/// A piece of a statement, as it was told.
///
/// # Errors
/// Names the field that no server of this release sends.
pub fn read_piece(wire: &v1::StatementPiece) -> Field<Piece> {
    Ok(match required("piece", wire.piece.as_ref())? {
        Wire::Opening(wire) => Piece::Opening(Box::new(Section {
            position: position_key(wire.key.as_ref())?,
            goods: goods(wire)?,
            counters: read_counters("counters", wire.counters.as_ref())?,
        })),
        Wire::Movement(wire) => Piece::Row(Box::new(Row {
            revision: Revision(wire.revision),
            ordinal: wire.ordinal,
            time: instant("ledger_time", required("ledger_time", wire.ledger_time.as_ref())?)?,
            action: action(&wire.action)?,
            kind: crate::field::optional("matrix_row", &wire.matrix_row, MatrixRow::from_code)?,
            document: read("document", &wire.document, DocumentNo::new)?,
            line: wire.line,
            received: read_measure("received", wire.received.as_ref())?,
            given: read_measure("given", wire.given.as_ref())?,
            after: read_counters("after", wire.after.as_ref())?,
        })),
        Wire::Closing(wire) => Piece::Closing(Box::new(Closing {
            movements: wire.movements,
            received: read_measure("received", wire.received.as_ref())?,
            given: read_measure("given", wire.given.as_ref())?,
            counters: read_counters("counters", wire.counters.as_ref())?,
        })),
    })
}

fn goods(wire: &v1::StatementOpening) -> Field<Option<Goods>> {
    if wire.units.is_none() {
        return Ok(None);
    }
    Ok(Some(Goods {
        part_no: read("part_no", &wire.part_no, PartNo::new)?,
        tariff_code: read("tariff_code", &wire.tariff_code, TariffCode::new)?,
        name: wire.name.as_str().into(),
        units: units("units", wire.units.as_ref())?,
    }))
}

/// On the wire all posting is `POST`, whether it was pending before or not: the counters say that.
fn action(name: &str) -> Field<Action> {
    let all = [Action::Reserve, Action::Cancel, Action::Post];
    let found = all.into_iter().find(|action| action.name() == name);
    found.ok_or_else(|| FieldError::new("action", name, "must be RESERVE, CANCEL or POST"))
}

fn read_measure(field: &str, wire: Option<&v1::Measure>) -> Field<Measure> {
    let wire = required(field, wire)?;
    let inner = || {
        Ok(Measure::new(
            quantity("declared", &wire.declared)?,
            quantity("statutory1", &wire.statutory1)?,
            quantity("statutory2", &wire.statutory2)?,
            amount("value_usd", &wire.value_usd)?,
        ))
    };
    inner().map_err(|error: FieldError| error.within(field))
}

fn read_counters(field: &str, wire: Option<&v1::Counters>) -> Field<Counters> {
    let wire = required(field, wire)?;
    let inner = || {
        Ok(Counters {
            increase_pending: read_measure("increase_pending", wire.increase_pending.as_ref())?,
            increase_posted: read_measure("increase_posted", wire.increase_posted.as_ref())?,
            decrease_pending: read_measure("decrease_pending", wire.decrease_pending.as_ref())?,
            decrease_posted: read_measure("decrease_posted", wire.decrease_posted.as_ref())?,
        })
    };
    inner().map_err(|error: FieldError| error.within(field))
}
