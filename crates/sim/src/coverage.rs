//! What occurred in a run, counted: seeds in which something never happens say nothing about it.

use crate::trace::Trace;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;
use zonebook_ledger::command::Command;
use zonebook_ledger::document::Document;
use zonebook_ledger::message::Content;

/// What may happen in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A node stops at once; its disk keeps a prefix of what it was asked for.
    Crash,
    /// A crash that took entries with it which were not synced.
    LostSuffix,
    /// A crash that left a part of an append.
    TornTail,
    /// A node comes back.
    Restart,
    /// A node stays away until what it missed is purged elsewhere.
    LongAbsence,
    /// Two nodes hear nothing of each other.
    Partition,
    /// One node hears nothing of another, which hears it.
    OneWayPartition,
    /// A node is cut off from all others.
    Isolation,
    /// Messages take long, and overtake each other.
    Delay,
    /// Messages are lost.
    Loss,
    /// A disk takes long for each fsync.
    SlowFsync,
    /// An fsync fails.
    FailedFsync,
    /// A disk is full.
    FullDisk,
    /// What is read is not what was written.
    BitRot,
    /// A node stops by itself, as it must when its disk fails.
    FailStop,
    /// A clock jumps forward.
    ClockForward,
    /// A clock jumps back.
    ClockBack,
    /// A member joins that only listens.
    AddLearner,
    /// It gets a vote.
    Promote,
    /// A member leaves for ever.
    Remove,
    /// A leader hands over.
    Transfer,
    /// A snapshot is asked for at any moment.
    ForcedSnapshot,
    /// The end of a log is cut off: another leader replaced it.
    CutOff,
    /// A log is purged.
    Purge,
    /// A snapshot takes the place of a node's state.
    Install,
    /// A segment of the archive is sealed.
    Seal,
    /// A request that was answered is sent again.
    Repeat,
    /// A request without an outcome is sent again, to whichever node.
    Retry,
    /// A request that was not proposed is never sent again.
    GivenUp,
    /// A read of everything that was answered anywhere.
    LinearizableRead,
    /// A read of everything up to a revision.
    ReadAtLeast,
    /// A read of everything that was answered until some time before it.
    ReadWithin,
    /// A read of what a node has.
    StaleRead,
}

impl Event {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Crash,
        Self::LostSuffix,
        Self::TornTail,
        Self::Restart,
        Self::LongAbsence,
        Self::Partition,
        Self::OneWayPartition,
        Self::Isolation,
        Self::Delay,
        Self::Loss,
        Self::SlowFsync,
        Self::FailedFsync,
        Self::FullDisk,
        Self::BitRot,
        Self::FailStop,
        Self::ClockForward,
        Self::ClockBack,
        Self::AddLearner,
        Self::Promote,
        Self::Remove,
        Self::Transfer,
        Self::ForcedSnapshot,
        Self::CutOff,
        Self::Purge,
        Self::Install,
        Self::Seal,
        Self::Repeat,
        Self::Retry,
        Self::GivenUp,
        Self::LinearizableRead,
        Self::ReadAtLeast,
        Self::ReadWithin,
        Self::StaleRead,
    ];
}

/// The names of the variants of an enum, of which none can be left out.
macro_rules! kinds {
    ($(#[$doc:meta])* $all:ident, $kind_of:ident($type:ident): $($name:ident $(($any:pat))?,)*) => {
        $(#[$doc])*
        pub const $all: &[&str] = &[$(stringify!($name)),*];

        const fn $kind_of(value: &$type) -> &'static str {
            match value { $($type::$name $(($any))? => stringify!($name),)* }
        }
    };
}

kinds! {
    /// Kinds of commands.
    COMMANDS, command_kind(Command):
    Initialise(_),
    DefineZone(_),
    ConvertZone(_),
    DefineParty(_),
    File(_),
    Receive(_),
    AcknowledgeReceipts(_),
    SetStops(_),
    OrderBook(_),
    SetLotMethod(_),
    ReturnList(_),
    OrderDisposal(_),
    DecideAdjustment(_),
    OrderList(_),
    DecideCorrection(_),
    Guarantee(_),
    SetCreditLevel(_),
    SetParameter(_),
    ImportReference(_),
    SetCalendar(_),
    RecordOverdue,
    RaiseBehaviour(_),
    OrderVerification(_),
    AllowOverdraft(_),
    DecideTally(_),
    OrderDifference(_),
    SetTolerance(_),
    Licence(_),
    OrderBom(_),
    DirectExit(_),
    OwnGroup(_),
    OrderDocument(_),
    Found(_),
}

kinds! {
    /// Kinds of documents.
    DOCUMENTS, document_kind(Document):
    Book(_),
    List(_),
    Correction(_),
    Tally(_),
    Pass(_),
    PassVoid(_),
    Passage(_),
    Assignment(_),
    Notice(_),
    CustomsResult(_),
    Permit(_),
    PermitClosing(_),
    Slip(_),
    SlipVoid(_),
    Consumption(_),
    ConsumptionChange(_),
    ConsumptionVoid(_),
    Disposal(_),
    Lease(_),
    WorkOrder(_),
    Registration(_),
    StatusChange(_),
    CarryOver(_),
    Verification(_),
    Adjustment(_),
    Parcels(_),
    ParcelReturn(_),
    Campaign(_),
    Differences(_),
    Sales(_),
    TransferForm(_),
}

/// What occurred.
#[derive(Clone)]
pub struct Coverage {
    seen: Arc<Mutex<BTreeMap<String, u64>>>,
    trace: Trace,
}

impl Coverage {
    /// Nothing yet.
    #[must_use]
    pub fn new(trace: Trace) -> Self {
        Self { seen: Arc::default(), trace }
    }

    /// Something happened: it is counted, and stands in the trace.
    pub fn event(&self, event: Event, what: impl Display) {
        self.trace.line(format_args!("{event:?}: {what}"));
        *self.seen.lock().entry(format!("{event:?}")).or_default() += 1;
    }

    /// A command was proposed.
    pub fn command(&self, command: &Command) {
        let mut seen = self.seen.lock();
        let mut count = |kind: &str| *seen.entry(kind.to_owned()).or_default() += 1;
        count(command_kind(command));
        match command {
            Command::File(document) => count(document_kind(document)),
            Command::Receive(message) => {
                if let Content::Keyed { document: Ok(document), .. } = &message.content {
                    count(document_kind(document));
                }
            }
            _ => {}
        }
    }

    /// How often each occurred.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.seen.lock().clone()
    }
}
