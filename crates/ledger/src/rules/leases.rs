//! Leases: the contract under which assets are out, its payments, and its end (`domain.md` 3.1, 3.4 rows 13 and 14).
//!
//! The goods move by lists of the leasing book; a contract moves nothing. It says by when each payment of rent is
//! declared and by when the lease is closed, and what each asset binds of the lessor's guarantee while it is out.

use super::work::{Stop, Work};
use super::{deadlines, guarantees, guards, lists, parameters};
use crate::book::{Act, Book, Usage};
use crate::calendar::days_after;
use crate::code::{BookNo, CustomsNo, DocumentNo, LeaseNo};
use crate::direction::Mark;
use crate::document::{LeaseAction, LeaseContract, LeaseFiling, List, Observation, Rent, RentedUnit};
use crate::item::{Item, ItemKey};
use crate::lease::{Closed, Lease, LeaseRent, RentDeclared};
use crate::limits::{LINES_MAX, OBSERVATIONS_MAX};
use crate::matrix::{Need, Rule};
use crate::measure::Unit;
use crate::movement::{DocumentState, Movement, MovementLine};
use crate::parameter::Parameter;
use crate::place::Place;
use crate::position::PositionKey;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{LeasedUnits, Leases};
use crate::time::Date;
use compact_str::CompactString;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A contract, or what happens under it.
pub(crate) fn file(work: &mut Work<'_>, filing: &LeaseFiling) -> Result<(), Stop> {
    let mut lease = match &filing.action {
        LeaseAction::Register(contract) => register(work, filing, contract)?,
        _ => change(work, filing)?,
    };
    if lease.state == DocumentState::Open {
        for unit in lease.units.clone() {
            secure_unit(work, &filing.lease_no, &mut lease, &unit)?;
        }
    }
    work.names(filing.lease_no.as_str(), lease.state);
    work.state = Some(lease.state);
    work.put::<Leases>(filing.lease_no.clone(), Arc::new(lease));
    Ok(())
}

fn register(work: &mut Work<'_>, filing: &LeaseFiling, contract: &LeaseContract) -> Result<Lease, Stop> {
    if filing.change_no != 0 {
        return Err(out_of_turn(filing.change_no, 0));
    }
    if work.get::<Leases>(filing.lease_no.clone())?.is_some() {
        return Err(Refusal::new(Reason::DocumentExists).field("lease_no", &filing.lease_no).into());
    }
    let book = lessor_book(work, &contract.book_no, &contract.owner)?;
    guards::book_in_validity(work, &book, contract.declared_at, "declared_at")?;
    if contract.end < contract.start {
        return Err(guards::invalid("end", contract.end, format!("not before {}", contract.start)));
    }
    take_units(work, &filing.lease_no, &book, &contract.units)?;
    can_be_secured(work, &contract.guarantee_no, &contract.owner, &contract.units)?;
    let rents = schedule(work, &[], &contract.rents, (contract.start, contract.end))?;
    Ok(Lease {
        state: DocumentState::Open,
        change_no: 0,
        book_no: contract.book_no.clone(),
        owner: contract.owner.clone(),
        units: contract.units.clone(),
        lessee: contract.lessee.clone(),
        start: contract.start,
        end: contract.end,
        rents,
        guarantee_no: contract.guarantee_no.clone(),
        secured: BTreeMap::new(),
        delegated_office: contract.delegated_office.clone(),
        never_enters: contract.never_enters,
        location: contract.location.clone(),
        observations: Vec::new(),
        close_by: last_day(work, Parameter::LeaseEndDays, contract.end)?,
        filed_time: work.now(),
        closed: None,
    })
}

