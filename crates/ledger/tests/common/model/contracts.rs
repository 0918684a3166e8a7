//! Leases (`domain.md` 3.1, 3.4 rows 13 and 14).

use super::permits::today;
use super::shelf::{Shelf, named_twice};
use super::{Now, Shown};
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::{BookNo, CustomsNo};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{LeaseAction, LeaseContract, LeaseFiling, List, Rent, RentedUnit};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;

/// A lease with what was agreed, and on which day.
#[derive(Clone, Debug)]
pub struct LeaseCopy {
    pub lease_no: String,
    /// As registered, with what was changed since.
    pub contract: LeaseContract,
    pub change_no: u64,
    pub state: DocumentState,
    /// Payments with the day on which they were agreed, and whether they are declared.
    pub rents: Vec<(Rent, Date, bool)>,
    /// The day on which the last day was agreed.
    pub end_agreed: Date,
    /// Rows of the assets that have drawn on its guarantee, be it nothing.
    pub secured: Vec<u64>,
}

impl LeaseCopy {
    /// For what an asset of it draws on a guarantee.
    pub fn bond(&self, number: u64) -> String {
        format!("LEASE {} {number}", self.lease_no)
    }
}

impl Shelf {
    pub fn lease(&self, number: &str) -> Option<&LeaseCopy> {
        self.leases.iter().find(|lease| lease.lease_no == number)
    }

    pub(super) fn file_lease(&mut self, filing: &LeaseFiling, now: Now) -> Result<Shown, Reason> {
        let number = filing.lease_no.as_str();
        let state = match &filing.action {
            LeaseAction::Register(contract) => self.register(number, filing.change_no, contract, now)?,
            action => self.change_lease(number, filing.change_no, action, now)?,
        };
        Ok(Shown { state: Some(state), changed: [(number.to_owned(), state)].into() })
    }

    fn register(
        &mut self,
        number: &str,
        change_no: u64,
        contract: &LeaseContract,
        now: Now,
    ) -> Result<DocumentState, Reason> {
        if change_no != 0 {
            return Err(Reason::ChangeCountMismatch);
        }
        if self.lease(number).is_some() {
            return Err(Reason::DocumentExists);
        }
        self.check_lessor(&contract.book_no, contract.owner.as_str())?;
        let last_day = self.book(contract.book_no.as_str()).unwrap().filing.valid_until;
        if contract.declared_at.date() > last_day || (now.live && today(now) > last_day) {
            return Err(Reason::BookExpired);
        }
        if contract.end < contract.start {
            return Err(Reason::InvalidField);
        }
        self.check_units(number, &contract.book_no, &contract.units)?;
        self.check_bonds(&contract.guarantee_no, &contract.owner, &contract.units)?;
        check_rents(&[], &contract.rents, contract.start, contract.end)?;
        let agreed = today(now);
        self.leases.push(LeaseCopy {
            lease_no: number.into(),
            contract: contract.clone(),
            change_no: 0,
            state: DocumentState::Open,
            rents: contract.rents.iter().map(|rent| (rent.clone(), agreed, false)).collect(),
            end_agreed: agreed,
            secured: Vec::new(),
        });
        Ok(DocumentState::Open)
    }

    fn check_lessor(&self, book_no: &BookNo, owner: &str) -> Result<(), Reason> {
        let book = self.free_book(book_no.as_str())?;
        if book.filing.usage != Usage::Lease {
            return Err(Reason::BookUnknown);
        }
        if book.filing.owner.as_str() == owner { Ok(()) } else { Err(Reason::BookOwnerMismatch) }
    }

    fn check_units(&self, number: &str, book_no: &BookNo, units: &[RentedUnit]) -> Result<(), Reason> {
        if units.is_empty() {
            return Err(Reason::InvalidField);
        }
        if named_twice(units.iter().map(|unit| unit.number)) {
            return Err(Reason::NamedTwice);
        }
        for unit in units {
            let row = self.book(book_no.as_str()).unwrap().row(Mark::Goods, unit.number);
            if row.ok_or(Reason::ItemNotFiled)?.serial.as_ref() != Some(&unit.serial) {
                return Err(Reason::SerialNotInPlace);
            }
            let taken = self.leases.iter().any(|lease| {
                lease.lease_no != number
                    && lease.state == DocumentState::Open
                    && lease.contract.book_no == *book_no
                    && lease.contract.units.iter().any(|other| other.number == unit.number)
            });
            if taken {
                return Err(Reason::LeaseUnitTaken);
            }
        }
        Ok(())
    }

