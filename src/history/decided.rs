//! Which text a record had when it was decided.

use super::Event;
use super::History;
use super::Oid;
use super::Shared;
use super::Timelines;
use super::What;
use crate::kind::Kinds;

/// A document whose text has been decided and may not change any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed<'a> {
    /// Its path.
    pub path: &'a Shared,
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
        let alive = history.documents().iter().enumerate().filter(|(_, document)| document.alive);
        alive
            .filter_map(|(at, document)| {
                fixed(self, history, at, kinds).map(|fixed| Fixed { path: &document.path, ..fixed })
            })
            .collect()
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
    Some(Fixed { path: &document.path, decided: first.unwrap_or(last), last, rewritten })
}
