//! `balance` and `statement`: what stands where, and how it came to be.

use super::all_pages;
use crate::arguments::{Balance, Online, Position, Statement};
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

const STATEMENT: &[Column<'static>] = &[
    Column("revision", "/revision"),
    Column("time", "/ledger_time"),
    Column("action", "/action"),
    Column("document", "/document"),
    Column("line", "/line"),
    Column("pre_in", "/after/increase_pending/declared"),
    Column("in", "/after/increase_posted/declared"),
    Column("pre_out", "/after/decrease_pending/declared"),
    Column("out", "/after/decrease_posted/declared"),
    Column("on_hand", "/after/on_hand/declared"),
    Column("available", "/after/available/declared"),
];

fn key(position: Position) -> Option<v1::PositionKey> {
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
    };
    output::many(online.output, POSITIONS, "Position", &positions)
}

pub async fn statement(online: &Online, command: Statement) -> Result<(), Failure> {
    let client = online.client();
    let request = v1::ListStatementRequest {
        key: key(command.position),
        first_revision: command.from,
        as_of: as_of(command.as_of.as_deref())?,
        ..Default::default()
    };
    let rows = all_pages!(client, list_statement, request, rows);
    output::many(online.output, STATEMENT, "StatementRow", &rows)
}
