//! Duty, declarations, buyers and returns: the worked examples of `domain.md` section 6 by their names, and the same
//! rules with other numbers.

mod common;

use common::build::{self, Amount, amount, book, book_row, filed, list, list_line, quantity};
use common::papers::{bom_row, parcel, parcel_no, parcel_return, processing_book, return_no, row};
use common::world::{self, Goods};
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{BomVersion, TariffCode, UnitCode};
use zonebook_ledger::command::Command;
use zonebook_ledger::declaration::merge;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    BookFiling, BuyerHash, Document, DutyMode, List, ListLine, Parcel, ParcelFiling, ParcelReturnFiling,
    PassageStage, ReturnedLine,
};
use zonebook_ledger::exposure::{
    InterestStart, MissingKind, Product, Scope, Total, exposures, interest_start, parcel_quote, quote, total,
};
use zonebook_ledger::movement::{DocumentState, MovementLine};
use zonebook_ledger::outcome::{Revision, Verdict};
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::{Factor, Quantity};
use zonebook_ledger::query;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::reference::{
    On, ReferenceEntry, ReferenceImport, ReferenceKey, ReferenceKind, ReferenceRow, Tariff, in_force,
    list as rows,
};
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{Buyers, Key, Lines, ParcelReturns, Parcels, get};
use zonebook_ledger::time::Date;

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn rate(text: &str) -> Factor {
    Factor::parse(text).unwrap()
}

fn goods(part: &str, tariff: &str, unit: &str) -> Goods {
    Goods { part: part.into(), tariff: tariff.into(), units: build::units(unit, unit, None) }
}

// A7

/// A line of the example: quantity, price, total, origin.
fn example_line(line: u64, [quantity, price, total, origin]: [&str; 4]) -> ListLine {
    let x = goods(&format!("PART-{line}"), "8471300000", "007");
    let filed = list_line(line, line + 10, &x, amount(quantity, quantity, None));
    ListLine {
        price: build::quantity(price),
        total: build::quantity(total),
        origin: origin.into(),
        currency: "502".into(),
        duty_mode: Some(DutyMode::Exempt),
        ..filed
    }
}

fn kept(filed: ListLine) -> MovementLine {
    MovementLine { filed, lot: None, serial: None, uses: Vec::new() }
}

fn merged(lines: Vec<ListLine>) -> Vec<[String; 3]> {
    let lines: Vec<MovementLine> = lines.into_iter().map(kept).collect();
    let lines = merge(&lines, 50).unwrap();
    lines
        .iter()
        .map(|line| [line.declared, line.total, line.price].map(|figure| figure.to_string()))
        .collect()
}

/// A7: 100 at 2.00 and 50 at 2.50 of one origin become one line, 10 at 2.00 of another a second.
#[test]
fn a7_merging() {
    let lines = vec![
        example_line(1, ["100", "2", "200", "142"]),
        example_line(2, ["50", "2.5", "125", "142"]),
        example_line(3, ["10", "2", "20", "133"]),
    ];
    assert_eq!(merged(lines), [["150", "325", "2.1667"], ["10", "20", "2"]]);
}

/// A7 with other numbers: halves of the fourth decimal go up, and what comes later joins the line that it is like.
#[test]
fn a7_merging_rounds_half_up_and_keeps_the_order_of_the_list() {
    let lines = vec![
        example_line(1, ["3", "1", "1", "116"]),
        example_line(2, ["8", "1", "1.0004", "142"]),
        example_line(3, ["5", "1", "1", "116"]),
    ];
    // 1.0004 / 8 = 0.12505, 2 / 8 = 0.25
    assert_eq!(merged(lines), [["8", "2", "0.25"], ["8", "1.0004", "0.1251"]]);
}

/// Each of the keys alone keeps lines apart.
#[test]
fn a7_every_key_keeps_lines_apart() {
    let line = |at| example_line(at, ["1", "1", "1", "142"]);
    let other_unit = build::units("035", "035", None);
    let changed = [
        ListLine { tariff_code: TariffCode::new("8471300001").unwrap(), ..line(2) },
        ListLine { units: other_unit, ..line(3) },
        ListLine { origin: "116".into(), ..line(4) },
        ListLine { currency: "142".into(), ..line(5) },
        ListLine { duty_mode: Some(DutyMode::Normal), ..line(6) },
        ListLine { duty_mode: None, ..line(7) },
        ListLine { declaration_line: Some(2), ..line(8) },
    ];
    for other in changed {
        let name = format!("{other:?}");
        assert_eq!(merged(vec![line(1), other]).len(), 2, "{name}");
    }
    // Part number, item, name, statutory quantity, value and price do not.
    let alike = ListLine { price: quantity("9"), value_usd: quantity("7"), ..line(2) };
    assert_eq!(merged(vec![line(1), alike]).len(), 1);
}

/// A7: 51 distinct keys are refused by name, 50 are not.
#[test]
fn a7_more_lines_than_a_declaration_has_are_refused() {
    let line = |at: u64| ListLine { declaration_line: Some(at), ..example_line(at, ["1", "1", "1", "142"]) };
    let lines: Vec<MovementLine> = (1..=51).map(line).map(kept).collect();
    let refusal: Refusal = *merge(&lines, 50).unwrap_err();
    assert_eq!((refusal.reason, refusal.value.as_deref()), (Reason::TooLarge, Some("51")));
    assert_eq!(refusal.expected.as_deref(), Some("at most 50 declaration lines"));
    assert_eq!(merge(&lines[..50], 50).unwrap().len(), 50);
    assert_eq!(merge(&lines, 51).unwrap().len(), 51);
}

