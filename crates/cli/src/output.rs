//! What goes to standard output: tables for people, JSON and CSV for programs.

use crate::failure::{Failure, code};
use crate::json;
use crate::moment;
use comfy_table::{Cell, CellAlignment, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use prost::Message;
use serde_json::Value;
use std::io::{IsTerminal, Write};
use zonebook_exchange::workbook;

/// The form of what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Columns for people.
    #[default]
    Table,
    /// JSON, stable.
    Json,
    /// CSV with a head.
    Csv,
    /// A workbook, all cells text.
    Xlsx,
}

/// A column: its head, and where its value stands in the JSON of a row.
pub struct Column<'a>(pub &'a str, pub &'a str);

/// A bar on standard error, of so many of something; hidden where nobody looks at it.
pub fn bar(quiet: bool, length: usize, of_what: &str) -> ProgressBar {
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(length as u64) };
    let template = format!("{{bar:40}} {{pos}}/{{len}} {of_what}  {{per_sec}}  {{eta}} left  {{msg}}");
    ProgressStyle::with_template(&template).map(|style| bar.clone().with_style(style)).unwrap_or(bar)
}

/// Writes to standard output; a reader that went away is no failure.
pub fn write(text: &str) -> Result<(), Failure> {
    write_bytes(text.as_bytes())
}

/// The same of what is no text.
pub fn write_bytes(bytes: &[u8]) -> Result<(), Failure> {
    match std::io::stdout().lock().write_all(bytes) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn cell(row: &Value, pointer: &str) -> String {
    match row.pointer(pointer) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text
            .parse::<jiff::Timestamp>()
            .map(|time| {
                let time = prost_types::Timestamp { seconds: time.as_second(), nanos: 0 };
                moment::local(&time).to_string()
            })
            .unwrap_or_else(|_| text.clone()),
        Some(Value::Array(values)) => {
            values.iter().map(|value| cell(value, "")).collect::<Vec<_>>().join(" ")
        }
        Some(other) => other.to_string(),
    }
}

fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
}

fn cells(columns: &[Column<'_>], row: &Value) -> Vec<String> {
    columns.iter().map(|Column(_, at)| cell(row, at)).collect()
}

/// Rows as CSV, with the head where they are the first ones.
fn csv(columns: &[Column<'_>], rows: &[Value], head: bool) -> Result<Vec<u8>, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(code::FAILED, error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    if head {
        writer.write_record(columns.iter().map(|Column(head, _)| head)).map_err(|error| failed(&error))?;
    }
    for row in rows {
        writer.write_record(cells(columns, row)).map_err(|error| failed(&error))?;
    }
    writer.into_inner().map_err(|error| failed(&error))
}

/// Prints rows.
pub fn rows(format: Format, columns: &[Column<'_>], rows: &[Value]) -> Result<(), Failure> {
    match format {
        Format::Json => {
            let text =
                serde_json::to_string_pretty(rows).map_err(|error| Failure::new(code::FAILED, error))?;
            write(&(text + "\n"))
        }
        Format::Csv => write_bytes(&csv(columns, rows, true)?),
        Format::Xlsx if std::io::stdout().is_terminal() => {
            Err(Failure::usage("a workbook goes into a file, not to a terminal: `-o xlsx > FILE`"))
        }
        Format::Xlsx => {
            let head: Vec<&str> = columns.iter().map(|Column(head, _)| *head).collect();
            let cells: Vec<Vec<String>> = rows.iter().map(|row| cells(columns, row)).collect();
            let bytes = workbook::write("zonebook", &head, cells.iter().map(Vec::as_slice));
            write_bytes(&bytes.map_err(|error| Failure::new(code::FAILED, error))?)
        }
        Format::Table => {
            let mut table = Table::new();
            table.load_preset(presets::NOTHING);
            table.set_header(columns.iter().map(|Column(head, _)| *head));
            for row in rows {
                let cells = cells(columns, row).into_iter().map(|text| {
                    let right = is_number(&text);
                    let cell = Cell::new(text);
                    if right { cell.set_alignment(CellAlignment::Right) } else { cell }
                });
                table.add_row(cells);
            }
            write(&format!("{table}\n"))
        }
    }
}

/// Prints one message: as a table of one row, or whole as JSON.
pub fn one(
    format: Format,
    columns: &[Column<'_>],
    name: &str,
    message: &impl Message,
) -> Result<(), Failure> {
    let value = json::value(name, message)?;
    if format == Format::Json {
        let text = serde_json::to_string_pretty(&value).map_err(|error| Failure::new(code::FAILED, error))?;
        return write(&(text + "\n"));
    }
    rows(format, columns, &[value])
}

/// Prints many messages as they come: as CSV at once, in other forms together at the end.
pub struct Gathered<'a> {
    format: Format,
    columns: &'a [Column<'a>],
    name: &'a str,
    values: Vec<Value>,
    head: bool,
}

impl<'a> Gathered<'a> {
    /// None so far.
    pub fn new(format: Format, columns: &'a [Column<'a>], name: &'a str) -> Self {
        Self { format, columns, name, values: Vec::new(), head: true }
    }

    /// Some more.
    pub fn add(&mut self, messages: &[impl Message]) -> Result<(), Failure> {
        for message in messages {
            self.values.push(json::value(self.name, message)?);
        }
        if self.format == Format::Csv {
            write_bytes(&csv(self.columns, &self.values, self.head)?)?;
            self.values.clear();
            self.head = false;
        }
        Ok(())
    }

    /// No more.
    pub fn finish(self) -> Result<(), Failure> {
        if self.format == Format::Csv && !self.head {
            return Ok(());
        }
        rows(self.format, self.columns, &self.values)
    }
}

/// Prints many messages.
pub fn many<M: Message>(
    format: Format,
    columns: &[Column<'_>],
    name: &str,
    messages: &[M],
) -> Result<(), Failure> {
    let values: Result<Vec<Value>, Failure> =
        messages.iter().map(|message| json::value(name, message)).collect();
    rows(format, columns, &values?)
}
