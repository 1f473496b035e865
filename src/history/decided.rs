//! Which text a record had when it was decided.

use std::collections::BTreeMap;

use super::Event;
use super::History;
use super::Oid;
use super::Shared;
use super::Timelines;
use super::What;
use super::numbered;
use crate::kind::Kinds;
use crate::record::RecordId;

/// A document whose text has been decided and may not change any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed<'a> {
    /// The path it has now.
    pub path: String,
    /// The content that counts: the one it had when it was decided, as far as its words go.
    pub decided: Oid,
    /// The content it has in the last commit.
    pub last: Oid,
    /// The last event in which words of it changed since; `None` where none did.
    pub rewritten: Option<&'a Event>,
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

impl Timelines<'_> {
    /// Returns the ids that documents have had and no longer have, each with the one they have now, by their paths.
    #[must_use]
    pub fn renumbered(&self, kinds: &Kinds) -> BTreeMap<RecordId, RecordId> {
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
        renumbered
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
    let (mut first, mut rewritten) = (None, None);
    for event in timelines.events_of(at) {
        match event.what {
            What::Rewritten => {
                let texts = event.detail.as_deref().and_then(|detail| detail.texts);
                first = first.or(texts.map(|(old, _)| old));
                rewritten = Some(event);
            }
            What::Field | What::Renamed | What::Unreadable => {}
            // From one decided state to the next, accepted to superseded, the text stays decided.
            _ if is_frozen(event.old.as_ref()) && is_frozen(event.new.as_ref()) => {}
            _ => (first, rewritten) = (None, None),
        }
    }
    let last = known.content;
    Some(Fixed { path: timelines.path_now(at).to_owned(), decided: first.unwrap_or(last), last, rewritten })
}
