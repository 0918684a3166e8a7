//! Lots of accumulating books: worked example A12 and the same rules with other numbers (`domain.md` 4.3, 6, 8.11).

mod common;

use common::build::{
    self, amount, book, book_no, book_row, change, filed, list, list_line, passage, quantity, withdrawal,
};
use common::correct::{correction, decide_correction};
use common::world::{self, Goods};
use common::zone::Zone;
use common::{dispose, papers};
use zonebook_ledger::code::{CarryOverNo, DocumentNo, LotNo, TallyNo};
use zonebook_ledger::command::{Command, LotMethodOrder};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    AdjustmentFiling, CarryOverFiling, CarryOverLine, DecisionOutcome, Difference, DisposalFiling,
    DisposalKind, Document, LinePart, List, ListFiling, ListLine, PassageStage, PermitKind, TallyFiling,
};
use zonebook_ledger::layer::{Expiry, Lot, LotMethod, NamedLot};
use zonebook_ledger::measure::Unit;
use zonebook_ledger::mover::MoverType;
use zonebook_ledger::outcome::Applied;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, LotRow, Moment};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::standing::{ListOrder, Order};
use zonebook_ledger::state::{Key, Lots, MemoryState, get};
use zonebook_ledger::time::Date;

const BOOK: &str = "A1";

fn parts() -> Goods {
    Goods { part: "M-100".into(), tariff: "8708299000".into(), units: build::units("011", "035", None) }
}

fn method(method: LotMethod, take_over: bool) -> Command {
    Command::SetLotMethod(LotMethodOrder {
        book_no: book_no(BOOK),
        method,
        take_over,
        reason: "asked".into(),
    })
}

fn opened(at: &str, kept: LotMethod) -> Zone {
    let mut zone = Zone::opened(at);
    let mut filing = book(BOOK);
    filing.valid_until = world::local("2027-12-31").date();
    filing.rows.push(book_row(1, &parts(), amount("0", "0", None)));
    zone.files(Document::Book(filing));
    zone.accepts(method(kept, false));
    zone
}

fn valued(line: ListLine, price: i64) -> ListLine {
    let value = Quantity::from_raw(line.declared.raw() * i128::from(price));
    ListLine { price: Quantity::whole(price), value_usd: value, ..line }
}

fn lot(text: &str) -> LotNo {
    LotNo::new(text).unwrap()
}

fn named(line: u64, text: &str) -> NamedLot {
    NamedLot { line, material: None, lot: lot(text) }
}

/// Goods through the gate: the list is posted.
fn gated(zone: &mut Zone, number: &str, pass: &str, direction: Direction) -> Applied {
    zone.files(Document::Pass(build::pass(pass, direction, &[number])));
    let now = world::local("2026-06-02T11:00:00");
    zone.files(Document::Passage(passage(pass, PassageStage::Passed, now)))
}

/// A receipt of one line: pieces, kilograms, price.
fn receives(
    zone: &mut Zone,
    number: &str,
    (pieces, kilograms, price): (&str, &str, i64),
    expires: Option<&str>,
) {
    let line = valued(list_line(1, 1, &parts(), amount(pieces, kilograms, None)), price);
    let expiries =
        expires.map(|day| Expiry { line: 1, date: Date::parse(day).unwrap() }).into_iter().collect();
    zone.files(filed(List { lines: vec![line], expiries, ..list(number, BOOK, Direction::In) }));
    gated(zone, number, &format!("PASS-{number}"), Direction::In);
}

fn takes(number: &str, pieces: &str, kilograms: &str, lots: Vec<NamedLot>) -> List {
    let line = list_line(1, 1, &parts(), amount(pieces, kilograms, None));
    List { lines: vec![line], lots, ..list(number, BOOK, Direction::Out) }
}

fn rows(zone: &Zone) -> Vec<LotRow> {
    query::lots(&zone.state, &book_no(BOOK), Some((Mark::Goods, 1)), None, usize::MAX, Moment::Now).unwrap()
}

/// Lot, pieces, kilograms, value, reserved pieces: of stock.
fn stock(zone: &Zone) -> Vec<(String, String, String, String, String)> {
    in_place(zone, Place::Zone)
}

fn in_place(zone: &Zone, place: Place) -> Vec<(String, String, String, String, String)> {
    let shown = |row: LotRow| {
        let remaining = |unit| row.layer.remaining.get(unit).to_string();
        (
            row.key.id.lot.to_string(),
            remaining(Unit::Declared),
            remaining(Unit::Statutory1),
            remaining(Unit::Value),
            row.layer.reserved.declared().to_string(),
        )
    };
    rows(zone).into_iter().filter(|row| row.key.stack.place == place).map(shown).collect()
}

fn five(row: [&str; 5]) -> (String, String, String, String, String) {
    let [a, b, c, d, e] = row.map(str::to_owned);
    (a, b, c, d, e)
}

/// Lot, pieces, kilograms, value that a document takes.
fn taken(zone: &Zone, document: &str) -> Vec<[String; 4]> {
    let found = query::lots_of_document(&zone.state, &DocumentNo::new(document).unwrap()).unwrap();
    let shown = |unit, share: &zonebook_ledger::layer::LotShare| share.measure.get(unit).to_string();
    found
        .iter()
        .map(|taken| {
            let share = &taken.share;
            [
                share.layer.lot.to_string(),
                shown(Unit::Declared, share),
                shown(Unit::Statutory1, share),
                shown(Unit::Value, share),
            ]
        })
        .collect()
}

fn refusal(zone: &mut Zone, command: Command) -> Refusal {
    zone.takes(command).applied.outcome.refusal().expect("refused").clone()
}

fn file(list: List) -> Command {
    Command::File(Box::new(filed(list)))
}

