//! Transfers between books: what differs between the list of the transferor and that of the transferee, and since when
//! (`domain.md` 3.1, inter-zone transfer; 3.4 rows 6 and 7).
//!
//! A transfer is looked at from the transferee's list, which comes first. What does not agree by the rules is refused
//! when the second list is filed (`RULES.md` 7.2); what is told here is what may differ all the same: goods are declared
//! before they pass a gate or after it, are on the way, or are valued and named otherwise on the two sides.

use crate::code::{BookNo, DocumentNo, ListNo, PassNo, SealNo};
use crate::coded::code_list;
use crate::direction::Direction;
use crate::document::{LinkedType, ListLine};
use crate::error::Fault;
use crate::matrix::{Posting, rule_of_row};
use crate::movement::{DocumentState, GateProgress, Movement, MovementLine};
use crate::quantity::Quantity;
use crate::query;
use crate::state::{Key, Lines, Movements, Order, Progress, Read, Seals, get};
use crate::time::{Date, UtcOffset};
use compact_str::{CompactString, ToCompactString, format_compact};
use std::collections::BTreeSet;
use std::sync::Arc;

code_list! {
    /// What differs between the two sides of a transfer.
    TransferDifference, "difference of a transfer" {
        /// The transferor's list is not there.
        PartnerMissing = "PARTNER_MISSING",
        /// Goods left the transferor's zone, and its declaration is not released (发货未报).
        DeliveredNotDeclared = "DELIVERED_NOT_DECLARED",
        /// The transferor's declaration is released, and goods of it have not left (已报未发).
        DeclaredNotDelivered = "DECLARED_NOT_DELIVERED",
        /// Goods came into the transferee's zone, and its declaration is not released (收货未报).
        ReceivedNotDeclared = "RECEIVED_NOT_DECLARED",
        /// The transferee's declaration is released, and goods of it have not come (已报未收).
        DeclaredNotReceived = "DECLARED_NOT_RECEIVED",
        /// More or less came through the transferee's gate than left through the transferor's.
        Quantity = "QUANTITY",
        /// The two sides give the goods another tariff code.
        TariffCode = "TARIFF_CODE",
        /// The two sides give the goods another part number.
        PartNo = "PART_NO",
        /// The two sides value the goods otherwise, in US dollars.
        Value = "VALUE",
        /// Goods left under electronic seals other than those under which they came (电子关锁).
        Seal = "SEAL",
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What differs.
    pub difference: TransferDifference,
    /// The line of both lists; 0 for what is of the lists as a whole.
    pub line: u64,
    /// What the transferor's side says; empty where there is none.
    pub transferor: CompactString,
    /// What the transferee's side says.
    pub transferee: CompactString,
    /// How much is concerned, in the declared unit; of a value the difference in US dollars.
    pub quantity: Quantity,
    /// The day since which it is so.
    pub since: Date,
}

/// A transfer, and what differs between its two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The transferee's list.
    pub into: Arc<Movement>,
    /// The transferor's list, when it is there.
    pub out: Option<Arc<Movement>>,
    /// What differs, lines in order.
    pub findings: Vec<Finding>,
}

/// One side of a transfer.
struct Side {
    list: Arc<Movement>,
    lines: Arc<Vec<MovementLine>>,
    progress: Arc<Vec<GateProgress>>,
    seals: BTreeSet<SealNo>,
}

impl Side {
    fn read(state: &dyn Read, list: Arc<Movement>) -> Result<Self, Fault> {
        let lines = get::<Lines>(state, (list.list_no.clone(), list.content_version))?.unwrap_or_default();
        let linked = (LinkedType::List, DocumentNo::from(&list.list_no));
        let progress = get::<Progress>(state, linked)?.unwrap_or_default();
        let seals = seals(state, &list.list_no)?.into_iter().map(|(_, seal)| seal).collect();
        Ok(Self { list, lines, progress, seals })
    }

