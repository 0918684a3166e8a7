//! Discrepancies of each kind, planted in an extract, come back as exactly that set with its evidence (`domain.md` 4.2).

use crate::common::build::{
    Amount, book, book_no, book_row, declared, filed, list, list_line, pass, passage, units,
};
use crate::common::papers;
use crate::common::world::{self, Goods, local};
use crate::common::zone::Zone;
use proptest::prelude::*;
use std::collections::BTreeSet;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{BomVersion, DocumentNo, LotNo, PartNo, UnitCode};
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{BookFiling, BookRow, Document, List, PassageStage};
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::quantity::{Factor, Quantity};
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::reference::{
    ReferenceEntry, ReferenceImport, ReferenceKey, ReferenceKind, ReferenceRow,
};
use zonebook_ledger::time::Date;
use zonebook_reconcile::count::{CountedGoods, reckon};
use zonebook_reconcile::extract::{Evidence, ExtractRow, ItemComparison, Kind, Mismatch, compare};

/// What is wrong with the figure of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plant {
    Nothing,
    Pending,
    Duplicate,
    Missing,
    OtherUnit,
    OtherPoint,
    /// With the item after it.
    Swapped,
    Lost,
    BookedWhenDeclared,
}

const PLANTS: [Plant; 9] = [
    Plant::Nothing,
    Plant::Pending,
    Plant::Duplicate,
    Plant::Missing,
    Plant::OtherUnit,
    Plant::OtherPoint,
    Plant::Swapped,
    Plant::Lost,
    Plant::BookedWhenDeclared,
];

/// Figures of an item, no two of a world alike: what it opens with, what came in, went out, waits inwards, waits outwards,
/// and is through the gate and not posted.
#[derive(Clone, Debug)]
struct Figures {
    raw: [u32; 7],
    plant: Plant,
}

fn figures() -> impl Strategy<Value = Vec<Figures>> {
    let item = (prop::array::uniform7(1_000_000_u32..90_000_000), prop::sample::select(PLANTS.to_vec()));
    prop::collection::vec(item.prop_map(|(raw, plant)| Figures { raw, plant }), 1..10)
}

fn goods(number: u64) -> Goods {
    Goods { part: format!("PART-{number}"), tariff: "8473309000".into(), units: units("006", "035", None) }
}

fn of(raw: u32) -> Quantity {
    Quantity::from_raw(i128::from(raw))
}

fn amount(declared: Quantity, statutory1: Quantity) -> Amount {
    Amount { declared, statutory1, statutory2: None }
}

fn number_of(item: u64, what: &str) -> String {
    format!("{what}{item:02}")
}

/// A storage book in which all this happened.
fn world(items: &[Figures]) -> Zone {
    let mut zone = Zone::opened("2026-06-01T09:00:00");
    let mut filing = book("A1");
    for (number, figures) in (1..).zip(items) {
        // Far more than goes out, in both units.
        let opening = amount(of(figures.raw[0]), of(figures.raw[6]));
        let many = |quantity: Quantity| Quantity::from_raw(quantity.raw() + 1_000_000_000);
        let opening = amount(many(opening.declared), many(opening.statutory1));
        filing.rows.push(book_row(number, &goods(number), opening));
    }
    zone.files(Document::Book(filing));
    for (number, figures) in (1..).zip(items) {
        let [_, came, went, coming, going, gated, other] = figures.raw.map(of);
        let mut file = |what: &str, direction, quantity: Quantity, waits: bool| {
            let list_no = number_of(number, what);
            let mut of_item = list(&list_no, "A1", direction);
            of_item.lines = vec![list_line(1, number, &goods(number), amount(quantity, other))];
            zone.files(filed(if waits { declared(of_item, &format!("D{list_no}")) } else { of_item }));
        };
        file("IN", Direction::In, came, false);
        file("OUT", Direction::Out, went, false);
        file("COMES", Direction::In, coming, true);
        file("GOES", Direction::Out, going, true);
        file("GATED", Direction::Out, gated, true);
        for (what, direction) in [("IN", Direction::In), ("OUT", Direction::Out), ("GATED", Direction::Out)] {
            let (pass_no, list_no) = (format!("P{}", number_of(number, what)), number_of(number, what));
            zone.files(Document::Pass(pass(&pass_no, direction, &[&list_no])));
            let report = passage(&pass_no, PassageStage::Passed, local("2026-06-02T12:00:00"));
            zone.files(Document::Passage(report));
        }
    }
    zone
}

