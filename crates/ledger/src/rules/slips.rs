//! Slips: one batch under a permit, reserved on approval, posted at the gate, declared by a list (`RULES.md` 9.2 to 9.4).

use super::goods::{self, Goods, Transfer, along, carry, carry_lots};
use super::guards::{self, Quantities};
use super::layers::{self, Wishes};
use super::outsourced::{self, Product};
use super::sums::{self, Sums};
use super::work::{Stop, Work};
use super::{credit, guarantees, holds, permits, slip_returns, stock};
use crate::book::{Act, Book};
use crate::code::{BookNo, DocumentNo, PermitNo, SlipNo};
use crate::direction::{Direction, Mark};
use crate::document::{List, SlipFiling, SlipLine, SlipVoid};
use crate::event::{Action, Step};
use crate::hold::{self, HeldKind};
use crate::item::ItemKey;
use crate::limits::{LINES_MAX, LINKED_MAX, TRANSFERS_MAX};
use crate::matrix::{MatrixRow, rule_of_slip};
use crate::measure::{Measure, Unit};
use crate::movement::{DocumentState, Gathered, Movement, MovementLine};
use crate::mover::Mover;
use crate::permit::{Permit, PermitUse, Slip, SlipGoods};
use crate::place::Place;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{GatheredBy, Permits, Slips};
use crate::time::Instant;
use std::collections::BTreeSet;
use std::sync::Arc;

/// `SAS111`: a new slip, or new content for one that no pass names yet.
pub(crate) fn file(work: &mut Work<'_>, filing: &SlipFiling) -> Result<(), Stop> {
    guards::at_most("SasStockDt", filing.lines.len(), LINES_MAX)?;
    guards::once_each("sasStockSeqno", filing.lines.iter().map(|line| line.line))?;
    let approved_time = replace(work, filing)?;
    let mut permit = permits::permit(work, &filing.permit_no)?;
    let book = guards::book_for(work, &permit.book_no, "areainOriactNo", Act::Slip)?;
    let row = admitted(work, &book, &permit, filing)?;
    let lines: Vec<SlipGoods> = filing
        .lines
        .iter()
        .map(|line| check(work, &book, &permit, filing, line))
        .collect::<Result<_, _>>()?;
    for line in &lines {
        draw(Arc::make_mut(&mut permit), filing, line)?;
    }
    returns_covered(&permit, &filing.permit_no)?;
    slip_returns::claim(work, filing)?;
    let transfers = transfers(&book, &lines)?;
    guards::at_most("SasStockDt, with the materials of its products,", transfers.len(), TRANSFERS_MAX)?;
    let source = goods::rule(row)?.lot_source();
    layers::may_name(&book, &filing.lots, source, filing.lines.iter().map(|line| line.line))?;
    stock::test(work, &transfers)?;
    let mover = Mover::from(&filing.slip_no);
    let of = accounts(work, &permit, filing, &transfers)?;
    let account = account(&permit, filing);
    let wishes = Wishes { named: Some(&filing.lots), of: &of, holder: Some(&account), ..Wishes::default() };
    carry_lots(work, Action::Reserve, &mover, &transfers, wishes)?;
    steps(work, Action::Reserve, &filing.slip_no, filing.change_no.unwrap_or(0), &lines);
    let drawn = secure(work, filing, Arc::make_mut(&mut permit))?;
    work.put::<Permits>(filing.permit_no.clone(), permit);
    let slip = new_slip(filing, book.book_no.clone(), row, lines, (approved_time, drawn))?;
    work.put::<Slips>(filing.slip_no.clone(), Arc::new(slip));
    if filing.change_no.is_some() {
        work.names(filing.slip_no.as_str(), DocumentState::Approved);
    }
    work.state = Some(DocumentState::Approved);
    Ok(())
}

/// Takes back what the old content of a slip reserved. Gives the time of its first approval.
fn replace(work: &mut Work<'_>, filing: &SlipFiling) -> Result<Instant, Stop> {
    let known = work.get::<Slips>(filing.slip_no.clone())?.is_some();
    let Some(change_no) = filing.change_no else {
        if known {
            return Err(Refusal::new(Reason::DocumentExists).field("sasStockNo", &filing.slip_no).into());
        }
        return Ok(work.now());
    };
    let old = amendable(work, &filing.slip_no, change_no)?;
    editable(&old, filing)?;
    cancel(work, &filing.slip_no, &old)?;
    Ok(old.approved_time)
}

