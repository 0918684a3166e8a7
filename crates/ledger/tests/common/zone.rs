//! A ledger with one zone, told what happens step by step.

use super::build;
use super::run::{Asked, Taken, shipped, take};
use super::world;
use zonebook_ledger::command::{Command, Proposal};
use zonebook_ledger::counters::Counters;
use zonebook_ledger::document::Document;
use zonebook_ledger::measure::Measure;
use zonebook_ledger::movement::Movement;
use zonebook_ledger::outcome::{Applied, Verdict};
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::query::{self, Moment};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::state::{MemoryState, Movements, get};
use zonebook_ledger::time::Instant;

/// A ledger with its zone, at a time by the zone's clock.
pub struct Zone {
    pub state: MemoryState,
    clock: Instant,
}

impl Zone {
    pub fn opened(at: &str) -> Self {
        Self::begun(at, world::beginning())
    }

    /// As a release created it that knew the first behaviour alone.
    pub fn opened_before_behaviours(at: &str) -> Self {
        let former = |command| match command {
            Command::Found(founding) => Command::Initialise(founding.genesis),
            other => other,
        };
        Self::begun(at, world::beginning().into_iter().map(former).collect())
    }

    fn begun(at: &str, beginning: Vec<Command>) -> Self {
        let mut zone = Self { state: MemoryState::default(), clock: world::moment(at) };
        for command in beginning {
            zone.accepts(command);
        }
        zone
    }

    pub fn takes(&mut self, command: Command) -> Taken {
        let proposal =
            Proposal { principal: world::loopback(), request_id: None, ledger_time: None, command };
        let taken = take(&self.state, &Asked { record_time: self.clock, proposal }, &shipped);
        self.state = taken.after.clone();
        taken
    }

    pub fn accepts(&mut self, command: Command) -> Applied {
        let applied = self.takes(command).applied;
        assert_eq!(applied.outcome.verdict, Verdict::Accepted);
        applied
    }

    /// What becomes of a command of somebody.
    pub fn asks(&mut self, who: &str, command: Command) -> Taken {
        let principal = zonebook_ledger::permission::Principal(who.into());
        let proposal = Proposal { principal, request_id: None, ledger_time: None, command };
        let taken = take(&self.state, &Asked { record_time: self.clock, proposal }, &shipped);
        self.state = taken.after.clone();
        taken
    }

    /// Why a command of somebody is refused.
    pub fn refusal(&mut self, who: &str, command: Command) -> zonebook_ledger::refusal::Refusal {
        self.asks(who, command).applied.outcome.refusal().expect("it is refused").clone()
    }

    pub fn files(&mut self, document: Document) -> Applied {
        self.accepts(Command::File(Box::new(document)))
    }

    pub fn refuses(&mut self, document: Document) -> Reason {
        let applied = self.takes(Command::File(Box::new(document))).applied;
        applied.outcome.refusal().expect("the document is refused").reason
    }

    pub fn at(&mut self, time: &str) -> &mut Self {
        self.clock = world::moment(time);
        self
    }

    pub fn counters(&self, position: &PositionKey) -> Counters {
        query::counters(&self.state, position, Moment::Now).unwrap()
    }

    pub fn on_hand(&self, position: &PositionKey) -> Measure {
        self.counters(position).on_hand().unwrap()
    }

    pub fn available(&self, position: &PositionKey) -> Quantity {
        self.counters(position).available().unwrap().declared()
    }

    pub fn list(&self, number: &str) -> Movement {
        (*get::<Movements>(&self.state, build::list_no(number)).unwrap().unwrap()).clone()
    }
}
