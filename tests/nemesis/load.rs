//! Clients that file and read without pause, each on its own, and write down what they are told.

use crate::nemesis::chronicle::Chronicle;
use crate::nemesis::goods::{self, ITEM_LIFE, ITEMS_AT_A_TIME, Kind, List};
use crate::nemesis::history::{Counters, End, Freshness, History, Operation, Reading, Wish, declared};
use anyhow::Result;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use zonebook_api::v1;
use zonebook_client::{Client, Error, Options, request_id};
use zonebook_sim::Chance;

/// How long a call may take before the client says that it does not know.
const CALLER: Options =
    Options { deadline: Duration::from_secs(3), attempt: Duration::from_millis(1000), waits_when_busy: true };
/// How long a read may take.
const READER: Options = Options {
    deadline: Duration::from_millis(1500),
    attempt: Duration::from_millis(1500),
    waits_when_busy: true,
};
/// A client that probes after a leader's death.
const PROBE: Options =
    Options { deadline: Duration::from_secs(60), attempt: Duration::from_millis(100), waits_when_busy: true };
/// How long the end of a run waits for outcomes that are not known yet.
const LAST_PATIENCE: Duration = Duration::from_secs(60);
/// Lists that a client keeps for later wishes.
const OWN_MAX: usize = 40;

struct Shared {
    chronicle: Chronicle,
    addresses: watch::Receiver<Vec<String>>,
    history: Mutex<History>,
    /// Items of the book.
    items: u64,
    /// The pause of a client between two calls, on average.
    pause: Duration,
    lists: AtomicU64,
    /// The last revision that anybody was told of.
    told: AtomicU64,
    stopping: CancellationToken,
}

/// Clients at work.
pub struct Load {
    shared: Arc<Shared>,
    seed: u64,
    clients: JoinSet<()>,
}

impl Shared {
    fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, revision: u64) {
        self.told.fetch_max(revision, Ordering::Relaxed);
    }

    fn new_list(&self, chance: &mut Chance) -> Arc<List> {
        let age = self.chronicle.now().as_millis() / ITEM_LIFE.as_millis();
        let first = u64::try_from(age).unwrap_or(0) * ITEMS_AT_A_TIME;
        let at = chance.below(ITEMS_AT_A_TIME);
        let item = |line| (first + (at + line) % ITEMS_AT_A_TIME) % self.items + 1;
        let lines = chance.below(2) + 1;
        let goods = (0..lines).map(|line| (item(line), i64::try_from(chance.below(9)).unwrap_or(0) + 1));
        let goods = goods.collect();
        let kind = chance.one_of(&[Kind::Sale, Kind::Destruction, Kind::Arrival]).unwrap_or(Kind::Sale);
        Arc::new(List { number: self.lists.fetch_add(1, Ordering::Relaxed) + 1, kind, goods })
    }
}

impl Load {
    /// Without clients yet; they will reach nodes at these addresses, and use so many items.
    #[must_use]
    pub fn new(
        chronicle: Chronicle,
        addresses: watch::Receiver<Vec<String>>,
        seed: u64,
        items: u64,
        pause: Duration,
    ) -> Self {
        let shared = Shared {
            chronicle,
            addresses,
            history: Mutex::default(),
            items,
            pause,
            lists: AtomicU64::new(0),
            told: AtomicU64::new(0),
            stopping: CancellationToken::new(),
        };
        Self { shared: Arc::new(shared), seed, clients: JoinSet::new() }
    }

    /// Files zone and book.
    ///
    /// # Errors
    /// They are not taken.
    pub async fn prepare(&self) -> Result<()> {
        let addresses = self.shared.addresses.borrow().clone();
        let client = Client::new(addresses, Options::default());
        client.define_zone(goods::zone()).await?;
        client.file_book(goods::book(self.shared.items)).await?;
        Ok(())
    }

    /// Sets so many clients to work.
    pub fn begin(&mut self, clients: u64) {
        for client in 1..=clients {
            let caller = Caller::new(Arc::clone(&self.shared), Chance::new(self.seed, 100 + client));
            self.clients.spawn(caller.work());
        }
    }

    /// Changes with a known outcome so far.
    #[must_use]
    pub fn known(&self) -> usize {
        self.shared.history().operations.iter().filter(|operation| operation.end.revision().is_some()).count()
    }

