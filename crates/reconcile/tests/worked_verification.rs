//! The worked examples of `domain.md` that are about verification: A8, A9 and A11, and the life of a period.

#[path = "../../ledger/tests/common/mod.rs"]
mod common;

use common::build::{self, amount, book_no, filed, list, list_line, mode, passage, quantity};
use common::differing::{decide, difference, line, recorded, report, says};
use common::dispose::{citing, filed_adjustment, named};
use common::papers::{bom_row, processing_book, row, verification};
use common::world::{Goods, local};
use common::zone::Zone;
use zonebook_ledger::book::{Regime, Usage};
use zonebook_ledger::code::BomVersion;
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    AdjustmentFiling, BookFiling, DeclaredItem, Difference, DifferenceDecision, DifferenceOutcome, Document,
    Figure, List, ListLine, PassageStage, VerificationFiling, VerificationKind, VerificationOrder,
    VerificationStep,
};
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;
use zonebook_reconcile::flow::{Flow, Flows};
use zonebook_reconcile::verification::{
    Counted, Failure, Period, Row, Totals, Watch, of_book, of_items_watched,
};

fn kilos(part: &str) -> Goods {
    Goods { part: part.into(), tariff: "5208110000".into(), units: build::units("035", "035", None) }
}

fn pieces() -> Goods {
    Goods { part: "SHIRT".into(), tariff: "6205200000".into(), units: build::units("011", "035", None) }
}

/// `K1` with 2,000 kg of cloth and shirts of 0.679 kg net each, 3% lost; `A2` of another owner.
fn zone() -> Zone {
    let mut book = BookFiling { regime: Some(Regime::Bom), ..processing_book("K1", Usage::Processing) };
    book.rows.push(row(Mark::Goods, 1, &kilos("CLOTH"), amount("2000", "2000", None)));
    book.rows.push(row(Mark::Product, 1, &pieces(), amount("0", "0", None)));
    book.bom.push(bom_row(1, "V1", 1, ["0.679", "3", "100", "0.7"]));
    let mut other = build::book("A2");
    other.rows.push(build::book_row(1, &kilos("CLOTH"), amount("0", "0", None)));
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(book));
    zone.files(Document::Book(other));
    zone
}

fn cloth(number: &str, direction: Direction, kilograms: &str) -> List {
    let line = list_line(1, 1, &kilos("CLOTH"), amount(kilograms, kilograms, None));
    List { lines: vec![line], ..list(number, "K1", direction) }
}

fn shirts(number: &str, direction: Direction, count: &str, weight: &str) -> List {
    let line = list_line(1, 1, &pieces(), amount(count, weight, None));
    let line = ListLine { bom_version: BomVersion::new("V1").ok(), ..line };
    List { mark: Mark::Product, lines: vec![line], ..list(number, "K1", direction) }
}

fn through_the_gate(zone: &mut Zone, list: List) {
    let (number, direction) = (list.list_no.to_string(), list.direction);
    let pass = format!("P{number}");
    zone.files(filed(list));
    zone.files(Document::Pass(build::pass(&pass, direction, &[&number])));
    let report = passage(&pass, PassageStage::Passed, local("2026-06-02T12:00:00"));
    zone.files(Document::Passage(report));
}

/// A11 as the trade does it, all on 2 June.
fn full_cycle() -> Zone {
    let mut zone = zone();
    through_the_gate(&mut zone, cloth("L01", Direction::In, "50000"));
    through_the_gate(&mut zone, shirts("L02", Direction::Out, "60000", "15000"));
    through_the_gate(&mut zone, List { mode: mode("0245"), ..cloth("L03", Direction::Out, "1500") });
    through_the_gate(&mut zone, List { mode: mode("0265"), ..cloth("L04", Direction::Out, "500") });
    zone.files(filed(List { mode: mode("0200"), ..cloth("L05", Direction::Out, "200") }));
    let pair = |from: List, book: &str| List { kind: "6".into(), related_book: Some(book_no(book)), ..from };
    let lines = cloth("L06", Direction::In, "300").lines;
    zone.files(filed(pair(List { lines, ..list("L06", "A2", Direction::In) }, "K1")));
    let out = pair(cloth("L07", Direction::Out, "300"), "A2");
    zone.files(filed(List { related_list: Some(build::list_no("L06")), ..out }));
    let exchange = |list: List| List { mode: mode("4600"), ..list };
    through_the_gate(&mut zone, exchange(shirts("L08", Direction::In, "100", "25")));
    let back = exchange(shirts("L09", Direction::Out, "100", "25"));
    through_the_gate(&mut zone, List { exchanged_list: Some(build::list_no("L08")), ..back });
    zone.at("2026-06-03T09:00:00");
    zone
}

