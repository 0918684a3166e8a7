//! The figures of a verification as long work: on a thread that leaves way to commands, told as they come, ended with the call.

use crate::gateway::Gateway;
use crate::leisure::Leisure;
use crate::page;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use zonebook_api::field::FieldError;
use zonebook_api::{status, v1, verification};
use zonebook_ledger::code::BookNo;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::error::Fault;
use zonebook_ledger::outcome::Revision;
use zonebook_ledger::query;
use zonebook_ledger::state::{Books, Read, get};
use zonebook_ledger::time::Date;
use zonebook_reconcile::verification::{Counted, Failure, Period, Row, Watch, of_items_watched};
use zonebook_store::state::View;

/// Where figures end: the last revision that they know, and the last item.
pub type Figures = (Revision, Mark, u64);

/// Items between two replies.
const PART_ITEMS: usize = 200;
/// Items counted at a time.
const PAGE_ITEMS: usize = 10_000;
/// Rows of the history, a few milliseconds of work, between two rests and looks at whether somebody still listens.
const WATCHED_ROWS: u64 = 512;
/// Without figures a reply says how far the work has come, so often.
const PROGRESS_EVERY: Duration = Duration::from_secs(1);
/// Replies that may wait for a slow reader.
const WAITING_MAX: usize = 2;

/// Which period figures are of.
#[derive(Clone)]
pub struct Wanted {
    pub book_no: BookNo,
    pub sequence: Option<u64>,
    pub days: (Option<Date>, Option<Date>),
    pub as_of: Option<Revision>,
}

impl Wanted {
    /// As a request names it; behind figures that were told, of the same revision as they.
    pub fn of(
        book_no: BookNo,
        sequence: u64,
        (begin, end): (&str, &str),
        as_of_revision: u64,
        told: Option<&Figures>,
    ) -> Result<Self, Status> {
        let asked = (as_of_revision != 0).then_some(Revision(as_of_revision));
        Ok(Self {
            book_no,
            sequence: (sequence != 0).then_some(sequence),
            days: verification::days(begin, end).map_err(|error| status::invalid(&error))?,
            as_of: told.map(|(revision, ..)| *revision).or(asked),
        })
    }

    /// The period; `None` where there is no such book, or the verification that is to say its days was not declared.
    pub fn period(&self, view: &dyn Read) -> Result<Option<Period>, Fault> {
        if get::<Books>(view, self.book_no.clone())?.is_none() {
            return Ok(None);
        }
        match self.sequence {
            Some(sequence) => Period::of_verification(view, &self.book_no, sequence, self.as_of),
            None => Period::of(view, self.days, None, self.as_of).map(Some),
        }
    }
}

/// A row as it is told.
pub fn line(row: &Row) -> Result<v1::VerificationLine, Status> {
    let beyond = || format!("item {} is too large", row.item.number);
    verification::line(row).ok_or_else(|| status::invalid(&FieldError::new("book_no", "", beyond())))
}

/// What figures could not be computed for.
pub fn failed(why: &Failure) -> Status {
    match why {
        Failure::Stopped => Status::cancelled("the caller wanted no more"),
        Failure::Fault(fault) => status::fault(&fault.to_string()),
        Failure::Range { .. } => status::invalid(&FieldError::new("book_no", "", why)),
    }
}

/// What goes out.
pub type Told = ReceiverStream<Result<v1::StreamVerificationResponse, Status>>;

/// What is asked for, and where to go on.
pub struct Asked {
    pub wanted: Wanted,
    pub counted: Counted,
    pub after: Option<(Mark, u64)>,
}

