//! Documents as a caller sends them, made into the ledger's.

use crate::field::{Field, FieldError, amount, date, local_time, optional, quantity, read, required};
use crate::lot;
use crate::v1;
use zonebook_ledger::book::{BookKind, BookingMode, Regime, Usage};
use zonebook_ledger::code::{
    BillNo, BomVersion, BookNo, CreditCode, CustomsNo, DeclarationNo, DocumentNo, ListNo, LotNo, ModeCode,
    OfficeCode, ParcelNo, PartNo, PassNo, PermitNo, SealNo, SerialNo, SlipNo, TariffCode, UnitCode,
};
use zonebook_ledger::command::{ReturnOrder, StopOrder, StopTarget};
use zonebook_ledger::direction::{Direction, Mark, Stops};
use zonebook_ledger::document::{
    Binding, BomRow, BookFiling, BookRow, DeclarationNotice, DeclarationType, DutyMode, FlowType, LinkedType,
    List, ListLine, PassFiling, PassLine, PassVoid, PassageReport, PassageStage, Provenance, ResultLine,
    Weights,
};
use zonebook_ledger::item::{ItemKey, Units};
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::party::Party;
use zonebook_ledger::quantity::{Factor, Quantity};
use zonebook_ledger::zone::{Zone, ZoneKind};

pub(crate) fn each<T, R>(name: &str, values: &[T], convert: impl Fn(&T) -> Field<R>) -> Field<Vec<R>> {
    let numbered = values.iter().enumerate();
    numbered
        .map(|(index, value)| convert(value).map_err(|error| error.within(&format!("{name}[{index}]"))))
        .collect()
}

pub(crate) fn units(field: &str, units: Option<&v1::Units>) -> Field<Units> {
    let units = required(field, units)?;
    let inner = || {
        Ok(Units {
            declared: read("declared", &units.declared, UnitCode::new)?,
            statutory1: read("statutory1", &units.statutory1, UnitCode::new)?,
            statutory2: optional("statutory2", &units.statutory2, UnitCode::new)?,
        })
    };
    inner().map_err(|error: FieldError| error.within(field))
}

fn stops(stops: Option<&v1::Stops>) -> Stops {
    stops.map_or_else(Stops::default, |stops| Stops {
        inward: stops.inward,
        outward: stops.outward,
        changes: stops.changes,
    })
}

fn declaration_type(value: &str) -> Result<DeclarationType, &'static str> {
    match value {
        "1" => Ok(DeclarationType::Related),
        "2" => Ok(DeclarationType::Corresponding),
        _ => Err("1 or 2"),
    }
}

/// A list (`INV101`).
///
/// # Errors
/// Names the field.
pub fn list(wire: Option<&v1::InventoryList>) -> Field<List> {
    let wire = required("list", wire)?;
    list_fields(wire).map_err(|error| error.within("list"))
}

fn list_fields(wire: &v1::InventoryList) -> Field<List> {
    Ok(List {
        list_no: read("list_no", &wire.list_no, ListNo::new)?,
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        owner: read("owner", &wire.owner, CustomsNo::new)?,
        declared_at: local_time("declared_at", &wire.declared_at)?,
        direction: read("direction", &wire.direction, Direction::from_code)?,
        mark: read("mark", &wire.mark, Mark::from_code)?,
        kind: wire.kind.as_str().into(),
        mode: read("mode", &wire.mode, ModeCode::new)?,
        transport: wire.transport.as_str().into(),
        declared: wire.declared,
        declaration_type: optional("declaration_type", &wire.declaration_type, declaration_type)?,
        declaration_no: optional("declaration_no", &wire.declaration_no, DeclarationNo::new)?,
        related_company_complete: wire.related_company_complete,
        related_list: optional("related_list", &wire.related_list, ListNo::new)?,
        related_book: optional("related_book", &wire.related_book, BookNo::new)?,
        flow: optional("flow_type", &wire.flow_type, FlowType::from_code)?,
        exchanged_list: optional("exchanged_list", &wire.exchanged_list, ListNo::new)?,
        bill_no: optional("bill_no", &wire.bill_no, BillNo::new)?,
        permit_no: optional("permit_no", &wire.permit_no, PermitNo::new)?,
        slips: each("slips", &wire.slips, |number| read("number", number, SlipNo::new))?,
        parcels: each("parcels", &wire.parcels, |number| read("number", number, ParcelNo::new))?,
        lots: lot::named(&wire.lots)?,
        expiries: lot::expiries(&wire.expiries)?,
        lines: each("lines", &wire.lines, line)?,
        results: each("results", &wire.results, |result| {
            let goods = required("goods", result.goods.as_ref())?;
            let goods = line(goods).map_err(|error| error.within("goods"))?;
            Ok(ResultLine { permit_line: result.permit_line, goods })
        })?,
    })
}

