//! What is printed.

use crate::arguments::Arguments;
use crate::cost::Cost;
use crate::load::{Measured, Shape};
use anyhow::Result;
use comfy_table::{Cell, CellAlignment, Table, presets};
use serde_json::{Value, json};
use std::io::Write;
use zonebook_api::v1;

/// One line of the report.
pub struct Run {
    shape: Shape,
    measured: Measured,
    cost: Cost,
}

#[allow(clippy::cast_precision_loss)]
fn ratio(count: u64, by: f64) -> f64 {
    if by > 0.0 { count as f64 / by } else { 0.0 }
}

#[allow(clippy::cast_precision_loss)]
fn milliseconds(microseconds: u64) -> f64 {
    microseconds as f64 / 1000.0
}

impl Run {
    pub fn new(shape: Shape, measured: Measured, cost: Cost) -> Self {
        Self { shape, measured, cost }
    }

    fn value(&self) -> Value {
        let Measured { movements, refused, sent_away, latency, seconds, lines_written } = &self.measured;
        let lines = movements * self.shape.lines as u64;
        let at = |quantile| milliseconds(latency.value_at_quantile(quantile));
        #[allow(clippy::cast_precision_loss)]
        let written = *lines_written as f64;
        json!({
            "lines": self.shape.lines,
            "callers": self.shape.callers,
            "mode": format!("{:?}", self.shape.mode).to_lowercase(),
            "workload": format!("{:?}", self.shape.workload).to_lowercase(),
            "distribution": format!("{:?}", self.shape.distribution).to_lowercase(),
            "rate": self.shape.rate,
            "movements_per_second": ratio(*movements, *seconds),
            "lines_per_second": ratio(lines, *seconds),
            "refused": refused,
            "sent_away": sent_away,
            "p50_ms": at(0.5),
            "p99_ms": at(0.99),
            "p999_ms": at(0.999),
            "max_ms": milliseconds(latency.max()),
            "bytes_per_line": ratio(self.cost.bytes, written),
            "cpu_seconds_per_million_lines": if written > 0.0 { self.cost.cpu_seconds * 1e6 / written } else { 0.0 },
        })
    }
}

const COLUMNS: [(&str, usize); 14] = [
    ("lines", 0),
    ("callers", 0),
    ("mode", 0),
    ("workload", 0),
    ("movements_per_second", 0),
    ("lines_per_second", 0),
    ("refused", 0),
    ("sent_away", 0),
    ("p50_ms", 2),
    ("p99_ms", 2),
    ("p999_ms", 2),
    ("max_ms", 2),
    ("bytes_per_line", 0),
    ("cpu_seconds_per_million_lines", 1),
];

fn shown(value: Option<&Value>, decimals: usize) -> String {
    match value {
        Some(Value::Number(number)) => format!("{:.decimals$}", number.as_f64().unwrap_or(0.0)),
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    }
}

/// Prints all runs, with what they ran on.
pub fn print(arguments: &Arguments, status: &v1::GetStatusResponse, runs: &[Run]) -> Result<()> {
    let values: Vec<Value> = runs.iter().map(Run::value).collect();
    let about = json!({
        "version": status.version,
        "nodes": status.members.len(),
        "fsync": "on: a group commit is synced before it is acknowledged",
        "items": arguments.items,
        "seconds": arguments.seconds,
        "runs": values,
    });
    let mut output = std::io::stdout().lock();
    if arguments.json {
        writeln!(output, "{}", serde_json::to_string_pretty(&about)?)?;
        return Ok(());
    }
    writeln!(
        output,
        "Zonebook {} on {} nodes, fsync on, {} items {:?}, {} s a run",
        status.version,
        status.members.len(),
        arguments.items,
        arguments.distribution,
        arguments.seconds
    )?;
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header(COLUMNS.iter().map(|(name, _)| *name));
    for value in &values {
        table.add_row(COLUMNS.iter().map(|(name, decimals)| {
            Cell::new(shown(value.get(name), *decimals)).set_alignment(CellAlignment::Right)
        }));
    }
    writeln!(output, "{table}")?;
    Ok(())
}
