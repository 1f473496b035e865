//! Days: reading them as people write them, counting business days, and naming them.
//!
//! The only file that knows the calendar library. There is no clock here: today is always an argument.

use std::fmt;

use jiff::ToSpan;
use jiff::civil;
use jiff::civil::Weekday;

mod period;
mod written;

pub use period::Period;
pub use period::WrittenPeriod;
pub use period::read_period;
pub use written::Written;
pub use written::read_written;

/// A day of the Gregorian calendar. Prints as ISO 8601 (`2026-11-20`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// Returns the day, or `None` where there is no such day.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().filter(|date| date.year() >= 1).map(Self)
    }

    /// Returns the day written exactly as `YYYY-MM-DD`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let number = |range: std::ops::Range<usize>| {
            bytes[range]
                .iter()
                .try_fold(0_i16, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i16::from(byte - b'0')))
        };
        Self::new(number(0..4)?, number(5..7)?.try_into().ok()?, number(8..10)?.try_into().ok()?)
    }

    /// Returns the day `days` later (earlier where negative), held at the calendar's ends.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days.days()))
    }

    /// Returns the `days`-th business day (Monday to Friday) after this one, before it where negative.
    #[must_use]
    pub fn plus_business_days(self, days: i32) -> Self {
        // Whole weeks at once, so that an absurd count costs nothing.
        let mut date = self.plus_days((days / 5).saturating_mul(7));
        if days != 0 && days % 5 == 0 && date.is_weekend() {
            date = if days > 0 { date.back_to_weekday() } else { date.on_to_weekday() };
        }
        for _ in 0..(days % 5).abs() {
            date = date.plus_days(days.signum());
            while date.is_weekend() {
                date = date.plus_days(days.signum());
            }
        }
        date
    }

    /// Returns how many business days lie after `self` up to and including `end`; 0 where `end` is not later.
    #[must_use]
    pub fn business_days_until(self, end: Self) -> u32 {
        let days = self.days_until(end);
        if days <= 0 {
            return 0;
        }
        let weeks = days / 7;
        let mut count = u32::try_from(weeks).unwrap_or(0) * 5;
        let mut date = self.plus_days(i32::try_from(weeks * 7).unwrap_or(i32::MAX));
        while date < end {
            date = date.plus_days(1);
            count += u32::from(!date.is_weekend());
        }
        count
    }

    /// Returns the days from this one to `other`, negative where `other` is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i64 {
        self.0.until(other.0).map_or(0, |span| i64::from(span.get_days()))
    }

    /// Returns the year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Returns the day as people say it in a week of work: `Wed 18 Nov 2026`.
    #[must_use]
    pub fn spoken(self) -> String {
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month =
            usize::try_from(self.0.month() - 1).ok().and_then(|index| MONTHS.get(index)).unwrap_or(&"");
        let weekday = match self.0.weekday() {
            Weekday::Monday => "Mon",
            Weekday::Tuesday => "Tue",
            Weekday::Wednesday => "Wed",
            Weekday::Thursday => "Thu",
            Weekday::Friday => "Fri",
            Weekday::Saturday => "Sat",
            Weekday::Sunday => "Sun",
        };
        format!("{weekday} {} {month} {}", self.0.day(), self.0.year())
    }

    /// Returns the first Monday that is not before the day.
    #[must_use]
    pub fn monday_from(self) -> Self {
        (0..7)
            .map(|ahead| self.plus_days(ahead))
            .find(|day| day.0.weekday() == Weekday::Monday)
            .unwrap_or(self)
    }

    /// Returns the Monday of the week the day lies in.
    #[must_use]
    pub fn monday_of(self) -> Self {
        self.plus_days(-6).monday_from()
    }

    /// Returns the week the day lies in, as ISO 8601 has it: `2026-W47`.
    #[must_use]
    pub fn week(self) -> String {
        let week = self.0.iso_week_date();
        format!("{:04}-W{:02}", week.year(), week.week())
    }

    /// Returns the day and its month: `23 November`.
    #[must_use]
    pub fn day_and_month(self) -> String {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let month = usize::try_from(self.0.month() - 1).ok().and_then(|index| MONTHS.get(index));
        format!("{} {}", self.0.day(), month.unwrap_or(&""))
    }

    /// Returns the day as people say it on the day `today`: `Wed 18 Nov`, with the year where it is another.
    #[must_use]
    pub fn said(self, today: Self) -> String {
        let spoken = self.spoken();
        let year = format!(" {}", self.year());
        match spoken.strip_suffix(&year) {
            Some(short) if self.year() == today.year() => short.to_owned(),
            _ => spoken,
        }
    }

    /// Returns the day that was on at `seconds` since 1970, in a place `offset` minutes east of UTC. Nonsense becomes the
    /// first day of 1970.
    #[must_use]
    pub fn at(seconds: i64, offset: i32) -> Self {
        let epoch = Self(civil::date(1970, 1, 1));
        i32::try_from(day_number(seconds, offset)).map_or(epoch, |days| epoch.plus_days(days))
    }

    /// Says how far this day is from `today`: `today`, `tomorrow`, `in 5 days`, `yesterday`, `5 days ago`.
    #[must_use]
    pub fn distance(self, today: Self) -> String {
        match today.days_until(self) {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            -1 => "yesterday".to_owned(),
            days if days > 0 => format!("in {days} days"),
            days => format!("{} days ago", -days),
        }
    }

    /// Returns the days since 1970-01-01, negative before it.
    #[must_use]
    pub fn days_since_epoch(self) -> i64 {
        Self(civil::date(1970, 1, 1)).days_until(self)
    }

    fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    fn back_to_weekday(mut self) -> Self {
        while self.is_weekend() {
            self = self.plus_days(-1);
        }
        self
    }

    fn on_to_weekday(mut self) -> Self {
        while self.is_weekend() {
            self = self.plus_days(1);
        }
        self
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// Returns the days since 1970-01-01 of the day that was on at `seconds` since 1970, in a place `offset` minutes east of UTC.
#[must_use]
pub fn day_number(seconds: i64, offset: i32) -> i64 {
    seconds.saturating_add(i64::from(offset) * 60).div_euclid(86_400)
}

/// Returns a point in time as ISO 8601 has it, with the offset of its place: `2026-11-20T09:30:00+01:00`. `seconds` since
/// 1970, `offset` in minutes east of UTC.
#[must_use]
pub fn timestamp(seconds: i64, offset: i32) -> String {
    let day = Date::at(seconds, offset);
    let within = seconds.saturating_add(i64::from(offset) * 60).rem_euclid(86_400);
    let (hours, minutes, rest) = (within / 3600, within / 60 % 60, within % 60);
    let sign = if offset < 0 { '-' } else { '+' };
    let away = offset.unsigned_abs();
    format!("{day}T{hours:02}:{minutes:02}:{rest:02}{sign}{:02}:{:02}", away / 60, away % 60)
}

/// A length of time counted in days, as `3d`, `2w` or `3bd` (business days).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// Calendar days.
    Calendar(i32),
    /// Business days, Monday to Friday.
    Business(i32),
}

