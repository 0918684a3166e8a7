//! Lists: filing, change, withdrawal, return (`RULES.md` 5).

use super::goods::{self, Transfer, carry, carry_lots};
use super::layers::Wishes;
use super::work::{Stop, Work};
use super::{
    claims, direct_exits, exchange, guards, layers, leases, licences, lines, outsourced, overdrafts, posting,
    processing, repairs, standing, stock, tallies, transfer, transfer_forms, units, zones,
};
use crate::book::{Act, Book, BookingMode};
use crate::code::ListNo;
use crate::command::ReturnOrder;
use crate::direction::Direction;
use crate::document::{DeclarationType, List, ListKind};
use crate::event::{Action, Step};
use crate::limits::{CHANGES_MAX, LINES_MAX, LISTS_OF_DECLARATION_MAX, TRANSFERS_MAX};
use crate::matrix::{Claim, ListCase, Made, MatrixRow, Rule, rule_of_list};
use crate::movement::{DocumentState, Movement, MovementLine};
use crate::mover::Mover;
use crate::overdraft::OverdraftTaken;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{BookMovements, Books, Declarations, Lines, Movements};
use std::collections::BTreeSet;
use std::sync::Arc;

/// 5.1: a new list.
pub(crate) fn file(work: &mut Work<'_>, list: &List) -> Result<(), Stop> {
    if work.get::<Movements>(list.list_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("bondInvtNo", &list.list_no).into());
    }
    let admitted = admit(work, list, &[])?;
    let movement = new_movement(work, list, &admitted)?;
    accept(work, list, movement, admitted, &[])
}

/// 5.9: new content for an accepted list. The checks apply as if the old pending transfers did not exist.
pub(crate) fn change(work: &mut Work<'_>, change_no: u64, list: &List) -> Result<(), Stop> {
    let old = amendable(work, &list.list_no)?;
    counted(&old, change_no)?;
    editable(&old, list)?;
    let old_lines = content(work, &old)?;
    cancel(work, &old, &old_lines)?;
    let rows = rows_given(work, &old, &old_lines)?;
    let admitted = admit(work, list, &rows)?;
    let mut movement = new_movement(work, list, &admitted)?;
    movement.version = change_no;
    movement.content_version = change_no;
    movement.prevd_time = old.prevd_time;
    movement.accepted_at = old.accepted_at;
    movement.standing = old.standing.clone();
    tallies::compare_again(work, &mut movement, &admitted.lines)?;
    accept(work, list, movement, admitted, &rows)
}

/// 5.9: row numbers stay by line number, also of a line that an earlier change dropped.
fn rows_given(
    work: &Work<'_>,
    movement: &Movement,
    lines: &[MovementLine],
) -> Result<Vec<MovementLine>, Stop> {
    let mut rows = lines.to_vec();
    let book = work.get::<Books>(movement.book_no.clone())?;
    let by_receipt = book.is_some_and(|book| book.booking_mode == BookingMode::RowPerReceipt);
    if !by_receipt || movement.direction == Direction::Out {
        return Ok(rows);
    }
    if movement.content_version >= CHANGES_MAX {
        return Err(Refusal::new(Reason::TooLarge)
            .field("chgTmsCnt", movement.version)
            .expected(format!("at most {CHANGES_MAX} changes"))
            .into());
    }
    let mut seen: BTreeSet<u64> = rows.iter().map(|row| row.filed.line).collect();
    for version in (0..movement.content_version).rev() {
        let Some(earlier) = work.get::<Lines>((movement.list_no.clone(), version))? else { continue };
        for line in earlier.iter() {
            if seen.insert(line.filed.line) {
                rows.push(line.clone());
            }
        }
    }
    Ok(rows)
}

/// 5.8: takes a list back.
pub(crate) fn withdraw(work: &mut Work<'_>, change_no: u64, list_no: &ListNo) -> Result<(), Stop> {
    let old = amendable(work, list_no)?;
    counted(&old, change_no)?;
    take_back(work, &old, DocumentState::Withdrawn, change_no)
}

/// Customs sends a list back; guards as for a withdrawal.
pub(crate) fn return_list(work: &mut Work<'_>, order: &ReturnOrder) -> Result<(), Stop> {
    work.document = Some(order.list_no.as_str().into());
    let old = amendable(work, &order.list_no)?;
    take_back(work, &old, DocumentState::Returned, old.version)
}

/// What the checks of 5.2 to 5.4 found.
struct Admitted {
    book: Book,
    rule: &'static Rule,
    kind: ListKind,
    lines: Vec<MovementLine>,
    /// Of a list that opens rows still without their numbers, which do not matter for the test.
    transfers: Vec<Transfer>,
    partner: Option<Arc<Movement>>,
    overdrawn: Vec<OverdraftTaken>,
}

