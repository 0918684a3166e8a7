//! What of a count is recorded, and what is at stake (`domain.md` 4.1, 4.2, A10).

#[path = "../../ledger/tests/common/mod.rs"]
mod common;

use common::build::{self, amount, quantity};
use common::differing::tolerates;
use common::papers::{processing_book, row};
use common::world;
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::UnitCode;
use zonebook_ledger::command::{Command, LotMethodOrder};
use zonebook_ledger::difference::Class;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{BookRow, Document, ListLine, PassageStage, Stake};
use zonebook_ledger::layer::LotMethod;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::quantity::{Factor, Quantity};
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::reference::{
    ReferenceEntry, ReferenceImport, ReferenceKey, ReferenceKind, ReferenceRow, Tariff,
};
use zonebook_ledger::state::{Books, get};
use zonebook_reconcile::count::{CountedGoods, reckon};
use zonebook_reconcile::difference::{Charge, Found, differences};

/// 18,000 pieces at 3.20 each of item 1, and 100 without a value of item 2.
fn stocked() -> Zone {
    let cloth = world::Goods {
        part: "CLOTH".into(),
        tariff: "5208110000".into(),
        units: build::units("007", "007", None),
    };
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = processing_book("M1", Usage::Processing);
    let of = |number, pieces: &str, worth: &str| BookRow {
        opening_value: quantity(worth),
        ..row(Mark::Goods, number, &cloth, amount(pieces, pieces, None))
    };
    filing.rows.push(of(1, "18000", "57600"));
    filing.rows.push(of(2, "100", "0"));
    zone.files(Document::Book(filing));
    zone.at("2026-06-02T10:00:00");
    zone
}

/// The tariff of A10: duty 6.5%, value-added tax 13%; a dollar is a unit of Chinese currency.
fn with_rates(zone: &mut Zone) {
    with_rates_by_origin(zone, &[]);
}

fn with_rates_by_origin(zone: &mut Zone, by_origin: &[(&str, &str)]) {
    with_rates_by_origin_of(zone, "6.5", by_origin);
}

fn with_rates_by_origin_of(zone: &mut Zone, duty: &str, by_origin: &[(&str, &str)]) {
    let entry = |line, kind, code: &str, from, row| ReferenceEntry {
        line,
        key: ReferenceKey { kind, code: code.into(), from: common::dispose::day(from) },
        row,
    };
    let rate = |text: &str| Factor::parse(text).unwrap();
    let tariff = Tariff {
        duty: rate(duty),
        by_origin: by_origin.iter().map(|(origin, duty)| ((*origin).into(), rate(duty))).collect(),
        vat: rate("13"),
        consumption: rate("0"),
        unit1: UnitCode::new("007").unwrap(),
        unit2: None,
        dangerous: false,
        licence: false,
    };
    let rows = vec![
        entry(2, ReferenceKind::Tariff, "5208110000", "2026-01-01", ReferenceRow::Tariff(tariff)),
        entry(
            3,
            ReferenceKind::Exchange,
            "502",
            "2026-06-01",
            ReferenceRow::Exchange { cny: rate("1"), usd: rate("1") },
        ),
    ];
    zone.accepts(Command::ImportReference(ReferenceImport { source: "table.csv".into(), rows }));
}

fn found(zone: &Zone, counted: &[(u64, &str)]) -> Found {
    found_in(zone, "M1", counted)
}

fn found_in(zone: &Zone, book: &str, counted: &[(u64, &str)]) -> Found {
    found_at(zone, query::revision(&zone.state).unwrap(), book, counted)
}

fn found_at(zone: &Zone, revision: Revision, book: &str, counted: &[(u64, &str)]) -> Found {
    let goods = |(number, declared): &(u64, &str)| CountedGoods {
        book_no: build::book_no(book),
        mark: Mark::Goods,
        number: *number,
        serial: None,
        unit: UnitCode::new("007").unwrap(),
        declared: quantity(declared),
        statutory1: None,
        statutory2: None,
    };
    let counted: Vec<_> = counted.iter().map(goods).collect();
    let rows = reckon(&zone.state, Moment::After(revision), &counted).unwrap();
    let book = get::<Books>(&zone.state, build::book_no(book)).unwrap().unwrap();
    differences(&zone.state, &book, revision, &rows, &Charge::default()).unwrap()
}

fn stake(value: &str, duty: Option<&str>, tax: Option<&str>) -> Stake {
    let optional = |text: Option<&str>| text.map(quantity);
    Stake { value_usd: Some(quantity(value)), duty: optional(duty), tax: optional(tax) }
}

