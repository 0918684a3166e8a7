//! What customs says of a document that the ledger judged as well (`domain.md` 5.1): taken only where a parameter says so.
//!
//! A result never changes a document by itself. Where both agree it is noted; where they differ the difference is kept for
//! people to look at. Only the number of a declaration that customs made is taken over, because nobody else knows it, and
//! only into a declared list that waits for one.

use super::work::{Stop, Work};
use super::{parameters, release};
use crate::code::{DeclarationNo, ListNo, PassNo};
use crate::customs_result::{CustomsResult, CustomsResultKind, ReceiptDifference};
use crate::error::Fault;
use crate::movement::{DocumentState, Movement};
use crate::parameter::Parameter;
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::state::{Movements, Passes, ReceiptDifferences};
use std::sync::Arc;

/// `RULES.md` 2.4: while results are not taken, their types are types that nobody named.
pub(crate) fn must_be_taken(work: &Work<'_>, kind: &str) -> Result<(), Stop> {
    if !parameters::today(work, Parameter::ReceiptsFromCustoms)?.is_zero() {
        return Ok(());
    }
    Err(Refusal::new(Reason::SchemaInvalid)
        .field("BussinessData", kind)
        .expected(format!("the parameter {} to be 1", Parameter::ReceiptsFromCustoms))
        .into())
}

/// Compares a result with the ledger.
pub(crate) fn take(work: &mut Work<'_>, result: &CustomsResult) -> Result<(), Stop> {
    must_be_taken(work, result.kind.code())?;
    work.state = Some(DocumentState::Noted);
    if result.kind == CustomsResultKind::DeclarationMade {
        return declaration_made(work, result);
    }
    let (found, _) = found(work, result)?;
    let Some(expected) = expectation(result) else { return Ok(()) };
    if !expected.holds(found) {
        differ(work, result, expected.text(), found, None);
    }
    Ok(())
}

/// The state of the document that a result is about, and the list, if it is one.
pub(crate) fn found(
    work: &Work<'_>,
    result: &CustomsResult,
) -> Result<(Option<DocumentState>, Option<Arc<Movement>>), Fault> {
    let number = result.number.as_str();
    if result.kind == CustomsResultKind::PassAudit {
        let Ok(pass_no) = PassNo::new(number) else { return Ok((None, None)) };
        return Ok((work.get::<Passes>(pass_no)?.map(|pass| pass.state), None));
    }
    let Ok(list_no) = ListNo::new(number) else { return Ok((None, None)) };
    let list = work.get::<Movements>(list_no)?;
    Ok((list.as_ref().map(|list| list.state), list))
}

/// What the ledger should say when customs says this.
#[derive(Clone, Copy)]
enum Expectation {
    /// The document is accepted.
    Accepted,
    /// The list is reserved or announced, and not posted without customs.
    PreDeducted,
    /// The list is posted.
    Posted,
    /// The document was refused, or sent back.
    Returned,
}

impl Expectation {
    const fn text(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::PreDeducted => "PRE_POSTED, IN_TRANSIT, POSTED or VERIFIED",
            Self::Posted => "POSTED or VERIFIED",
            Self::Returned => "none, RETURNED or WITHDRAWN",
        }
    }

    const fn holds(self, found: Option<DocumentState>) -> bool {
        use DocumentState::{InTransit, Posted, PrePosted, Returned, Verified, Withdrawn};
        match (self, found) {
            (Self::Returned, None | Some(Returned | Withdrawn)) => true,
            (Self::Returned, _) | (_, None) => false,
            (Self::Accepted, Some(state)) => !matches!(state, Returned),
            // Receipts come late: what was pre-deducted then may be posted by now.
            (Self::PreDeducted, Some(state)) => matches!(state, PrePosted | InTransit | Posted | Verified),
            (Self::Posted, Some(state)) => matches!(state, Posted | Verified),
        }
    }
}

/// `domain.md` 5.1: 1 passed and deducted, 2 with an officer, 3 returned, 4 pre-deducted, 5 passed and not deducted; of a
/// posting `vrfdedMarkcd` 2 or 3. `None` where nothing is decided yet.
fn expectation(result: &CustomsResult) -> Option<Expectation> {
    match (result.kind, result.result.as_str()) {
        (CustomsResultKind::ListPosting, "0") => None,
        (CustomsResultKind::ListPosting, "1") => Some(Expectation::PreDeducted),
        (CustomsResultKind::ListPosting, _) => Some(Expectation::Posted),
        (_, "1" | "5") => Some(Expectation::Accepted),
        (_, "3") => Some(Expectation::Returned),
        (CustomsResultKind::ListAudit, "4") => Some(Expectation::PreDeducted),
        (_, "4") => Some(Expectation::Accepted),
        _ => None,
    }
}

/// `INV202`: 1 the declaration was made, anything else that it was not.
fn declaration_made(work: &mut Work<'_>, result: &CustomsResult) -> Result<(), Stop> {
    let Some(declaration_no) = result.declaration_no.as_ref().filter(|_| result.result == "1") else {
        return Ok(());
    };
    let (state, list) = found(work, result)?;
    let Some(list) = list else {
        differ(work, result, "a list", state, None);
        return Ok(());
    };
    if list.declaration_no.as_ref() == Some(declaration_no) {
        return Ok(());
    }
    if list.state != DocumentState::PrePosted || !list.declared || list.declaration_no.is_some() {
        let expected = "a declared list, PRE_POSTED, without a declaration number";
        differ(work, result, expected, state, list.declaration_no.clone());
        return Ok(());
    }
    release::declare(work, &list, declaration_no)?;
    work.state = Some(DocumentState::Noted);
    Ok(())
}

fn differ(
    work: &mut Work<'_>,
    result: &CustomsResult,
    expected: &str,
    found: Option<DocumentState>,
    found_declaration_no: Option<DeclarationNo>,
) {
    let difference =
        ReceiptDifference { said: result.clone(), expected: expected.into(), found, found_declaration_no };
    work.put::<ReceiptDifferences>(work.head.revision, Arc::new(difference));
}