fn admit(work: &mut Work<'_>, list: &List, before: &[MovementLine]) -> Result<Admitted, Stop> {
    guards::at_most("BondInvtDt", list.lines.len(), LINES_MAX)?;
    guards::once_each("gdsSeqno", list.lines.iter().map(|line| line.line))?;
    let book = guards::book_for(work, &list.book_no, "putrecNo", Act::List)?;
    let (kind, rule) = header(work, &book, list)?;
    let mut lines = lines::check(work, &book, list, rule, before)?;
    exchange::replaces(work, list, rule)?;
    outsourced::made_under_permit(work, &book, list, rule)?;
    direct_exits::say_materials(work, &book, list, rule, &mut lines)?;
    layers::may_name(&book, &list.lots, rule.lot_source(), list.lines.iter().map(|line| line.line))?;
    let partner = if rule.is_paired() { transfer::partner_of(work, list, rule, kind)? } else { None };
    claims::make(work, rule.claim, &book, list, &lines)?;
    let mut transfers = lines::transfers(&book, rule, list.mark, &lines);
    transfers.extend(processing::transfers(work, &book, rule, &list.list_no)?);
    guards::at_most("BondInvtDt, with the materials of its products,", transfers.len(), TRANSFERS_MAX)?;
    let allowance = overdrafts::allowance(work, &book, list)?;
    let overdrawn = stock::test_with(work, &transfers, &allowance)?;
    repairs::may_cross(work, &book, list, rule, &lines)?;
    leases::keeps_contract(work, &book, list, rule, &lines)?;
    licences::draw(work, &book, list, rule, &lines)?;
    Ok(Admitted { book: (*book).clone(), rule, kind, lines, transfers, partner, overdrawn })
}

/// 5.2
fn header(work: &Work<'_>, book: &Book, list: &List) -> Result<(ListKind, &'static Rule), Stop> {
    guards::bonded(book)?;
    guards::owned_by(book, &list.owner, "bizopEtpsno")?;
    guards::book_in_validity(work, book, list.declared_at, "invtDclTime")?;
    guards::book_not_stopped(book, list.direction)?;
    let related = list.declaration_type == Some(DeclarationType::Related);
    if list.declared && related && !list.related_company_complete {
        return Err(Refusal::new(Reason::RelatedCompanyMissing)
            .field("rltEntryNo", list.declaration_no.as_ref().map_or("", |number| number.as_str()))
            .expected("rltEntryNo and all of rltEntryBizopEtpsSccd, rltEntryBizopEtpsno, rltEntryBizopEtpsNm")
            .into());
    }
    let unknown = || {
        Refusal::new(Reason::ListKindUnknown)
            .field("bondInvtTypecd", format!("{} {}", list.kind, list.direction))
    };
    let kind = ListKind::from_code(&list.kind).map_err(|_| unknown())?;
    let made = match &list.permit_no {
        None => Made::Here,
        Some(_) if transfer_forms::named_by(work, list)?.is_some() => Made::Here,
        Some(_) if direct_exits::is_named(work, list)? => Made::Outside,
        Some(_) => Made::OutsideAndBack,
    };
    let case = ListCase {
        kind,
        direction: list.direction,
        usage: book.usage,
        regime: book.regime,
        mark: list.mark,
        mode: list.mode.as_str(),
        transport: &list.transport,
        related: list.related_book.is_some(),
        exchange: list.exchanged_list.is_some(),
        made,
    };
    let rule = rule_of_list(&case).ok_or_else(unknown)?;
    zones::fits_list(work, book, list)?;
    Ok((kind, rule))
}

fn new_movement(work: &Work<'_>, list: &List, admitted: &Admitted) -> Result<Movement, Stop> {
    let ungated = admitted
        .lines
        .iter()
        .try_fold(Quantity::ZERO, |sum, line| sum.checked_add(line.filed.declared))
        .ok_or_else(Stop::overflow)?;
    Ok(Movement {
        list_no: list.list_no.clone(),
        content_version: 0,
        version: 0,
        state: DocumentState::PrePosted,
        row: admitted.rule.row,
        book_no: list.book_no.clone(),
        owner: list.owner.clone(),
        direction: list.direction,
        mark: list.mark,
        kind: admitted.kind,
        mode: list.mode.clone(),
        flow: list.flow,
        exchanged_list: list.exchanged_list.clone(),
        declared: list.declared,
        declaration_type: list.declaration_type,
        declaration_no: list.declaration_no.clone(),
        related_book: list.related_book.clone(),
        partner: None,
        original: list.related_list.clone().filter(|_| admitted.rule.claim == Claim::Original),
        bill_no: list.bill_no.clone(),
        permit_no: list.permit_no.clone(),
        lines: list.lines.len() as u64,
        dangerous: list.lines.iter().any(|line| line.dangerous),
        passes: 0,
        ungated,
        accepted_at: work.head.revision,
        prevd_time: work.now(),
        release_time: None,
        gate_time: None,
        posted_time: None,
        verified_time: None,
        withdrawn_time: None,
        standing: None,
    })
}

