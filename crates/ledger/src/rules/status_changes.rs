//! Changes of status: goods become bonded, or cease to be, in one step of two books (`domain.md` 3.4 row 29).

use super::goods::{self, Goods, Transfer, along, carry_lots};
use super::layers::{self, Wishes};
use super::work::{Stop, Work};
use super::{guards, lines, registrations, stock};
use crate::book::{Act, Book, BookingMode, Usage};
use crate::code::LotNo;
use crate::direction::{Direction, Mark, Stops};
use crate::document::{StatusChangeFiling, StatusChangeLine};
use crate::event::{Action, Step};
use crate::item::{Item, ItemKey};
use crate::matrix::MatrixRow;
use crate::movement::DocumentState;
use crate::mover::Mover;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Books, Declarations, Items, StatusChanges};
use crate::status::StatusChange;
use std::sync::Arc;

/// Both sides or neither, at one revision.
pub(crate) fn file(work: &mut Work<'_>, filing: &StatusChangeFiling) -> Result<(), Stop> {
    let plain: Vec<_> = filing.lines.iter().map(|line| line.goods.clone()).collect();
    registrations::lines_are_sound(&plain)?;
    if work.get::<StatusChanges>(filing.status_change_no.clone())?.is_some() {
        let number = &filing.status_change_no;
        return Err(Refusal::new(Reason::DocumentExists).field("status_change_no", number).into());
    }
    let from = guards::book_for(work, &filing.from_book, "from_book", Act::StatusChange)?;
    let mut to = (*guards::book_for(work, &filing.to_book, "to_book", Act::StatusChange)?).clone();
    for (book, direction) in [(&*from, Direction::Out), (&to, Direction::In)] {
        guards::owned_by(book, &filing.owner, "owner")?;
        guards::book_in_validity(work, book, filing.declared_at, "declared_at")?;
        guards::book_not_stopped(book, direction)?;
    }
    go_together(&from, &to)?;
    released(work, filing)?;
    let source = goods::rule(MatrixRow::StatusLeft)?.lot_source();
    layers::may_name(&from, &filing.lots, source, filing.lines.iter().map(|line| line.goods.line))?;
    let (mut left, mut entered) = (Vec::new(), Vec::new());
    let mut kept = filing.clone();
    for line in &mut kept.lines {
        let leaves = registrations::check(work, &from, &line.goods, line.goods.number, Direction::Out)?;
        without_serial(&leaves, &from, line)?;
        move_along(&from, MatrixRow::StatusLeft, line.goods.number, &leaves, line, &mut left)?;
        let enters = entered_item(work, &mut to, filing, line)?;
        move_along(&to, MatrixRow::StatusEntered, line.to_number, &enters, line, &mut entered)?;
    }
    stock::test(work, &left)?;
    let mover = Mover::from(&filing.status_change_no);
    for (row, transfers) in [(MatrixRow::StatusLeft, left), (MatrixRow::StatusEntered, entered)] {
        let wishes = Wishes { named: Some(&filing.lots), ..Wishes::default() };
        carry_lots(work, Action::PostAtOnce, &mover, &transfers, wishes)?;
        let document = mover.number.clone();
        work.steps.push(Step { action: Action::PostAtOnce, document, version: 0, row: Some(row) });
    }
    if to.booking_mode == BookingMode::RowPerReceipt {
        work.put::<Books>(to.book_no.clone(), Arc::new(to));
    }
    let change = StatusChange { filed: kept, posted_time: work.now() };
    work.put::<StatusChanges>(filing.status_change_no.clone(), Arc::new(change));
    work.state = Some(DocumentState::Posted);
    Ok(())
}

fn mismatch(field: &str, value: impl std::fmt::Display, expected: impl std::fmt::Display) -> Refusal {
    Refusal::new(Reason::StatusChangeMismatch).field(field, value).expected(expected)
}

/// Of one zone, and one of them of goods that are not bonded.
fn go_together(from: &Book, to: &Book) -> Result<(), Stop> {
    if from.office != to.office {
        return Err(mismatch("to_book", &to.office, format!("a book of zone {}", from.office))
            .document(&to.book_no)
            .into());
    }
    if from.usage.is_bonded() == to.usage.is_bonded() {
        let expected = if from.usage.is_bonded() {
            format!("a book of usage {}", Usage::NonBonded)
        } else {
            "a book of bonded goods".to_owned()
        };
        return Err(mismatch("to_book", to.usage, expected).document(&to.book_no).into());
    }
    Ok(())
}

/// The declaration is released: status changes by declared documents only.
fn released(work: &Work<'_>, filing: &StatusChangeFiling) -> Result<(), Stop> {
    let declaration = work.get::<Declarations>(filing.declaration_no.clone())?;
    if declaration.is_some_and(|declaration| declaration.release_time.is_some()) {
        return Ok(());
    }
    Err(Refusal::new(Reason::DeclarationNotReleased)
        .field("declaration_no", &filing.declaration_no)
        .expected("a declaration that customs released")
        .document(&filing.declaration_no)
        .into())
}

/// Units that are known by their serial numbers come and go by list, which names them.
fn without_serial(item: &Item, book: &Book, line: &StatusChangeLine) -> Result<(), Stop> {
    if book.usage != Usage::Lease && !item.tracked_by_serial {
        return Ok(());
    }
    Err(mismatch("number", line.goods.number, "goods that are not tracked by serial number")
        .line(line.goods.line)
        .document(&book.book_no)
        .into())
}

/// The item that goods enter: a filed one of the same code and units, or in a book kept by receipt a new row.
fn entered_item(
    work: &mut Work<'_>,
    to: &mut Book,
    filing: &StatusChangeFiling,
    line: &mut StatusChangeLine,
) -> Result<Arc<Item>, Stop> {
    if to.booking_mode == BookingMode::Accumulating || to.usage == Usage::Lease {
        let item = registrations::check(work, to, &line.goods, line.to_number, Direction::In)?;
        without_serial(&item, to, line)?;
        return Ok(item);
    }
    let number = lines::next_row(to, line.goods.line)?;
    let lot = LotNo::of_status_change(&filing.status_change_no, line.goods.line)
        .map_err(|error| Refusal::new(Reason::InvalidField).field("status_change_no", error))?;
    let item = Arc::new(Item {
        part_no: line.goods.part_no.clone(),
        tariff_code: line.goods.tariff_code.clone(),
        name: line.goods.name.clone(),
        units: line.goods.units.clone(),
        lot: Some(lot),
        serial: None,
        tracked_by_serial: false,
        residue: None,
        stops: Stops::default(),
    });
    to.last_item = number;
    line.to_number = number;
    let key = ItemKey { book_no: to.book_no.clone(), mark: Mark::Goods, number };
    work.put::<Items>(key, Arc::clone(&item));
    Ok(item)
}

fn move_along(
    book: &Book,
    row: MatrixRow,
    number: u64,
    item: &Item,
    line: &StatusChangeLine,
    transfers: &mut Vec<Transfer>,
) -> Result<(), Stop> {
    let goods = Goods {
        line: line.goods.line,
        mark: Mark::Goods,
        number,
        lot: item.lot.as_ref(),
        serial: item.serial.as_ref(),
        measure: registrations::measure(&line.goods),
    };
    along(book, goods::rule(row)?.legs, &goods, transfers);
    Ok(())
}
