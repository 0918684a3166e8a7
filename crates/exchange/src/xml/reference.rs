//! References: `&amp;`, `&#26448;`.

use super::character;

/// What stands for `&name;`, without the ampersand and the semicolon. There is no document type, so only the five
/// entities of XML and characters by number are known.
pub(super) fn resolve(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => by_number(name.strip_prefix('#')?),
    }
}

fn by_number(digits: &str) -> Option<char> {
    let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |hexadecimal| (hexadecimal, 16));
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    let number = u32::from_str_radix(if significant.is_empty() { "0" } else { significant }, radix).ok()?;
    char::from_u32(number).filter(|character| character::is_allowed(*character))
}

/// The rule, for messages.
pub(super) const RULE: &str = "one of &amp; &lt; &gt; &quot; &apos; or the number of a legal character";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_five_names_and_numbers() {
        assert_eq!(resolve("quot"), Some('"'));
        assert_eq!(resolve("#26448"), Some('材'));
        assert_eq!(resolve("#x0041"), Some('A'));
        for wrong in
            ["nbsp", "#", "#x", "#0", "#X41", "#xFFFE", "#x110000", "#-1", "#99999999999999999999", ""]
        {
            assert_eq!(resolve(wrong), None, "{wrong}");
        }
    }
}