fn day(text: &str) -> Option<Date> {
    Date::parse(text).ok()
}

fn declaration(sequence: u64, begin: &str, end: &str, remains: &str) -> VerificationFiling {
    let figures = [(Figure::ActualRemain, quantity(remains)), (Figure::Consumption, quantity("42001"))];
    let item = DeclaredItem { line: 1, mark: Mark::Goods, number: 1, figures: figures.into() };
    let blank = verification("K1", sequence, &[]);
    VerificationFiling { begin: day(begin), end: day(end), items: vec![item], ..blank }
}

fn figures(zone: &Zone, sequence: u64) -> Vec<Row> {
    let period = Period::of_verification(&zone.state, &book_no("K1"), sequence, None).unwrap().unwrap();
    of_book(&zone.state, &book_no("K1"), &period, &Counted::new()).unwrap()
}

fn step(sequence: u64, step: VerificationStep) -> Command {
    Command::OrderVerification(VerificationOrder { book_no: book_no("K1"), sequence, step })
}

fn confirm(sequence: u64) -> Command {
    step(sequence, VerificationStep::Confirm { remark: "".into() })
}

fn close(sequence: u64) -> Command {
    step(sequence, VerificationStep::Close { remark: "".into() })
}

fn why(zone: &mut Zone, command: Command) -> Reason {
    zone.takes(command).applied.outcome.refusal().expect("it is refused").reason
}

fn text(quantity: Option<Quantity>) -> String {
    quantity.unwrap().to_string()
}

/// Whoever watches sees each row of the history once, and no row is read after the one at which he wants no more.
#[test]
fn watched_work_stops_when_it_is_told_to() {
    let zone = full_cycle();
    let (book_no, period) = (book_no("K1"), Period::of(&zone.state, (None, None), None, None).unwrap());
    let counted = Counted::new();
    let compute = |goes_on: &mut dyn FnMut(u64) -> bool| {
        let mut watch = Watch::new(1, goes_on);
        let found =
            of_items_watched(&zone.state, &book_no, &period, &counted, (None, usize::MAX), &mut watch);
        (found, watch.rows())
    };
    let mut seen = Vec::new();
    let (all, rows) = compute(&mut |row| {
        seen.push(row);
        true
    });
    assert_eq!(all.unwrap(), of_book(&zone.state, &book_no, &period, &counted).unwrap());
    assert_eq!(seen, (1..=rows).collect::<Vec<_>>());
    assert!(rows > 2);
    let (stopped, read) = compute(&mut |row| row < 2);
    assert!(matches!(stopped, Err(Failure::Stopped)));
    assert_eq!(read, 2);
}

