//! Differences of a count (`domain.md` 4.1, 4.2): recorded above the tolerance, decided on, settled by an adjustment.

mod common;

use common::build::{self, amount, quantity};
use common::counting::{close, counted, kilos_in_stock, opening, sheet, step};
use common::differing::{assign, decide, difference, difference_no, line, recorded, report, says, tolerates};
use common::dispose::{adjustment, citing, day, decide_adjustment, decision, filed_adjustment, named, rest};
use common::papers::{processing_book, row};
use common::world;
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::command::{BookAction, BookOrder, Command};
use zonebook_ledger::deadline::DeadlineKind;
use zonebook_ledger::difference::{DifferenceRef, DifferenceState, KeptDifference};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::disposal::TaxBasis;
use zonebook_ledger::document::{
    CampaignStep, DecisionOutcome, Difference, DifferenceDecision, DifferenceFiling, DifferenceLine,
    DifferenceOutcome, Document, NamedGoods,
};
use zonebook_ledger::due::{self, DueFilter};
use zonebook_ledger::limits::ASSIGNMENTS_MAX;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::query::{self, DifferenceFilter, Moment};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::{Adjustments, Campaigns, DifferenceReports, Differences, get};

const SHORTAGE: Difference = Difference::Shortage;
const SURPLUS: Difference = Difference::Surplus;

/// A processing book with 7,500 kg of material 1 and 50 of material 2.
fn stocked() -> Zone {
    kilos_in_stock(&["7500", "50"])
}

fn now(zone: &Zone) -> u64 {
    query::revision(&zone.state).unwrap().0
}

/// 40 kg of material 1 are missing, 3 of material 2 are too many.
fn reported() -> Zone {
    let mut zone = stocked();
    let lines = vec![line(1, 1, "7500", "7460"), line(2, 2, "50", "53")];
    let revision = now(&zone);
    zone.accepts(recorded(report("V1", "M1", revision, lines)));
    zone
}

fn kilos(line: u64, number: u64, declared: &str) -> NamedGoods {
    named(line, Mark::Goods, number, amount(declared, declared, None))
}

fn there(zone: &Zone, number: u64, place: Place) -> String {
    zone.on_hand(&build::position("M1", number, place)).declared().to_string()
}

fn found(zone: &Zone, line: u64) -> KeptDifference {
    (*get::<Differences>(&zone.state, difference("V1", line)).unwrap().unwrap()).clone()
}

fn reason(zone: &mut Zone, command: Command) -> Reason {
    zone.refusal("loopback", command).reason
}

fn taxed(value: &str) -> DifferenceDecision {
    DifferenceDecision { dutiable_value: Some(quantity(value)), ..says("K1", DifferenceOutcome::Taxed) }
}

/// A11: counted 7,460 of 7,500. Nothing moves until customs has decided; then one step takes the 40 out of the stock and
/// taxes them, and the decision, the movement and the revision that the figures rest on know each other.
#[test]
fn a_shortage_is_decided_on_and_then_leaves_the_book() {
    let mut zone = reported();
    let one = difference("V1", 1);
    let take =
        || filed_adjustment(citing("J01", "M1", vec![(&difference("V1", 1), SHORTAGE, kilos(1, 1, "40"))]));
    assert_eq!(there(&zone, 1, Place::Zone), "7500");
    assert_eq!(reason(&mut zone, take()), Reason::DifferenceState);
    zone.accepts(decide("V1", 1, taxed("128")));
    assert_eq!(there(&zone, 1, Place::Zone), "7500");
    let decided_at = now(&zone);
    let applied = zone.accepts(take());
    assert_eq!(applied.outcome.state, Some(DocumentState::Decided));
    let places = [Place::Zone, Place::Difference, Place::Outside].map(|place| there(&zone, 1, place));
    assert_eq!(places, ["7460", "0", "40"]);

    let row = found(&zone, 1);
    assert_eq!((row.state, row.ended_at), (DifferenceState::Settled, Some(applied.revision)));
    assert_eq!((row.decisions[0].at.0, row.decisions[0].by.0.as_str()), (decided_at, "loopback"));
    assert_eq!((row.settled[0].adjustment_no.as_str(), row.settled[0].at), ("J01", applied.revision));
    let kept = get::<Adjustments>(&zone.state, common::dispose::adjustment_no("J01")).unwrap().unwrap();
    assert_eq!(kept.filed.lines[0].cites, Some(one));
    let basis = TaxBasis { rates_on: day("2026-06-02"), dutiable_value: quantity("128") };
    assert_eq!(kept.decisions[0].lines[0].tax, Some(basis));
    assert_eq!(kept.decisions[0].decision_no.as_str(), "K1");
    // The book at the revision of the count still says what it said.
    let stock = build::position("M1", 1, Place::Zone);
    let then = query::counters(&zone.state, &stock, Moment::After(basis_of(&zone))).unwrap();
    assert_eq!(then.on_hand().unwrap().declared(), quantity("7500"));
    assert_eq!(reason(&mut zone, take_again()), Reason::DifferenceState);
}

