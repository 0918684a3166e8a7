//! The envelope (`domain.md` 5.1, 5.6). `EnvelopInfo`, `PocketInfo` and `BussinessData` are spelt as the wire spells them.

use super::markup::Markup;
use crate::xml::XSI;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use zonebook_ledger::time::LocalTime;

/// Who sends; the number that practice shows for customs.
const CUSTOMS: &str = "CUS0000";
/// The fewest characters of a sender or receiver.
const RECEIVER_CHARACTERS_MIN: usize = 4;

/// What an envelope says.
pub(super) struct Envelope<'a> {
    pub(super) kind: &'static str,
    /// `None` for one without a namespace.
    pub(super) namespace: Option<&'static str>,
    pub(super) number: &'a str,
    pub(super) sender: String,
    pub(super) receiver: String,
    pub(super) sent_at: LocalTime,
    pub(super) message_id: String,
}

impl<'a> Envelope<'a> {
    /// From customs to a recipient, under a number of the recipient's.
    pub(super) fn to(
        recipient: &str,
        kind: &'static str,
        namespace: Option<&'static str>,
        number: &'a str,
        sent_at: LocalTime,
        sequence: u64,
    ) -> Self {
        let receiver = format!("{recipient:0>RECEIVER_CHARACTERS_MIN$}");
        let message_id = message_id(CUSTOMS, &receiver, sent_at, sequence);
        Self { kind, namespace, number, sender: CUSTOMS.into(), receiver, sent_at, message_id }
    }

    /// From an enterprise to customs.
    pub(super) fn from(
        sender: &str,
        kind: &'static str,
        namespace: Option<&'static str>,
        number: &'a str,
        sent_at: LocalTime,
        sequence: u64,
    ) -> Self {
        let sender = format!("{sender:0>RECEIVER_CHARACTERS_MIN$}");
        let message_id = message_id(&sender, CUSTOMS, sent_at, sequence);
        Self { kind, namespace, number, sender, receiver: CUSTOMS.into(), sent_at, message_id }
    }

    pub(super) fn file_name(&self) -> String {
        format!("{}.{}", self.message_id, self.kind.get(..3).unwrap_or("XML"))
    }

    /// Writes everything around the business data, which is then open.
    pub(super) fn begin(&self, markup: &mut Markup) {
        match self.namespace {
            Some(namespace) => markup.begin("Package", &[("xmlns", namespace), ("xmlns:xsi", XSI)]),
            None => markup.begin("Package", &[]),
        }
        markup.begin("EnvelopInfo", &[]);
        markup.value("version", "1.0");
        if !self.number.is_empty() {
            markup.value("business_id", self.number);
        }
        markup.value("message_id", &self.message_id);
        markup.value("file_name", &self.file_name());
        markup.value("message_type", self.kind);
        markup.value("sender_id", &self.sender);
        markup.value("receiver_id", &self.receiver);
        markup.value("send_time", &self.sent_at.to_string());
        markup.end();
        markup.begin("DataInfo", &[]);
        markup.begin("PocketInfo", &[]);
        markup.value("pocket_id", &self.pocket_id());
        markup.value("total_pocket_qty", "1");
        markup.value("cur_pocket_no", "1");
        markup.end();
        markup.begin("BussinessData", &[]);
    }

    /// Business number, and 32 hexadecimal digits that no other message has.
    fn pocket_id(&self) -> String {
        let digest = Sha256::digest(self.message_id.as_bytes());
        digest.iter().take(16).fold(format!("{}-", self.number), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// Sender, receiver, `yyyymmddhhmmss`, eleven digits.
fn message_id(sender: &str, receiver: &str, sent_at: LocalTime, sequence: u64) -> String {
    let time: String = sent_at.to_string().chars().filter(char::is_ascii_digit).collect();
    format!("{sender}{receiver}{time}{sequence:011}")
}