/// 9.2 and `domain.md` 3.2.5: the permit is open and in validity, the book is not stopped, the enterprise may send. Gives
/// the row of a slip without lines.
fn admitted(work: &Work<'_>, book: &Book, permit: &Permit, filing: &SlipFiling) -> Result<MatrixRow, Stop> {
    permits::open(work, permit, &filing.permit_no)?;
    let expired = Reason::FormExpired;
    guards::in_validity(work, filing.declared_at, permit.valid_until, expired, "dclTime", &filing.permit_no)?;
    guards::book_not_stopped(book, filing.direction)?;
    if filing.direction == Direction::Out {
        credit::may_use(work, permit.kind, &permit.owner)?;
    }
    if filing.levy_amount.is_negative() {
        return Err(Refusal::new(Reason::InvalidField)
            .field("levyBlAmt", filing.levy_amount)
            .expected("0 or more")
            .into());
    }
    let rule = rule_of_slip(permit.kind, filing.direction, Mark::Goods);
    rule.map(|rule| rule.row).ok_or_else(|| {
        Refusal::new(Reason::DocumentUnknown)
            .field("sasDclNo", &filing.permit_no)
            .expected("a permit of a type that has slips")
            .document(&filing.permit_no)
            .into()
    })
}

/// Why a slip can no longer be changed or taken back, in the order of `RULES.md` 5.7.
fn amendable(work: &mut Work<'_>, slip_no: &SlipNo, change_no: u64) -> Result<Arc<Slip>, Stop> {
    let Some(slip) = work.get::<Slips>(slip_no.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown).field("sasStockNo", slip_no).into());
    };
    guards::book(work, &slip.book_no, "areainOriactNo")?;
    let because = |reason| Err(Refusal::new(reason).field("sasStockNo", slip_no).document(slip_no).into());
    match slip.state {
        DocumentState::Cancelled => return because(Reason::AlreadyWithdrawn),
        DocumentState::Approved => {}
        _ => return because(Reason::AlreadyPosted),
    }
    if slip.passes > 0 {
        return because(Reason::SlipOnPass);
    }
    holds::may(work, HeldKind::Slip, slip_no, hold::Step::Amend)?;
    let expected = slip.version.checked_add(1).ok_or_else(Stop::overflow)?;
    if change_no == expected {
        return Ok(slip);
    }
    Err(Refusal::new(Reason::ChangeCountMismatch).field("chgTmsCnt", change_no).expected(expected).into())
}

/// What a change may not touch.
fn editable(old: &Slip, new: &SlipFiling) -> Result<(), Stop> {
    let kept = [
        ("sasDclNo", new.permit_no.to_string(), old.permit_no.to_string()),
        ("stockTypecd", new.direction.to_string(), old.direction.to_string()),
    ];
    match kept.into_iter().find(|(_, new, old)| new != old) {
        Some((field, new, old)) => {
            Err(Refusal::new(Reason::EditNotAllowed).field(field, new).expected(old).into())
        }
        None => Ok(()),
    }
}

/// `SAS111` with `dclTypecd` 3: takes a slip back.
pub(crate) fn void(work: &mut Work<'_>, void: &SlipVoid) -> Result<(), Stop> {
    let old = amendable(work, &void.slip_no, void.change_no)?;
    cancel(work, &void.slip_no, &old)?;
    returns_covered(&*permits::permit(work, &old.permit_no)?, &old.permit_no)?;
    let state = DocumentState::Cancelled;
    let slip = Slip { state, version: void.change_no, drawn: Quantity::ZERO, ..(*old).clone() };
    work.names(void.slip_no.as_str(), state);
    work.state = Some(state);
    work.put::<Slips>(void.slip_no.clone(), Arc::new(slip));
    Ok(())
}

/// `RETURN_EXCEEDS_OUT`: a batch against which goods came back stays.
fn returns_covered(permit: &Permit, permit_no: &PermitNo) -> Result<(), Stop> {
    let lines = permit.lines.iter().filter(|used| !permit.makes(used));
    match lines.into_iter().find(|used| used.approved_in > used.approved_out) {
        None => Ok(()),
        Some(used) => Err(Refusal::new(Reason::ReturnExceedsOut)
            .field("sasDclSeqno", used.filed.line)
            .expected("slips E of not less than what came back")
            .document(permit_no)
            .short(None, Unit::Declared, used.approved_in, used.approved_out)
            .into()),
    }
}

