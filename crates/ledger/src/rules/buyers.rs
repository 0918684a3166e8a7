//! What each buyer spent in a calendar year, by the buyer's hash (`domain.md` 3.1: single and yearly limit).
//!
//! A parcel whose buyer is not known counts for nobody. The year is that of the ledger's clock when the parcel was
//! reserved, and what is given back is given back to that year.

use super::parameters;
use super::work::{Stop, Work};
use crate::code::ParcelNo;
use crate::document::BuyerHash;
use crate::parameter::Parameter;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Buyers;
use crate::time::Instant;

/// The calendar year of a moment.
pub(crate) fn year_of(work: &Work<'_>, moment: Instant) -> i64 {
    work.head.utc_offset.local(moment).date().civil().0
}

/// Counts a new parcel, unless the buyer's year would be over its limit.
pub(crate) fn spend(
    work: &mut Work<'_>,
    buyer: BuyerHash,
    parcel_no: &ParcelNo,
    worth: Quantity,
) -> Result<(), Stop> {
    let key = (buyer, year_of(work, work.now()));
    let spent = work.get::<Buyers>(key)?.unwrap_or_default();
    let total = spent.checked_add(worth).ok_or_else(Stop::overflow)?;
    let year_max = parameters::today(work, Parameter::BuyerYearMax)?;
    if total > year_max {
        return Err(Refusal::new(Reason::BuyerLimitExceeded)
            .field("totalPrice", worth)
            .expected(format!("at most {year_max} in {}, of which {spent} is spent", key.1))
            .document(parcel_no)
            .into());
    }
    keep(work, key, total);
    Ok(())
}

/// Gives back what a parcel, or part of it, counted in the year in which it was reserved.
pub(crate) fn restore(
    work: &mut Work<'_>,
    buyer: BuyerHash,
    reserved_time: Instant,
    worth: Quantity,
) -> Result<(), Stop> {
    let key = (buyer, year_of(work, reserved_time));
    let spent = work.get::<Buyers>(key)?.unwrap_or_default();
    let left = spent.checked_sub(worth).filter(|left| !left.is_negative());
    let left = left.ok_or_else(|| Stop::Broken(format!("buyer {buyer} spent less than is given back")))?;
    keep(work, key, left);
    Ok(())
}

/// Who spent nothing has no row.
fn keep(work: &mut Work<'_>, key: (BuyerHash, i64), total: Quantity) {
    if total.is_zero() {
        work.remove::<Buyers>(key);
    } else {
        work.put::<Buyers>(key, total);
    }
}
