//! Customs' decisions on goods that are lost, abandoned, missing or found (`domain.md` 3.1, 3.4 rows 24 to 26 and 30, 4.1).

use crate::code::DecisionNo;
use crate::coded::code_list;
use crate::measure::Measure;
use crate::quantity::Quantity;
use crate::time::Date;
use serde::{Deserialize, Serialize};

code_list! {
    /// What a line of a disposal, an adjustment or an accepted tally is about. With the outcome of a decision it says the matrix row.
    Matter, "matter" {
        /// Goods to be destroyed, 销毁.
        Destruction = "DESTRUCTION",
        /// Goods lost by force majeure, 不可抗力灭失.
        LossForceMajeure = "LOSS_FORCE_MAJEURE",
        /// Goods lost otherwise, 保管不善等原因灭失.
        LossOther = "LOSS_OTHER",
        /// Goods given up to customs, 放弃.
        Abandonment = "ABANDONMENT",
        /// Goods that a count did not find, 短少.
        Shortage = "SHORTAGE",
        /// Goods that a count found and the book does not know, 溢出.
        Surplus = "SURPLUS",
        /// Goods of a list I that its accepted tally did not find, 理货短少.
        TallyShortage = "TALLY_SHORTAGE",
    }
}

code_list! {
    /// What customs decides. Which outcomes a matter may have is in the posting matrix.
    DecisionOutcome, "outcome of a decision" {
        /// Gone, free of duty (核销, 核减).
        WrittenOff = "WRITTEN_OFF",
        /// Gone, as if sold at home: duty is due (征税).
        Taxed = "TAXED",
        /// Back in stock: found again, to be returned abroad, or counted wrong.
        Returned = "RETURNED",
        /// Taken over by customs, which sells them (变卖).
        TakenOver = "TAKEN_OVER",
        /// A surplus enters the book (核增).
        Entered = "ENTERED",
        /// A surplus does not enter the book.
        Rejected = "REJECTED",
    }
}

/// A decision on some lines or parts of lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Customs' own number of it (决定书), once for each document that is decided on.
    pub decision_no: DecisionNo,
    /// The day on which it was taken.
    pub decided_on: Date,
    /// The day whose rates of duty and exchange apply to what is taxed. Of a loss that is not by force majeure it is the
    /// day of the loss; of others the day of the decision where none is given.
    pub rates_on: Option<Date>,
    /// What becomes of which line; a line may be decided on in parts, with different outcomes.
    pub lines: Vec<DecisionLine>,
}

/// What becomes of a line or part of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionLine {
    /// The line of the document.
    pub line: u64,
    /// What becomes of it.
    pub outcome: DecisionOutcome,
    /// How much of it; without it all that is left.
    pub measure: Option<Measure>,
    /// What duty is computed on, in US dollars, where it is taxed: the value before damage, or of goods damaged by force
    /// majeure the value that customs assesses. Without it the value that the line has.
    pub dutiable_value: Option<Quantity>,
}
