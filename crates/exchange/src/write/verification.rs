//! `EMS121` as an enterprise sends it: the computed figures of a verification (`domain.md` 4.1).
//!
//! It has no signature: what signs on the enterprise's behalf puts one around it.

use super::Written;
use super::envelope::Envelope;
use super::markup::Markup;
use super::record::{self, Values};
use crate::schema::{Content, Element, Schema};
use thiserror::Error;
use zonebook_ledger::book::Book;
use zonebook_ledger::code::ListNo;
use zonebook_ledger::direction::Direction;
use zonebook_ledger::document::{Figure, VerificationKind};
use zonebook_ledger::party::Party;
use zonebook_ledger::time::{Date, LocalTime};
use zonebook_reconcile::verification::{Row, Totals};

const KIND: &str = "EMS121";

/// What a declaration says.
#[derive(Clone, Copy, Debug)]
pub struct Declaration<'a> {
    /// The book.
    pub book: &'a Book,
    /// Who holds it.
    pub party: &'a Party,
    /// `chgoffTmsCnt`
    pub sequence: u64,
    /// `chgoffTypecd`
    pub kind: VerificationKind,
    /// First and last day.
    pub days: (Option<Date>, Option<Date>),
    /// Its lists, and which way each went.
    pub lists: &'a [(ListNo, Direction)],
    /// The figures of its items.
    pub rows: &'a [Row],
}

/// A declaration cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unwritable {
    /// The schema does not take a value.
    #[error("{record}/{field} cannot hold {value:?}")]
    Value {
        /// The record.
        record: &'static str,
        /// Its field.
        field: &'static str,
        /// What it would hold.
        value: String,
    },
    /// A figure is beyond the range of a number.
    #[error("a figure of item {0} is beyond the range of a number")]
    Range(u64),
}

/// Writes a declaration. `number` tells it from others of the same second.
///
/// # Errors
/// A value does not fit its schema, or a figure has none.
pub fn verification(
    declaration: &Declaration<'_>,
    sent_at: LocalTime,
    number: u64,
) -> Result<Written, Unwritable> {
    let schema = Schema::of(KIND);
    let namespace = schema.and_then(|schema| schema.namespace);
    let (book, sender) = (declaration.book.book_no.as_str(), declaration.book.owner.as_str());
    let envelope = Envelope::from(sender, KIND, namespace, book, sent_at, number);
    let mut markup = Markup::new();
    envelope.begin(&mut markup);
    markup.begin(KIND, &[]);
    for element in schema.iter().flat_map(|schema| schema.business.children()) {
        match element.name {
            "EmsChgoffBsc" => write(&mut markup, element, head(declaration, sent_at)?)?,
            "EmsChgoffInvtLt" => {
                for (list_no, _) in declaration.lists {
                    let mut own = key(declaration);
                    own.extend([("bondInvtNo", list_no.to_string()), ("dclTypecd", "1".into())]);
                    write(&mut markup, element, own)?;
                }
            }
            "EmsChgoffDt" => {
                for row in declaration.rows {
                    write(&mut markup, element, item(declaration, row)?)?;
                }
            }
            _ => {}
        }
    }
    let (file_name, message_id) = (envelope.file_name(), envelope.message_id);
    Ok(Written { kind: KIND, file_name, message_id, bytes: markup.finish() })
}

type Own = Vec<(&'static str, String)>;

fn key(declaration: &Declaration<'_>) -> Own {
    vec![("emsNo", declaration.book.book_no.to_string()), ("chgoffTmsCnt", declaration.sequence.to_string())]
}

fn head(declaration: &Declaration<'_>, sent_at: LocalTime) -> Result<Own, Unwritable> {
    let mut totals = Totals::default();
    for row in declaration.rows {
        totals.add(row).ok_or(Unwritable::Range(row.item.number))?;
    }
    let [materials, products, residues] = totals.items;
    let went = |direction| declaration.lists.iter().filter(|(_, went)| *went == direction).count();
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let time = super::list::date_time(&sent_at.to_string());
    let party = declaration.party;
    let mut own = key(declaration);
    own.extend([
        ("chgoffTypecd", declaration.kind.to_string()),
        ("chgoffBeginTime", day(declaration.days.0)),
        ("chgoffDueTime", day(declaration.days.1)),
        ("bizopEtpsSccd", party.credit_code.to_string()),
        ("bizopEtpsno", party.customs_no.to_string()),
        ("bizopEtpsNm", party.name_zh.to_string()),
        ("rvsngdEtpsSccd", party.credit_code.to_string()),
        ("rcvgdEtpsno", party.customs_no.to_string()),
        ("rcvgdEtpsNm", party.name_zh.to_string()),
        ("impInvtTotalCnt", went(Direction::In).to_string()),
        ("expInvtTotalCnt", went(Direction::Out).to_string()),
        ("chgoffMtpckTotalCnt", materials.to_string()),
        ("chgoffEndprdTotalCnt", products.to_string()),
        ("chgoffLfmtTotalCnt", residues.to_string()),
        ("impMtpckTotalAmt", totals.imports.to_string()),
        ("expEndprdTotalAmt", totals.exports.to_string()),
        ("inputTime", time.clone()),
        ("chgoffDclTime", time),
        ("masterCuscd", declaration.book.office.to_string()),
    ]);
    Ok(own)
}

fn item(declaration: &Declaration<'_>, row: &Row) -> Result<Own, Unwritable> {
    let mut own = key(declaration);
    own.extend([("typecd", row.item.mark.to_string()), ("seqno", row.item.number.to_string())]);
    for figure in Figure::ALL {
        let value = row.figure(*figure).ok_or(Unwritable::Range(row.item.number))?;
        own.push((figure.code(), value.to_string()));
    }
    Ok(own)
}

/// Writes a record whose every value is one that its field takes: nothing is left out because it does not fit.
fn write(markup: &mut Markup, element: &'static Element, own: Own) -> Result<(), Unwritable> {
    for (field, value) in &own {
        let child = element.children().iter().find(|child| child.name == *field);
        if let Some(Content::Value(simple)) = child.map(|child| &child.content)
            && !simple.accepts(value)
        {
            return Err(Unwritable::Value { record: element.name, field, value: value.clone() });
        }
    }
    record::write(markup, element, &Values::own(own));
    Ok(())
}
