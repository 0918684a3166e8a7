//! Rows of a count that cannot be set beside a book: each is named with its field, its value and the rule it breaks.

use super::CountedGoods;
use std::collections::BTreeSet;
use zonebook_ledger::error::Fault;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;
use zonebook_ledger::state::{Books, Items, Read, get};

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which row, from 0.
    pub row: usize,
    /// What it is, in the words of a refusal.
    pub refusal: Refusal,
}

/// All problems of counted goods, in order of row: books and items that are not there, another unit than the declared one,
/// less than nothing, the same goods twice.
///
/// # Errors
/// The state could not be read.
pub fn problems(view: &dyn Read, counted: &[CountedGoods]) -> Result<Vec<Problem>, Fault> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (row, goods) in counted.iter().enumerate() {
        let twice = !seen.insert((&goods.book_no, goods.mark, goods.number, &goods.serial));
        let refusal = match problem(view, goods)? {
            None if twice => Some(Refusal::new(Reason::NamedTwice).field("item", goods.number)),
            other => other,
        };
        found.extend(refusal.map(|refusal| Problem { row, refusal: refusal.document(&goods.book_no) }));
    }
    Ok(found)
}

fn problem(view: &dyn Read, goods: &CountedGoods) -> Result<Option<Refusal>, Fault> {
    if get::<Books>(view, goods.book_no.clone())?.is_none() {
        return Ok(Some(Refusal::new(Reason::BookUnknown).field("book", &goods.book_no)));
    }
    let key = ItemKey { book_no: goods.book_no.clone(), mark: goods.mark, number: goods.number };
    let Some(item) = get::<Items>(view, key)? else {
        return Ok(Some(Refusal::new(Reason::ItemNotFiled).field("item", goods.number)));
    };
    if item.units.declared != goods.unit {
        let refusal = Refusal::new(Reason::UnitMismatch).field("unit", &goods.unit);
        return Ok(Some(refusal.expected(&item.units.declared)));
    }
    let counted = [Some(goods.declared), goods.statutory1, goods.statutory2];
    let below = counted.into_iter().flatten().find(|quantity| quantity.is_negative());
    Ok(below.map(|quantity| {
        Refusal::new(Reason::NonPositiveQty).field("counted", quantity).expected("not less than 0")
    }))
}
