//! Campaigns on a ledger whose goods go on moving.

#[path = "../../ledger/tests/common/mod.rs"]
mod common;

use common::build::{self, quantity};
use common::counting::{campaign_no, close, counted, kilos_in_stock, opening, sheet, step};
use common::papers::consumption;
use common::world;
use common::zone::Zone;
use proptest::prelude::*;
use std::sync::Arc;
use zonebook_ledger::campaign::Campaign;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{CampaignStep, CountLine, CountPlace, CountSheet, Document, ItemRange};
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::Moment;
use zonebook_ledger::state::{Campaigns, get};
use zonebook_reconcile::campaign::{self, Coverage, Subject};
use zonebook_reconcile::count::reckon;
use zonebook_reconcile::recount::{Cause, Verdict};

/// A processing book with 2,000 kg of material 1 and 50 of material 2, and campaign D01 for all of it.
fn opened(counters: u64) -> Zone {
    let mut zone = kilos_in_stock(&["2000", "50", "0"]);
    let mut opening = opening("M1");
    opening.counters = counters;
    zone.accepts(step("D01", CampaignStep::Open(opening)));
    zone
}

fn record(zone: &mut Zone, sheet: CountSheet) {
    zone.accepts(step("D01", CampaignStep::Record(sheet)));
}

fn use_up(zone: &mut Zone, number: &str, of: &str) {
    zone.files(Document::Consumption(consumption(number, "M1", &[(1, quantity(of))])));
}

fn found(zone: &Zone) -> Arc<Campaign> {
    get::<Campaigns>(&zone.state, campaign_no("D01")).unwrap().unwrap()
}

fn subjects(zone: &Zone) -> Vec<Subject> {
    campaign::subjects(&zone.state, &found(zone), None, 100).unwrap().0
}

fn of_item(zone: &Zone, number: u64) -> (Quantity, Verdict, Option<Quantity>) {
    let subjects = subjects(zone);
    let subject = subjects.iter().find(|subject| subject.item.number == number).unwrap();
    (subject.book, subject.judgement.verdict, subject.judgement.counted())
}

fn late(line: CountLine, at: &str) -> CountLine {
    CountLine { counted_at: Some(world::local(at)), ..line }
}

#[test]
fn two_counters_a_recount_and_what_is_left_to_do() {
    let mut zone = opened(2);
    let coverage = |zone: &Zone| campaign::coverage(&zone.state, &found(zone)).unwrap();
    // Item 3 has nothing: it need not be counted.
    assert_eq!(coverage(&zone), Coverage { items: 2, ..Coverage::default() });
    record(&mut zone, sheet("LI", "1", 1, vec![counted(1, 1, "035", "2000"), counted(2, 2, "035", "50")]));
    assert_eq!(coverage(&zone), Coverage { items: 2, ..Coverage::default() });
    record(&mut zone, sheet("WANG", "1", 1, vec![counted(1, 1, "035", "1990"), counted(2, 2, "035", "50")]));
    assert_eq!(coverage(&zone), Coverage { items: 2, counted: 2, agreed: 1, to_recount: 1 });
    assert_eq!(of_item(&zone, 1).1, Verdict::Recount(Cause::CountersDiffer));
    for counter in ["LI", "WANG"] {
        record(&mut zone, sheet(counter, "2", 2, vec![counted(1, 1, "035", "1990")]));
    }
    assert_eq!(coverage(&zone), Coverage { items: 2, counted: 2, agreed: 2, to_recount: 0 });
    let rows = campaign::counted(&zone.state, &found(&zone)).unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (row.number, row.place, row.quantity)).collect();
    let stock = CountPlace::Stock;
    assert_eq!(rows, [(1, stock, quantity("1990")), (2, stock, quantity("50"))]);
    // Beside the book of the cut-off ten are missing, whatever moves later.
    use_up(&mut zone, "U01", "42");
    let goods = campaign::goods(&zone.state, &found(&zone)).unwrap();
    let reckoned = reckon(&zone.state, Moment::After(found(&zone).cut_off), &goods).unwrap();
    let differences: Vec<_> = reckoned.iter().map(|row| row.declared_difference().unwrap()).collect();
    assert_eq!(differences, [quantity("-10"), quantity("0")]);
}

#[test]
fn a_late_count_is_brought_back_to_the_cut_off() {
    let mut zone = opened(1);
    zone.at("2026-06-02T11:00:00");
    use_up(&mut zone, "U01", "42");
    zone.at("2026-06-02T12:00:00");
    record(&mut zone, sheet("LI", "1", 1, vec![late(counted(1, 1, "035", "1958"), "2026-06-02T11:30:00")]));
    assert_eq!(of_item(&zone, 1), (quantity("2000"), Verdict::Agreed, Some(quantity("2000"))));
    // What moves after the count is nothing to it.
    use_up(&mut zone, "U02", "8");
    assert_eq!(of_item(&zone, 1), (quantity("2000"), Verdict::Agreed, Some(quantity("2000"))));
}

