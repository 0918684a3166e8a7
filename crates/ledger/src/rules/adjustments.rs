//! Adjustments: what a count found missing or too many (`domain.md` 3.4 row 30, 4.1). Nothing else lets a count change a
//! book, and nothing in it changes without a decision of customs.
//!
//! A line that cites a difference carries out what customs decided on that, in the step that files it: out of the stock
//! and on to where the decision sends it. A line that cites none belongs to a verification of which customs disposed;
//! its goods wait in `DIFFERENCE` or `SURPLUS` until customs has said what becomes of each.

use super::decisions::{self, Case, Line};
use super::goods::{Transfer, along, carry_lots};
use super::layers::{self, Wishes};
use super::work::{Stop, Work};
use super::{citations, guards, named, stock, verification};
use crate::book::{Act, Book};
use crate::disposal::{Adjustment, OpenGoods};
use crate::document::{AdjustmentDecision, AdjustmentFiling, AdjustmentLine, Difference};
use crate::event::{Action, Step};
use crate::limits::LINES_MAX;
use crate::matrix::{Rule, rule_of_matter};
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::permission::Principal;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Adjustments, BookAdjustments, Books};
use std::sync::Arc;

/// A new adjustment: what is missing leaves the stock, what is too many is noted, and what is decided is carried out.
pub(crate) fn file(work: &mut Work<'_>, filing: &AdjustmentFiling) -> Result<(), Stop> {
    guards::at_most("lines", filing.lines.len(), LINES_MAX)?;
    guards::once_each("line", filing.lines.iter().map(|line| line.goods.line))?;
    if work.get::<Adjustments>(filing.adjustment_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists)
            .field("adjustment_no", &filing.adjustment_no)
            .into());
    }
    let book = guards::book_for(work, &filing.book_no, "book_no", Act::Adjustment)?;
    guards::owned_by(&book, &filing.owner, "owner")?;
    complete(work, filing)?;
    may_name(&book, filing)?;
    not_closed(&book, filing)?;
    let cited = citations::check(work, filing)?;
    let mut open = Vec::with_capacity(filing.lines.len());
    for line in &filing.lines {
        let found = match line.difference {
            Difference::Shortage => named::in_stock(work, &book, &line.goods)?,
            Difference::Surplus => named::beyond_stock(work, &book, &line.goods)?,
        };
        open.push(found.open);
    }
    counted_once(filing, &open)?;
    let mover = Mover::from(&filing.adjustment_no);
    for difference in Difference::ALL {
        count(work, &book, *difference, filing, &open, &mover)?;
    }
    work.put::<BookAdjustments>((filing.book_no.clone(), filing.adjustment_no.clone()), ());
    let decisions = citations::carry_out(work, &book, filing, cited, &mut open)?;
    let mut adjustment = Adjustment {
        filed: filing.clone(),
        state: DocumentState::Filed,
        open,
        decisions,
        filed_time: work.now(),
        ended_time: None,
    };
    if adjustment.is_decided() {
        end(work, &mut adjustment);
    } else {
        let open_adjustments = book.open_adjustments.checked_add(1).ok_or_else(Stop::overflow)?;
        work.put::<Books>(filing.book_no.clone(), Arc::new(Book { open_adjustments, ..(*book).clone() }));
    }
    keep(work, adjustment);
    Ok(())
}

fn end(work: &Work<'_>, adjustment: &mut Adjustment) {
    adjustment.state = DocumentState::Decided;
    adjustment.ended_time = Some(work.now());
}

/// Lots are named of what is missing; what is too many is in none yet.
fn may_name(book: &Book, filing: &AdjustmentFiling) -> Result<(), Stop> {
    let missing = filing.lines.iter().filter(|line| line.difference == Difference::Shortage);
    let source = rule_of(Difference::Shortage)?.lot_source();
    layers::may_name(book, &filing.lots, source, missing.map(|line| line.goods.line))
}

fn rule_of(difference: Difference) -> Result<&'static Rule, Stop> {
    let matter = difference.matter();
    rule_of_matter(matter).ok_or_else(|| Stop::Broken(format!("{matter} has no row")))
}

/// It has at least one difference, the cause of each, and a decision of customs behind each.
fn complete(work: &Work<'_>, filing: &AdjustmentFiling) -> Result<(), Stop> {
    if let Some(sequence) = filing.verification
        && !verification::is_accepted(work, &filing.book_no, sequence)?
    {
        return Err(Refusal::new(Reason::DocumentUnknown)
            .field("verification", sequence)
            .expected("an accepted verification of the book")
            .document(&filing.book_no)
            .into());
    }
    let lacks = |field: &str, expected: &str| {
        Refusal::new(Reason::InvalidField).field(field, "none").expected(expected)
    };
    if filing.lines.is_empty() {
        return Err(lacks("lines", "at least one difference").into());
    }
    if let Some(line) = filing.lines.iter().find(|line| line.cause.trim().is_empty()) {
        return Err(lacks("cause", "why, in words").line(line.goods.line).into());
    }
    let disposed = match filing.verification {
        Some(sequence) => verification::is_disposed(work, &filing.book_no, sequence)?,
        None => false,
    };
    match filing.lines.iter().find(|line| line.cites.is_none()) {
        Some(line) if !disposed => Err(Refusal::new(Reason::AdjustmentUndecided)
            .line(line.goods.line)
            .field("difference_no", "none")
            .expected("a decided difference, or a verification of which customs disposed")
            .document(&filing.book_no)
            .into()),
        _ => Ok(()),
    }
}

