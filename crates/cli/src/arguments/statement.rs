//! `statement`

use super::Position;
use clap::{ArgGroup, Args};
use std::path::PathBuf;
use zonebook_exchange::statement::FileForm;

/// `statement`
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("subject").required(true).args(["book_no", "book", "party"])))]
pub struct Statement {
    /// The book of one position
    #[arg(requires = "number")]
    pub book_no: Option<String>,
    /// Item or row number of one position
    pub number: Option<u64>,
    /// `I` materials and goods, `E` products, `R` residues; of one position
    #[arg(long, default_value = "I")]
    pub mark: String,
    /// The lot of one position, where the book tracks lots
    #[arg(long, default_value = "")]
    pub lot: String,
    /// The serial number of one position, where the book tracks them
    #[arg(long, default_value = "")]
    pub serial: String,
    /// The place of one position
    #[arg(long, default_value = "ZONE")]
    pub place: String,
    /// Everything that moved in a book, as a file
    #[arg(long, conflicts_with_all = ["book_no", "party"])]
    pub book: Option<String>,
    /// Everything that moved in all books of an enterprise, as a file: its customs registration number
    #[arg(long, conflicts_with = "book_no")]
    pub party: Option<String>,
    /// From a time on the ledger's clock, or behind a revision; of one position from a revision on
    #[arg(long)]
    pub from: Option<String>,
    /// Before a time on the ledger's clock, or up to a revision
    #[arg(long, alias = "as-of")]
    pub to: Option<String>,
    /// The revision that it rests on: the same request at the same revision gives the same bytes, on every node and on
    /// every later day [default: the last one]
    #[arg(long, conflicts_with = "book_no")]
    pub revision: Option<u64>,
    /// Rows for what was only reserved, announced or taken back as well
    #[arg(long, conflicts_with = "book_no")]
    pub pending: bool,
    /// Form of the file [default: by the ending of its name, or csv]
    #[arg(long, value_enum, conflicts_with = "book_no")]
    pub format: Option<Form>,
    /// The file; standard output without it
    #[arg(long, conflicts_with = "book_no")]
    pub file: Option<PathBuf>,
}

impl Statement {
    /// The position that was asked for, if one was.
    pub fn position(&self) -> Option<Position> {
        Some(Position {
            book_no: self.book_no.clone()?,
            number: self.number?,
            mark: self.mark.clone(),
            lot: self.lot.clone(),
            serial: self.serial.clone(),
            place: self.place.clone(),
        })
    }

    /// The form of the file.
    pub fn form(&self) -> FileForm {
        let ending =
            self.file.as_deref().and_then(|file| file.extension()).and_then(|ending| ending.to_str());
        let by_ending = FileForm::ALL.into_iter().find(|form| Some(form.ending()) == ending);
        self.format.map(FileForm::from).or(by_ending).unwrap_or(FileForm::Csv)
    }
}

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// Comma-separated values, for programs
    Csv,
    /// A workbook
    Xlsx,
    /// Pages, for people
    Pdf,
}

impl From<Form> for FileForm {
    fn from(form: Form) -> Self {
        match form {
            Form::Csv => Self::Csv,
            Form::Xlsx => Self::Xlsx,
            Form::Pdf => Self::Pdf,
        }
    }
}
