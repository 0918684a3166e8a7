//! `book`: books and their items.

use super::{all_pages, filed, show_outcome};
use crate::arguments::{Book, Online};
use crate::failure::Failure;
use crate::output::{self, Column};
use zonebook_api::v1;

const BOOKS: &[Column<'static>] = &[
    Column("book", "/book_no"),
    Column("office", "/office"),
    Column("zone", "/zone_kind"),
    Column("owner", "/owner"),
    Column("kind", "/kind"),
    Column("usage", "/usage"),
    Column("regime", "/regime"),
    Column("mode", "/booking_mode"),
    Column("valid_until", "/valid_until"),
    Column("change_no", "/change_no"),
    Column("last_item", "/last_item"),
    Column("lots", "/lot_method"),
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
    Column("serial", "/serial"),
    Column("residue", "/residue_kind"),
    Column("stops_in", "/stops/inward"),
    Column("stops_out", "/stops/outward"),
    Column("name", "/name"),
];

const BOM: &[Column<'static>] = &[
    Column("product", "/product"),
    Column("version", "/version"),
    Column("material", "/material"),
    Column("net", "/net"),
    Column("tangible_%", "/tangible_loss"),
    Column("intangible_%", "/intangible_loss"),
    Column("share_%", "/bonded_share"),
    Column("unit_consumption", "/unit_consumption"),
];

pub async fn run(online: &Online, command: Book) -> Result<(), Failure> {
    let client = online.client();
    let outcome = match command {
        Book::File { file, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::FileBookRequest { request_id, validate_only, book: filed("BookFiling", &file)? };
            client.file_book(request).await?.outcome
        }
        Book::Stop { book_no, item, mark, inward, outward, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let item = item.map(|number| v1::StoppedItem { mark, number });
            let stops = Some(v1::Stops { inward, outward });
            let request = v1::SetStopsRequest { request_id, validate_only, book_no, item, stops, reason };
            client.set_stops(request).await?.outcome
        }
        Book::LotMethod { book_no, method, take_over, reason, change } => {
            let (request_id, validate_only) = (change.id(online), change.dry_run);
            let request =
                v1::SetLotMethodRequest { request_id, validate_only, book_no, method, take_over, reason };
            client.set_lot_method(request).await?.outcome
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
        Book::Bom { book_no, product } => {
            let request = v1::ListBomLinesRequest { book_no, product, ..Default::default() };
            let found = all_pages!(client, list_bom_lines, request, lines);
            return output::many(online.output, BOM, "BomRow", &found);
        }
        Book::Items { book_no } => {
            let request = v1::ListItemsRequest { book_no, ..Default::default() };
            let found = all_pages!(client, list_items, request, items);
            return output::many(online.output, ITEMS, "Item", &found);
        }
    };
    show_outcome(online, outcome)
}
