//! Tables are written with the columns and in the form of the samples.

mod common;

use common::{MONTHS, month, table};
use std::collections::HashMap;
use zonebook_exchange::tables::{self, BalanceRow, MovementRow, OutcomeRow};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::LocalTime;

/// The text and the rows of a table, of each month.
fn expected(name: &str) -> Vec<(String, Vec<HashMap<String, String>>)> {
    let files = MONTHS.map(|folder| month(folder).join("expected").join(name));
    files.iter().map(|file| (std::fs::read_to_string(file).unwrap(), table(file))).collect()
}

#[test]
fn outcomes_come_back_as_they_were() {
    let row = |row: &HashMap<String, String>| OutcomeRow {
        seq: row["seq"].parse().unwrap(),
        file: row["file"].clone(),
        kind: row["type"].clone(),
        business_id: row["business_id"].clone(),
        outcome: row["outcome"].clone(),
        reason: row["reason"].clone(),
        document: row["document"].clone(),
        state: row["state"].clone(),
        changed: row["changed"].clone(),
    };
    for (text, rows) in expected("outcomes.csv") {
        assert_eq!(tables::outcomes(&rows.iter().map(row).collect::<Vec<_>>()).unwrap(), text);
    }
}

#[test]
fn balances_come_back_as_they_were_and_in_their_order() {
    for (text, rows) in ["balances.csv", "boundary.csv"].into_iter().flat_map(expected) {
        let quantity = |row: &HashMap<String, String>, column: &str| Quantity::parse(&row[column]).unwrap();
        let mut rows: Vec<BalanceRow> = rows
            .iter()
            .map(|row| BalanceRow {
                cutoff: row["cutoff"].clone(),
                book: row["book"].clone(),
                kind: row["kind"].clone(),
                item: row["item"].parse().unwrap(),
                lot: row["lot"].clone(),
                serial: row["serial"].clone(),
                place: row["place"].clone(),
                measure: row["measure"].clone(),
                increase_pending: quantity(row, "increase_pending"),
                increase_posted: quantity(row, "increase_posted"),
                decrease_pending: quantity(row, "decrease_pending"),
                decrease_posted: quantity(row, "decrease_posted"),
                on_hand: quantity(row, "on_hand"),
                available: quantity(row, "available"),
            })
            .collect();
        rows.reverse();
        rows.sort_by(BalanceRow::in_text_order);
        assert_eq!(tables::balances(&rows).unwrap(), text);
    }
}

#[test]
fn movements_come_back_as_they_were() {
    let time = |row: &HashMap<String, String>, column: &str| LocalTime::parse(&row[column]).ok();
    let row = |row: &HashMap<String, String>| MovementRow {
        list_no: row["list_no"].clone(),
        book: row["book"].clone(),
        direction: row["direction"].clone(),
        mark: row["mark"].clone(),
        list_kind: row["list_kind"].clone(),
        mode: row["mode"].clone(),
        version: row["version"].parse().unwrap(),
        lines: row["lines"].parse().unwrap(),
        state: row["state"].clone(),
        prevd_time: time(row, "prevd_time").unwrap(),
        release_time: time(row, "release_time"),
        gate_time: time(row, "gate_time"),
        posted_time: time(row, "posted_time"),
        verified_time: time(row, "verified_time"),
        withdrawn_time: time(row, "withdrawn_time"),
    };
    for (text, rows) in expected("movements.csv") {
        assert_eq!(tables::movements(&rows.iter().map(row).collect::<Vec<_>>()).unwrap(), text);
    }
}

#[test]
fn a_table_without_rows_has_its_columns() {
    assert_eq!(tables::balances(&[]).unwrap(), format!("{}\n", tables::BALANCE_COLUMNS.join(",")));
}
