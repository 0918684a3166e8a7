//! Parameters: which value holds, and how it is set.

use super::work::{Stop, Work};
use crate::parameter::{Form, Parameter, ParameterValue};
use crate::quantity::Quantity;
use crate::query;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::Parameters;
use crate::time::Date;
use std::sync::Arc;

/// The value that holds on the day of the ledger's clock.
pub(crate) fn today(work: &Work<'_>, parameter: Parameter) -> Result<Quantity, Stop> {
    on(work, parameter, work.today())
}

/// The value that holds on a day.
pub(crate) fn on(work: &Work<'_>, parameter: Parameter, day: Date) -> Result<Quantity, Stop> {
    Ok(query::parameter_on(work.state(), parameter, day)?)
}

/// The same of a parameter that is a whole number.
pub(crate) fn whole_today(work: &Work<'_>, parameter: Parameter) -> Result<u32, Stop> {
    let value = today(work, parameter)?;
    u32::try_from(value.raw().div_euclid(Quantity::ONE))
        .map_err(|_| Stop::Broken(format!("parameter {parameter} is {value}")))
}

/// Sets a value from a day on. What held before that day stays as it was.
pub(crate) fn set(work: &mut Work<'_>, wanted: &ParameterValue) -> Result<(), Stop> {
    if let Some(expected) = wanted.parameter.objection(wanted.value) {
        return Err(Refusal::new(Reason::InvalidField)
            .field("value", wanted.value)
            .expected(expected)
            .into());
    }
    let today = work.today();
    if wanted.parameter.form() == Form::Term && wanted.from <= today {
        return Err(Refusal::new(Reason::InvalidField)
            .field("from", wanted.from)
            .expected(format!("after {today}: what runs keeps its days"))
            .into());
    }
    let mut values = work.get::<Parameters>(wanted.parameter)?.unwrap_or_default();
    Arc::make_mut(&mut values).insert(wanted.from, wanted.value);
    work.document = Some(wanted.parameter.code().into());
    work.put::<Parameters>(wanted.parameter, values);
    Ok(())
}
