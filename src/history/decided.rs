//! Which text a record had when it was decided.

use std::collections::BTreeMap;

use super::Event;
use super::History;
use super::Oid;
use super::Shared;
use super::Timelines;
use super::What;
use super::numbered;
use crate::kind::Kind;
use crate::kind::Kinds;
use crate::record::RecordId;
use crate::record::canonical_as;

/// A document whose text has been decided and may not change any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed<'a> {
    /// The path it has now.
    pub path: String,
    /// The content that counts: the one it had when it was decided, as far as its words go.
    pub decided: Oid,
    /// The content it has in the last commit.
    pub last: Oid,
    /// The events in which words of it changed since, or with which it came back, oldest first.
    pub rewritten: Vec<&'a Event>,
    /// The last event in which each field that is part of what was decided changed since, by its index.
    pub fields: BTreeMap<usize, &'a Event>,
}

impl<'a> Timelines<'a> {
    /// Returns the documents that are there at the end and whose text has been decided, in the order in which they appeared.
    #[must_use]
    pub fn fixed(&self, kinds: &Kinds) -> Vec<Fixed<'a>> {
        let history = self.history();
        let alive = (0..history.documents().len()).filter(|at| history.documents()[*at].alive);
        alive.filter_map(|at| fixed(self, history, at, kinds)).collect()
    }
}

/// The ids that documents have had and no longer have, each with the one that took its place: both name the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Renumbered(BTreeMap<RecordId, RecordId>);

impl Renumbered {
    /// Says whether no document has another id than it had.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the id that a document has now which once had `id`.
    fn now(&self, mut id: RecordId) -> RecordId {
        // Ids that were exchanged lead in a circle.
        for _ in 0..self.0.len() {
            let Some(next) = self.0.get(&id) else { break };
            id = *next;
        }
        id
    }

    /// Returns `text` with the ids that documents have now.
    #[must_use]
    pub fn told(&self, text: &str, kinds: &Kinds) -> String {
        if self.is_empty() {
            return text.to_owned();
        }
        canonical_as(text, kinds, &|id| self.now(id))
    }
}

impl Timelines<'_> {
    /// Returns the ids that documents have had and no longer have, by their paths.
    #[must_use]
    pub fn renumbered(&self, kinds: &Kinds) -> Renumbered {
        let mut renumbered = BTreeMap::new();
        let mut add = |from: &str, to: &str| {
            if let (Some(from), Some(to)) = (numbered(from, kinds), numbered(to, kinds))
                && from != to
            {
                renumbered.insert(from, to);
            }
        };
        for event in &self.history().events {
            if let Some(from) = &event.from_path {
                add(from, &event.path);
            }
        }
        for (path, document) in self.moved() {
            add(&self.documents()[document].path, path);
        }
        Renumbered(renumbered)
    }
}

fn fixed<'a>(timelines: &Timelines<'a>, history: &'a History, at: usize, kinds: &Kinds) -> Option<Fixed<'a>> {
    let document = &history.documents()[at];
    let kind = kinds.at(document.kind);
    if !kind.lifecycle.frozen {
        return None;
    }
    let known = history.followed.last[at].as_ref()?;
    let state = kind.fields.iter().position(|field| field.name == kind.lifecycle.field)?;
    let is_frozen = |state: Option<&Shared>| state.is_some_and(|state| kind.lifecycle.is_frozen(state));
    if !is_frozen(known.facts.value(state)) {
        return None;
    }
    let mut found = Fixed {
        path: timelines.path_now(at).to_owned(),
        decided: known.content,
        last: known.content,
        rewritten: Vec::new(),
        fields: BTreeMap::new(),
    };
    // The text that was decided, where anything has happened to it since.
    let mut first = None;
    // The decided state it was taken out of by a move that there is not, or by putting the file away.
    let mut left: Option<&Shared> = None;
    let mut freed_in = None;
    for event in timelines.events_of(at) {
        let texts = event.detail.as_deref().and_then(|detail| detail.texts);
        let before = texts.map(|(old, _)| old).filter(|_| event.kind == document.kind);
        let (old, new) = (event.old.as_ref(), event.new.as_ref());
        match event.what {
            What::Rewritten | What::Field if freed_in == Some(event.commit) => {}
            What::Rewritten => {
                first = first.or(before);
                found.rewritten.push(event);
            }
            What::Field if before.is_some() => {
                first = first.or(before);
                found.fields.insert(event.field, event);
            }
            What::Field | What::Renamed | What::Unreadable => {}
            // From one decided state to the next, accepted to superseded, the text stays decided.
            _ if is_frozen(old) && is_frozen(new) => {}
            _ if before.is_some() && !may_leave(kind, event) => {
                first = first.or(before);
                left = old;
            }
            // What is back where it was taken from has not been decided anew.
            _ if left.is_some() && left == new => {
                left = None;
                found.rewritten.push(event);
            }
            _ if left.is_some() && event.kind == document.kind && !is_frozen(new) => {}
            _ => {
                (first, left) = (None, None);
                (found.rewritten, found.fields) = (Vec::new(), BTreeMap::new());
                freed_in = Some(event.commit);
            }
        }
    }
    found.decided = first.unwrap_or(known.content);
    Some(found)
}

/// Says whether an event takes a document out of a decided state by a move that the kind allows.
fn may_leave(kind: &Kind, event: &Event) -> bool {
    match (&event.old, &event.new) {
        (Some(old), Some(new)) => kind.lifecycle.reaches(old, new),
        _ => false,
    }
}
