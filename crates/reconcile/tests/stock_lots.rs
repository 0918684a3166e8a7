//! An extract that names lots, beside a book that keeps lots beside its positions (`domain.md` 4.2, 4.3): lot by lot, with what
//! only one side has.

#[path = "../../ledger/tests/common/mod.rs"]
mod common;

use common::build::{self, amount, book, book_no, book_row, filed, list, list_line, passage};
use common::world::{self, Goods};
use common::zone::Zone;
use proptest::prelude::*;
use zonebook_ledger::code::{LotNo, PartNo};
use zonebook_ledger::command::{Command, LotMethodOrder};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{Document, List, PassageStage};
use zonebook_ledger::layer::LotMethod;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment};
use zonebook_reconcile::extract::{Comparison, ExtractRow, ItemComparison, Mismatch, Side, compare};

fn goods(number: u64) -> Goods {
    Goods {
        part: format!("M-{number}"),
        tariff: "8708299000".into(),
        units: build::units("011", "035", None),
    }
}

/// Two items that keep lots by FIFO.
fn opened() -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("A1");
    filing.rows = (1..=2).map(|number| book_row(number, &goods(number), amount("0", "0", None))).collect();
    zone.files(Document::Book(filing));
    zone.accepts(Command::SetLotMethod(LotMethodOrder {
        book_no: book_no("A1"),
        method: LotMethod::Fifo,
        take_over: false,
        reason: "asked".into(),
    }));
    zone
}

/// Goods through the gate: in, or out by FIFO.
fn moves(zone: &mut Zone, list_no: &str, direction: Direction, number: u64, pieces: i64) {
    let pieces = pieces.to_string();
    let line = list_line(1, number, &goods(number), amount(&pieces, &pieces, None));
    zone.files(filed(List { lines: vec![line], ..list(list_no, "A1", direction) }));
    let pass = format!("P{list_no}");
    zone.files(Document::Pass(build::pass(&pass, direction, &[list_no])));
    zone.files(Document::Passage(passage(&pass, PassageStage::Passed, world::local("2026-06-02T11:00:00"))));
}

fn lot(number: &str) -> Option<LotNo> {
    LotNo::new(number).ok()
}

/// Lines of an extract, from line 2 on.
fn extract(rows: &[(Option<u64>, &str, i64)]) -> Vec<ExtractRow> {
    let row = |(at, (item, number, pieces)): (usize, &(Option<u64>, &str, i64))| ExtractRow {
        line: at as u64 + 2,
        item: item.map(|number| (Mark::Goods, number)),
        lot: lot(number),
        quantity: Quantity::whole(*pieces),
        ..ExtractRow::default()
    };
    rows.iter().enumerate().map(row).collect()
}

fn compared(zone: &Zone, rows: &[(Option<u64>, &str, i64)]) -> Comparison {
    compare(&zone.state, Moment::Now, &book_no("A1"), &extract(rows)).unwrap()
}

/// Lot, side, extract, book, difference.
fn lots(item: &ItemComparison) -> Vec<(String, Side, String, String, String)> {
    let told = |lot: &zonebook_reconcile::extract::LotComparison| {
        let number = lot.lot.as_ref().map(ToString::to_string).unwrap_or_default();
        (number, lot.side, lot.extract.to_string(), lot.book.to_string(), lot.difference.to_string())
    };
    item.lots.iter().map(told).collect()
}

fn one(
    lot: &str,
    side: Side,
    [extract, book, difference]: [&str; 3],
) -> (String, Side, String, String, String) {
    (lot.into(), side, extract.into(), book.into(), difference.into())
}

#[test]
fn a_line_with_a_lot_is_of_the_item_that_keeps_it() {
    let mut zone = opened();
    moves(&mut zone, "L1", Direction::In, 1, 10);
    moves(&mut zone, "L2", Direction::In, 1, 20);
    moves(&mut zone, "L3", Direction::In, 2, 7);
    moves(&mut zone, "L4", Direction::Out, 1, 12);
    // FIFO: nothing of L1 is left, 18 of L2.
    let told = compared(&zone, &[(None, "L2/1", 18), (None, "L3/1", 7)]);
    assert_eq!(told.unmatched, []);
    assert!(told.items.iter().all(|item| item.difference.is_zero()));
    assert_eq!(lots(&told.items[0]), [one("L2/1", Side::Both, ["18", "18", "0"])]);
    assert_eq!(told.items[0].lots[0].lines, [2]);
    // The store took the younger lot: the item agrees, its lots do not. A lot that is used up is known still.
    let told = compared(&zone, &[(None, "L1/1", 10), (None, "L2/1", 8), (None, "L9/1", 1)]);
    let none: Vec<_> = told.unmatched.iter().map(|row| (row.line, row.why, row.named.as_str())).collect();
    assert_eq!(none, [(4, Mismatch::NotInBook, "L9/1")]);
    assert!(told.items[0].difference.is_zero());
    let expected =
        [one("L1/1", Side::ExtractOnly, ["10", "0", "10"]), one("L2/1", Side::Both, ["8", "18", "-10"])];
    assert_eq!(lots(&told.items[0]), expected);
    // What the extract does not have at all.
    assert_eq!(lots(&told.items[1]), [one("L3/1", Side::BookOnly, ["0", "7", "-7"])]);
    // An item that is named too has lots of its own, and lines without any.
    let told = compared(&zone, &[(Some(1), "L9/1", 17), (Some(1), "", 1), (Some(2), "", 7)]);
    assert_eq!(told.unmatched, []);
    let expected = [
        one("L2/1", Side::BookOnly, ["0", "18", "-18"]),
        one("L9/1", Side::ExtractOnly, ["17", "0", "17"]),
        one("", Side::ExtractOnly, ["1", "0", "1"]),
    ];
    assert_eq!(lots(&told.items[0]), expected);
    assert_eq!(lots(&told.items[1]), [], "its lines name no lot");
    // Nobody names a lot: nothing is said of lots.
    assert!(compared(&zone, &[(Some(1), "", 18)]).items.iter().all(|item| item.lots.is_empty()));
}

