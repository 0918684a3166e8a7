//! Cases that the ledger once had wrong, each with the rule that decides it.

mod common;

use common::build::{self, Amount, amount, book, book_row, filed, list, list_line, quantity, withdrawal};
use common::papers::{consumption, permit, processing_book, residue, row, serial, slip, slip_line};
use common::world::goods;
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    BookFiling, ConsumptionFiling, Document, List, ListLine, PassageStage, PermitKind, Provenance, SlipLine,
};
use zonebook_ledger::place::Place;
use zonebook_ledger::reason::Reason;

/// One unit of goods 2 with a serial number.
fn unit_line(text: &str) -> ListLine {
    let line = list_line(1, 2, &goods(2), amount("1", "1.5", Some("2.5")));
    ListLine { serial: Some(serial(text)), provenance: Some(Provenance::Foreign), ..line }
}

fn passed(zone: &mut Zone, number: &str, direction: Direction, of_list: &str) {
    zone.files(Document::Pass(build::pass(number, direction, &[of_list])));
    let at = common::world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage(number, PassageStage::Passed, at)));
}

/// 10.2: a removed part that is announced to come back and is not is no receipt of its unit; the unit still leaves.
#[test]
fn a_part_whose_return_is_withdrawn_leaves_its_unit_known() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = processing_book("W1", Usage::Repair);
    filing.rows.push(row(Mark::Goods, 1, &goods(1), amount("10", "10", None)));
    let unit = row(Mark::Goods, 2, &goods(2), Amount::default());
    filing.rows.push(zonebook_ledger::document::BookRow { tracked_by_serial: true, ..unit });
    zone.files(Document::Book(filing));
    zone.files(filed(List { lines: vec![unit_line("SN1")], ..list("L01", "W1", Direction::In) }));
    passed(&mut zone, "P01", Direction::In, "L01");
    let swap = ConsumptionFiling {
        part_swap: true,
        residues: vec![residue(1, 1, &goods(1), quantity("1"), Some("SN1"))],
        ..consumption("U01", "W1", &[(1, quantity("1"))])
    };
    zone.files(Document::Consumption(swap));

    let part = ListLine { serial: Some(serial("SN1")), ..list_line(1, 1, &goods(1), amount("1", "1", None)) };
    let back = List { mark: Mark::Residue, lines: vec![part], ..list("L02", "W1", Direction::In) };
    zone.files(filed(back));
    zone.files(withdrawal("L02", 1));
    zone.files(filed(List { lines: vec![unit_line("SN1")], ..list("L03", "W1", Direction::Out) }));
}

/// 3.4: counters only grow by what moves; a slip whose value is below nothing is refused, and stops no book.
#[test]
fn a_slip_with_a_value_below_nothing_is_refused() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &goods(1), amount("10", "10", None)));
    zone.files(Document::Book(filing));
    let lines = [(1, goods(1), quantity("10"))];
    zone.files(Document::Permit(permit("F01", PermitKind::BatchedDelivery, "A1", &lines)));
    let line = slip_line(1, 1, 1, &goods(1), amount("4", "4", None));
    let line = SlipLine { value_usd: quantity("-1"), ..line };
    let mut filing = slip("S01", "F01", Direction::Out);
    filing.lines.push(line);
    assert_eq!(zone.refuses(Document::Slip(filing)), Reason::InvalidField);
}

/// 3.6: an opening of a processing book has no second statutory quantity, whatever the call says.
#[test]
fn an_opening_of_a_processing_book_has_no_second_statutory_quantity() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = processing_book("M1", Usage::Processing);
    filing.rows.push(row(Mark::Goods, 2, &goods(2), amount("10", "15", Some("25"))));
    zone.files(Document::Book(filing));
    let there = zone.on_hand(&build::position("M1", 2, Place::Zone)).0.map(|quantity| quantity.to_string());
    assert_eq!(there[..3], ["10", "0", "0"]);
}

/// 8.6: the goods of a pass on a bill are materials; a product with the same part number and a lower item does not
/// stand in their place.
#[test]
fn a_pass_on_a_bill_finds_the_material_and_not_the_product_of_its_part_number() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let filing = BookFiling {
        rows: vec![
            row(Mark::Product, 1, &goods(1), Amount::default()),
            row(Mark::Goods, 1, &goods(2), Amount::default()),
            row(Mark::Goods, 5, &goods(1), Amount::default()),
        ],
        ..processing_book("M1", Usage::Processing)
    };
    zone.files(Document::Book(filing));
    let brought = [(goods(1), quantity("7"))];
    zone.files(Document::Pass(build::bill_pass("P01", "M1", "BL1", &brought)));
    let at = common::world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage("P01", PassageStage::Passed, at)));
    let suspense = build::position("M1", 5, Place::SuspenseIn);
    assert_eq!(zone.available(&suspense), quantity("7"));
}
