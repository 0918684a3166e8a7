//! Everything that can change the book: the table of contents of the system.

use crate::bom_standing::BomOrder;
use crate::code::{BookNo, CaseNo, CorrectionNo, ListNo, OfficeCode};
use crate::credit::CreditOrder;
use crate::direct_exit::DirectExitOrder;
use crate::direction::Stops;
use crate::document::{
    AdjustmentDecision, DifferenceOrder, DisposalOrder, Document, TallyDecision, VerificationOrder,
};
use crate::guarantee::GuaranteeOrder;
use crate::hold::DocumentOrder;
use crate::item::ItemKey;
use crate::layer::LotMethod;
use crate::licence::LicenceOrder;
use crate::message::Message;
use crate::overdraft::OverdraftOrder;
use crate::own_group::OwnGroupOrder;
use crate::parameter::ParameterValue;
use crate::party::Party;
use crate::permission::{Assignment, Principal};
use crate::receipt::Acknowledgement;
use crate::reference::ReferenceImport;
use crate::standing::ListOrder;
use crate::time::{Date, Instant, UtcOffset};
use crate::tolerance::ToleranceOrder;
use crate::zone::{Zone, ZoneKind};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// A change that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// The first command of a ledger, as releases wrote it that knew the first behaviour alone: that one is in force then.
    Initialise(Genesis),
    /// Puts a zone in place.
    DefineZone(Zone),
    /// Converts a zone to another kind from a day on.
    ConvertZone(ZoneConversion),
    /// Puts an enterprise in place.
    DefineParty(Party),
    /// A document, filed by call.
    File(Box<Document>),
    /// A message of the outside, with the document it carries.
    Receive(Box<Message>),
    /// A recipient of receipts says which it has.
    AcknowledgeReceipts(Acknowledgement),
    /// Customs stops or frees a book or an item, by direction.
    SetStops(StopOrder),
    /// Customs prolongs a book, puts it under a case or frees it, or ends it.
    OrderBook(BookOrder),
    /// Customs approves in which order a book gives up its lots.
    SetLotMethod(LotMethodOrder),
    /// Customs sends a pre-posted list back to who filed it.
    ReturnList(ReturnOrder),
    /// A step of an accepted disposal: approval, rejection, withdrawal, destruction, decision.
    OrderDisposal(Box<DisposalOrder>),
    /// Customs decides on differences of a count.
    DecideAdjustment(Box<AdjustmentDecision>),
    /// Customs orders something about a list: a stop, a release before inspection, a force pass.
    OrderList(ListOrder),
    /// Customs approves or rejects a correction.
    DecideCorrection(CorrectionDecision),
    /// Customs opens a guarantee, adds to it, draws on it or sets it free.
    Guarantee(GuaranteeOrder),
    /// Customs sets the credit level of an enterprise from a day on.
    SetCreditLevel(CreditOrder),
    /// Sets a parameter from a day on.
    SetParameter(ParameterValue),
    /// Puts rows of dated reference data in place.
    ImportReference(ReferenceImport),
    /// Sets a year of the calendar of working days.
    SetCalendar(CalendarOrder),
    /// Writes down what has become overdue since the last time.
    RecordOverdue,
    /// Puts a higher behaviour in force (`design.md` 6).
    RaiseBehaviour(u32),
    /// A step of a declared verification: a supplement is asked for, differences are confirmed, the period is closed.
    OrderVerification(VerificationOrder),
    /// Customs lets a list take more than is available.
    AllowOverdraft(OverdraftOrder),
    /// Customs decides on what an accepted tally did not find.
    DecideTally(Box<TallyDecision>),
    /// Somebody has to see to a difference of a count, or customs decides on it.
    OrderDifference(Box<DifferenceOrder>),
    /// What an office tolerates of differences from a day on.
    SetTolerance(ToleranceOrder),
    /// An import licence is registered, or what it allows is changed.
    Licence(LicenceOrder),
    /// A BOM version gets the days on which it may be used, is challenged by customs, or its challenge is settled.
    OrderBom(BomOrder),
    /// Customs approves that products made outside do not come back, or revokes that.
    DirectExit(DirectExitOrder),
    /// Customs registers that goods of a repair book are own-group products, or are not.
    OwnGroup(OwnGroupOrder),
    /// Customs stops a permit, a slip, a pass or a parcel, or lets it go on.
    OrderDocument(DocumentOrder),
    /// The first command of a ledger.
    Found(Founding),
}

