//! Permits and slips as the state keeps them (`RULES.md` 9).

use crate::code::{BookNo, CustomsNo, ListNo, LotNo, PermitNo, SerialNo};
use crate::direction::{Direction, Mark};
use crate::document::{PermitKind, PermitLine, SlipLine};
use crate::matrix::MatrixRow;
use crate::movement::DocumentState;
use crate::quantity::Quantity;
use crate::time::{Date, Instant, LocalTime};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An accepted permit, and how much of it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permit {
    /// `businessTypecd`
    pub kind: PermitKind,
    /// `areainOriactNo`
    pub book_no: BookNo,
    /// `areainEtpsno`
    pub owner: CustomsNo,
    /// `validTime`
    pub valid_until: Date,
    /// `dpstLevyBlNo`
    pub guarantee_no: CompactString,
    /// `exhibitionPlace`
    pub exhibition_place: CompactString,
    /// Its lines.
    pub lines: Vec<PermitUse>,
    /// What lists of kind 5 that are not withdrawn take of what is out, by mark and item.
    pub sold: BTreeMap<(Mark, u64), Quantity>,
    /// Ledger time of filing.
    pub filed_time: Instant,
    /// Ledger time since which something is out under it.
    pub out_since: Option<Instant>,
}

/// How much of a line of a permit is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermitUse {
    /// As filed.
    pub filed: PermitLine,
    /// On accepted slips E, pending ones included.
    pub approved_out: Quantity,
    /// On accepted slips I, pending ones included.
    pub approved_in: Quantity,
    /// On slips E that are through the gate.
    pub passed_out: Quantity,
}

impl Permit {
    /// What is out under the permit of one item: passed slips E less accepted slips I less lists of kind 5
    /// (`RULES.md` 9.5). `None` beyond the range of a number.
    #[must_use]
    pub fn out(&self, mark: Mark, number: u64) -> Option<Quantity> {
        let sold = self.sold.get(&(mark, number)).copied().unwrap_or_default();
        let lines = self.lines.iter().filter(|line| (line.filed.mark, line.filed.number) == (mark, number));
        lines
            .map(|line| line.passed_out.checked_sub(line.approved_in))
            .try_fold(Quantity::ZERO, |sum, out| sum.checked_add(out?))?
            .checked_sub(sold)
    }

    /// Whether something of any item is out.
    #[must_use]
    pub fn anything_out(&self) -> bool {
        let out = |line: &PermitUse| self.out(line.filed.mark, line.filed.number);
        self.lines.iter().any(|line| out(line).is_some_and(Quantity::is_positive))
    }
}

/// An accepted slip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// `sasDclNo`
    pub permit_no: PermitNo,
    /// The book of the permit.
    pub book_no: BookNo,
    /// Which row of the posting matrix it is.
    pub row: MatrixRow,
    /// `stockTypecd`
    pub direction: Direction,
    /// `APPROVED`, `PASSED` or `CONSOLIDATED`.
    pub state: DocumentState,
    /// The list that declares it.
    pub list_no: Option<ListNo>,
    /// Its lines.
    pub lines: Vec<SlipGoods>,
    /// Declared quantity of all lines that is not through the gate yet.
    pub ungated: Quantity,
    /// Ledger time of approval.
    pub approved_time: Instant,
    /// When the last of its goods so far went through the gate, as the reports say.
    pub gate_time: Option<LocalTime>,
    /// Ledger time of posting.
    pub posted_time: Option<Instant>,
}

/// Goods of a slip, with what the permit and the book say of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipGoods {
    /// As filed.
    pub filed: SlipLine,
    /// The mark of the permit's line.
    pub mark: Mark,
    /// The lot of the row, in a book kept by receipt.
    pub lot: Option<LotNo>,
    /// The unit of the row, in a leasing book.
    pub serial: Option<SerialNo>,
}
