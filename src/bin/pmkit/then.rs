//! A time in the past, as the command line gives it: a day, a time before today, or a revision.

use std::collections::HashSet;

use pmkit::date::Date;
use pmkit::date::Days;
use pmkit::date::day_number;
use pmkit::date::relative;
use pmkit::error::Error;
use pmkit::git::NoHistory;
use pmkit::git::Source;
use pmkit::history::Commit;
use pmkit::history::Oid;

use crate::outcome::Failure;

/// Returns the day that `text` means: one of the calendar, `yesterday`, or a time before today as in `7d` or `2w ago`. `None`
/// where it is none.
pub(crate) fn day(text: &str, today: Date) -> Option<Date> {
    let before = text.strip_suffix(" ago").unwrap_or(text);
    relative(text, today).or_else(|| Days::parse(before).map(|days| days.before(today)))
}

/// Returns the newest commit on the line of `head` that was made by the end of `day`, where each was made. `None` where nothing
/// had been committed.
pub(crate) fn last_of(source: Source<'_>, head: Oid, day: Date) -> Result<Option<Commit>, NoHistory> {
    let last = day.days_since_epoch();
    source.newest(head, &|seconds, offset| day_number(seconds, offset) <= last)
}

/// Where a time begins that commits were made in.
pub(crate) enum Beginning {
    /// With this day.
    Day(Date),
    /// With the first of these commits.
    Commits(HashSet<Oid>),
}

impl Beginning {
    /// Says whether `commit` was made in that time.
    pub(crate) fn holds(&self, commit: &Commit) -> bool {
        match self {
            Self::Day(first) => commit.is_from(*first),
            Self::Commits(commits) => commits.contains(&commit.id),
        }
    }
}

/// Says that nothing had been committed yet.
pub(crate) fn nothing_by(day: Date) -> Error {
    Error::new(format!("nothing had been committed by {}", day.spoken()))
}

/// Returns the commit that `text`, which is no day, names; `None` for HEAD where nothing has been committed.
pub(crate) fn revision(source: Source<'_>, text: &str) -> Result<Option<Oid>, Failure> {
    source.resolve(text).map_err(|why| match why {
        NoHistory::NoRevision(_) => Error::new(format!("`{text}` is no day and no revision"))
            .help("write a day, as in 2026-09-01, a time before today, as in 7d or 2w, or what git calls a commit")
            .into(),
        why => Failure::from(why),
    })
}
