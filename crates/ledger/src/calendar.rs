//! The calendar of working days: weekends, less the days of rest that are worked, and the holidays, year by year.
//!
//! It is reference data in the state, set by customs for each year. A year that was not set has its weekends and nothing
//! else. Nothing here reads a clock.

use crate::time::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The days of a year that are not what their weekday says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarYear {
    /// Days without work, 法定节假日.
    pub holidays: BTreeSet<Date>,
    /// Saturdays and Sundays on which work is done for a holiday, 调休上班日.
    pub working_days: BTreeSet<Date>,
}

/// The last day that can be written.
pub const LAST_DAY: Date = Date(2_932_896);

/// No run of days without work is looked at for longer: a calendar in which every day is a holiday ends, too.
const RUN_MAX: u32 = 800;

/// All years that were set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar(BTreeMap<Date, bool>);

impl Calendar {
    /// From the years that were set.
    pub fn new<'a>(years: impl IntoIterator<Item = &'a CalendarYear>) -> Self {
        let mut days = BTreeMap::new();
        for year in years {
            days.extend(year.holidays.iter().map(|day| (*day, false)));
            days.extend(year.working_days.iter().map(|day| (*day, true)));
        }
        Self(days)
    }

    /// Whether a day is worked.
    #[must_use]
    pub fn working_day(&self, day: Date) -> bool {
        self.0.get(&day).copied().unwrap_or_else(|| !is_weekend(day))
    }

    /// The day itself if it is worked, else the first one after it that is.
    #[must_use]
    pub fn next_working_day(&self, day: Date) -> Date {
        self.nearest(day, 1)
    }

    /// The last day before this one that is worked.
    #[must_use]
    pub fn last_working_day_before(&self, day: Date) -> Date {
        self.nearest(days_after(day, -1), -1)
    }

    /// So many working days after a day, which itself does not count.
    #[must_use]
    pub fn add_working_days(&self, day: Date, count: u32) -> Date {
        (0..count).fold(day, |day, _| self.next_working_day(days_after(day, 1)))
    }

    fn nearest(&self, day: Date, step: i64) -> Date {
        let mut at = day;
        for _ in 0..RUN_MAX {
            if self.working_day(at) {
                return at;
            }
            at = days_after(at, step);
        }
        day
    }
}

/// Saturday or Sunday.
#[must_use]
pub const fn is_weekend(day: Date) -> bool {
    // 1970-01-01 was a Thursday.
    day.0.wrapping_add(3).rem_euclid(7) >= 5
}

/// So many days after a day, or before it, but not after the last day that can be written.
#[must_use]
pub fn days_after(day: Date, days: i64) -> Date {
    let at = i64::from(day.0).saturating_add(days);
    Date(i32::try_from(at).unwrap_or(if at < 0 { i32::MIN } else { i32::MAX })).min(LAST_DAY)
}

/// The last day of the month that is so many months after the month of a day.
#[must_use]
pub fn end_of_month(day: Date, months: u32) -> Date {
    let (year, month, _) = day.civil();
    // Months since the year 0, counted from 0; the month after the one that is meant begins one later.
    let next = year.saturating_mul(12).saturating_add(i64::from(month)).saturating_add(i64::from(months));
    let first_of_next = i32::try_from(next.div_euclid(12)).ok().and_then(|year| {
        let month = u32::try_from(next.rem_euclid(12)).ok()?;
        Date::from_civil(year, month + 1, 1)
    });
    first_of_next.map_or(LAST_DAY, |first| days_after(first, -1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    /// A13: a year ends on 2025-12-31, the report is due on 2026-03-31 and the letter 10 working days later.
    #[test]
    fn a13_ten_working_days() {
        let plain = Calendar::default();
        let report = end_of_month(day("2025-12-31"), 3);
        assert_eq!(report, day("2026-03-31"));
        assert_eq!(plain.add_working_days(report, 10), day("2026-04-14"));
        assert_eq!(plain.add_working_days(day("2026-02-13"), 5), day("2026-02-20"));
        assert_eq!(plain.add_working_days(day("2026-02-13"), 0), day("2026-02-13"));
        let qingming = CalendarYear { holidays: [day("2026-04-06")].into(), ..CalendarYear::default() };
        assert_eq!(Calendar::new([&qingming]).add_working_days(report, 10), day("2026-04-15"));
    }

    #[test]
    fn holidays_and_days_worked_for_them_move_the_next_working_day() {
        let spring = CalendarYear {
            holidays: (16..=23).map(|of_month| Date::from_civil(2026, 2, of_month).unwrap()).collect(),
            working_days: [day("2026-02-28")].into(),
        };
        let calendar = Calendar::new([&spring]);
        assert!(!calendar.working_day(day("2026-02-14")));
        assert!(calendar.working_day(day("2026-02-28")));
        assert_eq!(calendar.next_working_day(day("2026-02-14")), day("2026-02-24"));
        assert_eq!(calendar.next_working_day(day("2026-02-28")), day("2026-02-28"));
        assert_eq!(calendar.next_working_day(day("2026-03-01")), day("2026-03-02"));
        assert_eq!(calendar.last_working_day_before(day("2026-02-24")), day("2026-02-13"));
        assert_eq!(calendar.last_working_day_before(day("2026-03-02")), day("2026-02-28"));
    }

    #[test]
    fn every_weekday_is_known() {
        // A Monday, and the six days after it.
        let monday = day("2026-11-23");
        let worked = (0..7).map(|at| Calendar::default().working_day(days_after(monday, at)));
        assert_eq!(worked.collect::<Vec<_>>(), [true, true, true, true, true, false, false]);
        assert!(is_weekend(day("1969-12-27")) && !is_weekend(day("1969-12-29")));
    }

    #[test]
    fn months_end_on_their_last_day() {
        for (from, months, end) in [
            ("2026-01-31", 0, "2026-01-31"),
            ("2026-01-31", 1, "2026-02-28"),
            ("2028-01-01", 1, "2028-02-29"),
            ("2026-11-05", 1, "2026-12-31"),
            ("2026-12-05", 1, "2027-01-31"),
            ("2026-06-30", 30, "2028-12-31"),
        ] {
            assert_eq!(end_of_month(day(from), months), day(end), "{from} {months}");
        }
        assert_eq!(end_of_month(LAST_DAY, 1), LAST_DAY);
        assert_eq!(LAST_DAY.to_string(), "9999-12-31");
        assert_eq!(days_after(LAST_DAY, 5), LAST_DAY);
    }
}
