//! Import licences: what they allow, and the sum of what lists in force draw of them (`domain.md` 3.4 row 5).

use super::checks::is_abroad;
use super::corrections::listed;
use super::permits::today;
use super::shelf::Shelf;
use super::{Now, Shown};
use zonebook_ledger::book::Usage;
use zonebook_ledger::code::LicenceNo;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{List, ListLine};
use zonebook_ledger::licence::{LicenceAction, LicenceGrant, LicenceOrder};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;

/// A licence.
#[derive(Clone, Debug)]
pub struct LicenceCopy {
    pub number: LicenceNo,
    pub grant: LicenceGrant,
}

/// Which licence a line of a list draws on, and which of its quantities counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    pub line: u64,
    pub licence_no: LicenceNo,
    pub unit: usize,
}

impl Shelf {
    pub(super) fn order_licence(&mut self, order: &LicenceOrder, now: Now) -> Result<Shown, Reason> {
        if order.cause.trim().is_empty() {
            return Err(Reason::InvalidField);
        }
        let at = self.licences.iter().position(|copy| copy.number == order.licence_no);
        let grant = match (&order.action, at) {
            (LicenceAction::Register(_), Some(_)) => return Err(Reason::DocumentExists),
            (LicenceAction::Amend { .. }, None) => return Err(Reason::DocumentUnknown),
            (LicenceAction::Register(grant), None) => grant.clone(),
            (LicenceAction::Amend { quantity, valid_until }, Some(at)) => {
                let grant = self.licences[at].grant.clone();
                LicenceGrant { quantity: *quantity, valid_until: *valid_until, ..grant }
            }
        };
        let least = if at.is_some() { 0 } else { 1 };
        if grant.valid_until < grant.valid_from || grant.quantity.raw() < least {
            return Err(Reason::InvalidField);
        }
        if grant.quantity.raw() < self.drawn_of(&order.licence_no) {
            return Err(Reason::LicenceExceeded);
        }
        let others = self.licences.iter().filter(|copy| copy.number != order.licence_no);
        let open = others.filter(|copy| {
            let same = (&copy.grant.party, &copy.grant.tariff_code) == (&grant.party, &grant.tariff_code);
            same && copy.grant.valid_until >= today(now)
        });
        if open.count() >= 100 {
            return Err(Reason::TooLarge);
        }
        match at {
            Some(at) => self.licences[at].grant = grant,
            None => self.licences.push(LicenceCopy { number: order.licence_no.clone(), grant }),
        }
        Ok(Shown::default())
    }

    /// What lists draw of a licence: what is listed, less what was undone of it or never shipped.
    pub fn drawn_of(&self, licence_no: &LicenceNo) -> i128 {
        let mut sum = 0;
        for list in self.lists.iter().filter(|list| !list.is_gone()) {
            for drawn in list.licences.iter().filter(|drawn| drawn.licence_no == *licence_no) {
                let line = list.content.lines.iter().find(|line| line.line == drawn.line).unwrap();
                let number = &list.content.list_no;
                let undone = self.parts_of(number, line.line, |state| state == DocumentState::Posted);
                let short = list.short.iter().filter(|(of, _)| *of == line.line);
                let short: i128 = short.map(|(_, part)| part[drawn.unit]).sum();
                sum += listed(line)[drawn.unit] - undone[drawn.unit] - short;
            }
        }
        sum
    }

    /// Lists by which goods are sold at home.
    fn is_sale(&self, list: &List) -> bool {
        let book = self.book(list.book_no.as_str()).unwrap();
        if is_abroad(list) || list.direction == Direction::In {
            return false;
        }
        // What is left of materials is sold without a licence.
        let plain = list.related_book.is_none() && list.mark != Mark::Residue;
        let special = match (list.mode.as_str(), book.filing.usage) {
            ("0200" | "0400" | "4561" | "4400" | "4600" | "0300" | "0700", _) => true,
            ("1371", usage) => usage == Usage::Repair,
            ("1500" | "1523", usage) => usage == Usage::Lease,
            _ => false,
        };
        matches!(list.kind.as_str(), "1" | "5" | "9") || (list.kind == "0" && plain && !special)
    }

    /// What the tariff said of goods on a day.
    fn needs_licence(&self, line: &ListLine, day: Date) -> bool {
        let rows = self.tariffs.iter().filter(|row| row.0 == line.tariff_code.as_str() && row.1 <= day);
        // Of several from one day the last that was imported counts.
        rows.max_by_key(|row| row.1).is_some_and(|row| row.2)
    }

    /// The licences that the lines of a list draw on.
    pub(super) fn licences_for(&self, list: &List, now: Now) -> Result<Vec<Drawn>, Reason> {
        let asked = self.parameter_on("LICENCE_CHECK", 100_000, today(now)) != 0;
        if !asked || !self.is_sale(list) {
            return Ok(Vec::new());
        }
        let book = self.book(list.book_no.as_str()).unwrap();
        let declared_on = list.declared_at.date();
        let mut all: Vec<(Drawn, i128)> = Vec::new();
        for line in list.lines.iter().filter(|line| self.needs_licence(line, declared_on)) {
            let units =
                [Some(&line.units.declared), Some(&line.units.statutory1), line.units.statutory2.as_ref()];
            let mut open: Vec<(&LicenceCopy, usize)> = Vec::new();
            for copy in &self.licences {
                let grant = &copy.grant;
                let over = |day: Date| day < grant.valid_from || day > grant.valid_until;
                let valid = !(over(declared_on) || now.live && over(today(now)));
                let unit = units.iter().position(|unit| *unit == Some(&grant.unit));
                let for_it = grant.party == book.filing.owner && grant.tariff_code == line.tariff_code;
                if let (true, true, Some(unit)) = (valid, for_it, unit) {
                    open.push((copy, unit));
                }
            }
            open.sort_by_key(|(copy, _)| (copy.grant.valid_until, copy.number.to_string()));
            if open.is_empty() {
                return Err(Reason::LicenceMissing);
            }
            let covers = |(copy, unit): &&(&LicenceCopy, usize)| {
                let by_lines = all.iter().filter(|(drawn, _)| drawn.licence_no == copy.number);
                let taken: i128 = by_lines.map(|(_, quantity)| quantity).sum();
                self.drawn_of(&copy.number) + taken + listed(line)[*unit] <= copy.grant.quantity.raw()
            };
            let (copy, unit) = *open.iter().find(covers).ok_or(Reason::LicenceExceeded)?;
            let drawn = Drawn { line: line.line, licence_no: copy.number.clone(), unit };
            all.push((drawn, listed(line)[unit]));
        }
        Ok(all.into_iter().map(|(drawn, _)| drawn).collect())
    }
}
