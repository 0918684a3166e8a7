//! Who may do what: one table, decided inside `apply` (`design.md` 9).

use crate::coded::code_list;
use crate::command::Command;
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Principal(pub CompactString);

impl Principal {
    /// Everyone who reaches a server without certificates, which therefore binds to loopback only.
    #[must_use]
    pub const fn loopback() -> Self {
        Self(CompactString::const_new("loopback"))
    }
}

code_list! {
    /// A role (`domain.md` 2.1).
    Role, "role" {
        /// Files documents of its own books.
        Enterprise = "enterprise",
        /// Records movements and passages of its zones.
        Operator = "operator",
        /// Releases, returns, stops and frees in its office.
        Customs = "customs",
        /// Runs the cluster; never touches goods.
        Administrator = "administrator",
        /// Takes books over from another system; ends with the migration.
        Migrator = "migrator",
    }
}

/// The roles of a principal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Who.
    pub principal: Principal,
    /// What they are.
    pub roles: Vec<Role>,
}

impl Assignment {
    /// The loopback principal in every role: the only assignment until certificates are in use.
    #[must_use]
    pub fn loopback() -> Self {
        Self { principal: Principal::loopback(), roles: Role::ALL.to_vec() }
    }
}

/// Who is told, on request, what the book has and what others counted while a blind count is open.
pub const SEES_BLIND_COUNTS: &[Role] = &[Role::Customs];

/// The table: which roles may give a command.
#[must_use]
pub fn roles_for(command: &Command) -> &'static [Role] {
    use crate::bom_standing::BomStep;
    use crate::document::{DifferenceStep, DisposalStep, Document, VerificationKind, VerificationStep};
    use crate::licence::LicenceAction;
    use Role::{Administrator, Customs, Enterprise, Migrator, Operator};
    match command {
        Command::Initialise(_) | Command::Found(_) | Command::RaiseBehaviour(_) => &[Administrator],
        Command::DefineZone(_)
        | Command::SetParameter(_)
        | Command::SetTolerance(_)
        | Command::ImportReference(_)
        | Command::SetCalendar(_) => &[Customs, Migrator],
        Command::RecordOverdue => &[Operator, Customs],
        Command::DefineParty(_) => &[Customs, Operator, Migrator],
        Command::OrderBook(_) | Command::ConvertZone(_) => &[Customs],
        Command::SetStops(_)
        | Command::SetLotMethod(_)
        | Command::ReturnList(_)
        | Command::DecideAdjustment(_)
        | Command::OwnGroup(_)
        | Command::OrderDocument(_)
        | Command::DecideTally(_) => &[Customs],
        Command::OrderDisposal(order) => match order.step {
            DisposalStep::Withdraw { .. } | DisposalStep::Execute(_) => &[Enterprise, Operator, Customs],
            DisposalStep::Approve { .. } | DisposalStep::Reject { .. } | DisposalStep::Decide(_) => {
                &[Customs]
            }
        },
        Command::OrderDifference(order) => match order.step {
            DifferenceStep::Assign { .. } => &[Enterprise, Operator, Customs],
            DifferenceStep::Decide(_) => &[Customs],
        },
        Command::OrderBom(order) => match order.step {
            BomStep::Limit(_) => &[Enterprise, Operator, Customs],
            BomStep::Challenge { .. } | BomStep::Settle { .. } => &[Customs],
        },
        Command::AcknowledgeReceipts(_) => &[Enterprise, Operator, Customs],
        Command::OrderList(_) | Command::AllowOverdraft(_) | Command::DecideCorrection(_) => &[Customs],
        Command::Guarantee(_) | Command::SetCreditLevel(_) | Command::DirectExit(_) => &[Customs],
        Command::Licence(order) => match order.action {
            LicenceAction::Register(_) => &[Enterprise, Operator, Customs, Migrator],
            LicenceAction::Amend { .. } => &[Customs],
        },
        Command::OrderVerification(order) => match order.step {
            VerificationStep::Confirm { .. } => &[Enterprise, Operator, Customs],
            VerificationStep::AskSupplement { .. } | VerificationStep::Close { .. } => &[Customs],
        },
        Command::Receive(_) => &[Enterprise, Operator, Customs, Migrator],
        Command::File(document) => match &**document {
            // What stays outside is taxed or written off, which is for customs to decide.
            Document::PermitClosing(closing) if !closing.left.is_empty() => &[Customs],
            Document::Verification(filing) if filing.kind == VerificationKind::CustomsDisposal => &[Customs],
            Document::Book(_)
            | Document::List(_)
            | Document::Correction(_)
            | Document::Assignment(_)
            | Document::Pass(_)
            | Document::PassVoid(_)
            | Document::Permit(_)
            | Document::PermitClosing(_)
            | Document::Slip(_)
            | Document::SlipVoid(_)
            | Document::Consumption(_)
            | Document::ConsumptionChange(_)
            | Document::ConsumptionVoid(_)
            | Document::Disposal(_)
            | Document::Adjustment(_)
            | Document::Lease(_)
            | Document::WorkOrder(_)
            | Document::Verification(_)
            | Document::Campaign(_)
            | Document::Differences(_)
            | Document::Sales(_)
            | Document::TransferForm(_)
            | Document::Parcels(_) => &[Enterprise, Operator, Customs],
            Document::Passage(_) | Document::Tally(_) | Document::Registration(_) => &[Operator, Customs],
            Document::Notice(_)
            | Document::CustomsResult(_)
            | Document::ParcelReturn(_)
            | Document::StatusChange(_)
            | Document::CarryOver(_) => &[Customs],
        },
    }
}