    /// What assets bind is of a guarantee of the lessor.
    fn check_bonds(&self, guarantee: &str, owner: &CustomsNo, units: &[RentedUnit]) -> Result<(), Reason> {
        if units.iter().any(|unit| unit.guarantee_amount.raw() < 0) {
            return Err(Reason::InvalidField);
        }
        let of_owner = self.guarantee(guarantee).is_some_and(|copy| copy.party == *owner);
        let needed = units.iter().any(|unit| unit.guarantee_amount.raw() > 0);
        if of_owner || !needed { Ok(()) } else { Err(Reason::GuaranteeUnknown) }
    }

    /// Assets on lease that are out, or about to be, have drawn; others have not.
    pub(super) fn secure_leases(&mut self, now: Now) -> Result<(), Reason> {
        for at in 0..self.leases.len() {
            let lease = self.leases[at].clone();
            let open = lease.state == DocumentState::Open;
            for unit in lease.contract.units.iter().filter(|unit| open && unit.guarantee_amount.raw() > 0) {
                let (out, drawn) = (self.asset_is_out(&lease, unit), lease.secured.contains(&unit.number));
                let bond = lease.bond(unit.number);
                if out && !drawn {
                    let of = (lease.contract.guarantee_no.as_str(), &lease.contract.owner);
                    let amount = unit.guarantee_amount.raw();
                    self.draw(of, &bond, amount, now)?.ok_or(Reason::GuaranteeUnknown)?;
                    self.leases[at].secured.push(unit.number);
                } else if !out && drawn {
                    self.free(&bond, self.bound_for(&bond));
                    self.leases[at].secured.retain(|number| *number != unit.number);
                }
            }
        }
        Ok(())
    }

    fn asset_is_out(&self, lease: &LeaseCopy, unit: &RentedUnit) -> bool {
        let book = self.book(lease.contract.book_no.as_str()).unwrap();
        let figures = self.figures(&PositionKey {
            book_no: lease.contract.book_no.clone(),
            mark: Mark::Goods,
            number: unit.number,
            lot: book.row(Mark::Goods, unit.number).and_then(|row| row.lot.clone()),
            serial: Some(unit.serial.clone()),
            place: Place::LeasedOut,
        });
        figures.on_hand()[0] != 0 || figures.increase_pending[0] != 0
    }

    /// An asset goes out under an open contract; it comes back or is sold when the rent paid by then is declared.
    pub(super) fn check_contract(&self, list: &List, now: Now) -> Result<(), Reason> {
        let asked = |name| self.parameter_on(name, 0, today(now)) != 0;
        let out = self.is_lease(list) && list.direction == Direction::Out;
        let ends = self.is_buy_out(list) || self.is_lease(list) && list.direction == Direction::In;
        for line in &list.lines {
            let lease = self.leases.iter().find(|lease| {
                lease.state == DocumentState::Open
                    && lease.contract.book_no == list.book_no
                    && lease.contract.units.iter().any(|unit| unit.number == line.number)
            });
            let Some(lease) = lease else {
                if out && asked("LEASE_CONTRACT_REQUIRED") {
                    return Err(Reason::DocumentUnknown);
                }
                continue;
            };
            let last =
                if now.live { today(now).max(list.declared_at.date()) } else { list.declared_at.date() };
            let owes = lease.rents.iter().any(|(rent, _, declared)| !declared && rent.paid_on <= last);
            if ends && owes && asked("LEASE_RENT_SETTLED") {
                return Err(Reason::LeaseNotSettled);
            }
        }
        Ok(())
    }

