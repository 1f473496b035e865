//! What was read of history, kept in the git directory for the next run. It may be deleted at any time: whatever does not
//! fit, by format, kinds or checksum, is as if it were not there.
//!
//! Texts stand once in a table and are named by their place in it: of all that is kept most is paths, people and states
//! said again and again, and reading it must cost next to nothing.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fs;
use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::compare::Rewording;
use crate::config::Config;
use crate::history::Commit;
use crate::history::Detail;
use crate::history::Event;
use crate::history::Facts;
use crate::history::Followed;
use crate::history::History;
use crate::history::HowRead;
use crate::history::Known;
use crate::history::Lineage;
use crate::history::Oid;
use crate::history::Shared;
use crate::history::Signature;
use crate::history::Trailer;
use crate::history::What;
use crate::history::Wrote;

/// Counted up whenever the same history would be kept in another form, or read to say something else.
const FORMAT: u32 = 8;

/// For how many sets of kinds something is kept: those of the branches one works on.
const MOST_KEPT: usize = 6;

/// What the name of a file begins with while it is written.
const TEMPORARY: &str = ".history-";

/// After how long a file that is still being written has been given up.
const ABANDONED: Duration = Duration::from_secs(3600);

/// The place of a text in the table.
type Place = u32;

/// What is kept comes first; then, one after the other, as many commits, events and documents as it says, each taken from
/// the bytes as it is read: no list of them is made twice.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    /// All texts one after the other, and where each ends.
    texts: &'a str,
    ends: Vec<u32>,
    head: Option<Oid>,
    root: Option<Oid>,
    deleted: Vec<(Place, usize)>,
    details: Vec<KeptDetail>,
    commits: usize,
    events: usize,
    documents: usize,
}

#[derive(Serialize, Deserialize)]
struct KeptCommit {
    id: Oid,
    /// Those of a merge; another commit's one parent is never asked for.
    parents: Vec<Oid>,
    author: KeptSignature,
    committer: KeptSignature,
    signed: bool,
    subject: Place,
    trailers: Vec<Trailer>,
    pull_request: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct KeptSignature(Place, Place, i64, i32);

#[derive(Serialize, Deserialize)]
struct KeptEvent {
    what: What,
    document: usize,
    commit: usize,
    kind: usize,
    field: usize,
    path: Place,
    from_path: Option<Place>,
    old: Option<Place>,
    new: Option<Place>,
    read: HowRead,
    approver: Option<Place>,
}

#[derive(Serialize, Deserialize)]
struct KeptDetail {
    event: usize,
    inner: Option<Vec<(Oid, KeptSignature)>>,
    texts: Option<(Oid, Oid)>,
    rewording: Option<Rewording>,
}

#[derive(Serialize, Deserialize)]
struct KeptDocument {
    path: Place,
    kind: usize,
    alive: bool,
    number: Option<u64>,
    /// The content of the last version, and what it says.
    last: Option<KeptVersion>,
}

/// A content, how it was read, and what its fields say.
type KeptVersion = (Oid, HowRead, Vec<(usize, Place)>);

/// Where the record of one set of kinds is kept.
pub(super) struct Cache {
    file: PathBuf,
    /// How many fields each kind has.
    fields: Vec<usize>,
}

impl Cache {
    /// Returns the place in the git directory `common` for the record of the kinds of `config` below `prefix`.
    pub(super) fn new(common: &Path, config: &Config, prefix: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (FORMAT, env!("CARGO_PKG_VERSION"), prefix).hash(&mut hasher);
        for kind in config.kinds.all() {
            (&kind.id, &kind.source, kind.path.as_str(), &kind.also).hash(&mut hasher);
        }
        let file = common.join("pmkit").join(format!("history-{:016x}", hasher.finish()));
        Self { file, fields: config.kinds.all().iter().map(|kind| kind.fields.len()).collect() }
    }

    /// Returns what is kept, where it is whole.
    pub(super) fn load(&self) -> Option<History> {
        let bytes = fs::read(&self.file).ok()?;
        let body = whole(&bytes)?;
        unpack(body, &self.fields)
    }

    /// Keeps `history`. Two runs may do so at once: each writes a file of its own, and the last rename stays. Where nothing
    /// can be written nothing is kept.
    pub(super) fn store(&self, history: &History) {
        let Some(bytes) = pack(history) else { return };
        if write(&self.file, bytes) {
            self.tidy();
        }
    }

