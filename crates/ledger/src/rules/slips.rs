//! Slips: one batch under a permit, reserved on approval, posted at the gate, declared by a list (`RULES.md` 9.2 to 9.4).

use super::goods::{self, Goods, Transfer, along_all, carry, carry_lots};
use super::guards::{self, Quantities};
use super::layers::{self, Wishes};
use super::sums::{self, Sums};
use super::work::{Stop, Work};
use super::{permits, stock};
use crate::book::Book;
use crate::code::{DocumentNo, SlipNo};
use crate::direction::Direction;
use crate::document::{List, PermitKind, SlipFiling, SlipLine};
use crate::event::{Action, Step};
use crate::item::ItemKey;
use crate::limits::{LINES_MAX, LINKED_MAX};
use crate::matrix::{Rule, rule_of_slip};
use crate::measure::{Measure, Unit};
use crate::movement::{DocumentState, Gathered, Movement, MovementLine};
use crate::permit::{Permit, PermitUse, Slip, SlipGoods};
use crate::place::Place;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{GatheredBy, Permits, Slips};
use std::sync::Arc;

/// `SAS111`
pub(crate) fn file(work: &mut Work<'_>, filing: &SlipFiling) -> Result<(), Stop> {
    guards::at_most("SasStockDt", filing.lines.len(), LINES_MAX)?;
    guards::once_each("sasStockSeqno", filing.lines.iter().map(|line| line.line))?;
    if work.get::<Slips>(filing.slip_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("sasStockNo", &filing.slip_no).into());
    }
    let mut permit = permits::permit(work, &filing.permit_no)?;
    let book = guards::book(work, &permit.book_no, "areainOriactNo")?;
    let expired = Reason::FormExpired;
    guards::in_validity(work, filing.declared_at, permit.valid_until, expired, "dclTime", &filing.permit_no)?;
    guards::book_not_stopped(&book, filing.direction)?;
    let rule = rule_of_slip(permit.kind, filing.direction)
        .ok_or_else(|| Stop::Broken(format!("permit {} has no row for slips", filing.permit_no)))?;
    let lines: Vec<SlipGoods> = filing
        .lines
        .iter()
        .map(|line| check(work, &book, &permit, filing, line))
        .collect::<Result<_, _>>()?;
    for line in &lines {
        draw(Arc::make_mut(&mut permit), filing, line)?;
    }
    layers::may_name(&book, &filing.lots, rule.lot_source(), filing.lines.iter().map(|line| line.line))?;
    let transfers = transfers(&book, rule, &lines);
    stock::test(work, &transfers)?;
    let document = DocumentNo::from(&filing.slip_no);
    let of = accounts(work, &permit, filing, &transfers)?;
    let account = account(&permit, filing);
    let wishes = Wishes { named: &filing.lots, of: &of, holder: Some(&account) };
    carry_lots(work, Action::Reserve, &document, &transfers, wishes)?;
    step(work, Action::Reserve, &filing.slip_no, rule);
    work.put::<Permits>(filing.permit_no.clone(), permit);
    let slip = new_slip(work, filing, book.book_no.clone(), rule, lines)?;
    work.put::<Slips>(filing.slip_no.clone(), Arc::new(slip));
    work.state = Some(DocumentState::Approved);
    Ok(())
}