    fn change_lease(
        &mut self,
        number: &str,
        change_no: u64,
        action: &LeaseAction,
        now: Now,
    ) -> Result<DocumentState, Reason> {
        let mut lease = self.lease(number).ok_or(Reason::DocumentUnknown)?.clone();
        if lease.state == DocumentState::Closed {
            return Err(Reason::LeaseClosed);
        }
        if change_no != lease.change_no + 1 {
            return Err(Reason::ChangeCountMismatch);
        }
        lease.change_no = change_no;
        match action {
            LeaseAction::Register(_) => unreachable!(),
            LeaseAction::DeclareRent { number, declared_on, .. } => {
                let rent = lease.rents.iter_mut().find(|(rent, ..)| rent.number == *number);
                let (rent, _, declared) = rent.ok_or(Reason::InvalidField)?;
                if *declared {
                    return Err(Reason::RentDeclared);
                }
                if *declared_on < rent.paid_on {
                    return Err(Reason::InvalidField);
                }
                *declared = true;
            }
            LeaseAction::Extend { end, rents } => {
                if *end <= lease.contract.end {
                    return Err(Reason::InvalidField);
                }
                let before: Vec<u64> = lease.rents.iter().map(|(rent, ..)| rent.number).collect();
                check_rents(&before, rents, lease.contract.start, *end)?;
                lease.contract.end = *end;
                lease.end_agreed = today(now);
                lease.rents.extend(rents.iter().map(|rent| (rent.clone(), today(now), false)));
            }
            LeaseAction::ChangeLessor { book_no, owner, units, guarantee_no } => {
                self.check_lessor(book_no, owner.as_str())?;
                let serials = |units: &[RentedUnit]| {
                    let mut all: Vec<_> = units.iter().map(|unit| unit.serial.to_string()).collect();
                    all.sort();
                    all
                };
                if *book_no == lease.contract.book_no || serials(units) != serials(&lease.contract.units) {
                    return Err(Reason::InvalidField);
                }
                if lease.contract.units.iter().any(|unit| self.asset_is_out(&lease, unit)) {
                    return Err(Reason::LeaseNotSettled);
                }
                self.check_units(number, book_no, units)?;
                self.check_bonds(guarantee_no, owner, units)?;
                for number in std::mem::take(&mut lease.secured) {
                    let bond = lease.bond(number);
                    self.free(&bond, self.bound_for(&bond));
                }
                lease.contract.guarantee_no = guarantee_no.clone();
                lease.contract.book_no = book_no.clone();
                lease.contract.owner = owner.clone();
                lease.contract.units = units.clone();
            }
            LeaseAction::Observe(seen) => {
                if lease.contract.delegated_office.as_ref() != Some(&seen.office) {
                    return Err(Reason::InvalidField);
                }
            }
            LeaseAction::Close { closed_on } => {
                self.check_settled(&lease, *closed_on)?;
                lease.state = DocumentState::Closed;
            }
        }
        let state = lease.state;
        *self.leases.iter_mut().find(|other| other.lease_no == number).unwrap() = lease;
        Ok(state)
    }

    fn check_settled(&self, lease: &LeaseCopy, closed_on: Date) -> Result<(), Reason> {
        if closed_on < lease.contract.start {
            return Err(Reason::InvalidField);
        }
        if lease.rents.iter().any(|(rent, _, declared)| !declared && rent.paid_on <= closed_on) {
            return Err(Reason::LeaseNotSettled);
        }
        let out = lease.contract.units.iter().any(|unit| self.asset_is_out(lease, unit));
        if out { Err(Reason::LeaseNotSettled) } else { Ok(()) }
    }
}

fn check_rents(before: &[u64], rents: &[Rent], start: Date, end: Date) -> Result<(), Reason> {
    if named_twice(before.iter().copied().chain(rents.iter().map(|rent| rent.number))) {
        return Err(Reason::NamedTwice);
    }
    for rent in rents {
        if rent.amount.raw() <= 0 {
            return Err(Reason::NonPositiveQty);
        }
        if rent.paid_on < start || rent.paid_on > end || rent.currency.len() != 3 {
            return Err(Reason::InvalidField);
        }
    }
    Ok(())
}