/// `PERIOD_VERIFIED`: what a closed period closed with is what the next one opened with.
fn not_closed(book: &Book, filing: &AdjustmentFiling) -> Result<(), Stop> {
    match (book.last_closed, filing.verification) {
        (Some(closed), Some(sequence)) if sequence <= closed.sequence => {
            Err(Refusal::new(Reason::PeriodVerified)
                .field("verification", sequence)
                .expected(format!("a verification after {}, which is closed", closed.sequence))
                .document(&filing.book_no)
                .into())
        }
        _ => Ok(()),
    }
}

/// `NAMED_TWICE`: the count of some goods is one figure; it is not both below and above the book, nor is a unit found
/// twice.
fn counted_once(filing: &AdjustmentFiling, open: &[OpenGoods]) -> Result<(), Stop> {
    let mut seen = std::collections::BTreeSet::new();
    for (line, open) in filing.lines.iter().zip(open) {
        let goods = &line.goods;
        if !seen.insert((goods.mark, goods.number, &open.lot, &open.serial)) {
            return Err(Refusal::new(Reason::NamedTwice)
                .line(goods.line)
                .field("number", goods.number)
                .into());
        }
    }
    Ok(())
}

fn count(
    work: &mut Work<'_>,
    book: &Book,
    difference: Difference,
    filing: &AdjustmentFiling,
    open: &[OpenGoods],
    mover: &Mover,
) -> Result<(), Stop> {
    let rule = rule_of(difference)?;
    let mut transfers: Vec<Transfer> = Vec::new();
    for (line, open) in filing.lines.iter().zip(open).filter(|(line, _)| line.difference == difference) {
        along(book, rule.legs, &named::goods(&line.goods, open, open.left), &mut transfers);
    }
    if transfers.is_empty() {
        return Ok(());
    }
    stock::test(work, &transfers)?;
    let wishes = Wishes { named: Some(&filing.lots), ..Wishes::on_account(&mover.number) };
    carry_lots(work, Action::PostAtOnce, mover, &transfers, wishes)?;
    let (action, document) = (Action::PostAtOnce, mover.number.clone());
    work.steps.push(Step { action, document, version: 0, row: Some(rule.row) });
    Ok(())
}

/// Customs decides on differences, all of them or parts.
pub(crate) fn decide(work: &mut Work<'_>, by: &Principal, order: &AdjustmentDecision) -> Result<(), Stop> {
    let number = &order.adjustment_no;
    work.document = Some(number.as_str().into());
    let Some(adjustment) = work.get::<Adjustments>(number.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field("adjustment_no", number).into());
    };
    let mut adjustment = (*adjustment).clone();
    let book = guards::book(work, &adjustment.filed.book_no, "book_no")?;
    if adjustment.state != DocumentState::Filed {
        return Err(Refusal::new(Reason::DisposalState)
            .field("state", adjustment.state)
            .expected(format!("{}, to decide", DocumentState::Filed))
            .document(number)
            .into());
    }
    let mover = Mover::from(number);
    let case = Case {
        mover: &mover,
        book: &book,
        declared_on: adjustment.filed.declared_at.date(),
        loss_day: None,
        before: &adjustment.decisions,
    };
    let line = |(line, open)| {
        let line: &AdjustmentLine = line;
        Line { matter: line.difference.matter(), named: &line.goods, open }
    };
    let mut lines: Vec<Line<'_>> =
        adjustment.filed.lines.iter().zip(&mut adjustment.open).map(line).collect();
    let kept = decisions::decide(work, by, &case, &order.decision, &mut lines)?;
    adjustment.decisions.push(kept);
    if adjustment.is_decided() {
        end(work, &mut adjustment);
        let open_adjustments = book
            .open_adjustments
            .checked_sub(1)
            .ok_or_else(|| Stop::Broken(format!("book {} has no open adjustment", book.book_no)))?;
        work.put::<Books>(book.book_no.clone(), Arc::new(Book { open_adjustments, ..(*book).clone() }));
    }
    keep(work, adjustment);
    Ok(())
}

fn keep(work: &mut Work<'_>, adjustment: Adjustment) {
    let number = adjustment.filed.adjustment_no.clone();
    work.names(number.as_str(), adjustment.state);
    work.state = Some(adjustment.state);
    work.put::<Adjustments>(number, Arc::new(adjustment));
}
