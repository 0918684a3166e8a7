//! The interpreter: a document against a [`Schema`], event by event.

use super::record::{Record, Records, Value};
use super::{Content, Element, Schema, Simple, TypeName};
use crate::xml::{Event, Location, Malformed, Reader, Tag, XSI};
use std::borrow::Cow;
use std::fmt::Write as _;
use zonebook_ledger::reason::Reason;
use zonebook_ledger::refusal::Refusal;

/// The namespace of the types of XML Schema itself.
const XS: &str = "http://www.w3.org/2001/XMLSchema";

/// A document that its schema does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// Path of the element from the root, `BondInvtDt[2]` being the second of its name.
    pub path: String,
    /// Name of the element or attribute.
    pub field: String,
    /// What stands there.
    pub found: String,
    /// What the schema asks for.
    pub rule: String,
    /// Where, in bytes.
    pub offset: usize,
}

impl Invalid {
    /// As a refusal `SCHEMA_INVALID` that says where in the bytes.
    #[must_use]
    pub fn refusal(&self, bytes: &[u8]) -> Refusal {
        Refusal::new(Reason::SchemaInvalid)
            .field(&crate::excerpt(&self.field), crate::excerpt(&self.found))
            .expected(&self.rule)
            .at(format!("{}, {}", Location::of(bytes, self.offset), self.path))
    }
}

/// Why there are no records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Not well-formed.
    Malformed(Malformed),
    /// Not valid.
    Invalid(Box<Invalid>),
}

/// An open element.
struct Frame<'a> {
    element: &'static Element,
    /// Which one of its name it is, where it may repeat.
    ordinal: u32,
    nil: bool,
    /// The type of its value, when `xsi:type` narrows it.
    narrowed: Option<Simple>,
    /// In a sequence: the child that comes next or again.
    next: usize,
    /// In a sequence: how many of that child there were. In an `All`: a bit for each child that was there.
    seen: u64,
    text: Cow<'a, str>,
    offset: usize,
}

/// An element inside of one of any content that the schema does not declare.
static UNDECLARED: Element = Element {
    name: "*",
    content: Content::Any,
    min: 0,
    max: super::UNBOUNDED,
    nillable: false,
    attributes: &[],
    type_name: None,
};

/// Checks a document and collects its business records.
///
/// # Errors
/// The document is malformed or not valid.
pub fn validate<'a>(bytes: &'a [u8], schema: &'static Schema) -> Result<Records<'a>, Failure> {
    let mut reader = Reader::new(bytes).map_err(Failure::Malformed)?;
    let mut interpreter = Interpreter { schema, frames: Vec::new(), records: Records::default(), offset: 0 };
    loop {
        let event = reader.next_event().map_err(Failure::Malformed)?;
        interpreter.offset = reader.offset();
        match event {
            Event::Start(tag) => interpreter.start(tag),
            Event::Text(text) => {
                let blank = text.bytes().all(crate::xml::is_space);
                interpreter.text(text, blank)
            }
            // `libxml2` never takes a CDATA section for white space.
            Event::Cdata(text) => interpreter.text(text, false),
            Event::End => interpreter.end(),
            Event::Eof => return Ok(interpreter.records),
        }
        .map_err(Failure::Invalid)?;
    }
}

const TEXT: TypeName = TypeName::BuiltIn("string");
const ANYTHING: TypeName = TypeName::BuiltIn("anyType");
const LONG: Simple = Simple::Long { total: super::UNBOUNDED };
const STRING: Simple = Simple::Text { min: 0, max: super::UNBOUNDED };

