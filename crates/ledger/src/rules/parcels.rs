//! Parcels: reserved when they are listed, gathered into an undeclared list, delivered with it (`RULES.md` 12).

use super::goods::{self, Goods, Transfer, along_all, carry_lots};
use super::guards::{self, Quantities};
use super::layers::{self, Wishes};
use super::sums::{self, Sums};
use super::work::{Stop, Work};
use super::{buyers, holds, parameters, sales, stock};
use crate::book::{Act, Book, Usage};
use crate::code::ParcelNo;
use crate::direction::{Direction, Mark};
use crate::document::{self, CitedParcel, List, ParcelFiling, ParcelLine};
use crate::event::{Action, Step};
use crate::hold::{self, HeldKind};
use crate::item::ItemKey;
use crate::layer::{LotSource, NamedLot};
use crate::limits::{CITED_PARCEL_LINES_MAX, PARCEL_LINES_MAX, PARCELS_MAX};
use crate::matrix::{MatrixRow, Rule};
use crate::measure::Measure;
use crate::movement::{DocumentState, Gathered, Movement, MovementLine};
use crate::mover::Mover;
use crate::parameter::Parameter;
use crate::parcel::{Parcel, ParcelGoods, Returned};
use crate::place::Place;
use crate::quantity::Quantity;
use crate::query;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Books, GatheredBy, Parcels};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `CEB621`
pub(crate) fn file(work: &mut Work<'_>, filing: &ParcelFiling) -> Result<(), Stop> {
    match filing {
        ParcelFiling::File(parcels) => reserve_all(work, &parcels.iter().collect::<Vec<_>>()),
        ParcelFiling::FileCited(cited) => {
            let lines = cited.iter().map(|cited| cited.parcel.lines.len()).sum();
            guards::at_most("InventoryList", lines, CITED_PARCEL_LINES_MAX)?;
            reserve_all(work, &cited.iter().map(|cited| &cited.parcel).collect::<Vec<_>>())?;
            for CitedParcel { parcel, sale } in cited {
                if let Some(citation) = sale {
                    sales::cite(work, &parcel.parcel_no, citation);
                }
            }
            Ok(())
        }
        ParcelFiling::Cancel(numbers) => cancel_all(work, numbers),
    }
}

/// 12.1: all parcels of a message or none.
fn reserve_all(work: &mut Work<'_>, parcels: &[&document::Parcel]) -> Result<(), Stop> {
    guards::at_most("Inventory", parcels.len(), PARCELS_MAX)?;
    guards::at_most(
        "InventoryList",
        parcels.iter().map(|parcel| parcel.lines.len()).sum(),
        PARCEL_LINES_MAX,
    )?;
    let mut admitted = Vec::with_capacity(parcels.len());
    for (at, parcel) in parcels.iter().copied().enumerate() {
        let named_before = parcels.iter().take(at).any(|other| other.parcel_no == parcel.parcel_no);
        if named_before || work.get::<Parcels>(parcel.parcel_no.clone())?.is_some() {
            return Err(Refusal::new(Reason::DocumentExists).field("invtNo", &parcel.parcel_no).into());
        }
        admitted.push((parcel, admit(work, parcel)?));
    }
    let rule = goods::rule(MatrixRow::ParcelOut)?;
    let all: Vec<Vec<Transfer>> =
        admitted.iter().map(|(_, (book, lines))| transfers(book, rule, lines)).collect();
    stock::test(work, all.iter().flatten())?;
    for ((parcel, (book, lines)), transfers) in admitted.into_iter().zip(&all) {
        let (number, buyer) = (&parcel.parcel_no, parcel.buyer);
        move_goods(work, Action::Reserve, number, transfers, Some(&parcel.lots))?;
        let parcel = Parcel {
            book_no: book.book_no.clone(),
            buyer,
            state: DocumentState::Reserved,
            list_no: None,
            lines,
            reserved_time: work.now(),
            ended_time: None,
            restored: Quantity::ZERO,
        };
        keep(work, number, parcel);
    }
    work.state = Some(DocumentState::Reserved);
    Ok(())
}

