//! A fictional company with months of believable history: what the tour, the documentation and the tests walk on.
//!
//! The story is data: the records as they are today under `src/demo/files/`, and how they came about in
//! `src/demo/story.toml`. Days are written relative to today, so that the story is never old. The same seed and day give
//! the same commits to the last bit.

use std::collections::BTreeMap;

use crate::date::Date;

mod play;
mod story;

pub use play::play;

/// One commit of the story, ready to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedCommit {
    /// The indices of its parents among the planned commits.
    pub parents: Vec<usize>,
    /// Every file of its tree.
    pub files: BTreeMap<String, String>,
    /// Who wrote it.
    pub author: Signature,
    /// Who made it a commit.
    pub committer: Signature,
    /// Seconds since 1970.
    pub seconds: i64,
    /// The whole message.
    pub message: String,
}

/// A name and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// A repository to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedHistory {
    /// The commits, parents before children.
    pub commits: Vec<PlannedCommit>,
    /// Branches with the index of the commit each points to. The first is checked out.
    pub branches: Vec<(String, usize)>,
    /// Who works in the repository.
    pub user: Signature,
    /// What somebody has changed and not committed: files with their texts.
    pub unfinished: BTreeMap<String, String>,
    /// What only a person can mend, as (file, what stands there, what belongs there).
    pub by_hand: Vec<(String, String, String)>,
}

/// Returns `text` with every `{{+5}}`, `{{-9}}` or `{{0}}` replaced by that day, counted from today and moved off
/// weekends: to Monday where it is today or ahead, to Friday where it has been.
fn with_days(text: &str, today: Date) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        let Some(close) = rest[open..].find("}}") else { break };
        out.push_str(&rest[..open]);
        match rest[open + 2..open + close].parse::<i32>() {
            Ok(days) => out.push_str(&working_day(today, days).to_string()),
            Err(_) => out.push_str(&rest[open..open + close + 2]),
        }
        rest = &rest[open + close + 2..];
    }
    out.push_str(rest);
    out
}

/// Returns the day `days` from today, off weekends.
fn working_day(today: Date, days: i32) -> Date {
    let day = today.plus_days(days);
    if days >= 0 { day.plus_days(-1).plus_business_days(1) } else { day.plus_days(1).plus_business_days(-1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_today_and_kept_off_weekends() {
        let friday = Date::parse("2026-11-20").expect("a day");
        assert_eq!(
            with_days("due: {{+1}}, was {{-6}}, {{0}}; {{ id }}", friday),
            "due: 2026-11-23, was 2026-11-13, 2026-11-20; {{ id }}"
        );
    }
}
