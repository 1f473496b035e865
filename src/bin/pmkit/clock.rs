//! Today: what `--today` says, else the local calendar.

use jiff::Timestamp;
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