    /// A client of its own that knows all addresses and tries each for 100 ms files a list; how long that took.
    pub async fn probe(&self) -> Duration {
        let mut caller = Caller::new(Arc::clone(&self.shared), Chance::new(self.seed, 99));
        let addresses = self.shared.addresses.borrow().clone();
        let client = Client::new(addresses, PROBE);
        let began = Instant::now();
        let list = self.shared.new_list(&mut caller.chance);
        caller.ask(&client, &list, Wish::File, false).await;
        began.elapsed()
    }

    /// Lets every client end what it began; all that they know.
    pub async fn end(mut self) -> History {
        self.shared.stopping.cancel();
        while self.clients.join_next().await.is_some() {}
        std::mem::take(&mut *self.shared.history())
    }
}

/// One client.
struct Caller {
    shared: Arc<Shared>,
    chance: Chance,
    addresses: watch::Receiver<Vec<String>>,
    client: Client,
    /// By address, to read from a node of its choice.
    readers: BTreeMap<String, Client>,
    /// Lists that it filed and that are neither taken back nor gone.
    own: Vec<Arc<List>>,
}

impl Caller {
    fn new(shared: Arc<Shared>, chance: Chance) -> Self {
        let mut addresses = shared.addresses.clone();
        let client = Client::new(addresses.borrow_and_update().clone(), CALLER);
        Self { shared, chance, addresses, client, readers: BTreeMap::new(), own: Vec::new() }
    }

    async fn work(mut self) {
        let stopping = self.shared.stopping.clone();
        while !stopping.is_cancelled() {
            if self.addresses.has_changed().unwrap_or(false) {
                let addresses = self.addresses.borrow_and_update().clone();
                self.client = Client::new(addresses, CALLER);
                self.readers.clear();
            }
            if self.chance.one_in(3) {
                self.read().await;
            } else {
                self.write().await;
            }
            let pause = u64::try_from(self.shared.pause.as_millis()).unwrap_or(0) * 2;
            tokio::time::sleep(self.chance.milliseconds(0, pause)).await;
        }
    }

    async fn write(&mut self) {
        let client = self.client.clone();
        let (list, wish) = self.next_wish();
        let accepted = self.ask(&client, &list, wish, true).await;
        if wish == Wish::File && accepted && self.own.len() < OWN_MAX {
            self.own.push(list);
        }
    }

    /// A list that was filed gets one further wish at most, so what becomes of a wish is known beforehand.
    fn next_wish(&mut self) -> (Arc<List>, Wish) {
        let drawn = self.chance.below(10);
        if (1..=4).contains(&drawn) && !self.own.is_empty() {
            let at = usize::try_from(self.chance.below(self.own.len() as u64)).unwrap_or(0);
            let list = self.own.swap_remove(at);
            let released = list.kind == Kind::Destruction && drawn > 1;
            return (list, if released { Wish::Release } else { Wish::Withdraw });
        }
        let list = self.shared.new_list(&mut self.chance);
        (list, if drawn == 0 { Wish::WithdrawNothing } else { Wish::File })
    }

    /// Asks until it knows, or gives up where it may; whether the wish was carried out.
    async fn ask(&mut self, client: &Client, list: &Arc<List>, wish: Wish, may_give_up: bool) -> bool {
        let (request_id, began) = (request_id(), self.shared.chronicle.now());
        let (mut unknown, mut last) = (false, None);
        let end = loop {
            match send(client, &request_id, list, wish).await {
                Ok(outcome) => {
                    let after = after(list, outcome.as_ref());
                    break End::Accepted { revision: outcome.map_or(0, |outcome| outcome.revision), after };
                }
                Err(Error::Refused { refusal, revision }) => {
                    break End::Refused { revision, reason: refusal.reason };
                }
                Err(Error::Unavailable(_)) if !unknown && may_give_up && self.chance.one_in(2) => {
                    break End::NotProposed;
                }
                Err(Error::Unavailable(_)) => {}
                Err(Error::OutcomeUnknown(_)) => {
                    unknown = true;
                    if may_give_up && self.chance.one_in(4) {
                        break End::Unknown;
                    }
                }
                Err(error) => {
                    self.shared.history().impossible.push(format!("{wish:?} of {}: {error}", list.number));
                    break End::Unknown;
                }
            }
            if self.shared.stopping.is_cancelled() {
                let last = *last.get_or_insert_with(Instant::now);
                if last.elapsed() > LAST_PATIENCE {
                    break if unknown { End::Unknown } else { End::NotProposed };
                }
            }
        };
        self.shared.tell(end.revision().unwrap_or(0));
        let accepted = matches!(end, End::Accepted { .. });
        let ended = self.shared.chronicle.now();
        let operation = Operation { request_id, began, ended, list: Arc::clone(list), wish, end };
        self.shared.history().operations.push(operation);
        accepted
    }

