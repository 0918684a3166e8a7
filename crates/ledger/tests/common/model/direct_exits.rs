//! Products made outside that leave from there: what customs approved, and the sum of what lists in force take of it
//! (`domain.md` 3.1 and 3.4 row 17).

use super::bom::usage_of_permit;
use super::checks::Leg;
use super::permits::today;
use super::shelf::{Shelf, Status, Transfer, named_twice};
use super::{ListCopy, Now, Shown};
use zonebook_ledger::code::PermitNo;
use zonebook_ledger::direct_exit::{DirectExitAction, DirectExitGrant, DirectExitOrder};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{List, ListLine, PermitFiling, PermitKind};
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;

/// An approval.
#[derive(Clone, Debug)]
pub struct DirectExitCopy {
    pub number: PermitNo,
    pub grant: DirectExitGrant,
    pub revoked: bool,
}

impl DirectExitCopy {
    /// The line of the permit that a product is of.
    fn line_of(&self, number: u64) -> Option<u64> {
        self.grant.lines.iter().find(|line| line.number == number).map(|line| line.permit_line)
    }
}

fn makes(permit: &PermitFiling, line: u64, number: u64) -> bool {
    permit.lines.iter().any(|of| (of.line, of.mark, of.number) == (line, Mark::Product, number))
}

impl Shelf {
    pub fn direct_exit(&self, number: &PermitNo) -> Option<&DirectExitCopy> {
        self.direct_exits.iter().find(|copy| copy.number == *number)
    }

    pub(super) fn order_direct_exit(&mut self, order: &DirectExitOrder, now: Now) -> Result<Shown, Reason> {
        if order.reason.trim().is_empty() {
            return Err(Reason::InvalidField);
        }
        let number = &order.approval_no;
        match &order.action {
            DirectExitAction::Approve(grant) => {
                self.check_grant(number, grant, now)?;
                let (number, grant) = (number.clone(), grant.clone());
                self.direct_exits.push(DirectExitCopy { number, grant, revoked: false });
            }
            DirectExitAction::Revoke => {
                let known = self.direct_exits.iter_mut().find(|copy| copy.number == *number);
                let known = known.ok_or(Reason::DocumentUnknown)?;
                if known.revoked {
                    return Err(Reason::FormClosed);
                }
                known.revoked = true;
            }
        }
        Ok(Shown::default())
    }

    fn check_grant(&self, number: &PermitNo, grant: &DirectExitGrant, now: Now) -> Result<(), Reason> {
        if named_twice(grant.lines.iter().map(|line| line.number)) {
            return Err(Reason::NamedTwice);
        }
        if self.direct_exit(number).is_some() || self.permit(number).is_some() {
            return Err(Reason::DocumentExists);
        }
        let copy = self.permit_copy(&grant.permit_no);
        let copy = copy.filter(|copy| copy.filing.kind == PermitKind::OutsourcedProcessing);
        let copy = copy.ok_or(Reason::DocumentUnknown)?;
        self.free_book(copy.filing.book_no.as_str())?;
        self.in_use(copy)?;
        if grant.valid_until < today(now) || grant.lines.is_empty() {
            return Err(Reason::InvalidField);
        }
        for line in &grant.lines {
            if line.quantity.raw() <= 0 {
                return Err(Reason::NonPositiveQty);
            }
            if !makes(&copy.filing, line.permit_line, line.number) {
                return Err(Reason::ItemNotFiled);
            }
        }
        Ok(())
    }

    /// The approval that a list uses, if it is one of those that may: a plain exit of products.
    pub(super) fn direct_exit_of(&self, list: &List) -> Option<&DirectExitCopy> {
        let back = ["0200", "0400", "4561", "4400", "4600", "0300", "0700"].contains(&list.mode.as_str());
        let plain = list.kind == "0" && list.related_book.is_none() && !back;
        let number = list.permit_no.as_ref().filter(|_| plain && self.is_product_out(list))?;
        self.direct_exit(number)
    }

    /// The permit whose goods a list takes from outside.
    pub(super) fn exit_permit_no(&self, list: &List) -> Option<PermitNo> {
        self.direct_exit_of(list).map(|copy| copy.grant.permit_no.clone())
    }

    /// The approval may be used for goods of the book, and has the products of the lines.
    pub(super) fn check_direct_exit(&self, list: &List, now: Now) -> Result<(), Reason> {
        let Some(copy) = self.direct_exit_of(list) else { return Ok(()) };
        let permit = self.permit_copy(&copy.grant.permit_no).unwrap();
        if permit.filing.book_no != list.book_no {
            return Err(Reason::DocumentUnknown);
        }
        if copy.revoked {
            return Err(Reason::FormClosed);
        }
        self.in_use(permit)?;
        let until = copy.grant.valid_until;
        if list.declared_at.date() > until || (now.live && today(now) > until) {
            return Err(Reason::FormExpired);
        }
        let approved = |line: &ListLine| {
            copy.line_of(line.number).is_some_and(|at| makes(&permit.filing, at, line.number))
        };
        for line in &list.lines {
            if line.bom_version.is_some() {
                return Err(Reason::InvalidField);
            }
            if !approved(line) {
                return Err(Reason::ItemNotFiled);
            }
        }
        Ok(())
    }

