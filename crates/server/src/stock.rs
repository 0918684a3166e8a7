//! An enterprise's stock extract as it comes in, and what is said of it as it goes out.

use crate::gateway::Gateway;
use futures::stream::BoxStream;
use futures::{StreamExt, stream};
use tonic::{Status, Streaming};
use zonebook_api::field::FieldError;
use zonebook_api::{status, stock, v1, value};
use zonebook_ledger::code::BookNo;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{Books, get};
use zonebook_reconcile::extract::{Comparison, ExtractRow, compare};

/// Rows of an extract, at most.
const ROWS_MAX: usize = 1_000_000;
/// Items or unmatched rows in one reply.
const PART_ROWS: usize = 1_000;

/// What an extract is to be set beside, and its rows.
pub struct Asked {
    book_no: BookNo,
    moment: Moment,
    consistency: Option<v1::Consistency>,
    rows: Vec<ExtractRow>,
}

/// What goes out.
pub type Told = BoxStream<'static, Result<v1::CompareStockResponse, Status>>;

/// Takes all parts of an extract.
pub async fn gather(mut parts: Streaming<v1::CompareStockRequest>) -> Result<Asked, Status> {
    let invalid = |error: FieldError| status::invalid(&error);
    let first = parts.message().await?;
    let first = first.ok_or_else(|| invalid(FieldError::new("book_no", "", "must be given")))?;
    let book_no = BookNo::new(&first.book_no);
    let book_no = book_no.map_err(|error| invalid(FieldError::new("book_no", &first.book_no, error)))?;
    let mut asked = Asked {
        book_no,
        moment: value::moment(first.as_of.as_ref()).map_err(invalid)?,
        consistency: first.consistency,
        rows: stock::rows(&first.rows).map_err(invalid)?,
    };
    while let Some(part) = parts.message().await? {
        asked.rows.extend(stock::rows(&part.rows).map_err(invalid)?);
        if asked.rows.len() > ROWS_MAX {
            return Err(invalid(FieldError::new(
                "rows",
                asked.rows.len(),
                format!("at most {ROWS_MAX} rows"),
            )));
        }
    }
    Ok(asked)
}

/// Sets an extract beside its book.
pub async fn answer(gateway: &Gateway, asked: Asked) -> Result<Told, Status> {
    let Asked { book_no, moment, consistency, rows } = asked;
    let compared = gateway.read(consistency.as_ref(), move |view| {
        let revision = query::revision_at(view, moment)?;
        if get::<Books>(view, book_no.clone())?.is_none() {
            return Ok((revision, Err(Refusal::new(Reason::BookUnknown).field("book_no", &book_no))));
        }
        let digest = query::event(view, revision)?.map(|event| value::digits(&event.digest));
        let compared = compare(view, Moment::After(revision), &book_no, &rows)?;
        Ok((revision, Ok((digest.unwrap_or_default(), compared))))
    });
    let (revision, compared) = compared.await?;
    let (digest, compared) = compared.map_err(|refusal| status::refused(&(&refusal).into(), revision))?;
    let parts = parts(revision.0, &digest, &compared).into_iter().map(Ok);
    Ok(stream::iter(parts.collect::<Vec<_>>()).boxed())
}

/// The replies: at least one, so that the caller learns the revision.
fn parts(revision: u64, digest: &str, compared: &Comparison) -> Vec<v1::CompareStockResponse> {
    let part =
        |items, unmatched| v1::CompareStockResponse { revision, digest: digest.into(), items, unmatched };
    let items = compared.items.chunks(PART_ROWS);
    let items = items.map(|items| part(items.iter().map(stock::comparison).collect(), Vec::new()));
    let unmatched = compared.unmatched.chunks(PART_ROWS);
    let unmatched = unmatched.map(|rows| part(Vec::new(), rows.iter().map(stock::unmatched).collect()));
    let mut parts: Vec<_> = items.chain(unmatched).collect();
    if parts.is_empty() {
        parts.push(part(Vec::new(), Vec::new()));
    }
    parts
}
