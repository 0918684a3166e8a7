//! `compare`: a parallel run of another system, table by table.

use super::export::{self, CutOff};
use super::read_bytes;
use crate::arguments::{Compare, CompareTable, Online};
use crate::failure::{Failure, code};
use crate::output::{self, Column};
use std::path::Path;
use zonebook_exchange::comparison::{self, Compared, DIFFERENCE_COLUMNS, Difference};
use zonebook_exchange::tables;

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::new(code::FAILED, error)
}

pub async fn run(online: &Online, command: Compare) -> Result<(), Failure> {
    let client = online.client();
    let found = match command.table {
        CompareTable::Balances { file, as_of, only } => {
            known(Compared::Balances, &only)?;
            let (name, theirs) = (file.display().to_string(), read_bytes(&file)?);
            let cut_offs: Result<Vec<CutOff>, Failure> =
                as_of.iter().map(|text| CutOff::parse(text)).collect();
            let cut_offs = Some(cut_offs?).filter(|given| !given.is_empty());
            let cut_offs = cut_offs.unwrap_or_else(|| vec![CutOff::now()]);
            let named = comparison::cut_offs(&name, &theirs).map_err(Failure::usage)?;
            if let Some(unknown) = named.iter().find(|name| cut_offs.iter().all(|given| given.name != **name))
            {
                let rule =
                    format!("{name}: no moment is given for the cut-off {unknown}: --as-of {unknown}=MOMENT");
                return Err(Failure::usage(rule));
            }
            let rows = export::balances(&client, &cut_offs, false).await?;
            let ours = tables::balances(&rows).map_err(failed)?;
            compared(Compared::Balances, &ours, &file, &theirs, &only)?
        }
        CompareTable::Movements { file, only } => {
            known(Compared::Movements, &only)?;
            let ours = tables::movements(&export::movements(&client).await?).map_err(failed)?;
            compared(Compared::Movements, &ours, &file, &read_bytes(&file)?, &only)?
        }
    };
    show(online, &found)
}

fn known(table: Compared, only: &[String]) -> Result<(), Failure> {
    match only.iter().find(|name| !table.figures().contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(Failure::usage(format!("--only {name}: one of {}", table.figures().join(", ")))),
    }
}

fn compared(
    table: Compared,
    ours: &str,
    file: &Path,
    theirs: &[u8],
    only: &[String],
) -> Result<Vec<Difference>, Failure> {
    let file = file.display().to_string();
    comparison::compare(table, ours, (&file, theirs), only).map_err(Failure::usage)
}

fn show(online: &Online, found: &[Difference]) -> Result<(), Failure> {
    let values: Result<Vec<_>, _> = found.iter().map(serde_json::to_value).collect();
    let pointers: Vec<String> = DIFFERENCE_COLUMNS.iter().map(|column| format!("/{column}")).collect();
    let columns: Vec<Column> =
        DIFFERENCE_COLUMNS.iter().zip(&pointers).map(|(column, at)| Column(column, at)).collect();
    output::rows(online.output, &columns, &values.map_err(failed)?)?;
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::new(code::DIFFERENT, format!("{} figures differ", found.len())))
}
