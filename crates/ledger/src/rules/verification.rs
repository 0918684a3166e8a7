//! Verification: the lists of a period are settled and stay as they are for ever (`RULES.md` 13.4).

use super::work::{Stop, Work};
use super::{guards, intake, standing};
use crate::book::{Act, Book};
use crate::code::BookNo;
use crate::document::VerificationFiling;
use crate::limits::LINES_MAX;
use crate::movement::{DocumentState, Movement};
use crate::reason::Reason;
use crate::refusal::Refusal;
use crate::settlement::Verification;
use crate::state::{Books, FiledDocuments, Movements, Verifications};
use std::sync::Arc;

/// Whether a verification of a book was accepted.
pub(crate) fn is_accepted(work: &Work<'_>, book_no: &BookNo, sequence: u64) -> Result<bool, Stop> {
    Ok(work.get::<FiledDocuments>(intake::verification_key(book_no, sequence))?.is_some())
}

/// `EMS121`
pub(crate) fn file(work: &mut Work<'_>, filing: &VerificationFiling) -> Result<(), Stop> {
    guards::at_most("EmsChgoffInvtLt", filing.lists.len(), LINES_MAX)?;
    let book = guards::book_for(work, &filing.book_no, "emsNo", Act::Verification)?;
    guards::bonded(&book)?;
    let mut lists = Vec::with_capacity(filing.lists.len());
    for number in &filing.lists {
        let list = work.get::<Movements>(number.clone())?.filter(|list| list.book_no == book.book_no);
        let Some(list) = list else {
            return Err(Refusal::new(Reason::DocumentUnknown)
                .field("bondInvtNo", number)
                .document(number)
                .into());
        };
        if list.state != DocumentState::Posted {
            return Err(Refusal::new(Reason::ListNotPosted)
                .field("bondInvtNo", list.state)
                .expected(DocumentState::Posted)
                .document(number)
                .into());
        }
        standing::not_held(&list)?;
        lists.push(list);
    }
    let (verified, verified_time) = (DocumentState::Verified, Some(work.now()));
    for list in lists {
        work.names(list.list_no.as_str(), verified);
        let list = Movement { state: verified, verified_time, ..(*list).clone() };
        work.put::<Movements>(list.list_no.clone(), Arc::new(list));
    }
    let book = Book { verified_time, ..(*book).clone() };
    let settled = Verification { filed: filing.clone(), verified_time: work.now() };
    work.put::<Verifications>((book.book_no.clone(), work.head.revision), Arc::new(settled));
    work.put::<Books>(book.book_no.clone(), Arc::new(book));
    work.state = Some(DocumentState::Settled);
    Ok(())
}