/// All checks of one parcel.
fn admit(work: &mut Work<'_>, parcel: &document::Parcel) -> Result<(Arc<Book>, Vec<ParcelGoods>), Stop> {
    let unknown = |expected: &str| {
        let refusal = Refusal::new(Reason::BookUnknown).field("emsNo", &parcel.book_no).expected(expected);
        Err(refusal.document(&parcel.parcel_no).into())
    };
    match work.get::<Books>(parcel.book_no.clone())? {
        None => return unknown("a filed book"),
        Some(book) if book.usage != Usage::ECommerce => return unknown("a book of usage CBEC"),
        Some(_) => {}
    }
    let book = guards::book_for(work, &parcel.book_no, "emsNo", Act::Parcel)?;
    guards::book_not_stopped(&book, Direction::Out)?;
    let total = parcel
        .lines
        .iter()
        .try_fold(Quantity::ZERO, |sum, line| sum.checked_add(line.price))
        .ok_or_else(Stop::overflow)?;
    let total_max = parameters::today(work, Parameter::ParcelValueMax)?;
    if total > total_max {
        return Err(Refusal::new(Reason::ParcelLimitExceeded)
            .field("totalPrice", total)
            .expected(format!("at most {total_max}"))
            .document(&parcel.parcel_no)
            .into());
    }
    if let Some(buyer) = parcel.buyer {
        buyers::spend(work, buyer, &parcel.parcel_no, total)?;
    }
    let lines = parcel.lines.iter().map(|line| check(work, &book, line)).collect::<Result<Vec<_>, Stop>>()?;
    layers::may_name(&book, &parcel.lots, LotSource::Stock, parcel.lines.iter().map(|line| line.line))?;
    Ok((book, lines))
}

fn check(work: &Work<'_>, book: &Book, line: &ParcelLine) -> Result<ParcelGoods, Stop> {
    let key = ItemKey { book_no: book.book_no.clone(), mark: Mark::Goods, number: line.number };
    let item = guards::item(work, key, line.line, "itemRecordNo")?;
    guards::same_tariff_code(line.line, &line.tariff_code, &item)?;
    guards::same_units(line.line, &line.units, &item.units)?;
    guards::item_not_stopped(&item, Direction::Out, line.line, line.number, book)?;
    let quantities = Quantities {
        line: line.line,
        units: &item.units,
        declared: line.declared,
        statutory1: line.statutory1,
        statutory2: line.statutory2,
    };
    quantities.positive()?;
    quantities.agree_with_units()?;
    Ok(ParcelGoods {
        filed: line.clone(),
        lot: item.lot.clone(),
        serial: item.serial.clone(),
        returned: Returned::default(),
    })
}

fn goods(line: &ParcelGoods) -> Goods<'_> {
    let filed = &line.filed;
    let second = filed.statutory2.unwrap_or_default();
    Goods {
        line: filed.line,
        mark: Mark::Goods,
        number: filed.number,
        lot: line.lot.as_ref(),
        serial: line.serial.as_ref(),
        measure: Measure::new(filed.declared, filed.statutory1, second, Quantity::ZERO),
    }
}

fn transfers(book: &Book, rule: &Rule, lines: &[ParcelGoods]) -> Vec<Transfer> {
    along_all(book, rule.legs, lines.iter().map(goods))
}

fn move_goods(
    work: &mut Work<'_>,
    action: Action,
    number: &ParcelNo,
    transfers: &[Transfer],
    named: Option<&[NamedLot]>,
) -> Result<(), Stop> {
    let mover = Mover::from(number);
    carry_lots(work, action, &mover, transfers, Wishes { named, ..Wishes::default() })?;
    work.steps.push(Step { action, document: mover.number, version: 0, row: Some(MatrixRow::ParcelOut) });
    Ok(())
}

fn keep(work: &mut Work<'_>, number: &ParcelNo, parcel: Parcel) {
    work.names(number.as_str(), parcel.state);
    work.put::<Parcels>(number.clone(), Arc::new(parcel));
}

