//! Destruction, loss and abandonment (`domain.md` 3.1, 3.4 rows 23 to 26), with their worked example.

mod common;

use common::build::{self, Amount, amount, book, book_row, list, list_line, quantity};
use common::dispose::{
    approve, day, decide, decision, disposal, disposal_no, evidence, execute, filed, left_over, named,
    of_unit, part, reject, rest, set, withdraw,
};
use common::papers::{consumption, processing_book, residue, row, serial};
use common::world::{self, goods};
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::{Direction, Mark, Stops};
use zonebook_ledger::disposal::{Disposal, TaxBasis};
use zonebook_ledger::document::{
    BookRow, ConsumptionFiling, DecisionOutcome, DestructionResidue, DisposalFiling, DisposalKind,
    DisposalOrder, DisposalStep, Document, EvidenceKind, List, ListLine, NamedGoods, PassageStage,
    Provenance,
};
use zonebook_ledger::limits::{EVIDENCE_MAX, LINES_MAX};
use zonebook_ledger::measure::Unit;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, PositionFilter};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::{Disposals, get};

const DESTRUCTION: DisposalKind = DisposalKind::Destruction;

/// A storage book with 100 kg of cotton (item 1) and 10 tyres (item 2: 15.5 kg, 20 pieces of the second unit).
fn storage() -> Zone {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("A1");
    filing.rows.push(book_row(1, &goods(1), amount("100", "100", None)));
    filing.rows.push(book_row(2, &goods(2), amount("10", "15.5", Some("20"))));
    zone.files(Document::Book(filing));
    zone.at("2026-06-02T10:00:00");
    zone
}

fn cotton(declared: &str) -> NamedGoods {
    named(1, Mark::Goods, 1, amount(declared, declared, None))
}

fn there(zone: &Zone, number: u64, place: Place) -> [String; 3] {
    let [declared, first, second, _] = zone.on_hand(&build::position("A1", number, place)).0;
    [declared.to_string(), first.to_string(), second.to_string()]
}

fn found(zone: &Zone, number: &str) -> Disposal {
    (*get::<Disposals>(&zone.state, disposal_no(number)).unwrap().unwrap()).clone()
}

fn in_all(zone: &Zone, mark: Mark, place: Place) -> Quantity {
    let filter = PositionFilter { place: Some(place), ..PositionFilter::default() };
    let all = query::positions(&zone.state, &filter, None, usize::MAX, query::Moment::Now).unwrap();
    let on_hand = all
        .iter()
        .filter(|(key, _)| key.mark == mark)
        .map(|(_, counters)| counters.on_hand().unwrap().declared());
    on_hand.fold(Quantity::ZERO, |sum, one| sum.checked_add(one).unwrap())
}

/// Ten units from abroad in a repair book; eight have a new board, their old ones are removed parts.
fn repaired(units: usize, swapped: usize) -> (Zone, Vec<String>) {
    let pieces = |part: &str| world::Goods {
        part: part.into(),
        tariff: "8543709990".into(),
        units: build::units("006", "006", None),
    };
    let boards = quantity(&swapped.to_string());
    let there = Amount { declared: boards, statutory1: boards, statutory2: None };
    let mut filing = processing_book("W1", Usage::Repair);
    filing.rows.push(row(Mark::Goods, 1, &pieces("BOARD"), there));
    let unit = row(Mark::Goods, 2, &pieces("UNIT"), Amount::default());
    filing.rows.push(BookRow { tracked_by_serial: true, ..unit });
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(filing));
    let serials: Vec<String> = (1..=units).map(|at| format!("SN{at:02}")).collect();
    let line = |(at, unit): (usize, &String)| ListLine {
        serial: Some(serial(unit)),
        provenance: Some(if at == 9 { Provenance::Domestic } else { Provenance::Foreign }),
        ..list_line(at as u64 + 1, 2, &pieces("UNIT"), amount("1", "1", None))
    };
    let lines = serials.iter().enumerate().map(line).collect();
    let entry = List { mode: build::mode("1371"), lines, ..list("L01", "W1", Direction::In) };
    zone.files(build::filed(entry));
    zone.files(Document::Pass(build::pass("P01", Direction::In, &["L01"])));
    let at = world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage("P01", PassageStage::Passed, at)));
    let board = pieces("BOARD");
    let old = |(at, unit): (usize, &String)| residue(at as u64 + 1, 1, &board, quantity("1"), Some(unit));
    let swap = ConsumptionFiling {
        part_swap: true,
        residues: serials[..swapped].iter().enumerate().map(old).collect(),
        ..consumption("U01", "W1", &[(1, boards)])
    };
    zone.files(Document::Consumption(swap));
    zone.at("2026-06-02T10:00:00");
    (zone, serials)
}

fn board_of(line: u64, unit: &str) -> NamedGoods {
    of_unit(named(line, Mark::Residue, 1, amount("1", "1", None)), unit)
}

