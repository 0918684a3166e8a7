//! Work orders: as a caller sends them, and as they stand.

use crate::document::each;
use crate::field::{Field, FieldError, local_time, optional, quantity, read, required};
use crate::lot;
use crate::settlement::numbered;
use crate::v1;
use crate::value::{local, measure, text, timestamp};
use v1::work_order_event::Event;
use zonebook_ledger::code::{BomVersion, BookNo, CustomsNo, PartNo, TariffCode, UnitCode, WorkOrderNo};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{
    OrderEvent, OrderGoods, OrderOutput, OrderProduct, OrderQuantities, OrderReport, OrderResidue, OrderUse,
    PlannedProduct, WorkOrderFiling, WorkOrderOpening, WorkOrderStep,
};
use zonebook_ledger::item::ResidueKind;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::production::ComparedUse;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::work_order::{OrderEntry, WorkOrder};

/// A work order to open.
///
/// # Errors
/// Names the field.
pub fn opening(request: &v1::OpenWorkOrderRequest) -> Field<WorkOrderFiling> {
    let wire = required("order", request.order.as_ref())?;
    opening_fields(wire).map_err(|error| error.within("order"))
}

fn opening_fields(wire: &v1::WorkOrder) -> Field<WorkOrderFiling> {
    let products = each("products", &wire.products, |product| {
        Ok(PlannedProduct {
            line: 0,
            number: product.number,
            declared: quantity("quantity_declared", &product.quantity_declared)?,
            bom_version: optional("bom_version", &product.bom_version, BomVersion::new)?,
        })
    })?;
    let opening = WorkOrderOpening {
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        owner: read("owner", &wire.owner, CustomsNo::new)?,
        declared_at: local_time("declared_at", &wire.declared_at)?,
        products: numbered(products, |product| &mut product.line),
    };
    let order_no = read("order_no", &wire.order_no, WorkOrderNo::new)?;
    Ok(WorkOrderFiling { order_no, step: WorkOrderStep::Open(opening) })
}

/// An event of a work order.
///
/// # Errors
/// Names the field.
pub fn report(request: &v1::ReportWorkOrderRequest) -> Field<WorkOrderFiling> {
    let order_no = read("order_no", &request.order_no, WorkOrderNo::new)?;
    let wire = required("event", request.event.as_ref())?;
    let inner = || -> Field<OrderReport> {
        Ok(OrderReport {
            event_no: wire.event_no,
            reported_at: local_time("reported_at", &wire.reported_at)?,
            event: event(required("event", wire.event.as_ref())?)?,
            lots: lot::named(&wire.lots)?,
        })
    };
    let report = inner().map_err(|error: FieldError| error.within("event"))?;
    Ok(WorkOrderFiling { order_no, step: WorkOrderStep::Report(report) })
}

fn event(wire: &Event) -> Field<OrderEvent> {
    let goods = |list: &v1::WorkGoodsList, name: &str| {
        let lines = each("goods", &list.goods, goods).map_err(|error| error.within(name))?;
        Ok(numbered(lines, |line| &mut line.line))
    };
    Ok(match wire {
        Event::Issue(list) => OrderEvent::Issue(goods(list, "issue")?),
        Event::Return(list) => OrderEvent::Return(goods(list, "return")?),
        Event::Output(wire) => {
            OrderEvent::Output(output(wire).map_err(|error: FieldError| error.within("output"))?)
        }
        Event::Counter(counter) => {
            OrderEvent::Counter { cites: counter.cites, reason: counter.reason.as_str().into() }
        }
    })
}

fn goods(wire: &v1::WorkGoods) -> Field<OrderGoods> {
    Ok(OrderGoods {
        line: 0,
        mark: optional("mark", &wire.mark, Mark::from_code)?.unwrap_or(Mark::Goods),
        number: wire.number,
        quantities: quantities(wire.quantities.as_ref())?,
    })
}

fn quantities(wire: Option<&v1::WorkQuantities>) -> Field<OrderQuantities> {
    let wire = required("quantities", wire)?;
    let inner = || -> Field<OrderQuantities> {
        Ok(OrderQuantities {
            declared: quantity("declared", &wire.declared)?,
            statutory1: optional("statutory1", &wire.statutory1, Quantity::parse)?,
            statutory2: optional("statutory2", &wire.statutory2, Quantity::parse)?,
        })
    };
    inner().map_err(|error: FieldError| error.within("quantities"))
}

fn output(wire: &v1::WorkOutput) -> Field<OrderOutput> {
    let used = each("used", &wire.used, |used| {
        Ok(OrderUse { goods: goods(required("goods", used.goods.as_ref())?)?, product: used.product })
    })?;
    let products = each("products", &wire.products, |made| {
        let quantities = quantities(made.quantities.as_ref())?;
        Ok(OrderProduct { line: 0, number: made.number, quantities })
    })?;
    let residues = each("residues", &wire.residues, |left| {
        Ok(OrderResidue {
            line: 0,
            number: left.number,
            kind: read("kind", &left.kind, ResidueKind::from_code)?,
            part_no: read("part_no", &left.part_no, PartNo::new)?,
            tariff_code: read("tariff_code", &left.tariff_code, TariffCode::new)?,
            name: left.name.as_str().into(),
            unit: read("unit", &left.unit, UnitCode::new)?,
            declared: quantity("quantity_declared", &left.quantity_declared)?,
        })
    })?;
    Ok(OrderOutput {
        used: numbered(used, |used| &mut used.goods.line),
        products: numbered(products, |made| &mut made.line),
        residues: numbered(residues, |left| &mut left.line),
    })
}

