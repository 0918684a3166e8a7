//! Documents as the ledger takes them: what a message or a call says, already converted, not yet judged.
//!
//! Each type names the message and the element that a field comes from. Values are checked for form when they are
//! made (`code`, `quantity`, `time`); whether they agree with the books is the business of [`crate::apply`].

mod adjustment;
mod book;
mod carry_over;
mod consumption;
mod correction;
mod count;
mod decision;
mod difference;
mod disposal;
mod goods;
mod lease;
mod list;
mod parcel;
mod parcel_return;
mod pass;
mod permit;
mod receipt;
mod sale;
mod status;
mod tally;
mod transfer_form;
mod verification;
mod work_order;

pub use adjustment::{AdjustmentDecision, AdjustmentFiling, AdjustmentLine, Difference};
pub use book::{BomRow, BookFiling, BookRow};
pub use carry_over::{CarryOverFiling, CarryOverLine};
pub use consumption::{
    ConsumptionChange, ConsumptionFiling, ConsumptionVoid, Prototype, Research, Residue, UsedMaterial,
};
pub use correction::{CorrectionFiling, LinePart};
pub use count::{
    CampaignClosing, CampaignFiling, CampaignOpening, CampaignStep, CountLine, CountPlace, CountScope,
    CountSheet, ItemRange,
};
pub use decision::{Decision, DecisionLine, DecisionOutcome, Matter};
pub use difference::{
    DifferenceDecision, DifferenceFiling, DifferenceLine, DifferenceOrder, DifferenceOutcome, DifferenceStep,
    Stake,
};
pub use disposal::{
    DestructionResidue, DisposalFiling, DisposalKind, DisposalLine, DisposalOrder, DisposalStep, Evidence,
    EvidenceKind, Execution,
};
pub use goods::NamedGoods;
pub use lease::{LeaseAction, LeaseContract, LeaseFiling, Observation, Rent, RentedUnit};
pub use list::{
    DeclarationType, DutyMode, FlowType, List, ListFiling, ListKind, ListLine, Provenance, ResultLine,
};
pub use parcel::{BuyerHash, CitedParcel, Parcel, ParcelFiling, ParcelLine};
pub use parcel_return::{ParcelReturnFiling, ReturnedLine};
pub use pass::{Binding, LinkedType, PassFiling, PassLine, PassVoid, Weights};
pub use permit::{
    LeftGround, LeftOutside, PermitBomLine, PermitClosing, PermitFiling, PermitKind, PermitLine, SlipFiling,
    SlipLine, SlipVoid,
};
pub use receipt::{DeclarationAssignment, DeclarationNotice, PassageReport, PassageStage};
pub use sale::{
    OrderStatement, PaymentStatement, SaleAction, SaleCitation, SaleFiling, SaleKey, Statement, WaybillKey,
    WaybillStatement,
};
pub use status::{PassType, RegistrationFiling, StatusChangeFiling, StatusChangeLine, StatusLine};
pub use tally::{TallyDecision, TallyFiling};
pub use transfer_form::{TransferEnd, TransferFormContent, TransferFormFiling, TransferFormLine};
pub use verification::{
    DeclaredItem, Figure, VerificationFiling, VerificationKind, VerificationOrder, VerificationStep,
};
pub use work_order::{
    OrderEvent, OrderGoods, OrderOutput, OrderProduct, OrderQuantities, OrderReport, OrderResidue, OrderUse,
    PlannedProduct, WorkOrderFiling, WorkOrderOpening, WorkOrderStep,
};

