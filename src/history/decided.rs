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
use crate::record::read_id;

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
    /// Whether a change to it has been approved that no commit has made yet.
    pub settled: bool,
}

impl<'a> Timelines<'a> {
    /// Returns the documents that are there at the end and whose text has been decided, in the order in which they appeared. Changes
    /// to the records `approved` have been approved, and no commit says so yet.
    #[must_use]
    pub fn fixed(&self, kinds: &Kinds, approved: &[RecordId]) -> Vec<Fixed<'a>> {
        let history = self.history();
        let mut settled = self.settlements(kinds);
        for id in approved {
            settled.entry(*id).or_default().push(NOT_COMMITTED);
        }
        let alive = (0..history.documents().len()).filter(|at| history.documents()[*at].alive);
        alive.filter_map(|at| fixed(self, history, at, kinds, &settled)).collect()
    }

    /// Returns, for every record to which a change was approved, the commits in which that was, oldest first.
    fn settlements(&self, kinds: &Kinds) -> Settlements {
        let mut settled = Settlements::new();
        let history = self.history();
        for (at, document) in history.documents().iter().enumerate().filter(|(_, document)| document.alive) {
            let kind = kinds.at(document.kind);
            let Some(last) = &history.followed.last[at] else { continue };
            for (index, field) in
                kind.fields.iter().enumerate().filter(|(_, field)| !field.settles_in.is_empty())
            {
                let Some(named) = last.facts.value(index) else { continue };
                let settles = |event: &&Event| {
                    let state =
                        event.new.as_ref().filter(|_| event.is_of_state() && event.what != What::Renamed);
                    state.is_some_and(|state| field.settles_in.iter().any(|known| **known == **state))
                };
                let state = kind.fields.iter().position(|field| field.name == kind.lifecycle.field);
                let now = state.and_then(|state| last.facts.value(state));
                let holds = now.is_some_and(|now| field.settles_in.iter().any(|known| **known == **now));
                let Some(event) = self.events_of(at).filter(settles).last().filter(|_| holds) else {
                    continue;
                };
                // What it named when it was approved counts, as far as it still does.
                let later = |other: &&Event| {
                    other.what == What::Field && other.field == index && other.commit > event.commit
                };
                let then = self.events_of(at).find(later).map_or(Some(named), |later| later.old.as_ref());
                let then = then.map(|then| ids(then, kinds)).unwrap_or_default();
                // Nothing asks for a change to itself.
                let own = |id: &RecordId| id.kind == document.kind && Some(id.number) == document.number;
                for id in ids(named, kinds).into_iter().filter(|id| !own(id) && then.contains(id)) {
                    settled.entry(id).or_default().push(event.commit);
                }
            }
        }
        settled.values_mut().for_each(|commits| commits.sort_unstable());
        settled
    }
}

/// The commit of what no commit says yet: it comes after all others.
const NOT_COMMITTED: usize = usize::MAX;

/// The commits in which changes to records were approved, oldest first.
type Settlements = BTreeMap<RecordId, Vec<usize>>;

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

fn fixed<'a>(
    timelines: &Timelines<'a>,
    history: &'a History,
    at: usize,
    kinds: &Kinds,
    settled: &Settlements,
) -> Option<Fixed<'a>> {
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
    let mut steps: Vec<Step<'_>> = Vec::new();
    // The decided state it was taken out of by a move that there is not, or by putting the file away.
    let mut left: Option<&Shared> = None;
    let mut freed_in = None;
    let mut decided_in = 0;
    for event in timelines.events_of(at) {
        let texts = event.detail.as_deref().and_then(|detail| detail.texts);
        let before = texts.map(|(old, _)| old).filter(|_| event.kind == document.kind);
        let (old, new) = (event.old.as_ref(), event.new.as_ref());
        let mut step = |sort| steps.push(Step { event, before, sort });
        match event.what {
            What::Rewritten | What::Field if freed_in == Some(event.commit) => {}
            What::Rewritten => step(Sort::Words),
            What::Field if before.is_some() => step(Sort::Field),
            What::Field | What::Renamed | What::Unreadable => {}
            // From one decided state to the next, accepted to superseded, the text stays decided.
            _ if is_frozen(old) && is_frozen(new) => {}
            _ if before.is_some() && !may_leave(kind, event) => {
                step(Sort::Left);
                left = old;
            }
            // What is back where it was taken from has not been decided anew.
            _ if left.is_some() && left == new => {
                left = None;
                step(Sort::Words);
            }
            _ if left.is_some() && event.kind == document.kind && !is_frozen(new) => {}
            _ => {
                left = None;
                steps.clear();
                (freed_in, decided_in) = (Some(event.commit), event.commit);
            }
        }
    }
    let id = document.number.map(|number| RecordId { kind: document.kind, number });
    let approved = id.and_then(|id| settled.get(&id)).map_or(&[][..], Vec::as_slice);
    // What was approved before has settled something else.
    let approved = &approved[approved.partition_point(|commit| *commit < decided_in)..];
    let (settled, spare) = settled_steps(&steps, approved);
    let steps = &steps[settled..];
    let words = steps.iter().filter(|step| step.sort == Sort::Words).map(|step| step.event);
    let fields = steps.iter().filter(|step| step.sort == Sort::Field);
    Some(Fixed {
        path: timelines.path_now(at).to_owned(),
        decided: steps.iter().find_map(|step| step.before).unwrap_or(known.content),
        last: known.content,
        rewritten: words.collect(),
        fields: fields.map(|step| (step.event.field, step.event)).collect(),
        settled: spare,
    })
}

/// Something that changed what had been decided.
struct Step<'a> {
    event: &'a Event,
    /// The content before it.
    before: Option<Oid>,
    sort: Sort,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Words of the text, or the whole text with which it came back.
    Words,
    /// A field.
    Field,
    /// It was taken out of the decided state.
    Left,
}

/// Returns how many of `steps` are settled by changes that were approved in the commits `approved`, oldest first, and whether one is left
/// that has settled nothing yet. Each settles what had changed by then; where that was nothing, the next commit that changes
/// something: it is good for one change, and not for all that come.
fn settled_steps(steps: &[Step<'_>], approved: &[usize]) -> (usize, bool) {
    let (mut settled, mut spare) = (0, false);
    for commit in approved {
        let by_then = steps.partition_point(|step| step.event.commit <= *commit);
        if by_then > settled {
            settled = by_then;
        } else if let Some(next) = steps.get(settled) {
            settled = steps.partition_point(|step| step.event.commit <= next.event.commit);
        } else {
            spare = true;
        }
        spare |= *commit == NOT_COMMITTED;
    }
    (settled, spare)
}

/// Returns the ids that the value of a field of references names, each by itself.
fn ids(value: &str, kinds: &Kinds) -> Vec<RecordId> {
    value.split(',').filter_map(|one| read_id(one.trim(), kinds, None)).collect()
}

/// Says whether an event takes a document out of a decided state by a move that the kind allows.
fn may_leave(kind: &Kind, event: &Event) -> bool {
    match (&event.old, &event.new) {
        (Some(old), Some(new)) => kind.lifecycle.reaches(old, new),
        _ => false,
    }
}
