//! A load that tests put on a cluster: callers that take from the stock of one book.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};
use zonebook_api::v1;
use zonebook_client::{Client, Error, Packer, request_id};

/// Items of the book.
pub const ITEMS: u64 = 20;
/// What there is of each at the beginning.
pub const OPENING: u64 = 1_000_000;

/// Request id to list and revision, as acknowledged.
pub type Acknowledged = Arc<Mutex<BTreeMap<String, (String, u64)>>>;

fn units() -> Option<v1::Units> {
    Some(v1::Units { declared: "011".into(), statutory1: "035".into(), statutory2: String::new() })
}

/// Opens a zone and a book with much of each item.
///
/// # Panics
/// The server does not take them.
pub async fn file_book(client: &Client) {
    let zone = v1::DefineZoneRequest {
        request_id: request_id(),
        office: "9935".into(),
        kind: "Z".into(),
        ..v1::DefineZoneRequest::default()
    };
    client.define_zone(zone).await.expect("a zone");
    let opening = v1::Measure {
        declared: OPENING.to_string(),
        statutory1: OPENING.to_string(),
        ..v1::Measure::default()
    };
    let row = |number| v1::BookRow {
        number,
        part_no: format!("P{number}"),
        tariff_code: "8471300000".into(),
        units: units(),
        opening: Some(opening.clone()),
        ..v1::BookRow::default()
    };
    let book = v1::BookFiling {
        book_no: "T9935CRASH".into(),
        office: "9935".into(),
        zone_kind: "Z".into(),
        owner: "9935CRASH1".into(),
        usage: "STORE".into(),
        booking_mode: "1".into(),
        valid_until: "2099-12-31".into(),
        declared_at: "2026-01-01 00:00:00".into(),
        rows: (1..=ITEMS).map(row).collect(),
        ..v1::BookFiling::default()
    };
    let request = v1::FileBookRequest { request_id: request_id(), validate_only: false, book: Some(book) };
    client.file_book(request).await.expect("a book");
}

/// A list that takes one unit of each of three items.
#[must_use]
pub fn list(name: &str, first: u64) -> v1::InventoryList {
    let line = |line: u64| {
        let number = (first + line) % ITEMS + 1;
        v1::InventoryLine {
            line: line + 1,
            number,
            part_no: format!("P{number}"),
            tariff_code: "8471300000".into(),
            units: units(),
            quantity_declared: "1".into(),
            quantity_statutory1: "1".into(),
            gross_weight: "1".into(),
            net_weight: "1".into(),
            ..v1::InventoryLine::default()
        }
    };
    v1::InventoryList {
        list_no: list_no(name),
        book_no: "T9935CRASH".into(),
        owner: "9935CRASH1".into(),
        declared_at: "2026-06-01 08:00:00".into(),
        direction: "E".into(),
        mark: "I".into(),
        kind: "0".into(),
        mode: "5034".into(),
        transport: "9".into(),
        declared: true,
        declaration_type: "2".into(),
        declaration_no: format!("D{name}"),
        lines: (0..3).map(line).collect(),
        ..v1::InventoryList::default()
    }
}

/// The number of a list, after what tells it from others.
#[must_use]
pub fn list_no(name: impl Display) -> String {
    format!("QD{name}")
}

/// Whether a list is in the ledger.
///
/// # Panics
/// The server does not say.
pub async fn is_there(client: &Client, list_no: &str) -> bool {
    let request = v1::GetMovementRequest { list_no: list_no.into(), ..v1::GetMovementRequest::default() };
    match client.get_movement(request).await {
        Ok(_) => true,
        Err(Error::NotFound(_)) => false,
        Err(other) => panic!("list {list_no}: {other}"),
    }
}

/// What was acknowledged is in the ledger at the revision that was told, and the stock shows every list once.
///
/// # Panics
/// It is not, or the server does not say.
pub async fn is_there_once(client: &Client, acknowledged: &BTreeMap<String, (String, u64)>) {
    let mut lists = 0_u64;
    let mut request = v1::ListMovementsRequest::default();
    let mut states = BTreeMap::new();
    loop {
        let page = client.list_movements(request.clone()).await.expect("lists");
        for movement in page.movements {
            lists += 1;
            states.insert(movement.list_no, movement.accepted_revision);
        }
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    for (id, (list_no, revision)) in acknowledged {
        assert_eq!(states.get(list_no), Some(revision), "list {list_no} of request {id}");
    }
    let positions = client
        .list_positions(v1::ListPositionsRequest { place: "ZONE".into(), ..Default::default() })
        .await
        .expect("positions")
        .positions;
    let reserved: u64 = positions
        .iter()
        .filter_map(|position| position.counters.as_ref()?.decrease_pending.as_ref())
        .map(|measure| measure.declared.parse::<u64>().expect("whole units"))
        .sum();
    assert_eq!(reserved, lists * 3, "each accepted list reserved its three units once");
}

/// Submits lists one after the other until it is stopped, and keeps what was acknowledged.
///
/// # Panics
/// One of them is not accepted.
pub async fn call(packer: Packer, caller: u64, acknowledged: Acknowledged) {
    for count in 0_u64.. {
        let name = format!("{caller}-{count}");
        let id = request_id();
        let submission =
            v1::Submission { request_id: id.clone(), list: Some(list(&name, caller * 7 + count)) };
        let outcome = packer.submit(submission).await.expect("an outcome within the deadline");
        assert_eq!(outcome.verdict(), v1::Verdict::Accepted, "{:?}", outcome.refusal);
        acknowledged
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, (list_no(&name), outcome.revision));
    }
}
