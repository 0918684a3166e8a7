//! Why a row of the journal is there: the row of the matrix and the supervision mode behind its document.

use std::collections::BTreeMap;
use std::sync::Arc;
use zonebook_ledger::bom::BomKey;
use zonebook_ledger::code::{AdjustmentNo, BookNo, CorrectionNo, DocumentNo, ListNo, ModeCode, TallyNo};
use zonebook_ledger::error::Fault;
use zonebook_ledger::matrix::{End, MatrixRow, rule_of_row};
use zonebook_ledger::measure::{Measure, Unit};
use zonebook_ledger::movement::{Movement, MovementLine};
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::place::Place;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query;
use zonebook_ledger::state::{Adjustments, Boms, Corrections, Lines, Movements, Read, Tallies, get};

/// Causes kept at a time: what bounds the memory of a book with millions of documents.
const CAUSES_MAX: usize = 8_192;

/// A list and which version of its lines.
type Content = (ListNo, u64);

/// What a document says of the rows that it wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// The row of the matrix; of a correction that of the list which it corrects. `None` for an opening balance.
    pub row: Option<MatrixRow>,
    /// `supvModecd` of the list.
    pub mode: Option<ModeCode>,
    /// The verification whose differences it settles, of an adjustment.
    pub verification: Option<u64>,
    pub(crate) list: Option<Content>,
    pub(crate) undoes: Undoes,
}

/// Whether the lines of the list moved as filed, or parts of them came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Undoes {
    #[default]
    Nothing,
    Correction(CorrectionNo),
    Tally(TallyNo),
}

/// What of a consumption by BOM was lost (`RULES.md` 6.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loss {
    /// As scrap.
    pub tangible: Quantity,
    /// Without a trace.
    pub intangible: Quantity,
}

/// Looks causes up, and keeps a bounded number of them.
pub(crate) struct Causes<'v> {
    view: &'v dyn Read,
    book_no: BookNo,
    kept: BTreeMap<(DocumentNo, Revision, Place, bool), Cause>,
    /// The lines of the list asked for last: the rows of a list stand together in the history of an item.
    lines: Option<(Content, Arc<Vec<MovementLine>>)>,
}

impl<'v> Causes<'v> {
    pub(crate) fn of(view: &'v dyn Read, book_no: BookNo) -> Self {
        Self { view, book_no, kept: BTreeMap::new(), lines: None }
    }

    /// Why a position of the book in a place changed at a revision: what it gave came into the book, what it took went out.
    pub(crate) fn of_row(
        &mut self,
        document: &DocumentNo,
        revision: Revision,
        (place, given): (Place, &Measure),
    ) -> Result<Cause, Fault> {
        let inwards = Unit::ALL.iter().all(|unit| !given.get(*unit).is_negative());
        let key = (document.clone(), revision, place, inwards);
        if let Some(cause) = self.kept.get(&key) {
            return Ok(cause.clone());
        }
        let cause = self.find(document, revision, (place, inwards))?;
        if self.kept.len() >= CAUSES_MAX {
            self.kept.clear();
        }
        self.kept.insert(key, cause.clone());
        Ok(cause)
    }

    fn find(&self, document: &DocumentNo, revision: Revision, end: (Place, bool)) -> Result<Cause, Fault> {
        if let Some(list) = self.list(document.as_str())? {
            return Ok(of_list(&list, Undoes::Nothing));
        }
        let row = self.row_of(document, revision, end)?;
        let number = document.as_str();
        match row {
            Some(MatrixRow::Correction) => self.corrected(number),
            Some(MatrixRow::TallyUnshipped) => self.tallied(number),
            _ => Ok(Cause { row, verification: self.verification(number)?, ..Cause::default() }),
        }
    }

    /// A list of this book.
    fn list(&self, number: &str) -> Result<Option<Arc<Movement>>, Fault> {
        let Ok(number) = ListNo::new(number) else { return Ok(None) };
        Ok(get::<Movements>(self.view, number)?.filter(|list| list.book_no == self.book_no))
    }

    /// The row of the matrix under which the event moved goods of the document to or from a place. One document may move
    /// goods out of one book and into another, by a row for each: the direction tells which is which.
    fn row_of(
        &self,
        document: &DocumentNo,
        revision: Revision,
        (place, inwards): (Place, bool),
    ) -> Result<Option<MatrixRow>, Fault> {
        let Some(event) = query::event(self.view, revision)? else { return Ok(None) };
        let rows: Vec<MatrixRow> = event
            .steps
            .iter()
            .filter(|step| step.document == *document)
            .filter_map(|step| step.row)
            .collect();
        let first = |fits: &dyn Fn(MatrixRow) -> bool| rows.iter().copied().find(|row| fits(*row));
        Ok(first(&|row| moves(row, place, inwards))
            .or_else(|| first(&|row| moves(row, place, !inwards)))
            .or_else(|| rows.first().copied()))
    }

