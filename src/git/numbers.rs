//! Which numbers are taken, wherever a record may be: the working tree, the index, the tips of all branches, local and
//! remote-tracking, and the other worktrees. Names are enough; nothing is parsed where names carry the number.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use git2::ObjectType;
use git2::Oid;
use git2::Repository;
use git2::Tree;

use super::Git;
use super::Program;
use crate::document::Document;
use crate::document::decode;
use crate::kind::Kind;
use crate::kind::record_number;

/// Finds the greatest number taken by a record of one kind.
pub struct Numbers<'a> {
    kind: &'a Kind,
    folders: Vec<String>,
    greatest: u64,
    seen: BTreeSet<Oid>,
    /// Whether the names in some folder of a branch could not be read.
    missed: bool,
}

impl<'a> Numbers<'a> {
    /// Returns a search for `kind` that has looked nowhere yet.
    #[must_use]
    pub fn new(kind: &'a Kind) -> Self {
        Self { kind, folders: kind.folders(), greatest: 0, seen: BTreeSet::new(), missed: false }
    }

    /// Returns the number after the greatest one taken; `None` where that is past what is read as one.
    #[must_use]
    pub fn next(&self) -> Option<u64> {
        let next = self.greatest.checked_add(1)?;
        record_number(&next.to_string())
    }

    /// Adds what lies on disk below `root`.
    pub fn add_disk(&mut self, root: &Path) {
        for folder in self.folders.clone() {
            self.add_folder(root, &folder);
        }
    }