/// 12.2: all parcels of a message or none.
fn cancel_all(work: &mut Work<'_>, numbers: &[ParcelNo]) -> Result<(), Stop> {
    guards::at_most("Inventory", numbers.len(), PARCELS_MAX)?;
    for (at, number) in numbers.iter().enumerate() {
        let Some(parcel) = work.get::<Parcels>(number.clone())? else {
            return Err(Refusal::new(Reason::DocumentUnknown)
                .field("invtNo", number)
                .document(number)
                .into());
        };
        open(number, &parcel, numbers.iter().take(at).any(|other| other == number))?;
        holds::may(work, HeldKind::Parcel, number, hold::Step::Amend)?;
    }
    for number in numbers {
        end(work, number, Action::Cancel, DocumentState::Cancelled)?;
        forget(work, number)?;
        sales::forget(work, number)?;
    }
    work.state = Some(DocumentState::Cancelled);
    Ok(())
}

/// A cancelled parcel counts no longer in the buyer's year.
fn forget(work: &mut Work<'_>, number: &ParcelNo) -> Result<(), Stop> {
    let Some(parcel) = work.get::<Parcels>(number.clone())? else {
        return Err(Stop::Broken(format!("parcel {number} vanished")));
    };
    let Some(buyer) = parcel.buyer else { return Ok(()) };
    buyers::restore(work, buyer, parcel.reserved_time, parcel.worth().ok_or_else(Stop::overflow)?)
}

/// `PARCEL_NOT_OPEN`: reserved, and named once.
fn open(number: &ParcelNo, parcel: &Parcel, named_before: bool) -> Result<(), Stop> {
    if parcel.state == DocumentState::Reserved && !named_before {
        return Ok(());
    }
    let found = if named_before { "named twice" } else { parcel.state.code() };
    Err(Refusal::new(Reason::ParcelNotOpen)
        .field("invtNo", found)
        .expected("a parcel that is RESERVED, named once")
        .document(number)
        .into())
}

/// Cancels or posts what a parcel reserved.
fn end(work: &mut Work<'_>, number: &ParcelNo, action: Action, state: DocumentState) -> Result<(), Stop> {
    let Some(parcel) = work.get::<Parcels>(number.clone())? else {
        return Err(Stop::Broken(format!("parcel {number} vanished")));
    };
    let book = guards::book(work, &parcel.book_no, "emsNo")?;
    let transfers = transfers(&book, goods::rule(MatrixRow::ParcelOut)?, &parcel.lines);
    move_goods(work, action, number, &transfers, None)?;
    keep(work, number, Parcel { state, ended_time: Some(work.now()), ..(*parcel).clone() });
    Ok(())
}

/// 12.3: a list of kind 8 gathers parcels, exactly.
pub(crate) fn gather(
    work: &mut Work<'_>,
    book: &Book,
    list: &List,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    guards::at_most("BondInvtAcmpFormDt", list.parcels.len(), PARCELS_MAX)?;
    let mut gathered = Sums::default();
    let mut count = 0_usize;
    for (at, number) in list.parcels.iter().enumerate() {
        let parcel = work.get::<Parcels>(number.clone())?.filter(|parcel| parcel.book_no == book.book_no);
        let Some(parcel) = parcel else {
            return Err(Refusal::new(Reason::ParcelNotOpen)
                .field("formNo", number)
                .expected(format!("a parcel of book {}", book.book_no))
                .document(number)
                .into());
        };
        open(number, &parcel, list.parcels.iter().take(at).any(|other| other == number))?;
        holds::may(work, HeldKind::Parcel, number, hold::Step::Gather)?;
        count = count.saturating_add(parcel.lines.len());
        guards::at_most("InventoryList", count, PARCEL_LINES_MAX)?;
        for line in &parcel.lines {
            let goods = goods(line);
            sums::add(&mut gathered, goods.position(book, Place::Zone), &goods.measure)?;
        }
        let listed = DocumentState::Listed;
        keep(
            work,
            number,
            Parcel { state: listed, list_no: Some(list.list_no.clone()), ..(*parcel).clone() },
        );
    }
    sums::agree(book, list, lines, Place::Zone, gathered, Reason::ParcelSumMismatch)?;
    let gathered = Gathered { parcels: list.parcels.clone(), ..Gathered::default() };
    work.put::<GatheredBy>(list.list_no.clone(), Arc::new(gathered));
    Ok(())
}

