//! `book`: books and their items.

use super::{all_pages, read_text, show_outcome};
use crate::arguments::{Book, Online};
use crate::failure::Failure;
use crate::json;
use crate::output::{self, Column};
use zonebook_api::v1;

const BOOKS: &[Column<'static>] = &[
    Column("book", "/book_no"),
    Column("office", "/office"),
    Column("zone", "/zone_kind"),
    Column("owner", "/owner"),
    Column("usage", "/usage"),
    Column("mode", "/booking_mode"),
    Column("valid_until", "/valid_until"),
    Column("change_no", "/change_no"),
    Column("last_item", "/last_item"),
    Column("stops_in", "/stops/inward"),
    Column("stops_out", "/stops/outward"),
];

const ITEMS: &[Column<'static>] = &[
    Column("mark", "/mark"),
    Column("item", "/number"),
    Column("part_no", "/part_no"),
    Column("tariff_code", "/tariff_code"),
    Column("unit", "/units/declared"),
    Column("unit1", "/units/statutory1"),
    Column("unit2", "/units/statutory2"),
    Column("lot", "/lot"),
    Column("stops_in", "/stops/inward"),
    Column("stops_out", "/stops/outward"),
    Column("name", "/name"),
];

pub async fn run(online: &Online, command: Book) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Book::File { file, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let book = json::message("BookFiling", &file.display().to_string(), &read_text(&file)?)?;
            let request = v1::FileBookRequest { request_id, validate_only, book: Some(book) };
            client.file_book(request).await?.outcome
        }
        Book::Stop { book_no, item, mark, inward, outward, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let item = item.map(|number| v1::StoppedItem { mark, number });
            let stops = Some(v1::Stops { inward, outward });
            let request = v1::SetStopsRequest { request_id, validate_only, book_no, item, stops, reason };
            client.set_stops(request).await?.outcome
        }
        Book::Get { book_no } => {
            let found = client.get_book(v1::GetBookRequest { book_no, consistency: None }).await?;
            let books: Vec<v1::Book> = found.book.into_iter().collect();
            return output::many(online.output, BOOKS, "Book", &books);
        }
        Book::List => {
            let found = all_pages!(client, list_books, v1::ListBooksRequest::default(), books);
            return output::many(online.output, BOOKS, "Book", &found);
        }
        Book::Items { book_no } => {
            let request = v1::ListItemsRequest { book_no, ..Default::default() };
            let found = all_pages!(client, list_items, request, items);
            return output::many(online.output, ITEMS, "Item", &found);
        }
    };
    show_outcome(online, outcome)
}
