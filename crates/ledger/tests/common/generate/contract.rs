//! Leases, as chance files them.

use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, Scribe};
use crate::common::build::{book_no, customs_no, quantity};
use crate::common::contracts::{change, closed, contract, observation, registered, rent, unit};
use crate::common::model::{BookCopy, LeaseCopy, Row};
use crate::common::world::{self, GUARANTEES, LEASES};
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::DeclarationNo;
use zonebook_ledger::document::{Document, LeaseAction, LeaseContract, RentedUnit};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::time::Date;

/// What contracts have wrong.
const CONTRACT_TWISTS: &[Twist<LeaseContract>] = &[
    ("no leasing book", |lease| lease.book_no = book_no("A1")),
    ("owner of another book", |lease| lease.owner = customs_no("2217960009")),
    ("over before it begins", |lease| lease.end = Date(lease.start.0 - 1)),
    ("no asset", |lease| lease.units.clear()),
    ("asset twice", |lease| lease.units.extend(lease.units.first().cloned())),
    ("row of nothing", |lease| lease.units.push(unit(77, "SN1"))),
    ("serial of another row", |lease| {
        lease.units.iter_mut().for_each(|one| one.serial = unit(1, "SN9").serial)
    }),
    ("payment twice", |lease| lease.rents.extend(lease.rents.first().cloned())),
    ("nothing to pay", |lease| lease.rents.iter_mut().for_each(|rent| rent.amount = quantity("0"))),
    ("paid when it is over", |lease| {
        let end = lease.end;
        lease.rents.iter_mut().for_each(|rent| rent.paid_on = Date(end.0 + 1));
    }),
    ("less than nothing at stake", |lease| {
        lease.units.iter_mut().for_each(|one| one.guarantee_amount = quantity("-1"))
    }),
    ("declared late", |lease| lease.declared_at = world::local("2027-01-01T00:00:00")),
];

/// The next step in the life of a lease; `None` where there is no leasing book yet.
pub fn next(scribe: &Scribe, intent: &Intent) -> Option<Document> {
    let shelf = &scribe.model.shelf;
    let books: Vec<&BookCopy> = shelf.books.iter().filter(|book| book.filing.usage == Usage::Lease).collect();
    let [step, pick, ..] = intent.picks;
    let book = choose(&books, pick)?;
    let open: Vec<&LeaseCopy> =
        shelf.leases.iter().filter(|lease| lease.state == DocumentState::Open || step % 16 == 15).collect();
    match (choose(&open, pick), step % 8) {
        (None, _) | (_, 0 | 1) => register(scribe, book, intent),
        (Some(lease), step) => goes_on(scribe, lease, intent, step),
    }
}

fn register(scribe: &Scribe, book: &BookCopy, intent: &Intent) -> Option<Document> {
    let [_, _, which, more, days, _] = intent.picks;
    let rows: Vec<&Row> = book.goods().filter(|row| row.serial.is_some()).collect();
    let row = choose(&rows, which)?;
    let serial = row.serial.clone()?;
    let shelf = &scribe.model.shelf;
    let free = LEASES.into_iter().find(|number| shelf.lease(number).is_none()).unwrap_or(LEASES[0]);
    let first = scribe.clock().date();
    let rents: Vec<_> = (0..u64::from(more % 3))
        .map(|at| rent(at + 1, &Date(first.0 + i32::try_from(at).unwrap() * 2).to_string()))
        .collect();
    let end = Date(first.0 + i32::from(days % 8) + 4).to_string();
    let at_stake = quantity(["0", "1.5", "40", "30"][usize::from(days % 4)]);
    let units = [RentedUnit { number: row.number, serial, guarantee_amount: at_stake }];
    let mut lease = contract(book.filing.book_no.as_str(), &units, &rents, (&first.to_string(), &end));
    lease.guarantee_no = GUARANTEES[usize::from(which) % GUARANTEES.len()].into();
    lease.never_enters = more.is_multiple_of(3);
    twist(CONTRACT_TWISTS, &mut lease, intent.twist);
    Some(registered(free, lease))
}

fn goes_on(scribe: &Scribe, lease: &LeaseCopy, intent: &Intent, step: u8) -> Option<Document> {
    let [_, _, which, more, days, _] = intent.picks;
    let number = lease.lease_no.as_str();
    let today = scribe.clock().date();
    // Now and then out of turn.
    let change_no = lease.change_no + if more == 3 { 2 } else { 1 };
    let end = lease.contract.end;
    Some(match step {
        2 | 3 if !lease.rents.is_empty() => {
            let (rent, ..) = choose(&lease.rents, which)?;
            let declared_on = Date(rent.paid_on.0 + i32::from(days % 4) - i32::from(days == 7));
            let declaration_no = DeclarationNo::new("D9800").unwrap();
            let number_of_rent = rent.number + if more == 5 { 50 } else { 0 };
            let action = LeaseAction::DeclareRent { number: number_of_rent, declaration_no, declared_on };
            change(number, change_no, action)
        }
        4 => {
            let at = u64::from(more % 5) + 1;
            let rents = vec![rent(at, &end.to_string())];
            let end = Date(end.0 + i32::from(days % 6));
            change(number, change_no, LeaseAction::Extend { end, rents })
        }
        5 => {
            let office = ["3107", "3107", "2217"][usize::from(which) % 3];
            change(number, change_no, LeaseAction::Observe(observation(office)))
        }
        6 if which % 4 == 0 => {
            let units = lease.contract.units.clone();
            let to = ["Y1", "Y2"][usize::from(more) % 2];
            let owner = customs_no(world::owner(to));
            let guarantee_no = GUARANTEES[usize::from(days) % GUARANTEES.len()].into();
            let action = LeaseAction::ChangeLessor { book_no: book_no(to), owner, units, guarantee_no };
            change(number, change_no, action)
        }
        _ => closed(number, change_no, &today.to_string()),
    })
}