/// A24: of eight old boards with foreign provenance seven are re-exported and one is destroyed, here through a disposal
/// with approval and evidence: board side 8 = 7 + 1, unit side 10 = 8 out + 2 on hand.
#[test]
fn a24_one_of_eight_old_boards_is_destroyed_through_a_disposal() {
    let (mut zone, units) = repaired(10, 8);
    assert_eq!(in_all(&zone, Mark::Residue, Place::RemovedPart), quantity("8"));
    zone.accepts(filed(disposal("Q01", DESTRUCTION, "W1", vec![board_of(1, &units[7])])));
    assert_eq!(in_all(&zone, Mark::Residue, Place::RemovedPart), quantity("8"));
    zone.accepts(approve("Q01", 1));
    assert_eq!(in_all(&zone, Mark::Residue, Place::AwaitingDestruction), quantity("1"));
    zone.accepts(execute("Q01", "2026-06-02", Vec::new()));

    let board = world::Goods {
        part: "BOARD".into(),
        tariff: "8543709990".into(),
        units: build::units("006", "006", None),
    };
    let line = |(at, unit): (usize, &String)| ListLine {
        serial: Some(serial(unit)),
        ..list_line(at as u64 + 1, 1, &board, amount("1", "1", None))
    };
    let lines = units[..7].iter().enumerate().map(line).collect();
    let mode = build::mode("0864");
    let out = List { mark: Mark::Residue, mode, lines, ..list("L02", "W1", Direction::Out) };
    zone.files(build::filed(out));
    zone.files(Document::Pass(build::pass("P02", Direction::Out, &["L02"])));
    let at = world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage("P02", PassageStage::Passed, at)));

    assert_eq!(in_all(&zone, Mark::Residue, Place::RemovedPart), Quantity::ZERO);
    assert_eq!(in_all(&zone, Mark::Residue, Place::Outside), quantity("7"));
    assert_eq!(in_all(&zone, Mark::Residue, Place::Destroyed), quantity("1"));
    assert_eq!(in_all(&zone, Mark::Residue, Place::AwaitingDestruction), Quantity::ZERO);
    assert_eq!(in_all(&zone, Mark::Goods, Place::Zone), quantity("10"));
}

/// With other numbers: five units, three boards, two of them destroyed together, and what is left of one of them.
#[test]
fn destroyed_parts_leave_residues_that_are_known_by_their_unit() {
    let (mut zone, units) = repaired(5, 3);
    let boards = vec![board_of(1, &units[0]), board_of(2, &units[2])];
    zone.accepts(filed(disposal("Q01", DESTRUCTION, "W1", boards)));
    zone.accepts(approve("Q01", 1));
    zone.accepts(execute("Q01", "2026-06-02", vec![left_over(1, 2, 9, quantity("0.4"))]));
    assert_eq!(in_all(&zone, Mark::Residue, Place::Destroyed), quantity("2"));
    // One board in stock, and the copper.
    assert_eq!(in_all(&zone, Mark::Residue, Place::RemovedPart), quantity("1.4"));
    let copper = world::Goods {
        part: "BOARD".into(),
        tariff: "7404000090".into(),
        units: build::units("035", "035", None),
    };
    let line =
        ListLine { serial: Some(serial(&units[2])), ..list_line(1, 9, &copper, amount("0.4", "0.4", None)) };
    let out = List {
        mark: Mark::Residue,
        mode: build::mode("0864"),
        lines: vec![line],
        ..list("L02", "W1", Direction::Out)
    };
    zone.files(build::filed(out));
}

#[test]
fn goods_to_be_destroyed_are_reserved_then_set_aside_then_gone() {
    let mut zone = storage();
    let lines = vec![cotton("30"), named(2, Mark::Goods, 2, amount("10", "15.5", Some("20")))];
    let applied = zone.accepts(filed(disposal("Q01", DESTRUCTION, "A1", lines)));
    assert_eq!(applied.outcome.state, Some(DocumentState::Filed));
    assert_eq!(zone.available(&build::position("A1", 1, Place::Zone)), quantity("70"));
    assert_eq!(there(&zone, 1, Place::Zone), ["100", "100", "0"]);

    zone.accepts(approve("Q01", 1));
    let approved = found(&zone, "Q01");
    assert_eq!(approved.state, DocumentState::Approved);
    assert_eq!(approved.approved_until, Some(day("2026-07-02")));
    assert_eq!(there(&zone, 1, Place::Zone), ["70", "70", "0"]);
    assert_eq!(there(&zone, 2, Place::Zone), ["0", "0", "0"]);
    assert_eq!(there(&zone, 2, Place::AwaitingDestruction), ["10", "15.5", "20"]);

    zone.at("2026-06-20T10:00:00");
    zone.accepts(execute("Q01", "2026-06-19", vec![left_over(1, 2, 2, quantity("3"))]));
    let done = found(&zone, "Q01");
    assert_eq!(done.state, DocumentState::Executed);
    assert!(done.open.iter().all(|open| open.left.is_zero()));
    assert_eq!(done.execution.unwrap().executed_on, day("2026-06-19"));
    assert_eq!(there(&zone, 2, Place::Destroyed), ["10", "15.5", "20"]);
    assert_eq!(there(&zone, 2, Place::AwaitingDestruction), ["0", "0", "0"]);
    let scrap = PositionKey { mark: Mark::Residue, ..build::position("A1", 2, Place::Scrap) };
    assert_eq!(zone.on_hand(&scrap).declared(), quantity("3"));
    assert_eq!(zone.on_hand(&scrap).get(Unit::Value), quantity("12.5"));
}

#[test]
fn each_level_approves_once_and_by_somebody_else() {
    let mut zone = storage();
    zone.accepts(set(Parameter::DestructionLevels, "2"));
    zone.accepts(filed(disposal("Q01", DESTRUCTION, "A1", vec![cotton("30")])));
    // What holds when it is filed counts.
    zone.accepts(set(Parameter::DestructionLevels, "1"));
    let early = zone.refusal("customs", approve("Q01", 2));
    assert_eq!(early.reason, Reason::DisposalState);
    assert_eq!(early.expected.as_deref(), Some("1 of 2"));
    assert_eq!(zone.asks("customs", approve("Q01", 1)).applied.outcome.verdict, Verdict::Accepted);
    assert_eq!(found(&zone, "Q01").state, DocumentState::Filed);
    assert_eq!(zone.refusal("customs", approve("Q01", 2)).reason, Reason::ApproverRepeated);
    let early = zone.refusal("loopback", execute("Q01", "2026-06-02", Vec::new()));
    assert_eq!((early.reason, early.value.as_deref()), (Reason::DisposalState, Some("FILED")));
    zone.accepts(approve("Q01", 2));
    assert_eq!(found(&zone, "Q01").state, DocumentState::Approved);
    let again = zone.refusal("loopback", approve("Q01", 3));
    assert_eq!((again.reason, again.value.as_deref()), (Reason::DisposalState, Some("APPROVED")));
}

