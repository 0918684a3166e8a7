//! An enterprise's own stock, sent part by part and set beside the book.

use crate::client::Client;
use crate::error::Error;
use crate::patience::Patience;
use zonebook_api::v1;
use zonebook_api::v1::reconciliation_service_client::ReconciliationServiceClient;

/// Rows in one part.
const PART_ROWS: usize = 10_000;

/// A book beside an extract.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StockCompared {
    /// The revision that the book is of.
    pub revision: u64,
    /// The ledger's digest after it.
    pub digest: String,
    /// The items, in order of mark and number.
    pub items: Vec<v1::StockComparison>,
    /// Rows that are of no item.
    pub unmatched: Vec<v1::UnmatchedRow>,
}

impl Client {
    /// Sets an extract beside a book. It only reads, so a stream that breaks is begun again on another node, until no node
    /// has answered for the deadline.
    ///
    /// # Errors
    /// No node answers, the book is not there, or a row cannot be read.
    pub async fn compare_stock(
        &self,
        book_no: &str,
        as_of: Option<v1::AsOf>,
        rows: &[v1::StockRow],
    ) -> Result<StockCompared, Error> {
        let patience = Patience::new(self);
        loop {
            let (address, channel) = self.stream_channel()?;
            let broke = match compare_once(channel, parts(book_no, as_of, rows)).await {
                Ok(compared) => return Ok(compared),
                Err(status) => status,
            };
            patience.again(&address, broke).await?;
        }
    }
}

/// The parts of a request. The first says what it is about, also where there are no rows.
fn parts(book_no: &str, as_of: Option<v1::AsOf>, rows: &[v1::StockRow]) -> Vec<v1::CompareStockRequest> {
    let first = rows.chunks(PART_ROWS).next().unwrap_or_default();
    let head =
        v1::CompareStockRequest { book_no: book_no.into(), as_of, consistency: None, rows: first.to_vec() };
    let others = rows.chunks(PART_ROWS).skip(1);
    let others = others.map(|rows| v1::CompareStockRequest { rows: rows.to_vec(), ..Default::default() });
    [head].into_iter().chain(others).collect()
}

async fn compare_once(
    channel: tonic::transport::Channel,
    parts: Vec<v1::CompareStockRequest>,
) -> Result<StockCompared, tonic::Status> {
    let mut service = ReconciliationServiceClient::new(channel);
    let mut replies = service.compare_stock(tokio_stream::iter(parts)).await?.into_inner();
    let mut compared = StockCompared::default();
    while let Some(reply) = replies.message().await? {
        compared.revision = reply.revision;
        compared.digest = reply.digest;
        compared.items.extend(reply.items);
        compared.unmatched.extend(reply.unmatched);
    }
    Ok(compared)
}
