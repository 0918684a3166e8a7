//! Reference data: what may be imported. The rows themselves move nothing.

use super::{Model, Shown};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::reference::{ReferenceEntry, ReferenceImport, ReferenceKind, ReferenceRow};

fn sound(entry: &ReferenceEntry) -> bool {
    let digits = |count: usize| {
        entry.key.code.chars().count() == count && entry.key.code.chars().all(|c| c.is_ascii_digit())
    };
    match (&entry.row, entry.key.kind) {
        (ReferenceRow::Exchange { cny, usd }, ReferenceKind::Exchange) => {
            digits(3) && cny.raw() > 0 && usd.raw() > 0 && entry.key.from.civil().2 == 1
        }
        (ReferenceRow::Tariff(tariff), ReferenceKind::Tariff) => {
            digits(10) && [tariff.duty, tariff.vat, tariff.consumption].iter().all(|rate| rate.raw() >= 0)
        }
        (ReferenceRow::RepairProduct { batch, name_zh, .. }, ReferenceKind::RepairProduct) => {
            [4, 6, 8, 10].into_iter().any(digits) && ![batch, name_zh].iter().any(|text| text.is_empty())
        }
        _ => false,
    }
}

impl Model {
    pub(super) fn import_reference(&mut self, import: &ReferenceImport) -> Result<Shown, Reason> {
        for (at, entry) in import.rows.iter().enumerate() {
            if !sound(entry) {
                return Err(Reason::InvalidField);
            }
            if import.rows.iter().take(at).any(|other| other.key == entry.key) {
                return Err(Reason::NamedTwice);
            }
        }
        for entry in &import.rows {
            let (code, from) = (entry.key.code.to_string(), entry.key.from);
            match &entry.row {
                ReferenceRow::Tariff(tariff) => self.shelf.tariffs.push((code, from, tariff.licence)),
                ReferenceRow::RepairProduct { allowed, .. } => {
                    self.shelf.catalogue.push((code, from, *allowed));
                }
                _ => {}
            }
        }
        Ok(Shown::default())
    }
}