/// The three levels of an accepted list, in each of its versions: part number, item, declaration line.
#[test]
fn a7_the_mapping_stays_with_the_version_of_the_list() {
    let x = goods("X", "8471300000", "007");
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("A1");
    filing.rows.extend([11, 12, 13].map(|item| book_row(item, &x, Amount::default())));
    zone.files(Document::Book(filing));
    let lines = |origins: [&str; 3]| {
        let line = |(at, origin)| ListLine { origin, ..list_line(at, at + 10, &x, amount("5", "5", None)) };
        (1..).zip(origins.map(Into::into)).map(line).collect::<Vec<_>>()
    };
    let filed_list = |origins| {
        let list = List { lines: lines(origins), ..list("L01", "A1", Direction::In) };
        build::declared(list, "D1")
    };
    zone.files(filed(filed_list(["142", "133", "142"])));
    zone.files(build::change(filed_list(["142", "133", "133"]), 1));
    let mapping = |version| {
        let lines = get::<Lines>(&zone.state, (build::list_no("L01"), version)).unwrap().unwrap();
        let merged = merge(&lines, 50).unwrap();
        let parts = merged.iter().flat_map(|line| line.parts.iter().map(|part| (part.item, line.number)));
        let mut parts: Vec<_> = parts.collect();
        parts.sort_unstable();
        parts
    };
    assert_eq!(mapping(0), [(11, 1), (12, 2), (13, 1)]);
    assert_eq!(mapping(1), [(11, 1), (12, 2), (13, 2)]);
}

// Reference data

fn entry(line: u64, kind: ReferenceKind, code: &str, from: &str, row: ReferenceRow) -> ReferenceEntry {
    ReferenceEntry { line, key: ReferenceKey { kind, code: code.into(), from: date(from) }, row }
}

fn tariff(line: u64, code: &str, from: &str, [duty, vat, consumption]: [&str; 3]) -> ReferenceEntry {
    let row = Tariff {
        duty: rate(duty),
        by_origin: [("116".into(), rate("4.5"))].into(),
        vat: rate(vat),
        consumption: rate(consumption),
        unit1: UnitCode::new("035").unwrap(),
        unit2: None,
        dangerous: false,
        licence: false,
    };
    entry(line, ReferenceKind::Tariff, code, from, ReferenceRow::Tariff(row))
}

fn dollars(line: u64, month: &str, cny: &str) -> ReferenceEntry {
    let row = ReferenceRow::Exchange { cny: rate(cny), usd: rate("1") };
    entry(line, ReferenceKind::Exchange, "502", month, row)
}

fn import(rows: Vec<ReferenceEntry>) -> Command {
    Command::ImportReference(ReferenceImport { source: "table.csv".into(), rows })
}

#[test]
fn what_holds_on_a_day_is_the_last_row_from_that_day_or_before() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let plain = |line, from, duty| tariff(line, "8471300000", from, [duty, "13", "0"]);
    zone.accepts(import(vec![plain(2, "2026-01-01", "6"), plain(3, "2026-07-01", "5")]));
    let duty_on = |zone: &Zone, day| {
        in_force(&zone.state, ReferenceKind::Tariff, "8471300000", On::now(date(day))).unwrap().map(|found| {
            let ReferenceRow::Tariff(tariff) = &found.row.row else { panic!("{found:?}") };
            (tariff.duty.to_string(), found.row.line)
        })
    };
    assert_eq!(duty_on(&zone, "2025-12-31"), None);
    assert_eq!(duty_on(&zone, "2026-01-01"), Some(("6".into(), 2)));
    assert_eq!(duty_on(&zone, "2026-06-30"), Some(("6".into(), 2)));
    assert_eq!(duty_on(&zone, "2027-01-01"), Some(("5".into(), 3)));
    // The same code and day once more takes the place of the first.
    zone.accepts(import(vec![plain(9, "2026-01-01", "7")]));
    assert_eq!(duty_on(&zone, "2026-06-30"), Some(("7".into(), 9)));
    assert_eq!(rows(&zone.state, ReferenceKind::Tariff, None, None, 9).unwrap().len(), 2);
    // What it said until then is known of the revisions before.
    let before = query::revision(&zone.state).unwrap().0 - 1;
    let duty_known = |zone: &Zone, day, known| {
        let on = On { day: date(day), known: Revision(known) };
        in_force(&zone.state, ReferenceKind::Tariff, "8471300000", on).unwrap().map(|found| found.row.line)
    };
    assert_eq!(duty_known(&zone, "2026-06-30", before), Some(2));
    assert_eq!(duty_known(&zone, "2026-06-30", before + 1), Some(9));
    assert_eq!(duty_known(&zone, "2026-06-30", before - 1), None);
    // The same row once more is known already; another import of it is not.
    zone.accepts(import(vec![plain(9, "2026-01-01", "7")]));
    assert_eq!(duty_known(&zone, "2026-06-30", before + 1), Some(9));
    zone.accepts(import(vec![plain(9, "2026-01-01", "8"), plain(4, "2026-03-01", "8")]));
    assert_eq!(duty_known(&zone, "2026-06-30", before + 1), Some(9));
    assert_eq!(duty_known(&zone, "2026-06-30", before + 3), Some(4));
    let former = zone.state.rows().filter(|(key, _)| matches!(key, Key::FormerReference(_)));
    assert_eq!(former.count(), 2);
    // An exchange rate is that of its month alone.
    zone.accepts(import(vec![dollars(2, "2026-06-01", "7.2")]));
    let known =
        |day| in_force(&zone.state, ReferenceKind::Exchange, "502", On::now(date(day))).unwrap().is_some();
    assert_eq!(
        ["2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01"].map(known),
        [false, true, true, false]
    );
}

