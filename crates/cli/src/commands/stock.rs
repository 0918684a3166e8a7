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
    Column("explained by, and lots that differ", "/why"),
    Column("unexplained", "/unexplained"),
];

pub async fn run(online: &Online, command: Stock) -> Result<(), Failure> {
    let name = command.extract.display().to_string();
    let rows = extract::stock(&name, &read_bytes(&command.extract)?).map_err(Failure::usage)?;
    let rows: Vec<v1::StockRow> = rows.iter().map(row_to_wire).collect();
    let as_of = command.as_of.as_deref().map(moment::as_of).transpose()?;
    let mut compared = online.client().compare_stock(&command.book_no, as_of, &rows).await?;
    if command.differences {
        compared.items.retain(|item| item.difference != "0" || lots_off(item).next().is_some());
    }
    if online.output == Format::Table {
        eprintln!("at revision {}, digest {}", compared.revision, compared.digest);
    }
    for row in &compared.unmatched {
        eprintln!("{name}: line {}: {}: {}", row.line, row.why, row.named);
    }
    show(online, &compared.items)?;
    let left = compared.items.iter().filter(|item| item.unexplained != "0").count();
    // Where the item itself agrees, only its lots are mixed up; else what explains the item explains its lots, too.
    let agrees = |item: &&v1::StockComparison| item.unexplained == "0" && item.explanations.is_empty();
    let mixed = compared.items.iter().filter(agrees).filter(|item| lots_off(item).next().is_some()).count();
    let unmatched = compared.unmatched.len();
    if left + mixed + unmatched == 0 {
        return Ok(());
    }
    Err(Failure::new(
        code::DIFFERENT,
        format!(
            "{left} items have a difference that nothing explains, {mixed} agree but for their lots, {unmatched} lines are \
             of no item"
        ),
    ))
}

/// The lots of an item of which the extract has more or less than should be there.
fn lots_off(item: &v1::StockComparison) -> impl Iterator<Item = &v1::LotComparison> {
    item.lots.iter().filter(|lot| lot.difference != "0")
}

/// The items with their explanations, in words for a table.
fn show(online: &Online, items: &[v1::StockComparison]) -> Result<(), Failure> {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        let mut value = crate::json::value("StockComparison", item)?;
        if online.output != Format::Json {
            let why = item.explanations.iter().map(|part| format!("{} {}", part.kind, part.quantity));
            let lots = lots_off(item).map(|lot| match lot.lot.as_str() {
                "" => format!("{} in lines without a lot", lot.difference),
                number => format!("lot {number} {} ({})", lot.difference, lot.side),
            });
            let why: Vec<String> = why.chain(lots).collect();
            if let Some(object) = value.as_object_mut() {
                object.insert("why".into(), why.join("; ").into());
            }
        }
        values.push(value);
    }
    output::rows(online.output, COLUMNS, &values)
}
