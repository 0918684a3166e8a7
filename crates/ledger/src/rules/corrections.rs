//! Corrections: a posted list, or part of it, is undone by a movement the other way that cites it (`domain.md` 3.4 row
//! 31, `design.md` 2.8). Filing it reserves what it takes; customs decides.

use super::goods::{self, Transfer, carry_lots};
use super::guards::{self, Quantities};
use super::layers::Wishes;
use super::standing::not_held;
use super::work::{Stop, Work};
use super::{
    claims, direct_exits, licences, lines, lists, parcels, permits, processing, shares, stock, undoing, units,
};
use crate::book::{Act, Book};
use crate::code::{CorrectionNo, ListNo, ParcelNo};
use crate::command::CorrectionDecision;
use crate::correction::{CorrectedPart, CorrectedSide, Correction, Undone};
use crate::document::{CorrectionFiling, LinePart};
use crate::event::{Action, Step};
use crate::layer::NamedLot;
use crate::limits::{CORRECTED_PARCEL_LINES_MAX, CORRECTIONS_MAX, LINES_MAX, TRANSFERS_MAX};
use crate::matrix::{Claim, MatrixRow, Rule};
use crate::measure::{Measure, Unit};
use crate::movement::{DocumentState, Movement, MovementLine};
use crate::mover::Mover;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Corrections, Exchanged, Movements, ReturnedBy};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How the lines of a correction are to be read for a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Of a list on its own: any part of a line.
    Alone,
    /// Of a list with a partner: lines as a whole.
    InPair,
    /// Of that partner: the same lines. Their quantities are the same, their values its own.
    Partner,
}

/// One list that a correction undoes.
struct Side {
    movement: Arc<Movement>,
    book: Arc<Book>,
    rule: &'static Rule,
    lines: Arc<Vec<MovementLine>>,
    undone: Arc<Vec<Undone>>,
    /// Of which lines how much, as lines of their own.
    parts: Vec<MovementLine>,
}

/// A new correction: checked, reserved, kept.
pub(crate) fn file(work: &mut Work<'_>, filing: &CorrectionFiling) -> Result<(), Stop> {
    guards::at_most("lines", filing.lines.len(), LINES_MAX)?;
    guards::once_each("gdsSeqno", filing.lines.iter().map(|line| line.line))?;
    if work.get::<Corrections>(filing.correction_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists)
            .field("correction_no", &filing.correction_no)
            .into());
    }
    reasoned(&filing.reason)?;
    let mut sides = sides(work, &filing.list_no)?;
    if let Some(first) = sides.first() {
        guards::owned_by(&first.book, &filing.owner, "bizopEtpsno")?;
    }
    let alone = sides.len() == 1;
    for (at, side) in sides.iter_mut().enumerate() {
        let asked = match (alone, at) {
            (true, _) => Asked::Alone,
            (false, 0) => Asked::InPair,
            (false, _) => Asked::Partner,
        };
        side.parts = parts(work, side, &filing.lines, asked)?;
    }
    undone_alike(&sides)?;
    let mut transfers = Vec::new();
    for side in &sides {
        can_come_back(work, side)?;
        transfers.extend(transfers_back(work, side)?);
    }
    let count = transfers.iter().map(|(_, of_document)| of_document.len()).sum();
    guards::at_most("lines, with the materials of products,", count, TRANSFERS_MAX)?;
    stock::test(work, transfers.iter().flat_map(|(_, of_document)| of_document))?;
    move_goods(work, Action::Reserve, &filing.correction_no, &transfers)?;
    for side in &sides {
        ask(work, side, &filing.correction_no)?;
    }
    let correction = Correction {
        filed: filing.clone(),
        state: DocumentState::PrePosted,
        sides: sides.iter().map(kept).collect(),
        filed_time: work.now(),
        decided_time: None,
        decision: compact_str::CompactString::const_new(""),
    };
    keep(work, correction);
    Ok(())
}

fn reasoned(reason: &str) -> Result<(), Stop> {
    if !reason.trim().is_empty() {
        return Ok(());
    }
    Err(Refusal::new(Reason::InvalidField).field("reason", reason).expected("what is wrong").into())
}

