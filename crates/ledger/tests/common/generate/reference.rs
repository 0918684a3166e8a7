//! Reference data that chance imports.

use super::Intent;
use zonebook_ledger::code::UnitCode;
use zonebook_ledger::command::Command;
use zonebook_ledger::quantity::Factor;
use zonebook_ledger::reference::{
    ReferenceEntry, ReferenceImport, ReferenceKey, ReferenceKind, ReferenceRow, Tariff, month_of,
};
use zonebook_ledger::time::Date;

/// A tariff row and an exchange rate; now and then one with a flaw, or one twice.
pub fn import(intent: &Intent, today: Date) -> Command {
    let [_, _, _, odd, rate, _] = intent.picks;
    let percent =
        |odd_here: bool| Factor::from_raw(if odd_here { -1 } else { i128::from(rate) * Factor::ONE });
    let tariff = Tariff {
        duty: percent(odd % 8 == 1),
        by_origin: Default::default(),
        vat: percent(odd % 8 == 2),
        consumption: Factor::ZERO,
        unit1: UnitCode::new("035").unwrap(),
        unit2: None,
        dangerous: false,
        licence: false,
    };
    let code = if odd % 8 == 3 { "847130000" } else { "8471300000" };
    let tariff = entry(1, ReferenceKind::Tariff, code, today, ReferenceRow::Tariff(tariff));
    let cny = Factor::from_raw(i128::from(rate) * Factor::ONE);
    let month = if odd % 8 == 4 { Date(month_of(today).0 + 1) } else { month_of(today) };
    let row = ReferenceRow::Exchange { cny, usd: Factor::from_raw(Factor::ONE) };
    let exchange = entry(2, ReferenceKind::Exchange, "502", month, row);
    let mut rows = vec![tariff, exchange];
    if odd % 8 == 5 {
        rows.push(rows[0].clone());
    }
    Command::ImportReference(ReferenceImport { source: "table".into(), rows })
}

/// A tariff line of goods that need an import licence, or need none any more.
pub fn tariff_line(code: &str, from: Date, licence: bool) -> Command {
    let row = ReferenceRow::Tariff(Tariff {
        duty: Factor::ZERO,
        by_origin: Default::default(),
        vat: Factor::ZERO,
        consumption: Factor::ZERO,
        unit1: UnitCode::new("035").unwrap(),
        unit2: None,
        dangerous: false,
        licence,
    });
    let rows = vec![entry(1, ReferenceKind::Tariff, code, from, row)];
    Command::ImportReference(ReferenceImport { source: "licences".into(), rows })
}

/// An entry of the catalogue of bonded repair.
pub fn repair_product(code: &str, from: Date, allowed: bool) -> Command {
    let row = ReferenceRow::RepairProduct { allowed, batch: "第一批".into(), name_zh: "泵".into() };
    let rows = vec![entry(1, ReferenceKind::RepairProduct, code, from, row)];
    Command::ImportReference(ReferenceImport { source: "catalogue".into(), rows })
}

fn entry(line: u64, kind: ReferenceKind, code: &str, from: Date, row: ReferenceRow) -> ReferenceEntry {
    ReferenceEntry { line, key: ReferenceKey { kind, code: code.into(), from }, row }
}
