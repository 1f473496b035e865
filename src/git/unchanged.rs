//! Which files of the working tree are as the index took them in: their contents are known without reading them.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use git2::IndexEntry;

use super::Source;
use super::decided::is_as_taken;
use crate::history::Oid;

/// What the index knows of files, and when it was written.
pub struct Unchanged {
    entries: HashMap<String, (Oid, IndexEntry)>,
    written: SystemTime,
}

impl Source<'_> {
    /// Returns what the index knows of the files below `prefix` (with `/` at its end); `None` where there is no index, or only the git
    /// program can open the repository.
    #[must_use]
    pub fn unchanged(&self, prefix: &str) -> Option<Unchanged> {
        let Self::Library(git) = self else { return None };
        let index = git.repository.index().ok()?;
        let written = fs::metadata(index.path()?).and_then(|metadata| metadata.modified()).ok()?;
        let known = |entry: IndexEntry| {
            let path = std::str::from_utf8(&entry.path).ok()?.strip_prefix(prefix)?.to_owned();
            Some((path, (Oid::from_bytes(entry.id.as_bytes())?, entry)))
        };
        Some(Unchanged { entries: index.iter().filter_map(known).collect(), written })
    }
}

impl Unchanged {
    /// Returns the content of the file `place`, called `path` below the root, where it has the time and size it had when the index took
    /// it in.
    #[must_use]
    pub fn content(&self, path: &str, place: &Path) -> Option<Oid> {
        let (id, entry) = self.entries.get(path)?;
        is_as_taken(entry, place, self.written).then_some(*id)
    }
}
