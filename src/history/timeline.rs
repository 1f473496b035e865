//! The events of one document: what rules and registers are handed of the past.

use std::collections::HashMap;

use super::Event;
use super::History;
use super::Lineage;
use super::Slip;
use super::What;
use crate::kind::Kinds;

/// The timelines of all documents of a history.
#[derive(Debug, Clone)]
pub struct Timelines<'a> {
    history: &'a History,
    by_document: Vec<Vec<usize>>,
    /// The documents that are there at the end.
    by_path: HashMap<&'a str, usize>,
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
        Self { history, by_document, by_path }
    }

    /// Returns the timeline of the document whose file is `path` at the end; `None` where history knows none, as it has not
    /// been committed.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<Timeline<'_>> {
        self.by_path.get(path).map(|document| self.of(*document))
    }

    /// Returns the history they are those of.
    #[must_use]
    pub fn history(&self) -> &'a History {
        self.history
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

    /// Returns the slips of all deadlines, by the index of the event that each is.
    #[must_use]
    pub fn slips(&self, kinds: &Kinds) -> HashMap<usize, Slip> {
        self.history.slips(kinds)
    }

    /// Returns the index of the document whose file is `path` at the end.
    #[must_use]
    pub fn document_at(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
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
    /// that it is in today, committed or not. Where the file was gone, or another kind's, nothing is compared.
    #[must_use]
    pub fn moves(self, kind: usize, now: Option<&'a str>) -> Vec<Move<'a>> {
        let mut moves = Vec::new();
        let mut last: Option<&str> = None;
        for event in self.events().filter(|event| event.is_of_state()) {
            let new = event.new.as_deref().filter(|_| event.kind == kind);
            let goes_on = matches!(event.what, What::Changed | What::Renamed);
            if let (Some(from), Some(to), true) = (last, new, goes_on)
                && from != to
            {
                moves.push(Move { from, to, event: Some(event) });
            }
            // What was blank, or could not be read, in between is no move.
            last = if goes_on || event.new.is_some() { new } else { None };
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
