//! Goods on their way: which position gives what to which, for every document alike.

use super::layers::Wishes;
use super::work::{Cause, Stop, Work};
use crate::book::Book;
use crate::code::{LotNo, SerialNo};
use crate::direction::Mark;
use crate::event::Action;
use crate::matrix::{Leg, MatrixRow, Rule, rule_of_row};
use crate::measure::Measure;
use crate::mover::Mover;
use crate::place::Place;
use crate::position::PositionKey;

/// Goods of a line.
pub(crate) struct Goods<'a> {
    pub(crate) line: u64,
    pub(crate) mark: Mark,
    pub(crate) number: u64,
    pub(crate) lot: Option<&'a LotNo>,
    pub(crate) serial: Option<&'a SerialNo>,
    pub(crate) measure: Measure,
}

impl Goods<'_> {
    /// Where they stand in a place of a book.
    pub(crate) fn position(&self, book: &Book, place: Place) -> PositionKey {
        PositionKey {
            book_no: book.book_no.clone(),
            mark: self.mark,
            number: self.number,
            lot: self.lot.cloned(),
            serial: self.serial.cloned(),
            place,
        }
    }
}

/// One transfer.
pub(crate) struct Transfer {
    pub(crate) line: u64,
    pub(crate) from: PositionKey,
    pub(crate) to: PositionKey,
    pub(crate) measure: Measure,
}

/// The transfers that goods make along the legs of a row; a leg on which nothing moves makes none.
pub(crate) fn along(book: &Book, legs: &[Leg], goods: &Goods<'_>, transfers: &mut Vec<Transfer>) {
    for leg in legs {
        let measure = goods.measure.only(leg.units);
        if measure.is_zero() {
            continue;
        }
        let from = goods.position(book, leg.from.place(book.usage, goods.mark));
        let to = from.at(leg.to.place(book.usage, goods.mark));
        transfers.push(Transfer { line: goods.line, from, to, measure });
    }
}

/// The transfers that the goods of a document make.
pub(crate) fn along_all<'g>(
    book: &Book,
    legs: &[Leg],
    goods: impl ExactSizeIterator<Item = Goods<'g>>,
) -> Vec<Transfer> {
    let mut transfers = Vec::with_capacity(goods.len() * legs.len());
    for goods in goods {
        along(book, legs, &goods, &mut transfers);
    }
    transfers
}

/// The rule of a row of the matrix.
pub(crate) fn rule(row: MatrixRow) -> Result<&'static Rule, Stop> {
    rule_of_row(row).ok_or_else(|| Stop::Broken(format!("matrix row {row} has no rule")))
}

/// Carries transfers of a document out.
pub(crate) fn carry(
    work: &mut Work<'_>,
    action: Action,
    mover: &Mover,
    transfers: &[Transfer],
) -> Result<(), Stop> {
    carry_lots(work, action, mover, transfers, Wishes::default())
}

/// The same, with what the document says of the lots.
pub(crate) fn carry_lots(
    work: &mut Work<'_>,
    action: Action,
    mover: &Mover,
    transfers: &[Transfer],
    wishes: Wishes<'_>,
) -> Result<(), Stop> {
    transfers.iter().try_for_each(|transfer| {
        let cause = Cause { mover, line: transfer.line };
        work.transfer_lots(cause, wishes, action, (&transfer.from, &transfer.to), &transfer.measure)
    })
}
