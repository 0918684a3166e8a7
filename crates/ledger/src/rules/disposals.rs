//! Disposals: destruction, loss, abandonment (`domain.md` 3.1, 3.4 rows 23 to 26).
//!
//! Goods to be destroyed or abandoned are reserved when the disposal is filed and set aside by the last approval. What is
//! lost is not there any more: it is missing from the stock from the report on.

use super::decisions::{self, Case, Line};
use super::goods::{self, Transfer, along, carry_lots};
use super::layers::{self, Wishes};
use super::named::{self, Found};
use super::work::{Stop, Work};
use super::{destroyed, guards, parameters, stock};
use crate::book::{Act, Book};
use crate::code::DisposalNo;
use crate::direction::{Direction, Mark};
use crate::disposal::{Approval, Disposal, OpenGoods};
use crate::document::{
    Decision, DisposalFiling, DisposalKind, DisposalLine, DisposalOrder, DisposalStep, EvidenceKind,
    Execution, Provenance,
};
use crate::event::{Action, Step};
use crate::layer::NamedLot;
use crate::limits::{EVIDENCE_MAX, LINES_MAX};
use crate::matrix::{MatrixRow, Rule, rule_of_matter};
use crate::measure::Measure;
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::parameter::Parameter;
use crate::permission::Principal;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{BookDisposals, Disposals};
use crate::time::Date;
use compact_str::CompactString;
use std::sync::Arc;

/// A new disposal.
pub(crate) fn file(work: &mut Work<'_>, filing: &DisposalFiling) -> Result<(), Stop> {
    guards::at_most("lines", filing.lines.len(), LINES_MAX)?;
    guards::at_most("evidence", filing.evidence.len(), EVIDENCE_MAX)?;
    guards::once_each("line", filing.lines.iter().map(|line| line.goods.line))?;
    if work.get::<Disposals>(filing.disposal_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("disposal_no", &filing.disposal_no).into());
    }
    let book = guards::book_for(work, &filing.book_no, "book_no", Act::Disposal)?;
    guards::owned_by(&book, &filing.owner, "owner")?;
    if filing.kind.needs_approval() {
        // A loss is a fact, whether the book is stopped or over or not.
        guards::book_in_validity(work, &book, filing.declared_at, "declared_at")?;
        guards::book_not_stopped(&book, Direction::Out)?;
    }
    complete(filing)?;
    let rule = filing_rule(filing.kind)?;
    layers::may_name(
        &book,
        &filing.lots,
        rule.lot_source(),
        filing.lines.iter().map(|line| line.goods.line),
    )?;
    let mut open = Vec::with_capacity(filing.lines.len());
    for line in &filing.lines {
        let found = named::in_stock(work, &book, &line.goods)?;
        admissible(&book, filing.kind, line, &found)?;
        open.push(found.open);
    }
    let disposal = Disposal {
        filed: filing.clone(),
        state: DocumentState::Filed,
        open,
        levels: levels(work, filing.kind)?,
        approvals: Vec::new(),
        approved_until: None,
        execution: None,
        decisions: Vec::new(),
        end_reason: CompactString::const_new(""),
        filed_time: work.now(),
        ended_time: None,
    };
    let transfers = transfers(&book, rule, &disposal);
    stock::test(work, &transfers)?;
    let action = if filing.kind.needs_approval() { Action::Reserve } else { Action::PostAtOnce };
    move_goods(work, action, &disposal, (rule, Some(&filing.lots)), &transfers)?;
    work.put::<BookDisposals>((filing.book_no.clone(), filing.disposal_no.clone()), ());
    keep(work, disposal);
    Ok(())
}

/// What a disposal has to say for itself.
fn complete(filing: &DisposalFiling) -> Result<(), Stop> {
    let lacks = |field: &str, expected: &str| -> Result<(), Stop> {
        Err(Refusal::new(Reason::InvalidField).field(field, "none").expected(expected).into())
    };
    if filing.lines.is_empty() {
        return lacks("lines", "at least one line");
    }
    if filing.cause.trim().is_empty() {
        return lacks("cause", "why, in words");
    }
    let declared_on = filing.declared_at.date();
    match filing.event_on {
        None if !filing.kind.needs_approval() => return lacks("event_on", "the day of the loss"),
        Some(day) if day > declared_on => {
            return Err(Refusal::new(Reason::InvalidField)
                .field("event_on", day)
                .expected(format!("not after {declared_on}, the day of the declaration"))
                .into());
        }
        _ => {}
    }
    let proved = filing.evidence.iter().any(|evidence| evidence.kind == EvidenceKind::OfficialProof);
    if filing.kind == DisposalKind::LossForceMajeure && !proved {
        return Err(evidence_missing("OFFICIAL_PROOF, at least one").into());
    }
    Ok(())
}

