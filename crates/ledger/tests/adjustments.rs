//! Adjustments of a count (`domain.md` 3.4 row 30, 4.1): the figures of A9 and A11, and others.

mod common;

use common::build::{self, amount, book, book_row, quantity};
use common::counting::kilos_in_stock;
use common::dispose::{
    adjustment, adjustment_no, day, decide_adjustment, decision, filed_adjustment, named, of_unit, part, rest,
};
use common::papers::{consumption, disposed, processing_book, row};
use common::world::{self, goods};
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::disposal::{Adjustment, TaxBasis};
use zonebook_ledger::document::{
    AdjustmentFiling, BookRow, DecisionOutcome, Difference, Document, NamedGoods,
};
use zonebook_ledger::limits::LINES_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::{Adjustments, get};

const SHORTAGE: Difference = Difference::Shortage;
const SURPLUS: Difference = Difference::Surplus;

/// A processing book with kilograms of material 1, and its verification 7.
fn verified(material: &str) -> Zone {
    let mut zone = kilos_in_stock(&[material, "50"]);
    zone.files(Document::Verification(disposed("M1", 7)));
    zone
}

fn kilos(line: u64, number: u64, declared: &str) -> NamedGoods {
    named(line, Mark::Goods, number, amount(declared, declared, None))
}

fn worthless(goods: NamedGoods) -> NamedGoods {
    NamedGoods { value_usd: quantity("0"), ..goods }
}

fn there(zone: &Zone, number: u64, place: Place) -> String {
    zone.on_hand(&build::position("M1", number, place)).declared().to_string()
}

fn found(zone: &Zone, number: &str) -> Adjustment {
    (*get::<Adjustments>(&zone.state, adjustment_no(number)).unwrap().unwrap()).clone()
}

/// A11: should remain 7,500, counted 7,460. The verification moves nothing; the adjustment takes the 40 out of the stock,
/// they are taxed as a domestic sale, and the next opening is 7,460.
#[test]
fn a11_a_shortage_of_40_is_taxed_and_the_next_opening_is_7460() {
    let mut zone = verified("49500");
    zone.files(Document::Consumption(consumption("U01", "M1", &[(1, quantity("42000"))])));
    assert_eq!(there(&zone, 1, Place::Zone), "7500");
    zone.accepts(filed_adjustment(adjustment("J01", "M1", 7, vec![(SHORTAGE, kilos(1, 1, "40"))])));
    assert_eq!(
        (there(&zone, 1, Place::Zone), there(&zone, 1, Place::Difference)),
        ("7460".into(), "40".into())
    );
    let mut taxed = rest(1, DecisionOutcome::Taxed);
    taxed.dutiable_value = Some(quantity("128"));
    zone.accepts(decide_adjustment("J01", decision("K1", vec![taxed])));
    let done = found(&zone, "J01");
    assert_eq!(done.state, DocumentState::Decided);
    assert_eq!(there(&zone, 1, Place::Zone), "7460");
    assert_eq!(
        (there(&zone, 1, Place::Difference), there(&zone, 1, Place::Outside)),
        ("0".into(), "40".into())
    );
    let basis = TaxBasis { rates_on: day("2026-06-02"), dutiable_value: quantity("128") };
    assert_eq!(done.decisions[0].lines[0].tax, Some(basis));
}

/// A9: import 10,000, used 9,600, on hand by the count 399: a shortage of 1, here accepted as loss.
#[test]
fn a9_a_shortage_of_1_is_written_off() {
    let mut zone = verified("10000");
    zone.files(Document::Consumption(consumption("U01", "M1", &[(1, quantity("9600"))])));
    zone.accepts(filed_adjustment(adjustment("J01", "M1", 7, vec![(SHORTAGE, kilos(1, 1, "1"))])));
    zone.accepts(decide_adjustment("J01", decision("K1", vec![rest(1, DecisionOutcome::WrittenOff)])));
    assert_eq!(there(&zone, 1, Place::Zone), "399");
    assert_eq!(there(&zone, 1, Place::Lost), "1");
}

