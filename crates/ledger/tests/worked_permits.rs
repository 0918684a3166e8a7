//! Permits, slips and guarantees beyond the samples: the worked examples of `domain.md` section 6 by their names, other
//! numbers, and each refusal with what it names.

mod common;

use common::build::{self, Amount, amount, book, book_row, filed, list, list_line, quantity};
use common::correct::{correction, decide_correction};
use common::papers::{
    closing, direct_exit, guarantee, left, opened_for, permit, permit_no, permit_part, processing_book, row,
    slip, slip_line, slip_no, slip_pass, slip_void,
};
use common::world::{self, Goods};
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{GuaranteeNo, PermitNo};
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::credit::{CreditLevel, CreditOrder};
use zonebook_ledger::direct_exit::{DirectExitAction, DirectExitOrder};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    Document, LinePart, List, ListLine, PassVoid, PassageStage, PermitFiling, PermitKind, ResultLine,
    SlipFiling,
};
use zonebook_ledger::guarantee::{Guarantee, GuaranteeAction, GuaranteeEntry, GuaranteeMove};
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::permission::Principal;
use zonebook_ledger::permit::{Permit, Slip};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{GuaranteeEntries, Guarantees, Passes, Permits, Slips, get};
use zonebook_ledger::time::Date;

/// What makes a document wrong.
type Flaw<'f, T> = &'f dyn Fn(&mut T);

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn same(declared: &str) -> Amount {
    amount(declared, declared, None)
}

/// A zone whose book `A1` holds 1,000 kg of cotton as item 1 and 500 of a second weight as item 2.
fn storage() -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &world::goods(1), same("1000")));
    filing.rows.push(book_row(2, &cloth(), same("500")));
    zone.files(Document::Book(filing));
    zone
}

fn cloth() -> Goods {
    Goods { part: "CLOTH".into(), tariff: "5208110000".into(), units: build::units("035", "035", None) }
}

fn refusal(zone: &mut Zone, command: Command) -> Refusal {
    let outcome = zone.takes(command).applied.outcome;
    outcome.refusal().expect("it is refused").clone()
}

fn refused(zone: &mut Zone, document: Document) -> Refusal {
    refusal(zone, Command::File(Box::new(document)))
}

/// Through the only gate.
fn passes(zone: &mut Zone, number: &str, direction: Direction, slip: &str) {
    zone.files(Document::Pass(slip_pass(number, direction, slip)));
    let at = world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage(number, PassageStage::Passed, at)));
}

fn permit_of(zone: &Zone, number: &str) -> Permit {
    (*get::<Permits>(&zone.state, permit_no(number)).unwrap().unwrap()).clone()
}

fn slip_of(zone: &Zone, number: &str) -> Slip {
    (*get::<Slips>(&zone.state, slip_no(number)).unwrap().unwrap()).clone()
}

fn account(zone: &Zone, number: &str) -> Guarantee {
    let number = GuaranteeNo::new(number).unwrap();
    (*get::<Guarantees>(&zone.state, number).unwrap().unwrap()).clone()
}

fn available(zone: &Zone, number: &str) -> String {
    account(zone, number).available().unwrap().to_string()
}

fn entries(zone: &Zone, number: &str) -> Vec<GuaranteeEntry> {
    let key = GuaranteeNo::new(number).unwrap();
    let all = 1..=account(zone, number).entries;
    all.map(|at| (*get::<GuaranteeEntries>(&zone.state, (key.clone(), at)).unwrap().unwrap()).clone())
        .collect()
}

fn on_hand(zone: &Zone, position: &PositionKey) -> String {
    zone.on_hand(position).declared().to_string()
}

fn display(number: &str, declared: &str) -> PermitFiling {
    permit(number, PermitKind::Display, "A1", &[(1, world::goods(1), quantity(declared))])
}

fn slip_for(number: &str, permit: &str, direction: Direction, declared: &str) -> SlipFiling {
    let mut filing = slip(number, permit, direction);
    filing.lines.push(slip_line(1, 1, 1, &world::goods(1), same(declared)));
    filing
}

/// A23: of 1,000,000 levied 130,000 and 200,000 are drawn and 130,000 restored: 800,000 are available, and not a
/// hundred-thousandth more. The journal has each step with what was available before and after it.
#[test]
fn a23_guarantee() {
    let mut zone = storage();
    zone.accepts(guarantee("BZ1", opened_for("A1", "1000000", "2026-12-31")));
    zone.accepts(guarantee("BZ1", GuaranteeAction::Draw(quantity("130000"))));
    zone.accepts(guarantee("BZ1", GuaranteeAction::Draw(quantity("200000"))));
    zone.accepts(guarantee("BZ1", GuaranteeAction::Restore(quantity("130000"))));
    assert_eq!(available(&zone, "BZ1"), "800000");

    let short = refusal(&mut zone, guarantee("BZ1", GuaranteeAction::Draw(quantity("800000.00001"))));
    assert_eq!(short.reason, Reason::GuaranteeExceeded);
    assert_eq!(short.wanted, Some(quantity("800000.00001")));
    assert_eq!(short.available, Some(quantity("800000")));
    assert_eq!(available(&zone, "BZ1"), "800000");
    zone.accepts(guarantee("BZ1", GuaranteeAction::Draw(quantity("800000"))));
    assert_eq!(available(&zone, "BZ1"), "0");

    let journal: Vec<_> = entries(&zone, "BZ1")
        .iter()
        .map(|entry| {
            (entry.action, entry.amount.to_string(), entry.before.to_string(), entry.after.to_string())
        })
        .collect();
    let step = |action, amount: &str, before: &str, after: &str| {
        (action, amount.to_owned(), before.to_owned(), after.to_owned())
    };
    assert_eq!(
        journal,
        [
            step(GuaranteeMove::Levy, "1000000", "0", "1000000"),
            step(GuaranteeMove::Draw, "130000", "1000000", "870000"),
            step(GuaranteeMove::Draw, "200000", "870000", "670000"),
            step(GuaranteeMove::Restore, "130000", "670000", "800000"),
            step(GuaranteeMove::Draw, "800000", "800000", "0"),
        ]
    );
}

#[test]
fn orders_on_guarantees_are_refused_with_what_is_wrong() {
    let mut zone = storage();
    let draw = |amount: &str| guarantee("BZ1", GuaranteeAction::Draw(quantity(amount)));
    assert_eq!(refusal(&mut zone, draw("1")).reason, Reason::GuaranteeUnknown);
    let open = |amount: &str, until: &str| guarantee("BZ1", opened_for("A1", amount, until));
    assert_eq!(refusal(&mut zone, open("0", "2026-12-31")).reason, Reason::InvalidField);
    zone.accepts(open("10", "2026-06-02"));
    assert_eq!(refusal(&mut zone, open("10", "2026-06-02")).reason, Reason::DocumentExists);
    assert_eq!(refusal(&mut zone, draw("-1")).reason, Reason::InvalidField);
    zone.accepts(draw("4"));
    // Not more is set free by hand than was drawn by hand.
    let more = refusal(&mut zone, guarantee("BZ1", GuaranteeAction::Restore(quantity("4.00001"))));
    assert_eq!((more.reason, more.available), (Reason::GuaranteeExceeded, Some(quantity("4"))));
    zone.at("2026-06-03T08:00:00");
    let late = refusal(&mut zone, draw("1"));
    assert_eq!(late.reason, Reason::GuaranteeExpired);
    assert_eq!(late.expected.as_deref(), Some("not after 2026-06-02"));
    zone.accepts(guarantee("BZ1", GuaranteeAction::Extend(date("2026-06-03"))));
    zone.accepts(draw("6"));
    zone.accepts(guarantee("BZ1", GuaranteeAction::Levy(quantity("0.5"))));
    assert_eq!(available(&zone, "BZ1"), "0.5");
    let Command::Guarantee(mut order) = draw("0.1") else { unreachable!() };
    order.cause = "".into();
    let silent = refusal(&mut zone, Command::Guarantee(order));
    assert_eq!((silent.reason, silent.field.as_deref()), (Reason::InvalidField, Some("cause")));
}