fn evidence_missing(expected: &str) -> Refusal {
    Refusal::new(Reason::EvidenceMissing).field("evidence", "none").expected(expected)
}

/// What stops goods from being destroyed or abandoned although they are there.
fn admissible(book: &Book, kind: DisposalKind, line: &DisposalLine, found: &Found) -> Result<(), Stop> {
    let named = &line.goods;
    if kind.needs_approval() {
        guards::item_not_stopped(&found.item, Direction::Out, named.line, named.number, book)?;
    }
    if kind != DisposalKind::Abandonment {
        return Ok(());
    }
    if line.dangerous {
        return Err(Refusal::new(Reason::AbandonmentForbidden)
            .line(named.line)
            .field("dangerous", true)
            .expected("goods that are neither dangerous nor prohibited; have these destroyed")
            .into());
    }
    // Customs would sell it at home, which is what the rule forbids (`RULES.md` 10.3, `domain.md` 3.1).
    let foreign = found.receipt.as_ref().filter(|receipt| receipt.provenance != Some(Provenance::Domestic));
    if let (Some(receipt), Mark::Residue) = (foreign, named.mark) {
        let provenance = receipt.provenance.map_or("unknown", Provenance::code);
        return Err(Refusal::new(Reason::ForeignRemovedPart)
            .line(named.line)
            .field("kind", kind)
            .expected("re-export or destruction, as the unit came from abroad")
            .document(format!("{} provenance {provenance}", receipt.lot))
            .into());
    }
    Ok(())
}

fn levels(work: &Work<'_>, kind: DisposalKind) -> Result<u64, Stop> {
    match filing_rule(kind)?.levels() {
        Some(parameter) => parameters::whole_today(work, parameter).map(u64::from),
        None => Ok(0),
    }
}

/// A step of an accepted disposal.
pub(crate) fn order(work: &mut Work<'_>, by: &Principal, order: &DisposalOrder) -> Result<(), Stop> {
    let number = &order.disposal_no;
    work.document = Some(number.as_str().into());
    let Some(disposal) = work.get::<Disposals>(number.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field("disposal_no", number).into());
    };
    let book = guards::book(work, &disposal.filed.book_no, "book_no")?;
    let disposal = (*disposal).clone();
    match &order.step {
        DisposalStep::Approve { level, remark } => approve(work, &book, disposal, by, *level, remark),
        DisposalStep::Reject { reason } => reject(work, &book, disposal, reason),
        DisposalStep::Withdraw { reason } => withdraw(work, &book, disposal, reason),
        DisposalStep::Execute(execution) => execute(work, &book, disposal, execution),
        DisposalStep::Decide(decision) => decide(work, &book, disposal, by, decision),
    }
}

/// `DISPOSAL_STATE`: the kind and the state allow a step.
fn stands(
    disposal: &Disposal,
    kinds: &[DisposalKind],
    states: &[DocumentState],
    step: &str,
) -> Result<(), Stop> {
    let (kind, state) = (disposal.filed.kind, disposal.state);
    let refuse = |field: &str, value: &dyn std::fmt::Display, expected: Vec<&str>| -> Result<(), Stop> {
        Err(Refusal::new(Reason::DisposalState)
            .field(field, value)
            .expected(format!("{}, to {step}", expected.join(" or ")))
            .document(&disposal.filed.disposal_no)
            .into())
    };
    if !kinds.contains(&kind) {
        return refuse("kind", &kind, kinds.iter().map(|kind| kind.code()).collect());
    }
    if !states.contains(&state) {
        return refuse("state", &state, states.iter().map(|state| state.code()).collect());
    }
    Ok(())
}

const APPROVED_FIRST: &[DisposalKind] = &[DisposalKind::Destruction, DisposalKind::Abandonment];

