//! What goes wrong with lists after they were filed: corrections of what is posted, returns, tallies, orders of customs,
//! declaration numbers that come late (`domain.md` 3.1, 3.4 rows 27, 31 and 32; `design.md` 2.8).

mod common;

use common::build::{
    self, Amount, amount, book, book_row, declared, filed, list, list_line, list_no, mode, pass, quantity,
    withdrawal,
};
use common::correct::{correction, correction_no, decide_correction};
use common::dispose;
use common::papers::{
    bom_row, parcel, parcel_no, permit, processing_book, row, serial, slip, slip_line, slip_no, slip_pass,
    verification,
};
use common::world::{self, goods, local, product};
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{BomVersion, TallyNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::deadline::DeadlineKind;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    BookFiling, BookRow, CorrectionFiling, DecisionOutcome, DeclarationAssignment, Document, LinePart, List,
    ListLine, ParcelFiling, PassageStage, PermitKind, Provenance, TallyFiling,
};
use zonebook_ledger::due;
use zonebook_ledger::measure::Unit;
use zonebook_ledger::movement::{DocumentState, MovementLine};
use zonebook_ledger::parameter::{Parameter, ParameterValue};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::standing::{Conditional, ListOrder, Order, TallyResult};
use zonebook_ledger::state::{Bills, Corrections, Lines, Parcels, Permits, Slips, Tallies, UndoneLines, get};

fn opened(filing: BookFiling) -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(filing));
    zone
}

/// `A1` with item 1, of which nothing is there yet, and items 2 and 3 in three units.
fn storage() -> Zone {
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &goods(1), Amount::default()));
    filing.rows.push(book_row(2, &goods(2), Amount::default()));
    filing.rows.push(book_row(3, &goods(3), Amount::default()));
    opened(filing)
}

fn line(number: u64, of: &str) -> ListLine {
    list_line(1, number, &goods(number), amount(of, of, None))
}

fn of(number: &str, direction: Direction, lines: Vec<ListLine>) -> List {
    List { lines, ..list(number, "A1", direction) }
}

fn gated(zone: &mut Zone, pass_no: &str, direction: Direction, lists: &[&str]) {
    zone.files(Document::Pass(pass(pass_no, direction, lists)));
    let at = local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage(pass_no, PassageStage::Passed, at)));
}

/// A list that is filed and goes through the gate whole.
fn posted(zone: &mut Zone, list: List) {
    let (number, direction) = (list.list_no.to_string(), list.direction);
    zone.files(filed(list));
    gated(zone, &format!("P{number}"), direction, &[&number]);
    assert_eq!(zone.list(&number).state, DocumentState::Posted);
}

fn part(line: u64, declared: &str, statutory1: &str, statutory2: Option<&str>, usd: &str) -> LinePart {
    LinePart {
        line,
        declared: quantity(declared),
        statutory1: quantity(statutory1),
        statutory2: statutory2.map(quantity),
        value_usd: quantity(usd),
    }
}

/// Part of a line of goods in one unit whose value is its quantity.
fn some(line: u64, of: &str) -> LinePart {
    part(line, of, of, None, of)
}

fn correct(number: &str, of_list: &str, lines: &[LinePart]) -> Document {
    correction(number, of_list, world::owner("A1"), lines)
}

fn approved(zone: &mut Zone, document: Document) {
    let number = document.number();
    zone.files(document);
    zone.accepts(decide_correction(&number, true));
}

fn why(zone: &mut Zone, command: Command) -> Refusal {
    let applied = zone.takes(command).applied;
    applied.outcome.refusal().expect("it is refused").clone()
}

fn refusal(zone: &mut Zone, document: Document) -> Refusal {
    why(zone, Command::File(Box::new(document)))
}

fn order(number: &str, order: Order) -> Command {
    Command::OrderList(ListOrder { list_no: list_no(number), order, reason: "inspection".into() })
}

fn stock(number: u64) -> PositionKey {
    build::position("A1", number, Place::Zone)
}

fn on_hand(zone: &Zone, position: &PositionKey) -> String {
    zone.on_hand(position).declared().to_string()
}

fn notice(zone: &mut Zone, declaration: &str) {
    zone.files(Document::Notice(build::notice(declaration, "P", local("2026-06-02T11:00:00"))));
}

#[test]
fn a_posted_receipt_is_undone_in_parts_and_never_beyond_what_it_brought() {
    let mut zone = storage();
    posted(&mut zone, of("L01", Direction::In, vec![line(1, "100")]));
    zone.files(correct("K01", "L01", &[some(1, "40")]));
    assert_eq!(zone.available(&stock(1)), quantity("60"));
    assert_eq!(on_hand(&zone, &stock(1)), "100");
    let refused = refusal(&mut zone, correct("K02", "L01", &[some(1, "60.00001")]));
    assert_eq!(refused.reason, Reason::CorrectionExceedsList);
    assert_eq!((refused.line, refused.unit), (Some(1), Some(Unit::Declared)));
    assert_eq!((refused.wanted, refused.available), (Some(quantity("60.00001")), Some(quantity("60"))));

    zone.accepts(decide_correction("K01", true));
    assert_eq!(on_hand(&zone, &stock(1)), "60");
    approved(&mut zone, correct("K02", "L01", &[]));
    assert_eq!(on_hand(&zone, &stock(1)), "0");
    assert_eq!(zone.refuses(correct("K03", "L01", &[])), Reason::CorrectionExceedsList);

    let movement = zone.list("L01");
    assert_eq!(movement.state, DocumentState::Posted);
    assert_eq!(movement.standing.unwrap().corrections, [correction_no("K01"), correction_no("K02")]);
    let undone = get::<UndoneLines>(&zone.state, list_no("L01")).unwrap().unwrap();
    assert_eq!((undone[0].asked.declared(), undone[0].settled.declared()), (Quantity::ZERO, quantity("100")));
}

#[test]
fn goods_that_came_in_and_left_again_cannot_be_corrected() {
    let mut zone = storage();
    posted(&mut zone, of("L01", Direction::In, vec![line(1, "100")]));
    posted(&mut zone, of("L02", Direction::Out, vec![line(1, "70")]));
    let refused = refusal(&mut zone, correct("K01", "L01", &[]));
    assert_eq!(refused.reason, Reason::ShortStock);
    assert_eq!((refused.wanted, refused.available), (Some(quantity("100")), Some(quantity("30"))));
    approved(&mut zone, correct("K01", "L01", &[some(1, "30")]));
    approved(&mut zone, correct("K02", "L02", &[some(1, "70")]));
    assert_eq!(on_hand(&zone, &stock(1)), "70");
}

