//! A naive ledger, written from `RULES.md` and `design.md` 2 alone: plain lists of documents and one list of transfers,
//! which are summed to get any figure. It is slow, simple, and shares nothing with the crate but its words.
//!
//! `Model` decides who is heard (permission, keys, times); [`Shelf`] holds the documents and judges them.

mod amendments;
mod bom;
mod book_life;
mod books;
mod campaigns;
mod checks;
mod consumption;
mod contracts;
mod corrections;
mod deadlines;
mod differences;
mod direct_exits;
mod disposals;
mod gate;
mod guarantees;
mod holds;
mod intake;
mod lease;
mod licences;
mod lists;
mod lots;
mod orders;
mod outbox;
mod overdrafts;
mod parcel_returns;
mod parcels;
mod permits;
mod processing;
mod reference;
mod repairs;
mod returns;
mod sales;
mod shelf;
mod standing;
mod status;
mod tallies;
mod transfer_forms;
mod units;
mod verification;
mod zones;

pub use bom::{unit_consumption, usage_of_permit as permit_usage};
pub use campaigns::CampaignCopy;
pub use consumption::ConsumptionCopy;
pub use contracts::LeaseCopy;
pub use corrections::CorrectionCopy;
pub use deadlines::{Expected, Watch};
pub use differences::DifferenceCopy;
pub use direct_exits::DirectExitCopy;
pub use disposals::{AdjustmentCopy, DisposalCopy};
pub use guarantees::GuaranteeCopy;
pub use licences::{Drawn, LicenceCopy};
pub use lists::ListCopy;
pub use lots::There;
pub use orders::OrderCopy;
pub use outbox::Told;
pub use parcel_returns::ReturnCopy;
pub use parcels::ParcelCopy;
pub use permits::{PermitCopy, SlipCopy};
pub use shelf::{BookCopy, Figures, PassCopy, Row, Shelf, stock_place};
pub use tallies::MissingCopy;
pub use transfer_forms::{FormCopy, OnForm};
pub use units::Receipt;
pub use verification::PeriodCopy;

use super::run::Asked;
use std::collections::BTreeMap;
use zonebook_ledger::bom_standing::BomStep;
use zonebook_ledger::command::{Command, RequestId};
use zonebook_ledger::document::{DifferenceStep, DisposalStep, Document, VerificationKind, VerificationStep};
use zonebook_ledger::licence::LicenceAction;
use zonebook_ledger::message::{Content, Message};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::permission::{Principal, Role};
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::{Instant, UtcOffset};

/// What becomes of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Accepted,
    Refused(Reason),
    Duplicate,
}

/// What the model says a command will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    pub revision: u64,
    pub repeated: bool,
    pub verdict: Verdict,
    pub state: Option<DocumentState>,
    pub changed: BTreeMap<String, DocumentState>,
}

/// What an accepted document shows of itself (`RULES.md` 14.1).
#[derive(Clone, Debug, Default)]
pub struct Shown {
    pub state: Option<DocumentState>,
    pub changed: BTreeMap<String, DocumentState>,
}

/// When a command is carried out.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    pub revision: u64,
    /// It came as a message, which cannot say everything.
    pub by_message: bool,
    pub ledger_time: Instant,
    /// Whether the ledger's own day counts, too (`design.md` 6).
    pub live: bool,
}

/// The naive ledger.
#[derive(Clone, Debug)]
pub struct Model {
    pub shelf: Shelf,
    /// What became of each revision, the first one first.
    pub past: Vec<Prediction>,
    pub record_time: Instant,
    pub ledger_time: Instant,
    pub in_migration: bool,
    pub initialised: bool,
    /// What deadlines need beside the documents.
    pub watch: Watch,
    /// All receipts, in order.
    pub told: Vec<Told>,
    /// What each recipient says it has.
    pub acknowledged: BTreeMap<String, u64>,
    roles: Vec<(Principal, Vec<Role>)>,
    requests: Vec<(RequestId, Principal, Command, u64)>,
    deliveries: Vec<(Message, u64)>,
    keys: Vec<(String, Message)>,
    accepted: Vec<(Document, u64)>,
    unsupported: Vec<String>,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            shelf: Shelf::default(),
            past: Vec::new(),
            record_time: Instant(0),
            ledger_time: Instant(0),
            in_migration: true,
            initialised: false,
            watch: Watch::default(),
            told: Vec::new(),
            acknowledged: BTreeMap::new(),
            roles: Vec::new(),
            requests: Vec::new(),
            deliveries: Vec::new(),
            keys: Vec::new(),
            accepted: Vec::new(),
            unsupported: Vec::new(),
        }
    }
}

