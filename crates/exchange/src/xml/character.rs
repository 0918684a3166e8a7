//! Which characters XML 1.0 (fifth edition) allows, and where.

/// A character that may stand in a document (production `Char`).
pub(super) fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// The first character that may not, and its offset.
pub(super) fn find_illegal(text: &str) -> Option<(usize, char)> {
    // All that is illegal begins with a control byte or with 0xEF (U+FFFE, U+FFFF).
    if !text.bytes().any(|byte| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0xEF) {
        return None;
    }
    text.char_indices().find(|(_, character)| !is_allowed(*character))
}

/// White space (production `S`).
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Nothing but white space.
pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().all(is_space)
}

fn is_name_start(character: char) -> bool {
    matches!(character,
        ':' | '_' | 'A'..='Z' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn is_name_part(character: char) -> bool {
    is_name_start(character)
        || matches!(character, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// The name (production `Name`) that a text begins with; empty when it begins with none.
pub(super) fn leading_name(text: &str) -> &str {
    let mut characters = text.char_indices();
    match characters.next() {
        Some((_, first)) if is_name_start(first) => {}
        _ => return "",
    }
    let end = characters.find(|(_, character)| !is_name_part(*character)).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_begin_with_letters() {
        assert_eq!(leading_name("账册-1>"), "账册-1");
        assert_eq!(leading_name("a:b c"), "a:b");
        assert_eq!(leading_name("1a"), "");
        assert_eq!(leading_name("-a"), "");
        assert_eq!(leading_name(""), "");
    }

    #[test]
    fn control_characters_and_noncharacters_are_illegal() {
        assert_eq!(find_illegal("a\t\r\n\u{85}\u{E000}\u{FEFF}😀"), None);
        assert_eq!(find_illegal("ab\u{1}"), Some((2, '\u{1}')));
        assert_eq!(find_illegal("\u{FFFE}"), Some((0, '\u{FFFE}')));
        assert_eq!(find_illegal("\u{7F}"), None);
    }
}