#[test]
fn a_part_of_several_items_is_told_apart_by_its_lot() {
    let mut zone = opened();
    moves(&mut zone, "L1", Direction::In, 1, 10);
    let mut third = book("A2");
    third.rows = (1..=2).map(|number| book_row(number, &goods(1), amount("0", "0", None))).collect();
    zone.files(Document::Book(third));
    let part = ExtractRow {
        line: 2,
        part_no: PartNo::new("M-1").ok(),
        quantity: Quantity::whole(10),
        ..ExtractRow::default()
    };
    let of = |book: &str, row: &ExtractRow| {
        let told = compare(&zone.state, Moment::Now, &book_no(book), std::slice::from_ref(row)).unwrap();
        told.unmatched.first().map(|row| row.why)
    };
    assert_eq!(of("A2", &part), Some(Mismatch::Ambiguous));
    assert_eq!(of("A1", &ExtractRow { lot: lot("L1/1"), ..part.clone() }), None);
    assert_eq!(of("A1", &ExtractRow { lot: lot("L9/1"), ..part }), None, "the part alone is of one item");
}

/// What is said of a past moment is what was said then, lots that came later not known.
#[test]
fn lots_of_the_past_are_those_of_then() {
    let mut zone = opened();
    moves(&mut zone, "L1", Direction::In, 1, 10);
    let then = Moment::After(query::revision(&zone.state).unwrap());
    let rows = extract(&[(None, "L1/1", 9), (None, "L2/1", 1)]);
    let told = compare(&zone.state, Moment::Now, &book_no("A1"), &rows).unwrap();
    assert_eq!(told.unmatched.len(), 1);
    moves(&mut zone, "L2", Direction::In, 1, 20);
    moves(&mut zone, "L3", Direction::Out, 1, 15);
    let later = compare(&zone.state, then, &book_no("A1"), &rows).unwrap();
    assert_eq!((later.items, later.unmatched), (told.items, told.unmatched));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// A true extract by lot agrees in every lot; what is taken from one lot and found in another comes back as exactly that.
    #[test]
    fn what_is_mixed_up_between_lots_comes_back(
        came in prop::collection::vec(1..50_i64, 1..6),
        went in 0..100_i64,
        plant in (0..6_usize, 0..6_usize, 0..9_i64),
    ) {
        let mut zone = opened();
        let mut left = Vec::new();
        for (at, pieces) in came.iter().enumerate() {
            moves(&mut zone, &format!("L{at}"), Direction::In, 1, *pieces);
            left.push(*pieces);
        }
        let mut going = went.min(came.iter().sum::<i64>() - 1);
        if going > 0 {
            moves(&mut zone, "OUT", Direction::Out, 1, going);
        }
        for pieces in &mut left {
            let taken = going.min(*pieces);
            (*pieces, going) = (*pieces - taken, going - taken);
        }
        let (from, to, mixed) = (plant.0 % left.len(), plant.1 % left.len(), plant.2);
        let mut told = left.clone();
        told[from] -= mixed;
        told[to] += mixed;
        let names: Vec<String> = (0..left.len()).map(|at| format!("L{at}/1")).collect();
        let rows: Vec<_> = names.iter().zip(&told).map(|(name, pieces)| (None, name.as_str(), *pieces)).collect();
        let found = compared(&zone, &rows);
        prop_assert_eq!(&found.unmatched, &[]);
        let item = &found.items[0];
        prop_assert!(item.difference.is_zero());
        for (at, lot) in item.lots.iter().enumerate() {
            prop_assert_eq!(lot.book, Quantity::whole(left[at]));
            prop_assert_eq!(lot.difference, Quantity::whole(told[at] - left[at]));
            let side = if left[at] == 0 { Side::ExtractOnly } else { Side::Both };
            prop_assert_eq!(lot.side, side);
        }
        prop_assert_eq!(item.lots.len(), left.len());
        let mut reversed = extract(&rows);
        reversed.reverse();
        let reversed = compare(&zone.state, Moment::Now, &book_no("A1"), &reversed).unwrap();
        prop_assert_eq!(found, reversed);
    }
}
