//! Histories in which the ledger and the model once disagreed, told by hand: chance comes to them again only by luck.

use crate::common::agreement::agrees_with_the_model;
use crate::common::build::{amount, book, book_row, filed, list, list_line, pass, passage, quantity};
use crate::common::correct::{correction, decide_correction};
use crate::common::papers::{parcel, parcel_no, parcel_return, permit, slip, slip_line};
use crate::common::run::{Asked, Taken, run, shipped};
use crate::common::world::{beginning, goods, local, loopback, moment};
use crate::receipts::told_as_the_model_tells;
use zonebook_ledger::book::Usage;
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{
    BookFiling, Document, List, ParcelFiling, ParcelReturnFiling, PassageStage, PermitKind, ReturnedLine,
    SlipFiling,
};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::reason::Reason;

/// Carries out commands, and then those documents, one command a second; both sides have to say the same throughout.
fn agreed(documents: Vec<Document>, more: Vec<Command>) -> Vec<Taken> {
    let filed = documents.into_iter().map(|document| Command::File(Box::new(document)));
    let asked = |(second, command): (i64, Command)| {
        let mut record_time = moment("2026-06-02T12:00:00");
        record_time.0 += second * 1_000;
        let principal = loopback();
        Asked { record_time, proposal: Proposal { principal, request_id: None, ledger_time: None, command } }
    };
    let commands = beginning().into_iter().chain(filed).chain(more);
    let history: Vec<Asked> = (0..).zip(commands).map(asked).collect();
    agrees_with_the_model(&history, &shipped).unwrap();
    told_as_the_model_tells(&history, &shipped).unwrap();
    run(&history, &shipped)
}

fn reason(taken: &Taken) -> Option<Reason> {
    taken.applied.outcome.refusal().map(|refusal| refusal.reason)
}

/// As `RULES.md` 9.4 has it: what is not there is unknown, and what is there and not a passed slip E is not open. A slip
/// that is filed for the first time is not there yet; one that is changed is.
#[test]
fn a_slip_that_names_itself_is_unknown_when_it_is_new_and_not_open_when_it_is_changed() {
    let storage = BookFiling { rows: vec![book_row(1, &goods(1), amount("100", "100", None))], ..book("A1") };
    let lines = [(1, goods(1), quantity("50"))];
    let of = |number: &str, direction| {
        let mut filing = slip(number, "F01", direction);
        filing.lines.push(slip_line(1, 1, 1, &goods(1), amount("5", "5", None)));
        filing
    };
    let naming_itself = |filing: SlipFiling, change_no| {
        let mut filing = SlipFiling { change_no, related_slip: Some(filing.slip_no.clone()), ..filing };
        filing.lines[0].related_line = Some(1);
        Document::Slip(filing)
    };
    let out = of("S01", Direction::Out);
    let taken = agreed(
        vec![
            Document::Book(storage),
            Document::Permit(permit("F01", PermitKind::BatchedDelivery, "A1", &lines)),
            Document::Slip(out.clone()),
            naming_itself(of("S02", Direction::In), None),
            naming_itself(out, Some(1)),
        ],
        Vec::new(),
    );
    let said: Vec<Option<Reason>> = taken.iter().rev().take(3).rev().map(reason).collect();
    assert_eq!(said, [None, Some(Reason::DocumentUnknown), Some(Reason::SlipNotOpen)]);
}

/// A parcel that comes back while customs thinks about a correction of its list: the return puts its goods into the book,
/// so the correction can only be rejected, else they would be there twice.
#[test]
fn goods_of_a_parcel_that_came_back_do_not_come_back_again_by_a_correction() {
    let shop = BookFiling {
        usage: Usage::ECommerce,
        rows: vec![book_row(1, &goods(1), amount("10", "10", None))],
        ..book("C1")
    };
    let parcels = vec![parcel("T01", "C1", 1, &goods(1), amount("4", "4", None), "9")];
    let gathered = List {
        kind: "8".into(),
        parcels: vec![parcel_no("T01")],
        lines: vec![list_line(1, 1, &goods(1), amount("4", "4", None))],
        ..list("L01", "C1", Direction::Out)
    };
    let back = ReturnedLine { line: 1, declared: quantity("3"), statutory1: quantity("3"), statutory2: None };
    let returned = ParcelReturnFiling { lines: vec![back], ..parcel_return("R01", "T01") };
    let owner = shop.owner.to_string();
    let taken = agreed(
        vec![
            Document::Book(shop),
            Document::Parcels(ParcelFiling::File(parcels)),
            filed(gathered),
            Document::Pass(pass("P01", Direction::Out, &["L01"])),
            Document::Passage(passage("P01", PassageStage::Passed, local("2026-06-02T12:00:00"))),
            correction("K01", "L01", &owner, &[]),
            Document::ParcelReturn(returned),
        ],
        vec![decide_correction("K01", true), decide_correction("K01", false)],
    );
    let said: Vec<Option<Reason>> = taken.iter().rev().take(4).rev().map(reason).collect();
    assert_eq!(said, [None, None, Some(Reason::ParcelNotOpen), None]);
    let end = taken.last().unwrap();
    assert_eq!(end.applied.outcome.state, Some(DocumentState::Returned));
    let there = crate::common::build::position("C1", 1, Place::Zone);
    let counters = query::counters(&end.after, &there, Moment::Now).unwrap();
    assert_eq!(counters.on_hand().unwrap().declared(), quantity("9"));
    assert_eq!(counters.increase_pending.declared(), Quantity::ZERO);
}
