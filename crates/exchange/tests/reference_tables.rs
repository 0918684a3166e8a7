//! The tables of reference data in the repository can be read, and tariff codes begin with codes of the Harmonized System.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use zonebook_exchange::reference_table::read;
use zonebook_ledger::reference::{ReferenceEntry, ReferenceKind};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn table(kind: ReferenceKind, name: &str) -> Vec<ReferenceEntry> {
    let bytes = std::fs::read(root().join("docs/reference").join(name)).unwrap();
    let rows = read(kind, name, &bytes).unwrap_or_else(|error| panic!("{error}"));
    assert!(!rows.is_empty(), "{name} is empty");
    rows
}

#[test]
fn every_table_can_be_read() {
    for (kind, name) in [
        (ReferenceKind::Unit, "units.csv"),
        (ReferenceKind::Currency, "currencies.csv"),
        (ReferenceKind::Country, "countries.csv"),
        (ReferenceKind::Mode, "modes.csv"),
        (ReferenceKind::Conversion, "conversions.csv"),
        (ReferenceKind::Tariff, "tariff-example.csv"),
        (ReferenceKind::Exchange, "exchange-example.csv"),
    ] {
        table(kind, name);
    }
}

/// The nomenclature is public and not kept here; where it lies beside the repository, the table is held against it.
#[test]
fn tariff_codes_begin_with_codes_of_the_harmonized_system() {
    let file = root().join("../shared/data/hs.csv");
    let Ok(text) = std::fs::read_to_string(&file) else {
        eprintln!("SKIPPED: {} is not there; the tariff table was held against nothing", file.display());
        return;
    };
    let known: BTreeSet<&str> = text.lines().filter_map(|line| line.split(',').nth(1)).collect();
    assert!(known.contains("010121"), "{} is no table of the Harmonized System", file.display());
    for row in table(ReferenceKind::Tariff, "tariff-example.csv") {
        let six = row.key.code.get(..6).unwrap_or_default();
        assert!(known.contains(six), "line {}: {six} of {} is no code", row.line, row.key.code);
    }
}
