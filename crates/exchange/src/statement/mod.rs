//! Statements as files: CSV for programs, XLSX for people who go on calculating, PDF for people who file paper.
//!
//! A file is a function of the statement alone: no clock, no name of a machine. So the same request at the same revision
//! gives the same bytes, and the revision and digest that stand in the file say which.

mod csv;
mod paper;
mod pdf;
mod record;
mod xlsx;

use thiserror::Error;
use zonebook_ledger::time::UtcOffset;
use zonebook_reconcile::statement::{Head, Piece, Section};

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileForm {
    /// Comma-separated values, UTF-8, one head line.
    Csv,
    /// A workbook of one sheet.
    Xlsx,
    /// Pages A4 landscape.
    Pdf,
}

impl FileForm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Pdf];

    /// The ending of a file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }
}

/// A file could not be made.
#[derive(Debug, Error)]
pub enum StatementFileError {
    /// More rows than a sheet has.
    #[error("a sheet has at most {rows_max} rows; ask for a shorter period, or for CSV")]
    TooManyRows {
        /// The most.
        rows_max: u32,
    },
    /// More pages than anybody reads.
    #[error("more than {pages_max} pages; ask for a shorter period, or for CSV")]
    TooManyPages {
        /// The most.
        pages_max: usize,
    },
    /// A row or the end of a position without its beginning.
    #[error("a piece of a statement stands outside of a position")]
    OutOfPlace,
    /// What the library says.
    #[error("writing a statement: {0}")]
    Library(String),
}

/// A file in the making.
pub struct StatementFile {
    form: Form,
    /// The position whose rows come.
    section: Option<Box<Section>>,
}

enum Form {
    Csv(Box<csv::Table>),
    Xlsx(Box<xlsx::Sheet>),
    Pdf(Box<pdf::Pages>),
}

impl StatementFile {
    /// Begins a file. Times are shown on the ledger's clock.
    ///
    /// # Errors
    /// The head could not be written.
    pub fn new(form: FileForm, head: &Head, utc_offset: UtcOffset) -> Result<Self, StatementFileError> {
        let form = match form {
            FileForm::Csv => Form::Csv(Box::new(csv::Table::new(head, utc_offset)?)),
            FileForm::Xlsx => Form::Xlsx(Box::new(xlsx::Sheet::new(head, utc_offset)?)),
            FileForm::Pdf => Form::Pdf(Box::new(pdf::Pages::new(head, utc_offset))),
        };
        Ok(Self { form, section: None })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// The file would become too large, or the piece is out of place.
    pub fn take(&mut self, piece: &Piece) -> Result<(), StatementFileError> {
        if let Piece::Opening(section) = piece {
            self.section = Some(section.clone());
        }
        let section = self.section.as_deref().ok_or(StatementFileError::OutOfPlace)?;
        match &mut self.form {
            Form::Csv(table) => table.take(section, piece),
            Form::Xlsx(sheet) => sheet.take(section, piece),
            Form::Pdf(pages) => pages.take(section, piece),
        }
    }

    /// What of the file is ready: all so far of CSV, nothing of the others before their end.
    pub fn ready(&mut self) -> Vec<u8> {
        match &mut self.form {
            Form::Csv(table) => table.ready(),
            Form::Xlsx(_) | Form::Pdf(_) => Vec::new(),
        }
    }

    /// The rest of the file.
    ///
    /// # Errors
    /// The library could not write it.
    pub fn finish(self) -> Result<Vec<u8>, StatementFileError> {
        match self.form {
            Form::Csv(mut table) => Ok(table.ready()),
            Form::Xlsx(sheet) => sheet.finish(),
            Form::Pdf(pages) => pages.finish(),
        }
    }
}
