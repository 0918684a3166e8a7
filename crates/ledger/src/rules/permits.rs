//! Permits: what may move across the fence without a declaration each, and what is out under them (`RULES.md` 9.1, 9.5).
//!
//! Of a permit, as of a book, one change may be open at a time, and none when it is closed (`domain.md` 3.0). A change is
//! decided in the step that files it, so none is ever open: of two that were written at the same time, or of a change and
//! a closing, the second one does not count on from the first and is refused `CHANGE_COUNT_MISMATCH`.

use super::work::{Stop, Work};
use super::{credit, guarantees, guards, holds, parameters, zones};
use crate::book::{Act, Book, BookKind, BookingMode, Paper, Usage};
use crate::code::{DocumentNo, PermitNo};
use crate::direction::Mark;
use crate::document::{List, PermitBomLine, PermitFiling, PermitKind, PermitLine};
use crate::hold::{HeldKind, Step};
use crate::item::ItemKey;
use crate::limits::{LINES_MAX, MATERIALS_MAX};
use crate::measure::Unit;
use crate::movement::{DocumentState, Movement, MovementLine};
use crate::parameter::Parameter;
use crate::permit::{Permit, PermitUse};
use crate::place::Place;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{DirectExits, OpenPapers, Permits};
use crate::time::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// `SAS101`: a new permit, or new content for one that is open.
pub(crate) fn file(work: &mut Work<'_>, filing: &PermitFiling) -> Result<(), Stop> {
    guards::at_most("SasDclDt", filing.lines.len(), LINES_MAX)?;
    guards::at_most("SasDclUcnsDt", filing.bom.len(), MATERIALS_MAX)?;
    guards::once_each("sasDclSeqno", filing.lines.iter().map(|line| line.line))?;
    let old = match filing.change_no {
        Some(change_no) => Some(amendable(work, &filing.permit_no, change_no)?),
        None if is_taken(work, &filing.permit_no)? => {
            return Err(Refusal::new(Reason::DocumentExists).field("sasDclNo", &filing.permit_no).into());
        }
        None => None,
    };
    if let Some(old) = &old {
        editable(old, filing)?;
    }
    let book = guards::book_for(work, &filing.book_no, "areainOriactNo", Act::Permit)?;
    guards::bonded(&book)?;
    guards::owned_by(&book, &filing.owner, "areainEtpsno")?;
    guards::book_in_validity(work, &book, filing.declared_at, "dclTime")?;
    fits_book(&book, filing)?;
    zones::fits_permit(work, &book, filing)?;
    says_place(work, filing)?;
    credit::may_use(work, filing.kind, &filing.owner)?;
    for line in &filing.lines {
        guards::positive(line.line, "dclQty", Unit::Declared, line.declared)?;
        item_of(work, &book, filing.kind, line)?;
    }
    bom(filing)?;
    let mut permit = content(work, filing, old.as_deref())?;
    within_days(work, filing, &permit)?;
    secure(work, filing, old.as_deref(), &mut permit)?;
    work.put::<OpenPapers>((filing.book_no.clone(), Paper::Permit, (&filing.permit_no).into()), ());
    work.put::<Permits>(filing.permit_no.clone(), Arc::new(permit));
    work.state = Some(DocumentState::Open);
    Ok(())
}

/// Whether a permit has the number, or an approval that lists name like a permit.
fn is_taken(work: &Work<'_>, number: &PermitNo) -> Result<bool, Stop> {
    Ok(work.get::<Permits>(number.clone())?.is_some() || work.get::<DirectExits>(number.clone())?.is_some())
}

/// Why a permit can no longer be changed or closed, in this order.
pub(crate) fn amendable(
    work: &mut Work<'_>,
    permit_no: &PermitNo,
    change_no: u64,
) -> Result<Arc<Permit>, Stop> {
    let permit = permit(work, permit_no)?;
    guards::book(work, &permit.book_no, "areainOriactNo")?;
    open(work, &permit, permit_no)?;
    let expected = permit.change_no.checked_add(1).ok_or_else(Stop::overflow)?;
    if change_no == expected {
        return Ok(permit);
    }
    Err(Refusal::new(Reason::ChangeCountMismatch)
        .field("chgTmsCnt", change_no)
        .expected(expected)
        .document(permit_no)
        .into())
}