/// The end of a work order.
///
/// # Errors
/// Names the field.
pub fn closing(request: &v1::CloseWorkOrderRequest) -> Field<WorkOrderFiling> {
    let closed_at = local_time("closed_at", &request.closed_at)?;
    let step = WorkOrderStep::Close { event_no: request.event_no, closed_at };
    Ok(WorkOrderFiling { order_no: read("order_no", &request.order_no, WorkOrderNo::new)?, step })
}

/// A work order as it stands.
#[must_use]
pub fn status(order_no: &WorkOrderNo, order: &WorkOrder) -> v1::WorkOrderStatus {
    let products = order.opening.products.iter().map(|product| v1::PlannedProduct {
        number: product.number,
        quantity_declared: product.declared.to_string(),
        bom_version: text(product.bom_version.as_ref()),
    });
    let filed = v1::WorkOrder {
        order_no: order_no.to_string(),
        book_no: order.opening.book_no.to_string(),
        owner: order.opening.owner.to_string(),
        declared_at: local(Some(order.opening.declared_at)),
        products: products.collect(),
    };
    let goods = order.goods.iter().map(|((mark, number), stock)| v1::WorkStock {
        mark: mark.to_string(),
        number: *number,
        issued: Some(measure(&stock.issued)),
        returned: Some(measure(&stock.returned)),
        used: Some(measure(&stock.used)),
        in_process: stock.in_process().as_ref().map(measure),
    });
    let made = |mark: Mark| {
        move |(number, made): (&u64, &Measure)| v1::WorkMade {
            mark: mark.to_string(),
            number: *number,
            made: Some(measure(made)),
        }
    };
    let products = order.products.iter().map(made(Mark::Product));
    let residues = order.residues.iter().map(made(Mark::Residue));
    v1::WorkOrderStatus {
        order: Some(filed),
        state: order.state.to_string(),
        events: order.events,
        goods: goods.collect(),
        made: products.chain(residues).collect(),
        opened_time: Some(timestamp(order.opened_time)),
        closed_time: order.closed_time.map(timestamp),
    }
}

fn quantities_to_wire(quantities: &OrderQuantities) -> v1::WorkQuantities {
    v1::WorkQuantities {
        declared: quantities.declared.to_string(),
        statutory1: text(quantities.statutory1.as_ref()),
        statutory2: text(quantities.statutory2.as_ref()),
    }
}

fn goods_to_wire(goods: &OrderGoods) -> v1::WorkGoods {
    v1::WorkGoods {
        mark: goods.mark.to_string(),
        number: goods.number,
        quantities: Some(quantities_to_wire(&goods.quantities)),
    }
}

fn event_to_wire(event: &OrderEvent) -> Event {
    let list = |lines: &[OrderGoods]| v1::WorkGoodsList { goods: lines.iter().map(goods_to_wire).collect() };
    match event {
        OrderEvent::Issue(lines) => Event::Issue(list(lines)),
        OrderEvent::Return(lines) => Event::Return(list(lines)),
        OrderEvent::Output(output) => Event::Output(output_to_wire(output)),
        OrderEvent::Counter { cites, reason } => {
            Event::Counter(v1::WorkCounter { cites: *cites, reason: reason.to_string() })
        }
    }
}

fn output_to_wire(output: &OrderOutput) -> v1::WorkOutput {
    let used = output
        .used
        .iter()
        .map(|used| v1::WorkUse { goods: Some(goods_to_wire(&used.goods)), product: used.product });
    let products = output.products.iter().map(|made| v1::WorkProduct {
        number: made.number,
        quantities: Some(quantities_to_wire(&made.quantities)),
    });
    let residues = output.residues.iter().map(|left| v1::WorkResidue {
        number: left.number,
        kind: left.kind.to_string(),
        part_no: left.part_no.to_string(),
        tariff_code: left.tariff_code.to_string(),
        name: left.name.to_string(),
        unit: left.unit.to_string(),
        quantity_declared: left.declared.to_string(),
    });
    v1::WorkOutput { used: used.collect(), products: products.collect(), residues: residues.collect() }
}

/// An event that was accepted.
#[must_use]
pub fn entry(entry: &OrderEntry) -> v1::AcceptedWorkOrderEvent {
    v1::AcceptedWorkOrderEvent {
        event: Some(v1::WorkOrderEvent {
            event_no: entry.filed.event_no,
            reported_at: local(Some(entry.filed.reported_at)),
            event: Some(event_to_wire(&entry.filed.event)),
            lots: entry.filed.lots.iter().map(lot::name).collect(),
        }),
        countered_by: entry.countered_by,
        posted_time: Some(timestamp(entry.posted_time)),
    }
}

/// Actual beside filed use.
#[must_use]
pub fn comparison(row: &ComparedUse) -> v1::ConsumptionComparison {
    v1::ConsumptionComparison {
        product: row.of.product,
        bom_version: text(row.of.version.as_ref()),
        made: row.made.to_string(),
        mark: row.mark.to_string(),
        number: row.number,
        actual: row.actual.to_string(),
        actual_unit: text(row.actual_unit.as_ref()),
        filed: row.filed.to_string(),
        filed_unit: text(row.filed_unit.as_ref()),
        difference: row.difference.to_string(),
    }
}
