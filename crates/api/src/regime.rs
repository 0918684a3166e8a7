//! What other regimes ask for, on the wire.

use crate::document::each;
use crate::field::{Field, FieldError, optional, read};
use crate::v1;
use crate::value::text;
use zonebook_ledger::code::LotNo;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::measure::Unit;
use zonebook_ledger::time::{Date, UtcOffset};
use zonebook_reconcile::regime::annual::{
    AnnualLot, AnnualRow, Columns, ShortLot, Statuses, Year, ZoneStatus,
};
use zonebook_reconcile::regime::discharge::{Aggregation, BillRow, Obtained, Product};
use zonebook_reconcile::regime::repair::RepairRow;

/// The most months of a period of discharge.
const MONTHS_MAX: u32 = 1_200;

/// The year that is asked for.
///
/// # Errors
/// Names the field.
pub fn year(request: &v1::ReconcileYearRequest) -> Field<Year> {
    let whole = Year::ending(read("end", &request.end, Date::parse)?);
    let begin = optional("begin", &request.begin, Date::parse)?.unwrap_or(whole.begin);
    if begin > whole.end {
        return Err(FieldError::new("begin", begin, format!("not after the last day, {}", whole.end)));
    }
    Ok(Year { begin, ..whole })
}

/// What was elected of goods.
///
/// # Errors
/// Names the row and the field; goods stand once.
pub fn statuses(wire: &[v1::ZoneStatusElection]) -> Field<Statuses> {
    let elections = each("statuses", wire, |election| {
        let mark = read("mark", &election.mark, Mark::from_code)?;
        let lot = optional("lot", &election.lot, LotNo::new)?;
        Ok(((mark, election.number, lot), read("status", &election.status, ZoneStatus::from_code)?))
    })?;
    let mut statuses = Statuses::new();
    for (goods, status) in elections {
        let (mark, number) = (goods.0, goods.1);
        if statuses.insert(goods, status).is_some() {
            return Err(FieldError::new("statuses", format!("{mark} {number}"), "each lot once"));
        }
    }
    Ok(statuses)
}

/// An item in a year.
///
/// # Errors
/// A sum is beyond the range of a number.
pub fn annual_line(row: &AnnualRow, offset: UtcOffset) -> Result<v1::AnnualLine, Fault> {
    let described = row.described.as_deref();
    let lots: Result<_, Fault> = row.lots.iter().map(|lot| annual_lot(lot, offset)).collect();
    let short: Result<_, Fault> = row.short.iter().map(short_lot).collect();
    Ok(v1::AnnualLine {
        mark: row.item.mark.to_string(),
        number: row.item.number,
        part_no: text(described.map(|item| &item.part_no)),
        name: text(described.map(|item| &item.name)),
        unit: text(described.map(|item| &item.units.declared)),
        status: row.status.to_string(),
        columns: Some(columns(&row.columns)?),
        lots: lots?,
        counted: text(row.found.map(|found| found.counted).as_ref()),
        timing: text(row.found.map(|found| found.timing).as_ref()),
        difference: text(row.found.map(|found| found.difference).as_ref()),
        closing: row.closing()?.to_string(),
        short: short?,
        duty: text(row.duty()?.as_ref()),
        manner: text(row.manner.as_ref()),
        missing: row.missing.iter().map(ToString::to_string).collect(),
    })
}

fn columns(columns: &Columns) -> Result<v1::AnnualColumns, Fault> {
    let shown = |measure: &zonebook_ledger::measure::Measure| measure.declared().to_string();
    Ok(v1::AnnualColumns {
        opening: shown(&columns.opening),
        receipts: shown(&columns.receipts),
        transfers: shown(&columns.transfers),
        positive_adjustments: shown(&columns.increases),
        negative_adjustments: shown(&columns.decreases),
        closing: shown(&columns.closing()?),
    })
}

fn annual_lot(annual: &AnnualLot, offset: UtcOffset) -> Result<v1::AnnualLot, Fault> {
    let lot = &annual.lot;
    let admitted = lot.received_at.map(|(_, at)| offset.local(at).date());
    Ok(v1::AnnualLot {
        lot: annual.number.to_string(),
        status: annual.status.to_string(),
        document: lot.mover.number.to_string(),
        admitted_on: text(admitted.as_ref()),
        origin: lot.origin.to_string(),
        price: lot.price.to_string(),
        currency: lot.currency.to_string(),
        columns: Some(columns(&annual.columns)?),
        transfers_value_usd: annual.columns.transfers.get(Unit::Value).to_string(),
        closing_value_usd: annual.columns.closing()?.get(Unit::Value).to_string(),
    })
}

fn short_lot(short: &ShortLot) -> Result<v1::ShortLot, Fault> {
    Ok(v1::ShortLot {
        lot: text(short.lot.as_ref()),
        status: short.status.to_string(),
        short: short.short.to_string(),
        of: short.of.to_string(),
        percent: short.percent()?.to_string(),
        value_usd: short.value.to_string(),
        duty: text(short.duty.as_ref()),
    })
}

/// Which goods a bill is of: a day on which they were placed, how long they are gathered, months of their discharge.
///
/// # Errors
/// Names the field.
pub fn bill(request: &v1::ComputeDischargeRequest) -> Field<(Date, Aggregation, u32)> {
    let placed = read("placed_on", &request.placed_on, Date::parse)?;
    let aggregation = optional("aggregation", &request.aggregation, Aggregation::from_code)?;
    if !(1..=MONTHS_MAX).contains(&request.months) {
        return Err(FieldError::new("months", request.months, format!("1 to {MONTHS_MAX}")));
    }
    Ok((placed, aggregation.unwrap_or(Aggregation::Monthly), request.months))
}

/// A material in a bill.
///
/// # Errors
/// A sum is beyond the range of a number.
pub fn discharge_line(row: &BillRow) -> Result<v1::DischargeLine, Fault> {
    let products: Result<_, Fault> = row.products.iter().map(product).collect();
    let discharged = row.discharged.iter().map(|(what, gone)| (what.to_string(), gone.to_string()));
    Ok(v1::DischargeLine {
        number: row.item.number,
        part_no: row.described.part_no.to_string(),
        name: row.described.name.to_string(),
        tariff_code: row.described.tariff_code.to_string(),
        unit: row.described.units.declared.to_string(),
        placed: row.placed.to_string(),
        discharged: discharged.collect(),
        products: products?,
        remaining: row.remaining()?.to_string(),
    })
}

/// An item of a repair book, as far as it came from one side.
///
/// # Errors
/// A sum is beyond the range of a number.
pub fn repair_line(row: &RepairRow) -> Result<v1::RepairLine, Fault> {
    Ok(v1::RepairLine {
        mark: row.item.mark.to_string(),
        number: row.item.number,
        part_no: row.described.part_no.to_string(),
        name: row.described.name.to_string(),
        unit: row.described.units.declared.to_string(),
        provenance: text(row.provenance.as_ref()),
        fates: row.fates.iter().map(|(fate, quantity)| (fate.to_string(), quantity.to_string())).collect(),
        on_hand: row.on_hand.to_string(),
        difference: row.difference()?.to_string(),
    })
}

fn product((product, obtained): (&Product, &Obtained)) -> Result<v1::DischargeProduct, Fault> {
    Ok(v1::DischargeProduct {
        number: product.number,
        version: product.version.to_string(),
        discharge: product.discharge.to_string(),
        quantity: obtained.quantity.to_string(),
        covers: obtained.covers.to_string(),
        rate: obtained.rate.to_string(),
        per_unit_placed: obtained.rate.per_unit_placed()?.to_string(),
    })
}