impl Model {
    /// What a command will do; it is done in the model at once.
    pub fn predict(&mut self, asked: &Asked) -> Prediction {
        let proposal = &asked.proposal;
        // A repeat takes no revision: not even the clock of the ledger goes on.
        let record_time = self.record_time.max(asked.record_time);
        if !self.may(&proposal.principal, &proposal.command) {
            return self.refused(record_time, Reason::PermissionDenied);
        }
        if let Some(id) = proposal.request_id {
            match self.request_seen(id, &proposal.principal, &proposal.command, record_time) {
                Ok(None) => {}
                Ok(Some(revision)) => return self.again(revision),
                Err(reason) => return self.refused(record_time, reason),
            }
        }
        if let Some(answer) = self.delivery_seen(&proposal.command) {
            return match answer {
                Ok(revision) => self.again_for(asked, revision),
                Err(reason) => self.bound(asked, record_time, |_, _| Err((reason, None))),
            };
        }
        if let Some(revision) = self.document_accepted(&proposal.command) {
            return self.again_for(asked, revision);
        }
        let (ledger_time, in_migration) = match self.time_of(asked, record_time) {
            Ok(times) => times,
            Err(reason) => return self.bound(asked, record_time, |_, _| Err((reason, None))),
        };
        self.ledger_time = ledger_time;
        self.in_migration = in_migration;
        self.bound(asked, record_time, |model, now| {
            let before = model.shelf.clone();
            let done = model.carry_out(&asked.proposal, now);
            let (verdict, changed) = match &done {
                Ok((verdict, shown)) => (*verdict, shown.changed.clone()),
                Err((reason, _)) => (Verdict::Refused(*reason), BTreeMap::new()),
            };
            model.tell(&asked.proposal.command, &before, verdict, &changed, now);
            done
        })
    }

    /// The outcome of an earlier command, once more.
    fn again(&self, revision: u64) -> Prediction {
        let first = self.past.iter().find(|past| past.revision == revision).unwrap();
        Prediction { repeated: true, ..first.clone() }
    }

    /// The same for a new request id, which is bound to that outcome from now on.
    fn again_for(&mut self, asked: &Asked, revision: u64) -> Prediction {
        let proposal = &asked.proposal;
        if let Some(id) = proposal.request_id {
            self.requests.push((id, proposal.principal.clone(), proposal.command.clone(), revision));
        }
        self.again(revision)
    }

    fn refused(&mut self, record_time: Instant, reason: Reason) -> Prediction {
        self.conclude(record_time, Verdict::Refused(reason), Shown::default())
    }

    /// Carries out a command and binds its request id to what becomes of it, also to a refusal.
    fn bound(
        &mut self,
        asked: &Asked,
        record_time: Instant,
        work: impl FnOnce(&mut Self, Now) -> Result<(Verdict, Shown), (Reason, Option<DocumentState>)>,
    ) -> Prediction {
        let proposal = &asked.proposal;
        let now = Now {
            revision: self.past.len() as u64 + 1,
            by_message: matches!(proposal.command, Command::Receive(_)),
            ledger_time: self.ledger_time,
            live: proposal.ledger_time.is_none(),
        };
        let (verdict, shown) = match work(self, now) {
            Ok(done) => done,
            Err((reason, state)) => (Verdict::Refused(reason), Shown { state, ..Shown::default() }),
        };
        if let Some(id) = proposal.request_id {
            self.requests.push((id, proposal.principal.clone(), proposal.command.clone(), now.revision));
        }
        self.conclude(record_time, verdict, shown)
    }

    fn conclude(&mut self, record_time: Instant, verdict: Verdict, shown: Shown) -> Prediction {
        self.record_time = record_time;
        let prediction = Prediction {
            revision: self.past.len() as u64 + 1,
            repeated: false,
            verdict,
            state: shown.state,
            changed: shown.changed,
        };
        self.past.push(prediction.clone());
        self.watch();
        prediction
    }

    /// Ledger time, and whether the migration goes on (`design.md` 6).
    fn time_of(&self, asked: &Asked, record_time: Instant) -> Result<(Instant, bool), Reason> {
        let reference = matches!(
            asked.proposal.command,
            Command::Initialise(_)
                | Command::Found(_)
                | Command::DefineZone(_)
                | Command::ConvertZone(_)
                | Command::DefineParty(_)
                | Command::Guarantee(_)
                | Command::Licence(_)
                | Command::SetCreditLevel(_)
                | Command::SetParameter(_)
                | Command::SetTolerance(_)
                | Command::ImportReference(_)
                | Command::SetCalendar(_)
                | Command::RecordOverdue
                | Command::RaiseBehaviour(_)
                | Command::AcknowledgeReceipts(_)
        );
        match asked.proposal.ledger_time {
            Some(_) if !self.in_migration => Err(Reason::MigrationEnded),
            Some(time) if time < self.ledger_time => Err(Reason::LedgerTimeBehind),
            Some(time) if time > record_time => Err(Reason::LedgerTimeAhead),
            Some(time) => Ok((time, true)),
            None if reference && self.in_migration => Ok((self.ledger_time, true)),
            None => Ok((record_time.max(self.ledger_time), false)),
        }
    }

