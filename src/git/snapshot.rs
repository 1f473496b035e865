//! Files as git keeps them, read without a working tree: a bare repository, the records as they once were, or as they are
//! staged.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

use super::NoHistory;
use super::Source;
use super::Unchanged;
use super::name_of;
use super::objects::ObjectKind;
use super::objects::Objects;
use super::tree::below;
use super::tree::files;
use super::tree::named;
use crate::document::MAX_BYTES;
use crate::document::Unreadable;
use crate::error::Error;
use crate::history::Commit;
use crate::history::Oid;
use crate::workspace::Found;

/// The files of one revision, or of the index.
pub struct Snapshot {
    pub(super) files: Vec<(String, Oid)>,
    /// What lies around them, from the repository's top.
    pub(super) around: Surroundings,
    /// Nothing to read from where there is no commit yet.
    pub(super) objects: Option<Mutex<Objects>>,
    /// A folder of which many files may hold the same.
    pub(super) alike: Option<PathBuf>,
    /// What is known of that folder's files without reading them.
    pub(super) unchanged: Option<Box<Unchanged>>,
}

/// What is known of the files around those of a snapshot.
pub(super) enum Surroundings {
    /// Nothing: there is no commit yet.
    Unknown,
    /// They are in this tree.
    Tree(Oid),
    /// They are these, in order of path.
    Listed(Vec<(String, Oid)>),
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
        let Some(commit) = commit else {
            return Ok(Snapshot {
                files: Vec::new(),
                around: Surroundings::Unknown,
                objects: None,
                alike: None,
                unchanged: None,
            });
        };
        let mut objects = self.objects()?;
        let mut bytes = Vec::new();
        objects.need(&commit, ObjectKind::Commit, &mut bytes)?;
        let broken = || Error::new(format!("the commit {commit} is broken")).help("look with git fsck");
        let (tree, _) = Commit::tree_and_parent(&bytes).ok_or_else(broken)?;
        let folders: Vec<String> = folders.iter().map(|folder| below(prefix, folder)).collect();
        let inside = |(path, id): (String, Oid)| Some((path.strip_prefix(prefix)?.to_owned(), id));
        let (files, links) = files(&mut objects, tree, &folders)?;
        let files = files.into_iter().filter_map(inside).collect();
        let snapshot = Snapshot {
            files,
            around: Surroundings::Tree(tree),
            objects: Some(Mutex::new(objects)),
            alike: None,
            unchanged: None,
        };
        Ok(snapshot.with_links(links, prefix))
    }
}

impl Snapshot {
    /// Returns the same, read from the files below `root` where those hold exactly what it does: that takes half the time, as nothing has
    /// to be unpacked.
    #[must_use]
    pub fn alike(self, root: &Path) -> Self {
        Self { alike: Some(root.to_owned()), ..self }
    }

    /// Returns the same, where `unchanged` tells of the files it may be alike to what they hold.
    #[must_use]
    pub fn knowing(self, unchanged: Option<Unchanged>) -> Self {
        Self { unchanged: unchanged.map(Box::new), ..self }
    }

    /// Adds `links`, from the repository's top: where one leads to a file it has what that has, as on disk; else it has its own words, in
    /// which nobody will find a record.
    pub(super) fn with_links(mut self, links: Vec<(String, Oid)>, prefix: &str) -> Self {
        let mut found = Vec::new();
        for (path, id) in links {
            let Some(own) = path.strip_prefix(prefix) else { continue };
            let (mut at, mut to) = (path.clone(), id);
            // As many as any system follows.
            for _ in 0..8 {
                let Some(next) = self.text(&to).and_then(|target| led_from(&at, &target)) else { break };
                match self.beside(&next) {
                    (Found::File, Some(file)) => {
                        to = file;
                        break;
                    }
                    (Found::Unknown, Some(link)) => (at, to) = (next, link),
                    _ => break,
                }
            }
            found.push((own.to_owned(), to));
        }
        if !found.is_empty() {
            self.files.extend(found);
            self.files.sort();
        }
        self
    }

    /// Returns a short text.
    fn text(&self, id: &Oid) -> Option<String> {
        let mut bytes = Vec::new();
        let objects = self.objects.as_ref()?;
        let read = objects.lock().unwrap_or_else(PoisonError::into_inner).read(id, &mut bytes);
        matches!(read, Ok(Some(ObjectKind::Blob))).then(|| String::from_utf8(bytes).ok()).flatten()
    }