/// `FORM_CLOSED`, `DOCUMENT_HELD`
pub(crate) fn open(work: &Work<'_>, permit: &Permit, permit_no: &PermitNo) -> Result<(), Stop> {
    if permit.state == DocumentState::Open {
        return holds::may(work, HeldKind::Permit, permit_no, Step::Use);
    }
    Err(Refusal::new(Reason::FormClosed).field("sasDclNo", permit_no).document(permit_no).into())
}

/// What a change may not touch: what the permit is for and whose it is, and lines that are used.
fn editable(old: &Permit, new: &PermitFiling) -> Result<(), Stop> {
    let refuse = |field: &str, value: String, expected: String| -> Result<(), Stop> {
        Err(Refusal::new(Reason::EditNotAllowed)
            .field(field, value)
            .expected(expected)
            .document(&new.permit_no)
            .into())
    };
    let kept = [
        ("businessTypecd", new.kind.to_string(), old.kind.to_string()),
        ("areainOriactNo", new.book_no.to_string(), old.book_no.to_string()),
        ("areainEtpsno", new.owner.to_string(), old.owner.to_string()),
    ];
    if let Some((field, new, old)) = kept.into_iter().find(|(_, new, old)| new != old) {
        return refuse(field, new, old);
    }
    // What is drawn must be given back to where it came from.
    if !old.drawn.is_zero() && old.guarantee_no != new.guarantee_no {
        return refuse("dpstLevyBlNo", new.guarantee_no.to_string(), old.guarantee_no.to_string());
    }
    let by_slips = !old.drawn.is_zero() && old.guarantee_amount.is_zero();
    if by_slips && !new.guarantee_amount.is_zero() {
        return refuse(
            "guarantee_amount",
            new.guarantee_amount.to_string(),
            "0: the slips draw theirs".into(),
        );
    }
    for used in old.lines.iter().filter(|used| is_used(used)) {
        let filed = &used.filed;
        let same = |line: &&PermitLine| {
            (line.line, line.mark, line.number) == (filed.line, filed.mark, filed.number)
        };
        let Some(line) = new.lines.iter().find(same) else {
            return refuse(
                "sasDclSeqno",
                "none".into(),
                format!("line {} for item {}", filed.line, filed.number),
            );
        };
        let least = old.quota_used(used);
        if line.declared < least {
            return Err(Refusal::new(Reason::FormQuotaExceeded)
                .line(line.line)
                .field("dclQty", line.declared)
                .expected(format!("at least {least}, which is used"))
                .document(&new.permit_no)
                .short(None, Unit::Declared, least, line.declared)
                .into());
        }
    }
    Ok(())
}

/// Whether a slip or list ever stood on a line and was not taken back.
fn is_used(used: &PermitUse) -> bool {
    !used.approved_out.is_zero() || !used.approved_in.is_zero()
}

/// `FORM_BOOK_MISMATCH`: simple processing is for logistics books whose goods are not tracked one by one.
fn fits_book(book: &Book, filing: &PermitFiling) -> Result<(), Stop> {
    let plain = matches!(book.usage, Usage::Store | Usage::ECommerce);
    if !filing.kind.rule().logistics_only || (book.kind == BookKind::Logistics && plain) {
        return Ok(());
    }
    Err(Refusal::new(Reason::FormBookMismatch)
        .field("businessTypecd", filing.kind)
        .expected("a logistics book for storage or electronic commerce")
        .document(&book.book_no)
        .into())
}

/// `INVALID_FIELD`: it says where its goods are shown, where customs asks for that (`domain.md` 3.4 row 15).
fn says_place(work: &Work<'_>, filing: &PermitFiling) -> Result<(), Stop> {
    let said = !filing.exhibition_place.trim().is_empty();
    if said || !filing.kind.rule().needs_place {
        return Ok(());
    }
    if parameters::today(work, Parameter::DisplayPlaceRequired)?.is_zero() {
        return Ok(());
    }
    Err(guards::invalid("exhibitionPlace", "", "where the goods are shown"))
}

