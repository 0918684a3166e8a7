//! Tallies: what was counted of a list's goods, and what becomes of what is short (理货; issue 3 point 9).
//!
//! A list is posted whole, always. What its accepted tally shows short is a movement of its own in the same step: out of
//! stock into the place of differences for a list I, back by the list's own legs for a list E. Goods beyond what is
//! listed are in no book: they come in by a list of their own. Customs decides line by line on what stands in the place
//! of differences, as on what a count did not find.

use super::decisions::{self, Case, Line};
use super::goods::{self, carry_lots};
use super::guards::{self, Quantities};
use super::layers::Wishes;
use super::work::{Stop, Work};
use super::{amendments, claims, licences, lines, lists, posting, standing, undoing};
use crate::behaviour::BehaviourChange;
use crate::book::Book;
use crate::code::{DocumentNo, TallyNo};
use crate::correction::Undone;
use crate::direction::Direction;
use crate::disposal::OpenGoods;
use crate::document::{LinePart, Matter, NamedGoods, TallyDecision, TallyFiling};
use crate::event::{Action, Step};
use crate::limits::LINES_MAX;
use crate::matrix::{MatrixRow, Rule};
use crate::measure::Measure;
use crate::movement::{DocumentState, Movement, MovementLine};
use crate::mover::Mover;
use crate::permission::Principal;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::standing::{Order, TallyResult};
use crate::state::{Movements, Progress, Tallies};
use crate::tally::{ShortGoods, Tally};
use std::sync::Arc;

/// A tally of the goods of a list that is not posted. A later one replaces it as long as customs has not decided.
pub(crate) fn file(work: &mut Work<'_>, filing: &TallyFiling) -> Result<(), Stop> {
    guards::at_most("lines", filing.lines.len(), LINES_MAX)?;
    guards::once_each("gdsSeqno", filing.lines.iter().map(|line| line.line))?;
    if work.get::<Tallies>(filing.tally_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("tally_no", &filing.tally_no).into());
    }
    let Some(movement) = work.get::<Movements>(filing.list_no.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field("bondInvtNo", &filing.list_no).into());
    };
    let book = guards::book(work, &movement.book_no, "putrecNo")?;
    can_be_tallied(work, &movement, &book)?;
    let lines = lists::content(work, &movement)?;
    counted_whole(&movement, &lines, filing)?;
    let mut standing = movement.standing.as_deref().cloned().unwrap_or_default();
    standing.tally = Some((filing.tally_no.clone(), result(&lines, filing)));
    let tally = Tally {
        filed: filing.clone(),
        filed_time: work.now(),
        short: Vec::new(),
        decisions: Vec::new(),
        decided_time: None,
    };
    work.put::<Tallies>(filing.tally_no.clone(), Arc::new(tally));
    work.names(filing.tally_no.as_str(), DocumentState::Filed);
    work.names(filing.list_no.as_str(), movement.state);
    work.state = Some(DocumentState::Filed);
    posting::settle(work, Movement { standing: Some(Box::new(standing)), ..(*movement).clone() })
}

/// Goods that are counted when they come or go, of a list whose claims do not hang on exact sums.
fn can_be_tallied(work: &Work<'_>, movement: &Movement, book: &Book) -> Result<(), Stop> {
    let because = |reason| Err(Refusal::new(reason).field("bondInvtNo", &movement.list_no).into());
    match movement.state_in(book) {
        DocumentState::PrePosted => {}
        DocumentState::Withdrawn => return because(Reason::AlreadyWithdrawn),
        DocumentState::Returned => return because(Reason::AlreadyReturned),
        DocumentState::Verified => return because(Reason::PeriodVerified),
        _ => return because(Reason::AlreadyPosted),
    }
    let rule = lists::rule_of(movement)?;
    if !rule.is_tallied() || rule.is_paired() && !work.has(BehaviourChange::TransfersTallied) {
        return Err(standing::not_applicable(
            movement,
            "matrix_row",
            movement.row,
            "a list of goods through the gate, or into another book, that gathers nothing",
        ));
    }
    match movement.standing.as_deref().and_then(|standing| standing.tally.as_ref()) {
        Some((tally_no, TallyResult::Accepted)) => Err(standing::not_applicable(
            movement,
            "tally",
            tally_no,
            "a tally that customs has not accepted",
        )),
        _ => Ok(()),
    }
}

/// Every line of the list is counted, and no other.
fn counted_whole(movement: &Movement, lines: &[MovementLine], filing: &TallyFiling) -> Result<(), Stop> {
    for counted in &filing.lines {
        let Some(line) = lines.iter().find(|line| line.filed.line == counted.line) else {
            return Err(undoing::no_such_line(movement, counted.line));
        };
        sound(line, counted)?;
    }
    match lines.iter().find(|line| of_line(filing, line.filed.line).is_none()) {
        Some(line) => Err(Refusal::new(Reason::InvalidField)
            .line(line.filed.line)
            .field("gdsSeqno", "none")
            .expected("every line of the list")
            .document(&movement.list_no)
            .into()),
        None => Ok(()),
    }
}

