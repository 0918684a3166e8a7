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

/// The same where products are told as materials.
const CONVERTED_COLUMNS: &[Column<'static>] = &[
    Column("book", "/counted/book_no"),
    Column("kind", "/counted/mark"),
    Column("item", "/counted/number"),
    Column("serial", "/counted/serial"),
    Column("book has (A)", "/book_balance/declared"),
    Column("counted", "/counted/declared"),
    Column("with products (B)", "/counted_in_all/declared"),
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
    reckon_rows(client, file, as_of, None).await
}

async fn reckon_rows(
    client: &Client,
    file: &Path,
    as_of: Option<&str>,
    convert_products: Option<v1::ProductConversion>,
) -> Result<Reckoned, Failure> {
    let counted = count::counted(&file.display().to_string(), &read_bytes(file)?).map_err(Failure::usage)?;
    if convert_products.is_some() && counted.len() > ROWS_MAX {
        return Err(Failure::usage(format!(
            "products and materials go in one call: at most {ROWS_MAX} rows"
        )));
    }
    let mut as_of = as_of.map(moment::as_of).transpose()?;
    let mut reckoned =
        Reckoned { revision: 0, digest: String::new(), rows: Vec::with_capacity(counted.len()) };
    for chunk in counted.chunks(ROWS_MAX) {
        let counted = chunk.iter().map(goods_to_wire).collect();
        let request = v1::ReconcileRequest {
            as_of,
            counted,
            convert_products: convert_products.clone(),
            ..Default::default()
        };
        let found = client.reconcile(request).await?;
        as_of = Some(v1::AsOf { moment: Some(v1::as_of::Moment::Revision(found.revision)) });
        reckoned.revision = found.revision;
        reckoned.digest = found.digest;
        reckoned.rows.extend(found.reckonings);
    }
    Ok(reckoned)
}

/// What a campaign agreed on beside its book at the cut-off.
async fn campaign(
    client: &Client,
    campaign_no: String,
    convert_products: Option<v1::ProductConversion>,
) -> Result<Reckoned, Failure> {
    let request = v1::ReconcileRequest { campaign_no, convert_products, ..Default::default() };
    let found = client.reconcile(request).await?;
    Ok(Reckoned { revision: found.revision, digest: found.digest, rows: found.reckonings })
}

/// `BOOK/PRODUCT=VERSION`
fn version(text: &str) -> Result<v1::ProductVersion, Failure> {
    let named = text.split_once('=').and_then(|(product, version)| {
        let (book_no, product) = product.split_once('/')?;
        let (book_no, version) = (book_no.to_owned(), version.to_owned());
        Some(v1::ProductVersion { book_no, product: product.parse().ok()?, version })
    });
    named.ok_or_else(|| Failure::usage(format!("{text}: BOOK/PRODUCT=VERSION is expected")))
}

pub async fn run(online: &Online, command: Reconcile) -> Result<(), Failure> {
    let client = online.client();
    let versions: Result<Vec<_>, Failure> = command.bom_version.iter().map(|text| version(text)).collect();
    let versions = versions?;
    let convert = command.convert_products.then_some(v1::ProductConversion { versions });
    let mut reckoned = match (command.campaign, &command.count) {
        (Some(campaign_no), _) => campaign(&client, campaign_no, convert).await?,
        (None, Some(count)) => reckon_rows(&client, count, command.as_of.as_deref(), convert).await?,
        (None, None) => return Err(Failure::usage("a file with what was counted, or --campaign")),
    };
    if command.differences {
        reckoned.rows.retain(|row| row.difference != "0");
    }
    if online.output == Format::Table {
        eprintln!("at revision {}, digest {}", reckoned.revision, reckoned.digest);
    }
    let columns = if command.convert_products { CONVERTED_COLUMNS } else { COLUMNS };
    output::many(online.output, columns, "Reckoning", &reckoned.rows)
}