/// A12: layers of 100 at 10, 200 at 11, 150 at 12. 180 leave: all of the first and 80 of the second, worth 1,880. Left are
/// 120 at 11 and 150 at 12, worth 3,120.
#[test]
fn a12_ftz_fifo() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Fifo);
    receives(&mut zone, "L01", ("100", "100", 10), None);
    zone.at("2026-02-10T08:00:00");
    receives(&mut zone, "L02", ("200", "200", 11), None);
    zone.at("2026-03-01T08:00:00");
    receives(&mut zone, "L03", ("150", "150", 12), None);

    zone.at("2026-03-02T08:00:00");
    let applied = zone.files(filed(takes("L04", "180", "180", Vec::new())));
    let expected = [["L01/1", "100", "100", "1000"], ["L02/1", "80", "80", "880"]];
    assert_eq!(taken(&zone, "L04"), expected.map(|row| row.map(str::to_owned)));
    // The answer lists them.
    let shares = &applied.lots[0].allocation.shares;
    let told: Vec<_> =
        shares.iter().map(|share| (share.layer.lot.to_string(), share.measure.declared())).collect();
    assert_eq!(told, [("L01/1".into(), quantity("100")), ("L02/1".into(), quantity("80"))]);

    gated(&mut zone, "L04", "P04", Direction::Out);
    assert_eq!(
        stock(&zone),
        [five(["L02/1", "120", "120", "1320", "0"]), five(["L03/1", "150", "150", "1800", "0"])]
    );
    let value: i128 = rows(&zone).iter().map(|row| row.layer.remaining.get(Unit::Value).raw()).sum();
    assert_eq!(Quantity::from_raw(value), quantity("3120"));
    // Origin, price and when it came stay with the lot, also of one that is used up.
    let from = query::lots_of_document(&zone.state, &DocumentNo::new("L04").unwrap()).unwrap();
    assert_eq!((from[0].lot.price, from[0].lot.origin.as_str()), (quantity("10"), "142"));
    assert_eq!(from[0].lot.received.declared(), quantity("100"));
    assert_eq!(from[0].lot.received_at.unwrap().1, world::moment("2026-01-05T08:00:00"));
    assert!(from.iter().all(|taken| taken.posted));
}

/// The same with other numbers, in three units: what is left over of the kilograms stays with the last lot taken.
#[test]
fn fifo_splits_statutory_quantities_exactly() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Fifo);
    receives(&mut zone, "L01", ("3", "10", 7), None);
    receives(&mut zone, "L02", ("9", "20", 5), None);
    // 4 pieces: 3 with 10 kg, and 1 of 9 with the rest of 13 kg.
    zone.files(filed(takes("L03", "4", "13", Vec::new())));
    assert_eq!(
        taken(&zone, "L03"),
        [["L01/1", "3", "10", "21"], ["L02/1", "1", "3", "5"]].map(|row| row.map(str::to_owned))
    );
    // 1 piece that the document makes lighter than its part: the document counts.
    zone.files(filed(takes("L04", "1", "0.5", Vec::new())));
    assert_eq!(taken(&zone, "L04"), [["L02/1", "1", "0.5", "5"].map(str::to_owned)]);
    // The last withdrawal takes the rest of everything, to the last hundred-thousandth.
    zone.files(filed(takes("L05", "7", "16.5", Vec::new())));
    assert_eq!(taken(&zone, "L05"), [["L02/1", "7", "16.5", "35"].map(str::to_owned)]);
}

/// A document that says fewer kilograms than the lots it empties hold leaves a rest, which leaves first.
#[test]
fn a_rest_without_a_declared_quantity_leaves_first() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Fifo);
    receives(&mut zone, "L01", ("3", "10", 7), None);
    receives(&mut zone, "L02", ("9", "20", 5), None);
    zone.files(filed(takes("L03", "3", "4", Vec::new())));
    assert_eq!(taken(&zone, "L03"), [["L01/1", "3", "4", "21"].map(str::to_owned)]);
    zone.files(filed(takes("L04", "1", "7", Vec::new())));
    assert_eq!(
        taken(&zone, "L04"),
        [["L01/1", "0", "6", "0"], ["L02/1", "1", "1", "5"]].map(|row| row.map(str::to_owned))
    );
    // More kilograms than the lots taken hold come from those behind them.
    receives(&mut zone, "L05", ("1", "100", 1), None);
    zone.files(filed(takes("L06", "8", "30", Vec::new())));
    assert_eq!(
        taken(&zone, "L06"),
        [["L02/1", "8", "19", "40"], ["L05/1", "0", "11", "0"]].map(|row| row.map(str::to_owned))
    );
    zone.files(filed(takes("L07", "1", "89", Vec::new())));
    assert_eq!(taken(&zone, "L07"), [["L05/1", "1", "89", "1"].map(str::to_owned)]);
}

/// A reversal gives back the same lots, and a change takes anew as if nothing had been taken.
#[test]
fn reversal_restores_the_same_lots() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Fifo);
    receives(&mut zone, "L01", ("100", "50", 10), None);
    receives(&mut zone, "L02", ("200", "90", 11), None);
    let before = rows(&zone);
    zone.files(filed(takes("L03", "150", "71", Vec::new())));
    zone.files(filed(takes("L04", "30", "14", Vec::new())));
    assert_eq!(taken(&zone, "L04"), [["L02/1", "30", "14", "330"].map(str::to_owned)]);
    zone.files(withdrawal("L03", 1));
    // The second still has what it took.
    assert_eq!(
        stock(&zone),
        [five(["L01/1", "100", "50", "1000", "0"]), five(["L02/1", "200", "90", "2200", "30"])]
    );
    assert!(taken(&zone, "L03").is_empty());
    zone.files(withdrawal("L04", 1));
    assert_eq!(rows(&zone), before);

    let declared =
        |number, pieces, kilograms| build::declared(takes(number, pieces, kilograms, Vec::new()), "D1");
    zone.files(filed(declared("L05", "120", "59")));
    zone.files(change(declared("L05", "10", "5"), 1));
    assert_eq!(taken(&zone, "L05"), [["L01/1", "10", "5", "100"].map(str::to_owned)]);
}