/// A type, one derived from it, and what values of that are like.
const NARROWER: &[(TypeName, TypeName, Simple)] = &[
    (TEXT, TypeName::Own("Date"), Simple::Date),
    (TEXT, TypeName::Own("DateTime"), Simple::DateTime),
    (TypeName::BuiltIn("long"), TypeName::BuiltIn("int"), Simple::Int),
    (ANYTHING, TypeName::Own("Date"), Simple::Date),
    (ANYTHING, TypeName::Own("DateTime"), Simple::DateTime),
    (ANYTHING, TypeName::BuiltIn("string"), STRING),
    (
        ANYTHING,
        TypeName::BuiltIn("decimal"),
        Simple::Decimal { total: super::UNBOUNDED, fraction: super::UNBOUNDED },
    ),
    (ANYTHING, TypeName::BuiltIn("long"), LONG),
    (ANYTHING, TypeName::BuiltIn("int"), Simple::Int),
    (ANYTHING, TypeName::BuiltIn("double"), Simple::Double),
    (ANYTHING, TypeName::BuiltIn("date"), Simple::CalendarDate),
    (ANYTHING, TypeName::BuiltIn("dateTime"), Simple::CalendarDateTime),
];

struct Interpreter<'a> {
    schema: &'static Schema,
    frames: Vec<Frame<'a>>,
    records: Records<'a>,
    offset: usize,
}

type Check = Result<(), Box<Invalid>>;

impl<'a> Interpreter<'a> {
    fn start(&mut self, tag: Tag<'a>) -> Check {
        let (element, ordinal) = self.declaration(&tag)?;
        self.frames.push(Frame {
            element,
            ordinal,
            nil: false,
            narrowed: None,
            next: 0,
            seen: 0,
            text: Cow::Borrowed(""),
            offset: self.offset,
        });
        let nil = self.attributes(element, &tag)?;
        let narrowed = self.narrowed(element, &tag)?;
        if let Some(frame) = self.frames.last_mut() {
            (frame.nil, frame.narrowed) = (nil, narrowed);
        }
        if self.is_record() {
            let record = Record {
                name: element.name,
                values: Vec::with_capacity(element.children().len()),
                offset: self.offset,
            };
            self.records.0.push(record);
        }
        Ok(())
    }

    /// Whether the innermost element is a record: a child of the message's own element.
    fn is_record(&self) -> bool {
        let above = self.frames.len().checked_sub(2).and_then(|at| self.frames.get(at));
        above.is_some_and(|frame| std::ptr::eq(frame.element, &raw const self.schema.business))
    }

    /// What the schema says about an element that begins here, and which one of its name it is.
    fn declaration(&mut self, tag: &Tag<'a>) -> Result<(&'static Element, u32), Box<Invalid>> {
        let known = tag.namespace.as_deref() == self.schema.namespace;
        let schema = self.schema;
        let name = tag.local;
        let root = schema.roots.iter().find(|root| known && root.name == name);
        let Some(frame) = self.frames.last_mut() else {
            return root
                .map(|root| (root, 1))
                .ok_or_else(|| self.wrong(name, tag_name(tag), "Signature".to_owned()));
        };
        let found = match (frame.nil, &frame.element.content) {
            (true, _) => Err("nothing inside of a nil element".to_owned()),
            _ if frame.simple().is_some() => Err("a value, no elements".to_owned()),
            (false, Content::Sequence(children)) => frame.step(children, name, known),
            (false, Content::All(children)) => frame.tick(children, name, known),
            (false, Content::Business) => frame.step(std::slice::from_ref(&schema.business), name, known),
            (false, Content::Empty | Content::Value(_)) => Err("nothing inside".to_owned()),
            // Anything goes, but what the schema declares must be as it says.
            (false, Content::Any) => Ok((root.unwrap_or(&UNDECLARED), 1)),
        };
        found.map_err(|rule| self.wrong(name, tag_name(tag), rule))
    }

