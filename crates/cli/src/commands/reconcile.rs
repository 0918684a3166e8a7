//! `reconcile`: a count beside the books.

use super::read_bytes;
use crate::arguments::{Online, Reconcile};
use crate::failure::Failure;
use crate::moment;
use crate::output::{self, Column, Format};
use std::path::Path;
use zonebook_api::reckoning::{ROWS_MAX, goods_to_wire};
use zonebook_api::v1;
use zonebook_client::Client;
use zonebook_exchange::count;

const COLUMNS: &[Column<'static>] = &[
    Column("book", "/counted/book_no"),
    Column("kind", "/counted/mark"),
    Column("item", "/counted/number"),
    Column("serial", "/counted/serial"),
    Column("book has (A)", "/book_balance/declared"),
    Column("counted (B)", "/counted/declared"),
    Column("timing (C)", "/explained/declared"),
    Column("difference", "/difference"),
    Column("ppm of inflow", "/ppm_of_inflow"),
    Column("class", "/class"),
];

/// A count beside the books of one revision.
pub struct Reckoned {
    /// The revision.
    pub revision: u64,
    /// The ledger's digest after it.
    pub digest: String,
    /// In the order of the count.
    pub rows: Vec<v1::Reckoning>,
}

/// Has a count set beside the books, in as many calls as it takes, all at one revision.
pub async fn reckon(client: &Client, file: &Path, as_of: Option<&str>) -> Result<Reckoned, Failure> {
    let counted = count::counted(&file.display().to_string(), &read_bytes(file)?).map_err(Failure::usage)?;
    let mut as_of = as_of.map(moment::as_of).transpose()?;
    let mut reckoned =
        Reckoned { revision: 0, digest: String::new(), rows: Vec::with_capacity(counted.len()) };
    for chunk in counted.chunks(ROWS_MAX) {
        let counted = chunk.iter().map(goods_to_wire).collect();
        let request = v1::ReconcileRequest { as_of, counted, ..Default::default() };
        let found = client.reconcile(request).await?;
        as_of = Some(v1::AsOf { moment: Some(v1::as_of::Moment::Revision(found.revision)) });
        reckoned.revision = found.revision;
        reckoned.digest = found.digest;
        reckoned.rows.extend(found.reckonings);
    }
    Ok(reckoned)
}

/// What a campaign agreed on beside its book at the cut-off.
async fn campaign(client: &Client, campaign_no: String) -> Result<Reckoned, Failure> {
    let request = v1::ReconcileRequest { campaign_no, ..Default::default() };
    let found = client.reconcile(request).await?;
    Ok(Reckoned { revision: found.revision, digest: found.digest, rows: found.reckonings })
}

pub async fn run(online: &Online, command: Reconcile) -> Result<(), Failure> {
    let client = online.client();
    let mut reckoned = match (command.campaign, &command.count) {
        (Some(campaign_no), _) => campaign(&client, campaign_no).await?,
        (None, Some(count)) => reckon(&client, count, command.as_of.as_deref()).await?,
        (None, None) => return Err(Failure::usage("a file with what was counted, or --campaign")),
    };
    if command.differences {
        reckoned.rows.retain(|row| row.difference != "0");
    }
    if online.output == Format::Table {
        eprintln!("at revision {}, digest {}", reckoned.revision, reckoned.digest);
    }
    output::many(online.output, COLUMNS, "Reckoning", &reckoned.rows)
}
