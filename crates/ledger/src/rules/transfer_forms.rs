//! Transfer forms: what may go from a book in one zone to a book in another, line by line and until a day; the two lists of
//! a transfer that name one keep to it at either end (`domain.md` 3.1, 3.4 row 7).
//!
//! A list names its form in `applyNo`, where a list E of products may name a permit instead ([`super::outsourced`]): what
//! is a form is a form. Products made outside under a permit therefore go from zone to zone without a form.

use super::work::{Stop, Work};
use super::{guards, outsourced, parameters};
use crate::book::{Act, Book, BookingMode, Paper};
use crate::code::TransferFormNo;
use crate::direction::{Direction, Mark};
use crate::document::{
    List, ListKind, ListLine, TransferEnd, TransferFormContent, TransferFormFiling, TransferFormLine,
};
use crate::item::ItemKey;
use crate::limits::{LINES_MAX, LISTS_OF_FORM_MAX};
use crate::measure::Unit;
use crate::movement::{DocumentState, Movement, MovementLine};
use crate::parameter::Parameter;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Movements, OpenPapers, TransferFormDraws, TransferForms, TransferFormsOf};
use crate::transfer_form::{self, FormDraw, ListedQuantity, TransferForm};
use std::fmt::Display;
use std::sync::Arc;

/// The field of a form's number.
const NUMBER: &str = "form_no";

/// Files, changes or closes a form.
pub(crate) fn file(work: &mut Work<'_>, filing: &TransferFormFiling) -> Result<(), Stop> {
    match filing {
        TransferFormFiling::File(content) => open_new(work, content),
        TransferFormFiling::Change { change_no, content } => change(work, *change_no, content),
        TransferFormFiling::Close { change_no, form_no } => close(work, *change_no, form_no),
    }
}

fn open_new(work: &mut Work<'_>, content: &TransferFormContent) -> Result<(), Stop> {
    if work.get::<TransferForms>(content.form_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field(NUMBER, &content.form_no).into());
    }
    sound(work, content)?;
    let form = TransferForm {
        content: content.clone(),
        change_no: 0,
        state: DocumentState::Open,
        listed: vec![ListedQuantity::default(); content.lines.len()],
        lists: 0,
        filed_time: work.now(),
        closed_time: None,
    };
    for book_no in [&content.sender.book_no, &content.receiver.book_no] {
        work.put::<TransferFormsOf>((book_no.clone(), content.form_no.clone()), ());
        work.put::<OpenPapers>((book_no.clone(), Paper::TransferForm, (&content.form_no).into()), ());
    }
    keep(work, form);
    Ok(())
}

fn change(work: &mut Work<'_>, change_no: u64, content: &TransferFormContent) -> Result<(), Stop> {
    let old = amendable(work, &content.form_no, change_no)?;
    same_ends(&old.content, content)?;
    let listed = listed_again(&old, content)?;
    sound(work, content)?;
    keep(work, TransferForm { content: content.clone(), change_no, listed, ..(*old).clone() });
    Ok(())
}

/// `TRANSFER_FORM_IN_USE`: a form ends when each list on it is posted.
fn close(work: &mut Work<'_>, change_no: u64, form_no: &TransferFormNo) -> Result<(), Stop> {
    let old = amendable(work, form_no, change_no)?;
    for (list_no, _) in transfer_form::lists(work.state(), form_no, LISTS_OF_FORM_MAX)? {
        let list = work.get::<Movements>(list_no.clone())?;
        let done =
            |list: &Arc<Movement>| matches!(list.state, DocumentState::Posted | DocumentState::Verified);
        if list.as_ref().is_none_or(|list| !done(list)) {
            return Err(Refusal::new(Reason::TransferFormInUse)
                .field("bondInvtNo", &list_no)
                .expected("no list on the form that is not posted")
                .document(form_no)
                .into());
        }
    }
    for book_no in [&old.content.sender.book_no, &old.content.receiver.book_no] {
        work.remove::<OpenPapers>((book_no.clone(), Paper::TransferForm, form_no.into()));
    }
    let (state, closed_time) = (DocumentState::Closed, Some(work.now()));
    keep(work, TransferForm { state, change_no, closed_time, ..(*old).clone() });
    Ok(())
}