/// What expires first leaves first, whenever it came; what never expires leaves last.
#[test]
fn nearest_expiry_leaves_first() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::NearestExpiry);
    receives(&mut zone, "L01", ("10", "10", 1), None);
    receives(&mut zone, "L02", ("10", "10", 2), Some("2027-03-01"));
    receives(&mut zone, "L03", ("10", "10", 3), Some("2026-12-01"));
    zone.files(filed(takes("L04", "25", "25", Vec::new())));
    let lots: Vec<_> = taken(&zone, "L04").into_iter().map(|[lot, pieces, ..]| (lot, pieces)).collect();
    assert_eq!(
        lots,
        [("L03/1", "10"), ("L02/1", "10"), ("L01/1", "5")].map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
}

/// The line names the lot; one that is unknown, short or not named is refused, and nothing is taken.
#[test]
fn specific_lots_are_named() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Specific);
    receives(&mut zone, "L01", ("100", "100", 10), None);
    receives(&mut zone, "L02", ("200", "200", 11), None);
    zone.files(filed(takes("L03", "50", "50", vec![named(1, "L02/1")])));
    assert_eq!(taken(&zone, "L03"), [["L02/1", "50", "50", "550"].map(str::to_owned)]);

    let unknown = refusal(&mut zone, file(takes("L04", "1", "1", vec![named(1, "L09/1")])));
    assert_eq!((unknown.reason, unknown.line), (Reason::LotShort, Some(1)));
    assert_eq!(unknown.value.as_deref(), Some("L09/1"));
    let short = refusal(&mut zone, file(takes("L04", "160", "160", vec![named(1, "L02/1")])));
    assert_eq!((short.reason, short.value.as_deref()), (Reason::LotShort, Some("L02/1")));
    assert_eq!((short.wanted, short.available), (Some(quantity("160")), Some(quantity("150"))));
    let silent = refusal(&mut zone, file(takes("L04", "1", "1", Vec::new())));
    assert_eq!((silent.reason, silent.field.as_deref()), (Reason::LotNotNamed, Some("lot")));
    let stray = refusal(&mut zone, file(takes("L04", "1", "1", vec![named(1, "L01/1"), named(7, "L01/1")])));
    assert_eq!((stray.reason, stray.line), (Reason::InvalidField, Some(7)));
    // Several lots, in the order in which they are named.
    zone.files(filed(takes("L04", "160", "160", vec![named(1, "L02/1"), named(1, "L01/1")])));
    let lots: Vec<_> = taken(&zone, "L04").into_iter().map(|[lot, pieces, ..]| (lot, pieces)).collect();
    assert_eq!(lots, [("L02/1", "150"), ("L01/1", "10")].map(|(a, b)| (a.to_owned(), b.to_owned())));
    // Kilograms are those of the named lot, too.
    receives(&mut zone, "L06", ("5", "5", 1), None);
    let heavy = refusal(&mut zone, file(takes("L05", "1", "92", vec![named(1, "L01/1")])));
    assert_eq!((heavy.reason, heavy.unit), (Reason::LotShort, Some(Unit::Statutory1)));
}

/// Where the method chooses, nobody else does.
#[test]
fn lots_are_not_named_where_the_method_chooses() {
    for kept in [LotMethod::None, LotMethod::Fifo, LotMethod::NearestExpiry] {
        let mut zone = opened("2026-01-05T08:00:00", kept);
        receives(&mut zone, "L01", ("100", "100", 10), None);
        let refused = refusal(&mut zone, file(takes("L03", "1", "1", vec![named(1, "L01/1")])));
        assert_eq!((refused.reason, refused.field.as_deref()), (Reason::InvalidField, Some("lot")), "{kept}");
    }
}

/// A book without a method has no rows of lots at all, and no expiry to keep.
#[test]
fn a_book_without_method_keeps_nothing() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::None);
    receives(&mut zone, "L01", ("100", "100", 10), None);
    zone.files(filed(takes("L03", "50", "50", Vec::new())));
    assert!(rows(&zone).is_empty() && taken(&zone, "L03").is_empty());
    let line = list_line(1, 1, &parts(), amount("1", "1", None));
    let expiries = vec![Expiry { line: 1, date: Date::parse("2026-12-01").unwrap() }];
    let dated = List { lines: vec![line], expiries, ..list("L04", BOOK, Direction::In) };
    let refused = refusal(&mut zone, file(dated));
    assert_eq!((refused.reason, refused.field.as_deref()), (Reason::InvalidField, Some("expires")));
}

/// Goods out on a form keep their lots; what comes back is what went out last; what is sold there is named by its lot.
#[test]
fn goods_on_a_form_keep_their_lots() {
    let mut zone = opened("2026-06-02T08:00:00", LotMethod::Fifo);
    receives(&mut zone, "L01", ("10", "10", 1), None);
    receives(&mut zone, "L02", ("10", "10", 2), None);
    let item = |line| papers::slip_line(line, 1, 1, &parts(), amount("15", "15", None));
    zone.files(Document::Permit(papers::permit(
        "F01",
        PermitKind::Display,
        BOOK,
        &[(1, parts(), quantity("100"))],
    )));
    let out = zonebook_ledger::document::SlipFiling {
        lines: vec![item(1)],
        ..papers::slip("S01", "F01", Direction::Out)
    };
    zone.files(Document::Slip(out));
    passes_slip(&mut zone, "S01", "P11", Direction::Out);
    let on_form = [five(["L01/1", "10", "10", "10", "0"]), five(["L02/1", "5", "5", "10", "0"])];
    assert_eq!(in_place(&zone, Place::OutOnForm), on_form);
    let back = zonebook_ledger::document::SlipFiling {
        lines: vec![papers::slip_line(1, 1, 1, &parts(), amount("7", "7", None))],
        ..papers::slip("S02", "F01", Direction::In)
    };
    zone.files(Document::Slip(back));
    assert_eq!(
        taken(&zone, "S02"),
        [["L02/1", "5", "5", "10"], ["L01/1", "2", "2", "2"]].map(|row| row.map(str::to_owned))
    );
    passes_slip(&mut zone, "S02", "P12", Direction::In);
    assert_eq!(in_place(&zone, Place::OutOnForm), [five(["L01/1", "8", "8", "8", "0"])]);
    assert_eq!(stock(&zone), [five(["L01/1", "2", "2", "2", "0"]), five(["L02/1", "10", "10", "20", "0"])]);
}

