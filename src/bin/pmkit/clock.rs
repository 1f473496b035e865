//! Today: what `--today` says, else the local calendar.

use pmkit::date::Date;
use pmkit::error::Error;

/// Returns the day everything depends on.
///
/// # Errors
/// Where what was given is no date.
#[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub(crate) fn today(given: Option<&str>) -> Result<Date, Error> {
    let text = match given {
        Some(text) => text.to_owned(),
        None => jiff::Zoned::now().date().to_string(),
    };
    Date::parse(&text)
        .ok_or_else(|| Error::new(format!("`{text}` is not a date")).help("write it as `2026-11-20`"))
}