fn change(work: &mut Work<'_>, filing: &LeaseFiling) -> Result<Lease, Stop> {
    let Some(lease) = work.get::<Leases>(filing.lease_no.clone())? else {
        return Err(Refusal::new(Reason::DocumentUnknown)
            .field("lease_no", &filing.lease_no)
            .document(&filing.lease_no)
            .into());
    };
    let mut lease = (*lease).clone();
    guards::book(work, &lease.book_no, "book_no")?;
    if lease.state != DocumentState::Open {
        return Err(Refusal::new(Reason::LeaseClosed).field("lease_no", &filing.lease_no).into());
    }
    let expected = lease.change_no.checked_add(1).ok_or_else(Stop::overflow)?;
    if filing.change_no != expected {
        return Err(out_of_turn(filing.change_no, expected));
    }
    lease.change_no = expected;
    match &filing.action {
        LeaseAction::Register(_) => {
            return Err(Stop::Broken("a registration is taken for a change".into()));
        }
        LeaseAction::DeclareRent { number, declaration_no, declared_on } => {
            let time = work.now();
            let declared =
                RentDeclared { declaration_no: declaration_no.clone(), declared_on: *declared_on, time };
            declare_rent(&mut lease, *number, declared)?;
        }
        LeaseAction::Extend { end, rents } => extend(work, &mut lease, *end, rents)?,
        LeaseAction::ChangeLessor { book_no, owner, units, guarantee_no } => {
            change_lessor(work, &filing.lease_no, &mut lease, (book_no, owner), (units, guarantee_no))?;
        }
        LeaseAction::Observe(observation) => observe(&mut lease, observation)?,
        LeaseAction::Close { closed_on } => close(work, &filing.lease_no, &mut lease, *closed_on)?,
    }
    Ok(lease)
}

fn out_of_turn(change_no: u64, expected: u64) -> Stop {
    Refusal::new(Reason::ChangeCountMismatch).field("change_no", change_no).expected(expected).into()
}

fn lessor_book(work: &mut Work<'_>, book_no: &BookNo, owner: &CustomsNo) -> Result<Arc<Book>, Stop> {
    let book = guards::book_for(work, book_no, "book_no", Act::Lease)?;
    if book.usage != Usage::Lease {
        return Err(Refusal::new(Reason::BookUnknown)
            .field("book_no", book_no)
            .expected("a book of usage LEASE")
            .into());
    }
    guards::owned_by(&book, owner, "owner")?;
    Ok(book)
}

/// The days in force, after a day; `None` if there are none.
fn last_day(work: &Work<'_>, parameter: Parameter, from: Date) -> Result<Option<Date>, Stop> {
    let days = deadlines::days(work, parameter, work.today())?;
    Ok((days > 0).then(|| days_after(from, days)))
}

/// The assets stand in the book, each with its serial number, and under no other lease.
fn take_units(
    work: &mut Work<'_>,
    lease_no: &LeaseNo,
    book: &Book,
    units: &[RentedUnit],
) -> Result<(), Stop> {
    guards::at_most("units", units.len(), LINES_MAX)?;
    if units.is_empty() {
        return Err(guards::invalid("units", "none", "one or more"));
    }
    guards::once_each("units.number", units.iter().map(|unit| unit.number))?;
    for unit in units {
        asset(work, &book.book_no, unit)?;
        let key = (book.book_no.clone(), unit.number);
        if let Some(other) = work.get::<LeasedUnits>(key.clone())? {
            return Err(Refusal::new(Reason::LeaseUnitTaken)
                .line(unit.number)
                .field("serial", &unit.serial)
                .expected("an asset under no other lease that is open")
                .document(other)
                .into());
        }
        work.put::<LeasedUnits>(key, lease_no.clone());
    }
    Ok(())
}

fn asset(work: &Work<'_>, book_no: &BookNo, unit: &RentedUnit) -> Result<Arc<Item>, Stop> {
    let key = ItemKey { book_no: book_no.clone(), mark: Mark::Goods, number: unit.number };
    let item = guards::item(work, key, unit.number, "units.number")?;
    if item.serial.as_ref() == Some(&unit.serial) {
        return Ok(item);
    }
    Err(Refusal::new(Reason::SerialNotInPlace)
        .line(unit.number)
        .field("units.serial", &unit.serial)
        .expected(item.serial.as_ref().map_or("a row with a serial number", |serial| serial.as_str()))
        .document(book_no)
        .into())
}