/// Puts the list in place, makes its transfers pending, and posts it where nothing is left to wait for.
fn accept(
    work: &mut Work<'_>,
    list: &List,
    mut movement: Movement,
    admitted: Admitted,
    before: &[MovementLine],
) -> Result<(), Stop> {
    let Admitted { mut book, rule, mut lines, mut transfers, partner, overdrawn, .. } = admitted;
    if lines::open_rows(&book, list, rule) {
        lines::give_rows(work, &mut book, list, before, &mut lines)?;
        transfers = lines::transfers(&book, rule, list.mark, &lines);
        work.put::<Books>(book.book_no.clone(), Arc::new(book.clone()));
    }
    units::remember(work, &book, list, &lines)?;
    layers::announce(work, &book, list, rule, &lines)?;
    let mover = Mover::from(&list.list_no);
    let of = layers::accounts_of(work, list, rule)?;
    let wishes =
        Wishes { named: Some(&list.lots), of: &of, holder: Some(&mover.number), ..Wishes::default() };
    carry_lots(work, Action::Reserve, &mover, &transfers, wishes)?;
    step(work, Action::Reserve, &movement, rule.row);
    overdrafts::take(work, &movement, overdrawn)?;
    link_declaration(work, &mut movement)?;
    let list_no = movement.list_no.clone();
    work.put::<Lines>((list_no.clone(), movement.content_version), Arc::new(lines));
    work.put::<BookMovements>((movement.book_no.clone(), list_no.clone()), ());
    work.names(list_no.as_str(), DocumentState::PrePosted);
    match partner {
        Some(partner) => posting::pair(work, movement, &partner)?,
        None => posting::settle(work, movement)?,
    }
    work.state = work.get::<Movements>(list_no)?.map(|movement| movement.state);
    Ok(())
}

/// 8.5: a list with a declaration that is released already is released on acceptance.
pub(crate) fn link_declaration(work: &mut Work<'_>, movement: &mut Movement) -> Result<(), Stop> {
    let Some(declaration_no) = movement.declaration_no.clone() else { return Ok(()) };
    let mut declaration = work.get::<Declarations>(declaration_no.clone())?.unwrap_or_default();
    movement.release_time = declaration.release_time;
    if !declaration.lists.contains(&movement.list_no) {
        let count = declaration.lists.len().saturating_add(1);
        guards::at_most("entryNo", count, LISTS_OF_DECLARATION_MAX)?;
        Arc::make_mut(&mut declaration).lists.push(movement.list_no.clone());
        work.put::<Declarations>(declaration_no, declaration);
    }
    Ok(())
}

/// 5.7: why an accepted list can no longer be changed or taken back, in this order.
fn amendable(work: &mut Work<'_>, list_no: &ListNo) -> Result<Arc<Movement>, Stop> {
    let Some(movement) = work.get::<Movements>(list_no.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field("bondInvtNo", list_no).into());
    };
    let book = guards::book(work, &movement.book_no, "putrecNo")?;
    let because = |reason| Err(Refusal::new(reason).field("bondInvtNo", list_no).into());
    match movement.state_in(&book) {
        DocumentState::Withdrawn => return because(Reason::AlreadyWithdrawn),
        DocumentState::Returned => return because(Reason::AlreadyReturned),
        DocumentState::Verified => return because(Reason::PeriodVerified),
        DocumentState::Posted | DocumentState::InTransit => return because(Reason::AlreadyPosted),
        _ => {}
    }
    if partner_in_transit(work, &movement)? {
        return because(Reason::AlreadyPosted);
    }
    standing::not_held(&movement)?;
    if movement.is_released() {
        return because(Reason::AlreadyReleased);
    }
    let gate_forced = movement.standing.as_deref().is_some_and(|standing| standing.gate_forced);
    if movement.passes > 0 || gate_forced {
        return because(Reason::ListOnPass);
    }
    if movement.partner.is_some() && movement.direction == Direction::In {
        return because(Reason::ListPaired);
    }
    Ok(movement)
}

/// 5.7: the goods of a list I are on their way already.
fn partner_in_transit(work: &Work<'_>, movement: &Movement) -> Result<bool, Stop> {
    let Some(partner) = &movement.partner else { return Ok(false) };
    let partner = work.get::<Movements>(partner.clone())?;
    Ok(partner.is_some_and(|partner| partner.state == DocumentState::InTransit))
}

