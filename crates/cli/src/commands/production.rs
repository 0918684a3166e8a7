//! `work-order` and `research`.

use super::{all_pages, filed, show_outcome};
use crate::arguments::{Online, Period, Research, WorkOrder};
use crate::failure::Failure;
use crate::moment;
use crate::output::{self, Column, Format};
use zonebook_api::v1;
use zonebook_api::v1::work_order_event::Event;
use zonebook_ledger::time::LocalTime;

const ORDERS: &[Column<'static>] = &[
    Column("order_no", "/order/order_no"),
    Column("book", "/order/book_no"),
    Column("state", "/state"),
    Column("events", "/events"),
    Column("opened", "/opened_time"),
    Column("closed", "/closed_time"),
];

const GOODS: &[Column<'static>] = &[
    Column("mark", "/mark"),
    Column("item", "/number"),
    Column("issued", "/issued/declared"),
    Column("returned", "/returned/declared"),
    Column("used", "/used/declared"),
    Column("in_process", "/in_process/declared"),
];

const MADE: &[Column<'static>] =
    &[Column("mark", "/mark"), Column("item", "/number"), Column("made", "/made/declared")];

const EVENTS: &[Column<'static>] = &[
    Column("event", "/event/event_no"),
    Column("reported", "/event/reported_at"),
    Column("issue", "/event/issue"),
    Column("return", "/event/return"),
    Column("output", "/event/output"),
    Column("counter", "/event/counter"),
    Column("countered_by", "/countered_by"),
    Column("posted", "/posted_time"),
];

const COMPARISONS: &[Column<'static>] = &[
    Column("product", "/product"),
    Column("version", "/bom_version"),
    Column("made", "/made"),
    Column("mark", "/mark"),
    Column("item", "/number"),
    Column("actual", "/actual"),
    Column("actual_unit", "/actual_unit"),
    Column("filed", "/filed"),
    Column("filed_unit", "/filed_unit"),
    Column("difference", "/difference"),
];

const USES: &[Column<'static>] = &[
    Column("project", "/slip/research/project"),
    Column("consumption_no", "/slip/consumption_no"),
    Column("evidence", "/slip/research/evidence"),
    Column("materials", "/slip/materials"),
    Column("prototypes", "/slip/research/prototypes"),
    Column("residues", "/slip/residues"),
    Column("revision", "/accepted_revision"),
    Column("posted", "/posted_time"),
];

const TOTALS: &[Column<'static>] = &[
    Column("project", "/project"),
    Column("mark", "/mark"),
    Column("item", "/number"),
    Column("declared", "/quantity_declared"),
    Column("records", "/records"),
];

/// A time as documents write it.
fn local(option: &str, text: &str) -> Result<LocalTime, Failure> {
    LocalTime::parse(text)
        .map_err(|error| Failure::usage(format!("{option} {text}: not a time YYYY-MM-DDThh:mm:ss: {error}")))
}

pub async fn work_order(online: &Online, command: WorkOrder) -> Result<(), Failure> {
    let client = online.client();
    match command {
        WorkOrder::Open { file, change } => {
            let order = filed("WorkOrder", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::OpenWorkOrderRequest { request_id, validate_only, order };
            show_outcome(online, client.open_work_order(request).await?.outcome)
        }
        WorkOrder::Report { order_no, file, change } => {
            let event = filed("WorkOrderEvent", &file)?;
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ReportWorkOrderRequest { request_id, validate_only, order_no, event };
            show_outcome(online, client.report_work_order(request).await?.outcome)
        }
        WorkOrder::Counter { order_no, cites, event_no, at, reason, change } => {
            let reported_at = local("--at", &at)?.to_string();
            let event = Some(Event::Counter(v1::WorkCounter { cites, reason }));
            let event = Some(v1::WorkOrderEvent { event_no, reported_at, event, lots: Vec::new() });
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request = v1::ReportWorkOrderRequest { request_id, validate_only, order_no, event };
            show_outcome(online, client.report_work_order(request).await?.outcome)
        }
        WorkOrder::Close { order_no, event_no, at, change } => {
            let closed_at = local("--at", &at)?.to_string();
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::CloseWorkOrderRequest { request_id, validate_only, order_no, event_no, closed_at };
            show_outcome(online, client.close_work_order(request).await?.outcome)
        }
        WorkOrder::Get { order_no } => {
            let request = v1::GetWorkOrderRequest { order_no, consistency: None };
            let order = client.get_work_order(request).await?.order.unwrap_or_default();
            output::one(online.output, ORDERS, "WorkOrderStatus", &order)?;
            if online.output == Format::Json {
                return Ok(());
            }
            output::many(online.output, GOODS, "WorkStock", &order.goods)?;
            output::many(online.output, MADE, "WorkMade", &order.made)
        }
        WorkOrder::List { book_no } => {
            let request = v1::ListWorkOrdersRequest { book_no, ..Default::default() };
            let found = all_pages!(client, list_work_orders, request, orders);
            output::many(online.output, ORDERS, "WorkOrderStatus", &found)
        }
        WorkOrder::Events { order_no } => {
            let request = v1::ListWorkOrderEventsRequest { order_no, ..Default::default() };
            let found = all_pages!(client, list_work_order_events, request, events);
            output::many(online.output, EVENTS, "AcceptedWorkOrderEvent", &found)
        }
        WorkOrder::Compare { book, order, product } => {
            let request = v1::ListConsumptionComparisonsRequest {
                book_no: book.unwrap_or_default(),
                order_no: order.unwrap_or_default(),
                product,
                ..Default::default()
            };
            let found = all_pages!(client, list_consumption_comparisons, request, comparisons);
            output::many(online.output, COMPARISONS, "ConsumptionComparison", &found)
        }
    }
}

fn period(said: &Period) -> Result<Option<v1::ResearchPeriod>, Failure> {
    let end = |option: &str, text: Option<&str>| {
        text.map(|text| local(option, text).map(moment::instant)).transpose()
    };
    let (from, until) = (end("--from", said.from.as_deref())?, end("--until", said.until.as_deref())?);
    Ok(Some(v1::ResearchPeriod { from, until }))
}

pub async fn research(online: &Online, command: Research) -> Result<(), Failure> {
    let client = online.client();
    match command {
        Research::List { book_no, period: said } => {
            let period = period(&said)?;
            let project = said.project.unwrap_or_default();
            let request = v1::ListResearchUsesRequest { book_no, project, period, ..Default::default() };
            let found = all_pages!(client, list_research_uses, request, uses);
            output::many(online.output, USES, "ResearchUse", &found)
        }
        Research::Report { book_no, period: said } => {
            let period = period(&said)?;
            let project = said.project.unwrap_or_default();
            let request = v1::ListProjectTotalsRequest { book_no, project, period, ..Default::default() };
            let found = all_pages!(client, list_project_totals, request, totals);
            output::many(online.output, TOTALS, "ProjectTotal", &found)
        }
    }
}
