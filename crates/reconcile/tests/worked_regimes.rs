//! The worked examples of `domain.md` that other regimes know, and the same rules with other numbers: A12 and A13 of a US
//! foreign-trade zone, A14 and A16 of a special procedure of the EU; and A24, the closing rule of repair.

#[path = "../../ledger/tests/common/mod.rs"]
mod common;

use common::build::{self, amount, book, book_no, book_row, filed, list, list_line, mode, passage, quantity};
use common::dispose::{adjustment, decide_adjustment, decision, filed_adjustment, named, rest, set};
use common::papers::{bom_row, consumption, disposed, processing_book, residue, row, serial};
use common::world::{self, Goods, local};
use common::zone::Zone;
use std::collections::BTreeMap;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{BomVersion, CorrectionNo, LotNo, UnitCode};
use zonebook_ledger::command::{CalendarOrder, Command, CorrectionDecision, LotMethodOrder};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    BookRow, ConsumptionFiling, CorrectionFiling, DecisionOutcome, Difference, Document, LinePart, List,
    ListLine, PassageStage, Provenance,
};
use zonebook_ledger::layer::LotMethod;
use zonebook_ledger::measure::Unit;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::quantity::{Factor, Quantity};
use zonebook_ledger::reference::{
    ReferenceEntry, ReferenceImport, ReferenceKey, ReferenceKind, ReferenceRow, Tariff,
};
use zonebook_ledger::time::Date;
use zonebook_reconcile::count::CountedGoods;
use zonebook_reconcile::regime::annual::{self, AnnualRow, Deadlines, Manner, Statuses, Year, ZoneStatus};
use zonebook_reconcile::regime::discharge::{self, Aggregation, BillRow, Days, Discharge};
use zonebook_reconcile::regime::repair;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn parts() -> Goods {
    Goods { part: "M-100".into(), tariff: "8708299000".into(), units: build::units("011", "011", None) }
}

/// A book of parts that keeps lots by a method from the beginning.
fn opened(at: &str, method: LotMethod) -> Zone {
    let mut zone = Zone::opened(at);
    let mut filing = book("A1");
    filing.valid_until = day("2027-12-31");
    filing.rows.push(book_row(1, &parts(), amount("0", "0", None)));
    zone.files(Document::Book(filing));
    if method != LotMethod::None {
        let order =
            LotMethodOrder { book_no: book_no("A1"), method, take_over: false, reason: "asked".into() };
        zone.accepts(Command::SetLotMethod(order));
    }
    zone
}

/// Files a list of parts and takes it through the gate.
fn moves(zone: &mut Zone, number: &str, direction: Direction, pieces: &str, price: i64) {
    let line = list_line(1, 1, &parts(), amount(pieces, pieces, None));
    let value_usd = Quantity::from_raw(line.declared.raw() * i128::from(price));
    let line = ListLine { price: Quantity::whole(price), value_usd, ..line };
    gated(zone, List { lines: vec![line], ..list(number, "A1", direction) });
}

fn gated(zone: &mut Zone, list: List) {
    let (number, direction) = (list.list_no.to_string(), list.direction);
    let pass = format!("P{number}");
    zone.files(filed(list));
    zone.files(Document::Pass(build::pass(&pass, direction, &[&number])));
    zone.files(Document::Passage(passage(&pass, PassageStage::Passed, local("2026-06-02T11:00:00"))));
}

/// Duty of so many percent on parts from a day on; no other tax.
fn duty(zone: &mut Zone, from: &str, percent: &str) {
    let tariff = Tariff {
        duty: Factor::parse(percent).unwrap(),
        by_origin: BTreeMap::new(),
        vat: Factor::ZERO,
        consumption: Factor::ZERO,
        unit1: UnitCode::new("011").unwrap(),
        unit2: None,
        dangerous: false,
        licence: false,
    };
    let key = ReferenceKey { kind: ReferenceKind::Tariff, code: "8708299000".into(), from: day(from) };
    let rows = vec![ReferenceEntry { line: 2, key, row: ReferenceRow::Tariff(tariff) }];
    zone.accepts(Command::ImportReference(ReferenceImport { source: "tariff.csv".into(), rows }));
}