/// What is fixed when a ledger is created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Genesis {
    /// The cluster this ledger belongs to.
    pub cluster_id: CompactString,
    /// The ledger's zone.
    pub utc_offset: UtcOffset,
    /// Who may do what from the start.
    pub assignments: Vec<Assignment>,
}

/// How a ledger begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Founding {
    /// What is fixed.
    pub genesis: Genesis,
    /// The behaviour in force from the start.
    pub behaviour: u32,
}

/// A stop, or the end of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopOrder {
    /// What is stopped.
    pub target: StopTarget,
    /// The directions that are stopped from now on; none frees it.
    pub stops: Stops,
    /// Why.
    pub reason: CompactString,
}

/// What a stop is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopTarget {
    /// A whole book.
    Book(BookNo),
    /// One item.
    Item(ItemKey),
}

/// An order of customs about a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookOrder {
    /// The book.
    pub book_no: BookNo,
    /// What becomes of it.
    pub action: BookAction,
    /// Why; never empty.
    pub reason: CompactString,
}

/// What customs orders about a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BookAction {
    /// It is valid until a later day (`finishValidDate`).
    Extend(Date),
    /// It is under investigation (`rcaseMarkcd`).
    OpenCase(CaseNo),
    /// The investigation with this number is over.
    LiftCase(CaseNo),
    /// It ends (execution mark 9).
    Cancel,
}

/// A zone that is converted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneConversion {
    /// Its office.
    pub office: OfficeCode,
    /// What it becomes.
    pub kind: ZoneKind,
    /// The first day, later than the ledger's own.
    pub from: Date,
    /// Why; never empty.
    pub reason: CompactString,
}

/// A year of the calendar of working days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarOrder {
    /// Which year.
    pub year: u64,
    /// Days of it without work, 法定节假日.
    pub holidays: Vec<Date>,
    /// Saturdays and Sundays of it on which work is done, 调休上班日.
    pub working_days: Vec<Date>,
}

/// In which order a book gives up its lots from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotMethodOrder {
    /// The book.
    pub book_no: BookNo,
    /// The method.
    pub method: LotMethod,
    /// What is on hand becomes one opening lot for each item and place; without it a book that begins to keep lots has
    /// to be empty.
    pub take_over: bool,
    /// Why.
    pub reason: CompactString,
}

/// A list sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnOrder {
    /// The list.
    pub list_no: ListNo,
    /// Why.
    pub reason: CompactString,
}

/// What customs says to a correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionDecision {
    /// The correction.
    pub correction_no: CorrectionNo,
    /// Whether it is carried out.
    pub approved: bool,
    /// Why; a rejection has a reason.
    pub reason: CompactString,
}

/// A caller's id for a request, a UUIDv7: its first 48 bits are milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub [u8; 16]);

impl RequestId {
    /// When the caller made it, by the caller's clock.
    #[must_use]
    pub fn made_at(self) -> Instant {
        let [a, b, c, d, e, f, ..] = self.0;
        Instant(i64::from_be_bytes([0, 0, a, b, c, d, e, f]))
    }
}

/// A command on its way: who wants it, under which request id, and for a migration at which ledger time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Who wants it: authenticated by the node that took the call, never by the request.
    pub principal: Principal,
    /// The key under which the outcome is kept; without one the command is the ledger's own.
    pub request_id: Option<RequestId>,
    /// The ledger time of a migrated message; without one the command is live.
    pub ledger_time: Option<Instant>,
    /// What is wanted.
    pub command: Command,
}