fn take_again() -> Command {
    filed_adjustment(citing("J02", "M1", vec![(&difference("V1", 1), SHORTAGE, kilos(1, 1, "1"))]))
}

fn basis_of(zone: &Zone) -> zonebook_ledger::outcome::Revision {
    get::<DifferenceReports>(&zone.state, difference_no("V1")).unwrap().unwrap().basis.revision
}

/// Taken in parts, each part has its share of the dutiable value, and the last one the rest of it.
#[test]
fn parts_of_a_difference_are_the_whole_of_it() {
    let mut zone = reported();
    zone.accepts(decide("V1", 1, taxed("100")));
    let part = |number: &str, declared: &str| {
        filed_adjustment(citing(number, "M1", vec![(&difference("V1", 1), SHORTAGE, kilos(1, 1, declared))]))
    };
    zone.accepts(part("J01", "13"));
    assert_eq!(found(&zone, 1).state, DifferenceState::Decided);
    assert_eq!(reason(&mut zone, part("J02", "27.00001")), Reason::DifferenceMismatch);
    zone.accepts(part("J02", "14"));
    zone.accepts(part("J03", "13"));
    let values: Vec<String> =
        found(&zone, 1).settled.iter().map(|part| part.dutiable_value.unwrap().to_string()).collect();
    assert_eq!(values, ["32.5", "35", "32.5"]);
    assert_eq!(found(&zone, 1).state, DifferenceState::Settled);
}

#[test]
fn a_surplus_enters_and_a_loss_is_accepted_in_one_adjustment() {
    let mut zone = reported();
    zone.accepts(decide("V1", 1, says("K1", DifferenceOutcome::AcceptedAsLoss)));
    zone.accepts(decide("V1", 2, says("K2", DifferenceOutcome::ReEntered)));
    let (one, two) = (difference("V1", 1), difference("V1", 2));
    let lines = vec![(&one, SHORTAGE, kilos(1, 1, "40")), (&two, SURPLUS, kilos(2, 2, "3"))];
    zone.accepts(filed_adjustment(citing("J01", "M1", lines)));
    assert_eq!((there(&zone, 1, Place::Zone), there(&zone, 1, Place::Lost)), ("7460".into(), "40".into()));
    assert_eq!((there(&zone, 2, Place::Zone), there(&zone, 2, Place::Surplus)), ("53".into(), "0".into()));
    let decided = decide_adjustment("J01", decision("K9", vec![rest(1, DecisionOutcome::Taxed)]));
    assert_eq!(reason(&mut zone, decided), Reason::DisposalState);
}

