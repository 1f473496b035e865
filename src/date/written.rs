//! Dates as people write them when they do not write ISO 8601.
//!
//! Found in some 33,000 historical front matters of public proposals: timestamps, slashes and dots, missing zeros,
//! month names, day and month swapped, and several dates in one value.

use super::Date;

/// What a text that is not an ISO date turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// One day, written another way; there is only one way to read it.
    Otherwise(Date),
    /// A day and a time: the day is certain.
    Timestamp(Date),
    /// A day with more text behind it.
    WithText(Date),
    /// Year, month and day in ISO order where that day does not exist, but month and day swapped do.
    Swapped(Date),
    /// The shape of a date, but no such day.
    Impossible,
    /// More than one date in one value.
    Several,
    /// A template's stand-in, such as `yyyy-mm-dd` or `<date>`.
    Placeholder,
    /// Nothing like a date.
    Unlike,
}

/// Says what `text`, which is not an ISO date, was meant to be.
#[must_use]
pub fn read_written(text: &str) -> Written {
    let text = text.trim();
    if is_placeholder(text) {
        return Written::Placeholder;
    }
    if dates_in(text) > 1 {
        return Written::Several;
    }
    if let Some((day, rest)) = text.split_at_checked(10)
        && let Some(date) = Date::parse(day)
        && rest.starts_with(['T', 't', ' ', ',', '('])
    {
        let rest = rest[1..].trim_start();
        let time = rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains(':');
        return if time { Written::Timestamp(date) } else { Written::WithText(date) };
    }
    let parts: Vec<&str> =
        text.split(|c: char| "-/. ,".contains(c)).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts[..] else { return Written::Unlike };
    let number = |part: &str| {
        let digits = part.trim_end_matches("st").trim_end_matches("nd").trim_end_matches("rd");
        let digits = digits.trim_end_matches("th");
        (digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| digits.parse().ok())?
    };
    let build = |year: i16, month: i16, day: i16| {
        let narrow = |value: i16| i8::try_from(value).ok();
        (year > 999).then(|| Date::new(year, narrow(month)?, narrow(day)?))?
    };
    // 2022/3/30: the year first can be read one way only.
    if let (4, Some(year), Some(month), Some(day)) =
        (first.len(), number(first), number(second), number(third))
    {
        return match (build(year, month, day), build(year, day, month)) {
            (Some(date), _) => Written::Otherwise(date),
            (None, Some(date)) => Written::Swapped(date),
            (None, None) => Written::Impossible,
        };
    }
    // 10 feb 2023, Feb 10, 2023: a month's name settles the order.
    let named = match (number(first), month_named(second), number(third)) {
        (Some(day), Some(month), Some(year)) => Some((year, month, day)),
        _ => match (month_named(first), number(second), number(third)) {
            (Some(month), Some(day), Some(year)) => Some((year, month, day)),
            _ => None,
        },
    };
    match named {
        Some((year, month, day)) => build(year, month, day).map_or(Written::Impossible, Written::Otherwise),
        None => Written::Unlike,
    }
}

/// Returns the month of a name or its first three letters or more, in any case.
pub(super) fn month_named(text: &str) -> Option<i16> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_ascii_lowercase();
    let index =
        MONTHS.iter().position(|month| text.len() >= 3 && (month.starts_with(&text) || text == "sept"))?;
    let index = if text == "sept" { 8 } else { index };
    i16::try_from(index + 1).ok()
}

fn is_placeholder(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let letters: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphabetic()).filter(|part| !part.is_empty()).collect();
    let shape = matches!(letters[..], ["yyyy", "mm", "dd", ..] | ["dd", "mm", "yyyy"] | ["mm", "dd", "yyyy"]);
    shape || text.starts_with(['<', '{', '[', '$']) || matches!(lower.as_str(), "tbd" | "todo" | "date")
}

/// Counts the dates in `text`: four digits, a separator, digits, a separator, digits.
fn dates_in(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut found = 0;
    let mut at = 0;
    while at < bytes.len() {
        let year = digits(at);
        if year == 4 {
            let month_at = at + year + 1;
            if bytes.get(at + year).is_some_and(|byte| b"-/.".contains(byte)) && month_at < bytes.len() {
                let month = digits(month_at);
                let day_at = month_at + month + 1;
                let separated = bytes.get(month_at + month).is_some_and(|byte| b"-/.".contains(byte));
                if (1..=2).contains(&month) && separated && day_at < bytes.len() && digits(day_at) > 0 {
                    found += 1;
                    at = day_at + digits(day_at);
                    continue;
                }
            }
        }
        at += year.max(1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Written) {
        assert_eq!(read_written(text), expected, "{text:?}");
    }

    #[test]
    fn real_slips_are_read_as_meant() {
        let day = |text| Date::parse(text).expect("a day");
        check("2019-06-17T00:00:00.000Z", Written::Timestamp(day("2019-06-17")));
        check("2019-06-17 10:30", Written::Timestamp(day("2019-06-17")));
        check("2022/03/30", Written::Otherwise(day("2022-03-30")));
        check("2020-5-26", Written::Otherwise(day("2020-05-26")));
        check("10 feb 2023", Written::Otherwise(day("2023-02-10")));
        check("Sept 3rd, 2023", Written::Otherwise(day("2023-09-03")));
        check("2020-07-20 original draft", Written::WithText(day("2020-07-20")));
        check("2021-26-02", Written::Swapped(day("2021-02-26")));
        check("2020-23-01", Written::Swapped(day("2020-01-23")));
        check("2021-02-30", Written::Impossible);
        check("2021-12-07, 2021-12-14, 2022-08-15", Written::Several);
        check("yyyy-mm-dd", Written::Placeholder);
        check("<2022-12-05>", Written::Placeholder);
        check("$SNIP_DATE", Written::Placeholder);
        check("03/04/2022", Written::Unlike);
        check("soon", Written::Unlike);
        check("", Written::Unlike);
        check("é1-é2-é3", Written::Unlike);
    }
}
