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
    /// Finds the point `at` in the past of the record `name`, of which `events` are the events in `history`.
    pub(crate) fn find(
        place: &Place,
        source: Source<'_>,
        history: &History,
        events: &[usize],
        at: &str,
        name: &str,
    ) -> Result<Self, Failure> {
        let event = |at: &usize| &history.events[*at];
        let head = history.head.ok_or_else(|| Error::new("nothing has been committed yet"))?;
        let day = Date::parse(at).or_else(|| Days::parse(at).map(|days| days.before(place.today)));
        let commit = if let Some(day) = day {
            let last = day.days_since_epoch();
            let found = source.newest(head, &|seconds, offset| day_number(seconds, offset) <= last)?;
            found.ok_or_else(|| Error::new(format!("nothing had been committed by {}", day.spoken())))?
        } else if let Some(state) = state(place, history, events, at) {
            let reached = events.iter().map(event).find(|event| event.new.as_deref() == Some(&state));
            let reached = reached.ok_or_else(|| never(history, events, name, &state))?;
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
            Some(later) => on_the_line(history, events, &later),
            None => elsewhere(place, source, history, events, commit.id)?,
        };
        let Some(path) = path else {
            let day = |commit: &Commit| Date::at(commit.committer.seconds, commit.committer.offset).spoken();
            let first = &history.commits[event(&events[0]).commit];
            let when = format!("{name} was not there at {at} ({}, {})", day(&commit), commit.id.short());
            return Err(Error::new(when)
                .help(format!("it first came on {}, in {}", day(first), first.id.short()))
                .into());
        };
        Ok(Self { commit, path, events: until })
    }
}

/// Returns the state that `text` names: one of the kind's, or one that the record has been in, in any letter case.
fn state(place: &Place, history: &History, events: &[usize], text: &str) -> Option<String> {
    let event = |at: &usize| &history.events[*at];
    let been = events.iter().map(event).filter(|event| event.is_of_state());
    let mut been = been.filter_map(|event| event.new.as_deref());
    let kind = place.config.kinds.at(event(events.last()?).kind);
    let mut states = kind.lifecycle.states().into_iter();
    let found = been.clone().find(|state| *state == text);
    found
        .or_else(|| been.find(|state| state.eq_ignore_ascii_case(text)))
        .or_else(|| states.find(|state| state.eq_ignore_ascii_case(text)))
        .map(str::to_owned)
}

fn never(history: &History, events: &[usize], name: &str, state: &str) -> Error {
    let mut been: Vec<&str> = Vec::new();
    for event in events.iter().map(|at| &history.events[*at]).filter(|event| event.is_of_state()) {
        if let Some(state) = event.new.as_deref().filter(|state| !been.contains(state)) {
            been.push(state);
        }
    }
    let error = Error::new(format!("{name} has never been {state}"));
    if been.is_empty() { error } else { error.help(format!("it has been {}", been.join(", "))) }
}

/// Returns the path of a record before the commits `later`, and its events until then.
fn on_the_line(history: &History, events: &[usize], later: &HashSet<Oid>) -> (Option<String>, Vec<usize>) {
    let before = |at: &&usize| !later.contains(&history.commits[history.events[**at].commit].id);
    let until: Vec<usize> = events.iter().filter(before).copied().collect();
    let last = until.last().map(|at| &history.events[*at]);
    let path = last.filter(|event| event.what != What::Deleted).map(|event| event.path.to_string());
    (path, until)
}

/// Returns the path of a record in a commit of another line, and what had happened until the lines part. It is the document
/// that came in the same commit at the same path; else, where there is one, that with the same number.
fn elsewhere(
    place: &Place,
    source: Source<'_>,
    history: &History,
    events: &[usize],
    commit: Oid,
) -> Result<(Option<String>, Vec<usize>), Failure> {
    let other = source.history(&place.config, &place.prefix, &commit.to_string())?;
    let key = |history: &History, event: &Event| (history.commits[event.commit].id, event.path.clone());
    let first = key(history, &history.events[events[0]]);
    let born = other.events.iter().find(|event| event.what == What::Created && key(&other, event) == first);
    let own = &history.documents()[history.events[events[0]].document];
    let documents = other.documents();
    let same_number = || {
        documents.iter().position(|document| {
            document.alive
                && document.kind == own.kind
                && document.number.is_some()
                && document.number == own.number
        })
    };
    let found = born.map(|event| event.document).or_else(same_number);
    let path = found.filter(|at| documents[*at].alive).map(|at| documents[at].path.to_string());
    let shared: HashSet<Oid> = other.commits.iter().map(|commit| commit.id).collect();
    let until = events.iter().filter(|at| shared.contains(&history.commits[history.events[**at].commit].id));
    Ok((path, until.copied().collect()))
}
