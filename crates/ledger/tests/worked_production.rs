//! Work orders, consumption regimes, research by project, exchange of products and goods by status, told step by step.

mod common;

use common::build::{self, Amount, amount, filed, list, list_line, mode, notice, quantity};
use common::papers::{
    bom_row, consumption, order_end, order_event, order_goods, order_residue, processing_book, quantities,
    registration, residue, row, status_change, status_line, work_order, work_order_no,
};
use common::world::{self, Goods};
use common::zone::Zone;
use zonebook_ledger::book::{BookingMode, Regime, Usage};
use zonebook_ledger::code::{BomVersion, Evidence, ProjectCode, SerialNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    BookFiling, BookRow, ConsumptionFiling, Document, FlowType, List, ListLine, OrderEvent, OrderGoods,
    OrderOutput, OrderProduct, OrderQuantities, OrderUse, PassFiling, PassageStage, Prototype,
    RegistrationFiling, Research, StatusChangeFiling, StatusChangeLine, WorkOrderFiling,
};
use zonebook_ledger::item::{ItemKey, ResidueKind};
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::{Revision, Verdict};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::production::{self, Orders};
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{Books, Items, StatusChanges, WorkOrders, get};

fn kilos(part: &str) -> Goods {
    Goods { part: part.into(), tariff: "5407610000".into(), units: build::units("035", "035", None) }
}

/// Pieces with a weight.
fn shirts() -> Goods {
    Goods { part: "SHIRT".into(), tariff: "6205200000".into(), units: build::units("007", "035", None) }
}

fn at(book: &str, mark: Mark, number: u64, place: Place) -> PositionKey {
    PositionKey { mark, ..build::position(book, number, place) }
}

fn on_hand(zone: &Zone, position: &PositionKey) -> String {
    zone.on_hand(position).declared().to_string()
}

fn refusal(zone: &mut Zone, document: Document) -> Refusal {
    let applied = zone.takes(Command::File(Box::new(document))).applied;
    applied.outcome.refusal().expect("the document is refused").clone()
}

fn passes(zone: &mut Zone, pass: PassFiling) {
    let number = pass.pass_no.to_string();
    zone.files(Document::Pass(pass));
    let passed = world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage(&number, PassageStage::Passed, passed)));
}

/// A processing book with 100 kg of cloth (1), 50 kg of thread (2) and shirts (1), 0.7 kg of cloth and 0.05 kg of thread
/// each by version V1.
fn workshop(regime: Option<Regime>) -> BookFiling {
    let mut filing = BookFiling { regime, ..processing_book("K1", Usage::Processing) };
    filing.rows.push(row(Mark::Goods, 1, &kilos("CLOTH"), amount("100", "100", None)));
    filing.rows.push(row(Mark::Goods, 2, &kilos("THREAD"), amount("50", "50", None)));
    filing.rows.push(row(Mark::Product, 1, &shirts(), Amount::default()));
    filing.bom.push(bom_row(1, "V1", 1, ["0.679", "3", "100", "0.7"]));
    filing.bom.push(bom_row(1, "V1", 2, ["0.05", "0", "100", "0.05"]));
    filing
}

fn opened(filing: BookFiling) -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(filing));
    zone
}

fn step(zone: &mut Zone, filing: WorkOrderFiling) {
    zone.files(Document::WorkOrder(filing));
}

fn issue(event_no: u64, goods: Vec<OrderGoods>) -> WorkOrderFiling {
    order_event("WO1", event_no, OrderEvent::Issue(goods))
}

fn counter(event_no: u64, cites: u64) -> WorkOrderFiling {
    order_event("WO1", event_no, OrderEvent::Counter { cites, reason: "counted wrong".into() })
}

fn used(number: u64, declared: &str) -> OrderUse {
    OrderUse { goods: order_goods(number, number, declared), product: None }
}

fn shirts_made(pieces: &str, weight: &str) -> OrderProduct {
    let quantities =
        OrderQuantities { declared: quantity(pieces), statutory1: Some(quantity(weight)), statutory2: None };
    OrderProduct { line: 1, number: 1, quantities }
}

fn shirts_out(number: &str, pieces: &str, weight: &str) -> List {
    let line = list_line(1, 1, &shirts(), amount(pieces, weight, None));
    List { mark: Mark::Product, lines: vec![line], ..list(number, "K1", Direction::Out) }
}

/// Row 8 from end to end: 80 kg of cloth are issued, 8 given back, 71.5 used for 100 shirts, half a kilogram corrected;
/// the order closes when nothing is in process, and the shirts leave like goods.
#[test]
fn a_work_order_settles_what_it_was_issued() {
    let mut zone = opened(workshop(Some(Regime::WorkOrder)));
    step(&mut zone, work_order("WO1", "K1", &[(1, "100")], "V1"));
    step(&mut zone, issue(1, vec![order_goods(1, 1, "80"), order_goods(2, 2, "5")]));
    step(&mut zone, order_event("WO1", 2, OrderEvent::Return(vec![order_goods(1, 1, "8")])));
    let (cloth, in_process) =
        (at("K1", Mark::Goods, 1, Place::Zone), at("K1", Mark::Goods, 1, Place::InProcess));
    assert_eq!((on_hand(&zone, &cloth), on_hand(&zone, &in_process)), ("28".into(), "72".into()));

    let output = OrderOutput {
        used: vec![used(1, "71.5"), used(2, "5")],
        products: vec![shirts_made("100", "25")],
        residues: vec![
            order_residue(1, 11, ResidueKind::Scrap, "2"),
            order_residue(2, 12, ResidueKind::Defective, "0.5"),
        ],
    };
    step(&mut zone, order_event("WO1", 3, OrderEvent::Output(output)));
    let short = refusal(&mut zone, Document::WorkOrder(order_end("WO1", 4)));
    assert_eq!(short.reason, Reason::WorkOrderOpenStock);
    assert_eq!(short.field.as_deref(), Some("number"));
    assert_eq!(short.value.as_deref(), Some("I 1"));
    assert_eq!(short.available, Some(quantity("0.5")));
    assert_eq!(short.document.as_deref(), Some("WO1"));

    let rest = OrderOutput { used: vec![used(1, "0.5")], ..OrderOutput::default() };
    step(&mut zone, order_event("WO1", 4, OrderEvent::Output(rest)));
    step(&mut zone, order_end("WO1", 5));
    assert_eq!(on_hand(&zone, &at("K1", Mark::Goods, 1, Place::Consumed)), "72");
    let made = at("K1", Mark::Product, 1, Place::Zone);
    assert_eq!(on_hand(&zone, &made), "100");
    assert_eq!(on_hand(&zone, &at("K1", Mark::Residue, 11, Place::Scrap)), "2");
    assert_eq!(on_hand(&zone, &at("K1", Mark::Residue, 12, Place::Scrap)), "0.5");
    let order = get::<WorkOrders>(&zone.state, work_order_no("WO1")).unwrap().unwrap();
    assert_eq!((order.state, order.events), (DocumentState::Closed, 5));
    let late = refusal(&mut zone, Document::WorkOrder(issue(6, vec![order_goods(1, 1, "1")])));
    assert_eq!(late.reason, Reason::WorkOrderClosed);

    // No material is used a second time, and nothing leaves that was not made.
    assert_eq!(zone.refuses(filed(shirts_out("L01", "101", "26"))), Reason::ShortStock);
    zone.files(filed(shirts_out("L02", "100", "25")));
    assert_eq!(zone.list("L02").row, MatrixRow::FirstLineOut);
    passes(&mut zone, build::pass("P01", Direction::Out, &["L02"]));
    assert_eq!(on_hand(&zone, &made), "0");
    assert_eq!(on_hand(&zone, &at("K1", Mark::Goods, 1, Place::Consumed)), "72");
}