#[test]
fn rejected_or_withdrawn_goods_are_as_they_were() {
    let mut zone = storage();
    let stock = build::position("A1", 1, Place::Zone);
    let before = zone.counters(&stock);
    for (number, ending, state) in
        [("Q01", reject("Q01"), DocumentState::Rejected), ("Q02", withdraw("Q02"), DocumentState::Withdrawn)]
    {
        zone.accepts(filed(disposal(number, DESTRUCTION, "A1", vec![cotton("30")])));
        zone.accepts(ending);
        assert_eq!(zone.counters(&stock), before);
        assert_eq!(found(&zone, number).state, state);
    }
    // After the approval they come back by a transfer of their own.
    zone.accepts(filed(disposal("Q03", DESTRUCTION, "A1", vec![cotton("30")])));
    zone.accepts(approve("Q03", 1));
    assert_eq!(zone.refusal("loopback", reject("Q03")).reason, Reason::DisposalState);
    zone.accepts(withdraw("Q03"));
    assert_eq!(zone.available(&stock), quantity("100"));
    assert_eq!(zone.counters(&stock).decrease_posted.declared(), quantity("30"));
    assert_eq!(zone.refusal("loopback", withdraw("Q03")).reason, Reason::DisposalState);
}

#[test]
fn a_destruction_needs_evidence_and_an_approval_that_still_holds() {
    let mut zone = storage();
    zone.accepts(set(Parameter::DestructionApprovalDays, "5"));
    zone.accepts(filed(disposal("Q01", DESTRUCTION, "A1", vec![cotton("30")])));
    zone.accepts(approve("Q01", 1));
    let Command::OrderDisposal(mut order) = execute("Q01", "2026-06-02", Vec::new()) else { unreachable!() };
    if let DisposalStep::Execute(execution) = &mut order.step {
        execution.evidence.clear();
    }
    let bare = zone.refusal("loopback", Command::OrderDisposal(order));
    assert_eq!((bare.reason, bare.field.as_deref()), (Reason::EvidenceMissing, Some("evidence")));
    let before = zone.refusal("loopback", execute("Q01", "2026-06-01", Vec::new()));
    assert_eq!((before.reason, before.field.as_deref()), (Reason::InvalidField, Some("executed_on")));
    let ahead = zone.refusal("loopback", execute("Q01", "2026-06-03", Vec::new()));
    assert_eq!(ahead.reason, Reason::InvalidField);
    let late = zone.refusal("loopback", execute("Q01", "2026-06-08", Vec::new()));
    assert_eq!(late.reason, Reason::ApprovalExpired);
    assert_eq!(late.expected.as_deref(), Some("not after 2026-06-07"));
    // Live, today counts as well.
    zone.at("2026-06-08T00:00:00");
    let late = zone.refusal("loopback", execute("Q01", "2026-06-07", Vec::new()));
    assert_eq!(late.reason, Reason::ApprovalExpired);
    assert_eq!(there(&zone, 1, Place::AwaitingDestruction), ["30", "30", "0"]);
    zone.accepts(withdraw("Q01"));
    assert_eq!(there(&zone, 1, Place::Zone), ["100", "100", "0"]);
}

#[test]
fn the_last_day_of_an_approval_is_a_day_of_it() {
    let mut zone = storage();
    zone.accepts(set(Parameter::DestructionApprovalDays, "5"));
    zone.accepts(filed(disposal("Q01", DESTRUCTION, "A1", vec![cotton("30")])));
    zone.accepts(approve("Q01", 1));
    zone.at("2026-06-07T23:59:59");
    zone.accepts(execute("Q01", "2026-06-07", Vec::new()));
}

#[test]
fn a_residue_is_refused_by_name_and_nothing_is_destroyed() {
    let mut zone = storage();
    zone.accepts(filed(disposal("Q01", DESTRUCTION, "A1", vec![cotton("30")])));
    zone.accepts(approve("Q01", 1));
    let good = left_over(1, 1, 1, quantity("2"));
    let cases = [
        (DestructionResidue { declared: Quantity::ZERO, ..good.clone() }, Reason::NonPositiveQty),
        (DestructionResidue { value_usd: quantity("-1"), ..good.clone() }, Reason::InvalidField),
        (DestructionResidue { from_line: 7, ..good.clone() }, Reason::InvalidField),
    ];
    for (residue, reason) in cases {
        let refusal = zone.refusal("loopback", execute("Q01", "2026-06-02", vec![residue]));
        assert_eq!((refusal.reason, refusal.line), (reason, Some(1)));
    }
    let twice = zone.refusal("loopback", execute("Q01", "2026-06-02", vec![good.clone(), good.clone()]));
    assert_eq!(twice.reason, Reason::NamedTwice);
    assert_eq!(there(&zone, 1, Place::AwaitingDestruction), ["30", "30", "0"]);
    zone.accepts(execute("Q01", "2026-06-02", vec![good.clone()]));

    zone.accepts(filed(disposal("Q02", DESTRUCTION, "A1", vec![cotton("30")])));
    zone.accepts(approve("Q02", 1));
    let other_code = DestructionResidue {
        tariff_code: zonebook_ledger::code::TariffCode::new("9999999999").unwrap(),
        ..good.clone()
    };
    let other_unit =
        DestructionResidue { unit: zonebook_ledger::code::UnitCode::new("007").unwrap(), ..good.clone() };
    for (residue, reason) in [(other_code, Reason::HsMismatch), (other_unit, Reason::UnitMismatch)] {
        assert_eq!(zone.refusal("loopback", execute("Q02", "2026-06-02", vec![residue])).reason, reason);
    }
}

