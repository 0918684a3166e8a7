//! Work orders, research and goods by status: what callers send becomes what the ledger takes, and comes back as it was.

use zonebook_api::v1::work_order_event::Event;
use zonebook_api::{document, goods_status, settlement, v1, work_order};
use zonebook_ledger::book::Regime;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{FlowType, OrderEvent, PassType, WorkOrderStep};
use zonebook_ledger::item::ResidueKind;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::settlement::{Consumption, ConsumptionStanding};
use zonebook_ledger::status::{Registration, StatusChange};
use zonebook_ledger::time::Instant;
use zonebook_ledger::work_order::OrderEntry;

fn units() -> v1::Units {
    v1::Units { declared: "007".into(), statutory1: "035".into(), statutory2: String::new() }
}

fn quantities(declared: &str) -> Option<v1::WorkQuantities> {
    Some(v1::WorkQuantities {
        declared: declared.into(),
        statutory1: "2.5".into(),
        statutory2: String::new(),
    })
}

fn goods(number: u64) -> v1::WorkGoods {
    v1::WorkGoods { mark: "E".into(), number, quantities: quantities("12.5") }
}

fn order() -> v1::WorkOrder {
    let planned = v1::PlannedProduct { number: 1, quantity_declared: "100".into(), bom_version: "V1".into() };
    v1::WorkOrder {
        order_no: "WO1".into(),
        book_no: "H51652600008".into(),
        owner: "5165960001".into(),
        declared_at: "2026-06-11 08:30:00".into(),
        products: vec![planned.clone(), v1::PlannedProduct { bom_version: String::new(), ..planned }],
    }
}

fn opened(change: impl FnOnce(&mut v1::WorkOrder)) -> v1::OpenWorkOrderRequest {
    let mut order = order();
    change(&mut order);
    v1::OpenWorkOrderRequest { request_id: String::new(), validate_only: false, order: Some(order) }
}

fn reported(event: Event) -> v1::ReportWorkOrderRequest {
    let reported_at = "2026-06-11 12:00:00".into();
    v1::ReportWorkOrderRequest {
        request_id: String::new(),
        validate_only: false,
        order_no: "WO1".into(),
        event: Some(v1::WorkOrderEvent { event_no: 3, reported_at, event: Some(event), lots: lots() }),
    }
}

fn lots() -> Vec<v1::NamedLot> {
    vec![v1::NamedLot { line: 1, material: None, lot: "QD9/1".into() }]
}

fn output() -> v1::WorkOutput {
    let residue = v1::WorkResidue {
        number: 11,
        kind: "BY_PRODUCT".into(),
        part_no: "LEFT".into(),
        tariff_code: "6310100000".into(),
        name: "碎布".into(),
        unit: "035".into(),
        quantity_declared: "0.5".into(),
    };
    v1::WorkOutput {
        used: vec![
            v1::WorkUse { goods: Some(goods(1)), product: Some(1) },
            v1::WorkUse { goods: Some(goods(2)), product: None },
        ],
        products: vec![v1::WorkProduct { number: 1, quantities: quantities("40") }],
        residues: vec![residue],
    }
}

#[test]
fn an_order_is_read_line_by_line() {
    let filing = work_order::opening(&opened(|_| {})).unwrap();
    let WorkOrderStep::Open(opening) = filing.step else { panic!("it opens an order") };
    let lines: Vec<_> = opening.products.iter().map(|product| product.line).collect();
    assert_eq!(lines, [1, 2]);
    assert_eq!(opening.products[1].bom_version, None);
    let wrong = |change: fn(&mut v1::WorkOrder)| work_order::opening(&opened(change)).unwrap_err().field;
    assert_eq!(wrong(|order| order.order_no.clear()), "order.order_no");
    assert_eq!(
        wrong(|order| order.products[1].quantity_declared = "1e3".into()),
        "order.products[1].quantity_declared"
    );
    let nothing = v1::OpenWorkOrderRequest { order: None, ..opened(|_| {}) };
    assert_eq!(work_order::opening(&nothing).unwrap_err().field, "order");
}

#[test]
fn every_event_comes_back_as_it_was() {
    let list = v1::WorkGoodsList { goods: vec![goods(1), goods(2)] };
    let counter = v1::WorkCounter { cites: 2, reason: "清点有误".into() };
    for event in
        [Event::Issue(list.clone()), Event::Return(list), Event::Output(output()), Event::Counter(counter)]
    {
        let request = reported(event);
        let WorkOrderStep::Report(filed) = work_order::report(&request).unwrap().step else {
            panic!("it reports an event")
        };
        let entry =
            OrderEntry { filed, moves: Vec::new(), countered_by: Some(4), posted_time: Instant(1_000) };
        let back = work_order::entry(&entry);
        assert_eq!(back.event, request.event);
        assert_eq!(back.countered_by, Some(4));
    }
}

