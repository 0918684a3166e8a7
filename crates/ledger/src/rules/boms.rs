//! BOM versions: which there is, whether it may be used for something new, and what customs doubts about it (`RULES.md`
//! 5.3.6, `domain.md` 3.4 row 9).

use super::guards;
use super::work::{Stop, Work};
use crate::bom::{Bom, BomKey};
use crate::bom_standing::{
    BomChallenge, BomHold, BomLimit, BomOrder, BomOutcome, BomSettlement, BomStanding, BomStep, BomValidity,
    Taken,
};
use crate::book::Book;
use crate::code::{BomVersion, NoticeNo};
use crate::limits::ORDERS_MAX;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{BomStandings, Boms};
use crate::time::LocalTime;
use std::sync::Arc;

/// A version as a line names it.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    /// The line; an order has none.
    pub(crate) line: Option<u64>,
    /// What the wire calls the field.
    pub(crate) field: &'static str,
    /// The item of the product.
    pub(crate) product: u64,
    /// The version, if it names one.
    pub(crate) version: Option<&'a BomVersion>,
}

impl Named<'_> {
    fn refusal(&self, reason: Reason, book: &Book, expected: String) -> Refusal {
        let version = self.version.map_or("", |version| version.as_str());
        let refusal = Refusal::new(reason).field(self.field, version).expected(expected);
        Refusal { line: self.line, ..refusal.document(&book.book_no) }
    }

    /// `BOM_VERSION_UNKNOWN`
    pub(crate) fn unknown(&self, book: &Book) -> Stop {
        let expected = format!("a version of product {}", self.product);
        self.refusal(Reason::BomVersionUnknown, book, expected).into()
    }
}

/// `BOM_VERSION_UNKNOWN`: the version is there, however it stands.
pub(crate) fn filed(work: &Work<'_>, book: &Book, named: Named<'_>) -> Result<Arc<Bom>, Stop> {
    let bom = match named.version {
        Some(version) => work.get::<Boms>(key(book, named.product, version))?,
        None => None,
    };
    bom.ok_or_else(|| named.unknown(book))
}

/// The version, for something new: besides, customs does not doubt it, none took its place (`BOM_CHALLENGED`,
/// `BOM_REPLACED`), and it may be used on the day of the document, and live today (`BOM_NOT_IN_VALIDITY`).
pub(crate) fn in_use(
    work: &Work<'_>,
    book: &Book,
    named: Named<'_>,
    declared_at: LocalTime,
) -> Result<Arc<Bom>, Stop> {
    let bom = filed(work, book, named)?;
    let Some(version) = named.version else { return Ok(bom) };
    let Some(standing) = work.get::<BomStandings>(key(book, named.product, version))? else { return Ok(bom) };
    let product = named.product;
    match standing.hold() {
        Some(BomHold::Challenged(challenge)) => {
            let why = format!(
                "a version of product {product} that customs does not doubt; notice {} of this one: {}",
                challenge.notice_no, challenge.reason
            );
            return Err(named.refusal(Reason::BomChallenged, book, why).into());
        }
        Some(BomHold::Replaced(challenge, successor)) => {
            let why = format!(
                "version {successor} of product {product}, by the minutes on notice {}",
                challenge.notice_no
            );
            return Err(named.refusal(Reason::BomReplaced, book, why).into());
        }
        None => {}
    }
    let validity = standing.validity();
    let mut days = std::iter::once(declared_at.date()).chain(work.live_date());
    match days.find(|day| !validity.covers(*day)) {
        None => Ok(bom),
        Some(day) => {
            let why = format!("a version of product {product} for {day}; this one is {}", shown(validity));
            Err(named.refusal(Reason::BomNotInValidity, book, why).into())
        }
    }
}

fn key(book: &Book, product: u64, version: &BomVersion) -> BomKey {
    BomKey { book_no: book.book_no.clone(), product, version: version.clone() }
}

fn shown(validity: BomValidity) -> String {
    let from = validity.from.map(|day| format!(" from {day}"));
    let until = validity.until.map(|day| format!(" until {day}"));
    format!("valid{}{}", from.unwrap_or_default(), until.unwrap_or_default())
}

