//! What products are made of (`RULES.md` 4.4 and 6.1), in fractions of whole numbers.

use super::checks::{Leg, is_abroad};
use super::permits::today;
use super::shelf::{BookCopy, Shelf};
use super::{Now, Shown};
use zonebook_ledger::bom::BomKey;
use zonebook_ledger::bom_standing::{BomOrder, BomOutcome, BomStep, BomValidity};
use zonebook_ledger::book::{Regime, Usage};
use zonebook_ledger::code::{BomVersion, NoticeNo};
use zonebook_ledger::direction::{Direction, Mark};
use zonebook_ledger::document::{BomRow, List, ListLine, PermitBomLine};
use zonebook_ledger::limits::ORDERS_MAX;
use zonebook_ledger::place::Place;
use zonebook_ledger::position::PositionKey;
use zonebook_ledger::quantity::Factor;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::time::{Date, LocalTime};

/// A factor of one, in the smallest that there is.
const ONE: i128 = 1_000_000_000;
const PERCENT: i128 = 100 * ONE;

/// 1.2, of what is not less than nothing.
fn rounded(numerator: i128, denominator: i128) -> i128 {
    (2 * numerator + denominator) / (2 * denominator)
}

fn kept(row: &BomRow) -> i128 {
    PERCENT - row.tangible_loss.raw() - row.intangible_loss.raw()
}

/// 4.4: net consumption with its loss on top.
pub fn unit_consumption(row: &BomRow) -> Factor {
    Factor::from_raw(rounded(row.net.raw() * PERCENT, kept(row)))
}

/// 6.1: what a quantity of the product uses.
fn usage(row: &BomRow, declared: i128) -> i128 {
    // net / one x percent / kept x share / percent
    rounded(declared * row.net.raw() * row.bonded_share.raw(), ONE * kept(row))
}

/// The same by the unit consumption of a permit: all of it bonded, all of the loss tangible.
pub fn usage_of_permit(part: &PermitBomLine, declared: i128) -> i128 {
    rounded(declared * part.net.raw() * PERCENT, ONE * (PERCENT - part.loss.raw()))
}

fn is_sound(row: &BomRow) -> bool {
    row.net.raw() > 0
        && row.tangible_loss.raw() >= 0
        && row.intangible_loss.raw() >= 0
        && kept(row) > 0
        && (0..=PERCENT).contains(&row.bonded_share.raw())
        && row.unit_consumption == unit_consumption(row)
}

impl BookCopy {
    /// 4.4
    pub(super) fn add_to_bom(&mut self, row: &BomRow) -> Result<(), Reason> {
        let same = |other: &BomRow| {
            (other.product, &other.version, other.material) == (row.product, &row.version, row.material)
        };
        let fits = self.row(Mark::Product, row.product).is_some()
            && self.row(Mark::Goods, row.material).is_some()
            && !self.bom.iter().any(same);
        if !(fits && is_sound(row)) {
            return Err(Reason::BomInvalid);
        }
        self.bom.push(row.clone());
        Ok(())
    }

    /// 3.6: the first statutory quantity of what no document gives it for.
    pub(super) fn undocumented(&self, mark: Mark, number: u64, declared: i128) -> [i128; 4] {
        let same_unit = self.row(mark, number).is_some_and(|row| row.units.statutory1 == row.units.declared);
        [declared, if same_unit { declared } else { 0 }, 0, 0]
    }
}

impl Shelf {
    /// 5.3.6 and 6.1: an outbound line of mark `E` in a book of usage `PROCESSING`.
    pub(super) fn is_product_out(&self, list: &List) -> bool {
        let processing =
            self.book(list.book_no.as_str()).is_some_and(|book| book.filing.usage == Usage::Processing);
        processing && list.direction == Direction::Out && list.mark == Mark::Product
    }

    fn regime_of(&self, list: &List) -> Regime {
        self.book(list.book_no.as_str()).map_or(Regime::Bom, |book| book.regime)
    }

    /// Products are made as they leave, here or outside, unless they left before on a slip, work orders made them before, or they replace
    /// what came back.
    pub(super) fn leaves_as_product(&self, list: &List) -> bool {
        let here = self.is_product_out(list)
            && matches!(list.kind.as_str(), "0" | "6" | "9")
            && self.regime_of(list) != Regime::WorkOrder
            && !self.is_exchange(list)
            && !self.is_outsourced(list);
        here || self.direct_exit_of(list).is_some()
    }

    /// Products that came back under a permit, and stand in stock.
    pub(super) fn is_outsourced(&self, list: &List) -> bool {
        let plain = matches!(list.kind.as_str(), "0" | "6" | "9");
        let back = list.permit_no.is_some() && self.direct_exit_of(list).is_none();
        self.is_product_out(list) && plain && back && self.form_named(list).is_none()
    }

    /// A general taxpayer sells products at home.
    pub(super) fn is_taxpayer_sale(&self, list: &List) -> bool {
        let at_home = !is_abroad(list);
        self.is_product_out(list) && at_home && list.kind == "9"
    }

    /// Products out of stock for products that came back: nothing is used for them again.
    pub(super) fn is_exchange(&self, list: &List) -> bool {
        self.is_product_out(list)
            && list.kind == "0"
            && list.related_book.is_none()
            && matches!(list.mode.as_str(), "4400" | "4600")
            && list.exchanged_list.is_some()
            && list.permit_no.is_none()
    }

    /// Whether the BOM says what it uses.
    pub(super) fn goes_by_bom(&self, list: &List) -> bool {
        let in_stock = self.is_exchange(list) || self.is_outsourced(list);
        let of_permit = list.kind == "4" || self.direct_exit_of(list).is_some();
        self.is_product_out(list) && self.regime_of(list) == Regime::Bom && !in_stock && !of_permit
    }