#[test]
fn residues_of_a_repair_book_are_of_a_unit() {
    let (mut zone, _) = repaired(3, 2);
    let list = List {
        lines: vec![list_line(
            1,
            1,
            &world::Goods {
                part: "BOARD".into(),
                tariff: "8543709990".into(),
                units: build::units("006", "006", None),
            },
            amount("4", "4", None),
        )],
        ..list("L05", "W1", Direction::In)
    };
    zone.files(build::filed(list));
    zone.files(Document::Pass(build::pass("P05", Direction::In, &["L05"])));
    let at = world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage("P05", PassageStage::Passed, at)));
    let parts = named(1, Mark::Goods, 1, amount("4", "4", None));
    zone.accepts(filed(disposal("Q01", DESTRUCTION, "W1", vec![parts])));
    zone.accepts(approve("Q01", 1));
    let refusal =
        zone.refusal("loopback", execute("Q01", "2026-06-02", vec![left_over(1, 1, 1, quantity("2"))]));
    assert_eq!(refusal.reason, Reason::SerialNotInPlace);
    zone.accepts(execute("Q01", "2026-06-02", Vec::new()));
    assert_eq!(in_all(&zone, Mark::Goods, Place::Destroyed), quantity("4"));
}

/// A book kept by receipt: the row is named, and the residue keeps its lot.
#[test]
fn a_row_is_destroyed_with_its_lot() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("R1");
    filing.rows.push(book_row(3, &goods(1), amount("50", "50", None)));
    zone.files(Document::Book(filing));
    let row = PositionKey {
        lot: zonebook_ledger::code::LotNo::new("OLD/3").ok(),
        ..build::position("R1", 3, Place::Zone)
    };
    let goods = named(1, Mark::Goods, 3, amount("20", "20", None));
    zone.at("2026-06-02T10:00:00");
    zone.accepts(filed(disposal("Q01", DESTRUCTION, "R1", vec![goods])));
    zone.accepts(approve("Q01", 1));
    zone.accepts(execute("Q01", "2026-06-02", vec![left_over(1, 1, 3, quantity("1.5"))]));
    assert_eq!(zone.on_hand(&row).declared(), quantity("30"));
    assert_eq!(zone.on_hand(&row.at(Place::Destroyed)).declared(), quantity("20"));
    let scrap = PositionKey { mark: Mark::Residue, ..row.at(Place::Scrap) };
    assert_eq!(zone.on_hand(&scrap).declared(), quantity("1.5"));
}

/// What is lost by force majeure is not there from the report on; customs decides on it in parts that sum up to it.
#[test]
fn a_loss_by_force_majeure_is_decided_on_in_parts() {
    use DecisionOutcome::{Returned, Taxed, WrittenOff};
    let mut zone = storage();
    let tyres = named(1, Mark::Goods, 2, amount("8", "12", Some("16")));
    zone.accepts(filed(disposal("Q01", DisposalKind::LossForceMajeure, "A1", vec![tyres])));
    assert_eq!(there(&zone, 2, Place::Zone), ["2", "3.5", "4"]);
    assert_eq!(there(&zone, 2, Place::Difference), ["8", "12", "16"]);
    assert_eq!(found(&zone, "Q01").levels, 0);

    zone.accepts(decide("Q01", decision("K1", vec![part(1, WrittenOff, ["5", "7.5", "10", "5"])])));
    assert_eq!(found(&zone, "Q01").state, DocumentState::Filed);
    assert_eq!(there(&zone, 2, Place::Lost), ["5", "7.5", "10"]);
    let mut assessed = part(1, Taxed, ["1", "1.5", "2", "1"]);
    let bare = zone.refusal("loopback", decide("Q01", decision("K2", vec![assessed.clone()])));
    assert_eq!((bare.reason, bare.field.as_deref()), (Reason::InvalidField, Some("dutiable_value")));
    assessed.dutiable_value = Some(quantity("0.3"));
    let mut second = decision("K2", vec![assessed, rest(1, Returned)]);
    second.rates_on = Some(day("2026-05-31"));
    zone.accepts(decide("Q01", second));
    let done = found(&zone, "Q01");
    assert_eq!(done.state, DocumentState::Decided);
    assert_eq!(there(&zone, 2, Place::Zone), ["4", "6.5", "8"]);
    assert_eq!(there(&zone, 2, Place::Difference), ["0", "0", "0"]);
    let basis = TaxBasis { rates_on: day("2026-05-31"), dutiable_value: quantity("0.3") };
    assert_eq!(done.decisions[1].lines[0].tax, Some(basis));
    assert_eq!(done.decisions[1].lines[1].tax, None);
    let over = zone.refusal("loopback", decide("Q01", decision("K3", vec![rest(1, Returned)])));
    assert_eq!((over.reason, over.value.as_deref()), (Reason::DisposalState, Some("DECIDED")));
}