fn counted(book: &str, pieces: &str) -> CountedGoods {
    CountedGoods {
        book_no: book_no(book),
        mark: Mark::Goods,
        number: 1,
        serial: None,
        unit: UnitCode::new("011").unwrap(),
        declared: quantity(pieces),
        statutory1: None,
        statutory2: None,
    }
}

fn lot(text: &str) -> LotNo {
    LotNo::new(text).unwrap()
}

fn elected(lots: &[(&str, ZoneStatus)]) -> Statuses {
    lots.iter().map(|(number, status)| ((Mark::Goods, 1, Some(lot(number))), *status)).collect()
}

/// The year 2026 of the parts.
fn year(zone: &Zone, pieces: Option<&str>, statuses: &Statuses) -> AnnualRow {
    let counted: Vec<CountedGoods> = pieces.map(|pieces| counted("A1", pieces)).into_iter().collect();
    let book_no = book_no("A1");
    let year = Year::ending(day("2026-12-31"));
    let asked = annual::Asked { book_no: &book_no, year, counted: &counted, statuses, as_of: None };
    let rows = annual::of_items(&zone.state, &asked, None, usize::MAX).unwrap();
    assert_eq!(rows, annual::of_items(&zone.state, &asked, None, usize::MAX).unwrap());
    rows.into_iter().next().unwrap()
}

fn layers_of_the_example(zone: &mut Zone) {
    moves(zone, "L01", Direction::In, "100", 10);
    zone.at("2026-02-10T08:00:00");
    moves(zone, "L02", Direction::In, "200", 11);
    zone.at("2026-03-01T08:00:00");
    moves(zone, "L03", Direction::In, "150", 12);
    zone.at("2026-03-02T08:00:00");
    moves(zone, "L04", Direction::Out, "180", 0);
}

fn statuses_of_the_example() -> Statuses {
    use ZoneStatus::{NonPrivilegedForeign, PrivilegedForeign};
    elected(&[("L01/1", PrivilegedForeign), ("L02/1", NonPrivilegedForeign), ("L03/1", PrivilegedForeign)])
}

/// Lot, status, opening, receipts, transfers and what they are worth, closing and what it is worth.
fn shown(row: &AnnualRow) -> Vec<[String; 8]> {
    let of = |lot: &annual::AnnualLot| {
        let (columns, closing) = (&lot.columns, lot.columns.closing().unwrap());
        [
            lot.number.to_string(),
            lot.status.to_string(),
            columns.opening.declared().to_string(),
            columns.receipts.declared().to_string(),
            columns.transfers.declared().to_string(),
            columns.transfers.get(Unit::Value).to_string(),
            closing.declared().to_string(),
            closing.get(Unit::Value).to_string(),
        ]
    };
    row.lots.iter().map(of).collect()
}

/// A12: layers of 100 at 10 PF, 200 at 11 NPF, 150 at 12 PF. A transfer of 180 takes 1,000 PF and 880 NPF; 3,120 are left.
/// 268 are counted: 2 are short of the oldest layer, 1.67% of its 120, and bear 1.10: recorded, not reported at once.
#[test]
fn a12_ftz_fifo_shortage() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Fifo);
    duty(&mut zone, "2026-01-01", "5");
    layers_of_the_example(&mut zone);
    let row = year(&zone, Some("268"), &statuses_of_the_example());
    let expected = [
        ["L01/1", "PF", "0", "100", "100", "1000", "0", "0"],
        ["L02/1", "NPF", "0", "200", "80", "880", "120", "1320"],
        ["L03/1", "PF", "0", "150", "0", "0", "150", "1800"],
    ];
    assert_eq!(shown(&row), expected.map(|row| row.map(str::to_owned)));
    let [short] = row.short.as_slice() else { panic!("{row:?}") };
    assert_eq!(
        (short.lot.clone(), short.short, short.of),
        (Some(lot("L02/1")), quantity("2"), quantity("120"))
    );
    assert_eq!(short.percent().unwrap(), quantity("1.66667"));
    assert_eq!((short.value, row.duty().unwrap()), (quantity("22"), Some(quantity("1.1"))));
    assert_eq!(row.manner, Some(Manner::Yearly));
}

