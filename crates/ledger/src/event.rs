//! The journal: one event for each revision, and one row for each change of a position.

use crate::code::DocumentNo;
use crate::coded::code_list;
use crate::counters::Counters;
use crate::matrix::MatrixRow;
use crate::message::{Label, Sha256};
use crate::outcome::{Outcome, Revision};
use crate::permission::Principal;
use crate::position::PositionKey;
use crate::time::Instant;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

code_list! {
    /// What was asked for, in one word.
    CommandKind, "command" {
        /// [`crate::command::Command::Initialise`]
        Initialise = "INITIALISE",
        /// [`crate::command::Command::DefineZone`]
        DefineZone = "DEFINE_ZONE",
        /// [`crate::command::Command::ConvertZone`]
        ConvertZone = "CONVERT_ZONE",
        /// [`crate::command::Command::DefineParty`]
        DefineParty = "DEFINE_PARTY",
        /// A document by call.
        File = "FILE",
        /// A message.
        Receive = "RECEIVE",
        /// [`crate::command::Command::AcknowledgeReceipts`]
        AcknowledgeReceipts = "ACKNOWLEDGE_RECEIPTS",
        /// [`crate::command::Command::SetStops`]
        SetStops = "SET_STOPS",
        /// [`crate::command::Command::OrderBook`]
        OrderBook = "ORDER_BOOK",
        /// [`crate::command::Command::SetLotMethod`]
        SetLotMethod = "SET_LOT_METHOD",
        /// [`crate::command::Command::ReturnList`]
        ReturnList = "RETURN_LIST",
        /// [`crate::command::Command::OrderDisposal`]
        OrderDisposal = "ORDER_DISPOSAL",
        /// [`crate::command::Command::DecideAdjustment`]
        DecideAdjustment = "DECIDE_ADJUSTMENT",
        /// [`crate::command::Command::OrderList`]
        OrderList = "ORDER_LIST",
        /// [`crate::command::Command::DecideCorrection`]
        DecideCorrection = "DECIDE_CORRECTION",
        /// [`crate::command::Command::Guarantee`]
        Guarantee = "GUARANTEE",
        /// [`crate::command::Command::SetCreditLevel`]
        SetCreditLevel = "SET_CREDIT_LEVEL",
        /// [`crate::command::Command::SetParameter`]
        SetParameter = "SET_PARAMETER",
        /// [`crate::command::Command::ImportReference`]
        ImportReference = "IMPORT_REFERENCE",
        /// [`crate::command::Command::SetCalendar`]
        SetCalendar = "SET_CALENDAR",
        /// [`crate::command::Command::RecordOverdue`]
        RecordOverdue = "RECORD_OVERDUE",
        /// [`crate::command::Command::RaiseBehaviour`]
        RaiseBehaviour = "RAISE_BEHAVIOUR",
        /// [`crate::command::Command::AllowOverdraft`]
        AllowOverdraft = "ALLOW_OVERDRAFT",
        /// [`crate::command::Command::DecideTally`]
        DecideTally = "DECIDE_TALLY",
        /// A command that no replica could read or that an operator passed over.
        PassedOver = "PASSED_OVER",
        /// [`crate::command::Command::OrderVerification`]
        OrderVerification = "ORDER_VERIFICATION",
        /// [`crate::command::Command::OrderDifference`]
        OrderDifference = "ORDER_DIFFERENCE",
        /// [`crate::command::Command::SetTolerance`]
        SetTolerance = "SET_TOLERANCE",
        /// [`crate::command::Command::Licence`]
        Licence = "LICENCE",
        /// [`crate::command::Command::OrderBom`]
        OrderBom = "ORDER_BOM",
        /// [`crate::command::Command::DirectExit`]
        DirectExit = "DIRECT_EXIT",
        /// [`crate::command::Command::OwnGroup`]
        OwnGroup = "OWN_GROUP",
        /// [`crate::command::Command::OrderDocument`]
        OrderDocument = "ORDER_DOCUMENT",
        /// [`crate::command::Command::Found`]
        Found = "FOUND",
    }
}

/// What happened at one revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When the leader took it.
    pub record_time: Instant,
    /// When it counts.
    pub ledger_time: Instant,
    /// Who asked.
    pub principal: Principal,
    /// What for.
    pub command: CommandKind,
    /// SHA-256 of the command in canonical form.
    pub fingerprint: Sha256,
    /// The message that carried it, if one did.
    pub label: Option<Label>,
    /// What became of it.
    pub outcome: Outcome,
    /// The transfers it made, document by document.
    pub steps: Vec<Step>,
    /// The ledger's digest after it.
    pub digest: Sha256,
}

/// What a step did with the transfers of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum Action {
    /// Made pending.
    Reserve = 0,
    /// No longer pending, without effect.
    Cancel = 1,
    /// Pending before, actual now.
    Post = 2,
    /// Actual at once, never pending.
    PostAtOnce = 3,
}

impl Action {
    /// The name in statements.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reserve => "RESERVE",
            Self::Cancel => "CANCEL",
            Self::Post | Self::PostAtOnce => "POST",
        }
    }
}

/// The transfers of one document that a command made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What was done.
    pub action: Action,
    /// The document whose lines moved.
    pub document: DocumentNo,
    /// Which version of its lines.
    pub version: u64,
    /// Under which row of the matrix; `None` for an opening balance.
    pub row: Option<MatrixRow>,
}

/// Key of a journal row: a position's history in order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JournalKey {
    /// The position that changed.
    pub position: PositionKey,
    /// At which revision.
    pub revision: Revision,
    /// Which posting line of that revision.
    pub ordinal: u32,
}

/// One change of one position, with its counters after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalRow {
    /// What was done.
    pub action: Action,
    /// The document that did it.
    pub document: DocumentNo,
    /// Its line.
    pub line: u64,
    /// The counters after it.
    pub after: Counters,
}

/// A delivery of a message: what was said of it the first time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Name of the file.
    pub name: CompactString,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// The revision that received it.
    pub revision: Revision,
}

/// A message key that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenMessage {
    /// SHA-256 of the first bytes that had it.
    pub sha256: Sha256,
    /// The revision that received them.
    pub revision: Revision,
}

/// A request id, or an accepted document, that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenRequest {
    /// SHA-256 of the command, or of the document, in canonical form.
    pub fingerprint: Sha256,
    /// The revision with the outcome.
    pub revision: Revision,
}