#[test]
fn parts_that_do_not_sum_up_to_the_line_are_refused_with_the_unit() {
    use DecisionOutcome::WrittenOff;
    let mut zone = storage();
    let tyres = named(1, Mark::Goods, 2, amount("8", "12", Some("16")));
    zone.accepts(filed(disposal("Q01", DisposalKind::LossForceMajeure, "A1", vec![tyres])));
    let cases = [
        (["8.00001", "12", "16", "8"], Unit::Declared),
        (["8", "11.99999", "16", "8"], Unit::Statutory1),
        (["8", "12", "15", "8"], Unit::Statutory2),
        (["8", "12", "16", "7"], Unit::Value),
        (["4", "12", "8", "4"], Unit::Statutory1),
        (["4", "6", "0", "4"], Unit::Statutory2),
        (["4", "6", "8", "8.1"], Unit::Value),
    ];
    for (parts, unit) in cases {
        let refusal =
            zone.refusal("loopback", decide("Q01", decision("K1", vec![part(1, WrittenOff, parts)])));
        assert_eq!((refusal.reason, refusal.unit), (Reason::DecidedSumMismatch, Some(unit)), "{parts:?}");
        assert_eq!(refusal.place, Some(Place::Difference));
    }
    let none = part(1, WrittenOff, ["0", "6", "8", "4"]);
    let none = zone.refusal("loopback", decide("Q01", decision("K1", vec![none])));
    assert_eq!(none.reason, Reason::NonPositiveQty);
    let below = part(1, WrittenOff, ["4", "6", "8", "-1"]);
    let below = zone.refusal("loopback", decide("Q01", decision("K1", vec![below])));
    assert_eq!(below.reason, Reason::InvalidField);
    // The parts of one decision count together.
    let twice = vec![part(1, WrittenOff, ["5", "7", "9", "5"]), part(1, WrittenOff, ["5", "5", "7", "3"])];
    assert_eq!(
        zone.refusal("loopback", decide("Q01", decision("K1", twice))).reason,
        Reason::DecidedSumMismatch
    );
    assert_eq!(there(&zone, 2, Place::Difference), ["8", "12", "16"]);
}

/// Units that are the same have the same number, in parts as well.
#[test]
fn a_part_has_one_number_in_one_unit() {
    let mut zone = storage();
    zone.accepts(filed(disposal("Q01", DisposalKind::LossForceMajeure, "A1", vec![cotton("30")])));
    let off = part(1, DecisionOutcome::WrittenOff, ["10", "9", "0", "10"]);
    let refusal = zone.refusal("loopback", decide("Q01", decision("K1", vec![off])));
    assert_eq!(refusal.reason, Reason::StatutoryQtyMismatch);
}

/// A loss by bad storage is taxed at the value before damage and the rates of the day of the loss, never written off.
#[test]
fn another_loss_is_taxed_with_the_rates_of_its_day() {
    use DecisionOutcome::{Returned, Taxed, WrittenOff};
    let mut zone = storage();
    let mut filing = disposal("Q01", DisposalKind::LossOther, "A1", vec![cotton("30")]);
    filing.evidence.clear();
    filing.event_on = Some(day("2026-05-28"));
    zone.accepts(filed(filing));
    let off = zone.refusal("loopback", decide("Q01", decision("K1", vec![rest(1, WrittenOff)])));
    assert_eq!(off.reason, Reason::DecisionNotAllowed);
    assert_eq!(off.expected.as_deref(), Some("of LOSS_OTHER: TAXED, RETURNED"));
    let mut other_day = decision("K1", vec![rest(1, Taxed)]);
    other_day.rates_on = Some(day("2026-06-02"));
    let other_day = zone.refusal("loopback", decide("Q01", other_day));
    assert_eq!((other_day.reason, other_day.field.as_deref()), (Reason::InvalidField, Some("rates_on")));
    let valued = part(1, Returned, ["2", "2", "0", "2"]);
    let valued = zonebook_ledger::document::DecisionLine { dutiable_value: Some(quantity("1")), ..valued };
    assert_eq!(
        zone.refusal("loopback", decide("Q01", decision("K1", vec![valued]))).reason,
        Reason::InvalidField
    );
    let lines = vec![part(1, Returned, ["2", "2", "0", "2"]), rest(1, Taxed)];
    zone.accepts(decide("Q01", decision("K1", lines)));
    let done = found(&zone, "Q01");
    let basis = TaxBasis { rates_on: day("2026-05-28"), dutiable_value: quantity("28") };
    assert_eq!(done.decisions[0].lines[1].tax, Some(basis));
    assert_eq!(there(&zone, 1, Place::Zone), ["72", "72", "0"]);
    assert_eq!(zone.on_hand(&build::position("A1", 1, Place::Outside)).declared(), quantity("28"));
}

#[test]
fn a_decision_is_new_and_of_its_time_and_about_a_line() {
    use DecisionOutcome::Taxed;
    let mut zone = storage();
    zone.accepts(filed(disposal("Q01", DisposalKind::LossOther, "A1", vec![cotton("30")])));
    let some = || part(1, Taxed, ["5", "5", "0", "5"]);
    let refused = |zone: &mut Zone, decision| {
        let refusal = zone.refusal("loopback", decide("Q01", decision));
        (refusal.reason, refusal.field.unwrap().to_string())
    };
    let mut early = decision("K1", vec![some()]);
    early.decided_on = day("2026-06-01");
    assert_eq!(refused(&mut zone, early), (Reason::InvalidField, "decided_on".into()));
    let mut ahead = decision("K1", vec![some()]);
    ahead.decided_on = day("2026-06-03");
    assert_eq!(refused(&mut zone, ahead), (Reason::InvalidField, "decided_on".into()));
    assert_eq!(refused(&mut zone, decision("K1", Vec::new())), (Reason::InvalidField, "lines".into()));
    let stray = decision("K1", vec![rest(9, Taxed)]);
    assert_eq!(refused(&mut zone, stray), (Reason::InvalidField, "line".into()));
    let many = decision("K1", vec![some(); LINES_MAX + 1]);
    assert_eq!(refused(&mut zone, many).0, Reason::TooLarge);
    zone.accepts(decide("Q01", decision("K1", vec![some()])));
    let again = decision("K1", vec![some()]);
    assert_eq!(refused(&mut zone, again), (Reason::DocumentExists, "decision_no".into()));
    zone.accepts(decide("Q01", decision("K2", vec![some()])));
}