#[test]
fn what_is_wrong_with_an_event_is_named() {
    let field = |event: Event| work_order::report(&reported(event)).unwrap_err().field;
    let issue = |change: fn(&mut v1::WorkGoods)| {
        let mut wrong = goods(2);
        change(&mut wrong);
        Event::Issue(v1::WorkGoodsList { goods: vec![goods(1), wrong] })
    };
    assert_eq!(field(issue(|goods| goods.mark = "X".into())), "event.issue.goods[1].mark");
    assert_eq!(field(issue(|goods| goods.quantities = None)), "event.issue.goods[1].quantities");
    let out = |change: fn(&mut v1::WorkOutput)| {
        let mut output = output();
        change(&mut output);
        Event::Output(output)
    };
    assert_eq!(
        field(out(|output| output.residues[0].kind = "WASTE".into())),
        "event.output.residues[0].kind"
    );
    assert_eq!(field(out(|output| output.used[1].goods = None)), "event.output.used[1].goods");
    let nothing = v1::ReportWorkOrderRequest { event: None, ..reported(Event::Output(output())) };
    assert_eq!(work_order::report(&nothing).unwrap_err().field, "event");
    let plain = v1::WorkGoods { mark: String::new(), ..goods(1) };
    let request = reported(Event::Issue(v1::WorkGoodsList { goods: vec![plain] }));
    let WorkOrderStep::Report(filed) = work_order::report(&request).unwrap().step else {
        panic!("it reports an event")
    };
    let OrderEvent::Issue(lines) = filed.event else { panic!("goods are issued") };
    assert_eq!((lines[0].line, lines[0].mark), (1, Mark::Goods));
    let end = v1::CloseWorkOrderRequest { order_no: "WO1".into(), event_no: 5, ..Default::default() };
    assert_eq!(work_order::closing(&end).unwrap_err().field, "closed_at");
}

fn line(number: u64) -> v1::StatusGoods {
    v1::StatusGoods {
        line: 1,
        number,
        part_no: "P-1".into(),
        tariff_code: "8542310000".into(),
        name: "处理器".into(),
        units: Some(units()),
        quantity_declared: "12.5".into(),
        quantity_statutory1: "0.5".into(),
        quantity_statutory2: String::new(),
        value_usd: "99".into(),
    }
}

#[test]
fn registrations_and_changes_of_status_come_back_as_they_were() {
    let wire = v1::Registration {
        registration_no: "G1".into(),
        book_no: "B5165W000001".into(),
        owner: "5165960001".into(),
        pass_type: "5".into(),
        direction: "I".into(),
        vehicle_no: "沪A10001".into(),
        passed_at: "2026-06-11 08:30:00".into(),
        lines: vec![line(3)],
        lots: lots(),
    };
    let filed = goods_status::registration_filing(Some(&wire)).unwrap();
    assert_eq!(filed.pass_type, PassType::GateRegistered);
    let back = goods_status::registration(&Registration { filed, posted_time: Instant(0) });
    assert_eq!(back.registration.as_ref(), Some(&wire));
    let odd = v1::Registration { pass_type: "3".into(), ..wire };
    assert_eq!(goods_status::registration_filing(Some(&odd)).unwrap_err().field, "registration.pass_type");

    let wire = v1::StatusChange {
        status_change_no: "H1".into(),
        from_book: "B5165W000001".into(),
        to_book: "T5165W000001".into(),
        owner: "5165960001".into(),
        declared_at: "2026-06-11 08:30:00".into(),
        declaration_no: "516520260000000001".into(),
        lines: vec![v1::StatusChangeLine { goods: Some(line(3)), to_number: 9 }],
        lots: lots(),
    };
    let filed = goods_status::status_change_filing(Some(&wire)).unwrap();
    let back = goods_status::status_change(&StatusChange { filed, posted_time: Instant(0) });
    assert_eq!(back.change.as_ref(), Some(&wire));
    let odd = v1::StatusChange { lines: vec![v1::StatusChangeLine::default()], ..wire.clone() };
    assert_eq!(goods_status::status_change_filing(Some(&odd)).unwrap_err().field, "change.lines[0].goods");
    let undeclared = v1::StatusChange { declaration_no: String::new(), ..wire };
    assert_eq!(
        goods_status::status_change_filing(Some(&undeclared)).unwrap_err().field,
        "change.declaration_no"
    );
}

