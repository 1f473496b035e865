//! The events of one document: what rules and registers are handed of the past.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;

use super::Event;
use super::History;
use super::Lineage;
use super::Slip;
use crate::date::Date;
use crate::kind::Kinds;
use crate::record::RecordId;

/// The timelines of all documents of a history.
#[derive(Debug, Clone)]
pub struct Timelines<'a> {
    history: &'a History,
    by_document: Vec<Vec<usize>>,
    /// The documents that are there at the end.
    by_path: HashMap<&'a str, usize>,
    /// Those that have been moved since, by the path they have now.
    moved: BTreeMap<String, usize>,
}

/// The events of one document, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct Timeline<'a> {
    /// The history it is part of.
    pub history: &'a History,
    /// The indices of its events.
    pub indices: &'a [usize],
}

impl<'a> Timelines<'a> {
    /// Takes `history` apart.
    #[must_use]
    pub fn new(history: &'a History) -> Self {
        let mut by_document = vec![Vec::new(); history.documents().len()];
        for (at, event) in history.events.iter().enumerate() {
            by_document[event.document].push(at);
        }
        let alive = history.documents().iter().enumerate().filter(|(_, document)| document.alive);
        let by_path = alive.map(|(at, document)| (&*document.path, at)).collect();
        Self { history, by_document, by_path, moved: BTreeMap::new() }
    }

    /// Returns the same for the files at `paths`, in order, which are what there is now: a document whose file is gone is followed, in
    /// what has not been committed, to one that history does not know and that has the same name but for the number, or
    /// the same number and another name.
    #[must_use]
    pub fn followed_to(mut self, paths: &[String], kinds: &Kinds) -> Self {
        // Nearly always all of them are where they were.
        if paths.iter().filter(|path| self.by_path.contains_key(path.as_str())).count() == self.by_path.len()
        {
            return self;
        }
        let is_there = |path: &str| paths.binary_search_by(|known| known.as_str().cmp(path)).is_ok();
        let documents = self.history.documents().iter().enumerate();
        let gone: Vec<(usize, &str)> = documents
            .filter(|(_, document)| document.alive && !is_there(&document.path))
            .map(|(at, document)| (at, &*document.path))
            .collect();
        let new = || paths.iter().filter(|path| !self.by_path.contains_key(path.as_str()));
        let by_name: HashMap<String, &String> = new().map(|path| (without_number(path), path)).collect();
        let by_number: HashMap<RecordId, &String> =
            new().filter_map(|path| Some((numbered(path, kinds)?, path))).collect();
        let mut moved = BTreeMap::new();
        for (at, path) in gone {
            let same_name = || by_name.get(&without_number(path));
            let found = numbered(path, kinds).and_then(|id| by_number.get(&id)).or_else(same_name);
            if let Some(found) = found {
                moved.entry((*found).clone()).or_insert(at);
            }
        }
        self.moved = moved;
        self
    }

    /// Returns the path that the document at the index `document` has now, where it is there at the end.
    #[must_use]
    pub fn path_now(&self, document: usize) -> &str {
        let moved = self.moved.iter().find(|(_, moved)| **moved == document);
        moved.map_or(&self.history.documents()[document].path, |(path, _)| path)
    }

    /// Returns the files that documents have been moved to and that no commit has yet, each with the index of its document.
    pub fn moved(&self) -> impl Iterator<Item = (&str, usize)> {
        self.moved.iter().map(|(path, document)| (path.as_str(), *document))
    }

