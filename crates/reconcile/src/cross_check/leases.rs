//! Leases: the assets that are under them, and the payments of their schedule.

use super::{Asking, Break, Check, Judge, Walked, number, walk};
use compact_str::format_compact;
use zonebook_ledger::code::LeaseNo;
use zonebook_ledger::error::Fault;
use zonebook_ledger::lease::Lease;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::state::{LeasedUnits, Leases, get};

pub(super) fn leases(asking: &Asking<'_>, after: &str, count_max: usize) -> Result<Walked, Fault> {
    let of_lease = |lease_no: &LeaseNo, lease: &Lease| judge(asking, lease_no, lease);
    walk!(asking, Leases, Lease(LeaseNo), after, count_max, of_lease)
}

fn judge(asking: &Asking<'_>, lease_no: &LeaseNo, lease: &Lease) -> Result<Vec<Break>, Fault> {
    if lease.state != DocumentState::Open || !asking.wants(&lease.book_no)? {
        return Ok(Vec::new());
    }
    let mut judge = Judge::new(asking, Check::Leases, lease_no, Some(&lease.book_no), lease.filed_time);
    for unit in &lease.units {
        let under = get::<LeasedUnits>(asking.state, (lease.book_no.clone(), unit.number))?;
        let what = format_compact!("asset {}", unit.serial);
        let found = under.as_ref().map_or("none", LeaseNo::as_str);
        judge.same(found, what, lease_no, found);
    }
    for rent in lease.rents.iter().filter(|rent| rent.declared.is_none()) {
        // Payments without a last day to declare them are due when they are paid.
        let due = rent.declare_by.unwrap_or(rent.filed.paid_on);
        judge.waits(due, format_args!("rent {}", rent.filed.number), "declared", "not declared");
    }
    judge.waits(lease.close_by.unwrap_or(lease.end), "state", DocumentState::Closed, lease.state);
    Ok(judge.breaks)
}