/// New payments of a schedule, with the days by which each is declared.
fn schedule(
    work: &Work<'_>,
    before: &[LeaseRent],
    rents: &[Rent],
    (start, end): (Date, Date),
) -> Result<Vec<LeaseRent>, Stop> {
    guards::at_most("rents", before.len().saturating_add(rents.len()), LINES_MAX)?;
    let numbers = before.iter().map(|rent| rent.filed.number);
    guards::once_each("rents.number", numbers.chain(rents.iter().map(|rent| rent.number)))?;
    let mut all = before.to_vec();
    for rent in rents {
        guards::positive(rent.number, "rents.amount", Unit::Value, rent.amount)?;
        let refuse = |field: &str, value: String, expected: String| -> Stop {
            Refusal::new(Reason::InvalidField).line(rent.number).field(field, value).expected(expected).into()
        };
        if rent.paid_on < start || rent.paid_on > end {
            return Err(refuse(
                "rents.paid_on",
                rent.paid_on.to_string(),
                format!("from {start} to {end}, the days of the lease"),
            ));
        }
        if rent.currency.chars().count() != 3 {
            return Err(refuse("rents.currency", rent.currency.to_string(), "three characters".into()));
        }
        let declare_by = last_day(work, Parameter::LeaseRentDays, rent.paid_on)?;
        all.push(LeaseRent { filed: rent.clone(), declare_by, declared: None });
    }
    all.sort_by_key(|rent| rent.filed.number);
    Ok(all)
}

/// A late declaration is taken, too: it shows beside the day by which it had to come.
fn declare_rent(lease: &mut Lease, number: u64, declared: RentDeclared) -> Result<(), Stop> {
    let numbers: Vec<String> = lease.rents.iter().map(|rent| rent.filed.number.to_string()).collect();
    let Some(rent) = lease.rents.iter_mut().find(|rent| rent.filed.number == number) else {
        return Err(guards::invalid(
            "number",
            number,
            format!("a payment of the contract: {}", numbers.join(" ")),
        ));
    };
    if let Some(first) = &rent.declared {
        return Err(Refusal::new(Reason::RentDeclared)
            .field("number", number)
            .document(&first.declaration_no)
            .into());
    }
    if declared.declared_on < rent.filed.paid_on {
        let expected = format!("not before {}, the day of payment", rent.filed.paid_on);
        return Err(guards::invalid("declared_on", declared.declared_on, expected));
    }
    rent.declared = Some(declared);
    Ok(())
}

fn extend(work: &Work<'_>, lease: &mut Lease, end: Date, rents: &[Rent]) -> Result<(), Stop> {
    if end <= lease.end {
        return Err(guards::invalid("end", end, format!("after {}", lease.end)));
    }
    lease.rents = schedule(work, &lease.rents, rents, (lease.start, end))?;
    lease.end = end;
    lease.close_by = last_day(work, Parameter::LeaseEndDays, end)?;
    Ok(())
}

fn change_lessor(
    work: &mut Work<'_>,
    lease_no: &LeaseNo,
    lease: &mut Lease,
    (book_no, owner): (&BookNo, &CustomsNo),
    (units, guarantee_no): (&[RentedUnit], &CompactString),
) -> Result<(), Stop> {
    let book = lessor_book(work, book_no, owner)?;
    if *book_no == lease.book_no {
        return Err(guards::invalid("book_no", book_no, "the book of another lessor"));
    }
    let serials =
        |units: &[RentedUnit]| units.iter().map(|unit| unit.serial.clone()).collect::<BTreeSet<_>>();
    let (old, new) = (serials(&lease.units), serials(units));
    if old != new || units.len() != lease.units.len() {
        let named =
            |serials: &BTreeSet<_>| serials.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        return Err(guards::invalid("units.serial", named(&new), named(&old)));
    }
    // Otherwise nothing would secure it (`domain.md` 3.4 row 14).
    let handed_over =
        "an asset that lists of kind 6, mode 1500 or 1523, have taken to the book of the new lessor";
    for unit in &lease.units {
        is_back(work, lease, unit, handed_over, &lease.book_no)?;
    }
    free_units(work, lease);
    take_units(work, lease_no, &book, units)?;
    can_be_secured(work, guarantee_no, owner, units)?;
    // What the old lessor secured is his again; the new one secures what is out of his book.
    for drawn in std::mem::take(&mut lease.secured).into_values() {
        guarantees::give_back(work, &lease.guarantee_no, drawn, &DocumentNo::from(lease_no))?;
    }
    lease.guarantee_no = guarantee_no.clone();
    lease.book_no = book_no.clone();
    lease.owner = owner.clone();
    lease.units = units.to_vec();
    Ok(())
}