/// A11: should remain 7,500, counted 7,460; the difference of -40 is 0.5333% of what should remain, 952 ppm of use and 769
/// ppm of inflow.
#[test]
fn a11_the_figures_of_a_full_cycle() {
    let mut zone = full_cycle();
    zone.files(Document::Verification(declaration(1, "", "2026-06-02", "7460")));
    let rows = figures(&zone, 1);
    let [cloth, shirts] = rows.as_slice() else { panic!("{rows:?}") };
    for (figure, expected) in [
        (Figure::Opening, "2000"),
        (Figure::ImportOrExport, "50000"),
        (Figure::Consumption, "42000"),
        (Figure::TangibleLoss, "1260"),
        (Figure::IntangibleLoss, "0"),
        (Figure::DomesticSale, "1500"),
        (Figure::ReExport, "500"),
        (Figure::Destroyed, "200"),
        (Figure::RemainTransferOut, "300"),
        (Figure::FurtherProcessing, "0"),
        (Figure::ShouldRemain, "7500"),
        (Figure::ActualRemain, "7460"),
        (Figure::Difference, "-40"),
        (Figure::DifferenceRate, "-0.53333"),
        (Figure::AveragePrice, "1"),
        (Figure::DifferenceAmount, "-40"),
    ] {
        assert_eq!(text(cloth.figure(figure)), expected, "{figure}");
    }
    assert_eq!(text(cloth.ppm_of_use()), "952.38095");
    assert_eq!(text(cloth.ppm_of_inflow()), "769.23077");
    for (figure, expected) in [
        (Figure::ImportOrExport, "60000"),
        (Figure::ExchangeIn, "100"),
        (Figure::ExchangeOut, "100"),
        (Figure::ShouldRemain, "0"),
    ] {
        assert_eq!(text(shirts.figure(figure)), expected, "{figure}");
    }
    // What is declared otherwise refuses nothing; it stands beside what is computed.
    let mismatches = cloth.mismatches().unwrap();
    let [mismatch] = mismatches.as_slice() else { panic!("{mismatches:?}") };
    assert_eq!(mismatch.figure, Figure::Consumption);
    assert_eq!((mismatch.declared, mismatch.computed), (quantity("42001"), quantity("42000")));
}

/// A11, its end: the 40 are taxed, customs closes, and the next opening is 7,460. What the period covers stays as it is.
#[test]
fn a11_after_tax_on_40_the_next_opening_is_7460() {
    let mut zone = full_cycle();
    zone.files(Document::Verification(declaration(1, "", "2026-06-02", "7460")));
    let found = vec![line(1, 1, "7500", "7460")];
    let basis = query::revision(&zone.state).unwrap();
    zone.accepts(recorded(report("V1", "K1", basis.0, found)));
    let forty = named(1, Mark::Goods, 1, amount("40", "40", None));
    let adjusted = |number: &str| {
        let cited = difference("V1", 1);
        let lines = vec![(&cited, Difference::Shortage, forty.clone())];
        filed_adjustment(AdjustmentFiling { verification: Some(1), ..citing(number, "K1", lines) })
    };
    assert_eq!(why(&mut zone, adjusted("J01")), Reason::DifferenceState, "customs has not decided");
    let taxed = DifferenceDecision {
        dutiable_value: Some(quantity("128")),
        decided_on: query::today(&zone.state).unwrap(),
        ..says("K1", DifferenceOutcome::Taxed)
    };
    zone.accepts(decide("V1", 1, taxed));
    zone.accepts(adjusted("J01"));
    zone.accepts(confirm(1));
    let closed = zone.accepts(close(1));
    assert_eq!(closed.outcome.state, Some(DocumentState::Closed));
    assert_eq!(text(figures(&zone, 1)[0].should_remain()), "7460");
    assert_eq!(text(figures(&zone, 1)[0].figure(Figure::VerifiedDecrease)), "40");

    // One record: no list was written again, and none can be touched any more.
    assert_eq!(zone.list("L01").state, DocumentState::Posted);
    let shown = query::movement(&zone.state, build::list_no("L01")).unwrap().unwrap();
    assert_eq!(
        (shown.state, shown.verified_time),
        (DocumentState::Verified, Some(common::world::moment("2026-06-03T09:00:00")))
    );
    assert_eq!(zone.refuses(build::withdrawal("L01", 1)), Reason::PeriodVerified);
    let named_again = Document::Verification(verification("K1", 1, &[]));
    assert_eq!(zone.refuses(named_again), Reason::PeriodVerified);
    assert_eq!(why(&mut zone, adjusted("J02")), Reason::PeriodVerified);

    // The next one opens with it.
    through_the_gate(&mut zone, cloth("L10", Direction::In, "100"));
    zone.at("2026-06-04T09:00:00");
    zone.files(Document::Verification(declaration(2, "2026-06-03", "2026-06-03", "7560")));
    let rows = figures(&zone, 2);
    assert_eq!(text(rows[0].figure(Figure::Opening)), "7460");
    assert_eq!(text(rows[0].difference()), "0");
    assert_eq!(zone.refuses(build::withdrawal("L10", 1)), Reason::AlreadyPosted);
    zone.accepts(confirm(2));
    zone.accepts(close(2));
    assert_eq!(zone.refuses(build::withdrawal("L10", 1)), Reason::PeriodVerified);
}

