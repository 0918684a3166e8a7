//! Values of the ledger on the wire: times, measures, positions, outcomes, documents as they stand.

use crate::document::{line_to_wire, units_to_wire};
use crate::field::{Field, FieldError, optional, read, required};
use crate::lot;
use crate::v1;
use prost_types::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;
use zonebook_ledger::bom::{Bom, BomKey};
use zonebook_ledger::book::Book;
use zonebook_ledger::code::{BookNo, LotNo, SerialNo};
use zonebook_ledger::correction::Undone;
use zonebook_ledger::counters::Counters;
use zonebook_ledger::direction::{Mark, Stops};
use zonebook_ledger::document::Weights;
use zonebook_ledger::item::{Item, ItemKey};
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::movement::{Gathered, Movement, MovementLine};
use zonebook_ledger::outcome::{Applied, Outcome, Revision, Verdict};
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::pass::Pass;
use zonebook_ledger::passage::PassageAdvice;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{Moment, Received, StatementRow};
use zonebook_ledger::time::{Date, Instant, LocalTime};
use zonebook_ledger::zone::ZoneKind;

/// What a list makes, with the rows that were opened.
#[must_use]
pub fn results(gathered: &Gathered) -> Vec<v1::ProcessingResult> {
    let made = gathered.results.iter().zip(&gathered.permit_lines);
    made.map(|(line, permit_line)| v1::ProcessingResult {
        permit_line: *permit_line,
        goods: Some(line_to_wire(&line.filed)),
    })
    .collect()
}

/// A moment in UTC.
#[must_use]
pub fn timestamp(instant: Instant) -> Timestamp {
    let nanos = i32::try_from(instant.0.rem_euclid(1000) * 1_000_000).unwrap_or(0);
    Timestamp { seconds: instant.0.div_euclid(1000), nanos }
}

/// How long something takes or took; the longest that the wire can say if it is longer.
#[must_use]
pub fn wire_duration(duration: Duration) -> prost_types::Duration {
    let longest = prost_types::Duration { seconds: i64::MAX, nanos: 0 };
    duration.try_into().unwrap_or(longest)
}

/// A length of time that is not negative.
///
/// # Errors
/// It is.
pub fn duration(field: &str, wire: prost_types::Duration) -> Field<Duration> {
    wire.try_into().map_err(|_| {
        let value = format!("{} s {} ns", wire.seconds, wire.nanos);
        FieldError::new(field, value, "must not be negative")
    })
}

/// What a `google.protobuf.Timestamp` may hold: the years 1 to 9999, in seconds since 1970.
const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// A moment, to the millisecond.
///
/// # Errors
/// It is out of range.
pub fn instant(field: &str, wire: &Timestamp) -> Field<Instant> {
    if !SECONDS.contains(&wire.seconds) || !(0..1_000_000_000).contains(&wire.nanos) {
        let value = format!("{} s {} ns", wire.seconds, wire.nanos);
        return Err(FieldError::new(field, value, "must be a time between the years 1 and 9999"));
    }
    Ok(Instant(wire.seconds * 1000 + i64::from(wire.nanos) / 1_000_000))
}

/// `YYYY-MM-DD hh:mm:ss`, as documents write it; empty for nothing.
pub(crate) fn local(time: Option<LocalTime>) -> String {
    time.map(|time| time.to_string().replace('T', " ")).unwrap_or_default()
}

pub(crate) fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Four components.
#[must_use]
pub fn measure(measure: &Measure) -> v1::Measure {
    v1::Measure {
        declared: measure.get(Unit::Declared).to_string(),
        statutory1: measure.get(Unit::Statutory1).to_string(),
        statutory2: measure.get(Unit::Statutory2).to_string(),
        value_usd: measure.get(Unit::Value).to_string(),
    }
}

/// Four counters and what follows from them.
#[must_use]
pub fn counters(counters: &Counters) -> v1::Counters {
    v1::Counters {
        increase_pending: Some(measure(&counters.increase_pending)),
        increase_posted: Some(measure(&counters.increase_posted)),
        decrease_pending: Some(measure(&counters.decrease_pending)),
        decrease_posted: Some(measure(&counters.decrease_posted)),
        on_hand: counters.on_hand().as_ref().map(measure),
        available: counters.available().as_ref().map(measure),
    }
}