pub use crate::customs_result::CustomsResult;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// Anything that may be filed. Wherever one is kept it stands in a box, so the size of the largest does not matter.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Document {
    /// A book, filed or changed (`BWS101`, `EMS111`).
    Book(BookFiling),
    /// A list, filed, changed or withdrawn (`INV101`).
    List(ListFiling),
    /// A correction of a posted list.
    Correction(CorrectionFiling),
    /// A tally of the goods of a list (理货).
    Tally(TallyFiling),
    /// A gate pass (`SAS121`).
    Pass(PassFiling),
    /// The end of a gate pass that was not used.
    PassVoid(PassVoid),
    /// A report of the gate (`SAS223`).
    Passage(PassageReport),
    /// The declaration number of a list that was accepted without it (`INV202`).
    Assignment(DeclarationAssignment),
    /// A notice about a declaration (`DEC_RESULT`).
    Notice(DeclarationNotice),
    /// What customs says of a document (`INV201`, `INV202`, `INV211`, `SAS221`).
    CustomsResult(CustomsResult),
    /// A permit (`SAS101`).
    /// A permit, filed or changed (`SAS101`).
    Permit(PermitFiling),
    /// The end of a permit.
    PermitClosing(PermitClosing),
    /// A slip, filed or changed (`SAS111`).
    Slip(SlipFiling),
    /// The end of a slip that was not used.
    SlipVoid(SlipVoid),
    /// A consumption slip (`CMB101`).
    Consumption(ConsumptionFiling),
    /// Goods to be destroyed, lost or abandoned.
    Disposal(DisposalFiling),
    /// A lease contract, or what happens under it.
    Lease(LeaseFiling),
    /// A work order: opened, reported to, or closed.
    WorkOrder(WorkOrderFiling),
    /// A gate registration of goods that are not bonded.
    Registration(RegistrationFiling),
    /// Goods that become bonded, or cease to be.
    StatusChange(StatusChangeFiling),
    /// Goods that go to the book that succeeds theirs.
    CarryOver(CarryOverFiling),
    /// A verification declaration (`EMS121`).
    Verification(VerificationFiling),
    /// Differences that a verification found.
    Adjustment(AdjustmentFiling),
    /// Parcels of electronic commerce, filed or cancelled (`CEB621`).
    Parcels(ParcelFiling),
    /// Goods of a parcel that came back (`CEB625`).
    ParcelReturn(ParcelReturnFiling),
    /// A count campaign: opened, counted for, or ended (盘点).
    Campaign(CampaignFiling),
    /// Differences of a count that are above the tolerance of the office.
    Differences(DifferenceFiling),
    /// What is said of sales of electronic commerce: orders, payments, waybills (`CEB311`, `CEB411`, `CEB511`).
    Sales(SaleFiling),
    /// What may go from a book in one zone to a book in another (`RotateDcl`).
    TransferForm(TransferFormFiling),
    /// New content for a consumption slip.
    ConsumptionChange(ConsumptionChange),
    /// The end of a consumption slip.
    ConsumptionVoid(ConsumptionVoid),
}

impl Document {
    /// The number it is known by; empty for a list of parcels without any.
    #[must_use]
    pub fn number(&self) -> CompactString {
        match self {
            Self::Book(book) => book.book_no.as_str(),
            Self::List(list) => list.list_no().as_str(),
            Self::Correction(correction) => correction.correction_no.as_str(),
            Self::Tally(tally) => tally.tally_no.as_str(),
            Self::Assignment(assignment) => assignment.list_no.as_str(),
            Self::Pass(pass) => pass.pass_no.as_str(),
            Self::PassVoid(void) => void.pass_no.as_str(),
            Self::Passage(report) => report.pass_no.as_str(),
            Self::Notice(notice) => notice.declaration_no.as_str(),
            Self::CustomsResult(result) => result.number.as_str(),
            Self::Permit(permit) => permit.permit_no.as_str(),
            Self::PermitClosing(closing) => closing.permit_no.as_str(),
            Self::Slip(slip) => slip.slip_no.as_str(),
            Self::SlipVoid(void) => void.slip_no.as_str(),
            Self::Consumption(slip) => slip.consumption_no.as_str(),
            Self::ConsumptionChange(change) => change.content.consumption_no.as_str(),
            Self::ConsumptionVoid(void) => void.consumption_no.as_str(),
            Self::Disposal(disposal) => disposal.disposal_no.as_str(),
            Self::Adjustment(adjustment) => adjustment.adjustment_no.as_str(),
            Self::Lease(lease) => lease.lease_no.as_str(),
            Self::WorkOrder(order) => order.order_no.as_str(),
            Self::Registration(registration) => registration.registration_no.as_str(),
            Self::StatusChange(change) => change.status_change_no.as_str(),
            Self::CarryOver(filing) => filing.carry_over_no.as_str(),
            Self::Verification(verification) => verification.book_no.as_str(),
            Self::Parcels(parcels) => parcels.first().map_or("", |number| number.as_str()),
            Self::ParcelReturn(filing) => filing.return_no.as_str(),
            Self::Campaign(filing) => filing.campaign_no.as_str(),
            Self::Differences(filing) => filing.difference_no.as_str(),
            Self::Sales(filing) => filing.first_number(),
            Self::TransferForm(filing) => filing.form_no().as_str(),
        }
        .into()
    }
}