fn keep(work: &mut Work<'_>, form: TransferForm) {
    work.state = Some(form.state);
    work.put::<TransferForms>(form.content.form_no.clone(), Arc::new(form));
}

/// Why a form can no longer be changed or closed, in this order.
fn amendable(work: &Work<'_>, form_no: &TransferFormNo, change_no: u64) -> Result<Arc<TransferForm>, Stop> {
    let Some(form) = work.get::<TransferForms>(form_no.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field(NUMBER, form_no).into());
    };
    open(&form, NUMBER)?;
    let expected = form.change_no.checked_add(1).ok_or_else(Stop::overflow)?;
    if change_no == expected {
        return Ok(form);
    }
    Err(Refusal::new(Reason::ChangeCountMismatch)
        .field("change_no", change_no)
        .expected(expected)
        .document(form_no)
        .into())
}

/// `TRANSFER_FORM_CLOSED`
fn open(form: &TransferForm, field: &str) -> Result<(), Stop> {
    if form.state == DocumentState::Open {
        return Ok(());
    }
    let number = &form.content.form_no;
    Err(Refusal::new(Reason::TransferFormClosed).field(field, number).document(number).into())
}

/// A change may not touch the ends.
fn same_ends(old: &TransferFormContent, new: &TransferFormContent) -> Result<(), Stop> {
    for (name, old, new) in [("sender", &old.sender, &new.sender), ("receiver", &old.receiver, &new.receiver)]
    {
        if old != new {
            return Err(Refusal::new(Reason::EditNotAllowed)
                .field(name, shown(new))
                .expected(shown(old))
                .into());
        }
    }
    Ok(())
}

fn shown(end: &TransferEnd) -> String {
    format!("{} {} {}", end.book_no, end.owner, end.office)
}

/// What lists have of the lines as they are changed. A line that lists have something of stays, with its goods and with
/// not less than they have.
fn listed_again(old: &TransferForm, new: &TransferFormContent) -> Result<Vec<ListedQuantity>, Stop> {
    let mut listed = vec![ListedQuantity::default(); new.lines.len()];
    for (before, used) in old.lines().filter(|(_, used)| *used != ListedQuantity::default()) {
        let goods = |line: &TransferFormLine| TransferFormLine { declared: Quantity::ZERO, ..line.clone() };
        let at = new.lines.iter().position(|line| goods(line) == goods(before));
        let Some((after, place)) = at.and_then(|at| new.lines.get(at).zip(listed.get_mut(at))) else {
            return Err(Refusal::new(Reason::EditNotAllowed)
                .line(before.line)
                .field("line", "none, or other goods")
                .expected(format!("item {}, of which lists have some", before.sender_number))
                .document(&new.form_no)
                .into());
        };
        let least = used.out.max(used.into);
        if after.declared < least {
            return Err(Refusal::new(Reason::TransferFormExceeded)
                .line(after.line)
                .field("quantity_declared", after.declared)
                .expected(format!("at least {least}, which lists have"))
                .document(&new.form_no)
                .short(None, Unit::Declared, least, after.declared)
                .into());
        }
        *place = used;
    }
    Ok(listed)
}

