//! Transfer forms between zones: who may send how much to whom until when (`domain.md` 3.1 inter-zone transfer, 3.4 row 7).

mod common;

use common::build::{
    self, Amount, amount, book, book_row, declared, filed, list, list_line, list_no, quantity, withdrawal,
};
use common::correct::{correction, decide_correction};
use common::papers::{bom_row, permit_no, processing_book, row, transfer_form, transfer_form_no};
use common::world::{self, goods, local, product};
use common::zone::Zone;
use zonebook_ledger::book::{BookingMode, Usage};
use zonebook_ledger::code::BomVersion;
use zonebook_ledger::command::Command;
use zonebook_ledger::deadline::DeadlineKind;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    BookFiling, Document, List, ListLine, PassageStage, TransferFormContent, TransferFormFiling,
    TransferFormLine,
};
use zonebook_ledger::due::{self, DueFilter};
use zonebook_ledger::measure::Unit;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{TransferForms, get};
use zonebook_ledger::time::Date;
use zonebook_ledger::transfer_form::{lists, standing};

/// `A1` has 100 of item 1 and 100 of item 2; `A3` knows both under the same numbers; `R1` opens rows.
fn zone() -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut from = book("A1");
    from.rows.push(book_row(1, &goods(1), amount("100", "100", None)));
    from.rows.push(book_row(3, &goods(3), amount("100", "100", Some("100"))));
    zone.files(Document::Book(from));
    let mut to = book("A3");
    to.rows.push(book_row(1, &goods(1), Amount::default()));
    to.rows.push(book_row(3, &goods(3), Amount::default()));
    zone.files(Document::Book(to));
    zone.files(Document::Book(BookFiling { booking_mode: BookingMode::RowPerReceipt, ..book("R1") }));
    zone
}

fn form_line(line: u64, number: u64, receiver: Option<u64>, of: &str) -> TransferFormLine {
    let goods = goods(number);
    TransferFormLine {
        line,
        sender_mark: Mark::Goods,
        sender_number: number,
        receiver_mark: Mark::Goods,
        receiver_number: receiver,
        tariff_code: zonebook_ledger::code::TariffCode::new(&goods.tariff).unwrap(),
        unit: goods.units.declared,
        declared: quantity(of),
    }
}

/// 60 of item 1 from `A1` to `A3`.
fn cotton(of: &str) -> TransferFormContent {
    transfer_form("E1", ["A1", "A3"], vec![form_line(1, 1, Some(1), of)])
}

fn files(content: TransferFormContent) -> Document {
    Document::TransferForm(TransferFormFiling::File(content))
}

fn changes(change_no: u64, content: TransferFormContent) -> Document {
    Document::TransferForm(TransferFormFiling::Change { change_no, content })
}

fn closes(change_no: u64) -> Document {
    Document::TransferForm(TransferFormFiling::Close { change_no, form_no: transfer_form_no("E1") })
}

fn on_form(list: List) -> List {
    List { permit_no: Some(permit_no("E1")), ..list }
}

fn of(line: u64, quantity: &str) -> ListLine {
    list_line(line, 1, &goods(1), amount(quantity, quantity, None))
}

/// The receiver's list, which comes first.
fn into(number: &str, book_no: &str, lines: Vec<ListLine>) -> List {
    let related_book = Some(build::book_no("A1"));
    List { related_book, lines, ..declared(list(number, book_no, Direction::In), "D1") }
}

/// The sender's list, which answers it.
fn out(number: &str, to: &str, partner: &str, lines: Vec<ListLine>) -> List {
    List {
        related_book: Some(build::book_no(to)),
        related_list: Some(list_no(partner)),
        lines,
        ..declared(list(number, "A1", Direction::Out), "D2")
    }
}

fn why(zone: &mut Zone, document: Document) -> Refusal {
    let taken = zone.takes(Command::File(Box::new(document)));
    taken.applied.outcome.refusal().expect("it is refused").clone()
}

/// Of each line: listed out, sent, listed in, received, left for either.
fn shown(zone: &Zone) -> Vec<String> {
    let number = transfer_form_no("E1");
    let form = get::<TransferForms>(&zone.state, number.clone()).unwrap().unwrap();
    let lines = standing(&zone.state, &form, &lists(&zone.state, &number, usize::MAX).unwrap()).unwrap();
    let says = |line: &zonebook_ledger::transfer_form::FormLineStanding| {
        let listed = line.listed;
        format!(
            "{}: out {} sent {}, in {} received {}, left {} {}",
            line.filed.line, listed.out, line.sent, listed.into, line.received, line.left_out, line.left_in
        )
    };
    lines.iter().map(says).collect()
}