/// The transfers that the parcels of a list made.
pub(crate) fn transfers_of(
    work: &Work<'_>,
    movement: &Movement,
    book: &Book,
) -> Result<Vec<(Mover, Vec<Transfer>)>, Stop> {
    let rule = goods::rule(MatrixRow::ParcelOut)?;
    let mut all = Vec::new();
    for number in &gathered_by(work, movement)?.parcels {
        let parcel = work.get::<Parcels>(number.clone())?;
        let parcel = parcel.ok_or_else(|| Stop::Broken(format!("parcel {number} vanished")))?;
        all.push((Mover::from(number), transfers(book, rule, &parcel.lines)));
    }
    Ok(all)
}

/// The lots that the parcels of a list took, as their lines would name them.
pub(crate) fn lots_of(work: &Work<'_>, movement: &Movement) -> Result<Vec<(ParcelNo, Vec<NamedLot>)>, Stop> {
    let mut all = Vec::new();
    for number in &gathered_by(work, movement)?.parcels {
        let taken = query::lots_of_mover(work.state(), &Mover::from(number))?;
        let name = |taken: query::TakenLot| NamedLot {
            line: taken.key.line,
            material: None,
            lot: taken.share.layer.lot,
        };
        all.push((number.clone(), taken.into_iter().map(name).collect()));
    }
    Ok(all)
}

/// `PARCEL_NOT_OPEN`: nothing became of the parcels of a posted list since.
pub(crate) fn all_delivered(work: &Work<'_>, movement: &Movement) -> Result<(), Stop> {
    for number in &gathered_by(work, movement)?.parcels {
        let parcel = work.get::<Parcels>(number.clone())?;
        let found = match &parcel {
            None => "none",
            Some(parcel) if parcel.lines.iter().any(|line| line.returned.declared.is_positive()) => {
                "returned"
            }
            Some(parcel) => parcel.state.code(),
        };
        if found != DocumentState::Delivered.code() {
            return Err(Refusal::new(Reason::ParcelNotOpen)
                .field("invtNo", found)
                .expected("a parcel that is DELIVERED, and nothing of it returned")
                .document(number)
                .into());
        }
    }
    Ok(())
}

/// Parcels of a list that a correction undid: their goods are back, and reserved again.
pub(crate) fn reserve_again(
    work: &mut Work<'_>,
    movement: &Movement,
    lots: &BTreeMap<ParcelNo, Vec<NamedLot>>,
) -> Result<(), Stop> {
    let rule = goods::rule(MatrixRow::ParcelOut)?;
    for number in &gathered_by(work, movement)?.parcels {
        let Some(parcel) = work.get::<Parcels>(number.clone())? else {
            return Err(Stop::Broken(format!("parcel {number} vanished")));
        };
        let book = guards::book(work, &parcel.book_no, "emsNo")?;
        // A book that kept no lots then has none named now.
        let named = lots.get(number).filter(|named| !named.is_empty());
        move_goods(
            work,
            Action::Reserve,
            number,
            &transfers(&book, rule, &parcel.lines),
            named.map(Vec::as_slice),
        )?;
        let reserved = DocumentState::Reserved;
        keep(work, number, Parcel { state: reserved, list_no: None, ended_time: None, ..(*parcel).clone() });
    }
    Ok(())
}

fn gathered_by(work: &Work<'_>, movement: &Movement) -> Result<Arc<Gathered>, Stop> {
    Ok(work.get::<GatheredBy>(movement.list_no.clone())?.unwrap_or_default())
}

/// 12.3: the parcels of a list that is posted are gone.
pub(crate) fn deliver(work: &mut Work<'_>, movement: &Movement) -> Result<(), Stop> {
    for number in &gathered_by(work, movement)?.parcels {
        end(work, number, Action::Post, DocumentState::Delivered)?;
    }
    Ok(())
}

/// 5.8: the parcels of a withdrawn list are reserved again.
pub(crate) fn release(work: &mut Work<'_>, movement: &Movement) -> Result<(), Stop> {
    for number in &gathered_by(work, movement)?.parcels {
        let Some(parcel) = work.get::<Parcels>(number.clone())? else {
            return Err(Stop::Broken(format!("parcel {number} vanished")));
        };
        let reserved = DocumentState::Reserved;
        keep(work, number, Parcel { state: reserved, list_no: None, ..(*parcel).clone() });
    }
    Ok(())
}