/// Cancels what a slip reserved, and gives its permit, the slip it returns and the guarantee what it took of them.
fn cancel(work: &mut Work<'_>, slip_no: &SlipNo, slip: &Slip) -> Result<(), Stop> {
    let book = guards::book(work, &slip.book_no, "areainOriactNo")?;
    let mover = Mover::from(slip_no);
    carry(work, Action::Cancel, &mover, &transfers(&book, &slip.lines)?)?;
    steps(work, Action::Cancel, slip_no, slip.version, &slip.lines);
    slip_returns::free(work, slip)?;
    let mut permit = permits::permit(work, &slip.permit_no)?;
    let changed = Arc::make_mut(&mut permit);
    for line in &slip.lines {
        undraw(changed, slip, line)?;
    }
    // A permit that has come to draw for all of its slips owes theirs nothing any more.
    let by_permit = !changed.guarantee_amount.is_zero();
    let free = if by_permit { Quantity::ZERO } else { slip.drawn.min(changed.drawn) };
    guarantees::give_back(work, &changed.guarantee_no, free, &mover.number)?;
    changed.drawn = less(changed.drawn, free)?;
    work.put::<Permits>(slip.permit_no.clone(), permit);
    Ok(())
}

/// Draws the duty at stake of a slip E, unless its permit has drawn for all of them.
fn secure(work: &mut Work<'_>, filing: &SlipFiling, permit: &mut Permit) -> Result<Quantity, Stop> {
    let by_permit = !permit.guarantee_amount.is_zero();
    if filing.direction == Direction::In || filing.levy_amount.is_zero() || by_permit {
        return Ok(Quantity::ZERO);
    }
    let cause = DocumentNo::from(&filing.slip_no);
    let (named, owner) = (permit.guarantee_no.clone(), permit.owner.clone());
    let drawn = guarantees::draw_if_there(work, &named, &owner, filing.levy_amount, &cause)?;
    let drawn = drawn.unwrap_or(Quantity::ZERO);
    sums::grow(&mut permit.drawn, drawn)?;
    Ok(drawn)
}

/// On whose account the goods of a slip are out: its own, where a list declares it by number, else that of its permit.
fn account(permit: &Permit, filing: &SlipFiling) -> DocumentNo {
    if permit.kind.is_declared_later() {
        DocumentNo::from(&filing.slip_no)
    } else {
        DocumentNo::from(&filing.permit_no)
    }
}

/// On whose account goods are out that come back: what went out under the same permit.
fn accounts(
    work: &mut Work<'_>,
    permit: &Permit,
    filing: &SlipFiling,
    transfers: &[Transfer],
) -> Result<Vec<DocumentNo>, Stop> {
    if filing.direction == Direction::Out {
        return Ok(Vec::new());
    }
    if !permit.kind.is_declared_later() {
        return Ok(vec![account(permit, filing)]);
    }
    let mut of = Vec::new();
    for transfer in transfers {
        for holder in layers::holders(work, &transfer.from)? {
            let slip = match SlipNo::new(holder.as_str()) {
                Ok(number) => work.get::<Slips>(number)?,
                Err(_) => None,
            };
            if slip.is_some_and(|slip| slip.permit_no == filing.permit_no) {
                of.push(holder);
            }
        }
    }
    Ok(of)
}

fn new_slip(
    filing: &SlipFiling,
    book_no: BookNo,
    row: MatrixRow,
    lines: Vec<SlipGoods>,
    (approved_time, drawn): (Instant, Quantity),
) -> Result<Slip, Stop> {
    let ungated = filing
        .lines
        .iter()
        .try_fold(Quantity::ZERO, |sum, line| sum.checked_add(line.declared))
        .ok_or_else(Stop::overflow)?;
    Ok(Slip {
        permit_no: filing.permit_no.clone(),
        book_no,
        row: lines.first().map_or(row, |line| line.row),
        direction: filing.direction,
        state: DocumentState::Approved,
        version: filing.change_no.unwrap_or(0),
        passes: 0,
        related_slip: filing.related_slip.clone(),
        levy_amount: filing.levy_amount,
        drawn,
        list_no: None,
        lines,
        ungated,
        approved_time,
        gate_time: None,
        posted_time: None,
    })
}

