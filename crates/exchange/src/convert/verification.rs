//! `EMS121`: a verification declaration, 报核 (`RULES.md` 13.4).

use super::Converted;
use super::fields::{Fields, all_texts, first_text, numbers};
use crate::schema::Records;
use compact_str::CompactString;
use std::collections::BTreeMap;
use zonebook_ledger::code::{BookNo, ListNo};
use zonebook_ledger::direction::Mark;
use zonebook_ledger::document::{DeclaredItem, Figure, VerificationFiling, VerificationKind};
use zonebook_ledger::error::CodeError;
use zonebook_ledger::time::{Date, LocalTime};

const HEAD: &str = "EmsChgoffBsc";
const LIST: &str = "EmsChgoffInvtLt";
const ITEM: &str = "EmsChgoffDt";

pub(super) fn names(records: &Records<'_>) -> Vec<CompactString> {
    let book = first_text(records, HEAD, "emsNo");
    numbers(std::iter::once(book).chain(all_texts(records, LIST, "bondInvtNo")))
}

pub(super) fn convert(records: &Records<'_>, bytes: &[u8]) -> Converted<VerificationFiling> {
    let head = Fields::head(records, HEAD, bytes)?;
    // Lists have no numbers of their own in the message: their place counts, from 1.
    let list = |(record, line)| Fields::counted(record, Some(line), bytes).read("bondInvtNo", ListNo::new);
    Ok(VerificationFiling {
        book_no: head.read("emsNo", BookNo::new)?,
        sequence: head.number("chgoffTmsCnt")?,
        kind: head.read("chgoffTypecd", kind)?,
        begin: head.read("chgoffBeginTime", if_given(Date::parse))?,
        end: head.read("chgoffDueTime", if_given(Date::parse))?,
        declared_at: head.read("chgoffDclTime", if_given(LocalTime::parse))?,
        lists: records.all(LIST).zip(1..).map(list).collect::<Converted<_>>()?,
        items: records
            .all(ITEM)
            .zip(1..)
            .map(|(record, line)| item(&Fields::counted(record, Some(line), bytes), line))
            .collect::<Converted<_>>()?,
    })
}

/// The schema lets the kind be anything; what is not said is the plain declaration.
fn kind(text: &str) -> Result<VerificationKind, CodeError> {
    if text.is_empty() { Ok(VerificationKind::Normal) } else { VerificationKind::from_code(text) }
}

/// What is left out is not declared, which is not the same as nothing.
fn item(fields: &Fields<'_, '_>, line: u64) -> Converted<DeclaredItem> {
    let mut figures = BTreeMap::new();
    for figure in Figure::ALL.iter().filter(|figure| !fields.text(figure.code()).is_empty()) {
        let read = if figure.is_amount() { Fields::amount } else { Fields::quantity };
        figures.insert(*figure, read(fields, figure.code())?);
    }
    let (mark, number) = (fields.read("typecd", Mark::from_code)?, fields.number("seqno")?);
    Ok(DeclaredItem { line, mark, number, figures })
}

/// The schema lets a date be empty.
fn if_given<T>(read: fn(&str) -> Result<T, CodeError>) -> impl Fn(&str) -> Result<Option<T>, CodeError> {
    move |text| if text.is_empty() { Ok(None) } else { read(text).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::testing::{record, refused, rows};
    use zonebook_ledger::quantity::Quantity;
    use zonebook_ledger::reason::Reason;

    const HEAD_VALUES: &[(&str, &str)] =
        &[("emsNo", "H99312600005"), ("chgoffTmsCnt", "1"), ("chgoffBeginTime", "2026-06-01")];

    fn read(head: &[(&'static str, &str)], list: &str) -> Converted<VerificationFiling> {
        let list = [("bondInvtNo", list)];
        convert(&rows(vec![record(HEAD, HEAD_VALUES, head), record(LIST, &list, &[])]), b"")
    }

    #[test]
    fn dates_may_be_empty_but_not_odd() {
        let verification = read(&[], "QD1").unwrap();
        assert!(verification.begin.is_some());
        assert_eq!((verification.end, verification.declared_at), (None, None));
        let odd = read(&[("chgoffDueTime", "2026-02-31")], "QD1");
        refused(odd, Reason::InvalidField, "chgoffDueTime", "2026-02-31");
    }

    #[test]
    fn what_is_declared_of_an_item_is_kept_figure_by_figure() {
        let values =
            [("typecd", "I"), ("seqno", "3"), ("dsmlQty", "-40"), ("csmTotalAmt", "900000000000000")];
        let of = |others: &[(&'static str, &str)]| {
            convert(&rows(vec![record(HEAD, HEAD_VALUES, &[]), record(ITEM, &values, others)]), b"")
        };
        let items = of(&[]).unwrap().items;
        let figures = [
            (Figure::ConsumptionAmount, Quantity::parse_amount("900000000000000").unwrap()),
            (Figure::Difference, Quantity::parse("-40").unwrap()),
        ];
        let expected = DeclaredItem { line: 1, mark: Mark::Goods, number: 3, figures: figures.into() };
        assert_eq!(items, vec![expected]);
        refused(of(&[("typecd", "X")]), Reason::InvalidField, "typecd", "X");
        refused(of(&[("dsmlQty", "900000000000000")]), Reason::InvalidField, "dsmlQty", "900000000000000");
    }

    #[test]
    fn a_kind_that_is_not_known_is_no_plain_declaration() {
        assert_eq!(read(&[], "QD1").unwrap().kind, VerificationKind::Normal);
        assert_eq!(read(&[("chgoffTypecd", "2")], "QD1").unwrap().kind, VerificationKind::Supplementary);
        refused(read(&[("chgoffTypecd", "9")], "QD1"), Reason::InvalidField, "chgoffTypecd", "9");
    }

    #[test]
    fn a_list_must_have_a_number() {
        assert_eq!(refused(read(&[], ""), Reason::InvalidField, "bondInvtNo", "").line, Some(1));
        refused(read(&[("chgoffTmsCnt", "-1")], "QD1"), Reason::InvalidField, "chgoffTmsCnt", "-1");
    }
}