/// The duty at stake on a permit is bound while the permit is open, in the share of the enterprise's credit level.
#[test]
fn a_permit_draws_on_its_guarantee_and_gives_it_back_at_its_end() {
    let mut zone = storage();
    let secured = |number: &str, amount: &str| PermitFiling {
        guarantee_no: "BZ1".into(),
        guarantee_amount: quantity(amount),
        ..display(number, "100")
    };
    let unknown = refused(&mut zone, Document::Permit(secured("F01", "60")));
    assert_eq!((unknown.reason, unknown.field.as_deref()), (Reason::GuaranteeUnknown, Some("dpstLevyBlNo")));
    zone.accepts(guarantee("BZ1", opened_for("A1", "100", "2026-12-31")));
    zone.files(Document::Permit(secured("F01", "60")));
    assert_eq!(available(&zone, "BZ1"), "40");
    let short = refused(&mut zone, Document::Permit(secured("F02", "40.00001")));
    assert_eq!((short.reason, short.available), (Reason::GuaranteeExceeded, Some(quantity("40"))));

    let change = |change_no, amount| PermitFiling { change_no: Some(change_no), ..secured("F01", amount) };
    zone.files(Document::Permit(change(1, "100")));
    assert_eq!(available(&zone, "BZ1"), "0");
    zone.files(Document::Permit(change(2, "25")));
    assert_eq!(available(&zone, "BZ1"), "75");
    let moved = PermitFiling { guarantee_no: "BZ2".into(), ..change(3, "25") };
    assert_eq!(refused(&mut zone, Document::Permit(moved)).reason, Reason::EditNotAllowed);
    // What customs restores by hand is not what permits have drawn.
    let by_hand = refusal(&mut zone, guarantee("BZ1", GuaranteeAction::Restore(quantity("1"))));
    assert_eq!((by_hand.reason, by_hand.available), (Reason::GuaranteeExceeded, Some(Quantity::ZERO)));
    zone.files(closing("F01", 3, Vec::new()));
    assert_eq!(available(&zone, "BZ1"), "100");

    let share = |parameter, value: &str| {
        let from = date("2026-06-02");
        Command::SetParameter(ParameterValue { parameter, from, value: quantity(value) })
    };
    let level = |level| {
        let party = build::customs_no(world::owner("A1"));
        Command::SetCreditLevel(CreditOrder { party, level, from: date("2026-06-02"), cause: "AEO".into() })
    };
    zone.accepts(share(Parameter::GuaranteeShareAdvanced, "0"));
    zone.accepts(share(Parameter::GuaranteeShareRegular, "33.33333"));
    zone.files(Document::Permit(secured("F03", "10")));
    // 3.333333, rounded half up.
    assert_eq!(available(&zone, "BZ1"), "96.66667");
    zone.accepts(level(CreditLevel::Advanced));
    zone.files(Document::Permit(secured("F04", "1000")));
    assert_eq!(available(&zone, "BZ1"), "96.66667");
    let other = PermitFiling { guarantee_amount: quantity("-0.01"), ..secured("F05", "1") };
    assert_eq!(refused(&mut zone, Document::Permit(other)).reason, Reason::InvalidField);
}

/// Where the permit names no amount, slips draw theirs; returns and withdrawals give it back; a number that is not kept
/// here is noted only.
#[test]
fn slips_draw_and_give_back() {
    let mut zone = storage();
    let on = |guarantee: &str, number: &str| PermitFiling {
        guarantee_no: guarantee.into(),
        ..display(number, "300")
    };
    let levied = |filing: SlipFiling, amount: &str| {
        Document::Slip(SlipFiling { levy_amount: quantity(amount), ..filing })
    };
    zone.accepts(guarantee("BZ1", opened_for("A1", "50", "2026-12-31")));
    zone.files(Document::Permit(on("BZ1", "F01")));
    zone.files(Document::Permit(on("ELSEWHERE", "F02")));
    let out = |number: &str, permit: &str, declared: &str| slip_for(number, permit, Direction::Out, declared);
    zone.files(levied(out("S01", "F02", "10"), "9999"));
    zone.files(levied(out("S02", "F01", "10"), "30"));
    zone.files(levied(out("S03", "F01", "10"), "15"));
    assert_eq!(available(&zone, "BZ1"), "5");
    let short = refused(&mut zone, levied(out("S04", "F01", "10"), "5.00001"));
    assert_eq!((short.reason, short.available), (Reason::GuaranteeExceeded, Some(quantity("5"))));
    zone.files(slip_void("S03", 1));
    assert_eq!(available(&zone, "BZ1"), "20");
    passes(&mut zone, "P01", Direction::Out, "S02");
    zone.files(levied(slip_for("S05", "F01", Direction::In, "4"), "12"));
    assert_eq!(available(&zone, "BZ1"), "20", "the goods are not back yet");
    passes(&mut zone, "P02", Direction::In, "S05");
    assert_eq!(available(&zone, "BZ1"), "32");
    // Not more is set free than is bound.
    zone.files(levied(slip_for("S06", "F01", Direction::In, "6"), "100"));
    passes(&mut zone, "P03", Direction::In, "S06");
    assert_eq!(available(&zone, "BZ1"), "50");
    let negative = refused(&mut zone, levied(out("S07", "F01", "1"), "-1"));
    assert_eq!((negative.reason, negative.field.as_deref()), (Reason::InvalidField, Some("levyBlAmt")));
    // Another enterprise's guarantee.
    zone.accepts(guarantee("BZ2", opened_for("A2", "50", "2026-12-31")));
    zone.files(Document::Permit(on("BZ2", "F03")));
    assert_eq!(refused(&mut zone, levied(out("S08", "F03", "1"), "1")).reason, Reason::GuaranteeUnknown);
}

