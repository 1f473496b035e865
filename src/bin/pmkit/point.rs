//! A point in the past of a record: a day, a revision, or the commit in which it first reached a state.

use std::collections::HashSet;

use pmkit::date::Date;
use pmkit::date::Days;
use pmkit::date::day_number;
use pmkit::error::Error;
use pmkit::git::NoHistory;
use pmkit::git::Source;
use pmkit::history::Commit;
use pmkit::history::Event;
use pmkit::history::History;
use pmkit::history::Oid;
use pmkit::history::Timeline;
use pmkit::history::What;

use crate::outcome::Failure;
use crate::place::Place;

/// A point in the past of a record.
pub(crate) struct Point {
    /// The commit.
    pub(crate) commit: Commit,
    /// The path the record had in it.
    pub(crate) path: String,
    /// What had happened to it until then, oldest first, as indices of the history's events.
    pub(crate) events: Vec<usize>,
}

impl Point {
    /// Finds the point `at` in the past of the record `name`, to which `past` has happened.
    pub(crate) fn find(
        place: &Place,
        source: Source<'_>,
        past: Timeline<'_>,
        at: &str,
        name: &str,
    ) -> Result<Self, Failure> {
        let history = past.history;
        let head = history.head.ok_or_else(|| Error::new("nothing has been committed yet"))?;
        let day = Date::parse(at).or_else(|| Days::parse(at).map(|days| days.before(place.today)));
        let commit = if let Some(day) = day {
            let last = day.days_since_epoch();
            let found = source.newest(head, &|seconds, offset| day_number(seconds, offset) <= last)?;
            found.ok_or_else(|| Error::new(format!("nothing had been committed by {}", day.spoken())))?
        } else if let Some(state) = state(place, past, at) {
            let reached = past.reached(&state).ok_or_else(|| never(past, name, &state))?;
            history.commits[reached.commit].clone()
        } else {
            let found = source.resolve(at).map_err(|why| match why {
                NoHistory::NoRevision(_) => Error::new(format!("`{at}` is no day, no state {name} has been in, and no revision"))
                    .help("write a day (2026-09-01), a time ago (7d), a state (accepted), or what git calls a commit (v1.2, 4f1c2ab)")
                    .into(),
                why => Failure::from(why),
            })?;
            let id = found.ok_or_else(|| Error::new("nothing has been committed yet"))?;
            source.commit(id)?
        };
        let (path, until) = match source.after(head, commit.id)? {
            Some(later) => on_the_line(past, &later),
            None => elsewhere(place, source, past, commit.id)?,
        };
        let Some(path) = path else {
            let day = |commit: &Commit| Date::at(commit.committer.seconds, commit.committer.offset).spoken();
            let first = past.events().next().map(|event| &history.commits[event.commit]);
            let when = format!("{name} was not there at {at} ({}, {})", day(&commit), commit.id.short());
            let error = Error::new(when);
            return Err(match first {
                Some(first) => {
                    error.help(format!("it first came on {}, in {}", day(first), first.id.short()))
                }
                None => error,
            }
            .into());
        };
        Ok(Self { commit, path, events: until })
    }
}

/// Returns the state that `text` names: one that the record has been in, or one of its kind's, in any letter case.
fn state(place: &Place, past: Timeline<'_>, text: &str) -> Option<String> {
    let been = past.states();
    let kind = place.config.kinds.at(past.events().next_back()?.kind);
    let known = || been.iter().copied().chain(kind.lifecycle.states());
    let found = known().find(|state| *state == text);
    found.or_else(|| known().find(|state| state.eq_ignore_ascii_case(text))).map(str::to_owned)
}

fn never(past: Timeline<'_>, name: &str, state: &str) -> Error {
    let been = past.states();
    let error = Error::new(format!("{name} has never been {state}"));
    if been.is_empty() { error } else { error.help(format!("it has been {}", been.join(", "))) }
}

/// Returns the path of a record before the commits `later`, and its events until then.
fn on_the_line(past: Timeline<'_>, later: &HashSet<Oid>) -> (Option<String>, Vec<usize>) {
    let Timeline { history, indices } = past;
    let before = |at: &&usize| !later.contains(&history.commits[history.events[**at].commit].id);
    let until: Vec<usize> = indices.iter().filter(before).copied().collect();
    let last = until.last().map(|at| &history.events[*at]);
    let path = last.filter(|event| event.what != What::Deleted).map(|event| event.path.to_string());
    (path, until)
}

/// Returns the path of a record in a commit of another line, and what had happened until the lines part. It is the document
/// that came in the same commit at the same path; else, where there is one, that with the same number.
fn elsewhere(
    place: &Place,
    source: Source<'_>,
    past: Timeline<'_>,
    commit: Oid,
) -> Result<(Option<String>, Vec<usize>), Failure> {
    let Timeline { history, indices } = past;
    let other = source.history(&place.config, &place.prefix, &commit.to_string())?;
    let key = |history: &History, event: &Event| (history.commits[event.commit].id, event.path.clone());
    let Some(first) = past.events().next() else { return Ok((None, Vec::new())) };
    let own = &history.documents()[first.document];
    let first = key(history, first);
    let born = other.events.iter().find(|event| event.what == What::Created && key(&other, event) == first);
    let documents = other.documents();
    let same_number = || {
        documents.iter().position(|document| {
            let same = document.number.is_some() && document.number == own.number;
            document.alive && document.kind == own.kind && same
        })
    };
    let found = born.map(|event| event.document).or_else(same_number);
    let path = found.filter(|at| documents[*at].alive).map(|at| documents[at].path.to_string());
    let shared: HashSet<Oid> = other.commits.iter().map(|commit| commit.id).collect();
    let until = indices.iter().filter(|at| shared.contains(&history.commits[history.events[**at].commit].id));
    Ok((path, until.copied().collect()))
}