impl Days {
    /// Reads `14d`, `2w` or `3bd`; `None` for anything else. A sign is not part of a length.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let count: i32 = text[..digits].parse().ok().filter(|count| *count <= 36_600)?;
        match &text[digits..] {
            "d" => Some(Self::Calendar(count)),
            "w" => Some(Self::Calendar(count.checked_mul(7)?)),
            "bd" => Some(Self::Business(count)),
            _ => None,
        }
    }

    /// Returns the day this length after `date`.
    #[must_use]
    pub fn after(self, date: Date) -> Date {
        match self {
            Self::Calendar(days) => date.plus_days(days),
            Self::Business(days) => date.plus_business_days(days),
        }
    }

    /// Says whether it may end before `other` does, begun on the same day.
    #[must_use]
    pub fn is_shorter_than(self, other: Self) -> bool {
        let week = (0..7).map(|day| Date::at(0, 0).plus_days(day));
        week.into_iter().any(|day| self.after(day) < other.after(day))
    }

    /// Returns the day this length before `date`.
    #[must_use]
    pub fn before(self, date: Date) -> Date {
        match self {
            Self::Calendar(days) => date.plus_days(-days),
            Self::Business(days) => date.plus_business_days(-days),
        }
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self {
            Self::Calendar(count) => (count, "day"),
            Self::Business(count) => (count, "business day"),
        };
        write!(f, "{count} {unit}{}", if *count == 1 { "" } else { "s" })
    }
}