/// However many parts there were, what takes the rest is allowed.
#[test]
fn parts_are_counted_and_the_rest_is_always_decided() {
    let mut zone = storage();
    zone.accepts(filed(disposal("Q01", DisposalKind::LossOther, "A1", vec![cotton("30")])));
    let bit = || part(1, DecisionOutcome::Taxed, ["0.00001", "0.00001", "0", "0.00001"]);
    for number in ["K1", "K2"] {
        zone.accepts(decide("Q01", decision(number, vec![bit(); LINES_MAX])));
    }
    let over = zone.refusal("loopback", decide("Q01", decision("K3", vec![bit()])));
    assert_eq!(over.reason, Reason::TooLarge);
    zone.accepts(decide("Q01", decision("K3", vec![rest(1, DecisionOutcome::Taxed)])));
    assert_eq!(found(&zone, "Q01").state, DocumentState::Decided);
}

#[test]
fn abandoned_goods_are_taken_over_or_given_back() {
    use DecisionOutcome::{Returned, TakenOver, Taxed};
    let mut zone = storage();
    zone.accepts(filed(disposal("Q01", DisposalKind::Abandonment, "A1", vec![cotton("30")])));
    let early = zone.refusal("loopback", decide("Q01", decision("K1", vec![rest(1, TakenOver)])));
    assert_eq!((early.reason, early.value.as_deref()), (Reason::DisposalState, Some("FILED")));
    zone.accepts(approve("Q01", 1));
    assert_eq!(found(&zone, "Q01").approved_until, None);
    assert_eq!(there(&zone, 1, Place::AwaitingDestruction), ["30", "30", "0"]);
    for step in [withdraw("Q01"), execute("Q01", "2026-06-02", Vec::new())] {
        assert_eq!(zone.refusal("loopback", step).reason, Reason::DisposalState);
    }
    let taxed = zone.refusal("loopback", decide("Q01", decision("K1", vec![rest(1, Taxed)])));
    assert_eq!(taxed.reason, Reason::DecisionNotAllowed);
    let lines = vec![part(1, TakenOver, ["25", "25", "0", "25"]), rest(1, Returned)];
    zone.accepts(decide("Q01", decision("K1", lines)));
    assert_eq!(there(&zone, 1, Place::Zone), ["75", "75", "0"]);
    assert_eq!(zone.on_hand(&build::position("A1", 1, Place::Outside)).declared(), quantity("25"));
    assert_eq!(found(&zone, "Q01").state, DocumentState::Decided);
}

#[test]
fn what_is_dangerous_or_must_not_be_sold_is_not_abandoned() {
    let mut zone = storage();
    let mut dangerous = disposal("Q01", DisposalKind::Abandonment, "A1", vec![cotton("30")]);
    dangerous.lines[0].dangerous = true;
    let refusal = zone.refusal("loopback", filed(dangerous.clone()));
    assert_eq!((refusal.reason, refusal.line), (Reason::AbandonmentForbidden, Some(1)));
    zone.accepts(filed(DisposalFiling { kind: DESTRUCTION, ..dangerous }));

    let (mut zone, units) = repaired(10, 10);
    let foreign = disposal("Q01", DisposalKind::Abandonment, "W1", vec![board_of(1, &units[0])]);
    assert_eq!(zone.refusal("loopback", filed(foreign)).reason, Reason::ForeignRemovedPart);
    zone.accepts(filed(disposal("Q01", DisposalKind::Abandonment, "W1", vec![board_of(1, &units[9])])));
}

/// A loss is a fact: a stop or the end of the book does not undo it. A destruction is a choice.
#[test]
fn stops_and_the_end_of_a_book_hold_up_destruction_and_not_a_loss() {
    let mut zone = storage();
    let stopped = |target| {
        let stops = Stops { inward: false, outward: true, changes: false };
        Command::SetStops(zonebook_ledger::command::StopOrder { target, stops, reason: "case".into() })
    };
    zone.accepts(stopped(zonebook_ledger::command::StopTarget::Item(build::item("A1", 1))));
    let destruction = || filed(disposal("Q01", DESTRUCTION, "A1", vec![cotton("5")]));
    assert_eq!(zone.refusal("loopback", destruction()).reason, Reason::ItemPaused);
    zone.accepts(stopped(zonebook_ledger::command::StopTarget::Book(build::book_no("A1"))));
    assert_eq!(zone.refusal("loopback", destruction()).reason, Reason::BookPaused);
    zone.accepts(filed(disposal("Q02", DisposalKind::LossOther, "A1", vec![cotton("5")])));
    zone.at("2027-01-02T10:00:00");
    assert_eq!(zone.refusal("loopback", destruction()).reason, Reason::BookExpired);
    zone.accepts(filed(disposal("Q03", DisposalKind::LossForceMajeure, "A1", vec![cotton("5")])));
}

