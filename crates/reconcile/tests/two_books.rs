//! One document that moves goods out of one book and into another is told in each book as what it is there.

#[path = "../../ledger/tests/common/mod.rs"]
mod common;

use common::build::{self, amount, book_no, notice, quantity};
use common::papers::{status_change, status_line};
use common::world::{self, Goods};
use common::zone::Zone;
use zonebook_ledger::book::Usage;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{Document, StatusChangeLine};
use zonebook_ledger::matrix::MatrixRow;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::Moment;
use zonebook_reconcile::flow::Flow;
use zonebook_reconcile::statement::{Asked, Holder, Piece, Statement};
use zonebook_reconcile::verification::{Counted, Period, Row, of_book};

/// 30 of 40 kg of cloth that is not bonded, in `B1`, become bonded, in `A1`.
fn changed() -> Zone {
    let cloth =
        Goods { part: "CLOTH".into(), tariff: "5208110000".into(), units: build::units("035", "035", None) };
    let mut zone = Zone::opened("2026-06-02T08:00:00");
    for (number, opening) in [("A1", "0"), ("B1", "40")] {
        let mut filing = build::book(number);
        assert_eq!(filing.usage == Usage::NonBonded, number == "B1");
        filing.rows.push(build::book_row(1, &cloth, amount(opening, opening, None)));
        zone.files(Document::Book(filing));
    }
    zone.files(Document::Notice(notice("D1", "P", world::local("2026-06-02T10:00:00"))));
    let goods = status_line(1, 1, &cloth, amount("30", "30", None));
    let change = status_change("H01", ("B1", "A1"), "D1", vec![StatusChangeLine { goods, to_number: 1 }]);
    zone.files(Document::StatusChange(change));
    zone
}

fn figures(zone: &Zone, book: &str) -> Row {
    let period = Period::of(&zone.state, (None, None), None, None).unwrap();
    let rows = of_book(&zone.state, &book_no(book), &period, &Counted::new()).unwrap();
    rows.into_iter().find(|row| (row.item.mark, row.item.number) == (Mark::Goods, 1)).unwrap()
}

/// What is imported where goods enter is no negative export.
#[test]
fn a_change_of_status_is_an_import_where_it_enters() {
    let zone = changed();
    let (entered, left) = (figures(&zone, "A1"), figures(&zone, "B1"));
    assert_eq!((entered.flow(Flow::Import), entered.flow(Flow::OtherOut)), (quantity("30"), Quantity::ZERO));
    assert_eq!((left.flow(Flow::Import), left.flow(Flow::OtherOut)), (Quantity::ZERO, quantity("30")));
}

#[test]
fn a_statement_says_whether_goods_entered_or_left() {
    let zone = changed();
    let kinds = |book: &str| -> Vec<MatrixRow> {
        let asked = Asked {
            holder: Holder::Book(book_no(book)),
            from: Moment::After(Revision(0)),
            to: Moment::Now,
            revision: None,
            pending: false,
        };
        let mut statement = Statement::open(&zone.state, asked).unwrap();
        let pieces = statement.pieces(&zone.state, 100).unwrap();
        let kind = |piece| if let Piece::Row(row) = piece { row.kind } else { None };
        pieces.into_iter().filter_map(kind).collect()
    };
    assert_eq!(kinds("A1"), [MatrixRow::StatusEntered]);
    assert_eq!(kinds("B1"), [MatrixRow::StatusLeft]);
}