/// Reads a day relative to `today`: `today`, `tomorrow`, `yesterday`, `+7d`, `-2w`, `+5bd`, or an ISO date.
#[must_use]
pub fn relative(text: &str, today: Date) -> Option<Date> {
    match text {
        "today" => Some(today),
        "tomorrow" => Some(today.plus_days(1)),
        "yesterday" => Some(today.plus_days(-1)),
        _ => match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(length), _) => Some(Days::parse(length)?.after(today)),
            (_, Some(length)) => Some(Days::parse(length)?.before(today)),
            _ => Date::parse(text),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).expect("a day")
    }

    #[test]
    fn only_days_that_exist_are_days() {
        assert_eq!(day("2024-02-29").to_string(), "2024-02-29");
        for wrong in
            ["2023-02-29", "2021-26-02", "2021-2-26", "0000-01-01", "2021-02-26T00:00", "２０２１-02-26"]
        {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn business_days_step_over_weekends() {
        let friday = day("2026-11-20");
        assert_eq!(friday.plus_business_days(2), day("2026-11-24"));
        assert_eq!(friday.plus_business_days(5), day("2026-11-27"));
        assert_eq!(friday.plus_business_days(-1), day("2026-11-19"));
        assert_eq!(day("2026-11-21").plus_business_days(1), day("2026-11-23"));
        assert_eq!(day("2026-11-21").plus_business_days(5), day("2026-11-27"));
        assert_eq!(friday.business_days_until(day("2026-11-27")), 5);
        assert_eq!(friday.business_days_until(day("2026-11-22")), 0);
        assert_eq!(friday.business_days_until(day("2026-11-01")), 0);
    }

    #[test]
    fn relative_days_count_from_today() {
        let today = day("2026-11-20");
        assert_eq!(relative("today", today), Some(today));
        assert_eq!(relative("+7d", today), Some(day("2026-11-27")));
        assert_eq!(relative("-1w", today), Some(day("2026-11-13")));
        assert_eq!(relative("+2bd", today), Some(day("2026-11-24")));
        assert_eq!(relative("2026-01-02", today), Some(day("2026-01-02")));
        assert_eq!(relative("+7", today), None);
        assert_eq!(relative("soon", today), None);
    }

    #[test]
    fn the_ends_of_the_calendar_hold() {
        assert_eq!(day("9999-12-31").plus_days(10).year(), 9999);
        assert_eq!(day("2026-11-20").days_until(day("2025-11-20")), -365);
    }

    #[test]
    fn weeks_begin_on_monday() {
        let day = |text| Date::parse(text).expect("a day");
        for (text, of, from, week) in [
            ("2026-11-20", "2026-11-16", "2026-11-23", "2026-W47"),
            ("2026-11-23", "2026-11-23", "2026-11-23", "2026-W48"),
            ("2027-01-03", "2026-12-28", "2027-01-04", "2026-W53"),
        ] {
            assert_eq!(day(text).monday_of(), day(of), "{text}");
            assert_eq!(day(text).monday_from(), day(from), "{text}");
            assert_eq!(day(text).week(), week, "{text}");
        }
        assert_eq!(day("2026-11-23").day_and_month(), "23 November");
    }

    #[test]
    fn a_day_is_spoken_with_its_weekday() {
        assert_eq!(day("2026-11-18").spoken(), "Wed 18 Nov 2026");
    }
}