/// Orders share the places of the book, not what is in them.
#[test]
fn an_order_takes_nothing_of_another() {
    let mut zone = opened(workshop(Some(Regime::WorkOrder)));
    step(&mut zone, work_order("WO1", "K1", &[(1, "10")], ""));
    step(&mut zone, work_order("WO2", "K1", &[(1, "10")], ""));
    step(&mut zone, issue(1, vec![order_goods(1, 1, "7")]));
    let more = OrderEvent::Issue(vec![order_goods(1, 1, "30")]);
    step(&mut zone, order_event("WO2", 1, more));
    for event in [
        OrderEvent::Return(vec![order_goods(1, 1, "7.00001")]),
        OrderEvent::Output(OrderOutput { used: vec![used(1, "4"), used(1, "4")], ..OrderOutput::default() }),
    ] {
        let refused = refusal(&mut zone, Document::WorkOrder(order_event("WO1", 2, event)));
        assert_eq!(refused.reason, Reason::WorkOrderExceeded);
        assert_eq!((refused.line, refused.available), (Some(1), Some(quantity("7"))));
        assert_eq!(refused.place, Some(Place::InProcess));
    }
    assert_eq!(
        zone.refuses(Document::WorkOrder(issue(2, vec![order_goods(1, 1, "63.00001")]))),
        Reason::ShortStock
    );
    step(&mut zone, issue(2, vec![order_goods(1, 1, "63")]));
}

/// Events are numbered, never changed, and taken back once, by an event that cites them.
#[test]
fn a_wrong_event_is_taken_back_by_one_that_cites_it() {
    let mut zone = opened(workshop(Some(Regime::WorkOrder)));
    step(&mut zone, work_order("WO1", "K1", &[(1, "10")], "V1"));
    step(&mut zone, issue(1, vec![order_goods(1, 1, "40")]));
    let output = OrderOutput {
        used: vec![used(1, "30")],
        products: vec![shirts_made("40", "10")],
        residues: vec![order_residue(1, 11, ResidueKind::ByProduct, "3")],
    };
    step(&mut zone, order_event("WO1", 2, OrderEvent::Output(output)));
    assert_eq!(zone.refuses(Document::WorkOrder(counter(4, 2))), Reason::ChangeCountMismatch);
    // What was used is not given back by taking the issue back.
    assert_eq!(zone.refuses(Document::WorkOrder(counter(3, 1))), Reason::WorkOrderExceeded);
    step(&mut zone, counter(3, 2));
    assert_eq!(on_hand(&zone, &at("K1", Mark::Goods, 1, Place::InProcess)), "40");
    for (mark, number, place) in [(Mark::Product, 1, Place::Zone), (Mark::Residue, 11, Place::Scrap)] {
        assert_eq!(on_hand(&zone, &at("K1", mark, number, place)), "0", "{mark} {number}");
    }
    for (cites, why) in [(2, "which event 3 took back"), (3, "which is a counter-event"), (9, "not there")] {
        let refused = refusal(&mut zone, Document::WorkOrder(counter(4, cites)));
        assert_eq!(refused.reason, Reason::EventNotOpen);
        assert!(refused.value.as_ref().is_some_and(|value| value.contains(why)), "{refused}");
    }
    step(&mut zone, counter(4, 1));
    step(&mut zone, order_end("WO1", 5));
    assert_eq!(on_hand(&zone, &at("K1", Mark::Goods, 1, Place::Zone)), "100");
    let rows = |revision| {
        let event = query::event(&zone.state, revision).unwrap().unwrap();
        event.steps.iter().filter_map(|step| step.row).collect::<Vec<_>>()
    };
    let last = query::revision(&zone.state).unwrap();
    assert_eq!(rows(Revision(last.0 - 1)), [MatrixRow::OrderCounter]);
}

/// What is made and gone cannot be unmade.
#[test]
fn an_output_whose_products_left_stays() {
    let mut zone = opened(workshop(Some(Regime::WorkOrder)));
    step(&mut zone, work_order("WO1", "K1", &[(1, "10")], "V1"));
    step(&mut zone, issue(1, vec![order_goods(1, 1, "10")]));
    let output =
        OrderOutput { used: vec![used(1, "7")], products: vec![shirts_made("10", "3")], residues: vec![] };
    step(&mut zone, order_event("WO1", 2, OrderEvent::Output(output)));
    zone.files(filed(shirts_out("L01", "4", "1.2")));
    assert_eq!(zone.refuses(Document::WorkOrder(counter(3, 2))), Reason::ShortStock);
}