#[test]
fn the_last_part_takes_the_rest_of_every_unit_and_an_earlier_one_leaves_some() {
    let mut zone = storage();
    let three = |declared, first, second| list_line(1, 3, &goods(3), amount(declared, first, Some(second)));
    posted(&mut zone, of("L01", Direction::In, vec![three("10", "85.5", "10")]));
    let wine = |declared, first, usd| part(1, declared, first, Some(declared), usd);
    let refused = |zone: &mut Zone, part| refusal(zone, correct("K01", "L01", &[part])).reason;
    assert_eq!(refused(&mut zone, wine("4", "85.5", "4")), Reason::StatutoryRemainder);
    assert_eq!(refused(&mut zone, wine("10", "85", "10")), Reason::StatutoryRemainder);
    assert_eq!(refused(&mut zone, wine("10", "85.5", "9")), Reason::StatutoryRemainder);
    assert_eq!(refused(&mut zone, wine("4", "86", "4")), Reason::CorrectionExceedsList);
    assert_eq!(refused(&mut zone, wine("4", "34", "11")), Reason::CorrectionExceedsList);
    assert_eq!(refused(&mut zone, wine("4", "34", "-1")), Reason::InvalidField);
    assert_eq!(refused(&mut zone, wine("0", "34", "4")), Reason::NonPositiveQty);
    assert_eq!(refused(&mut zone, part(1, "4", "34", None, "4")), Reason::SecondQtyMismatch);
    assert_eq!(refused(&mut zone, part(1, "4", "34", Some("5"), "4")), Reason::StatutoryQtyMismatch);
    assert_eq!(refused(&mut zone, some(7, "4")), Reason::InvalidField);
    approved(&mut zone, correct("K01", "L01", &[wine("4", "34", "3")]));
    approved(&mut zone, correct("K02", "L01", &[wine("6", "51.5", "7")]));
    assert!(zone.on_hand(&stock(3)).is_zero());
}

#[test]
fn what_a_correction_must_say() {
    let mut zone = storage();
    posted(&mut zone, of("L01", Direction::In, vec![line(1, "100")]));
    let Document::Correction(filing) = correct("K01", "L01", &[]) else { unreachable!() };
    let silent = CorrectionFiling { reason: "  ".into(), ..filing };
    assert_eq!(zone.refuses(Document::Correction(silent)), Reason::InvalidField);
    assert_eq!(zone.refuses(correction("K01", "L01", "2217960002", &[])), Reason::BookOwnerMismatch);
    assert_eq!(zone.refuses(correct("K01", "L99", &[])), Reason::DocumentUnknown);
    assert_eq!(zone.refuses(correct("K01", "L01", &[some(1, "1"), some(1, "1")])), Reason::NamedTwice);
    zone.files(correct("K01", "L01", &[some(1, "1")]));
    assert_eq!(zone.refuses(correct("K01", "L01", &[some(1, "2")])), Reason::DocumentExists);
}

#[test]
fn a_rejected_correction_leaves_no_trace_in_the_figures() {
    let mut zone = storage();
    posted(&mut zone, of("L01", Direction::In, vec![line(1, "100")]));
    let before = zone.counters(&stock(1));
    zone.files(correct("K01", "L01", &[]));
    let mut mute = decide_correction("K01", false);
    if let Command::DecideCorrection(decision) = &mut mute {
        decision.reason = "".into();
    }
    assert_eq!(why(&mut zone, mute).reason, Reason::InvalidField);
    zone.accepts(decide_correction("K01", false));
    assert_eq!(zone.counters(&stock(1)), before);
    let kept = get::<Corrections>(&zone.state, correction_no("K01")).unwrap().unwrap();
    assert_eq!(kept.state, DocumentState::Returned);
    assert_eq!(why(&mut zone, decide_correction("K01", true)).reason, Reason::CorrectionNotOpen);
    assert_eq!(why(&mut zone, decide_correction("K99", true)).reason, Reason::DocumentUnknown);
    approved(&mut zone, correct("K02", "L01", &[]));
    assert_eq!(on_hand(&zone, &stock(1)), "0");
}

#[test]
fn only_what_is_posted_and_not_verified_can_be_corrected() {
    let mut zone = storage();
    zone.files(filed(of("L01", Direction::In, vec![line(1, "100")])));
    assert_eq!(zone.refuses(correct("K01", "L01", &[])), Reason::ListNotPosted);
    gated(&mut zone, "P01", Direction::In, &["L01"]);
    zone.files(correct("K01", "L01", &[]));
    zone.files(Document::Verification(verification("A1", 1, &["L01"])));
    assert_eq!(why(&mut zone, decide_correction("K01", true)).reason, Reason::PeriodVerified);
    assert_eq!(zone.refuses(correct("K02", "L01", &[])), Reason::PeriodVerified);
    zone.accepts(decide_correction("K01", false));
    assert_eq!(zone.available(&stock(1)), quantity("100"));
}

/// A transfer between books of one zone: `A1` gives 30 of item 1 to `A2`.
fn transferred(kind: &str) -> Zone {
    let mut zone = storage();
    posted(&mut zone, of("L01", Direction::In, vec![line(1, "100")]));
    let mut other = book("A2");
    other.valid_until = local("2026-12-31").date();
    other.rows.push(book_row(1, &goods(1), Amount::default()));
    zone.files(Document::Book(other));
    let between = |number: &str, from: &str, to: &str, direction, usd: &str| {
        let line = ListLine { value_usd: quantity(usd), ..line(1, "30") };
        List {
            kind: kind.into(),
            related_book: Some(build::book_no(to)),
            lines: vec![line],
            ..list(number, from, direction)
        }
    };
    zone.files(filed(between("L02", "A2", "A1", Direction::In, "25")));
    let out = between("L03", "A1", "A2", Direction::Out, "20");
    zone.files(filed(List { related_list: Some(list_no("L02")), ..out }));
    if kind == "0" {
        gated(&mut zone, "P02", Direction::Out, &["L03"]);
        gated(&mut zone, "P03", Direction::In, &["L02"]);
    }
    assert_eq!(zone.list("L03").state, DocumentState::Posted);
    zone
}

