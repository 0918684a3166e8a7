//! Receipts as a list of what was told, and results of customs (`domain.md` 5.1): written from what people expect to be
//! told, not from how the ledger finds it out.

use super::permits::today;
use super::{Model, Now, Shelf, Shown, Verdict};
use std::collections::BTreeMap;
use zonebook_ledger::book::BookKind;
use zonebook_ledger::command::Command;
use zonebook_ledger::customs_result::{CustomsResult, CustomsResultKind};
use zonebook_ledger::document::{Document, LinkedType, ListFiling, PassFiling, PassageStage};
use zonebook_ledger::message::Content;
use zonebook_ledger::movement::DocumentState;
use zonebook_ledger::parameter::Parameter;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::receipt::Acknowledgement;

/// One receipt: to whom, as which message, of which document, with which result, at which revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub recipient: String,
    pub kind: &'static str,
    pub number: String,
    pub result: &'static str,
    pub revision: u64,
}

impl Model {
    /// How many receipts a recipient has.
    pub fn count_told(&self, recipient: &str) -> u64 {
        self.told.iter().filter(|told| told.recipient == recipient).count() as u64
    }

    pub(super) fn acknowledge(&mut self, wanted: &Acknowledgement) -> Result<Shown, Reason> {
        let recipient = wanted.recipient.to_string();
        if wanted.up_to > self.count_told(&recipient) {
            return Err(Reason::ReceiptUnknown);
        }
        let had = self.acknowledged.entry(recipient).or_default();
        *had = (*had).max(wanted.up_to);
        Ok(Shown::default())
    }

    /// What is told of a command. `before` is the shelf without it.
    pub(super) fn tell(
        &mut self,
        command: &Command,
        before: &Shelf,
        verdict: Verdict,
        changed: &BTreeMap<String, DocumentState>,
        now: Now,
    ) {
        let mut letters: Vec<(Option<String>, &'static str, String, &'static str)> = Vec::new();
        let shelf = &self.shelf;
        let document = match command {
            Command::File(document) => Some(&**document),
            Command::Receive(message) => match &message.content {
                Content::Keyed { document: Ok(document), .. } => Some(&**document),
                _ => None,
            },
            _ => None,
        };
        let refused = match verdict {
            Verdict::Accepted => false,
            Verdict::Refused(Reason::MessageIdConflict | Reason::SchemaInvalid | Reason::MalformedXml) => {
                return;
            }
            Verdict::Refused(_) => true,
            Verdict::Duplicate => return,
        };
        if let (Command::ReturnList(order), false) = (command, refused) {
            let owner = shelf.list(order.list_no.as_str()).map(|list| list.content.owner.to_string());
            letters.push((owner, "INV201", order.list_no.to_string(), "3"));
        }
        if let Some(document) = document
            && let Some((kind, owner)) = judged_by(shelf, document)
        {
            let pre_deducted = matches!(document, Document::List(_))
                && matches!(
                    changed.get(document.number().as_str()),
                    Some(DocumentState::PrePosted | DocumentState::InTransit)
                );
            let result = match (refused, pre_deducted) {
                (true, _) => "3",
                (false, true) => "4",
                (false, false) => "1",
            };
            letters.push((owner, kind, document.number().to_string(), result));
        }
        if !refused {
            for (number, state) in changed {
                let Some(pass) = shelf.pass(number) else { continue };
                let result = match state {
                    DocumentState::GateOne => "3",
                    DocumentState::Passed if gate_one_before(before, number) => "4",
                    DocumentState::Passed => "2",
                    _ => continue,
                };
                letters.push((owner_on_board(shelf, &pass.filing), "SAS223", number.clone(), result));
            }
            for (number, state) in changed {
                if let (DocumentState::Posted, Some(list)) = (state, shelf.list(number)) {
                    letters.push((Some(list.content.owner.to_string()), "INV211", number.clone(), "1"));
                }
            }
        }
        for (recipient, kind, number, result) in letters {
            let Some(recipient) = recipient else { continue };
            self.told.push(Told { recipient, kind, number, result, revision: now.revision });
        }
    }
}