/// A consolidated list clears the lots of the slips that it names, whatever kind of permit they went out under.
#[test]
fn a_consolidated_list_clears_the_lots_of_its_own_slips() {
    for kind in [PermitKind::BatchedDelivery, PermitKind::GeneralTaxpayer] {
        let mut zone = opened("2026-06-02T08:00:00", LotMethod::Fifo);
        receives(&mut zone, "L01", ("10", "10", 1), None);
        receives(&mut zone, "L02", ("10", "10", 2), None);
        zone.files(Document::Permit(papers::permit("F01", kind, BOOK, &[(1, parts(), quantity("100"))])));
        for (slip, pass) in [("S01", "P11"), ("S02", "P12")] {
            let out = zonebook_ledger::document::SlipFiling {
                lines: vec![papers::slip_line(1, 1, 1, &parts(), amount("10", "10", None))],
                ..papers::slip(slip, "F01", Direction::Out)
            };
            zone.files(Document::Slip(out));
            passes_slip(&mut zone, slip, pass, Direction::Out);
        }
        let slips = vec![papers::slip_no("S02")];
        let list = List { kind: "1".into(), slips, ..takes("L03", "10", "10", Vec::new()) };
        zone.files(filed(list));
        let left = [five(["L01/1", "10", "10", "10", "0"])];
        assert_eq!(in_place(&zone, Place::ShippedUndeclared), left, "{kind}");
    }
}

fn passes_slip(zone: &mut Zone, slip: &str, pass: &str, direction: Direction) {
    zone.files(Document::Pass(papers::slip_pass(pass, direction, slip)));
    let now = world::local("2026-06-02T11:00:00");
    zone.files(Document::Passage(passage(pass, PassageStage::Passed, now)));
}

/// A book begins to keep lots when it is empty, or takes over what is on hand as one lot; never with anything pending.
#[test]
fn a_book_begins_and_ends_to_keep_lots() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::None);
    receives(&mut zone, "L01", ("100", "100", 10), None);
    let refused = refusal(&mut zone, method(LotMethod::Fifo, false));
    assert_eq!((refused.reason, refused.available), (Reason::BookNotEmpty, Some(quantity("100"))));
    zone.files(filed(takes("L02", "1", "1", Vec::new())));
    let refused = refusal(&mut zone, method(LotMethod::Fifo, true));
    assert_eq!(
        (refused.reason, refused.expected.as_deref()),
        (Reason::BookNotEmpty, Some("nothing pending"))
    );
    zone.files(withdrawal("L02", 1));
    let revision = zone.accepts(method(LotMethod::Fifo, true)).revision.0;
    let opening = format!("BOOK:A1/{revision}/1");
    assert_eq!(stock(&zone), [five([&opening, "100", "100", "1000", "0"])]);
    receives(&mut zone, "L03", ("5", "5", 1), None);
    zone.files(filed(takes("L04", "101", "101", Vec::new())));
    let lots: Vec<_> = taken(&zone, "L04").into_iter().map(|[lot, pieces, ..]| (lot, pieces)).collect();
    assert_eq!(lots, [(opening, "100".to_owned()), ("L03/1".into(), "1".into())]);
    // From one order to another at any time.
    zone.accepts(method(LotMethod::NearestExpiry, false));
    let refused = refusal(&mut zone, method(LotMethod::None, false));
    assert_eq!(refused.reason, Reason::BookNotEmpty);
    zone.files(withdrawal("L04", 1));
    zone.accepts(method(LotMethod::None, false));
    assert!(rows(&zone).is_empty());
    zone.files(filed(takes("L05", "101", "101", Vec::new())));
    assert!(taken(&zone, "L05").is_empty());
}

/// In a book kept by receipt each row is a lot already.
#[test]
fn a_book_kept_by_receipt_has_no_method() {
    let mut zone = Zone::opened("2026-01-05T08:00:00");
    zone.files(Document::Book(book("R1")));
    let order = LotMethodOrder {
        book_no: book_no("R1"),
        method: LotMethod::Fifo,
        take_over: false,
        reason: "".into(),
    };
    let refused = refusal(&mut zone, Command::SetLotMethod(order));
    assert_eq!((refused.reason, refused.field.as_deref()), (Reason::InvalidField, Some("method")));
    let order = LotMethodOrder {
        book_no: book_no("X9"),
        method: LotMethod::Fifo,
        take_over: false,
        reason: "".into(),
    };
    assert_eq!(refusal(&mut zone, Command::SetLotMethod(order)).reason, Reason::BookUnknown);
}

/// A list that is withdrawn before its goods came leaves no lot; one that is changed brings what it says now.
#[test]
fn a_lot_is_what_the_list_says_when_it_is_posted() {
    let mut zone = opened("2026-01-05T08:00:00", LotMethod::Fifo);
    let brings = |pieces: &str, price| {
        let line = valued(list_line(1, 1, &parts(), amount(pieces, pieces, None)), price);
        build::declared(List { lines: vec![line], ..list("L01", BOOK, Direction::In) }, "D1")
    };
    zone.files(filed(brings("10", 1)));
    zone.files(Document::List(ListFiling::Change { change_no: 1, list: brings("20", 3) }));
    gated(&mut zone, "L01", "P01", Direction::In);
    assert!(rows(&zone).is_empty());
    let noticed = world::local("2026-01-05T12:00:00");
    zone.files(Document::Notice(build::notice("D1", "P", noticed)));
    let found = rows(&zone);
    assert_eq!((found[0].lot.price, found[0].lot.received.declared()), (quantity("3"), quantity("20")));
    assert_eq!(stock(&zone), [five(["L01/1", "20", "20", "60", "0"])]);
}

