//! Times of the ledger, and times that documents only report.

use crate::error::CodeError;
use serde::{Deserialize, Serialize};
use std::fmt;

const DAY_MS: i64 = 86_400_000;

/// A moment in UTC, milliseconds since 1970. Record time and ledger time (`design.md` 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

/// A local date and time as a document writes it, without zone, in seconds since 1970-01-01T00:00:00 of the
/// same clock. Recorded, compared with its like, never with an [`Instant`] but through [`UtcOffset`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalTime(pub i64);

/// A calendar day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(pub i32);

/// The ledger's zone: how far its clock is ahead of UTC, in seconds. Fixed when the ledger is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UtcOffset(pub i32);

impl UtcOffset {
    /// China, UTC+08:00.
    pub const CHINA: Self = Self(8 * 3600);

    /// The local reading of a moment, in whole seconds.
    #[must_use]
    pub fn local(self, instant: Instant) -> LocalTime {
        LocalTime(instant.0.div_euclid(1000).saturating_add(i64::from(self.0)))
    }

    /// The moment at which the local clock shows a time.
    #[must_use]
    pub fn instant(self, local: LocalTime) -> Instant {
        Instant(local.0.saturating_sub(i64::from(self.0)).saturating_mul(1000))
    }
}

impl LocalTime {
    /// Its day.
    #[must_use]
    pub fn date(self) -> Date {
        let day = self.0.saturating_mul(1000).div_euclid(DAY_MS);
        Date(i32::try_from(day).unwrap_or(if day < 0 { i32::MIN } else { i32::MAX }))
    }

    /// Reads `YYYY-MM-DD`, `YYYY-MM-DD hh:mm:ss` or `YYYY-MM-DDThh:mm:ss`, with an optional fraction of a
    /// second that is dropped.
    ///
    /// # Errors
    /// The text is none of these, or no such day or time exists.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        parse_local(text).ok_or_else(|| CodeError::NotATime {
            kind: "date or time",
            value: text.chars().take(40).collect(),
        })
    }
}

impl Date {
    /// Reads `YYYY-MM-DD`, also with a time of day behind it.
    ///
    /// # Errors
    /// As [`LocalTime::parse`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        LocalTime::parse(text).map(LocalTime::date)
    }

    /// From year, month and day of month.
    #[must_use]
    pub fn from_civil(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year)
            || !(1..=12).contains(&month)
            || day == 0
            || day > month_days(year, month)
        {
            return None;
        }
        // Days from civil, after Howard Hinnant: years begin in March, eras have 400 years.
        let shifted = i64::from(year) - i64::from(month <= 2);
        let era = shifted.div_euclid(400);
        let year_of_era = shifted.rem_euclid(400);
        let month_of_year = (i64::from(month) + 9) % 12;
        let day_of_year = (153 * month_of_year + 2) / 5 + i64::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        i32::try_from(era * 146_097 + day_of_era - 719_468).ok().map(Self)
    }

    /// Year, month and day of month.
    #[must_use]
    pub fn civil(self) -> (i64, u32, u32) {
        let shifted = i64::from(self.0) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year, u32::try_from(month).unwrap_or(1), u32::try_from(day).unwrap_or(1))
    }
}

fn month_days(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

fn parse_local(text: &str) -> Option<LocalTime> {
    if !text.is_ascii() {
        return None;
    }
    let digits = |from: usize, to: usize| -> Option<u32> {
        let part = text.get(from..to)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let byte = |at: usize| text.as_bytes().get(at).copied();
    if byte(4) != Some(b'-') || byte(7) != Some(b'-') {
        return None;
    }
    let date = Date::from_civil(i32::try_from(digits(0, 4)?).ok()?, digits(5, 7)?, digits(8, 10)?)?;
    let mut seconds = i64::from(date.0) * (DAY_MS / 1000);
    if text.len() > 10 {
        let separated =
            matches!(byte(10), Some(b' ' | b'T')) && byte(13) == Some(b':') && byte(16) == Some(b':');
        let fraction = text.get(19..).unwrap_or("");
        let whole = fraction.is_empty()
            || (fraction.len() > 1
                && fraction.starts_with('.')
                && fraction.bytes().skip(1).all(|b| b.is_ascii_digit()));
        let (hour, minute, second) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
        if !separated || !whole || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        seconds += i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    }
    Some(LocalTime(seconds))
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// `YYYY-MM-DDThh:mm:ss` (`RULES.md` 14.3).
impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second_of_day = self.0.rem_euclid(86_400);
        let (hour, minute, second) = (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}", self.date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_local_times() {
        let time = LocalTime::parse("2026-06-11 00:00:01").unwrap();
        assert_eq!(time.to_string(), "2026-06-11T00:00:01");
        assert_eq!(time, LocalTime::parse("2026-06-11T00:00:01.123").unwrap());
        assert_eq!(time.date(), Date::parse("2026-06-11").unwrap());
        for wrong in ["", "2026-6-11", "2026-02-30", "2026-06-11T24:00:00", "2026-06-11T1", "２026-06-11"] {
            assert!(LocalTime::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_comes_back() {
        let first = Date::from_civil(1800, 1, 1).unwrap().0;
        for day in first..first + 146_097 {
            let (year, month, of_month) = Date(day).civil();
            assert_eq!(Date::from_civil(year as i32, month, of_month), Some(Date(day)));
        }
    }

    #[test]
    fn china_is_eight_hours_ahead() {
        let local = LocalTime::parse("2026-06-11T00:00:00").unwrap();
        let instant = UtcOffset::CHINA.instant(local);
        assert_eq!(instant.0 % DAY_MS, 16 * 3_600_000);
        assert_eq!(UtcOffset::CHINA.local(instant), local);
    }
}
