//! Leases as the state keeps them: the contract under which assets of a leasing book are out (`domain.md` 3.1, 3.4 rows
//! 13 and 14).

use crate::code::{BookNo, CustomsNo, DeclarationNo, OfficeCode};
use crate::document::{Observation, Rent, RentedUnit};
use crate::movement::DocumentState;
use crate::quantity::Quantity;
use crate::time::{Date, Instant};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A registered lease.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// `OPEN` or `CLOSED`.
    pub state: DocumentState,
    /// Last accepted change.
    pub change_no: u64,
    /// The leasing book of the lessor.
    pub book_no: BookNo,
    /// The lessor.
    pub owner: CustomsNo,
    /// The assets.
    pub units: Vec<RentedUnit>,
    /// Who rents them.
    pub lessee: CompactString,
    /// The first day.
    pub start: Date,
    /// The last day.
    pub end: Date,
    /// The payments, in order of number.
    pub rents: Vec<LeaseRent>,
    /// The guarantee that it rests on; empty for none.
    pub guarantee_no: CompactString,
    /// The assets that are out or about to go out, by row, and what each has drawn on the guarantee.
    pub secured: BTreeMap<u64, Quantity>,
    /// The customs office elsewhere that watches the assets.
    pub delegated_office: Option<OfficeCode>,
    /// The assets never enter the zone.
    pub never_enters: bool,
    /// Where the assets are, as it was last said.
    pub location: CompactString,
    /// What the office elsewhere reported, in order.
    pub observations: Vec<Observation>,
    /// The last day to close it; `None` where there is no such day.
    pub close_by: Option<Date>,
    /// Ledger time of registration.
    pub filed_time: Instant,
    /// How it was closed, and when by the ledger's clock.
    pub closed: Option<Closed>,
}

/// A payment of rent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseRent {
    /// As filed.
    pub filed: Rent,
    /// The last day to declare it; `None` where there is no such day.
    pub declare_by: Option<Date>,
    /// How it was declared.
    pub declared: Option<RentDeclared>,
}

/// The declaration of a payment of rent, mode 9800.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RentDeclared {
    /// The declaration or list.
    pub declaration_no: DeclarationNo,
    /// The day of the declaration, as it was said.
    pub declared_on: Date,
    /// Ledger time of the notice.
    pub time: Instant,
}

/// The end of a lease.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The day, as it was said.
    pub closed_on: Date,
    /// Ledger time of the closing.
    pub time: Instant,
}
