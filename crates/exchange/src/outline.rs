//! The first reading of a message: is it well-formed, what is it, and by what is it known.
//!
//! Well-formedness is decided by the whole document, before anything is said about its content (`RULES.md` 2.4), so
//! this reading goes to the end. It keeps the few values that name a message and that receipts consist of.

use crate::xml::{Event, Malformed, Reader, Tag};

/// Values to keep: the first one of each, by the names of the element around it and its own.
const WANTED: &[(&str, &str)] = &[
    ("EnvelopInfo", "business_id"),
    ("EnvelopInfo", "message_id"),
    ("PocketInfo", "cur_pocket_no"),
    ("HdeApprResult", "businessId"),
    ("HdeApprResult", "tmsCnt"),
    ("HdeApprResult", "manageResult"),
    ("HdeApprResult", "manageDate"),
    ("BondInvtBsc", "bondInvtNo"),
    ("BondInvtBsc", "chgTmsCnt"),
    ("BondInvtBsc", "vrfdedMarkcd"),
    ("BondInvtBsc", "formalVrfdedTime"),
    ("InvApprResult", "businessId"),
    ("InvApprResult", "entrySeqNo"),
    ("InvApprResult", "manageResult"),
    ("InvApprResult", "createDate"),
    ("SasPassportBsc", "stucd"),
    ("SasPassportBsc", "passTime"),
    ("SasPassportBsc", "secdPassTime"),
    ("DEC_RESULT", "CUS_CIQ_NO"),
    ("DEC_RESULT", "ENTRY_ID"),
    ("DEC_RESULT", "NOTICE_DATE"),
    ("DEC_RESULT", "CHANNEL"),
];

/// The element whose child is the message's own element; the spelling is the wire's.
const BUSINESS_DATA: &str = "BussinessData";

/// What the first reading found.
#[derive(Debug, Default)]
pub struct Outline<'a> {
    /// The root element.
    pub root: &'a str,
    /// The attribute `guid` of the root.
    pub guid: Option<String>,
    /// The first child of `BussinessData`.
    pub business: Option<&'a str>,
    values: Vec<(&'static str, &'static str, String, usize)>,
}

/// A value and where its element begins, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Found<'o> {
    /// The text.
    pub text: &'o str,
    /// The offset.
    pub offset: usize,
}

impl<'a> Outline<'a> {
    /// Reads a message to its end.
    ///
    /// # Errors
    /// It is not well-formed.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes)?;
        let mut outline = Self::default();
        let mut open: Vec<&'a str> = Vec::new();
        // The depth of the element whose text is being kept.
        let mut keeping: Option<usize> = None;
        loop {
            match reader.next_event()? {
                Event::Start(tag) => {
                    if outline.begin(open.last().copied(), &tag, reader.offset()) {
                        keeping = Some(open.len() + 1);
                    }
                    open.push(tag.local);
                }
                Event::Text(text) | Event::Cdata(text) => {
                    if keeping == Some(open.len())
                        && let Some((_, _, value, _)) = outline.values.last_mut()
                    {
                        value.push_str(&text);
                    }
                }
                Event::End => {
                    if keeping == Some(open.len()) {
                        keeping = None;
                    }
                    open.pop();
                }
                Event::Eof => return Ok(outline),
            }
        }
    }

    /// Takes note of an element; `true` when its text is to be kept.
    fn begin(&mut self, parent: Option<&str>, tag: &Tag<'a>, offset: usize) -> bool {
        let Some(parent) = parent else {
            self.root = tag.local;
            let guid = tag.attributes.iter().find(|a| a.namespace.is_none() && a.local == "guid");
            self.guid = guid.map(|attribute| attribute.value.clone().into_owned());
            return false;
        };
        if parent == BUSINESS_DATA && self.business.is_none() {
            self.business = Some(tag.local);
        }
        let wanted = WANTED.iter().find(|(around, name)| *around == parent && *name == tag.local);
        let Some((around, name)) = wanted else { return false };
        if self.value(around, name).is_some() {
            return false;
        }
        self.values.push((around, name, String::new(), offset));
        true
    }

    /// A value, when its element is there.
    #[must_use]
    pub fn value(&self, around: &str, name: &str) -> Option<Found<'_>> {
        let found = self.values.iter().find(|value| value.0 == around && value.1 == name);
        found.map(|(_, _, text, offset)| Found { text, offset: *offset })
    }

    /// The text of a value; empty when its element is not there.
    #[must_use]
    pub fn text(&self, around: &str, name: &str) -> &str {
        self.value(around, name).map_or("", |found| found.text)
    }
}