fn kept(side: &Side) -> CorrectedSide {
    CorrectedSide {
        list_no: side.movement.list_no.clone(),
        book_no: side.book.book_no.clone(),
        owner: side.book.owner.clone(),
        parts: side.parts.iter().map(kept_part).collect(),
    }
}

fn kept_part(part: &MovementLine) -> CorrectedPart {
    let measure = lines::measure(&part.filed);
    CorrectedPart { line: part.filed.line, measure, uses: part.uses.clone() }
}

fn keep(work: &mut Work<'_>, correction: Correction) {
    work.names(correction.filed.correction_no.as_str(), correction.state);
    work.state = Some(correction.state);
    work.put::<Corrections>(correction.filed.correction_no.clone(), Arc::new(correction));
}

/// The list and, of a transfer, its partner: both are undone in one step.
fn sides(work: &mut Work<'_>, list_no: &ListNo) -> Result<Vec<Side>, Stop> {
    let first = side(work, list_no)?;
    let partner = first.movement.partner.clone();
    let mut sides = vec![first];
    if let Some(partner) = partner {
        sides.push(side(work, &partner)?);
    }
    Ok(sides)
}

/// A list that is posted, not settled by a verification, and not stopped.
fn side(work: &mut Work<'_>, list_no: &ListNo) -> Result<Side, Stop> {
    let Some(movement) = work.get::<Movements>(list_no.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field("bondInvtNo", list_no).into());
    };
    let book = guards::book_for(work, &movement.book_no, "putrecNo", Act::Correction)?;
    open(&movement, &book)?;
    let rule = lists::rule_of(&movement)?;
    let lines = lists::content(work, &movement)?;
    let undone = undoing::undone(work, &movement, &lines)?;
    Ok(Side { movement, book, rule, lines, undone, parts: Vec::new() })
}

fn open(movement: &Movement, book: &Book) -> Result<(), Stop> {
    match movement.state_in(book) {
        DocumentState::Posted => not_held(movement),
        DocumentState::Verified => {
            Err(Refusal::new(Reason::PeriodVerified).field("bondInvtNo", &movement.list_no).into())
        }
        other => Err(Refusal::new(Reason::ListNotPosted)
            .field("bondInvtNo", other)
            .expected(DocumentState::Posted)
            .document(&movement.list_no)
            .into()),
    }
}

/// What is asked for of each line; what is left of all of them where nothing is named.
fn parts(work: &Work<'_>, side: &Side, wanted: &[LinePart], asked: Asked) -> Result<Vec<MovementLine>, Stop> {
    let mut taken = Vec::new();
    for wanted in wanted {
        if side.lines.iter().all(|line| line.filed.line != wanted.line) {
            return Err(undoing::no_such_line(&side.movement, wanted.line));
        }
    }
    for (line, undone) in side.lines.iter().zip(side.undone.iter()) {
        let listed = lines::measure(&line.filed);
        let left =
            listed.checked_sub(&undone.sum().ok_or_else(Stop::overflow)?).ok_or_else(Stop::overflow)?;
        let named = wanted.iter().find(|wanted| wanted.line == line.filed.line);
        let measure = match named {
            Some(_) if asked == Asked::Partner => left,
            Some(wanted) => {
                fits(line, &left, wanted, asked == Asked::InPair)?;
                wanted.measure()
            }
            None if wanted.is_empty() => left,
            None => continue,
        };
        if !measure.declared().is_zero() {
            taken.push((line, undone, measure));
        }
    }
    // Before parts are made: of what goes by the BOM of a permit no line can be parted.
    let quantities: BTreeMap<u64, Quantity> =
        taken.iter().map(|(line, _, measure)| (line.filed.line, measure.declared())).collect();
    whole_where_it_must_be(side, &quantities)?;
    let part = |(line, undone, measure): (&MovementLine, &Undone, Measure)| {
        undoing::part(work, &side.book, line, undone, &measure)
    };
    let parts: Vec<MovementLine> = taken.into_iter().map(part).collect::<Result<_, _>>()?;
    returns_stay_covered(work, side, &parts)?;
    Ok(parts)
}