/// With other numbers: 12.5 missing of one material and 3.25 too many of another, decided on in parts.
#[test]
fn a_shortage_and_a_surplus_are_decided_on_apart() {
    use DecisionOutcome::{Entered, Rejected, Returned, Taxed, WrittenOff};
    let mut zone = verified("100");
    let lines = vec![(SHORTAGE, kilos(1, 1, "12.5")), (SURPLUS, kilos(2, 2, "3.25"))];
    zone.accepts(filed_adjustment(adjustment("J01", "M1", 7, lines)));
    assert_eq!(there(&zone, 1, Place::Zone), "87.5");
    // What was found is not in the stock before customs says so.
    assert_eq!(there(&zone, 2, Place::Zone), "50");
    assert_eq!(
        (there(&zone, 2, Place::Surplus), there(&zone, 2, Place::Difference)),
        ("3.25".into(), "0".into())
    );
    assert_eq!(there(&zone, 2, Place::Found), "-3.25");

    for (line, outcome) in [(1, Entered), (1, Rejected), (2, WrittenOff), (2, Taxed), (2, Returned)] {
        let refusal =
            zone.refusal("loopback", decide_adjustment("J01", decision("K1", vec![rest(line, outcome)])));
        assert_eq!((refusal.reason, refusal.line), (Reason::DecisionNotAllowed, Some(line)));
    }
    let first = vec![part(1, WrittenOff, ["2.5", "2.5", "0", "2.5"]), part(2, Entered, ["3", "3", "0", "3"])];
    zone.accepts(decide_adjustment("J01", decision("K1", first)));
    assert_eq!(found(&zone, "J01").state, DocumentState::Filed);
    let second = vec![part(1, Taxed, ["4", "4", "0", "4"]), rest(1, Returned), rest(2, Rejected)];
    zone.accepts(decide_adjustment("J01", decision("K2", second)));
    assert_eq!(there(&zone, 1, Place::Zone), "93.5");
    assert_eq!((there(&zone, 1, Place::Lost), there(&zone, 1, Place::Outside)), ("2.5".into(), "4".into()));
    assert_eq!((there(&zone, 2, Place::Zone), there(&zone, 2, Place::Found)), ("53".into(), "-3".into()));
    assert_eq!(
        (there(&zone, 1, Place::Difference), there(&zone, 2, Place::Surplus)),
        ("0".into(), "0".into())
    );
    let over = zone.refusal("loopback", decide_adjustment("J01", decision("K3", vec![rest(1, Taxed)])));
    assert_eq!((over.reason, over.value.as_deref()), (Reason::DisposalState, Some("DECIDED")));
}

/// In a book kept by receipt the row is named, and the difference is of its lot.
#[test]
fn a_row_of_a_receipt_is_adjusted() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("R1");
    filing.rows.push(book_row(5, &goods(1), amount("20", "20", None)));
    zone.files(Document::Book(filing));
    zone.files(Document::Verification(disposed("R1", 1)));
    zone.at("2026-06-02T10:00:00");
    let row = PositionKey {
        lot: zonebook_ledger::code::LotNo::new("OLD/5").ok(),
        ..build::position("R1", 5, Place::Zone)
    };
    let lines = vec![(SURPLUS, kilos(1, 5, "2"))];
    zone.accepts(filed_adjustment(adjustment("J01", "R1", 1, lines)));
    zone.accepts(decide_adjustment("J01", decision("K1", vec![rest(1, DecisionOutcome::Entered)])));
    assert_eq!(zone.on_hand(&row).declared(), quantity("22"));
    let lines = vec![(SHORTAGE, kilos(1, 5, "22"))];
    zone.accepts(filed_adjustment(adjustment("J02", "R1", 1, lines)));
    assert_eq!(zone.on_hand(&row).declared(), quantity("0"));
    assert_eq!(zone.on_hand(&row.at(Place::Difference)).declared(), quantity("22"));
}

