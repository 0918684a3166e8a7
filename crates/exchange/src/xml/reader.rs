//! The pull reader.

use super::malformed::Malformed;
use super::namespace::{self, Namespaces};
use super::{BYTES_MAX, DEPTH_MAX, NAMESPACES_MAX, attribute, character, declaration, reference};
use quick_xml::events::Event as Token;
use std::borrow::Cow;

/// What a document is made of. Comments, processing instructions and the XML declaration are checked and passed over.
#[derive(Debug)]
pub enum Event<'a> {
    /// An element begins.
    Start(Tag<'a>),
    /// The innermost element ends.
    End,
    /// Characters of the innermost element; a run of them may come in several pieces.
    Text(Cow<'a, str>),
    /// Characters too, of a CDATA section.
    Cdata(Cow<'a, str>),
    /// The document ends.
    Eof,
}

/// A start tag.
#[derive(Debug)]
pub struct Tag<'a> {
    /// The namespace of the element.
    pub namespace: Option<Cow<'a, str>>,
    /// The name without its prefix.
    pub local: &'a str,
    /// Attributes but for namespace declarations.
    pub attributes: Vec<Attribute<'a>>,
    /// The type that `xsi:type` names.
    pub named_type: Option<NamedType<'a>>,
}

/// What `xsi:type` names: a namespace and a local name.
#[derive(Debug)]
pub struct NamedType<'a> {
    /// The namespace; `None` when there is none, or when its prefix is not declared.
    pub namespace: Option<Cow<'a, str>>,
    /// The name without its prefix; the whole text when its prefix is not declared.
    pub local: String,
}

/// An attribute.
#[derive(Debug)]
pub struct Attribute<'a> {
    /// Its namespace.
    pub namespace: Option<Cow<'a, str>>,
    /// The name without its prefix.
    pub local: &'a str,
    /// The value, normalised.
    pub value: Cow<'a, str>,
}

/// Reads a document from its beginning, event by event.
pub struct Reader<'a> {
    text: &'a str,
    /// Bytes before `text`: a byte order mark.
    skipped: usize,
    tokens: quick_xml::Reader<&'a [u8]>,
    open: Vec<&'a str>,
    namespaces: Namespaces<'a>,
    root_seen: bool,
    /// An empty-element tag was read: its end comes next.
    end_pending: bool,
    /// A NUL was read behind the root element. `libxml2` takes it for the end of the document, whatever follows, and
    /// so do those who pad with NULs.
    ended: bool,
    offset: usize,
}

/// White space (production `S`).
const XML_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