/// Rework: products are issued to an order, used up and made again.
#[test]
fn products_are_issued_for_rework() {
    let mut zone = opened(workshop(Some(Regime::WorkOrder)));
    step(&mut zone, work_order("WO1", "K1", &[(1, "10")], "V1"));
    step(&mut zone, issue(1, vec![order_goods(1, 1, "10")]));
    let output =
        OrderOutput { used: vec![used(1, "10")], products: vec![shirts_made("14", "5")], residues: vec![] };
    step(&mut zone, order_event("WO1", 2, OrderEvent::Output(output)));
    let quantities =
        OrderQuantities { declared: quantity("4"), statutory1: Some(quantity("1.4")), statutory2: None };
    let rework = OrderGoods { line: 1, mark: Mark::Product, number: 1, quantities };
    step(&mut zone, issue(3, vec![rework.clone()]));
    let again = OrderOutput {
        used: vec![OrderUse { goods: rework, product: None }],
        products: vec![shirts_made("3", "1.1")],
        residues: vec![order_residue(1, 12, ResidueKind::Defective, "0.3")],
    };
    step(&mut zone, order_event("WO1", 4, OrderEvent::Output(again)));
    step(&mut zone, order_end("WO1", 5));
    let stock = zone.on_hand(&at("K1", Mark::Product, 1, Place::Zone));
    assert_eq!(
        (stock.declared(), stock.get(zonebook_ledger::measure::Unit::Statutory1)),
        (quantity("13"), quantity("4.7"))
    );
    assert_eq!(on_hand(&zone, &at("K1", Mark::Product, 1, Place::Consumed)), "4");
}

/// Actual use beside what version V1 says: 72 kg of cloth for 100 shirts that should take 70, 4 kg of thread that should
/// be 5.
#[test]
fn actual_consumption_is_compared_with_the_filed_version() {
    let mut zone = opened(workshop(Some(Regime::WorkOrder)));
    for (order, cloth, thread, made) in [("WO1", "50", "3", "70"), ("WO2", "22", "1", "30")] {
        step(&mut zone, work_order(order, "K1", &[(1, "100")], "V1"));
        let goods = vec![order_goods(1, 1, cloth), order_goods(2, 2, thread)];
        step(&mut zone, order_event(order, 1, OrderEvent::Issue(goods)));
        let output = OrderOutput {
            used: vec![used(1, cloth), used(2, thread)],
            products: vec![shirts_made(made, "1")],
            residues: vec![],
        };
        step(&mut zone, order_event(order, 2, OrderEvent::Output(output)));
    }
    let compared = |orders| {
        let rows = production::compared_use(&zone.state, orders, None).unwrap();
        rows.iter()
            .map(|row| {
                let unit = |factor: Option<zonebook_ledger::quantity::Factor>| factor.unwrap().to_string();
                let figures =
                    [row.made, row.actual, row.filed, row.difference].map(|figure| figure.to_string());
                (row.number, figures, unit(row.actual_unit), unit(row.filed_unit))
            })
            .collect::<Vec<_>>()
    };
    let figures = |texts: [&str; 4]| texts.map(str::to_owned);
    let book = build::book_no("K1");
    let expected = [
        (1, figures(["100", "72", "70", "2"]), "0.72".to_owned(), "0.7".to_owned()),
        (2, figures(["100", "4", "5", "-1"]), "0.04".to_owned(), "0.05".to_owned()),
    ];
    assert_eq!(compared(Orders::OfBook(&book)), expected);
    let second = work_order_no("WO2");
    let expected = [
        (1, figures(["30", "22", "21", "1"]), "0.733333333".to_owned(), "0.7".to_owned()),
        (2, figures(["30", "1", "1.5", "-0.5"]), "0.033333333".to_owned(), "0.05".to_owned()),
    ];
    assert_eq!(compared(Orders::One(&second)), expected);
}

/// What an order of several products uses names the product.
#[test]
fn use_names_its_product_where_an_order_has_several() {
    let mut filing = workshop(Some(Regime::WorkOrder));
    filing.rows.push(row(Mark::Product, 2, &shirts(), Amount::default()));
    let mut zone = opened(filing);
    step(&mut zone, work_order("WO1", "K1", &[(1, "10"), (2, "10")], ""));
    step(&mut zone, issue(1, vec![order_goods(1, 1, "10")]));
    let output = |product| {
        let used = vec![OrderUse { product, ..used(1, "4") }];
        let event = OrderEvent::Output(OrderOutput { used, ..OrderOutput::default() });
        Document::WorkOrder(order_event("WO1", 2, event))
    };
    for product in [None, Some(3)] {
        let refused = refusal(&mut zone, output(product));
        assert_eq!((refused.reason, refused.field.as_deref()), (Reason::ProductNotPlanned, Some("product")));
    }
    zone.files(output(Some(2)));
    let order = work_order_no("WO1");
    let of_second = production::compared_use(&zone.state, Orders::One(&order), Some(2)).unwrap();
    assert_eq!(of_second.len(), 1);
    assert_eq!((of_second[0].actual, of_second[0].filed_unit), (quantity("4"), None));
}

#[test]
fn an_order_asks_for_a_book_that_settles_by_orders() {
    for regime in [None, Some(Regime::Slip)] {
        let mut zone = opened(workshop(regime));
        let refused = refusal(&mut zone, Document::WorkOrder(work_order("WO1", "K1", &[(1, "1")], "")));
        assert_eq!((refused.reason, refused.field.as_deref()), (Reason::RegimeForbids, Some("regime")));
        zone.files(Document::Consumption(consumption("U01", "K1", &[(1, quantity("1"))])));
    }
    let mut zone = opened(workshop(Some(Regime::WorkOrder)));
    let slip = Document::Consumption(consumption("U01", "K1", &[(1, quantity("1"))]));
    assert_eq!(zone.refuses(slip), Reason::RegimeForbids);
    let step = |products: &[(u64, &str)], version: &str| {
        Document::WorkOrder(work_order("WO1", "K1", products, version))
    };
    assert_eq!(zone.refuses(step(&[], "")), Reason::InvalidField);
    assert_eq!(zone.refuses(step(&[(1, "1"), (1, "2")], "")), Reason::NamedTwice);
    assert_eq!(zone.refuses(step(&[(1, "0")], "")), Reason::NonPositiveQty);
    assert_eq!(zone.refuses(step(&[(9, "1")], "")), Reason::ItemNotFiled);
    assert_eq!(zone.refuses(step(&[(1, "1")], "V9")), Reason::BomVersionUnknown);
    zone.files(step(&[(1, "1")], "V1"));
    assert_eq!(zone.refuses(step(&[(1, "2")], "V1")), Reason::DocumentExists);
    assert_eq!(zone.refuses(Document::WorkOrder(order_end("WO9", 1))), Reason::DocumentUnknown);
}

