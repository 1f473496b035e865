//! Following documents from commit to commit, oldest first, and writing down what happens to them. Pure: it is told which
//! files changed and what their versions say.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::rc::Rc;

use serde::Deserialize;
use serde::Serialize;

use super::Event;
use super::Facts;
use super::HowRead;
use super::Lineage;
use super::Oid;
use super::What;
use crate::kind::Kind;
use crate::kind::Kinds;
use crate::record::read_id;

/// A file that a commit changed, as compared with its first parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The path.
    pub path: String,
    /// The index of the kind that claims it.
    pub kind: usize,
    /// The number its name gives it.
    pub number: Option<u64>,
    /// The content before; `None` where there was no file.
    pub old: Option<Oid>,
    /// The content after; `None` where there is no file.
    pub new: Option<Oid>,
}

/// A version of a document, read as a kind.
pub type Version = (Oid, usize);

/// What a version says; `None` where it cannot be read.
pub type ReadVersion = Option<Rc<Facts>>;

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
    /// All of them, in order.
    pub all: Vec<usize>,
}

impl Watch {
    /// Returns what is watched in records of `kind`: state, id and approver, whoever owns it, every deadline, what is
    /// computed, and whatever the kind marks.
    #[must_use]
    pub fn of(kind: &Kind) -> Self {
        let index = |name: &str| kind.fields.iter().position(|field| field.name == name);
        let state = index(&kind.lifecycle.field).unwrap_or(0);
        let (approver, id) = (index("approver"), index("id"));
        let fields: Vec<usize> = (0..kind.fields.len())
            .filter(|at| kind.fields[*at].tracked && *at != state && Some(*at) != id)
            .collect();
        let factors = fields.iter().flat_map(|at| &kind.fields[*at].product).filter_map(|name| index(name));
        let factors: Vec<usize> = factors.collect();
        let mut all: Vec<usize> =
            fields.iter().copied().chain([state]).chain(approver).chain(id).chain(factors).collect();
        all.sort_unstable();
        all.dedup();
        Self { state, approver, id, fields, all }
    }
}

/// What is known of all documents after some commit, to go on from.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Followed {
    /// The documents, in the order in which they first appeared.
    pub documents: Vec<Lineage>,
    /// What the last version of each said.
    pub last: Vec<Option<Facts>>,
    /// Which document was deleted last at each path that nothing has come back to.
    pub deleted: BTreeMap<String, usize>,
    /// Whether every version could be read.
    pub complete: bool,
}

/// Follows documents from commit to commit.
pub struct Follower<'a> {
    kinds: &'a Kinds,
    watches: &'a [Watch],
    documents: Vec<Lineage>,
    last: Vec<Option<Rc<Facts>>>,
    by_path: HashMap<String, usize>,
    deleted: BTreeMap<String, usize>,
    events: Vec<Event>,
    complete: bool,
}

impl<'a> Follower<'a> {
    /// Returns a follower that knows nothing yet.
    #[must_use]
    pub fn new(kinds: &'a Kinds, watches: &'a [Watch]) -> Self {
        Self {
            kinds,
            watches,
            documents: Vec::new(),
            last: Vec::new(),
            by_path: HashMap::new(),
            deleted: BTreeMap::new(),
            events: Vec::new(),
            complete: true,
        }
    }

    /// Returns a follower that goes on where another one was saved.
    #[must_use]
    pub fn resume(kinds: &'a Kinds, watches: &'a [Watch], saved: &Followed) -> Self {
        let mut follower = Self::new(kinds, watches);
        follower.documents.clone_from(&saved.documents);
        follower.last = saved.last.iter().map(|facts| facts.clone().map(Rc::new)).collect();
        follower.complete = saved.complete;
        follower.deleted.clone_from(&saved.deleted);
        let alive = saved.documents.iter().enumerate().filter(|(_, document)| document.alive);
        follower.by_path = alive.map(|(at, document)| (document.path.clone(), at)).collect();
        follower
    }

    /// Returns what is known now, and the events since it began or went on.
    #[must_use]
    pub fn finish(self) -> (Followed, Vec<Event>) {
        let last = self.last.into_iter().map(|facts| facts.map(Rc::unwrap_or_clone)).collect();
        let followed =
            Followed { documents: self.documents, last, deleted: self.deleted, complete: self.complete };
        (followed, self.events)
    }