/// The item of a line is filed with its unit. Under simple processing goods and products are both items of kind `I`;
/// in a book kept by receipt products have no row before they are made.
fn item_of(work: &Work<'_>, book: &Book, kind: PermitKind, line: &PermitLine) -> Result<(), Stop> {
    let simple = kind.rule().logistics_only;
    if simple && line.mark == Mark::Product && book.booking_mode == BookingMode::RowPerReceipt {
        return Ok(());
    }
    let mark = if simple { Mark::Goods } else { line.mark };
    let key = ItemKey { book_no: book.book_no.clone(), mark, number: line.number };
    let item = guards::item(work, key, line.line, "oriactGdsSeqno")?;
    guards::same_declared_unit(line.line, &line.unit, &item)
}

/// `BOM_INVALID`: products of the permit are made of materials of the permit, and of each once (as `RULES.md` 4.4).
fn bom(filing: &PermitFiling) -> Result<(), Stop> {
    let refuse = |line: u64, field: &str, value: String, expected: &str| -> Result<(), Stop> {
        Err(Refusal::new(Reason::BomInvalid)
            .line(line)
            .field(field, value)
            .expected(expected)
            .document(&filing.permit_no)
            .into())
    };
    let has =
        |number: u64, mark: Mark| filing.lines.iter().any(|line| (line.line, line.mark) == (number, mark));
    let mut seen = BTreeSet::new();
    for part in &filing.bom {
        let PermitBomLine { product_line, material_line, .. } = *part;
        if !filing.kind.has_bom() {
            return refuse(product_line, "endprdSeqno", product_line.to_string(), "no unit consumption");
        }
        if !has(product_line, Mark::Product) {
            let expected = "a line of the permit with mark E";
            return refuse(product_line, "endprdSeqno", product_line.to_string(), expected);
        }
        if !has(material_line, Mark::Goods) || !seen.insert((product_line, material_line)) {
            let expected = "a line of the permit with mark I, once for each product";
            return refuse(product_line, "mtpckSeqno", material_line.to_string(), expected);
        }
        if let Some((field, value, expected)) = part.as_bom().flaw() {
            let field = if field == "tgblLossRate" || field == "intgbLossRate" { "lossRate" } else { field };
            return refuse(product_line, field, value, expected);
        }
    }
    let made = filing.lines.iter().filter(|line| filing.kind.has_bom() && line.mark == Mark::Product);
    for line in made {
        if !filing.bom.iter().any(|part| part.product_line == line.line) {
            return refuse(line.line, "endprdSeqno", "none".into(), "what the product is made of");
        }
    }
    Ok(())
}

/// The permit with what is filed, and with how much of it was used before.
fn content(work: &Work<'_>, filing: &PermitFiling, old: Option<&Permit>) -> Result<Permit, Stop> {
    let extended = old.is_some_and(|old| filing.valid_until > old.valid_until);
    let extensions = old.map_or(0, |old| old.extensions);
    // What is out already may stay out for as many days more; what goes out later has the days of its kind.
    let days_more = match old {
        Some(old) if extended && old.anything_out() => {
            let more = i64::from(filing.valid_until.0) - i64::from(old.valid_until.0);
            old.days_more.saturating_add(more.unsigned_abs())
        }
        Some(old) => old.days_more,
        None => 0,
    };
    let line = |filed: &PermitLine| {
        let same = |used: &&PermitUse| used.filed.line == filed.line && is_used(used);
        let used = old.and_then(|old| old.lines.iter().find(same));
        match used {
            Some(used) => PermitUse { filed: filed.clone(), ..used.clone() },
            None => unused(filed),
        }
    };
    Ok(Permit {
        kind: filing.kind,
        book_no: filing.book_no.clone(),
        owner: filing.owner.clone(),
        valid_until: filing.valid_until,
        guarantee_no: filing.guarantee_no.clone(),
        guarantee_amount: filing.guarantee_amount,
        drawn: old.map_or(Quantity::ZERO, |old| old.drawn),
        exhibition_place: filing.exhibition_place.clone(),
        state: DocumentState::Open,
        change_no: filing.change_no.unwrap_or(0),
        declared_on: old.map_or(filing.declared_at.date(), |old| old.declared_on),
        extensions: extensions.checked_add(u64::from(extended)).ok_or_else(Stop::overflow)?,
        days_more,
        lines: filing.lines.iter().map(line).collect(),
        bom: filing.bom.clone(),
        sold: old.map_or_else(BTreeMap::new, |old| old.sold.clone()),
        used: old.map_or_else(BTreeMap::new, |old| old.used.clone()),
        waiting_lists: old.map_or(0, |old| old.waiting_lists),
        left: Vec::new(),
        filed_time: old.map_or(work.now(), |old| old.filed_time),
        out_since: old.and_then(|old| old.out_since),
        closed_time: None,
    })
}