fn through(zone: &mut Zone, pass_no: &str, direction: Direction, list: &str, of: &str) {
    zone.files(Document::Pass(build::part_pass(pass_no, direction, list, &[(1, quantity(of))])));
    let report = build::passage(pass_no, PassageStage::Passed, local("2026-06-03T09:00:00"));
    zone.files(Document::Passage(report));
}

fn requires(zone: &mut Zone) {
    let parameter = Parameter::TransferFormRequired;
    let from = Date::parse("2026-06-02").unwrap();
    zone.accepts(Command::SetParameter(ParameterValue { parameter, from, value: quantity("1") }));
}

/// From the form to its end: 60 declared, two pairs of lists, two gates, what is left at either end, and the close.
#[test]
fn a_form_is_used_up_by_pairs_of_lists_and_closed() {
    let mut zone = zone();
    zone.files(files(cotton("60")));
    zone.files(filed(on_form(into("L01", "A3", vec![of(1, "40")]))));
    assert_eq!(shown(&zone), ["1: out 0 sent 0, in 40 received 0, left 60 20"]);
    zone.files(filed(on_form(out("L02", "A3", "L01", vec![of(1, "40")]))));
    through(&mut zone, "P1", Direction::Out, "L02", "25");
    through(&mut zone, "P2", Direction::Out, "L02", "15");
    through(&mut zone, "P3", Direction::In, "L01", "10");
    assert_eq!(shown(&zone), ["1: out 40 sent 40, in 40 received 10, left 20 20"]);
    assert_eq!(zone.list("L02").state, DocumentState::InTransit);
    let refusal = why(&mut zone, closes(1));
    assert_eq!((refusal.reason, refusal.value.as_deref()), (Reason::TransferFormInUse, Some("L01")));
    through(&mut zone, "P4", Direction::In, "L01", "30");
    for declaration in ["D1", "D2"] {
        zone.files(Document::Notice(build::notice(declaration, "P", local("2026-06-03T10:00:00"))));
    }
    assert_eq!(zone.list("L01").state, DocumentState::Posted);
    assert_eq!(shown(&zone), ["1: out 40 sent 40, in 40 received 40, left 20 20"]);

    let refusal = why(&mut zone, filed(on_form(into("L03", "A3", vec![of(1, "20.00001")]))));
    assert_eq!(
        (refusal.reason, refusal.line, refusal.unit, refusal.wanted, refusal.available),
        (
            Reason::TransferFormExceeded,
            Some(1),
            Some(Unit::Declared),
            Some(quantity("20.00001")),
            Some(quantity("20"))
        )
    );
    assert_eq!(refusal.document.as_deref(), Some("E1"));
    zone.files(closes(1));
    assert_eq!(zone.refuses(filed(on_form(into("L03", "A3", vec![of(1, "1")])))), Reason::TransferFormClosed);
    assert_eq!(zone.refuses(changes(2, cotton("90"))), Reason::TransferFormClosed);
}