/// With other numbers: what decides is the share of the lot and the money, each at its limit.
#[test]
fn a_shortage_is_reported_at_once_from_both_limits_on() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Fifo);
    duty(&mut zone, "2026-01-01", "5");
    moves(&mut zone, "L01", Direction::In, "1000", 200);
    let manner = |zone: &Zone, pieces| year(zone, Some(pieces), &Statuses::new()).manner;
    // 10 of 1,000 are 1% and bear 2,000 x 5% = 100.
    assert_eq!(manner(&zone, "990"), Some(Manner::AtOnce));
    assert_eq!(manner(&zone, "990.00001"), Some(Manner::Yearly));
    assert_eq!(manner(&zone, "1000"), None);
    assert_eq!(manner(&zone, "1001"), Some(Manner::Yearly));
    zone.accepts(set(Parameter::ZoneShortageDuty, "100.01"));
    assert_eq!(manner(&zone, "990"), Some(Manner::Yearly));
    assert_eq!(manner(&zone, "989"), Some(Manner::AtOnce));
    zone.accepts(set(Parameter::ZoneShortageShare, "1.2"));
    assert_eq!(manner(&zone, "989"), Some(Manner::Yearly));
    assert_eq!(manner(&zone, "988"), Some(Manner::AtOnce));
    assert_eq!(
        year(&zone, Some("988"), &[((Mark::Goods, 1, None), ZoneStatus::Domestic)].into()).manner,
        Some(Manner::Yearly)
    );
}

/// A shortage over several layers: each has its share, the money is that of all.
#[test]
fn a_shortage_does_not_become_small_by_being_spread_over_layers() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Fifo);
    duty(&mut zone, "2026-01-01", "5");
    moves(&mut zone, "L01", Direction::In, "12", 100);
    moves(&mut zone, "L02", Direction::In, "1000", 100);
    let row = year(&zone, Some("991"), &Statuses::new());
    let short: Vec<_> =
        row.short.iter().map(|short| (short.short.to_string(), short.of.to_string())).collect();
    assert_eq!(short, [("12".into(), "12".into()), ("9".into(), "1000".into())]);
    // 60 and 45 apart, 105 together.
    assert_eq!((row.duty().unwrap(), row.manner), (Some(quantity("105")), Some(Manner::AtOnce)));
    assert_eq!(row.closing().unwrap(), quantity("991"));
}

/// Privileged goods bear the rate of their admission, others that of the end of the year.
#[test]
fn status_fixes_the_rate() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Fifo);
    duty(&mut zone, "2026-01-01", "5");
    duty(&mut zone, "2026-07-01", "8");
    moves(&mut zone, "L01", Direction::In, "100", 10);
    let bears = |statuses: &Statuses| year(&zone, Some("90"), statuses).duty().unwrap();
    assert_eq!(bears(&elected(&[("L01/1", ZoneStatus::PrivilegedForeign)])), Some(quantity("5")));
    assert_eq!(bears(&Statuses::new()), Some(quantity("8")));
    assert_eq!(bears(&elected(&[("L01/1", ZoneStatus::Domestic)])), Some(Quantity::ZERO));
}

/// A rate that is missing is named, and a shortage that is large enough is not called small for that.
#[test]
fn a_missing_rate_is_named() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Fifo);
    moves(&mut zone, "L01", Direction::In, "100", 10);
    let row = year(&zone, Some("90"), &Statuses::new());
    assert_eq!((row.duty().unwrap(), row.manner), (None, Some(Manner::DutyUnknown)));
    assert_eq!(row.missing.iter().collect::<Vec<_>>(), ["8708299000 2026-12-31"]);
}

