//! Permits and slips as the state keeps them (`RULES.md` 9).

use crate::code::{BookNo, CustomsNo, ListNo, LotNo, PermitNo, SerialNo, SlipNo};
use crate::direction::{Direction, Mark};
use crate::document::{LeftOutside, PermitBomLine, PermitKind, PermitLine, SlipLine};
use crate::matrix::MatrixRow;
use crate::measure::Measure;
use crate::movement::{DocumentState, MaterialUse};
use crate::permit_kind::Moves;
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
    /// The duty at stake that it draws as a whole; nothing where its slips draw theirs.
    pub guarantee_amount: Quantity,
    /// What it and its slips have drawn on the guarantee and not given back.
    pub drawn: Quantity,
    /// `exhibitionPlace`
    pub exhibition_place: CompactString,
    /// `OPEN` or `CLOSED`.
    pub state: DocumentState,
    /// Last accepted `chgTmsCnt`.
    pub change_no: u64,
    /// Day of the first filing: the days that a permit may last are counted from it.
    pub declared_on: Date,
    /// How often its validity was extended.
    pub extensions: u64,
    /// By how many days extensions moved its last day while what is out now was out: so many more that may stay out.
    pub days_more: u64,
    /// Its lines.
    pub lines: Vec<PermitUse>,
    /// What its products are made of.
    pub bom: Vec<PermitBomLine>,
    /// What products on accepted slips I, and on lists by which they leave from where they were made, use of what is out, by
    /// mark and item.
    pub used: BTreeMap<(Mark, u64), Quantity>,
    /// Lists of kinds 4 and 5 on it that wait, and those by which its products leave from where they were made.
    pub waiting_lists: u64,
    /// What stayed outside when it was closed.
    pub left: Vec<LeftOutside>,
    /// What lists of kind 5 that are not withdrawn take of what is out, by mark and item.
    pub sold: BTreeMap<(Mark, u64), Quantity>,
    /// Ledger time of filing.
    pub filed_time: Instant,
    /// Ledger time since which something is out under it.
    pub out_since: Option<Instant>,
    /// Ledger time of closing.
    pub closed_time: Option<Instant>,
}

/// How much of a line of a permit is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermitUse {
    /// As filed.
    pub filed: PermitLine,
    /// On accepted slips E, pending ones included.
    pub approved_out: Quantity,
    /// On accepted slips I, pending ones included; of a product also on lists by which it leaves from where it was made.
    pub approved_in: Quantity,
    /// On slips E that are through the gate.
    pub passed_out: Quantity,
    /// On slips I that are through the gate; of a product also on such lists that are posted.
    pub passed_in: Quantity,
    /// Declared by lists of kind 1 (`invtVdedtQty`).
    pub consolidated: Quantity,
}

impl Permit {
    /// Whether goods move under it by slips.
    #[must_use]
    pub fn has_slips(&self) -> bool {
        self.kind.rule().moves != Moves::Processed
    }

    /// Whether goods of its slips are out on the form, not shipped to be declared later.
    #[must_use]
    pub fn keeps_goods_on_form(&self) -> bool {
        self.kind.rule().moves == Moves::OnForm
    }

    /// Whether goods of a line go out: products of outsourced processing only come in.
    #[must_use]
    pub fn goes_out(&self, used: &PermitUse) -> bool {
        self.keeps_goods_on_form() && !self.makes(used)
    }

    /// Whether goods of a line are made under the permit.
    #[must_use]
    pub fn makes(&self, used: &PermitUse) -> bool {
        self.kind.has_bom() && matches!(used.filed.mark, Mark::Product)
    }

    /// How much of the quantity of a line is used: made of products, taken or sent out of others.
    #[must_use]
    pub fn quota_used(&self, used: &PermitUse) -> Quantity {
        if self.makes(used) { used.approved_in } else { used.approved_out }
    }

    /// What is out under the permit of one item: passed slips E less accepted slips I less lists of kind 5
    /// (`RULES.md` 9.5), less what products that came back use. `None` beyond the range of a number.
    #[must_use]
    pub fn out(&self, mark: Mark, number: u64) -> Option<Quantity> {
        let sold = self.sold.get(&(mark, number)).copied().unwrap_or_default();
        let lines = self.lines.iter().filter(|line| (line.filed.mark, line.filed.number) == (mark, number));
        lines
            .map(|line| line.passed_out.checked_sub(line.approved_in))
            .try_fold(Quantity::ZERO, |sum, out| sum.checked_add(out?))?
            .checked_sub(sold)?
            .checked_sub(self.used.get(&(mark, number)).copied().unwrap_or_default())
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
    /// `APPROVED`, `PASSED`, `CONSOLIDATED` or `CANCELLED`.
    pub state: DocumentState,
    /// Last accepted `chgTmsCnt`.
    pub version: u64,
    /// Passes that name it and are not void.
    pub passes: u64,
    /// `rltSasStockNo`
    pub related_slip: Option<SlipNo>,
    /// `levyBlAmt`
    pub levy_amount: Quantity,
    /// What it has drawn on the guarantee of its permit.
    pub drawn: Quantity,
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
    /// Its row of the posting matrix: products come back by another than materials.
    pub row: MatrixRow,
    /// What a product uses of the materials that are out.
    pub uses: Vec<MaterialUse>,
    /// What slips I that name this line bring back of it (`replaceQty`).
    pub returned: Measure,
}
