//! The events of one document: what rules and registers are handed of the past.

use std::collections::HashMap;

use super::Event;
use super::History;
use super::Slip;

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

    /// Returns the timeline of the document at the index `document`.
    #[must_use]
    pub fn of(&self, document: usize) -> Timeline<'_> {
        Timeline { history: self.history, indices: &self.by_document[document] }
    }
}

impl<'a> Timeline<'a> {
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