fn line(wire: &v1::InventoryLine) -> Field<ListLine> {
    Ok(ListLine {
        line: wire.line,
        number: wire.number,
        part_no: read("part_no", &wire.part_no, PartNo::new)?,
        tariff_code: read("tariff_code", &wire.tariff_code, TariffCode::new)?,
        name: wire.name.as_str().into(),
        units: units("units", wire.units.as_ref())?,
        origin: wire.origin.as_str().into(),
        destination: wire.destination.as_str().into(),
        duty_mode: optional("duty_mode", &wire.duty_mode, DutyMode::from_code)?,
        declaration_line: wire.declaration_line,
        dangerous: wire.dangerous,
        declared: quantity("quantity_declared", &wire.quantity_declared)?,
        statutory1: quantity("quantity_statutory1", &wire.quantity_statutory1)?,
        statutory2: optional("quantity_statutory2", &wire.quantity_statutory2, Quantity::parse)?,
        value_usd: amount("value_usd", &wire.value_usd)?,
        price: amount("price", &wire.price)?,
        total: amount("total", &wire.total)?,
        currency: wire.currency.as_str().into(),
        gross: quantity("gross_weight", &wire.gross_weight)?,
        net: quantity("net_weight", &wire.net_weight)?,
        serial: optional("serial", &wire.serial, SerialNo::new)?,
        bom_version: optional("bom_version", &wire.bom_version, BomVersion::new)?,
        provenance: optional("provenance", &wire.provenance, Provenance::from_code)?,
    })
}

/// A line as a caller would have sent it.
#[must_use]
pub fn line_to_wire(line: &ListLine) -> v1::InventoryLine {
    v1::InventoryLine {
        line: line.line,
        number: line.number,
        part_no: line.part_no.to_string(),
        tariff_code: line.tariff_code.to_string(),
        name: line.name.to_string(),
        units: Some(units_to_wire(&line.units)),
        origin: line.origin.to_string(),
        quantity_declared: line.declared.to_string(),
        quantity_statutory1: line.statutory1.to_string(),
        quantity_statutory2: line.statutory2.map(|quantity| quantity.to_string()).unwrap_or_default(),
        value_usd: line.value_usd.to_string(),
        price: line.price.to_string(),
        total: line.total.to_string(),
        currency: line.currency.to_string(),
        gross_weight: line.gross.to_string(),
        net_weight: line.net.to_string(),
        serial: line.serial.as_ref().map(ToString::to_string).unwrap_or_default(),
        bom_version: line.bom_version.as_ref().map(ToString::to_string).unwrap_or_default(),
        dangerous: line.dangerous,
        provenance: line.provenance.as_ref().map(ToString::to_string).unwrap_or_default(),
        destination: line.destination.to_string(),
        duty_mode: line.duty_mode.map(|mode| mode.to_string()).unwrap_or_default(),
        declaration_line: line.declaration_line,
    }
}