/// Begins the work; figures and progress come as they are known.
pub async fn stream(
    gateway: &Gateway,
    consistency: Option<&v1::Consistency>,
    asked: Asked,
) -> Result<Told, Status> {
    let leave = gateway.reads.enter_long()?;
    let view = gateway.view(consistency).await?;
    let view = view.in_passing().unwrap_or(view);
    let (told, replies) = mpsc::channel(WAITING_MAX);
    let commands = gateway.node.progress();
    let begun = std::thread::Builder::new().name("verification".into()).spawn(move || {
        let (head, leisure) = (v1::StreamVerificationResponse::default(), Leisure::begin(commands));
        let teller = Teller { told, head, items: 0, total: 0, leisure };
        teller.work(&view, &asked);
        drop(leave);
    });
    begun.map_err(|error| status::fault(&format!("no thread for long work: {error}")))?;
    Ok(ReceiverStream::new(replies))
}

struct Teller {
    told: mpsc::Sender<Result<v1::StreamVerificationResponse, Status>>,
    /// What all replies say.
    head: v1::StreamVerificationResponse,
    items: u64,
    total: u64,
    leisure: Leisure,
}

impl Teller {
    fn work(mut self, view: &Arc<dyn View>, asked: &Asked) {
        if let Err(status) = self.figures(&**view, asked) {
            // Nobody is there any more, or is told why there is no more.
            drop(self.told.blocking_send(Err(status)));
        }
    }

    fn figures(&mut self, view: &dyn View, asked: &Asked) -> Result<(), Status> {
        let fault = |fault: Fault| status::fault(&fault.to_string());
        let Asked { wanted, counted, after } = asked;
        let period = wanted.period(view).map_err(fault)?;
        let period = period.ok_or_else(|| status::not_found("verification", wanted.book_no.as_str()))?;
        self.head.revision = query::revision(view).map_err(fault)?.0;
        self.head.as_of_revision = period.as_of.0;
        self.total = count_items(view, &wanted.book_no).map_err(fault)?;
        let (mut after, mut rows) = (*after, 0);
        loop {
            let mut last_told = Instant::now();
            let told = self.told.clone();
            let (head, items, total) = (self.head.clone(), self.items, self.total);
            let leisure = &mut self.leisure;
            let mut goes_on = |read: u64| {
                leisure.pause();
                if last_told.elapsed() >= PROGRESS_EVERY {
                    last_told = Instant::now();
                    let progress = Some(progress(items, total, rows + read));
                    return told
                        .blocking_send(Ok(v1::StreamVerificationResponse { progress, ..head.clone() }))
                        .is_ok();
                }
                !told.is_closed()
            };
            let mut watch = Watch::new(WATCHED_ROWS, &mut goes_on);
            let found =
                of_items_watched(view, &wanted.book_no, &period, counted, (after, PART_ITEMS), &mut watch);
            let found = found.map_err(|why| failed(&why))?;
            rows += watch.rows();
            after = found.last().map(|row| (row.item.mark, row.item.number));
            if self.tell(&found, rows, period.as_of)?.is_break() || found.len() < PART_ITEMS {
                return Ok(());
            }
        }
    }

    /// Tells of some items; breaks when nobody listens.
    fn tell(&mut self, found: &[Row], rows: u64, as_of: Revision) -> Result<ControlFlow<()>, Status> {
        self.items += found.len() as u64;
        let last = found.last().map(|row| (as_of, row.item.mark, row.item.number));
        let reply = v1::StreamVerificationResponse {
            lines: found.iter().map(line).collect::<Result<_, _>>()?,
            progress: Some(progress(self.items, self.total, rows)),
            resume_token: page::next::<Figures>(1, 1, last),
            ..self.head.clone()
        };
        Ok(match self.told.blocking_send(Ok(reply)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        })
    }
}

const fn progress(items: u64, items_total: u64, history_rows: u64) -> v1::VerificationProgress {
    v1::VerificationProgress { items, items_total, history_rows }
}

fn count_items(view: &dyn Read, book_no: &BookNo) -> Result<u64, Fault> {
    let (mut count, mut after) = (0, None);
    loop {
        let page = query::items(view, book_no, after, PAGE_ITEMS)?;
        count += page.len() as u64;
        match page.last() {
            Some((item, _)) if page.len() == PAGE_ITEMS => after = Some((item.mark, item.number)),
            _ => return Ok(count),
        }
    }
}
