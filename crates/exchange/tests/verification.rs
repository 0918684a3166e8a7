//! `EMS121` out: what the ledger computes of a month as the message that an enterprise sends.

mod common;

use common::replay::{Replay, time};
use common::shared;
use std::process::Command as Process;
use zonebook_exchange::read_message;
use zonebook_exchange::schema::{Schema, validate};
use zonebook_exchange::write::{Declaration, Unwritable, Written, verification};
use zonebook_ledger::book::Book;
use zonebook_ledger::code::{BookNo, ListNo};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{Document, Figure, VerificationFiling, VerificationKind};
use zonebook_ledger::message::Content;
use zonebook_ledger::party::Party;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::state::{Books, Parties, get};
use zonebook_ledger::time::Date;
use zonebook_reconcile::verification::{Counted, Period, Row, of_book};

const BOOK: &str = "H99312600005";

/// The figures of the mixed month.
fn june() -> (Book, Party, Vec<Row>) {
    let replay = Replay::fed("month-a");
    let number = BookNo::new(BOOK).unwrap();
    let book = get::<Books>(&replay.state, number.clone()).unwrap().unwrap();
    let party = get::<Parties>(&replay.state, book.owner.clone()).unwrap().unwrap();
    let period = Period::of(&replay.state, (None, None), None, None).unwrap();
    let of_book_only = replay.counted().into_iter().filter(|goods| goods.book_no == number);
    let counted: Counted = of_book_only.map(|goods| ((goods.mark, goods.number), goods.declared)).collect();
    let rows = of_book(&replay.state, &number, &period, &counted).unwrap();
    ((*book).clone(), (*party).clone(), rows)
}

fn written(book: &Book, party: &Party, rows: &[Row]) -> Result<Written, Unwritable> {
    let lists = [
        (ListNo::new("QD993126I000041018").unwrap(), Direction::In),
        (ListNo::new("QD993126E000041025").unwrap(), Direction::Out),
    ];
    let declaration = Declaration {
        book,
        party,
        sequence: 2,
        kind: VerificationKind::Normal,
        days: (Date::parse("2026-06-16").ok(), Date::parse("2026-06-30").ok()),
        lists: &lists,
        rows,
    };
    verification(&declaration, time("2026-07-02T09:00:00"), 1)
}

fn read(message: &Written) -> VerificationFiling {
    let Content::Keyed { document: Ok(document), .. } = read_message(&message.bytes) else { panic!() };
    let Document::Verification(filing) = *document else { panic!() };
    filing
}

#[test]
fn the_message_says_what_was_computed_and_is_valid() {
    let (book, party, rows) = june();
    assert!(rows.iter().any(|row| row.item.mark == Mark::Product), "products are declared, too");
    let message = written(&book, &party, &rows).unwrap();
    let text = String::from_utf8_lossy(&message.bytes);
    validate(&message.bytes, Schema::of("EMS121").unwrap()).unwrap_or_else(|why| panic!("{why:?}\n{text}"));
    let filing = read(&message);
    assert_eq!((filing.book_no.as_str(), filing.sequence), (BOOK, 2));
    assert_eq!(filing.end, Date::parse("2026-06-30").ok());
    assert_eq!(filing.lists.len(), 2);
    assert_eq!(filing.items.len(), rows.len());
    for (item, row) in filing.items.iter().zip(&rows) {
        assert_eq!((item.mark, item.number), (row.item.mark, row.item.number));
        for figure in Figure::ALL {
            assert_eq!(item.figures.get(figure).copied(), row.figure(*figure), "{figure} of {}", item.number);
        }
    }
    asks_xmllint(&message);
}

fn asks_xmllint(message: &Written) {
    let Some(schema) = shared("xsd/EMS/EMS121.xsd") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("message.xml");
    std::fs::write(&file, &message.bytes).unwrap();
    let asked =
        Process::new("xmllint").args(["--noout", "--nonet", "--schema"]).arg(schema).arg(&file).output();
    let Ok(said) = asked else {
        eprintln!("SKIPPED: xmllint is not installed");
        return;
    };
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("validates"), "{said}");
}

#[test]
fn what_does_not_fit_its_field_is_named() {
    let (book, party, mut rows) = june();
    rows[0].counted = Some(Quantity::from_raw(10_i128.pow(24) + 1));
    let why = written(&book, &party, &rows).unwrap_err();
    let named = Unwritable::Value {
        record: "EmsChgoffDt",
        field: "actlRemainQty",
        value: "10000000000000000000.00001".into(),
    };
    assert_eq!(why, named);
}
