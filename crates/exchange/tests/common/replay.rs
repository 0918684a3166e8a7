//! A ledger in memory into which a month is fed as `import --clock manifest` feeds it: reference data first, then the
//! messages in the order of the manifest, with their times of arrival as the ledger's clock (`RULES.md` 1.3).

use super::month;
use std::collections::BTreeMap;
use std::path::PathBuf;
use zonebook_exchange::manifest::{ManifestRow, manifest};
use zonebook_exchange::statement::{FileForm, StatementFile};
use zonebook_exchange::tables::{
    self, BalanceRow, MovementRow, OutcomeRow, ReconciliationRow, VerificationRow,
};
use zonebook_exchange::{count, receive, reference};
use zonebook_ledger::apply::apply;
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::command::{Command, Genesis, Proposal};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::measure::Unit;
use zonebook_ledger::movement::Movement;
use zonebook_ledger::outcome::{Applied, Verdict};
use zonebook_ledger::permission::{Assignment, Principal};
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment, PositionFilter};
use zonebook_ledger::state::{Books, MemoryState, get};
use zonebook_ledger::time::{Date, Instant, LocalTime, UtcOffset};
use zonebook_reconcile::count::{CountedGoods, reckon};
use zonebook_reconcile::statement::{Asked, Statement};
use zonebook_reconcile::verification::{self, Counted, Period};

/// Cut-offs of the months, and the moments before which a message counts (`RULES.md` 1.4).
pub const CUT_OFFS: [(&str, &str); 3] =
    [("CUT1", "2026-06-11T00:00:00"), ("CUT2", "2026-06-21T00:00:00"), ("END", "2026-07-01T00:00:00")];
/// All times are those of the ledger's zone (`RULES.md` 1.5).
pub const ZONE: UtcOffset = UtcOffset::CHINA;
/// More positions, lists and messages than a month has.
pub const ALL: usize = 1_000_000;
/// How many rows that differ a failure shows.
pub const SHOWN: usize = 12;

/// A ledger into which a month is fed.
pub struct Replay {
    pub folder: PathBuf,
    pub name: &'static str,
    pub state: MemoryState,
    /// All that was carried out, in its order, with the leader's clock.
    pub log: Vec<(Instant, Proposal)>,
}

impl Replay {
    /// With the reference data of a month in place.
    pub fn new(name: &'static str) -> Self {
        let mut replay = Self { folder: month(name), name, state: MemoryState::default(), log: Vec::new() };
        replay.accept(Command::Initialise(Genesis {
            cluster_id: "test".into(),
            utc_offset: ZONE,
            assignments: vec![Assignment::loopback()],
        }));
        for zone in reference::zones("zones.csv", &replay.read("reference/zones.csv")).unwrap() {
            replay.accept(Command::DefineZone(zone));
        }
        let enterprises = replay.read("reference/enterprises.csv");
        for party in reference::enterprises("enterprises.csv", &enterprises).unwrap() {
            replay.accept(Command::DefineParty(party));
        }
        replay
    }

    /// The whole month.
    pub fn fed(name: &'static str) -> Self {
        let mut replay = Self::new(name);
        for delivery in replay.deliveries() {
            assert!(!replay.feed(name, &delivery).repeated, "{}", delivery.file);
        }
        replay
    }