fn of_line(filing: &TallyFiling, line: u64) -> Option<&LinePart> {
    filing.lines.iter().find(|counted| counted.line == line)
}

/// Nothing in any unit, or something in each; where less than listed is there, the rest is something in each, too.
fn sound(line: &MovementLine, counted: &LinePart) -> Result<(), Stop> {
    guards::not_negative(counted.line, "usdStatTotalAmt", counted.value_usd)?;
    if counted.measure().is_zero() {
        return Ok(());
    }
    let quantities = Quantities {
        line: counted.line,
        units: &line.filed.units,
        declared: counted.declared,
        statutory1: counted.statutory1,
        statutory2: counted.statutory2,
    };
    quantities.positive()?;
    quantities.agree_with_units()?;
    if counted.declared < line.filed.declared {
        let listed = lines::measure(&line.filed);
        undoing::leaves_a_sound_rest(line, &listed, &counted.measure())?;
    }
    Ok(())
}

/// What a tally comes to against lines of a list.
pub(crate) fn result(lines: &[MovementLine], filing: &TallyFiling) -> TallyResult {
    let as_listed = |line: &MovementLine| {
        of_line(filing, line.filed.line).is_some_and(|counted| counted.declared == line.filed.declared)
    };
    if lines.len() == filing.lines.len() && lines.iter().all(as_listed) {
        TallyResult::Agrees
    } else {
        TallyResult::Differs
    }
}

/// The tally of a list against its new lines.
pub(crate) fn compare_again(
    work: &Work<'_>,
    movement: &mut Movement,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    let Some(standing) = movement.standing.as_deref_mut() else { return Ok(()) };
    if let Some((tally_no, outcome)) = &mut standing.tally {
        *outcome = result(lines, &tally(work, tally_no)?.filed);
    }
    Ok(())
}

/// Customs can accept a tally only of the very lines of the list, each sound against what is listed now. What was not sent
/// to another book is not to come there either: both lists are amended.
pub(crate) fn acceptable(work: &Work<'_>, movement: &Movement) -> Result<(), Stop> {
    if lists::rule_of(movement)?.is_paired() && movement.direction == Direction::Out {
        return Err(standing::not_applicable(
            movement,
            "order",
            Order::AcceptTally,
            format!("{}, which amends both lists of a transfer", Order::AmendToTally),
        ));
    }
    let Some((tally_no, _)) = movement.standing.as_deref().and_then(|standing| standing.tally.as_ref())
    else {
        return Ok(());
    };
    let lines = lists::content(work, movement)?;
    counted_whole(movement, &lines, &tally(work, tally_no)?.filed)
}

/// Makes a list of a transfer, and its partner, what the tally of the list says.
pub(crate) fn amend(work: &mut Work<'_>, movement: Movement) -> Result<Movement, Stop> {
    let Some((tally_no, _)) = movement.standing.as_deref().and_then(|standing| standing.tally.clone()) else {
        return Err(Stop::Broken(format!("list {} has no tally", movement.list_no)));
    };
    let counted = tally(work, &tally_no)?;
    amendments::amend(work, movement, &counted.filed)
}

fn tally(work: &Work<'_>, tally_no: &TallyNo) -> Result<Arc<Tally>, Stop> {
    work.get::<Tallies>(tally_no.clone())?.ok_or_else(|| Stop::Broken(format!("tally {tally_no} vanished")))
}

/// The accepted tally of a list.
fn accepted(work: &Work<'_>, movement: &Movement) -> Result<Option<Arc<Tally>>, Stop> {
    match movement.standing.as_deref().and_then(|standing| standing.tally.as_ref()) {
        Some((tally_no, TallyResult::Accepted)) => tally(work, tally_no).map(Some),
        _ => Ok(None),
    }
}

/// Whether all is through the gate that is there by an accepted tally: what is missing never comes.
pub(crate) fn all_counted_is_gated(work: &Work<'_>, movement: &Movement) -> Result<bool, Stop> {
    let Some(tally) = accepted(work, movement)? else { return Ok(false) };
    let lines = lists::content(work, movement)?;
    let linked = (crate::document::LinkedType::List, DocumentNo::from(&movement.list_no));
    let progress = work.get::<Progress>(linked)?.unwrap_or_default();
    let gated = |at: usize| progress.get(at).map_or(Quantity::ZERO, |progress| progress.gated);
    Ok(lines.iter().enumerate().all(|(at, line)| {
        let counted = of_line(&tally.filed, line.filed.line).map_or(Quantity::ZERO, |part| part.declared);
        gated(at) >= counted.min(line.filed.declared)
    }))
}

