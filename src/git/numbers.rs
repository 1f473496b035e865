//! Which numbers are taken, wherever a record may be: the working tree, the index, the tips of all branches, local and
//! remote-tracking, and the other worktrees. Names are enough; nothing is parsed where names carry the number.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use git2::ObjectType;
use git2::Oid;
use git2::Repository;
use git2::Tree;

use super::Git;
use super::Program;
use super::tracked::Entry;
use super::tracked::entries;
use super::worktrees::PathIn;
use super::worktrees::each_file;
use super::worktrees::others;
use crate::document::Document;
use crate::document::decode;
use crate::kind::Kind;
use crate::kind::record_number;

/// That some file has a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its path, relative to the root.
    pub path: String,
    /// Where it lies.
    pub place: Where,
}

/// Where a file may lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// In the working tree.
    Tree,
    /// In the index.
    Index,
    /// In the commit that is checked out.
    Head,
    /// At the tip of a branch, by its name.
    Branch(String),
    /// In another worktree, by its folder.
    Worktree(PathBuf),
}

/// Finds the greatest number taken by a record of one kind, and who has a certain one.
pub struct Numbers<'a> {
    kind: &'a Kind,
    /// The number whose holders are collected.
    wanted: Option<u64>,
    taken: Vec<Taken>,
    /// Where is looked at the moment.
    place: Where,
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
        Self {
            kind,
            wanted: None,
            taken: Vec::new(),
            place: Where::Tree,
            folders: kind.folders(),
            greatest: 0,
            seen: BTreeSet::new(),
            missed: false,
        }
    }

    /// Returns a search for `kind` that collects who has the number `wanted`.
    #[must_use]
    pub fn holding(kind: &'a Kind, wanted: u64) -> Self {
        Self { wanted: Some(wanted), ..Self::new(kind) }
    }

    /// Returns who has the number that was asked for, as far as was looked: a file once for each place it was first seen in.
    #[must_use]
    pub fn taken(&self) -> &[Taken] {
        &self.taken
    }

    /// Returns the number after the greatest one taken; `None` where that is past what is read as one.
    #[must_use]
    pub fn next(&self) -> Option<u64> {
        let next = self.greatest.checked_add(1)?;
        record_number(&next.to_string())
    }

    /// Adds what lies on disk below `root`.
    pub fn add_disk(&mut self, root: &Path) {
        self.add_tree_at(root, Where::Tree);
    }

    fn add_tree_at(&mut self, root: &Path, place: Where) {
        self.place = place;
        for folder in self.folders.clone() {
            each_file(root, &folder, &mut |path| self.add(path, || fs::read(root.join(path)).ok()));
        }
    }

    /// Adds what git knows: the index, every branch's tip, and the other worktrees. `prefix` is where the tree begins
    /// below the repository's top, with `/` at its end.
    ///
    /// # Errors
    /// Says what could not be looked at; the rest has been added all the same.
    pub fn add_git(&mut self, git: &Git, prefix: &str) -> Result<(), String> {
        let mut failures = Vec::new();
        self.add_repository(&git.repository, prefix, None, &mut failures);
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
        let mut names =
            |listed: Result<String, String>, place: Where, failures: &mut Vec<String>| match listed {
                Ok(text) => {
                    self.place = place;
                    for path in text.split('\0').filter_map(|path| path.strip_prefix(prefix)) {
                        self.add(path, || None);
                    }
                }
                Err(why) => failures.push(why),
            };
        names(asked(&["ls-files", "-z", "--full-name"]), Where::Index, &mut failures);
        let refs =
            asked(&["for-each-ref", "--format=%(objectname) %(refname:short)", "refs/heads", "refs/remotes"]);
        let mut tips: Vec<(String, Where)> = Vec::new();
        let head = program.ask(&["rev-parse", "--verify", "--quiet", "HEAD"]).ok().flatten();
        tips.extend(head.map(|head| (head, Where::Head)));
        match refs {
            Ok(text) => {
                let branch = |line: &str| {
                    let (tip, name) = line.split_once(' ')?;
                    Some((tip.to_owned(), Where::Branch(name.to_owned())))
                };
                tips.extend(text.lines().filter_map(branch));
            }
            Err(why) => failures.push(why),
        }
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for (tip, place) in tips {
            if seen.insert(tip.clone()) {
                let listed = asked(&["ls-tree", "-r", "-z", "--full-tree", "--name-only", &tip]);
                names(listed, place, &mut failures);
            }
        }
        match asked(&["worktree", "list", "--porcelain", "-z"]) {
            Ok(text) => {
                for folder in text.split('\0').filter_map(|line| line.strip_prefix("worktree ")) {
                    let place = Where::Worktree(PathBuf::from(folder));
                    self.add_tree_at(&Path::new(folder).join(prefix), place);
                }
            }
            Err(why) => failures.push(why),
        }
        failures.dedup();
        if failures.is_empty() { Ok(()) } else { Err(failures.join("; ")) }
    }

    /// Adds the index and the head of one worktree's repository: of the one at `folder`, where it is another one.
    fn add_repository(
        &mut self,
        repository: &Repository,
        prefix: &str,
        folder: Option<&Path>,
        failures: &mut Vec<String>,
    ) {
        let place = |own: Where| folder.map_or(own, |folder| Where::Worktree(folder.to_owned()));
        self.place = place(Where::Index);
        if self.kind.path.is_numbered()
            && self.kind.also.is_empty()
            && self.add_index_names(repository, prefix)
        {
            // The names were enough.
        } else if let Err(error) = self.add_index(repository, prefix) {
            failures.push(format!("the index: {}", error.message()));
        }
        self.place = place(Where::Head);
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
    /// `new` in a large repository. Says whether that was possible.
    fn add_index_names(&mut self, repository: &Repository, prefix: &str) -> bool {
        let Ok(bytes) = fs::read(repository.path().join("index")) else { return false };
        let Some(entries) = entries(&bytes) else { return false };
        let place = |folder: &String| match folder.as_str() {
            "" => prefix.to_owned(),
            folder => format!("{prefix}{folder}/"),
        };
        let places: Vec<String> = self.folders.iter().map(place).collect();
        for Entry { name, .. } in entries {
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
            self.place = Where::Branch(reference.shorthand().unwrap_or("?").to_owned());
            match reference.peel_to_tree() {
                Ok(tree) => self.add_tree(repository, &tree, prefix),
                // A branch that points to nothing yet has no numbers.
                Err(_) => self.missed |= reference.target().is_some(),
            }
        }
        Ok(())
    }

    fn add_worktrees(&mut self, repository: &Repository, prefix: &str, failures: &mut Vec<String>) {
        match others(repository) {
            Ok(others) => {
                for other in &others {
                    let folder = other.workdir().unwrap_or(other.path());
                    self.add_repository(other, prefix, Some(folder), failures);
                    if let Some(workdir) = other.workdir() {
                        self.add_tree_at(&workdir.join(prefix), Where::Worktree(workdir.to_owned()));
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
        if number.is_some() && number == self.wanted {
            self.taken.push(Taken { path: path.to_owned(), place: self.place.clone() });
        }
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
