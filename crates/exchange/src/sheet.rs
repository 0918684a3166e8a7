//! Sheets with a head line, CSV or the first sheet of an XLSX workbook, read with errors that name file, line, column and
//! value. Which of the two a file is its first bytes say.

use csv::StringRecord;
use std::fmt::Display;
use thiserror::Error;

mod workbook;

/// The most bytes that a file may have.
pub const BYTES_MAX: usize = 64 * 1024 * 1024;

/// A sheet that is not what it should be.
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
    /// Begins like a workbook and is none.
    #[error("{file}: not an XLSX workbook: {problem}")]
    NotWorkbook {
        /// The file.
        file: String,
        /// What the reader says.
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
    columns: &'s [&'static str],
    line: u64,
    record: &'s StringRecord,
}

impl Row<'_> {
    /// The text of a column; empty where the sheet does not have the column.
    pub(crate) fn text(&self, column: &'static str) -> &str {
        let at = self.columns.iter().position(|known| *known == column);
        at.and_then(|at| self.record.get(at)).unwrap_or_default()
    }

    /// The line of the file, from 1.
    pub(crate) const fn line(&self) -> u64 {
        self.line
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

    /// The value of a column that may be empty.
    pub(crate) fn optional<T, E: Display>(
        &self,
        column: &'static str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, SheetError> {
        if self.text(column).is_empty() { Ok(None) } else { self.read(column, read).map(Some) }
    }
}

/// Which columns a sheet has.
#[derive(Clone, Copy)]
pub(crate) struct Columns {
    /// It has these, in this order, before all others.
    pub(crate) required: &'static [&'static str],
    /// It may have these behind them, in any order.
    pub(crate) optional: &'static [&'static str],
}

impl Columns {
    /// The columns of a head line, if they are such.
    fn of(self, head: &StringRecord) -> Option<Vec<&'static str>> {
        let mut columns = Vec::with_capacity(head.len());
        for (at, name) in head.iter().enumerate() {
            let known = match self.required.get(at) {
                Some(required) => (*required == name).then_some(*required),
                None => self.optional.iter().copied().find(|known| *known == name),
            };
            columns.push(known.filter(|known| !columns.contains(known))?);
        }
        (columns.len() >= self.required.len()).then_some(columns)
    }

    fn expected(self) -> String {
        let required = self.required.join(",");
        if self.optional.is_empty() {
            return required;
        }
        format!("{required}, then any of {}", self.optional.join(","))
    }
}

/// Reads all lines of a sheet whose head names exactly these columns.
pub(crate) fn read<T>(
    file: &str,
    bytes: &[u8],
    columns: &'static [&'static str],
    take: impl FnMut(&Row<'_>) -> Result<T, SheetError>,
) -> Result<Vec<T>, SheetError> {
    read_some(file, bytes, Columns { required: columns, optional: &[] }, take)
}

/// Reads all lines of a sheet with such columns.
pub(crate) fn read_some<T>(
    file: &str,
    bytes: &[u8],
    columns: Columns,
    mut take: impl FnMut(&Row<'_>) -> Result<T, SheetError>,
) -> Result<Vec<T>, SheetError> {
    if bytes.len() > BYTES_MAX {
        return Err(SheetError::TooLarge { file: file.to_owned(), bytes: bytes.len() });
    }
    let mut lines = if workbook::is_one(bytes) {
        Lines::Workbook(workbook::lines(file, bytes)?.into_iter())
    } else {
        let text = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
        let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
        Lines::Csv(Box::new(reader.into_records()))
    };
    let (_, head) = lines.next(file)?.unwrap_or_default();
    let Some(known) = columns.of(&head) else {
        let found = crate::excerpt(&head.iter().collect::<Vec<_>>().join(","));
        return Err(SheetError::Columns { file: file.to_owned(), found, expected: columns.expected() });
    };
    let mut taken = Vec::new();
    while let Some((line, record)) = lines.next(file)? {
        taken.push(take(&Row { file, columns: &known, line, record: &record })?);
    }
    Ok(taken)
}

/// The lines of a file, the head among them.
enum Lines<'b> {
    Csv(Box<csv::StringRecordsIntoIter<&'b [u8]>>),
    Workbook(std::vec::IntoIter<(u64, StringRecord)>),
}

impl Lines<'_> {
    /// The next line with its number, from 1.
    fn next(&mut self, file: &str) -> Result<Option<(u64, StringRecord)>, SheetError> {
        match self {
            Self::Workbook(lines) => Ok(lines.next()),
            Self::Csv(records) => match records.next() {
                None => Ok(None),
                Some(Ok(record)) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    Ok(Some((line, record)))
                }
                Some(Err(error)) => {
                    Err(SheetError::NotCsv { file: file.to_owned(), problem: error.to_string() })
                }
            },
        }
    }
}
