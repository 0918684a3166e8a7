//! Transfer forms as they stand: what was declared of each line, and what lists at either end have of it (`domain.md` 3.1,
//! 3.4 row 7).

use crate::code::{ListNo, TransferFormNo};
use crate::direction::{Direction, Mark};
use crate::document::{LinkedType, ListLine, TransferFormContent, TransferFormLine};
use crate::error::Fault;
use crate::movement::{DocumentState, Movement};
use crate::quantity::Quantity;
use crate::query::collect;
use crate::state::{Key, Lines, Movements, Order, Progress, Read, TransferFormDraws, get};
use crate::time::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A form, and how much of it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferForm {
    /// What it says; of its lines what is in force, in their order.
    pub content: TransferFormContent,
    /// The last accepted change; 0 of a form that was never changed.
    pub change_no: u64,
    /// `OPEN` or `CLOSED`.
    pub state: DocumentState,
    /// What lists have of each line, in the order of the lines.
    pub listed: Vec<ListedQuantity>,
    /// Lists that have something of it.
    pub lists: u64,
    /// Ledger time of its filing.
    pub filed_time: Instant,
    /// Ledger time of its end.
    pub closed_time: Option<Instant>,
}

impl TransferForm {
    /// Its lines with what lists have of each.
    pub fn lines(&self) -> impl Iterator<Item = (&TransferFormLine, ListedQuantity)> {
        self.content.lines.iter().zip(self.listed.iter().copied())
    }
}

/// What lists that are not taken back have of a line, in the declared unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedQuantity {
    /// Lists E of the sender.
    pub out: Quantity,
    /// Lists I of the receiver.
    pub into: Quantity,
}

impl ListedQuantity {
    /// Of lists of a direction.
    #[must_use]
    pub const fn of(&self, direction: Direction) -> Quantity {
        match direction {
            Direction::Out => self.out,
            Direction::In => self.into,
        }
    }

    /// The same, to change.
    pub const fn of_mut(&mut self, direction: Direction) -> &mut Quantity {
        match direction {
            Direction::Out => &mut self.out,
            Direction::In => &mut self.into,
        }
    }
}

/// What a line of a list has of a line of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormDraw {
    /// `gdsSeqno`
    pub line: u64,
    /// The line of the form.
    pub form_line: u64,
    /// How much, in the declared unit; less than at first where corrections undid a part.
    pub quantity: Quantity,
}

impl TransferFormLine {
    /// Its item at the end of lists of a direction; no number where a list opens the row.
    #[must_use]
    pub const fn item(&self, direction: Direction) -> (Mark, Option<u64>) {
        match direction {
            Direction::Out => (self.sender_mark, Some(self.sender_number)),
            Direction::In => (self.receiver_mark, self.receiver_number),
        }
    }

    /// Whether goods of a list of a direction and mark are those of this line.
    #[must_use]
    pub fn fits(&self, direction: Direction, list_mark: Mark, goods: &ListLine) -> bool {
        let (mark, number) = self.item(direction);
        // Where a list opens rows, its goods are known by their tariff code.
        let same = number.map_or(self.tariff_code == goods.tariff_code, |number| number == goods.number);
        mark == list_mark && same && self.unit == goods.units.declared
    }
}

/// A line of a form, with what became of it; in the declared unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormLineStanding {
    /// The line.
    pub filed: TransferFormLine,
    /// What lists have of it.
    pub listed: ListedQuantity,
    /// Of that, out of the sender's gate.
    pub sent: Quantity,
    /// Of that, in at the receiver's gate.
    pub received: Quantity,
    /// What lists E may still take.
    pub left_out: Quantity,
    /// What lists I may still take.
    pub left_in: Quantity,
}

/// Lists with what each has of a form.
pub type FormLists = Vec<(ListNo, Arc<Vec<FormDraw>>)>;

/// The lists that have something of a form, in order of number, at most `count_max`.
///
/// # Errors
/// The state could not be read.
pub fn lists(state: &dyn Read, form_no: &TransferFormNo, count_max: usize) -> Result<FormLists, Fault> {
    let key = |list_no| (form_no.clone(), list_no);
    let (from, to) = (key(ListNo::lowest()), key(ListNo::highest()));
    collect::<TransferFormDraws, _>(state, from, to, Order::Forward, count_max, |key, draws| match key {
        Key::TransferFormDraw((_, list_no)) => Some((list_no, draws)),
        _ => None,
    })
}

/// How each line of a form stands, in order; `lists` are [all that have something of it](lists).
///
/// # Errors
/// The state could not be read, or holds figures out of range.
pub fn standing(
    state: &dyn Read,
    form: &TransferForm,
    lists: &FormLists,
) -> Result<Vec<FormLineStanding>, Fault> {
    let mut passed: BTreeMap<u64, ListedQuantity> = BTreeMap::new();
    for (list_no, draws) in lists {
        let Some(list) = get::<Movements>(state, list_no.clone())? else { continue };
        through_the_gate(state, &list, draws, &mut passed)?;
    }
    let number = &form.content.form_no;
    let out_of_range = || Fault(format!("figures of transfer form {number} are out of range"));
    let lines = form.lines().map(|(filed, listed)| {
        let passed = passed.get(&filed.line).copied().unwrap_or_default();
        Some(FormLineStanding {
            listed,
            sent: passed.out,
            received: passed.into,
            left_out: filed.declared.checked_sub(listed.out)?,
            left_in: filed.declared.checked_sub(listed.into)?,
            filed: filed.clone(),
        })
    });
    lines.collect::<Option<_>>().ok_or_else(out_of_range)
}

/// Adds what of a list has gone through the gate to the lines of its form.
fn through_the_gate(
    state: &dyn Read,
    list: &Movement,
    draws: &[FormDraw],
    passed: &mut BTreeMap<u64, ListedQuantity>,
) -> Result<(), Fault> {
    let lines = get::<Lines>(state, (list.list_no.clone(), list.content_version))?.unwrap_or_default();
    let progress = get::<Progress>(state, (LinkedType::List, (&list.list_no).into()))?.unwrap_or_default();
    let forced = list.standing.as_deref().is_some_and(|standing| standing.gate_forced);
    for (at, line) in lines.iter().enumerate() {
        let gated = progress.get(at).map_or(Quantity::ZERO, |progress| progress.gated);
        let mut left = if forced { line.filed.declared } else { gated };
        for draw in draws.iter().filter(|draw| draw.line == line.filed.line) {
            let part = draw.quantity.min(left);
            let sum = passed.entry(draw.form_line).or_default().of_mut(list.direction);
            let added = sum.checked_add(part).zip(left.checked_sub(part));
            let Some((added, rest)) = added else {
                return Err(Fault(format!("figures of list {} are out of range", list.list_no)));
            };
            (*sum, left) = (added, rest);
        }
    }
    Ok(())
}