/// A position.
#[must_use]
pub fn position(key: &PositionKey, with: &Counters) -> v1::Position {
    v1::Position { key: Some(position_key_to_wire(key)), counters: Some(counters(with)) }
}

/// What and where.
#[must_use]
pub fn position_key_to_wire(key: &PositionKey) -> v1::PositionKey {
    v1::PositionKey {
        book_no: key.book_no.to_string(),
        mark: key.mark.to_string(),
        number: key.number,
        lot: text(key.lot.as_ref()),
        serial: text(key.serial.as_ref()),
        place: key.place.to_string(),
    }
}

/// The key of a position.
///
/// # Errors
/// Names the field.
pub fn position_key(wire: Option<&v1::PositionKey>) -> Field<PositionKey> {
    let wire = required("key", wire)?;
    let inner = || {
        Ok(PositionKey {
            book_no: read("book_no", &wire.book_no, BookNo::new)?,
            mark: read("mark", &wire.mark, Mark::from_code)?,
            number: wire.number,
            lot: optional("lot", &wire.lot, LotNo::new)?,
            serial: optional("serial", &wire.serial, SerialNo::new)?,
            place: read("place", &wire.place, Place::from_code)?,
        })
    };
    inner().map_err(|error: FieldError| error.within("key"))
}

/// A moment of history.
///
/// # Errors
/// The time is out of range.
pub fn moment(wire: Option<&v1::AsOf>) -> Field<Moment> {
    use v1::as_of::Moment as Wire;
    match wire.and_then(|as_of| as_of.moment.as_ref()) {
        None => Ok(Moment::Now),
        Some(Wire::Revision(revision)) => Ok(Moment::After(Revision(*revision))),
        Some(Wire::Time(time)) => Ok(Moment::Before(instant("as_of.time", time)?)),
    }
}

/// What became of a command.
#[must_use]
pub fn outcome(applied: &Applied) -> v1::Outcome {
    v1::Outcome {
        repeated_request: applied.repeated,
        balances: applied.balances.iter().map(|(key, counters)| position(key, counters)).collect(),
        lots: applied.lots.iter().flat_map(lot::taken).collect(),
        ..stored_outcome(&applied.outcome, applied.revision, applied.record_time, applied.ledger_time)
    }
}

/// What became of a command, as it is kept.
#[must_use]
pub fn stored_outcome(
    outcome: &Outcome,
    revision: Revision,
    record_time: Instant,
    ledger_time: Instant,
) -> v1::Outcome {
    let verdict = match &outcome.verdict {
        Verdict::Accepted => v1::Verdict::Accepted,
        Verdict::Refused(_) => v1::Verdict::Refused,
        Verdict::Duplicate => v1::Verdict::Duplicate,
    };
    let changed = outcome.changed.iter().map(|changed| v1::ChangedDocument {
        document: changed.document.to_string(),
        state: changed.state.to_string(),
    });
    v1::Outcome {
        revision: revision.0,
        repeated_request: false,
        verdict: verdict.into(),
        document: text(outcome.document.as_ref()),
        state: text(outcome.state.as_ref()),
        changed: changed.collect(),
        refusal: outcome.refusal().map(v1::Refusal::from),
        record_time: Some(timestamp(record_time)),
        ledger_time: Some(timestamp(ledger_time)),
        balances: Vec::new(),
        lots: Vec::new(),
    }
}

/// A message and what became of it.
#[must_use]
pub fn message_outcome(received: &Received) -> v1::MessageOutcome {
    let event = &received.event;
    let label = event.label.as_ref();
    let at = (event.record_time, event.ledger_time);
    v1::MessageOutcome {
        source: received.source.to_string(),
        sequence: received.sequence,
        name: received.delivery.name.to_string(),
        sha256: received.delivery.sha256.to_vec(),
        r#type: label.map(|label| label.kind.to_string()).unwrap_or_default(),
        business_id: label.map(|label| label.business_id.to_string()).unwrap_or_default(),
        outcome: Some(stored_outcome(&event.outcome, received.delivery.revision, at.0, at.1)),
    }
}