#[test]
fn a_list_is_of_the_ends_that_its_form_names() {
    let mut zone = zone();
    zone.files(files(cotton("60")));
    let refusal = why(&mut zone, filed(on_form(into("L01", "R1", vec![of(1, "1")]))));
    assert_eq!(
        (refusal.reason, refusal.field.as_deref(), refusal.value.as_deref(), refusal.expected.as_deref()),
        (Reason::TransferFormMismatch, Some("putrecNo"), Some("R1"), Some("A3"))
    );
    let from_elsewhere =
        List { related_book: Some(build::book_no("R1")), ..into("L01", "A3", vec![of(1, "1")]) };
    let refusal = why(&mut zone, filed(on_form(from_elsewhere)));
    assert_eq!(
        (refusal.reason, refusal.field.as_deref(), refusal.expected.as_deref()),
        (Reason::TransferFormMismatch, Some("rltPutrecNo"), Some("A1"))
    );
    // Goods that the form does not name.
    let wine = list_line(1, 3, &goods(3), amount("1", "1", Some("1")));
    let refusal = why(&mut zone, filed(on_form(into("L01", "A3", vec![wine]))));
    assert_eq!((refusal.reason, refusal.line), (Reason::ItemNotFiled, Some(1)));
    let nobody = List { permit_no: Some(permit_no("E9")), ..into("L09", "A3", vec![of(1, "1")]) };
    // What is no form is not read, unless customs asks for one.
    let parameter = Parameter::TransferFormRequired;
    let from = Date::parse("2026-01-01").unwrap();
    let asked = |value| Command::SetParameter(ParameterValue { parameter, from, value: quantity(value) });
    zone.accepts(asked("1"));
    assert_eq!(zone.refuses(filed(nobody.clone())), Reason::DocumentUnknown);
    zone.accepts(asked("0"));
    zone.files(filed(nobody));
    // Both lists of a transfer are on the same form, or neither is.
    zone.files(filed(on_form(into("L01", "A3", vec![of(1, "1")]))));
    let refusal = why(&mut zone, filed(out("L02", "A3", "L01", vec![of(1, "1")])));
    assert_eq!(
        (refusal.reason, refusal.field.as_deref(), refusal.value.as_deref(), refusal.expected.as_deref()),
        (Reason::TransferMismatch, Some("applyNo"), Some("none"), Some("E1"))
    );
    // Between books of one zone there is no form.
    let inside = List { kind: "6".into(), ..on_form(into("L03", "A3", vec![of(1, "1")])) };
    zone.files(filed(inside));
    assert_eq!(shown(&zone), ["1: out 0 sent 0, in 1 received 0, left 60 59"]);
}

#[test]
fn nothing_goes_on_a_form_after_its_last_day_and_both_ends_are_told_of_it() {
    let mut zone = zone();
    zone.files(files(TransferFormContent {
        valid_until: local("2026-06-10T00:00:00").date(),
        ..cotton("60")
    }));
    let deadlines = |zone: &Zone| -> Vec<String> {
        let day = |text| Date::parse(text).unwrap();
        let range = (day("2026-06-01"), day("2026-12-01"));
        let all = due::due(&zone.state, &DueFilter::default(), range, None, 100).unwrap();
        let of_form = all.iter().filter(|due| due.key.kind == DeadlineKind::TransferFormExpiry);
        of_form.map(|due| format!("{} {} {}", due.key.book_no, due.key.document, due.falls_on)).collect()
    };
    assert_eq!(deadlines(&zone), ["A1 E1 2026-06-10", "A3 E1 2026-06-10"]);
    let late = List { declared_at: local("2026-06-11T09:00:00"), ..into("L01", "A3", vec![of(1, "1")]) };
    let refusal = why(&mut zone, filed(on_form(late)));
    assert_eq!(
        (refusal.reason, refusal.value.as_deref(), refusal.expected.as_deref()),
        (Reason::TransferFormExpired, Some("2026-06-11"), Some("not after 2026-06-10"))
    );
    // A list of before that comes after it is late as well.
    zone.at("2026-06-11T08:00:00");
    let document = filed(on_form(into("L01", "A3", vec![of(1, "1")])));
    assert_eq!(zone.refuses(document.clone()), Reason::TransferFormExpired);
    zone.files(changes(1, cotton("60")));
    zone.files(document);
    assert_eq!(deadlines(&zone), [] as [&str; 0]);
    zone.files(withdrawal("L01", 1));
    zone.files(closes(2));
    let all = due::overdue(&zone.state, &DueFilter::default(), Date(i32::MAX), None, 100).unwrap();
    assert!(all.iter().all(|due| due.key.kind != DeadlineKind::TransferFormExpiry));
}