/// Where the book keeps no lots, and where a count of an item cannot say which lot, the item itself is short.
#[test]
fn without_an_order_of_lots_the_item_is_short() {
    for method in [LotMethod::None, LotMethod::Specific] {
        let mut zone = opened("2026-01-05T08:00:00", method);
        duty(&mut zone, "2026-01-01", "5");
        moves(&mut zone, "L01", Direction::In, "100", 10);
        moves(&mut zone, "L02", Direction::In, "300", 20);
        let row = year(&zone, Some("396"), &Statuses::new());
        let [short] = row.short.as_slice() else { panic!("{row:?}") };
        // 4 of 400 worth 7,000.
        assert_eq!(
            (short.lot.clone(), short.of, short.value),
            (None, quantity("400"), quantity("70")),
            "{method}"
        );
        assert_eq!(row.lots.len(), if method == LotMethod::None { 0 } else { 2 });
    }
}

/// A13: opening 0, receipts 450, transfers 180, adjustment 2, closing 268. The year ends on 2025-12-31: report by
/// 2026-03-31, letter by 2026-04-14.
#[test]
fn a13_ftz_annual() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Fifo);
    layers_of_the_example(&mut zone);
    let columns = |row: &AnnualRow| {
        let of = &row.columns;
        [of.opening, of.receipts, of.transfers, of.increases, of.decreases]
            .map(|sum| sum.declared().to_string())
    };
    // Found by the count, and not adjusted yet: it closes with what is there.
    let row = year(&zone, Some("268"), &Statuses::new());
    assert_eq!(columns(&row), ["0", "450", "180", "0", "0"].map(str::to_owned));
    assert_eq!((row.found.unwrap().difference, row.closing().unwrap()), (quantity("-2"), quantity("268")));
    // Known and not decided on: still short. Its lot is the one that the ledger took.
    zone.at("2026-06-02T12:00:00");
    zone.files(Document::Verification(disposed("A1", 1)));
    let short = named(1, Mark::Goods, 1, amount("2", "2", None));
    zone.accepts(filed_adjustment(adjustment("J01", "A1", 1, vec![(Difference::Shortage, short)])));
    let row = year(&zone, Some("268"), &Statuses::new());
    assert_eq!(
        (row.found.unwrap().difference, row.short[0].lot.clone()),
        (quantity("-2"), Some(lot("L02/1")))
    );
    assert_eq!(row.closing().unwrap(), quantity("268"));
    // Decided on: an adjustment of the year.
    zone.accepts(decide_adjustment("J01", decision("Q1", vec![rest(1, DecisionOutcome::WrittenOff)])));
    let row = year(&zone, Some("268"), &Statuses::new());
    assert_eq!(columns(&row), ["0", "450", "180", "0", "2"].map(str::to_owned));
    assert_eq!((row.manner, row.closing().unwrap()), (None, quantity("268")));
    assert_eq!(row.lots[1].columns.decreases.declared(), quantity("2"));

    let days = Deadlines::of(&zone.state, day("2025-12-31"), None).unwrap();
    assert_eq!(days, Deadlines { report: day("2026-03-31"), letter: day("2026-04-14") });
}

/// The letter follows the report that was made, holidays do not count, and both terms can be changed.
#[test]
fn the_days_of_a_year_move_with_their_parameters() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::None);
    let days = |zone: &Zone, end, reported: Option<&str>| {
        let days = Deadlines::of(&zone.state, day(end), reported.map(day)).unwrap();
        (days.report.to_string(), days.letter.to_string())
    };
    let two = |report: &str, letter: &str| (report.to_owned(), letter.to_owned());
    assert_eq!(days(&zone, "2026-06-30", None), two("2026-09-28", "2026-10-12"));
    assert_eq!(days(&zone, "2026-06-30", Some("2026-09-01")), two("2026-09-28", "2026-09-15"));
    let holidays = vec![day("2026-10-12")];
    zone.accepts(Command::SetCalendar(CalendarOrder { year: 2026, holidays, working_days: Vec::new() }));
    assert_eq!(days(&zone, "2026-06-30", None), two("2026-09-28", "2026-10-13"));
    zone.accepts(set(Parameter::ZoneReportDays, "60"));
    zone.accepts(set(Parameter::ZoneLetterDays, "5"));
    assert_eq!(days(&zone, "2026-06-30", None), two("2026-08-29", "2026-09-04"));
}