/// A list and how far it has come.
#[must_use]
pub fn movement(movement: &Movement) -> v1::Movement {
    v1::Movement {
        list_no: movement.list_no.to_string(),
        book_no: movement.book_no.to_string(),
        owner: movement.owner.to_string(),
        state: movement.state.to_string(),
        matrix_row: movement.row.to_string(),
        direction: movement.direction.to_string(),
        mark: movement.mark.to_string(),
        kind: movement.kind.to_string(),
        mode: movement.mode.to_string(),
        change_no: movement.version,
        declaration_no: text(movement.declaration_no.as_ref()),
        partner: text(movement.partner.as_ref()),
        lines: movement.lines,
        ungated: movement.ungated.to_string(),
        accepted_revision: movement.accepted_at.0,
        pre_posted_time: Some(timestamp(movement.prevd_time)),
        release_time: local(movement.release_time),
        gate_time: local(movement.gate_time),
        posted_time: movement.posted_time.map(timestamp),
        withdrawn_time: movement.withdrawn_time.map(timestamp),
        verified_time: movement.verified_time.map(timestamp),
        permit_no: text(movement.permit_no.as_ref()),
        original: text(movement.original.as_ref()),
        standing: movement.standing.as_deref().map(crate::correction::standing),
        flow_type: text(movement.flow.as_ref()),
        exchanged_list: text(movement.exchanged_list.as_ref()),
    }
}

/// How much of the lines of a list is undone, of those of which anything is.
#[must_use]
pub fn undone_lines(lines: &[MovementLine], undone: &[Undone]) -> Vec<v1::UndoneLine> {
    let some = |undone: &Undone| !(undone.asked.is_zero() && undone.settled.is_zero());
    let of_lines = lines.iter().zip(undone).filter(|(_, undone)| some(undone));
    let wire = |(line, undone): (&MovementLine, &Undone)| v1::UndoneLine {
        line: line.filed.line,
        asked: Some(measure(&undone.asked)),
        settled: Some(measure(&undone.settled)),
    };
    of_lines.map(wire).collect()
}

/// A line of an accepted list.
#[must_use]
pub fn movement_line(line: &MovementLine) -> v1::MovementLine {
    let uses = line.uses.iter().map(|used| v1::MaterialUse {
        material: used.material,
        quantity_declared: used.declared.to_string(),
    });
    v1::MovementLine {
        filed: Some(line_to_wire(&line.filed)),
        lot: text(line.lot.as_ref()),
        serial: text(line.serial.as_ref()),
        uses: uses.collect(),
    }
}

/// One change of a position.
#[must_use]
pub fn statement_row(row: &StatementRow, ledger_time: Instant) -> v1::StatementRow {
    v1::StatementRow {
        revision: row.key.revision.0,
        ledger_time: Some(timestamp(ledger_time)),
        action: row.row.action.name().into(),
        document: row.row.document.to_string(),
        line: row.row.line,
        after: Some(counters(&row.row.after)),
    }
}

fn stops(stops: Stops) -> v1::Stops {
    v1::Stops { inward: stops.inward, outward: stops.outward, changes: stops.changes }
}

/// A book as it stands, in a zone of a kind.
#[must_use]
pub fn book(book: &Book, zone_kind: Option<ZoneKind>) -> v1::Book {
    v1::Book {
        book_no: book.book_no.to_string(),
        office: book.office.to_string(),
        zone_kind: text(zone_kind.as_ref()),
        owner: book.owner.to_string(),
        usage: book.usage.to_string(),
        regime: book.regime.to_string(),
        open_work_orders: book.open_orders,
        booking_mode: book.booking_mode.to_string(),
        valid_until: book.valid_until.to_string(),
        change_no: book.change_no,
        last_item: book.last_item,
        stops: Some(stops(book.stops)),
        faulted: book.faulted,
        kind: book.kind.to_string(),
        case_no: text(book.case.as_ref().map(|case| &case.case_no)),
        case_time: book.case.as_ref().map(|case| timestamp(case.since)),
        cancelled_time: book.cancelled.map(timestamp),
        lot_method: book.lot_method.to_string(),
    }
}