#[test]
fn an_adjustment_is_of_the_goods_and_the_side_that_it_cites() {
    let mut zone = reported();
    zone.accepts(decide("V1", 1, says("K1", DifferenceOutcome::AcceptedAsLoss)));
    let mut says = |cites: &DifferenceRef, side, goods| {
        let refusal =
            zone.refusal("loopback", filed_adjustment(citing("J01", "M1", vec![(cites, side, goods)])));
        (refusal.reason, refusal.field.unwrap_or_default().to_string())
    };
    let one = difference("V1", 1);
    assert_eq!(says(&one, SHORTAGE, kilos(1, 2, "4")), (Reason::DifferenceMismatch, "number".into()));
    assert_eq!(says(&one, SURPLUS, kilos(1, 1, "4")), (Reason::DifferenceMismatch, "difference".into()));
    assert_eq!(says(&one, SHORTAGE, kilos(1, 1, "41")), (Reason::DifferenceMismatch, "dclQty".into()));
    assert_eq!(says(&one, SHORTAGE, kilos(1, 1, "0")), (Reason::NonPositiveQty, "dclQty".into()));
    let of_nobody = says(&difference("V1", 9), SHORTAGE, kilos(1, 1, "4"));
    assert_eq!(of_nobody, (Reason::DocumentUnknown, "difference_no".into()));
    // Without a decision nothing changes the book.
    let uncited = adjustment("J01", "M1", 1, vec![(SHORTAGE, kilos(1, 1, "4"))]);
    let uncited = zonebook_ledger::document::AdjustmentFiling { verification: None, ..uncited };
    assert_eq!(reason(&mut zone, filed_adjustment(uncited)), Reason::AdjustmentUndecided);
}

#[test]
fn a_penalty_case_comes_first_and_a_recount_ends_it() {
    let mut zone = reported();
    zone.accepts(decide("V1", 1, says("K1", DifferenceOutcome::PenaltyCase)));
    assert_eq!(found(&zone, 1).state, DifferenceState::UnderCase);
    let again = decide("V1", 1, says("K2", DifferenceOutcome::PenaltyCase));
    assert_eq!(reason(&mut zone, again), Reason::DecisionNotAllowed);
    zone.accepts(decide("V1", 1, taxed("40")));
    assert_eq!(found(&zone, 1).decisions.len(), 2);
    let late = decide("V1", 1, says("K3", DifferenceOutcome::AcceptedAsLoss));
    assert_eq!(reason(&mut zone, late), Reason::DifferenceState);

    zone.accepts(decide("V1", 2, says("K4", DifferenceOutcome::Recount)));
    assert_eq!(found(&zone, 2).state, DifferenceState::Recount);
    // What the same count found is over; a new count may find it again.
    let basis = basis_of(&zone).0;
    let again = |revision| recorded(report("V2", "M1", revision, vec![line(1, 2, "50", "53")]));
    assert_eq!(reason(&mut zone, again(basis)), Reason::DifferenceRecorded);
    let since = now(&zone);
    zone.accepts(again(since));
}

#[test]
fn a_decision_is_of_customs_and_fits_the_difference() {
    let mut zone = reported();
    let by_firm = decide("V1", 1, taxed("40"));
    assert_eq!(zone.refusal("firm", by_firm).reason, Reason::PermissionDenied);
    let mut said = |line, decision: DifferenceDecision| {
        let refusal = zone.refusal("customs", decide("V1", line, decision));
        (refusal.reason, refusal.field.unwrap_or_default().to_string())
    };
    let loss = || says("K1", DifferenceOutcome::AcceptedAsLoss);
    assert_eq!(said(2, loss()), (Reason::DecisionNotAllowed, "outcome".into()));
    let entered = says("K1", DifferenceOutcome::ReEntered);
    assert_eq!(said(1, entered), (Reason::DecisionNotAllowed, "outcome".into()));
    let silent = DifferenceDecision { reason: " ".into(), ..loss() };
    assert_eq!(said(1, silent), (Reason::InvalidField, "reason".into()));
    let early = DifferenceDecision { decided_on: day("2026-06-01"), ..loss() };
    assert_eq!(said(1, early), (Reason::InvalidField, "decided_on".into()));
    let late = DifferenceDecision { decided_on: day("2026-06-03"), ..loss() };
    assert_eq!(said(1, late), (Reason::InvalidField, "decided_on".into()));
    let valued = DifferenceDecision { dutiable_value: Some(quantity("1")), ..loss() };
    assert_eq!(said(1, valued), (Reason::InvalidField, "dutiable_value".into()));
    let rated = DifferenceDecision { rates_on: Some(day("2026-06-01")), ..loss() };
    assert_eq!(said(1, rated), (Reason::InvalidField, "rates_on".into()));
    assert_eq!(said(1, taxed("-1")), (Reason::InvalidField, "dutiable_value".into()));
}

