//! Counted products as the materials that they hold (`domain.md` 4.2, B), and worked example A10.

#[path = "../../ledger/tests/common/mod.rs"]
mod common;

use common::build::{self, amount, book_no, filed, list, list_line, passage, quantity};
use common::papers::{bom_row, consumption, order_event, order_goods, processing_book, row, work_order};
use common::world::{Goods, local};
use common::zone::Zone;
use zonebook_ledger::book::{Regime, Usage};
use zonebook_ledger::code::{BomVersion, UnitCode};
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{BookFiling, BookRow, Document, List, ListLine, OrderEvent, PassageStage};
use zonebook_ledger::duty::{Rates, taxes};
use zonebook_ledger::measure::Unit;
use zonebook_ledger::quantity::{Factor, Quantity};
use zonebook_ledger::query::Moment;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::standing::{ListOrder, Order};
use zonebook_reconcile::count::{Class, CountedGoods, Reckoning, Timing, Versions, reckon, reckon_converted};

fn kilos(part: &str) -> Goods {
    Goods { part: part.into(), tariff: "5208110000".into(), units: build::units("035", "035", None) }
}

fn pieces(part: &str) -> Goods {
    Goods { part: part.into(), tariff: "6205200000".into(), units: build::units("011", "035", None) }
}

/// `M1`: cloth and buttons on hand; shirts of half a kilogram of cloth and a third of a kilogram of buttons, 3% of them lost
/// and 90% of them bonded; by another version of 0.7 kg of cloth alone.
fn book(cloth: &str, shirts: &str, versions: usize) -> BookFiling {
    let mut book = processing_book("M1", Usage::Processing);
    book.rows.push(row(Mark::Goods, 1, &kilos("CLOTH"), amount(cloth, cloth, None)));
    book.rows.push(row(Mark::Goods, 2, &kilos("BUTTONS"), amount("1000", "1000", None)));
    book.rows.push(row(Mark::Product, 1, &pieces("SHIRT"), amount(shirts, "0", None)));
    let versions = [
        vec![
            bom_row(1, "V1", 1, ["0.5", "0", "100", "0.5"]),
            bom_row(1, "V1", 2, ["0.333333333", "3", "90", "0.343642611"]),
        ],
        vec![bom_row(1, "V2", 1, ["0.7", "0", "100", "0.7"])],
    ]
    .into_iter()
    .take(versions);
    book.bom = versions.flatten().collect();
    book
}

fn zone(book: BookFiling) -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(book));
    zone
}

fn counted(mark: Mark, number: u64, declared: &str) -> CountedGoods {
    let unit = if mark == Mark::Product { "011" } else { "035" };
    CountedGoods {
        book_no: book_no("M1"),
        mark,
        number,
        serial: None,
        unit: UnitCode::new(unit).unwrap(),
        declared: quantity(declared),
        statutory1: None,
        statutory2: None,
    }
}

fn cloth(declared: &str) -> CountedGoods {
    counted(Mark::Goods, 1, declared)
}

fn buttons(declared: &str) -> CountedGoods {
    counted(Mark::Goods, 2, declared)
}

fn shirts(declared: &str) -> CountedGoods {
    counted(Mark::Product, 1, declared)
}

fn converted(zone: &Zone, counted: &[CountedGoods]) -> Vec<Reckoning> {
    reckon_converted(&zone.state, Moment::Now, counted, &Versions::new()).unwrap().unwrap()
}

fn differences(rows: &[Reckoning]) -> Vec<String> {
    rows.iter().map(|row| row.declared_difference().unwrap().to_string()).collect()
}

/// A list of cloth, through the gate where it says so.
fn receipt(zone: &mut Zone, list: List, through_the_gate: bool) {
    let number = list.list_no.to_string();
    let pass = format!("P{number}");
    zone.files(filed(list));
    zone.files(Document::Pass(build::pass(&pass, Direction::In, &[&number])));
    if through_the_gate {
        let report = passage(&pass, PassageStage::Passed, local("2026-06-02T12:00:00"));
        zone.files(Document::Passage(report));
    }
}

fn cloth_in(number: &str, kilograms: &str) -> List {
    let line = list_line(1, 1, &kilos("CLOTH"), amount(kilograms, kilograms, None));
    List { lines: vec![line], ..list(number, "M1", Direction::In) }
}

