//! Sums that say so when they leave the range of a number. Nothing that the ledger accepts comes near it.

use zonebook_ledger::error::Fault;
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::quantity::Quantity;

/// A figure, or the fault that it is beyond the range of a number.
pub(crate) fn within<T>(figure: Option<T>) -> Result<T, Fault> {
    figure.ok_or_else(|| Fault("a sum is beyond the range of a number".into()))
}

/// Adds to a sum.
pub(crate) fn add(sum: &mut Measure, more: &Measure) -> Result<(), Fault> {
    *sum = within(sum.checked_add(more))?;
    Ok(())
}

/// The sum of measures.
pub(crate) fn total<'m>(measures: impl IntoIterator<Item = &'m Measure>) -> Result<Measure, Fault> {
    measures.into_iter().try_fold(Measure::ZERO, |sum, more| within(sum.checked_add(more)))
}

/// The part of a measure that a declared quantity of it is: exact where that is all or nothing of it, else every other
/// component rounded once.
pub(crate) fn part(whole: &Measure, declared: Quantity) -> Result<Measure, Fault> {
    if declared == whole.declared() {
        return Ok(*whole);
    }
    if whole.declared().is_negative() {
        // A share of what went out: the same of what would have come in, with the sign turned.
        return negated(&part(&negated(whole)?, opposite(declared)?)?);
    }
    let share = |unit| whole.get(unit).share(declared, whole.declared());
    let [_, statutory1, statutory2, value] = Unit::ALL.map(share);
    Ok(Measure::new(declared, within(statutory1)?, within(statutory2)?, within(value)?))
}

/// A quantity with the sign turned.
pub(crate) fn opposite(quantity: Quantity) -> Result<Quantity, Fault> {
    within(Quantity::ZERO.checked_sub(quantity))
}

/// A quantity without its sign.
pub(crate) fn magnitude(quantity: Quantity) -> Result<Quantity, Fault> {
    if quantity.is_negative() { opposite(quantity) } else { Ok(quantity) }
}

/// A measure with the sign turned.
pub(crate) fn negated(measure: &Measure) -> Result<Measure, Fault> {
    within(Measure::ZERO.checked_sub(measure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_what_went_out_is_negative() {
        let quantity = |whole| Quantity::whole(whole);
        let whole = Measure::new(quantity(-4), quantity(-8), Quantity::ZERO, quantity(-20));
        let expected = Measure::new(quantity(-1), quantity(-2), Quantity::ZERO, quantity(-5));
        assert_eq!(part(&whole, quantity(-1)).unwrap(), expected);
        assert_eq!(negated(&part(&negated(&whole).unwrap(), quantity(1)).unwrap()).unwrap(), expected);
        assert_eq!(part(&whole, quantity(-4)).unwrap(), whole);
    }
}
