//! A statement comes off the wire as it went on.

use zonebook_api::{statement, v1};
use zonebook_ledger::code::{BookNo, CustomsNo, DocumentNo, PartNo, TariffCode, UnitCode};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::event::Action;
use zonebook_ledger::item::Units;
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::Moment;
use zonebook_ledger::time::Instant;
use zonebook_reconcile::statement::{Asked, Closing, Goods, Head, Holder, Piece, Row, Section};

fn measure(text: &str) -> Measure {
    let quantity = Quantity::parse(text).unwrap();
    Measure::new(quantity, quantity, Quantity::ZERO, quantity)
}

fn counters() -> Counters {
    Counters {
        increase_pending: measure("1"),
        increase_posted: measure("12.5"),
        decrease_pending: measure("2.00001"),
        decrease_posted: measure("3"),
    }
}

fn pieces() -> Vec<Piece> {
    let unit = |code| UnitCode::new(code).unwrap();
    let goods = Goods {
        part_no: PartNo::new("P-1").unwrap(),
        tariff_code: TariffCode::new("8471300000").unwrap(),
        name: "笔记本电脑".into(),
        units: Units { declared: unit("001"), statutory1: unit("035"), statutory2: None },
    };
    let position = PositionKey {
        book_no: BookNo::new("T1").unwrap(),
        mark: Mark::Goods,
        number: 7,
        lot: None,
        serial: None,
        place: Place::Zone,
    };
    let section = |goods| Section { position: position.clone(), goods, counters: counters() };
    let row = |action, kind| Row {
        revision: Revision(9),
        ordinal: 2,
        time: Instant(1_780_000_000_123),
        action,
        kind,
        document: DocumentNo::new("QD1").unwrap(),
        line: 3,
        received: measure("4"),
        given: Measure::ZERO,
        after: counters(),
    };
    vec![
        Piece::Opening(Box::new(section(Some(goods)))),
        Piece::Opening(Box::new(section(None))),
        Piece::Row(Box::new(row(Action::Post, Some(MatrixRow::FirstLineIn)))),
        Piece::Row(Box::new(row(Action::Reserve, None))),
        Piece::Closing(Box::new(Closing {
            movements: 5,
            received: measure("8"),
            given: measure("1"),
            counters: counters(),
        })),
    ]
}

#[test]
fn pieces_come_back_as_they_were() {
    for piece in pieces() {
        assert_eq!(statement::read_piece(&statement::piece(&piece)).unwrap(), piece);
    }
}

#[test]
fn heads_come_back_as_they_were() {
    let party = CustomsNo::new("99316A3156").unwrap();
    for (holder, from, to) in [
        (Holder::Party(party.clone()), Moment::After(Revision(0)), Moment::Now),
        (
            Holder::Book(BookNo::new("T1").unwrap()),
            Moment::Before(Instant(5_000)),
            Moment::After(Revision(8)),
        ),
    ] {
        let head = Head {
            asked: Asked { holder, from, to, revision: Some(Revision(9)), pending: true },
            customs_no: party.clone(),
            name_zh: "企业".into(),
            name_en: "Enterprise".into(),
            opening: Revision(2),
            closing: Revision(8),
            revision: Revision(9),
            digest: [7; 32],
            ledger_time: Instant(1_780_000_000_000),
        };
        assert_eq!(statement::read_head(&statement::head(&head), 9).unwrap(), head);
    }
}

#[test]
fn a_request_without_a_holder_is_named() {
    let error = statement::asked(&v1::StreamStatementRequest::default()).unwrap_err();
    assert_eq!(error.field, "holder");
}