fn correct(zone: &mut Zone, number: &str, of: &str, pieces: &str, kilograms: &str, value: &str) {
    files_correction(zone, number, of, &[undone(pieces, kilograms, value)]);
    zone.accepts(decide_correction(number, true));
}

fn undone(pieces: &str, kilograms: &str, value: &str) -> LinePart {
    LinePart {
        line: 1,
        declared: quantity(pieces),
        statutory1: quantity(kilograms),
        statutory2: None,
        value_usd: quantity(value),
    }
}

fn files_correction(zone: &mut Zone, number: &str, of: &str, lines: &[LinePart]) {
    zone.files(correction_of_book(number, of, lines));
}

fn correction_of_book(number: &str, of: &str, lines: &[LinePart]) -> Document {
    correction(number, of, world::owner(BOOK), lines)
}

/// A posted delivery took two lots. What is corrected of it comes back as the very lots, the last taken first, whatever
/// other lots came in meanwhile; the delivery then has what is left of it.
#[test]
fn a_correction_puts_exactly_the_lots_back() {
    let mut zone = opened("2026-06-01T08:00:00", LotMethod::Fifo);
    receives(&mut zone, "L01", ("10", "100", 3), None);
    receives(&mut zone, "L02", ("10", "40", 5), None);
    let before = rows(&zone);
    zone.files(filed(takes("L03", "15", "120", Vec::new())));
    gated(&mut zone, "L03", "P03", Direction::Out);
    assert_eq!(
        taken(&zone, "L03"),
        [["L01/1", "10", "100", "30"], ["L02/1", "5", "20", "25"]].map(|row| row.map(str::to_owned))
    );

    // 7 of 15 pieces: the 5 of the second lot, and 2 of the first.
    correct(&mut zone, "K01", "L03", "7", "40", "7");
    assert_eq!(stock(&zone), [five(["L01/1", "2", "20", "6", "0"]), five(["L02/1", "10", "40", "50", "0"])]);
    assert_eq!(taken(&zone, "L03"), [["L01/1", "8", "80", "24"].map(str::to_owned)]);
    assert!(taken(&zone, "K01").is_empty());

    // The rest: all is as if nothing had left.
    correct(&mut zone, "K02", "L03", "8", "80", "8");
    assert_eq!(rows(&zone), before);
    assert!(taken(&zone, "L03").is_empty());
}

/// Goods that should never have come in leave as the lot that they were, not as the oldest.
#[test]
fn a_corrected_receipt_takes_its_own_lot() {
    let mut zone = opened("2026-06-01T08:00:00", LotMethod::Fifo);
    receives(&mut zone, "L01", ("10", "10", 3), None);
    receives(&mut zone, "L02", ("10", "10", 5), None);
    let before = rows(&zone);
    files_correction(&mut zone, "K01", "L02", &[undone("4", "4", "20")]);
    assert_eq!(
        stock(&zone),
        [five(["L01/1", "10", "10", "30", "0"]), five(["L02/1", "10", "10", "50", "4"])]
    );
    // Rejected, it leaves no trace.
    zone.accepts(decide_correction("K01", false));
    assert_eq!(rows(&zone), before);
    assert!(taken(&zone, "K01").is_empty());

    correct(&mut zone, "K02", "L02", "4", "4", "20");
    assert_eq!(stock(&zone), [five(["L01/1", "10", "10", "30", "0"]), five(["L02/1", "6", "6", "30", "0"])]);
    assert_eq!(taken(&zone, "K02"), [["L02/1", "4", "4", "20"].map(str::to_owned)]);

    // All of the first and one piece of the second leave: six pieces of it cannot be taken back any more.
    zone.files(filed(takes("L03", "11", "11", Vec::new())));
    let refused = refusal(
        &mut zone,
        Command::File(Box::new(correction_of_book("K03", "L02", &[undone("6", "6", "30")]))),
    );
    assert_eq!((refused.reason, refused.line), (Reason::ShortStock, Some(1)));
    receives(&mut zone, "L04", ("10", "10", 1), None);
    let refused = refusal(
        &mut zone,
        Command::File(Box::new(correction_of_book("K03", "L02", &[undone("6", "6", "30")]))),
    );
    assert_eq!((refused.reason, refused.line), (Reason::LotShort, Some(1)));
    assert_eq!((refused.field.as_deref(), refused.value.as_deref()), (Some("lot"), Some("L02/1")));
    assert_eq!((refused.wanted, refused.available), (Some(quantity("6")), Some(quantity("5"))));
}

/// What the accepted tally of a receipt does not find is of the lot that it brought.
#[test]
fn a_short_receipt_is_short_of_its_own_lot() {
    let mut zone = opened("2026-06-01T08:00:00", LotMethod::Fifo);
    receives(&mut zone, "L01", ("10", "10", 3), None);
    let line = valued(list_line(1, 1, &parts(), amount("10", "10", None)), 5);
    zone.files(filed(List { lines: vec![line], ..list("L02", BOOK, Direction::In) }));
    zone.files(Document::Tally(TallyFiling {
        tally_no: TallyNo::new("Q01").unwrap(),
        list_no: build::list_no("L02"),
        counted_at: world::local("2026-06-02T12:30:00"),
        lines: vec![undone("7", "7", "35")],
    }));
    zone.accepts(Command::OrderList(ListOrder {
        list_no: build::list_no("L02"),
        order: Order::AcceptTally,
        reason: "checked".into(),
    }));
    gated(&mut zone, "L02", "P02", Direction::In);
    assert_eq!(stock(&zone), [five(["L01/1", "10", "10", "30", "0"]), five(["L02/1", "7", "7", "35", "0"])]);
    assert_eq!(in_place(&zone, Place::Difference), [five(["L02/1", "3", "3", "15", "0"])]);
}

