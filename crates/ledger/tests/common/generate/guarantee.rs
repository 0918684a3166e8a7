//! Guarantees and credit levels that chance orders.

use super::{Intent, Scribe};
use crate::common::build::{customs_no, quantity};
use crate::common::papers::{guarantee, opened_for};
use crate::common::world::GUARANTEES;
use zonebook_ledger::command::Command;
use zonebook_ledger::credit::{CreditLevel, CreditOrder};
use zonebook_ledger::guarantee::{GuaranteeAction, GuaranteeOrder};
use zonebook_ledger::time::Date;

/// A new account, mostly; then more, less, or another last day.
pub fn order(scribe: &Scribe, intent: &Intent) -> Command {
    let [pick, what, amount, day, ..] = intent.picks;
    let number = GUARANTEES[usize::from(pick) % GUARANTEES.len()];
    let there = scribe.model.shelf.guarantees.iter().any(|copy| copy.number.as_str() == number);
    let sum = quantity(["100", "7.5", "0.00001", "40", "-1"][usize::from(amount) % 5]);
    let end = if day.is_multiple_of(5) { "2026-06-03" } else { "2026-12-31" };
    let action = match what % 6 {
        _ if !there && !what.is_multiple_of(5) => {
            opened_for(if pick % 8 == 1 { "A2" } else { "A1" }, "100", end)
        }
        0 => opened_for("A1", "100", end),
        1 => GuaranteeAction::Levy(sum),
        2 => GuaranteeAction::Extend(Date::parse(end).unwrap()),
        3 | 4 => GuaranteeAction::Draw(sum),
        _ => GuaranteeAction::Restore(sum),
    };
    match guarantee(number, action) {
        Command::Guarantee(order) if intent.twist == Some(3) => {
            Command::Guarantee(GuaranteeOrder { cause: "".into(), ..order })
        }
        command => command,
    }
}

/// The level of an enterprise; trust comes back, so that the trade goes on.
pub fn credit(scribe: &Scribe, intent: &Intent) -> Command {
    let [pick, level, day, ..] = intent.picks;
    let level = match level % 6 {
        0 => CreditLevel::Advanced,
        1 => CreditLevel::Discredited,
        _ => CreditLevel::Regular,
    };
    let party = customs_no(["2217960001", "2217960002"][usize::from(pick) % 2]);
    let from = Date(scribe.clock().date().0 + i32::from(day % 4) - 2);
    Command::SetCreditLevel(CreditOrder { party, level, from, cause: "decision".into() })
}