#[test]
fn both_lists_of_a_transfer_are_corrected_in_one_step_whichever_is_named() {
    for (kind, named, owner) in
        [("6", "L02", "A2"), ("6", "L03", "A1"), ("0", "L02", "A2"), ("0", "L03", "A1")]
    {
        let mut zone = transferred(kind);
        let theirs = build::position("A2", 1, Place::Zone);
        assert_eq!((on_hand(&zone, &stock(1)), on_hand(&zone, &theirs)), ("70".into(), "30".into()));
        let owner = world::owner(owner);
        let usd = if named == "L02" { "25" } else { "20" };
        let half = part(1, "15", "15", None, usd);
        assert_eq!(zone.refuses(correction("K01", named, owner, &[half])), Reason::CorrectionNotWhole);
        let whole = part(1, "30", "30", None, usd);
        approved(&mut zone, correction("K01", named, owner, &[whole]));
        assert_eq!((on_hand(&zone, &stock(1)), on_hand(&zone, &theirs)), ("100".into(), "0".into()));
        assert!(zone.on_hand(&theirs).is_zero());
        assert_eq!(zone.on_hand(&stock(1)).get(Unit::Value), quantity("100"));
        for number in ["L02", "L03"] {
            assert_eq!(zone.list(number).standing.unwrap().corrections, [correction_no("K01")]);
        }
        assert!(zone.on_hand(&build::position("A1", 1, Place::InTransit)).is_zero());
    }
}

#[test]
fn a_transfer_whose_goods_left_the_other_book_stays() {
    let mut zone = transferred("6");
    let out = List { lines: vec![line(1, "1")], ..list("L04", "A2", Direction::Out) };
    posted(&mut zone, out);
    let refused = refusal(&mut zone, correct("K01", "L03", &[]));
    assert_eq!((refused.reason, refused.document.as_deref()), (Reason::ShortStock, Some("A2")));
}

#[test]
fn a_corrected_consolidated_list_opens_its_slips_again() {
    let mut zone = storage();
    posted(&mut zone, of("L01", Direction::In, vec![line(1, "100")]));
    let lines = [(1, goods(1), quantity("50"))];
    zone.files(Document::Permit(permit("F01", PermitKind::BatchedDelivery, "A1", &lines)));
    let mut batch = slip("S01", "F01", Direction::Out);
    batch.lines.push(slip_line(1, 1, 1, &goods(1), amount("30", "30", None)));
    zone.files(Document::Slip(batch));
    zone.files(Document::Pass(slip_pass("P02", Direction::Out, "S01")));
    let at = local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage("P02", PassageStage::Passed, at)));
    let declared = |number: &str| List {
        kind: "1".into(),
        slips: vec![slip_no("S01")],
        ..of(number, Direction::Out, vec![line(1, "30")])
    };
    zone.files(filed(declared("L02")));
    assert_eq!(zone.refuses(correct("K01", "L02", &[some(1, "10")])), Reason::CorrectionNotWhole);
    approved(&mut zone, correct("K01", "L02", &[]));
    let slip = get::<Slips>(&zone.state, slip_no("S01")).unwrap().unwrap();
    assert_eq!((slip.state, slip.list_no.clone()), (DocumentState::Passed, None));
    assert_eq!(on_hand(&zone, &build::position("A1", 1, Place::ShippedUndeclared)), "30");
    zone.files(filed(declared("L03")));
}

#[test]
fn a_corrected_list_of_parcels_reserves_them_again() {
    let mut filing = BookFiling { usage: Usage::ECommerce, ..book("C1") };
    filing.rows.push(book_row(1, &goods(1), amount("10", "10", None)));
    let mut zone = opened(filing);
    let one = amount("1", "1", None);
    let parcels = vec![parcel("T01", "C1", 1, &goods(1), one, "9")];
    zone.files(Document::Parcels(ParcelFiling::File(parcels)));
    let gathered = |number: &str| List {
        kind: "8".into(),
        parcels: vec![parcel_no("T01")],
        lines: vec![line(1, "1")],
        ..list(number, "C1", Direction::Out)
    };
    posted(&mut zone, gathered("L01"));
    let there = build::position("C1", 1, Place::Zone);
    assert_eq!(on_hand(&zone, &there), "9");
    approved(&mut zone, correct("K01", "L01", &[]));
    assert_eq!((on_hand(&zone, &there), zone.available(&there)), ("10".into(), quantity("9")));
    let state = |zone: &Zone| get::<Parcels>(&zone.state, parcel_no("T01")).unwrap().unwrap().state;
    assert_eq!(state(&zone), DocumentState::Reserved);
    posted(&mut zone, gathered("L02"));
    assert_eq!(state(&zone), DocumentState::Delivered);
    assert_eq!(on_hand(&zone, &there), "9");
}

#[test]
fn a_corrected_sale_is_out_on_its_permit_again_and_a_corrected_list_of_a_bill_in_suspense() {
    let mut zone = storage();
    posted(&mut zone, of("L01", Direction::In, vec![line(1, "100")]));
    let lines = [(1, goods(1), quantity("50"))];
    zone.files(Document::Permit(permit("F01", PermitKind::Display, "A1", &lines)));
    let mut shown = slip("S01", "F01", Direction::Out);
    shown.lines.push(slip_line(1, 1, 1, &goods(1), amount("30", "30", None)));
    zone.files(Document::Slip(shown));
    zone.files(Document::Pass(slip_pass("P02", Direction::Out, "S01")));
    let at = local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage("P02", PassageStage::Passed, at)));
    let permit_no = common::papers::permit_no("F01");
    let sale = of("L02", Direction::Out, vec![line(1, "20")]);
    zone.files(filed(List { kind: "5".into(), permit_no: Some(permit_no.clone()), ..sale }));
    approved(&mut zone, correct("K01", "L02", &[]));
    let permit = get::<Permits>(&zone.state, permit_no).unwrap().unwrap();
    assert_eq!(permit.out(Mark::Goods, 1), Some(quantity("30")));
    assert_eq!(on_hand(&zone, &build::position("A1", 1, Place::OutOnForm)), "30");

    let brought = [(goods(1), quantity("40"))];
    zone.files(Document::Pass(build::bill_pass("P03", "A1", "BL1", &brought)));
    zone.files(Document::Passage(build::passage("P03", PassageStage::Passed, at)));
    let bill = of("L03", Direction::In, vec![line(1, "40")]);
    zone.files(filed(List { kind: "3".into(), bill_no: Some(build::bill_no("BL1")), ..bill }));
    assert_eq!(on_hand(&zone, &stock(1)), "110");
    approved(&mut zone, correct("K02", "L03", &[]));
    assert_eq!(on_hand(&zone, &build::position("A1", 1, Place::SuspenseIn)), "40");
    let bill = get::<Bills>(&zone.state, (build::book_no("A1"), build::bill_no("BL1"), 1)).unwrap().unwrap();
    assert_eq!((bill.entered, bill.claimed), (quantity("40"), Quantity::ZERO));
}