    /// Deletes the oldest of what is kept for other kinds, which may be those of a branch that is long gone.
    fn tidy(&self) {
        let Some(entries) = self.file.parent().and_then(|folder| fs::read_dir(folder).ok()) else { return };
        let entries: Vec<_> = entries.flatten().collect();
        let named =
            |entry: &&fs::DirEntry, name: &[u8]| entry.file_name().as_encoded_bytes().starts_with(name);
        // What a run that died was writing; one that is at it is through within the hour.
        for entry in entries.iter().filter(|entry| named(entry, TEMPORARY.as_bytes())) {
            let modified = entry.metadata().and_then(|metadata| metadata.modified());
            if modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > ABANDONED)) {
                let _ = fs::remove_file(entry.path());
            }
        }
        let ours = entries.iter().filter(|entry| named(entry, b"history-"));
        let mut kept: Vec<_> =
            ours.filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()))).collect();
        kept.sort();
        let spare = kept.len().saturating_sub(MOST_KEPT);
        for (_, file) in kept.iter().take(spare).filter(|(_, file)| *file != self.file) {
            let _ = fs::remove_file(file);
        }
    }
}

/// Returns what is kept under `name` in the git directory `common`, where it is whole.
pub(super) fn kept<T: DeserializeOwned>(common: &Path, name: &str) -> Option<T> {
    let bytes = fs::read(common.join("pmkit").join(name)).ok()?;
    postcard::from_bytes(whole(&bytes)?).ok()
}

/// Keeps `what` under `name` in the git directory `common`, where anything can be written.
pub(super) fn keep<T: Serialize>(common: &Path, name: &str, what: &T) {
    if let Ok(bytes) = postcard::to_stdvec(what) {
        write(&common.join("pmkit").join(name), bytes);
    }
}

/// Returns `bytes` without the sum at their end, where that is theirs.
fn whole(bytes: &[u8]) -> Option<&[u8]> {
    let (body, sum) = bytes.split_last_chunk::<8>()?;
    (checksum(body) == u64::from_le_bytes(*sum)).then_some(body)
}

/// Writes `bytes` with their sum as the file `path`, whole or not at all, and says whether that was possible.
fn write(path: &Path, mut bytes: Vec<u8>) -> bool {
    bytes.extend_from_slice(&checksum(&bytes).to_le_bytes());
    let write = || -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder)?;
        file.write_all(&bytes)?;
        file.persist(path)?;
        Ok(())
    };
    write().is_ok()
}

/// The table of texts while it grows.
#[derive(Default)]
struct Table<'a> {
    texts: String,
    ends: Vec<u32>,
    places: HashMap<&'a str, Place>,
}

impl<'a> Table<'a> {
    fn place(&mut self, text: &'a str) -> Place {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = self.once(text);
        self.places.insert(text, place);
        place
    }