fn slip() -> v1::ConsumptionSlip {
    let residue = v1::Residue {
        number: 1,
        tariff_code: "6310100000".into(),
        name: "碎布".into(),
        unit: "035".into(),
        quantity_declared: "1".into(),
        serial: String::new(),
        kind: "DEFECTIVE".into(),
        item: Some(21),
    };
    let prototype = v1::Prototype {
        number: 1,
        quantity_declared: "2".into(),
        quantity_statutory1: "0.5".into(),
        quantity_statutory2: String::new(),
    };
    v1::ConsumptionSlip {
        lots: Vec::new(),
        consumption_no: "C1".into(),
        book_no: "H51652600006".into(),
        owner: "5165960001".into(),
        declared_at: "2026-06-11 08:30:00".into(),
        part_swap: false,
        lists: Vec::new(),
        materials: vec![v1::UsedMaterial { number: 1, quantity_declared: "5".into() }],
        residues: vec![residue],
        research: Some(v1::Research {
            project: "LIDAR".into(),
            evidence: "sha256:9f86d081".into(),
            prototypes: vec![prototype],
        }),
    }
}

#[test]
fn research_and_residues_come_back_as_they_were() {
    let filed = settlement::consumption_filing(Some(&slip())).unwrap();
    assert_eq!((filed.residues[0].kind, filed.residues[0].item), (Some(ResidueKind::Defective), Some(21)));
    let kept = Consumption { filed, posted_time: Instant(0) };
    let answered = settlement::consumption(&kept, None, Revision(1));
    assert_eq!((answered.state.as_str(), answered.change_no, answered.slip), ("POSTED", 0, Some(slip())));
    let standing = ConsumptionStanding {
        state: DocumentState::Cancelled,
        version: 2,
        moves: Vec::new(),
        accepted_at: Revision(1),
    };
    let answered = settlement::consumption(&kept, Some(&standing), Revision(1));
    assert_eq!((answered.state.as_str(), answered.change_no), ("CANCELLED", 2));
    for (clear, field) in [
        ((|research| research.project.clear()) as fn(&mut v1::Research), "slip.research.project"),
        (|research| research.evidence.clear(), "slip.research.evidence"),
        (
            |research| research.prototypes[0].quantity_declared = "x".into(),
            "slip.research.prototypes[0].quantity_declared",
        ),
    ] {
        let mut wrong = slip();
        clear(wrong.research.as_mut().unwrap());
        assert_eq!(settlement::consumption_filing(Some(&wrong)).unwrap_err().field, field);
    }
    let far = prost_types::Timestamp { seconds: i64::MAX, nanos: 0 };
    let period = v1::ResearchPeriod { from: None, until: Some(far) };
    assert_eq!(settlement::period(Some(&period)).unwrap_err().field, "period.until");
    assert_eq!(settlement::period(None).unwrap(), (None, None));
}

#[test]
fn regimes_flows_and_exchanges_are_read() {
    let book = v1::BookFiling {
        book_no: "H51652600008".into(),
        kind: "EMS".into(),
        office: "5165".into(),
        owner: "5165960001".into(),
        usage: "PROCESSING".into(),
        valid_until: "2026-12-31".into(),
        declared_at: "2026-06-01 09:00:00".into(),
        regime: "WORK_ORDER".into(),
        ..Default::default()
    };
    assert_eq!(document::book(Some(&book)).unwrap().regime, Some(Regime::WorkOrder));
    let silent = v1::BookFiling { regime: String::new(), ..book.clone() };
    assert_eq!(document::book(Some(&silent)).unwrap().regime, None);
    let odd = v1::BookFiling { regime: "GUESS".into(), ..book };
    assert_eq!(document::book(Some(&odd)).unwrap_err().field, "book.regime");
    let list = v1::InventoryList {
        list_no: "QD1".into(),
        book_no: "H51652600008".into(),
        owner: "5165960001".into(),
        declared_at: "2026-06-11 08:30:00".into(),
        direction: "E".into(),
        mark: "E".into(),
        kind: "0".into(),
        mode: "4600".into(),
        flow_type: "B".into(),
        exchanged_list: "QD0".into(),
        ..Default::default()
    };
    let read = document::list(Some(&list)).unwrap();
    assert_eq!(read.flow, Some(FlowType::RemainingMaterial));
    assert_eq!(read.exchanged_list.map(|number| number.to_string()), Some("QD0".into()));
    let odd = v1::InventoryList { flow_type: "Z".into(), ..list };
    assert_eq!(document::list(Some(&odd)).unwrap_err().field, "list.flow_type");
}