/// A1 with its figures: of 10,000 kg shipped 4,000 are undone. What stays used is what 6,000 kg use by themselves.
#[test]
fn a1_materials_of_a_corrected_product_go_back() {
    let uses = [
        (1, "0.6451", "0.671979167", "6719.79167", "4031.875"),
        (18, "0.3", "0.3125", "3125", "1875"),
        (61, "0.0101", "0.010520833", "105.20833", "63.125"),
        (55, "0.0388", "0.040416667", "404.16667", "242.5"),
    ];
    let (mut zone, product_line) =
        yarn(&uses.map(|(material, net, unit, ..)| (material, net, unit)), "10000");
    let used = |zone: &Zone, material| on_hand(zone, &build::position("M1", material, Place::Consumed));
    for (material, .., whole, _) in uses {
        assert_eq!(used(&zone, material), whole);
    }
    let owner = world::owner("M1");
    let kilos = |of: &str| vec![some(1, of)];
    approved(&mut zone, correction("K01", "L01", owner, &kilos("4000")));
    for (material, .., stays) in uses {
        assert_eq!(used(&zone, material), stays, "material {material}");
    }
    approved(&mut zone, correction("K02", "L01", owner, &kilos("6000")));
    for (material, ..) in uses {
        assert_eq!(used(&zone, material), "0");
        assert_eq!(on_hand(&zone, &build::position("M1", material, Place::Zone)), "20000");
    }
    assert!(product_line.uses.len() == 4);
}

/// A processing book with materials, a product, and a list of so much of it that is posted.
fn yarn(uses: &[(u64, &str, &str)], shipped: &str) -> (Zone, MovementLine) {
    let mut filing = processing_book("M1", Usage::Processing);
    let kilos = build::units("035", "035", None);
    let of = |part: &str| world::Goods { part: part.into(), units: kilos.clone(), ..goods(1) };
    filing.rows.push(row(Mark::Product, 1, &of("YARN"), Amount::default()));
    for (material, net, unit) in uses {
        let there = amount("20000", "20000", None);
        filing.rows.push(row(Mark::Goods, *material, &of(&format!("M{material}")), there));
        filing.bom.push(bom_row(1, "19052201", *material, [net, "4", "100", unit]));
    }
    let mut zone = opened(filing);
    let line = list_line(1, 1, &of("YARN"), amount(shipped, shipped, None));
    let line = ListLine { bom_version: BomVersion::new("19052201").ok(), ..line };
    posted(&mut zone, List { mark: Mark::Product, lines: vec![line], ..list("L01", "M1", Direction::Out) });
    let line = get::<Lines>(&zone.state, (list_no("L01"), 0)).unwrap().unwrap()[0].clone();
    (zone, line)
}

/// Rounded parts add up to the whole, in whichever order and whatever is rejected in between.
#[test]
fn materials_of_parts_add_up_to_what_the_line_used() {
    let (mut zone, line) = yarn(&[(1, "0.333333333", "0.347222222")], "7");
    let consumed = build::position("M1", 1, Place::Consumed);
    let owner = world::owner("M1");
    assert_eq!(on_hand(&zone, &consumed), line.uses[0].declared.to_string());
    zone.files(correction("K01", "L01", owner, &[some(1, "1")]));
    zone.files(correction("K02", "L01", owner, &[some(1, "2.5")]));
    zone.accepts(decide_correction("K01", false));
    zone.accepts(decide_correction("K02", true));
    approved(&mut zone, correction("K03", "L01", owner, &[some(1, "1.00001")]));
    approved(&mut zone, correction("K04", "L01", owner, &[]));
    assert!(zone.on_hand(&consumed).is_zero());
    assert_eq!(on_hand(&zone, &build::position("M1", 1, Place::Zone)), "20000");
}

#[test]
fn a_corrected_receipt_of_a_unit_frees_its_serial_and_a_unit_comes_back_only_once() {
    let mut filing = processing_book("W1", Usage::Repair);
    let units = row(Mark::Goods, 1, &world::unit_for_repair(), Amount::default());
    filing.rows.push(BookRow { tracked_by_serial: true, ..units });
    let mut zone = opened(filing);
    let unit = |number: &str, direction| {
        let line = list_line(1, 1, &world::unit_for_repair(), amount("1", "1", None));
        let line = ListLine { serial: Some(serial("SN1")), provenance: Some(Provenance::Foreign), ..line };
        List { lines: vec![line], mode: mode("1371"), ..list(number, "W1", direction) }
    };
    let owner = world::owner("W1");
    posted(&mut zone, unit("L01", Direction::In));
    assert_eq!(zone.refuses(filed(unit("L02", Direction::In))), Reason::SerialExists);
    approved(&mut zone, correction("K01", "L01", owner, &[]));
    assert_eq!(zone.refuses(filed(unit("L02", Direction::Out))), Reason::SerialNotInPlace);
    posted(&mut zone, unit("L02", Direction::In));
    posted(&mut zone, unit("L03", Direction::Out));
    zone.files(filed(unit("L04", Direction::In)));
    assert_eq!(zone.refuses(correction("K02", "L03", owner, &[])), Reason::SerialExists);
    zone.files(withdrawal("L04", 1));
    // It leaves and comes back on another list; that receipt is wrong, and so was its leaving.
    posted(&mut zone, unit("L05", Direction::In));
    approved(&mut zone, correction("K03", "L05", owner, &[]));
    approved(&mut zone, correction("K04", "L03", owner, &[]));
    posted(&mut zone, unit("L06", Direction::Out));
}

fn returning(number: &str, of_list: Option<&str>, direction: Direction, lines: Vec<ListLine>) -> List {
    List { mode: mode("4561"), related_list: of_list.map(list_no), ..of(number, direction, lines) }
}

