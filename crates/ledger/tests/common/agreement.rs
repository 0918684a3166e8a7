//! The ledger says and does what the naive model says and does: verdict, reason, state, documents named, every counter.

use super::model::{DifferenceCopy, Figures, ListCopy, Model, Prediction, Verdict};
use super::run::{Apply, Asked, run};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use zonebook_ledger::bom_standing::BomHold;
use zonebook_ledger::campaign::CountKey;
use zonebook_ledger::code::LeaseNo;
use zonebook_ledger::counters::Counters;
use zonebook_ledger::difference::Settled;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{LinkedType, Statement};
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::movement::{DocumentState, Movement};
use zonebook_ledger::outcome::{self, Applied};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, DifferenceFilter, Moment, PositionFilter};
use zonebook_ledger::sale::Sale;
use zonebook_ledger::state::{
    Books, ConsumptionStandings, Consumptions, Corrections, DifferenceReports, DirectExits, Guarantees, Key,
    Leases, Licences, MemoryState, Passes, Periods, Permits, Row, Slips, TransferForms, UndoneLines,
    WorkOrders, get,
};
use zonebook_ledger::time::LocalTime;
use zonebook_ledger::transfer_form;

/// After every command both have said the same and hold the same.
pub fn agrees_with_the_model(history: &[Asked], apply: Apply) -> Result<(), String> {
    let mut model = Model::default();
    for taken in run(history, apply) {
        let predicted = model.predict(&taken.asked);
        same("outcome", &said(&taken.applied), &predicted)
            .map_err(|why| format!("{}: {why}", taken.shown()))?;
        holds_the_same(&taken.after, &model).map_err(|why| format!("after {}: {why}", taken.shown()))?;
    }
    Ok(())
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, ledger: &T, model: &T) -> Result<(), String> {
    if ledger == model {
        return Ok(());
    }
    Err(format!("{what}: the ledger has {ledger:?}, the model {model:?}"))
}

/// What the ledger said, in the words of the model.
pub fn said(applied: &Applied) -> Prediction {
    let outcome = &applied.outcome;
    Prediction {
        revision: applied.revision.0,
        repeated: applied.repeated,
        verdict: match &outcome.verdict {
            outcome::Verdict::Accepted => Verdict::Accepted,
            outcome::Verdict::Refused(refusal) => Verdict::Refused(refusal.reason),
            outcome::Verdict::Duplicate => Verdict::Duplicate,
        },
        state: outcome.state,
        changed: outcome.changed.iter().map(|named| (named.document.to_string(), named.state)).collect(),
    }
}

fn raw(measure: &Measure) -> [i128; 4] {
    Unit::ALL.map(|unit| measure.get(unit).raw())
}

pub fn figures(counters: &Counters) -> Figures {
    Figures {
        increase_pending: raw(&counters.increase_pending),
        increase_posted: raw(&counters.increase_posted),
        decrease_pending: raw(&counters.decrease_pending),
        decrease_posted: raw(&counters.decrease_posted),
    }
}

/// The ledger holds what the model holds.
pub fn holds_the_same(state: &MemoryState, model: &Model) -> Result<(), String> {
    let head = query::head(state).unwrap().unwrap();
    same("record time", &head.record_time, &model.record_time)?;
    same("ledger time", &head.ledger_time, &model.ledger_time)?;
    same("migration", &head.in_migration, &model.in_migration)?;
    same_counters(state, model)?;
    same_lots(state, model)?;
    same_lists(state, model)?;
    same_books(state, model)?;
    same_buyers(state, model)?;
    same_orders(state, model)?;
    same_permits(state, model)?;
    same_licences(state, model)?;
    same_direct_exits(state, model)?;
    same_transfer_forms(state, model)?;
    same_campaigns(state, model)?;
    same_differences(state, model)?;
    same_periods(state, model)?;
    same_versions(state, model)?;
    let overdrawn = state.rows().filter_map(|(key, _)| match key {
        Key::Overdrawn(position) => Some(position.clone()),
        _ => None,
    });
    same_seals(state, model)?;
    same_holds(state, model)?;
    same_consumptions(state, model)?;
    same_sales(state, model)?;
    same("positions ever overdrawn", &overdrawn.collect(), &model.shelf.overdrawn)?;
    for pass in &model.shelf.passes {
        let number = pass.filing.pass_no.clone();
        let ours = get::<Passes>(state, number).unwrap().map(|pass| pass.state);
        same(pass.filing.pass_no.as_str(), &ours, &Some(pass.state))?;
    }
    Ok(())
}

