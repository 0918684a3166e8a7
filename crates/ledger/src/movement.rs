//! The movement: an accepted list and how far it has come.

use crate::code::{
    BillNo, BookNo, CustomsNo, DeclarationNo, ListNo, LotNo, ModeCode, ParcelNo, PermitNo, SerialNo, SlipNo,
};
use crate::coded::code_list;
use crate::direction::{Direction, Mark};
use crate::document::{DeclarationType, FlowType, ListKind};
use crate::matrix::MatrixRow;
use crate::outcome::Revision;
use crate::quantity::Quantity;
use crate::standing::Standing;
use crate::time::{Instant, LocalTime};
use serde::{Deserialize, Serialize};

code_list! {
    /// The state of any document, as tables show it (`RULES.md` 14.1).
    DocumentState, "document state" {
        /// A book, a tally, or a pass before any gate.
        Filed = "FILED",
        /// A list, or a correction, whose goods are reserved or announced.
        PrePosted = "PRE_POSTED",
        /// A list, or a correction, whose transfers are actual.
        Posted = "POSTED",
        /// A list taken back.
        Withdrawn = "WITHDRAWN",
        /// A list that customs sent back, or a correction that it rejected.
        Returned = "RETURNED",
        /// A list whose goods are between two zones.
        InTransit = "IN_TRANSIT",
        /// A list covered by a settled verification.
        Verified = "VERIFIED",
        /// A pass through gate one of two.
        GateOne = "GATE_ONE",
        /// A pass through the gate.
        Passed = "PASSED",
        /// A report that waits for its document.
        Held = "HELD",
        /// A notice that released its declaration.
        Released = "RELEASED",
        /// A notice without effect.
        Noted = "NOTED",
        /// A book whose verification declaration was accepted.
        Settled = "SETTLED",
        /// A disposal whose goods were destroyed.
        Executed = "EXECUTED",
        /// A disposal or an adjustment on all of which customs decided.
        Decided = "DECIDED",
        /// A disposal that customs refused.
        Rejected = "REJECTED",
        /// A document with a deadline that a tick found overdue; its own state stays as it is.
        Overdue = "OVERDUE",
        /// A permit under which slips may be filed, a lease, a work order to which events may be reported, or a count
        /// campaign for which counts are taken.
        Open = "OPEN",
        /// A permit that has ended, a work order of which nothing is in process any more, a lease that is over and
        /// settled, or a count campaign that is over.
        Closed = "CLOSED",
        /// A slip whose goods are reserved or announced.
        Approved = "APPROVED",
        /// A slip that a consolidated list declares.
        Consolidated = "CONSOLIDATED",
        /// A parcel whose goods are reserved.
        Reserved = "RESERVED",
        /// A parcel, a slip or a pass taken back, or a count campaign given up.
        Cancelled = "CANCELLED",
        /// A parcel that a list gathers.
        Listed = "LISTED",
        /// A parcel whose goods are gone.
        Delivered = "DELIVERED",
        /// A verification to which customs wants a supplement.
        SupplementAsked = "SUPPLEMENT_ASKED",
        /// A verification whose differences are confirmed.
        Confirmed = "CONFIRMED",
    }
}