/// 9.2, all checks of one line.
fn check(
    work: &Work<'_>,
    book: &Book,
    permit: &Permit,
    filing: &SlipFiling,
    line: &SlipLine,
) -> Result<SlipGoods, Stop> {
    let quantities = |units| Quantities {
        line: line.line,
        units,
        declared: line.declared,
        statutory1: line.statutory1,
        statutory2: line.statutory2,
    };
    quantities(&line.units).positive()?;
    let permitted = permit.lines.iter().find(|used| used.filed.line == line.permit_line);
    let Some(permitted) = permitted.filter(|used| used.filed.number == line.number) else {
        return Err(Refusal::new(Reason::ItemNotFiled)
            .line(line.line)
            .field("sasDclSeqno", line.permit_line)
            .expected(format!("a line of the permit for item {}", line.number))
            .document(&filing.permit_no)
            .into());
    };
    let mark = permitted.filed.mark;
    let key = ItemKey { book_no: book.book_no.clone(), mark, number: line.number };
    let item = guards::item(work, key, line.line, "oriactGdsSeqno")?;
    guards::same_tariff_code(line.line, &line.tariff_code, &item)?;
    guards::same_units(line.line, &line.units, &item.units)?;
    quantities(&item.units).agree_with_units()?;
    guards::item_not_stopped(&item, filing.direction, line.line, line.number, book)?;
    guards::not_negative(line.line, "usdStatTotalAmt", line.value_usd)?;
    let rule = rule_of_slip(permit.kind, filing.direction, mark);
    // What the permit has made may not go out under it: none of its quantity is for that.
    let rule = rule.ok_or_else(|| over(Reason::FormQuotaExceeded, filing, line, Quantity::ZERO))?;
    let uses = if rule.bom_legs.is_empty() {
        Vec::new()
    } else {
        outsourced::uses(work, book, permit, line.permit_line, line.declared)?
    };
    Ok(SlipGoods {
        filed: line.clone(),
        mark,
        lot: item.lot.clone(),
        serial: item.serial.clone(),
        row: rule.row,
        uses,
        returned: Measure::ZERO,
    })
}

fn over(reason: Reason, filing: &SlipFiling, line: &SlipLine, left: Quantity) -> Stop {
    Refusal::new(reason)
        .line(line.line)
        .field("sasDclSeqno", line.permit_line)
        .document(&filing.permit_no)
        .short(None, Unit::Declared, line.declared, left)
        .into()
}

fn less(a: Quantity, b: Quantity) -> Result<Quantity, Stop> {
    a.checked_sub(b).ok_or_else(Stop::overflow)
}

/// 9.2: not more goes out than the permit says, not more comes back than went out; not more is made than the permit
/// says, nor of more than is out.
fn draw(permit: &mut Permit, filing: &SlipFiling, line: &SlipGoods) -> Result<(), Stop> {
    let out = permit.out(line.mark, line.filed.number).ok_or_else(Stop::overflow)?;
    let later = permit.kind.is_declared_later();
    let has_bom = permit.kind.has_bom();
    let Some(used) = permit.lines.iter_mut().find(|used| used.filed.line == line.filed.permit_line) else {
        return Err(Stop::Broken(format!(
            "line {} of permit {} vanished",
            line.filed.line, filing.permit_no
        )));
    };
    let short = |reason, left| Err(over(reason, filing, &line.filed, left));
    match filing.direction {
        Direction::Out => {
            let left = less(used.filed.declared, used.approved_out)?;
            if line.filed.declared > left {
                return short(Reason::FormQuotaExceeded, left);
            }
            sums::grow(&mut used.approved_out, line.filed.declared)
        }
        Direction::In if has_bom && line.mark == Mark::Product => {
            outsourced::make(permit, &filing.permit_no, &product(line))
        }
        Direction::In => {
            let left = less(used.approved_out, used.approved_in)?;
            let left = if later { left } else { left.min(out) };
            if line.filed.declared > left {
                return short(Reason::ReturnExceedsOut, left);
            }
            sums::grow(&mut used.approved_in, line.filed.declared)
        }
    }
}

