//! What offices tolerate of differences: which holds, and how it is set.

use super::guards;
use super::work::{Stop, Work};
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Tolerances, Zones};
use crate::tolerance::{PPM_MAX, ToleranceOrder};
use std::sync::Arc;

/// Sets a tolerance from a day on. What held before that day stays as it was.
pub(crate) fn set(work: &mut Work<'_>, order: &ToleranceOrder) -> Result<(), Stop> {
    let ToleranceOrder { office, from, tolerance } = order;
    work.document = Some(office.as_str().into());
    if work.get::<Zones>(office.clone())?.is_none() {
        return Err(Refusal::new(Reason::ZoneUnknown).field("office", office).into());
    }
    if !(Quantity::ZERO..=PPM_MAX).contains(&tolerance.ppm) {
        return Err(guards::invalid("ppm", tolerance.ppm, format!("0 to {PPM_MAX}")));
    }
    for (field, value) in [("quantity", tolerance.quantity), ("value_usd", tolerance.value_usd)] {
        if value.is_negative() {
            return Err(guards::invalid(field, value, "not less than 0"));
        }
    }
    let mut values = work.get::<Tolerances>(office.clone())?.unwrap_or_default();
    Arc::make_mut(&mut values).insert(*from, *tolerance);
    work.put::<Tolerances>(office.clone(), values);
    Ok(())
}