pub(crate) fn units_to_wire(units: &Units) -> v1::Units {
    v1::Units {
        declared: units.declared.to_string(),
        statutory1: units.statutory1.to_string(),
        statutory2: units.statutory2.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

/// A pass (`SAS121`).
///
/// # Errors
/// Names the field.
pub fn pass(wire: Option<&v1::Pass>) -> Field<PassFiling> {
    let wire = required("pass", wire)?;
    pass_fields(wire).map_err(|error| error.within("pass"))
}

fn pass_fields(wire: &v1::Pass) -> Field<PassFiling> {
    Ok(PassFiling {
        pass_no: read("pass_no", &wire.pass_no, PassNo::new)?,
        office: read("office", &wire.office, OfficeCode::new)?,
        direction: read("direction", &wire.direction, Direction::from_code)?,
        binding: read("binding", &wire.binding, Binding::from_code)?,
        linked_type: read("linked_type", &wire.linked_type, LinkedType::from_code)?,
        linked: each("linked", &wire.linked, |number| read("number", number, DocumentNo::new))?,
        book_no: optional("book_no", &wire.book_no, BookNo::new)?,
        vehicle_no: wire.vehicle_no.as_str().into(),
        declared_at: local_time("declared_at", &wire.declared_at)?,
        seal_no: optional("seal_no", &wire.seal_no, SealNo::new)?,
        weights: wire.weights.as_ref().map(weights).transpose()?,
        lines: each("lines", &wire.lines, |line| {
            Ok(PassLine {
                line: line.line,
                linked_line: line.linked_line,
                part_no: optional("part_no", &line.part_no, PartNo::new)?,
                unit: optional("unit", &line.unit, UnitCode::new)?,
                declared: quantity("quantity_declared", &line.quantity_declared)?,
            })
        })?,
    })
}

fn weights(wire: &v1::PassWeights) -> Field<Weights> {
    let weight = |name: &str, text: &str| {
        if text.is_empty() { Ok(Quantity::ZERO) } else { quantity(name, text) }
    };
    let inner = || -> Field<Weights> {
        Ok(Weights {
            vehicle: weight("vehicle", &wire.vehicle)?,
            frame: weight("frame", &wire.frame)?,
            container: weight("container", &wire.container)?,
            goods: weight("goods", &wire.goods)?,
            total: weight("total", &wire.total)?,
        })
    };
    inner().map_err(|error| error.within("weights"))
}
/// The end of a pass (`SAS121`).
///
/// # Errors
/// Names the field.
pub fn pass_void(wire: &v1::VoidPassRequest) -> Field<PassVoid> {
    Ok(PassVoid { pass_no: read("pass_no", &wire.pass_no, PassNo::new)? })
}

/// A passage (`SAS223`).
///
/// # Errors
/// Names the field.
pub fn passage(wire: &v1::ReportPassageRequest) -> Field<PassageReport> {
    Ok(PassageReport {
        pass_no: read("pass_no", &wire.pass_no, PassNo::new)?,
        stage: match wire.status.as_str() {
            "3" => PassageStage::GateOne,
            "2" | "4" => PassageStage::Passed,
            "" => return Err(FieldError::new("status", "", "must be given: 2, 3 or 4")),
            _ => PassageStage::Other,
        },
        passed_at: if wire.passed_at.is_empty() {
            None
        } else {
            Some(local_time("passed_at", &wire.passed_at)?)
        },
        collected: if wire.collected_weight.is_empty() {
            None
        } else {
            Some(quantity("collected_weight", &wire.collected_weight)?)
        },
    })
}

/// A notice about a declaration (`DEC_RESULT`; `RULES.md` 8.5).
///
/// # Errors
/// Names the field.
pub fn notice(wire: &v1::ReleaseDeclarationRequest) -> Field<DeclarationNotice> {
    Ok(DeclarationNotice {
        declaration_no: read("declaration_no", &wire.declaration_no, DeclarationNo::new)?,
        releases: matches!(wire.channel.as_str(), "P" | "R"),
        channel: wire.channel.as_str().into(),
        noticed_at: local_time("noticed_at", &wire.noticed_at)?,
    })
}

/// A book (`BWS101`, `EMS111`).
///
/// # Errors
/// Names the field.
pub fn book(wire: Option<&v1::BookFiling>) -> Field<BookFiling> {
    let wire = required("book", wire)?;
    book_fields(wire).map_err(|error| error.within("book"))
}

fn book_fields(wire: &v1::BookFiling) -> Field<BookFiling> {
    let kind = optional("kind", &wire.kind, BookKind::from_code)?.unwrap_or(BookKind::Logistics);
    let booking_mode = match kind {
        BookKind::Logistics => read("booking_mode", &wire.booking_mode, BookingMode::from_code)?,
        BookKind::Processing => BookingMode::Accumulating,
    };
    let zone_kind = match kind {
        BookKind::Logistics => Some(read("zone_kind", &wire.zone_kind, ZoneKind::from_code)?),
        BookKind::Processing => optional("zone_kind", &wire.zone_kind, ZoneKind::from_code)?,
    };
    Ok(BookFiling {
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        kind,
        change_no: wire.change_no,
        office: read("office", &wire.office, OfficeCode::new)?,
        zone_kind,
        owner: read("owner", &wire.owner, CustomsNo::new)?,
        usage: read("usage", &wire.usage, Usage::from_code)?,
        regime: optional("regime", &wire.regime, Regime::from_code)?,
        booking_mode,
        valid_until: date("valid_until", &wire.valid_until)?,
        declared_at: local_time("declared_at", &wire.declared_at)?,
        rows: each("rows", &wire.rows, book_row)?,
        bom: each("bom", &wire.bom, bom_row)?,
    })
}

fn book_row(wire: &v1::BookRow) -> Field<BookRow> {
    let none = v1::Measure::default();
    let opening = wire.opening.as_ref().unwrap_or(&none);
    Ok(BookRow {
        mark: optional("mark", &wire.mark, Mark::from_code)?.unwrap_or(Mark::Goods),
        number: wire.number,
        amended: wire.amended,
        part_no: read("part_no", &wire.part_no, PartNo::new)?,
        tariff_code: read("tariff_code", &wire.tariff_code, TariffCode::new)?,
        name: wire.name.as_str().into(),
        units: units("units", wire.units.as_ref())?,
        lot: optional("lot", &wire.lot, LotNo::new)?,
        serial: optional("serial", &wire.serial, SerialNo::new)?,
        tracked_by_serial: wire.tracked_by_serial,
        opening_declared: quantity("opening.declared", &opening.declared)?,
        opening_statutory1: quantity("opening.statutory1", &opening.statutory1)?,
        opening_statutory2: quantity("opening.statutory2", &opening.statutory2)?,
        opening_value: amount("opening.value_usd", &opening.value_usd)?,
        stops: stops(wire.stops.as_ref()),
    })
}

fn bom_row(wire: &v1::BomRow) -> Field<BomRow> {
    let factor = |field: &str, value: &str| {
        if value.is_empty() { Ok(Factor::ZERO) } else { read(field, value, Factor::parse) }
    };
    Ok(BomRow {
        amended: wire.amended,
        product: wire.product,
        version: read("version", &wire.version, BomVersion::new)?,
        material: wire.material,
        net: factor("net", &wire.net)?,
        tangible_loss: factor("tangible_loss", &wire.tangible_loss)?,
        intangible_loss: factor("intangible_loss", &wire.intangible_loss)?,
        bonded_share: factor("bonded_share", &wire.bonded_share)?,
        unit_consumption: factor("unit_consumption", &wire.unit_consumption)?,
    })
}

/// A zone.
///
/// # Errors
/// Names the field.
pub fn zone(wire: &v1::DefineZoneRequest) -> Field<Zone> {
    Ok(Zone {
        office: read("office", &wire.office, OfficeCode::new)?,
        kind: read("kind", &wire.kind, ZoneKind::from_code)?,
        name_zh: wire.name_zh.as_str().into(),
        name_en: wire.name_en.as_str().into(),
    })
}

/// An enterprise.
///
/// # Errors
/// Names the field.
pub fn party(wire: &v1::DefinePartyRequest) -> Field<Party> {
    Ok(Party {
        customs_no: read("customs_no", &wire.customs_no, CustomsNo::new)?,
        credit_code: read("credit_code", &wire.credit_code, CreditCode::new)?,
        office: read("office", &wire.office, OfficeCode::new)?,
        role: wire.role.as_str().into(),
        name_zh: wire.name_zh.as_str().into(),
        name_en: wire.name_en.as_str().into(),
    })
}

/// An enterprise as it stands.
#[must_use]
pub fn party_status(party: &Party) -> v1::Party {
    v1::Party {
        customs_no: party.customs_no.to_string(),
        credit_code: party.credit_code.to_string(),
        office: party.office.to_string(),
        role: party.role.to_string(),
        name_zh: party.name_zh.to_string(),
        name_en: party.name_en.to_string(),
    }
}

/// A parameter and the day from which its value holds.
///
/// # Errors
/// Names the field.
pub fn parameter(wire: &v1::SetParameterRequest) -> Field<ParameterValue> {
    Ok(ParameterValue {
        parameter: read("parameter", &wire.parameter, Parameter::from_code)?,
        from: date("from", &wire.from)?,
        value: read("value", &wire.value, Quantity::parse)?,
    })
}

/// A stop.
///
/// # Errors
/// Names the field.
pub fn stop_order(wire: &v1::SetStopsRequest) -> Field<StopOrder> {
    let book_no = read("book_no", &wire.book_no, BookNo::new)?;
    let target = match &wire.item {
        None => StopTarget::Book(book_no),
        Some(item) => {
            let mark = read("item.mark", &item.mark, Mark::from_code)?;
            StopTarget::Item(ItemKey { book_no, mark, number: item.number })
        }
    };
    Ok(StopOrder { target, stops: stops(wire.stops.as_ref()), reason: wire.reason.as_str().into() })
}

/// A return.
///
/// # Errors
/// Names the field.
pub fn return_order(wire: &v1::ReturnMovementRequest) -> Field<ReturnOrder> {
    let list_no = read("list_no", &wire.list_no, ListNo::new)?;
    Ok(ReturnOrder { list_no, reason: wire.reason.as_str().into() })
}