/// Periods follow each other, are over before they are closed, and are asked for more as long as they are open.
#[test]
fn a_period_goes_its_way() {
    let mut zone = full_cycle();
    assert_eq!(why(&mut zone, confirm(1)), Reason::DocumentUnknown);
    zone.files(Document::Verification(declaration(1, "", "2026-06-03", "7460")));
    assert_eq!(why(&mut zone, close(1)), Reason::VerificationState);
    let ask = |reason: &str| step(1, VerificationStep::AskSupplement { reason: reason.into() });
    assert_eq!(why(&mut zone, ask(" ")), Reason::InvalidField);
    zone.accepts(ask("the scrap"));
    assert_eq!(why(&mut zone, confirm(1)), Reason::VerificationState);
    let mut more = declaration(1, "", "", "7500");
    more.kind = VerificationKind::Supplementary;
    zone.files(Document::Verification(more.clone()));
    // The last that is said of an item counts.
    assert_eq!(figures(&zone, 1)[0].counted, Some(quantity("7500")));
    zone.accepts(confirm(1));
    more.items[0].number = 2;
    assert_eq!(zone.refuses(Document::Verification(more)), Reason::VerificationState);
    assert_eq!(why(&mut zone, close(1)), Reason::PeriodMismatch, "its last day is not over");
    zone.at("2026-06-04T00:00:00");
    zone.accepts(close(1));
    assert_eq!(why(&mut zone, close(1)), Reason::PeriodVerified);

    let disposed = VerificationFiling {
        kind: VerificationKind::CustomsDisposal,
        ..declaration(2, "2026-06-05", "2026-06-05", "7500")
    };
    zone.files(Document::Verification(disposed));
    zone.at("2026-06-06T08:00:00");
    assert_eq!(why(&mut zone, close(2)), Reason::PeriodMismatch, "4 June is in no period");
    zone.files(Document::Verification(declaration(3, "2026-06-04", "2026-06-05", "7500")));
    zone.accepts(confirm(3));
    zone.accepts(close(3));
}

fn imported(declared: &str, counted: &str) -> Row {
    let measure = Measure::new(quantity(declared), Quantity::ZERO, Quantity::ZERO, quantity(declared));
    let mut flows = Flows::default();
    flows.add(Flow::Import, &measure).unwrap();
    Row {
        item: ItemKey { book_no: book_no("K1"), mark: Mark::Goods, number: 1 },
        before: Measure::ZERO,
        flows,
        tangible_loss: Quantity::ZERO,
        intangible_loss: Quantity::ZERO,
        counted: Some(quantity(counted)),
        declared: [].into(),
    }
}

/// A8: of materials of 3.58 bn CNY, 0.47 per mille are about 1,682,600.
#[test]
fn a8_the_rate_of_a_settlement_by_work_orders() {
    let mut totals = Totals::default();
    totals.add(&imported("3580000000", "3578317400")).unwrap();
    assert_eq!(totals.differences.to_string(), "1682600");
    assert_eq!(text(totals.rate_per_mille()), "0.47");
}

/// A9: import 10,000, 4,000 pieces of 2.4 exported, 399 there: a shortage of 1, 100 ppm of import. With 1 in transit
/// nothing is missing.
#[test]
fn a9_the_balance_of_practitioners() {
    let mut row = imported("10000", "399");
    let used = Measure::new(quantity("-9600"), Quantity::ZERO, Quantity::ZERO, Quantity::ZERO);
    row.flows.add(Flow::Consumption, &used).unwrap();
    assert_eq!((text(row.difference()), text(row.ppm_of_inflow())), ("-1".into(), "100".into()));
    row.counted = Some(quantity("400"));
    assert_eq!(text(row.difference()), "0");
}
