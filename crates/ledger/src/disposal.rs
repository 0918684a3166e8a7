//! Disposals and adjustments as the state keeps them (`domain.md` 3.4 rows 23 to 26 and 30).

use crate::code::{DecisionNo, LotNo, SerialNo};
use crate::document::{AdjustmentFiling, DecisionOutcome, DisposalFiling, Execution};
use crate::measure::Measure;
use crate::movement::DocumentState;
use crate::permission::Principal;
use crate::quantity::Quantity;
use crate::time::{Date, Instant};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// An accepted disposal and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disposal {
    /// As filed.
    pub filed: DisposalFiling,
    /// `FILED`; `APPROVED`, then `EXECUTED` or `DECIDED`; `REJECTED`, `WITHDRAWN`.
    pub state: DocumentState,
    /// The goods of each line, in the order of the lines as filed.
    pub open: Vec<OpenGoods>,
    /// How many levels have to approve; 0 where none has to.
    pub levels: u64,
    /// Who approved so far, the first level first.
    pub approvals: Vec<Approval>,
    /// The last day on which an approved destruction may be carried out.
    pub approved_until: Option<Date>,
    /// How it was carried out, of a destruction.
    pub execution: Option<Execution>,
    /// What customs decided, of a loss or an abandonment.
    pub decisions: Vec<KeptDecision>,
    /// Why it was rejected or withdrawn.
    pub end_reason: CompactString,
    /// Ledger time of filing.
    pub filed_time: Instant,
    /// Ledger time of execution, of the last decision, of rejection or withdrawal.
    pub ended_time: Option<Instant>,
}

/// The approval of one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: Principal,
    /// Ledger time.
    pub time: Instant,
    /// A remark.
    pub remark: CompactString,
}

/// Goods of a line: which lot and unit they are, and how much of them is still to be dealt with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenGoods {
    /// The lot, where the book tracks lots.
    pub lot: Option<LotNo>,
    /// The unit, where the book tracks units.
    pub serial: Option<SerialNo>,
    /// Neither destroyed nor decided on yet.
    pub left: Measure,
}

/// An accepted adjustment and how far customs has decided on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// As filed.
    pub filed: AdjustmentFiling,
    /// `FILED`; `DECIDED` when nothing is left to decide on, which is so at once where all lines cite a decision.
    pub state: DocumentState,
    /// The goods of each line, in the order of the lines as filed.
    pub open: Vec<OpenGoods>,
    /// What customs decided.
    pub decisions: Vec<KeptDecision>,
    /// Ledger time of filing.
    pub filed_time: Instant,
    /// Ledger time of the last decision, when nothing was left.
    pub ended_time: Option<Instant>,
}

impl Adjustment {
    /// Whether nothing is left to decide on.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.open.iter().all(|open| open.left.is_zero())
    }
}

/// A decision as it was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDecision {
    /// Customs' own number of it.
    pub decision_no: DecisionNo,
    /// The day on which it was taken.
    pub decided_on: Date,
    /// Who recorded it.
    pub by: Principal,
    /// Ledger time.
    pub time: Instant,
    /// What became of what.
    pub lines: Vec<KeptDecisionLine>,
}

/// What became of a line or part of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDecisionLine {
    /// The line of the document.
    pub line: u64,
    /// What became of it.
    pub outcome: DecisionOutcome,
    /// How much of it.
    pub measure: Measure,
    /// Whether that was less than what was left of the line.
    pub partial: bool,
    /// On what duty is due, where it is taxed.
    pub tax: Option<TaxBasis>,
}

/// On what the duty for taxed goods rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxBasis {
    /// The day whose rates of duty and exchange apply.
    pub rates_on: Date,
    /// The dutiable value in US dollars.
    pub dutiable_value: Quantity,
}
