//! Stretches of the calendar as plans name them: `2026`, `2026-H2`, `2026-Q4`, `2026-11`, `2026-W47`.
//!
//! And what people write instead: `Q4 2026`, `2026Q4`, `Nov 2026`, `KW 47`.

use std::fmt;

use super::Date;
use super::written::month_named;

/// A year, or a half, a quarter, a month or a week of one. Prints as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    year: i16,
    part: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    Half(i8),
    Quarter(i8),
    Month(i8),
    /// As ISO 8601 counts them: week 1 is the one with the year's first Thursday.
    Week(i8),
}

/// What a text that is not written as a period turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenPeriod {
    /// One period, written another way; there is only one way to read it.
    Otherwise(Period),
    /// Most likely this one.
    Likely(Period),
    /// A part of a year that is not named. The period is that of the year asked with.
    NoYear(Period),
    /// The shape of a period, but the year has no such part: a fifth quarter.
    Impossible,
    /// Nothing like a period.
    Unlike,
}

impl Period {
    /// Returns the period written exactly as `2026`, `2026-H2`, `2026-Q4`, `2026-11` or `2026-W47`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |text: &str, count: usize| {
            let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| text.parse().ok()).flatten()
        };
        let (year, rest) = text.split_at_checked(4)?;
        let year: i16 = digits(year, 4)?;
        let Some(part) = rest.strip_prefix('-') else {
            return rest.is_empty().then(|| Self::new(year, Part::Year)).flatten();
        };
        let narrow = |number: Option<i16>| i8::try_from(number?).ok();
        let part = if let Some(half) = part.strip_prefix('H') {
            Part::Half(narrow(digits(half, 1))?)
        } else if let Some(quarter) = part.strip_prefix('Q') {
            Part::Quarter(narrow(digits(quarter, 1))?)
        } else if let Some(week) = part.strip_prefix('W') {
            Part::Week(narrow(digits(week, 2))?)
        } else {
            Part::Month(narrow(digits(part, 2))?)
        };
        Self::new(year, part)
    }

    /// Returns the part of the year, where it has that one.
    fn new(year: i16, part: Part) -> Option<Self> {
        let most = match part {
            Part::Year => 1,
            Part::Half(_) => 2,
            Part::Quarter(_) => 4,
            Part::Month(_) => 12,
            Part::Week(_) => weeks_of(year)?,
        };
        let number = match part {
            Part::Year => 1,
            Part::Half(number) | Part::Quarter(number) | Part::Month(number) | Part::Week(number) => number,
        };
        Date::new(year, 1, 1)?;
        (1..=most).contains(&number).then_some(Self { year, part })
    }

    /// Returns its first day.
    #[must_use]
    pub fn first(self) -> Date {
        let month = match self.part {
            Part::Year => 1,
            Part::Half(half) => half * 6 - 5,
            Part::Quarter(quarter) => quarter * 3 - 2,
            Part::Month(month) => month,
            Part::Week(week) => return first_monday(self.year).plus_days((i32::from(week) - 1) * 7),
        };
        day(self.year, month)
    }

    /// Returns its last day.
    #[must_use]
    pub fn last(self) -> Date {
        let month = match self.part {
            Part::Year => 12,
            Part::Half(half) => half * 6,
            Part::Quarter(quarter) => quarter * 3,
            Part::Month(month) => month,
            Part::Week(_) => return self.first().plus_days(6),
        };
        // The first of the month after, less a day. The calendar ends with a December.
        if month == 12 {
            return day(self.year, 12).plus_days(30);
        }
        day(self.year, month + 1).plus_days(-1)
    }

    /// Says whether it is `other` or a part of it. A week belongs where its Thursday lies, as ISO 8601 has it for years, and
    /// nothing but a week lies in a week.
    #[must_use]
    pub fn lies_in(self, other: Self) -> bool {
        if matches!(other.part, Part::Week(_)) {
            return self == other;
        }
        let (first, last) = match self.part {
            Part::Week(_) => (self.first().plus_days(3), self.first().plus_days(3)),
            _ => (self.first(), self.last()),
        };
        other.first() <= first && last <= other.last()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        match self.part {
            Part::Year => Ok(()),
            Part::Half(half) => write!(f, "-H{half}"),
            Part::Quarter(quarter) => write!(f, "-Q{quarter}"),
            Part::Month(month) => write!(f, "-{month:02}"),
            Part::Week(week) => write!(f, "-W{week:02}"),
        }
    }
}

