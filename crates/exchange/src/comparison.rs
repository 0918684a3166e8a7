//! A parallel run: the tables of another system beside ours, and where the two differ.
//!
//! Both sides have the columns of [`crate::tables`]. A row that one side lacks counts as nothing on that side: a position
//! without movements has no row in either system, and a list that only one of them knows differs in its state.

use crate::sheet::{self, SheetError};
use crate::tables::{BALANCE_COLUMNS, MOVEMENT_COLUMNS};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::time::LocalTime;

/// A table that can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// `balances.csv` or `boundary.csv`: figures by position and measure.
    Balances,
    /// `movements.csv`: state, version and times by list.
    Movements,
}

/// How a column is read, so that 1.50 equals 1.5 and a blank between date and time equals a `T`.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Number,
    Time,
}

impl Compared {
    const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Balances => BALANCE_COLUMNS,
            Self::Movements => MOVEMENT_COLUMNS,
        }
    }

    /// The columns in front that say what a row is of.
    const fn key_length(self) -> usize {
        match self {
            Self::Balances => 8,
            Self::Movements => 1,
        }
    }

    fn form(self, column: &str) -> Form {
        match (self, column) {
            (Self::Balances, _) if self.figures().contains(&column) => Form::Number,
            (_, "item") => Form::Number,
            (Self::Movements, "version" | "lines") => Form::Number,
            (Self::Movements, column) if column.ends_with("_time") => Form::Time,
            _ => Form::Text,
        }
    }

    /// The columns that are compared.
    #[must_use]
    pub fn figures(self) -> &'static [&'static str] {
        self.columns().get(self.key_length()..).unwrap_or_default()
    }
}

/// Where two systems differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The columns that say what the row is of, joined by `|`.
    pub key: String,
    /// The column that differs.
    pub figure: String,
    /// What we have; empty where we have no such row.
    pub ours: String,
    /// What the other system has; empty where it has no such row.
    pub theirs: String,
    /// Theirs less ours, of numbers.
    pub difference: String,
}

/// Columns of a list of differences.
pub const DIFFERENCE_COLUMNS: &[&str] = &["key", "figure", "ours", "theirs", "difference"];

type Rows = BTreeMap<Vec<String>, Vec<String>>;

/// Compares our table with that of another system.
///
/// `only` names the columns to look at; none means all.
///
/// # Errors
/// Names file, line, column and value of what cannot be read, and a row that stands twice.
pub fn compare(
    table: Compared,
    ours: &str,
    (file, theirs): (&str, &[u8]),
    only: &[String],
) -> Result<Vec<Difference>, SheetError> {
    let (ours, theirs) = (rows(table, "ours", ours.as_bytes())?, rows(table, file, theirs)?);
    Ok(differences(table, &ours, &theirs, only))
}

/// The cut-offs that a table of balances is of, in order of name.
///
/// # Errors
/// As [`compare`].
pub fn cut_offs(file: &str, bytes: &[u8]) -> Result<BTreeSet<String>, SheetError> {
    Ok(rows(Compared::Balances, file, bytes)?.into_keys().filter_map(|key| key.into_iter().next()).collect())
}

fn differences(table: Compared, ours: &Rows, theirs: &Rows, only: &[String]) -> Vec<Difference> {
    let keys: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    let mut found = Vec::new();
    for key in keys {
        let (our_row, their_row) = (ours.get(key), theirs.get(key));
        for (at, figure) in table.figures().iter().enumerate() {
            if !only.is_empty() && !only.iter().any(|name| name == figure) {
                continue;
            }
            let of = |row: Option<&Vec<String>>| row.and_then(|row| row.get(at)).cloned();
            let (ours, theirs) = (of(our_row), of(their_row));
            if counts(table, figure, ours.as_deref()) != counts(table, figure, theirs.as_deref()) {
                found.push(difference(key, figure, ours, theirs));
            }
        }
    }
    found
}

/// A figure that is not there is zero, a text that is not there is empty.
fn counts<'v>(table: Compared, figure: &str, value: Option<&'v str>) -> &'v str {
    match (table.form(figure), value) {
        (Form::Number, None | Some("")) => "0",
        (_, value) => value.unwrap_or_default(),
    }
}

fn difference(key: &[String], figure: &str, ours: Option<String>, theirs: Option<String>) -> Difference {
    let number = |text: &Option<String>| Quantity::parse_amount(text.as_deref().unwrap_or("0")).ok();
    let less = number(&theirs).zip(number(&ours)).and_then(|(theirs, ours)| theirs.checked_sub(ours));
    Difference {
        key: key.join("|"),
        figure: figure.to_owned(),
        ours: ours.unwrap_or_default(),
        theirs: theirs.unwrap_or_default(),
        difference: less.map(|less| less.to_string()).unwrap_or_default(),
    }
}