#[test]
fn a_return_takes_not_more_than_its_original_moved() {
    let mut zone = storage();
    posted(&mut zone, of("L01", Direction::In, vec![line(1, "100"), ListLine { line: 2, ..line(1, "20") }]));
    posted(&mut zone, of("L02", Direction::In, vec![line(1, "500")]));
    let back = |number: &str, of: &str| returning(number, Some("L01"), Direction::Out, vec![line(1, of)]);
    zone.files(filed(back("L03", "90")));
    let refused = refusal(&mut zone, filed(back("L04", "30.00001")));
    assert_eq!(refused.reason, Reason::ReturnExceedsOriginal);
    assert_eq!((refused.line, refused.document.as_deref()), (Some(1), Some("L01")));
    assert_eq!((refused.wanted, refused.available), (Some(quantity("30.00001")), Some(quantity("30"))));
    zone.files(withdrawal("L03", 1));
    posted(&mut zone, back("L04", "120"));
    assert_eq!(zone.list("L04").original, Some(list_no("L01")));
    assert_eq!(zone.refuses(filed(back("L05", "0.00001"))), Reason::ReturnExceedsOriginal);

    // What is returned cannot be corrected away below it; a corrected return may be returned again.
    assert_eq!(zone.refuses(correct("K01", "L01", &[some(1, "1")])), Reason::CorrectionExceedsList);
    approved(&mut zone, correct("K01", "L04", &[some(1, "50")]));
    posted(&mut zone, back("L05", "40"));
    approved(&mut zone, correct("K02", "L01", &[some(2, "10")]));
    assert_eq!(zone.refuses(filed(back("L06", "1"))), Reason::ReturnExceedsOriginal);
}

#[test]
fn a_changed_return_gives_back_what_it_took_before() {
    let mut zone = storage();
    posted(&mut zone, of("L01", Direction::In, vec![line(1, "100")]));
    let back = |of: &str| declared(returning("L02", Some("L01"), Direction::Out, vec![line(1, of)]), "D1");
    zone.files(filed(back("100")));
    zone.files(build::change(back("60"), 1));
    let other = returning("L03", Some("L01"), Direction::Out, vec![line(1, "40.00001")]);
    assert_eq!(zone.refuses(filed(other)), Reason::ReturnExceedsOriginal);
    zone.files(filed(returning("L03", Some("L01"), Direction::Out, vec![line(1, "40")])));
}

#[test]
fn an_original_is_a_posted_list_of_the_book_in_the_other_direction() {
    let mut zone = storage();
    posted(&mut zone, of("L01", Direction::In, vec![line(1, "100")]));
    zone.files(filed(of("L02", Direction::In, vec![line(1, "100")])));
    let mut other = book("R1");
    other.rows.push(book_row(1, &goods(1), amount("9", "9", None)));
    zone.files(Document::Book(other));
    posted(&mut zone, List { lines: vec![line(1, "5")], ..list("L03", "R1", Direction::In) });
    let out = |original| returning("L09", Some(original), Direction::Out, vec![line(1, "1")]);
    assert_eq!(zone.refuses(filed(out("L99"))), Reason::DocumentUnknown);
    assert_eq!(zone.refuses(filed(out("L02"))), Reason::ReturnOriginalMismatch);
    assert_eq!(zone.refuses(filed(out("L03"))), Reason::ReturnOriginalMismatch);
    let inward = returning("L09", Some("L01"), Direction::In, vec![line(1, "1")]);
    assert_eq!(zone.refuses(filed(inward)), Reason::ReturnOriginalMismatch);
    posted(
        &mut zone,
        of("L04", Direction::In, vec![list_line(1, 2, &goods(2), amount("5", "40", Some("5")))]),
    );
    let tyres = list_line(1, 2, &goods(2), amount("1", "8", Some("1")));
    let refused = refusal(&mut zone, filed(returning("L09", Some("L01"), Direction::Out, vec![tyres])));
    assert_eq!((refused.reason, refused.line), (Reason::ReturnOriginalMismatch, Some(1)));
    // Other modes name what they like.
    let plain = List { mode: mode("5034"), ..out("L99") };
    zone.files(filed(plain));
}

#[test]
fn naming_the_original_becomes_a_duty_by_a_parameter() {
    let mut zone = storage();
    posted(&mut zone, of("L01", Direction::In, vec![line(1, "100")]));
    zone.files(filed(returning("L02", None, Direction::Out, vec![line(1, "1")])));
    let (parameter, from) = (Parameter::ReturnOriginalRequired, local("2026-06-02").date());
    zone.accepts(Command::SetParameter(ParameterValue { parameter, from, value: Quantity::whole(1) }));
    let refused = refusal(&mut zone, filed(returning("L03", None, Direction::Out, vec![line(1, "1")])));
    assert_eq!((refused.reason, refused.field.as_deref()), (Reason::DocumentUnknown, Some("rltInvtNo")));
    zone.files(filed(returning("L03", Some("L01"), Direction::Out, vec![line(1, "1")])));
}

/// What comes back into a book kept by receipt opens a row; its line says which item of the original it is.
#[test]
fn a_return_into_a_book_kept_by_receipt_names_the_row_it_left() {
    let mut filing = book("R1");
    filing.rows.push(book_row(1, &goods(1), amount("9", "9", None)));
    filing.rows.push(book_row(2, &goods(1), amount("9", "9", None)));
    let mut zone = opened(filing);
    let in_book = |number: &str, direction, row: u64, of: &str| {
        let line = list_line(1, row, &goods(1), amount(of, of, None));
        List { lines: vec![line], ..list(number, "R1", direction) }
    };
    posted(&mut zone, in_book("L01", Direction::Out, 2, "5"));
    let back = |number: &str, row, of: &str| List {
        mode: mode("4561"),
        related_list: Some(list_no("L01")),
        ..in_book(number, Direction::In, row, of)
    };
    assert_eq!(zone.refuses(filed(back("L02", 1, "1"))), Reason::ReturnOriginalMismatch);
    posted(&mut zone, back("L02", 2, "4"));
    assert_eq!(zone.refuses(filed(back("L03", 2, "2"))), Reason::ReturnExceedsOriginal);
    assert_eq!(zone.available(&in_lot("L02/1", 3)), quantity("4"));
}

fn in_lot(lot: &str, number: u64) -> PositionKey {
    let lot = zonebook_ledger::code::LotNo::new(lot).ok();
    PositionKey { lot, ..build::position("R1", number, Place::Zone) }
}

fn tally(number: &str, of_list: &str, lines: &[LinePart]) -> Document {
    Document::Tally(TallyFiling {
        tally_no: TallyNo::new(number).unwrap(),
        list_no: list_no(of_list),
        counted_at: local("2026-06-02T12:30:00"),
        lines: lines.to_vec(),
    })
}