/// Of two lines about one item a decision takes the lots that its own line set aside, whichever came first: of a tally,
/// of a loss whose lines share a lot, and of goods that a count found.
#[test]
fn a_decision_takes_the_lots_of_its_own_line() {
    let mut zone = opened("2026-06-02T13:00:00", LotMethod::Fifo);
    let at = |number: u64, pieces: &str| ListLine {
        line: number,
        ..valued(list_line(number, 1, &parts(), amount(pieces, pieces, None)), 5)
    };
    zone.files(filed(List { lines: vec![at(1, "10"), at(2, "10")], ..list("L01", BOOK, Direction::In) }));
    let counted = |line| LinePart { line, ..undone("7", "7", "35") };
    zone.files(Document::Tally(TallyFiling {
        tally_no: TallyNo::new("Q01").unwrap(),
        list_no: build::list_no("L01"),
        counted_at: world::local("2026-06-02T12:30:00"),
        lines: vec![counted(1), counted(2)],
    }));
    zone.accepts(Command::OrderList(ListOrder {
        list_no: build::list_no("L01"),
        order: Order::AcceptTally,
        reason: "checked".into(),
    }));
    gated(&mut zone, "L01", "P01", Direction::In);
    let decided = |number: &str, line: u64, outcome, pieces: &str, value: &str| {
        let part = dispose::part(line, outcome, [pieces, pieces, "0", value]);
        dispose::decision(number, vec![part])
    };
    let both = [five(["L01/1", "3", "3", "15", "0"]), five(["L01/2", "3", "3", "15", "0"])];
    assert_eq!(in_place(&zone, Place::Difference), both);
    zone.accepts(dispose::decide_tally("Q01", decided("K1", 2, DecisionOutcome::Taxed, "2", "10")));
    let left = [five(["L01/1", "3", "3", "15", "0"]), five(["L01/2", "1", "1", "5", "0"])];
    assert_eq!(in_place(&zone, Place::Difference), left);
    zone.accepts(dispose::decide_tally("Q01", decided("K2", 1, DecisionOutcome::Returned, "1", "5")));
    let left = [five(["L01/1", "2", "2", "10", "0"]), five(["L01/2", "1", "1", "5", "0"])];
    assert_eq!(in_place(&zone, Place::Difference), left);
    let in_stock = [five(["L01/1", "8", "8", "40", "0"]), five(["L01/2", "7", "7", "35", "0"])];
    assert_eq!(stock(&zone), in_stock);

    // The first line of the loss takes 5 of the first lot, the second 3 of it and 3 of the other.
    let lost = |line, pieces| dispose::named(line, Mark::Goods, 1, amount(pieces, pieces, None));
    let kind = DisposalKind::LossForceMajeure;
    zone.accepts(dispose::filed(dispose::disposal("X01", kind, BOOK, vec![lost(1, "5"), lost(2, "6")])));
    zone.accepts(dispose::decide("X01", decided("K1", 2, DecisionOutcome::Returned, "4", "4")));
    let in_stock = [five(["L01/1", "1", "1", "5", "0"]), five(["L01/2", "7", "7", "35", "0"])];
    assert_eq!(
        stock(&zone),
        in_stock,
        "what left last comes back first, and none of what the first line lost"
    );
    zone.accepts(dispose::decide("X01", decided("K2", 2, DecisionOutcome::WrittenOff, "2", "2")));
    zone.accepts(dispose::decide("X01", decided("K3", 1, DecisionOutcome::WrittenOff, "5", "5")));
    assert_eq!(in_place(&zone, Place::Difference), left);
}

/// What a line named comes back as it was named.
#[test]
fn a_correction_puts_back_the_lots_that_were_named() {
    let mut zone = opened("2026-06-01T08:00:00", LotMethod::Specific);
    receives(&mut zone, "L01", ("10", "10", 3), None);
    receives(&mut zone, "L02", ("10", "10", 5), None);
    let refused = refusal(&mut zone, file(takes("L03", "12", "12", Vec::new())));
    assert_eq!(refused.reason, Reason::LotNotNamed);
    zone.files(filed(takes("L03", "12", "12", vec![named(1, "L02/1"), named(1, "L01/1")])));
    gated(&mut zone, "L03", "P03", Direction::Out);
    correct(&mut zone, "K01", "L03", "12", "12", "12");
    assert_eq!(
        stock(&zone),
        [five(["L01/1", "10", "10", "30", "0"]), five(["L02/1", "10", "10", "50", "0"])]
    );
}

/// Another book with the same parts, its lots in order of receipt.
fn other_book(zone: &mut Zone, number: &str) {
    let mut filing = book(number);
    filing.valid_until = world::local("2027-12-31").date();
    filing.rows.push(book_row(1, &parts(), amount("0", "0", None)));
    zone.files(Document::Book(filing));
    zone.accepts(Command::SetLotMethod(LotMethodOrder {
        book_no: book_no(number),
        method: LotMethod::Fifo,
        take_over: false,
        reason: "asked".into(),
    }));
}

fn rows_of(zone: &Zone, book: &str) -> Vec<LotRow> {
    query::lots(&zone.state, &book_no(book), None, None, usize::MAX, Moment::Now).unwrap()
}

/// Lot, pieces, price, expiry, received at which revision, from which book.
fn known(row: &LotRow) -> (String, String, String, Option<Date>, u64, Option<String>) {
    (
        row.key.id.lot.to_string(),
        row.layer.remaining.declared().to_string(),
        row.lot.price.to_string(),
        row.layer.expires,
        row.lot.received_at.unwrap().0.0,
        row.lot.carried_from.as_ref().map(|item| item.book_no.to_string()),
    )
}