/// Moves what is short by the accepted tally of a list that is being posted.
pub(crate) fn settle(work: &mut Work<'_>, movement: &Movement) -> Result<(), Stop> {
    let Some(tally) = accepted(work, movement)? else { return Ok(()) };
    let book = guards::book(work, &movement.book_no, "putrecNo")?;
    let lines = lists::content(work, movement)?;
    let mut short = Vec::new();
    for line in lines.iter() {
        let counted = of_line(&tally.filed, line.filed.line);
        let listed = lines::measure(&line.filed);
        let counted = counted.map_or(Measure::ZERO, LinePart::measure);
        if counted.declared() < listed.declared() {
            let rest = listed.checked_sub(&counted).ok_or_else(Stop::overflow)?;
            short.push(undoing::part(work, &book, line, &Undone::default(), &rest)?);
        }
    }
    if short.is_empty() {
        return Ok(());
    }
    let rule = goods::rule(row(movement))?;
    let transfers = match movement.direction {
        Direction::In => lines::along_lines(&book, rule.legs, movement.mark, &short),
        Direction::Out => undoing::the_other_way(&book, movement, &short)?,
    };
    let (mover, list) = (Mover::from(&tally.filed.tally_no), Mover::from(&movement.list_no));
    let wishes = Wishes { holder: Some(&mover.number), ..Wishes::undoing(&list) };
    carry_lots(work, Action::PostAtOnce, &mover, &transfers, wishes)?;
    work.steps.push(step(mover.number, rule));
    undoing::settle_short(work, movement, &lines, &short)?;
    match movement.direction {
        Direction::In => {
            let number = tally.filed.tally_no.clone();
            let short = short.iter().map(|part| missing(movement, part)).collect();
            work.put::<Tallies>(number, Arc::new(Tally { short, ..(*tally).clone() }));
        }
        Direction::Out => {
            licences::give_back_parts(work, movement, &short)?;
            claims::give_back_parts(work, lists::rule_of(movement)?.claim, movement, &short)?;
        }
    }
    Ok(())
}

/// What is short of a line, for customs to decide on.
fn missing(movement: &Movement, part: &MovementLine) -> ShortGoods {
    let filed = &part.filed;
    let named = NamedGoods {
        line: filed.line,
        mark: movement.mark,
        number: filed.number,
        serial: part.serial.clone(),
        declared: filed.declared,
        statutory1: filed.statutory1,
        statutory2: filed.statutory2,
        value_usd: filed.value_usd,
    };
    let open = OpenGoods { lot: part.lot.clone(), serial: part.serial.clone(), left: named.measure() };
    ShortGoods { named, open }
}

/// Customs decides on what an accepted tally did not find, all of it or parts.
pub(crate) fn decide(work: &mut Work<'_>, by: &Principal, order: &TallyDecision) -> Result<(), Stop> {
    let number = &order.tally_no;
    work.document = Some(number.as_str().into());
    let Some(tally) = work.get::<Tallies>(number.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field("tally_no", number).into());
    };
    let mut tally = (*tally).clone();
    let Some(movement) = work.get::<Movements>(tally.filed.list_no.clone())? else {
        return Err(Stop::Broken(format!("list {} vanished", tally.filed.list_no)));
    };
    let book = guards::book(work, &movement.book_no, "putrecNo")?;
    if !tally.is_open() {
        return Err(Refusal::new(Reason::DisposalState)
            .field("state", tally.state())
            .expected("an accepted tally of a posted list I, with goods on which customs has not decided")
            .document(number)
            .into());
    }
    let mover = Mover::from(number);
    let declared_on = tally.filed.counted_at.date();
    let case = Case { mover: &mover, book: &book, declared_on, loss_day: None, before: &tally.decisions };
    let mut lines = Vec::with_capacity(tally.short.len());
    for ShortGoods { named, open } in &mut tally.short {
        lines.push(Line { matter: Matter::TallyShortage, named, open });
    }
    let kept = decisions::decide(work, by, &case, &order.decision, &mut lines)?;
    tally.decisions.push(kept);
    if !tally.is_open() {
        tally.decided_time = Some(work.now());
    }
    work.names(number.as_str(), tally.state());
    work.state = Some(tally.state());
    work.put::<Tallies>(number.clone(), Arc::new(tally));
    Ok(())
}

const fn row(movement: &Movement) -> MatrixRow {
    match movement.direction {
        Direction::In => MatrixRow::TallyShort,
        Direction::Out => MatrixRow::TallyUnshipped,
    }
}

const fn step(document: DocumentNo, rule: &Rule) -> Step {
    Step { action: Action::PostAtOnce, document, version: 0, row: Some(rule.row) }
}