#[test]
fn what_a_report_lacks_is_named() {
    let mut zone = stocked();
    let basis = now(&zone);
    let good = report("V1", "M1", basis, vec![line(1, 1, "7500", "7460"), line(2, 2, "50", "53")]);
    type Change = fn(&mut DifferenceFiling);
    fn last(filing: &mut DifferenceFiling) -> &mut DifferenceLine {
        filing.lines.last_mut().unwrap()
    }
    let cases: [(Change, Reason, &str); 16] = [
        (|filing| filing.part = 2, Reason::InvalidField, "part"),
        (|filing| filing.book_no = build::book_no("X9"), Reason::BookUnknown, "book_no"),
        (|filing| filing.owner = build::customs_no("2217960009"), Reason::BookOwnerMismatch, "owner"),
        (|filing| filing.lines.clear(), Reason::InvalidField, "lines"),
        (|filing| filing.revision.0 += 100, Reason::BasisMismatch, "revision"),
        (|filing| filing.digest = Some([9; 32]), Reason::BasisMismatch, "digest"),
        (|filing| filing.tolerance.ppm = quantity("5"), Reason::BasisMismatch, "tolerance"),
        (
            |filing| filing.campaign_no = Some(common::counting::campaign_no("D9")),
            Reason::DocumentUnknown,
            "campaign_no",
        ),
        (|filing| last(filing).line = 1, Reason::NamedTwice, "line"),
        (|filing| last(filing).number = 77, Reason::ItemNotFiled, "number"),
        (|filing| last(filing).number = 1, Reason::DifferenceRecorded, "number"),
        (
            |filing| last(filing).unit = build::units("011", "011", None).declared,
            Reason::UnitMismatch,
            "dclUnitcd",
        ),
        (|filing| last(filing).counted = quantity("-1"), Reason::InvalidField, "counted"),
        (
            |filing| last(filing).class = zonebook_ledger::difference::Class::Shortage,
            Reason::InvalidField,
            "class",
        ),
        (|filing| last(filing).counted = quantity("50"), Reason::InvalidField, "class"),
        (|filing| last(filing).stake.duty = Some(quantity("-1")), Reason::InvalidField, "duty"),
    ];
    for (change, expected, field) in cases {
        let mut filing = good.clone();
        change(&mut filing);
        let refusal = zone.refusal("loopback", recorded(filing));
        assert_eq!((refusal.reason, refusal.field.as_deref()), (expected, Some(field)), "{refusal:?}");
    }
    let head = query::event(&zone.state, good.revision).unwrap().unwrap();
    zone.accepts(recorded(DifferenceFiling { digest: Some(head.digest), ..good.clone() }));
    let more = DifferenceFiling { part: 2, lines: vec![line(3, 1, "7500", "7461")], ..good.clone() };
    assert_eq!(reason(&mut zone, recorded(more.clone())), Reason::DifferenceRecorded);
    let again = DifferenceFiling { lines: vec![line(2, 1, "7500", "7461")], ..more.clone() };
    assert_eq!(reason(&mut zone, recorded(again)), Reason::NamedTwice);
    let skipped = DifferenceFiling { part: 3, ..more.clone() };
    assert_eq!(reason(&mut zone, recorded(skipped)), Reason::DocumentExists);
    let moved = DifferenceFiling { revision: zonebook_ledger::outcome::Revision(basis - 1), ..more };
    assert_eq!(reason(&mut zone, recorded(moved)), Reason::DocumentExists);
}