    /// How much of a line is through the gate; of a list that customs let go without, all of it.
    fn gated(&self, at: usize, line: &MovementLine) -> Quantity {
        let forced = self.list.standing.as_deref().is_some_and(|standing| standing.gate_forced);
        if forced && self.list.state != DocumentState::PrePosted {
            return line.filed.declared;
        }
        self.progress.get(at).map_or(Quantity::ZERO, |progress| progress.gated)
    }

    fn gated_of(&self, line: u64) -> Quantity {
        let found = self.lines.iter().enumerate().find(|(_, other)| other.filed.line == line);
        found.map_or(Quantity::ZERO, |(at, line)| self.gated(at, line))
    }

    fn accepted_on(&self, offset: UtcOffset) -> Date {
        offset.local(self.list.prevd_time).date()
    }

    fn gated_on(&self, offset: UtcOffset) -> Date {
        self.list.gate_time.map_or_else(|| self.accepted_on(offset), |time| time.date())
    }

    fn released_on(&self, offset: UtcOffset) -> Date {
        self.list.release_time.map_or_else(|| self.accepted_on(offset), |time| time.date())
    }

    /// Declared before the gate, or the gate before the declaration is released.
    fn timing(&self, offset: UtcOffset, findings: &mut Vec<Finding>) {
        use TransferDifference::{
            DeclaredNotDelivered, DeclaredNotReceived, DeliveredNotDeclared, ReceivedNotDeclared,
        };
        let (early, late) = match self.list.direction {
            Direction::Out => (DeliveredNotDeclared, DeclaredNotDelivered),
            Direction::In => (ReceivedNotDeclared, DeclaredNotReceived),
        };
        let waits = matches!(self.list.state, DocumentState::PrePosted | DocumentState::InTransit);
        if !(waits && self.list.declared) {
            return;
        }
        let released = self.list.is_released();
        for (at, line) in self.lines.iter().enumerate() {
            let (listed, gated) = (line.filed.declared, self.gated(at, line));
            let (difference, since, quantity) = if released {
                (late, self.released_on(offset), listed.checked_sub(gated).unwrap_or_default())
            } else {
                (early, self.gated_on(offset), gated)
            };
            if quantity.is_positive() {
                let declared = if released { listed } else { Quantity::ZERO };
                let says = format_compact!("declared {declared}, through the gate {gated}");
                let (transferor, transferee) = match self.list.direction {
                    Direction::Out => (says, CompactString::default()),
                    Direction::In => (CompactString::default(), says),
                };
                let line = line.filed.line;
                findings.push(Finding { difference, line, transferor, transferee, quantity, since });
            }
        }
    }
}

/// The seals under which goods of a list travel, by pass.
///
/// # Errors
/// The state could not be read.
pub fn seals(state: &dyn Read, list_no: &ListNo) -> Result<Vec<(PassNo, SealNo)>, Fault> {
    let (from, to) = ((list_no.clone(), PassNo::lowest()), (list_no.clone(), PassNo::highest()));
    query::collect::<Seals, _>(state, from, to, Order::Forward, usize::MAX, |key, seal| match key {
        Key::Seal((_, pass_no)) => Some((pass_no, seal)),
        _ => None,
    })
}

/// Transfers with differences, in the order of the lists that are looked at, and after which of these to go on: of all
/// lists, or of those of one book on either side. Not more than `lists_max` lists are looked at, so there may be few
/// transfers, or none, and more to come.
///
/// # Errors
/// The state could not be read.
pub fn differing(
    state: &dyn Read,
    book: Option<&BookNo>,
    after: Option<&ListNo>,
    lists_max: usize,
) -> Result<(Vec<Transfer>, Option<ListNo>), Fault> {
    let Some(head) = query::head(state)? else { return Ok((Vec::new(), None)) };
    let lists = query::movements(state, book, after, lists_max)?;
    let mut transfers = Vec::new();
    for list in &lists {
        let Some(into) = transferee_of(state, list, book)? else { continue };
        let transfer = compare(state, into, head.utc_offset)?;
        if !transfer.findings.is_empty() {
            transfers.push(transfer);
        }
    }
    let next = lists.last().filter(|_| lists.len() == lists_max).map(|list| list.list_no.clone());
    Ok((transfers, next))
}