/// Two books, whose items the lines name. Which lists are of transfers between zones says the list, as in `RULES.md` 5.5.
fn sound(work: &mut Work<'_>, content: &TransferFormContent) -> Result<(), Stop> {
    guards::at_most("lines", content.lines.len(), LINES_MAX)?;
    if content.lines.is_empty() {
        return Err(guards::invalid("lines", "", "at least one"));
    }
    guards::once_each("line", content.lines.iter().map(|line| line.line))?;
    let sender = end(work, content, Direction::Out)?;
    let receiver = end(work, content, Direction::In)?;
    if sender.book_no == receiver.book_no {
        return Err(guards::invalid("receiver.book_no", &receiver.book_no, "another book than the sender's"));
    }
    for line in &content.lines {
        guards::positive(line.line, "quantity_declared", Unit::Declared, line.declared)?;
        item(work, &sender, line, Direction::Out)?;
        item(work, &receiver, line, Direction::In)?;
    }
    Ok(())
}

/// One end: a book of bonded goods, its owner, its office, in validity.
fn end(work: &mut Work<'_>, content: &TransferFormContent, direction: Direction) -> Result<Arc<Book>, Stop> {
    let end = content.end(direction);
    let name = match direction {
        Direction::Out => "sender",
        Direction::In => "receiver",
    };
    let book = guards::book_for(work, &end.book_no, &format!("{name}.book_no"), Act::TransferForm)?;
    guards::bonded(&book)?;
    guards::owned_by(&book, &end.owner, &format!("{name}.owner"))?;
    if end.office != book.office {
        return Err(guards::invalid(&format!("{name}.office"), &end.office, &book.office));
    }
    guards::book_in_validity(work, &book, content.declared_at, "declared_at")?;
    Ok(book)
}

/// The item of a line at one end has its unit and tariff code. Materials of a book kept by receipt have no item before they
/// arrive.
fn item(work: &Work<'_>, book: &Book, line: &TransferFormLine, direction: Direction) -> Result<(), Stop> {
    let (mark, number) = line.item(direction);
    let field = match direction {
        Direction::Out => "sender_number",
        Direction::In => "receiver_number",
    };
    let opens_row =
        direction == Direction::In && book.booking_mode == BookingMode::RowPerReceipt && mark == Mark::Goods;
    let wrong = |given: String, expected: &str| -> Stop {
        Refusal::new(Reason::InvalidField).line(line.line).field(field, given).expected(expected).into()
    };
    let number = match number {
        None if opens_row => return Ok(()),
        None => return Err(wrong("none".into(), "an item of the book")),
        Some(number) if opens_row => {
            return Err(wrong(number.to_string(), "none: a list opens the row"));
        }
        Some(number) => number,
    };
    let key = ItemKey { book_no: book.book_no.clone(), mark, number };
    let item = guards::item(work, key, line.line, field)?;
    guards::same_declared_unit(line.line, &line.unit, &item)?;
    guards::same_tariff_code(line.line, &line.tariff_code, &item)
}

/// The form that a list names, if what it names is one.
pub(crate) fn named_by(work: &Work<'_>, list: &List) -> Result<Option<Arc<TransferForm>>, Stop> {
    let between_zones = list.kind == ListKind::Normal.code() && list.related_book.is_some();
    let named = list.permit_no.as_ref().filter(|_| between_zones);
    match named.and_then(|named| TransferFormNo::new(named.as_str()).ok()) {
        Some(number) => Ok(work.get::<TransferForms>(number)?),
        None => Ok(None),
    }
}

/// The form that a list is on.
pub(crate) fn of_movement(work: &Work<'_>, movement: &Movement) -> Result<Option<TransferFormNo>, Stop> {
    let between_zones = movement.kind == ListKind::Normal && movement.related_book.is_some();
    let named = movement.permit_no.as_ref().filter(|_| between_zones);
    let Some(number) = named.and_then(|named| TransferFormNo::new(named.as_str()).ok()) else {
        return Ok(None);
    };
    let on_form = work.get::<TransferFormDraws>((number.clone(), movement.list_no.clone()))?.is_some();
    Ok(Some(number).filter(|_| on_form))
}

