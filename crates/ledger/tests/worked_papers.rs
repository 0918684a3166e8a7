//! The worked examples of `domain.md` section 6 about processing, commerce, permits and repair, by their names.

mod common;

use common::build::{self, Amount, amount, book, book_row, filed, list, list_line, quantity};
use common::papers::{
    bom_row, consumption, parcel, parcel_no, permit, processing_book, residue, row, serial, slip, slip_line,
    slip_no, slip_pass,
};
use common::world::{self, Goods};
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::BomVersion;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    BookFiling, BookRow, ConsumptionFiling, Document, List, ListLine, ParcelFiling, PassFiling, PassageStage,
    PermitKind, Provenance, SlipFiling,
};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::{Parcels, Slips, get};

fn goods(part: &str, units: (&str, &str)) -> Goods {
    Goods { part: part.into(), tariff: "8543709990".into(), units: build::units(units.0, units.1, None) }
}

/// Through the only gate.
fn passes(zone: &mut Zone, pass: PassFiling) {
    let number = pass.pass_no.to_string();
    zone.files(Document::Pass(pass));
    let at = world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage(&number, PassageStage::Passed, at)));
}

fn on_hand(zone: &Zone, position: &PositionKey) -> String {
    zone.on_hand(position).declared().to_string()
}

/// A1: 10,000 kg of a product leave; each material goes down by its net consumption with the loss on top, its bonded
/// part only, rounded once.
#[test]
fn a1_bom_explosion() {
    let kilos = ("035", "035");
    let uses = [
        (1, "0.6451", "100", "0.671979167", "13280.20833"),
        (18, "0.3", "100", "0.3125", "16875"),
        (61, "0.0101", "100", "0.010520833", "19894.79167"),
        (55, "0.0388", "100", "0.040416667", "19595.83333"),
        (49, "0.001", "0", "0.001041667", "20000"),
        (35, "0.005", "0", "0.005208333", "20000"),
    ];
    let there = amount("20000", "20000", None);
    let mut filing = processing_book("M1", Usage::Processing);
    filing.rows.push(row(Mark::Product, 1, &goods("YARN", kilos), Amount::default()));
    for (material, net, share, unit, _) in uses {
        filing.rows.push(row(Mark::Goods, material, &goods(&format!("M{material}"), kilos), there));
        filing.bom.push(bom_row(1, "19052201", material, [net, "4", share, unit]));
    }
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(filing));

    let line = list_line(1, 1, &goods("YARN", kilos), amount("10000", "10000", None));
    let line = ListLine { bom_version: BomVersion::new("19052201").ok(), ..line };
    let lines = vec![line];
    zone.files(filed(List { mark: Mark::Product, lines, ..list("L01", "M1", Direction::Out) }));
    passes(&mut zone, build::pass("P01", Direction::Out, &["L01"]));
    assert_eq!(zone.list("L01").state, DocumentState::Posted);
    for (material, .., left) in uses {
        assert_eq!(
            on_hand(&zone, &build::position("M1", material, Place::Zone)),
            left,
            "material {material}"
        );
    }
}

/// A6: 480 cans come in on one list of mode 1210; two parcels of one can each leave on a list that is not declared.
#[test]
fn a6_electronic_commerce() {
    let cans = goods("CAN", ("122", "035"));
    let received =
        [(36, "120", "108"), (37, "30", "27"), (38, "60", "54"), (39, "180", "162"), (40, "90", "81")];
    let mut filing = BookFiling { usage: Usage::ECommerce, ..book("C1") };
    filing.rows.extend(received.map(|(item, ..)| book_row(item, &cans, Amount::default())));
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(filing));
    let line = |(at, (item, cans_in, kilos)): (usize, (u64, &str, &str))| {
        list_line(at as u64 + 1, item, &cans, amount(cans_in, kilos, None))
    };
    let lines = received.into_iter().enumerate().map(line).collect();
    zone.files(filed(List { mode: build::mode("1210"), lines, ..list("L01", "C1", Direction::In) }));
    passes(&mut zone, build::pass("P01", Direction::In, &["L01"]));

    let one = amount("1", "0.9", None);
    let dear = parcel("T03", "C1", 38, &cans, one, "5000.00001");
    assert_eq!(zone.refuses(Document::Parcels(ParcelFiling::File(vec![dear]))), Reason::ParcelLimitExceeded);
    let parcels =
        vec![parcel("T01", "C1", 36, &cans, one, "1388.8"), parcel("T02", "C1", 37, &cans, one, "974.4")];
    zone.files(Document::Parcels(ParcelFiling::File(parcels)));
    let lines = vec![list_line(1, 36, &cans, one), list_line(2, 37, &cans, one)];
    let numbers = ["T01", "T02"].map(parcel_no);
    let out =
        List { kind: "8".into(), parcels: numbers.to_vec(), lines, ..list("L02", "C1", Direction::Out) };
    zone.files(filed(out));
    passes(&mut zone, build::pass("P02", Direction::Out, &["L02"]));
    assert_eq!(on_hand(&zone, &build::position("C1", 36, Place::Zone)), "119");
    assert_eq!(on_hand(&zone, &build::position("C1", 37, Place::Zone)), "29");
    for number in numbers {
        assert_eq!(get::<Parcels>(&zone.state, number).unwrap().unwrap().state, DocumentState::Delivered);
    }
}

fn slip_of(number: &str, declared: &str) -> SlipFiling {
    let mut filing = slip(number, "F01", Direction::Out);
    filing.lines.push(slip_line(1, 1, 1, &world::goods(1), amount(declared, declared, None)));
    filing
}

