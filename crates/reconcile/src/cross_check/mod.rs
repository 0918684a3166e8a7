//! Cross checks: documents that must agree, looked at from outside of the rules that made them agree (`domain.md` 3.1).
//!
//! What the rules guard while documents are filed is asked again of what is in the books, so that a fault of a rule, of a
//! migration or of a disk shows up by itself; and what nobody guards shows up as well: values that two parties state
//! differently, and documents that wait longer than they should for their counterpart.
//!
//! A check goes through its own documents in order of number, page by page, and looks up what each of them names. So a
//! page costs what it shows, and memory does not grow with the books.

mod gathered;
mod leases;
mod passes;
mod sales;
mod transfers;

use compact_str::{CompactString, format_compact};
use std::fmt::Display;
use zonebook_ledger::code::{BookNo, OfficeCode};
use zonebook_ledger::code_list;
use zonebook_ledger::error::Fault;
use zonebook_ledger::query;
use zonebook_ledger::state::{Books, Heads, Read, get};
use zonebook_ledger::time::{Date, Instant, UtcOffset};

code_list! {
    /// What is compared with what.
    Check, "cross check" {
        /// [`transfers`]
        Transfers = "TRANSFERS",
        /// [`passes`]
        Passes = "PASSES",
        /// [`gathered`]
        Slips = "SLIPS",
        /// [`gathered`]
        Parcels = "PARCELS",
        /// [`leases`]
        Leases = "LEASES",
        /// [`sales`]
        Sales = "SALES",
    }
}

/// What a check is.
#[derive(Clone, Copy, Debug)]
pub struct CheckRow {
    /// Which one.
    pub check: Check,
    /// Its name in English.
    pub en: &'static str,
    /// Its name in Chinese.
    pub zh: &'static str,
    /// What is compared.
    pub compares: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    sides: &'static [Side],
}

/// One of the documents that a check goes through: some of them behind a number, with how far it came.
type Side = fn(&Asking<'_>, after: &str, count_max: usize) -> Result<Walked, Fault>;

/// Which documents were looked at.
#[derive(Debug, Default)]
struct Walked {
    breaks: Vec<Break>,
    /// The last number that was looked at; `None` at the end.
    last: Option<CompactString>,
}

/// The table of checks.
pub const CHECKS: &[CheckRow] = &[
    CheckRow {
        check: Check::Transfers,
        en: "transfers out against in",
        zh: "流转转出与转入",
        compares: "the two lists of a transfer: that there are two, their state, quantity, tariff code, unit and value, line by line",
        source: "RULES.md 7.2 to 7.4; domain.md 3.4 rows 6 and 7",
        sides: &[transfers::lists],
    },
    CheckRow {
        check: Check::Passes,
        en: "passes against lists",
        zh: "核放单与核注清单",
        compares: "a pass with the lists and slips that it carries, and the goods through the gate with what a list still waits for",
        source: "RULES.md 5.6, 8.1 to 8.4",
        sides: &[passes::passes, passes::lists],
    },
    CheckRow {
        check: Check::Slips,
        en: "slips against consolidated lists",
        zh: "出入库单与集中报关清单",
        compares: "a slip with the list that declares it, and the sums of both",
        source: "RULES.md 9.4; domain.md 3.4 row 19",
        sides: &[gathered::slips, gathered::slips_of_lists],
    },
    CheckRow {
        check: Check::Parcels,
        en: "parcels against gathered lists",
        zh: "网购清单与汇总核注清单",
        compares: "a parcel with the list that gathers it, and the sums of both",
        source: "RULES.md 12.3; domain.md 3.4 row 20",
        sides: &[gathered::parcels, gathered::parcels_of_lists],
    },
    CheckRow {
        check: Check::Leases,
        en: "leases against schedules",
        zh: "租赁合同与租金计划",
        compares: "an open lease with the assets that are under it and the payments that should have been declared",
        source: "domain.md 3.1, 3.4 rows 13 and 14",
        sides: &[leases::leases],
    },
    CheckRow {
        check: Check::Sales,
        en: "orders, payments, waybills and parcels of a sale",
        zh: "三单与网购清单",
        compares: "the order, the payment, the waybill and the parcels of a sale: that there are all of them, their amounts, \
                   currency and buyer",
        source: "domain.md 3.1",
        sides: &[sales::parcels, sales::sales, sales::waybills],
    },
];

/// The row of a check.
#[must_use]
pub fn row_of(check: Check) -> Option<&'static CheckRow> {
    CHECKS.iter().find(|row| row.check == check)
}

