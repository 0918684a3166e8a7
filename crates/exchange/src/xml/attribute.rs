//! Attributes of a start tag.

use super::character::{self, is_space};
use super::malformed::Malformed;
use super::{ATTRIBUTES_MAX, reference};
use std::borrow::Cow;

/// Name and normalised value.
pub(super) struct RawAttribute<'a> {
    pub(super) name: &'a str,
    pub(super) value: Cow<'a, str>,
}

/// Reads what follows the name in a start tag, `offset` bytes from the start of the document.
pub(super) fn read(content: &str, offset: usize) -> Result<Vec<RawAttribute<'_>>, Malformed> {
    let mut attributes: Vec<RawAttribute<'_>> = Vec::new();
    let mut rest = content;
    let mut at = offset;
    loop {
        let trimmed = rest.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space));
        let spaced = trimmed.len() < rest.len();
        at += rest.len() - trimmed.len();
        rest = trimmed;
        if rest.is_empty() {
            return Ok(attributes);
        }
        if !spaced {
            return Err(Malformed::new(at, rest, "white space before an attribute"));
        }
        let (attribute, length) = read_one(rest, at)?;
        if attributes.iter().any(|other| other.name == attribute.name) {
            return Err(Malformed::new(at, attribute.name, "each attribute once"));
        }
        if attributes.len() == ATTRIBUTES_MAX {
            return Err(Malformed::new(at, attribute.name, format!("at most {ATTRIBUTES_MAX} attributes")));
        }
        attributes.push(attribute);
        rest = rest.get(length..).unwrap_or_default();
        at += length;
    }
}

/// One `name="value"`, and how many bytes it takes.
fn read_one(text: &str, offset: usize) -> Result<(RawAttribute<'_>, usize), Malformed> {
    let space = |c: char| u8::try_from(c).is_ok_and(is_space);
    let wrong = |at: &str, rule: &'static str| Malformed::new(offset + (text.len() - at.len()), at, rule);
    let name = character::leading_name(text);
    if name.is_empty() {
        return Err(wrong(text, "the name of an attribute"));
    }
    let after_name = text.get(name.len()..).unwrap_or_default().trim_start_matches(space);
    let Some(after_equals) = after_name.strip_prefix('=') else {
        return Err(wrong(after_name, "an equals sign after the name of an attribute"));
    };
    let quoted = after_equals.trim_start_matches(space);
    let quote = quoted.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    let (Some(quote), Some(open)) = (quote, quoted.get(1..)) else {
        return Err(wrong(quoted, "a quoted value"));
    };
    let Some((raw, after)) = open.split_once(quote) else { return Err(wrong(open, "a closing quote")) };
    let value = normalise(raw, offset + (text.len() - open.len()))?;
    Ok((RawAttribute { name, value }, text.len() - after.len()))
}

/// Resolves references and makes white space plain, as XML asks for.
fn normalise(raw: &str, offset: usize) -> Result<Cow<'_, str>, Malformed> {
    if let Some((at, character)) = character::find_illegal(raw) {
        return Err(Malformed::new(offset + at, character.escape_unicode().to_string(), "a legal character"));
    }
    if let Some(at) = raw.find('<') {
        return Err(Malformed::new(offset + at, "<", "&lt; in the value of an attribute"));
    }
    if !raw.bytes().any(|byte| matches!(byte, b'&' | b'\t' | b'\n' | b'\r')) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(character) = rest.chars().next() {
        let mut taken = character.len_utf8();
        match character {
            '&' => {
                let body = rest.get(1..).unwrap_or_default();
                let name = body.split_once(';').map(|(name, _)| name);
                let resolved = name.and_then(|name| Some((name.len(), reference::resolve(name)?)));
                let Some((length, resolved)) = resolved else {
                    let found: String = rest.chars().take(20).collect();
                    return Err(Malformed::new(offset + (raw.len() - rest.len()), found, reference::RULE));
                };
                value.push(resolved);
                taken = length + 2;
            }
            '\r' => {
                taken += usize::from(rest.get(1..).is_some_and(|next| next.starts_with('\n')));
                value.push(' ');
            }
            '\t' | '\n' => value.push(' '),
            plain => value.push(plain),
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    Ok(Cow::Owned(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(content: &str) -> Result<Vec<(String, String)>, Malformed> {
        let attributes = read(content, 0)?;
        Ok(attributes.into_iter().map(|a| (a.name.to_owned(), a.value.into_owned())).collect())
    }

    #[test]
    fn values_are_normalised() {
        let found = values(" a = 'x&#10;y\r\nz'\n\tb:c=\"&lt;'>\" ").unwrap();
        assert_eq!(found, [("a".to_owned(), "x\ny z".to_owned()), ("b:c".to_owned(), "<'>".to_owned())]);
    }

    #[test]
    fn broken_attributes_are_malformed() {
        for wrong in [
            "a='1'",
            " a='1'b='2'",
            " a='1' a='2'",
            " a",
            " a=1",
            " a='<'",
            " a='&'",
            " a='&nbsp;'",
            " a='\u{1}'",
            " 1='a'",
            " a='1",
            " a==''",
        ] {
            assert!(values(wrong).is_err(), "{wrong}");
        }
    }
}
