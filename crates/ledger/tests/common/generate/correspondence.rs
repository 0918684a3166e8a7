//! Receipts acknowledged, and what customs says.

use super::scribe::choose;
use super::{Intent, Scribe, list, message};
use crate::common::world;
use zonebook_ledger::code::{DeclarationNo, DocumentNo};
use zonebook_ledger::command::Command;
use zonebook_ledger::customs_result::{CustomsResult, CustomsResultKind};
use zonebook_ledger::document::Document;
use zonebook_ledger::receipt::{Acknowledgement, Recipient};

/// Says that receipts came; now and then more than were sent.
pub fn acknowledge(scribe: &Scribe, intent: &Intent) -> Command {
    let [who, count, ..] = intent.picks;
    let told = choose(&scribe.model.told, who).map_or_else(|| "0000000000".to_owned(), |told| told.recipient);
    let sent = scribe.model.count_told(&told);
    let up_to = if intent.twist.is_some() { sent + 1 } else { u64::from(count) % (sent + 1) };
    Command::AcknowledgeReceipts(Acknowledgement { recipient: Recipient::new(&told).unwrap(), up_to })
}

/// Says something about a list or a pass. It only comes as a message.
pub fn result(scribe: &mut Scribe, intent: &Intent) -> Command {
    let [pick, other, kind, result, declaration, _] = intent.picks;
    let kind = CustomsResultKind::ALL[usize::from(kind) % CustomsResultKind::ALL.len()];
    let waiting: Vec<String> = scribe
        .model
        .shelf
        .lists
        .iter()
        .filter(|list| list.content.declared && list.content.declaration_no.is_none())
        .map(|list| list.content.list_no.to_string())
        .collect();
    let number = match kind {
        CustomsResultKind::PassAudit => choose(&scribe.model.shelf.passes, pick)
            .map_or("Z99".into(), |pass| pass.filing.pass_no.to_string()),
        CustomsResultKind::DeclarationMade if other % 4 != 0 && !waiting.is_empty() => {
            choose(&waiting, pick).unwrap()
        }
        _ => list::any_number(scribe, pick, other),
    };
    let declarations: Vec<String> =
        scribe.model.shelf.released.iter().map(|(number, _)| number.to_string()).collect();
    let declaration_no = choose(&declarations, declaration)
        .filter(|_| declaration % 2 == 0)
        .or_else(|| choose(&world::DECLARATIONS, declaration).map(ToOwned::to_owned))
        .unwrap_or_default();
    let said = CustomsResult {
        kind,
        number: DocumentNo::new(&number).unwrap(),
        change_no: 0,
        result: ["1", "4", "3", "2", "1"][usize::from(result) % 5].into(),
        managed_at: format!("{}", scribe.clock()).as_str().into(),
        declaration_no: (kind == CustomsResultKind::DeclarationMade)
            .then(|| DeclarationNo::new(&declaration_no).unwrap()),
    };
    message::carried(scribe, intent, Document::CustomsResult(said))
}