/// How many days a document may wait for its counterpart before that is a break, unless something else is said.
pub const GRACE_DAYS: i32 = 14;

/// Which breaks are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Of one book; of all without it.
    pub book_no: Option<BookNo>,
    /// Of the books of one zone.
    pub office: Option<OfficeCode>,
    /// Of one check.
    pub check: Option<Check>,
    /// How many days a document may wait for its counterpart.
    pub grace_days: i32,
}

impl Default for Scope {
    fn default() -> Self {
        Self { book_no: None, office: None, check: None, grace_days: GRACE_DAYS }
    }
}

/// Two documents that do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Which check found it.
    pub check: Check,
    /// The document that was looked at.
    pub document: CompactString,
    /// The document that it should agree with; empty where there is none.
    pub other: CompactString,
    /// Its book; `None` of a pass that names no document that is there.
    pub book_no: Option<BookNo>,
    /// What of the documents, with the line where it is one.
    pub what: CompactString,
    /// What should be there.
    pub expected: CompactString,
    /// What is there.
    pub found: CompactString,
    /// Ledger day since which it is so.
    pub since: Date,
    /// How many days that is, on the ledger's clock.
    pub age_days: i32,
}

/// How far a run over all checks has come.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Position {
    check: Check,
    side: usize,
    after: CompactString,
}

/// Breaks, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// In order of check and document.
    pub breaks: Vec<Break>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Position>,
}

/// The next breaks: at most `documents_max` documents are looked at, so a page may well be empty before the end.
///
/// # Errors
/// The state could not be read.
pub fn page(
    state: &dyn Read,
    scope: &Scope,
    from: Option<&Position>,
    documents_max: usize,
) -> Result<Page, Fault> {
    let asking = Asking::new(state, scope)?;
    let sides =
        || CHECKS.iter().flat_map(|row| (0..).zip(row.sides).map(move |(at, side)| (row.check, at, side)));
    let wanted = |check: Check| scope.check.is_none_or(|only| only == check);
    let reached = from.map(|from| (from.check, from.side));
    let here =
        sides().find(|(check, side, _)| wanted(*check) && reached.is_none_or(|at| (*check, *side) >= at));
    let Some((check, side, walk)) = here else { return Ok(Page { breaks: Vec::new(), next: None }) };
    let after = from.filter(|from| (from.check, from.side) == (check, side));
    let walked = walk(&asking, after.map_or("", |from| from.after.as_str()), documents_max.max(1))?;
    let next = match walked.last {
        Some(after) => Some(Position { check, side, after }),
        None => sides()
            .find(|(next, at, _)| wanted(*next) && (*next, *at) > (check, side))
            .map(|(check, side, _)| Position { check, side, after: CompactString::const_new("") }),
    };
    Ok(Page { breaks: walked.breaks, next })
}

/// What every check needs: the view, whose breaks are wanted, and what day it is.
struct Asking<'a> {
    state: &'a dyn Read,
    scope: &'a Scope,
    utc_offset: UtcOffset,
    today: Date,
}

impl<'a> Asking<'a> {
    fn new(state: &'a dyn Read, scope: &'a Scope) -> Result<Self, Fault> {
        let utc_offset = get::<Heads>(state, ())?.map_or(UtcOffset::CHINA, |head| head.utc_offset);
        Ok(Self { state, scope, utc_offset, today: query::today(state)? })
    }