fn plus(a: Quantity, b: Quantity) -> Quantity {
    a.checked_add(b).unwrap()
}

fn less(a: Quantity, b: Quantity) -> Quantity {
    a.checked_sub(b).unwrap()
}

fn document(item: u64, what: &str) -> BTreeSet<Evidence> {
    BTreeSet::from([Evidence::Document(DocumentNo::new(&number_of(item, what)).unwrap())])
}

/// An explanation.
type Said = (Kind, Measure, BTreeSet<Evidence>);

/// A true extract, what is inside the fence by item, then made wrong; and what must be said of each item besides what is
/// through the gate and not posted.
fn extract(zone: &Zone, items: &[Figures]) -> (Vec<ExtractRow>, Vec<Option<Said>>) {
    let counted: Vec<CountedGoods> = (1..=items.len() as u64)
        .map(|number| CountedGoods {
            book_no: book_no("A1"),
            mark: Mark::Goods,
            number,
            serial: None,
            unit: goods(number).units.declared,
            declared: Quantity::ZERO,
            statutory1: None,
            statutory2: None,
        })
        .collect();
    let mut there = Vec::new();
    let mut statutory = Vec::new();
    for row in reckon(&zone.state, Moment::Now, &counted).unwrap() {
        let fence = |unit| less(row.book_balance().unwrap().get(unit), row.explained().unwrap().get(unit));
        there.push(fence(Unit::Declared));
        statutory.push(fence(Unit::Statutory1));
    }
    let mut told = there.clone();
    let mut expected = vec![None; items.len()];
    for (at, figures) in items.iter().enumerate() {
        let number = at as u64 + 1;
        let [_, came, went, coming, _, _, other] = figures.raw.map(of);
        let wrong = |figure: Quantity| less(figure, there[at]);
        match figures.plant {
            Plant::Nothing | Plant::BookedWhenDeclared => {}
            Plant::Pending => {
                told[at] = plus(told[at], coming);
                expected[at] = Some((Kind::PendingAtCutOff, moved(coming, other), document(number, "COMES")));
            }
            Plant::Duplicate => {
                told[at] = plus(told[at], came);
                expected[at] = Some((Kind::DuplicateDocument, moved(came, other), document(number, "IN")));
            }
            Plant::Missing => {
                told[at] = plus(told[at], went);
                expected[at] = Some((Kind::MissingDocument, moved(went, other), document(number, "OUT")));
            }
            Plant::OtherUnit => {
                told[at] = statutory[at];
                let unit = Evidence::Unit(goods(number).units.statutory1);
                expected[at] =
                    Some((Kind::UnitSlip, at_average(figures, wrong(told[at])), BTreeSet::from([unit])));
            }
            Plant::OtherPoint => {
                told[at] = Quantity::from_raw(there[at].raw() * 100);
                let factor = Factor::parse("0.01").unwrap();
                expected[at] = Some((
                    Kind::DecimalSlip,
                    at_average(figures, wrong(told[at])),
                    BTreeSet::from([Evidence::Factor(factor)]),
                ));
            }
            Plant::Swapped if at + 1 < items.len() && items[at + 1].plant == Plant::Nothing => {
                told[at] = plus(told[at], other);
                told[at + 1] = less(told[at + 1], other);
                let partner = |number| BTreeSet::from([Evidence::Item(Mark::Goods, number)]);
                let (too_much, too_little) =
                    (at_average(figures, other), at_average(&items[at + 1], less(Quantity::ZERO, other)));
                expected[at] = Some((Kind::SwappedParts, too_much, partner(number + 1)));
                expected[at + 1] = Some((Kind::SwappedParts, too_little, partner(number)));
            }
            Plant::Swapped => {}
            Plant::Lost => told[at] = less(told[at], Quantity::from_raw(i128::from(number) + 17)),
        }
        if figures.plant == Plant::BookedWhenDeclared {
            // As if nothing were through the gate before it is posted.
            told[at] = plus(told[at], of(figures.raw[5]));
        }
    }
    let row = |(at, quantity): (usize, &Quantity)| ExtractRow {
        line: at as u64 + 2,
        part_no: Some(PartNo::new(&format!("PART-{}", at + 1)).unwrap()),
        quantity: *quantity,
        ..ExtractRow::default()
    };
    (told.iter().enumerate().map(row).collect(), expected)
}