/// What is carried over to a successor is the lots that it was: number, price, expiry and day of receipt, so that they
/// leave before what the successor received itself, though it did so earlier than they came.
#[test]
fn lots_go_on_in_the_successor() {
    let mut zone = opened("2026-06-01T08:00:00", LotMethod::Fifo);
    other_book(&mut zone, "A3");
    receives(&mut zone, "L01", ("10", "10", 3), Some("2026-12-01"));
    receives(&mut zone, "L02", ("10", "30", 5), None);
    let before = rows_of(&zone, BOOK);
    let line = valued(list_line(1, 1, &parts(), amount("4", "4", None)), 7);
    zone.files(filed(List { lines: vec![line], ..list("L03", "A3", Direction::In) }));
    gated(&mut zone, "L03", "P03", Direction::In);
    zone.files(Document::CarryOver(CarryOverFiling {
        carry_over_no: CarryOverNo::new("Z1").unwrap(),
        from_book: book_no(BOOK),
        to_book: book_no("A3"),
        owner: build::customs_no(world::owner(BOOK)),
        declared_at: world::local("2026-06-02T12:00:00"),
        lines: vec![CarryOverLine { line: 1, mark: Mark::Goods, number: 1, to_number: Some(1) }],
    }));
    assert!(rows_of(&zone, BOOK).is_empty());
    let after = rows_of(&zone, "A3");
    assert_eq!(after.len(), 3);
    for (was, is) in before.iter().zip(&after) {
        assert_eq!((&was.key.id, &was.layer), (&is.key.id, &is.layer));
        let carried = Lot { carried_from: Some(build::item(BOOK, 1)), ..(*was.lot).clone() };
        assert_eq!(carried, *is.lot);
    }
    let line = list_line(1, 1, &parts(), amount("12", "16", None));
    zone.files(filed(List { lines: vec![line], ..list("L04", "A3", Direction::Out) }));
    let lots: Vec<_> = taken(&zone, "L04").into_iter().map(|[lot, pieces, ..]| (lot, pieces)).collect();
    assert_eq!(lots, [("L01/1".to_owned(), "10".to_owned()), ("L02/1".into(), "2".into())]);
}

fn transfer(number: &str, (book, other): (&str, &str), direction: Direction) -> List {
    let line = ListLine {
        value_usd: quantity("99"),
        price: quantity("9"),
        ..list_line(1, 1, &parts(), amount("15", "120", None))
    };
    List {
        kind: "6".into(),
        related_book: Some(book_no(other)),
        lines: vec![line],
        ..list(number, book, direction)
    }
}

/// A transfer to another enterprise of the zone: the transferee has the lots that the transferor gave up, what they cost
/// and when they came in; a correction of both lists gives these back, and no others.
#[test]
fn lots_go_on_in_the_book_of_the_transferee() {
    let mut zone = opened("2026-06-01T08:00:00", LotMethod::Fifo);
    other_book(&mut zone, "A2");
    receives(&mut zone, "L01", ("10", "100", 3), Some("2026-12-01"));
    receives(&mut zone, "L02", ("10", "40", 5), None);
    let before = rows_of(&zone, BOOK);
    zone.files(filed(transfer("L03", ("A2", BOOK), Direction::In)));
    let out = transfer("L04", (BOOK, "A2"), Direction::Out);
    zone.files(filed(List { related_list: Some(build::list_no("L03")), ..out }));
    let revisions: Vec<u64> = before.iter().map(|row| row.lot.received_at.unwrap().0.0).collect();
    let day = Date::parse("2026-12-01").unwrap();
    let from = Some(BOOK.to_owned());
    let text = str::to_owned;
    assert_eq!(
        rows_of(&zone, "A2").iter().map(known).collect::<Vec<_>>(),
        [
            (text("L01/1"), text("10"), text("3"), Some(day), revisions[0], from.clone()),
            (text("L02/1"), text("5"), text("5"), None, revisions[1], from),
        ]
    );
    // What the list said of a lot of its own is of none.
    let own = (build::item("A2", 1), lot("L03/1"));
    assert!(get::<Lots>(&zone.state, own).unwrap().is_none());
    let later = valued(list_line(1, 1, &parts(), amount("7", "7", None)), 1);
    zone.files(filed(List { lines: vec![later], ..list("L05", "A2", Direction::In) }));
    gated(&mut zone, "L05", "P05", Direction::In);
    files_correction(&mut zone, "K01", "L04", &[]);
    let reserved: Vec<_> = rows_of(&zone, "A2").iter().map(|row| row.layer.reserved.declared()).collect();
    assert_eq!(reserved, ["10", "5", "0"].map(quantity));
    zone.accepts(decide_correction("K01", true));
    assert_eq!(rows_of(&zone, BOOK), before);
    assert_eq!(
        rows_of(&zone, "A2").iter().map(|row| row.key.id.lot.clone()).collect::<Vec<_>>(),
        [lot("L05/1")]
    );
}

/// A disposal and an adjustment with one number and one line are two documents.
#[test]
fn documents_of_two_types_do_not_meet_in_one_number() {
    let mut zone = opened("2026-06-01T08:00:00", LotMethod::Fifo);
    receives(&mut zone, "L01", ("10", "10", 3), None);
    receives(&mut zone, "L02", ("10", "10", 5), None);
    let goods = |pieces: &str| dispose::named(1, Mark::Goods, 1, amount(pieces, pieces, None));
    let loss = dispose::disposal("N1", DisposalKind::LossOther, BOOK, vec![goods("4")]);
    zone.accepts(dispose::filed(loss));
    zone.files(Document::Verification(papers::disposed(BOOK, 1)));
    let shortage = dispose::adjustment("N1", BOOK, 1, vec![(Difference::Shortage, goods("8"))]);
    zone.accepts(dispose::filed_adjustment(shortage));
    let found = query::lots_of_document(&zone.state, &DocumentNo::new("N1").unwrap()).unwrap();
    let shown = |taken: &query::TakenLot| {
        (taken.key.mover.kind, taken.share.layer.lot.to_string(), taken.share.measure.declared())
    };
    assert_eq!(
        found.iter().map(shown).collect::<Vec<_>>(),
        [
            (MoverType::Disposal, "L01/1".to_owned(), quantity("4")),
            (MoverType::Adjustment, "L01/1".into(), quantity("6")),
            (MoverType::Adjustment, "L02/1".into(), quantity("2")),
        ]
    );
}