#[test]
fn a_year_begins_the_day_after_the_one_before_ended() {
    for (end, begin) in [
        ("2025-12-31", "2025-01-01"),
        ("2026-06-30", "2025-07-01"),
        ("2028-02-29", "2027-03-01"),
        ("2029-02-28", "2028-02-29"),
    ] {
        assert_eq!(Year::ending(day(end)), Year { begin: day(begin), end: day(end) }, "{end}");
    }
}

/// What one year closes with the next one opens with, lot by lot.
#[test]
fn the_next_year_opens_with_what_the_last_closed_with() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Fifo);
    layers_of_the_example(&mut zone);
    zone.at("2027-02-01T08:00:00");
    moves(&mut zone, "L05", Direction::Out, "130", 0);
    let book_no = book_no("A1");
    let of = |end: &str| {
        let (year, statuses) = (Year::ending(day(end)), Statuses::new());
        let asked = annual::Asked { book_no: &book_no, year, counted: &[], statuses: &statuses, as_of: None };
        annual::of_items(&zone.state, &asked, None, usize::MAX).unwrap().remove(0)
    };
    let (first, second) = (of("2026-12-31"), of("2027-12-31"));
    assert_eq!(first.columns.closing().unwrap(), second.columns.opening);
    let expected = [
        ["L02/1", "NPF", "120", "0", "120", "1320", "0", "0"],
        ["L03/1", "NPF", "150", "0", "10", "120", "140", "1680"],
    ];
    assert_eq!(shown(&second), expected.map(|row| row.map(str::to_owned)));
}

// The bill of discharge

fn kilos(part: &str) -> Goods {
    Goods { part: part.into(), tariff: "1003000000".into(), units: build::units("035", "035", None) }
}

fn litres() -> Goods {
    Goods { part: "SPIRIT".into(), tariff: "2208300000".into(), units: build::units("095", "095", None) }
}

/// `M1`: spirit of which a litre takes 0.2 kg of malt, with so much malt on hand.
fn distillery(at: &str, malt: &str) -> Zone {
    let mut zone = Zone::opened(at);
    let mut filing = processing_book("M1", Usage::Processing);
    filing.valid_until = day("2027-12-31");
    filing.rows.push(row(Mark::Goods, 1, &kilos("MALT"), amount(malt, malt, None)));
    filing.rows.push(row(Mark::Product, 1, &litres(), amount("0", "0", None)));
    filing.bom.push(bom_row(1, "V1", 1, ["0.2", "0", "100", "0.2"]));
    zone.files(Document::Book(filing));
    zone
}

fn malt(number: &str, direction: Direction, kilograms: &str) -> List {
    let line = list_line(1, 1, &kilos("MALT"), amount(kilograms, kilograms, None));
    List { lines: vec![line], ..list(number, "M1", direction) }
}

fn spirit(number: &str, count: &str) -> List {
    let line = list_line(1, 1, &litres(), amount(count, count, None));
    let line = ListLine { bom_version: BomVersion::new("V1").ok(), ..line };
    List { mark: Mark::Product, lines: vec![line], ..list(number, "M1", Direction::Out) }
}

fn bill(zone: &Zone, placed: &str, months: u32) -> Option<BillRow> {
    let days = Days::of(&zone.state, day(placed), Aggregation::Monthly, months).unwrap();
    let book_no = book_no("M1");
    let asked = discharge::Asked { book_no: &book_no, days, as_of: None };
    let rows = discharge::of_items(&zone.state, &asked, None, usize::MAX).unwrap();
    assert_eq!(rows, discharge::of_items(&zone.state, &asked, None, usize::MAX).unwrap());
    rows.into_iter().next()
}

fn discharged(row: &BillRow) -> Vec<(&'static str, String)> {
    row.discharged.iter().map(|(what, gone)| (what.code(), gone.to_string())).collect()
}