/// In every measure what is explained and what is not are extract less book.
fn adds_up(item: &ItemComparison) -> bool {
    Unit::ALL.into_iter().all(|unit| {
        let parts = item.explanations.iter().map(|part| part.measure.get(unit));
        let explained = parts.fold(Quantity::ZERO, plus);
        let difference = item.difference.get(unit);
        plus(explained, item.unexplained.get(unit)) == difference
            && difference == less(item.extract.get(unit), item.book.get(unit))
    })
}

/// What a document of these worlds moves: value is that of the declared quantity.
fn moved(declared: Quantity, statutory1: Quantity) -> Measure {
    Measure::new(declared, statutory1, Quantity::ZERO, declared)
}

/// So many of an item at the average of all that came into its book, by opening and by list I.
fn at_average(figures: &Figures, declared: Quantity) -> Measure {
    let [opened, came, _, _, _, _, other] = figures.raw.map(of);
    let many = Quantity::from_raw(1_000_000_000);
    let inflow = plus(plus(opened, many), came);
    let inflow1 = plus(plus(other, many), other);
    let size = Quantity::from_raw(declared.raw().abs());
    let share = |whole: Quantity| {
        let share = whole.share(size, inflow).unwrap();
        if declared.is_negative() { less(Quantity::ZERO, share) } else { share }
    };
    // All of it is worth as many as it is.
    Measure::new(declared, share(inflow1), Quantity::ZERO, share(inflow))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn planted_discrepancies_come_back_as_they_are(items in figures()) {
        let zone = world(&items);
        let (mut rows, expected) = extract(&zone, &items);
        let compared = compare(&zone.state, Moment::Now, &book_no("A1"), &rows).unwrap();
        prop_assert_eq!(&compared.unmatched, &[]);
        prop_assert_eq!(compared.items.len(), items.len());
        for ((item, figures), expected) in compared.items.iter().zip(&items).zip(&expected) {
            prop_assert!(adds_up(item), "{:?}", item);
            let lost = Quantity::from_raw(-(i128::from(item.number) + 17));
            let left = if figures.plant == Plant::Lost { lost } else { Quantity::ZERO };
            prop_assert_eq!(item.unexplained, at_average(figures, left), "{:?} of {:?}", item, figures);
            if figures.plant == Plant::BookedWhenDeclared {
                prop_assert_eq!(&item.explanations, &[], "book and extract agree: {:?}", figures);
                continue;
            }
            let timing = &item.explanations[0];
            let gated = moved(of(figures.raw[5]), of(figures.raw[6]));
            let gated = Measure::ZERO.checked_sub(&gated).unwrap();
            prop_assert_eq!((timing.kind, timing.measure), (Kind::PendingAtCutOff, gated));
            prop_assert_eq!(&timing.evidence, &document(item.number, "GATED"));
            let said = item.explanations.get(1).map(|part| (part.kind, part.measure, part.evidence.clone()));
            prop_assert_eq!(&said, expected, "{:?}", figures);
            prop_assert!(item.explanations.len() <= 2);
        }
        rows.reverse();
        let reversed = compare(&zone.state, Moment::Now, &book_no("A1"), &rows).unwrap();
        prop_assert_eq!(compared, reversed, "the order of lines matters");
    }
}

#[test]
fn lines_that_are_of_no_item_are_named() {
    let items =
        [Figures { raw: [3, 5, 7, 11, 13, 17, 19].map(|raw| raw * 1_000_003), plant: Plant::Nothing }];
    let zone = world(&items);
    let part = |text: &str| Some(PartNo::new(text).unwrap());
    let row =
        |line, part_no| ExtractRow { line, part_no, quantity: Quantity::whole(1), ..ExtractRow::default() };
    let mut strange = row(4, part("PART-1"));
    strange.unit = Some(units("001", "035", None).declared);
    let rows = [row(2, part("PART-9")), row(3, None), strange];
    let compared = compare(&zone.state, Moment::Now, &book_no("A1"), &rows).unwrap();
    let named: Vec<_> =
        compared.unmatched.iter().map(|line| (line.line, line.why, line.named.as_str())).collect();
    assert_eq!(
        named,
        [
            (2, Mismatch::NotInBook, "PART-9"),
            (3, Mismatch::Nameless, ""),
            (4, Mismatch::NoConversion, "PART-1 in 001")
        ]
    );
    // What the extract does not have at all is in the comparison all the same.
    assert_eq!(compared.items.len(), 1);
    assert_eq!(compared.items[0].lines, [] as [u64; 0]);
    assert!(compared.items[0].unexplained.declared().is_negative());
}