    /// Checks the attributes; says whether the element is nil.
    fn attributes(&self, element: &'static Element, tag: &Tag<'a>) -> Result<bool, Box<Invalid>> {
        let mut nil = false;
        for attribute in &tag.attributes {
            let value = attribute.value.as_ref();
            let refuse = |rule: String| self.wrong(attribute.local, value, rule);
            match (attribute.namespace.as_deref(), attribute.local) {
                (Some(XSI), "nil") => {
                    nil = match value.trim_matches([' ', '\t', '\n', '\r']) {
                        "true" | "1" => true,
                        "false" | "0" => false,
                        _ => return Err(refuse("true or false".to_owned())),
                    };
                    if !element.nillable {
                        return Err(refuse("no xsi:nil on this element".to_owned()));
                    }
                }
                (Some(XSI), "type" | "schemaLocation" | "noNamespaceSchemaLocation") => {}
                _ if matches!(element.content, Content::Any) => {}
                (None, name) => match element.attributes.iter().find(|known| known.name == name) {
                    Some(known) if known.simple.accepts(value) => {}
                    Some(known) => return Err(refuse(known.simple.to_string())),
                    None => return Err(refuse("no such attribute here".to_owned())),
                },
                _ => return Err(refuse("no such attribute here".to_owned())),
            }
        }
        let is_missing = |known: &&super::Attribute| {
            known.required
                && !tag.attributes.iter().any(|found| found.namespace.is_none() && found.local == known.name)
        };
        match element.attributes.iter().find(is_missing) {
            Some(missing) => Err(self.wrong(missing.name, "", "this attribute".to_owned())),
            None => Ok(nil),
        }
    }

    /// `xsi:type` may name the type that the element has, or one derived from it: of those, the table has the types of
    /// its own values; XML Schema's further kinds of text (`token` and its kin) are refused.
    fn narrowed(&self, element: &Element, tag: &Tag<'a>) -> Result<Option<Simple>, Box<Invalid>> {
        let Some(named) = &tag.named_type else { return Ok(None) };
        let built_in = named.namespace.as_deref() == Some(XS);
        let own = named.namespace.as_deref() == self.schema.namespace;
        let is = |known: TypeName| match known {
            TypeName::BuiltIn(name) => built_in && named.local == name,
            TypeName::Own(name) => own && named.local == name,
        };
        match element.type_name {
            Some(declared) if is(declared) => Ok(None),
            Some(declared) => {
                let narrower = NARROWER.iter().find(|(from, to, _)| *from == declared && is(*to));
                let rule = format!("a type derived from {declared:?}");
                narrower
                    .map(|(_, _, simple)| Some(*simple))
                    .ok_or_else(|| self.wrong("xsi:type", &named.local, rule))
            }
            None => Err(self.wrong("xsi:type", &named.local, "no xsi:type on this element".to_owned())),
        }
    }

    /// Takes characters; those that are blank may stand between elements.
    fn text(&mut self, text: Cow<'a, str>, blank: bool) -> Check {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let rule = match (frame.nil, &frame.element.content) {
            (true, _) => "nothing inside of a nil element",
            _ if frame.simple().is_some() => {
                if frame.text.is_empty() {
                    frame.text = text;
                } else {
                    frame.text.to_mut().push_str(&text);
                }
                return Ok(());
            }
            (_, Content::Any) => return Ok(()),
            (_, Content::Empty | Content::Value(_)) => "nothing inside, not even white space",
            _ if blank => return Ok(()),
            _ => "elements, no text",
        };
        let name = frame.element.name;
        Err(self.wrong(name, text.trim(), rule.to_owned()))
    }

    fn end(&mut self) -> Check {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let element = frame.element;
        let missing = match (&element.content, frame.simple()) {
            _ if frame.nil => None,
            (_, Some(simple)) if !simple.accepts(&frame.text) => {
                return Err(self.wrong(element.name, &frame.text, simple.to_string()));
            }
            (Content::Sequence(children), None) => frame.missing(children),
            (Content::All(children), None) => frame.unticked(children),
            (Content::Business, None) => frame.missing(std::slice::from_ref(&self.schema.business)),
            _ => None,
        };
        if let Some(missing) = missing {
            return Err(self.wrong(missing, "", format!("{missing} before the end of {}", element.name)));
        }
        let record_is_open = self.frames.len().checked_sub(3).and_then(|at| self.frames.get(at));
        let in_record =
            record_is_open.is_some_and(|frame| std::ptr::eq(frame.element, &raw const self.schema.business));
        if let Some(frame) = self.frames.pop()
            && let Some(simple) = frame.simple()
            && in_record
            && !frame.nil
            && let Some(record) = self.records.0.last_mut()
        {
            record.values.push(Value {
                name: element.name,
                text: trimmed(simple, frame.text),
                offset: frame.offset,
            });
        }
        Ok(())
    }

    fn wrong(&self, field: &str, found: impl AsRef<str>, rule: String) -> Box<Invalid> {
        let mut path = String::new();
        for frame in &self.frames {
            path.push('/');
            path.push_str(frame.element.name);
            if frame.element.max > 1 {
                let _ = write!(path, "[{}]", frame.ordinal);
            }
        }
        let found = crate::excerpt(found.as_ref());
        Box::new(Invalid { path, field: field.to_owned(), found, rule, offset: self.offset })
    }
}