#[test]
fn rows_are_listed_page_by_page() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let codes = ["8471300000", "8471300001", "8471300002"];
    let line = |(at, code): (usize, &&str)| tariff(at as u64, code, "2026-01-01", ["6", "13", "0"]);
    zone.accepts(import(codes.iter().enumerate().map(line).collect()));
    let first = rows(&zone.state, ReferenceKind::Tariff, None, None, 2).unwrap();
    let rest = rows(&zone.state, ReferenceKind::Tariff, None, Some(&first[1].key), 2).unwrap();
    let found: Vec<&str> = first.iter().chain(&rest).map(|found| found.key.code.as_str()).collect();
    assert_eq!(found, codes);
    assert_eq!(rows(&zone.state, ReferenceKind::Tariff, Some(codes[1]), None, 9).unwrap().len(), 1);
    assert!(rows(&zone.state, ReferenceKind::Exchange, None, None, 9).unwrap().is_empty());
}

/// Each flaw names line, field and value, and nothing of the part is kept.
#[test]
fn a_row_with_a_flaw_is_named_and_its_part_is_refused_whole() {
    use ReferenceKind::{Concordance, Conversion, Country, Exchange, Mode, Tariff as TariffKind};
    let named = |zh: &str| ReferenceRow::Named { iso: "".into(), name_zh: zh.into(), name_en: "".into() };
    let money = |cny: &str, usd: &str| ReferenceRow::Exchange { cny: rate(cny), usd: rate(usd) };
    let codes = |to: &[&str]| ReferenceRow::Concordance {
        to: to.iter().map(|code| TariffCode::new(code).unwrap()).collect(),
    };
    let factor = |text: &str| ReferenceRow::Conversion { factor: rate(text) };
    let one = tariff(7, "8471300000", "2026-01-01", ["6", "13", "0"]);
    let with = |change: &dyn Fn(&mut Tariff)| {
        let ReferenceRow::Tariff(mut row) = one.row.clone() else { panic!() };
        change(&mut row);
        ReferenceEntry { row: ReferenceRow::Tariff(row), ..one.clone() }
    };
    for (entry, field) in [
        (tariff(7, "847130000", "2026-01-01", ["6", "13", "0"]), "code"),
        (tariff(7, "84713000AB", "2026-01-01", ["6", "13", "0"]), "code"),
        (tariff(7, "8471300000", "2026-01-01", ["-1", "13", "0"]), "duty"),
        (tariff(7, "8471300000", "2026-01-01", ["6", "-1", "0"]), "vat"),
        (tariff(7, "8471300000", "2026-01-01", ["6", "13", "-1"]), "consumption"),
        (tariff(7, "8471300000", "2026-01-01", ["6", "13", "100"]), "consumption"),
        (with(&|row| row.by_origin.extend([("JP".into(), Factor::ZERO)])), "by_origin"),
        (with(&|row| row.by_origin.extend([("133".into(), rate("-1"))])), "by_origin"),
        (
            with(&|row| {
                row.by_origin = (0..301).map(|at| (format!("{at:03}").into(), Factor::ZERO)).collect()
            }),
            "by_origin",
        ),
        (entry(7, Exchange, "USD", "2026-06-01", money("7", "1")), "code"),
        (entry(7, Exchange, "502", "2026-06-02", money("7", "1")), "month"),
        (entry(7, Exchange, "502", "2026-06-01", money("0", "1")), "cny"),
        (entry(7, Exchange, "502", "2026-06-01", money("7", "0")), "usd"),
        (entry(7, Conversion, "035", "2026-01-01", factor("1")), "code"),
        (entry(7, Conversion, "035/036", "2026-01-01", factor("0")), "factor"),
        (entry(7, Concordance, "8471300000", "2026-02-01", codes(&["8471300001"])), "year"),
        (entry(7, Concordance, "8471300000", "2026-01-01", codes(&[])), "to"),
        (entry(7, Concordance, "8471300000", "2026-01-01", codes(&["84713000"])), "to"),
        (entry(7, Country, "CHN", "2026-01-01", named("中国")), "code"),
        (entry(7, Mode, "110", "2026-01-01", named("一般贸易")), "code"),
        (entry(7, Country, "142", "2026-01-01", named("")), "name_zh"),
        (entry(7, TariffKind, "8471300000", "2026-01-01", named("name")), "kind"),
        (entry(7, Country, "142", "2026-01-01", money("7", "1")), "kind"),
    ] {
        let mut zone = Zone::opened("2026-06-02T08:00:00");
        let sound = tariff(6, "8471300009", "2026-01-01", ["6", "13", "0"]);
        let taken = zone.takes(import(vec![sound, entry]));
        let refusal = taken.applied.outcome.refusal().unwrap_or_else(|| panic!("{field} is taken"));
        assert_eq!(refusal.reason, Reason::InvalidField);
        assert_eq!((refusal.line, refusal.field.as_deref()), (Some(7), Some(field)), "{refusal}");
        assert!(refusal.expected.is_some() && refusal.document.as_deref() == Some("table.csv"));
        assert!(rows(&zone.state, TariffKind, None, None, 9).unwrap().is_empty());
    }
}

#[test]
fn a_key_twice_and_too_many_rows_are_refused() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let line = |line| tariff(line, "8471300000", "2026-01-01", ["6", "13", "0"]);
    let twice = zone.takes(import(vec![line(2), line(3)]));
    assert_eq!(
        twice.applied.outcome.refusal().map(|refusal| (refusal.reason, refusal.line)),
        Some((Reason::NamedTwice, Some(3)))
    );
    let many: Vec<_> =
        (0..4_001).map(|at| tariff(at, &format!("{at:010}"), "2026-01-01", ["6", "13", "0"])).collect();
    let refused = zone.takes(import(many.clone())).applied;
    assert_eq!(refused.outcome.refusal().map(|refusal| refusal.reason), Some(Reason::TooLarge));
    zone.accepts(import(many[..4_000].to_vec()));
}

