//! Which places a count looks at, and what it says of each, as one table.

use super::timing::Timing;
use zonebook_ledger::place::Place;

/// A place of the book as a count sees it.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// The place.
    pub place: Place,
    /// What is there is in the book balance A.
    pub in_book: bool,
    /// Goods come into the book there: what came in is the inflow that a difference is measured by (`RULES.md` 14.5).
    pub inflow: bool,
    /// Why what is there is not counted inside the fence, or is counted and not in A.
    pub timing: Option<Timing>,
}

const fn stock(place: Place) -> Counted {
    Counted { place, in_book: true, inflow: true, timing: None }
}

/// In the book and inside the fence, out of stock.
const fn inside(place: Place) -> Counted {
    Counted { place, in_book: true, inflow: false, timing: None }
}

const fn away(place: Place, timing: Timing) -> Counted {
    Counted { place, in_book: true, inflow: false, timing: Some(timing) }
}

const fn beside(place: Place, timing: Timing) -> Counted {
    Counted { place, in_book: false, inflow: false, timing: Some(timing) }
}

/// Every place inside the book (`RULES.md` 14.5; the finer places `domain.md` 2.6): what is in process or awaits
/// destruction is inside the fence and counted; what a former count missed or found is known and not decided yet.
pub const PLACES: &[Counted] = &[
    stock(Place::Zone),
    stock(Place::Scrap),
    stock(Place::RemovedPart),
    inside(Place::InProcess),
    inside(Place::AwaitingDestruction),
    away(Place::ShippedUndeclared, Timing::ShippedUndeclared),
    away(Place::OutOnForm, Timing::OutOnForm),
    away(Place::LeasedOut, Timing::LeasedOut),
    away(Place::InTransit, Timing::InTransit),
    away(Place::Difference, Timing::KnownMissing),
    beside(Place::SuspenseIn, Timing::SuspenseIn),
    beside(Place::Surplus, Timing::KnownSurplus),
];

/// What a count says of a place; `None` outside of the book.
#[must_use]
pub fn counted_as(place: Place) -> Option<&'static Counted> {
    PLACES.iter().find(|counted| counted.place == place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_inside_the_book_has_one_row() {
        for place in Place::ALL {
            let rows = PLACES.iter().filter(|row| row.place == *place).count();
            assert_eq!(rows, usize::from(place.is_inside()), "{place}");
        }
    }
}
