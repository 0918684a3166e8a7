//! Parameters: which value holds, and how it is set.

use super::deadlines;
use super::work::{Stop, Work};
use crate::due;
use crate::parameter::{DAYS_MAX, Parameter, ParameterValue};
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Parameters;
use crate::time::Date;
use std::sync::Arc;

/// The value that holds on the day of the ledger's clock.
pub(crate) fn today(work: &Work<'_>, parameter: Parameter) -> Result<Quantity, Stop> {
    on(work, parameter, deadlines::today(work))
}

/// The value that holds on a day.
pub(crate) fn on(work: &Work<'_>, parameter: Parameter, day: Date) -> Result<Quantity, Stop> {
    Ok(due::parameter_on(work.state(), parameter, day)?)
}

/// Sets a value from a day on. What held before that day stays as it was.
pub(crate) fn set(work: &mut Work<'_>, wanted: &ParameterValue) -> Result<(), Stop> {
    if wanted.value.is_negative() {
        return Err(Refusal::new(Reason::InvalidField)
            .field("value", wanted.value)
            .expected("not less than 0")
            .into());
    }
    if wanted.parameter.is_term() {
        term(work, wanted)?;
    }
    let mut values = work.get::<Parameters>(wanted.parameter)?.unwrap_or_default();
    Arc::make_mut(&mut values).insert(wanted.from, wanted.value);
    work.document = Some(wanted.parameter.code().into());
    work.put::<Parameters>(wanted.parameter, values);
    Ok(())
}

/// The days of a deadline are whole, and hold from a later day on: what runs keeps the days that it began with.
fn term(work: &Work<'_>, wanted: &ParameterValue) -> Result<(), Stop> {
    let whole = Quantity::whole(due::whole(wanted.value));
    if whole != wanted.value || whole > Quantity::whole(DAYS_MAX) {
        return Err(Refusal::new(Reason::InvalidField)
            .field("value", wanted.value)
            .expected(format!("a whole number, at most {DAYS_MAX}"))
            .into());
    }
    let today = deadlines::today(work);
    if wanted.from <= today {
        return Err(Refusal::new(Reason::InvalidField)
            .field("from", wanted.from)
            .expected(format!("after {today}: what runs keeps its days"))
            .into());
    }
    Ok(())
}