/// A worked example: 10,000 shirts at 1.5 of cloth each, and 150 of cloth less than that leaves: 1.515 each, 1 % more than
/// filed. Ten times as much is no drift any more.
#[test]
fn a_bom_that_drifts_explains_a_little_and_not_a_lot() {
    let cloth = Goods { units: units("035", "035", None), ..goods(1) };
    let mut filing = papers::processing_book("M1", Usage::Processing);
    filing.rows.push(papers::row(
        Mark::Goods,
        1,
        &cloth,
        amount(Quantity::whole(40_000), Quantity::whole(40_000)),
    ));
    let nothing = amount(Quantity::ZERO, Quantity::ZERO);
    filing.rows.push(papers::row(Mark::Product, 1, &world::product(1), nothing));
    filing.bom.push(papers::bom_row(1, "V1", 1, ["1.5", "0", "100", "1.5"]));
    let mut zone = Zone::opened("2026-06-01T09:00:00");
    zone.files(Document::Book(filing));
    let mut shirts =
        list_line(1, 1, &world::product(1), amount(Quantity::whole(10_000), Quantity::whole(4_000)));
    shirts.bom_version = BomVersion::new("V1").ok();
    zone.files(filed(List {
        mark: Mark::Product,
        lines: vec![shirts.clone()],
        ..list("L01", "M1", Direction::Out)
    }));
    zone.files(Document::Pass(pass("P01", Direction::Out, &["L01"])));
    let through = passage("P01", PassageStage::Passed, local("2026-06-02T12:00:00"));
    zone.files(Document::Passage(through));
    let cloth_at = |zone: &Zone, moment: Moment, cloth: i64| {
        let row = ExtractRow {
            line: 2,
            item: Some((Mark::Goods, 1)),
            quantity: Quantity::whole(cloth),
            ..ExtractRow::default()
        };
        let compared = compare(&zone.state, moment, &book_no("M1"), &[row]).unwrap();
        compared.items.into_iter().find(|item| item.mark == Mark::Goods).unwrap()
    };
    let compared = |cloth: i64| cloth_at(&zone, Moment::Now, cloth);
    let factor = |text| Factor::parse(text).unwrap();
    let drifted = compared(40_000 - 15_000 - 150);
    let version = BomVersion::new("V1").unwrap();
    let evidence = Evidence::Bom { product: 1, version, filed: factor("1.5"), implied: factor("1.515") };
    assert!(adds_up(&drifted) && drifted.unexplained.is_zero(), "{drifted:?}");
    let said: Vec<_> = drifted.explanations.iter().map(|part| (part.kind, part.measure.declared())).collect();
    assert_eq!(said, [(Kind::BomDrift, Quantity::whole(-150))]);
    assert_eq!(drifted.explanations[0].evidence, BTreeSet::from([evidence]));

    let lost = compared(40_000 - 15_000 - 1_500);
    assert!(adds_up(&lost) && lost.explanations.is_empty(), "{lost:?}");
    assert_eq!(lost.unexplained.declared(), Quantity::whole(-1_500));

    // What is made later does not change what was said of then.
    let then = Moment::After(query::revision(&zone.state).unwrap());
    let list_no = "L02";
    let more = List { mark: Mark::Product, lines: vec![shirts], ..list(list_no, "M1", Direction::Out) };
    zone.files(filed(more));
    zone.files(Document::Pass(pass("P02", Direction::Out, &[list_no])));
    zone.files(Document::Passage(passage("P02", PassageStage::Passed, local("2026-06-02T13:00:00"))));
    assert_eq!(cloth_at(&zone, then, 40_000 - 15_000 - 150), drifted);
}