/// The transferee's list of the transfer that a list is a side of: itself, or where only one book is looked at, and it is
/// the transferor's, its partner. `None` where there is none, or it is met by itself.
fn transferee_of(
    state: &dyn Read,
    list: &Arc<Movement>,
    book: Option<&BookNo>,
) -> Result<Option<Arc<Movement>>, Fault> {
    let paired = rule_of_row(list.row).is_some_and(|rule| rule.is_paired());
    let gone = matches!(list.state, DocumentState::Withdrawn | DocumentState::Returned);
    if !paired || gone {
        return Ok(None);
    }
    if list.direction == Direction::In {
        return Ok(Some(Arc::clone(list)));
    }
    let (Some(book_no), Some(partner)) = (book, &list.partner) else { return Ok(None) };
    let partner = get::<Movements>(state, partner.clone())?;
    Ok(partner.filter(|partner| partner.book_no != *book_no))
}

fn compare(state: &dyn Read, into: Arc<Movement>, offset: UtcOffset) -> Result<Transfer, Fault> {
    let received = Side::read(state, into)?;
    let mut findings = Vec::new();
    let out = match &received.list.partner {
        Some(partner) => get::<Movements>(state, partner.clone())?,
        None => None,
    };
    let Some(out) = out else {
        findings.push(Finding {
            difference: TransferDifference::PartnerMissing,
            line: 0,
            transferor: CompactString::default(),
            transferee: received.list.list_no.as_str().into(),
            quantity: total(&received.lines),
            since: received.accepted_on(offset),
        });
        received.timing(offset, &mut findings);
        return Ok(Transfer { into: received.list, out: None, findings });
    };
    let delivered = Side::read(state, out)?;
    let between_zones =
        rule_of_row(delivered.list.row).is_some_and(|rule| rule.posting == Posting::ThroughTransit);
    if between_zones {
        delivered.timing(offset, &mut findings);
        received.timing(offset, &mut findings);
        on_the_way(&delivered, &received, offset, &mut findings);
        sealed_otherwise(&delivered, &received, offset, &mut findings);
    }
    said_otherwise(&delivered, &received, offset, &mut findings);
    findings.sort_by_key(|finding| finding.line);
    Ok(Transfer { into: received.list, out: Some(delivered.list), findings })
}

fn total(lines: &[MovementLine]) -> Quantity {
    let add = |sum: Quantity, line: &MovementLine| sum.checked_add(line.filed.declared).unwrap_or(sum);
    lines.iter().fold(Quantity::ZERO, add)
}

/// What left and did not come; less than nothing where more came than left.
fn on_the_way(delivered: &Side, received: &Side, offset: UtcOffset, findings: &mut Vec<Finding>) {
    for (at, line) in delivered.lines.iter().enumerate() {
        let (sent, came) = (delivered.gated(at, line), received.gated_of(line.filed.line));
        let quantity = sent.checked_sub(came).unwrap_or_default();
        if !quantity.is_zero() {
            findings.push(Finding {
                difference: TransferDifference::Quantity,
                line: line.filed.line,
                transferor: sent.to_compact_string(),
                transferee: came.to_compact_string(),
                quantity,
                since: delivered.gated_on(offset),
            });
        }
    }
}

/// Seals are compared once goods have come under some of them, and while the transfer is not over.
fn sealed_otherwise(delivered: &Side, received: &Side, offset: UtcOffset, findings: &mut Vec<Finding>) {
    if received.seals.is_empty() || delivered.seals == received.seals {
        return;
    }
    let shown = |seals: &BTreeSet<SealNo>| {
        seals.iter().map(SealNo::as_str).collect::<Vec<_>>().join("/").to_compact_string()
    };
    findings.push(Finding {
        difference: TransferDifference::Seal,
        line: 0,
        transferor: shown(&delivered.seals),
        transferee: shown(&received.seals),
        quantity: Quantity::ZERO,
        since: received.gated_on(offset),
    });
}

