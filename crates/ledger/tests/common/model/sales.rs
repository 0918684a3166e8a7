//! What is said of sales of electronic commerce.

use super::Shown;
use super::shelf::Shelf;
use zonebook_ledger::code::ParcelNo;
use zonebook_ledger::document::{SaleAction, SaleCitation, SaleFiling, Statement};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::reason::Reason;

/// Whether two statements are of one paper.
pub(super) fn same_paper(one: &Statement, other: &Statement) -> bool {
    match (one, other) {
        (Statement::Order(one), Statement::Order(other)) => one.sale == other.sale,
        (Statement::Payment(one), Statement::Payment(other)) => one.sale == other.sale,
        (Statement::Waybill(one), Statement::Waybill(other)) => one.waybill == other.waybill,
        _ => false,
    }
}

impl Shelf {
    pub(super) fn say(&mut self, filing: &SaleFiling) -> Result<Shown, Reason> {
        if filing.statements.is_empty() {
            return Err(Reason::InvalidField);
        }
        for statement in &filing.statements {
            let negative = statement.amounts().iter().any(|(_, amount)| amount.raw() < 0);
            if negative || statement.currency().len() != 3 {
                return Err(Reason::InvalidField);
            }
            let known = self.said.iter().position(|said| same_paper(said, statement));
            match (filing.action, known) {
                (SaleAction::File, None) => self.said.push(statement.clone()),
                (SaleAction::File, Some(_)) => return Err(Reason::DocumentExists),
                (_, None) => return Err(Reason::DocumentUnknown),
                (SaleAction::Change, Some(at)) => self.said[at] = statement.clone(),
                (SaleAction::Remove, Some(at)) => drop(self.said.remove(at)),
            }
        }
        let gone = filing.action == SaleAction::Remove;
        let state = if gone { DocumentState::Cancelled } else { DocumentState::Filed };
        Ok(Shown { state: Some(state), ..Shown::default() })
    }

    /// Parcels that are not cancelled, with the sales that they are of.
    pub fn sold(&self) -> impl Iterator<Item = (&ParcelNo, &SaleCitation)> {
        let counts = |number: &ParcelNo| {
            self.parcel(number).is_some_and(|copy| copy.state != DocumentState::Cancelled)
        };
        self.cited.iter().filter(move |(number, _)| counts(number)).map(|(number, cited)| (number, cited))
    }
}
