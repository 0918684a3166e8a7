//! The load: callers that submit lists, file parcels or ask the gate, in a closed or an open loop.

use crate::arguments::{Arguments, Distribution, Mode, Workload};
use anyhow::Result;
use hdrhistogram::Histogram;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution as _, Uniform, Zipf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;
use zonebook_api::v1;
use zonebook_bench::books::{self, Book};
use zonebook_client::{Client, Error, Packer, request_id};

/// What one run is made of.
#[derive(Clone, Debug)]
pub struct Shape {
    pub callers: usize,
    pub lines: usize,
    pub distribution: Distribution,
    pub workload: Workload,
    pub mode: Mode,
    pub rate: Option<f64>,
    pub seconds: f64,
    warm_up: f64,
    seed: u64,
}

impl Shape {
    pub fn new(arguments: &Arguments, callers: usize, lines: usize) -> Self {
        Self {
            callers,
            lines,
            distribution: arguments.distribution,
            workload: arguments.workload,
            mode: arguments.mode,
            rate: arguments.rate,
            seconds: arguments.seconds,
            warm_up: arguments.warm_up,
            seed: arguments.seed,
        }
    }
}

/// What was counted.
#[derive(Clone, Debug)]
pub struct Measured {
    pub movements: u64,
    pub refused: u64,
    /// Told to come back later.
    pub sent_away: u64,
    /// Microseconds from the call, or from when it was due, to the answer.
    pub latency: Histogram<u64>,
    pub seconds: f64,
    /// Lines of all lists since the process began, the warm-up included: what bytes at rest are divided by.
    pub lines_written: u64,
}

enum Draw {
    Uniform(Uniform<u64>),
    Zipf(Zipf<f64>),
    One,
}

impl Draw {
    fn new(distribution: Distribution, items: u64) -> Result<Self> {
        Ok(match distribution {
            Distribution::Uniform => Self::Uniform(Uniform::new_inclusive(1, items)?),
            Distribution::Zipf => {
                #[allow(clippy::cast_precision_loss)]
                let items = items as f64;
                Self::Zipf(Zipf::new(items, 1.1)?)
            }
            Distribution::One => Self::One,
        })
    }

    fn item(&self, random: &mut ChaCha8Rng) -> u64 {
        match self {
            Self::Uniform(uniform) => uniform.sample(random),
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Self::Zipf(zipf) => zipf.sample(random) as u64,
            Self::One => 1,
        }
    }
}

/// The way of one caller to the cluster.
#[derive(Clone)]
enum Way {
    Unary(Client),
    Shared(Client, Packer),
}

impl Way {
    async fn submit(&self, list: v1::InventoryList) -> Result<v1::Outcome, Error> {
        match self {
            Self::Unary(client) => {
                let request = v1::SubmitMovementRequest {
                    request_id: request_id(),
                    validate_only: false,
                    list: Some(list),
                };
                Ok(client.submit_movement(request).await?.outcome.unwrap_or_default())
            }
            Self::Shared(_, packer) => {
                packer.submit(v1::Submission { request_id: request_id(), list: Some(list) }).await
            }
        }
    }

    fn client(&self) -> &Client {
        match self {
            Self::Unary(client) | Self::Shared(client, _) => client,
        }
    }
}

struct Caller {
    way: Way,
    book: Book,
    shape: Shape,
    draw: Draw,
    random: ChaCha8Rng,
    prefix: String,
    count: u64,
    /// For the question whether its vehicle may go.
    pass_no: String,
}

/// What a caller does once.
enum Job {
    /// Submits a list, by its number without what stands before it.
    List(String, Box<v1::InventoryList>),
    Parcels(Vec<v1::Parcel>),
    /// Asks whether the vehicle of a pass may go.
    Gate(String),
}