    fn version<'a>(&'a self, list: &'a List, line: &'a ListLine) -> impl Iterator<Item = &'a BomRow> {
        let rows = self.book(list.book_no.as_str()).into_iter().flat_map(|book| &book.bom);
        rows.filter(|row| row.product == line.number && Some(&row.version) == line.bom_version.as_ref())
    }

    /// 5.3.6, and `domain.md` 3.4 row 9 where something is used.
    pub(super) fn check_version(&self, list: &List, line: &ListLine, now: Now) -> Result<(), Reason> {
        if !self.goes_by_bom(list) {
            return Ok(());
        }
        match &line.bom_version {
            Some(version) if self.version(list, line).next().is_some() => {
                let key =
                    BomKey { book_no: list.book_no.clone(), product: line.number, version: version.clone() };
                if self.leaves_as_product(list) { self.may_use(&key, list.declared_at, now) } else { Ok(()) }
            }
            _ => Err(Reason::BomVersionUnknown),
        }
    }

    fn orders_of(&self, key: &BomKey) -> impl DoubleEndedIterator<Item = &BomOrder> {
        self.bom_orders.iter().filter(move |order| order.key() == *key)
    }

    /// Whether a version that is there may be used for something new.
    pub(super) fn may_use(&self, key: &BomKey, declared_at: LocalTime, now: Now) -> Result<(), Reason> {
        let (open, replaced) = self.bom_state(key);
        if open.is_some() {
            return Err(Reason::BomChallenged);
        }
        if replaced {
            return Err(Reason::BomReplaced);
        }
        let limit = self.orders_of(key).rev().find_map(|order| match order.step {
            BomStep::Limit(validity) => Some((validity.from, validity.until)),
            _ => None,
        });
        let (from, until) = limit.unwrap_or_default();
        let outside =
            |day: Date| from.is_some_and(|from| day < from) || until.is_some_and(|until| day > until);
        if outside(declared_at.date()) || (now.live && outside(today(now))) {
            return Err(Reason::BomNotInValidity);
        }
        Ok(())
    }

    /// The notice by which a version is challenged; and whether another one took its place.
    pub fn bom_state(&self, key: &BomKey) -> (Option<NoticeNo>, bool) {
        let mut state = (None, false);
        for order in self.orders_of(key) {
            state = match &order.step {
                BomStep::Limit(_) => continue,
                BomStep::Challenge { notice_no } => (Some(notice_no.clone()), false),
                BomStep::Settle { outcome, .. } => (None, *outcome != BomOutcome::Confirmed),
            };
        }
        state
    }

    pub(super) fn order_bom(&mut self, order: &BomOrder) -> Result<Shown, Reason> {
        if order.reason.trim().is_empty() {
            return Err(Reason::InvalidField);
        }
        let book = self.book(order.book_no.as_str()).ok_or(Reason::BookUnknown)?;
        let filed = |version: &BomVersion| {
            book.bom.iter().any(|row| row.product == order.product && row.version == *version)
        };
        if !filed(&order.version) {
            return Err(Reason::BomVersionUnknown);
        }
        let key = order.key();
        let (open, replaced) = self.bom_state(&key);
        match &order.step {
            BomStep::Limit(BomValidity { from: Some(from), until: Some(until) }) if from > until => {
                return Err(Reason::InvalidField);
            }
            BomStep::Limit(_) => {
                let limits = self.orders_of(&key).filter(|order| matches!(order.step, BomStep::Limit(_)));
                if limits.count() >= ORDERS_MAX {
                    return Err(Reason::TooLarge);
                }
            }
            BomStep::Challenge { notice_no } => {
                let notices = self.orders_of(&key).filter_map(|order| match &order.step {
                    BomStep::Challenge { notice_no } => Some(notice_no),
                    _ => None,
                });
                let notices: Vec<&NoticeNo> = notices.collect();
                if notices.contains(&notice_no) {
                    return Err(Reason::DocumentExists);
                }
                if open.is_some() || replaced {
                    return Err(Reason::OrderNotApplicable);
                }
                if notices.len() >= ORDERS_MAX {
                    return Err(Reason::TooLarge);
                }
            }
            BomStep::Settle { notice_no, minutes, outcome } => {
                if minutes.trim().is_empty() {
                    return Err(Reason::InvalidField);
                }
                if let BomOutcome::Replaced(successor) = outcome {
                    if !filed(successor) {
                        return Err(Reason::BomVersionUnknown);
                    }
                    let other = BomKey { version: successor.clone(), ..key };
                    if *successor == order.version || self.bom_state(&other) != (None, false) {
                        return Err(Reason::OrderNotApplicable);
                    }
                }
                if open.as_ref() != Some(notice_no) {
                    return Err(Reason::OrderNotApplicable);
                }
            }
        }
        self.bom_orders.push(order.clone());
        Ok(Shown::default())
    }

    /// 6.1
    pub(super) fn material_legs(&self, list: &List, line: &ListLine) -> Vec<Leg> {
        if self.direct_exit_of(list).is_some() {
            return self.outside_legs(list, line);
        }
        let Some(book) = self
            .book(list.book_no.as_str())
            .filter(|_| self.leaves_as_product(list) && self.goes_by_bom(list))
        else {
            return Vec::new();
        };
        let leg = |row: &BomRow| {
            let zone = PositionKey {
                book_no: list.book_no.clone(),
                mark: Mark::Goods,
                number: row.material,
                lot: None,
                serial: None,
                place: Place::Zone,
            };
            let used = usage(row, line.declared.raw());
            (zone.clone(), zone.at(Place::Consumed), book.undocumented(Mark::Goods, row.material, used))
        };
        self.version(list, line).map(leg).filter(|(_, _, used)| used[0] != 0).collect()
    }
}