impl<'a> Reader<'a> {
    /// Over the bytes of a message.
    ///
    /// # Errors
    /// There are too many bytes, or they are not UTF-8.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Malformed> {
        if bytes.len() > BYTES_MAX {
            return Err(Malformed::new(
                0,
                format!("{} bytes", bytes.len()),
                format!("at most {BYTES_MAX} bytes"),
            ));
        }
        if let [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, b'<', ..] | [b'<', 0, ..] = bytes {
            return Err(Malformed::new(0, "UTF-16 or UTF-32", "the encoding UTF-8"));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let at = error.valid_up_to();
            let found = bytes.get(at..(at + 4).min(bytes.len())).unwrap_or_default();
            Malformed::new(at, format!("bytes {found:02X?}"), "the encoding UTF-8")
        })?;
        let without_mark = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let mut tokens = quick_xml::Reader::from_str(without_mark);
        let config = tokens.config_mut();
        // Names and comments are checked here, the ends of elements with them.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        Ok(Self {
            text: without_mark,
            skipped: text.len() - without_mark.len(),
            tokens,
            open: Vec::new(),
            namespaces: Namespaces::default(),
            root_seen: false,
            end_pending: false,
            ended: false,
            offset: 0,
        })
    }

    /// Where the event last read begins, in bytes from the start of the message.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset + self.skipped
    }

    /// How many elements are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The next event. After [`Event::Eof`] there is nothing more to ask for.
    ///
    /// # Errors
    /// The document breaks a rule here.
    pub fn next_event(&mut self) -> Result<Event<'a>, Malformed> {
        if std::mem::take(&mut self.end_pending) {
            self.close();
            return Ok(Event::End);
        }
        if self.ended {
            return Ok(Event::Eof);
        }
        loop {
            self.offset = position(self.tokens.buffer_position());
            let token = match self.tokens.read_event() {
                Ok(token) => token,
                Err(error) => {
                    let at = position(self.tokens.error_position()) + self.skipped;
                    return Err(Malformed::new(at, error.to_string(), "well-formed markup"));
                }
            };
            let end = position(self.tokens.buffer_position());
            let raw = self.text.get(self.offset..end).unwrap_or_default();
            if let Some(event) = self.event(&token, raw)? {
                return Ok(event);
            }
        }
    }

    fn event(&mut self, token: &Token<'_>, raw: &'a str) -> Result<Option<Event<'a>>, Malformed> {
        match token {
            Token::Start(_) => self.start(inside(raw, "<", ">")).map(Some),
            Token::Empty(_) => {
                self.end_pending = true;
                self.start(inside(raw, "<", "/>")).map(Some)
            }
            Token::End(_) => self.end(inside(raw, "</", ">")).map(Some),
            Token::Text(_) => self.characters(raw),
            Token::CData(_) => self.cdata(inside(raw, "<![CDATA[", "]]>")).map(Some),
            Token::GeneralRef(_) => self.reference(inside(raw, "&", ";")).map(Some),
            Token::Comment(_) => self.comment(inside(raw, "<!--", "-->")).map(|()| None),
            Token::PI(_) => self.instruction(inside(raw, "<?", "?>")).map(|()| None),
            Token::Decl(_) => self.declaration(inside(raw, "<?xml", "?>")).map(|()| None),
            Token::DocType(_) => Err(self.wrong(raw, "no document type declaration, and no entities")),
            Token::Eof => self.eof().map(Some),
        }
    }

    fn start(&mut self, content: &'a str) -> Result<Event<'a>, Malformed> {
        let name = character::leading_name(content);
        if name.is_empty() {
            return Err(self.wrong(content, "the name of an element"));
        }
        if self.open.is_empty() && self.root_seen {
            return Err(self.wrong(name, "one root element"));
        }
        if self.open.len() == DEPTH_MAX {
            return Err(self.wrong(name, format!("elements nested at most {DEPTH_MAX} deep")));
        }
        let attributes_at = self.offset() + 1 + name.len();
        let raw = attribute::read(content.get(name.len()..).unwrap_or_default(), attributes_at)?;
        self.root_seen = true;
        self.open.push(name);
        let depth = self.open.len();
        let mut plain = Vec::with_capacity(raw.len());
        for attribute in raw {
            let Some(prefix) = namespace::declared_prefix(attribute.name) else {
                plain.push(attribute);
                continue;
            };
            if !self.namespaces.declare(depth, prefix, attribute.value) {
                return Err(self.wrong(name, format!("at most {NAMESPACES_MAX} namespaces in force")));
            }
        }
        let (namespace, local) = self.namespaces.element(name);
        let resolve = |attribute: attribute::RawAttribute<'a>| {
            let (namespace, local) = self.namespaces.attribute(attribute.name);
            Attribute { namespace, local, value: attribute.value }
        };
        let attributes: Vec<Attribute<'a>> = plain.into_iter().map(resolve).collect();
        let named_type = self.named_type(&attributes);
        Ok(Event::Start(Tag { namespace, local, attributes, named_type }))
    }

    fn named_type(&self, attributes: &[Attribute<'a>]) -> Option<NamedType<'a>> {
        let is_type = |attribute: &&Attribute<'a>| {
            attribute.local == "type" && attribute.namespace.as_deref() == Some(super::XSI)
        };
        let name = attributes.iter().find(is_type)?.value.trim_matches(XML_SPACE);
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let namespace = self.namespaces.resolve(prefix);
        let declared = prefix.is_empty() || namespace.is_some();
        Some(NamedType { namespace, local: if declared { local } else { name }.to_owned() })
    }

    fn end(&mut self, content: &'a str) -> Result<Event<'a>, Malformed> {
        let name = content.trim_end_matches(XML_SPACE);
        match self.open.last() {
            Some(open) if *open == name => {
                self.close();
                Ok(Event::End)
            }
            Some(open) => Err(self.wrong(format!("</{name}>"), format!("</{open}>"))),
            None => Err(self.wrong(format!("</{name}>"), "an element to end")),
        }
    }

    fn close(&mut self) {
        self.open.pop();
        self.namespaces.leave(self.open.len());
    }

    fn characters(&mut self, raw: &'a str) -> Result<Option<Event<'a>>, Malformed> {
        if self.open.is_empty() && self.root_seen && raw.trim_start_matches(XML_SPACE).starts_with('\0') {
            self.ended = true;
            return Ok(Some(Event::Eof));
        }
        self.check_characters(raw)?;
        if self.open.is_empty() {
            return if character::is_blank(raw) {
                Ok(None)
            } else {
                Err(self.wrong(raw.trim(), "no text outside of the root element"))
            };
        }
        if let Some(at) = raw.find("]]>") {
            return Err(Malformed::new(self.offset() + at, "]]>", "]]&gt; in text"));
        }
        Ok(if raw.is_empty() { None } else { Some(Event::Text(with_plain_newlines(raw))) })
    }

    fn cdata(&self, content: &'a str) -> Result<Event<'a>, Malformed> {
        self.check_characters(content)?;
        if self.open.is_empty() {
            return Err(self.wrong("<![CDATA[", "no text outside of the root element"));
        }
        Ok(Event::Cdata(with_plain_newlines(content)))
    }

    fn reference(&self, name: &'a str) -> Result<Event<'a>, Malformed> {
        if self.open.is_empty() {
            return Err(self.wrong(format!("&{name};"), "no text outside of the root element"));
        }
        match reference::resolve(name) {
            Some(character) => Ok(Event::Text(Cow::Owned(character.to_string()))),
            None => Err(self.wrong(format!("&{name};"), reference::RULE)),
        }
    }

    fn comment(&self, content: &str) -> Result<(), Malformed> {
        self.check_characters(content)?;
        if content.contains("--") || content.ends_with('-') {
            return Err(self.wrong("--", "no two hyphens inside of a comment"));
        }
        Ok(())
    }

    fn instruction(&self, content: &str) -> Result<(), Malformed> {
        self.check_characters(content)?;
        let target = character::leading_name(content);
        let after = content.get(target.len()..).unwrap_or_default();
        if target.is_empty() || target.eq_ignore_ascii_case("xml") {
            return Err(self.wrong(content, "a processing instruction with a name other than xml"));
        }
        if !after.is_empty() && !after.bytes().next().is_some_and(character::is_space) {
            return Err(self.wrong(content, "white space after the name of a processing instruction"));
        }
        Ok(())
    }

    fn declaration(&self, content: &str) -> Result<(), Malformed> {
        if self.offset != 0 {
            return Err(self.wrong("<?xml", "the XML declaration only at the very beginning"));
        }
        declaration::check(content, self.offset() + "<?xml".len())
    }

    fn eof(&self) -> Result<Event<'a>, Malformed> {
        match self.open.last() {
            Some(open) => Err(self.wrong("the end of the document", format!("</{open}>"))),
            None if self.root_seen => Ok(Event::Eof),
            None => Err(self.wrong("the end of the document", "a root element")),
        }
    }

    fn check_characters(&self, content: &str) -> Result<(), Malformed> {
        match character::find_illegal(content) {
            None => Ok(()),
            // The offset of the token is near enough: the illegal character itself is named.
            Some((at, illegal)) => Err(Malformed::new(
                self.offset() + at,
                illegal.escape_unicode().to_string(),
                "a legal character",
            )),
        }
    }

    fn wrong(&self, found: impl Into<String>, rule: impl Into<Cow<'static, str>>) -> Malformed {
        Malformed::new(self.offset(), found, rule)
    }
}

/// Positions in a text of at most [`BYTES_MAX`] bytes always fit.
fn position(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

/// What stands between the delimiters of a token.
fn inside<'a>(raw: &'a str, before: &str, after: &str) -> &'a str {
    raw.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).unwrap_or_default()
}

/// Every kind of line end is read as a line feed.
fn with_plain_newlines(raw: &str) -> Cow<'_, str> {
    if raw.contains('\r') {
        Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(raw)
    }
}