/// A14: 500 kg placed; 2,000 litres at 5 litres a kilogram discharge 400 kg, 100 kg remain.
#[test]
fn a14_discharge_by_rate_of_yield() {
    let mut zone = distillery("2026-01-10T08:00:00", "0");
    gated(&mut zone, malt("L01", Direction::In, "500"));
    zone.at("2026-03-10T08:00:00");
    gated(&mut zone, spirit("L02", "2000"));
    let row = bill(&zone, "2026-01-15", 6).unwrap();
    assert_eq!(row.placed, quantity("500"));
    assert_eq!(discharged(&row), [("RE_EXPORTED", "400".into())]);
    assert_eq!(row.remaining().unwrap(), quantity("100"));
    let (product, obtained) = row.products.first_key_value().unwrap();
    assert_eq!((product.number, product.discharge), (1, Discharge::ReExported));
    assert_eq!((obtained.quantity, obtained.covers), (quantity("2000"), quantity("400")));
    assert_eq!(
        (obtained.rate.to_string(), obtained.rate.per_unit_placed().unwrap()),
        ("1:5".into(), Factor::whole(5))
    );
}

/// The first to come is the first to go, and each way out has its line.
#[test]
fn a_bill_is_of_the_goods_that_were_placed() {
    let mut zone = distillery("2026-01-10T08:00:00", "30");
    zone.at("2026-02-03T08:00:00");
    gated(&mut zone, malt("L01", Direction::In, "100"));
    zone.at("2026-03-03T08:00:00");
    gated(&mut zone, malt("L02", Direction::In, "1000"));
    // 40: 30 that were there before, 10 of February.
    gated(&mut zone, spirit("L03", "200"));
    gated(&mut zone, List { mode: mode("0245"), ..malt("L04", Direction::Out, "15") });
    gated(&mut zone, List { mode: mode("0265"), ..malt("L05", Direction::Out, "5") });
    zone.files(filed(List { mode: mode("0200"), ..malt("L06", Direction::Out, "2") }));
    zone.files(Document::Consumption(consumption("U01", "M1", &[(1, quantity("8"))])));
    // 60 of February are left, and this takes 90.
    gated(&mut zone, List { mode: mode("0644"), ..spirit("L07", "450") });
    let row = bill(&zone, "2026-02-03", 6).unwrap();
    assert_eq!(row.placed, quantity("100"));
    let expected = [("RE_EXPORTED", "15"), ("RELEASED", "75"), ("DESTROYED", "2"), ("PROCESSED", "8")];
    assert_eq!(discharged(&row), expected.map(|(what, gone)| (what, gone.to_owned())));
    assert_eq!(row.remaining().unwrap(), Quantity::ZERO);
    let products: Vec<_> = row
        .products
        .iter()
        .map(|(product, obtained)| (product.discharge.code(), obtained.quantity.to_string()))
        .collect();
    // Of 200 litres those of 10 kg, of 450 those of 60 kg.
    assert_eq!(products, [("RE_EXPORTED", "50".into()), ("RELEASED", "300".into())]);
    // What came in March bears the rest.
    let march = bill(&zone, "2026-03-31", 6).unwrap();
    assert_eq!(discharged(&march), [("RELEASED", "30".to_owned())]);
    assert_eq!(march.remaining().unwrap(), quantity("970"));
    assert_eq!(bill(&zone, "2026-04-01", 6), None);
}

/// What leaves after the period of discharge is not in its bill.
#[test]
fn what_leaves_later_remains() {
    let mut zone = distillery("2026-01-10T08:00:00", "0");
    gated(&mut zone, malt("L01", Direction::In, "500"));
    zone.at("2026-02-28T23:59:00");
    gated(&mut zone, spirit("L02", "100"));
    zone.at("2026-03-01T00:00:00");
    gated(&mut zone, spirit("L03", "100"));
    let left = |months| bill(&zone, "2026-01-10", months).unwrap().remaining().unwrap();
    assert_eq!((left(1), left(2)), (quantity("480"), quantity("460")));
}

