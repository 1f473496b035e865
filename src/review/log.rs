//! What a change does to the log: what comes, what matters more or less, what is put off, what ends.

use std::collections::HashMap;
use std::collections::HashSet;

use super::Sources;
use crate::board::Board;
use crate::board::Item;
use crate::board::Weight;
use crate::date::Date;
use crate::kind::Kind;
use crate::record::Record;

/// A record of the log that a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogItem {
    /// Its name.
    pub record: String,
    /// Its file.
    pub path: String,
    /// Its title, where it has one.
    pub title: Option<String>,
    /// What becomes of it, in the order in which it is told.
    pub steps: Vec<Step>,
}

/// What becomes of a record of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It is new; with how much it matters, where that is known.
    Added(Option<String>),
    /// It was closed, and is open again.
    Reopened,
    /// It is open no more; with the state it is in.
    Closed(String),
    /// Its file is gone.
    Removed,
    /// It was open, and says no state any more that its kind has.
    Lost,
    /// It matters more, or less, than before.
    Rescored {
        /// How much before.
        from: String,
        /// How much now.
        to: String,
        /// Whether that is more.
        up: bool,
    },
    /// Nothing says any more how much it matters; how much it did.
    Unscored(String),
    /// Somebody else owns it, or nobody.
    Reowned {
        /// Who did.
        from: Option<String>,
        /// Who does.
        to: Option<String>,
    },
    /// A deadline is another day.
    Moved {
        /// The field.
        field: String,
        /// The day before.
        from: Date,
        /// The day now.
        to: Date,
        /// How many times it has been put off, where this is no day nearer.
        slips: usize,
    },
    /// By how many days it is promised after it is needed.
    After(i64),
    /// By how many days its first deadline has passed.
    Late(i64),
}

/// Returns what becomes of the records of `made` that changed: `new` has each path with the record as it was.
pub(super) fn items(
    sources: Sources<'_>,
    made: &Board<'_>,
    new: &HashMap<&str, Option<&Record>>,
) -> Vec<LogItem> {
    let config = sources.workspace.config;
    let mut found = Vec::new();
    let mut told: HashSet<&str> = HashSet::new();
    for item in &made.items {
        told.insert(&item.record.path);
        let was = new.get(item.record.path.as_str()).copied().flatten();
        let steps = steps(item, was, config.kinds.at(item.record.kind));
        if !steps.is_empty() {
            found.push(of(sources, item.record, item.kind, steps));
        }
    }
    let is_open = |record: &Record| {
        let lifecycle = &config.kinds.at(record.kind).lifecycle;
        record.state.as_deref().is_some_and(|state| lifecycle.is_open(state))
    };
    for (old, now) in sources.changed {
        let Some((was, _)) = old.as_ref().filter(|(was, _)| is_open(was) && on_board(sources, was)) else {
            continue;
        };
        match now {
            None => found.push(of(sources, was, config.kinds.at(was.kind), vec![Step::Removed])),
            Some((now, _)) if !is_open(now) && !told.contains(now.path.as_str()) => {
                let kind = config.kinds.at(now.kind);
                let known = kind.lifecycle.states();
                let mut steps = match &now.state {
                    Some(state) if known.is_empty() || known.contains(&state.as_str()) => {
                        vec![Step::Closed(state.clone())]
                    }
                    // What nobody understands has not been closed.
                    _ => vec![Step::Lost],
                };
                if now.kind == was.kind {
                    steps.extend(reowned(was, now, kind));
                }
                found.push(of(sources, now, kind, steps));
            }
            Some(_) => {}
        }
    }
    // What comes and is not open stands on no board, and comes all the same.
    for (_, now) in sources.changed {
        let Some((now, _)) = now.as_ref().filter(|(now, _)| on_board(sources, now)) else { continue };
        let is_new = new.get(now.path.as_str()).copied().flatten().is_none_or(|was| was.kind != now.kind);
        if is_new && !told.contains(now.path.as_str()) && !is_open(now) {
            let kind = config.kinds.at(now.kind);
            let weight = Weight::of(now, kind).level().map(crate::board::Level::shown);
            found.push(of(sources, now, kind, vec![Step::Added(weight)]));
        }
    }
    found
}

/// Returns that somebody else owns a record than before, where that is so.
fn reowned(was: &Record, is: &Record, kind: &Kind) -> Option<Step> {
    let owner = |record: &Record| record.text(kind, "owner").map(str::to_owned);
    let (from, to) = (owner(was), owner(is));
    (from != to).then_some(Step::Reowned { from, to })
}

fn on_board(sources: Sources<'_>, record: &Record) -> bool {
    crate::board::kinds(sources.workspace.config).contains(&record.kind)
}

fn of(sources: Sources<'_>, record: &Record, kind: &Kind, steps: Vec<Step>) -> LogItem {
    LogItem {
        record: record.name(&sources.workspace.config.kinds),
        path: record.path.clone(),
        title: record.text(kind, "title").map(str::to_owned),
        steps,
    }
}

fn steps(item: &Item<'_>, was: Option<&Record>, kind: &Kind) -> Vec<Step> {
    let mut steps = Vec::new();
    let shown = |weight: &Weight<'_>| weight.level().map(crate::board::Level::shown);
    let same_kind = was.filter(|was| was.kind == item.record.kind);
    let was_open =
        same_kind.is_some_and(|was| was.state.as_deref().is_some_and(|state| kind.lifecycle.is_open(state)));
    match same_kind {
        None => steps.push(Step::Added(shown(&item.weight))),
        Some(_) if item.open && !was_open => steps.push(Step::Reopened),
        Some(_) => {}
    }
    if let Some(was) = same_kind {
        let before = Weight::of(was, kind);
        match (before.level(), item.weight.level()) {
            (Some(then), Some(now)) if then != now => {
                steps.push(Step::Rescored { from: then.shown(), to: now.shown(), up: now.is_above(then) });
            }
            (Some(then), None) => steps.push(Step::Unscored(then.shown())),
            _ => {}
        }
        steps.extend(reowned(was, item.record, kind));
        let day = |record: &Record, name: &str| {
            record.field(kind, name).and_then(|written| written.value.as_date())
        };
        for field in kind.fields.iter().filter(|field| !field.deadline_in.is_empty()) {
            if let (Some(from), Some(to)) = (day(was, &field.name), day(item.record, &field.name))
                && from != to
            {
                let slips = if to > from { item.slips } else { 0 };
                steps.push(Step::Moved { field: field.words(), from, to, slips });
            }
        }
    }
    steps.extend(item.days_after.filter(|days| *days > 0).map(Step::After));
    if item.days_late > 0 {
        steps.push(Step::Late(item.days_late));
    }
    steps
}