/// Documents are stopped, or wait for their inspection, as their orders say.
fn same_holds(state: &MemoryState, model: &Model) -> Result<(), String> {
    let ours = state.rows().filter_map(|(key, row)| match (key, row) {
        (Key::DocumentHold(key), Row::DocumentHold(hold)) => Some((key.clone(), hold)),
        _ => None,
    });
    for ((kind, number), hold) in ours {
        let theirs = model.shelf.hold_on(kind, number.as_str());
        same(number.as_str(), &(hold.held.is_some(), hold.conditional), &theirs)?;
    }
    let ordered = model.shelf.holds.iter().map(|order| (order.kind, order.number.clone()));
    let kept = state.rows().filter(|(key, _)| matches!(key, Key::DocumentHold(_))).count();
    same("documents ever ordered about", &kept, &ordered.collect::<BTreeSet<_>>().len())
}

/// Consumption slips have the content, and stand where the model has them.
fn same_consumptions(state: &MemoryState, model: &Model) -> Result<(), String> {
    for copy in &model.shelf.consumptions {
        let number = copy.filing.consumption_no.clone();
        let slip = get::<Consumptions>(state, number.clone()).unwrap();
        let materials = slip.map(|slip| slip.filed.materials.clone());
        same(number.as_str(), &materials, &Some(copy.filing.materials.clone()))?;
        let standing = get::<ConsumptionStandings>(state, number.clone()).unwrap();
        let ours = standing.map(|standing| (standing.version, standing.state));
        let stands = if copy.cancelled { DocumentState::Cancelled } else { DocumentState::Posted };
        same(number.as_str(), &ours, &(!copy.lasting).then_some((copy.version, stands)))?;
    }
    Ok(())
}

/// Campaigns stand where the model has them, and each line of each sheet is one count.
fn same_campaigns(state: &MemoryState, model: &Model) -> Result<(), String> {
    let ours: Vec<_> = query::campaigns(state, None, None, usize::MAX)
        .unwrap()
        .iter()
        .map(|row| (row.campaign_no.clone(), row.state, (row.cut_off.0, row.cut_off_time), row.sheets))
        .collect();
    let mut theirs: Vec<_> = model
        .shelf
        .campaigns
        .iter()
        .map(|copy| (copy.campaign_no.clone(), copy.state, copy.cut_off, copy.sheets.len() as u64))
        .collect();
    theirs.sort_by(|a, b| a.0.cmp(&b.0));
    same("campaigns", &ours, &theirs)?;
    for copy in &model.shelf.campaigns {
        let end = |upper: bool| {
            let number = copy.campaign_no.clone();
            if upper {
                CountKey::highest(number, Mark::Residue, u64::MAX)
            } else {
                CountKey::lowest(number, Mark::Goods, 0)
            }
        };
        let mut ours: Vec<_> = query::counts(state, (end(false), end(true)), None, usize::MAX)
            .unwrap()
            .into_iter()
            .map(|(key, counted)| {
                let sheet = (key.counter.to_string(), key.sheet_no.to_string(), key.round, key.line);
                (sheet, (key.mark, key.number, key.serial, key.area), (counted.declared, counted.counted_at))
            })
            .collect();
        ours.sort();
        let mut theirs = Vec::new();
        for sheet in &copy.sheets {
            theirs.extend(sheet.lines.iter().map(|line| {
                let place = (sheet.counter.to_string(), sheet.sheet_no.to_string(), sheet.round, line.line);
                let goods = (line.mark, line.number, line.serial.clone(), line.area.clone());
                (place, goods, (line.declared, line.counted_at))
            }));
        }
        theirs.sort();
        same(copy.campaign_no.as_str(), &ours, &theirs)?;
    }
    Ok(())
}

