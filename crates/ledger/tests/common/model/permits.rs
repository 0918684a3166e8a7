//! Permits and slips, and the lists that answer to them (`RULES.md` 9); verification (13.4).

use super::checks::{Leg, check_quantities, stock_test};
use super::shelf::{Row, Shelf, Status, named_twice};
use super::{Model, Now, Shown};
use zonebook_ledger::code::PermitNo;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{List, PermitFiling, PermitKind, SlipFiling, SlipLine, VerificationFiling};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Quantity;
use zonebook_ledger::reason::Reason;

/// An accepted slip.
#[derive(Clone, Debug)]
pub struct SlipCopy {
    pub filing: SlipFiling,
    pub state: DocumentState,
}

impl Shelf {
    pub fn permit(&self, number: &PermitNo) -> Option<&PermitFiling> {
        self.permits.iter().find(|permit| permit.permit_no == *number)
    }

    pub fn slip(&self, number: &str) -> Option<&SlipCopy> {
        self.slips.iter().find(|slip| slip.filing.slip_no.as_str() == number)
    }

    pub(super) fn slip_mut(&mut self, number: &str) -> &mut SlipCopy {
        self.slips.iter_mut().find(|slip| slip.filing.slip_no.as_str() == number).unwrap()
    }

    /// 9.1
    pub(super) fn file_permit(&mut self, filing: &PermitFiling, now: Now) -> Result<Shown, Reason> {
        use PermitKind::{BatchedDelivery, Display, EquipmentRepair, EquipmentTest, Mould};
        if self.permit(&filing.permit_no).is_some() {
            return Err(Reason::DocumentExists);
        }
        if ![BatchedDelivery, Display, EquipmentRepair, EquipmentTest, Mould].contains(&filing.kind) {
            return Err(Reason::Unsupported);
        }
        let book = self.book(filing.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        if filing.owner != book.filing.owner {
            return Err(Reason::BookOwnerMismatch);
        }
        let last_day = book.filing.valid_until;
        if filing.declared_at.date() > last_day || (now.live && today(now) > last_day) {
            return Err(Reason::BookExpired);
        }
        for line in &filing.lines {
            if line.declared.raw() <= 0 {
                return Err(Reason::NonPositiveQty);
            }
            let row = book.row(line.mark, line.number);
            if row.ok_or(Reason::ItemNotFiled)?.units.declared != line.unit {
                return Err(Reason::UnitMismatch);
            }
        }
        self.permits.push(filing.clone());
        Ok(Shown { state: Some(DocumentState::Open), ..Shown::default() })
    }

    /// 9.2 and 9.3
    pub(super) fn file_slip(&mut self, filing: &SlipFiling, now: Now) -> Result<Shown, Reason> {
        if named_twice(filing.lines.iter().map(|line| line.line)) {
            return Err(Reason::NamedTwice);
        }
        let number = filing.slip_no.as_str();
        if self.slip(number).is_some() {
            return Err(Reason::DocumentExists);
        }
        let permit = self.permit(&filing.permit_no).ok_or(Reason::DocumentUnknown)?.clone();
        let last_day = permit.valid_until;
        if filing.declared_at.date() > last_day || (now.live && today(now) > last_day) {
            return Err(Reason::FormExpired);
        }
        let book = self.book(permit.book_no.as_str()).unwrap();
        if book.stops.stops(filing.direction) {
            return Err(Reason::BookPaused);
        }
        let mut legs = Vec::new();
        for line in &filing.lines {
            let row = self.check_slip_line(&permit, filing.direction, line)?;
            legs.push((line.line, slip_leg(&permit, filing.direction, line, row)));
        }
        self.check_quota(&permit, filing)?;
        let lines: Vec<u64> = filing.lines.iter().map(|line| line.line).collect();
        let from: Vec<_> = match filing.direction {
            Direction::Out => vec![Place::Zone],
            Direction::In => vec![Place::OutOnForm],
        };
        self.may_name(permit.book_no.as_str(), &filing.lots, &from, &lines)?;
        stock_test(self, legs.iter().map(|(_, leg)| leg.clone()))?;
        let wishes = self.wishes_of_slip(filing);
        self.slips.push(SlipCopy { filing: filing.clone(), state: DocumentState::Approved });
        for (line, leg) in legs {
            self.moves((number, line), leg, (Status::Pending, now), &wishes)?;
        }
        Ok(Shown { state: Some(DocumentState::Approved), ..Shown::default() })
    }

    fn check_slip_line(
        &self,
        permit: &PermitFiling,
        direction: Direction,
        line: &SlipLine,
    ) -> Result<&Row, Reason> {
        let given = [Some(line.declared), Some(line.statutory1), line.statutory2];
        if given.iter().flatten().any(|given| given.raw() <= 0) {
            return Err(Reason::NonPositiveQty);
        }
        let permitted = permit.lines.iter().find(|permitted| permitted.line == line.permit_line);
        if permitted.is_none_or(|permitted| permitted.number != line.number) {
            return Err(Reason::ItemNotFiled);
        }
        let book = self.book(permit.book_no.as_str()).unwrap();
        let row = book.row(Mark::Goods, line.number).ok_or(Reason::ItemNotFiled)?;
        if row.tariff != line.tariff_code {
            return Err(Reason::HsMismatch);
        }
        if row.units != line.units {
            return Err(Reason::UnitMismatch);
        }
        check_quantities(&row.units, line.declared, line.statutory1, line.statutory2)?;
        if row.stops.stops(direction) {
            return Err(Reason::ItemPaused);
        }
        if line.value_usd.raw() < 0 { Err(Reason::InvalidField) } else { Ok(row) }
    }

    /// How much accepted slips move on a line of a permit.
    fn on_slips(&self, permit: &PermitNo, line: u64, direction: Direction) -> i128 {
        let slips = self.slips.iter().map(|slip| &slip.filing);
        let of_permit = slips.filter(|slip| slip.permit_no == *permit && slip.direction == direction);
        of_permit.map(|slip| on_line(slip, line)).sum()
    }

    fn check_quota(&self, permit: &PermitFiling, filing: &SlipFiling) -> Result<(), Reason> {
        for line in &permit.lines {
            let here = on_line(filing, line.line);
            let out = self.on_slips(&permit.permit_no, line.line, Direction::Out);
            let back = self.on_slips(&permit.permit_no, line.line, Direction::In);
            match filing.direction {
                Direction::Out if out + here > line.declared.raw() => return Err(Reason::FormQuotaExceeded),
                Direction::In if back + here > out => return Err(Reason::ReturnExceedsOut),
                _ => {}
            }
        }
        if filing.direction == Direction::In && permit.kind != PermitKind::BatchedDelivery {
            for line in &filing.lines {
                let of_item = filing.lines.iter().filter(|other| other.number == line.number);
                let back: i128 = of_item.map(|line| line.declared.raw()).sum();
                if back > self.out_on_form(&permit.permit_no, line.number) {
                    return Err(Reason::ReturnExceedsOut);
                }
            }
        }
        Ok(())
    }

    /// 9.5
    pub fn out_on_form(&self, permit: &PermitNo, number: u64) -> i128 {
        let of_item = |slip: &SlipFiling| -> i128 {
            let lines = slip.lines.iter().filter(|line| line.number == number);
            lines.map(|line| line.declared.raw()).sum()
        };
        let slips = self.slips.iter().filter(|slip| slip.filing.permit_no == *permit);
        let on_slips: i128 = slips
            .map(|slip| match (slip.filing.direction, slip.state) {
                (Direction::Out, DocumentState::Approved) => 0,
                (Direction::Out, _) => of_item(&slip.filing),
                (Direction::In, _) => -of_item(&slip.filing),
            })
            .sum();
        let sold = self.lists.iter().filter(|list| {
            list.content.kind == "5" && !list.is_gone() && list.content.permit_no.as_ref() == Some(permit)
        });
        let lines = sold.flat_map(|list| &list.content.lines).filter(|line| line.number == number);
        on_slips - lines.map(|line| line.declared.raw()).sum::<i128>()
    }

    /// 9.5
    pub(super) fn check_sale(&self, list: &List) -> Result<(), Reason> {
        let permit = list.permit_no.as_ref().and_then(|number| self.permit(number));
        let fits =
            |permit: &&PermitFiling| permit.book_no == list.book_no && permit.kind == PermitKind::Display;
        let permit = permit.filter(fits).ok_or(Reason::DocumentUnknown)?;
        for line in &list.lines {
            let of_item = list.lines.iter().filter(|other| other.number == line.number);
            let sum: i128 = of_item.map(|line| line.declared.raw()).sum();
            if sum > self.out_on_form(&permit.permit_no, line.number) {
                return Err(Reason::FormStockExceeded);
            }
        }
        Ok(())
    }

    /// 9.4
    pub(super) fn check_slips(&self, list: &List) -> Result<(), Reason> {
        let mut named = Vec::new();
        for (at, number) in list.slips.iter().enumerate() {
            let slip = self.slip(number.as_str()).ok_or(Reason::DocumentUnknown)?;
            let of_book = self.permit(&slip.filing.permit_no).unwrap().book_no == list.book_no;
            let once = !list.slips.iter().take(at).any(|other| other == number);
            let out = slip.filing.direction == Direction::Out;
            if !(of_book && once && out && slip.state == DocumentState::Passed) {
                return Err(Reason::SlipNotOpen);
            }
            for line in &slip.filing.lines {
                named.push((line.number, three(line.declared, line.statutory1, line.statutory2)));
            }
        }
        if same_sums(list, &named) { Ok(()) } else { Err(Reason::ConsolidationMismatch) }
    }

    /// 13.4
    pub(super) fn verify(&mut self, filing: &VerificationFiling, now: Now) -> Result<Shown, Reason> {
        self.book(filing.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        for number in &filing.lists {
            let list = self.list(number.as_str()).filter(|list| list.content.book_no == filing.book_no);
            if list.ok_or(Reason::DocumentUnknown)?.state != DocumentState::Posted {
                return Err(Reason::ListNotPosted);
            }
        }
        let mut shown = Shown { state: Some(DocumentState::Settled), ..Shown::default() };
        for number in &filing.lists {
            let list = self.list_mut(number.as_str());
            list.state = DocumentState::Verified;
            list.verified_time = Some(now.ledger_time);
            shown.changed.insert(number.to_string(), DocumentState::Verified);
        }
        Ok(shown)
    }
}

pub(super) fn today(now: Now) -> zonebook_ledger::time::Date {
    Model::zone_clock().local(now.ledger_time).date()
}

fn on_line(slip: &SlipFiling, permit_line: u64) -> i128 {
    let lines = slip.lines.iter().filter(|line| line.permit_line == permit_line);
    lines.map(|line| line.declared.raw()).sum()
}

fn slip_leg(permit: &PermitFiling, direction: Direction, line: &SlipLine, row: &Row) -> Leg {
    let zone = PositionKey {
        book_no: permit.book_no.clone(),
        mark: Mark::Goods,
        number: line.number,
        lot: row.lot.clone(),
        serial: row.serial.clone(),
        place: Place::Zone,
    };
    let away = zone.at(match permit.kind {
        PermitKind::BatchedDelivery => Place::ShippedUndeclared,
        _ => Place::OutOnForm,
    });
    let [declared, first, second] = three(line.declared, line.statutory1, line.statutory2);
    let moved = [declared, first, second, line.value_usd.raw()];
    match direction {
        Direction::Out => (zone, away, moved),
        Direction::In => (away, zone, moved),
    }
}

pub(super) fn three(declared: Quantity, first: Quantity, second: Option<Quantity>) -> [i128; 3] {
    [declared.raw(), first.raw(), second.map_or(0, Quantity::raw)]
}

/// Whether the lines of a list are the sums of what it names, item by item; a row is an item.
pub(super) fn same_sums(list: &List, named: &[(u64, [i128; 3])]) -> bool {
    let of_list = list.lines.iter().map(|line| {
        let number = if list.mark == Mark::Goods { line.number } else { u64::MAX - line.number };
        (number, three(line.declared, line.statutory1, line.statutory2))
    });
    let all: Vec<_> =
        of_list.chain(named.iter().map(|(number, [a, b, c])| (*number, [-a, -b, -c]))).collect();
    all.iter().all(|(number, _)| {
        let of_item = all.iter().filter(|(other, _)| other == number);
        of_item.fold([0; 3], |sum, (_, [a, b, c])| [sum[0] + a, sum[1] + b, sum[2] + c]) == [0; 3]
    })
}