/// On whose account the goods of a slip are out: its own, where a list declares it by number, else that of its permit.
fn account(permit: &Permit, filing: &SlipFiling) -> DocumentNo {
    match permit.kind {
        PermitKind::BatchedDelivery => DocumentNo::from(&filing.slip_no),
        _ => DocumentNo::from(&filing.permit_no),
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
    if permit.kind != PermitKind::BatchedDelivery {
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
    work: &Work<'_>,
    filing: &SlipFiling,
    book_no: crate::code::BookNo,
    rule: &Rule,
    lines: Vec<SlipGoods>,
) -> Result<Slip, Stop> {
    let ungated = filing
        .lines
        .iter()
        .try_fold(Quantity::ZERO, |sum, line| sum.checked_add(line.declared))
        .ok_or_else(Stop::overflow)?;
    Ok(Slip {
        permit_no: filing.permit_no.clone(),
        book_no,
        row: rule.row,
        direction: filing.direction,
        state: DocumentState::Approved,
        list_no: None,
        lines,
        ungated,
        approved_time: work.now(),
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
    Ok(SlipGoods { filed: line.clone(), mark, lot: item.lot.clone(), serial: item.serial.clone() })
}

/// 9.2: not more goes out than the permit says, not more comes back than went out.
fn draw(permit: &mut Permit, filing: &SlipFiling, line: &SlipGoods) -> Result<(), Stop> {
    let out = permit.out(line.mark, line.filed.number).ok_or_else(Stop::overflow)?;
    let batched = permit.kind == PermitKind::BatchedDelivery;
    let Some(used) = permit.lines.iter_mut().find(|used| used.filed.line == line.filed.permit_line) else {
        return Err(Stop::Broken(format!(
            "line {} of permit {} vanished",
            line.filed.line, filing.permit_no
        )));
    };
    let short = |reason, left| -> Result<(), Stop> {
        Err(Refusal::new(reason)
            .line(line.filed.line)
            .field("sasDclSeqno", line.filed.permit_line)
            .document(&filing.permit_no)
            .short(None, Unit::Declared, line.filed.declared, left)
            .into())
    };
    let less = |a: Quantity, b: Quantity| a.checked_sub(b).ok_or_else(Stop::overflow);
    match filing.direction {
        Direction::Out => {
            let left = less(used.filed.declared, used.approved_out)?;
            if line.filed.declared > left {
                return short(Reason::FormQuotaExceeded, left);
            }
            add(&mut used.approved_out, line.filed.declared)
        }
        Direction::In => {
            let left = less(used.approved_out, used.approved_in)?;
            let left = if batched { left } else { left.min(out) };
            if line.filed.declared > left {
                return short(Reason::ReturnExceedsOut, left);
            }
            add(&mut used.approved_in, line.filed.declared)
        }
    }
}

fn add(sum: &mut Quantity, quantity: Quantity) -> Result<(), Stop> {
    *sum = sum.checked_add(quantity).ok_or_else(Stop::overflow)?;
    Ok(())
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

fn transfers(book: &Book, rule: &Rule, lines: &[SlipGoods]) -> Vec<Transfer> {
    along_all(book, rule.legs, lines.iter().map(goods))
}

fn step(work: &mut Work<'_>, action: Action, slip_no: &SlipNo, rule: &Rule) {
    work.steps.push(Step { action, document: slip_no.into(), version: 0, row: Some(rule.row) });
}

/// 8.4: keeps a slip, and posts it when all its goods are through the gate.
pub(crate) fn settle(work: &mut Work<'_>, slip_no: &SlipNo, mut slip: Slip) -> Result<(), Stop> {
    if slip.state == DocumentState::Approved && slip.ungated.is_zero() {
        let rule = goods::rule(slip.row)?;
        let book = guards::book(work, &slip.book_no, "areainOriactNo")?;
        carry(work, Action::Post, &DocumentNo::from(slip_no), &transfers(&book, rule, &slip.lines))?;
        step(work, Action::Post, slip_no, rule);
        slip.state = DocumentState::Passed;
        slip.posted_time = Some(work.now());
        work.names(slip_no.as_str(), slip.state);
        if slip.direction == Direction::Out {
            count_passed(work, &slip)?;
        }
    }
    work.put::<Slips>(slip_no.clone(), Arc::new(slip));
    Ok(())
}

fn count_passed(work: &mut Work<'_>, slip: &Slip) -> Result<(), Stop> {
    let mut permit = permits::permit(work, &slip.permit_no)?;
    let used: &mut Vec<PermitUse> = &mut Arc::make_mut(&mut permit).lines;
    for line in &slip.lines {
        let found = used.iter_mut().find(|used| used.filed.line == line.filed.permit_line);
        let used = found.ok_or_else(|| {
            Stop::Broken(format!("line {} of permit {} vanished", line.filed.permit_line, slip.permit_no))
        })?;
        add(&mut used.passed_out, line.filed.declared)?;
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
        for line in &slip.lines {
            sums::add(
                &mut declared,
                goods(line).position(book, Place::ShippedUndeclared),
                &goods(line).measure,
            )?;
        }
        let consolidated = DocumentState::Consolidated;
        let slip = Slip { state: consolidated, list_no: Some(list.list_no.clone()), ..(*slip).clone() };
        work.names(number.as_str(), consolidated);
        work.put::<Slips>(number.clone(), Arc::new(slip));
    }
    sums::agree(book, list, lines, Place::ShippedUndeclared, declared, Reason::ConsolidationMismatch)?;
    let gathered = Gathered { slips: list.slips.clone(), parcels: Vec::new() };
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
        let passed = DocumentState::Passed;
        work.names(number.as_str(), passed);
        work.put::<Slips>(number.clone(), Arc::new(Slip { state: passed, list_no: None, ..(*slip).clone() }));
    }
    Ok(())
}