/// BOM versions stand where the model has them.
fn same_versions(state: &MemoryState, model: &Model) -> Result<(), String> {
    for (key, row) in state.rows() {
        if let (Key::BomStanding(key), Row::BomStanding(standing)) = (key, row) {
            let open = standing.open_challenge().map(|open| open.notice_no.clone());
            let replaced = matches!(standing.hold(), Some(BomHold::Replaced(..)));
            same("version", &(key, (open, replaced)), &(key, model.shelf.bom_state(key)))?;
        }
    }
    let said = |row: &Row| match row {
        Row::BomStanding(standing) => {
            let settled = standing.challenges.iter().filter(|one| one.settlement.is_some()).count();
            standing.limits.len() + standing.challenges.len() + settled
        }
        _ => 0,
    };
    same(
        "orders about versions",
        &state.rows().map(|(_, row)| said(row)).sum(),
        &model.shelf.bom_orders.len(),
    )
}

/// Differences stand where the model has them, with what each adjustment took.
fn same_differences(state: &MemoryState, model: &Model) -> Result<(), String> {
    let ours: Vec<_> = query::differences(state, &DifferenceFilter::default(), None, usize::MAX)
        .unwrap()
        .into_iter()
        .map(|(key, row)| {
            let part = |part: &Settled| (part.adjustment_no.to_string(), part.line, part.declared.raw());
            let settled: Vec<_> = row.settled.iter().map(part).collect();
            let steps = (row.assignments.len(), row.decisions.len());
            let state = (row.state.code(), row.ended_at.map(|at| at.0));
            ((key.difference_no.to_string(), key.line), state, steps, settled)
        })
        .collect();
    let mut theirs: Vec<_> = model
        .shelf
        .differences
        .iter()
        .map(|copy| {
            let steps = (copy.assignments, copy.decisions.len());
            (copy.key.clone(), (copy.code(), copy.ended), steps, copy.settled.clone())
        })
        .collect();
    theirs.sort();
    same("differences", &ours, &theirs)?;
    for first in model.shelf.reports.iter().filter(|filing| filing.part == 1) {
        let of = |copy: &&DifferenceCopy| copy.key.0 == first.difference_no.as_str();
        let all = model.shelf.differences.iter().filter(of);
        let open = all.clone().filter(|copy| copy.ended.is_none()).count() as u64;
        let ours = get::<DifferenceReports>(state, first.difference_no.clone()).unwrap().unwrap();
        same(first.difference_no.as_str(), &(ours.lines, ours.open), &(all.count() as u64, open))?;
    }
    Ok(())
}

fn same_counters(state: &MemoryState, model: &Model) -> Result<(), String> {
    let all = PositionFilter::default();
    let ours = query::positions(state, &all, None, usize::MAX, Moment::Now).unwrap();
    let ours: Vec<_> = ours.into_iter().map(|(key, counters)| (key, figures(&counters))).collect();
    let theirs: Vec<_> = model
        .shelf
        .positions()
        .into_iter()
        .map(|key| (key.clone(), model.shelf.figures(&key)))
        .filter(|(_, figures)| *figures != Figures::default())
        .collect();
    match ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs) {
        Some((ours, theirs)) => same("balance", ours, theirs),
        None => same("number of balances", &ours.len(), &theirs.len()),
    }
}