/// A correction puts back what it undoes: in the layer from which it came.
#[test]
fn a_correction_gives_back_to_the_layer_it_took_from() {
    let mut zone = distillery("2026-01-10T08:00:00", "30");
    zone.at("2026-02-03T08:00:00");
    gated(&mut zone, malt("L01", Direction::In, "100"));
    gated(&mut zone, malt("L02", Direction::Out, "50"));
    let correction_no = CorrectionNo::new("K01").unwrap();
    let part = LinePart {
        line: 1,
        declared: quantity("25"),
        statutory1: quantity("25"),
        statutory2: None,
        value_usd: quantity("25"),
    };
    zone.files(Document::Correction(CorrectionFiling {
        correction_no: correction_no.clone(),
        list_no: build::list_no("L02"),
        owner: build::customs_no(world::owner("M1")),
        declared_at: local("2026-02-03T09:00:00"),
        reason: "25 stayed".into(),
        lines: vec![part],
    }));
    let order = CorrectionDecision { correction_no, approved: true, reason: "seen".into() };
    zone.accepts(Command::DecideCorrection(order));
    // 50 were 30 of before and 20 of February; the 25 are these 20 and 5 of before.
    let row = bill(&zone, "2026-02-03", 6).unwrap();
    assert_eq!((row.placed, discharged(&row)), (quantity("100"), Vec::new()));
    gated(&mut zone, malt("L03", Direction::Out, "6"));
    let row = bill(&zone, "2026-02-03", 6).unwrap();
    assert_eq!(row.remaining().unwrap(), quantity("99"));
}

/// A16: January goods, monthly, six months: from 31 January to 31 July, bill by 30 August. January to March, quarterly: from
/// 31 March to 30 September, bill by 30 October. An extension gives 60 days.
#[test]
fn a16_bill_of_discharge() {
    let zone = distillery("2026-01-10T08:00:00", "0");
    let days = |placed, aggregation, months| {
        let days = Days::of(&zone.state, day(placed), aggregation, months).unwrap();
        [days.placed_from, days.begins, days.ends, days.due, days.due_extended].map(|day| day.to_string())
    };
    use Aggregation::{Monthly, Quarterly};
    let expected = ["2026-01-01", "2026-01-31", "2026-07-31", "2026-08-30", "2026-09-29"];
    for placed in ["2026-01-01", "2026-01-17", "2026-01-31"] {
        assert_eq!(days(placed, Monthly, 6), expected.map(str::to_owned), "{placed}");
    }
    let expected = ["2026-01-01", "2026-03-31", "2026-09-30", "2026-10-30", "2026-11-29"];
    for placed in ["2026-01-01", "2026-02-28", "2026-03-31"] {
        assert_eq!(days(placed, Quarterly, 6), expected.map(str::to_owned), "{placed}");
    }
    // With other numbers: a leap year, and a period that ends in another one.
    let expected = ["2028-02-01", "2028-02-29", "2028-05-31", "2028-06-30", "2028-07-30"];
    assert_eq!(days("2028-02-05", Monthly, 3), expected.map(str::to_owned));
    let expected = ["2026-10-01", "2026-12-31", "2027-12-31", "2028-01-30", "2028-02-29"];
    assert_eq!(days("2026-11-05", Quarterly, 12), expected.map(str::to_owned));
}

/// The terms are parameters.
#[test]
fn the_days_of_a_bill_move_with_their_parameters() {
    let mut zone = distillery("2026-01-10T08:00:00", "0");
    zone.accepts(set(Parameter::DischargeDays, "45"));
    zone.accepts(set(Parameter::DischargeExtendedDays, "90"));
    let days = Days::of(&zone.state, day("2026-01-17"), Aggregation::Monthly, 6).unwrap();
    assert_eq!((days.due, days.due_extended), (day("2026-09-14"), day("2026-10-29")));
}

const UNITS: [&str; 10] = ["SN0", "SN1", "SN2", "SN3", "SN4", "SN5", "SN6", "SN7", "SN8", "SN9"];

