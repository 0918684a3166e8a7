//! The XML declaration: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`.

use super::character::is_space;
use super::malformed::Malformed;

/// Reads the attributes of the declaration one after the other.
struct Cursor<'a> {
    rest: &'a str,
    offset: usize,
}

impl<'a> Cursor<'a> {
    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
        self.offset += bytes;
    }

    fn skip_space(&mut self) -> bool {
        let spaces = self.rest.bytes().take_while(|byte| is_space(*byte)).count();
        self.skip(spaces);
        spaces > 0
    }

    /// The value of `name="value"`; `None` when something else stands here.
    fn value(&mut self, name: &str) -> Result<Option<&'a str>, Malformed> {
        if !self.rest.starts_with(name) {
            return Ok(None);
        }
        self.skip(name.len());
        self.skip_space();
        if !self.rest.starts_with('=') {
            return Err(self.wrong("an equals sign"));
        }
        self.skip(1);
        self.skip_space();
        let quote = self.rest.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let Some(quote) = quote else { return Err(self.wrong("a quoted value")) };
        self.skip(1);
        let Some((value, _)) = self.rest.split_once(quote) else {
            return Err(self.wrong("a closing quote"));
        };
        self.skip(value.len() + 1);
        Ok(Some(value))
    }

    fn wrong(&self, rule: &'static str) -> Malformed {
        Malformed::new(self.offset, self.rest, rule)
    }
}

/// Checks what stands between `<?xml` and `?>`.
pub(super) fn check(content: &str, offset: usize) -> Result<(), Malformed> {
    let mut cursor = Cursor { rest: content, offset };
    cursor.skip_space();
    match cursor.value("version")? {
        Some(version) if is_version(version) => {}
        _ => return Err(Malformed::new(offset, content, "version=\"1.0\" first in the XML declaration")),
    }
    let mut spaced = cursor.skip_space();
    if spaced && let Some(encoding) = cursor.value("encoding")? {
        if !is_utf8(encoding) {
            return Err(Malformed::new(cursor.offset, encoding, "the encoding UTF-8"));
        }
        spaced = cursor.skip_space();
    }
    if spaced && let Some(standalone) = cursor.value("standalone")? {
        if !matches!(standalone, "yes" | "no") {
            return Err(Malformed::new(cursor.offset, standalone, "standalone=\"yes\" or standalone=\"no\""));
        }
        cursor.skip_space();
    }
    if cursor.rest.is_empty() { Ok(()) } else { Err(cursor.wrong("the end of the XML declaration, ?>")) }
}

/// Version 1.0, and those of the same major number, which a processor of 1.0 reads as 1.0.
fn is_version(version: &str) -> bool {
    version.strip_prefix("1.").is_some_and(|minor| minor.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Names of encodings are compared by their letters and digits alone, as `libxml2` and its converters do.
fn is_utf8(encoding: &str) -> bool {
    let begins = encoding.starts_with(|first: char| first.is_ascii_alphabetic());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let significant =
        encoding.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    begins && encoding.bytes().all(plain) && significant.eq(*b"utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_values_are_fixed() {
        for right in [
            " version='1.0'",
            " version = \"1.0\" encoding='utf-8' ",
            " version='1.0' encoding='UTF-8' standalone=\"no\"",
            " version='1.0' standalone='yes'",
        ] {
            assert_eq!(check(right, 0), Ok(()), "{right}");
        }
        for wrong in [
            "",
            " encoding='UTF-8'",
            " version='2.0'",
            " version=1.0",
            " version='1.0",
            " version='1.0' encoding='GBK'",
            " version='1.0' encoding='UTF 8'",
            " version='1.0' encoding='UTF-18'",
            " version='1.0' encoding='UTF-16'",
            " version='1.0' encoding='ISO-8859-1'",
            " version='1.0'encoding='UTF-8'",
            " version='1.0' standalone='yes' encoding='UTF-8'",
            " version='1.0' standalone='maybe'",
            " version='1.0' more='1'",
        ] {
            assert!(check(wrong, 0).is_err(), "{wrong}");
        }
    }
}