/// What each buyer spent is the sum over the buyer's parcels, and nobody has a row without having spent.
fn same_buyers(state: &MemoryState, model: &Model) -> Result<(), String> {
    let ours: BTreeMap<_, i128> = state
        .rows()
        .filter_map(|(key, row)| match (key, row) {
            (Key::Buyer(buyer), Row::Buyer(total)) => Some((*buyer, total.raw())),
            _ => None,
        })
        .collect();
    let buyers = model
        .shelf
        .parcels
        .iter()
        .filter_map(|copy| copy.parcel.buyer.map(|buyer| (buyer, copy.reserved_on.civil().0)));
    let theirs: BTreeMap<_, i128> = buyers
        .map(|(buyer, year)| ((buyer, year), model.shelf.spent(buyer, year)))
        .filter(|(_, spent)| *spent != 0)
        .collect();
    same("what buyers spent", &ours, &theirs)
}

/// Which lots are where, with what is reserved of each.
fn same_lots(state: &MemoryState, model: &Model) -> Result<(), String> {
    for book in &model.shelf.books {
        let ours = query::lots(state, &book.filing.book_no, None, None, usize::MAX, Moment::Now).unwrap();
        let ours: Vec<_> = ours
            .into_iter()
            .map(|row| {
                let layer = (raw(&row.layer.remaining), raw(&row.layer.reserved), row.layer.expires);
                (row.key.stack.position(), row.key.id.lot.to_string(), layer)
            })
            .collect();
        let mut theirs = Vec::new();
        for position in model.shelf.positions() {
            if position.book_no == book.filing.book_no && position.place.keeps_lots() {
                theirs.extend(model.shelf.lots(&position).into_iter().map(|there| {
                    let layer = (there.part.moved, there.reserved, there.part.expires);
                    (position.clone(), there.part.lot, layer)
                }));
            }
        }
        same("lots", &ours, &theirs)?;
    }
    Ok(())
}

fn same_lists(state: &MemoryState, model: &Model) -> Result<(), String> {
    let ours = query::movements(state, None, None, usize::MAX).unwrap();
    same("number of lists", &ours.len(), &model.shelf.lists.len())?;
    for list in ours {
        let number = list.list_no.as_str();
        let Some(theirs) = model.shelf.list(number) else { return Err(format!("nobody filed {number}")) };
        same(number, &list.state, &theirs.state)?;
        same(number, &list.version, &theirs.version)?;
        same(number, &list.lines, &(theirs.content.lines.len() as u64))?;
        same(number, &list.prevd_time, &theirs.prevd_time)?;
        same(number, &list.posted_time, &theirs.posted_time)?;
        same(number, &list.verified_time, &theirs.verified_time)?;
        same(number, &list.withdrawn_time, &theirs.withdrawn_time)?;
        same(number, &list.release_time, &theirs.release_time)?;
        same(number, &list.gate_time, &theirs.gate_time)?;
        same(number, &list.partner, &theirs.partner)?;
        same_standing(&list, theirs)?;
        same_undone(state, model, &list, theirs)?;
    }
    for copy in &model.shelf.corrections {
        let number = copy.filing.correction_no.clone();
        let ours = get::<Corrections>(state, number.clone()).unwrap().map(|correction| correction.state);
        same(number.as_str(), &ours, &Some(copy.state))?;
    }
    Ok(())
}

/// Where each period stands, and until when its book is closed.
fn same_periods(state: &MemoryState, model: &Model) -> Result<(), String> {
    for theirs in &model.shelf.periods {
        let ours = get::<Periods>(state, (theirs.book_no.clone(), theirs.sequence)).unwrap();
        let ours = ours.map(|period| (period.state, period.begin, period.end, period.closed_time()));
        let theirs = (theirs.state, theirs.begin, theirs.end, theirs.closed);
        same("period", &ours, &Some(theirs))?;
    }
    for book in &model.shelf.books {
        let number = &book.filing.book_no;
        let ours = get::<Books>(state, number.clone()).unwrap().and_then(|book| book.last_closed);
        let theirs = model.shelf.last_closed(number).map(|period| period.sequence);
        same(number.as_str(), &ours.map(|closed| closed.sequence), &theirs)?;
    }
    Ok(())
}