/// A list of a transfer between zones keeps to the form that it names: open, of these two ends, valid, with enough left of
/// each line at its end.
pub(crate) fn claim(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    let Some(form) = named_by(work, list)? else { return unnamed(work, book, list) };
    let number = form.content.form_no.clone();
    open(&form, "applyNo")?;
    same_parties(&form, list)?;
    let until = form.content.valid_until;
    guards::in_validity(work, list.declared_at, until, Reason::TransferFormExpired, "invtDclTime", &number)?;
    let lists = usize::try_from(form.lists).unwrap_or(usize::MAX).saturating_add(1);
    guards::at_most("applyNo", lists, LISTS_OF_FORM_MAX)?;
    let mut form = (*form).clone();
    let mut draws = Vec::with_capacity(lines.len());
    for line in lines {
        take(&mut form, list, &line.filed, &mut draws)?;
    }
    form.lists = form.lists.checked_add(1).ok_or_else(Stop::overflow)?;
    work.put::<TransferFormDraws>((number.clone(), list.list_no.clone()), Arc::new(draws));
    work.put::<TransferForms>(number, Arc::new(form));
    Ok(())
}

/// A list that names no form: customs may ask for one. Where it does not, what stands in `applyNo` is not read
/// (`RULES.md` 7 and 8.6).
fn unnamed(work: &Work<'_>, book: &Book, list: &List) -> Result<(), Stop> {
    if parameters::today(work, Parameter::TransferFormRequired)?.is_zero() || outsourced::says_so(book, list)
    {
        return Ok(());
    }
    let related = list.related_book.as_ref().map_or("", |number| number.as_str());
    let expected = format!("a transfer form between {} and {related}", book.book_no);
    let (reason, named) = match &list.permit_no {
        Some(named) => (Reason::DocumentUnknown, named.as_str()),
        None => (Reason::TransferFormMissing, ""),
    };
    Err(Refusal::new(reason).field("applyNo", named).expected(expected).into())
}

/// `TRANSFER_FORM_MISMATCH`: book, owner and the other book of the list are those of the form.
fn same_parties(form: &TransferForm, list: &List) -> Result<(), Stop> {
    let (ours, theirs) = (form.content.end(list.direction), form.content.end(other(list.direction)));
    let related = list.related_book.as_ref().map_or("", |number| number.as_str());
    let pairs: [(&str, &dyn Display, &dyn Display); 3] = [
        ("putrecNo", &list.book_no, &ours.book_no),
        ("bizopEtpsno", &list.owner, &ours.owner),
        ("rltPutrecNo", &related, &theirs.book_no),
    ];
    for (field, given, expected) in pairs {
        let (given, expected) = (given.to_string(), expected.to_string());
        if given != expected {
            return Err(Refusal::new(Reason::TransferFormMismatch)
                .field(field, given)
                .expected(expected)
                .document(&form.content.form_no)
                .into());
        }
    }
    Ok(())
}

const fn other(direction: Direction) -> Direction {
    match direction {
        Direction::Out => Direction::In,
        Direction::In => Direction::Out,
    }
}