/// A regime is changed by a change of the book, not while an order is open or its products are in stock.
#[test]
fn a_regime_changes_when_nothing_depends_on_it() {
    let mut zone = opened(workshop(None));
    let regime = |zone: &Zone| {
        let book = get::<Books>(&zone.state, build::book_no("K1")).unwrap().unwrap();
        (book.regime, book.open_orders)
    };
    let change = |change_no: u64, regime| {
        let change_no = Some(change_no);
        Document::Book(BookFiling { change_no, regime, ..processing_book("K1", Usage::Processing) })
    };
    assert_eq!(regime(&zone), (Regime::Bom, 0));
    zone.files(change(1, Some(Regime::WorkOrder)));
    step(&mut zone, work_order("WO1", "K1", &[(1, "10")], "V1"));
    let refused = refusal(&mut zone, change(2, Some(Regime::Bom)));
    assert_eq!((refused.reason, refused.field.as_deref()), (Reason::RegimeInUse, Some("regime")));
    zone.files(change(2, None));
    assert_eq!(regime(&zone), (Regime::WorkOrder, 1));
    let output = OrderOutput { used: vec![], products: vec![shirts_made("10", "3")], residues: vec![] };
    step(&mut zone, order_event("WO1", 1, OrderEvent::Output(output)));
    step(&mut zone, order_end("WO1", 2));
    let refused = refusal(&mut zone, change(3, Some(Regime::Slip)));
    assert_eq!((refused.reason, refused.available), (Reason::RegimeInUse, Some(quantity("10"))));
    zone.files(filed(shirts_out("L01", "10", "3")));
    passes(&mut zone, build::pass("P01", Direction::Out, &["L01"]));
    zone.files(change(3, Some(Regime::Slip)));
    assert_eq!(regime(&zone), (Regime::Slip, 0));
    let storage = BookFiling { regime: Some(Regime::Slip), ..build::book("A1") };
    assert_eq!(zone.refuses(Document::Book(storage)), Reason::InvalidField);
}

/// Under the slip regime products leave out of `MADE` and use nothing; the slip accounts for the materials.
#[test]
fn slips_account_for_materials_where_the_book_says_so() {
    let mut zone = opened(workshop(Some(Regime::Slip)));
    zone.files(filed(shirts_out("L01", "60", "15")));
    assert_eq!(zone.list("L01").row, MatrixRow::SlipProductOut);
    passes(&mut zone, build::pass("P01", Direction::Out, &["L01"]));
    assert_eq!(on_hand(&zone, &at("K1", Mark::Goods, 1, Place::Zone)), "100");
    assert_eq!(on_hand(&zone, &at("K1", Mark::Product, 1, Place::Outside)), "60");
    let slip = ConsumptionFiling {
        lists: common::papers::list_numbers(&["L01"]),
        ..consumption("U01", "K1", &[(1, quantity("42"))])
    };
    zone.files(Document::Consumption(slip));
    assert_eq!(on_hand(&zone, &at("K1", Mark::Goods, 1, Place::Zone)), "58");

    let destroyed = List { mode: mode("0200"), ..shirts_out("L02", "1", "0.2") };
    zone.files(filed(destroyed));
    assert_eq!(zone.list("L02").row, MatrixRow::SlipProductDestruction);
    assert_eq!(zone.list("L02").state, DocumentState::Posted);
}

/// A11, the part that is exchanged: 100 pieces come back and 100 go out for them, which is neutral; 60,000 pieces that
/// leave use 42,000 of the material.
#[test]
fn a11_exchanged_products_are_neutral() {
    let mut filing = BookFiling { regime: None, ..processing_book("K1", Usage::Processing) };
    filing.rows.push(row(Mark::Goods, 1, &kilos("CLOTH"), amount("52000", "52000", None)));
    filing.rows.push(row(Mark::Product, 1, &shirts(), Amount::default()));
    filing.bom.push(bom_row(1, "V1", 1, ["0.679", "3", "100", "0.7"]));
    let mut zone = opened(filing);
    let with_version = |list: List| {
        let bom_version = BomVersion::new("V1").ok();
        let lines = list.lines.into_iter().map(|line| ListLine { bom_version: bom_version.clone(), ..line });
        List { lines: lines.collect(), ..list }
    };
    zone.files(filed(with_version(shirts_out("L01", "60000", "15000"))));
    passes(&mut zone, build::pass("P01", Direction::Out, &["L01"]));
    let cloth = at("K1", Mark::Goods, 1, Place::Zone);
    assert_eq!(on_hand(&zone, &cloth), "10000");

    let back = List { direction: Direction::In, mode: mode("4600"), ..shirts_out("L02", "100", "25") };
    let exchange = |number: &str, pieces: &str, weight: &str| List {
        mode: mode("4600"),
        exchanged_list: Some(build::list_no("L02")),
        ..shirts_out(number, pieces, weight)
    };
    zone.files(filed(back));
    // They are not back before they are through the gate.
    assert_eq!(zone.refuses(filed(exchange("L03", "100", "25"))), Reason::ExchangeMismatch);
    passes(&mut zone, build::pass("P02", Direction::In, &["L02"]));
    assert_eq!(zone.refuses(filed(exchange("L03", "100.5", "25"))), Reason::ExchangeMismatch);
    let sold = with_version(List { mode: mode("5100"), ..exchange("L03", "100", "25") });
    assert_eq!(zone.refuses(filed(sold)), Reason::ExchangeMismatch);
    zone.files(filed(exchange("L03", "60", "15")));
    zone.files(filed(exchange("L04", "40", "10")));
    let all_gone = refusal(&mut zone, filed(exchange("L05", "1", "0.25")));
    assert_eq!(
        (all_gone.reason, all_gone.expected.as_deref()),
        (Reason::ExchangeMismatch, Some("at most 0 of product 1")),
        "L03 and L04 took all that L02 brought back"
    );
    // A list that is taken back leaves its part to others.
    zone.files(build::withdrawal("L04", 1));
    assert_eq!(zone.refuses(filed(exchange("L05", "41", "10.25"))), Reason::ExchangeMismatch);
    zone.files(filed(exchange("L04B", "40", "10")));
    passes(&mut zone, build::pass("P03", Direction::Out, &["L03", "L04B"]));
    let movement = zone.list("L04B");
    assert_eq!((movement.state, movement.row), (DocumentState::Posted, MatrixRow::ExchangeOut));
    assert_eq!(on_hand(&zone, &cloth), "10000");
    assert_eq!(on_hand(&zone, &at("K1", Mark::Product, 1, Place::Zone)), "0");

    // A message has no field for the list: there the BOM is used whatever the mode says (RULES 6.1).
    zone.files(filed(with_version(List { mode: mode("4600"), ..shirts_out("L06", "10", "2.5") })));
    passes(&mut zone, build::pass("P04", Direction::Out, &["L06"]));
    assert_eq!(on_hand(&zone, &cloth), "9993");
}