/// A21, after consolidation: the slips' quantity is counted as deducted, and the permit may be closed when all is.
#[test]
fn a21_deducted_by_consolidation_and_closed() {
    let mut zone = storage();
    let batched = |kind| permit("F01", kind, "A1", &[(1, world::goods(1), quantity("1000"))]);
    zone.files(Document::Permit(batched(PermitKind::BatchedDelivery)));
    zone.files(Document::Slip(slip_for("S01", "F01", Direction::Out, "300")));
    let waits = refused(&mut zone, closing("F01", 1, Vec::new()));
    assert_eq!(
        (waits.reason, waits.line, waits.available),
        (Reason::FormStockOut, Some(1), Some(quantity("300")))
    );
    passes(&mut zone, "P01", Direction::Out, "S01");
    let out = refused(&mut zone, closing("F01", 1, Vec::new()));
    assert_eq!((out.reason, out.place), (Reason::FormStockOut, Some(Place::ShippedUndeclared)));
    assert_eq!((out.value.as_deref(), out.available), (Some("1"), Some(quantity("300"))));
    let line = list_line(1, 1, &world::goods(1), same("300"));
    let consolidated = List {
        kind: "1".into(),
        slips: vec![slip_no("S01")],
        lines: vec![line],
        ..list("L01", "A1", Direction::Out)
    };
    zone.files(filed(consolidated));
    assert_eq!(permit_of(&zone, "F01").lines[0].consolidated, quantity("300"));
    let closed = zone.files(closing("F01", 1, Vec::new()));
    assert_eq!(closed.outcome.state, Some(DocumentState::Closed));
    // A closed permit takes no slips, no change, and is not closed again.
    let late = Document::Slip(slip_for("S02", "F01", Direction::Out, "1"));
    assert_eq!(zone.refuses(late), Reason::FormClosed);
    assert_eq!(zone.refuses(closing("F01", 2, Vec::new())), Reason::FormClosed);
    let change = PermitFiling { change_no: Some(2), ..batched(PermitKind::BatchedDelivery) };
    assert_eq!(zone.refuses(Document::Permit(change)), Reason::FormClosed);
}

/// A return that names its batch leaves the rest of the batch to be declared.
#[test]
fn a_return_that_names_its_batch_is_not_declared() {
    let mut zone = storage();
    let filing = permit("F01", PermitKind::GeneralTaxpayer, "A1", &[(1, world::goods(1), quantity("1000"))]);
    zone.files(Document::Permit(filing));
    zone.files(Document::Slip(slip_for("S01", "F01", Direction::Out, "300")));
    let back = |number: &str, declared: &str, line: Option<u64>| {
        let mut filing = slip_for(number, "F01", Direction::In, declared);
        filing.related_slip = Some(slip_no("S01"));
        filing.lines[0].related_line = line;
        Document::Slip(filing)
    };
    assert_eq!(zone.refuses(back("S02", "100", Some(1))), Reason::SlipNotOpen);
    passes(&mut zone, "P01", Direction::Out, "S01");
    assert_eq!(zone.refuses(back("S02", "100", Some(2))), Reason::ItemNotFiled);
    assert_eq!(zone.refuses(back("S02", "100", None)), Reason::ItemNotFiled);
    zone.files(back("S02", "100", Some(1)));
    let more = refused(&mut zone, back("S03", "200.00001", Some(1)));
    assert_eq!((more.reason, more.available), (Reason::ReturnExceedsOut, Some(quantity("200"))));
    passes(&mut zone, "P02", Direction::In, "S02");
    assert_eq!(slip_of(&zone, "S01").lines[0].returned.declared(), quantity("100"));
    let declares = |declared: &str| {
        let lines = vec![list_line(1, 1, &world::goods(1), same(declared))];
        let slips = vec![slip_no("S01")];
        filed(List { kind: "1".into(), slips, lines, ..list("L01", "A1", Direction::Out) })
    };
    assert_eq!(zone.refuses(declares("300")), Reason::ConsolidationMismatch);
    zone.files(declares("200"));
    assert_eq!(on_hand(&zone, &build::position("A1", 1, Place::ShippedUndeclared)), "0");
    assert_eq!(on_hand(&zone, &build::position("A1", 1, Place::Zone)), "800");
    zone.files(closing("F01", 1, Vec::new()));
}

#[test]
fn a_change_of_a_permit_keeps_what_is_used() {
    let mut zone = storage();
    let two = |first: &str| {
        let lines = [(1, world::goods(1), quantity(first)), (2, cloth(), quantity("50"))];
        permit("F01", PermitKind::Display, "A1", &lines)
    };
    let change = |change_no, filing| PermitFiling { change_no: Some(change_no), ..filing };
    assert_eq!(zone.refuses(Document::Permit(change(1, two("100")))), Reason::DocumentUnknown);
    zone.files(Document::Permit(two("100")));
    zone.files(Document::Slip(slip_for("S01", "F01", Direction::Out, "60")));
    let count = refused(&mut zone, Document::Permit(change(2, two("100"))));
    assert_eq!((count.reason, count.expected.as_deref()), (Reason::ChangeCountMismatch, Some("1")));
    let less = refused(&mut zone, Document::Permit(change(1, two("59.99999"))));
    assert_eq!(
        (less.reason, less.line, less.wanted),
        (Reason::FormQuotaExceeded, Some(1), Some(quantity("60")))
    );
    for (field, other) in [
        ("businessTypecd", PermitFiling { kind: PermitKind::Mould, ..two("100") }),
        ("areainEtpsno", PermitFiling { owner: build::customs_no("2217960002"), ..two("100") }),
        ("areainOriactNo", PermitFiling { book_no: build::book_no("A2"), ..two("100") }),
        ("sasDclSeqno", PermitFiling { lines: two("100").lines[1..].to_vec(), ..two("100") }),
    ] {
        let kept = refused(&mut zone, Document::Permit(change(1, other)));
        assert_eq!((kept.reason, kept.field.as_deref()), (Reason::EditNotAllowed, Some(field)));
    }
    // The line without slips may go, and the other one may shrink to what is used.
    let one = display("F01", "60");
    zone.files(Document::Permit(change(1, PermitFiling { valid_until: date("2027-01-31"), ..one })));
    let after = permit_of(&zone, "F01");
    assert_eq!((after.lines.len(), after.lines[0].approved_out, after.change_no), (1, quantity("60"), 1));
    assert_eq!((after.valid_until, after.extensions), (date("2027-01-31"), 1));
    assert_eq!(
        zone.refuses(Document::Slip(slip_for("S02", "F01", Direction::Out, "0.00001"))),
        Reason::FormQuotaExceeded
    );
}

/// One change at a time (`domain.md` 3.0): of two that were written at the same time the second is refused, and so is a
/// closing that does not know of the first; after it they go on from there.
#[test]
fn of_two_changes_at_a_time_one_is_taken() {
    let mut zone = storage();
    let change = |change_no, filing| PermitFiling { change_no: Some(change_no), ..filing };
    zone.files(Document::Permit(display("F01", "100")));
    let longer = PermitFiling { valid_until: date("2027-01-31"), ..display("F01", "100") };
    zone.files(Document::Permit(change(1, longer.clone())));
    let second = refused(&mut zone, Document::Permit(change(1, display("F01", "90"))));
    assert_eq!((second.reason, second.expected.as_deref()), (Reason::ChangeCountMismatch, Some("2")));
    assert_eq!(zone.refuses(closing("F01", 1, Vec::new())), Reason::ChangeCountMismatch);
    zone.files(Document::Permit(change(2, PermitFiling { lines: display("F01", "90").lines, ..longer })));
    zone.files(closing("F01", 3, Vec::new()));
}