#[test]
fn what_an_adjustment_lacks_is_named() {
    let mut zone = verified("100");
    let good = adjustment("J01", "M1", 7, vec![(SHORTAGE, kilos(1, 1, "5")), (SURPLUS, kilos(2, 2, "5"))]);
    type Change = fn(&mut AdjustmentFiling);
    let cases: [(Change, Reason, &str); 14] = [
        (|filing| filing.verification = Some(8), Reason::DocumentUnknown, "verification"),
        (|filing| filing.verification = None, Reason::AdjustmentUndecided, "difference_no"),
        (|filing| filing.lines.clear(), Reason::InvalidField, "lines"),
        (|filing| filing.lines[1].cause = "".into(), Reason::InvalidField, "cause"),
        (|filing| filing.book_no = build::book_no("X9"), Reason::BookUnknown, "book_no"),
        (|filing| filing.owner = build::customs_no("2217960009"), Reason::BookOwnerMismatch, "owner"),
        (|filing| filing.lines[0].goods.number = 77, Reason::ItemNotFiled, "number"),
        (|filing| filing.lines[1].goods.number = 1, Reason::NamedTwice, "number"),
        (|filing| filing.lines[1].goods.line = 1, Reason::NamedTwice, "line"),
        (|filing| filing.lines[1].goods.statutory1 = quantity("4"), Reason::StatutoryQtyMismatch, "lawfQty"),
        (|filing| filing.lines[1].goods.value_usd = quantity("-1"), Reason::InvalidField, "value_usd"),
        (|filing| filing.lines[0].goods = worthless(kilos(1, 1, "-5")), Reason::NonPositiveQty, "dclQty"),
        (|filing| filing.lines[1].goods = kilos(2, 2, "0"), Reason::NonPositiveQty, "dclQty"),
        (|filing| filing.lines[0].goods = kilos(1, 1, "100.5"), Reason::ShortStock, "putrecSeqno"),
    ];
    for (change, reason, field) in cases {
        let mut filing = good.clone();
        change(&mut filing);
        let refusal = zone.refusal("loopback", filed_adjustment(filing));
        assert_eq!((refusal.reason, refusal.field.as_deref()), (reason, Some(field)));
    }
    let line = (SURPLUS, kilos(1, 2, "1"));
    let many = adjustment("J01", "M1", 7, vec![line; LINES_MAX + 1]);
    assert_eq!(zone.refusal("loopback", filed_adjustment(many)).reason, Reason::TooLarge);
    zone.accepts(filed_adjustment(good.clone()));
    assert!(zone.takes(filed_adjustment(good.clone())).applied.repeated);
    let other = AdjustmentFiling { verification: Some(7), lines: good.lines[..1].to_vec(), ..good };
    assert_eq!(zone.refusal("loopback", filed_adjustment(other)).reason, Reason::DocumentExists);
    let nobody = decide_adjustment("J09", decision("K1", vec![rest(1, DecisionOutcome::Taxed)]));
    assert_eq!(zone.refusal("loopback", nobody).reason, Reason::DocumentUnknown);
    let by_firm = decide_adjustment("J01", decision("K1", vec![rest(1, DecisionOutcome::Taxed)]));
    assert_eq!(zone.refusal("firm", by_firm).reason, Reason::PermissionDenied);
}

/// A unit is found only if it once came in and the book has it nowhere.
#[test]
fn a_unit_is_found_once() {
    let pumps = world::unit_for_repair();
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = processing_book("W1", Usage::Repair);
    filing
        .rows
        .push(BookRow { tracked_by_serial: true, ..row(Mark::Goods, 6, &pumps, build::Amount::default()) });
    zone.files(Document::Book(filing));
    zone.files(Document::Verification(disposed("W1", 1)));
    let line = zonebook_ledger::document::ListLine {
        serial: Some(common::papers::serial("SN1")),
        ..build::list_line(1, 6, &pumps, amount("1", "1", None))
    };
    let pass = |zone: &mut Zone, number: &str, direction, list: &str| {
        zone.files(Document::Pass(build::pass(number, direction, &[list])));
        let at = world::local("2026-06-02T12:00:00");
        let stage = zonebook_ledger::document::PassageStage::Passed;
        zone.files(Document::Passage(build::passage(number, stage, at)));
    };
    use zonebook_ledger::direction::Direction::{In, Out};
    zone.files(build::filed(zonebook_ledger::document::List {
        lines: vec![line.clone()],
        ..build::list("L01", "W1", In)
    }));
    pass(&mut zone, "P01", In, "L01");
    zone.at("2026-06-02T13:00:00");
    let of = |unit: &str| (SURPLUS, of_unit(named(1, Mark::Goods, 6, amount("1", "1", None)), unit));
    let there = zone.refusal("loopback", filed_adjustment(adjustment("J01", "W1", 1, vec![of("SN1")])));
    assert_eq!((there.reason, there.field.as_deref()), (Reason::SerialExists, Some("serial")));
    let stranger = zone.refusal("loopback", filed_adjustment(adjustment("J01", "W1", 1, vec![of("SN7")])));
    assert_eq!(stranger.reason, Reason::SerialNotInPlace);
    zone.files(build::filed(zonebook_ledger::document::List {
        lines: vec![line],
        ..build::list("L02", "W1", Out)
    }));
    pass(&mut zone, "P02", Out, "L02");
    zone.accepts(filed_adjustment(adjustment("J01", "W1", 1, vec![of("SN1")])));
    let again = zone.refusal("loopback", filed_adjustment(adjustment("J02", "W1", 1, vec![of("SN1")])));
    assert_eq!(again.reason, Reason::SerialExists);
    zone.accepts(decide_adjustment("J01", decision("K1", vec![rest(1, DecisionOutcome::Entered)])));
    let lost = (SHORTAGE, of_unit(named(1, Mark::Goods, 6, amount("1", "1", None)), "SN1"));
    zone.accepts(filed_adjustment(adjustment("J02", "W1", 1, vec![lost])));
}