/// What lists took of a return before it was counted stays out of the count: a history goes on as it was, and under the
/// behaviour that is put in force later each list that names the return is counted.
#[test]
fn exchanges_are_counted_from_the_second_behaviour_on() {
    let mut filing = BookFiling { regime: None, ..processing_book("K1", Usage::Processing) };
    filing.rows.push(row(Mark::Product, 1, &shirts(), Amount::default()));
    let mut zone = Zone::opened_before_behaviours("2026-06-02T08:00:00");
    zone.files(Document::Book(filing));
    for (number, pass) in [("L01", "P01"), ("L02", "P02")] {
        let back = List { direction: Direction::In, mode: mode("4600"), ..shirts_out(number, "100", "25") };
        zone.files(filed(back));
        passes(&mut zone, build::pass(pass, Direction::In, &[number]));
    }
    let exchange = |number: &str, pieces: &str, weight: &str| List {
        mode: mode("4600"),
        exchanged_list: Some(build::list_no("L01")),
        ..shirts_out(number, pieces, weight)
    };
    zone.files(filed(exchange("L03", "100", "25")));
    zone.files(filed(exchange("L04", "100", "25")));
    zone.accepts(Command::RaiseBehaviour(2));
    let again = zone.takes(Command::RaiseBehaviour(2));
    assert_eq!(
        again.applied.outcome.refusal().map(|refusal| refusal.reason),
        Some(Reason::BehaviourOutOfRange)
    );
    // It took nothing, so it gives nothing back.
    zone.files(build::withdrawal("L04", 1));
    zone.files(filed(exchange("L05", "60", "15")));
    let more = refusal(&mut zone, filed(exchange("L06", "60", "15")));
    assert_eq!(
        (more.reason, more.expected.as_deref()),
        (Reason::ExchangeMismatch, Some("at most 40 of product 1"))
    );
    zone.files(filed(exchange("L06", "40", "10")));
}

/// List kind 9 (一纳成品内销): products sold at home use their materials as by any other list, as far as a BOM says it.
#[test]
fn a_general_taxpayer_sells_products_by_a_list_of_their_own_kind() {
    for (regime, row_of_it, left) in
        [(None, MatrixRow::TaxpayerSale, "51300"), (Some(Regime::Slip), MatrixRow::TaxpayerSlipSale, "52000")]
    {
        let mut filing = BookFiling { regime, ..processing_book("K1", Usage::Processing) };
        filing.rows.push(row(Mark::Goods, 1, &kilos("CLOTH"), amount("52000", "52000", None)));
        filing.rows.push(row(Mark::Product, 1, &shirts(), Amount::default()));
        filing.bom.push(bom_row(1, "V1", 1, ["0.679", "3", "100", "0.7"]));
        let mut zone = opened(filing);
        let sale = |number: &str, transport: &str| {
            let list = shirts_out(number, "1000", "250");
            let version = BomVersion::new("V1").ok();
            let lines =
                list.lines.iter().map(|line| ListLine { bom_version: version.clone(), ..line.clone() });
            List { kind: "9".into(), transport: transport.into(), lines: lines.collect(), ..list }
        };
        assert_eq!(zone.refuses(filed(sale("L01", "2"))), Reason::ListKindUnknown, "across the first line");
        let goods = List { mark: Mark::Goods, ..sale("L01", "9") };
        assert_eq!(zone.refuses(filed(goods)), Reason::ListKindUnknown);
        let inward = List { direction: Direction::In, ..sale("L01", "9") };
        assert_eq!(zone.refuses(filed(inward)), Reason::ListKindUnknown);
        zone.files(filed(sale("L01", "9")));
        passes(&mut zone, build::pass("P01", Direction::Out, &["L01"]));
        let movement = zone.list("L01");
        assert_eq!((movement.state, movement.row), (DocumentState::Posted, row_of_it));
        assert_eq!(on_hand(&zone, &at("K1", Mark::Goods, 1, Place::Zone)), left);
    }
}

/// Remaining material and further processing: a pair of lists inside the zone; why they flow is kept.
#[test]
fn flows_between_books_keep_their_type() {
    let mut zone = opened(workshop(None));
    let mut other = processing_book("M1", Usage::Processing);
    other.rows.push(row(Mark::Goods, 7, &kilos("CLOTH"), Amount::default()));
    zone.files(Document::Book(other));
    let line = |number| list_line(1, number, &kilos("CLOTH"), amount("30", "30", None));
    let pair = |list: List, related: &str, supervision: &str| List {
        kind: "6".into(),
        mode: mode(supervision),
        flow: Some(FlowType::RemainingMaterial),
        related_book: Some(build::book_no(related)),
        ..list
    };
    let into = List { lines: vec![line(7)], ..list("L01", "M1", Direction::In) };
    zone.files(filed(pair(into, "K1", "0258")));
    let out = List {
        lines: vec![line(1)],
        related_list: Some(build::list_no("L01")),
        ..list("L02", "K1", Direction::Out)
    };
    zone.files(filed(pair(out, "M1", "0657")));
    for number in ["L01", "L02"] {
        let movement = zone.list(number);
        assert_eq!(
            (movement.state, movement.flow),
            (DocumentState::Posted, Some(FlowType::RemainingMaterial))
        );
    }
    assert_eq!(on_hand(&zone, &at("K1", Mark::Goods, 1, Place::Zone)), "70");
    assert_eq!(on_hand(&zone, &at("M1", Mark::Goods, 7, Place::Zone)), "30");
}