    fn corrected(&self, number: &str) -> Result<Cause, Fault> {
        let Ok(number) = CorrectionNo::new(number) else { return Ok(Cause::default()) };
        let Some(correction) = get::<Corrections>(self.view, number.clone())? else {
            return Ok(Cause::default());
        };
        let side = correction.sides.iter().find(|side| side.book_no == self.book_no);
        let list = side.map(|side| self.list(side.list_no.as_str())).transpose()?.flatten();
        Ok(list.map_or_else(Cause::default, |list| of_list(&list, Undoes::Correction(number))))
    }

    fn tallied(&self, number: &str) -> Result<Cause, Fault> {
        let Ok(number) = TallyNo::new(number) else { return Ok(Cause::default()) };
        let Some(tally) = get::<Tallies>(self.view, number.clone())? else { return Ok(Cause::default()) };
        let list = self.list(tally.filed.list_no.as_str())?;
        Ok(list.map_or_else(Cause::default, |list| of_list(&list, Undoes::Tally(number))))
    }

    fn verification(&self, number: &str) -> Result<Option<u64>, Fault> {
        let Ok(number) = AdjustmentNo::new(number) else { return Ok(None) };
        let adjustment = get::<Adjustments>(self.view, number)?;
        let own = adjustment.filter(|adjustment| adjustment.filed.book_no == self.book_no);
        Ok(own.and_then(|adjustment| adjustment.filed.verification))
    }

    /// What the line of a list lost of a material, less than nothing where a part of it came back; nothing where it uses
    /// by no BOM.
    pub(crate) fn loss(&mut self, cause: &Cause, line: u64, material: u64) -> Result<Option<Loss>, Fault> {
        let Some(key) = cause.list.clone() else { return Ok(Some(Loss::default())) };
        let lines = self.lines(key)?;
        let Some(line) = lines.iter().find(|of| of.filed.line == line) else {
            return Ok(Some(Loss::default()));
        };
        let Some(version) = line.filed.bom_version.clone() else { return Ok(Some(Loss::default())) };
        let key = BomKey { book_no: self.book_no.clone(), product: line.filed.number, version };
        let bom = get::<Boms>(self.view, key)?.unwrap_or_default();
        let Some(bom) = bom.get(&material) else { return Ok(Some(Loss::default())) };
        let Some((quantity, back)) = self.moved(cause, line)? else { return Ok(None) };
        let signed = |lost: Quantity| if back { Quantity::ZERO.checked_sub(lost) } else { Some(lost) };
        let loss = bom
            .tangible_loss_of(quantity)
            .and_then(signed)
            .zip(bom.intangible_loss_of(quantity).and_then(signed));
        Ok(loss.map(|(tangible, intangible)| Loss { tangible, intangible }))
    }

    /// How much of the line moved, and whether it came back; `None` beyond the range of a number.
    fn moved(&self, cause: &Cause, line: &MovementLine) -> Result<Option<(Quantity, bool)>, Fault> {
        match &cause.undoes {
            Undoes::Nothing => Ok(Some((line.filed.declared, false))),
            Undoes::Correction(number) => {
                let correction = get::<Corrections>(self.view, number.clone())?;
                let part = correction.iter().flat_map(|found| &found.sides).flat_map(|side| {
                    let own = side.book_no == self.book_no;
                    side.parts.iter().filter(move |part| own && part.line == line.filed.line)
                });
                let undone = part.map(|part| part.measure.declared()).next().unwrap_or_default();
                Ok(Some((undone, true)))
            }
            Undoes::Tally(number) => {
                let tally = get::<Tallies>(self.view, number.clone())?;
                let counted = tally
                    .iter()
                    .flat_map(|found| &found.filed.lines)
                    .find(|counted| counted.line == line.filed.line)
                    .map_or(Quantity::ZERO, |counted| counted.declared);
                Ok(line.filed.declared.checked_sub(counted).map(|short| (short, true)))
            }
        }
    }

    fn lines(&mut self, key: Content) -> Result<Arc<Vec<MovementLine>>, Fault> {
        if let Some((kept, lines)) = &self.lines
            && *kept == key
        {
            return Ok(lines.clone());
        }
        let lines = get::<Lines>(self.view, key.clone())?.unwrap_or_default();
        self.lines = Some((key, lines.clone()));
        Ok(lines)
    }
}

fn of_list(list: &Movement, undoes: Undoes) -> Cause {
    Cause {
        row: Some(list.row),
        mode: Some(list.mode.clone()),
        verification: None,
        list: Some((list.list_no.clone(), list.content_version)),
        undoes,
    }
}

/// Whether a row of the matrix takes goods from a place into the book, or out of the book to it.
fn moves(row: MatrixRow, place: Place, inwards: bool) -> bool {
    let legs = rule_of_row(row).into_iter().flat_map(|rule| {
        [rule.legs, rule.bom_legs, rule.result_legs, rule.onward_legs].into_iter().flatten()
    });
    legs.map(|leg| if inwards { leg.from } else { leg.to })
        .any(|end| matches!(end, End::At(at) if at == place))
}