#[test]
fn what_a_disposal_lacks_is_named() {
    let mut zone = storage();
    let good = disposal("Q01", DisposalKind::LossForceMajeure, "A1", vec![cotton("5")]);
    type Change = fn(&mut DisposalFiling);
    let cases: [(Change, Reason, &str); 14] = [
        (|filing| filing.lines.clear(), Reason::InvalidField, "lines"),
        (|filing| filing.cause = " ".into(), Reason::InvalidField, "cause"),
        (|filing| filing.event_on = None, Reason::InvalidField, "event_on"),
        (|filing| filing.event_on = Some(day("2026-06-03")), Reason::InvalidField, "event_on"),
        (
            |filing| filing.evidence = vec![evidence(EvidenceKind::Report)],
            Reason::EvidenceMissing,
            "evidence",
        ),
        (
            |filing| filing.evidence = vec![evidence(EvidenceKind::OfficialProof); EVIDENCE_MAX + 1],
            Reason::TooLarge,
            "evidence",
        ),
        (|filing| filing.book_no = build::book_no("X9"), Reason::BookUnknown, "book_no"),
        (|filing| filing.owner = build::customs_no("2217960009"), Reason::BookOwnerMismatch, "owner"),
        (|filing| filing.lines[0].goods.number = 77, Reason::ItemNotFiled, "number"),
        (|filing| filing.lines[0].goods.declared = quantity("5.5"), Reason::StatutoryQtyMismatch, "lawfQty"),
        (
            |filing| filing.lines[0].goods.statutory2 = Some(quantity("1")),
            Reason::SecondQtyMismatch,
            "secdLawfQty",
        ),
        (|filing| filing.lines[0].goods.value_usd = quantity("-1"), Reason::InvalidField, "value_usd"),
        (|filing| filing.lines[0].goods.serial = Some(serial("SN1")), Reason::SerialNotInPlace, "serial"),
        (|filing| filing.lines.push(filing.lines[0].clone()), Reason::NamedTwice, "line"),
    ];
    for (change, reason, field) in cases {
        let mut filing = good.clone();
        change(&mut filing);
        let refusal = zone.refusal("loopback", filed(filing));
        assert_eq!((refusal.reason, refusal.field.as_deref()), (reason, Some(field)));
    }
    let none = disposal("Q01", DisposalKind::LossOther, "A1", vec![cotton("0")]);
    assert_eq!(zone.refusal("loopback", filed(none)).reason, Reason::NonPositiveQty);
    let much = disposal("Q01", DisposalKind::LossOther, "A1", vec![cotton("100.00001")]);
    assert_eq!(zone.refusal("loopback", filed(much)).reason, Reason::ShortStock);
    let light = named(1, Mark::Goods, 2, amount("5", "0", Some("10")));
    let light = disposal("Q01", DisposalKind::LossOther, "A1", vec![light]);
    assert_eq!(zone.refusal("loopback", filed(light)).reason, Reason::NonPositiveQty);
    let rest = named(1, Mark::Goods, 2, amount("10", "15", Some("20")));
    let rest = disposal("Q01", DisposalKind::LossOther, "A1", vec![rest]);
    assert_eq!(zone.refusal("loopback", filed(rest)).reason, Reason::StatutoryRemainder);
    zone.accepts(filed(good.clone()));
    // The same once more is the same; another one with its number is not.
    assert!(zone.takes(filed(good.clone())).applied.repeated);
    let other = DisposalFiling { cause: "fire".into(), ..good };
    let refusal = zone.refusal("loopback", filed(other));
    assert_eq!(refusal.reason, Reason::DocumentExists);
    let unknown = zone.refusal("loopback", approve("Q09", 1));
    assert_eq!(unknown.reason, Reason::DocumentUnknown);
    assert_eq!(zone.refusal("loopback", approve("Q01", 1)).field.as_deref(), Some("kind"));
}

/// A stock that has nothing in a statutory unit is named without it.
#[test]
fn a_stock_without_statutory_quantity_is_lost_without_it() {
    let mut zone = Zone::opened("2026-06-02T10:00:00");
    let mut filing = processing_book("M1", Usage::Processing);
    filing.rows.push(row(Mark::Goods, 2, &goods(4), amount("10", "0", None)));
    zone.files(Document::Book(filing));
    let line = named(1, Mark::Goods, 2, amount("4", "0", None));
    zone.accepts(filed(disposal("Q01", DisposalKind::LossOther, "M1", vec![line])));
    zone.accepts(decide("Q01", decision("K1", vec![rest(1, DecisionOutcome::Taxed)])));
    assert_eq!(zone.available(&build::position("M1", 2, Place::Zone)), quantity("6"));
}

/// A unit is destroyed or decided on as a whole, and known by its receipt.
#[test]
fn a_unit_is_lost_whole() {
    let (mut zone, units) = repaired(3, 1);
    let unit = |amount: Amount| of_unit(named(1, Mark::Goods, 2, amount), &units[1]);
    let half = disposal("Q01", DisposalKind::LossOther, "W1", vec![unit(amount("0.5", "0.5", None))]);
    let refusal = zone.refusal("loopback", filed(half));
    assert_eq!((refusal.reason, refusal.field.as_deref()), (Reason::InvalidField, Some("dclQty")));
    let nobody = of_unit(named(1, Mark::Goods, 2, amount("1", "1", None)), "SN99");
    let nobody = disposal("Q01", DisposalKind::LossOther, "W1", vec![nobody]);
    assert_eq!(zone.refusal("loopback", filed(nobody)).reason, Reason::SerialNotInPlace);
    zone.accepts(filed(disposal("Q01", DisposalKind::LossOther, "W1", vec![unit(amount("1", "1", None))])));
    // It is gone from the stock, so that it cannot be lost once more.
    let again = disposal("Q02", DisposalKind::LossOther, "W1", vec![unit(amount("1", "1", None))]);
    assert_eq!(zone.refusal("loopback", filed(again)).reason, Reason::SerialNotInPlace);
    let half = part(1, DecisionOutcome::Taxed, ["0.5", "0.5", "0", "0.5"]);
    let refusal = zone.refusal("loopback", decide("Q01", decision("K1", vec![half])));
    assert_eq!(refusal.reason, Reason::DecidedSumMismatch);
    zone.accepts(decide("Q01", decision("K1", vec![rest(1, DecisionOutcome::Taxed)])));
    assert_eq!(in_all(&zone, Mark::Goods, Place::Zone), quantity("2"));
}

