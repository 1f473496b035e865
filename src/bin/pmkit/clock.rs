//! Today: what `--today` says, else the local calendar.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

use pmkit::date::Date;
use pmkit::error::Error;

/// Returns the day everything depends on: what was given, else what the environment says, else the calendar's.
///
/// # Errors
/// Where what was given is no date.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
pub(crate) fn today(given: Option<&str>) -> Result<Date, Error> {
    let told = || std::env::var("PMKIT_TODAY").ok().filter(|day| !day.is_empty());
    let text = given.map(str::to_owned).or_else(told).unwrap_or_else(local_day);
    Date::parse(&text)
        .ok_or_else(|| Error::new(format!("`{text}` is not a date")).help("write it as `2026-11-20`"))
}

/// Returns the day the local calendar shows.
#[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
fn local_day() -> String {
    let zone = plain_zone().unwrap_or_else(TimeZone::system);
    Timestamp::now().to_zoned(zone).date().to_string()
}

/// Returns the moment it is now, in seconds since 1970, and how many minutes east of Greenwich we are.
#[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub(crate) fn now() -> (i64, i32) {
    let now = Timestamp::now().to_zoned(plain_zone().unwrap_or_else(TimeZone::system));
    (now.timestamp().as_second(), now.offset().seconds() / 60)
}

/// Reads a moment as git takes it from the environment: `1764000000 +0100`, ISO 8601 or the form of mails; in seconds since
/// 1970, and minutes east of Greenwich.
pub(crate) fn moment(text: &str) -> Option<(i64, i32)> {
    let text = text.trim();
    let plain = text.strip_prefix('@').unwrap_or(text);
    let (seconds, zone) = plain.split_once(' ').unwrap_or((plain, "+0000"));
    if let (Ok(seconds), Some(minutes)) = (seconds.parse::<i64>(), zone_minutes(zone)) {
        return Some((seconds, minutes));
    }
    let utc = text.strip_suffix('Z').map(|text| format!("{text}+0000"));
    let text = utc.as_deref().unwrap_or(text);
    let zoned = [
        "%Y-%m-%dT%H:%M:%S%z",
        "%Y-%m-%dT%H:%M:%S%:z",
        "%Y-%m-%d %H:%M:%S %z",
        "%Y-%m-%d %H:%M:%S%z",
        "%a, %d %b %Y %H:%M:%S %z",
        "%a %b %d %H:%M:%S %Y %z",
    ];
    for format in zoned {
        let read = BrokenDownTime::parse(format, text).ok();
        let found = read.and_then(|read| Some((read.to_timestamp().ok()?, read.offset()?)));
        if let Some((at, offset)) = found {
            return Some((at.as_second(), offset.seconds() / 60));
        }
    }
    let local = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"];
    let read = local.iter().find_map(|format| DateTime::strptime(format, text).ok())?;
    let zoned = read.to_zoned(plain_zone().unwrap_or_else(TimeZone::system)).ok()?;
    Some((zoned.timestamp().as_second(), zoned.offset().seconds() / 60))
}

/// Reads `+0130` as 90 minutes.
fn zone_minutes(zone: &str) -> Option<i32> {
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let number: i32 = (digits.len() == 4).then(|| digits.parse().ok()).flatten()?;
    (number >= 0).then_some(sign * (number / 100 * 60 + number % 100))
}

/// Reads the machine's own zone as it is. Asking for it by name would list every zone there is, which takes longer than
/// the rest of the start.
#[cfg(unix)]
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn plain_zone() -> Option<TimeZone> {
    if std::env::var_os("TZ").is_some() {
        return None;
    }
    TimeZone::tzif("local", &std::fs::read("/etc/localtime").ok()?).ok()
}

#[cfg(not(unix))]
fn plain_zone() -> Option<TimeZone> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_git_reads_them() {
        for (text, expected) in [
            ("@1764000000 +0100", Some((1_764_000_000, 60))),
            ("1764000000 -0330", Some((1_764_000_000, -210))),
            ("2026-11-02T10:00:00Z", Some((1_793_613_600, 0))),
            ("2026-11-02T10:00:00+02:00", Some((1_793_606_400, 120))),
            ("2026-11-02 10:00:00 +0200", Some((1_793_606_400, 120))),
            ("Mon, 02 Nov 2026 10:00:00 +0200", Some((1_793_606_400, 120))),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(moment(text), expected, "{text}");
        }
    }
}
