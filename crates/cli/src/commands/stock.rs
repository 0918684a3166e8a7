//! `stock`: an enterprise's own stock beside a book.

use super::read_bytes;
use crate::arguments::{Online, Stock};
use crate::failure::{Failure, code};
use crate::moment;
use crate::output::{self, Column, Format};
use zonebook_api::stock::row_to_wire;
use zonebook_api::v1;
use zonebook_exchange::extract;

const COLUMNS: &[Column<'static>] = &[
    Column("kind", "/mark"),
    Column("item", "/number"),
    Column("part", "/part_no"),
    Column("lines", "/lines"),
    Column("extract", "/extract"),
    Column("book", "/book"),
    Column("difference", "/difference"),
    Column("explained by", "/why"),
    Column("unexplained", "/unexplained"),
];

pub async fn run(online: &Online, command: Stock) -> Result<(), Failure> {
    let name = command.extract.display().to_string();
    let rows = extract::stock(&name, &read_bytes(&command.extract)?).map_err(Failure::usage)?;
    let rows: Vec<v1::StockRow> = rows.iter().map(row_to_wire).collect();
    let as_of = command.as_of.as_deref().map(moment::as_of).transpose()?;
    let mut compared = online.client().compare_stock(&command.book_no, as_of, &rows).await?;
    if command.differences {
        compared.items.retain(|item| item.difference != "0");
    }
    if online.output == Format::Table {
        eprintln!("at revision {}, digest {}", compared.revision, compared.digest);
    }
    for row in &compared.unmatched {
        eprintln!("{name}: line {}: {}: {}", row.line, row.why, row.named);
    }
    show(online, &compared.items)?;
    let left = compared.items.iter().filter(|item| item.unexplained != "0").count();
    if left + compared.unmatched.len() == 0 {
        return Ok(());
    }
    let unmatched = compared.unmatched.len();
    Err(Failure::new(
        code::DIFFERENT,
        format!("{left} items have a difference that nothing explains, {unmatched} lines are of no item"),
    ))
}

/// The items with their explanations, in words for a table.
fn show(online: &Online, items: &[v1::StockComparison]) -> Result<(), Failure> {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        let mut value = crate::json::value("StockComparison", item)?;
        if online.output != Format::Json {
            let why: Vec<String> =
                item.explanations.iter().map(|part| format!("{} {}", part.kind, part.quantity)).collect();
            if let Some(object) = value.as_object_mut() {
                object.insert("why".into(), why.join("; ").into());
            }
        }
        values.push(value);
    }
    output::rows(online.output, COLUMNS, &values)
}
