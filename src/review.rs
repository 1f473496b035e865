//! What a change asks of whoever reviews it: what it decides and who may decide that, what that replaces and rests on, and what becomes
//! of the log.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::board;
use crate::board::Earlier;
use crate::board::board;
use crate::codeowners::CodeOwners;
use crate::date::Date;
use crate::document::Document;
use crate::history::Timelines;
use crate::lint::Lint;
use crate::record::Record;
use crate::rules::Elsewhere;
use crate::workspace::Workspace;

mod decision;
mod log;
mod verdict;

pub use decision::Comments;
pub use decision::Decision;
pub use decision::Ground;
pub use decision::Owned;
pub use decision::Replaced;
pub use log::LogItem;
pub use log::Step;
pub use verdict::Standing;
pub use verdict::Verdict;

/// A record with its text.
pub type Version = (Record, Document);

/// A record that a change makes another one: as it was and as it is.
pub type Changed = (Option<Version>, Option<Version>);

/// What a review is made from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The records as they are with the change.
    pub workspace: &'a Workspace<'a>,
    /// Those that differ.
    pub changed: &'a [Changed],
    /// What happened to the records, the change included; `None` where nobody knows.
    pub timelines: Option<&'a Timelines<'a>>,
    /// Who had a hand in it.
    pub elsewhere: &'a Elsewhere,
    /// Whom the forge asks for which paths.
    pub code_owners: &'a CodeOwners,
    /// What was found in it.
    pub lint: &'a Lint,
    /// Paths in which merging it leaves a conflict, from the repository's top.
    pub conflicts: &'a [String],
    /// Where the root lies below the repository's top, with `/` at its end.
    pub prefix: &'a str,
    /// The day.
    pub today: Date,
}

/// What a change asks of whoever reviews it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// How it stands.
    pub verdict: Verdict,
    /// What it does to decisions, in order of path.
    pub decisions: Vec<Decision>,
    /// What it does to the log, in the order of the board.
    pub log: Vec<LogItem>,
}

/// Puts together what `sources` have to say.
#[must_use]
pub fn review(sources: Sources<'_>) -> Review {
    let decisions = decision::decisions(sources);
    let log = items(sources);
    let verdict = Verdict::of(&decisions, sources.lint, sources.changed.len(), sources.conflicts);
    Review { verdict, decisions, log }
}

/// Returns what the change does to the records on the board.
fn items(sources: Sources<'_>) -> Vec<LogItem> {
    let Sources { workspace, changed, timelines, today, .. } = sources;
    let on_board: HashSet<usize> = board::kinds(workspace.config).into_iter().collect();
    let counts = |version: &Version| on_board.contains(&version.0.kind);
    let new: HashMap<&str, Option<&Record>> = changed
        .iter()
        .filter_map(|(old, new)| Some((new.as_ref().filter(|new| counts(new))?.0.path.as_str(), old)))
        .map(|(path, old)| (path, old.as_ref().map(|(record, _)| record)))
        .collect();
    let old = changed.iter().filter_map(|(old, _)| old.as_ref()).filter(|old| counts(old));
    let old: Vec<Record> = old.map(|(record, _)| record.clone()).collect();
    if new.is_empty() && old.is_empty() {
        return Vec::new();
    }
    let earlier = Earlier { day: today, records: old };
    let wanted = |record: &Record| new.contains_key(record.path.as_str());
    let made =
        board(board::Sources { workspace, wanted: &wanted, earlier: Some(&earlier), timelines, today });
    log::items(sources, &made, &new)
}