#[test]
fn what_is_withdrawn_sent_back_or_corrected_is_left_again() {
    let mut zone = zone();
    zone.files(files(cotton("60")));
    zone.files(filed(on_form(into("L01", "A3", vec![of(1, "40"), of(2, "20")]))));
    zone.files(filed(on_form(out("L02", "A3", "L01", vec![of(1, "40"), of(2, "20")]))));
    zone.files(withdrawal("L02", 1));
    assert_eq!(shown(&zone), ["1: out 0 sent 0, in 60 received 0, left 60 0"]);
    zone.files(filed(on_form(out("L03", "A3", "L01", vec![of(1, "40"), of(2, "20")]))));
    for (pass_no, direction, list) in [("P1", Direction::Out, "L03"), ("P2", Direction::In, "L01")] {
        zone.files(Document::Pass(build::pass(pass_no, direction, &[list])));
        let report = build::passage(pass_no, PassageStage::Passed, local("2026-06-03T09:00:00"));
        zone.files(Document::Passage(report));
    }
    for declaration in ["D1", "D2"] {
        zone.files(Document::Notice(build::notice(declaration, "P", local("2026-06-03T10:00:00"))));
    }
    assert_eq!(shown(&zone), ["1: out 60 sent 60, in 60 received 60, left 0 0"]);
    // The second line of both sides is undone: a pair is corrected line by line.
    let second = zonebook_ledger::document::LinePart {
        line: 2,
        declared: quantity("20"),
        statutory1: quantity("20"),
        statutory2: None,
        value_usd: of(2, "20").value_usd,
    };
    zone.files(correction("K1", "L03", world::owner("A1"), &[second]));
    assert_eq!(shown(&zone), ["1: out 60 sent 60, in 60 received 60, left 0 0"], "customs has not decided");
    zone.accepts(decide_correction("K1", true));
    assert_eq!(shown(&zone), ["1: out 40 sent 40, in 40 received 40, left 20 20"]);
    let refusal = why(&mut zone, changes(1, cotton("39.99999")));
    assert_eq!((refusal.reason, refusal.wanted), (Reason::TransferFormExceeded, Some(quantity("40"))));
    zone.files(correction("K2", "L01", world::owner("A3"), &[]));
    zone.accepts(decide_correction("K2", true));
    assert_eq!(shown(&zone), ["1: out 0 sent 0, in 0 received 0, left 60 60"]);
    zone.files(changes(1, cotton("1")));
}

/// Lines of the same goods are used in their order; a book kept by receipt has no numbers before its rows are opened.
#[test]
fn lines_of_the_same_goods_are_used_one_after_the_other() {
    let mut zone = zone();
    let lines = vec![form_line(3, 1, None, "10"), form_line(1, 1, None, "5"), form_line(2, 3, None, "7")];
    let mut form = transfer_form("E1", ["A1", "R1"], lines);
    form.lines[1].receiver_number = Some(4);
    let refusal = why(&mut zone, files(form.clone()));
    assert_eq!((refusal.reason, refusal.line), (Reason::InvalidField, Some(1)));
    form.lines[1].receiver_number = None;
    zone.files(files(form.clone()));
    zone.files(filed(on_form(into("L01", "R1", vec![of(1, "8"), of(2, "6")]))));
    assert_eq!(
        shown(&zone),
        [
            "3: out 0 sent 0, in 10 received 0, left 10 0",
            "1: out 0 sent 0, in 4 received 0, left 5 1",
            "2: out 0 sent 0, in 0 received 0, left 7 7",
        ]
    );
    assert_eq!(
        zone.refuses(filed(on_form(into("L02", "R1", vec![of(1, "2")])))),
        Reason::TransferFormExceeded
    );
    // What is used keeps its goods; what is not may go.
    let without = |at: usize| {
        let mut form = form.clone();
        form.lines.remove(at);
        changes(1, form)
    };
    assert_eq!(zone.refuses(without(1)), Reason::EditNotAllowed);
    zone.files(without(2));
    zone.files(withdrawal("L01", 1));
    assert_eq!(
        shown(&zone),
        ["3: out 0 sent 0, in 0 received 0, left 10 10", "1: out 0 sent 0, in 0 received 0, left 5 5"]
    );
}