/// A10: A = 100,000 - 82,000 = 18,000. B is the sum of 9,200, 1,100, 4,300 (finished, converted), 600, 0, 700, 0, 900, 500, 250
/// and 100, which is 17,650. C = 500 declared and not received, less 200 received and not declared: 300. D is -50; at 3.20 the
/// duty of 6.5% is 10.40 and the value-added tax of 13% is 22.15.
#[test]
fn a10_count_d_is_b_less_a_and_c() {
    let mut zone = zone(book("0", "0", 1));
    receipt(&mut zone, cloth_in("L01", "99500"), true);
    // Declared and posted by force before it was received.
    receipt(&mut zone, cloth_in("L02", "500"), false);
    let list_no = build::list_no("L02");
    let order = ListOrder { list_no, order: Order::ForceGate, reason: "asked".into() };
    zone.accepts(Command::OrderList(order));
    zone.files(Document::Consumption(consumption("U01", "M1", &[(1, quantity("82000"))])));
    // Received, and its declaration is not released.
    receipt(&mut zone, build::declared(cloth_in("L03", "200"), "D1"), true);

    // 8,600 shirts hold 4,300 kg.
    let rows = converted(&zone, &[cloth("13350"), shirts("8600")]);
    let row = &rows[0];
    assert_eq!(row.book_balance().unwrap().declared(), quantity("18000"));
    assert_eq!(row.counted_in_all().unwrap().declared(), quantity("17650"));
    assert_eq!(row.term(Timing::PostedInNotGated).declared(), quantity("500"));
    assert_eq!(row.term(Timing::GatedInNotPosted).declared(), quantity("-200"));
    assert_eq!(differences(&rows), ["-50", "0"]);
    let rates =
        Rates { duty: Factor::parse("6.5").unwrap(), consumption: Factor::ZERO, vat: Factor::whole(13) };
    let borne = taxes(quantity("160"), &rates).unwrap();
    assert_eq!((borne.duty, borne.vat), (quantity("10.4"), quantity("22.15")));
}

/// With other numbers: two materials of one product, each rounded once, shown with what holds them.
#[test]
fn each_material_has_its_part_and_its_evidence() {
    let zone = zone(book("500", "0", 1));
    let rows = converted(&zone, &[shirts("7"), buttons("997.5"), cloth("496.5")]);
    // 7 x 0.333333333 / 0.97 x 0.9 = 2.16494845...
    assert_eq!(differences(&rows), ["0", "-0.33505", "0"]);
    let told = rows[0].converted.as_ref().unwrap();
    assert_eq!((told.version.as_str(), told.measure.declared()), ("V1", quantity("7")));
    let materials: Vec<_> =
        told.materials.iter().map(|(material, used)| (*material, used.to_string())).collect();
    assert_eq!(materials, [(1, "3.5".into()), (2, "2.16495".into())]);
    let [holding] = rows[1].in_products.as_slice() else { panic!("{:?}", rows[1]) };
    assert_eq!((holding.product, holding.quantity, holding.version.as_str()), (1, quantity("7"), "V1"));
    assert_eq!(
        rows.iter().map(|row| row.class).collect::<Vec<_>>(),
        [Class::Match, Class::Shortage, Class::Match]
    );
    // Statutory quantities follow where they are the declared unit.
    let weighed = CountedGoods { statutory1: Some(quantity("496.5")), ..cloth("496.5") };
    let rows = converted(&zone, &[weighed, shirts("7")]);
    assert_eq!(rows[0].difference(Unit::Statutory1).unwrap(), Some(Quantity::ZERO));
    // Without the option each row is by itself.
    let plain = reckon(&zone.state, Moment::Now, &[shirts("7"), cloth("496.5")]).unwrap();
    assert_eq!(differences(&plain), ["7", "-3.5"]);
}

/// What the book has of the product itself is no material any more; what is missing of it stays missing.
#[test]
fn what_the_book_has_of_the_product_is_not_told_twice() {
    let zone = zone(book("500", "20", 1));
    assert_eq!(differences(&converted(&zone, &[cloth("500"), shirts("20")])), ["0", "0"]);
    let rows = converted(&zone, &[cloth("495"), shirts("30")]);
    assert_eq!(differences(&rows), ["0", "0"]);
    assert_eq!(rows[1].converted.as_ref().unwrap().measure.declared(), quantity("10"));
    let rows = converted(&zone, &[cloth("500"), shirts("15")]);
    assert_eq!((differences(&rows), rows[1].converted.clone()), (vec!["0".into(), "-5".into()], None));
}