/// Takes a line of a list from the lines of the form that are of its goods, the first one first.
fn take(
    form: &mut TransferForm,
    list: &List,
    goods: &ListLine,
    draws: &mut Vec<FormDraw>,
) -> Result<(), Stop> {
    let TransferForm { content, listed, .. } = form;
    let mut wanted = goods.declared;
    let mut found: Option<Quantity> = None;
    for (line, used) in content.lines.iter().zip(listed) {
        if !line.fits(list.direction, list.mark, goods) {
            continue;
        }
        let used = used.of_mut(list.direction);
        let left = line.declared.checked_sub(*used).ok_or_else(Stop::overflow)?;
        found = Some(found.unwrap_or_default().checked_add(left).ok_or_else(Stop::overflow)?);
        let part = wanted.min(left);
        if part.is_zero() {
            continue;
        }
        *used = used.checked_add(part).ok_or_else(Stop::overflow)?;
        wanted = wanted.checked_sub(part).ok_or_else(Stop::overflow)?;
        draws.push(FormDraw { line: goods.line, form_line: line.line, quantity: part });
    }
    match found {
        Some(_) if wanted.is_zero() => Ok(()),
        Some(left) => Err(Refusal::new(Reason::TransferFormExceeded)
            .line(goods.line)
            .field("dclQty", goods.declared)
            .expected(format!("at most {left}, which is left on the form for these goods"))
            .document(&content.form_no)
            .short(None, Unit::Declared, goods.declared, left)
            .into()),
        None => Err(Refusal::new(Reason::ItemNotFiled)
            .line(goods.line)
            .field("putrecSeqno", goods.number)
            .expected(format!("goods of the form, in unit {}", goods.units.declared))
            .document(&content.form_no)
            .into()),
    }
}

/// A list is taken back, and what it has of its form with it.
pub(crate) fn free(work: &mut Work<'_>, movement: &Movement) -> Result<(), Stop> {
    give_back(work, movement, |_| None)
}

/// A correction undoes parts of a list.
pub(crate) fn give_back_parts(
    work: &mut Work<'_>,
    movement: &Movement,
    parts: &[MovementLine],
) -> Result<(), Stop> {
    let part_of = |line: u64| parts.iter().find(|part| part.filed.line == line);
    give_back(work, movement, |line| Some(part_of(line).map_or(Quantity::ZERO, |part| part.filed.declared)))
}

/// Gives back so much of each line of a list, all of it where `wanted` says nothing; what it took last comes back first.
fn give_back(
    work: &mut Work<'_>,
    movement: &Movement,
    wanted: impl Fn(u64) -> Option<Quantity>,
) -> Result<(), Stop> {
    let Some(number) = of_movement(work, movement)? else { return Ok(()) };
    let key = (number.clone(), movement.list_no.clone());
    let (Some(form), Some(draws)) =
        (work.get::<TransferForms>(number.clone())?, work.get::<TransferFormDraws>(key.clone())?)
    else {
        return Ok(());
    };
    let (mut form, mut draws) = ((*form).clone(), (*draws).clone());
    let mut returned = std::collections::BTreeMap::<u64, Quantity>::new();
    for draw in draws.iter_mut().rev() {
        let so_far = returned.entry(draw.line).or_default();
        let part = match wanted(draw.line) {
            Some(wanted) => wanted.checked_sub(*so_far).ok_or_else(Stop::overflow)?.min(draw.quantity),
            None => draw.quantity,
        };
        *so_far = so_far.checked_add(part).ok_or_else(Stop::overflow)?;
        draw.quantity = draw.quantity.checked_sub(part).ok_or_else(Stop::overflow)?;
        restore(&mut form, movement.direction, draw.form_line, part)?;
    }
    draws.retain(|draw| !draw.quantity.is_zero());
    if draws.is_empty() {
        form.lists = form.lists.checked_sub(1).ok_or_else(Stop::overflow)?;
        work.remove::<TransferFormDraws>(key);
    } else {
        work.put::<TransferFormDraws>(key, Arc::new(draws));
    }
    work.put::<TransferForms>(number, Arc::new(form));
    Ok(())
}

fn restore(form: &mut TransferForm, direction: Direction, line: u64, part: Quantity) -> Result<(), Stop> {
    let number = form.content.form_no.clone();
    let at = form.content.lines.iter().position(|filed| filed.line == line);
    let used = at.and_then(|at| form.listed.get_mut(at)).map(|used| used.of_mut(direction));
    let broken =
        || Stop::Broken(format!("line {line} of transfer form {number} gives back more than it gave"));
    let used = used.ok_or_else(broken)?;
    *used = used.checked_sub(part).filter(|left| !left.is_negative()).ok_or_else(broken)?;
    Ok(())
}