// Exposure

/// A storage book with 100 kg at 50 USD apiece of item 1, and 40 kg of item 2 without a tariff row.
fn stocked() -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let (known, unknown) = (goods("K", "8708299000", "035"), goods("U", "9999999999", "035"));
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &known, Amount::default()));
    filing.rows.push(book_row(2, &unknown, amount("40", "40", None)));
    zone.files(Document::Book(filing));
    let line = list_line(1, 1, &known, amount("100", "100", None));
    let lines = vec![ListLine { value_usd: quantity("5000"), ..line }];
    zone.files(filed(List { lines, ..list("L01", "A1", Direction::In) }));
    passes(&mut zone, "P01", Direction::In, "L01");
    zone
}

fn passes(zone: &mut Zone, pass: &str, direction: Direction, list: &str) {
    zone.files(Document::Pass(build::pass(pass, direction, &[list])));
    let at = world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage(pass, PassageStage::Passed, at)));
}

fn sum(zone: &Zone, scope: &Scope) -> Total {
    total(&zone.state, scope, date("2026-06-02")).unwrap()
}

#[test]
fn suspended_duty_names_what_is_missing_and_what_it_rests_on() {
    let mut zone = stocked();
    let nothing = sum(&zone, &Scope::default());
    assert_eq!((nothing.positions, nothing.incomplete), (2, 2));
    assert_eq!(nothing.taxes.total(), Some(Quantity::ZERO));
    let missing: Vec<_> =
        nothing.missing.iter().map(|(one, count)| (one.kind, one.what.as_str(), *count)).collect();
    assert_eq!(
        missing,
        [
            (MissingKind::Exchange, "502 2026-06", 2),
            (MissingKind::Tariff, "8708299000 2026-06-02", 1),
            (MissingKind::Tariff, "9999999999 2026-06-02", 1),
        ]
    );

    let rows = vec![tariff(4, "8708299000", "2026-01-01", ["6", "13", "0"]), dollars(2, "2026-06-01", "7.2")];
    zone.accepts(import(rows));
    // 5,000 x 7.2 = 36,000; 6% 2,160; 13% of 38,160 = 4,960.80
    let total = sum(&zone, &Scope::default());
    assert_eq!((total.positions, total.incomplete), (2, 1));
    assert_eq!([total.value_usd, total.value_cny].map(|value| value.to_string()), ["5000", "36000"]);
    assert_eq!([total.taxes.duty, total.taxes.vat].map(|tax| tax.to_string()), ["2160", "4960.8"]);
    assert_eq!(total.missing.len(), 1);

    let each = exposures(&zone.state, &Scope::default(), date("2026-06-02"), None, 9).unwrap();
    assert_eq!(each.len(), 2);
    let rated = each[0].rated.as_ref().unwrap();
    assert_eq!((rated.row.row.source.as_str(), rated.row.row.line, rated.by_origin), ("table.csv", 4, false));
    assert_eq!(each[0].value.as_ref().unwrap().row.as_ref().unwrap().row.line, 2);
    assert_eq!(each[1].missing[0].kind, MissingKind::Tariff);
    // Page by page it is the same.
    let next =
        exposures(&zone.state, &Scope::default(), date("2026-06-02"), Some(&each[0].position), 1).unwrap();
    assert_eq!(next, each[1..]);
}

#[test]
fn exposure_is_of_a_position_an_item_a_book_a_party_or_a_zone() {
    let mut zone = stocked();
    let rows = vec![tariff(4, "8708299000", "2026-01-01", ["6", "13", "0"]), dollars(2, "2026-06-01", "7.2")];
    zone.accepts(import(rows));
    let mut filing = book("A2");
    filing.rows.push(book_row(1, &goods("K", "8708299000", "035"), amount("10", "10", None)));
    zone.files(Document::Book(filing));
    let duty = |scope: Scope| sum(&zone, &scope).taxes.duty.to_string();
    // The opening of A2 is worth 10 USD: 72 CNY, 6% of which are 4.32.
    assert_eq!(duty(Scope::default()), "2164.32");
    assert_eq!(duty(Scope { book_no: Some(build::book_no("A1")), ..Scope::default() }), "2160");
    assert_eq!(duty(Scope { book_no: Some(build::book_no("A2")), ..Scope::default() }), "4.32");
    let item = |number| Scope {
        book_no: Some(build::book_no("A1")),
        item: Some((Mark::Goods, number)),
        ..Scope::default()
    };
    assert_eq!([duty(item(1)), duty(item(2))], ["2160", "0"]);
    let party = |book| Scope { party: Some(build::customs_no(world::owner(book))), ..Scope::default() };
    let of_owner = if world::owner("A1") == world::owner("A2") { "2164.32" } else { "2160" };
    assert_eq!(duty(party("A1")), of_owner);
    let office = |text| Scope { office: Some(build::office(text)), ..Scope::default() };
    assert_eq!([duty(office(world::OFFICE)), duty(office(world::PARK))], ["2164.32", "0"]);
    let position = Scope { position: Some(build::position("A1", 1, Place::Zone)), ..Scope::default() };
    assert_eq!(duty(position.clone()), "2160");
    let found = exposures(&zone.state, &position, date("2026-06-02"), None, 9).unwrap();
    assert_eq!(found.len(), 1);
    let after = exposures(&zone.state, &position, date("2026-06-02"), Some(&found[0].position), 9).unwrap();
    assert!(after.is_empty());
}

