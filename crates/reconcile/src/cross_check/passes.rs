//! Passes and what they carry; lists and what of them is through the gate.

use super::transfers::counts;
use super::{Asking, Break, Check, Judge, Walked, number, walk};
use zonebook_ledger::code::{BookNo, DocumentNo, ListNo, PassNo, SlipNo};
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{Binding, LinkedType};
use zonebook_ledger::error::Fault;
use zonebook_ledger::matrix::rule_of_row;
use zonebook_ledger::movement::{DocumentState, Movement};
use zonebook_ledger::pass::Pass;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{Lines, Movements, Passes, Progress, Slips, get};

pub(super) fn passes(asking: &Asking<'_>, after: &str, count_max: usize) -> Result<Walked, Fault> {
    let of_pass = |pass_no: &PassNo, pass: &Pass| judge_pass(asking, pass_no, pass);
    walk!(asking, Passes, Pass(PassNo), after, count_max, of_pass)
}

pub(super) fn lists(asking: &Asking<'_>, after: &str, count_max: usize) -> Result<Walked, Fault> {
    let of_list = |_: &ListNo, list: &Movement| judge_list(asking, list);
    walk!(asking, Movements, Movement(ListNo), after, count_max, of_list)
}

/// What a pass names, as far as a pass asks.
struct Carried {
    book_no: BookNo,
    direction: Direction,
    counts: bool,
    ungated: Quantity,
}

fn carried(asking: &Asking<'_>, kind: LinkedType, document: &DocumentNo) -> Result<Option<Carried>, Fault> {
    match kind {
        LinkedType::List => {
            let list = get::<Movements>(asking.state, number(document.as_str(), ListNo::new)?)?;
            Ok(list.map(|list| Carried {
                book_no: list.book_no.clone(),
                direction: list.direction,
                counts: counts(list.state),
                ungated: list.ungated,
            }))
        }
        LinkedType::Slip => {
            let slip = get::<Slips>(asking.state, number(document.as_str(), SlipNo::new)?)?;
            Ok(slip.map(|slip| Carried {
                book_no: slip.book_no.clone(),
                direction: slip.direction,
                counts: slip.state != DocumentState::Cancelled,
                ungated: slip.ungated,
            }))
        }
        LinkedType::Bill => Ok(None),
    }
}

fn judge_pass(asking: &Asking<'_>, pass_no: &PassNo, pass: &Pass) -> Result<Vec<Break>, Fault> {
    // A pass on a bill comes before any document, and one that was taken back carries nothing.
    if pass.linked_type == LinkedType::Bill || pass.state == DocumentState::Cancelled {
        return Ok(Vec::new());
    }
    let mut breaks = Vec::new();
    for document in &pass.linked {
        let Some(carried) = carried(asking, pass.linked_type, document)? else {
            if asking.scope.book_no.is_none() && asking.scope.office.is_none() {
                let mut judge = Judge::new(asking, Check::Passes, pass_no, None, pass.filed_time);
                judge.broken(document, "document", "filed", "none");
                breaks.extend(judge.breaks);
            }
            continue;
        };
        if !asking.wants(&carried.book_no)? {
            continue;
        }
        let mut judge = Judge::new(asking, Check::Passes, pass_no, Some(&carried.book_no), pass.filed_time);
        judge.same(document, "direction", carried.direction, pass.direction);
        if pass.state == DocumentState::Passed {
            judge.since = asking.day(pass.passed_time.unwrap_or(pass.filed_time));
            judge.same(document, "document still counts", true, carried.counts);
            // A pass that takes whole documents leaves nothing of them behind.
            if pass.binding != Binding::ManyVehicles && carried.counts {
                judge.same(document, "not through the gate", Quantity::ZERO, carried.ungated);
            }
        } else {
            judge.waits(asking.day(pass.filed_time), "state", DocumentState::Passed, pass.state);
        }
        breaks.extend(judge.breaks);
    }
    Ok(breaks)
}

/// What of a list is through the gate is between nothing and what it declares, and what it waits for is the rest.
fn judge_list(asking: &Asking<'_>, list: &Movement) -> Result<Vec<Break>, Fault> {
    let gate = rule_of_row(list.row).is_some_and(|rule| rule.needs_gate());
    if !gate || !counts(list.state) || !asking.wants(&list.book_no)? {
        return Ok(Vec::new());
    }
    let mut judge = Judge::new(asking, Check::Passes, &list.list_no, Some(&list.book_no), list.prevd_time);
    let lines = get::<Lines>(asking.state, (list.list_no.clone(), list.content_version))?.unwrap_or_default();
    let progress = get::<Progress>(asking.state, (LinkedType::List, DocumentNo::from(&list.list_no)))?;
    let Some(progress) = progress else {
        let all = sum(lines.iter().map(|line| line.filed.declared));
        judge.same("", "not through the gate", all, list.ungated);
        return Ok(judge.breaks);
    };
    judge.same("", "lines with gate progress", lines.len(), progress.len());
    for (line, progress) in lines.iter().zip(progress.iter()) {
        let filed = &line.filed;
        if progress.reserved > filed.declared {
            let what = format_args!("line {} on passes", filed.line).to_string();
            judge.broken("", what, format_args!("at most {}", filed.declared), progress.reserved);
        }
        if progress.gated > progress.reserved {
            let what = format_args!("line {} through the gate", filed.line).to_string();
            judge.broken("", what, format_args!("at most {}", progress.reserved), progress.gated);
        }
    }
    let declared = sum(lines.iter().map(|line| line.filed.declared));
    let gated = sum(progress.iter().map(|progress| progress.gated));
    judge.same("", "not through the gate", declared.checked_sub(gated).unwrap_or_default(), list.ungated);
    Ok(judge.breaks)
}

/// Quantities of a list stay within the range of a number: the ledger refuses what would leave it.
fn sum(mut quantities: impl Iterator<Item = Quantity>) -> Quantity {
    quantities.try_fold(Quantity::ZERO, Quantity::checked_add).unwrap_or_default()
}