/// The tolerance is that of the office on the day of the count; what is within it is not recorded.
#[test]
fn what_an_office_tolerates_is_not_recorded() {
    let mut zone = stocked();
    let before = now(&zone);
    zone.accepts(tolerates(world::OFFICE, "2026-06-03", ["0", "50", "0"]));
    let forty = |number: &str, revision| report(number, "M1", revision, vec![line(1, 1, "7500", "7460")]);
    zone.at("2026-06-03T08:00:00");
    zone.accepts(Command::RecordOverdue);
    let since = now(&zone);
    let tolerance =
        query::tolerance_on(&zone.state, &build::office(world::OFFICE), day("2026-06-03")).unwrap();
    let within = DifferenceFiling { tolerance, ..forty("V1", since) };
    let refusal = zone.refusal("loopback", recorded(within));
    assert_eq!((refusal.reason, refusal.field.as_deref()), (Reason::InvalidField, Some("difference")));
    assert_eq!(reason(&mut zone, recorded(forty("V1", since))), Reason::BasisMismatch);
    zone.accepts(recorded(forty("V1", before)));
    for (ppm, declared, value) in
        [("1000001", "0", "0"), ("-1", "0", "0"), ("0", "-1", "0"), ("0", "0", "-1")]
    {
        let order = tolerates(world::OFFICE, "2026-06-03", [ppm, declared, value]);
        assert_eq!(reason(&mut zone, order), Reason::InvalidField);
    }
    assert_eq!(reason(&mut zone, tolerates("9999", "2026-06-03", ["0", "0", "0"])), Reason::ZoneUnknown);
}

/// A campaign's differences rest on its cut-off, and on a count that is over.
#[test]
fn differences_of_a_campaign_rest_on_its_cut_off() {
    let mut zone = stocked();
    let mut scope = opening("M1");
    scope.scope.items = vec![zonebook_ledger::document::ItemRange { mark: Mark::Goods, first: 1, last: 1 }];
    zone.accepts(step("D01", CampaignStep::Open(scope)));
    let cut_off = now(&zone);
    let campaign_no = Some(common::counting::campaign_no("D01"));
    let filing = |revision, number| DifferenceFiling {
        campaign_no: campaign_no.clone(),
        ..report("V1", "M1", revision, vec![line(1, number, "7500", "7460")])
    };
    zone.accepts(step("D01", CampaignStep::Record(sheet("LI", "1", 1, vec![counted(1, 1, "035", "7460")]))));
    assert_eq!(reason(&mut zone, recorded(filing(cut_off, 1))), Reason::CampaignNotClosed);
    zone.accepts(step("D01", close(1)));
    assert_eq!(reason(&mut zone, recorded(filing(cut_off + 1, 1))), Reason::BasisMismatch);
    assert_eq!(reason(&mut zone, recorded(filing(cut_off, 2))), Reason::CountOutOfScope);
    zone.accepts(recorded(filing(cut_off, 1)));
}

/// What was not agreed on stays so only for a reason, and only as far as the last sheet says.
#[test]
fn a_campaign_says_what_it_leaves_open() {
    use zonebook_ledger::document::CampaignClosing;
    let mut zone = stocked();
    zone.accepts(step("D01", CampaignStep::Open(opening("M1"))));
    zone.accepts(step("D01", CampaignStep::Record(sheet("LI", "1", 1, vec![counted(1, 1, "035", "7460")]))));
    let end = |sheets, reason: &str| CampaignStep::Close {
        closing: CampaignClosing { sheets, open_items: 1 },
        reason: reason.into(),
    };
    assert_eq!(reason(&mut zone, step("D01", end(0, "flooded"))), Reason::BasisMismatch);
    assert_eq!(reason(&mut zone, step("D01", end(1, " "))), Reason::CampaignIncomplete);
    zone.accepts(step("D01", end(1, "flooded")));
    let campaign = get::<Campaigns>(&zone.state, common::counting::campaign_no("D01")).unwrap().unwrap();
    assert_eq!(campaign.closing, Some(CampaignClosing { sheets: 1, open_items: 1 }));
    assert_eq!(campaign.end_reason, "flooded");
}

