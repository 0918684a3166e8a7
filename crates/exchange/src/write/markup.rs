//! XML, written: indented, escaped, UTF-8.

use std::fmt::Write;

/// A document in the making.
pub(super) struct Markup {
    text: String,
    open: Vec<String>,
}

impl Markup {
    pub(super) fn new() -> Self {
        Self { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new() }
    }

    fn indent(&mut self) {
        for _ in 0..self.open.len() {
            self.text.push_str("  ");
        }
    }

    /// Begins an element.
    pub(super) fn begin(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        let _ = write!(self.text, "<{name}");
        for (attribute, value) in attributes {
            let _ = write!(self.text, " {attribute}=\"{}\"", escaped(value));
        }
        self.text.push_str(">\n");
        self.open.push(name.to_owned());
    }

    /// Ends the innermost element.
    pub(super) fn end(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            let _ = writeln!(self.text, "</{name}>");
        }
    }

    /// An element with a value.
    pub(super) fn value(&mut self, name: &str, value: &str) {
        self.indent();
        let _ = writeln!(self.text, "<{name}>{}</{name}>", escaped(value));
    }

    /// An element without one.
    pub(super) fn nil(&mut self, name: &str) {
        self.indent();
        let _ = writeln!(self.text, "<{name} xsi:nil=\"true\"/>");
    }

    /// The bytes, when every element has ended.
    pub(super) fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.end();
        }
        self.text.into_bytes()
    }
}

/// A text as it may stand in an element or an attribute. A character that XML has no way to write becomes the
/// replacement character.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#13;"),
            '\t' | '\n' => escaped.push(character),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{Event, Reader};

    #[test]
    fn what_is_escaped_reads_back() {
        let text = "a < b && c > d \"quoted\" ]]> 三\r\n\u{10FFFF}";
        let mut markup = Markup::new();
        markup.begin("a", &[("b", text)]);
        markup.value("c", text);
        let bytes = markup.finish();
        let mut reader = Reader::new(&bytes).unwrap();
        let mut read = String::new();
        let mut depth = 0;
        loop {
            match reader.next_event().unwrap() {
                Event::Start(_) => depth += 1,
                Event::End => depth -= 1,
                Event::Text(text) | Event::Cdata(text) if depth == 2 => read.push_str(&text),
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(read, text);
    }

    #[test]
    fn what_xml_cannot_say_is_replaced() {
        assert_eq!(escaped("a\u{1}b\u{FFFF}"), "a\u{FFFD}b\u{FFFD}");
    }
}