    /// Takes the changes of a commit, in order of path. `from` says for each which of them, a deletion, it was before;
    /// `read` what a version says.
    pub fn take(
        &mut self,
        commit: usize,
        changes: &[Change],
        from: &[Option<usize>],
        read: &dyn Fn(Version) -> ReadVersion,
    ) {
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
            let version = read((new, change.kind));
            let source = from[at].and_then(|source| Some((source, *moved.get(&source)?)));
            match source {
                Some((source, document)) => {
                    let old_path = changes[source].path.clone();
                    self.change(commit, document, change, version, Some(old_path));
                }
                None => match self.by_path.get(&change.path).copied() {
                    Some(document) => self.change(commit, document, change, version, None),
                    None => self.create(commit, change, version),
                },
            }
        }
    }

    fn delete(&mut self, commit: usize, change: &Change) {
        let Some(document) = self.by_path.remove(&change.path) else { return };
        let watch = &self.watches[self.documents[document].kind];
        // What comes back is compared with nothing.
        let facts = self.last[document].take();
        let old = facts.as_ref().and_then(|facts| facts.value(watch.state)).map(str::to_owned);
        self.documents[document].alive = false;
        self.deleted.insert(change.path.clone(), document);
        let read = facts.as_ref().map_or(HowRead::Yaml, |facts| facts.read);
        self.push(What::Deleted, commit, document, watch.state, (old, None), read, None);
    }

    fn create(&mut self, commit: usize, change: &Change, version: ReadVersion) {
        let again = self.deleted.remove(&change.path);
        let document = again.unwrap_or_else(|| {
            self.documents.push(Lineage {
                path: change.path.clone(),
                kind: change.kind,
                alive: true,
                number: change.number,
            });
            self.last.push(None);
            self.documents.len() - 1
        });
        self.place(document, change);
        let watch = &self.watches[change.kind];
        let Some(facts) = version else {
            self.unreadable(commit, document);
            return;
        };
        let what = if again.is_some() { What::Recreated } else { What::Created };
        let new = facts.value(watch.state).map(str::to_owned);
        let approver = watch.approver.and_then(|field| facts.value(field)).map(str::to_owned);
        self.push(what, commit, document, watch.state, (None, new), facts.read, approver);
        self.keep(document, change, facts);
    }

    fn change(
        &mut self,
        commit: usize,
        document: usize,
        change: &Change,
        version: ReadVersion,
        from_path: Option<String>,
    ) {
        let before = self.last[document].clone();
        let same_kind = self.documents[document].kind == change.kind;
        let old_watch = &self.watches[self.documents[document].kind];
        self.place(document, change);
        let watch = &self.watches[change.kind];
        let Some(facts) = version else {
            self.unreadable(commit, document);
            if let (Some(from), Some(event)) = (from_path, self.events.last_mut()) {
                event.from_path = Some(from);
            }
            return;
        };
        let old = before.as_ref().and_then(|facts| facts.value(old_watch.state));
        let new = facts.value(watch.state);
        let what = match (old, new) {
            (None, Some(_)) => Some(What::Appeared),
            (Some(_), None) => Some(What::Cleared),
            (Some(old), Some(new)) if old != new => Some(What::Changed),
            _ => from_path.is_some().then_some(What::Renamed),
        };
        let approver = watch.approver.and_then(|field| facts.value(field)).map(str::to_owned);
        if let Some(what) = what {
            let values = (old.map(str::to_owned), new.map(str::to_owned));
            self.push(what, commit, document, watch.state, values, facts.read, approver.clone());
            if let Some(event) = self.events.last_mut() {
                event.from_path = from_path;
            }
        }
        if let Some(before) = before.as_ref().filter(|_| same_kind) {
            for field in &watch.fields {
                let (old, new) = (before.value(*field), facts.value(*field));
                if old != new {
                    let values = (old.map(str::to_owned), new.map(str::to_owned));
                    self.push(What::Field, commit, document, *field, values, facts.read, approver.clone());
                }
            }
        }
        self.keep(document, change, facts);
    }

    /// Writes down where the document is now.
    fn place(&mut self, document: usize, change: &Change) {
        self.by_path.insert(change.path.clone(), document);
        let lineage = &mut self.documents[document];
        lineage.path.clone_from(&change.path);
        lineage.alive = true;
        lineage.kind = change.kind;
    }

    /// Keeps what the version says, for the next one to be compared with.
    fn keep(&mut self, document: usize, change: &Change, facts: Rc<Facts>) {
        let written = self.watches[change.kind]
            .id
            .and_then(|field| facts.value(field))
            .and_then(|text| read_id(text, self.kinds, Some(change.kind)).map(|id| id.number));
        self.documents[document].number = written.or(change.number);
        self.last[document] = Some(facts);
    }

    fn unreadable(&mut self, commit: usize, document: usize) {
        self.complete = false;
        let watch = &self.watches[self.documents[document].kind];
        self.push(What::Unreadable, commit, document, watch.state, (None, None), HowRead::Yaml, None);
    }

    #[expect(clippy::too_many_arguments, reason = "an event has that many parts")]
    fn push(
        &mut self,
        what: What,
        commit: usize,
        document: usize,
        field: usize,
        (old, new): (Option<String>, Option<String>),
        read: HowRead,
        approver: Option<String>,
    ) {
        let lineage = &self.documents[document];
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
            inner: None,
        });
    }
}
