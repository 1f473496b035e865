//! A revision's files, read without a working tree: a bare repository, or the records as they once were.

use std::sync::Mutex;
use std::sync::PoisonError;

use super::NoHistory;
use super::Source;
use super::objects::ObjectKind;
use super::objects::Objects;
use super::tree::below;
use super::tree::files;
use crate::document::MAX_BYTES;
use crate::document::Unreadable;
use crate::error::Error;
use crate::history::Commit;
use crate::history::Oid;

/// The files of one revision.
pub struct Snapshot {
    files: Vec<(String, Oid)>,
    /// Nothing to read from where there is no commit yet.
    objects: Option<Mutex<Objects>>,
}

impl Source<'_> {
    /// Returns the files of `commit` that lie below `prefix` (with `/` at its end; `""` is the top) in one of `folders`;
    /// none where there is no commit.
    ///
    /// # Errors
    /// Where its tree cannot be read.
    pub fn snapshot(
        &self,
        commit: Option<Oid>,
        prefix: &str,
        folders: &[String],
    ) -> Result<Snapshot, NoHistory> {
        let Some(commit) = commit else { return Ok(Snapshot { files: Vec::new(), objects: None }) };
        let mut objects = self.objects()?;
        let mut bytes = Vec::new();
        objects.need(&commit, ObjectKind::Commit, &mut bytes)?;
        let broken = || Error::new(format!("the commit {commit} is broken")).help("look with git fsck");
        let (tree, _) = Commit::tree_and_parent(&bytes).ok_or_else(broken)?;
        let folders: Vec<String> = folders.iter().map(|folder| below(prefix, folder)).collect();
        let inside = |(path, id): (String, Oid)| Some((path.strip_prefix(prefix)?.to_owned(), id));
        let files = files(&mut objects, tree, &folders)?.into_iter().filter_map(inside).collect();
        Ok(Snapshot { files, objects: Some(Mutex::new(objects)) })
    }
}

impl Snapshot {
    /// Returns the paths, with `/`, in order.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        self.files.iter().map(|(path, _)| path.clone()).collect()
    }

    /// Says whether the file at `path` is known to hold exactly `bytes`; what cannot be told without reading is not known.
    #[must_use]
    pub fn holds(&self, path: &str, bytes: &[u8]) -> bool {
        let at = self.files.binary_search_by(|(known, _)| known.as_str().cmp(path));
        let Ok(at) = at else { return false };
        let hashed = git2::Oid::hash_object(git2::ObjectType::Blob, bytes);
        hashed.is_ok_and(|hash| hash.as_bytes() == self.files[at].1.as_bytes())
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// Where there is none, its object is missing, or it is too large for a document.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let missing = || Unreadable {
            what: "is missing from the repository's objects".to_owned(),
            help: "fetch it, or look with git fsck".to_owned(),
        };
        let at = self.files.binary_search_by(|(known, _)| known.as_str().cmp(path)).map_err(|_| missing())?;
        let mut bytes = Vec::new();
        let objects = self.objects.as_ref().ok_or_else(missing)?;
        let read = objects.lock().unwrap_or_else(PoisonError::into_inner).read(&self.files[at].1, &mut bytes);
        if !matches!(read, Ok(Some(ObjectKind::Blob))) {
            return Err(missing());
        }
        // What is too large is refused for its size alone.
        bytes.truncate(MAX_BYTES + 1);
        Ok(bytes)
    }
}
