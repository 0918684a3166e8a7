//! BOM versions that customs challenges, that another one replaces, and that may be used on some days alone (`domain.md` 3.1
//! and 3.4 row 9): nothing new is made by them, and what was made before goes on.

mod common;

use common::build::{self, Amount, amount, filed, list, list_line, mode};
use common::correct::{correction, decide_correction};
use common::counting::{campaign_no, counted, opening, sheet};
use common::papers::{bom_row, processing_book, row, work_order};
use common::world::{self, Goods, product};
use common::zone::Zone;
use zonebook_ledger::bom::BomKey;
use zonebook_ledger::bom_standing::{BomHold, BomOrder, BomOutcome, BomStanding, BomStep, BomValidity};
use zonebook_ledger::book::{Regime, Usage};
use zonebook_ledger::code::{BomVersion, NoticeNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{
    BookFiling, CampaignFiling, CampaignStep, CountLine, Document, List, ListLine, PassageStage,
};
use zonebook_ledger::limits::ORDERS_MAX;
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::outcome::Verdict;
use zonebook_ledger::place::Place;
use zonebook_ledger::query;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{BomStandings, get};
use zonebook_ledger::time::Date;

/// `M1` with 100 of a material and a product by two versions, 1.5 and 1.6 of the material each.
fn workshop(regime: Regime) -> Zone {
    let mut filing = BookFiling { regime: Some(regime), ..processing_book("M1", Usage::Processing) };
    let material: Goods = world::goods_in("M1", 1);
    filing.rows.push(row(Mark::Goods, 1, &material, amount("100", "100", None)));
    filing.rows.push(row(Mark::Product, 1, &product(1), Amount::default()));
    filing.bom.push(bom_row(1, "V1", 1, ["1.5", "0", "100", "1.5"]));
    filing.bom.push(bom_row(1, "V2", 1, ["1.6", "0", "100", "1.6"]));
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    zone.files(Document::Book(filing));
    zone
}

fn version(text: &str) -> BomVersion {
    BomVersion::new(text).unwrap()
}

fn notice(text: &str) -> NoticeNo {
    NoticeNo::new(text).unwrap()
}

fn about(name: &str, step: BomStep) -> BomOrder {
    let reason = "loss above the trade's".into();
    BomOrder { book_no: build::book_no("M1"), product: 1, version: version(name), step, reason }
}

fn challenge(name: &str, number: &str) -> Command {
    Command::OrderBom(about(name, BomStep::Challenge { notice_no: notice(number) }))
}

fn settle(name: &str, number: &str, outcome: BomOutcome) -> Command {
    let minutes = "minutes 4".into();
    Command::OrderBom(about(name, BomStep::Settle { notice_no: notice(number), minutes, outcome }))
}

fn days(name: &str, from: &str, until: &str) -> Command {
    let day = |text: &str| (!text.is_empty()).then(|| Date::parse(text).unwrap());
    Command::OrderBom(about(name, BomStep::Limit(BomValidity { from: day(from), until: day(until) })))
}

/// Some products out, by a version.
fn out(number: &str, name: &str, of: &str) -> List {
    let line = list_line(1, 1, &product(1), amount(of, of, None));
    let line = ListLine { bom_version: Some(version(name)), ..line };
    List { mark: Mark::Product, lines: vec![line], ..list(number, "M1", Direction::Out) }
}

fn why(zone: &mut Zone, command: Command) -> Refusal {
    zone.takes(command).applied.outcome.refusal().expect("it is refused").clone()
}

fn refused(zone: &mut Zone, document: Document) -> Refusal {
    why(zone, Command::File(Box::new(document)))
}

fn through(zone: &mut Zone, pass_no: &str, number: &str) {
    zone.files(Document::Pass(build::pass(pass_no, Direction::Out, &[number])));
    let at = world::local("2026-06-02T12:00:00");
    zone.files(Document::Passage(build::passage(pass_no, PassageStage::Passed, at)));
}

fn standing(zone: &Zone, name: &str) -> BomStanding {
    let key = about(name, BomStep::Limit(BomValidity::default())).key();
    get::<BomStandings>(&zone.state, key).unwrap().map_or_else(BomStanding::default, |row| (*row).clone())
}

fn left(zone: &Zone) -> String {
    zone.available(&build::position("M1", 1, Place::Zone)).to_string()
}

/// Row 9 and its siblings: sale, destruction and return abroad, by this version and by no other.
#[test]
fn nothing_new_is_made_by_a_version_that_customs_challenges() {
    let mut zone = workshop(Regime::Bom);
    zone.accepts(challenge("V1", "N1"));
    let refusal = refused(&mut zone, filed(out("L01", "V1", "2")));
    assert_eq!((refusal.reason, refusal.line), (Reason::BomChallenged, Some(1)));
    assert_eq!((refusal.field.as_deref(), refusal.value.as_deref()), (Some("ucnsVerno"), Some("V1")));
    assert_eq!(refusal.document.as_deref(), Some("M1"));
    let expected = refusal.expected.unwrap();
    assert!(expected.contains("product 1") && expected.contains("notice N1"), "{expected}");
    assert!(expected.contains("loss above the trade's"), "{expected}");
    for supervision in ["0200", "4600", "0245"] {
        let other = List { mode: mode(supervision), ..out("L01", "V1", "2") };
        assert_eq!(zone.refuses(filed(other)), Reason::BomChallenged, "{supervision}");
    }
    zone.files(filed(out("L01", "V2", "10")));
    assert_eq!(left(&zone), "84");

    zone.accepts(settle("V1", "N1", BomOutcome::Confirmed));
    zone.files(filed(out("L02", "V1", "2")));
    assert_eq!((zone.list("L02").row, left(&zone)), (MatrixRow::ProductOut, "81".into()));
    let kept = standing(&zone, "V1");
    let settlement = kept.challenges[0].settlement.as_ref().unwrap();
    assert_eq!((settlement.minutes.as_str(), kept.hold()), ("minutes 4", None));
    assert!(settlement.taken.revision > kept.challenges[0].taken.revision);
}

/// What was accepted before a challenge goes through gate and release, is corrected or taken back; what is there is counted.
#[test]
fn what_was_made_before_a_challenge_goes_on() {
    let mut zone = workshop(Regime::Bom);
    let second = |of: &str| build::declared(out("L02", "V1", of), "D2");
    for list in [out("L01", "V1", "10"), second("2"), out("L03", "V1", "4")] {
        zone.files(filed(list));
    }
    through(&mut zone, "P01", "L03");
    assert_eq!((zone.list("L03").state, left(&zone)), (DocumentState::Posted, "76".into()));
    zone.accepts(challenge("V1", "N1"));

    through(&mut zone, "P02", "L01");
    assert_eq!(zone.list("L01").state, DocumentState::Posted);
    assert_eq!(zone.refuses(build::change(second("1"), 1)), Reason::BomChallenged);
    zone.files(build::withdrawal("L02", 1));
    assert_eq!(left(&zone), "79");
    zone.files(correction("C01", "L03", world::owner("M1"), &[]));
    zone.accepts(decide_correction("C01", true));
    assert_eq!(left(&zone), "85");

    let campaign = |step| {
        Command::File(Box::new(Document::Campaign(CampaignFiling { campaign_no: campaign_no("D01"), step })))
    };
    zone.accepts(campaign(CampaignStep::Open(opening("M1"))));
    let of_product = |line, name: &str| CountLine {
        mark: Mark::Product,
        bom_version: Some(version(name)),
        unit: product(1).units.declared,
        ..counted(line, 1, "007", "3")
    };
    zone.accepts(campaign(CampaignStep::Record(sheet("LI", "1", 1, vec![of_product(1, "V1")]))));
    let unknown = campaign(CampaignStep::Record(sheet("LI", "2", 1, vec![of_product(1, "V9")])));
    assert_eq!(why(&mut zone, unknown).reason, Reason::BomVersionUnknown);
}

/// A work order names the version that it plans by; what happens under it goes by what is really used.
#[test]
fn a_work_order_is_not_opened_by_a_challenged_version() {
    let mut zone = workshop(Regime::WorkOrder);
    zone.files(Document::WorkOrder(work_order("WO1", "M1", &[(1, "5")], "V1")));
    zone.accepts(challenge("V1", "N1"));
    let refusal = refused(&mut zone, Document::WorkOrder(work_order("WO2", "M1", &[(1, "5")], "V1")));
    assert_eq!((refusal.reason, refusal.field.as_deref()), (Reason::BomChallenged, Some("bom_version")));
    zone.files(Document::WorkOrder(work_order("WO2", "M1", &[(1, "5")], "")));
    zone.files(Document::WorkOrder(common::papers::order_end("WO1", 1)));
}

#[test]
fn another_version_takes_the_place_of_one_that_was_wrong() {
    let mut zone = workshop(Regime::Bom);
    zone.accepts(challenge("V1", "N1"));
    for (successor, reason) in [("V9", Reason::BomVersionUnknown), ("V1", Reason::OrderNotApplicable)] {
        let settled = settle("V1", "N1", BomOutcome::Replaced(version(successor)));
        let refusal = why(&mut zone, settled);
        assert_eq!((refusal.reason, refusal.field.as_deref()), (reason, Some("replaced_by")), "{successor}");
    }
    zone.accepts(settle("V1", "N1", BomOutcome::Replaced(version("V2"))));
    let refusal = refused(&mut zone, filed(out("L01", "V1", "2")));
    assert_eq!(refusal.reason, Reason::BomReplaced);
    assert!(refusal.expected.unwrap().starts_with("version V2 of product 1"));
    zone.files(filed(out("L01", "V2", "10")));

    // What was replaced is over; what it was replaced by is not replaced by it.
    assert_eq!(why(&mut zone, challenge("V1", "N2")).reason, Reason::OrderNotApplicable);
    zone.accepts(challenge("V2", "N1"));
    let back = settle("V2", "N1", BomOutcome::Replaced(version("V1")));
    assert_eq!(why(&mut zone, back).reason, Reason::OrderNotApplicable);
    zone.accepts(settle("V2", "N1", BomOutcome::Confirmed));
    let kept = standing(&zone, "V1");
    assert!(matches!(kept.hold(), Some(BomHold::Replaced(_, successor)) if *successor == version("V2")));
}

/// The day of the document counts, and live the day on which it is filed.
#[test]
fn a_version_is_used_on_its_days_alone() {
    let mut zone = workshop(Regime::Bom);
    // Lists of these tests are declared on 2 June.
    zone.accepts(days("V1", "2026-06-03", ""));
    let refusal = refused(&mut zone, filed(out("L01", "V1", "2")));
    assert_eq!(refusal.reason, Reason::BomNotInValidity);
    let expected = refusal.expected.unwrap();
    assert!(expected.contains("2026-06-02") && expected.contains("valid from 2026-06-03"), "{expected}");
    zone.accepts(days("V1", "2026-06-02", "2026-06-02"));
    zone.files(filed(out("L01", "V1", "2")));
    zone.at("2026-06-03T08:00:00");
    let late = refused(&mut zone, filed(out("L02", "V1", "2")));
    assert!(late.expected.unwrap().contains("2026-06-03"));
    zone.accepts(days("V1", "", "2026-06-03"));
    zone.files(filed(out("L02", "V1", "2")));
    // A list that is accepted goes through the gate after the last day.
    zone.at("2026-06-05T08:00:00");
    through(&mut zone, "P01", "L01");
    assert_eq!(zone.list("L01").state, DocumentState::Posted);
    zone.accepts(days("V1", "", ""));
    assert_eq!(standing(&zone, "V1").validity(), BomValidity::default());
    assert_eq!(standing(&zone, "V1").limits.len(), 4);
}

#[test]
fn orders_about_a_version_say_what_is_wrong_with_them() {
    let mut zone = workshop(Regime::Bom);
    let silent =
        BomOrder { reason: " ".into(), ..about("V1", BomStep::Challenge { notice_no: notice("N1") }) };
    assert_eq!(why(&mut zone, Command::OrderBom(silent)).field.as_deref(), Some("reason"));
    let nowhere = about("V1", BomStep::Challenge { notice_no: notice("N1") });
    let nowhere = BomOrder { book_no: build::book_no(world::NO_BOOK), ..nowhere };
    assert_eq!(why(&mut zone, Command::OrderBom(nowhere)).reason, Reason::BookUnknown);
    assert_eq!(why(&mut zone, challenge("V9", "N1")).reason, Reason::BomVersionUnknown);
    let backwards = why(&mut zone, days("V1", "2026-06-03", "2026-06-02"));
    assert_eq!((backwards.reason, backwards.field.as_deref()), (Reason::InvalidField, Some("valid_until")));
    let early = why(&mut zone, settle("V1", "N1", BomOutcome::Confirmed));
    assert_eq!((early.reason, early.field.as_deref()), (Reason::OrderNotApplicable, Some("notice_no")));

    zone.accepts(challenge("V1", "N1"));
    assert_eq!(why(&mut zone, challenge("V1", "N1")).reason, Reason::DocumentExists);
    assert_eq!(why(&mut zone, challenge("V1", "N2")).reason, Reason::OrderNotApplicable);
    let other = why(&mut zone, settle("V1", "N2", BomOutcome::Confirmed));
    assert_eq!((other.reason, other.expected.as_deref()), (Reason::OrderNotApplicable, Some("N1")));
    let mute =
        BomStep::Settle { notice_no: notice("N1"), minutes: " ".into(), outcome: BomOutcome::Confirmed };
    let mute = why(&mut zone, Command::OrderBom(about("V1", mute)));
    assert_eq!((mute.reason, mute.field.as_deref()), (Reason::InvalidField, Some("minutes")));

    // An enterprise says on which days its versions are used; customs alone challenges them.
    let said = zone.asks("firm", days("V1", "2026-06-01", "")).applied;
    assert_eq!(said.outcome.verdict, Verdict::Accepted);
    for order in [challenge("V2", "N1"), settle("V1", "N1", BomOutcome::Confirmed)] {
        assert_eq!(zone.refusal("firm", order).reason, Reason::PermissionDenied);
    }
}

/// A version has an end of notices and of days; the last challenge can be settled all the same.
#[test]
fn a_version_is_challenged_so_many_times_and_no_more() {
    let mut zone = workshop(Regime::Bom);
    for number in 0..ORDERS_MAX {
        zone.accepts(challenge("V1", &format!("N{number}")));
        zone.accepts(settle("V1", &format!("N{number}"), BomOutcome::Confirmed));
        zone.accepts(days("V1", "", ""));
    }
    assert_eq!(why(&mut zone, challenge("V1", "N")).reason, Reason::TooLarge);
    assert_eq!(why(&mut zone, days("V1", "", "")).reason, Reason::TooLarge);
}

#[test]
fn challenges_of_a_book_are_shown_open_and_settled() {
    let mut zone = workshop(Regime::Bom);
    let book_no = build::book_no("M1");
    let shown = |zone: &Zone, open| {
        let found = query::challenged_boms(&zone.state, &book_no, (None, open), None, 10).unwrap();
        found
            .into_iter()
            .map(|(key, row)| (key.version.to_string(), row.challenges.len()))
            .collect::<Vec<_>>()
    };
    zone.accepts(days("V1", "2026-06-01", ""));
    assert!(shown(&zone, false).is_empty());
    zone.accepts(challenge("V1", "N1"));
    zone.accepts(settle("V1", "N1", BomOutcome::Confirmed));
    zone.accepts(challenge("V1", "N2"));
    zone.accepts(challenge("V2", "N3"));
    zone.accepts(settle("V2", "N3", BomOutcome::Confirmed));
    assert_eq!(shown(&zone, false), [("V1".into(), 2), ("V2".into(), 1)]);
    assert_eq!(shown(&zone, true), [("V1".into(), 2)]);
    let behind =
        query::challenged_boms(&zone.state, &book_no, (Some(1), false), Some((1, version("V1"))), 10);
    let keys: Vec<BomKey> = behind.unwrap().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys.iter().map(|key| key.version.as_str()).collect::<Vec<_>>(), ["V2"]);
    let none = query::challenged_boms(&zone.state, &book_no, (Some(2), false), None, 10).unwrap();
    assert!(none.is_empty());
    let all = query::bom_standings(&zone.state, &book_no, None, None, 10).unwrap();
    assert_eq!(all.iter().map(|(_, row)| row.hold().is_some()).collect::<Vec<_>>(), [true, false]);
}
