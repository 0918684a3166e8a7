//! The second gate: passes and passages (`RULES.md` 8.1 to 8.4 and 8.6).

use super::work::{Cause, Stop, Work};
use super::{bills, books, guards, holds, linked, passes};
use crate::book::{Act, Book, BookingMode, Paper};
use crate::code::{BillNo, BookNo, DocumentNo, PassNo};
use crate::direction::Mark;
use crate::document::{Binding, LinkedType, PassFiling, PassLine, PassageReport, PassageStage};
use crate::event::{Action, Step};
use crate::hold::{self, HeldKind};
use crate::limits::{LINES_MAX, LINKED_MAX, TRANSFERS_MAX};
use crate::matrix::MatrixRow;
use crate::measure::{Measure, Unit};
use crate::movement::{DocumentState, GateProgress};
use crate::mover::Mover;
use crate::pass::Pass;
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Held, OpenPapers, Passes, Progress, Seals, VehiclePasses};
use std::sync::Arc;

/// `SAS121`
pub(crate) fn file_pass(work: &mut Work<'_>, filing: &PassFiling) -> Result<(), Stop> {
    guards::at_most("SasPassportDt", filing.lines.len(), LINES_MAX)?;
    guards::at_most("rltNo", filing.linked.len(), LINKED_MAX)?;
    if work.get::<Passes>(filing.pass_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("passportNo", &filing.pass_no).into());
    }
    binding(filing)?;
    let mut pass = Pass {
        state: DocumentState::Filed,
        direction: filing.direction,
        binding: filing.binding,
        linked_type: filing.linked_type,
        linked: filing.linked.clone(),
        book_no: filing.book_no.clone(),
        vehicle_no: filing.vehicle_no.clone(),
        seal_no: filing.seal_no.clone(),
        weights: filing.weights,
        collected: None,
        lines: filing.lines.clone(),
        items: Vec::new(),
        filed_time: work.now(),
        passed_at: None,
        passed_time: None,
    };
    match filing.linked_type {
        LinkedType::List | LinkedType::Slip => reserve_linked(work, &filing.pass_no, &pass)?,
        LinkedType::Bill => pass.items = items_on_bill(work, filing)?,
    }
    work.names(filing.pass_no.as_str(), DocumentState::Filed);
    work.state = Some(DocumentState::Filed);
    if !filing.vehicle_no.is_empty() {
        work.put::<VehiclePasses>((filing.vehicle_no.clone(), filing.pass_no.clone()), ());
    }
    work.put::<Passes>(filing.pass_no.clone(), Arc::new(pass));
    apply_held_reports(work, &filing.pass_no)
}

/// 8.1
fn binding(filing: &PassFiling) -> Result<(), Stop> {
    let refuse = |expected: &str| {
        let linked: Vec<&str> = filing.linked.iter().map(DocumentNo::as_str).collect();
        Err(Refusal::new(Reason::BindingMismatch).field("rltNo", linked.join("/")).expected(expected).into())
    };
    if filing.binding != Binding::ManyDocuments && filing.linked.len() > 1 {
        return refuse("one document, as bindTypecd says");
    }
    let named_before =
        |(at, number): (usize, &DocumentNo)| filing.linked.iter().take(at).any(|other| other == number);
    if filing.linked.iter().enumerate().any(named_before) {
        return refuse("each document once");
    }
    let by_line = filing.binding == Binding::ManyVehicles && filing.linked_type != LinkedType::Bill;
    if by_line && filing.lines.is_empty() {
        return refuse("lines SasPassportDt that say which part is on this vehicle");
    }
    Ok(())
}

/// 8.2: each linked list or slip, with all its checks, before the next.
fn reserve_linked(work: &mut Work<'_>, pass_no: &PassNo, pass: &Pass) -> Result<(), Stop> {
    if pass.linked.is_empty() {
        return Err(Refusal::new(Reason::DocumentUnknown).field("rltNo", "").into());
    }
    let mut transfers = 0_usize;
    for number in &pass.linked {
        let linked = linked::find(work, pass.linked_type, number)?;
        transfers = transfers.saturating_add(linked.transfers);
        guards::at_most("rltNo, with all lines of what it names,", transfers, TRANSFERS_MAX)?;
        linked.fits(work, number, pass.direction)?;
        let mut progress = linked::progress(work, pass.linked_type, number, &linked)?;
        for share in shares(pass, &linked.lines) {
            reserve(number, &linked.lines, Arc::make_mut(&mut progress).as_mut_slice(), &share)?;
        }
        work.put::<Progress>((pass.linked_type, number.clone()), progress);
        linked.named_by_a_pass(work)?;
        if let (Some(list_no), Some(seal_no)) = (linked.transferred(), &pass.seal_no) {
            work.put::<Seals>((list_no.clone(), pass_no.clone()), seal_no.clone());
        }
    }
    Ok(())
}

