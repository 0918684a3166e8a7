//! The counts of the sample months, set beside their books.

mod common;

use common::MONTHS;
use common::replay::{Replay, ZONE, time};
use zonebook_ledger::query::Moment;
use zonebook_reconcile::count::{CountedGoods, problems, reckon};

#[test]
fn the_counts_name_goods_of_the_books() {
    for name in MONTHS {
        let replay = Replay::fed(name);
        assert_eq!(problems(&replay.state, &replay.counted()).unwrap(), [], "{name}");
    }
}

/// What a book had at a past moment is what it had when nothing later had happened: figures, kinds of timing and the
/// lists that they rest on.
#[test]
fn a_count_of_the_past_is_that_of_the_time() {
    for name in MONTHS {
        let counted = Replay::new(name).counted();
        let whole = Replay::fed(name);
        let mut then = Replay::new(name);
        let mut under_way = 0_usize;
        for (at, delivery) in then.deliveries().iter().enumerate() {
            let revision = then.feed(name, delivery).revision;
            if at % 7 != 0 {
                continue;
            }
            // Only of what was filed by then.
            let unknown = problems(&then.state, &counted).unwrap();
            let known = |(row, _): &(usize, &CountedGoods)| unknown.iter().all(|problem| problem.row != *row);
            let filed: Vec<CountedGoods> =
                counted.iter().enumerate().filter(known).map(|(_, goods)| goods.clone()).collect();
            let now = reckon(&then.state, Moment::Now, &filed).unwrap();
            let past = reckon(&whole.state, Moment::After(revision), &filed).unwrap();
            for (now, past) in now.iter().zip(&past) {
                assert_eq!(now, past, "{name}: {} at {revision:?}", delivery.file);
                under_way += now.timing.len();
            }
        }
        assert!(under_way > 20, "{name}: only {under_way} figures were under way at all");
    }
}

#[test]
fn rows_stand_for_themselves() {
    let replay = Replay::fed("month-a");
    let end = Moment::Before(ZONE.instant(time("2026-07-01T00:00:00")));
    let mut counted = replay.counted();
    let rows = reckon(&replay.state, end, &counted).unwrap();
    counted.reverse();
    let mut reversed = reckon(&replay.state, end, &counted).unwrap();
    reversed.reverse();
    assert_eq!(rows, reversed, "the order of a count does not matter");
}