/// Says what `text`, which is not written as a period, was meant to be; `year` is the one for what names none.
#[must_use]
pub fn read_period(text: &str, year: i16) -> WrittenPeriod {
    let lower = text.to_lowercase();
    let words = words(&lower);
    let four = |word: &&str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let named: Vec<i16> =
        words.iter().filter(|word| four(word)).filter_map(|word| word.parse().ok()).collect();
    let rest: Vec<&str> = words.iter().copied().filter(|word| !four(word)).collect();
    let said = match named[..] {
        [] => None,
        [only] => Some(only),
        _ => return WrittenPeriod::Unlike,
    };
    let of = |year: i16, part: Option<Part>| part.and_then(|part| Period::new(year, part));
    match (said, &rest[..]) {
        (Some(year), []) => {
            of(year, Some(Part::Year)).map_or(WrittenPeriod::Unlike, WrittenPeriod::Otherwise)
        }
        (Some(year), [one, other]) => match part(one, other) {
            Some(part) => of(year, Some(part)).map_or(WrittenPeriod::Impossible, WrittenPeriod::Otherwise),
            // A whole day lies in its month.
            None => match (one.parse(), other.parse::<i8>()) {
                (Ok(month), Ok(_))
                    if lower.starts_with(|c: char| c.is_ascii_digit()) && words[0].len() == 4 =>
                {
                    of(year, Some(Part::Month(month))).map_or(WrittenPeriod::Unlike, WrittenPeriod::Likely)
                }
                _ => WrittenPeriod::Unlike,
            },
        },
        (Some(year), [one]) => match (month(one), one.parse::<i8>()) {
            (Some(month), _) => {
                of(year, Some(Part::Month(month))).map_or(WrittenPeriod::Unlike, WrittenPeriod::Otherwise)
            }
            (None, Ok(month @ 1..=12)) => {
                let found = of(year, Some(Part::Month(month)));
                // `2026-4` may be the quarter, too.
                let sure = one.len() == 2;
                found.map_or(WrittenPeriod::Unlike, |found| match sure {
                    true => WrittenPeriod::Otherwise(found),
                    false => WrittenPeriod::Likely(found),
                })
            }
            // `2026/27` is two years, `2026-47` a week.
            (None, Ok(week)) if lower.contains('-') => {
                of(year, Some(Part::Week(week))).map_or(WrittenPeriod::Impossible, WrittenPeriod::Likely)
            }
            _ => WrittenPeriod::Unlike,
        },
        // `Q4 26`, `4Q26`.
        (None, [one, other, short]) if short.len() == 2 => match (part(one, other), short.parse::<i16>()) {
            (Some(part), Ok(short)) => {
                of(2000 + short, Some(part)).map_or(WrittenPeriod::Impossible, WrittenPeriod::Likely)
            }
            _ => WrittenPeriod::Unlike,
        },
        (None, [one, other]) => match part(one, other) {
            Some(part) => of(year, Some(part)).map_or(WrittenPeriod::Impossible, WrittenPeriod::NoYear),
            None => WrittenPeriod::Unlike,
        },
        (None, [one]) => match month(one).and_then(|month| of(year, Some(Part::Month(month)))) {
            Some(period) => WrittenPeriod::NoYear(period),
            None => WrittenPeriod::Unlike,
        },
        _ => WrittenPeriod::Unlike,
    }
}

/// Returns the runs of letters and of digits in `text`, but for words that say nothing of when.
fn words(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        rest = &rest[start..];
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        let ends = |c: char| !c.is_alphanumeric() || c.is_ascii_digit() != digits;
        let (word, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        if !["of", "the", "in", "st", "nd", "rd", "th", "year", "calendar", "cy"].contains(&word) {
            found.push(word);
        }
        rest = after;
    }
    found
}

/// Returns the part of a year that a unit and a number name, whichever stands first.
fn part(one: &str, other: &str) -> Option<Part> {
    let (unit, number) = match (one.parse::<i8>(), other.parse::<i8>()) {
        (Err(_), Ok(number)) => (one, number),
        (Ok(number), Err(_)) => (other, number),
        _ => return None,
    };
    match unit {
        "q" | "quarter" | "qtr" | "quartal" => Some(Part::Quarter(number)),
        "h" | "half" | "hy" | "halbjahr" | "hj" => Some(Part::Half(number)),
        "w" | "week" | "wk" | "kw" | "cw" | "woche" | "kalenderwoche" => Some(Part::Week(number)),
        "m" | "month" | "monat" => Some(Part::Month(number)),
        _ => None,
    }
}

fn month(word: &str) -> Option<i8> {
    month_named(word).and_then(|month| i8::try_from(month).ok())
}

/// Returns the first day of a month; the calendar's first where there is no such day.
fn day(year: i16, month: i8) -> Date {
    Date::new(year, month, 1).unwrap_or_else(|| Date::at(0, 0))
}

/// Returns the Monday of week 1: the week with the 4th of January.
fn first_monday(year: i16) -> Date {
    let fourth = day(year, 1).plus_days(3);
    // 1970 began with a Thursday.
    let since_monday = (fourth.days_since_epoch() + 3).rem_euclid(7);
    fourth.plus_days(-i32::try_from(since_monday).unwrap_or(0))
}