/// Where the book is kept by receipt, the lot says where the goods come from, and that country's rate counts.
#[test]
fn the_rate_of_the_country_of_origin_counts_where_the_lot_says_it() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(book("R1")));
    let rows = vec![tariff(4, "8708299000", "2026-01-01", ["6", "13", "0"]), dollars(2, "2026-06-01", "7.2")];
    zone.accepts(import(rows));
    let known = goods("K", "8708299000", "035");
    let line = |at, origin: &str| ListLine {
        origin: origin.into(),
        value_usd: quantity("1000"),
        ..list_line(at, 0, &known, amount("10", "10", None))
    };
    let lines = vec![line(1, "116"), line(2, "133")];
    zone.files(filed(List { lines, ..list("L01", "R1", Direction::In) }));
    passes(&mut zone, "P01", Direction::In, "L01");
    let each = exposures(&zone.state, &Scope::default(), date("2026-06-02"), None, 9).unwrap();
    let shown: Vec<_> = each
        .iter()
        .map(|one| {
            (
                one.origin.as_deref(),
                one.rated.as_ref().unwrap().by_origin,
                one.taxes.unwrap().duty.to_string(),
            )
        })
        .collect();
    // 7,200 at 4.5% and at 6%.
    assert_eq!(shown, [(Some("116"), true, "324".into()), (Some("133"), false, "432".into())]);
}

#[test]
fn a_code_that_is_gone_names_its_successors() {
    let mut zone = stocked();
    let to = vec![TariffCode::new("8888888881").unwrap(), TariffCode::new("8888888882").unwrap()];
    let row = ReferenceRow::Concordance { to };
    zone.accepts(import(vec![entry(2, ReferenceKind::Concordance, "9999999999", "2026-01-01", row)]));
    let found = sum(&zone, &Scope::default());
    let said: Vec<&str> = found.missing.keys().map(|missing| missing.what.as_str()).collect();
    assert!(said.contains(&"9999999999 2026-06-02; its successors are 8888888881, 8888888882"), "{said:?}");
}

// Selective tariff and interest

/// A processing book: material 1, 2 kg of it in each product, two receipts at different prices, origins and rates.
fn processing() -> Zone {
    let mut zone = Zone::opened("2026-05-10T08:00:00");
    let (material, product) = (goods("M", "3903110000", "035"), goods("P", "8708299000", "007"));
    let mut filing = processing_book("M1", Usage::Processing);
    filing.rows.push(row(Mark::Goods, 1, &material, Amount::default()));
    filing.rows.push(row(Mark::Product, 1, &product, Amount::default()));
    filing.bom.push(bom_row(1, "V1", 1, ["2", "0", "100", "2"]));
    zone.files(Document::Book(filing));
    zone.accepts(import(vec![
        tariff(2, "3903110000", "2026-01-01", ["6.5", "13", "0"]),
        tariff(3, "3903110000", "2026-06-01", ["10", "13", "0"]),
        tariff(4, "8708299000", "2026-01-01", ["20", "13", "0"]),
        dollars(5, "2026-05-01", "7"),
        dollars(6, "2026-06-01", "8"),
    ]));
    for (number, pass, at, origin, value) in [
        ("L01", "P01", "2026-05-12T08:00:00", "116", "1000"),
        ("L02", "P02", "2026-06-02T08:00:00", "133", "2000"),
    ] {
        zone.at(at);
        let line = list_line(1, 1, &material, amount("100", "100", None));
        let lines = vec![ListLine { origin: origin.into(), value_usd: quantity(value), ..line }];
        zone.files(filed(List { lines, ..list(number, "M1", Direction::In) }));
        passes(&mut zone, pass, Direction::In, number);
    }
    zone
}

fn product(quantity_text: &str) -> Product {
    Product {
        book_no: build::book_no("M1"),
        number: 1,
        version: BomVersion::new("V1").unwrap(),
        quantity: quantity(quantity_text),
        value: quantity("1000"),
        currency: "502".into(),
        day: date("2026-06-03"),
    }
}

/// 60 products take 120 kg: 100 of May's receipt and 20 of June's, each at its own value, exchange rate and rate of duty.
#[test]
fn selective_tariff_shows_duty_by_material_and_by_product() {
    let zone = processing();
    let found = quote(&zone.state, &product("60")).unwrap().unwrap();
    assert_eq!(found.missing, []);
    let receipts = &found.materials[0].receipts;
    let shown: Vec<_> = receipts
        .iter()
        .map(|one| {
            (
                one.document.as_str(),
                one.quantity.to_string(),
                one.value.as_ref().unwrap().cny.to_string(),
                one.duty.unwrap().to_string(),
            )
        })
        .collect();
    // 1,000 x 7 at Japan's 4.5% = 315; a fifth of 2,000 x 8 at June's 10% = 320.
    assert_eq!(
        shown,
        [
            ("L01", "100".into(), "7000".into(), "315".into()),
            ("L02", "20".into(), "3200".into(), "320".into())
        ]
    );
    assert_eq!(receipts[0].entered_on, date("2026-05-12"));
    assert!(receipts[0].rated.as_ref().unwrap().by_origin && !receipts[1].rated.as_ref().unwrap().by_origin);
    // 1,000 USD at 8: 20% of 8,000 = 1,600, 13% of 9,600 = 1,248; by material 635, 13% of 8,635 = 1,122.55.
    let figures = |taxes: Option<zonebook_ledger::duty::Taxes>| {
        let taxes = taxes.unwrap();
        [taxes.duty, taxes.vat].map(|tax| tax.to_string())
    };
    assert_eq!(figures(found.by_product), ["1600", "1248"]);
    assert_eq!(figures(found.by_material), ["635", "1122.55"]);
}

