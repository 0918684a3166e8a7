//! Leases as filed: a contract, and what happens under it (`domain.md` 3.1; GACC 2019 No. 158).

use crate::code::{BookNo, CustomsNo, DeclarationNo, LeaseNo, OfficeCode, SerialNo};
use crate::quantity::Quantity;
use crate::time::{Date, LocalTime};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// A lease contract, or a change of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseFiling {
    /// The contract.
    pub lease_no: LeaseNo,
    /// 0 registers it; a change has the last accepted one plus 1.
    pub change_no: u64,
    /// What is filed.
    pub action: LeaseAction,
}

/// What is filed of a lease.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeaseAction {
    /// The contract.
    Register(LeaseContract),
    /// A payment of rent was declared under mode 9800.
    DeclareRent {
        /// Its number in the schedule.
        number: u64,
        /// The declaration or list.
        declaration_no: DeclarationNo,
        /// The day of the declaration.
        declared_on: Date,
    },
    /// The lease goes on: a later last day, and payments besides those that there are.
    Extend {
        /// The new last day.
        end: Date,
        /// More payments.
        rents: Vec<Rent>,
    },
    /// Another lessor takes over; the assets stay where they are. A pair of lists moves them from book to book.
    ChangeLessor {
        /// The leasing book of the new lessor.
        book_no: BookNo,
        /// The new lessor.
        owner: CustomsNo,
        /// The same assets, with their rows in that book.
        units: Vec<RentedUnit>,
        /// The guarantee of the new lessor; empty for none.
        guarantee_no: CompactString,
    },
    /// What the office elsewhere saw.
    Observe(Observation),
    /// The assets are back or bought out, and all rent is declared.
    Close {
        /// The day.
        closed_on: Date,
    },
}

/// A lease contract (租赁合同).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseContract {
    /// The leasing book of the lessor.
    pub book_no: BookNo,
    /// The lessor, who owns the book.
    pub owner: CustomsNo,
    /// When it was declared.
    pub declared_at: LocalTime,
    /// The assets.
    pub units: Vec<RentedUnit>,
    /// Who rents them.
    pub lessee: CompactString,
    /// The first day.
    pub start: Date,
    /// The last day.
    pub end: Date,
    /// The payments.
    pub rents: Vec<Rent>,
    /// The guarantee that it rests on; empty for none.
    pub guarantee_no: CompactString,
    /// The customs office elsewhere that watches the assets (异地委托监管).
    pub delegated_office: Option<OfficeCode>,
    /// The assets never enter the zone: aircraft, ships, structures at sea. Their lists wait for no gate.
    pub never_enters: bool,
    /// Where the assets are.
    pub location: CompactString,
}

/// An asset of a lease: a row of the leasing book and its serial number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RentedUnit {
    /// The row.
    pub number: u64,
    /// Its serial number.
    pub serial: SerialNo,
    /// The duty at stake, in Chinese currency: what it binds of the guarantee while it is out, as far as the lessor has
    /// to secure it (`domain.md` 3.1: a bond for each asset). Nothing where no guarantee is required.
    pub guarantee_amount: Quantity,
}

/// A payment of rent in the schedule of a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rent {
    /// Its number.
    pub number: u64,
    /// The day on which it is paid.
    pub paid_on: Date,
    /// How much.
    pub amount: Quantity,
    /// Currency, three characters.
    pub currency: CompactString,
}

/// A report of the customs office that watches assets elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The office.
    pub office: OfficeCode,
    /// When.
    pub observed_at: LocalTime,
    /// Where the assets are.
    pub location: CompactString,
    /// The officers were there.
    pub attended: bool,
    /// What they saw.
    pub remark: CompactString,
}
