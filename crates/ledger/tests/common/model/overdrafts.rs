//! What customs lets lists take although it is not there (`domain.md` 3.4 row 32, `design.md` 2.2).

use super::permits::today;
use super::shelf::{Shelf, stock_place};
use super::{Now, Shown};
use zonebook_ledger::book::Usage;
use zonebook_ledger::document::List;
use zonebook_ledger::layer::LotMethod;
use zonebook_ledger::limits::{LINES_MAX, ORDERS_MAX};
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::overdraft::OverdraftOrder;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::reason::Reason;

impl Shelf {
    pub(super) fn allow_overdraft(&mut self, wanted: &OverdraftOrder, now: Now) -> Result<Shown, Reason> {
        if wanted.reason.trim().is_empty() {
            return Err(Reason::InvalidField);
        }
        if wanted.goods.len() > LINES_MAX {
            return Err(Reason::TooLarge);
        }
        if wanted.goods.is_empty() {
            return Err(Reason::InvalidField);
        }
        for (at, limit) in wanted.goods.iter().enumerate() {
            let same = |other: &zonebook_ledger::overdraft::OverdraftLimit| {
                (other.mark, other.number) == (limit.mark, limit.number)
            };
            if wanted.goods.iter().take(at).any(same) {
                return Err(Reason::NamedTwice);
            }
            if limit.declared.raw() <= 0 {
                return Err(Reason::NonPositiveQty);
            }
        }
        if now.live && wanted.valid_until < today(now) {
            return Err(Reason::InvalidField);
        }
        let book = self.book(wanted.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        if book.filing.usage == Usage::NonBonded {
            return Err(Reason::NonBondedBook);
        }
        if book.lots != LotMethod::None {
            return Err(Reason::OrderNotApplicable);
        }
        for limit in &wanted.goods {
            let row = book.row(limit.mark, limit.number).ok_or(Reason::ItemNotFiled)?;
            if row.tracked || row.serial.is_some() {
                return Err(Reason::OrderNotApplicable);
            }
        }
        let mut shown = Shown::default();
        if let Some(list) = self.list(wanted.list_no.as_str()) {
            match list.state {
                DocumentState::PrePosted => {}
                DocumentState::Withdrawn => return Err(Reason::AlreadyWithdrawn),
                DocumentState::Returned => return Err(Reason::AlreadyReturned),
                DocumentState::Verified => return Err(Reason::PeriodVerified),
                _ => return Err(Reason::AlreadyPosted),
            }
            if list.content.book_no != wanted.book_no {
                return Err(Reason::OrderNotApplicable);
            }
            shown.state = Some(list.state);
            shown.changed.insert(wanted.list_no.to_string(), list.state);
        }
        let given = self.overdrafts.iter().filter(|other| other.list_no == wanted.list_no).count();
        if given >= ORDERS_MAX {
            return Err(Reason::TooLarge);
        }
        self.overdrafts.push(wanted.clone());
        Ok(shown)
    }

    /// How much more than is available a list may take from a position.
    pub(super) fn may_overdraw(&self, list: &List, position: &PositionKey, now: Now) -> i128 {
        let Some(book) = self.book(list.book_no.as_str()) else { return 0 };
        let newest = self.overdrafts.iter().rev().find(|order| order.list_no == list.list_no);
        let Some(order) = newest else { return 0 };
        let over =
            list.declared_at.date() > order.valid_until || (now.live && today(now) > order.valid_until);
        let of_stock = position.place == stock_place(book.filing.usage, position.mark);
        if over || order.book_no != list.book_no || book.lots != LotMethod::None || !of_stock {
            return 0;
        }
        let named =
            order.goods.iter().find(|limit| (limit.mark, limit.number) == (position.mark, position.number));
        named.filter(|_| position.serial.is_none()).map_or(0, |limit| limit.declared.raw())
    }
}
