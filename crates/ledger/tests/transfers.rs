//! What differs between the two sides of a transfer between books, and since when (`domain.md` 3.1, inter-zone transfer).

mod common;

use common::build::{
    self, Amount, amount, book, book_row, declared, filed, list, list_line, list_no, quantity,
};
use common::correct::{correction, decide_correction};
use common::world::{self, goods};
use common::zone::Zone;
use zonebook_ledger::code::SealNo;
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{BookFiling, Document, List, ListLine, PassFiling, PassVoid, PassageStage};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::transfers::{self, Transfer};

/// `A1` has 100 of item 1; `A2` knows it.
fn two_books() -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut from = book("A1");
    from.rows.push(book_row(1, &goods(1), amount("100", "100", None)));
    zone.files(Document::Book(from));
    let mut to = book("A2");
    to.rows.push(book_row(1, &goods(1), Amount::default()));
    zone.files(Document::Book(to));
    zone
}

fn line(of: &str) -> ListLine {
    list_line(1, 1, &goods(1), amount(of, of, None))
}

/// The transferee's list, which comes first.
fn into(number: &str, line: ListLine) -> List {
    let related_book = Some(build::book_no("A1"));
    List { related_book, lines: vec![line], ..declared(list(number, "A2", Direction::In), "D1") }
}

fn out(number: &str, of: &str, line: ListLine) -> List {
    List {
        related_book: Some(build::book_no("A2")),
        related_list: Some(list_no(of)),
        lines: vec![line],
        ..declared(list(number, "A1", Direction::Out), "D2")
    }
}

fn passes(zone: &mut Zone, filing: PassFiling, at: &str) {
    let number = filing.pass_no.to_string();
    zone.files(Document::Pass(filing));
    zone.files(Document::Passage(build::passage(&number, PassageStage::Passed, world::local(at))));
}

fn part(number: &str, direction: Direction, list: &str, of: &str, seal: &str) -> PassFiling {
    let seal_no = SealNo::new(seal).ok();
    PassFiling { seal_no, ..build::part_pass(number, direction, list, &[(1, quantity(of))]) }
}

fn releases(zone: &mut Zone, declaration: &str, at: &str) {
    zone.files(Document::Notice(build::notice(declaration, "P", world::local(at))));
}

fn differing(zone: &Zone) -> Vec<Transfer> {
    transfers::differing(&zone.state, None, None, 100).unwrap().0
}

/// Difference, line, what both sides say, how much, since when.
fn shown(zone: &Zone) -> Vec<String> {
    let of = |transfer: &Transfer| transfer.findings.clone();
    let says = |finding: &transfers::Finding| {
        let transfers::Finding { difference, line, transferor, transferee, quantity, since } = finding;
        format!("{difference} {line} [{transferor}|{transferee}] {quantity} {since}")
    };
    differing(zone).iter().flat_map(of).map(|finding| says(&finding)).collect()
}

/// Kind 6 passes no gate: it stays inside one zone (`RULES.md` 7.3).
#[test]
fn goods_that_pass_no_gate_stay_in_their_zone() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut from = book("A1");
    from.rows.push(book_row(1, &goods(1), amount("100", "100", None)));
    zone.files(Document::Book(from));
    let mut to = BookFiling { office: build::office(world::PARK), ..book("A2") };
    to.zone_kind = None;
    to.rows.push(book_row(1, &goods(1), Amount::default()));
    zone.files(Document::Book(to));
    let inside = |list: List| List { kind: "6".into(), declared: false, declaration_no: None, ..list };
    zone.files(filed(inside(into("L01", line("10")))));
    let refusal =
        zone.refusal("loopback", Command::File(Box::new(filed(inside(out("L02", "L01", line("10")))))));
    assert_eq!(
        (refusal.reason, refusal.field.as_deref()),
        (Reason::TransferMismatch, Some("bondInvtTypecd"))
    );
    assert_eq!(refusal.expected.as_deref(), Some("kind 0, as A2 lies in the zone of office 3107"));
}

