//! `balance`: what stands where.

use super::all_pages;
use crate::arguments::{Balance, Online, Position};
use crate::failure::Failure;
use crate::moment;
use crate::output::{self, Column};
use zonebook_api::v1;

const POSITIONS: &[Column<'static>] = &[
    Column("book", "/key/book_no"),
    Column("mark", "/key/mark"),
    Column("item", "/key/number"),
    Column("lot", "/key/lot"),
    Column("serial", "/key/serial"),
    Column("place", "/key/place"),
    Column("pre_in", "/counters/increase_pending/declared"),
    Column("in", "/counters/increase_posted/declared"),
    Column("pre_out", "/counters/decrease_pending/declared"),
    Column("out", "/counters/decrease_posted/declared"),
    Column("on_hand", "/counters/on_hand/declared"),
    Column("available", "/counters/available/declared"),
    Column("on_hand1", "/counters/on_hand/statutory1"),
    Column("on_hand2", "/counters/on_hand/statutory2"),
    Column("usd", "/counters/on_hand/value_usd"),
];

const LOTS: &[Column<'static>] = &[
    Column("mark", "/mark"),
    Column("item", "/number"),
    Column("place", "/place"),
    Column("lot", "/lot"),
    Column("holder", "/holder"),
    Column("remaining", "/remaining/declared"),
    Column("reserved", "/reserved/declared"),
    Column("remaining1", "/remaining/statutory1"),
    Column("remaining2", "/remaining/statutory2"),
    Column("usd", "/remaining/value_usd"),
    Column("origin", "/origin/origin"),
    Column("price", "/origin/price"),
    Column("currency", "/origin/currency"),
    Column("expires", "/origin/expires"),
    Column("received", "/origin/received_time"),
    Column("from_book", "/origin/carried_from/book_no"),
];

const TRACE: &[Column<'static>] = &[
    Column("type", "/taken/document_type"),
    Column("event", "/taken/event_no"),
    Column("line", "/taken/line"),
    Column("mark", "/taken/mark"),
    Column("item", "/taken/number"),
    Column("place", "/taken/place"),
    Column("to", "/taken/to_place"),
    Column("lot", "/taken/lot"),
    Column("quantity", "/taken/measure/declared"),
    Column("quantity1", "/taken/measure/statutory1"),
    Column("quantity2", "/taken/measure/statutory2"),
    Column("usd", "/taken/measure/value_usd"),
    Column("posted", "/taken/posted"),
    Column("origin", "/lot/origin"),
    Column("price", "/lot/price"),
    Column("currency", "/lot/currency"),
    Column("mode", "/lot/mode"),
    Column("tariff_code", "/lot/tariff_code"),
    Column("received", "/lot/received_time"),
];

pub fn key(position: Position) -> Option<v1::PositionKey> {
    let Position { book_no, number, mark, lot, serial, place } = position;
    Some(v1::PositionKey { book_no, mark, number, lot, serial, place })
}

fn as_of(text: Option<&str>) -> Result<Option<v1::AsOf>, Failure> {
    text.map(moment::as_of).transpose()
}

pub async fn run(online: &Online, command: Balance) -> Result<(), Failure> {
    let client = online.client();
    let positions = match command {
        Balance::Get { position, as_of: at } => {
            let request = v1::GetPositionRequest {
                key: key(position),
                as_of: as_of(at.as_deref())?,
                consistency: None,
            };
            client.get_position(request).await?.position.into_iter().collect()
        }
        Balance::List { book, place, as_of: at } => {
            let request = v1::ListPositionsRequest {
                book_no: book.unwrap_or_default(),
                place: place.unwrap_or_default(),
                as_of: as_of(at.as_deref())?,
                ..Default::default()
            };
            all_pages!(client, list_positions, request, positions)
        }
        Balance::Lots { book_no, number, mark, as_of: at } => {
            let mark = number.map(|_| mark).unwrap_or_default();
            let number = number.unwrap_or_default();
            let as_of = as_of(at.as_deref())?;
            let request = v1::ListLotsRequest { book_no, mark, number, as_of, ..Default::default() };
            let lots = all_pages!(client, list_lots, request, lots);
            return output::many(online.output, LOTS, "StoredLot", &lots);
        }
        Balance::Trace { document } => {
            let request = v1::GetTakenLotsRequest { document, consistency: None };
            let lots = client.get_taken_lots(request).await?.lots;
            return output::many(online.output, TRACE, "TracedLot", &lots);
        }
    };
    output::many(online.output, POSITIONS, "Position", &positions)
}