/// One level after the other, each by somebody else. The last one sets the goods aside.
fn approve(
    work: &mut Work<'_>,
    book: &Book,
    mut disposal: Disposal,
    by: &Principal,
    level: u64,
    remark: &CompactString,
) -> Result<(), Stop> {
    stands(&disposal, APPROVED_FIRST, &[DocumentState::Filed], "approve")?;
    let next = (disposal.approvals.len() as u64).saturating_add(1);
    let number = disposal.filed.disposal_no.clone();
    if level != next {
        return Err(Refusal::new(Reason::DisposalState)
            .field("level", level)
            .expected(format!("{next} of {}", disposal.levels))
            .document(number)
            .into());
    }
    if disposal.approvals.iter().any(|approval| approval.by == *by) {
        return Err(Refusal::new(Reason::ApproverRepeated)
            .field("principal", &by.0)
            .expected("somebody who has not approved a level of it")
            .document(number)
            .into());
    }
    disposal.approvals.push(Approval { by: by.clone(), time: work.now(), remark: remark.clone() });
    if level >= disposal.levels {
        let rule = filing_rule(disposal.filed.kind)?;
        let transfers = transfers(book, rule, &disposal);
        move_goods(work, Action::Post, &disposal, (rule, None), &transfers)?;
        disposal.state = DocumentState::Approved;
        if disposal.filed.kind == DisposalKind::Destruction {
            disposal.approved_until = Some(last_day(work)?);
        }
    }
    keep(work, disposal);
    Ok(())
}

/// The last day on which a destruction that is approved today may be carried out.
fn last_day(work: &Work<'_>) -> Result<Date, Stop> {
    let days = parameters::whole_today(work, Parameter::DestructionApprovalDays)?;
    work.today().0.checked_add_unsigned(days).map(Date).ok_or_else(Stop::overflow)
}

fn reject(work: &mut Work<'_>, book: &Book, disposal: Disposal, reason: &CompactString) -> Result<(), Stop> {
    stands(&disposal, APPROVED_FIRST, &[DocumentState::Filed], "reject")?;
    free(work, book, &disposal)?;
    end(work, disposal, DocumentState::Rejected, reason);
    Ok(())
}

/// Before the last approval the goods are free again; after it a destruction that is not carried out gives them back.
fn withdraw(
    work: &mut Work<'_>,
    book: &Book,
    mut disposal: Disposal,
    reason: &CompactString,
) -> Result<(), Stop> {
    let states: &[DocumentState] = match disposal.filed.kind {
        DisposalKind::Destruction => &[DocumentState::Filed, DocumentState::Approved],
        _ => &[DocumentState::Filed],
    };
    stands(&disposal, APPROVED_FIRST, states, "withdraw")?;
    if disposal.state == DocumentState::Filed {
        free(work, book, &disposal)?;
    } else {
        take_all(work, book, &mut disposal, MatrixRow::DestructionReturned)?;
    }
    end(work, disposal, DocumentState::Withdrawn, reason);
    Ok(())
}

fn free(work: &mut Work<'_>, book: &Book, disposal: &Disposal) -> Result<(), Stop> {
    let rule = filing_rule(disposal.filed.kind)?;
    let transfers = transfers(book, rule, disposal);
    move_goods(work, Action::Cancel, disposal, (rule, None), &transfers)
}

fn end(work: &mut Work<'_>, mut disposal: Disposal, state: DocumentState, reason: &CompactString) {
    disposal.state = state;
    disposal.end_reason = reason.clone();
    disposal.ended_time = Some(work.now());
    keep(work, disposal);
}

/// An approved destruction is carried out, with evidence; what is left and has a value stays in the book.
fn execute(
    work: &mut Work<'_>,
    book: &Book,
    mut disposal: Disposal,
    execution: &Execution,
) -> Result<(), Stop> {
    guards::at_most("evidence", execution.evidence.len(), EVIDENCE_MAX)?;
    guards::at_most("residues", execution.residues.len(), LINES_MAX)?;
    guards::once_each("residues", execution.residues.iter().map(|residue| residue.line))?;
    stands(&disposal, &[DisposalKind::Destruction], &[DocumentState::Approved], "carry out")?;
    in_time(work, &disposal, execution.executed_on)?;
    if execution.evidence.is_empty() {
        return Err(evidence_missing("at least one piece of evidence of the destruction").into());
    }
    take_all(work, book, &mut disposal, MatrixRow::DestructionExecuted)?;
    destroyed::make(work, book, &disposal, &execution.residues)?;
    disposal.execution = Some(execution.clone());
    end(work, disposal, DocumentState::Executed, &CompactString::const_new(""));
    Ok(())
}