    /// `design.md` 9: who may do what.
    fn may(&self, principal: &Principal, command: &Command) -> bool {
        use Role::{Administrator, Customs, Enterprise, Migrator, Operator};
        if !self.initialised && matches!(command, Command::Initialise(_) | Command::Found(_)) {
            return true;
        }
        let needed: &[Role] = match command {
            Command::Initialise(_) | Command::Found(_) | Command::RaiseBehaviour(_) => &[Administrator],
            Command::DefineZone(_)
            | Command::SetParameter(_)
            | Command::SetTolerance(_)
            | Command::ImportReference(_)
            | Command::SetCalendar(_) => &[Customs, Migrator],
            Command::OrderDifference(order) => match order.step {
                DifferenceStep::Assign { .. } => &[Enterprise, Operator, Customs],
                DifferenceStep::Decide(_) => &[Customs],
            },
            Command::RecordOverdue => &[Operator, Customs],
            Command::DefineParty(_) => &[Customs, Operator, Migrator],
            Command::OrderBook(_) | Command::ConvertZone(_) => &[Customs],
            Command::SetStops(_)
            | Command::SetLotMethod(_)
            | Command::ReturnList(_)
            | Command::DecideAdjustment(_)
            | Command::DecideTally(_)
            | Command::AllowOverdraft(_) => &[Customs],
            Command::OrderDisposal(order)
                if matches!(order.step, DisposalStep::Withdraw { .. } | DisposalStep::Execute(_)) =>
            {
                &[Enterprise, Operator, Customs]
            }
            Command::OrderDisposal(_) => &[Customs],
            Command::OrderBom(order) => match order.step {
                BomStep::Limit(_) => &[Enterprise, Operator, Customs],
                _ => &[Customs],
            },
            Command::AcknowledgeReceipts(_) => &[Enterprise, Operator, Customs],
            Command::OrderList(_) | Command::DecideCorrection(_) => &[Customs],
            Command::File(document) => match &**document {
                Document::PermitClosing(closing) if !closing.left.is_empty() => &[Customs],
                Document::Verification(filing) if filing.kind == VerificationKind::CustomsDisposal => {
                    &[Customs]
                }
                Document::Notice(_)
                | Document::CustomsResult(_)
                | Document::ParcelReturn(_)
                | Document::StatusChange(_)
                | Document::CarryOver(_) => &[Customs],
                Document::Passage(_) | Document::Tally(_) | Document::Registration(_) => &[Operator, Customs],
                _ => &[Enterprise, Operator, Customs],
            },
            Command::Guarantee(_)
            | Command::SetCreditLevel(_)
            | Command::DirectExit(_)
            | Command::OwnGroup(_)
            | Command::OrderDocument(_) => &[Customs],
            Command::Licence(order) if matches!(order.action, LicenceAction::Amend { .. }) => &[Customs],
            Command::OrderVerification(order) => match order.step {
                VerificationStep::Confirm { .. } => &[Enterprise, Operator, Customs],
                _ => &[Customs],
            },
            _ => &[Enterprise, Operator, Customs, Migrator],
        };
        let held = self.roles.iter().find(|(who, _)| who == principal);
        held.is_some_and(|(_, roles)| roles.iter().any(|role| needed.contains(role)))
    }

    fn request_seen(
        &self,
        id: RequestId,
        principal: &Principal,
        command: &Command,
        record_time: Instant,
    ) -> Result<Option<u64>, Reason> {
        const DAYS_90: i64 = 90 * 24 * 60 * 60 * 1000;
        let same_key =
            |(other, who, ..): &&(RequestId, Principal, Command, u64)| *other == id && who == principal;
        match self.requests.iter().find(same_key) {
            Some((_, _, first, revision)) if first == command => Ok(Some(*revision)),
            Some(_) => Err(Reason::RequestIdReused),
            None if id.made_at().0 < record_time.0 - DAYS_90 => Err(Reason::RequestIdTooOld),
            None => Ok(None),
        }
    }

    fn delivery_seen(&self, command: &Command) -> Option<Result<u64, Reason>> {
        let Command::Receive(message) = command else { return None };
        let same = |(other, _): &&(Message, u64)| {
            other.source == message.source && other.sequence == message.sequence
        };
        let (first, revision) = self.deliveries.iter().find(same)?;
        Some(if first.sha256 == message.sha256 { Ok(*revision) } else { Err(Reason::DeliveryConflict) })
    }

    /// A document filed by call that was accepted before, whichever way it came.
    fn document_accepted(&self, command: &Command) -> Option<u64> {
        let Command::File(document) = command else { return None };
        self.accepted.iter().find(|(other, _)| *other == **document).map(|(_, revision)| *revision)
    }

    /// Number of commands that took a revision.
    pub fn revision(&self) -> u64 {
        self.past.len() as u64
    }

    /// The ledger's clock in the zone.
    pub fn zone_clock() -> UtcOffset {
        UtcOffset::CHINA
    }
}

/// What could be read of a message, if it has a key.
fn keyed(message: &Message) -> Option<(&str, bool)> {
    match &message.content {
        Content::Keyed { key, filed, .. } => Some((key.as_str(), *filed)),
        _ => None,
    }
}
