//! Following documents from commit to commit, oldest first, and writing down what happens to them. Pure: it is told which
//! files changed and what their versions say.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Arc;

use super::Event;
use super::Facts;
use super::HowRead;
use super::Lineage;
use super::Oid;
use super::Shared;
use super::What;
use crate::kind::Kind;
use crate::kind::Kinds;
use crate::record::read_id;

/// A file that a commit changed, as compared with its first parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The path.
    pub path: Shared,
    /// The index of the kind that claims it.
    pub kind: usize,
    /// The number its name gives it.
    pub number: Option<u64>,
    /// The content before; `None` where there was no file.
    pub old: Option<Oid>,
    /// The content after; `None` where there is no file.
    pub new: Option<Oid>,
    /// Whether something that is no file is there in its place, before or after: such a path takes no part in renames.
    pub retyped: bool,
}

/// A version of a document, read as a kind.
pub type Version = (Oid, usize);

/// What a version says; `None` where it cannot be read.
pub type ReadVersion = Option<Arc<Facts>>;

/// How a follower learns what versions say.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// Returns what one says.
    pub facts: &'a dyn Fn(Version) -> ReadVersion,
    /// Says whether two contents, read as the kind, differ in the text that may not change.
    pub rewritten: &'a dyn Fn(usize, Oid, Oid) -> bool,
}

/// A version that has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its content.
    pub content: Oid,
    /// What it says.
    pub facts: Arc<Facts>,
}

/// Which fields of a kind are watched.
#[derive(Debug, Clone)]
pub struct Watch {
    /// The field that carries the state.
    pub state: usize,
    /// The field that names who approves.
    pub approver: Option<usize>,
    /// The field that carries the id.
    pub id: Option<usize>,
    /// The fields whose changes are events of their own.
    pub fields: Vec<usize>,
    /// The fields that are part of what is decided, so that a change after that is an event too.
    pub frozen: Vec<usize>,
    /// All of them, in order.
    pub all: Vec<usize>,
}

impl Watch {
    /// Returns what is watched in records of `kind`: state, id and approver, whoever owns it, every deadline, what is
    /// computed, what is part of a decision, and whatever the kind marks.
    #[must_use]
    pub fn of(kind: &Kind) -> Self {
        let index = |name: &str| kind.fields.iter().position(|field| field.name == name);
        let state = index(&kind.lifecycle.field).unwrap_or(0);
        let (approver, id) = (index("approver"), index("id"));
        // What is to be done by a day tells a day that slipped from another one.
        let named = |at: usize| {
            kind.fields.iter().any(|field| field.deadline_of.as_ref() == Some(&kind.fields[at].name))
        };
        let fields: Vec<usize> = (0..kind.fields.len())
            .filter(|at| {
                let settles = !kind.fields[*at].settles_in.is_empty();
                (kind.fields[*at].tracked || settles || named(*at)) && *at != state && Some(*at) != id
            })
            .collect();
        let frozen: Vec<usize> = (0..kind.fields.len())
            .filter(|at| kind.lifecycle.frozen && kind.fields[*at].frozen && *at != state)
            .collect();
        let factors = fields.iter().flat_map(|at| &kind.fields[*at].product).filter_map(|name| index(name));
        let factors: Vec<usize> = factors.collect();
        let named = fields.iter().chain(&frozen).copied();
        let mut all: Vec<usize> = named.chain([state]).chain(approver).chain(id).chain(factors).collect();
        all.sort_unstable();
        all.dedup();
        Self { state, approver, id, fields, frozen, all }
    }
}

/// What is known of all documents after some commit, to go on from.
#[derive(Debug, Clone, Default)]
pub struct Followed {
    /// The documents, in the order in which they first appeared.
    pub documents: Vec<Lineage>,
    /// The last version of each; `None` where it is gone, or has never been readable.
    pub last: Vec<Option<Known>>,
    /// Which document was deleted last at each path that nothing has come back to.
    pub deleted: BTreeMap<Shared, usize>,
    /// Whether every version could be read.
    pub complete: bool,
}

/// Follows documents from commit to commit.
pub struct Follower<'a> {
    kinds: &'a Kinds,
    watches: &'a [Watch],
    followed: Followed,
    by_path: HashMap<Shared, usize>,
    events: Vec<Event>,
}

