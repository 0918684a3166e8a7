//! Credit levels: which holds, what it forbids, and how it is set.

use super::work::{Stop, Work};
use crate::code::CustomsNo;
use crate::credit::{CreditLevel, CreditOrder};
use crate::document::PermitKind;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::CreditLevels;
use std::sync::Arc;

/// The level of an enterprise on the day of the ledger's clock.
pub(crate) fn level(work: &Work<'_>, party: &CustomsNo) -> Result<CreditLevel, Stop> {
    let today = work.today();
    let levels = work.get::<CreditLevels>(party.clone())?.unwrap_or_default();
    Ok(levels.range(..=today).next_back().map_or(CreditLevel::Regular, |(_, level)| *level))
}

/// `domain.md` 3.2.5: who is discredited does not deliver first and declare later.
pub(crate) fn may_use(work: &Work<'_>, kind: PermitKind, owner: &CustomsNo) -> Result<(), Stop> {
    let level = level(work, owner)?;
    if !kind.is_declared_later() || level.may_deliver_in_batches() {
        return Ok(());
    }
    Err(Refusal::new(Reason::CreditLevelForbids)
        .field("businessTypecd", kind)
        .expected(format!("an enterprise that is not {level}"))
        .document(owner)
        .into())
}

/// Sets a level from a day on. What held before that day stays as it was.
pub(crate) fn set(work: &mut Work<'_>, order: &CreditOrder) -> Result<(), Stop> {
    let mut levels = work.get::<CreditLevels>(order.party.clone())?.unwrap_or_default();
    Arc::make_mut(&mut levels).insert(order.from, order.level);
    work.document = Some(order.party.as_str().into());
    work.put::<CreditLevels>(order.party.clone(), levels);
    Ok(())
}