    /// Returns the timeline of the document whose file is `path` at the end; `None` where history knows none, as it has not
    /// been committed.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<Timeline<'_>> {
        self.document_at(path).map(|document| self.of(document))
    }

    /// Returns the history they are those of.
    #[must_use]
    pub fn history(&self) -> &'a History {
        self.history
    }

    /// Returns the day on which the commit of `event`, one of theirs, was made, as its committer's clock had it.
    #[must_use]
    pub fn day_of(&self, event: &Event) -> Date {
        self.history.commits[event.commit].day()
    }

    /// Returns the events of the document at the index `document`, oldest first.
    pub(super) fn events_of(&self, document: usize) -> impl Iterator<Item = &'a Event> {
        let history = self.history;
        self.by_document[document].iter().map(move |at| &history.events[*at])
    }

    /// Returns all documents, in the order in which they first appeared.
    #[must_use]
    pub fn documents(&self) -> &'a [Lineage] {
        self.history.documents()
    }

    /// Returns every path that a document has, or had in some commit.
    #[must_use]
    pub fn paths(&self) -> HashSet<&'a str> {
        let of = |event: &'a Event| std::iter::once(&event.path).chain(&event.from_path);
        self.history.events.iter().flat_map(of).map(|path| &**path).collect()
    }

    /// Returns the slips of all deadlines, by the index of the event that each is.
    #[must_use]
    pub fn slips(&self, kinds: &Kinds) -> HashMap<usize, Slip> {
        self.history.slips(kinds)
    }

    /// Returns the index of the document whose file is `path` at the end.
    #[must_use]
    pub fn document_at(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).or_else(|| self.moved.get(path)).copied()
    }

    /// Returns the timeline of the document at the index `document`.
    #[must_use]
    pub fn of(&self, document: usize) -> Timeline<'_> {
        Timeline { history: self.history, indices: &self.by_document[document] }
    }
}

/// That a document went from one state to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move<'a> {
    /// The state it left.
    pub from: &'a str,
    /// The state it got.
    pub to: &'a str,
    /// Where that was committed; `None` where it has not been.
    pub event: Option<&'a Event>,
}

impl<'a> Timeline<'a> {
    /// Returns the moves from state to state as a document of the kind at the index `kind`, oldest first, up to the state `now`
    /// that it is in today, committed or not. What had no state for a while, or no file, is compared with the last it had;
    /// with another kind's nothing is compared.
    #[must_use]
    pub fn moves(self, kind: usize, now: Option<&'a str>) -> Vec<Move<'a>> {
        let mut moves = Vec::new();
        let mut last: Option<&str> = None;
        for event in self.events().filter(|event| event.is_of_state()) {
            let new = event.new.as_deref().filter(|_| event.kind == kind);
            if let (Some(from), Some(to)) = (last, new)
                && from != to
            {
                moves.push(Move { from, to, event: Some(event) });
            }
            // What was blank, gone, or could not be read, in between is no move, and no way around one.
            last = if event.kind == kind { new.or(last) } else { None };
        }
        if let (Some(from), Some(to)) = (last, now)
            && from != to
        {
            moves.push(Move { from, to, event: None });
        }
        moves
    }

    /// Returns the events, oldest first.
    pub fn events(self) -> impl DoubleEndedIterator<Item = &'a Event> {
        self.indices.iter().map(move |at| &self.history.events[*at])
    }

    /// Returns the event with which the document first reached `state`.
    #[must_use]
    pub fn reached(self, state: &str) -> Option<&'a Event> {
        self.events().find(|event| event.is_of_state() && event.new.as_deref() == Some(state))
    }

    /// Returns the states it has been in, in the order in which it first reached them.
    #[must_use]
    pub fn states(self) -> Vec<&'a str> {
        let mut states: Vec<&str> = Vec::new();
        for state in
            self.events().filter(|event| event.is_of_state()).filter_map(|event| event.new.as_deref())
        {
            if !states.contains(&state) {
                states.push(state);
            }
        }
        states
    }

    /// Returns how far the deadline in the field at index `field` has slipped in all; `None` where it never did. `slips` are
    /// those of its history.
    #[must_use]
    pub fn slip(self, field: usize, slips: &HashMap<usize, Slip>) -> Option<Slip> {
        let of_field = self.indices.iter().rev().filter(|at| self.history.events[**at].field == field);
        of_field.filter_map(|at| slips.get(at)).next().copied()
    }
}

/// Returns a path without the first digits in its file name.
fn without_number(path: &str) -> String {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    let is_digit = |c: char| c.is_ascii_digit();
    let start = path[name..].find(is_digit).map_or(path.len(), |at| name + at);
    let end = path[start..].find(|c: char| !is_digit(c)).map_or(path.len(), |at| start + at);
    format!("{}{}", &path[..start], &path[end..])
}

/// Returns the id that the file name of `path` says.
#[must_use]
pub fn numbered(path: &str, kinds: &Kinds) -> Option<RecordId> {
    let (kind, number) = kinds.first_claim(path)?;
    Some(RecordId { kind, number: number? })
}