/// Of a transfer, the same is undone of both lists: what left and was not found where it came stays as it is.
fn undone_alike(sides: &[Side]) -> Result<(), Stop> {
    let [one, other] = sides else { return Ok(()) };
    for (ours, theirs) in [(one, other), (other, one)] {
        let same = |part: &MovementLine| {
            theirs.parts.iter().any(|their| {
                (their.filed.line, their.filed.declared) == (part.filed.line, part.filed.declared)
            })
        };
        if let Some(part) = ours.parts.iter().find(|part| !same(part)) {
            let left = lines::measure(&part.filed);
            return Err(not_whole(part.filed.line, &left, "a line of which all that left has come"));
        }
    }
    Ok(())
}

/// Something in each unit, not more than is left, and the last takes the rest.
fn fits(line: &MovementLine, left: &Measure, wanted: &LinePart, whole: bool) -> Result<(), Stop> {
    let quantities = Quantities {
        line: wanted.line,
        units: &line.filed.units,
        declared: wanted.declared,
        statutory1: wanted.statutory1,
        statutory2: wanted.statutory2,
    };
    quantities.positive()?;
    quantities.agree_with_units()?;
    guards::not_negative(wanted.line, "usdStatTotalAmt", wanted.value_usd)?;
    let measure = wanted.measure();
    if let Some(unit) = Unit::ALL.into_iter().find(|unit| measure.get(*unit) > left.get(*unit)) {
        return Err(Refusal::new(Reason::CorrectionExceedsList)
            .line(wanted.line)
            .field("gdsSeqno", wanted.line)
            .short(None, unit, measure.get(unit), left.get(unit))
            .into());
    }
    if (whole || line.serial.is_some()) && measure.declared() != left.declared() {
        return Err(not_whole(wanted.line, left, "all that is left of the line"));
    }
    undoing::leaves_a_sound_rest(line, left, &measure)
}

fn not_whole(line: u64, left: &Measure, expected: &str) -> Stop {
    let mut refusal = Refusal::new(Reason::CorrectionNotWhole).line(line).field("dclQty", left.declared());
    refusal.unit = Some(Unit::Declared);
    refusal.expected(expected).into()
}

/// A list that answers to slips, parcels, a permit or a bill is undone whole, so that it gives all of that back.
fn whole_where_it_must_be(side: &Side, taken: &BTreeMap<u64, Quantity>) -> Result<(), Stop> {
    let exact = !side.rule.claim.can_be_parted();
    let nothing = || {
        let refusal = Refusal::new(Reason::CorrectionExceedsList).field("bondInvtNo", &side.movement.list_no);
        refusal.expected("a list of which something is left").into()
    };
    if taken.is_empty() {
        return Err(nothing());
    }
    if !exact {
        return Ok(());
    }
    for line in side.lines.iter() {
        if taken.get(&line.filed.line) != Some(&line.filed.declared) {
            let listed = lines::measure(&line.filed);
            return Err(not_whole(line.filed.line, &listed, "all lines of the list, whole"));
        }
    }
    Ok(())
}

/// What other lists brought back of these goods, or took in exchange for them, stays covered by what is left of the list.
fn returns_stay_covered(work: &Work<'_>, side: &Side, parts: &[MovementLine]) -> Result<(), Stop> {
    let back = shares::left::<ReturnedBy>(work, &side.movement)?;
    covered(side, parts, back, "rltInvtNo")?;
    covered(side, parts, shares::left::<Exchanged>(work, &side.movement)?, "exchanged_list")
}

fn covered(
    side: &Side,
    parts: &[MovementLine],
    mut left: BTreeMap<u64, Quantity>,
    field: &str,
) -> Result<(), Stop> {
    for part in parts {
        let left = left.entry(part.filed.number).or_default();
        if part.filed.declared > *left {
            return Err(Refusal::new(Reason::CorrectionExceedsList)
                .line(part.filed.line)
                .field(field, &side.movement.list_no)
                .expected("not more than is left after the returns and exchanges")
                .short(None, Unit::Declared, part.filed.declared, *left)
                .into());
        }
        *left = left.checked_sub(part.filed.declared).ok_or_else(Stop::overflow)?;
    }
    Ok(())
}