/// What left before was taken from the oldest receipt.
#[test]
fn materials_that_are_used_come_from_the_oldest_receipts() {
    let mut zone = processing();
    let use_by_slip = common::papers::consumption("U01", "M1", &[(1, quantity("90"))]);
    zone.files(Document::Consumption(use_by_slip));
    let found = quote(&zone.state, &product("10")).unwrap().unwrap();
    let taken: Vec<_> = found.materials[0]
        .receipts
        .iter()
        .map(|one| (one.document.as_str(), one.quantity.to_string()))
        .collect();
    assert_eq!(taken, [("L01", "10".to_owned()), ("L02", "10".to_owned())]);
}

#[test]
fn a_quote_names_what_it_lacks() {
    let mut zone = processing();
    // 101 products take 202 kg of the 200 that are there.
    let short = quote(&zone.state, &product("101")).unwrap().unwrap();
    assert_eq!(
        short.missing.iter().map(|one| (one.kind, one.what.as_str())).collect::<Vec<_>>(),
        [(MissingKind::Stock, "2 of material 1")]
    );
    assert!(short.by_material.is_none() && short.by_product.is_some());
    let unknown = Product { version: BomVersion::new("V2").unwrap(), ..product("1") };
    assert_eq!(quote(&zone.state, &unknown).unwrap(), None);
    zone.at("2026-07-01T08:00:00");
    let later = Product { day: date("2026-07-01"), ..product("1") };
    let found = quote(&zone.state, &later).unwrap().unwrap();
    assert_eq!(found.missing[0].kind, MissingKind::Exchange);
    assert!(found.by_product.is_none() && found.materials[0].duty.is_some());
}

/// A17: interest runs from the last verification, else from the first import.
#[test]
fn a17_interest_runs_from_the_last_verification_or_the_first_import() {
    let mut zone = processing();
    let book_no = build::book_no("M1");
    assert_eq!(
        interest_start(&zone.state, &book_no).unwrap(),
        Some((InterestStart::FirstImport, date("2026-05-12")))
    );
    assert_eq!(interest_start(&zone.state, &build::book_no("A1")).unwrap(), None);
    zone.at("2026-06-20T08:00:00");
    zone.files(Document::Verification(common::papers::verification("M1", 1, &["L01"])));
    assert_eq!(
        interest_start(&zone.state, &book_no).unwrap(),
        Some((InterestStart::LastVerification, date("2026-06-20")))
    );
}

// Electronic commerce

const BUYER: BuyerHash = BuyerHash([7; 32]);

fn cans() -> Goods {
    Goods { part: "CAN".into(), tariff: "1901101000".into(), units: build::units("122", "035", None) }
}

/// A book of commerce with 100 cans of 0.9 kg.
fn commerce(at: &str) -> Zone {
    let mut zone = Zone::opened(at);
    let mut filing = BookFiling { usage: Usage::ECommerce, ..book("C1") };
    filing.rows.push(book_row(1, &cans(), amount("100", "90", None)));
    filing.valid_until = date("2026-12-31");
    zone.files(Document::Book(filing));
    zone
}

fn bought(number: &str, count: &str, kilos: &str, price: &str, buyer: Option<BuyerHash>) -> Parcel {
    Parcel { buyer, ..parcel(number, "C1", 1, &cans(), amount(count, kilos, None), price) }
}

fn file(parcels: Vec<Parcel>) -> Document {
    Document::Parcels(ParcelFiling::File(parcels))
}

fn cancel(number: &str) -> Document {
    Document::Parcels(ParcelFiling::Cancel(vec![parcel_no(number)]))
}

fn spent(zone: &Zone, year: i64) -> String {
    get::<Buyers>(&zone.state, (BUYER, year)).unwrap().map_or("nothing".into(), |total| total.to_string())
}

fn one(number: &str, price: &str) -> Parcel {
    bought(number, "1", "0.9", price, Some(BUYER))
}

#[test]
fn a_buyer_spends_no_more_than_the_limit_in_a_year() {
    let mut zone = commerce("2026-06-02T08:00:00");
    for number in ["T01", "T02", "T03", "T04", "T05"] {
        zone.files(file(vec![one(number, "5000")]));
    }
    assert_eq!(spent(&zone, 2026), "25000");
    // 1,000.00001 are too much, exactly 1,000 are not; two parcels of one message count together.
    assert_eq!(zone.refuses(file(vec![one("T06", "1000.00001")])), Reason::BuyerLimitExceeded);
    assert_eq!(
        zone.refuses(file(vec![one("T06", "600"), one("T07", "400.00001")])),
        Reason::BuyerLimitExceeded
    );
    assert_eq!(spent(&zone, 2026), "25000");
    zone.files(file(vec![one("T06", "600"), one("T07", "400")]));
    assert_eq!(spent(&zone, 2026), "26000");
    // Others, and who is not known, are not held to it.
    zone.files(file(vec![Parcel { buyer: None, ..one("T08", "5000") }]));
    zone.files(file(vec![Parcel { buyer: Some(BuyerHash([8; 32])), ..one("T09", "5000") }]));
    // What is cancelled is given back, exactly.
    zone.files(cancel("T01"));
    assert_eq!(spent(&zone, 2026), "21000");
    zone.files(file(vec![one("T10", "5000")]));
    assert_eq!(zone.refuses(file(vec![one("T11", "0.00001")])), Reason::BuyerLimitExceeded);
}