    /// Returns the content of the file at `path` below the folder that is much like this, where it is `id`.
    fn on_disk(&self, path: &str, id: &Oid) -> Option<Vec<u8>> {
        let file = self.alike.as_ref()?.join(path);
        if self.unchanged.as_ref().and_then(|unchanged| unchanged.content(path, &file)) == Some(*id) {
            return std::fs::read(file).ok().filter(|bytes| bytes.len() <= MAX_BYTES);
        }
        let found = file.symlink_metadata().ok()?;
        if !found.is_file() || found.len() > MAX_BYTES as u64 {
            return None;
        }
        std::fs::read(file).ok().filter(|bytes| name_of(bytes).as_ref() == Some(id))
    }

    /// Returns the paths, with `/`, in order.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        self.files.iter().map(|(path, _)| path.clone()).collect()
    }

    /// Returns the content of the file at `path`, by its name.
    #[must_use]
    pub fn id_of(&self, path: &str) -> Option<Oid> {
        let at = self.files.binary_search_by(|(known, _)| known.as_str().cmp(path)).ok()?;
        Some(self.files[at].1)
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
        if let Some(bytes) = self.on_disk(path, &self.files[at].1) {
            return Ok(bytes);
        }
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

    /// Says what lies at `path`, from the repository's top.
    #[must_use]
    pub fn find_beside(&self, path: &str) -> Found {
        self.beside(path).0
    }

    /// Reads the plain file at `path`, from the repository's top; `None` where there is none, or it is too large.
    #[must_use]
    pub fn read_beside(&self, path: &str) -> Option<Vec<u8>> {
        let (Found::File, Some(id)) = self.beside(path) else { return None };
        let mut bytes = Vec::new();
        let objects = self.objects.as_ref()?;
        let read = objects.lock().unwrap_or_else(PoisonError::into_inner).read(&id, &mut bytes);
        (matches!(read, Ok(Some(ObjectKind::Blob))) && bytes.len() <= MAX_BYTES).then_some(bytes)
    }

    /// Goes down from the top to `path`; with the content of what lies there, where it has one of its own.
    fn beside(&self, path: &str) -> (Found, Option<Oid>) {
        let mut id = match &self.around {
            Surroundings::Unknown => return (Found::Unknown, None),
            Surroundings::Listed(files) => return listed(files, path.trim_end_matches('/')),
            Surroundings::Tree(id) => *id,
        };
        let Some(objects) = &self.objects else { return (Found::Unknown, None) };
        let mut objects = objects.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = Vec::new();
        let mut parts = path.split('/').filter(|part| !part.is_empty()).peekable();
        while let Some(part) = parts.next() {
            if !matches!(objects.read(&id, &mut bytes), Ok(Some(ObjectKind::Tree))) {
                return (Found::Unknown, None);
            }
            let Some(found) = named(&bytes, part, id.as_bytes().len()) else { return (Found::Nothing, None) };
            let Some(next) = Oid::from_bytes(found.id) else { return (Found::Unknown, None) };
            let is_last = parts.peek().is_none();
            match (found.is_tree(), found.is_file(), parts.peek()) {
                (true, ..) => id = next,
                (_, true, None) => return (Found::File, Some(next)),
                (_, true, Some(_)) => return (Found::Nothing, None),
                _ if found.is_link() && is_last => return (Found::Unknown, Some(next)),
                // A link, or another repository inside this one.
                _ => return (Found::Unknown, None),
            }
        }
        (Found::Folder, None)
    }
}

/// Returns the path, from the repository's top, that a link at `path` leads to; `None` where that is outside.
fn led_from(path: &str, target: &str) -> Option<String> {
    if target.starts_with('/') || target.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Looks `path` up among `files`, which are in order.
fn listed(files: &[(String, Oid)], path: &str) -> (Found, Option<Oid>) {
    if path.is_empty() {
        return (Found::Folder, None);
    }
    let folder = format!("{path}/");
    match files.binary_search_by(|(known, _)| known.as_str().cmp(path)) {
        Ok(at) => (Found::File, Some(files[at].1)),
        Err(_) => {
            let at = files.partition_point(|(known, _)| *known < folder);
            let inside = files.get(at).is_some_and(|(known, _)| known.starts_with(&folder));
            (if inside { Found::Folder } else { Found::Nothing }, None)
        }
    }
}