#[test]
fn only_customs_approves_rejects_and_decides() {
    let mut zone = storage();
    zone.accepts(filed(disposal("Q01", DESTRUCTION, "A1", vec![cotton("30")])));
    for who in ["firm", "gate", "admin", "stranger"] {
        for step in [approve("Q01", 1), reject("Q01"), decide("Q01", decision("K1", Vec::new()))] {
            assert_eq!(zone.refusal(who, step).reason, Reason::PermissionDenied, "{who}");
        }
    }
    for who in ["admin", "stranger"] {
        assert_eq!(zone.refusal(who, withdraw("Q01")).reason, Reason::PermissionDenied, "{who}");
    }
    assert_eq!(zone.asks("customs", approve("Q01", 1)).applied.outcome.verdict, Verdict::Accepted);
    let done = zone.asks("firm", execute("Q01", "2026-06-02", Vec::new()));
    assert_eq!(done.applied.outcome.verdict, Verdict::Accepted);
}

#[test]
fn levels_and_days_are_whole_numbers_in_their_range() {
    let mut zone = storage();
    for (parameter, values) in [
        (Parameter::DestructionLevels, ["0", "4", "1.5", "-1"]),
        (Parameter::AbandonmentLevels, ["0", "4", "2.00001", "-1"]),
        (Parameter::DestructionApprovalDays, ["-1", "0.5", "3651", "100000"]),
    ] {
        for value in values {
            assert_eq!(zone.refusal("loopback", set(parameter, value)).reason, Reason::InvalidField);
        }
    }
    zone.accepts(set(Parameter::AbandonmentLevels, "3"));
    zone.accepts(filed(disposal("Q01", DisposalKind::Abandonment, "A1", vec![cotton("30")])));
    assert_eq!(found(&zone, "Q01").levels, 3);
}

/// An order that is refused says the state of its disposal.
#[test]
fn a_refused_order_shows_the_state_of_the_disposal() {
    let mut zone = storage();
    zone.accepts(filed(disposal("Q01", DESTRUCTION, "A1", vec![cotton("30")])));
    let order = DisposalOrder {
        disposal_no: disposal_no("Q01"),
        step: DisposalStep::Approve { level: 5, remark: "".into() },
    };
    let outcome = zone.asks("loopback", Command::OrderDisposal(Box::new(order))).applied.outcome;
    assert_eq!(outcome.state, Some(DocumentState::Filed));
    assert_eq!(outcome.document.as_deref(), Some("Q01"));
}

/// A leased asset that is destroyed leaves its scrap under the row and the serial number by which a list takes it out.
#[test]
fn what_is_left_of_an_asset_leaves_by_list() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("Y1");
    filing
        .rows
        .push(BookRow { serial: Some(serial("MSN-1")), ..book_row(4, &goods(1), amount("1", "1", None)) });
    zone.files(Document::Book(filing));
    zone.at("2026-06-02T10:00:00");
    let asset = |unit: &str| of_unit(named(1, Mark::Goods, 4, amount("1", "1", None)), unit);
    let other = disposal("Q01", DESTRUCTION, "Y1", vec![asset("MSN-2")]);
    assert_eq!(zone.refusal("loopback", filed(other)).expected.as_deref(), Some("MSN-1"));
    zone.accepts(filed(disposal("Q01", DESTRUCTION, "Y1", vec![asset("MSN-1")])));
    zone.accepts(approve("Q01", 1));
    zone.accepts(execute("Q01", "2026-06-02", vec![left_over(1, 1, 4, quantity("30"))]));
    let copper = world::Goods {
        part: "COTTON".into(),
        tariff: "7404000090".into(),
        units: build::units("035", "035", None),
    };
    let line =
        ListLine { serial: Some(serial("MSN-1")), ..list_line(1, 4, &copper, amount("30", "30", None)) };
    let out = List {
        mark: Mark::Residue,
        mode: build::mode("0845"),
        lines: vec![line],
        ..list("L01", "Y1", Direction::Out)
    };
    zone.files(build::filed(out));
    assert_eq!(in_all(&zone, Mark::Residue, Place::Scrap), quantity("30"));
    assert_eq!(in_all(&zone, Mark::Goods, Place::Destroyed), quantity("1"));
}

/// A row whose residue keeps the lot of another row cannot take in what is left of this one.
#[test]
fn residues_of_two_lots_are_two_items() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let mut filing = book("R1");
    filing.rows.push(book_row(3, &goods(1), amount("50", "50", None)));
    filing.rows.push(book_row(4, &goods(1), amount("50", "50", None)));
    zone.files(Document::Book(filing));
    zone.at("2026-06-02T10:00:00");
    let row = |line: u64, number: u64| named(line, Mark::Goods, number, amount("20", "20", None));
    zone.accepts(filed(disposal("Q01", DESTRUCTION, "R1", vec![row(1, 3), row(2, 4)])));
    zone.accepts(approve("Q01", 1));
    let both = |second: u64| vec![left_over(1, 1, 3, quantity("1")), left_over(2, 2, second, quantity("1"))];
    let refusal = zone.refusal("loopback", execute("Q01", "2026-06-02", both(3)));
    assert_eq!((refusal.reason, refusal.line), (Reason::InvalidField, Some(2)));
    zone.accepts(execute("Q01", "2026-06-02", both(4)));
}
