//! When counts agree, case by case, and what no order of counts can change.

use proptest::prelude::*;
use zonebook_ledger::code::CounterCode;
use zonebook_ledger::quantity::Quantity;
use zonebook_reconcile::recount::{Cause, Count, Judgement, Rule, Tolerance, Verdict, judge};

fn q(number: i64) -> Quantity {
    Quantity::whole(number)
}

fn count(cell: &'static str, round: u64, counter: &str, quantity: i64, moved: i64) -> Count<&'static str> {
    let counter = CounterCode::new(counter).unwrap();
    Count { cell, round, counter, quantity: q(quantity), moved: q(moved) }
}

fn rule(counters: u64, book: i64) -> Rule {
    Rule { counters, tolerance: Tolerance::default(), book: Some(q(book)) }
}

fn verdict(counts: &[Count<&'static str>], rule: &Rule) -> (Verdict, Option<Quantity>) {
    let judgement = judge(counts, rule);
    (judgement.verdict, judgement.counted())
}

#[test]
fn nothing_counted_says_nothing() {
    let judgement: Judgement<&str> = judge(&[], &rule(1, 0));
    assert_eq!((judgement.verdict, judgement.counted(), judgement.round), (Verdict::Uncounted, None, 0));
}

#[test]
fn two_who_agree_with_the_book_are_believed() {
    let one = count("A1", 1, "LI", 100, 0);
    assert_eq!(verdict(std::slice::from_ref(&one), &rule(2, 100)), (Verdict::Waiting, Some(q(100))));
    let counts = [one, count("A1", 1, "WANG", 100, 0)];
    assert_eq!(verdict(&counts, &rule(2, 100)), (Verdict::Agreed, Some(q(100))));
}

#[test]
fn two_who_differ_count_again_and_the_last_round_counts() {
    let mut counts = vec![count("A1", 1, "LI", 100, 0), count("A1", 1, "WANG", 99, 0)];
    let (found, _) = verdict(&counts, &rule(2, 100));
    assert_eq!(found, Verdict::Recount(Cause::CountersDiffer));
    counts.extend([count("A1", 2, "LI", 99, 0), count("A1", 2, "WANG", 99, 0)]);
    assert_eq!(verdict(&counts, &rule(2, 100)), (Verdict::Agreed, Some(q(99))));
}

#[test]
fn what_differs_from_the_book_is_counted_once_more_and_no_more() {
    let first = count("A1", 1, "LI", 97, 0);
    let (found, counted) = verdict(std::slice::from_ref(&first), &rule(1, 100));
    assert_eq!((found, counted), (Verdict::Recount(Cause::BookDiffers), Some(q(97))));
    let again = [first.clone(), count("A1", 2, "WANG", 97, 0)];
    assert_eq!(verdict(&again, &rule(1, 100)), (Verdict::Agreed, Some(q(97))));
    let uncompared = Rule { book: None, ..rule(1, 0) };
    assert_eq!(verdict(&[first], &uncompared), (Verdict::Agreed, Some(q(97))));
}

#[test]
fn a_difference_within_the_tolerance_asks_for_no_recount() {
    let counts = [count("A1", 1, "LI", 100_000, 0), count("A1", 1, "WANG", 99_995, 0)];
    let with = |ppm, absolute| Rule {
        tolerance: Tolerance { ppm: q(ppm), absolute: q(absolute) },
        ..rule(2, 100_000)
    };
    assert_eq!(verdict(&counts, &with(49, 4)).0, Verdict::Recount(Cause::CountersDiffer));
    assert_eq!(verdict(&counts, &with(50, 0)), (Verdict::Agreed, Some(q(99_995))));
    assert_eq!(verdict(&counts, &with(0, 5)), (Verdict::Agreed, Some(q(99_995))));
}

#[test]
fn areas_are_summed_and_the_movement_goes_off_once() {
    let counts = [count("A1", 1, "LI", 60, 10), count("A2", 1, "WANG", 50, 10)];
    let judgement = judge(&counts, &rule(1, 100));
    assert_eq!((judgement.verdict, judgement.counted()), (Verdict::Agreed, Some(q(100))));
    assert_eq!(judgement.figures, [("A1", q(50)), ("A2", q(50))]);
}

#[test]
fn areas_between_whose_counts_goods_moved_are_counted_again() {
    let mut counts = vec![count("A1", 1, "LI", 60, 0), count("A2", 1, "WANG", 50, 10)];
    let found = judge(&counts, &rule(1, 100));
    assert_eq!((found.verdict, found.counted()), (Verdict::Recount(Cause::MovedMeanwhile), None));
    counts.push(count("A1", 2, "LI", 60, 10));
    assert_eq!(verdict(&counts, &rule(1, 100)), (Verdict::Agreed, Some(q(100))));
}

#[test]
fn counters_of_different_moments_agree_at_the_cut_off() {
    let counts = [count("A1", 1, "LI", 100, 0), count("A1", 1, "WANG", 90, -10)];
    assert_eq!(verdict(&counts, &rule(2, 100)), (Verdict::Agreed, Some(q(100))));
}

fn counts() -> impl Strategy<Value = Vec<Count<&'static str>>> {
    let one = (0..2_usize, 1..3_u64, 0..2_usize, 0..4_i64, prop_oneof![3 => Just(0_i64), 1 => -2..3_i64]);
    prop::collection::vec(one, 0..8).prop_map(|drawn| {
        drawn
            .into_iter()
            .map(|(cell, round, who, quantity, moved)| {
                count(["A1", "A2"][cell], round, ["LI", "WANG"][who], quantity, moved)
            })
            .collect()
    })
}

proptest! {
    /// The order in which counts come does not matter.
    #[test]
    fn order_does_not_matter(
        (counts, shuffled) in counts().prop_flat_map(|counts| (Just(counts.clone()), Just(counts).prop_shuffle())),
        counters in 1..3_u64,
        book in 0..8_i64,
    ) {
        prop_assert_eq!(judge(&counts, &rule(counters, book)), judge(&shuffled, &rule(counters, book)));
    }

    /// The same goods counted later, after goods moved, come to the same: verdict and sum.
    #[test]
    fn a_late_count_is_as_good_as_one_in_time(
        counts in counts(),
        counters in 1..3_u64,
        book in 0..8_i64,
        moved in -20..20_i64,
    ) {
        // All in one cell, each counter once a round, so that a sum is of one moment.
        let mut in_time: Vec<Count<&str>> = Vec::new();
        for count in counts {
            let again = |other: &Count<&str>| (other.round, &other.counter) == (count.round, &count.counter);
            if !in_time.iter().any(again) {
                in_time.push(Count { cell: "A1", moved: Quantity::ZERO, ..count });
            }
        }
        let late: Vec<Count<&str>> = in_time
            .iter()
            .zip(0_i64..)
            .map(|(count, at)| {
                let moved = q(moved * at);
                Count { quantity: count.quantity.checked_add(moved).unwrap(), moved, ..count.clone() }
            })
            .collect();
        let (in_time, late) = (judge(&in_time, &rule(counters, book)), judge(&late, &rule(counters, book)));
        prop_assert_eq!(in_time.verdict, late.verdict);
        prop_assert_eq!(in_time.counted(), late.counted());
    }
}
