//! `statement`: how what stands somewhere came to be; of one position on the screen, of books as a file.

use super::{all_pages, balance};
use crate::arguments::{Online, Position, Statement};
use crate::failure::{Failure, code};
use crate::moment;
use crate::output::{self, Column};
use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use zonebook_api::v1::stream_statement_request::Holder;
use zonebook_api::{statement, v1};
use zonebook_exchange::statement::{FileForm, StatementFile};

const STATEMENT: &[Column<'static>] = &[
    Column("revision", "/revision"),
    Column("time", "/ledger_time"),
    Column("action", "/action"),
    Column("document", "/document"),
    Column("line", "/line"),
    Column("pre_in", "/after/increase_pending/declared"),
    Column("in", "/after/increase_posted/declared"),
    Column("pre_out", "/after/decrease_pending/declared"),
    Column("out", "/after/decrease_posted/declared"),
    Column("on_hand", "/after/on_hand/declared"),
    Column("available", "/after/available/declared"),
];

pub async fn run(online: &Online, command: Statement) -> Result<(), Failure> {
    match command.position() {
        Some(position) => of_position(online, position, &command).await,
        None => of_books(online, &command).await,
    }
}

async fn of_position(online: &Online, position: Position, command: &Statement) -> Result<(), Failure> {
    let first = command.from.as_deref().unwrap_or("0");
    let first_revision = first.parse().map_err(|_| {
        Failure::usage(format!("--from {first}: of one position a revision; with --book a time as well"))
    })?;
    let client = online.client();
    let request = v1::ListStatementRequest {
        key: balance::key(position),
        first_revision,
        as_of: as_of(command.to.as_deref())?,
        ..Default::default()
    };
    let rows = all_pages!(client, list_statement, request, rows);
    output::many(online.output, STATEMENT, "StatementRow", &rows)
}

fn as_of(text: Option<&str>) -> Result<Option<v1::AsOf>, Failure> {
    text.map(moment::as_of).transpose()
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::new(code::FAILED, error)
}

async fn of_books(online: &Online, command: &Statement) -> Result<(), Failure> {
    let holder = match (&command.book, &command.party) {
        (Some(book), _) => Holder::BookNo(book.clone()),
        (None, Some(party)) => Holder::CustomsNo(party.clone()),
        (None, None) => return Err(Failure::usage("a position, --book or --party")),
    };
    let request = v1::StreamStatementRequest {
        holder: Some(holder),
        from: as_of(command.from.as_deref())?,
        to: as_of(command.to.as_deref())?,
        at_revision: command.revision.unwrap_or_default(),
        pending: command.pending,
        consistency: None,
    };
    let mut sink = Sink::open(command.file.as_deref())?;
    let mut making = Making { form: command.form(), file: None, revision: 0, pieces: 0 };
    online.client().receive_statement(request, |reply| sink.write(&making.take(reply)?)).await?;
    let (revision, pieces) = (making.revision, making.pieces);
    sink.write(&making.finish()?)?;
    sink.finish()?;
    if !online.quiet {
        eprintln!("statement at revision {revision}: {pieces} rows");
    }
    Ok(())
}

/// A file that is made as the statement comes in.
struct Making {
    form: FileForm,
    file: Option<StatementFile>,
    revision: u64,
    pieces: u64,
}

impl Making {
    /// Takes some of the statement; answers with what of the file is ready.
    fn take(&mut self, reply: v1::StreamStatementResponse) -> Result<Vec<u8>, Failure> {
        if let Some(head) = &reply.head {
            let head = statement::read_head(head, reply.revision).map_err(failed)?;
            self.revision = reply.revision;
            self.file = Some(StatementFile::new(self.form, &head, moment::ZONE).map_err(failed)?);
        }
        let file =
            self.file.as_mut().ok_or_else(|| failed("the server sent a statement without its head"))?;
        for piece in &reply.pieces {
            file.take(&statement::read_piece(piece).map_err(failed)?).map_err(failed)?;
            self.pieces += 1;
        }
        Ok(file.ready())
    }

    fn finish(self) -> Result<Vec<u8>, Failure> {
        let file = self.file.ok_or_else(|| failed("the server sent no statement"))?;
        file.finish().map_err(failed)
    }
}

/// Where a file goes. On disk it has its name only when it is whole.
enum Sink {
    Output,
    Disk { file: File, part: PathBuf, name: PathBuf },
}

impl Sink {
    fn open(name: Option<&Path>) -> Result<Self, Failure> {
        let Some(name) = name else { return Ok(Self::Output) };
        let mut part = OsString::from(name);
        part.push(".part");
        let part = PathBuf::from(part);
        let file =
            File::create(&part).map_err(|error| Failure::usage(format!("{}: {error}", part.display())))?;
        Ok(Self::Disk { file, part, name: name.into() })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Self::Output => output::write_bytes(bytes),
            Self::Disk { file, .. } => Ok(file.write_all(bytes)?),
        }
    }

    fn finish(self) -> Result<(), Failure> {
        let Self::Disk { file, part, name } = self else { return Ok(()) };
        file.sync_all()?;
        Ok(std::fs::rename(part, name)?)
    }
}