impl<'a> Follower<'a> {
    /// Returns a follower that goes on from what another one knew; from nothing with the default.
    #[must_use]
    pub fn new(kinds: &'a Kinds, watches: &'a [Watch], followed: Followed) -> Self {
        let alive = followed.documents.iter().enumerate().filter(|(_, document)| document.alive);
        let by_path = alive.map(|(at, document)| (document.path.clone(), at)).collect();
        Self { kinds, watches, followed, by_path, events: Vec::new() }
    }

    /// Makes room for what is likely to happen in so many commits.
    pub fn expect(&mut self, commits: usize) {
        self.events.reserve_exact(commits.saturating_mul(2));
    }

    /// Returns what is known now, and the events since it began or went on.
    #[must_use]
    pub fn finish(self) -> (Followed, Vec<Event>) {
        (self.followed, self.events)
    }

    /// Takes the changes of a commit, in order of path. `from` says for each which of them, a deletion, it was before;
    /// `reader` what versions say.
    pub fn take(&mut self, commit: usize, changes: &[Change], from: &[Option<usize>], reader: Reader<'_>) {
        // Old names go before new ones come: two files may have changed places.
        let mut moved: HashMap<usize, usize> = HashMap::new();
        for source in from.iter().flatten() {
            if let Some(document) = self.by_path.remove(&changes[*source].path) {
                moved.insert(*source, document);
            }
        }
        for (at, change) in changes.iter().enumerate() {
            if change.new.is_none() && !moved.contains_key(&at) {
                self.delete(commit, change);
            }
        }
        for (at, change) in changes.iter().enumerate() {
            let Some(new) = change.new else { continue };
            let version = (reader.facts)((new, change.kind));
            let source = from[at].and_then(|source| Some((source, *moved.get(&source)?)));
            match source {
                Some((source, document)) => {
                    let from = Some(changes[source].path.clone());
                    self.change(commit, document, (change, new), version, from, reader);
                }
                None => match self.by_path.get(&change.path).copied() {
                    Some(document) => self.change(commit, document, (change, new), version, None, reader),
                    None => self.create(commit, (change, new), version),
                },
            }
        }
    }

    fn delete(&mut self, commit: usize, change: &Change) {
        let Some(document) = self.by_path.remove(&change.path) else { return };
        let watch = &self.watches[self.followed.documents[document].kind];
        // What comes back is compared with nothing.
        let (content, facts) = self.followed.last[document].take().map(|it| (it.content, it.facts)).unzip();
        let facts: Option<Arc<Facts>> = facts;
        let old = facts.as_ref().and_then(|facts| facts.value(watch.state)).cloned();
        let frozen = self.is_frozen(self.followed.documents[document].kind, old.as_ref());
        self.followed.documents[document].alive = false;
        self.followed.deleted.insert(change.path.clone(), document);
        let read = facts.as_ref().map_or(HowRead::Yaml, |facts| facts.read);
        self.push(What::Deleted, commit, document, watch.state, (old, None), read, None);
        if let Some(content) = content.filter(|_| frozen) {
            self.mark((content, content));
        }
    }

    fn is_frozen(&self, kind: usize, state: Option<&Shared>) -> bool {
        state.is_some_and(|state| self.kinds.at(kind).lifecycle.is_frozen(state))
    }

    /// Writes down with the event that came last which text a document had before it, and after.
    fn mark(&mut self, texts: (Oid, Oid)) {
        if let Some(event) = self.events.last_mut() {
            event.detail.get_or_insert_default().texts = Some(texts);
        }
    }

    fn create(&mut self, commit: usize, (change, content): (&Change, Oid), version: ReadVersion) {
        let again = self.followed.deleted.remove(&change.path);
        let document = again.unwrap_or_else(|| {
            self.followed.documents.push(Lineage {
                path: change.path.clone(),
                kind: change.kind,
                alive: true,
                number: change.number,
            });
            self.followed.last.push(None);
            self.followed.documents.len() - 1
        });
        self.place(document, change);
        let watch = &self.watches[change.kind];
        let Some(facts) = version else {
            self.unreadable(commit, document);
            return;
        };
        let what = if again.is_some() { What::Recreated } else { What::Created };
        let new = facts.value(watch.state).cloned();
        let approver = watch.approver.and_then(|field| facts.value(field)).cloned();
        self.push(what, commit, document, watch.state, (None, new), facts.read, approver);
        self.keep(document, change, Known { content, facts });
    }