/// A21: of 1,000 under a permit, 300 are through the gate and 450 approved; 260 more are too many, 250 are not.
#[test]
fn a21_permit_quota() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &world::goods(1), amount("2000", "2000", None)));
    zone.files(Document::Book(filing));
    let lines = [(1, world::goods(1), quantity("1000"))];
    zone.files(Document::Permit(permit("F01", PermitKind::BatchedDelivery, "A1", &lines)));
    zone.files(Document::Slip(slip_of("S01", "300")));
    passes(&mut zone, slip_pass("P01", Direction::Out, "S01"));
    zone.files(Document::Slip(slip_of("S02", "450")));
    assert_eq!(zone.refuses(Document::Slip(slip_of("S03", "260"))), Reason::FormQuotaExceeded);
    zone.files(Document::Slip(slip_of("S03", "250")));

    let state = |zone: &Zone| get::<Slips>(&zone.state, slip_no("S01")).unwrap().unwrap().state;
    assert_eq!(state(&zone), DocumentState::Passed);
    let lines = vec![list_line(1, 1, &world::goods(1), amount("300", "300", None))];
    let slips = vec![slip_no("S01")];
    let declared = List { kind: "1".into(), slips, lines, ..list("L01", "A1", Direction::Out) };
    zone.files(build::filed(declared));
    assert_eq!(state(&zone), DocumentState::Consolidated);
    assert_eq!(on_hand(&zone, &build::position("A1", 1, Place::ShippedUndeclared)), "0");
    assert_eq!(zone.available(&build::position("A1", 1, Place::Zone)), quantity("1000"));
}

const UNITS: [&str; 10] = ["SN0", "SN1", "SN2", "SN3", "SN4", "SN5", "SN6", "SN7", "SN8", "SN9"];

fn serial_lines(item: u64, goods: &Goods, units: &[&str]) -> Vec<ListLine> {
    let line = |(at, unit): (usize, &&str)| ListLine {
        serial: Some(serial(unit)),
        provenance: Some(Provenance::Foreign),
        ..list_line(at as u64 + 1, item, goods, amount("1", "1", None))
    };
    units.iter().enumerate().map(line).collect()
}

fn in_all(zone: &Zone, mark: Mark, place: Place) -> i128 {
    let filter = zonebook_ledger::query::PositionFilter { book_no: None, item: None, place: Some(place) };
    let moment = zonebook_ledger::query::Moment::Now;
    let all = zonebook_ledger::query::positions(&zone.state, &filter, None, 100, moment).unwrap();
    let of_mark = all.iter().filter(|(key, _)| key.mark == mark && key.serial.is_some());
    of_mark.map(|(_, counters)| counters.on_hand().unwrap().declared().raw() / 100_000).sum()
}

/// A24: ten units come from abroad; eight get a new board each. No old board may be sold at home.
#[test]
fn a24_repair_swap() {
    let pieces = ("006", "006");
    let (board, unit) = (goods("BOARD", pieces), goods("UNIT", pieces));
    let mut filing = processing_book("W1", Usage::Repair);
    filing.rows.push(row(Mark::Goods, 1, &board, amount("8", "8", None)));
    let units = row(Mark::Goods, 2, &unit, Amount::default());
    filing.rows.push(BookRow { tracked_by_serial: true, ..units });
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(filing));
    let repair = |list: List| List { mode: build::mode("1371"), ..list };
    let lines = serial_lines(2, &unit, &UNITS);
    zone.files(filed(repair(List { lines, ..list("L01", "W1", Direction::In) })));
    passes(&mut zone, build::pass("P01", Direction::In, &["L01"]));

    let old = |(at, unit): (usize, &&str)| residue(at as u64 + 1, 1, &board, quantity("1"), Some(unit));
    let swap = ConsumptionFiling {
        part_swap: true,
        residues: UNITS[..8].iter().enumerate().map(old).collect(),
        ..consumption("U01", "W1", &[(1, quantity("8"))])
    };
    zone.files(Document::Consumption(swap));
    assert_eq!(in_all(&zone, Mark::Residue, Place::RemovedPart), 8);

    let boards = |number: &str, mode: &str, of: &[&str]| List {
        mark: Mark::Residue,
        mode: build::mode(mode),
        lines: serial_lines(1, &board, of),
        ..list(number, "W1", Direction::Out)
    };
    assert_eq!(zone.refuses(filed(boards("L02", "0844", &UNITS[..1]))), Reason::ForeignRemovedPart);
    // Nor under another mode, nor by way of a book that does not know where it comes from.
    let home = |list: List| List { transport: "9".into(), ..list };
    assert_eq!(zone.refuses(filed(home(boards("L02", "0110", &UNITS[..1])))), Reason::ForeignRemovedPart);
    let given = List {
        kind: "6".into(),
        related_book: Some(build::book_no("A1")),
        ..boards("L02", "5000", &UNITS[..1])
    };
    assert_eq!(zone.refuses(filed(given)), Reason::ForeignRemovedPart);
    zone.files(filed(boards("L02", "0864", &UNITS[..7])));
    passes(&mut zone, build::pass("P02", Direction::Out, &["L02"]));
    zone.files(filed(boards("L03", "0400", &UNITS[7..8])));
    let lines = serial_lines(2, &unit, &UNITS[..8]);
    zone.files(filed(repair(List { lines, ..list("L04", "W1", Direction::Out) })));
    passes(&mut zone, build::pass("P03", Direction::Out, &["L04"]));

    assert_eq!(in_all(&zone, Mark::Residue, Place::RemovedPart), 0);
    assert_eq!(in_all(&zone, Mark::Residue, Place::Outside), 8);
    assert_eq!(in_all(&zone, Mark::Goods, Place::Zone), 2);
    assert_eq!(on_hand(&zone, &build::position("W1", 1, Place::Zone)), "0");
}
