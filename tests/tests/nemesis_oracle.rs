//! The judges of the nemesis, shown histories and journals that are wrong: each fault is found, and by name.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use zonebook_tests::nemesis::goods::{Kind, List, OPENING};
use zonebook_tests::nemesis::history::{Counters, End, Freshness, History, Operation, Reading, Wish};
use zonebook_tests::nemesis::item;
use zonebook_tests::nemesis::journal::{Action, Journal, Line};
use zonebook_tests::nemesis::oracle::{fresh, kept, lawful, ordered, same, truthful};

const ITEM: u64 = 1;

fn at(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn reserved(quantity: i64) -> Counters {
    [0, OPENING, quantity, 0]
}

/// A list that takes so much of the item, filed between two times.
fn filed(number: u64, quantity: i64, began: u64, ended: u64, end: End) -> Operation {
    let list = Arc::new(List { number, kind: Kind::Sale, goods: vec![(ITEM, quantity)] });
    let request_id = format!("request {number}");
    Operation { request_id, began: at(began), ended: at(ended), list, wish: Wish::File, end }
}

fn accepted(revision: u64, after: Counters) -> End {
    End::Accepted { revision, after: BTreeMap::from([(ITEM, after)]) }
}

fn read(freshness: Freshness, began: u64, revision: u64, counters: Counters) -> Reading {
    Reading { began: at(began), ended: at(began + 5), freshness, item: ITEM, revision, counters }
}

fn line(revision: u64, list: u64, after: Counters) -> Line {
    let action = if list == 0 { Action::Post } else { Action::Reserve };
    Line { revision, action, list, line: 1, item: ITEM, after }
}

/// Two lists, one after the other, and a read behind them.
fn history() -> History {
    History {
        operations: vec![
            filed(1, 3, 0, 10, accepted(5, reserved(3))),
            filed(2, 4, 20, 30, accepted(6, reserved(7))),
        ],
        readings: vec![read(Freshness::Linearizable, 40, 6, reserved(7))],
        ..History::default()
    }
}

/// What a node has of them.
fn journal() -> Journal {
    let lines = vec![line(3, 0, reserved(0)), line(5, 1, reserved(3)), line(6, 2, reserved(7))];
    let known = [("request 1", 5), ("request 2", 6)];
    let outcomes = known.map(|(request, revision)| (request.to_owned(), Some((revision, false))));
    Journal {
        revision: 6,
        digest: vec![7; 32],
        lines: BTreeMap::from([(ITEM, lines)]),
        outcomes: BTreeMap::from(outcomes),
    }
}

fn all(history: &History, journal: &Journal) -> Vec<String> {
    let judged = [
        lawful(history),
        ordered(history),
        fresh(history),
        kept(1, history, journal),
        truthful(history, journal),
        item::unexplained(history),
    ];
    judged.concat()
}

/// Something is found, and one of the findings says this.
fn found(findings: &[String], what: &str) {
    assert!(findings.iter().any(|finding| finding.contains(what)), "not found: {what}\n{findings:#?}");
}

fn lines(journal: &mut Journal) -> &mut Vec<Line> {
    journal.lines.get_mut(&ITEM).unwrap()
}

#[test]
fn what_is_right_is_not_blamed() {
    assert_eq!(all(&history(), &journal()), Vec::<String>::new());
    assert_eq!(same((1, &journal()), (2, &journal())), Vec::<String>::new());
}

#[test]
fn a_lost_write_is_found() {
    let mut journal = journal();
    lines(&mut journal).pop();
    found(&kept(2, &history(), &journal), "list 2 (item 1) was acknowledged at 6 and is missing");
}

#[test]
fn a_write_carried_out_twice_is_found() {
    let mut journal = journal();
    lines(&mut journal).push(line(7, 2, reserved(11)));
    found(&kept(1, &history(), &journal), "list 2 (item 1) is there twice, at [6, 7]");
}

#[test]
fn a_write_at_another_revision_than_told_is_found() {
    let mut journal = journal();
    lines(&mut journal)[2].revision = 7;
    found(&kept(1, &history(), &journal), "was acknowledged at 6 and is at 7");
}

#[test]
fn what_was_never_proposed_or_refused_must_not_be_there() {
    for (end, what) in [
        (End::NotProposed, "was never proposed and is at 6"),
        (End::Refused { revision: 6, reason: "SHORT_STOCK".into() }, "was refused (SHORT_STOCK) and is at 6"),
    ] {
        let mut history = history();
        history.operations[1].end = end;
        found(&kept(1, &history, &journal()), what);
    }
}

#[test]
fn what_a_client_gave_up_on_may_be_there_or_not_but_not_twice() {
    let mut history = history();
    history.operations[1].end = End::Unknown;
    history.readings.clear();
    let mut journal = journal();
    assert_eq!(all(&history, &journal), Vec::<String>::new());
    lines(&mut journal).push(line(9, 2, reserved(11)));
    found(&kept(1, &history, &journal), "is there twice");
    lines(&mut journal).truncate(2);
    assert_eq!(all(&history, &journal), Vec::<String>::new());
}

#[test]
fn a_line_that_nobody_asked_for_is_found() {
    let mut journal = journal();
    lines(&mut journal).push(line(8, 9, reserved(8)));
    found(&kept(1, &history(), &journal), "list 9 line 1, which nobody asked for");
}

#[test]
fn counters_that_do_not_add_up_are_found() {
    let mut journal = journal();
    lines(&mut journal)[2].after = reserved(8);
    found(&kept(1, &history(), &journal), "list 2 at 6 left [0, 1000000, 8, 0], due [0, 1000000, 7, 0]");
    found(&truthful(&history(), &journal), "was acknowledged at 6 with [0, 1000000, 7, 0]");
}

#[test]
fn a_node_that_forgot_a_request_is_found() {
    let mut journal = journal();
    journal.outcomes.insert("request 2".into(), None);
    found(&kept(3, &history(), &journal), "node 3: File of list 2 was told as Some((6, false))");
}

#[test]
fn nodes_that_differ_are_found() {
    let mut other = journal();
    lines(&mut other).pop();
    found(&same((1, &journal()), (2, &other)), "different journals of item 1");
    let other = Journal { digest: vec![8; 32], ..journal() };
    found(&same((1, &journal()), (2, &other)), "different digests at revision 6");
}

#[test]
fn revisions_out_of_order_are_found() {
    let mut history = history();
    history.operations[0].end = accepted(6, reserved(3));
    history.operations[1].end = accepted(5, reserved(7));
    found(&ordered(&history), "list 2 has revision 5, and 6 was known before it began");
    history.operations[1].end = accepted(6, reserved(7));
    found(&ordered(&history), "revision 6 was told of list 1 and of list 2");
    // Of two that overlap either may be first.
    history.operations[1].began = at(5);
    history.operations[1].end = accepted(5, reserved(7));
    assert_eq!(ordered(&history), Vec::<String>::new());
}

#[test]
fn a_stale_read_is_found() {
    let mut history = history();
    history.readings = vec![read(Freshness::Linearizable, 40, 5, reserved(3))];
    found(&fresh(&history), "(Linearizable) of item 1 shows revision 5, due 6");
    found(&item::unexplained(&history), "item 1: no order explains its 3 steps");
    history.readings = vec![read(Freshness::AtLeast(6), 40, 5, reserved(3))];
    found(&fresh(&history), "(AtLeast(6)) of item 1 shows revision 5, due 6");
    history.readings = vec![read(Freshness::Within(at(9)), 40, 5, reserved(3))];
    found(&fresh(&history), "(Within(9ms)) of item 1 shows revision 5, due 6");
    history.readings = vec![read(Freshness::Within(at(10)), 40, 5, reserved(3))];
    assert_eq!(all(&history, &journal()), Vec::<String>::new(), "what was answered since was not asked for");
    history.readings = vec![read(Freshness::Stale, 40, 5, reserved(3))];
    assert_eq!(all(&history, &journal()), Vec::<String>::new(), "whatever the node has was asked for");
    // What a linearizable read showed must not be gone for the next.
    history.readings = vec![
        read(Freshness::Linearizable, 40, 6, reserved(7)),
        read(Freshness::Linearizable, 50, 5, reserved(3)),
    ];
    history.operations[1].end = End::Unknown;
    found(&fresh(&history), "shows revision 5, due 6");
    found(&item::unexplained(&history), "no order explains");
}

#[test]
fn a_read_of_what_never_was_is_found() {
    let mut history = history();
    history.readings = vec![read(Freshness::Stale, 40, 5, reserved(4))];
    found(&truthful(&history, &journal()), "(Stale) of item 1 at 5 shows [0, 1000000, 4, 0]");
}

#[test]
fn an_outcome_against_the_rules_is_found() {
    let mut history = history();
    history.operations[0].end = End::Refused { revision: 5, reason: "SHORT_STOCK".into() };
    found(&lawful(&history), "File of list 1 ended with Refused");
    history.operations[0].wish = Wish::WithdrawNothing;
    assert_eq!(lawful(&history), Vec::<String>::new());
}

#[test]
fn a_double_is_found_without_a_look_at_revisions() {
    let mut history = history();
    history.operations[1].end = accepted(6, reserved(11));
    history.readings = vec![read(Freshness::Linearizable, 40, 6, reserved(11))];
    found(&item::unexplained(&history), "no order explains");
}

#[test]
fn a_write_that_a_client_gave_up_on_may_take_effect_late() {
    let mut history = history();
    history.operations[0].end = End::Unknown;
    history.operations[1].end = accepted(6, reserved(4));
    history.readings = vec![
        read(Freshness::Linearizable, 40, 6, reserved(4)),
        read(Freshness::Linearizable, 50, 7, reserved(7)),
    ];
    assert_eq!(item::unexplained(&history), Vec::<String>::new());
    // But not be undone.
    history.readings.push(read(Freshness::Linearizable, 60, 8, reserved(4)));
    found(&item::unexplained(&history), "no order explains");
}