fn due(zone: &Zone) -> Vec<(u64, String)> {
    let range = (day("2026-06-02"), day("2026-12-31"));
    let filter = DueFilter { kind: Some(DeadlineKind::DifferenceUndecided), ..DueFilter::default() };
    let found = due::due(&zone.state, &filter, range, None, usize::MAX).unwrap();
    found.iter().map(|deadline| (deadline.key.part, deadline.falls_on.to_string())).collect()
}

#[test]
fn an_undecided_difference_has_an_owner_and_a_day() {
    let mut zone = reported();
    assert_eq!(due(&zone), [(1, "2026-07-02".into()), (2, "2026-07-02".into())]);
    zone.accepts(assign("V1", 1, "desk 7", Some("2026-06-10")));
    zone.accepts(assign("V1", 2, "desk 8", None));
    assert_eq!(due(&zone), [(1, "2026-06-10".into()), (2, "2026-07-02".into())]);
    zone.accepts(assign("V1", 1, "desk 8", None));
    assert_eq!(due(&zone)[0], (1, "2026-06-10".into()));
    let of = |owner: &str| {
        let filter = DifferenceFilter { owner: Some(common::differing::desk(owner)), ..Default::default() };
        query::differences(&zone.state, &filter, None, 9).unwrap().len()
    };
    assert_eq!((of("desk 7"), of("desk 8")), (0, 2));
    zone.accepts(decide("V1", 1, says("K1", DifferenceOutcome::PenaltyCase)));
    assert_eq!(due(&zone).len(), 2);
    zone.accepts(decide("V1", 1, taxed("40")));
    assert_eq!(due(&zone), [(2, "2026-07-02".into())]);
    for _ in 0..ASSIGNMENTS_MAX - 2 {
        zone.accepts(assign("V1", 2, "desk 9", None));
    }
    assert_eq!(reason(&mut zone, assign("V1", 2, "desk 9", None)), Reason::TooLarge);
}

#[test]
fn differences_are_listed_by_book_state_and_office() {
    let mut zone = reported();
    zone.accepts(decide("V1", 1, taxed("40")));
    let list = |filter: DifferenceFilter, after: Option<&DifferenceRef>, max| {
        let found = query::differences(&zone.state, &filter, after, max).unwrap();
        found.iter().map(|(key, _)| key.line).collect::<Vec<_>>()
    };
    let all = DifferenceFilter::default;
    assert_eq!(list(all(), None, 9), [1, 2]);
    assert_eq!(list(all(), None, 1), [1]);
    assert_eq!(list(all(), Some(&difference("V1", 1)), 9), [2]);
    let of_book = |book| DifferenceFilter { book_no: Some(build::book_no(book)), ..all() };
    assert_eq!(list(of_book("M1"), Some(&difference("V1", 1)), 9), [2]);
    assert!(list(of_book("A1"), None, 9).is_empty());
    let state = Some(DifferenceState::Decided);
    assert_eq!(list(DifferenceFilter { state, ..all() }, None, 9), [1]);
    let office = |office: &str| DifferenceFilter { office: Some(build::office(office)), ..all() };
    assert_eq!(list(office(world::OFFICE), None, 9), [1, 2]);
    assert!(list(office(world::PARK), None, 9).is_empty());
}

/// A report holds its book until each of its differences is over.
#[test]
fn a_book_with_differences_does_not_end() {
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    let kilos = world::Goods {
        part: "FLUX".into(),
        tariff: "3810100000".into(),
        units: build::units("035", "035", None),
    };
    let mut filing = processing_book("M1", Usage::Processing);
    filing.rows.push(row(Mark::Goods, 1, &kilos, build::Amount::default()));
    zone.files(Document::Book(filing));
    let basis = now(&zone);
    zone.accepts(recorded(report("V1", "M1", basis, vec![line(1, 1, "0", "3")])));
    let cancel = || {
        let (book_no, action, reason) = (build::book_no("M1"), BookAction::Cancel, "moved".into());
        Command::OrderBook(BookOrder { book_no, action, reason })
    };
    assert_eq!(reason(&mut zone, cancel()), Reason::BookNotEmpty);
    zone.accepts(decide("V1", 1, says("K1", DifferenceOutcome::Recount)));
    zone.accepts(cancel());
}