/// Products of a processing book become goods of the receiver; that the list names a form does not make them products
/// that were made outside.
#[test]
fn products_are_made_as_they_leave_under_a_form() {
    let mut zone = zone();
    let mut workshop = processing_book("M1", Usage::Processing);
    workshop.rows.push(row(Mark::Goods, 1, &goods(1), amount("100", "100", None)));
    workshop.rows.push(row(Mark::Product, 1, &product(1), Amount::default()));
    workshop.bom.push(bom_row(1, "1", 1, ["2", "0", "100", "2"]));
    zone.files(Document::Book(workshop));
    let line = TransferFormLine {
        sender_mark: Mark::Product,
        tariff_code: zonebook_ledger::code::TariffCode::new(&product(1).tariff).unwrap(),
        unit: product(1).units.declared,
        ..form_line(1, 1, None, "9")
    };
    zone.files(files(transfer_form("E1", ["M1", "R1"], vec![line])));
    let shirts = list_line(1, 1, &product(1), amount("9", "3", None));
    let from = Some(build::book_no("M1"));
    zone.files(filed(on_form(List { related_book: from, ..into("L01", "R1", vec![shirts.clone()]) })));
    let made = ListLine { bom_version: Some(BomVersion::new("1").unwrap()), ..shirts };
    let list = List { mark: Mark::Product, ..out("L02", "R1", "L01", vec![made]) };
    zone.files(filed(on_form(List {
        book_no: build::book_no("M1"),
        owner: build::customs_no(world::owner("M1")),
        ..list
    })));
    assert_eq!(shown(&zone), ["1: out 9 sent 0, in 9 received 0, left 0 0"]);
    let cotton = build::position("M1", 1, zonebook_ledger::place::Place::Zone);
    assert_eq!(zone.available(&cotton), quantity("82"), "two of cotton are reserved for each");
}

#[test]
fn customs_may_ask_for_a_form_from_a_day_on() {
    let mut zone = zone();
    zone.files(filed(into("L01", "A3", vec![of(1, "1")])));
    requires(&mut zone);
    let refusal = why(&mut zone, filed(out("L02", "A3", "L01", vec![of(1, "1")])));
    assert_eq!(refusal.reason, Reason::TransferFormMissing);
    assert!(refusal.expected.unwrap().contains("between A1 and A3"));
    // Inside a zone none is asked for.
    zone.files(filed(List { kind: "6".into(), ..into("L03", "A3", vec![of(1, "1")]) }));
    zone.files(files(cotton("60")));
    zone.files(filed(on_form(into("L04", "A3", vec![of(1, "1")]))));
}

#[test]
fn a_form_says_what_is_true_of_both_books() {
    let mut zone = zone();
    let mut refuses = |change: &dyn Fn(&mut TransferFormContent)| {
        let mut form = cotton("60");
        change(&mut form);
        why(&mut zone, files(form))
    };
    let found = |refusal: Refusal| (refusal.reason, refusal.field.unwrap().to_string());
    let said = |reason, field: &str| (reason, field.to_owned());
    assert_eq!(
        found(refuses(&|form| form.receiver.office = build::office("3107"))),
        said(Reason::InvalidField, "receiver.office")
    );
    assert_eq!(
        found(refuses(&|form| form.sender.owner = build::customs_no("2217960009"))),
        said(Reason::BookOwnerMismatch, "sender.owner")
    );
    assert_eq!(
        found(refuses(&|form| form.receiver = form.sender.clone())),
        said(Reason::InvalidField, "receiver.book_no")
    );
    assert_eq!(
        found(refuses(&|form| form.lines[0].receiver_number = None)),
        said(Reason::InvalidField, "receiver_number")
    );
    assert_eq!(
        found(refuses(&|form| form.lines[0].receiver_number = Some(3))),
        said(Reason::UnitMismatch, "dclUnitcd")
    );
    assert_eq!(found(refuses(&|form| form.lines.clear())), said(Reason::InvalidField, "lines"));
    zone.files(files(cotton("60")));
    assert_eq!(zone.refuses(files(cotton("70"))), Reason::DocumentExists);
    assert_eq!(zone.refuses(changes(2, cotton("70"))), Reason::ChangeCountMismatch);
    let elsewhere = TransferFormContent {
        receiver: transfer_form("E1", ["A1", "R1"], Vec::new()).receiver,
        ..cotton("60")
    };
    assert_eq!(zone.refuses(changes(1, elsewhere)), Reason::EditNotAllowed);
    // While it is open, neither book can be cancelled.
    let order = zonebook_ledger::command::BookOrder {
        book_no: build::book_no("A3"),
        action: zonebook_ledger::command::BookAction::Cancel,
        reason: "moved".into(),
    };
    let taken = zone.takes(Command::OrderBook(order.clone())).applied;
    let refusal = taken.outcome.refusal().unwrap();
    assert_eq!((refusal.reason, refusal.document.as_deref()), (Reason::BookNotEmpty, Some("E1")));
    zone.files(closes(1));
    zone.accepts(Command::OrderBook(order));
}
