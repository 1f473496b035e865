//! What a change does to a decision: where it moves it, who is asked, and what that touches.

use super::Sources;
use super::Version;
use crate::board;
use crate::date::Date;
use crate::kind::Kind;
use crate::record::Origin;
use crate::record::Record;
use crate::record::Value;
use crate::record::is_placeholder;
use crate::rules::Approval;
use crate::rules::Subject;
use crate::rules::approval;
use crate::rules::questions;
use crate::workspace::Workspace;

/// What a change does to a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its name.
    pub record: String,
    /// Its file.
    pub path: String,
    /// Its title, where it has one.
    pub title: Option<String>,
    /// The state before; `None` where it is new, or had none.
    pub from: Option<String>,
    /// The state now; `None` where its file is gone, or has none.
    pub to: Option<String>,
    /// Whether that decides it.
    pub decides: bool,
    /// Whether it was decided, and that ends it.
    pub retires: bool,
    /// Who is to agree, and whether the commits show that they do.
    pub approvals: Vec<Approval>,
    /// Who was asked for comments.
    pub reviewers: Vec<String>,
    /// Whom the forge asks about its file.
    pub owned: Option<Owned>,
    /// When comments are taken.
    pub comments: Option<Comments>,
    /// How many questions it asks.
    pub questions: usize,
    /// The numbers of those that have no answer and no taker.
    pub unanswered: Vec<usize>,
    /// How many more it asked before the change.
    pub dropped: usize,
    /// What it takes the place of.
    pub replaces: Vec<Replaced>,
    /// What it stands on.
    pub rests_on: Vec<Ground>,
}

/// The line of `CODEOWNERS` that is in force for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    /// The number of the line, from 1.
    pub line: usize,
    /// The pattern.
    pub pattern: String,
    /// Whom it names; nobody where it takes the file from everybody.
    pub owners: Vec<String>,
}

/// When comments are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comments {
    /// The first day.
    pub opened: Date,
    /// The last day.
    pub closes: Date,
    /// How many working days lie between them.
    pub days: u32,
    /// Whether that is over.
    pub over: bool,
    /// The first and the last day before the change, where it moves either.
    pub was: Option<(Date, Date)>,
}

/// A record whose place is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Its name.
    pub record: String,
    /// The state it was in before.
    pub was: Option<String>,
    /// The records that name it all the same, and may still be changed.
    pub cited_by: Vec<String>,
}

/// A record that a decision stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// Its name, or as it is written where there is none.
    pub record: String,
    /// The state it is in.
    pub state: Option<String>,
    /// Whether that means that it has been found false.
    pub refuted: bool,
    /// Whether it is still open.
    pub open: bool,
    /// Its next deadline: what for, and the day.
    pub due: Option<(String, Date)>,
}

