//! What goes to standard output: tables for people, JSON and CSV for programs.

use crate::failure::{Failure, code};
use crate::json;
use crate::moment;
use comfy_table::{Cell, CellAlignment, Table, presets};
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

/// Prints rows.
pub fn rows(format: Format, columns: &[Column<'_>], rows: &[Value]) -> Result<(), Failure> {
    let cells = |row: &Value| columns.iter().map(|Column(_, at)| cell(row, at)).collect::<Vec<_>>();
    match format {
        Format::Json => {
            let text =
                serde_json::to_string_pretty(rows).map_err(|error| Failure::new(code::FAILED, error))?;
            write(&(text + "\n"))
        }
        Format::Csv => {
            let failed = |error: &dyn std::fmt::Display| Failure::new(code::FAILED, error);
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer
                .write_record(columns.iter().map(|Column(head, _)| head))
                .map_err(|error| failed(&error))?;
            for row in rows {
                writer.write_record(cells(row)).map_err(|error| failed(&error))?;
            }
            let bytes = writer.into_inner().map_err(|error| failed(&error))?;
            write(&String::from_utf8_lossy(&bytes))
        }
        Format::Xlsx if std::io::stdout().is_terminal() => {
            Err(Failure::usage("a workbook goes into a file, not to a terminal: `-o xlsx > FILE`"))
        }
        Format::Xlsx => {
            let head: Vec<&str> = columns.iter().map(|Column(head, _)| *head).collect();
            let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
            let bytes = workbook::write("zonebook", &head, cells.iter().map(Vec::as_slice));
            write_bytes(&bytes.map_err(|error| Failure::new(code::FAILED, error))?)
        }
        Format::Table => {
            let mut table = Table::new();
            table.load_preset(presets::NOTHING);
            table.set_header(columns.iter().map(|Column(head, _)| *head));
            for row in rows {
                let cells = cells(row).into_iter().map(|text| {
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