#[test]
fn goods_short_on_arrival_go_to_the_place_of_differences_when_customs_says_so() {
    let mut zone = storage();
    zone.files(filed(of("L01", Direction::In, vec![line(1, "100"), ListLine { line: 2, ..line(1, "10") }])));
    zone.files(tally("Q01", "L01", &[some(1, "93"), part(2, "0", "0", None, "0")]));
    gated(&mut zone, "P01", Direction::In, &["L01"]);
    let waiting = zone.list("L01");
    assert_eq!(waiting.state, DocumentState::PrePosted);
    assert_eq!(waiting.standing.unwrap().obstacles(), ["TALLY"]);
    assert_eq!(zone.available(&stock(1)), Quantity::ZERO);
    zone.accepts(order("L01", Order::AcceptTally));
    assert_eq!(zone.list("L01").state, DocumentState::Posted);
    assert_eq!(on_hand(&zone, &stock(1)), "93");
    assert_eq!(on_hand(&zone, &build::position("A1", 1, Place::Difference)), "17");
    assert_eq!(zone.refuses(tally("Q02", "L01", &[some(1, "1")])), Reason::AlreadyPosted);
    // Only what reached the stock can still be corrected.
    let refused = refusal(&mut zone, correct("K01", "L01", &[some(1, "94")]));
    assert_eq!((refused.reason, refused.available), (Reason::CorrectionExceedsList, Some(quantity("93"))));
    approved(&mut zone, correct("K01", "L01", &[]));
    assert_eq!(on_hand(&zone, &stock(1)), "0");
}

/// Customs decides on what a tally did not find as on what a count did not find, line by line and in parts.
#[test]
fn customs_decides_line_by_line_on_what_a_tally_did_not_find() {
    use DecisionOutcome::{Returned, TakenOver, Taxed, WrittenOff};
    let mut zone = storage();
    zone.files(filed(of("L01", Direction::In, vec![line(1, "100"), ListLine { line: 2, ..line(1, "10") }])));
    zone.files(tally("Q01", "L01", &[some(1, "93"), part(2, "0", "0", None, "0")]));
    let decided = |number: &str, lines| dispose::decide_tally("Q01", dispose::decision(number, lines));
    let early = why(&mut zone, decided("K1", vec![dispose::rest(1, Taxed)]));
    assert_eq!(early.reason, Reason::DisposalState, "nothing is missing before the list is posted");
    let waiting = |zone: &Zone| {
        let found = query::tallies(&zone.state, true, None, 10).unwrap();
        found.iter().map(|tally| tally.filed.tally_no.to_string()).collect::<Vec<_>>()
    };
    let undecided = |zone: &Zone| {
        let days = (dispose::day("2026-01-01"), dispose::day("2027-12-31"));
        let kind = Some(DeadlineKind::TallyNotDecided);
        let filter = due::DueFilter { kind, ..due::DueFilter::default() };
        let found = due::due(&zone.state, &filter, days, None, 10).unwrap();
        let shown = |found: &due::Deadline| format!("{} {}", found.key.document, found.falls_on);
        found.iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!((waiting(&zone), undecided(&zone)), (vec!["Q01".into()], vec![]), "it differs");
    gated(&mut zone, "P01", Direction::In, &["L01"]);
    zone.accepts(order("L01", Order::AcceptTally));
    assert_eq!((waiting(&zone), undecided(&zone)), (vec!["Q01".into()], vec!["Q01 2026-06-16".into()]));
    let missing = build::position("A1", 1, Place::Difference);
    assert_eq!(on_hand(&zone, &missing), "17");

    let wrong = |zone: &mut Zone, lines| why(zone, decided("K1", lines)).reason;
    assert_eq!(wrong(&mut zone, vec![dispose::rest(3, Taxed)]), Reason::InvalidField);
    assert_eq!(wrong(&mut zone, vec![dispose::rest(1, TakenOver)]), Reason::DecisionNotAllowed);
    let too_much = dispose::part(1, Taxed, ["7.00001", "7.00001", "0", "7"]);
    assert_eq!(wrong(&mut zone, vec![too_much]), Reason::DecidedSumMismatch);

    let some = |outcome, of| dispose::part(1, outcome, [of, of, "0", of]);
    zone.accepts(decided("K1", vec![some(Returned, "2"), some(Taxed, "4"), dispose::rest(2, WrittenOff)]));
    assert_eq!((on_hand(&zone, &missing), on_hand(&zone, &stock(1))), ("1".into(), "95".into()));
    assert_eq!(on_hand(&zone, &build::position("A1", 1, Place::Lost)), "10");
    let again = why(&mut zone, decided("K1", vec![dispose::rest(1, Taxed)]));
    assert_eq!(again.reason, Reason::DocumentExists);
    let applied = zone.accepts(decided("K2", vec![dispose::rest(1, Taxed)]));
    assert_eq!(applied.outcome.state, Some(DocumentState::Decided));
    assert_eq!(on_hand(&zone, &missing), "0");
    assert_eq!((waiting(&zone), undecided(&zone)), (vec![], vec![]));
    assert_eq!(query::tallies(&zone.state, false, None, 10).unwrap().len(), 1);
    let found = get::<Tallies>(&zone.state, TallyNo::new("Q01").unwrap()).unwrap().unwrap();
    let taxed = found.decisions[0].lines[1].tax.unwrap();
    assert_eq!((found.is_open(), taxed.dutiable_value), (false, quantity("4")));
    assert_eq!(why(&mut zone, decided("K3", vec![dispose::rest(1, Taxed)])).reason, Reason::DisposalState);
    let nobody = dispose::decide_tally("Q99", dispose::decision("K1", vec![dispose::rest(1, Taxed)]));
    assert_eq!(why(&mut zone, nobody).reason, Reason::DocumentUnknown);
    let refused = zone.refusal("enterprise", decided("K4", vec![dispose::rest(1, Taxed)]));
    assert_eq!(refused.reason, Reason::PermissionDenied);
}

#[test]
fn goods_that_were_not_shipped_come_back_when_customs_says_so() {
    let mut zone = storage();
    posted(&mut zone, of("L01", Direction::In, vec![line(1, "100")]));
    zone.files(filed(of("L02", Direction::Out, vec![line(1, "60")])));
    zone.files(tally("Q01", "L02", &[some(1, "50")]));
    // The vehicle carries what was counted; the rest never comes.
    zone.files(Document::Pass(build::part_pass("P02", Direction::Out, "L02", &[(1, quantity("50"))])));
    let at = local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage("P02", PassageStage::Passed, at)));
    zone.accepts(order("L02", Order::AcceptTally));
    assert_eq!(zone.list("L02").state, DocumentState::Posted);
    assert_eq!((on_hand(&zone, &stock(1)), zone.available(&stock(1))), ("50".into(), quantity("50")));
    assert_eq!(on_hand(&zone, &build::position("A1", 1, Place::Outside)), "-50");
}