/// Returns what the change does to records of kinds that decide something and are not on the board, where it gives them another state.
pub(super) fn decisions(sources: Sources<'_>) -> Vec<Decision> {
    let kinds = &sources.workspace.config.kinds;
    let on_board = board::kinds(sources.workspace.config);
    let decides = |version: &&Version| {
        let kind = version.0.kind;
        !kinds.at(kind).lifecycle.decided.is_empty() && !on_board.contains(&kind)
    };
    let mut found = Vec::new();
    for (old, new) in sources.changed {
        let (was, is) = (old.as_ref().filter(decides), new.as_ref().filter(decides));
        let state = |version: Option<&Version>| version.and_then(|(record, _)| record.state.clone());
        let (from, to) = (state(was), state(is));
        match (was, is) {
            (None, None) => continue,
            (Some((record, _)), None) => {
                // What was not decided goes without a word.
                let lifecycle = &kinds.at(record.kind).lifecycle;
                if from.as_deref().is_some_and(|state| lifecycle.is_frozen(state)) {
                    found.push(gone(sources, record, from));
                }
            }
            (was, Some(is)) => {
                let initial = kinds.at(is.0.kind).lifecycle.initial.as_deref();
                let begins = was.is_none() && to.as_deref() == initial;
                if from != to && !begins {
                    found.push(decision(sources, was, is));
                }
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn gone(sources: Sources<'_>, record: &Record, from: Option<String>) -> Decision {
    let kinds = &sources.workspace.config.kinds;
    Decision {
        record: record.name(kinds),
        path: record.path.clone(),
        title: record.text(kinds.at(record.kind), "title").map(str::to_owned),
        from,
        to: None,
        decides: false,
        retires: true,
        approvals: approval(sources.workspace, sources.elsewhere, record),
        reviewers: Vec::new(),
        owned: owned(sources, &record.path),
        comments: None,
        questions: 0,
        unanswered: Vec::new(),
        dropped: 0,
        replaces: Vec::new(),
        rests_on: Vec::new(),
    }
}

fn decision(sources: Sources<'_>, was: Option<&Version>, (record, document): &Version) -> Decision {
    let Sources { workspace, today, .. } = sources;
    let config = workspace.config;
    let kind = config.kinds.at(record.kind);
    let subject = Subject { record, document, kind, config, today };
    let mut asked = questions(&subject);
    let from = was.and_then(|(record, _)| record.state.clone());
    // Going from one decision to another decides too.
    let decided = record.state.as_deref().is_some_and(|state| kind.lifecycle.is_decided(state));
    // Of what ends nobody asks any more who was asked.
    let ends = record.state.as_deref().is_some_and(|state| kind.lifecycle.is_ended(state));
    if ends {
        asked.clear();
    }
    let retires = !decided
        && from
            .as_deref()
            .is_some_and(|state| kind.lifecycle.is_frozen(state) || kind.lifecycle.is_decided(state));
    let asked_before = was.filter(|_| !ends).map_or(0, |(record, document)| {
        questions(&Subject { record, document, kind: config.kinds.at(record.kind), config, today }).len()
    });
    let own = workspace.at(&record.path).map_or(record, |at| &workspace.records[at]);
    Decision {
        record: record.name(&config.kinds),
        path: record.path.clone(),
        title: record.text(kind, "title").map(str::to_owned),
        decides: decided && from != record.state,
        from,
        to: record.state.clone(),
        approvals: match ends && !retires {
            true => Vec::new(),
            false => approval(workspace, sources.elsewhere, own),
        },
        retires,
        reviewers: if ends { Vec::new() } else { reviewers(record, kind) },
        owned: owned(sources, &record.path),
        comments: comments(record, kind, today).filter(|_| !ends).map(|now| {
            let before = was.and_then(|(record, _)| comments(record, kind, today));
            let days = before.map(|before| (before.opened, before.closes));
            Comments { was: days.filter(|days| *days != (now.opened, now.closes)), ..now }
        }),
        dropped: asked_before.saturating_sub(asked.len()),
        questions: asked.len(),
        unanswered: asked
            .iter()
            .filter(|question| !question.settled)
            .map(|question| question.number)
            .collect(),
        replaces: replaces(sources, own, kind),
        rests_on: if ends { Vec::new() } else { rests_on(workspace, own, kind) },
    }
}

fn reviewers(record: &Record, kind: &Kind) -> Vec<String> {
    let written = record.field(kind, "reviewers");
    let names = written.into_iter().flat_map(|written| written.value.texts());
    names.filter(|name| !is_placeholder(name)).map(str::to_owned).collect()
}

fn owned(sources: Sources<'_>, path: &str) -> Option<Owned> {
    let path = format!("{}{path}", sources.prefix);
    let covering = sources.code_owners.covering(&path)?;
    Some(Owned {
        line: covering.line,
        pattern: covering.pattern.to_owned(),
        owners: covering.owners.iter().map(|owner| (*owner).to_owned()).collect(),
    })
}

/// Returns the time that a date of the record closes and another one, or its writing, opens.
fn comments(record: &Record, kind: &Kind, today: Date) -> Option<Comments> {
    let day = |name: &str| {
        let written = record.field(kind, name).filter(|written| written.value != Value::Blank)?;
        written.value.as_date()
    };
    let window = |field: &crate::kind::Field| {
        let closes = day(&field.name)?;
        let opened = day(field.window_from.as_deref()?).or_else(|| day("created"))?;
        let days = opened.business_days_until(closes);
        Some(Comments { opened, closes, days, over: closes < today, was: None })
    };
    kind.fields.iter().find_map(window)
}

fn replaces(sources: Sources<'_>, record: &Record, kind: &Kind) -> Vec<Replaced> {
    let workspace = sources.workspace;
    let kinds = &workspace.config.kinds;
    let mut found: Vec<Replaced> = Vec::new();
    for reference in &record.references {
        let Origin::Field(at) = reference.origin else { continue };
        let Some(index) = workspace.index_of(record, &reference.target) else { continue };
        let other = &workspace.records[index];
        let theirs = kinds.at(other.kind);
        let answer = kind.fields[at].inverse.as_deref().and_then(|inverse| theirs.field(inverse));
        if !answer.is_some_and(|answer| theirs.comes_after(answer)) || other.path == record.path {
            continue;
        }
        let name = other.name(kinds);
        if found.iter().any(|known| known.record == name) {
            continue;
        }
        let old = sources
            .changed
            .iter()
            .find(|(_, new)| new.as_ref().is_some_and(|(new, _)| new.path == other.path));
        let was = match old {
            Some((old, _)) => old.as_ref().and_then(|(old, _)| old.state.clone()),
            None => other.state.clone(),
        };
        found.push(Replaced { record: name, was, cited_by: citing(workspace, index, record) });
    }
    found
}

/// Returns the records that name the one at `index` and may still be changed, but for `by`, which takes its place.
fn citing(workspace: &Workspace<'_>, index: usize, by: &Record) -> Vec<String> {
    let kinds = &workspace.config.kinds;
    let live = |record: &Record| {
        let lifecycle = &kinds.at(record.kind).lifecycle;
        record.path != by.path && record.state.as_deref().is_some_and(|state| lifecycle.is_live(state))
    };
    let mut names: Vec<String> = workspace
        .pointing_at(index)
        .into_iter()
        .map(|(at, _)| &workspace.records[at])
        .filter(|record| live(record))
        .map(|record| record.name(kinds))
        .collect();
    names.dedup();
    names
}

fn rests_on(workspace: &Workspace<'_>, record: &Record, kind: &Kind) -> Vec<Ground> {
    let kinds = &workspace.config.kinds;
    let is_ground = |origin| matches!(origin, Origin::Field(at) if kind.fields[at].ground);
    let mut found: Vec<Ground> = Vec::new();
    for reference in record.references.iter().filter(|reference| is_ground(reference.origin)) {
        let Some(other) = workspace.resolve(record, &reference.target) else { continue };
        let theirs = kinds.at(other.kind);
        let state = other.state.clone();
        let among = |states: &[String]| state.as_ref().is_some_and(|state| states.contains(state));
        let due = other
            .next_deadline(theirs)
            .map(|deadline| (theirs.fields[deadline.written.field].words(), deadline.date));
        let ground = Ground {
            record: other.name(kinds),
            refuted: among(&theirs.lifecycle.refuted),
            open: among(&theirs.lifecycle.open),
            state,
            due,
        };
        if !found.contains(&ground) {
            found.push(ground);
        }
    }
    found
}
