//! Goods whose list and passage do not agree: through the gate and not posted, or posted by force and not through the gate
//! (`RULES.md` 14.5, `domain.md` 4.2).

use super::timing::Timing;
use crate::cut::Cut;
use crate::lists;
use crate::sums::{add, part, within};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zonebook_ledger::bom::BomKey;
use zonebook_ledger::code::{BookNo, DocumentNo, ListNo, PassNo, SerialNo};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{Binding, LinkedType};
use zonebook_ledger::error::Fault;
use zonebook_ledger::event::{Action, JournalKey};
use zonebook_ledger::matrix::{Posting, rule_of_row};
use zonebook_ledger::measure::Measure;
use zonebook_ledger::movement::{DocumentState, GateProgress, Movement, MovementLine};
use zonebook_ledger::pass::Pass;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query;
use zonebook_ledger::state::{
    Boms, Journal, Key, Lines, Order, Passes, Progress, Read, Row, Table, Visit, get,
};

/// Goods of a row of a count: item, and unit where the line names one.
pub(super) type Goods = (Mark, u64, Option<SerialNo>);

/// How much of some goods is where its list does not say, and which lists that are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtGate {
    /// How much, without sign.
    pub measure: Measure,
    /// The lists, in order of number.
    pub lists: BTreeSet<ListNo>,
}

/// By goods and kind.
pub(super) type Gated = BTreeMap<(Goods, Timing), AtGate>;

/// All of a book at a cut.
pub(super) fn of_book(view: &dyn Read, cut: &Cut, book_no: &BookNo) -> Result<Gated, Fault> {
    let lists = under_way(view, cut, book_no)?;
    let passed = if cut.is_now() { None } else { Some(passed(view, cut, &lists)?) };
    let mut gated = Gated::new();
    for (list, timing) in &lists {
        let lines = get::<Lines>(view, (list.list_no.clone(), list.content_version))?.unwrap_or_default();
        let through = match &passed {
            None => through_now(view, list)?,
            Some(passed) => passed.get(&list.list_no).cloned().unwrap_or_default(),
        };
        for (at, line) in lines.iter().enumerate() {
            let through = through.of(at, line);
            let quantity = match timing {
                Timing::GatedInNotPosted | Timing::GatedOutNotPosted => through,
                _ => within(line.filed.declared.checked_sub(through))?,
            };
            if !quantity.is_zero() {
                take(view, list, line, *timing, quantity, &mut gated)?;
            }
        }
    }
    Ok(gated)
}

/// How much of each line of a list is through the gate.
#[derive(Clone, Debug, Default)]
struct Through {
    /// By place of the line in the list, as the ledger keeps it.
    progress: Arc<Vec<GateProgress>>,
    /// By number of the line, added up from passes.
    by_line: BTreeMap<u64, Quantity>,
    /// Passes that took whole lists.
    whole: bool,
}

impl Through {
    fn of(&self, at: usize, line: &MovementLine) -> Quantity {
        if self.whole {
            return line.filed.declared;
        }
        let kept = self.progress.get(at).map(|progress| progress.gated);
        kept.or_else(|| self.by_line.get(&line.filed.line).copied()).unwrap_or_default()
    }
}

fn through_now(view: &dyn Read, list: &Movement) -> Result<Through, Fault> {
    let key = (LinkedType::List, DocumentNo::from(&list.list_no));
    let progress = get::<Progress>(view, key)?.unwrap_or_default();
    Ok(Through { progress, ..Through::default() })
}

/// Lists of a book that may have goods where they do not say, with what that would be.
fn under_way(view: &dyn Read, cut: &Cut, book_no: &BookNo) -> Result<Vec<(Arc<Movement>, Timing)>, Fault> {
    let mut found = Vec::new();
    lists::each(view, book_no, |list| {
        found.extend(timing(view, cut, list)?.map(|timing| (Arc::clone(list), timing)));
        Ok(())
    })?;
    Ok(found)
}

fn timing(view: &dyn Read, cut: &Cut, list: &Movement) -> Result<Option<Timing>, Fault> {
    let named_by_pass = list.passes > 0 && list.accepted_at <= cut.revision;
    let forced = forced(list);
    if !(named_by_pass || forced) {
        return Ok(None);
    }
    let number = list.list_no.as_str();
    let gone = cut.had(view, number, DocumentState::Withdrawn, list.withdrawn_time)?;
    let posted = cut.had(view, number, DocumentState::Posted, list.posted_time)?;
    let waits = !(gone || posted || has_left(view, cut, list)?);
    let (waiting, by_force) = match list.direction {
        Direction::In => (Timing::GatedInNotPosted, Timing::PostedInNotGated),
        Direction::Out => (Timing::GatedOutNotPosted, Timing::PostedOutNotGated),
    };
    Ok(match (waits, posted && forced) {
        (true, _) => Some(waiting),
        (false, true) => Some(by_force),
        (false, false) => None,
    })
}

/// Customs let it be posted before it was through the gate. Goods that were tallied are where the tally found them.
fn forced(list: &Movement) -> bool {
    list.standing.as_deref().is_some_and(|standing| standing.gate_forced && standing.tally.is_none())
}