#[test]
fn the_refusal_says_what_is_spent() {
    let mut zone = commerce("2026-06-02T08:00:00");
    let set = ParameterValue {
        parameter: Parameter::BuyerYearMax,
        from: date("2026-01-01"),
        value: quantity("100"),
    };
    zone.accepts(Command::SetParameter(set));
    zone.files(file(vec![one("T01", "60")]));
    let taken = zone.takes(Command::File(Box::new(file(vec![one("T02", "40.5")]))));
    let refusal = taken.applied.outcome.refusal().unwrap();
    assert_eq!((refusal.field.as_deref(), refusal.value.as_deref()), (Some("totalPrice"), Some("40.5")));
    assert_eq!(refusal.expected.as_deref(), Some("at most 100 in 2026, of which 60 is spent"));
    assert_eq!(refusal.document.as_deref(), Some("T02"));
    // The limit of one parcel is asked first.
    assert_eq!(zone.refuses(file(vec![one("T02", "5000.5")])), Reason::ParcelLimitExceeded);
}

/// The year is that of the ledger's clock, UTC+08:00, and what is cancelled later is given back to it.
#[test]
fn each_year_has_a_total_of_its_own() {
    let mut zone = commerce("2026-12-31T23:59:59");
    zone.files(file(vec![one("T01", "300")]));
    zone.at("2027-01-01T00:00:00");
    zone.files(file(vec![one("T02", "200")]));
    assert_eq!([spent(&zone, 2026), spent(&zone, 2027)], ["300", "200"]);
    zone.files(cancel("T01"));
    assert_eq!([spent(&zone, 2026), spent(&zone, 2027)], ["nothing", "200"]);
}

/// Delivers a parcel of four cans for 400.04 on 11 November 2025.
fn delivered(buyer: Option<BuyerHash>) -> Zone {
    let mut zone = commerce("2025-11-10T08:00:00");
    zone.files(file(vec![bought("T01", "4", "3.6", "400.04", buyer)]));
    let lines = vec![list_line(1, 1, &cans(), amount("4", "3.6", None))];
    let out = List {
        kind: "8".into(),
        parcels: vec![parcel_no("T01")],
        lines,
        declared_at: world::local("2025-11-10T09:00:00"),
        ..list("L01", "C1", Direction::Out)
    };
    zone.files(filed(out));
    zone.at("2025-11-11T10:00:00");
    passes(&mut zone, "P01", Direction::Out, "L01");
    assert_eq!(
        get::<Parcels>(&zone.state, parcel_no("T01")).unwrap().unwrap().state,
        DocumentState::Delivered
    );
    zone
}

fn back(number: &str, applied: &str, arrived: &str, count: &str, kilos: &str) -> ParcelReturnFiling {
    let line =
        ReturnedLine { line: 1, declared: quantity(count), statutory1: quantity(kilos), statutory2: None };
    ParcelReturnFiling {
        applied_on: date(applied),
        arrived_on: date(arrived),
        lines: vec![line],
        ..parcel_return(number, "T01")
    }
}

fn in_stock(zone: &Zone) -> [String; 2] {
    let there = zone.on_hand(&build::position("C1", 1, Place::Zone));
    [there.declared().to_string(), there.get(zonebook_ledger::measure::Unit::Statutory1).to_string()]
}

/// A18: released on 11 November, applied for by 11 December, arrived by 26 December: in time. No tax, and the year's total
/// is what it was.
#[test]
fn a18_e_commerce_return_in_time() {
    let mut zone = delivered(Some(BUYER));
    assert_eq!(in_stock(&zone), ["96", "86.4"]);
    zone.at("2025-12-26T20:00:00");
    zone.files(Document::ParcelReturn(back("V01", "2025-12-11", "2025-12-26", "4", "3.6")));
    assert_eq!(in_stock(&zone), ["100", "90"]);
    assert_eq!(spent(&zone, 2025), "nothing");
    let kept = get::<ParcelReturns>(&zone.state, return_no("V01")).unwrap().unwrap();
    assert!(kept.in_time);
    assert_eq!([kept.apply_by, kept.arrive_by], [date("2025-12-11"), date("2025-12-26")]);
    assert_eq!(kept.restored, quantity("400.04"));
    zone.accepts(import(vec![tariff(2, "1901101000", "2025-01-01", ["5", "13", "0"])]));
    let taxes = parcel_quote(&zone.state, &parcel_no("T01")).unwrap().unwrap().taxes;
    assert_eq!(taxes.unwrap().total(), Some(Quantity::ZERO));
}

/// A18: arrived on 27 December: the goods are in the book again, but there is no relief and the total stays.
#[test]
fn a18_e_commerce_return_that_arrives_late() {
    let mut zone = delivered(Some(BUYER));
    zone.at("2025-12-27T10:00:00");
    zone.files(Document::ParcelReturn(back("V01", "2025-12-11", "2025-12-27", "4", "3.6")));
    assert_eq!(in_stock(&zone), ["100", "90"]);
    assert_eq!(spent(&zone, 2025), "400.04");
    let kept = get::<ParcelReturns>(&zone.state, return_no("V01")).unwrap().unwrap();
    assert_eq!((kept.in_time, kept.restored), (false, Quantity::ZERO));
    zone.accepts(import(vec![tariff(2, "1901101000", "2025-01-01", ["5", "13", "0"])]));
    // 13% of 400.04 = 52.01, 70% of that = 36.41.
    let taxes = parcel_quote(&zone.state, &parcel_no("T01")).unwrap().unwrap().taxes;
    assert_eq!(taxes.unwrap().total(), Some(quantity("36.41")));
}

/// A18: applied for on 12 December is late as well, however early the goods arrive.
#[test]
fn a18_e_commerce_return_that_is_applied_for_late() {
    let mut zone = delivered(None);
    zone.at("2025-12-12T10:00:00");
    zone.files(Document::ParcelReturn(back("V01", "2025-12-12", "2025-12-01", "1", "0.9")));
    let kept = get::<ParcelReturns>(&zone.state, return_no("V01")).unwrap().unwrap();
    assert!(!kept.in_time);
}