#[test]
fn a_transferee_s_list_waits_for_its_partner() {
    let mut zone = two_books();
    zone.files(filed(into("L01", line("10"))));
    zone.at("2026-06-04T08:00:00");
    assert_eq!(shown(&zone), ["PARTNER_MISSING 0 [|L01] 10 2026-06-02"]);
    assert!(differing(&zone)[0].out.is_none());
    zone.files(filed(out("L02", "L01", line("10"))));
    assert_eq!(shown(&zone), [] as [&str; 0]);
    zone.files(build::withdrawal("L02", 1));
    assert_eq!(shown(&zone), ["PARTNER_MISSING 0 [|L01] 10 2026-06-02"]);
    zone.files(build::withdrawal("L01", 1));
    assert_eq!(shown(&zone), [] as [&str; 0]);
}

/// The four mismatches, and what is on the way, from the first gate to the last release.
#[test]
fn goods_are_declared_before_the_gate_or_after_it() {
    let mut zone = two_books();
    zone.files(filed(into("L01", line("10"))));
    zone.files(filed(out("L02", "L01", line("10"))));
    passes(&mut zone, part("P01", Direction::Out, "L02", "6", ""), "2026-06-03T09:00:00");
    assert_eq!(
        shown(&zone),
        [
            "DELIVERED_NOT_DECLARED 1 [declared 0, through the gate 6|] 6 2026-06-03",
            "QUANTITY 1 [6|0] 6 2026-06-03",
        ]
    );
    releases(&mut zone, "D2", "2026-06-04T09:00:00");
    assert_eq!(
        shown(&zone),
        [
            "DECLARED_NOT_DELIVERED 1 [declared 10, through the gate 6|] 4 2026-06-04",
            "QUANTITY 1 [6|0] 6 2026-06-03",
        ]
    );
    passes(&mut zone, part("P02", Direction::Out, "L02", "4", ""), "2026-06-05T09:00:00");
    assert_eq!(zone.list("L02").state, DocumentState::InTransit);
    assert_eq!(shown(&zone), ["QUANTITY 1 [10|0] 10 2026-06-05"]);
    passes(&mut zone, part("P03", Direction::In, "L01", "7", ""), "2026-06-06T09:00:00");
    assert_eq!(
        shown(&zone),
        [
            "RECEIVED_NOT_DECLARED 1 [|declared 0, through the gate 7] 7 2026-06-06",
            "QUANTITY 1 [10|7] 3 2026-06-05",
        ]
    );
    releases(&mut zone, "D1", "2026-06-07T09:00:00");
    assert_eq!(
        shown(&zone),
        [
            "DECLARED_NOT_RECEIVED 1 [|declared 10, through the gate 7] 3 2026-06-07",
            "QUANTITY 1 [10|7] 3 2026-06-05",
        ]
    );
    passes(&mut zone, part("P04", Direction::In, "L01", "3", ""), "2026-06-08T09:00:00");
    assert_eq!(zone.list("L01").state, DocumentState::Posted);
    assert_eq!(shown(&zone), [] as [&str; 0]);
}

/// `RULES.md` 7.2 compares quantities, tariff code and unit; value and part number may differ, and stay told.
#[test]
fn value_and_part_number_may_differ() {
    let mut zone = two_books();
    let other = ListLine { value_usd: quantity("12.5"), ..line("10") };
    let renamed = ListLine { part_no: zonebook_ledger::code::PartNo::new("OTHER").unwrap(), ..line("10") };
    zone.files(filed(into("L01", ListLine { value_usd: other.value_usd, ..renamed })));
    zone.files(filed(out("L02", "L01", line("10"))));
    let [part_no, value] = shown(&zone).try_into().unwrap();
    assert!(part_no.starts_with("PART_NO 1 [") && part_no.ends_with("|OTHER] 10 2026-06-02"), "{part_no}");
    assert_eq!(value, "VALUE 1 [10|12.5] -2.5 2026-06-02");
}

