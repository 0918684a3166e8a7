//! Guarantees and credit levels: as a caller sends them, and as they stand.

use crate::field::{Field, amount, date, read};
use crate::v1;
use crate::value::{text, timestamp};
use zonebook_ledger::code::{CustomsNo, GuaranteeNo, OfficeCode};
use zonebook_ledger::credit::{CreditLevel, CreditOrder};
use zonebook_ledger::guarantee::{Guarantee, GuaranteeAction, GuaranteeEntry, GuaranteeOrder};
use zonebook_ledger::time::Date;

fn order(guarantee_no: &str, cause: &str, action: Field<GuaranteeAction>) -> Field<GuaranteeOrder> {
    let guarantee_no = read("guarantee_no", guarantee_no, GuaranteeNo::new)?;
    Ok(GuaranteeOrder { guarantee_no, action: action?, cause: cause.into() })
}

/// A new account.
///
/// # Errors
/// Names the field.
pub fn opening(wire: &v1::OpenGuaranteeRequest) -> Field<GuaranteeOrder> {
    let action = || {
        Ok(GuaranteeAction::Open {
            party: read("party", &wire.party, CustomsNo::new)?,
            office: read("office", &wire.office, OfficeCode::new)?,
            amount: amount("amount", &wire.amount)?,
            valid_until: date("valid_until", &wire.valid_until)?,
        })
    };
    order(&wire.guarantee_no, &wire.cause, action())
}

/// More security.
///
/// # Errors
/// Names the field.
pub fn levying(wire: &v1::LevyGuaranteeRequest) -> Field<GuaranteeOrder> {
    let action = amount("amount", &wire.amount).map(GuaranteeAction::Levy);
    order(&wire.guarantee_no, &wire.cause, action)
}

/// An amount to bind.
///
/// # Errors
/// Names the field.
pub fn drawing(wire: &v1::DrawGuaranteeRequest) -> Field<GuaranteeOrder> {
    let action = amount("amount", &wire.amount).map(GuaranteeAction::Draw);
    order(&wire.guarantee_no, &wire.cause, action)
}

/// An amount to set free.
///
/// # Errors
/// Names the field.
pub fn restoring(wire: &v1::RestoreGuaranteeRequest) -> Field<GuaranteeOrder> {
    let action = amount("amount", &wire.amount).map(GuaranteeAction::Restore);
    order(&wire.guarantee_no, &wire.cause, action)
}

/// Another last day.
///
/// # Errors
/// Names the field.
pub fn extending(wire: &v1::ExtendGuaranteeRequest) -> Field<GuaranteeOrder> {
    let action = date("valid_until", &wire.valid_until).map(GuaranteeAction::Extend);
    order(&wire.guarantee_no, &wire.cause, action)
}

/// A credit level.
///
/// # Errors
/// Names the field.
pub fn credit_order(wire: &v1::SetCreditLevelRequest) -> Field<CreditOrder> {
    Ok(CreditOrder {
        party: read("party", &wire.party, CustomsNo::new)?,
        level: read("level", &wire.level, CreditLevel::from_code)?,
        from: date("from", &wire.from)?,
        cause: wire.cause.as_str().into(),
    })
}

/// An account as it stands.
#[must_use]
pub fn account(number: &GuaranteeNo, account: &Guarantee) -> v1::Guarantee {
    v1::Guarantee {
        guarantee_no: number.to_string(),
        party: account.party.to_string(),
        office: account.office.to_string(),
        valid_until: account.valid_until.to_string(),
        levied: account.levied.to_string(),
        drawn: account.drawn.to_string(),
        restored: account.restored.to_string(),
        available: text(account.available().as_ref()),
        by_hand: account.by_hand.to_string(),
        currency: "CNY".into(),
        opened_time: Some(timestamp(account.opened_time)),
    }
}

/// An entry of a journal.
#[must_use]
pub fn entry(number: u64, entry: &GuaranteeEntry) -> v1::GuaranteeEntry {
    v1::GuaranteeEntry {
        number,
        revision: entry.revision.0,
        time: Some(timestamp(entry.time)),
        action: entry.action.to_string(),
        cause: entry.cause.to_string(),
        amount: entry.amount.to_string(),
        before: entry.before.to_string(),
        after: entry.after.to_string(),
    }
}

/// A credit level that was set.
#[must_use]
pub fn credit_level(from: Date, level: CreditLevel) -> v1::CreditLevel {
    v1::CreditLevel { from: from.to_string(), level: level.to_string() }
}