/// Part of a line on one vehicle.
pub(crate) struct Share {
    pub(crate) line: u64,
    pass_line: Option<u64>,
    pub(crate) quantity: Quantity,
}

/// What a pass carries of a document: the lines it names, or the whole quantity of every line.
pub(crate) fn shares(pass: &Pass, lines: &[linked::Line]) -> Vec<Share> {
    if pass.binding == Binding::ManyVehicles {
        let of_line = |line: &PassLine| Share {
            line: line.linked_line.unwrap_or(u64::MAX),
            pass_line: Some(line.line),
            quantity: line.declared,
        };
        return pass.lines.iter().map(of_line).collect();
    }
    let whole = |line: &linked::Line| Share { line: line.number, pass_line: None, quantity: line.declared };
    lines.iter().map(whole).collect()
}

fn reserve(
    number: &DocumentNo,
    lines: &[linked::Line],
    progress: &mut [GateProgress],
    share: &Share,
) -> Result<(), Stop> {
    guards::positive(share.pass_line.unwrap_or(share.line), "dclQty", Unit::Declared, share.quantity)?;
    let found = lines.iter().zip(progress.iter_mut()).find(|(line, _)| line.number == share.line);
    let (declared, reserved) = found
        .as_ref()
        .map_or((Quantity::ZERO, Quantity::ZERO), |(line, progress)| (line.declared, progress.reserved));
    let sum = reserved.checked_add(share.quantity).ok_or_else(Stop::overflow)?;
    match found {
        Some((_, progress)) if sum <= declared => {
            progress.reserved = sum;
            Ok(())
        }
        _ => {
            let left = declared.checked_sub(reserved).ok_or_else(Stop::overflow)?;
            Err(Refusal::new(Reason::PassQtyExceeded)
                .line(share.pass_line.unwrap_or(share.line))
                .field("rltGdsSeqno", share.line)
                .document(number)
                .short(None, Unit::Declared, share.quantity, left)
                .into())
        }
    }
}

/// 8.6: the items that a pass on a bill of lading brings, line by line.
fn items_on_bill(work: &mut Work<'_>, filing: &PassFiling) -> Result<Vec<u64>, Stop> {
    let book = bill_book(work, filing.book_no.as_ref())?;
    guards::book_for(work, &book.book_no, "col1", Act::BillPass)?;
    if filing.linked.len() > 1 || book.booking_mode == BookingMode::RowPerReceipt {
        let (field, value) = match book.booking_mode {
            BookingMode::RowPerReceipt => ("appendTypecd", book.booking_mode.to_string()),
            BookingMode::Accumulating => ("rltNo", filing.linked.len().to_string()),
        };
        return Err(Refusal::new(Reason::Unsupported)
            .field(field, value)
            .expected("one bill of lading into an accumulating book")
            .into());
    }
    bill_no(&filing.linked)?;
    work.put::<OpenPapers>((book.book_no.clone(), Paper::Pass, (&filing.pass_no).into()), ());
    filing.lines.iter().map(|line| item_on_bill(work, &book, line)).collect()
}

fn bill_no(linked: &[DocumentNo]) -> Result<BillNo, Stop> {
    let number = linked.first().map_or("", DocumentNo::as_str);
    BillNo::new(number)
        .map_err(|error| Refusal::new(Reason::InvalidField).field("rltNo", number).expected(error).into())
}

fn bill_book(work: &mut Work<'_>, book_no: Option<&BookNo>) -> Result<Arc<Book>, Stop> {
    match book_no {
        Some(book_no) => {
            let book = guards::book(work, book_no, "col1")?;
            guards::bonded(&book)?;
            Ok(book)
        }
        None => Err(Refusal::new(Reason::BookUnknown).field("col1", "").into()),
    }
}

fn item_on_bill(work: &Work<'_>, book: &Book, line: &PassLine) -> Result<u64, Stop> {
    let part = line.part_no.as_ref().map_or("", |part| part.as_str());
    let not_filed = || {
        Stop::from(
            Refusal::new(Reason::ItemNotFiled).line(line.line).field("gdsMtno", part).document(&book.book_no),
        )
    };
    let part_no = line.part_no.as_ref().ok_or_else(not_filed)?;
    let (number, item) = books::item_of_part(work, book, part_no)?.ok_or_else(not_filed)?;
    if line.unit.as_ref() != Some(&item.units.declared) {
        return Err(Refusal::new(Reason::UnitMismatch)
            .line(line.line)
            .field("dclUnitcd", line.unit.as_ref().map_or("", |unit| unit.as_str()))
            .expected(&item.units.declared)
            .into());
    }
    guards::positive(line.line, "dclQty", Unit::Declared, line.declared)?;
    Ok(number)
}

/// 8.3: reports that came before their pass, or while customs stopped it, take effect now.
pub(crate) fn apply_held_reports(work: &mut Work<'_>, pass_no: &PassNo) -> Result<(), Stop> {
    let Some(held) = work.get::<Held>(pass_no.clone())? else { return Ok(()) };
    work.remove::<Held>(pass_no.clone());
    held.0.iter().try_for_each(|report| pass_through(work, report))
}