fn rows(table: Compared, file: &str, bytes: &[u8]) -> Result<Rows, SheetError> {
    let mut rows = Rows::new();
    let mut twice = None;
    sheet::read(file, bytes, table.columns(), |row| {
        let mut cells = Vec::with_capacity(table.columns().len());
        for column in table.columns() {
            cells.push(row.read(column, |text| canonical(table.form(column), text))?);
        }
        let figures = cells.split_off(table.key_length());
        if rows.insert(cells.clone(), figures).is_some() && twice.is_none() {
            twice = Some(cells);
        }
        Ok(())
    })?;
    match twice {
        None => Ok(rows),
        Some(key) => Err(SheetError::NotCsv {
            file: file.to_owned(),
            problem: format!("the row of {} stands twice", key.join("|")),
        }),
    }
}

fn canonical(form: Form, text: &str) -> Result<String, String> {
    match form {
        _ if text.is_empty() => Ok(String::new()),
        Form::Text => Ok(text.to_owned()),
        Form::Number => Quantity::parse_amount(text).map(|n| n.to_string()).map_err(|e| e.to_string()),
        Form::Time => LocalTime::parse(text).map(|time| time.to_string()).map_err(|e| e.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "cutoff,book,kind,item,lot,serial,place,measure,increase_pending,increase_posted,\
                        decrease_pending,decrease_posted,on_hand,available\n";

    fn balances(ours: &str, theirs: &str, only: &[&str]) -> Result<Vec<Difference>, SheetError> {
        let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
        compare(
            Compared::Balances,
            &format!("{HEAD}{ours}"),
            ("theirs.csv", format!("{HEAD}{theirs}").as_bytes()),
            &only,
        )
    }

    #[test]
    fn equal_figures_in_another_form_and_order_do_not_differ() {
        let ours =
            "END,T1,I,1,,,ZONE,declared,0,10.5,0,0,10.5,10.5\nEND,T1,I,2,,,ZONE,declared,0,1,0,1,0,0\n";
        let theirs =
            "END,T1,I,2,,,ZONE,declared,,1,,1.0,,0\nEND,T1,I,01,,,ZONE,declared,0,10.50,0,0,10.50,10.5\n";
        assert_eq!(balances(ours, theirs, &[]).unwrap(), []);
    }

    #[test]
    fn what_differs_is_named_with_both_figures() {
        let ours = "END,T1,I,1,,,ZONE,declared,0,10,0,3,7,7\n";
        let theirs =
            "END,T1,I,1,,,ZONE,declared,0,10,0,2.5,7.5,7.5\nEND,T1,I,9,,,ZONE,declared,0,4,0,0,4,4\n";
        let found = balances(ours, theirs, &["on_hand"]).unwrap();
        let shown: Vec<_> = found
            .iter()
            .map(|found| {
                (found.key.as_str(), found.ours.as_str(), found.theirs.as_str(), found.difference.as_str())
            })
            .collect();
        assert_eq!(
            shown,
            [("END|T1|I|1|||ZONE|declared", "7", "7.5", "0.5"), ("END|T1|I|9|||ZONE|declared", "", "4", "4"),]
        );
        assert_eq!(balances(ours, theirs, &[]).unwrap().len(), 3 + 3);
    }

    #[test]
    fn rows_that_cannot_be_read_or_stand_twice_are_named() {
        let row = "END,T1,I,1,,,ZONE,declared,0,10,0,3,7,7\n";
        assert!(balances(row, &format!("{row}{row}"), &[]).unwrap_err().to_string().contains("twice"));
        let wrong = row.replace(",10,", ",ten,");
        let text = balances(row, &wrong, &[]).unwrap_err().to_string();
        assert!(text.contains("line 2") && text.contains("increase_posted"), "{text}");
    }

    #[test]
    fn lists_differ_by_state_and_times() {
        let head = MOVEMENT_COLUMNS.join(",");
        let row = |state: &str, posted: &str| {
            format!("{head}\nQD1,T1,I,I,0,5000,1,2,{state},2026-06-01T08:00:00,,,{posted},,\n")
        };
        let compared = |ours: String, theirs: String| {
            compare(Compared::Movements, &ours, ("m.csv", theirs.as_bytes()), &[]).unwrap()
        };
        let posted = row("POSTED", "2026-06-02T08:00:00");
        assert_eq!(compared(posted.clone(), row("POSTED", "2026-06-02 08:00:00")), []);
        let found = compared(posted.clone(), row("PRE_POSTED", ""));
        assert_eq!(
            found.iter().map(|found| found.figure.as_str()).collect::<Vec<_>>(),
            ["state", "posted_time"]
        );
        let alone = compared(posted, format!("{head}\n"));
        assert!(
            alone.iter().any(|found| (found.figure.as_str(), found.ours.as_str()) == ("state", "POSTED"))
        );
    }
}