/// Whatever takes from the stock of a book that gives up the lots that are named has to name them, and takes these.
#[test]
fn every_document_names_the_lots_that_it_takes() {
    let mut zone = opened("2026-06-01T08:00:00", LotMethod::Specific);
    receives(&mut zone, "L01", ("10", "10", 3), None);
    receives(&mut zone, "L02", ("10", "10", 5), None);
    let goods = || dispose::named(1, Mark::Goods, 1, amount("2", "2", None));
    zone.files(Document::Verification(papers::disposed(BOOK, 1)));
    let loss = |number: &str, lots| {
        let filing = dispose::disposal(number, DisposalKind::LossOther, BOOK, vec![goods()]);
        dispose::filed(DisposalFiling { lots, ..filing })
    };
    let counted = |number: &str, difference, lots| {
        let filing = dispose::adjustment(number, BOOK, 1, vec![(difference, goods())]);
        dispose::filed_adjustment(AdjustmentFiling { lots, ..filing })
    };
    for nameless in [loss("Q1", Vec::new()), counted("J1", Difference::Shortage, Vec::new())] {
        let refused = refusal(&mut zone, nameless);
        assert_eq!((refused.reason, refused.line), (Reason::LotNotNamed, Some(1)));
        assert_eq!((refused.field.as_deref(), refused.wanted), (Some("lot"), Some(quantity("2"))));
    }
    let of_surplus = refusal(&mut zone, counted("J1", Difference::Surplus, vec![named(1, "L02/1")]));
    assert_eq!((of_surplus.reason, of_surplus.field.as_deref()), (Reason::InvalidField, Some("lot")));
    zone.accepts(loss("Q1", vec![named(1, "L02/1")]));
    zone.accepts(counted("J1", Difference::Shortage, vec![named(1, "L02/1")]));
    assert_eq!(stock(&zone), [five(["L01/1", "10", "10", "30", "0"]), five(["L02/1", "6", "6", "30", "0"])]);
    let unknown = refusal(&mut zone, loss("Q2", vec![named(1, "L09/1")]));
    assert_eq!((unknown.reason, unknown.value.as_deref()), (Reason::LotShort, Some("L09/1")));
}

/// One list of many lines that would touch the rows of too many lots is refused by name, and changes nothing.
#[test]
fn rows_of_lots_count_for_what_a_step_may_touch() {
    let mut zone = Zone::opened("2026-06-01T08:00:00");
    let mut filing = book(BOOK);
    filing.valid_until = world::local("2027-12-31").date();
    filing.rows.extend((1..=1_000).map(|number| book_row(number, &parts(), amount("0", "0", None))));
    zone.files(Document::Book(filing));
    zone.accepts(method(LotMethod::Fifo, false));
    let lines = |pieces: &str| -> Vec<ListLine> {
        (1..=1_000).map(|line| list_line(line, line, &parts(), amount(pieces, pieces, None))).collect()
    };
    for receipt in 1..=6 {
        let number = format!("L{receipt:02}");
        zone.files(filed(List { lines: lines("1"), ..list(&number, BOOK, Direction::In) }));
        gated(&mut zone, &number, &format!("P{receipt:02}"), Direction::In);
    }
    let before = zone.state.clone();
    let refused = refusal(&mut zone, file(List { lines: lines("6"), ..list("L07", BOOK, Direction::Out) }));
    assert_eq!((refused.reason, refused.field.as_deref()), (Reason::TooLarge, Some("lots")));
    assert!(refused.line.is_some());
    let layers = |state: &MemoryState| {
        state.rows().filter(|(key, _)| matches!(key, Key::Layer(_) | Key::LayerMoment(_))).count()
    };
    assert_eq!(layers(&zone.state), layers(&before));
    let half = lines("6").into_iter().take(500).collect();
    zone.files(filed(List { lines: half, ..list("L07", BOOK, Direction::Out) }));
    gated(&mut zone, "L07", "P07", Direction::Out);
}

/// Any past moment shows the lots of then, reserved and there, lots that are gone now included.
#[test]
fn lots_of_a_past_moment() {
    let mut zone = opened("2026-06-01T08:00:00", LotMethod::Fifo);
    receives(&mut zone, "L01", ("10", "10", 3), None);
    let received = query::revision(&zone.state).unwrap();
    let out = zone.files(filed(takes("L02", "10", "10", Vec::new()))).revision;
    gated(&mut zone, "L02", "P02", Direction::Out);
    assert!(rows(&zone).is_empty());
    let at = |moment| {
        let rows = query::lots(&zone.state, &book_no(BOOK), None, None, usize::MAX, moment).unwrap();
        let of =
            |row: &LotRow| (row.layer.remaining.declared(), row.layer.reserved.declared(), row.lot.price);
        rows.iter().map(of).collect::<Vec<_>>()
    };
    let [ten, none, three] = ["10", "0", "3"].map(quantity);
    assert_eq!(at(Moment::After(received)), [(ten, none, three)]);
    assert_eq!(at(Moment::After(out)), [(ten, ten, three)]);
    assert!(at(Moment::Before(world::moment("2026-06-01T08:00:00"))).is_empty());
}