/// Returns how many weeks the year has: 53 where the last of them still has its Thursday in it.
fn weeks_of(year: i16) -> Option<i8> {
    Date::new(year, 1, 1)?;
    let thursday = first_monday(year).plus_days(52 * 7 + 3);
    Some(if thursday.year() == year { 53 } else { 52 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        Period::parse(text).unwrap_or_else(|| panic!("{text} is no period"))
    }

    #[test]
    fn only_one_way_of_writing_is_one() {
        for right in
            ["2026", "2026-H1", "2026-H2", "2026-Q1", "2026-Q4", "2026-01", "2026-12", "2026-W01", "2026-W53"]
        {
            assert_eq!(period(right).to_string(), right);
        }
        for wrong in [
            "",
            "26",
            "20261",
            "0000",
            "2026-",
            "2026-H3",
            "2026-H0",
            "2026-Q5",
            "2026-q4",
            "2026-13",
            "2026-00",
            "2026-1",
            "2025-W53",
            "2026-W00",
            "2026-W7",
            "2026-11-20",
            "２０２６",
            "2026Q4",
            "2026-Q+4",
        ] {
            assert_eq!(Period::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn each_has_its_first_and_last_day() {
        for (text, first, last) in [
            ("2026", "2026-01-01", "2026-12-31"),
            ("2026-H2", "2026-07-01", "2026-12-31"),
            ("2026-Q1", "2026-01-01", "2026-03-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2026-W47", "2026-11-16", "2026-11-22"),
            ("2026-W53", "2026-12-28", "2027-01-03"),
            ("2026-W01", "2025-12-29", "2026-01-04"),
            ("9999", "9999-01-01", "9999-12-31"),
        ] {
            assert_eq!(
                (period(text).first().to_string(), period(text).last().to_string()),
                (first.into(), last.into())
            );
        }
    }

    #[test]
    fn a_part_lies_in_the_whole_and_not_the_other_way_round() {
        for (part, whole) in [
            ("2026-Q4", "2026"),
            ("2026-Q4", "2026-H2"),
            ("2026-11", "2026-Q4"),
            ("2026-Q4", "2026-Q4"),
            ("2026-W47", "2026-11"),
            // Wednesday is in the quarter before; Thursday decides.
            ("2026-W40", "2026-Q4"),
            ("2026-W01", "2026"),
        ] {
            assert!(period(part).lies_in(period(whole)), "{part} {whole}");
            assert!(part == whole || !period(whole).lies_in(period(part)), "{whole} {part}");
        }
        for (part, whole) in
            [("2027-Q1", "2026"), ("2026-H2", "2026-Q4"), ("2026-W40", "2026-Q3"), ("2026-W53", "2027")]
        {
            assert!(!period(part).lies_in(period(whole)), "{part} {whole}");
        }
    }

    #[test]
    fn other_ways_of_writing_are_read_as_meant() {
        use WrittenPeriod::Impossible;
        use WrittenPeriod::Likely;
        use WrittenPeriod::NoYear;
        use WrittenPeriod::Otherwise;
        use WrittenPeriod::Unlike;
        for (text, expected) in [
            ("Q4 2026", Otherwise(period("2026-Q4"))),
            ("2026Q4", Otherwise(period("2026-Q4"))),
            ("2026-q4", Otherwise(period("2026-Q4"))),
            ("4Q 2026", Otherwise(period("2026-Q4"))),
            ("4th quarter of 2026", Otherwise(period("2026-Q4"))),
            ("2026/H1", Otherwise(period("2026-H1"))),
            ("KW 47 2026", Otherwise(period("2026-W47"))),
            ("2026-W7", Otherwise(period("2026-W07"))),
            ("November 2026", Otherwise(period("2026-11"))),
            ("11/2026", Otherwise(period("2026-11"))),
            ("year 2026", Otherwise(period("2026"))),
            ("2026-4", Likely(period("2026-04"))),
            ("2026-47", Likely(period("2026-W47"))),
            ("2026-11-20", Likely(period("2026-11"))),
            ("Q4 '26", Likely(period("2026-Q4"))),
            ("KW 47", NoYear(period("2026-W47"))),
            ("q4", NoYear(period("2026-Q4"))),
            ("November", NoYear(period("2026-11"))),
            ("2026-Q5", Impossible),
            ("2025-W53", Impossible),
            ("KW 60", Impossible),
            ("FY2026", Unlike),
            ("2026/27", Unlike),
            ("2026-Q3 to 2026-Q4", Unlike),
            ("20.11.2026", Unlike),
            ("soon", Unlike),
            ("", Unlike),
            ("４", Unlike),
            ("ﬁrst half", Unlike),
        ] {
            assert_eq!(read_period(text, 2026), expected, "{text}");
        }
    }
}