/// Where materials are used by BOM, what lies on the shop floor is in the book's stock; what was bought at home is not.
#[test]
fn counting_places_are_terms_of_one_sum() {
    let mut zone = opened(1);
    let at = |place, line| CountLine { place, ..line };
    let lines = vec![
        counted(1, 1, "035", "1900"),
        at(CountPlace::InProcess, counted(2, 1, "035", "100")),
        at(CountPlace::Domestic, counted(3, 1, "035", "7")),
    ];
    record(&mut zone, sheet("LI", "1", 1, lines));
    let of_one: Vec<_> = subjects(&zone)
        .iter()
        .filter(|subject| subject.item.number == 1)
        .map(|subject| (subject.place, subject.judgement.verdict, subject.judgement.counted().unwrap()))
        .collect();
    let expected =
        [(None, Verdict::Agreed, quantity("7")), (Some(Place::Zone), Verdict::Agreed, quantity("2000"))];
    assert_eq!(of_one, expected);
    assert_eq!(campaign::counted(&zone.state, &found(&zone)).unwrap().len(), 3);
}

#[test]
fn a_walk_goes_on_where_it_stopped() {
    let mut zone = opened(1);
    let whole: Vec<u64> = subjects(&zone).iter().map(|subject| subject.item.number).collect();
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = campaign::subjects(&zone.state, &found(&zone), after, 1).unwrap();
        pages.extend(page.iter().map(|subject| subject.item.number));
        after = next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages, whole);
    // Ranges that overlap or stand in no order name each item once.
    zone.accepts(step("D01", close(0)));
    let mut some = opening("M1");
    let range = |first, last| ItemRange { mark: Mark::Goods, first, last };
    some.scope.items = vec![range(2, 9), range(1, 2), range(7, 8)];
    zone.accepts(step("D02", CampaignStep::Open(some)));
    let second = get::<Campaigns>(&zone.state, campaign_no("D02")).unwrap().unwrap();
    let (page, _) = campaign::subjects(&zone.state, &second, None, 100).unwrap();
    assert_eq!(page.iter().map(|subject| subject.item.number).collect::<Vec<_>>(), [1, 2]);
}

/// What is said of each subject, but for the campaign itself.
fn said(zone: &Zone) -> Vec<String> {
    subjects(zone).iter().map(|subject| format!("{subject:?}")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Sheets in any order, some of them sent twice, come to the same.
    #[test]
    fn neither_order_nor_repetition_matters(
        (drawn, order) in prop::collection::vec((0..2_usize, 1..3_u64, 1..3_u64, 0..3_i64), 1..6)
            .prop_flat_map(|drawn| {
                let places: Vec<usize> = (0..drawn.len()).collect();
                (Just(drawn), Just(places).prop_shuffle())
            }),
        twice in 0..6_usize,
    ) {
        let sheets: Vec<CountSheet> = drawn
            .iter()
            .enumerate()
            .map(|(at, (who, round, number, less))| {
                let line = counted(1, *number, "035", &(50 - less).to_string());
                sheet(["LI", "WANG"][*who], &at.to_string(), *round, vec![line])
            })
            .collect();
        let (mut straight, mut shuffled) = (opened(2), opened(2));
        for sheet in &sheets {
            record(&mut straight, sheet.clone());
        }
        for at in &order {
            record(&mut shuffled, sheets[*at].clone());
        }
        let again = step("D01", CampaignStep::Record(sheets[twice % sheets.len()].clone()));
        prop_assert!(shuffled.takes(again).applied.repeated);
        prop_assert_eq!(said(&straight), said(&shuffled));
    }

    /// What is counted at any moment while goods are used, with a difference from what the book has then, comes to the same
    /// difference at the cut-off.
    #[test]
    fn a_late_count_tells_the_difference_of_the_cut_off(
        uses in prop::collection::vec(1..20_i64, 1..6),
        counted_after in 0..6_usize,
        difference in -30..30_i64,
    ) {
        let mut zone = opened(1);
        let stock = build::position("M1", 1, Place::Zone);
        let mut sheets = Vec::new();
        for (at, used) in uses.iter().enumerate() {
            zone.at(&format!("2026-06-02T11:{at:02}:00"));
            use_up(&mut zone, &format!("U{at}"), &used.to_string());
            if at == counted_after % uses.len() {
                let there = zonebook_ledger::query::counters(&zone.state, &stock, Moment::Now).unwrap();
                let there = there.on_hand().unwrap().declared().checked_add(Quantity::whole(difference)).unwrap();
                let line = late(counted(1, 1, "035", &there.to_string()), &format!("2026-06-02T11:{at:02}:30"));
                sheets = vec![sheet("LI", "1", 1, vec![line.clone()]), sheet("LI", "2", 2, vec![line])];
            }
        }
        zone.at("2026-06-02T12:00:00");
        for sheet in sheets {
            record(&mut zone, sheet);
        }
        let (book, verdict, counted) = of_item(&zone, 1);
        prop_assert_eq!(verdict, Verdict::Agreed);
        prop_assert_eq!(counted, book.checked_add(Quantity::whole(difference)));
    }
}