impl Frame<'_> {
    /// The type of its value, when it has one.
    fn simple(&self) -> Option<Simple> {
        match (self.narrowed, &self.element.content) {
            (None, Content::Value(simple)) => Some(*simple),
            (narrowed, _) => narrowed,
        }
    }

    /// Finds a child in a sequence and moves to it.
    fn step(
        &mut self,
        children: &'static [Element],
        name: &str,
        known: bool,
    ) -> Result<(&'static Element, u32), String> {
        let mut at = self.next;
        let mut count = self.seen;
        while let Some(child) = children.get(at) {
            if known && child.name == name && count < u64::from(child.max) {
                self.next = at;
                self.seen = count + 1;
                return Ok((child, u32::try_from(self.seen).unwrap_or(u32::MAX)));
            }
            if count < u64::from(child.min) {
                break;
            }
            at += 1;
            count = 0;
        }
        Err(self.expected(children))
    }

    /// What could come next in a sequence, in words.
    fn expected(&self, children: &'static [Element]) -> String {
        let mut names = Vec::new();
        let mut count = self.seen;
        for child in children.get(self.next..).unwrap_or_default() {
            if count < u64::from(child.max) {
                names.push(child.name);
            }
            if count < u64::from(child.min) {
                return names.join(" or ");
            }
            count = 0;
        }
        names.push("the end");
        names.join(" or ")
    }

    /// A child that a sequence still needs.
    fn missing(&self, children: &'static [Element]) -> Option<&'static str> {
        let mut count = self.seen;
        for child in children.get(self.next..).unwrap_or_default() {
            if count < u64::from(child.min) {
                return Some(child.name);
            }
            count = 0;
        }
        None
    }

    /// Finds a child in an `All` and ticks it off.
    fn tick(
        &mut self,
        children: &'static [Element],
        name: &str,
        known: bool,
    ) -> Result<(&'static Element, u32), String> {
        let found = children.iter().enumerate().find(|(_, child)| known && child.name == name);
        match found {
            Some((at, child)) if self.seen & (1 << at) == 0 => {
                self.seen |= 1 << at;
                Ok((child, 1))
            }
            Some(_) => Err(format!("{name} once")),
            None => Err(children.iter().map(|child| child.name).collect::<Vec<_>>().join(" or ")),
        }
    }

    /// A child that an `All` still needs.
    fn unticked(&self, children: &'static [Element]) -> Option<&'static str> {
        let needed = |(at, child): &(usize, &Element)| child.min > 0 && self.seen & (1 << at) == 0;
        children.iter().enumerate().find(needed).map(|(_, child)| child.name)
    }
}

fn tag_name(tag: &Tag<'_>) -> String {
    match &tag.namespace {
        Some(namespace) => format!("{{{namespace}}}{}", tag.local),
        None => tag.local.to_owned(),
    }
}

fn trimmed(simple: Simple, text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(simple.trimmed(text)),
        Cow::Owned(text) => Cow::Owned(simple.trimmed(&text).to_owned()),
    }
}