fn same_standing(list: &Movement, theirs: &ListCopy) -> Result<(), String> {
    let number = list.list_no.as_str();
    let ours = list.standing.as_deref().cloned().unwrap_or_default();
    same(number, &ours.held.is_some(), &theirs.held)?;
    same(number, &ours.conditional, &theirs.conditional)?;
    same(number, &ours.tally, &theirs.tally)?;
    same(number, &ours.gate_forced, &theirs.gate_forced)?;
    same(number, &ours.release_forced, &theirs.release_forced)
}

fn same_undone(state: &MemoryState, model: &Model, list: &Movement, theirs: &ListCopy) -> Result<(), String> {
    let ours = get::<UndoneLines>(state, list.list_no.clone()).unwrap().unwrap_or_default();
    for (at, line) in theirs.content.lines.iter().enumerate() {
        let ours = ours.get(at).map_or([0; 4], |undone| raw(&undone.sum().unwrap()));
        same(list.list_no.as_str(), &ours, &model.shelf.undone(theirs, line.line))?;
    }
    Ok(())
}

fn same_orders(state: &MemoryState, model: &Model) -> Result<(), String> {
    for theirs in &model.shelf.orders {
        let number = theirs.order_no.as_str();
        let ours = get::<WorkOrders>(state, theirs.order_no.clone()).unwrap();
        let Some(ours) = ours else { return Err(format!("the ledger has no order {number}")) };
        same(number, &(ours.state, ours.events), &(theirs.state(), theirs.last))?;
        let goods: Vec<_> = ours
            .goods
            .iter()
            .map(|((mark, item), stock)| ((*mark, *item), raw(&stock.in_process().unwrap())))
            .collect();
        let in_process = |(mark, item): (Mark, u64)| ((mark, item), theirs.in_process(mark, item));
        same(number, &goods, &theirs.items().into_iter().map(in_process).collect())?;
        for (product, made) in &ours.products {
            same(number, &made.declared().raw(), &theirs.made(Mark::Product, *product))?;
        }
        for (residue, made) in &ours.residues {
            same(number, &made.declared().raw(), &theirs.made(Mark::Residue, *residue))?;
        }
        let mut uses = theirs.uses();
        for (key, used) in &ours.uses {
            same(number, &used.raw(), &uses.remove(key).unwrap_or_default())?;
        }
        same(number, &uses.len(), &0)?;
    }
    Ok(())
}
fn same_permits(state: &MemoryState, model: &Model) -> Result<(), String> {
    for theirs in &model.shelf.permits {
        let number = &theirs.filing.permit_no;
        let Some(ours) = get::<Permits>(state, number.clone()).unwrap() else {
            return Err(format!("{number} is not there"));
        };
        let closed = ours.state == DocumentState::Closed;
        same(number.as_str(), &(closed, ours.change_no), &(theirs.closed, theirs.version))?;
        same(number.as_str(), &ours.extensions, &theirs.extensions)?;
        same(number.as_str(), &ours.valid_until, &theirs.filing.valid_until)?;
        same(number.as_str(), &ours.left, &theirs.left)?;
        same(number.as_str(), &ours.drawn.raw(), &model.shelf.drawn_for(number))?;
        for used in ours.lines.iter().filter(|used| ours.goes_out(used)) {
            let key = (used.filed.mark, used.filed.number);
            let out = ours.out(key.0, key.1).map(Quantity::raw);
            same(number.as_str(), &out, &Some(model.shelf.out_on_form(number, key)))?;
        }
    }
    for theirs in &model.shelf.slips {
        let number = theirs.filing.slip_no.clone();
        let Some(ours) = get::<Slips>(state, number.clone()).unwrap() else {
            return Err(format!("{number} is not there"));
        };
        let (ours, theirs) =
            ((ours.state, ours.version, ours.drawn.raw()), (theirs.state, theirs.version, theirs.drawn));
        same(number.as_str(), &ours, &theirs)?;
    }
    for theirs in &model.shelf.leases {
        let Some(ours) = get::<Leases>(state, LeaseNo::new(&theirs.lease_no).unwrap()).unwrap() else {
            return Err(format!("lease {} is not there", theirs.lease_no));
        };
        let ours: BTreeMap<u64, i128> =
            ours.secured.iter().map(|(number, drawn)| (*number, drawn.raw())).collect();
        let bound = |number: &u64| (*number, model.shelf.bound_for(&theirs.bond(*number)));
        same(&theirs.lease_no, &ours, &theirs.secured.iter().map(bound).collect())?;
    }
    for theirs in &model.shelf.guarantees {
        let Some(ours) = get::<Guarantees>(state, theirs.number.clone()).unwrap() else {
            return Err(format!("{} is not there", theirs.number));
        };
        let sums = [ours.levied, ours.drawn, ours.restored].map(Quantity::raw);
        same(theirs.number.as_str(), &sums, &theirs.sums())?;
        same(theirs.number.as_str(), &ours.available().map(Quantity::raw), &Some(theirs.available()))?;
        same(theirs.number.as_str(), &ours.valid_until, &theirs.valid_until)?;
        same(theirs.number.as_str(), &ours.entries, &(theirs.entries.len() as u64))?;
    }
    Ok(())
}