/// Residues have their own items: the first record files them, later ones agree, and each leaves by its own list.
#[test]
fn residues_keep_code_unit_and_kind() {
    let mut zone = opened(workshop(Some(Regime::WorkOrder)));
    step(&mut zone, work_order("WO1", "K1", &[(1, "10")], ""));
    let left = |event_no, residue| {
        let output = OrderOutput { residues: vec![residue], ..OrderOutput::default() };
        Document::WorkOrder(order_event("WO1", event_no, OrderEvent::Output(output)))
    };
    let first = order_residue(1, 11, ResidueKind::ByProduct, "3");
    zone.files(left(1, first.clone()));
    let key = ItemKey { book_no: build::book_no("K1"), mark: Mark::Residue, number: 11 };
    let item = get::<Items>(&zone.state, key).unwrap().unwrap();
    assert_eq!((item.residue, item.tariff_code.as_str()), (Some(ResidueKind::ByProduct), "6310100000"));
    let mut kind = first.clone();
    kind.kind = ResidueKind::Scrap;
    let refused = refusal(&mut zone, left(2, kind));
    assert_eq!((refused.reason, refused.line), (Reason::ResidueKindMismatch, Some(1)));
    assert_eq!((refused.value.as_deref(), refused.expected.as_deref()), (Some("SCRAP"), Some("BY_PRODUCT")));
    let mut code = first.clone();
    code.tariff_code = zonebook_ledger::code::TariffCode::new("1234567890").unwrap();
    assert_eq!(zone.refuses(left(2, code)), Reason::HsMismatch);
    let mut unit = first;
    unit.unit = zonebook_ledger::code::UnitCode::new("007").unwrap();
    assert_eq!(zone.refuses(left(2, unit)), Reason::UnitMismatch);
    let goods = Goods {
        part: "LEFT-11".into(),
        tariff: "6310100000".into(),
        units: build::units("035", "035", None),
    };
    let sold = List {
        mark: Mark::Residue,
        mode: mode("0844"),
        transport: "9".into(),
        lines: vec![list_line(1, 11, &goods, amount("3", "3", None))],
        ..list("L01", "K1", Direction::Out)
    };
    zone.files(filed(sold));
    assert_eq!(zone.list("L01").row, MatrixRow::ResidueOut);
}

/// A slip may say what a residue is, under an item of its own; a message says neither, and scrap is meant.
#[test]
fn a_slip_files_by_products_beside_scrap() {
    let mut zone = opened(workshop(None));
    let scrap = residue(1, 1, &kilos("WASTE"), quantity("2"), None);
    let mut by_product = residue(2, 1, &kilos("WADDING"), quantity("1"), None);
    by_product.kind = Some(ResidueKind::ByProduct);
    by_product.item = Some(21);
    let slip = |number, residues| {
        Document::Consumption(ConsumptionFiling {
            residues,
            ..consumption(number, "K1", &[(1, quantity("10"))])
        })
    };
    zone.files(slip("U01", vec![scrap.clone(), by_product.clone()]));
    let kind = |zone: &Zone, number| {
        let key = ItemKey { book_no: build::book_no("K1"), mark: Mark::Residue, number };
        get::<Items>(&zone.state, key).unwrap().unwrap().residue
    };
    assert_eq!((kind(&zone, 1), kind(&zone, 21)), (Some(ResidueKind::Scrap), Some(ResidueKind::ByProduct)));
    by_product.item = None;
    assert_eq!(zone.refuses(slip("U02", vec![by_product.clone()])), Reason::ResidueKindMismatch);
    let swap =
        ConsumptionFiling { part_swap: true, residues: vec![by_product], ..consumption("U02", "K1", &[]) };
    // Without a unit on hand there is nothing to remove a part from; the serial number is asked for first.
    assert_eq!(zone.refuses(Document::Consumption(swap)), Reason::SerialNotInPlace);
    assert_eq!(on_hand(&zone, &at("K1", Mark::Residue, 21, Place::Scrap)), "1");
}

fn laboratory() -> Zone {
    let mut filing = processing_book("N1", Usage::Research);
    filing.rows.push(row(Mark::Goods, 1, &kilos("CHIP"), amount("100", "100", None)));
    filing.rows.push(row(Mark::Product, 1, &shirts(), Amount::default()));
    opened(filing)
}

fn research(number: &str, project: &str, declared: &str, prototypes: Vec<Prototype>) -> ConsumptionFiling {
    let research = Research {
        project: ProjectCode::new(project).unwrap(),
        evidence: Evidence::new("sha256:9f86d081884c7d65").unwrap(),
        prototypes,
    };
    ConsumptionFiling { research: Some(research), ..consumption(number, "N1", &[(1, quantity(declared))]) }
}