/// `SAS223`
pub(crate) fn report(work: &mut Work<'_>, report: &PassageReport) -> Result<(), Stop> {
    let known = work.get::<Passes>(report.pass_no.clone())?.is_some();
    let number = (&report.pass_no).into();
    if known && holds::stopped(work.state(), HeldKind::Pass, number, hold::Step::Passage)?.is_none() {
        return pass_through(work, report);
    }
    let mut held = work.get::<Held>(report.pass_no.clone())?.unwrap_or_default();
    guards::at_most("SAS223", held.0.len(), LINKED_MAX)?;
    Arc::make_mut(&mut held).0.push(report.clone());
    work.put::<Held>(report.pass_no.clone(), held);
    work.state = Some(DocumentState::Held);
    Ok(())
}

fn pass_through(work: &mut Work<'_>, report: &PassageReport) -> Result<(), Stop> {
    let Some(pass) = work.get::<Passes>(report.pass_no.clone())? else {
        return Err(Stop::Broken(format!("pass {} vanished", report.pass_no)));
    };
    let mut pass = (*pass).clone();
    if pass.state != DocumentState::Passed {
        pass.collected = report.collected.or(pass.collected);
    }
    match report.stage {
        _ if pass.state == DocumentState::Passed => {}
        _ if pass.state == DocumentState::Cancelled => {
            return Err(passes::not_open(&pass, "a pass that is not void").document(&report.pass_no).into());
        }
        PassageStage::Other => {}
        PassageStage::GateOne => {
            pass.state = DocumentState::GateOne;
            work.names(report.pass_no.as_str(), pass.state);
        }
        PassageStage::Passed => {
            pass.state = DocumentState::Passed;
            pass.passed_at = report.passed_at;
            pass.passed_time = Some(work.now());
            let of_vehicle = (pass.vehicle_no.clone(), report.pass_no.clone());
            work.remove_if_there::<VehiclePasses>(of_vehicle)?;
            work.names(report.pass_no.as_str(), pass.state);
            match pass.linked_type {
                LinkedType::Bill => enter_suspense(work, report, &pass)?,
                LinkedType::List | LinkedType::Slip => gate_linked(work, report, &pass)?,
            }
        }
    }
    work.state = Some(pass.state);
    work.put::<Passes>(report.pass_no.clone(), Arc::new(pass));
    Ok(())
}

/// 8.4: what was reserved on the pass is through the gate.
fn gate_linked(work: &mut Work<'_>, report: &PassageReport, pass: &Pass) -> Result<(), Stop> {
    for number in &pass.linked {
        let linked = linked::find(work, pass.linked_type, number)?;
        let mut progress = linked::progress(work, pass.linked_type, number, &linked)?;
        let mut gated = Quantity::ZERO;
        for share in shares(pass, &linked.lines) {
            let mut lines = linked.lines.iter().zip(Arc::make_mut(&mut progress));
            let Some((_, progress)) = lines.find(|(line, _)| line.number == share.line) else {
                return Err(Stop::Broken(format!(
                    "line {} of {number} was reserved and is not there",
                    share.line
                )));
            };
            progress.gated = progress.gated.checked_add(share.quantity).ok_or_else(Stop::overflow)?;
            gated = gated.checked_add(share.quantity).ok_or_else(Stop::overflow)?;
        }
        work.put::<Progress>((pass.linked_type, number.clone()), progress);
        linked.pass_through(work, gated, report.passed_at)?;
    }
    Ok(())
}

/// 8.6: the declared quantity enters suspense, without statutory quantities.
fn enter_suspense(work: &mut Work<'_>, report: &PassageReport, pass: &Pass) -> Result<(), Stop> {
    let book = bill_book(work, pass.book_no.as_ref())?;
    let bill_no = bill_no(&pass.linked)?;
    let mover = Mover::from(&report.pass_no);
    work.remove::<OpenPapers>((book.book_no.clone(), Paper::Pass, mover.number.clone()));
    for (line, number) in pass.lines.iter().zip(&pass.items) {
        let to = PositionKey {
            book_no: book.book_no.clone(),
            mark: Mark::Goods,
            number: *number,
            lot: None,
            serial: None,
            place: Place::SuspenseIn,
        };
        let measure = Measure::new(line.declared, Quantity::ZERO, Quantity::ZERO, Quantity::ZERO);
        let cause = Cause { mover: &mover, line: line.line };
        work.transfer(cause, Action::PostAtOnce, &to.at(Place::Outside), &to, &measure)?;
        bills::enter(work, &book, &bill_no, *number, line.declared)?;
    }
    work.steps.push(Step {
        action: Action::PostAtOnce,
        document: mover.number,
        version: 0,
        row: Some(MatrixRow::SuspenseEntry),
    });
    Ok(())
}