/// `LEASE_NOT_SETTLED`: an asset is neither out of the book of its lease nor about to go out.
fn is_back(
    work: &mut Work<'_>,
    lease: &Lease,
    unit: &RentedUnit,
    expected: &str,
    document: &dyn std::fmt::Display,
) -> Result<(), Stop> {
    let (out, on_hand) = outside(work, lease, unit)?;
    if !out {
        return Ok(());
    }
    Err(Refusal::new(Reason::LeaseNotSettled)
        .line(unit.number)
        .field("units.serial", &unit.serial)
        .expected(expected)
        .document(document)
        .short(Some(Place::LeasedOut), Unit::Declared, Quantity::ZERO, on_hand)
        .into())
}

fn free_units(work: &mut Work<'_>, lease: &Lease) {
    for unit in &lease.units {
        work.remove::<LeasedUnits>((lease.book_no.clone(), unit.number));
    }
}

fn observe(lease: &mut Lease, observation: &Observation) -> Result<(), Stop> {
    guards::at_most("observations", lease.observations.len().saturating_add(1), OBSERVATIONS_MAX)?;
    if lease.delegated_office.as_ref() != Some(&observation.office) {
        let expected = lease
            .delegated_office
            .as_ref()
            .map_or("no office: the lease delegates none", |office| office.as_str());
        return Err(guards::invalid("office", &observation.office, expected));
    }
    lease.location = observation.location.clone();
    lease.observations.push(observation.clone());
    Ok(())
}

/// Only when all rent is declared and no asset is out, or about to go out.
fn close(work: &mut Work<'_>, lease_no: &LeaseNo, lease: &mut Lease, closed_on: Date) -> Result<(), Stop> {
    if closed_on < lease.start {
        return Err(guards::invalid("closed_on", closed_on, format!("not before {}", lease.start)));
    }
    rent_declared(lease_no, lease, closed_on)?;
    for unit in &lease.units {
        asset(work, &lease.book_no, unit)?;
        is_back(work, lease, unit, "every asset is back or bought out", lease_no)?;
    }
    free_units(work, lease);
    lease.state = DocumentState::Closed;
    lease.closed = Some(Closed { closed_on, time: work.now() });
    Ok(())
}

/// `LEASE_NOT_SETTLED`: all rent that is paid by a day is declared.
fn rent_declared(lease_no: &LeaseNo, lease: &Lease, by: Date) -> Result<(), Stop> {
    let open = lease.rents.iter().find(|rent| rent.declared.is_none() && rent.filed.paid_on <= by);
    match open {
        None => Ok(()),
        Some(rent) => Err(Refusal::new(Reason::LeaseNotSettled)
            .line(rent.filed.number)
            .field("rents.paid_on", rent.filed.paid_on)
            .expected("all rent that was paid is declared")
            .document(lease_no)
            .into()),
    }
}

/// The open lease of an asset; none where it is under none.
fn lease_of(work: &Work<'_>, book_no: &BookNo, number: u64) -> Result<Option<(LeaseNo, Arc<Lease>)>, Stop> {
    let Some(lease_no) = work.get::<LeasedUnits>((book_no.clone(), number))? else { return Ok(None) };
    Ok(work.get::<Leases>(lease_no.clone())?.map(|lease| (lease_no, lease)))
}