/// `APPROVAL_EXPIRED`: between the last approval and the end of its validity, for the day of the destruction and, live,
/// for today.
fn in_time(work: &Work<'_>, disposal: &Disposal, executed_on: Date) -> Result<(), Stop> {
    let number = &disposal.filed.disposal_no;
    let (Some(until), Some(last)) = (disposal.approved_until, disposal.approvals.last()) else {
        return Err(Stop::Broken(format!("disposal {number} is approved by nobody")));
    };
    let mut days = std::iter::once(executed_on).chain(work.live_date());
    if let Some(day) = days.find(|day| *day > until) {
        return Err(Refusal::new(Reason::ApprovalExpired)
            .field("executed_on", day)
            .expected(format!("not after {until}"))
            .document(number)
            .into());
    }
    decisions::between(work, "executed_on", executed_on, work.head.utc_offset.local(last.time).date())
}

/// Customs decides on what is lost or abandoned, all of it or parts.
fn decide(
    work: &mut Work<'_>,
    book: &Book,
    mut disposal: Disposal,
    by: &Principal,
    decision: &Decision,
) -> Result<(), Stop> {
    use DisposalKind::{Abandonment, LossForceMajeure, LossOther};
    let kind = disposal.filed.kind;
    let waiting = if kind == Abandonment { DocumentState::Approved } else { DocumentState::Filed };
    stands(&disposal, &[LossForceMajeure, LossOther, Abandonment], &[waiting], "decide")?;
    let mover = Mover::from(&disposal.filed.disposal_no);
    let case = Case {
        mover: &mover,
        book,
        declared_on: disposal.filed.declared_at.date(),
        loss_day: disposal.filed.event_on.filter(|_| kind == LossOther),
        before: &disposal.decisions,
    };
    let line = |(line, open)| {
        let line: &DisposalLine = line;
        Line { matter: kind.matter(), named: &line.goods, open }
    };
    let mut lines: Vec<Line<'_>> = disposal.filed.lines.iter().zip(&mut disposal.open).map(line).collect();
    let kept = decisions::decide(work, by, &case, decision, &mut lines)?;
    disposal.decisions.push(kept);
    if disposal.open.iter().all(|open| open.left.is_zero()) {
        disposal.state = DocumentState::Decided;
        disposal.ended_time = Some(work.now());
    }
    keep(work, disposal);
    Ok(())
}

fn filing_rule(kind: DisposalKind) -> Result<&'static Rule, Stop> {
    rule_of_matter(kind.matter()).ok_or_else(|| Stop::Broken(format!("disposal {kind} has no row")))
}

/// What is left of each line, along the legs of a row.
fn transfers(book: &Book, rule: &Rule, disposal: &Disposal) -> Vec<Transfer> {
    let mut transfers = Vec::with_capacity(disposal.open.len());
    for (line, open) in disposal.filed.lines.iter().zip(&disposal.open) {
        along(book, rule.legs, &named::goods(&line.goods, open, open.left), &mut transfers);
    }
    transfers
}

/// All that was set aside goes along a row; nothing is left.
fn take_all(work: &mut Work<'_>, book: &Book, disposal: &mut Disposal, row: MatrixRow) -> Result<(), Stop> {
    let rule = goods::rule(row)?;
    let transfers = transfers(book, rule, disposal);
    move_goods(work, Action::PostAtOnce, disposal, (rule, None), &transfers)?;
    disposal.open.iter_mut().for_each(|open: &mut OpenGoods| open.left = Measure::ZERO);
    Ok(())
}

fn move_goods(
    work: &mut Work<'_>,
    action: Action,
    disposal: &Disposal,
    (rule, named): (&Rule, Option<&[NamedLot]>),
    transfers: &[Transfer],
) -> Result<(), Stop> {
    let mover = Mover::from(&disposal.filed.disposal_no);
    carry_lots(work, action, &mover, transfers, Wishes { named, ..Wishes::on_account(&mover.number) })?;
    work.steps.push(Step { action, document: mover.number, version: 0, row: Some(rule.row) });
    Ok(())
}

fn keep(work: &mut Work<'_>, disposal: Disposal) {
    let number: DisposalNo = disposal.filed.disposal_no.clone();
    work.names(number.as_str(), disposal.state);
    work.state = Some(disposal.state);
    work.put::<Disposals>(number, Arc::new(disposal));
}