/// A10: 50 of 18,000 are missing; at 3.20 each duty of 6.5% is 10.40, value-added tax of 13% on both 22.15.
#[test]
fn a10_duty_and_tax_at_stake() {
    let mut zone = stocked();
    let counted = [(1, "17950"), (2, "100")];
    // Without rates nothing is said of duty, and nothing is not zero.
    assert_eq!(found(&zone, &counted).lines[0].stake, stake("160", None, None));
    with_rates(&mut zone);
    let all = found(&zone, &counted);
    let [line] = all.lines.as_slice() else { panic!("{all:?}") };
    assert_eq!(line.stake, stake("160", Some("10.4"), Some("22.15")));
    assert_eq!(line.difference(), Some(quantity("-50")));
    // A later import of the same days does not change what is said of a revision before it.
    let then = query::revision(&zone.state).unwrap();
    with_rates_by_origin_of(&mut zone, "20", &[]);
    assert_eq!(found_at(&zone, then, "M1", &counted), all);
    let now = found(&zone, &counted);
    assert_eq!(now.lines[0].stake, stake("160", Some("32"), Some("24.96")));
    // Before the first import nothing was known.
    let before = found_at(&zone, Revision(then.0 - 1), "M1", &counted);
    assert_eq!(before.lines[0].stake, stake("160", None, None));
    assert_eq!((line.line, line.class, line.inflow), (1, Class::Shortage, quantity("18000")));
    assert_eq!(all.within, 0);
}

#[test]
fn what_has_no_value_has_no_stake_and_is_recorded() {
    let mut zone = stocked();
    zone.accepts(tolerates(world::OFFICE, "2026-01-01", ["0", "0", "1000"]));
    let all = found(&zone, &[(1, "17950"), (2, "103")]);
    let [line] = all.lines.as_slice() else { panic!("{all:?}") };
    assert_eq!((line.number, line.class, line.stake), (2, Class::Surplus, Stake::default()));
    assert_eq!(all.within, 1, "160 dollars are within 1,000");
}

/// 50 of 18,000 are 2,778 parts of a million.
#[test]
fn the_tolerance_of_the_day_of_the_count_is_applied() {
    let mut zone = stocked();
    zone.accepts(tolerates(world::OFFICE, "2026-06-01", ["2777", "0", "0"]));
    assert_eq!(found(&zone, &[(1, "17950")]).lines.len(), 1);
    zone.accepts(tolerates(world::OFFICE, "2026-06-02", ["2778", "0", "0"]));
    let all = found(&zone, &[(1, "17950")]);
    assert_eq!((all.lines.len(), all.within, all.tolerance.ppm), (0, 1, Quantity::whole(2778)));
    zone.accepts(tolerates(world::OFFICE, "2026-06-03", ["0", "0", "0"]));
    assert_eq!(found(&zone, &[(1, "17950")]).lines.len(), 0, "what holds from tomorrow on is not applied");
}

/// Accumulating book with two receipts of the cloth through the gate: 100 pieces from country 303, then 100 from country 609.
fn received(method: LotMethod) -> Zone {
    let cloth = world::Goods {
        part: "CLOTH".into(),
        tariff: "5208110000".into(),
        units: build::units("007", "007", None),
    };
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = build::book("A1");
    filing.rows.push(build::book_row(1, &cloth, amount("0", "0", None)));
    zone.files(Document::Book(filing));
    zone.accepts(Command::SetLotMethod(LotMethodOrder {
        book_no: build::book_no("A1"),
        method,
        take_over: false,
        reason: "asked".into(),
    }));
    for (number, pass, at, origin) in
        [("I1", "P1", "2026-06-02T11:00:00", "303"), ("I2", "P2", "2026-06-02T13:00:00", "609")]
    {
        zone.at(at);
        let mut list = build::list(number, "A1", Direction::In);
        let line = build::list_line(1, 1, &cloth, amount("100", "100", None));
        list.lines.push(ListLine { origin: origin.into(), value_usd: quantity("1000"), ..line });
        zone.files(build::filed(list));
        zone.files(Document::Pass(build::pass(pass, Direction::In, &[number])));
        zone.files(Document::Passage(build::passage(pass, PassageStage::Passed, world::local(at))));
    }
    // Country 609 is free of duty, country 303 pays more than most favoured nations.
    with_rates_by_origin(&mut zone, &[("609", "0"), ("303", "10")]);
    zone
}

/// 150 of 200 at 10 dollars: 100 from 303 at 10%, 50 from 609 free of duty, whatever keeps the receipts apart.
#[test]
fn duty_at_stake_is_that_of_the_countries_that_the_goods_come_from() {
    for method in [LotMethod::None, LotMethod::Fifo, LotMethod::Specific] {
        let zone = received(method);
        let one = |counted| {
            let all = found_in(&zone, "A1", &[(1, counted)]);
            let [line] = all.lines.as_slice() else { panic!("{method}: {all:?}") };
            line.stake
        };
        // The first that came go first: 80 pieces, all from 303. Value-added tax of 13% is on value and duty.
        assert_eq!(one("120"), stake("800", Some("80"), Some("114.4")), "{method}");
        // 100 of 303 (duty 100, tax 143) and 50 of 609 (tax 65).
        assert_eq!(one("50"), stake("1500", Some("100"), Some("208")), "{method}");
        // What is over is taken for more of what came last.
        assert_eq!(one("210"), stake("100", Some("0"), Some("13")), "{method}");
    }
}