fn counted(movement: &Movement, change_no: u64) -> Result<(), Stop> {
    let expected = movement.version.checked_add(1).ok_or_else(Stop::overflow)?;
    if change_no == expected {
        return Ok(());
    }
    Err(Refusal::new(Reason::ChangeCountMismatch).field("chgTmsCnt", change_no).expected(expected).into())
}

/// 5.9: which lists may be edited at all, and what an edit may not touch.
fn editable(old: &Movement, new: &List) -> Result<(), Stop> {
    let refuse = |field: &str, value: String, expected: String| {
        Err(Refusal::new(Reason::EditNotAllowed).field(field, value).expected(expected).into())
    };
    if !old.declared || old.kind != ListKind::Normal || old.related_book.is_some() {
        return refuse(
            "bondInvtTypecd",
            old.kind.to_string(),
            "a declared list of kind 0 without rltPutrecNo; others can only be withdrawn".into(),
        );
    }
    let shown = |text: Option<&str>| text.unwrap_or("none").to_owned();
    let kept = [
        ("putrecNo", new.book_no.to_string(), old.book_no.to_string()),
        ("impexpMarkcd", new.direction.to_string(), old.direction.to_string()),
        ("mtpckEndprdMarkcd", new.mark.to_string(), old.mark.to_string()),
        ("bondInvtTypecd", new.kind.to_string(), old.kind.to_string()),
        ("supvModecd", new.mode.to_string(), old.mode.to_string()),
        ("dclcusFlag", new.declared.to_string(), old.declared.to_string()),
        ("dclcusTypecd", format!("{:?}", new.declaration_type), format!("{:?}", old.declaration_type)),
        (
            "entryNo",
            shown(new.declaration_no.as_ref().map(|number| number.as_str())),
            shown(old.declaration_no.as_ref().map(|number| number.as_str())),
        ),
        (
            "exchanged_list",
            shown(new.exchanged_list.as_ref().map(|number| number.as_str())),
            shown(old.exchanged_list.as_ref().map(|number| number.as_str())),
        ),
        (
            "applyNo",
            shown(new.permit_no.as_ref().map(|number| number.as_str())),
            shown(old.permit_no.as_ref().map(|number| number.as_str())),
        ),
        (
            "rltPutrecNo",
            shown(new.related_book.as_ref().map(|number| number.as_str())),
            shown(old.related_book.as_ref().map(|number| number.as_str())),
        ),
    ];
    match kept.into_iter().find(|(_, new, old)| new != old) {
        Some((field, new, old)) => refuse(field, new, old),
        None => Ok(()),
    }
}

/// The lines in force of an accepted list.
pub(crate) fn content(work: &Work<'_>, movement: &Movement) -> Result<Arc<Vec<MovementLine>>, Stop> {
    let key = (movement.list_no.clone(), movement.content_version);
    work.get::<Lines>(key)?.ok_or_else(|| Stop::Broken(format!("list {} has no lines", movement.list_no)))
}

fn cancel(work: &mut Work<'_>, movement: &Movement, lines: &[MovementLine]) -> Result<(), Stop> {
    let rule = rule_of(movement)?;
    let book = guards::book(work, &movement.book_no, "putrecNo")?;
    let mover = Mover::from(&movement.list_no);
    let mut transfers = lines::transfers(&book, rule, movement.mark, lines);
    transfers.extend(processing::transfers(work, &book, rule, &movement.list_no)?);
    carry(work, Action::Cancel, &mover, &transfers)?;
    step(work, Action::Cancel, movement, MatrixRow::Withdrawal);
    overdrafts::give_back(work, movement)?;
    licences::give_back_all(work, &movement.list_no)?;
    units::forget(work, &book, movement, lines)?;
    layers::forget(work, &book, movement, rule, lines)?;
    claims::free(work, rule.claim, movement, lines)
}

fn take_back(work: &mut Work<'_>, old: &Movement, state: DocumentState, version: u64) -> Result<(), Stop> {
    let lines = content(work, old)?;
    cancel(work, old, &lines)?;
    transfer::unpair(work, old)?;
    let ended = Some(work.now());
    let movement = Movement { state, version, withdrawn_time: ended, partner: None, ..old.clone() };
    work.names(old.list_no.as_str(), state);
    work.state = Some(state);
    work.put::<Movements>(old.list_no.clone(), Arc::new(movement));
    Ok(())
}

pub(crate) fn rule_of(movement: &Movement) -> Result<&'static Rule, Stop> {
    goods::rule(movement.row)
}

/// Notes for the event which transfers were made.
pub(crate) fn step(work: &mut Work<'_>, action: Action, movement: &Movement, row: MatrixRow) {
    work.steps.push(Step {
        action,
        document: (&movement.list_no).into(),
        version: movement.content_version,
        row: Some(row),
    });
}