/// The message that answers a document, and who gets it.
fn judged_by(shelf: &Shelf, document: &Document) -> Option<(&'static str, Option<String>)> {
    let owner_of = |book: &str| shelf.book(book).map(|book| book.filing.owner.to_string());
    match document {
        Document::Book(filing) => {
            let kind = if filing.kind == BookKind::Logistics { "BWS201" } else { "EMS211" };
            Some((kind, Some(filing.owner.to_string())))
        }
        Document::List(ListFiling::File(list) | ListFiling::Change { list, .. }) => {
            Some(("INV201", Some(list.owner.to_string())))
        }
        Document::List(ListFiling::Withdraw { list_no, .. }) => {
            Some(("INV201", shelf.list(list_no.as_str()).map(|list| list.content.owner.to_string())))
        }
        Document::Pass(filing) => {
            let owner = owner_on_board(shelf, filing);
            Some(("SAS221", Some(owner.unwrap_or_else(|| filing.office.to_string()))))
        }
        Document::Permit(filing) => Some(("SAS201", Some(filing.owner.to_string()))),
        Document::Slip(filing) => {
            Some(("SAS211", shelf.permit(&filing.permit_no).map(|permit| permit.owner.to_string())))
        }
        Document::Verification(filing) => Some(("EMS221", owner_of(filing.book_no.as_str()))),
        _ => None,
    }
}

/// Whose goods are on a vehicle.
fn owner_on_board(shelf: &Shelf, filing: &PassFiling) -> Option<String> {
    let owner_of = |book: &str| shelf.book(book).map(|book| book.filing.owner.to_string());
    if let Some(book) = &filing.book_no {
        return owner_of(book.as_str());
    }
    filing.linked.iter().find_map(|number| match filing.linked_type {
        LinkedType::List => shelf.list(number.as_str()).map(|list| list.content.owner.to_string()),
        LinkedType::Slip => {
            let slip = shelf.slip(number.as_str())?;
            owner_of(shelf.permit(&slip.filing.permit_no)?.book_no.as_str())
        }
        LinkedType::Bill => None,
    })
}

fn gate_one_before(before: &Shelf, number: &str) -> bool {
    let reported =
        before.held.iter().any(|held| held.pass_no.as_str() == number && held.stage == PassageStage::GateOne);
    reported || before.pass(number).is_some_and(|pass| pass.state == DocumentState::GateOne)
}

impl Shelf {
    /// Whether results of customs are taken on this day.
    pub(super) fn takes_results(&self, now: Now) -> bool {
        self.parameter(Parameter::ReceiptsFromCustoms, 0, now) != 0
    }

    /// Whether they were ever asked for.
    pub fn hears_customs(&self) -> bool {
        self.parameters
            .iter()
            .any(|((parameter, _), value)| *parameter == Parameter::ReceiptsFromCustoms && *value != 0)
    }

    /// A result changes nothing but that a list may learn its declaration.
    pub(super) fn hear_customs(&mut self, result: &CustomsResult, now: Now) -> Result<Shown, Reason> {
        if !self.takes_results(now) {
            return Err(Reason::SchemaInvalid);
        }
        let mut shown = Shown { state: Some(DocumentState::Noted), ..Shown::default() };
        let made = result.kind == CustomsResultKind::DeclarationMade && result.result == "1";
        let (Some(declaration), true) = (&result.declaration_no, made) else { return Ok(shown) };
        let number = result.number.as_str();
        let waits = self.list(number).is_some_and(|list| {
            list.state == DocumentState::PrePosted
                && list.content.declared
                && list.content.declaration_no.is_none()
        });
        if waits {
            let released = self.release_of(declaration);
            let list = self.list_mut(number);
            list.content.declaration_no = Some(declaration.clone());
            list.release_time = released;
            self.post_if_ready(number, now, &mut shown.changed);
        }
        Ok(shown)
    }
}
