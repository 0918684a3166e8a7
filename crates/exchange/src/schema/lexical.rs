//! Values against their types.

use super::{Simple, UNBOUNDED};
use std::fmt;

/// Digits that a decimal may have at all; a limit of `libxml2`, which XML Schema allows (its minimum is 18).
const DECIMAL_DIGITS_MAX: usize = 24;

impl Simple {
    /// Whether white space around a value counts: it does in texts. XML Schema drops it around all other values;
    /// `libxml2` does so around decimals and doubles only.
    #[must_use]
    pub const fn keeps_space(self) -> bool {
        !matches!(self, Self::Decimal { .. } | Self::Double | Self::OneOf(_))
    }

    /// The value without the white space that does not count.
    #[must_use]
    pub fn trimmed(self, text: &str) -> &str {
        if self.keeps_space() { text } else { text.trim_matches([' ', '\t', '\n', '\r']) }
    }

    /// Whether a text is a value of this type.
    #[must_use]
    pub fn accepts(self, text: &str) -> bool {
        let value = self.trimmed(text);
        match self {
            Self::Text { min, max } => (min..=max).contains(&characters(value)),
            Self::OneOf(values) => values.contains(&value),
            Self::Date => value.is_empty() || is_civil_date(value),
            Self::DateTime => value.is_empty() || is_civil_date_time(value),
            // `libxml2` takes a sign for a decimal when white space stands behind it.
            Self::Decimal { .. } if matches!(value, "+" | "-") => !text.ends_with(value),
            Self::Decimal { total, fraction } => is_decimal(value, total, fraction),
            Self::Long { total } => {
                value.parse::<i64>().is_ok() && significant_digits(value) <= at_most(total)
            }
            Self::Int => value.parse::<i32>().is_ok(),
            Self::Double => is_double(value),
            Self::CalendarDate => date_and_rest(value).is_some_and(is_zone),
            Self::CalendarDateTime => is_calendar_date_time(value),
        }
    }
}

fn at_most(bound: u32) -> usize {
    usize::try_from(bound).unwrap_or(usize::MAX)
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(UNBOUNDED)
}

/// The number of digits without sign and leading zeros.
fn significant_digits(integer: &str) -> usize {
    integer.trim_start_matches(['+', '-']).trim_start_matches('0').len()
}

fn is_decimal(text: &str, total_max: u32, fraction_max: u32) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.len() + fraction.len() == 0 {
        return false;
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() + fraction.len() > DECIMAL_DIGITS_MAX {
        return false;
    }
    let fraction = fraction.trim_end_matches('0');
    whole.len() + fraction.len() <= at_most(total_max) && fraction.len() <= at_most(fraction_max)
}

fn is_double(text: &str) -> bool {
    if matches!(text, "NaN" | "INF" | "-INF") {
        return true;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        None => (unsigned, None),
        Some(at) => (unsigned.get(..at).unwrap_or_default(), unsigned.get(at + 1..)),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_fits = digits(whole) && digits(fraction) && whole.len() + fraction.len() > 0;
    // `libxml2` takes an exponent without digits.
    let exponent_fits = exponent.is_none_or(|power| digits(power.strip_prefix(['+', '-']).unwrap_or(power)));
    mantissa_fits && exponent_fits
}

/// Whether a text has the form of a mask: `9` any digit, `3` a digit up to 3, `2` up to 2, `5` up to 5, else itself.
fn fits(text: &str, mask: &str) -> bool {
    text.len() == mask.len()
        && text.bytes().zip(mask.bytes()).all(|(byte, mask)| match mask {
            b'2' | b'3' | b'5' | b'9' => (b'0'..=mask).contains(&byte),
            exact => byte == exact,
        })
}

/// [`super::DATE_PATTERN`] without the empty alternative.
fn is_civil_date(text: &str) -> bool {
    let month = text.get(5..7).unwrap_or_default();
    fits(text, "9999-99-39") && ("01"..="12").contains(&month)
}

/// [`super::DATE_TIME_PATTERN`] without the empty alternative.
fn is_civil_date_time(text: &str) -> bool {
    let (Some(date), Some(time)) = (text.get(..10), text.get(10..)) else { return false };
    is_civil_date(date) && fits(time, " 29:59:59")
}

/// What stands behind the date of an `xs:date` or `xs:dateTime`.
fn date_and_rest(text: &str) -> Option<&str> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let year_length = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let year = unsigned.get(..year_length)?;
    let plain = year_length == 4 || year_length > 4 && !year.starts_with('0');
    if !plain || year.bytes().all(|byte| byte == b'0') {
        return None;
    }
    let rest = unsigned.get(year_length..)?;
    let (month_day, after) = rest.split_at_checked(6)?;
    if !fits(month_day, "-99-99") {
        return None;
    }
    let month: u32 = month_day.get(1..3)?.parse().ok()?;
    let day: u32 = month_day.get(4..6)?.parse().ok()?;
    // Leap years repeat every 400 years, and only four digits matter for that.
    let last_digits: u32 = year.get(year_length.saturating_sub(4)..)?.parse().ok()?;
    let leap =
        last_digits.is_multiple_of(4) && (!last_digits.is_multiple_of(100) || year_is_multiple_of_400(year));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&day).then_some(after)
}

fn year_is_multiple_of_400(year: &str) -> bool {
    year.bytes().fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 400) == 0
}

fn is_calendar_date_time(text: &str) -> bool {
    let Some((time, rest)) = date_and_rest(text).and_then(|rest| rest.split_at_checked(9)) else {
        return false;
    };
    if !fits(time, "T99:59:59") {
        return false;
    }
    let (fraction, zone) = match rest.strip_prefix('.') {
        None => ("", rest),
        Some(fraction) => {
            let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
            if length == 0 {
                return false;
            }
            fraction.split_at_checked(length).unwrap_or_default()
        }
    };
    let midnight = time == "T24:00:00" && fraction.bytes().all(|digit| digit == b'0');
    let hour = time.get(1..3).unwrap_or_default();
    (hour < "24" || midnight) && is_zone(zone)
}

/// `Z`, `+hh:mm`, `-hh:mm` up to fourteen hours, or nothing.
fn is_zone(text: &str) -> bool {
    let Some(offset) = text.strip_prefix(['+', '-']) else { return matches!(text, "" | "Z") };
    fits(offset, "99:59") && offset <= "14:00"
}

/// The rule in words, for messages.
impl fmt::Display for Simple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { min: 0, max: UNBOUNDED } => f.write_str("text"),
            Self::Text { min, max } if min == max => write!(f, "exactly {max} characters"),
            Self::Text { min: 0, max } => write!(f, "at most {max} characters"),
            Self::Text { min, max } => write!(f, "{min} to {max} characters"),
            Self::OneOf(values) => write!(f, "{}", values.join(" or ")),
            Self::Date => f.write_str("YYYY-MM-DD or nothing"),
            Self::DateTime => f.write_str("YYYY-MM-DD hh:mm:ss or nothing"),
            Self::Decimal { total, fraction } => {
                write!(f, "a decimal number of at most {total} digits, {fraction} of them behind the point")
            }
            Self::Long { .. } => f.write_str("an integer of 64 bits"),
            Self::Int => f.write_str("an integer of 32 bits"),
            Self::Double => f.write_str("a number"),
            Self::CalendarDate => f.write_str("a date YYYY-MM-DD"),
            Self::CalendarDateTime => f.write_str("a date and time YYYY-MM-DDThh:mm:ss"),
        }
    }
}