/// What a product that was not shipped did not use goes back, by the same rule as in a correction.
#[test]
fn materials_of_products_that_were_not_shipped_go_back() {
    let mut filing = processing_book("M1", Usage::Processing);
    filing.rows.push(row(Mark::Product, 1, &product(1), Amount::default()));
    let material = world::goods_in("M1", 1);
    filing.rows.push(row(Mark::Goods, 1, &material, amount("100", "100", None)));
    filing.bom.push(bom_row(1, "V1", 1, ["1.5", "0", "100", "1.5"]));
    let mut zone = opened(filing);
    let shirts = list_line(1, 1, &product(1), amount("10", "4", None));
    let shirts = ListLine { bom_version: BomVersion::new("V1").ok(), ..shirts };
    zone.files(filed(List { mark: Mark::Product, lines: vec![shirts], ..list("L01", "M1", Direction::Out) }));
    zone.files(tally("Q01", "L01", &[part(1, "8", "3.2", None, "8")]));
    gated(&mut zone, "P01", Direction::Out, &["L01"]);
    zone.accepts(order("L01", Order::AcceptTally));
    assert_eq!(on_hand(&zone, &build::position("M1", 1, Place::Consumed)), "12");
    assert_eq!(on_hand(&zone, &build::position("M1", 1, Place::Zone)), "88");
}

#[test]
fn a_tally_that_differs_is_counted_again_or_the_list_is_changed() {
    let mut zone = storage();
    let arrival = |of: &str| declared(self::of("L01", Direction::In, vec![line(1, of)]), "D1");
    zone.files(filed(arrival("100")));
    zone.files(tally("Q01", "L01", &[some(1, "99")]));
    assert_eq!(zone.list("L01").standing.unwrap().obstacles(), ["TALLY"]);
    zone.files(build::change(arrival("99"), 1));
    let result = |zone: &Zone| zone.list("L01").standing.unwrap().tally.unwrap().1;
    assert_eq!(result(&zone), TallyResult::Agrees);
    zone.files(tally("Q02", "L01", &[some(1, "98")]));
    assert_eq!(result(&zone), TallyResult::Differs);
    zone.files(tally("Q03", "L01", &[some(1, "99")]));
    gated(&mut zone, "P01", Direction::In, &["L01"]);
    notice(&mut zone, "D1");
    assert_eq!(on_hand(&zone, &stock(1)), "99");
}

#[test]
fn more_than_listed_posts_what_is_listed_once_customs_has_seen_it() {
    let mut zone = storage();
    zone.files(filed(of("L01", Direction::In, vec![line(1, "100")])));
    zone.files(tally("Q01", "L01", &[some(1, "104")]));
    gated(&mut zone, "P01", Direction::In, &["L01"]);
    assert_eq!(zone.list("L01").state, DocumentState::PrePosted);
    zone.accepts(order("L01", Order::AcceptTally));
    assert_eq!(on_hand(&zone, &stock(1)), "100");
    assert!(zone.on_hand(&build::position("A1", 1, Place::Difference)).is_zero());
}

#[test]
fn what_a_tally_must_say() {
    let mut zone = storage();
    let two = vec![line(1, "100"), list_line(2, 2, &goods(2), amount("5", "40", Some("5")))];
    zone.files(filed(of("L01", Direction::In, two)));
    let tyres = |declared, first, second, usd| part(2, declared, first, second, usd);
    let all = |second: LinePart| tally("Q01", "L01", &[some(1, "100"), second]);
    assert_eq!(zone.refuses(tally("Q01", "L01", &[some(1, "100")])), Reason::InvalidField);
    assert_eq!(zone.refuses(tally("Q01", "L01", &[some(1, "1"), some(1, "1")])), Reason::NamedTwice);
    assert_eq!(zone.refuses(tally("Q01", "L01", &[some(3, "1")])), Reason::InvalidField);
    assert_eq!(zone.refuses(tally("Q01", "L99", &[])), Reason::DocumentUnknown);
    assert_eq!(zone.refuses(all(tyres("4", "40", Some("4"), "4"))), Reason::StatutoryRemainder);
    assert_eq!(zone.refuses(all(tyres("4", "32", Some("4"), "6"))), Reason::StatutoryRemainder);
    assert_eq!(zone.refuses(all(tyres("4", "0", Some("4"), "4"))), Reason::NonPositiveQty);
    assert_eq!(zone.refuses(all(tyres("4", "32", None, "4"))), Reason::SecondQtyMismatch);
    assert_eq!(zone.refuses(all(tyres("4", "32", Some("4"), "-1"))), Reason::InvalidField);
    zone.files(all(tyres("5", "40", Some("5"), "5")));
    assert_eq!(zone.refuses(tally("Q01", "L01", &[])), Reason::DocumentExists);
    assert_eq!(why(&mut zone, order("L01", Order::AcceptTally)).reason, Reason::OrderNotApplicable);
    let transfer = List { kind: "6".into(), ..of("L02", Direction::In, vec![line(1, "3")]) };
    let transfer = List { related_book: Some(build::book_no("R1")), ..transfer };
    zone.files(filed(transfer));
    // Goods of another book of the zone are counted as they come.
    zone.files(tally("Q02", "L02", &[some(1, "3")]));
}

#[test]
fn a_held_list_waits_whatever_its_gates_say() {
    let mut zone = storage();
    zone.files(filed(of("L01", Direction::In, vec![line(1, "100")])));
    zone.files(Document::Pass(pass("P01", Direction::In, &["L01"])));
    zone.accepts(order("L01", Order::Hold));
    let refused = why(&mut zone, order("L01", Order::Hold));
    assert_eq!((refused.reason, refused.value.as_deref()), (Reason::OrderNotApplicable, Some("inspection")));
    assert_eq!(zone.refuses(withdrawal("L01", 1)), Reason::ListHeld);
    let at = local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage("P01", PassageStage::Passed, at)));
    assert_eq!(zone.list("L01").state, DocumentState::PrePosted);
    assert_eq!(zone.list("L01").held(), Some("inspection"));
    zone.accepts(order("L01", Order::Free));
    assert_eq!(zone.list("L01").state, DocumentState::Posted);
    assert_eq!(zone.list("L01").standing.unwrap().orders.len(), 2);
    assert_eq!(why(&mut zone, order("L01", Order::Free)).reason, Reason::OrderNotApplicable);

    zone.accepts(order("L01", Order::Hold));
    assert_eq!(zone.refuses(correct("K01", "L01", &[])), Reason::ListHeld);
    zone.files(filed(of("L02", Direction::In, vec![line(1, "1")])));
    zone.accepts(order("L02", Order::Hold));
    assert_eq!(zone.refuses(Document::Pass(pass("P02", Direction::In, &["L02"]))), Reason::ListHeld);
}

