//! How records were when they were decided, for those that may be otherwise now.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;

use git2::Index;
use git2::IndexEntry;
use git2::Repository;

use super::NoHistory;
use super::Snapshot;
use super::Source;
use super::Texts;
use super::name_of;
use super::objects::ObjectKind;
use crate::compare::says_the_same;
use crate::config::Config;
use crate::document::Document;
use crate::history::Oid;
use crate::history::Renumbered;
use crate::history::Timelines;
use crate::history::What;
use crate::kind::Kind;
use crate::kind::Kinds;
use crate::record::RecordId;
use crate::rules::Decided;

/// Where records are read from now.
#[derive(Clone, Copy)]
pub enum Now<'a> {
    /// A folder on disk.
    Disk(&'a Path),
    /// What git keeps.
    Kept(&'a Snapshot),
}

/// What is known of the records that are asked about.
#[derive(Clone, Copy)]
pub struct AskedDecided<'a> {
    /// How they are now; where it is not said, as the history ends.
    pub now: Option<Now<'a>>,
    /// The contents that git may not have.
    pub texts: &'a Texts,
    /// The records to which a change has been approved that no commit has.
    pub approved: &'a [RecordId],
}

impl Source<'_> {
    /// Returns, by path, how the records were when they were decided whose files are not the same now to the byte. `prefix` is where the
    /// records' tree begins below the repository's top, with `/` at its end.
    ///
    /// # Errors
    /// Where such a text cannot be read.
    pub fn decided(
        &self,
        config: &Config,
        prefix: &str,
        timelines: &Timelines<'_>,
        asked: AskedDecided<'_>,
    ) -> Result<BTreeMap<String, Decided>, NoHistory> {
        let AskedDecided { now, texts, approved } = asked;
        let fixed = timelines.fixed(&config.kinds, approved);
        let mut decided = BTreeMap::new();
        if fixed.is_empty() {
            return Ok(decided);
        }
        let index = match self {
            Self::Library(git) => Taken::of(&git.repository),
            Self::Program(_) => None,
        };
        let renumbered = Arc::new(timelines.renumbered(&config.kinds));
        let mut objects = self.objects()?;
        let mut bytes = Vec::new();
        for mut fixed in fixed {
            let path = fixed.path.clone();
            let same = match now {
                Some(Now::Kept(snapshot)) => snapshot.id_of(&path) == Some(fixed.last),
                Some(Now::Disk(root)) => is_same(root, prefix, &path, fixed.last, index.as_ref()),
                None => true,
            };
            if same && fixed.rewritten.is_empty() && fixed.fields.is_empty() {
                continue;
            }
            let mut text = |id: Oid| -> Result<String, NoHistory> {
                if let Some(bytes) = texts.get(&id) {
                    return Ok(String::from_utf8_lossy(bytes).into_owned());
                }
                objects.need(&id, ObjectKind::Blob, &mut bytes)?;
                Ok(String::from_utf8_lossy(&bytes).into_owned())
            };
            let (then, last) = (text(fixed.decided)?, if same { None } else { Some(text(fixed.last)?) });
            // What a renumbering made of the words is the same words.
            while let [_, .., event] = fixed.rewritten[..]
                && !renumbered.is_empty()
                && event.what == What::Rewritten
                && let Some((old, new)) = event.detail.as_deref().and_then(|detail| detail.texts)
                && is_renumbering(
                    &text(old)?,
                    &text(new)?,
                    &renumbered,
                    config.kinds.at(event.kind),
                    &config.kinds,
                )
            {
                fixed.rewritten.pop();
            }
            let found = Decided::new(&fixed, timelines, then, last, Arc::clone(&renumbered));
            decided.insert(path, found);
        }
        Ok(decided)
    }
}

/// Says whether two texts of a record of `kind` have the same words, with the ids that documents have now.
fn is_renumbering(old: &str, new: &str, renumbered: &Renumbered, kind: &Kind, kinds: &Kinds) -> bool {
    let words = |text: &str| {
        let document = Document::read(text.to_owned());
        renumbered.told(document.text.get(document.body..).unwrap_or_default(), kinds)
    };
    says_the_same(kind, kinds, &words(old), &words(new))
}

/// Says whether the file at `path` holds the content `last`. Where the index knows a file by its time and size, as git does, it
/// need not be read.
pub(super) fn is_same(root: &Path, prefix: &str, path: &str, last: Oid, index: Option<&Taken>) -> bool {
    let place = root.join(path);
    if index.is_some_and(|index| index.holds(&format!("{prefix}{path}"), &place, last)) {
        return true;
    }
    fs::read(&place).ok().and_then(|bytes| name_of(&bytes)) == Some(last)
}

/// An index, with the time at which it was written.
pub(super) struct Taken {
    index: Index,
    written: SystemTime,
}

impl Taken {
    pub(super) fn of(repository: &Repository) -> Option<Self> {
        let index = repository.index().ok()?;
        let written = fs::metadata(index.path()?).and_then(|metadata| metadata.modified()).ok()?;
        Some(Self { index, written })
    }

    /// Says whether the file `place`, which the index calls `path`, is known to hold `last`: it has the time and size it had when the
    /// index took it in. Like git this trusts no file that was changed when the index was written, or later: it may
    /// have been changed again within the same tick of the clock.
    fn holds(&self, path: &str, place: &Path, last: Oid) -> bool {
        let Some(entry) = self.index.get_path(Path::new(path), 0) else { return false };
        entry.id.as_bytes() == last.as_bytes() && is_as_taken(&entry, place, self.written)
    }
}

/// Says whether the file `place` has the time and size it had when an index, `written` then, took it in as `entry`.
pub(super) fn is_as_taken(entry: &IndexEntry, place: &Path, written: SystemTime) -> bool {
    let Ok(metadata) = fs::symlink_metadata(place) else { return false };
    let Ok(modified) = metadata.modified() else { return false };
    let seconds = u64::try_from(entry.mtime.seconds()).unwrap_or(0);
    let taken = SystemTime::UNIX_EPOCH + Duration::new(seconds, entry.mtime.nanoseconds());
    metadata.is_file()
        && entry.mtime.nanoseconds() > 0
        && modified == taken
        && modified < written
        && u64::from(entry.file_size) == metadata.len()
}