    fn change(
        &mut self,
        commit: usize,
        document: usize,
        (change, content): (&Change, Oid),
        version: ReadVersion,
        from_path: Option<Shared>,
        reader: Reader<'_>,
    ) {
        let before = self.followed.last[document].clone();
        let old_kind = self.followed.documents[document].kind;
        let same_kind = old_kind == change.kind;
        let old_watch = &self.watches[old_kind];
        self.place(document, change);
        let watch = &self.watches[change.kind];
        let Some(facts) = version else {
            self.unreadable(commit, document);
            if let (Some(from), Some(event)) = (from_path, self.events.last_mut()) {
                event.from_path = Some(from);
            }
            return;
        };
        let old = before.as_ref().and_then(|known| known.facts.value(old_watch.state)).cloned();
        let new = facts.value(watch.state).cloned();
        let what = match (&old, &new) {
            (None, Some(_)) => Some(What::Appeared),
            (Some(_), None) => Some(What::Cleared),
            (Some(old), Some(new)) if old != new => Some(What::Changed),
            _ => from_path.is_some().then_some(What::Renamed),
        };
        let approver = watch.approver.and_then(|field| facts.value(field)).cloned();
        // What counts is the state the text was in before this commit: with the decision itself it may still change.
        let frozen = self.is_frozen(old_kind, old.as_ref());
        let texts = before.as_ref().filter(|_| frozen).map(|before| (before.content, content));
        if let Some(what) = what {
            let leaves = !self.is_frozen(change.kind, new.as_ref());
            let values = (old, new);
            self.push(what, commit, document, watch.state, values, facts.read, approver.clone());
            if let Some(event) = self.events.last_mut() {
                event.from_path = from_path;
            }
            if let Some(texts) = texts.filter(|_| leaves) {
                self.mark(texts);
            }
        }
        if let Some(before) = before.as_ref().filter(|_| same_kind) {
            let decided = watch.frozen.iter().filter(|field| frozen && !watch.fields.contains(field));
            for field in watch.fields.iter().chain(decided) {
                let (old, new) = (before.facts.value(*field), facts.value(*field));
                if old != new {
                    let values = (old.cloned(), new.cloned());
                    self.push(What::Field, commit, document, *field, values, facts.read, approver.clone());
                    if let Some(texts) = texts.filter(|_| watch.frozen.contains(field)) {
                        self.mark(texts);
                    }
                }
            }
        }
        if let Some(before) = before.as_ref().filter(|before| frozen && before.content != content)
            && (reader.rewritten)(change.kind, before.content, content)
        {
            self.push(What::Rewritten, commit, document, watch.state, (None, None), facts.read, approver);
            if let Some(texts) = texts {
                self.mark(texts);
            }
        }
        self.keep(document, change, Known { content, facts });
    }

    /// Writes down where the document is now.
    fn place(&mut self, document: usize, change: &Change) {
        self.by_path.insert(change.path.clone(), document);
        let lineage = &mut self.followed.documents[document];
        lineage.path = change.path.clone();
        lineage.alive = true;
        lineage.kind = change.kind;
    }

    /// Keeps what the version says, for the next one to be compared with.
    fn keep(&mut self, document: usize, change: &Change, known: Known) {
        self.followed.documents[document].number = number(&known.facts, change, self.watches, self.kinds);
        self.followed.last[document] = Some(known);
    }

    fn unreadable(&mut self, commit: usize, document: usize) {
        self.followed.complete = false;
        let watch = &self.watches[self.followed.documents[document].kind];
        self.push(What::Unreadable, commit, document, watch.state, (None, None), HowRead::Yaml, None);
    }

    #[expect(clippy::too_many_arguments, reason = "an event has that many parts")]
    fn push(
        &mut self,
        what: What,
        commit: usize,
        document: usize,
        field: usize,
        (old, new): (Option<Shared>, Option<Shared>),
        read: HowRead,
        approver: Option<Shared>,
    ) {
        let lineage = &self.followed.documents[document];
        self.events.push(Event {
            what,
            document,
            commit,
            kind: lineage.kind,
            path: lineage.path.clone(),
            from_path: None,
            field,
            old,
            new,
            read,
            approver,
            detail: None,
        });
    }
}

/// Returns the number of a document: what its front matter says, else what its name says.
pub(super) fn number(facts: &Facts, change: &Change, watches: &[Watch], kinds: &Kinds) -> Option<u64> {
    let written = watches[change.kind].id.and_then(|field| facts.value(field));
    let written = written.and_then(|text| read_id(text, kinds, Some(change.kind)));
    written.map(|id| id.number).or(change.number)
}