#[test]
fn seals_are_compared_from_gate_to_gate() {
    let mut zone = two_books();
    zone.files(filed(into("L01", line("10"))));
    zone.files(filed(out("L02", "L01", line("10"))));
    passes(&mut zone, part("P01", Direction::Out, "L02", "10", "E-0001"), "2026-06-03T09:00:00");
    zone.files(Document::Pass(part("P02", Direction::In, "L01", "10", "E-0002")));
    let seal = "SEAL 0 [E-0001|E-0002] 0 2026-06-02";
    assert!(shown(&zone).contains(&seal.to_owned()), "{:?}", shown(&zone));
    zone.files(Document::PassVoid(PassVoid { pass_no: build::pass_no("P02") }));
    assert!(transfers::seals(&zone.state, &list_no("L01")).unwrap().is_empty());
    passes(&mut zone, part("P03", Direction::In, "L01", "10", "E-0001"), "2026-06-04T09:00:00");
    assert!(!shown(&zone).iter().any(|difference| difference.starts_with("SEAL")));
}

/// A book sees a transfer from either side, once; pages go on where the last one ended.
#[test]
fn a_book_sees_its_transfers_from_either_side() {
    let mut zone = two_books();
    zone.files(filed(into("L01", line("10"))));
    zone.files(filed(out("L02", "L01", line("10"))));
    passes(&mut zone, part("P01", Direction::Out, "L02", "6", ""), "2026-06-03T09:00:00");
    zone.files(filed(into("L03", line("5"))));
    let of = |book: &str| {
        let book = build::book_no(book);
        let found = transfers::differing(&zone.state, Some(&book), None, 100).unwrap().0;
        found.iter().map(|transfer| transfer.into.list_no.to_string()).collect::<Vec<_>>()
    };
    assert_eq!((of("A1"), of("A2")), (vec!["L01".to_owned()], vec!["L01".to_owned(), "L03".to_owned()]));
    let page = |after: Option<&str>| {
        let after = after.map(list_no);
        let (found, next) = transfers::differing(&zone.state, None, after.as_ref(), 1).unwrap();
        (found.len(), next.map(|next| next.to_string()))
    };
    assert_eq!(page(None), (1, Some("L01".into())));
    assert_eq!(page(Some("L01")), (0, Some("L02".into())));
    assert_eq!(page(Some("L02")), (1, Some("L03".into())));
    assert_eq!(page(Some("L03")), (0, None));
}

/// Row 31 for a pair that went through transit: the goods go back past it, in one step on both sides.
#[test]
fn a_corrected_transfer_leaves_nothing_on_the_way() {
    let mut zone = two_books();
    zone.files(filed(into("L01", line("10"))));
    zone.files(filed(out("L02", "L01", line("10"))));
    passes(&mut zone, part("P01", Direction::Out, "L02", "10", ""), "2026-06-03T09:00:00");
    releases(&mut zone, "D2", "2026-06-04T09:00:00");
    passes(&mut zone, part("P02", Direction::In, "L01", "10", ""), "2026-06-05T09:00:00");
    releases(&mut zone, "D1", "2026-06-06T09:00:00");
    assert_eq!(zone.list("L02").state, DocumentState::Posted);
    let [sent, on_the_way, received] = [("A1", Place::Zone), ("A1", Place::InTransit), ("A2", Place::Zone)]
        .map(|(book, place)| build::position(book, 1, place));
    let shown = |zone: &Zone| {
        [&sent, &on_the_way, &received].map(|position| zone.on_hand(position).declared().to_string())
    };
    assert_eq!(shown(&zone), ["90", "0", "10"]);
    let before = zone.counters(&on_the_way);
    zone.files(correction("K01", "L02", world::owner("A1"), &[]));
    assert_eq!(zone.counters(&on_the_way), before);
    assert_eq!(zone.available(&received), Quantity::ZERO);
    zone.accepts(decide_correction("K01", true));
    assert_eq!(shown(&zone), ["100", "0", "0"]);
    assert_eq!(zone.counters(&on_the_way), before);
}
