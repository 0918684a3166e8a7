//! Import licences that chance registers and amends, and tariff lines that ask for them.

use super::reference::tariff_line;
use super::scribe::choose;
use super::twist::{Twist, twist};
use super::{Intent, Scribe};
use crate::common::build::quantity;
use crate::common::papers::licence;
use crate::common::world::{self, LICENCES};
use zonebook_ledger::code::{CustomsNo, LicenceNo, TariffCode};
use zonebook_ledger::command::Command;
use zonebook_ledger::item::Units;
use zonebook_ledger::licence::{LicenceAction, LicenceGrant, LicenceOrder};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::Date;

const TWISTS: &[Twist<LicenceOrder>] = &[
    ("no paper", |order| order.cause = " ".into()),
    ("nothing", |order| granted(order, |grant| grant.quantity = Quantity::ZERO)),
    ("less than nothing", |order| granted(order, |grant| grant.quantity = quantity("-1"))),
    ("ends before it begins", |order| {
        granted(order, |grant| grant.valid_until = Date(grant.valid_from.0 - 1))
    }),
    ("nobody's", |order| granted(order, |grant| grant.party = CustomsNo::new("9999999999").unwrap())),
    ("licence that nobody registered", |order| order.licence_no = LicenceNo::new("NONE").unwrap()),
];

fn granted(order: &mut LicenceOrder, change: impl Fn(&mut LicenceGrant)) {
    match &mut order.action {
        LicenceAction::Register(grant) => change(grant),
        LicenceAction::Amend { quantity, .. } => *quantity = Quantity::from_raw(-1),
    }
}

/// Goods that may be sold: whose they are, their code, their units.
fn sold(scribe: &Scribe, pick: u8) -> Option<(CustomsNo, TariffCode, Units)> {
    let books = scribe.model.shelf.books.iter();
    let all: Vec<_> = books
        .flat_map(|book| {
            book.rows.iter().map(|row| (book.filing.owner.clone(), row.tariff.clone(), row.units.clone()))
        })
        .collect();
    choose(&all, pick)
}

/// A tariff line that asks for a licence, a licence for such goods, or another quantity or last day of one.
pub fn order(scribe: &Scribe, intent: &Intent) -> Command {
    let [pick, what, amount, day, unit, _] = intent.picks;
    let shelf = &scribe.model.shelf;
    let today = scribe.clock().date();
    let Some((party, tariff_code, units)) = sold(scribe, pick) else {
        return tariff_line("5201000001", today, true);
    };
    let asked = shelf.tariffs.iter().rev().find(|row| row.0 == tariff_code.as_str()).is_some_and(|row| row.2);
    if !asked || what.is_multiple_of(16) {
        // Mostly from before the lists of the day; now and then none is needed any more.
        return tariff_line(tariff_code.as_str(), Date(today.0 - i32::from(day % 3)), !asked);
    }
    let allowed = quantity(["5", "20", "60", "1000", "0.5"][usize::from(amount) % 5]);
    let last = Date(today.0 + i32::from(day % 8) - 1);
    let known = choose(&shelf.licences, amount).filter(|_| what.is_multiple_of(4));
    let mut order = match known {
        Some(known) => {
            licence(known.number.as_str(), LicenceAction::Amend { quantity: allowed, valid_until: last })
        }
        None => {
            let free = LICENCES
                .into_iter()
                .find(|number| shelf.licences.iter().all(|copy| copy.number.as_str() != *number));
            let number = free.unwrap_or(LICENCES[usize::from(what) % LICENCES.len()]);
            let unit = match unit % 4 {
                0 => units.statutory1.clone(),
                1 => units.statutory2.clone().unwrap_or_else(|| world::goods(2).units.statutory1),
                _ => units.declared.clone(),
            };
            let valid_from =
                Date(today.0 - 30 + if unit.as_str() == "007" { i32::from(day % 32) } else { 0 });
            let valid_until = last.max(valid_from);
            let grant = LicenceGrant { party, tariff_code, unit, quantity: allowed, valid_from, valid_until };
            licence(number, LicenceAction::Register(grant))
        }
    };
    twist(TWISTS, &mut order, intent.twist);
    Command::Licence(order)
}
