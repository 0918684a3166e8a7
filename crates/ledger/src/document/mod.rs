//! Documents as the ledger takes them: what a message or a call says, already converted, not yet judged.
//!
//! Each type names the message and the element that a field comes from. Values are checked for form when they are
//! made (`code`, `quantity`, `time`); whether they agree with the books is the business of [`crate::apply`].

mod book;
mod consumption;
mod list;
mod parcel;
mod pass;
mod permit;
mod receipt;
mod verification;

pub use book::{BomRow, BookFiling, BookRow};
pub use consumption::{ConsumptionFiling, Residue, UsedMaterial};
pub use list::{DeclarationType, List, ListFiling, ListKind, ListLine, Provenance};
pub use parcel::{Parcel, ParcelFiling, ParcelLine};
pub use pass::{Binding, LinkedType, PassFiling, PassLine};
pub use permit::{PermitFiling, PermitKind, PermitLine, SlipFiling, SlipLine};
pub use receipt::{DeclarationNotice, PassageReport, PassageStage};
pub use verification::VerificationFiling;

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
    /// A gate pass (`SAS121`).
    Pass(PassFiling),
    /// A report of the gate (`SAS223`).
    Passage(PassageReport),
    /// A notice about a declaration (`DEC_RESULT`).
    Notice(DeclarationNotice),
    /// A permit (`SAS101`).
    Permit(PermitFiling),
    /// A slip (`SAS111`).
    Slip(SlipFiling),
    /// A consumption slip (`CMB101`).
    Consumption(ConsumptionFiling),
    /// A verification declaration (`EMS121`).
    Verification(VerificationFiling),
    /// Parcels of electronic commerce, filed or cancelled (`CEB621`).
    Parcels(ParcelFiling),
}

impl Document {
    /// The number it is known by; empty for a list of parcels without any.
    #[must_use]
    pub fn number(&self) -> CompactString {
        match self {
            Self::Book(book) => book.book_no.as_str(),
            Self::List(list) => list.list_no().as_str(),
            Self::Pass(pass) => pass.pass_no.as_str(),
            Self::Passage(report) => report.pass_no.as_str(),
            Self::Notice(notice) => notice.declaration_no.as_str(),
            Self::Permit(permit) => permit.permit_no.as_str(),
            Self::Slip(slip) => slip.slip_no.as_str(),
            Self::Consumption(slip) => slip.consumption_no.as_str(),
            Self::Verification(verification) => verification.book_no.as_str(),
            Self::Parcels(parcels) => parcels.first().map_or("", |number| number.as_str()),
        }
        .into()
    }
}