#[test]
fn an_order_has_a_reason_and_a_list_that_it_fits() {
    let mut zone = storage();
    zone.files(filed(of("L01", Direction::In, vec![line(1, "100")])));
    let mut mute = order("L01", Order::Hold);
    if let Command::OrderList(order) = &mut mute {
        order.reason = "".into();
    }
    assert_eq!(why(&mut zone, mute).reason, Reason::InvalidField);
    assert_eq!(why(&mut zone, order("L99", Order::Hold)).reason, Reason::DocumentUnknown);
    for wrong in [Order::ReleaseForUse, Order::ForceRelease, Order::InspectionPassed, Order::AcceptTally] {
        assert_eq!(why(&mut zone, order("L01", wrong)).reason, Reason::OrderNotApplicable, "{wrong}");
    }
    zone.files(withdrawal("L01", 1));
    assert_eq!(why(&mut zone, order("L01", Order::Hold)).reason, Reason::AlreadyWithdrawn);
}

/// A declared receipt that is through the gate and waits for its release.
fn arrived(zone: &mut Zone) {
    zone.files(filed(declared(of("L01", Direction::In, vec![line(1, "100")]), "D1")));
    gated(zone, "P01", Direction::In, &["L01"]);
    assert_eq!(zone.list("L01").state, DocumentState::PrePosted);
}

#[test]
fn a_release_before_inspection_lets_goods_be_used_or_only_pass() {
    let mut zone = storage();
    arrived(&mut zone);
    zone.accepts(order("L01", Order::ReleaseForPassage));
    assert_eq!(zone.list("L01").standing.unwrap().obstacles(), ["INSPECTION"]);
    notice(&mut zone, "D1");
    assert_eq!(zone.list("L01").state, DocumentState::PrePosted, "the inspection is still to come");
    zone.accepts(order("L01", Order::InspectionPassed));
    assert_eq!(zone.list("L01").state, DocumentState::Posted);
    assert_eq!(why(&mut zone, order("L01", Order::InspectionPassed)).reason, Reason::OrderNotApplicable);

    let mut zone = storage();
    arrived(&mut zone);
    zone.accepts(order("L01", Order::ReleaseForUse));
    assert_eq!(zone.available(&stock(1)), quantity("100"));
    assert_eq!(why(&mut zone, order("L01", Order::ReleaseForPassage)).reason, Reason::AlreadyPosted);
    zone.accepts(order("L01", Order::InspectionFailed));
    let standing = zone.list("L01").standing.unwrap();
    assert_eq!((standing.conditional, standing.held.is_some()), (Some(Conditional::Failed), true));
}

#[test]
fn a_list_whose_inspection_failed_is_held_and_no_longer_released() {
    let mut zone = storage();
    zone.files(filed(declared(of("L01", Direction::In, vec![line(1, "100")]), "D1")));
    zone.accepts(order("L01", Order::ReleaseForPassage));
    assert_eq!(zone.refuses(withdrawal("L01", 1)), Reason::AlreadyReleased);
    zone.accepts(order("L01", Order::InspectionFailed));
    assert_eq!(zone.refuses(withdrawal("L01", 1)), Reason::ListHeld);
    zone.accepts(order("L01", Order::Free));
    zone.files(withdrawal("L01", 1));
}

#[test]
fn a_declaration_number_may_come_after_the_list() {
    let mut zone = storage();
    let unnumbered =
        List { declaration_no: None, ..declared(of("L01", Direction::In, vec![line(1, "9")]), "D1") };
    zone.files(filed(unnumbered));
    gated(&mut zone, "P01", Direction::In, &["L01"]);
    let assign = |number: &str, declaration: &str| {
        Document::Assignment(DeclarationAssignment {
            list_no: list_no(number),
            declaration_no: build::declaration_no(declaration),
        })
    };
    zone.files(assign("L01", "D1"));
    zone.files(assign("L01", "D2"));
    zone.files(assign("L01", "D2"));
    notice(&mut zone, "D1");
    assert_eq!(zone.list("L01").state, DocumentState::PrePosted, "D1 is not its number any more");
    notice(&mut zone, "D3");
    zone.files(assign("L01", "D3"));
    assert_eq!(zone.list("L01").state, DocumentState::Posted, "D3 is released already");
    assert_eq!(zone.refuses(assign("L01", "D4")), Reason::AlreadyPosted);
    assert_eq!(zone.refuses(assign("L99", "D4")), Reason::DocumentUnknown);
    zone.files(filed(of("L02", Direction::In, vec![line(1, "9")])));
    assert_eq!(zone.refuses(assign("L02", "D4")), Reason::OrderNotApplicable);
    zone.files(filed(declared(of("L03", Direction::In, vec![line(1, "9")]), "D3")));
    assert_eq!(zone.refuses(assign("L03", "D4")), Reason::AlreadyReleased);
}

#[test]
fn customs_forces_a_gate_or_a_release_and_it_shows_for_ever() {
    let mut zone = storage();
    zone.files(filed(declared(of("L01", Direction::In, vec![line(1, "100")]), "D1")));
    zone.accepts(order("L01", Order::ForceGate));
    assert_eq!(why(&mut zone, order("L01", Order::ForceGate)).reason, Reason::OrderNotApplicable);
    assert_eq!(zone.refuses(withdrawal("L01", 1)), Reason::ListOnPass);
    assert_eq!(zone.list("L01").state, DocumentState::PrePosted);
    zone.accepts(order("L01", Order::ForceRelease));
    let posted = zone.list("L01");
    assert_eq!((posted.state, posted.ungated), (DocumentState::Posted, quantity("100")));
    let standing = posted.standing.unwrap();
    assert!(standing.gate_forced && standing.release_forced);
    let given: Vec<_> = standing.orders.iter().map(|given| (given.order, given.reason.as_str())).collect();
    assert_eq!(given, [(Order::ForceGate, "inspection"), (Order::ForceRelease, "inspection")]);
    assert_eq!(why(&mut zone, order("L01", Order::ForceRelease)).reason, Reason::AlreadyPosted);
    let destroyed =
        List { mode: mode("0400"), ..declared(of("L02", Direction::Out, vec![line(1, "1")]), "D2") };
    zone.files(filed(destroyed));
    assert_eq!(why(&mut zone, order("L02", Order::ForceGate)).reason, Reason::OrderNotApplicable);
}