fn unused(filed: &PermitLine) -> PermitUse {
    PermitUse {
        filed: filed.clone(),
        approved_out: Quantity::ZERO,
        approved_in: Quantity::ZERO,
        passed_out: Quantity::ZERO,
        passed_in: Quantity::ZERO,
        consolidated: Quantity::ZERO,
    }
}

/// `PERMIT_TOO_LONG`: not more days than its type allows, and for equipment and moulds one extension only
/// (`domain.md` 3.1: display six months, equipment 60 days and 30 more).
fn within_days(work: &Work<'_>, filing: &PermitFiling, permit: &Permit) -> Result<(), Stop> {
    let refuse = |expected: String| -> Result<(), Stop> {
        Err(Refusal::new(Reason::PermitTooLong)
            .field("validTime", filing.valid_until)
            .expected(expected)
            .document(&filing.permit_no)
            .into())
    };
    let once = filing.kind.rule().extends_once;
    if once && permit.extensions > 1 {
        return refuse("no second extension".into());
    }
    let base = parameters::today(work, filing.kind.rule().lasts)?;
    if base.is_zero() {
        return Ok(());
    }
    let more = if once && permit.extensions > 0 {
        parameters::today(work, Parameter::PermitExtensionDays)?
    } else {
        Quantity::ZERO
    };
    let most = base.checked_add(more).ok_or_else(Stop::overflow)?;
    let Date(first) = permit.declared_on;
    let Date(last) = filing.valid_until;
    if Quantity::whole(i64::from(last) - i64::from(first)) <= most {
        return Ok(());
    }
    refuse(format!("at most {most} days from {}", permit.declared_on))
}

/// Draws the duty at stake on the guarantee, or the difference to what was at stake before.
fn secure(
    work: &mut Work<'_>,
    filing: &PermitFiling,
    old: Option<&Permit>,
    permit: &mut Permit,
) -> Result<(), Stop> {
    let amount = filing.guarantee_amount;
    if amount.is_negative() {
        return Err(Refusal::new(Reason::InvalidField)
            .field("guarantee_amount", amount)
            .expected("0 or more")
            .into());
    }
    let before = old.map_or(Quantity::ZERO, |old| old.guarantee_amount);
    if amount == before {
        return Ok(());
    }
    let cause = DocumentNo::from(&filing.permit_no);
    if !before.is_zero() {
        guarantees::give_back(work, &filing.guarantee_no, permit.drawn, &cause)?;
        permit.drawn = Quantity::ZERO;
    }
    if !amount.is_zero() {
        permit.drawn = guarantees::draw(work, &filing.guarantee_no, &filing.owner, amount, &cause)?;
    }
    Ok(())
}

/// The permit that a slip names.
pub(crate) fn permit(work: &Work<'_>, permit_no: &PermitNo) -> Result<Arc<Permit>, Stop> {
    work.get::<Permits>(permit_no.clone())?.ok_or_else(|| {
        Refusal::new(Reason::DocumentUnknown).field("sasDclNo", permit_no).document(permit_no).into()
    })
}