    async fn read(&mut self) {
        let addresses = self.addresses.borrow().clone();
        let at = usize::try_from(self.chance.below(addresses.len() as u64)).unwrap_or(0);
        let Some(address) = addresses.get(at).cloned() else { return };
        let reader = self.readers.entry(address.clone()).or_insert_with(|| Client::new([address], READER));
        let freshness = match self.chance.below(8) {
            0 => Freshness::Stale,
            1 | 2 => Freshness::AtLeast(self.shared.told.load(Ordering::Relaxed)),
            3 => Freshness::Within(Duration::from_millis(self.chance.below(3_000))),
            _ => Freshness::Linearizable,
        };
        let item = self.shared.new_item(&mut self.chance);
        let request = v1::GetPositionRequest {
            key: Some(goods::position(item)),
            as_of: None,
            consistency: Some(freshness.wished()),
        };
        let began = self.shared.chronicle.now();
        match reader.get_position(request).await {
            Err(_) => self.shared.history().unanswered += 1,
            Ok(answer) => {
                let ended = self.shared.chronicle.now();
                let position = answer.position.unwrap_or_default();
                let counters = declared(position.counters.as_ref());
                if freshness == Freshness::Linearizable {
                    self.shared.tell(answer.revision);
                }
                let reading = Reading { began, ended, freshness, item, revision: answer.revision, counters };
                self.shared.history().readings.push(reading);
            }
        }
    }
}

impl Shared {
    /// An item that is in use now.
    fn new_item(&self, chance: &mut Chance) -> u64 {
        let age = self.chronicle.now().as_millis() / ITEM_LIFE.as_millis();
        (u64::try_from(age).unwrap_or(0) * ITEMS_AT_A_TIME + chance.below(ITEMS_AT_A_TIME)) % self.items + 1
    }
}

/// The counters after an outcome of the list's items; nothing where a repeat was answered.
fn after(list: &List, outcome: Option<&v1::Outcome>) -> BTreeMap<u64, Counters> {
    let positions = outcome.map(|outcome| outcome.balances.as_slice()).unwrap_or_default();
    let of_item = |position: &v1::Position| {
        let key = position.key.as_ref()?;
        let wanted = key.place == goods::PLACE && list.goods.iter().any(|(item, _)| *item == key.number);
        wanted.then(|| (key.number, declared(position.counters.as_ref())))
    };
    positions.iter().filter_map(of_item).collect()
}

async fn send(
    client: &Client,
    request_id: &str,
    list: &List,
    wish: Wish,
) -> Result<Option<v1::Outcome>, Error> {
    let request_id = request_id.to_owned();
    match wish {
        Wish::File => {
            let list = Some(list.document());
            let request = v1::SubmitMovementRequest { request_id, validate_only: false, list };
            client.submit_movement(request).await.map(|response| response.outcome)
        }
        Wish::Withdraw | Wish::WithdrawNothing => {
            let list_no = goods::list_no(list.number);
            let request =
                v1::WithdrawMovementRequest { request_id, validate_only: false, list_no, change_no: 1 };
            client.withdraw_movement(request).await.map(|response| response.outcome)
        }
        Wish::Release => {
            let request = v1::ReleaseDeclarationRequest {
                request_id,
                validate_only: false,
                declaration_no: goods::declaration_no(list.number),
                channel: "P".into(),
                noticed_at: "2026-06-01 09:00:00".into(),
            };
            client.release_declaration(request).await.map(|response| response.outcome)
        }
    }
}