/// Whether the goods of a transfer were in transit by then: the journal of the place knows.
fn has_left(view: &dyn Read, cut: &Cut, list: &Movement) -> Result<bool, Fault> {
    let through_transit = rule_of_row(list.row).is_some_and(|rule| rule.posting == Posting::ThroughTransit);
    if !through_transit || list.direction != Direction::Out || list.state == DocumentState::PrePosted {
        return Ok(false);
    }
    let lines = get::<Lines>(view, (list.list_no.clone(), list.content_version))?.unwrap_or_default();
    let Some(line) = lines.first() else { return Ok(false) };
    let position = PositionKey {
        book_no: list.book_no.clone(),
        mark: list.mark,
        number: line.filed.number,
        lot: line.lot.clone(),
        serial: line.serial.clone(),
        place: Place::InTransit,
    };
    let key = |revision, ordinal| JournalKey { position: position.clone(), revision, ordinal };
    let (from, to) = (key(list.accepted_at, 0), key(cut.revision, u32::MAX));
    let document = DocumentNo::from(&list.list_no);
    let went = query::collect::<Journal, _>(view, from, to, Order::Forward, 1, |_, row| {
        (row.document == document && matches!(row.action, Action::Post | Action::PostAtOnce)).then_some(())
    })?;
    Ok(!went.is_empty())
}

/// What the passes through the gate by a cut took of some lists: documents keep how far they are, not how far they were.
fn passed(
    view: &dyn Read,
    cut: &Cut,
    lists: &[(Arc<Movement>, Timing)],
) -> Result<BTreeMap<ListNo, Through>, Fault> {
    let wanted: BTreeSet<&str> = lists.iter().map(|(list, _)| list.list_no.as_str()).collect();
    let mut passed: BTreeMap<ListNo, Through> = BTreeMap::new();
    let mut fault = None;
    let (from, to) = (PassNo::lowest(), PassNo::highest());
    view.scan(&Passes::key(from), &Passes::key(to), Order::Forward, &mut |key, row| {
        let (Key::Pass(pass_no), Row::Pass(pass)) = (key, row) else { return Visit::Continue(()) };
        if pass.linked_type != LinkedType::List || pass.state != DocumentState::Passed {
            return Visit::Continue(());
        }
        let linked = pass.linked.iter().filter(|number| wanted.contains(number.as_str()));
        for number in linked {
            let was = cut.had(view, pass_no.as_str(), DocumentState::Passed, pass.passed_time);
            let taken = was.and_then(|was| if was { count(&pass, number, &mut passed) } else { Ok(()) });
            if let Err(error) = taken {
                fault = Some(error);
                return Visit::Break(());
            }
        }
        Visit::Continue(())
    })?;
    fault.map_or(Ok(passed), Err)
}

/// `RULES.md` 8.2: a pass takes the whole of each list, or the lines that it names.
fn count(pass: &Pass, number: &DocumentNo, passed: &mut BTreeMap<ListNo, Through>) -> Result<(), Fault> {
    let list_no = ListNo::new(number.as_str()).map_err(|error| Fault(error.to_string()))?;
    let through = passed.entry(list_no).or_default();
    if pass.binding != Binding::ManyVehicles {
        through.whole = true;
        return Ok(());
    }
    for line in &pass.lines {
        let sum = through.by_line.entry(line.linked_line.unwrap_or(u64::MAX)).or_default();
        *sum = within(sum.checked_add(line.declared))?;
    }
    Ok(())
}

/// What a quantity of a line is of the goods of the book: itself, or the materials of a product (`RULES.md` 6.1).
fn take(
    view: &dyn Read,
    list: &Movement,
    line: &MovementLine,
    timing: Timing,
    quantity: Quantity,
    gated: &mut Gated,
) -> Result<(), Fault> {
    let mut note = |goods: Goods, measure: &Measure| {
        let at_gate = gated.entry((goods, timing)).or_default();
        at_gate.lists.insert(list.list_no.clone());
        add(&mut at_gate.measure, measure)
    };
    if line.uses.is_empty() {
        let filed = &line.filed;
        let statutory2 = filed.statutory2.unwrap_or_default();
        let whole = Measure::new(filed.declared, filed.statutory1, statutory2, filed.value_usd);
        return note((list.mark, filed.number, line.serial.clone()), &part(&whole, quantity)?);
    }
    for used in &line.uses {
        let whole = Measure::new(used.declared, used.statutory1, Quantity::ZERO, Quantity::ZERO);
        let measure = if quantity == line.filed.declared {
            whole
        } else {
            part(&whole, used_by(view, list, line, used.material, quantity)?)?
        };
        note((Mark::Goods, used.material, None), &measure)?;
    }
    Ok(())
}

/// `use(m)` of a quantity of the product of a line.
fn used_by(
    view: &dyn Read,
    list: &Movement,
    line: &MovementLine,
    material: u64,
    quantity: Quantity,
) -> Result<Quantity, Fault> {
    let unknown =
        || Fault(format!("list {}: the BOM of line {} is not there", list.list_no, line.filed.line));
    let version = line.filed.bom_version.clone().ok_or_else(unknown)?;
    let key = BomKey { book_no: list.book_no.clone(), product: line.filed.number, version };
    let bom = get::<Boms>(view, key)?.ok_or_else(unknown)?;
    let of_material = bom.get(&material).ok_or_else(unknown)?;
    within(of_material.usage(quantity))
}