/// What a side moves back: its own parts, or the goods of the parcels that it gathered; each with the document that
/// moved it there.
fn transfers_back(work: &Work<'_>, side: &Side) -> Result<Vec<(Mover, Vec<Transfer>)>, Stop> {
    if side.rule.claim != Claim::Parcels {
        let mut back = undoing::the_other_way(&side.book, &side.movement, &side.parts)?;
        let made = processing::transfers(work, &side.book, side.rule, &side.movement.list_no)?;
        let mirrored = |there| undoing::back(&side.book, side.rule, &side.movement, there);
        back.extend(made.into_iter().map(mirrored));
        return Ok(vec![(Mover::from(&side.movement.list_no), back)]);
    }
    let all = parcels::transfers_of(work, &side.movement, &side.book)?;
    let count = all.iter().map(|(_, there)| there.len()).sum();
    guards::at_most("InventoryList", count, CORRECTED_PARCEL_LINES_MAX)?;
    let back = |transfer| undoing::back(&side.book, side.rule, &side.movement, transfer);
    Ok(all.into_iter().map(|(parcel, there)| (parcel, there.into_iter().map(back).collect())).collect())
}

fn move_goods(
    work: &mut Work<'_>,
    action: Action,
    correction_no: &CorrectionNo,
    transfers: &[(Mover, Vec<Transfer>)],
) -> Result<(), Stop> {
    let mover = Mover::from(correction_no);
    for (undone, transfers) in transfers {
        carry_lots(work, action, &mover, transfers, Wishes::undoing(undone))?;
    }
    let row = goods::rule(MatrixRow::Correction)?.row;
    work.steps.push(Step { action, document: mover.number, version: 0, row: Some(row) });
    Ok(())
}

/// 10.1: a unit that comes back in has not come in again meanwhile; and what the list answered to can take it back.
fn can_come_back(work: &mut Work<'_>, side: &Side) -> Result<(), Stop> {
    for part in &side.parts {
        units::not_in_again(work, &side.book, &side.movement, part)?;
    }
    claim_can_be_free(work, side)
}

/// What the list answered to can take back what it gave. Asked when a correction is filed, and again when customs
/// approves it: goods of a parcel that came back meanwhile would be back twice.
///
/// `PARCEL_NOT_OPEN`: the parcels are still delivered, and nothing of them returned. `FORM_CLOSED`: what would be out on a
/// permit again, or its quota, must not be of one that has ended.
fn claim_can_be_free(work: &Work<'_>, side: &Side) -> Result<(), Stop> {
    match (&side.movement.permit_no, side.rule.claim) {
        (_, Claim::Parcels) => parcels::all_delivered(work, &side.movement),
        (Some(number), Claim::Permit | Claim::Processing) => {
            permits::open(work, &*permits::permit(work, number)?, number)
        }
        (Some(approval), Claim::DirectExit) => {
            let number = direct_exits::permit_no(work, approval)?;
            permits::open(work, &*permits::permit(work, &number)?, &number)
        }
        _ => Ok(()),
    }
}

/// Notes on the list what is asked for.
fn ask(work: &mut Work<'_>, side: &Side, correction_no: &CorrectionNo) -> Result<(), Stop> {
    undoing::change_undone(work, &side.movement, &side.lines, &side.parts, |undone, part| {
        undone.asked = undone.asked.checked_add(&lines::measure(&part.filed))?;
        undoing::add_uses(undone, part)
    })?;
    let mut standing = side.movement.standing.as_deref().cloned().unwrap_or_default();
    let count = standing.corrections.len().saturating_add(1);
    guards::at_most("corrections", count, CORRECTIONS_MAX)?;
    standing.corrections.push(correction_no.clone());
    let movement = Movement { standing: Some(Box::new(standing)), ..(*side.movement).clone() };
    work.names(movement.list_no.as_str(), movement.state);
    work.put::<Movements>(movement.list_no.clone(), Arc::new(movement));
    Ok(())
}