/// An item as filed.
#[must_use]
pub fn item(key: &ItemKey, item: &Item) -> v1::Item {
    v1::Item {
        mark: key.mark.to_string(),
        number: key.number,
        part_no: item.part_no.to_string(),
        tariff_code: item.tariff_code.to_string(),
        name: item.name.to_string(),
        units: Some(units_to_wire(&item.units)),
        lot: text(item.lot.as_ref()),
        stops: Some(stops(item.stops)),
        serial: text(item.serial.as_ref()),
        tracked_by_serial: item.tracked_by_serial,
        residue_kind: text(item.residue.as_ref()),
    }
}

/// The lines of a BOM version.
pub fn bom_lines(key: &BomKey, bom: &Bom) -> impl Iterator<Item = v1::BomRow> {
    bom.iter().map(|(material, line)| v1::BomRow {
        product: key.product,
        version: key.version.to_string(),
        material: *material,
        net: line.net.to_string(),
        tangible_loss: line.tangible_loss.to_string(),
        intangible_loss: line.intangible_loss.to_string(),
        bonded_share: line.bonded_share.to_string(),
        unit_consumption: text(line.unit_consumption().as_ref()),
        amended: false,
    })
}

/// A parameter with its default and every value that was set.
pub fn parameter_values(
    parameter: Parameter,
    set: &BTreeMap<Date, Quantity>,
) -> impl Iterator<Item = v1::ParameterValue> {
    let value = move |from: String, value: Quantity| v1::ParameterValue {
        parameter: parameter.to_string(),
        from,
        value: value.to_string(),
    };
    let set = set.iter().map(move |(from, quantity)| value(from.to_string(), *quantity));
    std::iter::once(value(String::new(), parameter.default())).chain(set)
}

/// A pass and how far it has come.
#[must_use]
pub fn pass(pass_no: &str, pass: &Pass, revision: Revision) -> v1::GetPassResponse {
    let lines = pass.lines.iter().map(|line| v1::PassLine {
        line: line.line,
        linked_line: line.linked_line,
        part_no: text(line.part_no.as_ref()),
        unit: text(line.unit.as_ref()),
        quantity_declared: line.declared.to_string(),
    });
    let filed = v1::Pass {
        pass_no: pass_no.into(),
        office: String::new(),
        direction: pass.direction.to_string(),
        binding: pass.binding.to_string(),
        linked_type: pass.linked_type.to_string(),
        linked: pass.linked.iter().map(ToString::to_string).collect(),
        book_no: text(pass.book_no.as_ref()),
        vehicle_no: pass.vehicle_no.to_string(),
        declared_at: String::new(),
        lines: lines.collect(),
        weights: pass.weights.map(|weights| v1::PassWeights {
            vehicle: weights.vehicle.to_string(),
            frame: weights.frame.to_string(),
            container: weights.container.to_string(),
            goods: weights.goods.to_string(),
            total: weights.total.to_string(),
        }),
        seal_no: text(pass.seal_no.as_ref()),
    };
    let error = pass.weights.zip(pass.collected).and_then(|(weights, collected)| weights.error(collected));
    let odd = |weights: Weights| weights.sum().filter(|sum| *sum != weights.total);
    v1::GetPassResponse {
        revision: revision.0,
        pass: Some(filed),
        state: pass.state.to_string(),
        filed_time: Some(timestamp(pass.filed_time)),
        passed_at: local(pass.passed_at),
        passed_time: pass.passed_time.map(timestamp),
        collected_weight: text(pass.collected.as_ref()),
        weight_error: text(error.as_ref()),
        weight_sum: text(pass.weights.and_then(odd).as_ref()),
    }
}

/// What speaks against a passage.
#[must_use]
pub fn passage_advice(advice: &PassageAdvice) -> v1::PassageAdvice {
    v1::PassageAdvice {
        pass_no: advice.pass_no.to_string(),
        state: advice.pass.state.to_string(),
        may_pass: advice.obstacles.is_empty(),
        obstacles: advice.obstacles.iter().map(v1::Refusal::from).collect(),
        unreleased_declarations: advice.unreleased.iter().map(ToString::to_string).collect(),
    }
}