    fn add_folder(&mut self, root: &Path, folder: &str) {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { return };
        let mut path = PathIn::new(folder);
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| *name != ".git") else { continue };
            let path = path.of(name);
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.add_folder(root, path);
            } else {
                self.add(path, || fs::read(root.join(path)).ok());
            }
        }
    }

    /// Adds what git knows: the index, every branch's tip, and the other worktrees. `prefix` is where the tree begins
    /// below the repository's top, with `/` at its end.
    ///
    /// # Errors
    /// Says what could not be looked at; the rest has been added all the same.
    pub fn add_git(&mut self, git: &Git, prefix: &str) -> Result<(), String> {
        let mut failures = Vec::new();
        self.add_repository(&git.repository, prefix, &mut failures);
        if let Err(error) = self.add_branches(&git.repository, prefix) {
            failures.push(format!("branches: {}", error.message()));
        }
        self.add_worktrees(&git.repository, prefix, &mut failures);
        if self.missed {
            failures.push("objects of some branch are missing: fetch them".to_owned());
        }
        if failures.is_empty() { Ok(()) } else { Err(failures.join("; ")) }
    }

    /// Adds what the git program knows, where the library cannot open the repository: the index, every branch's tip, HEAD
    /// and the other worktrees on disk. `prefix` as for [`Numbers::add_git`]. Names alone count.
    ///
    /// # Errors
    /// Says what could not be looked at; the rest has been added all the same.
    pub fn add_program(&mut self, program: &Program, prefix: &str) -> Result<(), String> {
        let asked = |words: &[&str]| match program.ask(words) {
            Ok(Some(text)) => Ok(text),
            Ok(None) => Err(format!("git {} failed", words[0])),
            Err(error) => Err(error.to_string()),
        };
        let mut failures = Vec::new();
        let mut names = |listed: Result<String, String>, failures: &mut Vec<String>| match listed {
            Ok(text) => {
                for path in text.split('\0').filter_map(|path| path.strip_prefix(prefix)) {
                    self.add(path, || None);
                }
            }
            Err(why) => failures.push(why),
        };
        names(asked(&["ls-files", "-z", "--full-name"]), &mut failures);
        let refs = asked(&["for-each-ref", "--format=%(objectname)", "refs/heads", "refs/remotes"]);
        let mut tips: BTreeSet<String> = BTreeSet::new();
        match refs {
            Ok(text) => tips.extend(text.lines().map(str::to_owned)),
            Err(why) => failures.push(why),
        }
        tips.extend(program.ask(&["rev-parse", "--verify", "--quiet", "HEAD"]).ok().flatten());
        for tip in tips {
            names(asked(&["ls-tree", "-r", "-z", "--full-tree", "--name-only", &tip]), &mut failures);
        }
        match asked(&["worktree", "list", "--porcelain", "-z"]) {
            Ok(text) => {
                for folder in text.split('\0').filter_map(|line| line.strip_prefix("worktree ")) {
                    self.add_disk(&Path::new(folder).join(prefix));
                }
            }
            Err(why) => failures.push(why),
        }
        failures.dedup();
        if failures.is_empty() { Ok(()) } else { Err(failures.join("; ")) }
    }

    /// Adds the index and the head of one worktree's repository.
    fn add_repository(&mut self, repository: &Repository, prefix: &str, failures: &mut Vec<String>) {
        if self.kind.path.is_numbered()
            && self.kind.also.is_empty()
            && self.add_index_names(repository, prefix)
        {
            // The names were enough.
        } else if let Err(error) = self.add_index(repository, prefix) {
            failures.push(format!("the index: {}", error.message()));
        }
        // An unborn head has nothing to add.
        if let Ok(tree) = repository.head().and_then(|head| head.peel_to_tree()) {
            self.add_tree(repository, &tree, prefix);
        }
    }

    fn add_index(&mut self, repository: &Repository, prefix: &str) -> Result<(), git2::Error> {
        for entry in repository.index()?.iter() {
            let path = std::str::from_utf8(&entry.path).ok().and_then(|path| path.strip_prefix(prefix));
            if let Some(path) = path {
                self.add(path, || repository.find_blob(entry.id).ok().map(|blob| blob.content().to_vec()));
            }
        }
        Ok(())
    }

    /// Adds the names the index holds without checking or understanding the rest of it, which takes most of the time of
    /// `new` in a large repository. Says whether that was possible: versions 2 and 3 hold every path in full, one entry
    /// after the other (git's `Documentation/gitformat-index.txt`).
    fn add_index_names(&mut self, repository: &Repository, prefix: &str) -> bool {
        let Ok(bytes) = fs::read(repository.path().join("index")) else { return false };
        let split = memchr::memmem::find(&bytes, b"link\0\0\0").is_some();
        let Some(names) = index_names(&bytes).filter(|_| !split) else { return false };
        let place = |folder: &String| match folder.as_str() {
            "" => prefix.to_owned(),
            folder => format!("{prefix}{folder}/"),
        };
        let places: Vec<String> = self.folders.iter().map(place).collect();
        for name in names {
            if places.iter().any(|place| name.starts_with(place.as_bytes()))
                && let Ok(path) = std::str::from_utf8(&name[prefix.len()..])
            {
                self.add(path, || None);
            }
        }
        true
    }

    fn add_branches(&mut self, repository: &Repository, prefix: &str) -> Result<(), git2::Error> {
        for reference in repository.references()?.flatten() {
            if !(reference.is_branch() || reference.is_remote()) {
                continue;
            }
            match reference.peel_to_tree() {
                Ok(tree) => self.add_tree(repository, &tree, prefix),
                // A branch that points to nothing yet has no numbers.
                Err(_) => self.missed |= reference.target().is_some(),
            }
        }
        Ok(())
    }

    fn add_worktrees(&mut self, repository: &Repository, prefix: &str, failures: &mut Vec<String>) {
        let linked = repository.worktrees().map(|names| {
            let open =
                |name: &str| repository.find_worktree(name).and_then(|w| Repository::open_from_worktree(&w));
            names.iter().flatten().flatten().filter_map(|name| open(name).ok()).collect::<Vec<_>>()
        });
        let main = Repository::open(repository.commondir()).ok();
        match linked {
            Ok(linked) => {
                for other in
                    linked.iter().chain(&main).filter(|other| other.workdir() != repository.workdir())
                {
                    self.add_repository(other, prefix, failures);
                    if let Some(workdir) = other.workdir() {
                        self.add_disk(&workdir.join(prefix));
                    }
                }
            }
            Err(error) => failures.push(format!("the other worktrees: {}", error.message())),
        }
    }

    fn add_tree(&mut self, repository: &Repository, tree: &Tree<'_>, prefix: &str) {
        for folder in self.folders.clone() {
            let place = format!("{prefix}{folder}");
            let place = place.trim_end_matches('/');
            let below =
                if place.is_empty() { Some(tree.clone()) } else { self.folder_at(repository, tree, place) };
            if let Some(below) = below {
                self.add_subtree(repository, &below, &folder);
            }
        }
    }

    /// Returns the folder `place` of `tree`, where there is one.
    fn folder_at<'r>(
        &mut self,
        repository: &'r Repository,
        tree: &Tree<'_>,
        place: &str,
    ) -> Option<Tree<'r>> {
        let mut at = tree.id();
        for part in place.split('/') {
            let Ok(tree) = repository.find_tree(at) else {
                self.missed = true;
                return None;
            };
            at = tree.get_name(part).filter(|entry| entry.kind() == Some(ObjectType::Tree))?.id();
        }
        let found = repository.find_tree(at);
        self.missed |= found.is_err();
        found.ok()
    }

    /// Adds the names below `tree`, which lies at `folder`. Branches mostly share their trees: each is looked at once.
    fn add_subtree(&mut self, repository: &Repository, tree: &Tree<'_>, folder: &str) {
        if !self.seen.insert(tree.id()) {
            return;
        }
        let mut path = PathIn::new(folder);
        for entry in tree {
            let Ok(name) = entry.name() else { continue };
            let path = path.of(name);
            match entry.kind() {
                Some(ObjectType::Tree) => match repository.find_tree(entry.id()) {
                    Ok(below) => self.add_subtree(repository, &below, path),
                    Err(_) => self.missed = true,
                },
                Some(ObjectType::Blob) => {
                    self.add(path, || {
                        repository.find_blob(entry.id()).ok().map(|blob| blob.content().to_vec())
                    });
                }
                _ => {}
            }
        }
    }

    /// Adds the number of the record at `path`; `read` gives its bytes where the name does not say.
    fn add(&mut self, path: &str, read: impl FnOnce() -> Option<Vec<u8>>) {
        let number = self
            .kind
            .claims(path)
            .and_then(|number| number.or_else(|| read().and_then(|bytes| written_number(bytes, self.kind))));
        self.greatest = self.greatest.max(number.unwrap_or(0));
    }
}