/// Gives a permit back what a line of a slip took of it.
fn undraw(permit: &mut Permit, slip: &Slip, line: &SlipGoods) -> Result<(), Stop> {
    let declared = line.filed.declared;
    match slip.direction {
        Direction::Out => {
            let used = outsourced::line_of(permit, line.filed.permit_line)?;
            used.approved_out = less(used.approved_out, declared)?;
            Ok(())
        }
        // Goods that only come back use nothing.
        Direction::In => outsourced::unmake(permit, &product(line)),
    }
}

fn product(line: &SlipGoods) -> Product<'_> {
    let (number, permit_line) = (line.filed.line, line.filed.permit_line);
    Product { line: number, permit_line, declared: line.filed.declared, uses: &line.uses }
}

fn goods(line: &SlipGoods) -> Goods<'_> {
    let filed = &line.filed;
    let second = filed.statutory2.unwrap_or_default();
    Goods {
        line: filed.line,
        mark: line.mark,
        number: filed.number,
        lot: line.lot.as_ref(),
        serial: line.serial.as_ref(),
        measure: Measure::new(filed.declared, filed.statutory1, second, filed.value_usd),
    }
}

/// What each line moves along its own row, with the materials of a product.
fn transfers(book: &Book, lines: &[SlipGoods]) -> Result<Vec<Transfer>, Stop> {
    let mut transfers = Vec::with_capacity(lines.len());
    for line in lines {
        let rule = goods::rule(line.row)?;
        along(book, rule.legs, &goods(line), &mut transfers);
        for part in &line.uses {
            let material = Goods {
                line: line.filed.line,
                mark: Mark::Goods,
                number: part.material,
                lot: None,
                serial: None,
                measure: Measure::new(part.declared, part.statutory1, Quantity::ZERO, Quantity::ZERO),
            };
            along(book, rule.bom_legs, &material, &mut transfers);
        }
    }
    Ok(transfers)
}

/// Notes for the event which transfers were made, row by row.
fn steps(work: &mut Work<'_>, action: Action, slip_no: &SlipNo, version: u64, lines: &[SlipGoods]) {
    let rows: BTreeSet<MatrixRow> = lines.iter().map(|line| line.row).collect();
    for row in rows {
        let row = if action == Action::Cancel { MatrixRow::Withdrawal } else { row };
        work.steps.push(Step { action, document: slip_no.into(), version, row: Some(row) });
    }
}

/// 8.4: keeps a slip, and posts it when all its goods are through the gate and customs does not stop it.
pub(crate) fn settle(work: &mut Work<'_>, slip_no: &SlipNo, mut slip: Slip) -> Result<(), Stop> {
    let through = slip.state == DocumentState::Approved && slip.ungated.is_zero();
    if through && holds::stopped(work.state(), HeldKind::Slip, slip_no.into(), hold::Step::Passage)?.is_none()
    {
        let book = guards::book(work, &slip.book_no, "areainOriactNo")?;
        carry(work, Action::Post, &Mover::from(slip_no), &transfers(&book, &slip.lines)?)?;
        steps(work, Action::Post, slip_no, slip.version, &slip.lines);
        slip.state = DocumentState::Passed;
        slip.posted_time = Some(work.now());
        work.names(slip_no.as_str(), slip.state);
        count_passed(work, slip_no, &slip)?;
    }
    work.put::<Slips>(slip_no.clone(), Arc::new(slip));
    Ok(())
}

fn count_passed(work: &mut Work<'_>, slip_no: &SlipNo, slip: &Slip) -> Result<(), Stop> {
    let mut permit = permits::permit(work, &slip.permit_no)?;
    if slip.direction == Direction::Out && !permit.anything_out() {
        let first = Arc::make_mut(&mut permit);
        first.out_since = Some(work.now());
        first.days_more = 0;
    }
    let changed = Arc::make_mut(&mut permit);
    for line in &slip.lines {
        let used = line_of(changed, slip, line)?;
        let passed = match slip.direction {
            Direction::Out => &mut used.passed_out,
            Direction::In => &mut used.passed_in,
        };
        sums::grow(passed, line.filed.declared)?;
    }
    let by_permit = !changed.guarantee_amount.is_zero();
    if slip.direction == Direction::In && !by_permit && !changed.drawn.is_zero() {
        let amounts = (slip.levy_amount, changed.drawn);
        let (named, owner) = (changed.guarantee_no.clone(), changed.owner.clone());
        let cause = DocumentNo::from(slip_no);
        let free = guarantees::give_back_share(work, &named, &owner, amounts, &cause)?;
        changed.drawn = less(changed.drawn, free)?;
    }
    work.put::<Permits>(slip.permit_no.clone(), permit);
    Ok(())
}