/// Of each licence is used what lists in force draw of it.
fn same_licences(state: &MemoryState, model: &Model) -> Result<(), String> {
    for theirs in &model.shelf.licences {
        let number = theirs.number.as_str();
        let Some(ours) = get::<Licences>(state, theirs.number.clone()).unwrap() else {
            return Err(format!("licence {number} is not there"));
        };
        same(number, &ours.grant, &theirs.grant)?;
        same(number, &ours.used.raw(), &model.shelf.drawn_of(&theirs.number))?;
    }
    Ok(())
}

/// Of each approval by which products leave from where they were made is used what lists in force take.
fn same_direct_exits(state: &MemoryState, model: &Model) -> Result<(), String> {
    for theirs in &model.shelf.direct_exits {
        let number = theirs.number.as_str();
        let Some(ours) = get::<DirectExits>(state, theirs.number.clone()).unwrap() else {
            return Err(format!("approval {number} is not there"));
        };
        same(number, &ours.grant, &theirs.grant)?;
        same(number, &ours.revoked.is_some(), &theirs.revoked)?;
        for line in &ours.grant.lines {
            let left = line.quantity.raw() - model.shelf.exits_by(&theirs.number, line.number);
            same(number, &ours.left(line).map(Quantity::raw), &Some(left))?;
        }
    }
    Ok(())
}

/// Lists have of each line of a form what they took and was not undone, and the gate let as much of it through.
fn same_transfer_forms(state: &MemoryState, model: &Model) -> Result<(), String> {
    use Direction::{In, Out};
    for theirs in &model.shelf.forms {
        let number = &theirs.content.form_no;
        let Some(ours) = get::<TransferForms>(state, number.clone()).unwrap() else {
            return Err(format!("form {number} is not there"));
        };
        let closed = ours.state == DocumentState::Closed;
        same(number.as_str(), &(closed, ours.change_no), &(theirs.closed, theirs.version))?;
        same(number.as_str(), &ours.content, &theirs.content)?;
        same(number.as_str(), &ours.lists, &(model.shelf.lists_on(number).count() as u64))?;
        let lists = transfer_form::lists(state, number, usize::MAX).unwrap();
        for line in transfer_form::standing(state, &ours, &lists).unwrap() {
            let listed = |direction| model.shelf.listed_on(number, line.filed.line, direction);
            let passed = |direction| model.shelf.passed_on(number, line.filed.line, direction);
            let declared = line.filed.declared.raw();
            let ours = [line.listed.out, line.listed.into, line.sent, line.received].map(Quantity::raw);
            same(number.as_str(), &ours, &[listed(Out), listed(In), passed(Out), passed(In)])?;
            let left = [line.left_out, line.left_in].map(Quantity::raw);
            same(number.as_str(), &left, &[declared - listed(Out), declared - listed(In)])?;
        }
    }
    Ok(())
}

