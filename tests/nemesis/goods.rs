//! What is filed: one book with many items, and lists that move them.
//!
//! Items are used for some seconds each and then no more, so that what happened to one of them is a history short enough
//! to be searched for an order that explains it.

use crate::nemesis::history::{Counters, Wish};
use std::time::Duration;
use zonebook_api::v1;
use zonebook_client::request_id;

/// The book.
pub const BOOK: &str = "T9935NEMESIS";
/// The mark of its items.
pub const MARK: &str = "I";
/// The place where its goods are.
pub const PLACE: &str = "ZONE";
/// What the book begins with, of each item.
pub const OPENING: i64 = 1_000_000;
/// Items in use at a time.
pub const ITEMS_AT_A_TIME: u64 = 5;
/// How long they are in use.
pub const ITEM_LIFE: Duration = Duration::from_secs(12);

const OFFICE: &str = "9935";
const OWNER: &str = "9935NEMES1";
const TARIFF: &str = "8471300000";

/// What a list does to its goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Takes them out of the zone; waits for the gate, which nobody passes.
    Sale,
    /// Destroys them: they are gone when their declaration is released.
    Destruction,
    /// Brings them into the zone; waits for the gate.
    Arrival,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Its number, of which its list number is made.
    pub number: u64,
    /// What it does.
    pub kind: Kind,
    /// Item and quantity, line by line.
    pub goods: Vec<(u64, i64)>,
}

impl List {
    /// What a wish does to the counters of an item, if it is carried out.
    #[must_use]
    pub fn effect(&self, wish: Wish, item: u64) -> Option<Counters> {
        let quantity: i64 =
            self.goods.iter().filter(|(of, _)| *of == item).map(|(_, quantity)| quantity).sum();
        let each = match (wish, self.kind) {
            (Wish::WithdrawNothing, _) => return None,
            (Wish::File, Kind::Arrival) => [1, 0, 0, 0],
            (Wish::File, _) => [0, 0, 1, 0],
            (Wish::Withdraw, Kind::Arrival) => [-1, 0, 0, 0],
            (Wish::Withdraw, _) => [0, 0, -1, 0],
            (Wish::Release, _) => [0, 0, -1, 1],
        };
        self.goods.iter().any(|(of, _)| *of == item).then(|| each.map(|sign: i64| sign * quantity))
    }

    /// As it is filed.
    #[must_use]
    pub fn document(&self) -> v1::InventoryList {
        let line = |(line, (number, quantity)): (u64, &(u64, i64))| v1::InventoryLine {
            line,
            number: *number,
            part_no: part_no(*number),
            tariff_code: TARIFF.into(),
            units: units(),
            quantity_declared: quantity.to_string(),
            quantity_statutory1: quantity.to_string(),
            gross_weight: "1".into(),
            net_weight: "1".into(),
            ..v1::InventoryLine::default()
        };
        v1::InventoryList {
            list_no: list_no(self.number),
            book_no: BOOK.into(),
            owner: OWNER.into(),
            declared_at: "2026-06-01 08:00:00".into(),
            direction: if self.kind == Kind::Arrival { "I" } else { "E" }.into(),
            mark: MARK.into(),
            kind: "0".into(),
            mode: if self.kind == Kind::Destruction { "0200" } else { "5034" }.into(),
            transport: "9".into(),
            declared: true,
            declaration_type: "2".into(),
            declaration_no: declaration_no(self.number),
            lines: (1..).zip(&self.goods).map(line).collect(),
            ..v1::InventoryList::default()
        }
    }
}

/// The list number of a list.
#[must_use]
pub fn list_no(number: u64) -> String {
    format!("QD{number}")
}

/// The list of a list number; none of other documents.
#[must_use]
pub fn number_of(document: &str) -> Option<u64> {
    document.strip_prefix("QD")?.parse().ok()
}

/// The number of its declaration.
#[must_use]
pub fn declaration_no(number: u64) -> String {
    format!("D{number}")
}

/// Where an item stands.
#[must_use]
pub fn position(item: u64) -> v1::PositionKey {
    v1::PositionKey {
        book_no: BOOK.into(),
        mark: MARK.into(),
        number: item,
        place: PLACE.into(),
        ..v1::PositionKey::default()
    }
}

fn part_no(item: u64) -> String {
    format!("P{item}")
}

fn units() -> Option<v1::Units> {
    Some(v1::Units { declared: "011".into(), statutory1: "035".into(), statutory2: String::new() })
}

/// The zone of the book.
#[must_use]
pub fn zone() -> v1::DefineZoneRequest {
    v1::DefineZoneRequest {
        request_id: request_id(),
        office: OFFICE.into(),
        kind: "Z".into(),
        ..v1::DefineZoneRequest::default()
    }
}

/// The book with so many items.
#[must_use]
pub fn book(items: u64) -> v1::FileBookRequest {
    let opening = v1::Measure {
        declared: OPENING.to_string(),
        statutory1: OPENING.to_string(),
        ..v1::Measure::default()
    };
    let row = |number| v1::BookRow {
        number,
        part_no: part_no(number),
        tariff_code: TARIFF.into(),
        units: units(),
        opening: Some(opening.clone()),
        ..v1::BookRow::default()
    };
    let book = v1::BookFiling {
        book_no: BOOK.into(),
        office: OFFICE.into(),
        zone_kind: "Z".into(),
        owner: OWNER.into(),
        usage: "STORE".into(),
        booking_mode: "1".into(),
        valid_until: "2099-12-31".into(),
        declared_at: "2026-01-01 00:00:00".into(),
        rows: (1..=items).map(row).collect(),
        ..v1::BookFiling::default()
    };
    v1::FileBookRequest { request_id: request_id(), validate_only: false, book: Some(book) }
}
