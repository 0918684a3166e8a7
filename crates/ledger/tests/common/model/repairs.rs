//! Which units for repair may cross the fence: the catalogue, and own-group products (`domain.md` 3.1 bonded repair).

use super::checks::is_abroad;
use super::permits::today;
use super::shelf::Shelf;
use super::{Now, Shown};
use zonebook_ledger::book::Usage;
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{List, Provenance};
use zonebook_ledger::own_group::OwnGroupOrder;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::Date;

impl Shelf {
    pub(super) fn register_own_group(&mut self, order: &OwnGroupOrder) -> Result<Shown, Reason> {
        let (item, fact) = (&order.item, &order.fact);
        if fact.evidence.trim().is_empty() || fact.until < fact.from {
            return Err(Reason::InvalidField);
        }
        let book = self.book(item.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        if book.filing.usage != Usage::Repair || item.mark != Mark::Goods {
            return Err(Reason::InvalidField);
        }
        if !book.row(Mark::Goods, item.number).is_some_and(|row| row.tracked) {
            return Err(Reason::ItemNotFiled);
        }
        self.own_group.push(order.clone());
        Ok(Shown::default())
    }

    /// What the catalogue says of a code: the longest of its entries, and of that what it says last.
    fn of_catalogue(&self, code: &str, day: Date) -> bool {
        let about = self.catalogue.iter().filter(|entry| code.starts_with(&entry.0) && entry.1 <= day);
        about.max_by_key(|entry| (entry.0.len(), entry.1)).is_some_and(|entry| entry.2)
    }

    fn own_group_on(&self, list: &List, number: u64, day: Date) -> bool {
        let mut facts = self.own_group.iter().rev().filter(|order| {
            let fact = &order.fact;
            (&order.item.book_no, order.item.number) == (&list.book_no, number)
                && fact.from <= day
                && day <= fact.until
        });
        facts.next().is_some_and(|order| order.fact.own)
    }

    /// Units that come in or go abroad, where the catalogue is asked for.
    pub(super) fn check_repair(&self, list: &List, now: Now) -> Result<(), Reason> {
        let book = self.book(list.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        let asked = self.parameter_on("REPAIR_CATALOGUE_CHECK", 0, today(now)) != 0;
        let repair =
            (book.filing.usage, list.mark, list.mode.as_str()) == (Usage::Repair, Mark::Goods, "1371");
        if !asked || !repair || list.kind != "0" {
            return Ok(());
        }
        let mut days = vec![list.declared_at.date()];
        if now.live {
            days.push(today(now));
        }
        for line in list.lines.iter().filter(|line| line.serial.is_some()) {
            let domestic = match list.direction {
                Direction::In => line.provenance == Some(Provenance::Domestic),
                Direction::Out => {
                    let receipts = self.receipts_of(&list.book_no, line.serial.as_ref());
                    receipts.last().is_some_and(|unit| unit.provenance == Some(Provenance::Domestic))
                }
            };
            for day in &days {
                let catalogued = self.of_catalogue(line.tariff_code.as_str(), *day);
                let fits = match list.direction {
                    Direction::In => catalogued || domestic && self.own_group_on(list, line.number, *day),
                    Direction::Out => catalogued || !(is_abroad(list) && domestic),
                };
                if !fits {
                    return Err(Reason::RepairNotAllowed);
                }
            }
        }
        Ok(())
    }
}
