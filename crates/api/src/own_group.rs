//! Own-group products of repair books: as customs registers them, and as they stand.

use crate::field::{Field, date, read};
use crate::v1;
use crate::value::timestamp;
use zonebook_ledger::code::BookNo;
use zonebook_ledger::direction::Mark;
use zonebook_ledger::item::ItemKey;
use zonebook_ledger::own_group::{OwnGroupEntry, OwnGroupFact, OwnGroupOrder};

/// A registration.
///
/// # Errors
/// Names the field.
pub fn order(wire: &v1::RegisterOwnGroupRequest) -> Field<OwnGroupOrder> {
    let book_no = read("book_no", &wire.book_no, BookNo::new)?;
    Ok(OwnGroupOrder {
        item: ItemKey { book_no, mark: Mark::Goods, number: wire.number },
        fact: OwnGroupFact {
            own: wire.own,
            from: date("from", &wire.from)?,
            until: date("until", &wire.until)?,
            evidence: wire.evidence.as_str().into(),
        },
    })
}

/// What was registered of an item.
#[must_use]
pub fn fact(item: &ItemKey, entry: &OwnGroupEntry) -> v1::OwnGroupFact {
    v1::OwnGroupFact {
        number: item.number,
        own: entry.fact.own,
        from: entry.fact.from.to_string(),
        until: entry.fact.until.to_string(),
        evidence: entry.fact.evidence.to_string(),
        registered_time: Some(timestamp(entry.time)),
        registered_revision: entry.revision.0,
    }
}