    /// Not more than is approved, than the permit makes, and than there are materials out for; line by line.
    pub(super) fn check_exit_quota(&self, list: &List) -> Result<(), Reason> {
        let Some(copy) = self.direct_exit_of(list) else { return Ok(()) };
        let permit = self.permit(&copy.grant.permit_no).unwrap();
        for (at, line) in list.lines.iter().enumerate() {
            let permit_line = copy.line_of(line.number).unwrap();
            let same = list.lines[..=at].iter().filter(|other| other.number == line.number);
            let here: i128 = same.map(|other| other.declared.raw()).sum();
            let approved = copy.grant.lines.iter().find(|of| of.permit_line == permit_line).unwrap();
            if self.exits_by(&copy.number, line.number) + here > approved.quantity.raw() {
                return Err(Reason::FormQuotaExceeded);
            }
            let permitted = permit.lines.iter().find(|of| of.line == permit_line).unwrap();
            if self.made_under(&permit.permit_no, permit_line) + here > permitted.declared.raw() {
                return Err(Reason::FormQuotaExceeded);
            }
            let before: Vec<_> =
                list.lines[..at].iter().flat_map(|other| self.uses_outside(list, other)).collect();
            let uses = self.uses_outside(list, line);
            for nth in 0..uses.len() {
                let material = uses[nth].0;
                let all = before.iter().chain(&uses[..=nth]).filter(|(other, _)| *other == material);
                let used: i128 = all.map(|(_, used)| used).sum();
                if used > self.out_on_form(&permit.permit_no, (Mark::Goods, material)) {
                    return Err(Reason::FormStockExceeded);
                }
            }
        }
        Ok(())
    }

    /// What a line of a list uses of the materials that are out under its permit.
    fn uses_outside(&self, list: &List, line: &ListLine) -> Vec<(u64, i128)> {
        let Some(copy) = self.direct_exit_of(list) else { return Vec::new() };
        let permit = self.permit(&copy.grant.permit_no).unwrap();
        let parts = permit.bom.iter().filter(|part| Some(part.product_line) == copy.line_of(line.number));
        let uses = parts.map(|part| {
            let material = permit.lines.iter().find(|of| of.line == part.material_line).unwrap();
            (material.number, usage_of_permit(part, line.declared.raw()))
        });
        uses.filter(|(_, used)| *used != 0).collect()
    }

    pub(super) fn outside_legs(&self, list: &List, line: &ListLine) -> Vec<Leg> {
        let book = self.book(list.book_no.as_str()).unwrap();
        let leg = |(material, used): (u64, i128)| {
            let row = book.row(Mark::Goods, material);
            let away = PositionKey {
                book_no: list.book_no.clone(),
                mark: Mark::Goods,
                number: material,
                lot: row.and_then(|row| row.lot.clone()),
                serial: row.and_then(|row| row.serial.clone()),
                place: Place::OutOnForm,
            };
            (away.clone(), away.at(Place::Consumed), book.undocumented(Mark::Goods, material, used))
        };
        self.uses_outside(list, line).into_iter().map(leg).collect()
    }

    /// What lists in force move from outside, under approvals that count.
    fn exits(&self, counts: impl Fn(&DirectExitCopy) -> bool) -> Vec<&Transfer> {
        let in_force = |list: &&ListCopy| {
            let copy = self.direct_exit_of(&list.content);
            copy.is_some_and(&counts) && !list.is_gone() && !self.is_undone(list)
        };
        let lists = self.lists.iter().filter(in_force);
        let of_list = |list: &ListCopy| {
            let number = list.content.list_no.to_string();
            let own = move |made: &&Transfer| {
                made.document == number && !matches!(made.status, Status::Cancelled(_))
            };
            self.transfers.iter().filter(own)
        };
        lists.flat_map(of_list).collect()
    }

    /// What an approval's lists take of a product.
    pub fn exits_by(&self, approval: &PermitNo, number: u64) -> i128 {
        let all = self.exits(|copy| copy.number == *approval);
        let of = all.into_iter().filter(|made| (made.from.place, made.from.number) == (Place::Made, number));
        of.map(|made| made.moved[0]).sum()
    }

    /// What leaves from where it was made, of a line of a permit.
    pub(super) fn exits_under(&self, permit_no: &PermitNo, line: u64) -> i128 {
        let of_permit = self.direct_exits.iter().filter(|copy| copy.grant.permit_no == *permit_no);
        let lines = of_permit.flat_map(|copy| copy.grant.lines.iter().map(move |of| (copy, of)));
        let of_line = lines.filter(|(_, of)| of.permit_line == line);
        of_line.map(|(copy, of)| self.exits_by(&copy.number, of.number)).sum()
    }

    /// What that uses of a material.
    pub(super) fn used_outside(&self, permit_no: &PermitNo, material: u64) -> i128 {
        let all = self.exits(|copy| copy.grant.permit_no == *permit_no);
        let used = (Mark::Goods, material, Place::OutOnForm);
        let of = all.into_iter().filter(|made| (made.from.mark, made.from.number, made.from.place) == used);
        of.map(|made| made.moved[0]).sum()
    }
}
