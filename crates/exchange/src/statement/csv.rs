//! A statement as CSV.

use super::StatementFileError;
use super::record::{self, COLUMNS, Cell, Record};
use zonebook_ledger::time::UtcOffset;
use zonebook_reconcile::statement::{Head, Piece, Section};

pub(super) struct Table {
    head: Head,
    utc_offset: UtcOffset,
    writer: csv::Writer<Vec<u8>>,
}

fn failed(error: impl std::fmt::Display) -> StatementFileError {
    StatementFileError::Library(error.to_string())
}

fn fresh() -> csv::Writer<Vec<u8>> {
    csv::Writer::from_writer(Vec::new())
}

impl Table {
    pub(super) fn new(head: &Head, utc_offset: UtcOffset) -> Result<Self, StatementFileError> {
        let mut table = Self { head: head.clone(), utc_offset, writer: fresh() };
        table.writer.write_record(COLUMNS.iter().map(|(name, _)| name)).map_err(failed)?;
        for row in record::heads(head, utc_offset) {
            table.write(&row)?;
        }
        Ok(table)
    }

    pub(super) fn take(&mut self, section: &Section, piece: &Piece) -> Result<(), StatementFileError> {
        self.write(&record::record(&self.head, section, piece, self.utc_offset))
    }

    pub(super) fn ready(&mut self) -> Vec<u8> {
        // A writer into memory cannot fail.
        std::mem::replace(&mut self.writer, fresh()).into_inner().unwrap_or_default()
    }

    fn write(&mut self, row: &Record) -> Result<(), StatementFileError> {
        let cells = row.0.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.to_string(),
            Cell::Count(count) => count.to_string(),
            Cell::Amount(amount) => amount.to_string(),
        });
        self.writer.write_record(cells).map_err(failed)
    }
}