/// Equipment: 60 days and one extension of 30; display: half a year. The days are parameters, and none without them.
#[test]
fn permits_last_as_long_as_their_type_allows() {
    let mut zone = storage();
    let until = |kind, number: &str, day: &str| PermitFiling {
        valid_until: date(day),
        ..permit(number, kind, "A1", &[(1, world::goods(1), quantity("10"))])
    };
    zone.files(Document::Permit(until(PermitKind::Display, "F01", "2099-12-31")));
    let days = |parameter, value| {
        let from = date("2026-06-02");
        Command::SetParameter(ParameterValue { parameter, from, value: Quantity::whole(value) })
    };
    zone.accepts(days(Parameter::PermitDaysDisplay, 183));
    zone.accepts(days(Parameter::PermitDaysRepair, 60));
    zone.accepts(days(Parameter::PermitExtensionDays, 30));
    // Declared on 2 June 2026.
    let long = refused(&mut zone, Document::Permit(until(PermitKind::Display, "F02", "2026-12-03")));
    assert_eq!((long.reason, long.field.as_deref()), (Reason::PermitTooLong, Some("validTime")));
    assert_eq!(long.expected.as_deref(), Some("at most 183 days from 2026-06-02"));
    zone.files(Document::Permit(until(PermitKind::Display, "F02", "2026-12-02")));

    let repair = |day: &str| until(PermitKind::EquipmentRepair, "F03", day);
    assert_eq!(zone.refuses(Document::Permit(repair("2026-08-02"))), Reason::PermitTooLong);
    zone.files(Document::Permit(repair("2026-08-01")));
    let extended = |change_no, day| PermitFiling { change_no: Some(change_no), ..repair(day) };
    assert_eq!(zone.refuses(Document::Permit(extended(1, "2026-09-01"))), Reason::PermitTooLong);
    zone.files(Document::Permit(extended(1, "2026-08-20")));
    // Within the days, but the second time.
    let again = refused(&mut zone, Document::Permit(extended(2, "2026-08-21")));
    assert_eq!(
        (again.reason, again.expected.as_deref()),
        (Reason::PermitTooLong, Some("no second extension"))
    );
    zone.files(Document::Permit(extended(2, "2026-08-10")));
}

#[test]
fn a_slip_is_changed_or_taken_back_only_before_a_pass_names_it() {
    let mut zone = storage();
    zone.files(Document::Permit(display("F01", "100")));
    let stock = build::position("A1", 1, Place::Zone);
    zone.files(Document::Slip(slip_for("S01", "F01", Direction::Out, "70")));
    assert_eq!(zone.available(&stock), quantity("930"));
    let change = |change_no, declared: &str| SlipFiling {
        change_no: Some(change_no),
        ..slip_for("S01", "F01", Direction::Out, declared)
    };
    assert_eq!(zone.refuses(Document::Slip(change(2, "80"))), Reason::ChangeCountMismatch);
    let quota = refused(&mut zone, Document::Slip(change(1, "100.00001")));
    assert_eq!((quota.reason, quota.available), (Reason::FormQuotaExceeded, Some(quantity("100"))));
    assert_eq!(zone.available(&stock), quantity("930"), "a refused change leaves the old content");
    let other = SlipFiling { direction: Direction::In, ..change(1, "10") };
    assert_eq!(zone.refuses(Document::Slip(other)), Reason::EditNotAllowed);
    let changed = zone.files(Document::Slip(change(1, "100")));
    assert_eq!(changed.outcome.changed.len(), 1);
    assert_eq!((zone.available(&stock), slip_of(&zone, "S01").version), (quantity("900"), 1));

    zone.files(Document::Pass(slip_pass("P01", Direction::Out, "S01")));
    assert_eq!(zone.refuses(slip_void("S01", 2)), Reason::SlipOnPass);
    let void = |number: &str| Document::PassVoid(PassVoid { pass_no: build::pass_no(number) });
    zone.files(void("P01"));
    assert_eq!(zone.refuses(void("P09")), Reason::DocumentUnknown);
    let report = build::passage("P01", PassageStage::Passed, world::local("2026-06-02T12:00:00"));
    let on_void = refused(&mut zone, Document::Passage(report));
    assert_eq!((on_void.reason, on_void.value.as_deref()), (Reason::PassNotOpen, Some("CANCELLED")));
    zone.files(slip_void("S01", 2));
    assert_eq!(zone.available(&stock), quantity("1000"));
    assert_eq!(permit_of(&zone, "F01").lines[0].approved_out, Quantity::ZERO);
    assert_eq!(zone.refuses(slip_void("S01", 3)), Reason::AlreadyWithdrawn);
    assert_eq!(zone.refuses(slip_void("S09", 1)), Reason::DocumentUnknown);

    zone.files(Document::Slip(slip_for("S02", "F01", Direction::Out, "100")));
    passes(&mut zone, "P02", Direction::Out, "S02");
    assert_eq!(zone.refuses(slip_void("S02", 1)), Reason::AlreadyPosted);
    assert_eq!(zone.refuses(void("P02")), Reason::PassNotOpen);
}

/// A pass that is taken back gives the whole document free: another pass may carry it, and its lines may change.
#[test]
fn a_void_pass_gives_its_lists_free() {
    let mut zone = storage();
    let out = |number: &str, declared: &str| {
        let lines = vec![list_line(1, 1, &world::goods(1), same(declared))];
        build::declared(List { lines, ..list(number, "A1", Direction::Out) }, "D1")
    };
    zone.files(filed(out("L01", "10")));
    zone.files(Document::Pass(build::part_pass("P01", Direction::Out, "L01", &[(1, quantity("4"))])));
    zone.files(Document::Pass(build::part_pass("P02", Direction::Out, "L01", &[(1, quantity("6"))])));
    zone.files(Document::PassVoid(PassVoid { pass_no: build::pass_no("P01") }));
    assert_eq!(zone.refuses(build::withdrawal("L01", 1)), Reason::ListOnPass);
    let five = build::part_pass("P03", Direction::Out, "L01", &[(1, quantity("5"))]);
    assert_eq!(zone.refuses(Document::Pass(five)), Reason::PassQtyExceeded);
    zone.files(Document::PassVoid(PassVoid { pass_no: build::pass_no("P02") }));
    let mut two = out("L01", "10");
    two.lines.push(list_line(2, 2, &cloth(), same("3")));
    zone.files(build::change(two, 1));
    zone.files(Document::Pass(build::pass("P04", Direction::Out, &["L01"])));
    let state = |number: &str| get::<Passes>(&zone.state, build::pass_no(number)).unwrap().unwrap().state;
    assert_eq!((state("P01"), state("P04")), (DocumentState::Cancelled, DocumentState::Filed));
}

/// What a batch sent stays while something of it came back.
#[test]
fn a_batch_against_which_goods_came_back_is_not_taken_back() {
    let mut zone = storage();
    for number in ["F01", "F02"] {
        let lines = [(1, world::goods(1), quantity("1000"))];
        zone.files(Document::Permit(permit(number, PermitKind::BatchedDelivery, "A1", &lines)));
    }
    // Goods of one permit are shipped; the other one has only a slip that waits, and counts a return on it.
    zone.files(Document::Slip(slip_for("S01", "F01", Direction::Out, "100")));
    passes(&mut zone, "P01", Direction::Out, "S01");
    zone.files(Document::Slip(slip_for("S02", "F02", Direction::Out, "80")));
    zone.files(Document::Slip(slip_for("S03", "F02", Direction::In, "50")));
    let kept = refused(&mut zone, slip_void("S02", 1));
    assert_eq!((kept.reason, kept.wanted), (Reason::ReturnExceedsOut, Some(quantity("50"))));
    let change = |declared: &str| SlipFiling {
        change_no: Some(1),
        ..slip_for("S02", "F02", Direction::Out, declared)
    };
    assert_eq!(zone.refuses(Document::Slip(change("49.99999"))), Reason::ReturnExceedsOut);
    zone.files(Document::Slip(change("50")));
}

