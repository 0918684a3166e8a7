//! Documents that add up to a difference, exactly.

use super::WINDOW_DAYS;
use super::explanation::{Evidence, Explanation, Kind};
use crate::count::Reckoning;
use crate::cut::Cut;
use crate::sums::{negated, within};
use crate::trace::{Changes, changes};
use std::collections::{BTreeMap, BTreeSet};
use zonebook_ledger::code::DocumentNo;
use zonebook_ledger::error::Fault;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::state::Read;
use zonebook_ledger::time::Instant;

/// How many changes of one item are looked through; of an item with more no document is blamed.
const CHANGES_MAX: usize = 20_000;
const DAY_MS: i64 = 86_400_000;

/// Something that may explain part of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidate {
    kind: Kind,
    measure: Measure,
    evidence: Evidence,
}

/// The first documents that explain a difference whole: with the timing that every extract should show, else without it,
/// as where the enterprise books goods out when they are declared. Kinds are added one by one in their order.
pub(super) fn documents(
    view: &dyn Read,
    cut: &Cut,
    reckoning: &Reckoning,
    timing: &[Explanation],
) -> Result<Option<Vec<Explanation>>, Fault> {
    let candidates = candidates(view, cut, reckoning)?;
    let left = reckoning.declared_difference()?;
    let raw = within(reckoning.counted.declared.checked_sub(reckoning.book_balance()?.declared()))?;
    let beside_timing: Vec<Candidate> =
        candidates.iter().filter(|candidate| !is_timing(candidate)).cloned().collect();
    if let Some(found) = first(&beside_timing, left)? {
        return Ok(Some(timing.iter().cloned().chain(found).collect()));
    }
    if raw.is_zero() {
        return Ok(Some(Vec::new()));
    }
    first(&candidates, raw)
}

fn is_timing(candidate: &Candidate) -> bool {
    matches!(candidate.kind, Kind::Undeclared | Kind::Away | Kind::KnownDifference)
}

/// The documents of the fewest kinds that add up to a quantity.
fn first(candidates: &[Candidate], wanted: Quantity) -> Result<Option<Vec<Explanation>>, Fault> {
    for kind in Kind::ALL {
        let alone = candidates.iter().filter(|candidate| candidate.kind == *kind);
        let fitting = || alone.clone().filter(|candidate| candidate.measure.declared() == wanted);
        // Where several would do, all are named: it is one of them. What the others say in other measures is not known of
        // it, so the first of them says it.
        if let Some(Candidate { measure, .. }) = fitting().next() {
            let evidence = fitting().map(|candidate| candidate.evidence.clone()).collect();
            return Ok(Some(vec![Explanation { kind: *kind, measure: *measure, evidence }]));
        }
        let known: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.kind <= *kind).collect();
        if let [(one, other)] = pairs(&known, wanted)?.as_slice() {
            return Ok(Some([one, other].into_iter().copied().map(explained).collect()));
        }
    }
    Ok(None)
}

/// Pairs of different evidence that add up to a quantity. Only a pair that stands alone explains anything: among many
/// documents some two always do.
fn pairs<'c>(
    known: &[&'c Candidate],
    wanted: Quantity,
) -> Result<Vec<(&'c Candidate, &'c Candidate)>, Fault> {
    let mut seen: BTreeMap<Quantity, Vec<&Candidate>> = BTreeMap::new();
    let mut found = Vec::new();
    for candidate in known {
        let rest = within(wanted.checked_sub(candidate.measure.declared()))?;
        let others = seen.get(&rest).into_iter().flatten();
        found.extend(
            others.filter(|other| other.evidence != candidate.evidence).map(|other| (*other, *candidate)),
        );
        if found.len() > 1 {
            break;
        }
        seen.entry(candidate.measure.declared()).or_default().push(candidate);
    }
    Ok(found)
}

fn explained(candidate: &Candidate) -> Explanation {
    let evidence = BTreeSet::from([candidate.evidence.clone()]);
    Explanation { kind: candidate.kind, measure: candidate.measure, evidence }
}

/// Everything that may explain a difference, in order of kind, then of document.
fn candidates(view: &dyn Read, cut: &Cut, reckoning: &Reckoning) -> Result<Vec<Candidate>, Fault> {
    let goods = &reckoning.counted;
    let since = Instant(cut.time.0.saturating_sub(WINDOW_DAYS.saturating_mul(DAY_MS)));
    let since = query::revision_at(view, Moment::Before(since))?;
    let item = (goods.mark, goods.number);
    let mut found = places(reckoning)?;
    if let Some(changes) = changes(view, cut, &goods.book_no, item, since, CHANGES_MAX)? {
        of_documents(&changes, &mut found)?;
    }
    found.retain(|candidate| !candidate.measure.declared().is_zero());
    found.sort_by(|a, b| a.kind.cmp(&b.kind).then_with(|| a.evidence.cmp(&b.evidence)));
    Ok(found)
}

/// What the ledger has in each place that is not stock, as a whole: in the book and away, or there and not in the book.
fn places(reckoning: &Reckoning) -> Result<Vec<Candidate>, Fault> {
    let mut found = Vec::new();
    for counted in crate::count::PLACES {
        let (Some(kind), Some(timing)) = (Kind::of_place(counted.place), counted.timing) else { continue };
        let measure = negated(&reckoning.term(timing))?;
        found.push(Candidate { kind, measure, evidence: Evidence::Place(counted.place) });
    }
    Ok(found)
}

fn of_documents(changes: &Changes, found: &mut Vec<Candidate>) -> Result<(), Fault> {
    for ((place, document), change) in changes {
        let mut note = |kind, measure| {
            found.push(Candidate { kind, measure, evidence: evidence(document) });
        };
        if is_stock(*place) {
            note(Kind::PendingAtCutOff, change.increase_pending);
            note(Kind::PendingAtCutOff, negated(&change.decrease_pending)?);
            note(Kind::DuplicateDocument, change.on_hand);
            note(Kind::MissingDocument, negated(&change.on_hand)?);
        } else if let Some(kind) = Kind::of_place(*place) {
            let in_book = crate::count::counted_as(*place).is_some_and(|counted| counted.in_book);
            note(kind, if in_book { negated(&change.on_hand)? } else { change.on_hand });
        }
    }
    Ok(())
}

fn evidence(document: &DocumentNo) -> Evidence {
    Evidence::Document(document.clone())
}

const fn is_stock(place: Place) -> bool {
    matches!(place, Place::Zone | Place::Scrap | Place::RemovedPart)
}