/// Gives a version its days, challenges it, or settles a challenge.
pub(crate) fn order(work: &mut Work<'_>, order: &BomOrder) -> Result<(), Stop> {
    work.document = Some(order.book_no.as_str().into());
    if order.reason.trim().is_empty() {
        return Err(guards::invalid("reason", &order.reason, "why"));
    }
    let book = guards::book(work, &order.book_no, "book_no")?;
    filed(work, &book, asked(order))?;
    let mut standing = work.get::<BomStandings>(order.key())?.unwrap_or_default();
    let taken = Taken { revision: work.head.revision, time: work.now() };
    let kept = Arc::make_mut(&mut standing);
    match &order.step {
        BomStep::Limit(validity) => limit(kept, order, *validity, taken)?,
        BomStep::Challenge { notice_no } => challenge(kept, order, notice_no, taken)?,
        BomStep::Settle { notice_no, minutes, outcome } => {
            if minutes.trim().is_empty() {
                return Err(guards::invalid("minutes", minutes, "the minutes of the consultation"));
            }
            if let BomOutcome::Replaced(successor) = outcome {
                can_replace(work, &book, order, successor)?;
            }
            let (outcome, minutes, reason) = (outcome.clone(), minutes.clone(), order.reason.clone());
            *open(kept, order, notice_no)? = Some(BomSettlement { outcome, minutes, reason, taken });
        }
    }
    work.put::<BomStandings>(order.key(), standing);
    Ok(())
}

/// The version of an order, which has no lines.
fn asked(order: &BomOrder) -> Named<'_> {
    Named { line: None, field: "version", product: order.product, version: Some(&order.version) }
}

fn limit(
    standing: &mut BomStanding,
    order: &BomOrder,
    validity: BomValidity,
    taken: Taken,
) -> Result<(), Stop> {
    if let (Some(from), Some(until)) = (validity.from, validity.until)
        && until < from
    {
        return Err(guards::invalid("valid_until", until, format!("not before {from}")));
    }
    guards::at_most("limits", standing.limits.len().saturating_add(1), ORDERS_MAX)?;
    standing.limits.push(BomLimit { validity, reason: order.reason.clone(), taken });
    Ok(())
}

/// `ORDER_NOT_APPLICABLE` at a version that is challenged or replaced, `DOCUMENT_EXISTS` for a notice that it had.
fn challenge(
    standing: &mut BomStanding,
    order: &BomOrder,
    notice_no: &NoticeNo,
    taken: Taken,
) -> Result<(), Stop> {
    if standing.challenges.iter().any(|known| known.notice_no == *notice_no) {
        let known = Refusal::new(Reason::DocumentExists).field("notice_no", notice_no);
        return Err(known.document(&order.book_no).into());
    }
    match standing.hold() {
        Some(BomHold::Challenged(open)) => {
            let expected =
                format!("a version that is not challenged; this one is by notice {}", open.notice_no);
            return Err(not_applicable(order, "version", &order.version, expected));
        }
        Some(BomHold::Replaced(_, successor)) => {
            let expected = format!("version {successor}, which took its place");
            return Err(not_applicable(order, "version", &order.version, expected));
        }
        None => {}
    }
    guards::at_most("challenges", standing.challenges.len().saturating_add(1), ORDERS_MAX)?;
    standing.challenges.push(BomChallenge {
        notice_no: notice_no.clone(),
        reason: order.reason.clone(),
        taken,
        settlement: None,
    });
    Ok(())
}

/// `ORDER_NOT_APPLICABLE`: the place of the settlement of the challenge that is open, which is by this notice.
fn open<'a>(
    standing: &'a mut BomStanding,
    order: &BomOrder,
    notice_no: &NoticeNo,
) -> Result<&'a mut Option<BomSettlement>, Stop> {
    match standing.challenges.last_mut() {
        Some(last) if last.settlement.is_none() && last.notice_no == *notice_no => Ok(&mut last.settlement),
        Some(last) if last.settlement.is_none() => {
            Err(not_applicable(order, "notice_no", notice_no, &last.notice_no))
        }
        _ => Err(not_applicable(order, "notice_no", notice_no, "a version that is challenged")),
    }
}

/// Another version of the product takes the place, one that is free itself: so replacements never go round.
fn can_replace(work: &Work<'_>, book: &Book, order: &BomOrder, successor: &BomVersion) -> Result<(), Stop> {
    let named = Named { field: "replaced_by", version: Some(successor), ..asked(order) };
    filed(work, book, named)?;
    let standing = work.get::<BomStandings>(key(book, order.product, successor))?;
    if *successor != order.version && standing.is_none_or(|standing| standing.hold().is_none()) {
        return Ok(());
    }
    let expected = "another version, neither challenged nor replaced";
    Err(not_applicable(order, "replaced_by", successor, expected))
}

fn not_applicable(
    order: &BomOrder,
    field: &str,
    value: impl std::fmt::Display,
    expected: impl std::fmt::Display,
) -> Stop {
    let refusal = Refusal::new(Reason::OrderNotApplicable).field(field, value).expected(expected);
    refusal.document(&order.book_no).into()
}