#[test]
fn who_is_discredited_does_not_deliver_in_batches() {
    let mut zone = storage();
    let batched = |number: &str| {
        permit(number, PermitKind::BatchedDelivery, "A1", &[(1, world::goods(1), quantity("100"))])
    };
    zone.files(Document::Permit(batched("F01")));
    zone.files(Document::Slip(slip_for("S01", "F01", Direction::Out, "10")));
    passes(&mut zone, "P01", Direction::Out, "S01");
    let level = |level, from: &str| {
        let party = build::customs_no(world::owner("A1"));
        Command::SetCreditLevel(CreditOrder { party, level, from: date(from), cause: "decision 3".into() })
    };
    zone.accepts(level(CreditLevel::Discredited, "2026-06-03"));
    zone.files(Document::Slip(slip_for("S02", "F01", Direction::Out, "10")));
    zone.at("2026-06-03T08:00:00");
    let sent = Document::Slip(slip_for("S03", "F01", Direction::Out, "10"));
    assert_eq!(zone.refuses(sent.clone()), Reason::CreditLevelForbids);
    let refused = refused(&mut zone, Document::Permit(batched("F02")));
    assert_eq!(
        (refused.reason, refused.document.as_deref()),
        (Reason::CreditLevelForbids, Some("2217960001"))
    );
    // What is out may come back, and display is not batched delivery.
    zone.files(Document::Slip(slip_for("S04", "F01", Direction::In, "10")));
    zone.files(Document::Permit(display("F03", "10")));
    zone.accepts(level(CreditLevel::Regular, "2026-06-03"));
    zone.files(sent);
}

fn product() -> Goods {
    Goods { part: "SHIRT".into(), tariff: "6205200001".into(), units: build::units("006", "035", None) }
}

/// A zone whose processing book `M1` holds 1,000 kg of two materials, with a permit to have shirts made of them.
fn workshop(parts: &[(&str, &str)]) -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = processing_book("M1", Usage::Processing);
    filing.rows.push(row(Mark::Goods, 1, &world::goods(1), same("1000")));
    filing.rows.push(row(Mark::Goods, 2, &cloth(), same("1000")));
    filing.rows.push(row(Mark::Product, 1, &product(), Amount::default()));
    zone.files(Document::Book(filing));
    zone.files(Document::Permit(outsourced(parts)));
    zone
}

fn outsourced(parts: &[(&str, &str)]) -> PermitFiling {
    let lines = [
        (1, world::goods(1), quantity("700")),
        (2, cloth(), quantity("100")),
        (1, product(), quantity("1000")),
    ];
    let mut filing = permit("F01", PermitKind::OutsourcedProcessing, "M1", &lines);
    filing.lines[2].mark = Mark::Product;
    let part = |(at, (net, loss)): (usize, &(&str, &str))| permit_part(3, at as u64 + 1, net, loss);
    filing.bom = parts.iter().enumerate().map(part).collect();
    filing
}

fn materials(number: &str, direction: Direction, first: &str, second: &str) -> Document {
    let mut filing = slip(number, "F01", direction);
    filing.lines.push(slip_line(1, 1, 1, &world::goods(1), same(first)));
    filing.lines.push(slip_line(2, 2, 2, &cloth(), same(second)));
    Document::Slip(filing)
}

fn shirts(number: &str, pieces: &str) -> Document {
    let mut filing = slip(number, "F01", Direction::In);
    filing.lines.push(slip_line(1, 3, 1, &product(), amount(pieces, "7", None)));
    Document::Slip(filing)
}

fn of(mark: Mark, number: u64, place: Place) -> PositionKey {
    PositionKey { mark, ..build::position("M1", number, place) }
}

/// A11's figures, outside: 600 pieces at net 0.679 with 3 % lost take 0.7 each, 420; and a third of a button each, rounded
/// once. What is left outside is taxed, the rest comes back, and nothing is out when the permit is closed.
#[test]
fn outsourced_processing_conserves_by_its_bom() {
    let mut zone = workshop(&[("0.679", "3"), ("0.033333333", "0")]);
    zone.files(materials("S01", Direction::Out, "500", "30"));
    passes(&mut zone, "P01", Direction::Out, "S01");
    let (cotton, cloth_out) = (of(Mark::Goods, 1, Place::OutOnForm), of(Mark::Goods, 2, Place::OutOnForm));
    zone.files(shirts("S02", "600"));
    assert_eq!((zone.available(&cotton), zone.available(&cloth_out)), (quantity("80"), quantity("10")));
    assert_eq!(on_hand(&zone, &cotton), "500", "pending until the gate");
    passes(&mut zone, "P02", Direction::In, "S02");
    assert_eq!((on_hand(&zone, &cotton), on_hand(&zone, &cloth_out)), ("80".into(), "10".into()));
    assert_eq!(on_hand(&zone, &of(Mark::Goods, 1, Place::Consumed)), "420");
    assert_eq!(on_hand(&zone, &of(Mark::Goods, 2, Place::Consumed)), "20");
    assert_eq!(on_hand(&zone, &of(Mark::Product, 1, Place::Zone)), "600");
    assert_eq!(on_hand(&zone, &of(Mark::Product, 1, Place::Made)), "-600");

    // 115 more would take 80.5 of 80; 114 take 79.8.
    let short = refused(&mut zone, shirts("S03", "115"));
    assert_eq!((short.reason, short.place), (Reason::FormStockExceeded, Some(Place::OutOnForm)));
    assert_eq!((short.wanted, short.available), (Some(quantity("80.5")), Some(quantity("80"))));
    let over = refused(&mut zone, shirts("S03", "400.00001"));
    assert_eq!((over.reason, over.available), (Reason::FormQuotaExceeded, Some(quantity("400"))));
    assert_eq!(zone.refuses(materials("S03", Direction::In, "80.00001", "1")), Reason::ReturnExceedsOut);
    let mut sent = slip("S03", "F01", Direction::Out);
    sent.lines.push(slip_line(1, 3, 1, &product(), amount("1", "1", None)));
    assert_eq!(zone.refuses(Document::Slip(sent)), Reason::FormQuotaExceeded);

    zone.files(materials("S03", Direction::In, "75", "10"));
    let waits = refused(&mut zone, closing("F01", 1, Vec::new()));
    assert_eq!((waits.reason, waits.available), (Reason::FormStockOut, Some(quantity("75"))));
    passes(&mut zone, "P03", Direction::In, "S03");
    let out = refused(&mut zone, closing("F01", 1, Vec::new()));
    assert_eq!((out.reason, out.line, out.value.as_deref()), (Reason::FormStockOut, Some(1), Some("1")));
    assert_eq!((out.place, out.available), (Some(Place::OutOnForm), Some(quantity("5"))));
    assert_eq!(zone.refuses(closing("F01", 1, vec![left(1, same("4"))])), Reason::FormStockOut);
    let more = refused(&mut zone, closing("F01", 1, vec![left(1, same("5.00001"))]));
    assert_eq!((more.reason, more.available), (Reason::FormStockExceeded, Some(quantity("5"))));
    assert_eq!(zone.refuses(closing("F01", 1, vec![left(9, same("5"))])), Reason::ItemNotFiled);
    let silent = zonebook_ledger::document::LeftOutside { reference: "".into(), ..left(1, same("5")) };
    assert_eq!(zone.refuses(closing("F01", 1, vec![silent])), Reason::InvalidField);
    zone.files(closing("F01", 1, vec![left(1, same("5"))]));
    assert_eq!(on_hand(&zone, &cotton), "0");
    assert_eq!(on_hand(&zone, &of(Mark::Goods, 1, Place::Outside)), "5");
    assert_eq!(permit_of(&zone, "F01").left.len(), 1);
}