impl Caller {
    fn new(number: usize, way: Way, book: &Book, pass_no: &str, shape: &Shape) -> Result<Self> {
        let seed = shape.seed.wrapping_mul(1 << 20).wrapping_add(number as u64);
        // Numbers of documents must be new in each run.
        let prefix: String = request_id().chars().filter(char::is_ascii_hexdigit).skip(4).take(20).collect();
        Ok(Self {
            way,
            book: book.clone(),
            shape: shape.clone(),
            draw: Draw::new(shape.distribution, book.items)?,
            random: ChaCha8Rng::seed_from_u64(seed),
            prefix: format!("{prefix}{number}"),
            count: 0,
            pass_no: pass_no.into(),
        })
    }

    fn next_job(&mut self) -> Job {
        self.count += 1;
        let name = format!("{}-{}", self.prefix, self.count);
        let items: Vec<u64> = (0..self.shape.lines).map(|_| self.draw.item(&mut self.random)).collect();
        match self.shape.workload {
            Workload::Gate => Job::Gate(self.pass_no.clone()),
            Workload::Parcels => Job::Parcels(books::parcels(&self.book, &name, items.into_iter())),
            Workload::Reserve | Workload::Life => {
                let (list_no, declaration_no) = (format!("QD{name}"), format!("D{name}"));
                let list = books::list(&self.book, list_no, declaration_no, items.into_iter());
                Job::List(name, Box::new(list))
            }
        }
    }
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    Accepted,
    /// By a rule.
    Refused,
    /// Too much waited.
    SentAway,
}

/// One job; accepted if all of it was.
async fn work(way: &Way, workload: Workload, job: Job) -> Result<Done, Error> {
    let done = match job {
        Job::List(name, list) => through(way, workload, &name, *list).await,
        Job::Parcels(parcels) => file_parcels(way.client(), parcels).await,
        Job::Gate(pass_no) => {
            let request = v1::GetPassageAdviceRequest {
                by: Some(v1::get_passage_advice_request::By::PassNo(pass_no)),
                consistency: None,
            };
            way.client().get_passage_advice(request).await.map(|_| Done::Accepted)
        }
    };
    match done {
        Err(Error::Overloaded { .. }) => Ok(Done::SentAway),
        Err(Error::Refused { .. }) => Ok(Done::Refused),
        other => other,
    }
}

async fn file_parcels(client: &Client, parcels: Vec<v1::Parcel>) -> Result<Done, Error> {
    let request = v1::FileParcelsRequest { request_id: request_id(), validate_only: false, parcels };
    let outcome = client.file_parcels(request).await?.outcome.unwrap_or_default();
    Ok(if outcome.verdict() == v1::Verdict::Accepted { Done::Accepted } else { Done::Refused })
}

/// A list through its workload.
async fn through(way: &Way, workload: Workload, name: &str, list: v1::InventoryList) -> Result<Done, Error> {
    if way.submit(list).await?.verdict() != v1::Verdict::Accepted {
        return Ok(Done::Refused);
    }
    if workload == Workload::Life {
        let client = way.client();
        let release = v1::ReleaseDeclarationRequest {
            request_id: request_id(),
            validate_only: false,
            declaration_no: format!("D{name}"),
            channel: "P".into(),
            noticed_at: "2026-06-01 10:00:00".into(),
        };
        client.release_declaration(release).await?;
        let pass_no = format!("Z{name}");
        let pass = books::pass(pass_no.clone(), format!("QD{name}"));
        client
            .file_pass(v1::FilePassRequest {
                request_id: request_id(),
                validate_only: false,
                pass: Some(pass),
            })
            .await?;
        let passage = v1::ReportPassageRequest {
            request_id: request_id(),
            validate_only: false,
            pass_no,
            status: "2".into(),
            passed_at: "2026-06-01 11:00:00".into(),
            collected_weight: String::new(),
        };
        client.report_passage(passage).await?;
    }
    Ok(Done::Accepted)
}

#[derive(Default)]
struct Counted {
    movements: u64,
    refused: u64,
    sent_away: u64,
    latencies: Vec<Duration>,
}