/// What was said of sales stands as it was said last, and each parcel that counts is known at its sale and its waybill.
fn same_sales(state: &MemoryState, model: &Model) -> Result<(), String> {
    let (mut said, mut of_sales, mut of_waybills) = (Vec::new(), Vec::new(), Vec::new());
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::Sale(_), Row::Sale(sale)) => {
                said.extend(sale.order.iter().map(|order| Statement::Order(order.what.clone())));
                said.extend(sale.payment.iter().map(|payment| Statement::Payment(payment.what.clone())));
                same("a sale of which nothing is said", &(**sale == Sale::default()), &false)?;
            }
            (Key::Waybill(_), Row::Waybill(waybill)) => said.push(Statement::Waybill(waybill.what.clone())),
            (Key::SaleParcel((sale, number)), _) => of_sales.push((number.clone(), sale.clone())),
            (Key::WaybillParcel((waybill, number)), _) => of_waybills.push((number.clone(), waybill.clone())),
            _ => {}
        }
    }
    let shown = |said: &[Statement]| said.iter().map(|said| format!("{said:?}")).collect::<BTreeSet<_>>();
    same("what was said of sales", &shown(&said), &shown(&model.shelf.said))?;
    let sales: BTreeSet<_> =
        model.shelf.sold().map(|(number, cited)| (number.clone(), cited.sale.clone())).collect();
    same("parcels of sales", &of_sales.into_iter().collect(), &sales)?;
    let waybills: BTreeSet<_> = model
        .shelf
        .sold()
        .filter_map(|(number, cited)| Some((number.clone(), cited.waybill.clone()?)))
        .collect();
    same("parcels of waybills", &of_waybills.into_iter().collect(), &waybills)
}

/// A seal is known at each list between two books that a pass with it names, until the pass is taken back.
fn same_seals(state: &MemoryState, model: &Model) -> Result<(), String> {
    let ours: BTreeMap<_, _> = state
        .rows()
        .filter_map(|(key, row)| match (key, row) {
            (Key::Seal((list_no, pass_no)), Row::Seal(seal)) => {
                Some(((list_no.to_string(), pass_no.to_string()), seal.clone()))
            }
            _ => None,
        })
        .collect();
    let mut theirs = BTreeMap::new();
    for pass in model.shelf.passes.iter().filter(|pass| pass.state != DocumentState::Cancelled) {
        for number in pass.filing.linked.iter().filter(|_| pass.filing.linked_type == LinkedType::List) {
            let list = model.shelf.list(number.as_str()).map(|list| &list.content);
            let between = list
                .is_some_and(|list| list.kind == "6" || (list.kind == "0" && list.related_book.is_some()));
            if let (true, Some(seal)) = (between, &pass.filing.seal_no) {
                theirs.insert((number.to_string(), pass.filing.pass_no.to_string()), seal.clone());
            }
        }
    }
    same("seals", &ours, &theirs)
}

fn same_books(state: &MemoryState, model: &Model) -> Result<(), String> {
    for book in &model.shelf.books {
        let ours: Vec<_> = query::items(state, &book.filing.book_no, None, usize::MAX)
            .unwrap()
            .into_iter()
            .map(|(key, item)| {
                let item = (*item).clone();
                let what = (item.part_no, item.tariff_code, item.units, item.residue);
                (key.mark, key.number, what, item.lot, item.stops)
            })
            .collect();
        let mut theirs: Vec<_> = book
            .rows
            .iter()
            .cloned()
            .map(|row| {
                let what = (row.part, row.tariff, row.units, row.kind);
                (row.mark, row.number, what, row.lot, row.stops)
            })
            .collect();
        theirs.sort_by_key(|row| (row.0, row.1));
        same("items", &ours, &theirs)?;
        let ours = get::<Books>(state, book.filing.book_no.clone()).unwrap().unwrap();
        let life = (ours.valid_until, ours.case.as_ref().map(|case| &case.case_no));
        same(book.filing.book_no.as_str(), &life, &(book.filing.valid_until, book.case.as_ref()))?;
    }
    Ok(())
}