/// Customs approves or rejects a correction.
pub(crate) fn decide(work: &mut Work<'_>, decision: &CorrectionDecision) -> Result<(), Stop> {
    work.document = Some(decision.correction_no.as_str().into());
    let Some(correction) = work.get::<Corrections>(decision.correction_no.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown)
            .field("correction_no", &decision.correction_no)
            .into());
    };
    if correction.state != DocumentState::PrePosted {
        return Err(Refusal::new(Reason::CorrectionNotOpen)
            .field("correction_no", correction.state)
            .expected(DocumentState::PrePosted)
            .document(&decision.correction_no)
            .into());
    }
    if !decision.approved {
        reasoned(&decision.reason)?;
    }
    let sides: Vec<Side> =
        correction.sides.iter().map(|side| side_again(work, side)).collect::<Result<_, _>>()?;
    if decision.approved {
        sides.iter().try_for_each(|side| open(&side.movement, &side.book))?;
        sides.iter().try_for_each(|side| claim_can_be_free(work, side))?;
    }
    let mut transfers = Vec::new();
    for side in &sides {
        transfers.extend(transfers_back(work, side)?);
    }
    let lots = lots_of_parcels(work, &sides)?;
    let action = if decision.approved { Action::Post } else { Action::Cancel };
    move_goods(work, action, &decision.correction_no, &transfers)?;
    for side in &sides {
        if decision.approved { settle_side(work, side, &lots)? } else { forget_side(work, side)? }
    }
    let state = if decision.approved { DocumentState::Posted } else { DocumentState::Returned };
    let (decided_time, decision) = (Some(work.now()), decision.reason.clone());
    keep(work, Correction { state, decided_time, decision, ..(*correction).clone() });
    Ok(())
}

/// Which lots the parcels of the lists had: they are reserved for them again.
fn lots_of_parcels(work: &Work<'_>, sides: &[Side]) -> Result<BTreeMap<ParcelNo, Vec<NamedLot>>, Stop> {
    let mut lots = BTreeMap::new();
    let kept =
        |side: &&Side| side.rule.claim == Claim::Parcels && work.lot_method(&side.book.book_no).is_some();
    for side in sides.iter().filter(kept) {
        lots.extend(parcels::lots_of(work, &side.movement)?);
    }
    Ok(lots)
}

/// A side as it was filed.
fn side_again(work: &mut Work<'_>, kept: &CorrectedSide) -> Result<Side, Stop> {
    let vanished = || Stop::Broken(format!("list {} or a line of it vanished", kept.list_no));
    let movement = work.get::<Movements>(kept.list_no.clone())?.ok_or_else(vanished)?;
    let book = guards::book(work, &movement.book_no, "putrecNo")?;
    let rule = lists::rule_of(&movement)?;
    let lines = lists::content(work, &movement)?;
    let undone = undoing::undone(work, &movement, &lines)?;
    let mut parts = Vec::with_capacity(kept.parts.len());
    for part in &kept.parts {
        let line = lines.iter().find(|line| line.filed.line == part.line).ok_or_else(vanished)?;
        parts.push(undoing::taken_of(line, &part.measure, part.uses.clone()));
    }
    Ok(Side { movement, book, rule, lines, undone, parts })
}

/// What the list answered to is free again, as if that part of it had not been.
fn settle_side(
    work: &mut Work<'_>,
    side: &Side,
    lots: &BTreeMap<ParcelNo, Vec<NamedLot>>,
) -> Result<(), Stop> {
    match side.rule.claim {
        Claim::Parcels => parcels::reserve_again(work, &side.movement, lots)?,
        claim if claim.can_be_parted() => {
            claims::give_back_parts(work, claim, &side.movement, &side.parts)?;
        }
        claim => claims::free(work, claim, &side.movement, &side.lines)?,
    }
    units::correct(work, &side.book, &side.movement, &side.parts)?;
    licences::give_back_parts(work, &side.movement, &side.parts)?;
    work.names(side.movement.list_no.as_str(), side.movement.state);
    undoing::change_undone(work, &side.movement, &side.lines, &side.parts, |undone, part| {
        let measure = lines::measure(&part.filed);
        undone.asked = undone.asked.checked_sub(&measure)?;
        undone.settled = undone.settled.checked_add(&measure)?;
        Some(())
    })
}

fn forget_side(work: &mut Work<'_>, side: &Side) -> Result<(), Stop> {
    work.names(side.movement.list_no.as_str(), side.movement.state);
    undoing::change_undone(work, &side.movement, &side.lines, &side.parts, |undone, part| {
        undone.asked = undone.asked.checked_sub(&lines::measure(&part.filed))?;
        undoing::take_uses(undone, part)
    })
}
