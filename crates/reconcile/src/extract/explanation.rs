//! What explains a difference, and the evidence that it rests on.

use crate::count::{Reckoning, Timing};
use crate::sums::negated;
use std::collections::BTreeSet;
use zonebook_ledger::code::{BomVersion, DocumentNo, UnitCode};
use zonebook_ledger::code_list;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Factor;

code_list! {
    /// A kind of explanation, in the order in which they are tried.
    Kind, "explanation" {
        /// The enterprise booked what waits for a gate or a release at the cut-off.
        PendingAtCutOff = "PENDING_AT_CUT_OFF",
        /// Shipped or received by slip or on a bill of lading and not declared yet.
        Undeclared = "UNDECLARED",
        /// Still in this book and outside of the fence: in transit, out on a permit, leased out.
        Away = "AWAY",
        /// Missed or found by a former count, and not decided yet.
        KnownDifference = "KNOWN_DIFFERENCE",
        /// A document that the enterprise booked twice.
        DuplicateDocument = "DUPLICATE_DOCUMENT",
        /// A document that the enterprise did not book.
        MissingDocument = "MISSING_DOCUMENT",
        /// The figure is in another unit than the declared one.
        UnitSlip = "UNIT_SLIP",
        /// The decimal point is in another place.
        DecimalSlip = "DECIMAL_SLIP",
        /// What one item has too much another has too little.
        SwappedParts = "SWAPPED_PARTS",
        /// More or less of a material was used than the filed BOM says.
        BomDrift = "BOM_DRIFT",
    }
}

impl Kind {
    /// What a kind of timing is to an extract.
    #[must_use]
    pub const fn of_timing(timing: Timing) -> Self {
        match timing {
            Timing::ShippedUndeclared | Timing::SuspenseIn => Self::Undeclared,
            Timing::OutOnForm | Timing::LeasedOut | Timing::InTransit => Self::Away,
            Timing::KnownMissing | Timing::KnownSurplus => Self::KnownDifference,
            Timing::GatedOutNotPosted
            | Timing::GatedInNotPosted
            | Timing::PostedInNotGated
            | Timing::PostedOutNotGated => Self::PendingAtCutOff,
        }
    }

    /// What goods of a place are to an extract, where they are not in stock.
    #[must_use]
    pub const fn of_place(place: Place) -> Option<Self> {
        match place {
            Place::ShippedUndeclared | Place::SuspenseIn => Some(Self::Undeclared),
            Place::OutOnForm | Place::LeasedOut | Place::InTransit => Some(Self::Away),
            Place::Difference | Place::Surplus => Some(Self::KnownDifference),
            _ => None,
        }
    }
}

/// What an explanation rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// A document: its movements are in the journal of the item.
    Document(DocumentNo),
    /// Goods of the ledger in a place: its statement tells.
    Place(Place),
    /// The unit in which the figure fits.
    Unit(UnitCode),
    /// The figure times this fits.
    Factor(Factor),
    /// The other item.
    Item(Mark, u64),
    /// The BOM that says otherwise.
    Bom {
        /// The product.
        product: u64,
        /// The version.
        version: BomVersion,
        /// What it says that one unit uses.
        filed: Factor,
        /// What one unit must have used.
        implied: Factor,
    },
}

/// Part of a difference, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Why.
    pub kind: Kind,
    /// How much of extract less book it explains, with that sign: what its document or place says in every measure, else so
    /// many at the average of all that came in.
    pub measure: Measure,
    /// What it rests on.
    pub evidence: BTreeSet<Evidence>,
}

/// The kinds of timing of a count as explanations: what C adds to the difference, it explains of extract less book.
pub(super) fn timing(reckoning: &Reckoning) -> Result<Vec<Explanation>, Fault> {
    let mut found = Vec::new();
    for (timing, term) in &reckoning.timing {
        let measure = negated(&term.measure)?;
        if measure.is_zero() {
            continue;
        }
        let lists = term.lists.iter().map(|list| Evidence::Document(DocumentNo::from(list)));
        let mut evidence: BTreeSet<Evidence> = lists.collect();
        let places = crate::count::PLACES.iter().filter(|counted| counted.timing == Some(*timing));
        evidence.extend(places.map(|counted| Evidence::Place(counted.place)));
        found.push(Explanation { kind: Kind::of_timing(*timing), measure, evidence });
    }
    found.sort_by_key(|explanation| explanation.kind);
    Ok(found)
}