/// Parts come back one after the other; their shares of the price are what the whole is.
#[test]
fn a18_parts_of_a_parcel_come_back_until_nothing_is_left() {
    let mut zone = delivered(Some(BUYER));
    zone.at("2025-11-20T10:00:00");
    let part = |number, count, kilos| back(number, "2025-11-15", "2025-11-20", count, kilos);
    // A third of 400.04 is no number: each share is rounded from all that came back so far.
    for (number, left) in [("V01", "300.03"), ("V02", "200.02"), ("V03", "100.01")] {
        zone.files(Document::ParcelReturn(part(number, "1", "0.9")));
        assert_eq!(spent(&zone, 2025), left);
    }
    let more = zone.takes(Command::File(Box::new(Document::ParcelReturn(part("V04", "1.00001", "0.9")))));
    let refusal = more.applied.outcome.refusal().unwrap().clone();
    assert_eq!((refusal.reason, refusal.available), (Reason::ReturnExceedsOut, Some(quantity("1"))));
    // The last of it takes the rest in every unit, and nothing earlier does.
    assert_eq!(zone.refuses(Document::ParcelReturn(part("V04", "1", "0.8"))), Reason::StatutoryRemainder);
    assert_eq!(zone.refuses(Document::ParcelReturn(part("V04", "0.5", "0.9"))), Reason::StatutoryRemainder);
    zone.files(Document::ParcelReturn(part("V04", "1", "0.9")));
    assert_eq!(spent(&zone, 2025), "nothing");
    assert_eq!(zone.refuses(Document::ParcelReturn(part("V05", "1", "0.9"))), Reason::ReturnExceedsOut);
    let parcel = get::<Parcels>(&zone.state, parcel_no("T01")).unwrap().unwrap();
    assert_eq!((parcel.restored, parcel.state), (quantity("400.04"), DocumentState::Delivered));
}

#[test]
fn returns_that_cannot_be_are_refused() {
    let mut zone = delivered(Some(BUYER));
    zone.at("2025-11-20T10:00:00");
    let sound = || back("V01", "2025-11-15", "2025-11-20", "1", "0.9");
    let filed_return = |filing| Document::ParcelReturn(filing);
    let of = |parcel: &str| ParcelReturnFiling { parcel_no: parcel_no(parcel), ..sound() };
    assert_eq!(zone.refuses(filed_return(of("T99"))), Reason::DocumentUnknown);
    zone.files(file(vec![one("T02", "100")]));
    assert_eq!(zone.refuses(filed_return(of("T02"))), Reason::ParcelNotOpen);
    for (applied, arrived) in [
        ("2025-11-10", "2025-11-20"),
        ("2025-11-15", "2025-11-10"),
        ("2025-11-15", "2025-11-21"),
        ("2025-11-21", "2025-11-20"),
    ] {
        assert_eq!(
            zone.refuses(filed_return(back("V01", applied, arrived, "1", "0.9"))),
            Reason::InvalidField
        );
    }
    assert_eq!(
        zone.refuses(filed_return(ParcelReturnFiling { lines: Vec::new(), ..sound() })),
        Reason::InvalidField
    );
    let line = sound().lines[0].clone();
    let with = |lines| filed_return(ParcelReturnFiling { lines, ..sound() });
    assert_eq!(zone.refuses(with(vec![line.clone(), line.clone()])), Reason::NamedTwice);
    assert_eq!(zone.refuses(with(vec![ReturnedLine { line: 2, ..line.clone() }])), Reason::ReturnExceedsOut);
    assert_eq!(
        zone.refuses(with(vec![ReturnedLine { declared: Quantity::ZERO, ..line.clone() }])),
        Reason::NonPositiveQty
    );
    assert_eq!(
        zone.refuses(with(vec![ReturnedLine { statutory1: quantity("-1"), ..line.clone() }])),
        Reason::NonPositiveQty
    );
    let second = ReturnedLine { statutory2: Some(quantity("1")), ..line };
    assert_eq!(zone.refuses(with(vec![second])), Reason::SecondQtyMismatch);
    zone.files(filed_return(sound()));
    // The same once more answers with the first outcome; another under its number is refused.
    let again = zone.takes(Command::File(Box::new(filed_return(sound()))));
    assert!(again.applied.repeated && again.applied.outcome.verdict == Verdict::Accepted);
    assert_eq!(
        zone.refuses(filed_return(ParcelReturnFiling { applied_on: date("2025-11-16"), ..sound() })),
        Reason::DocumentExists
    );
    assert_eq!(in_stock(&zone)[0], "97");
}

/// Tax of a parcel: 70% of consumption and value-added tax on its price; without a tariff row it is named.
#[test]
fn a_parcel_pays_seventy_percent_and_no_duty() {
    let mut zone = commerce("2026-06-02T08:00:00");
    zone.files(file(vec![one("T01", "1000")]));
    let unknown = parcel_quote(&zone.state, &parcel_no("T01")).unwrap().unwrap();
    assert_eq!((unknown.taxes, unknown.missing[0].kind), (None, MissingKind::Tariff));
    zone.accepts(import(vec![tariff(2, "1901101000", "2026-01-01", ["20", "13", "15"])]));
    let found = parcel_quote(&zone.state, &parcel_no("T01")).unwrap().unwrap();
    let taxes = found.taxes.unwrap();
    assert_eq!(
        [taxes.duty, taxes.consumption, taxes.vat].map(|tax| tax.to_string()),
        ["0", "123.53", "107.06"]
    );
    assert_eq!(parcel_quote(&zone.state, &parcel_no("T99")).unwrap(), None);
}