/// A product that is through the gate and not posted is told as its materials by C, and by nothing else.
#[test]
fn products_at_the_gate_are_told_once() {
    let mut zone = zone(book("500", "0", 1));
    let line = list_line(1, 1, &pieces("SHIRT"), amount("40", "10", None));
    let line = ListLine { bom_version: BomVersion::new("V1").ok(), ..line };
    let out = List { mark: Mark::Product, lines: vec![line], ..list("L01", "M1", Direction::Out) };
    zone.files(filed(build::declared(out, "D1")));
    zone.files(Document::Pass(build::pass("P01", Direction::Out, &["L01"])));
    let report = passage("P01", PassageStage::Passed, local("2026-06-02T12:00:00"));
    zone.files(Document::Passage(report));
    // 100 were made, 40 are gone: 450 kg of cloth, 60 shirts of 30 kg, 20 kg on their way.
    let rows = converted(&zone, &[cloth("450"), shirts("60")]);
    assert_eq!(differences(&rows), ["0", "0"]);
    assert_eq!(rows[0].term(Timing::GatedOutNotPosted).declared(), quantity("20"));
}

/// Where there are several versions the count says which one; a version that is not there is named.
#[test]
fn several_versions_have_to_be_told_apart() {
    let zone = zone(book("500", "0", 2));
    let rows = [cloth("493"), shirts("10")];
    let asked = |version: Option<&str>| {
        let named = version.map(|version| ((book_no("M1"), 1), BomVersion::new(version).unwrap()));
        reckon_converted(&zone.state, Moment::Now, &rows, &named.into_iter().collect())
            .unwrap()
            .map_err(Box::new)
    };
    let problem = asked(None).unwrap_err();
    assert_eq!((problem.row, problem.refusal.reason), (1, Reason::BomVersionUnknown));
    assert_eq!(problem.refusal.expected.as_deref(), Some("one of V1, V2"));
    assert_eq!(asked(Some("V9")).unwrap_err().refusal.reason, Reason::BomVersionUnknown);
    assert_eq!(differences(&asked(Some("V2")).unwrap()), ["0", "0"]);
    assert_eq!(differences(&asked(Some("V1")).unwrap()), ["-2", "0"]);
}

/// A product without any version stays what it is: more than the book has.
#[test]
fn a_product_without_a_bom_is_a_surplus() {
    let zone = zone(book("500", "0", 0));
    let rows = converted(&zone, &[cloth("500"), shirts("10")]);
    assert_eq!((differences(&rows), rows[1].class), (vec!["0".into(), "10".into()], Class::Surplus));
}

/// By work orders: what an order has put out is a product, what it has not yet is still material in process. By slips the
/// material was written off when the slip came.
#[test]
fn the_regime_of_the_book_says_what_is_material_still() {
    let mut zone = zone(BookFiling { regime: Some(Regime::WorkOrder), ..book("500", "0", 1) });
    zone.files(Document::WorkOrder(work_order("W01", "M1", &[(1, "100")], "V1")));
    let issue = OrderEvent::Issue(vec![order_goods(1, 1, "50")]);
    zone.files(Document::WorkOrder(order_event("W01", 1, issue)));
    // 450 in stock, 50 in process, of which 10 stand there as 20 shirts that nobody has put out.
    let rows = converted(&zone, &[cloth("490"), shirts("20")]);
    assert_eq!(differences(&rows), ["0", "0"]);

    let mut zone = self::zone(BookFiling { regime: Some(Regime::Slip), ..book("500", "0", 1) });
    zone.files(Document::Consumption(consumption("U01", "M1", &[(1, quantity("10"))])));
    let rows = converted(&zone, &[cloth("490"), shirts("20")]);
    assert_eq!((differences(&rows), rows[1].converted.clone()), (vec!["0".into(), "20".into()], None));
}

/// Rows come in any order, and asking twice says the same.
#[test]
fn the_order_of_rows_does_not_matter() {
    let mut second: BookRow = row(Mark::Product, 2, &pieces("COAT"), amount("0", "0", None));
    second.part_no = zonebook_ledger::code::PartNo::new("COAT").unwrap();
    let mut filing = book("500", "0", 1);
    filing.rows.push(second);
    filing.bom.push(bom_row(2, "V1", 1, ["1.25", "0", "100", "1.25"]));
    let zone = zone(filing);
    let mut rows = vec![cloth("480"), shirts("10"), counted(Mark::Product, 2, "12")];
    let forwards = converted(&zone, &rows);
    assert_eq!(differences(&forwards), ["0", "0", "0"]);
    assert_eq!(forwards[0].in_products.len(), 2);
    rows.reverse();
    let backwards = converted(&zone, &rows);
    assert_eq!(differences(&backwards), ["0", "0", "0"]);
    assert_eq!(backwards[2], forwards[0]);
}