/// Row 11: use by project with evidence, prototypes into stock, leftovers out by list; the report sums by project.
#[test]
fn research_is_used_by_project() {
    let mut zone = laboratory();
    let plain = Document::Consumption(consumption("U01", "N1", &[(1, quantity("5"))]));
    let refused = refusal(&mut zone, plain);
    assert_eq!((refused.reason, refused.field.as_deref()), (Reason::ProjectMissing, Some("research")));
    let prototype = Prototype { line: 1, number: 1, quantities: shirts_made("2", "0.5").quantities };
    zone.at("2026-06-03T09:00:00");
    zone.files(Document::Consumption(research("U01", "LIDAR", "5", vec![prototype.clone()])));
    zone.at("2026-06-10T09:00:00");
    zone.files(Document::Consumption(research("U02", "RADAR", "7", vec![])));
    zone.at("2026-06-20T09:00:00");
    zone.files(Document::Consumption(research("U03", "LIDAR", "3.5", vec![prototype.clone()])));
    assert_eq!(on_hand(&zone, &at("N1", Mark::Goods, 1, Place::Consumed)), "15.5");
    assert_eq!(on_hand(&zone, &at("N1", Mark::Product, 1, Place::Zone)), "4");

    let book = build::book_no("N1");
    let totals = |project: Option<&str>, until: Option<&str>| {
        let project = project.map(|text| ProjectCode::new(text).unwrap());
        let last = until.map_or(Revision(u64::MAX), |time| {
            query::revision_at(&zone.state, Moment::Before(world::moment(time))).unwrap()
        });
        let totals = production::project_totals(&zone.state, &book, project.as_ref(), (Revision(0), last));
        let totals = totals.unwrap();
        let shown = |total: &production::ProjectTotal| {
            format!(
                "{} {} {} {} in {}",
                total.project, total.mark, total.number, total.declared, total.records
            )
        };
        totals.iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(totals(None, None), ["LIDAR I 1 8.5 in 2", "LIDAR E 1 4 in 2", "RADAR I 1 7 in 1"]);
    assert_eq!(totals(Some("LIDAR"), Some("2026-06-20T09:00:00")), ["LIDAR I 1 5 in 1", "LIDAR E 1 2 in 1"]);
    let project = ProjectCode::new("LIDAR").unwrap();
    let all = (Revision(0), Revision(u64::MAX));
    let records = production::project_uses(&zone.state, &book, Some(&project), all, None, 10).unwrap();
    let numbers: Vec<_> = records.iter().map(|record| record.slip.filed.consumption_no.to_string()).collect();
    assert_eq!(numbers, ["U01", "U03"]);
    let after = (records[0].project.clone(), records[0].revision);
    let rest = production::project_uses(&zone.state, &book, Some(&project), all, Some(&after), 10).unwrap();
    assert_eq!(rest.len(), 1);

    let out = List { book_no: book, ..shirts_out("L01", "3", "0.7") };
    zone.files(filed(List { owner: build::customs_no(world::owner("N1")), ..out }));
    assert_eq!(zone.list("L01").row, MatrixRow::FirstLineOut);
}

#[test]
fn research_belongs_to_a_research_book() {
    let mut zone = laboratory();
    let mut workshop = workshop(None);
    workshop.book_no = build::book_no("M1");
    zone.files(Document::Book(workshop));
    let elsewhere =
        ConsumptionFiling { book_no: build::book_no("M1"), ..research("U01", "LIDAR", "1", vec![]) };
    assert_eq!(zone.refuses(Document::Consumption(elsewhere)), Reason::InvalidField);
    let unfiled = Prototype { line: 1, number: 9, quantities: quantities("1") };
    assert_eq!(
        zone.refuses(Document::Consumption(research("U01", "LIDAR", "1", vec![unfiled]))),
        Reason::ItemNotFiled
    );
    let weightless = Prototype { line: 1, number: 1, quantities: quantities("1") };
    let refused = refusal(&mut zone, Document::Consumption(research("U01", "LIDAR", "1", vec![weightless])));
    assert_eq!((refused.reason, refused.field.as_deref()), (Reason::NonPositiveQty, Some("lawfQty")));
}

/// A slip of a book kept by receipt takes the lot of the row that it names, as a line of a list does.
#[test]
fn a_slip_takes_the_lot_of_its_row() {
    let mut filing = build::book("R1");
    filing.rows.push(build::book_row(4, &kilos("CLOTH"), amount("20", "20", None)));
    let mut zone = opened(filing);
    zone.files(Document::Consumption(consumption("U01", "R1", &[(4, quantity("20"))])));
    let lot = zonebook_ledger::code::LotNo::new("OLD/4").ok();
    let taken = PositionKey { lot, ..build::position("R1", 4, Place::Zone) };
    assert_eq!(on_hand(&zone, &taken), "0");
    assert_eq!(on_hand(&zone, &taken.at(Place::Consumed)), "20");

    let mut leased = build::book("Y1");
    let asset = build::book_row(1, &kilos("ENGINE"), amount("1", "1", None));
    leased.rows.push(BookRow { serial: SerialNo::new("E-1").ok(), ..asset });
    zone.files(Document::Book(leased));
    zone.files(Document::Consumption(consumption("U02", "Y1", &[(1, quantity("1"))])));
    assert_eq!(
        zone.refuses(Document::Consumption(consumption("U03", "Y1", &[(1, quantity("1"))]))),
        Reason::SerialNotInPlace
    );
}

/// Goods of two books: 40 kg that are not bonded, 100 kg that are.
fn mixed_warehouse(bonded: BookFiling) -> Zone {
    let mut plain = build::book("B1");
    plain.rows.push(build::book_row(3, &kilos("CLOTH"), Amount::default()));
    plain.rows.push(build::book_row(4, &shirts(), Amount::default()));
    let mut zone = opened(plain);
    zone.files(Document::Book(bonded));
    let line = status_line(1, 3, &kilos("CLOTH"), amount("40", "40", None));
    zone.files(Document::Registration(registration("G01", "B1", Direction::In, vec![line])));
    zone
}

fn bonded() -> BookFiling {
    let mut filing = build::book("A1");
    filing.rows.push(build::book_row(1, &kilos("CLOTH"), amount("100", "100", None)));
    filing.rows.push(build::book_row(2, &shirts(), Amount::default()));
    filing
}

/// Row 28: what is not bonded comes and goes by registration, at once, and by nothing else.
#[test]
fn goods_that_are_not_bonded_come_and_go_by_registration() {
    let mut zone = mixed_warehouse(bonded());
    let stock = build::position("B1", 3, Place::Zone);
    assert_eq!(on_hand(&zone, &stock), "40");
    let line = |declared: &str| status_line(1, 3, &kilos("CLOTH"), amount(declared, declared, None));
    let out = |number: &str, declared: &str| registration(number, "B1", Direction::Out, vec![line(declared)]);
    let short = refusal(&mut zone, Document::Registration(out("G02", "40.00001")));
    assert_eq!((short.reason, short.available), (Reason::ShortStock, Some(quantity("40"))));
    zone.files(Document::Registration(out("G02", "15")));
    assert_eq!(on_hand(&zone, &stock), "25");
    assert_eq!(zone.refuses(Document::Registration(out("G02", "1"))), Reason::DocumentExists);

    let bonded_goods = registration(
        "G03",
        "A1",
        Direction::Out,
        vec![status_line(1, 1, &kilos("CLOTH"), amount("1", "1", None))],
    );
    let refused = refusal(&mut zone, Document::Registration(bonded_goods));
    assert_eq!((refused.reason, refused.document.as_deref()), (Reason::BondedBook, Some("A1")));
    let wrong = |change: fn(&mut RegistrationFiling)| {
        let mut filing = out("G03", "1");
        change(&mut filing);
        Document::Registration(filing)
    };
    assert_eq!(zone.refuses(wrong(|filing| filing.lines.clear())), Reason::InvalidField);
    assert_eq!(zone.refuses(wrong(|filing| filing.lines[0].number = 9)), Reason::ItemNotFiled);
    assert_eq!(
        zone.refuses(wrong(|filing| filing.lines[0].statutory1 = quantity("2"))),
        Reason::StatutoryQtyMismatch
    );
    assert_eq!(
        zone.refuses(wrong(|filing| filing.owner = build::customs_no("2217960009"))),
        Reason::BookOwnerMismatch
    );

    let on_list = List {
        lines: vec![list_line(1, 3, &kilos("CLOTH"), amount("1", "1", None))],
        ..list("L01", "B1", Direction::Out)
    };
    let refused = refusal(&mut zone, filed(on_list));
    assert_eq!((refused.reason, refused.document.as_deref()), (Reason::NonBondedBook, Some("B1")));
    let permit = common::papers::permit(
        "F01",
        zonebook_ledger::document::PermitKind::BatchedDelivery,
        "B1",
        &[(3, kilos("CLOTH"), quantity("1"))],
    );
    assert_eq!(zone.refuses(Document::Permit(permit)), Reason::NonBondedBook);
    let slip = consumption("U01", "B1", &[(3, quantity("1"))]);
    assert_eq!(zone.refuses(Document::Consumption(slip)), Reason::NonBondedBook);
    assert_eq!(
        zone.refuses(Document::Verification(common::papers::verification("B1", 1, &[]))),
        Reason::NonBondedBook
    );
    for (kind, mode) in [
        (zonebook_ledger::book::BookKind::Processing, BookingMode::Accumulating),
        (zonebook_ledger::book::BookKind::Logistics, BookingMode::RowPerReceipt),
    ] {
        let odd = BookFiling { book_no: build::book_no("B3"), kind, booking_mode: mode, ..build::book("B1") };
        assert_eq!(zone.refuses(Document::Book(odd)), Reason::InvalidField);
    }
}

fn change(number: &str, books: (&str, &str), (from, to): (u64, u64), declared: &str) -> StatusChangeFiling {
    let goods = status_line(1, from, &kilos("CLOTH"), amount(declared, declared, None));
    status_change(number, books, "D1", vec![StatusChangeLine { goods, to_number: to }])
}

/// Row 29: both sides of a change of status move at one revision, by a released declaration.
#[test]
fn status_changes_in_one_step_of_both_books() {
    let mut zone = mixed_warehouse(bonded());
    let enter = || Document::StatusChange(change("H01", ("B1", "A1"), (3, 1), "30"));
    let refused = refusal(&mut zone, enter());
    assert_eq!((refused.reason, refused.value.as_deref()), (Reason::DeclarationNotReleased, Some("D1")));
    zone.files(Document::Notice(notice("D1", "P", world::local("2026-06-02T10:00:00"))));
    let revision = zone.files(enter()).revision;
    let (plain, bonded) = (build::position("B1", 3, Place::Zone), build::position("A1", 1, Place::Zone));
    assert_eq!((on_hand(&zone, &plain), on_hand(&zone, &bonded)), ("10".into(), "130".into()));
    let event = query::event(&zone.state, revision).unwrap().unwrap();
    let rows: Vec<_> = event.steps.iter().filter_map(|step| step.row).collect();
    assert_eq!(rows, [MatrixRow::StatusLeft, MatrixRow::StatusEntered]);

    zone.files(Document::StatusChange(change("H02", ("A1", "B1"), (1, 3), "130")));
    assert_eq!((on_hand(&zone, &plain), on_hand(&zone, &bonded)), ("140".into(), "0".into()));
    let short =
        zone.takes(Command::File(Box::new(Document::StatusChange(change("H03", ("A1", "B1"), (1, 3), "1")))));
    let short = short.applied.outcome.refusal().unwrap().clone();
    assert_eq!((short.reason, short.place), (Reason::ShortStock, Some(Place::Zone)));
}

#[test]
fn a_change_of_status_is_refused_where_the_two_sides_do_not_agree() {
    let mut zone = mixed_warehouse(bonded());
    let mut other = build::book("A2");
    other.rows.push(build::book_row(1, &kilos("CLOTH"), Amount::default()));
    zone.files(Document::Book(other));
    zone.files(Document::Book(BookFiling {
        book_no: build::book_no("A3"),
        office: build::office(world::PARK),
        zone_kind: None,
        ..build::book("A1")
    }));
    zone.files(Document::Notice(notice("D1", "P", world::local("2026-06-02T10:00:00"))));
    let filing = |books, items| Document::StatusChange(change("H01", books, items, "10"));
    let cases = [
        (("A1", "A1"), (1, 1), Reason::StatusChangeMismatch),
        (("B1", "B1"), (3, 3), Reason::StatusChangeMismatch),
        (("B1", "A3"), (3, 1), Reason::StatusChangeMismatch),
        (("B1", "A2"), (3, 1), Reason::BookOwnerMismatch),
        (("B1", "X9"), (3, 1), Reason::BookUnknown),
        (("B1", "A1"), (3, 9), Reason::ItemNotFiled),
        (("B1", "A1"), (3, 2), Reason::HsMismatch),
        (("B1", "A1"), (4, 2), Reason::HsMismatch),
    ];
    for (books, items, reason) in cases {
        assert_eq!(zone.refuses(filing(books, items)), reason, "{books:?} {items:?}");
    }
    // The same code in another unit is not the same goods.
    let mut pieces = kilos("CLOTH");
    pieces.units = build::units("007", "035", None);
    let mut filing = BookFiling { change_no: Some(1), ..build::book("A1") };
    filing.rows.push(build::book_row(5, &pieces, Amount::default()));
    zone.files(Document::Book(filing));
    let into_pieces = Document::StatusChange(change("H01", ("B1", "A1"), (3, 5), "10"));
    assert_eq!(zone.refuses(into_pieces), Reason::UnitMismatch);
    // The gate registers and customs changes status; an enterprise does neither.
    for document in [
        Document::StatusChange(change("H01", ("B1", "A1"), (3, 1), "10")),
        Document::Registration(registration(
            "G09",
            "B1",
            Direction::In,
            vec![status_line(1, 3, &kilos("CLOTH"), amount("1", "1", None))],
        )),
    ] {
        let command = Command::File(Box::new(document));
        let roles = zonebook_ledger::permission::roles_for(&command);
        assert!(!roles.contains(&zonebook_ledger::permission::Role::Enterprise), "{roles:?}");
    }
}

/// Goods that become bonded in a book kept by receipt open a row, with the change and its line as the lot.
#[test]
fn a_change_of_status_opens_a_row_in_a_book_kept_by_receipt() {
    let mut zone = mixed_warehouse(build::book("R1"));
    zone.files(Document::Notice(notice("D1", "P", world::local("2026-06-02T10:00:00"))));
    zone.files(Document::StatusChange(change("H01", ("B1", "R1"), (3, 77), "30")));
    let kept = get::<StatusChanges>(&zone.state, zonebook_ledger::code::StatusChangeNo::new("H01").unwrap());
    let number = kept.unwrap().unwrap().filed.lines[0].to_number;
    let lot = zonebook_ledger::code::LotNo::new("H01/1").ok();
    let entered = PositionKey { lot, ..build::position("R1", number, Place::Zone) };
    assert_eq!((number, on_hand(&zone, &entered)), (1, "30".to_owned()));
    // And the row is named when they leave again.
    zone.files(Document::StatusChange(change("H02", ("R1", "B1"), (1, 3), "30")));
    assert_eq!(on_hand(&zone, &entered), "0");
    assert_eq!(
        zone.takes(Command::File(Box::new(Document::StatusChange(change(
            "H01",
            ("B1", "R1"),
            (3, 77),
            "30"
        )))))
        .applied
        .outcome
        .verdict,
        Verdict::Accepted
    );
}