    /// Whether breaks of a book are wanted.
    fn wants(&self, book_no: &BookNo) -> Result<bool, Fault> {
        if self.scope.book_no.as_ref().is_some_and(|only| only != book_no) {
            return Ok(false);
        }
        let Some(office) = &self.scope.office else { return Ok(true) };
        Ok(get::<Books>(self.state, book_no.clone())?.is_some_and(|book| book.office == *office))
    }

    /// The ledger day of a moment.
    fn day(&self, instant: Instant) -> Date {
        self.utc_offset.local(instant).date()
    }

    fn age(&self, since: Date) -> i32 {
        self.today.0.saturating_sub(since.0).max(0)
    }

    /// Whether something has waited for too long.
    fn overdue(&self, since: Date) -> bool {
        self.age(since) > self.scope.grace_days
    }
}

/// Gathers the breaks of one document.
struct Judge<'a> {
    asking: &'a Asking<'a>,
    check: Check,
    document: CompactString,
    book_no: Option<BookNo>,
    since: Date,
    breaks: Vec<Break>,
}

impl<'a> Judge<'a> {
    fn new(
        asking: &'a Asking<'a>,
        check: Check,
        document: impl Display,
        book_no: Option<&BookNo>,
        since: Instant,
    ) -> Self {
        Self {
            check,
            document: format_compact!("{document}"),
            book_no: book_no.cloned(),
            since: asking.day(since),
            breaks: Vec::new(),
            asking,
        }
    }

    /// A break where two texts differ.
    fn same(&mut self, other: impl Display, what: impl Display, expected: impl Display, found: impl Display) {
        let (expected, found) = (format_compact!("{expected}"), format_compact!("{found}"));
        if expected != found {
            self.broken(other, what, expected, found);
        }
    }

    /// A break where a document has waited for too long.
    fn waits(&mut self, since: Date, what: impl Display, expected: impl Display, found: impl Display) {
        if self.asking.overdue(since) {
            let before = std::mem::replace(&mut self.since, since);
            self.broken("", what, expected, found);
            self.since = before;
        }
    }

    fn broken(
        &mut self,
        other: impl Display,
        what: impl Display,
        expected: impl Display,
        found: impl Display,
    ) {
        self.breaks.push(Break {
            check: self.check,
            document: self.document.clone(),
            other: format_compact!("{other}"),
            book_no: self.book_no.clone(),
            what: format_compact!("{what}"),
            expected: format_compact!("{expected}"),
            found: format_compact!("{found}"),
            since: self.since,
            age_days: self.asking.age(self.since),
        });
    }
}

/// Goes through a table whose keys are numbers. `judge` looks at one row.
macro_rules! walk {
    ($asking:expr, $table:ident, $key:ident($number:ident), $after:expr, $count_max:expr, $judge:expr) => {{
        let from = if $after.is_empty() { $number::lowest() } else { number($after, $number::new)? };
        let rows = zonebook_ledger::query::collect::<$table, _>(
            $asking.state,
            from,
            $number::highest(),
            zonebook_ledger::state::Order::Forward,
            $count_max,
            |key, row| match key {
                zonebook_ledger::state::Key::$key(number) if number.as_str() != $after => Some((number, row)),
                _ => None,
            },
        )?;
        let full = rows.len() >= $count_max;
        let last =
            rows.last().filter(|_| full).map(|(number, _)| compact_str::CompactString::from(number.as_str()));
        let mut breaks = Vec::new();
        for (number, row) in rows {
            breaks.extend($judge(&number, &row)?);
        }
        Ok($crate::cross_check::Walked { breaks, last })
    }};
}
use walk;

/// The number at which a walk goes on.
fn number<T>(
    text: &str,
    read: impl FnOnce(&str) -> Result<T, zonebook_ledger::error::CodeError>,
) -> Result<T, Fault> {
    read(text).map_err(|error| Fault(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_one_row_in_its_order() {
        let rows: Vec<Check> = CHECKS.iter().map(|row| row.check).collect();
        assert_eq!(rows, Check::ALL);
    }
}
