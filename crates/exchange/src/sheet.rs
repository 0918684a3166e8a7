//! CSV files with a head line, read with errors that name file, line, column and value.

use csv::StringRecord;
use std::fmt::Display;
use thiserror::Error;

/// The most bytes that a file may have.
pub const BYTES_MAX: usize = 64 * 1024 * 1024;

/// A CSV file that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SheetError {
    /// The file is too large.
    #[error("{file}: {bytes} bytes; at most {BYTES_MAX} are read")]
    TooLarge {
        /// The file.
        file: String,
        /// Its size.
        bytes: usize,
    },
    /// Not CSV, or not UTF-8.
    #[error("{file}: {problem}")]
    NotCsv {
        /// The file.
        file: String,
        /// What the reader says, with the line.
        problem: String,
    },
    /// The head line names other columns.
    #[error("{file}: line 1: the columns are `{found}`; they must be `{expected}`")]
    Columns {
        /// The file.
        file: String,
        /// What it says.
        found: String,
        /// What it must say.
        expected: String,
    },
    /// A value cannot be taken.
    #[error("{file}: line {line}: column {column}: `{value}`: {problem}")]
    Value {
        /// The file.
        file: String,
        /// The line of the file, from 1.
        line: u64,
        /// The name of the column.
        column: &'static str,
        /// The value.
        value: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// A line of a sheet.
pub(crate) struct Row<'s> {
    file: &'s str,
    columns: &'static [&'static str],
    record: &'s StringRecord,
}

impl Row<'_> {
    /// The text of a column.
    pub(crate) fn text(&self, column: &'static str) -> &str {
        let at = self.columns.iter().position(|known| *known == column);
        at.and_then(|at| self.record.get(at)).unwrap_or_default()
    }

    /// The line of the file, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// The value of a column that may be empty.
    pub(crate) fn optional<T, E: Display>(
        &self,
        column: &'static str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, SheetError> {
        if self.text(column).is_empty() { Ok(None) } else { self.read(column, read).map(Some) }
    }

    /// The value of a column.
    pub(crate) fn read<T, E: Display>(
        &self,
        column: &'static str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, SheetError> {
        let text = self.text(column);
        read(text).map_err(|problem| SheetError::Value {
            file: self.file.to_owned(),
            line: self.line(),
            column,
            value: crate::excerpt(text),
            problem: problem.to_string(),
        })
    }
}

/// Reads all lines of a sheet whose head names exactly these columns.
pub(crate) fn read<T>(
    file: &str,
    bytes: &[u8],
    columns: &'static [&'static str],
    mut take: impl FnMut(&Row<'_>) -> Result<T, SheetError>,
) -> Result<Vec<T>, SheetError> {
    if bytes.len() > BYTES_MAX {
        return Err(SheetError::TooLarge { file: file.to_owned(), bytes: bytes.len() });
    }
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    let not_csv =
        |error: csv::Error| SheetError::NotCsv { file: file.to_owned(), problem: error.to_string() };
    let mut reader = csv::Reader::from_reader(bytes);
    let head = reader.headers().map_err(not_csv)?;
    if head.iter().ne(columns.iter().copied()) {
        let found = crate::excerpt(&head.iter().collect::<Vec<_>>().join(","));
        return Err(SheetError::Columns { file: file.to_owned(), found, expected: columns.join(",") });
    }
    let mut taken = Vec::new();
    for record in reader.records() {
        let record = record.map_err(not_csv)?;
        taken.push(take(&Row { file, columns, record: &record })?);
    }
    Ok(taken)
}