/// A unit is converted by what was known at the moment of the comparison.
#[test]
fn a_unit_is_converted_by_what_was_known_then() {
    let mut zone = Zone::opened("2026-06-01T09:00:00");
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &goods(1), amount(Quantity::whole(100), Quantity::whole(100))));
    zone.files(Document::Book(filing));
    let conversion = |factor: &str, from: &str| {
        let key = ReferenceKey {
            kind: ReferenceKind::Conversion,
            code: "070/006".into(),
            from: Date::parse(from).unwrap(),
        };
        let row = ReferenceRow::Conversion { factor: Factor::parse(factor).unwrap() };
        let rows = vec![ReferenceEntry { line: 1, key, row }];
        Command::ImportReference(ReferenceImport { source: "units".into(), rows })
    };
    let tons = |zone: &Zone, moment| {
        let row = ExtractRow {
            line: 2,
            item: Some((Mark::Goods, 1)),
            unit: UnitCode::new("070").ok(),
            quantity: Quantity::from_raw(10_000),
            ..ExtractRow::default()
        };
        let compared = compare(&zone.state, moment, &book_no("A1"), &[row]).unwrap();
        let none: Vec<_> = compared.unmatched.iter().map(|row| row.why).collect();
        (compared.items.first().map(|item| item.extract.declared()), none)
    };
    let before = Moment::After(query::revision(&zone.state).unwrap());
    zone.accepts(conversion("1000", "2026-01-01"));
    let after = Moment::After(query::revision(&zone.state).unwrap());
    assert_eq!(tons(&zone, Moment::Now), (Some(Quantity::whole(100)), Vec::new()));
    assert_eq!(tons(&zone, before).1, [Mismatch::NoConversion]);
    zone.accepts(conversion("2000", "2026-05-01"));
    assert_eq!(tons(&zone, Moment::Now), (Some(Quantity::whole(200)), Vec::new()));
    assert_eq!(tons(&zone, after), (Some(Quantity::whole(100)), Vec::new()));
}

/// A line may name its goods by lot or serial number; what names several items, or none, is said to.
#[test]
fn goods_are_named_by_lot_or_serial_number_too() {
    let mut zone = Zone::opened("2026-06-01T09:00:00");
    let ten = || amount(Quantity::whole(10), Quantity::whole(10));
    let mut by_receipt = book("R1");
    by_receipt.rows = [(1, "L/1"), (2, "L/2"), (3, "L/2")]
        .map(|(number, lot)| BookRow { lot: LotNo::new(lot).ok(), ..book_row(number, &goods(1), ten()) })
        .into();
    zone.files(Document::Book(by_receipt));
    let mut leased = BookFiling { usage: Usage::Lease, ..book("Y1") };
    leased.rows = vec![BookRow {
        serial: Some(papers::serial("SN1")),
        lot: LotNo::new("L/1").ok(),
        ..book_row(1, &goods(1), ten())
    }];
    zone.files(Document::Book(leased));
    let of = |book: &str, row: ExtractRow| {
        let row = ExtractRow { line: 2, quantity: Quantity::whole(10), ..row };
        let compared = compare(&zone.state, Moment::Now, &book_no(book), &[row]).unwrap();
        let found: Vec<u64> =
            compared.items.iter().filter(|item| item.lines == [2]).map(|item| item.number).collect();
        (found, compared.unmatched.first().map(|row| (row.why, row.named.to_string())))
    };
    let lot = |number: &str| ExtractRow { lot: LotNo::new(number).ok(), ..ExtractRow::default() };
    let serial = |number: &str| ExtractRow { serial: Some(papers::serial(number)), ..ExtractRow::default() };
    let part = ExtractRow { part_no: PartNo::new(&goods(1).part).ok(), ..ExtractRow::default() };
    assert_eq!(of("R1", lot("L/1")), (vec![1], None));
    assert_eq!(of("R1", lot("L/2")), (vec![], Some((Mismatch::Ambiguous, "L/2".into()))));
    assert_eq!(of("R1", lot("L/9")), (vec![], Some((Mismatch::NotInBook, "L/9".into()))));
    assert_eq!(of("R1", part.clone()).1, Some((Mismatch::Ambiguous, goods(1).part)));
    // Of several items with a part number the lot tells which; one that several have does not.
    assert_eq!(of("R1", ExtractRow { lot: lot("L/1").lot, ..part.clone() }), (vec![1], None));
    let both = ExtractRow { lot: lot("L/2").lot, ..part };
    assert_eq!(of("R1", both).1, Some((Mismatch::Ambiguous, goods(1).part)));
    assert_eq!(of("Y1", serial("SN1")), (vec![1], None));
    assert_eq!(of("Y1", serial("SN9")), (vec![], Some((Mismatch::NotInBook, "SN9".into()))));
    assert_eq!(of("Y1", ExtractRow::default()).1, Some((Mismatch::Nameless, String::new())));
}
