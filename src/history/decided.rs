//! Which text a record had when it was decided.

use std::collections::BTreeMap;
use std::collections::HashMap;

use super::Event;
use super::History;
use super::Oid;
use super::Shared;
use super::Timelines;
use super::What;
use crate::kind::Kinds;
use crate::record::RecordId;

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

impl Timelines<'_> {
    /// Returns the ids that documents have had and no longer have, each with the one they have now: by their paths in the
    /// commits, and among `paths`, what there is now, by files that are called as before but for the number.
    #[must_use]
    pub fn renumbered(&self, kinds: &Kinds, paths: &[String]) -> BTreeMap<RecordId, RecordId> {
        let numbered = |path: &str| -> Option<RecordId> {
            let (kind, number) = kinds.first_claim(path)?;
            Some(RecordId { kind, number: number? })
        };
        let mut renumbered = BTreeMap::new();
        let mut add = |from: &str, to: &str| {
            if let (Some(from), Some(to)) = (numbered(from), numbered(to))
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
        let is_there = |path: &str| paths.binary_search_by(|known| known.as_str().cmp(path)).is_ok();
        let gone = self.documents().iter().filter(|document| document.alive && !is_there(&document.path));
        let gone: Vec<&str> = gone.map(|document| &*document.path).collect();
        if !gone.is_empty() {
            let new = paths.iter().filter(|path| self.document_at(path).is_none());
            let by_name: HashMap<String, &String> = new.map(|path| (without_number(path), path)).collect();
            for path in gone {
                if let Some(new) = by_name.get(&without_number(path)) {
                    add(path, new);
                }
            }
        }
        renumbered
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