/// A24: ten units come from abroad, eight get a new board and go back, seven of the old boards are re-exported and one is
/// destroyed: on the side of the units 10 = 8 + 2, on that of the boards 8 = 7 + 1.
#[test]
fn a24_the_closing_rule_of_repair() {
    let pieces = || build::units("006", "006", None);
    let board = Goods { part: "BOARD".into(), tariff: "8534009000".into(), units: pieces() };
    let unit = Goods { part: "UNIT".into(), tariff: "9018121000".into(), units: pieces() };
    let mut filing = processing_book("W1", Usage::Repair);
    filing.rows.push(row(Mark::Goods, 1, &board, amount("8", "8", None)));
    let units = row(Mark::Goods, 2, &unit, amount("0", "0", None));
    filing.rows.push(BookRow { tracked_by_serial: true, ..units });
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(filing));
    let lines = |number: u64, goods: &Goods, of: &[&str]| -> Vec<ListLine> {
        let line = |(at, unit): (usize, &&str)| ListLine {
            serial: Some(serial(unit)),
            provenance: Some(Provenance::Foreign),
            ..list_line(at as u64 + 1, number, goods, amount("1", "1", None))
        };
        of.iter().enumerate().map(line).collect()
    };
    let passes = |zone: &mut Zone, pass_no: &str, direction, list_no: &str| {
        zone.files(Document::Pass(build::pass(pass_no, direction, &[list_no])));
        let at = local("2026-06-02T12:00:00");
        zone.files(Document::Passage(passage(pass_no, PassageStage::Passed, at)));
    };
    let moved = |number: &str, direction, mark, of: &str, lines| {
        filed(List { mark, mode: mode(of), lines, ..list(number, "W1", direction) })
    };
    zone.files(moved("L01", Direction::In, Mark::Goods, "1371", lines(2, &unit, &UNITS)));
    passes(&mut zone, "P01", Direction::In, "L01");
    let old = |(at, unit): (usize, &&str)| residue(at as u64 + 1, 1, &board, quantity("1"), Some(unit));
    zone.files(Document::Consumption(ConsumptionFiling {
        part_swap: true,
        residues: UNITS[..8].iter().enumerate().map(old).collect(),
        ..consumption("U01", "W1", &[(1, quantity("8"))])
    }));
    zone.files(moved("L02", Direction::Out, Mark::Residue, "0864", lines(1, &board, &UNITS[..7])));
    passes(&mut zone, "P02", Direction::Out, "L02");
    zone.files(moved("L03", Direction::Out, Mark::Residue, "0400", lines(1, &board, &UNITS[7..8])));
    zone.files(moved("L04", Direction::Out, Mark::Goods, "1371", lines(2, &unit, &UNITS[..8])));
    passes(&mut zone, "P03", Direction::Out, "L04");

    let now = zonebook_ledger::query::revision(&zone.state).unwrap();
    let found = repair::of_items(&zone.state, &book_no("W1"), now, None, 10).unwrap();
    let shown: Vec<String> = found
        .iter()
        .map(|row| {
            assert_eq!(row.difference().unwrap(), Quantity::ZERO);
            let fates: Vec<_> =
                row.fates.iter().map(|(fate, quantity)| format!("{fate} {quantity}")).collect();
            let from = row.provenance.map_or("-", Provenance::code);
            format!(
                "{} {} {from}: {}, {} on hand",
                row.item.mark,
                row.item.number,
                fates.join(", "),
                row.on_hand
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "I 1 -: CAME_IN 8, FITTED 8, 0 on hand",
            "I 2 2: CAME_IN 10, REPAIRED 8, 2 on hand",
            "R 1 2: REMOVED 8, EXPORTED 7, DESTROYED 1, 0 on hand",
        ]
    );
    let first = repair::of_items(&zone.state, &book_no("W1"), now, None, 1).unwrap();
    assert_eq!(first, found[..1]);
    assert_eq!(
        repair::of_items(&zone.state, &book_no("W1"), now, Some((Mark::Goods, 1)), 10).unwrap(),
        found[1..]
    );
}