    /// Puts a text in that is hardly ever said again, so that looking for it would only take time.
    fn once(&mut self, text: &str) -> Place {
        self.texts.push_str(text);
        self.ends.push(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        Place::try_from(self.ends.len() - 1).unwrap_or(Place::MAX)
    }

    fn optional(&mut self, text: Option<&'a Shared>) -> Option<Place> {
        text.map(|text| self.place(text))
    }

    fn signature(&mut self, of: &'a Signature) -> KeptSignature {
        KeptSignature(self.place(&of.name), self.place(&of.email), of.seconds, of.offset)
    }
}

/// Returns `history` as bytes; `None` where it is too much to keep.
fn pack(history: &History) -> Option<Vec<u8>> {
    let mut table = Table::default();
    let mut rest = Vec::new();
    for commit in &history.commits {
        let kept = KeptCommit {
            id: commit.id,
            parents: if commit.parents.len() > 1 { commit.parents.clone() } else { Vec::new() },
            author: table.signature(&commit.author),
            committer: table.signature(&commit.committer),
            signed: commit.signed,
            subject: table.once(&commit.subject),
            trailers: commit.trailers.clone(),
            pull_request: commit.pull_request,
        };
        rest = postcard::to_extend(&kept, rest).ok()?;
    }
    for event in &history.events {
        let kept = KeptEvent {
            what: event.what,
            document: event.document,
            commit: event.commit,
            kind: event.kind,
            field: event.field,
            path: table.place(&event.path),
            from_path: table.optional(event.from_path.as_ref()),
            old: table.optional(event.old.as_ref()),
            new: table.optional(event.new.as_ref()),
            read: event.read,
            approver: table.optional(event.approver.as_ref()),
        };
        rest = postcard::to_extend(&kept, rest).ok()?;
    }
    let Followed { documents, last, deleted, .. } = &history.followed;
    for (document, last) in documents.iter().zip(last) {
        let last = last.as_ref().map(|known| {
            let values = known.facts.values.iter().map(|(field, value)| (*field, table.place(value)));
            (known.content, known.facts.read, values.collect())
        });
        let path = table.place(&document.path);
        let Lineage { kind, alive, number, .. } = *document;
        rest = postcard::to_extend(&KeptDocument { path, kind, alive, number, last }, rest).ok()?;
    }
    let mut details = Vec::new();
    for (at, event) in history.events.iter().enumerate() {
        let Some(detail) = event.detail.as_deref() else { continue };
        let inner = detail
            .inner
            .as_ref()
            .map(|inner| inner.iter().map(|wrote| (wrote.commit, table.signature(&wrote.author))).collect());
        let Detail { texts, rewording, .. } = detail;
        details.push(KeptDetail { event: at, inner, texts: *texts, rewording: rewording.clone() });
    }
    let deleted = deleted.iter().map(|(path, document)| (table.place(path), *document)).collect();
    u32::try_from(table.texts.len()).ok()?;
    let kept = Kept {
        texts: &table.texts,
        ends: table.ends,
        head: history.head,
        root: history.root,
        deleted,
        details,
        commits: history.commits.len(),
        events: history.events.len(),
        documents: documents.len(),
    };
    let mut bytes = postcard::to_stdvec(&kept).ok()?;
    bytes.append(&mut rest);
    Some(bytes)
}

/// Returns the history that `bytes` hold; `None` where they do not hang together. `fields` says how many each kind has.
fn unpack(bytes: &[u8], fields: &[usize]) -> Option<History> {
    let (kept, mut rest): (Kept<'_>, _) = postcard::take_from_bytes(bytes).ok()?;
    // Nothing takes less than a byte, so that no count makes room for more than there is.
    let count = |count: usize| (count <= bytes.len()).then_some(count);
    let whole: Arc<str> = kept.texts.into();
    let text = |place: Place| {
        let place = place as usize;
        let start = if place == 0 { 0 } else { *kept.ends.get(place - 1)? };
        Shared::piece(&whole, start, *kept.ends.get(place)?)
    };
    // `Some(None)` is nothing that is kept as nothing.
    let optional = |place: Option<Place>| place.map_or(Some(None), |place| text(place).map(Some));
    let signature = |KeptSignature(name, email, seconds, offset)| {
        Some(Signature { name: text(name)?, email: text(email)?, seconds, offset })
    };
    let mut commits = Vec::with_capacity(count(kept.commits)?);
    for _ in 0..kept.commits {
        let commit: KeptCommit = take(&mut rest)?;
        commits.push(Commit {
            id: commit.id,
            parents: commit.parents,
            author: signature(commit.author)?,
            committer: signature(commit.committer)?,
            signed: commit.signed,
            subject: text(commit.subject)?,
            trailers: commit.trailers,
            pull_request: commit.pull_request,
        });
    }
    let mut events = Vec::with_capacity(count(kept.events)?);
    for _ in 0..kept.events {
        let event: KeptEvent = take(&mut rest)?;
        let known = event.commit < commits.len()
            && event.document < kept.documents
            && fields.get(event.kind).is_some_and(|count| event.field < *count);
        known.then_some(())?;
        events.push(Event {
            what: event.what,
            document: event.document,
            commit: event.commit,
            kind: event.kind,
            path: text(event.path)?,
            from_path: optional(event.from_path)?,
            field: event.field,
            old: optional(event.old)?,
            new: optional(event.new)?,
            read: event.read,
            approver: optional(event.approver)?,
            detail: None,
        });
    }
    for KeptDetail { event, inner, texts, rewording } in kept.details {
        let wrote = |(commit, author)| Some(Wrote { commit, author: signature(author)? });
        let inner = inner.map(|inner| inner.into_iter().map(wrote).collect::<Option<Vec<_>>>());
        let inner = match inner {
            Some(inner) => Some(inner?),
            None => None,
        };
        events.get_mut(event)?.detail = Some(Box::new(Detail { inner, texts, rewording, written_in: None }));
    }
    let mut followed = Followed { complete: true, ..Followed::default() };
    for _ in 0..kept.documents {
        let KeptDocument { path, kind, alive, number, last } = take(&mut rest)?;
        fields.get(kind)?;
        followed.documents.push(Lineage { path: text(path)?, kind, alive, number });
        followed.last.push(match last {
            Some((content, read, values)) => {
                let values = values.into_iter().map(|(field, value)| Some((field, text(value)?)));
                let facts = Facts { read, values: values.collect::<Option<_>>()? };
                Some(Known { content, facts: Arc::new(facts) })
            }
            None => None,
        });
    }
    let deleted = kept.deleted.into_iter().map(|(path, document)| {
        let known = document < kept.documents;
        known.then_some((text(path)?, document))
    });
    followed.deleted = deleted.collect::<Option<BTreeMap<_, _>>>()?;
    Some(History { head: kept.head, root: kept.root, followed, events, commits })
}

/// Takes the next thing from `bytes`.
fn take<'a, T: Deserialize<'a>>(bytes: &mut &'a [u8]) -> Option<T> {
    let (taken, rest) = postcard::take_from_bytes(bytes).ok()?;
    *bytes = rest;
    Some(taken)
}

fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}