fn line_of<'p>(permit: &'p mut Permit, slip: &Slip, line: &SlipGoods) -> Result<&'p mut PermitUse, Stop> {
    let found = permit.lines.iter_mut().find(|used| used.filed.line == line.filed.permit_line);
    found.ok_or_else(|| {
        Stop::Broken(format!("line {} of permit {} vanished", line.filed.permit_line, slip.permit_no))
    })
}

/// Counts on the permit what a list of kind 1 declares of a slip, or no longer does (`invtVdedtQty`, A21).
fn count_declared(
    work: &mut Work<'_>,
    slip: &Slip,
    count: impl Fn(Quantity, Quantity) -> Option<Quantity>,
) -> Result<(), Stop> {
    let mut permit = permits::permit(work, &slip.permit_no)?;
    for line in &slip.lines {
        let declared = less(line.filed.declared, line.returned.declared())?;
        let used = line_of(Arc::make_mut(&mut permit), slip, line)?;
        used.consolidated = count(used.consolidated, declared).ok_or_else(Stop::overflow)?;
    }
    work.put::<Permits>(slip.permit_no.clone(), permit);
    Ok(())
}

/// 9.4: a list of kind 1 declares slips that passed, exactly.
pub(crate) fn consolidate(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    guards::at_most("SasCentDclStock", list.slips.len(), LINKED_MAX)?;
    let mut declared = Sums::default();
    for (at, number) in list.slips.iter().enumerate() {
        let Some(slip) = work.get::<Slips>(number.clone())? else {
            return Err(Refusal::new(Reason::DocumentUnknown)
                .field("sasStockNo", number)
                .document(number)
                .into());
        };
        let named_before = list.slips.iter().take(at).any(|other| other == number);
        let open = slip.book_no == book.book_no
            && slip.direction == Direction::Out
            && slip.state == DocumentState::Passed
            && !named_before;
        if !open {
            return Err(Refusal::new(Reason::SlipNotOpen)
                .field("sasStockNo", if named_before { "named twice" } else { slip.state.code() })
                .expected(format!("a slip E of book {}, PASSED, named once", book.book_no))
                .document(number)
                .into());
        }
        holds::may(work, HeldKind::Slip, number, hold::Step::Gather)?;
        holds::may(work, HeldKind::Permit, &slip.permit_no, hold::Step::Use)?;
        for line in &slip.lines {
            // What a slip I that names this one brought back is not declared.
            let measure = goods(line).measure.checked_sub(&line.returned).ok_or_else(Stop::overflow)?;
            sums::add(&mut declared, goods(line).position(book, Place::ShippedUndeclared), &measure)?;
        }
        count_declared(work, &slip, Quantity::checked_add)?;
        let consolidated = DocumentState::Consolidated;
        let slip = Slip { state: consolidated, list_no: Some(list.list_no.clone()), ..(*slip).clone() };
        work.names(number.as_str(), consolidated);
        work.put::<Slips>(number.clone(), Arc::new(slip));
    }
    sums::agree(book, list, lines, Place::ShippedUndeclared, declared, Reason::ConsolidationMismatch)?;
    let gathered = Gathered { slips: list.slips.clone(), ..Gathered::default() };
    work.put::<GatheredBy>(list.list_no.clone(), Arc::new(gathered));
    Ok(())
}

/// 5.8: the slips of a withdrawn list are open again.
pub(crate) fn reopen(work: &mut Work<'_>, movement: &Movement) -> Result<(), Stop> {
    let gathered = work.get::<GatheredBy>(movement.list_no.clone())?.unwrap_or_default();
    for number in &gathered.slips {
        let Some(slip) = work.get::<Slips>(number.clone())? else {
            return Err(Stop::Broken(format!("slip {number} vanished")));
        };
        count_declared(work, &slip, Quantity::checked_sub)?;
        let passed = DocumentState::Passed;
        work.names(number.as_str(), passed);
        work.put::<Slips>(number.clone(), Arc::new(Slip { state: passed, list_no: None, ..(*slip).clone() }));
    }
    Ok(())
}