impl Counted {
    fn add(&mut self, done: Done, latency: Duration) {
        match done {
            Done::Accepted => {
                self.movements += 1;
                self.latencies.push(latency);
            }
            Done::Refused => self.refused += 1,
            Done::SentAway => self.sent_away += 1,
        }
    }

    fn merge(&mut self, other: Self) {
        self.movements += other.movements;
        self.refused += other.refused;
        self.sent_away += other.sent_away;
        self.latencies.extend(other.latencies);
    }
}

/// Each caller waits for its answer before it goes on.
async fn closed(mut caller: Caller, from: Instant, to: Instant, written: Arc<AtomicU64>) -> Result<Counted> {
    let mut counted = Counted::default();
    loop {
        let job = caller.next_job();
        let started = Instant::now();
        if started >= to {
            return Ok(counted);
        }
        let done = work(&caller.way, caller.shape.workload, job).await?;
        if done == Done::Accepted {
            written.fetch_add(caller.shape.lines as u64, Ordering::Relaxed);
        }
        let ended = Instant::now();
        if started >= from && ended <= to {
            counted.add(done, ended - started);
        }
    }
}

/// Lists go out when they are due, whatever became of those before; latency counts from when a list was due.
async fn open(
    mut caller: Caller,
    interval: Duration,
    from: Instant,
    to: Instant,
    written: Arc<AtomicU64>,
) -> Result<Counted> {
    let mut under_way = JoinSet::new();
    let mut due = Instant::now();
    while due < to {
        tokio::time::sleep_until(due).await;
        let job = caller.next_job();
        let (way, workload, lines) = (caller.way.clone(), caller.shape.workload, caller.shape.lines as u64);
        let written = Arc::clone(&written);
        under_way.spawn(async move {
            let done = work(&way, workload, job).await?;
            if done == Done::Accepted {
                written.fetch_add(lines, Ordering::Relaxed);
            }
            Ok::<_, Error>((due, done, due.elapsed()))
        });
        due += interval;
    }
    let mut counted = Counted::default();
    while let Some(done) = under_way.join_next().await {
        let (due, done, latency) = done??;
        if due >= from {
            counted.add(done, latency);
        }
    }
    Ok(counted)
}

/// Runs one shape.
pub async fn run(client: &Client, book: &Book, shape: &Shape) -> Result<Measured> {
    let written = Arc::new(AtomicU64::new(0));
    let pass_no = match shape.workload {
        Workload::Gate => books::waiting_pass(client, book).await?,
        _ => String::new(),
    };
    let from = Instant::now() + Duration::try_from_secs_f64(shape.warm_up)?;
    let to = from + Duration::try_from_secs_f64(shape.seconds)?;
    let packer = (shape.mode == Mode::Shared).then(|| Packer::new(client.clone()));
    let mut callers = JoinSet::new();
    for number in 0..shape.callers {
        let way = match &packer {
            Some(packer) => Way::Shared(client.clone(), packer.clone()),
            // Every node answers the gate.
            None if shape.workload == Workload::Gate => Way::Unary(client.unshared_from(number)),
            None => Way::Unary(client.unshared()),
        };
        let caller = Caller::new(number, way, book, &pass_no, shape)?;
        let written = Arc::clone(&written);
        match shape.rate {
            None => callers.spawn(closed(caller, from, to, written)),
            Some(rate) => {
                #[allow(clippy::cast_precision_loss)]
                let interval = Duration::try_from_secs_f64(shape.callers as f64 / rate)?;
                callers.spawn(open(caller, interval, from, to, written))
            }
        };
    }
    let mut counted = Counted::default();
    while let Some(done) = callers.join_next().await {
        counted.merge(done??);
    }
    let mut latency = Histogram::new_with_bounds(1, 120_000_000, 3)?;
    for one in &counted.latencies {
        latency.saturating_record(u64::try_from(one.as_micros()).unwrap_or(u64::MAX));
    }
    Ok(Measured {
        movements: counted.movements,
        refused: counted.refused,
        sent_away: counted.sent_away,
        latency,
        seconds: shape.seconds,
        lines_written: written.load(Ordering::Relaxed),
    })
}
