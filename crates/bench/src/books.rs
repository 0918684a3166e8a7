//! The books that the load works on.

use anyhow::Result;
use zonebook_api::v1;
use zonebook_client::{Client, Error, request_id};

/// Rows of one filing, at most.
const ROWS_MAX: u64 = 4_000;
const OFFICE: &str = "9935";
/// A book of goods in storage.
pub const STORE: &str = "STORE";
/// A book of electronic commerce.
pub const E_COMMERCE: &str = "CBEC";
const OWNER: &str = "9935BENCH1";
const VALID_UNTIL: &str = "2099-12-31";
const DECLARED_AT: &str = "2026-01-01 00:00:00";
/// Enough for any run.
const OPENING: &str = "10000000000000";

/// A book with items that never run out.
#[derive(Clone, Debug)]
pub struct Book {
    /// Its number.
    pub book_no: String,
    /// How many items it has.
    pub items: u64,
}

fn units() -> Option<v1::Units> {
    Some(v1::Units { declared: "011".into(), statutory1: "035".into(), statutory2: String::new() })
}

fn row(number: u64) -> v1::BookRow {
    v1::BookRow {
        number,
        amended: true,
        part_no: format!("P{number}"),
        tariff_code: "8471300000".into(),
        name: "goods".into(),
        units: units(),
        opening: Some(v1::Measure {
            declared: OPENING.into(),
            statutory1: OPENING.into(),
            statutory2: "0".into(),
            value_usd: OPENING.into(),
        }),
        ..v1::BookRow::default()
    }
}

async fn file(
    client: &Client,
    (book_no, usage): (&str, &str),
    change_no: Option<u64>,
    rows: Vec<v1::BookRow>,
) -> Result<()> {
    let book = v1::BookFiling {
        book_no: book_no.into(),
        change_no,
        office: OFFICE.into(),
        zone_kind: "Z".into(),
        owner: OWNER.into(),
        usage: usage.into(),
        booking_mode: "1".into(),
        valid_until: VALID_UNTIL.into(),
        declared_at: DECLARED_AT.into(),
        rows,
        ..v1::BookFiling::default()
    };
    let request = v1::FileBookRequest { request_id: request_id(), validate_only: false, book: Some(book) };
    client.file_book(request).await?;
    Ok(())
}

/// Files a book with items, in as many parts as it takes; one that is there already is used as it is.
async fn book(client: &Client, book_no: &str, usage: &str, items: u64) -> Result<Book> {
    let book = Book { book_no: book_no.into(), items };
    match client.get_book(v1::GetBookRequest { book_no: book_no.into(), consistency: None }).await {
        Ok(_) => return Ok(book),
        Err(Error::NotFound(_)) => {}
        Err(other) => return Err(other.into()),
    }
    let numbers: Vec<u64> = (1..=items).collect();
    for (part, numbers) in numbers.chunks(usize::try_from(ROWS_MAX)?).enumerate() {
        let change_no = if part == 0 { None } else { Some(part as u64) };
        file(client, (book_no, usage), change_no, numbers.iter().copied().map(row).collect()).await?;
    }
    Ok(book)
}

/// Zone, enterprise and book of the load.
///
/// # Errors
/// No server answers, or one of them is refused.
pub async fn prepare(client: &Client, usage: &str, items: u64) -> Result<Book> {
    let zone = v1::DefineZoneRequest {
        request_id: request_id(),
        validate_only: false,
        office: OFFICE.into(),
        kind: "Z".into(),
        name_zh: "测试区".into(),
        name_en: "Bench".into(),
    };
    client.define_zone(zone).await?;
    let mark = if usage == STORE { "" } else { usage };
    book(client, &format!("TBENCH{mark}{items}"), usage, items).await
}

/// Fills the ledger with positions in other books: one for each item, and one outside for each.
///
/// # Errors
/// As [`prepare`].
pub async fn fill(client: &Client, positions: u64) -> Result<()> {
    let items_each = 100_000;
    let books = (positions / 2).div_ceil(items_each);
    for number in 0..books {
        book(
            client,
            &format!("TFILL{number:06}"),
            STORE,
            items_each.min(positions / 2 - number * items_each),
        )
        .await?;
    }
    Ok(())
}

/// An outbound list over items of the book.
#[must_use]
pub fn list(
    book: &Book,
    list_no: String,
    declaration_no: String,
    items: impl Iterator<Item = u64>,
) -> v1::InventoryList {
    let line = |(line, number): (u64, u64)| v1::InventoryLine {
        line,
        number,
        part_no: format!("P{number}"),
        tariff_code: "8471300000".into(),
        name: "goods".into(),
        units: units(),
        origin: "142".into(),
        quantity_declared: "1".into(),
        quantity_statutory1: "1".into(),
        value_usd: "12.5".into(),
        price: "12.5".into(),
        total: "12.5".into(),
        currency: "502".into(),
        gross_weight: "2".into(),
        net_weight: "1".into(),
        ..v1::InventoryLine::default()
    };
    v1::InventoryList {
        list_no,
        book_no: book.book_no.clone(),
        owner: OWNER.into(),
        declared_at: "2026-06-01 08:00:00".into(),
        direction: "E".into(),
        mark: "I".into(),
        kind: "0".into(),
        mode: "5034".into(),
        transport: "9".into(),
        declared: true,
        declaration_type: "2".into(),
        declaration_no,
        lines: (1..).zip(items).map(line).collect(),
        ..v1::InventoryList::default()
    }
}

/// A pass for one list on one vehicle.
#[must_use]
pub fn pass(pass_no: String, list_no: String) -> v1::Pass {
    v1::Pass {
        pass_no,
        office: OFFICE.into(),
        direction: "E".into(),
        binding: "2".into(),
        linked_type: "1".into(),
        linked: vec![list_no],
        vehicle_no: "BENCH".into(),
        declared_at: "2026-06-01 09:00:00".into(),
        ..v1::Pass::default()
    }
}

/// Parcels of one line each.
#[must_use]
pub fn parcels(book: &Book, name: &str, items: impl Iterator<Item = u64>) -> Vec<v1::Parcel> {
    let line = |number: u64| v1::ParcelLine {
        line: 1,
        number,
        tariff_code: "8471300000".into(),
        units: units(),
        quantity_declared: "1".into(),
        quantity_statutory1: "1".into(),
        price: "99.5".into(),
        ..v1::ParcelLine::default()
    };
    let parcel = |(at, number): (usize, u64)| v1::Parcel {
        parcel_no: format!("I{name}-{at}"),
        book_no: book.book_no.clone(),
        lines: vec![line(number)],
        ..v1::Parcel::default()
    };
    items.enumerate().map(parcel).collect()
}

/// A pass that waits at the gate, for the question whether its vehicle may go; gives its number.
///
/// # Errors
/// The list or the pass is refused.
pub async fn waiting_pass(client: &Client, book: &Book) -> Result<String> {
    let name = request_id();
    let (list_no, pass_no) = (format!("QD{name}"), format!("Z{name}"));
    let list = list(book, list_no.clone(), format!("D{name}"), std::iter::once(1));
    let request =
        v1::SubmitMovementRequest { request_id: request_id(), validate_only: false, list: Some(list) };
    client.submit_movement(request).await?;
    let pass = Some(pass(pass_no.clone(), list_no));
    client.file_pass(v1::FilePassRequest { request_id: request_id(), validate_only: false, pass }).await?;
    Ok(pass_no)
}