code_list! {
    /// What both lists of a transfer say of a line, by the field of the message.
    LineField, "field of a line" {
        /// Tariff code.
        TariffCode = "gdecd",
        /// Part number.
        PartNo = "gdsMtno",
        /// Declared unit.
        DeclaredUnit = "dclUnitcd",
        /// Declared quantity.
        Declared = "dclQty",
        /// First statutory quantity.
        Statutory1 = "lawfQty",
        /// Second statutory quantity; without it 0.
        Statutory2 = "secdLawfQty",
        /// Value in US dollars.
        Value = "usdStatTotalAmt",
    }
}

impl LineField {
    /// What a line says.
    fn of(self, line: &ListLine) -> CompactString {
        match self {
            Self::TariffCode => line.tariff_code.to_compact_string(),
            Self::PartNo => line.part_no.to_compact_string(),
            Self::DeclaredUnit => line.units.declared.to_compact_string(),
            Self::Declared => line.declared.to_compact_string(),
            Self::Statutory1 => line.statutory1.to_compact_string(),
            Self::Statutory2 => line.statutory2.unwrap_or_default().to_compact_string(),
            Self::Value => line.value_usd.to_compact_string(),
        }
    }

    /// Which difference of a transfer it makes; the others are refused when the second list is filed (`RULES.md` 7.2).
    const fn difference(self) -> Option<TransferDifference> {
        match self {
            Self::TariffCode => Some(TransferDifference::TariffCode),
            Self::PartNo => Some(TransferDifference::PartNo),
            Self::Value => Some(TransferDifference::Value),
            Self::DeclaredUnit | Self::Declared | Self::Statutory1 | Self::Statutory2 => None,
        }
    }
}

/// A field in which two lines of one number differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otherwise {
    /// Which one.
    pub field: LineField,
    /// What the transferor says.
    pub given: CompactString,
    /// What the transferee says.
    pub taken: CompactString,
}

/// A line of the transferor beside that of the transferee.
#[derive(Clone, Copy, Debug)]
pub struct LinePair<'a> {
    /// What was given.
    pub given: &'a ListLine,
    /// What was taken under the same number, if anything was.
    pub taken: Option<&'a ListLine>,
}

impl LinePair<'_> {
    /// Where both are there and do not say the same.
    pub fn otherwise(self) -> impl Iterator<Item = Otherwise> {
        let beside = move |field: &LineField| {
            let (given, taken) = (field.of(self.given), field.of(self.taken?));
            (given != taken).then_some(Otherwise { field: *field, given, taken })
        };
        LineField::ALL.iter().filter_map(beside)
    }
}

/// The lines of the transferor beside those of the transferee, by their numbers.
pub fn paired<'a>(
    given: &'a [MovementLine],
    taken: &'a [MovementLine],
) -> impl Iterator<Item = LinePair<'a>> {
    given.iter().map(|line| &line.filed).map(|given| LinePair {
        given,
        taken: taken.iter().map(|line| &line.filed).find(|taken| taken.line == given.line),
    })
}

/// What the two lists say of the goods of a line.
fn said_otherwise(delivered: &Side, received: &Side, offset: UtcOffset, findings: &mut Vec<Finding>) {
    let since = delivered.accepted_on(offset);
    for pair in paired(&delivered.lines, &received.lines) {
        for Otherwise { field, given, taken } in pair.otherwise() {
            let Some(difference) = field.difference() else { continue };
            let by_value = pair.taken.and_then(|taken| pair.given.value_usd.checked_sub(taken.value_usd));
            let quantity = match difference {
                TransferDifference::Value => by_value.unwrap_or_default(),
                _ => pair.given.declared,
            };
            let line = pair.given.line;
            findings.push(Finding {
                difference,
                line,
                transferor: given,
                transferee: taken,
                quantity,
                since,
            });
        }
    }
}