/// Returns the paths in an index of version 2 or 3; `None` for any other, and for one that is cut off.
fn index_names(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    const HEADER: usize = 12;
    /// Times, device, owner, size and object of an entry.
    const BEFORE_FLAGS: usize = 60;
    const EXTENDED: u8 = 0x40;
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    if !bytes.starts_with(b"DIRC") || !matches!(number(4), Some(2 | 3)) {
        return None;
    }
    let mut names = Vec::new();
    let mut at = HEADER;
    for _ in 0..number(8)? {
        let flags = *bytes.get(at + BEFORE_FLAGS)?;
        let name = at + BEFORE_FLAGS + if flags & EXTENDED == 0 { 2 } else { 4 };
        let length = memchr::memchr(0, bytes.get(name..)?)?;
        names.push(&bytes[name..name + length]);
        // One to eight zero bytes make an entry a multiple of eight long.
        at += (name - at + length + 8) & !7;
    }
    Some(names)
}

/// The paths of what lies in one folder, made in one buffer: there may be ten thousand.
struct PathIn {
    buffer: String,
    folder: usize,
}

impl PathIn {
    fn new(folder: &str) -> Self {
        let buffer = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Self { folder: buffer.len(), buffer }
    }

    fn of(&mut self, name: &str) -> &str {
        self.buffer.truncate(self.folder);
        self.buffer.push_str(name);
        &self.buffer
    }
}

/// Returns the number in a document's own id, which must have the kind's prefix where it has one.
fn written_number(bytes: Vec<u8>, kind: &Kind) -> Option<u64> {
    let document = Document::read(decode(bytes).ok()?);
    let field = kind.field("id")?;
    let entry = document.entry(&field.key)?;
    let text = document.at(entry.value.span()).trim_matches(['"', '\'', ' ']);
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let prefix = text[..text.len() - digits.len()].trim_end_matches(['-', '_', ' ', '#']);
    let ours = prefix.is_empty() || prefix.eq_ignore_ascii_case(&kind.prefix);
    if ours { record_number(digits) } else { None }
}
