//! What a pass is linked to: a list or a slip, looked at alike (`RULES.md` 8.2, 8.4).

use super::work::{Stop, Work};
use super::{guards, holds, lists, posting, slips, standing};
use crate::code::{DocumentNo, ListNo, SlipNo};
use crate::direction::Direction;
use crate::document::LinkedType;
use crate::hold::{HeldKind, Step};
use crate::matrix::{Rule, rule_of_row};
use crate::movement::{DocumentState, GateProgress, Movement};
use crate::permit::Slip;
use crate::quantity::Quantity;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Movements, Progress, Slips};
use crate::time::LocalTime;
use std::sync::Arc;

/// A line of either.
pub(crate) struct Line {
    pub(crate) number: u64,
    pub(crate) declared: Quantity,
}

enum Kind {
    List(Arc<Movement>),
    Slip(SlipNo, Arc<Slip>),
}

/// A linked document.
pub(crate) struct Linked {
    kind: Kind,
    /// Its lines.
    pub(crate) lines: Vec<Line>,
    /// How many transfers become actual when it is posted, those of materials included.
    pub(crate) transfers: usize,
}

/// The document of a number.
pub(crate) fn find(work: &mut Work<'_>, linked: LinkedType, number: &DocumentNo) -> Result<Linked, Stop> {
    let unknown =
        || Stop::from(Refusal::new(Reason::DocumentUnknown).field("rltNo", number).document(number));
    if linked == LinkedType::Slip {
        let slip_no = SlipNo::new(number.as_str()).map_err(|_| unknown())?;
        let slip = work.get::<Slips>(slip_no.clone())?.ok_or_else(unknown)?;
        guards::book(work, &slip.book_no, "rltNo")?;
        let line =
            |line: &crate::permit::SlipGoods| Line { number: line.filed.line, declared: line.filed.declared };
        return Ok(Linked {
            lines: slip.lines.iter().map(line).collect(),
            transfers: slip.lines.iter().map(|line| line.uses.len().saturating_add(1)).sum(),
            kind: Kind::Slip(slip_no, slip),
        });
    }
    let list_no = ListNo::new(number.as_str()).map_err(|_| unknown())?;
    let list = work.get::<Movements>(list_no)?.ok_or_else(unknown)?;
    guards::book(work, &list.book_no, "rltNo")?;
    let lines = lists::content(work, &list)?;
    let line = |line: &crate::movement::MovementLine| Line {
        number: line.filed.line,
        declared: line.filed.declared,
    };
    let transfers = lines.iter().map(|line| line.uses.len().saturating_add(1)).sum();
    Ok(Linked { lines: lines.iter().map(line).collect(), transfers, kind: Kind::List(list) })
}

/// How much of each line has passed, in their order.
pub(crate) fn progress(
    work: &Work<'_>,
    linked_type: LinkedType,
    number: &DocumentNo,
    linked: &Linked,
) -> Result<Arc<Vec<GateProgress>>, Stop> {
    match work.get::<Progress>((linked_type, number.clone()))? {
        Some(progress) if progress.len() == linked.lines.len() => Ok(progress),
        Some(_) => Err(Stop::Broken(format!("gate progress of {number} has other lines"))),
        None => Ok(Arc::new(vec![GateProgress::default(); linked.lines.len()])),
    }
}

impl Linked {
    /// `LIST_HELD`, `DOCUMENT_HELD`, `LINKED_DOC_STATE`, `DIRECTION_MISMATCH`
    pub(crate) fn fits(
        &self,
        work: &Work<'_>,
        number: &DocumentNo,
        direction: Direction,
    ) -> Result<(), Stop> {
        match &self.kind {
            Kind::List(list) => standing::not_held(list)?,
            Kind::Slip(slip_no, slip) => {
                holds::may(work, HeldKind::Slip, slip_no, Step::Passage)?;
                holds::may(work, HeldKind::Permit, &slip.permit_no, Step::Use)?;
            }
        }
        let (state, expected, own) = match &self.kind {
            Kind::List(list) => (list.state, DocumentState::PrePosted, list.direction),
            Kind::Slip(_, slip) => (slip.state, DocumentState::Approved, slip.direction),
        };
        if state != expected {
            return Err(Refusal::new(Reason::LinkedDocState)
                .field("rltNo", state)
                .expected(expected)
                .document(number)
                .into());
        }
        if own != direction {
            return Err(Refusal::new(Reason::DirectionMismatch)
                .field("ioTypecd", direction)
                .expected(own)
                .document(number)
                .into());
        }
        Ok(())
    }

    /// The list, if its goods go from one book to another.
    pub(crate) fn transferred(&self) -> Option<&ListNo> {
        match &self.kind {
            Kind::List(list) if rule_of_row(list.row).is_some_and(Rule::is_paired) => Some(&list.list_no),
            _ => None,
        }
    }

    /// A list or slip that a pass names can no longer be changed or taken back (`RULES.md` 5.7).
    pub(crate) fn named_by_a_pass(&self, work: &mut Work<'_>) -> Result<(), Stop> {
        self.counts_passes(work, |passes| passes.checked_add(1))
    }

    /// The pass is void.
    pub(crate) fn let_go_by_a_pass(&self, work: &mut Work<'_>) -> Result<(), Stop> {
        self.counts_passes(work, |passes| passes.checked_sub(1))
    }

    fn counts_passes(&self, work: &mut Work<'_>, count: impl FnOnce(u64) -> Option<u64>) -> Result<(), Stop> {
        match &self.kind {
            Kind::List(list) => {
                let passes = count(list.passes).ok_or_else(Stop::overflow)?;
                work.put::<Movements>(
                    list.list_no.clone(),
                    Arc::new(Movement { passes, ..(**list).clone() }),
                );
            }
            Kind::Slip(slip_no, slip) => {
                let passes = count(slip.passes).ok_or_else(Stop::overflow)?;
                work.put::<Slips>(slip_no.clone(), Arc::new(Slip { passes, ..(**slip).clone() }));
            }
        }
        Ok(())
    }

    /// Some of its goods are through the gate.
    pub(crate) fn pass_through(
        self,
        work: &mut Work<'_>,
        gated: Quantity,
        passed_at: Option<LocalTime>,
    ) -> Result<(), Stop> {
        let less = |ungated: Quantity| ungated.checked_sub(gated).ok_or_else(Stop::overflow);
        match self.kind {
            Kind::List(list) => {
                let (ungated, gate_time) = (less(list.ungated)?, list.gate_time.max(passed_at));
                posting::settle(work, Movement { ungated, gate_time, ..(*list).clone() })
            }
            Kind::Slip(slip_no, slip) => {
                let (ungated, gate_time) = (less(slip.ungated)?, slip.gate_time.max(passed_at));
                slips::settle(work, &slip_no, Slip { ungated, gate_time, ..(*slip).clone() })
            }
        }
    }
}
