//! Leases: as a caller files them, and as they stand.

use crate::document::each;
use crate::field::{Field, amount, date, local_time, optional, read, required};
use crate::v1;
use crate::value::{local, text, timestamp};
use zonebook_ledger::code::{BookNo, CustomsNo, DeclarationNo, LeaseNo, OfficeCode, SerialNo};
use zonebook_ledger::document::{LeaseAction, LeaseContract, LeaseFiling, Observation, Rent, RentedUnit};
use zonebook_ledger::lease::{Lease, LeaseRent};
use zonebook_ledger::quantity::Quantity;

/// A contract to register.
///
/// # Errors
/// Names the field.
pub fn registration(wire: Option<&v1::Lease>) -> Field<LeaseFiling> {
    let wire = required("lease", wire)?;
    let inner = || {
        let contract = LeaseContract {
            book_no: read("book_no", &wire.book_no, BookNo::new)?,
            owner: read("owner", &wire.owner, CustomsNo::new)?,
            declared_at: local_time("declared_at", &wire.declared_at)?,
            units: each("units", &wire.units, unit)?,
            lessee: wire.lessee.as_str().into(),
            start: date("start", &wire.start)?,
            end: date("end", &wire.end)?,
            rents: each("rents", &wire.rents, rent)?,
            guarantee_no: wire.guarantee_no.as_str().into(),
            delegated_office: optional("delegated_office", &wire.delegated_office, OfficeCode::new)?,
            never_enters: wire.never_enters,
            location: wire.location.as_str().into(),
        };
        filing(&wire.lease_no, 0, LeaseAction::Register(contract))
    };
    inner().map_err(|error: crate::field::FieldError| error.within("lease"))
}

fn filing(lease_no: &str, change_no: u64, action: LeaseAction) -> Field<LeaseFiling> {
    Ok(LeaseFiling { lease_no: read("lease_no", lease_no, LeaseNo::new)?, change_no, action })
}

fn unit(wire: &v1::RentedUnit) -> Field<RentedUnit> {
    Ok(RentedUnit {
        number: wire.number,
        serial: read("serial", &wire.serial, SerialNo::new)?,
        guarantee_amount: amount("guarantee_amount", &wire.guarantee_amount)?,
    })
}

fn rent(wire: &v1::Rent) -> Field<Rent> {
    Ok(Rent {
        number: wire.number,
        paid_on: date("paid_on", &wire.paid_on)?,
        amount: amount("amount", &wire.amount)?,
        currency: wire.currency.as_str().into(),
    })
}

/// A payment that was declared.
///
/// # Errors
/// Names the field.
pub fn rent_declared(wire: &v1::DeclareRentRequest) -> Field<LeaseFiling> {
    let action = LeaseAction::DeclareRent {
        number: wire.number,
        declaration_no: read("declaration_no", &wire.declaration_no, DeclarationNo::new)?,
        declared_on: date("declared_on", &wire.declared_on)?,
    };
    filing(&wire.lease_no, wire.change_no, action)
}

/// An extension.
///
/// # Errors
/// Names the field.
pub fn extension(wire: &v1::ExtendLeaseRequest) -> Field<LeaseFiling> {
    let action =
        LeaseAction::Extend { end: date("end", &wire.end)?, rents: each("rents", &wire.rents, rent)? };
    filing(&wire.lease_no, wire.change_no, action)
}

/// A new lessor.
///
/// # Errors
/// Names the field.
pub fn new_lessor(wire: &v1::ChangeLessorRequest) -> Field<LeaseFiling> {
    let action = LeaseAction::ChangeLessor {
        book_no: read("book_no", &wire.book_no, BookNo::new)?,
        owner: read("owner", &wire.owner, CustomsNo::new)?,
        units: each("units", &wire.units, unit)?,
        guarantee_no: wire.guarantee_no.as_str().into(),
    };
    filing(&wire.lease_no, wire.change_no, action)
}

/// A report of the office elsewhere.
///
/// # Errors
/// Names the field.
pub fn observed(wire: &v1::ObserveLeaseRequest) -> Field<LeaseFiling> {
    let seen = required("observation", wire.observation.as_ref())?;
    let inner = || {
        Ok(Observation {
            office: read("office", &seen.office, OfficeCode::new)?,
            observed_at: local_time("observed_at", &seen.observed_at)?,
            location: seen.location.as_str().into(),
            attended: seen.attended,
            remark: seen.remark.as_str().into(),
        })
    };
    let observation = inner().map_err(|error: crate::field::FieldError| error.within("observation"))?;
    filing(&wire.lease_no, wire.change_no, LeaseAction::Observe(observation))
}

/// A closing.
///
/// # Errors
/// Names the field.
pub fn closing(wire: &v1::CloseLeaseRequest) -> Field<LeaseFiling> {
    let closed_on = date("closed_on", &wire.closed_on)?;
    filing(&wire.lease_no, wire.change_no, LeaseAction::Close { closed_on })
}

/// A lease as it stands.
#[must_use]
pub fn status(lease_no: &LeaseNo, lease: &Lease) -> v1::LeaseStatus {
    let unit = |unit: &RentedUnit| v1::RentedUnit {
        number: unit.number,
        serial: unit.serial.to_string(),
        guarantee_amount: unit.guarantee_amount.to_string(),
    };
    let secured =
        |(number, drawn): (&u64, &Quantity)| v1::SecuredUnit { number: *number, drawn: drawn.to_string() };
    let rent = |rent: &LeaseRent| v1::Rent {
        number: rent.filed.number,
        paid_on: rent.filed.paid_on.to_string(),
        amount: rent.filed.amount.to_string(),
        currency: rent.filed.currency.to_string(),
    };
    let contract = v1::Lease {
        lease_no: lease_no.to_string(),
        book_no: lease.book_no.to_string(),
        owner: lease.owner.to_string(),
        declared_at: String::new(),
        units: lease.units.iter().map(unit).collect(),
        lessee: lease.lessee.to_string(),
        start: lease.start.to_string(),
        end: lease.end.to_string(),
        rents: lease.rents.iter().map(rent).collect(),
        guarantee_no: lease.guarantee_no.to_string(),
        delegated_office: text(lease.delegated_office.as_ref()),
        never_enters: lease.never_enters,
        location: lease.location.to_string(),
    };
    v1::LeaseStatus {
        lease: Some(contract),
        state: lease.state.to_string(),
        change_no: lease.change_no,
        rents: lease.rents.iter().map(rent_status).collect(),
        close_by: text(lease.close_by.as_ref()),
        observations: lease.observations.iter().map(observation).collect(),
        filed_time: Some(timestamp(lease.filed_time)),
        closed_on: text(lease.closed.as_ref().map(|closed| closed.closed_on).as_ref()),
        closed_time: lease.closed.as_ref().map(|closed| timestamp(closed.time)),
        secured: lease.secured.iter().map(secured).collect(),
    }
}

fn rent_status(rent: &LeaseRent) -> v1::RentStatus {
    let declared = rent.declared.as_ref();
    v1::RentStatus {
        number: rent.filed.number,
        declare_by: text(rent.declare_by.as_ref()),
        declaration_no: text(declared.map(|declared| &declared.declaration_no)),
        declared_on: text(declared.map(|declared| declared.declared_on).as_ref()),
        declared_time: declared.map(|declared| timestamp(declared.time)),
    }
}

fn observation(seen: &Observation) -> v1::Observation {
    v1::Observation {
        office: seen.office.to_string(),
        observed_at: local(Some(seen.observed_at)),
        location: seen.location.to_string(),
        attended: seen.attended,
        remark: seen.remark.to_string(),
    }
}