/// What the row of a list asks of the contracts of its assets (`domain.md` 3.4 rows 13 and 14), where customs asks for
/// that: `RULES.md` 11 knows no contract.
///
/// `DOCUMENT_UNKNOWN`: an asset goes out under an open lease. It is found by the asset, which is under one at a time.
/// `LEASE_NOT_SETTLED`: it comes back or is bought out when the rent paid until then is declared.
pub(crate) fn keeps_contract(
    work: &Work<'_>,
    book: &Book,
    list: &List,
    rule: &Rule,
    lines: &[MovementLine],
) -> Result<(), Stop> {
    let asks = |need, parameter| -> Result<bool, Stop> {
        Ok(rule.needs(need) && !parameters::today(work, parameter)?.is_zero())
    };
    let contract = asks(Need::LeaseContract, Parameter::LeaseContractRequired)?;
    let settled = asks(Need::RentDeclared, Parameter::LeaseRentSettled)?;
    if !contract && !settled {
        return Ok(());
    }
    for line in lines {
        let lease = lease_of(work, &book.book_no, line.filed.number)?;
        match lease {
            Some((lease_no, lease)) if settled => {
                for day in std::iter::once(list.declared_at.date()).chain(work.live_date()) {
                    rent_declared(&lease_no, &lease, day)?;
                }
            }
            None if contract => {
                let serial = line.serial.as_ref().map_or("", |serial| serial.as_str());
                return Err(Refusal::new(Reason::DocumentUnknown)
                    .line(line.filed.line)
                    .field("param2", serial)
                    .expected("an asset under an open lease contract")
                    .document(&book.book_no)
                    .into());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether an asset is out or about to go out, and how much of it is out already.
fn outside(work: &mut Work<'_>, lease: &Lease, unit: &RentedUnit) -> Result<(bool, Quantity), Stop> {
    let key = ItemKey { book_no: lease.book_no.clone(), mark: Mark::Goods, number: unit.number };
    let item = guards::item(work, key, unit.number, "units.number")?;
    let place = PositionKey {
        book_no: lease.book_no.clone(),
        mark: Mark::Goods,
        number: unit.number,
        lot: item.lot.clone(),
        serial: Some(unit.serial.clone()),
        place: Place::LeasedOut,
    };
    let counters = work.counters(&place)?;
    let on_hand = counters.on_hand().ok_or_else(Stop::overflow)?.declared();
    let announced = counters.increase_pending.declared();
    Ok((!on_hand.is_zero() || !announced.is_zero(), on_hand))
}

/// Whether all assets of a list to a lessee or back are under leases of what never enters the zone, such as aircraft and
/// ships: no gate sees them, another office does (`domain.md` 3.1, delegated supervision).
pub(crate) fn never_enter(work: &Work<'_>, movement: &Movement) -> Result<bool, Stop> {
    if !lists::rule_of(movement)?.touches(Place::LeasedOut) {
        return Ok(false);
    }
    for line in lists::content(work, movement)?.iter() {
        let lease = lease_of(work, &movement.book_no, line.filed.number)?;
        if !lease.is_some_and(|(_, lease)| lease.never_enters) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What assets are to bind is an amount, of an account that there is.
fn can_be_secured(
    work: &Work<'_>,
    guarantee_no: &str,
    owner: &CustomsNo,
    units: &[RentedUnit],
) -> Result<(), Stop> {
    for unit in units {
        guards::not_negative(unit.number, "units.guarantee_amount", unit.guarantee_amount)?;
    }
    if units.iter().all(|unit| unit.guarantee_amount.is_zero()) {
        return Ok(());
    }
    guarantees::account_of(work, guarantee_no, owner)
}

/// Assets whose place has changed draw on the guarantees of their leases, or set them free (`domain.md` 3.4 row 13).
///
/// It looks at where assets are when a command is done, not at documents: a list that takes an asset out binds its
/// duty, what brings it back or ends in its sale sets it free, and so does whatever takes the one or the other back.
pub(crate) fn secure(work: &mut Work<'_>) -> Result<(), Stop> {
    for place in work.changed_in(Place::LeasedOut) {
        let Some(lease_no) = work.get::<LeasedUnits>((place.book_no.clone(), place.number))? else {
            continue;
        };
        let Some(kept) = work.get::<Leases>(lease_no.clone())? else {
            return Err(Stop::Broken(format!("lease {lease_no} vanished")));
        };
        let mut lease = (*kept).clone();
        let Some(unit) = kept.units.iter().find(|unit| unit.number == place.number) else { continue };
        if secure_unit(work, &lease_no, &mut lease, unit)? {
            work.put::<Leases>(lease_no, Arc::new(lease));
        }
    }
    Ok(())
}

/// An asset that is out has drawn, one that is not has drawn nothing. Says whether something was changed.
fn secure_unit(
    work: &mut Work<'_>,
    lease_no: &LeaseNo,
    lease: &mut Lease,
    unit: &RentedUnit,
) -> Result<bool, Stop> {
    let cause = DocumentNo::from(lease_no);
    let (out, _) = outside(work, lease, unit)?;
    match (out, lease.secured.get(&unit.number).copied()) {
        (true, None) if unit.guarantee_amount.is_positive() => {
            let amount = unit.guarantee_amount;
            let drawn = guarantees::draw(work, &lease.guarantee_no, &lease.owner, amount, &cause)?;
            lease.secured.insert(unit.number, drawn);
        }
        (false, Some(drawn)) => {
            guarantees::give_back(work, &lease.guarantee_no, drawn, &cause)?;
            lease.secured.remove(&unit.number);
        }
        _ => return Ok(false),
    }
    Ok(true)
}