/// An accepted list: its head, its state and its times. Its lines are kept beside it, per version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// `bondInvtNo`
    pub list_no: ListNo,
    /// Last accepted change number of content; the key of the lines in force.
    pub content_version: u64,
    /// Last accepted `chgTmsCnt`, of a withdrawal too.
    pub version: u64,
    /// Where it stands.
    pub state: DocumentState,
    /// Which row of the posting matrix it is.
    pub row: MatrixRow,
    /// `putrecNo`
    pub book_no: BookNo,
    /// `bizopEtpsno`
    pub owner: CustomsNo,
    /// `impexpMarkcd`
    pub direction: Direction,
    /// `mtpckEndprdMarkcd`
    pub mark: Mark,
    /// `bondInvtTypecd`
    pub kind: ListKind,
    /// `supvModecd`
    pub mode: ModeCode,
    /// `listType`
    pub flow: Option<FlowType>,
    /// The list I by which products came back that this list replaces.
    pub exchanged_list: Option<ListNo>,
    /// `dclcusFlag`
    pub declared: bool,
    /// `dclcusTypecd`
    pub declaration_type: Option<DeclarationType>,
    /// The declaration whose release it waits for.
    pub declaration_no: Option<DeclarationNo>,
    /// `rltPutrecNo`
    pub related_book: Option<BookNo>,
    /// The list it is paired with (`RULES.md` 7.2).
    pub partner: Option<ListNo>,
    /// The list whose goods it brings back (`rltInvtNo` of a return, `domain.md` 3.4 row 27).
    pub original: Option<ListNo>,
    /// `applyNo` of kind 3
    pub bill_no: Option<BillNo>,
    /// `applyNo` of kinds 4 and 5; of kind 0 with `rltPutrecNo` the transfer form.
    pub permit_no: Option<PermitNo>,
    /// How many lines it has.
    pub lines: u64,
    /// Some of them are of dangerous goods.
    pub dangerous: bool,
    /// Passes that name it, whatever became of them.
    pub passes: u64,
    /// Declared quantity of all lines that is not through the gate yet.
    pub ungated: Quantity,
    /// The revision that accepted it first.
    pub accepted_at: Revision,
    /// Ledger time of acceptance.
    pub prevd_time: Instant,
    /// When its declaration was released, as the notice says.
    pub release_time: Option<LocalTime>,
    /// When the last of its goods so far went through the gate, as the reports say.
    pub gate_time: Option<LocalTime>,
    /// Ledger time of posting.
    pub posted_time: Option<Instant>,
    /// Ledger time of verification.
    pub verified_time: Option<Instant>,
    /// Ledger time of withdrawal or return.
    pub withdrawn_time: Option<Instant>,
    /// What customs ordered about it and what its tally showed; most lists have nothing of that.
    pub standing: Option<Box<Standing>>,
}

impl Movement {
    /// Why customs stops it, while it does.
    #[must_use]
    pub fn held(&self) -> Option<&str> {
        self.standing.as_deref().and_then(|standing| standing.held.as_deref())
    }

    /// Whether customs has let it go: by release of its declaration, before inspection, or by force.
    #[must_use]
    pub fn is_released(&self) -> bool {
        self.release_time.is_some() || self.standing.as_deref().is_some_and(Standing::is_released)
    }
}

/// A line of an accepted list, as the engine needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementLine {
    /// The line as filed; `number` is the row it opened, where it opened one.
    pub filed: crate::document::ListLine,
    /// The lot it moves, where the book tracks lots.
    pub lot: Option<LotNo>,
    /// The unit it moves, where the book tracks units.
    pub serial: Option<SerialNo>,
    /// What of each material it uses, by BOM.
    pub uses: Vec<MaterialUse>,
}

/// What a line of a product uses of one material (`RULES.md` 6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialUse {
    /// The item of the material.
    pub material: u64,
    /// How much of it, in its declared unit.
    pub declared: Quantity,
    /// The same in its first statutory unit where that is the declared one, else nothing (`RULES.md` 3.6).
    pub statutory1: Quantity,
}

/// The slips that a list declares, the parcels that it gathers, or the goods that it makes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gathered {
    /// Of a list of kind 1.
    pub slips: Vec<SlipNo>,
    /// Of a list of kind 8.
    pub parcels: Vec<ParcelNo>,
    /// What a list of kind 4 makes; `number` is the row it opened, where it opened one.
    pub results: Vec<MovementLine>,
    /// The line of the permit that allows each of them.
    pub permit_lines: Vec<u64>,
}

/// How far each line of a list has come at the gate (`passportUsedQty`, `actlPassQty`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateProgress {
    /// Reserved on passes, passed ones included.
    pub reserved: Quantity,
    /// Through the gate.
    pub gated: Quantity,
}
