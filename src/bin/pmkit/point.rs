//! A point in the past of a record: a day, a revision, or the commit in which it first reached a state.

use std::collections::HashMap;
use std::collections::HashSet;

use pmkit::date::Date;
use pmkit::error::Error;
use pmkit::git::NoHistory;
use pmkit::git::Source;
use pmkit::history::Commit;
use pmkit::history::Event;
use pmkit::history::History;
use pmkit::history::Oid;
use pmkit::history::Timeline;
use pmkit::history::What;
use pmkit::text::nearest;

use crate::outcome::Failure;
use crate::place::Place;
use crate::then;

/// A point in the past of a record.
pub(crate) struct Point {
    /// The commit.
    pub(crate) commit: Commit,
    /// The path the record had in it.
    pub(crate) path: String,
    /// The day that is told from: the one that was asked for, else the commit's.
    pub(crate) day: Date,
    /// The history of the commit, where it is not on HEAD's line.
    pub(crate) other: Option<History>,
    /// What had happened to it until then, oldest first, as indices of that history's events, else of HEAD's.
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
        let day = then::day(at, place.today);
        let commit = if let Some(day) = day {
            then::last_of(source, head, day)?.ok_or_else(|| then::nothing_by(day))?
        } else if let Some(state) = state(place, past, at) {
            let reached = past.reached(&state).ok_or_else(|| {
                let error = never(past, name, &state);
                // A branch or tag may be called as the state is.
                match source.resolve(at) {
                    Ok(Some(_)) => error.help(format!("the branch of that name: --at refs/heads/{at}")),
                    _ => error,
                }
            })?;
            history.commits[reached.commit].clone()
        } else {
            let found = source.resolve(at).map_err(|why| match why {
                NoHistory::NoRevision(_) => {
                    let what = format!("`{at}` is no day, no state {name} has been in, and no commit");
                    let states = known_states(place, past);
                    let help = match nearest(at, states.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "write a day (2026-09-01), a time ago (7d), a state (accepted), or what git calls a commit (v1.2, 4f1c2ab)".to_owned(),
                    };
                    Error::new(what).help(help).into()
                }
                why => Failure::from(why),
            })?;
            let id = found.ok_or_else(|| Error::new("nothing has been committed yet"))?;
            source.commit(id)?
        };
        let (path, until, other) = match source.after(head, commit.id)? {
            Some(later) => on_the_line(past, &later),
            None => elsewhere(place, source, past, commit.id)?,
        };
        let spoken = |commit: &Commit| commit.day().spoken();
        let Some(path) = path else {
            let when = format!("{name} was not there at {at} ({}, {})", spoken(&commit), commit.id.short());
            let told = other.as_ref().unwrap_or(history);
            let last = until.last().map(|at| &told.events[*at]).filter(|event| event.what == What::Deleted);
            let first = past.events().next();
            let help = match (last, first) {
                (Some(event), _) => {
                    let commit = &told.commits[event.commit];
                    Some(format!("it was deleted on {}, in {}", spoken(commit), commit.id.short()))
                }
                (None, Some(event)) => {
                    let commit = &history.commits[event.commit];
                    Some(format!("it first came on {}, in {}", spoken(commit), commit.id.short()))
                }
                (None, None) => None,
            };
            let error = Error::new(when);
            return Err(match help {
                Some(help) => error.help(help),
                None => error,
            }
            .into());
        };
        let day = day.unwrap_or_else(|| commit.day());
        Ok(Self { commit, path, day, other, events: until })
    }
}

/// The path a record had, what had happened to it until then, and the history that is told from where it is not HEAD's.
type Found = (Option<String>, Vec<usize>, Option<History>);

/// Returns the state that `text` names: one that the record has been in, or one of its kind's, in any letter case.
fn state(place: &Place, past: Timeline<'_>, text: &str) -> Option<String> {
    let states = known_states(place, past);
    let known = || states.iter().copied();
    let found = known().find(|state| *state == text);
    found.or_else(|| known().find(|state| state.eq_ignore_ascii_case(text))).map(str::to_owned)
}

/// Returns the states that the record has been in, and then those of its kind.
fn known_states<'s>(place: &'s Place, past: Timeline<'s>) -> Vec<&'s str> {
    let kind = past.events().next_back().map(|event| place.config.kinds.at(event.kind));
    past.states().into_iter().chain(kind.into_iter().flat_map(|kind| kind.lifecycle.states())).collect()
}

fn never(past: Timeline<'_>, name: &str, state: &str) -> Error {
    let been = past.states();
    let error = Error::new(format!("{name} has never been {state}"));
    if been.is_empty() { error } else { error.help(format!("it has been {}", been.join(", "))) }
}

/// Returns the path of a record before the commits `later`, and its events until then.
fn on_the_line(past: Timeline<'_>, later: &HashSet<Oid>) -> Found {
    let Timeline { history, indices } = past;
    let before = |at: &&usize| !later.contains(&history.commits[history.events[**at].commit].id);
    let until: Vec<usize> = indices.iter().filter(before).copied().collect();
    let last = until.last().map(|at| &history.events[*at]);
    let path = last.filter(|event| event.what != What::Deleted).map(|event| event.path.to_string());
    (path, until, None)
}

/// Returns the path of a record in a commit of another line, with its own history. It is the document that came in the same
/// commit at the same path; else, where it came on another line, that with the same number, unless it is known on HEAD's line
/// as another one.
fn elsewhere(place: &Place, source: Source<'_>, past: Timeline<'_>, commit: Oid) -> Result<Found, Failure> {
    let history = past.history;
    let other = source.history(&place.config, &place.prefix, &commit.to_string())?;
    let births = |history: &History| -> HashMap<(Oid, String), usize> {
        let created = history.events.iter().filter(|event| event.what == What::Created);
        let key = |event: &Event| (history.commits[event.commit].id, event.path.to_string());
        created.map(|event| (key(event), event.document)).collect()
    };
    let (here, there) = (births(history), births(&other));
    let Some(own) = past.events().next().map(|first| first.document) else {
        return Ok((None, Vec::new(), None));
    };
    let born =
        here.iter().find(|(_, document)| **document == own).and_then(|(key, _)| there.get(key).copied());
    let same_number = || {
        let number = history.documents()[own].number?;
        let known: HashSet<usize> =
            there.iter().filter(|(key, _)| here.contains_key(key)).map(|(_, at)| *at).collect();
        let kind = history.documents()[own].kind;
        other.documents().iter().enumerate().position(|(at, document)| {
            document.alive && document.kind == kind && document.number == Some(number) && !known.contains(&at)
        })
    };
    let Some(found) = born.or_else(same_number) else { return Ok((None, Vec::new(), None)) };
    let document = &other.documents()[found];
    let path = document.alive.then(|| document.path.to_string());
    let until = (0..other.events.len()).filter(|at| other.events[*at].document == found).collect();
    Ok((path, until, Some(other)))
}