/// The permit that a list names in `applyNo`: open, of its book, of a kind.
pub(crate) fn named_by(
    work: &Work<'_>,
    book: &Book,
    list: &List,
    kind: PermitKind,
) -> Result<(PermitNo, Arc<Permit>), Stop> {
    let (number, permit) = of_book(work, book, list, kind)?;
    open(work, &permit, &number)?;
    Ok((number, permit))
}

/// The same, be it closed.
pub(crate) fn of_book(
    work: &Work<'_>,
    book: &Book,
    list: &List,
    kind: PermitKind,
) -> Result<(PermitNo, Arc<Permit>), Stop> {
    let named = list.permit_no.as_ref().map_or("", |number| number.as_str());
    let found = match &list.permit_no {
        Some(number) => work.get::<Permits>(number.clone())?.map(|permit| (number.clone(), permit)),
        None => None,
    };
    let fits = |permit: &Permit| permit.book_no == book.book_no && permit.kind == kind;
    let Some((number, permit)) = found.filter(|(_, permit)| fits(permit)) else {
        return Err(Refusal::new(Reason::DocumentUnknown)
            .field("applyNo", named)
            .expected(format!("a permit of type {kind} of book {}", book.book_no))
            .into());
    };
    Ok((number, permit))
}

/// 9.5: a list of kind 5 takes of each item not more than is out under its permit.
pub(crate) fn sell(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    let (number, mut permit) = named_by(work, book, list, PermitKind::Display)?;
    for line in lines {
        let key = (list.mark, line.filed.number);
        let out = permit.out(key.0, key.1).ok_or_else(Stop::overflow)?;
        if line.filed.declared > out {
            return Err(Refusal::new(Reason::FormStockExceeded)
                .line(line.filed.line)
                .field("applyNo", &number)
                .document(&number)
                .short(Some(Place::OutOnForm), Unit::Declared, line.filed.declared, out)
                .into());
        }
        let sold = Arc::make_mut(&mut permit).sold.entry(key).or_default();
        *sold = sold.checked_add(line.filed.declared).ok_or_else(Stop::overflow)?;
    }
    let waiting = &mut Arc::make_mut(&mut permit).waiting_lists;
    *waiting = waiting.checked_add(1).ok_or_else(Stop::overflow)?;
    work.put::<Permits>(number, permit);
    Ok(())
}

/// Gives back what a withdrawn list of kind 5 took.
pub(crate) fn unsell(work: &mut Work<'_>, movement: &Movement, lines: &[MovementLine]) -> Result<(), Stop> {
    let Some(number) = &movement.permit_no else { return Ok(()) };
    let mut permit = permit(work, number)?;
    for line in lines {
        let key: (Mark, u64) = (movement.mark, line.filed.number);
        let sold = Arc::make_mut(&mut permit).sold.entry(key).or_default();
        *sold = sold
            .checked_sub(line.filed.declared)
            .filter(|sold| !sold.is_negative())
            .ok_or_else(|| Stop::Broken(format!("permit {number} gives back more than was sold")))?;
    }
    // A posted list, which a correction undoes, waits no longer.
    if movement.posted_time.is_none() {
        no_longer_waits(Arc::make_mut(&mut permit))?;
    }
    work.put::<Permits>(number.clone(), permit);
    Ok(())
}

/// A list on a permit is posted: it no longer keeps the permit open.
pub(crate) fn list_posted(work: &mut Work<'_>, movement: &Movement) -> Result<(), Stop> {
    let Some(number) = &movement.permit_no else { return Ok(()) };
    let mut permit = permit(work, number)?;
    no_longer_waits(Arc::make_mut(&mut permit))?;
    work.put::<Permits>(number.clone(), permit);
    Ok(())
}

/// A list on a permit is posted or taken back.
pub(crate) fn no_longer_waits(permit: &mut Permit) -> Result<(), Stop> {
    let left = permit.waiting_lists.checked_sub(1);
    permit.waiting_lists = left.ok_or_else(|| Stop::Broken("a permit has no list that waits".into()))?;
    Ok(())
}