    pub fn read(&self, file: &str) -> Vec<u8> {
        let path = self.folder.join(file);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub fn deliveries(&self) -> Vec<ManifestRow> {
        manifest("manifest.csv", &self.read("manifest.csv")).unwrap()
    }

    pub fn apply(&mut self, ledger_time: Option<LocalTime>, command: Command) -> Applied {
        let ledger_time = ledger_time.map(|time| ZONE.instant(time));
        let proposal = Proposal { principal: Principal::loopback(), request_id: None, ledger_time, command };
        // A migration looks back: the clock of the leader is ahead of every time of arrival.
        let clock = ZONE.instant(time("2026-08-01"));
        let (applied, writes) = apply(&self.state, clock, &proposal).unwrap();
        self.state.merge(writes);
        self.log.push((clock, proposal));
        applied
    }

    /// The state that a history leads to, carried out anew from nothing.
    pub fn replayed(&self, log: &[(Instant, Proposal)]) -> Self {
        let mut state = MemoryState::default();
        for (clock, proposal) in log {
            let (_, writes) = apply(&state, *clock, proposal).unwrap();
            state.merge(writes);
        }
        Self { folder: self.folder.clone(), name: self.name, state, log: log.to_vec() }
    }

    pub fn accept(&mut self, command: Command) {
        let outcome = self.apply(None, command).outcome;
        assert!(outcome.is_accepted(), "{outcome:?}");
    }

    pub fn feed(&mut self, source: &str, delivery: &ManifestRow) -> Applied {
        let bytes = self.read(&format!("messages/{}", delivery.file));
        let message = receive(source, delivery.seq, &delivery.file, &bytes, None);
        self.apply(Some(delivery.arrived_at), Command::Receive(Box::new(message)))
    }

    pub fn outcomes(&self) -> Vec<OutcomeRow> {
        let received = query::received(&self.state, Some(&self.name.into()), None, ALL).unwrap();
        received.iter().map(outcome_row).collect()
    }

    pub fn movements(&self) -> Vec<MovementRow> {
        let found = query::movements(&self.state, None, None, ALL).unwrap();
        found.iter().map(|movement| movement_row(movement)).collect()
    }

    /// The rows of `balances.csv`, or of `boundary.csv`.
    pub fn balances(&self, boundary: bool) -> Vec<BalanceRow> {
        let mut rows = Vec::new();
        for (name, before) in CUT_OFFS {
            let moment = Moment::Before(ZONE.instant(time(before)));
            let all = PositionFilter::default();
            for (key, counters) in query::positions(&self.state, &all, None, ALL, moment).unwrap() {
                if key.place.is_inside() != boundary {
                    rows.extend(balance_rows(name, &key, &counters));
                }
            }
        }
        rows.sort_by(BalanceRow::in_text_order);
        rows
    }

    /// What was counted at the end of the month.
    pub fn counted(&self) -> Vec<CountedGoods> {
        count::counted("count.csv", &self.read("count.csv")).unwrap()
    }

    /// The rows of `reconciliation.csv`.
    pub fn reconciliation(&self) -> Vec<ReconciliationRow> {
        let end = Moment::Before(ZONE.instant(time("2026-07-01T00:00:00")));
        let rows = reckon(&self.state, end, &self.counted()).unwrap();
        rows.iter().map(|row| ReconciliationRow::new(row).unwrap()).collect()
    }

    /// The rows of `verification.csv`: the materials of processing books that were counted at the end of the month.
    pub fn verification(&self) -> Vec<VerificationRow> {
        let month = (Some(Date::parse("2026-06-01").unwrap()), Some(Date::parse("2026-06-30").unwrap()));
        let period = Period::of(&self.state, month, None, None).unwrap();
        let mut books: BTreeMap<BookNo, Counted> = BTreeMap::new();
        for goods in self.counted() {
            let book = get::<Books>(&self.state, goods.book_no.clone()).unwrap().unwrap();
            if book.usage == Usage::Processing {
                let of_book = books.entry(goods.book_no).or_default();
                of_book.insert((goods.mark, goods.number), goods.declared);
            }
        }
        let rows = |(number, counted): (&BookNo, &Counted)| {
            verification::of_book(&self.state, number, &period, counted).unwrap()
        };
        let rows = books.iter().flat_map(rows);
        rows.filter_map(|row| VerificationRow::of(&row).unwrap()).collect()
    }

    /// All tables of the month, by file.
    pub fn tables(&self) -> [(&'static str, String); 6] {
        [
            ("outcomes.csv", tables::outcomes(&self.outcomes()).unwrap()),
            ("movements.csv", tables::movements(&self.movements()).unwrap()),
            ("balances.csv", tables::balances(&self.balances(false)).unwrap()),
            ("boundary.csv", tables::balances(&self.balances(true)).unwrap()),
            ("reconciliation.csv", tables::reconciliation(&self.reconciliation()).unwrap()),
            ("verification.csv", tables::verification(&self.verification()).unwrap()),
        ]
    }

    /// What the ledger says of its refusals, beyond the reasons that tables show.
    pub fn refusals(&self) -> BTreeMap<u64, String> {
        let received = query::received(&self.state, Some(&self.name.into()), None, ALL).unwrap();
        let refusal = |received: query::Received| {
            Some((received.sequence, received.event.outcome.refusal()?.to_string()))
        };
        received.into_iter().filter_map(refusal).collect()
    }
}

/// The file of a statement.
pub fn statement(state: &MemoryState, asked: Asked, form: FileForm) -> Vec<u8> {
    let mut statement = Statement::open(state, asked).unwrap();
    let mut file = StatementFile::new(form, statement.head(), ZONE).unwrap();
    let mut bytes = Vec::new();
    loop {
        let pieces = statement.pieces(state, 10).unwrap();
        if pieces.is_empty() {
            bytes.extend(file.finish().unwrap());
            return bytes;
        }
        for piece in &pieces {
            file.take(piece).unwrap();
        }
        bytes.extend(file.ready());
    }
}

pub fn time(text: &str) -> LocalTime {
    LocalTime::parse(text).unwrap()
}

pub fn outcome_row(received: &query::Received) -> OutcomeRow {
    let outcome = &received.event.outcome;
    let label = received.event.label.as_ref();
    let (verdict, reason) = match &outcome.verdict {
        Verdict::Accepted => ("accepted", ""),
        Verdict::Duplicate => ("duplicate", ""),
        Verdict::Refused(refusal) => ("refused", refusal.reason.code()),
    };
    let changed = outcome.changed.iter().map(|changed| format!("{}={}", changed.document, changed.state));
    OutcomeRow {
        seq: received.sequence,
        file: received.delivery.name.to_string(),
        kind: label.map(|label| label.kind.to_string()).unwrap_or_default(),
        business_id: label.map(|label| label.business_id.to_string()).unwrap_or_default(),
        outcome: verdict.into(),
        reason: reason.into(),
        document: outcome.document.as_deref().unwrap_or_default().into(),
        state: outcome.state.map(|state| state.to_string()).unwrap_or_default(),
        changed: changed.collect::<Vec<_>>().join(";"),
    }
}

pub fn movement_row(movement: &Movement) -> MovementRow {
    let local = |instant: Option<Instant>| instant.map(|instant| ZONE.local(instant));
    MovementRow {
        list_no: movement.list_no.to_string(),
        book: movement.book_no.to_string(),
        direction: movement.direction.to_string(),
        mark: movement.mark.to_string(),
        list_kind: movement.kind.to_string(),
        mode: movement.mode.to_string(),
        version: movement.version,
        lines: movement.lines,
        state: movement.state.to_string(),
        prevd_time: ZONE.local(movement.prevd_time),
        release_time: movement.release_time,
        gate_time: movement.gate_time,
        posted_time: local(movement.posted_time),
        verified_time: local(movement.verified_time),
        withdrawn_time: local(movement.withdrawn_time),
    }
}

/// A row for each measure of which any counter is not nothing (`RULES.md` 14.2).
pub fn balance_rows(cutoff: &str, key: &PositionKey, counters: &Counters) -> Vec<BalanceRow> {
    let (on_hand, available) = (counters.on_hand().unwrap(), counters.available().unwrap());
    let row = |unit: &Unit| {
        let figures = counters.of_unit(*unit);
        let [increase_pending, increase_posted, decrease_pending, decrease_posted] = figures;
        figures.iter().any(|figure| *figure != Quantity::ZERO).then(|| BalanceRow {
            cutoff: cutoff.into(),
            book: key.book_no.to_string(),
            kind: key.mark.to_string(),
            item: key.number,
            lot: key.lot.as_ref().map(ToString::to_string).unwrap_or_default(),
            serial: key.serial.as_ref().map(ToString::to_string).unwrap_or_default(),
            place: key.place.to_string(),
            measure: unit.name().into(),
            increase_pending,
            increase_posted,
            decrease_pending,
            decrease_posted,
            on_hand: on_hand.get(*unit),
            available: available.get(*unit),
        })
    };
    Unit::QUANTITIES.iter().filter_map(row).collect()
}
