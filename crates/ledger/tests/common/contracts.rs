//! Leases in few words.

use super::build::{self, book_no, customs_no, office};
use super::papers::serial;
use super::world;
use zonebook_ledger::code::{DeclarationNo, LeaseNo};
use zonebook_ledger::document::{
    Document, LeaseAction, LeaseContract, LeaseFiling, Observation, Rent, RentedUnit,
};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

pub fn lease_no(text: &str) -> LeaseNo {
    LeaseNo::new(text).unwrap()
}

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// An asset by row and serial number.
pub fn unit(number: u64, text: &str) -> RentedUnit {
    RentedUnit { number, serial: serial(text), guarantee_amount: Quantity::ZERO }
}

/// The same with the duty at stake.
pub fn bonded_unit(number: u64, text: &str, amount: &str) -> RentedUnit {
    RentedUnit { guarantee_amount: build::quantity(amount), ..unit(number, text) }
}

/// A payment by number and day.
pub fn rent(number: u64, paid_on: &str) -> Rent {
    Rent { number, paid_on: day(paid_on), amount: build::quantity("125000.5"), currency: "502".into() }
}

/// A contract of a book for some assets, from the first payment to its last day.
pub fn contract(
    book: &str,
    units: &[RentedUnit],
    rents: &[Rent],
    (start, end): (&str, &str),
) -> LeaseContract {
    LeaseContract {
        book_no: book_no(book),
        owner: customs_no(world::owner(book)),
        declared_at: world::local("2026-06-02T09:00:00"),
        units: units.to_vec(),
        lessee: "Airline".into(),
        start: day(start),
        end: day(end),
        rents: rents.to_vec(),
        guarantee_no: "GU1".into(),
        delegated_office: Some(office("3107")),
        never_enters: false,
        location: "Hangar 3".into(),
    }
}

/// What happens under a lease.
pub fn change(number: &str, change_no: u64, action: LeaseAction) -> Document {
    Document::Lease(LeaseFiling { lease_no: lease_no(number), change_no, action })
}

pub fn registered(number: &str, contract: LeaseContract) -> Document {
    change(number, 0, LeaseAction::Register(contract))
}

pub fn rent_declared(lease: &str, change_no: u64, number: u64, on: &str) -> Document {
    let declaration_no = DeclarationNo::new("D9800").unwrap();
    change(lease, change_no, LeaseAction::DeclareRent { number, declaration_no, declared_on: day(on) })
}

pub fn closed(lease: &str, change_no: u64, on: &str) -> Document {
    change(lease, change_no, LeaseAction::Close { closed_on: day(on) })
}

pub fn observation(from: &str) -> Observation {
    Observation {
        office: office(from),
        observed_at: world::local("2026-06-05T10:00:00"),
        location: "Apron 7".into(),
        attended: true,
        remark: "seen".into(),
    }
}
