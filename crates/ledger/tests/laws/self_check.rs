//! The ledger checks its own work: what is broken is undone, said, and stops the books it touched until customs frees
//! them (`design.md` 5).

use crate::common::build::{self, amount, book_row, filed, list_line, withdrawal};
use crate::common::run::{Asked, Taken, shipped, take};
use crate::common::world::{self, goods};
use crate::planted::reading;
use zonebook_ledger::apply::pass_over;
use zonebook_ledger::command::{Command, Proposal, StopOrder, StopTarget};
use zonebook_ledger::direction::{Direction, Stops};
use zonebook_ledger::document::Document;
use zonebook_ledger::place::Place;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{MemoryState, Row};

fn live(command: Command) -> Asked {
    let proposal = Proposal { principal: world::loopback(), request_id: None, ledger_time: None, command };
    Asked { record_time: world::moment("2026-06-02T12:00:00"), proposal }
}

fn call(document: Document) -> Asked {
    live(Command::File(Box::new(document)))
}

fn reason(taken: &Taken) -> Option<Reason> {
    taken.applied.outcome.refusal().map(|refusal| refusal.reason)
}

/// A book with 100 kg of cotton and a list that waits to take 40 out.
fn with_a_list_that_waits() -> MemoryState {
    let mut state = MemoryState::default();
    let mut book = build::book("A1");
    book.rows.push(book_row(1, &goods(1), amount("100", "100", None)));
    let mut list = build::list("L01", "A1", Direction::Out);
    list.lines.push(list_line(1, 1, &goods(1), amount("40", "40", None)));
    let beginning = world::beginning().into_iter().map(live);
    for asked in beginning.chain([call(Document::Book(book)), call(filed(list))]) {
        let taken = take(&state, &asked, &shipped);
        assert_eq!(reason(&taken), None);
        state = taken.after;
    }
    state
}

#[test]
fn broken_work_is_undone_and_stops_its_book() {
    let state = with_a_list_that_waits();
    let zone = build::position("A1", 1, Place::Zone);
    let before = query::counters(&state, &zone, Moment::Now).unwrap();
    // The reservation is not there: taking it back would make it negative.
    let broken = reading(|_, row| (!matches!(row, Row::Position(_))).then_some(row));
    let taken = take(&state, &call(withdrawal("L01", 1)), &broken);
    assert_eq!(reason(&taken), Some(Reason::InternalFault));
    assert_eq!(query::counters(&taken.after, &zone, Moment::Now).unwrap(), before);

    let stopped = take(&taken.after, &call(withdrawal("L01", 1)), &shipped);
    assert_eq!(reason(&stopped), Some(Reason::BookFaulted));

    let target = StopTarget::Book(build::book_no("A1"));
    let free = StopOrder { target, stops: Stops::default(), reason: "checked".into() };
    let freed = take(&stopped.after, &live(Command::SetStops(free)), &shipped);
    let withdrawn = take(&freed.after, &call(withdrawal("L01", 1)), &shipped);
    assert_eq!(reason(&withdrawn), None);
    let available = query::counters(&withdrawn.after, &zone, Moment::Now).unwrap().available().unwrap();
    assert_eq!(available.declared(), build::quantity("100"));
}

/// Were it recorded, it would be the first command, which only the creation may be, and nobody could create the ledger.
#[test]
fn a_command_before_the_ledger_is_created_leaves_no_trace() {
    let early = take(&MemoryState::default(), &call(Document::Book(build::book("A1"))), &shipped);
    assert_eq!(reason(&early), Some(Reason::PermissionDenied));
    assert!(early.writes.is_empty());
    let created = take(&early.after, &live(world::beginning().remove(0)), &shipped);
    assert_eq!(reason(&created), None);
    assert_eq!(created.applied.revision.0, 1);
}

#[test]
fn a_command_that_is_passed_over_takes_a_revision_and_does_nothing_else() {
    let state = with_a_list_that_waits();
    let before = query::revision(&state).unwrap();
    let refusal = Refusal::new(Reason::RefusedByOperator);
    let (applied, writes) = pass_over(&state, world::moment("2026-06-02T13:00:00"), refusal).unwrap();
    assert_eq!(applied.revision.0, before.0 + 1);
    assert_eq!(writes.keys().map(|key| key.table()).collect::<Vec<_>>(), ["Events", "Heads"]);
}