/// Rows 2, 5, 7 and 17: products that were made outside stand in stock and leave it by any list that names their permit;
/// their materials were used when they came back, and are not used a second time.
#[test]
fn products_made_outside_leave_by_list() {
    let mut zone = workshop(&[("0.5", "0"), ("0.01", "0")]);
    zone.files(materials("S01", Direction::Out, "500", "30"));
    passes(&mut zone, "P01", Direction::Out, "S01");
    zone.files(shirts("S02", "600"));
    passes(&mut zone, "P02", Direction::In, "S02");
    let (stock, cotton) = (of(Mark::Product, 1, Place::Zone), of(Mark::Goods, 1, Place::Zone));
    let out = |number: &str, pieces: &str| List {
        mark: Mark::Product,
        permit_no: PermitNo::new("F01").ok(),
        lines: vec![list_line(1, 1, &product(), amount(pieces, "1", None))],
        ..list(number, "M1", Direction::Out)
    };
    let silent = List { permit_no: None, ..out("L01", "100") };
    assert_eq!(zone.refuses(filed(silent)), Reason::BomVersionUnknown, "made as they leave, by no BOM");
    let of_nobody = List { permit_no: PermitNo::new("F09").ok(), ..out("L01", "100") };
    assert_eq!(zone.refuses(filed(of_nobody)), Reason::DocumentUnknown);
    zone.files(filed(out("L01", "100")));
    assert_eq!(zone.available(&stock), quantity("500"));
    assert_eq!((zone.list("L01").row, on_hand(&zone, &cotton)), (MatrixRow::FirstLineOut, "500".into()));
    assert_eq!(zone.refuses(filed(out("L02", "500.00001"))), Reason::ShortStock);
    let destroyed = List { mode: build::mode("0400"), ..out("L02", "50") };
    zone.files(filed(destroyed));
    assert_eq!((zone.list("L02").row, on_hand(&zone, &stock)), (MatrixRow::Destruction, "550".into()));
    let sold = |number: &str, transport: &str| {
        filed(List { kind: "9".into(), transport: transport.into(), ..out(number, "100") })
    };
    assert_eq!(zone.refuses(sold("L03", "2")), Reason::ListKindUnknown, "not at home");
    zone.files(sold("L03", "9"));
    assert_eq!(zone.list("L03").row, MatrixRow::TaxpayerStockSale);
    assert_eq!(on_hand(&zone, &cotton), "500");
    // The permit may be over by then.
    zone.files(materials("S03", Direction::In, "200", "24"));
    passes(&mut zone, "P03", Direction::In, "S03");
    zone.files(closing("F01", 1, Vec::new()));
    zone.files(filed(out("L04", "10")));
}

/// Rows 2, 5 and 17: customs approves that 300 of the shirts do not come back. They leave from where they were sewn, by the
/// BOM of the permit, whatever the book says of its own products; what came back is in stock and stays there.
#[test]
fn products_made_outside_leave_from_there_with_approval() {
    let mut zone = workshop(&[("0.5", "0"), ("0.01", "0")]);
    zone.files(materials("S01", Direction::Out, "500", "30"));
    passes(&mut zone, "P01", Direction::Out, "S01");
    zone.files(shirts("S02", "600"));
    passes(&mut zone, "P02", Direction::In, "S02");
    let exit = |number: &str, approval: &str, pieces: &str| List {
        mark: Mark::Product,
        permit_no: PermitNo::new(approval).ok(),
        lines: vec![list_line(1, 1, &product(), amount(pieces, "1", None))],
        ..list(number, "M1", Direction::Out)
    };
    let approve = |number: &str, pieces: &str| direct_exit(number, "F01", &[(3, 1, quantity(pieces))]);
    assert_eq!(zone.refuses(filed(exit("L01", "X01", "100"))), Reason::DocumentUnknown, "not approved");
    zone.accepts(Command::DirectExit(approve("X01", "300")));
    let (cotton, buttons) = (of(Mark::Goods, 1, Place::OutOnForm), of(Mark::Goods, 2, Place::OutOnForm));
    let (made, stock) = (of(Mark::Product, 1, Place::Made), of(Mark::Product, 1, Place::Zone));

    // 200 kg are out: enough for 400 pieces; 300 are approved.
    let over = refused(&mut zone, filed(exit("L01", "X01", "300.00001")));
    assert_eq!((over.reason, over.document.as_deref()), (Reason::FormQuotaExceeded, Some("X01")));
    assert_eq!((over.wanted, over.available), (Some(quantity("300.00001")), Some(quantity("300"))));
    let mut by_version = exit("L01", "X01", "1");
    by_version.lines[0].bom_version = zonebook_ledger::code::BomVersion::new("V1").ok();
    assert_eq!(zone.refuses(filed(by_version)), Reason::InvalidField, "the permit says what it is made of");
    let declared = build::declared(exit("L01", "X01", "300"), "D1");
    zone.files(filed(declared));
    assert_eq!(zone.list("L01").row, MatrixRow::DirectExit);
    assert_eq!((zone.available(&cotton), on_hand(&zone, &cotton)), (quantity("50"), "200".into()));
    assert_eq!(refused(&mut zone, filed(exit("L02", "X01", "1"))).available, Some(Quantity::ZERO));
    assert_eq!(zone.refuses(closing("F01", 1, Vec::new())), Reason::FormStockOut, "a list waits");
    zone.files(Document::Notice(build::notice("D1", "P", world::local("2026-06-02T12:00:00"))));
    assert_eq!(zone.list("L01").state, DocumentState::Posted, "no gate of the zone sees it");
    assert_eq!((on_hand(&zone, &cotton), on_hand(&zone, &buttons)), ("50".into(), "21".into()));
    assert_eq!((on_hand(&zone, &made), on_hand(&zone, &stock)), ("-900".into(), "600".into()));
    assert_eq!(on_hand(&zone, &of(Mark::Product, 1, Place::Outside)), "300");
    assert_eq!(permit_of(&zone, "F01").lines[2].approved_in, quantity("900"));

    // A correction brings them back to where they were; only whole, as with every list that answers to something.
    let part = LinePart {
        line: 1,
        declared: quantity("100"),
        statutory1: quantity("0.3"),
        statutory2: None,
        value_usd: quantity("1"),
    };
    let in_part = correction("K01", "L01", world::owner("M1"), &[part]);
    assert_eq!(zone.refuses(in_part), Reason::CorrectionNotWhole);
    zone.files(correction("K01", "L01", world::owner("M1"), &[]));
    zone.accepts(decide_correction("K01", true));
    assert_eq!((on_hand(&zone, &cotton), on_hand(&zone, &made)), ("200".into(), "-600".into()));
    let permit = permit_of(&zone, "F01");
    assert_eq!((permit.lines[2].approved_in, permit.lines[2].passed_in), (quantity("600"), quantity("600")));
    // So does a withdrawal; and of what is approved no more can leave than the permit makes of what is out.
    zone.accepts(Command::DirectExit(approve("X02", "1000")));
    assert_eq!(refused(&mut zone, filed(exit("L02", "X02", "400.00001"))).available, Some(quantity("400")));
    zone.files(filed(build::declared(exit("L02", "X02", "400"), "D2")));
    assert_eq!(zone.available(&cotton), Quantity::ZERO);
    assert_eq!(zone.refuses(shirts("S03", "1")), Reason::FormQuotaExceeded);
    zone.files(build::withdrawal("L02", 1));
    assert_eq!(zone.available(&cotton), quantity("200"));

    // Revoked, nothing more leaves by it; destroyed or sold by another kind of list, nothing does.
    let revoke = |number: &str| {
        let action = DirectExitAction::Revoke;
        Command::DirectExit(DirectExitOrder { action, ..approve(number, "1") })
    };
    zone.accepts(revoke("X01"));
    assert_eq!(zone.refuses(filed(exit("L03", "X01", "1"))), Reason::FormClosed);
    assert_eq!(refusal(&mut zone, revoke("X01")).reason, Reason::FormClosed);
    let destroyed = List { mode: build::mode("0400"), ..exit("L03", "X02", "1") };
    assert_eq!(zone.refuses(filed(destroyed)), Reason::DocumentUnknown);
    let by_taxpayer = List { kind: "9".into(), transport: "9".into(), ..exit("L03", "X02", "1") };
    assert_eq!(zone.refuses(filed(by_taxpayer)), Reason::DocumentUnknown);
    // Sold at home it is released like any other, and asks for a licence where its goods need one.
    zone.files(filed(List { transport: "9".into(), ..exit("L03", "X02", "400") }));
    let late = List { declared_at: world::local("2027-01-01T10:00:00"), ..exit("L04", "X02", "1") };
    assert!(matches!(zone.refuses(filed(late)), Reason::FormExpired | Reason::BookExpired));
}

/// An approval has a number that nobody has, a permit that makes what it names, and days.
#[test]
fn an_approval_of_a_direct_exit_is_judged() {
    let mut zone = workshop(&[("0.5", "0")]);
    zone.files(Document::Permit(permit(
        "F02",
        PermitKind::Display,
        "M1",
        &[(1, world::goods(1), quantity("9"))],
    )));
    let sound = || direct_exit("X01", "F01", &[(3, 1, quantity("300"))]);
    let flaws: [(Flaw<'_, DirectExitOrder>, Reason); 7] = [
        (&|order| order.reason = "".into(), Reason::InvalidField),
        (&|order| order.approval_no = permit_no("F01"), Reason::DocumentExists),
        (&|order| *order = direct_exit("X01", "F02", &[(1, 1, quantity("1"))]), Reason::DocumentUnknown),
        (&|order| *order = direct_exit("X01", "F01", &[]), Reason::InvalidField),
        (&|order| *order = direct_exit("X01", "F01", &[(3, 1, Quantity::ZERO)]), Reason::NonPositiveQty),
        (&|order| *order = direct_exit("X01", "F01", &[(1, 1, quantity("1"))]), Reason::ItemNotFiled),
        (&|order| order.action = DirectExitAction::Revoke, Reason::DocumentUnknown),
    ];
    for (flaw, reason) in flaws {
        let mut order = sound();
        flaw(&mut order);
        assert_eq!(refusal(&mut zone, Command::DirectExit(order)).reason, reason);
    }
    zone.accepts(Command::DirectExit(sound()));
    assert_eq!(refusal(&mut zone, Command::DirectExit(sound())).reason, Reason::DocumentExists);
    let same_number = permit("X01", PermitKind::Display, "M1", &[(1, world::goods(1), quantity("9"))]);
    assert_eq!(zone.refuses(Document::Permit(same_number)), Reason::DocumentExists);
}

/// Each use is computed exactly and rounded once, half up, for a line and a material; what a withdrawn slip used is out
/// again.
#[test]
fn what_a_product_uses_is_rounded_once_and_given_back() {
    let mut zone = workshop(&[("0.333333333", "0.7"), ("0.00001", "33.3")]);
    zone.files(materials("S01", Direction::Out, "700", "100"));
    passes(&mut zone, "P01", Direction::Out, "S01");
    zone.files(shirts("S02", "7.5"));
    let uses: Vec<_> =
        slip_of(&zone, "S02").lines[0].uses.iter().map(|used| used.declared.to_string()).collect();
    // 7.5 x 0.333333333 / 0.993 = 2.5176233...; 7.5 x 0.00001 / 0.667 = 0.000112443...
    assert_eq!(uses, ["2.51762", "0.00011"]);
    let cotton = of(Mark::Goods, 1, Place::OutOnForm);
    assert_eq!(zone.available(&cotton), quantity("697.48238"));
    zone.files(slip_void("S02", 1));
    assert_eq!(zone.available(&cotton), quantity("700"));
    let permit = permit_of(&zone, "F01");
    assert!(permit.used.values().all(|used| used.is_zero()));
    assert_eq!(permit.lines[2].approved_in, Quantity::ZERO);
}

#[test]
fn a_bom_of_a_permit_is_judged() {
    let mut zone = workshop(&[("0.5", "0")]);
    let with = |change: &dyn Fn(&mut PermitFiling)| {
        let mut filing = outsourced(&[("0.5", "0"), ("0.1", "0")]);
        filing.permit_no = permit_no("F02");
        change(&mut filing);
        Document::Permit(filing)
    };
    let flaws: [(&str, Flaw<PermitFiling>); 7] = [
        ("endprdSeqno", &|filing| filing.bom[0].product_line = 1),
        ("mtpckSeqno", &|filing| filing.bom[0].material_line = 9),
        ("mtpckSeqno", &|filing| filing.bom[1].material_line = 1),
        ("netUseupQty", &|filing| filing.bom[0].net = zonebook_ledger::quantity::Factor::ZERO),
        ("lossRate", &|filing| filing.bom[0].loss = zonebook_ledger::quantity::Factor::parse("100").unwrap()),
        ("endprdSeqno", &|filing| filing.bom.clear()),
        ("endprdSeqno", &|filing| {
            filing.kind = PermitKind::Display;
            filing.lines.truncate(2);
        }),
    ];
    for (field, flaw) in flaws {
        let refused = refused(&mut zone, with(flaw));
        assert_eq!((refused.reason, refused.field.as_deref()), (Reason::BomInvalid, Some(field)));
    }
    let simple = refused(&mut zone, with(&|filing| filing.kind = PermitKind::SimpleProcessing));
    assert_eq!(simple.reason, Reason::FormBookMismatch);
}

/// Only customs says what stays outside for good.
#[test]
fn what_stays_outside_is_for_customs_to_say() {
    let mut zone = workshop(&[("0.5", "0")]);
    let asked = |zone: &mut Zone, document: Document| {
        let command = Command::File(Box::new(document));
        let proposal =
            Proposal { principal: Principal("firm".into()), request_id: None, ledger_time: None, command };
        let asked = common::run::Asked { record_time: world::moment("2026-06-02T09:00:00"), proposal };
        let taken = common::run::take(&zone.state, &asked, &common::run::shipped);
        taken.applied.outcome.refusal().map(|refusal| refusal.reason)
    };
    let with_loss = closing("F01", 1, vec![left(1, same("1"))]);
    assert_eq!(asked(&mut zone, with_loss), Some(Reason::PermissionDenied));
    assert_eq!(asked(&mut zone, closing("F01", 1, Vec::new())), None);
}

/// A permit to press 60 kg of cotton and 30 kg of cloth into 60 kg of felt, 2 % lost of the cotton.
fn felt() -> Zone {
    let mut zone = storage();
    let mut more = book("A1");
    more.change_no = Some(1);
    let felt = Goods { part: "FELT".into(), ..cloth() };
    more.rows.push(book_row(3, &felt, Amount::default()));
    zone.files(Document::Book(more));
    let lines =
        [(1, world::goods(1), quantity("200")), (2, cloth(), quantity("60")), (3, felt, quantity("100"))];
    let mut filing = permit("F01", PermitKind::SimpleProcessing, "A1", &lines);
    filing.lines[2].mark = Mark::Product;
    filing.bom = vec![permit_part(3, 1, "0.98", "2"), permit_part(3, 2, "0.5", "0")];
    zone.files(Document::Permit(filing));
    zone
}

fn pressed(number: &str, cotton: &str, cloth_taken: &str, felt: &str) -> List {
    let felt_goods = Goods { part: "FELT".into(), ..cloth() };
    let lines =
        vec![list_line(1, 1, &world::goods(1), same(cotton)), list_line(2, 2, &cloth(), same(cloth_taken))];
    let value: i128 = lines.iter().map(|line| line.value_usd.raw()).sum();
    let goods = list_line(7, 3, &felt_goods, same(felt));
    let goods = ListLine { value_usd: Quantity::from_raw(value), ..goods };
    List {
        kind: "4".into(),
        permit_no: Some(permit_no("F01")),
        lines,
        results: vec![ResultLine { permit_line: 3, goods }],
        ..list(number, "A1", Direction::Out)
    }
}

/// Not declared, the swap is made in the step that accepts it: inputs go, the output is there, and the value stays.
#[test]
fn simple_processing_swaps_goods_in_one_document() {
    let mut zone = felt();
    zone.files(filed(pressed("L01", "40", "20", "40")));
    let at = |number, place| build::position("A1", number, place);
    assert_eq!(zone.list("L01").state, DocumentState::Posted);
    assert_eq!(on_hand(&zone, &at(1, Place::Zone)), "960");
    assert_eq!(on_hand(&zone, &at(2, Place::Zone)), "480");
    assert_eq!(on_hand(&zone, &at(3, Place::Zone)), "40");
    assert_eq!(on_hand(&zone, &at(1, Place::Consumed)), "40");
    assert_eq!(on_hand(&zone, &at(3, Place::Made)), "-40");
    let value = |number| zone.on_hand(&at(number, Place::Zone)).get(zonebook_ledger::measure::Unit::Value);
    let before = quantity("1500").raw();
    assert_eq!(value(1).raw() + value(2).raw() + value(3).raw(), before);
    let used = permit_of(&zone, "F01");
    assert_eq!((used.lines[0].approved_out, used.lines[2].approved_in), (quantity("40"), quantity("40")));
}

/// Declared, it waits for the release: inputs reserved, the output announced; a withdrawal leaves nothing of it.
#[test]
fn simple_processing_waits_for_its_declaration() {
    let mut zone = felt();
    zone.files(filed(build::declared(pressed("L01", "40", "20", "40"), "D1")));
    let at = |number| build::position("A1", number, Place::Zone);
    assert_eq!(zone.list("L01").state, DocumentState::PrePosted);
    assert_eq!(zone.available(&at(1)), quantity("960"));
    assert_eq!(zone.counters(&at(3)).increase_pending.declared(), quantity("40"));
    let open = refused(&mut zone, closing("F01", 1, Vec::new()));
    assert_eq!((open.reason, open.field.as_deref()), (Reason::FormStockOut, Some("applyNo")));
    zone.files(build::withdrawal("L01", 1));
    assert_eq!(zone.available(&at(1)), quantity("1000"));
    assert_eq!(zone.counters(&at(3)).increase_pending.declared(), Quantity::ZERO);
    assert_eq!(permit_of(&zone, "F01").lines[2].approved_in, Quantity::ZERO);
    zone.files(filed(build::declared(pressed("L02", "100", "50", "100"), "D2")));
    zone.files(Document::Notice(build::notice("D2", "P", world::local("2026-06-02T13:00:00"))));
    assert_eq!(on_hand(&zone, &at(3)), "100");
    zone.files(closing("F01", 1, Vec::new()));
    assert_eq!(zone.refuses(filed(pressed("L03", "1", "0.5", "1"))), Reason::FormClosed);
}

#[test]
fn simple_processing_is_bounded_by_its_permit() {
    let mut zone = felt();
    let mismatch = refused(&mut zone, filed(pressed("L01", "39.99999", "20", "40")));
    assert_eq!((mismatch.reason, mismatch.line), (Reason::ProcessingMismatch, Some(1)));
    assert_eq!((mismatch.wanted, mismatch.available), (Some(quantity("39.99999")), Some(quantity("40"))));
    let change = |change: &dyn Fn(&mut List)| {
        let mut list = pressed("L01", "40", "20", "40");
        change(&mut list);
        filed(list)
    };
    let flaws: [(Reason, Flaw<List>); 8] = [
        (Reason::ProcessingMismatch, &|list| list.results[0].goods.value_usd = quantity("1")),
        (Reason::ProcessingMismatch, &|list| {
            list.results.clear();
            list.lines.clear();
        }),
        (Reason::ItemNotFiled, &|list| list.results[0].permit_line = 1),
        (Reason::ItemNotFiled, &|list| list.results[0].goods.number = 2),
        (Reason::UnitMismatch, &|list| list.results[0].goods.units = build::units("011", "011", None)),
        (Reason::DocumentUnknown, &|list| list.permit_no = None),
        (Reason::FormExpired, &|list| list.declared_at = world::local("2027-01-01T00:00:00")),
        (Reason::ListKindUnknown, &|list| list.direction = Direction::In),
    ];
    for (reason, flaw) in flaws {
        // A book whose validity ends with the permit's says so first.
        let expected = if reason == Reason::FormExpired { Reason::BookExpired } else { reason };
        assert_eq!(zone.refuses(change(flaw)), expected);
    }
    assert_eq!(
        zone.refuses(filed(pressed("L01", "100.00001", "50.00001", "100.00001"))),
        Reason::FormQuotaExceeded
    );
    assert_eq!(
        zone.refuses(Document::Slip(slip_for("S01", "F01", Direction::Out, "1"))),
        Reason::DocumentUnknown
    );
}

/// In a book kept by receipt the output opens a row of its own.
#[test]
fn simple_processing_opens_rows_by_receipt() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("R1");
    filing.rows.push(book_row(1, &world::goods(1), same("1000")));
    zone.files(Document::Book(filing));
    let felt = Goods { part: "FELT".into(), ..cloth() };
    let lines = [(1, world::goods(1), quantity("200")), (9, felt.clone(), quantity("100"))];
    let mut filing = permit("F01", PermitKind::SimpleProcessing, "R1", &lines);
    filing.lines[1].mark = Mark::Product;
    filing.bom = vec![permit_part(2, 1, "2", "0")];
    zone.files(Document::Permit(filing));
    let goods = ListLine { value_usd: quantity("80"), ..list_line(1, 0, &felt, same("40")) };
    let made = List {
        kind: "4".into(),
        permit_no: Some(permit_no("F01")),
        lines: vec![list_line(1, 1, &world::goods(1), same("80"))],
        results: vec![ResultLine { permit_line: 2, goods }],
        ..list("L01", "R1", Direction::Out)
    };
    zone.files(filed(made));
    let lot = zonebook_ledger::code::LotNo::new("L01/1").ok();
    let row = PositionKey { lot, ..build::position("R1", 2, Place::Zone) };
    assert_eq!(on_hand(&zone, &row), "40");
}
