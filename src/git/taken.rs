//! Numbers that a branch has given too: found before the two are merged.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::collections::HashSet;

use git2::Commit;
use git2::ErrorCode;
use git2::Oid as LibraryOid;
use git2::Repository;

use super::NoHistory;
use super::Source;
use super::diff::Compare;
use super::worktrees::each_file;
use super::worktrees::others;
use crate::config::Config;
use crate::error::Error;
use crate::history::Oid;
use crate::history::Timelines;
use crate::history::numbered;
use crate::record::RecordId;
use crate::rules::Place;
use crate::rules::TakenElsewhere;

/// A branch that is looked at.
pub(super) struct Branch {
    pub(super) name: String,
    pub(super) tip: LibraryOid,
    pub(super) tree: LibraryOid,
    /// Whether everybody's work ends up there.
    pub(super) main: bool,
}

impl Source<'_> {
    /// Returns the records among `paths`, the files there are, whose number a branch, local or remote-tracking, has given to
    /// another record, so that both were made since the two lines parted, or another worktree where it is not committed yet.
    /// `base` is what everybody's work ends up in, where somebody says so, with its name. `prefix` is where the records' tree
    /// begins below the repository's top, with `/` at its end. Where only the git program can open the repository there is
    /// nothing.
    ///
    /// # Errors
    /// Where a commit or tree cannot be read.
    pub fn taken_elsewhere(
        &self,
        config: &Config,
        prefix: &str,
        timelines: &Timelines<'_>,
        paths: &[String],
        base: Option<(&str, Oid)>,
    ) -> Result<Vec<TakenElsewhere>, NoHistory> {
        let Self::Library(git) = self else { return Ok(Vec::new()) };
        let failed = |error: &git2::Error| NoHistory::Failed(super::failed("read the branches", error));
        let repository = &git.repository;
        let head = match repository.head().and_then(|head| head.peel_to_commit()) {
            Ok(head) => head,
            Err(error) if error.code() == ErrorCode::UnbornBranch => return Ok(Vec::new()),
            Err(error) => return Err(failed(&error)),
        };
        let branches = branches(repository, &head, base).map_err(|error| failed(&error))?;
        let mains = main_names(repository).map_err(|error| failed(&error))?;
        let on_main = self.on_branch().is_some_and(|own| mains.contains(&own));
        let trees: Vec<LibraryOid> =
            branches.iter().filter(|branch| branch.main).map(|branch| branch.tree).collect();
        let has = |tree: &LibraryOid, path: &str| {
            let tree = repository.find_tree(*tree);
            tree.is_ok_and(|tree| tree.get_path(format!("{prefix}{path}").as_ref()).is_ok())
        };
        let is_landed = |path: &str| {
            (on_main && timelines.document_at(path).is_some()) || trees.iter().any(|tree| has(tree, path))
        };
        // Most of the time there is no other branch, or none that has added anything.
        let ours = LazyCell::new(|| {
            let mut ours: HashMap<RecordId, Vec<&str>> = HashMap::new();
            for path in paths {
                if let Some(id) = numbered(path, &config.kinds) {
                    ours.entry(id).or_default().push(path);
                }
            }
            ours
        });
        let known = LazyCell::new(|| timelines.paths());
        let mut objects = self.objects()?;
        let mut found = Vec::new();
        let mut told: HashSet<(String, String)> = HashSet::new();
        for branch in branches {
            let mut compare = Compare::new(&mut objects, &config.kinds, prefix);
            let changes = compare.changes(Some(own(head.tree_id())?), own(branch.tree)?)?;
            let mut pairs: Vec<(RecordId, &str, String)> = Vec::new();
            for change in changes.iter().filter(|change| change.old.is_none() && change.new.is_some()) {
                let Some(number) = change.number else { continue };
                let id = RecordId { kind: change.kind, number };
                let theirs = change.path.to_string();
                // A record that HEAD knows by that path, now or once, is the same one.
                let same = known.contains(theirs.as_str()) || paths.binary_search(&theirs).is_ok();
                let others = ours.get(&id).into_iter().flatten().filter(|_| !same);
                pairs.extend(others.map(|path| (id, *path, theirs.clone())));
            }
            if pairs.is_empty() {
                continue;
            }
            // What lies in the commit where the two parted was made by neither of them.
            let base = match repository.merge_base(head.id(), branch.tip) {
                Ok(base) => base,
                Err(error) if error.code() == ErrorCode::NotFound => continue,
                Err(error) => return Err(failed(&error)),
            };
            let base = repository.find_commit(base).map_err(|error| failed(&error))?.tree_id();
            let there = compare.changes(None, own(base)?)?;
            let parted_with: HashSet<&str> = there.iter().map(|change| &*change.path).collect();
            for (id, path, theirs) in pairs {
                let new = !parted_with.contains(path) && !parted_with.contains(theirs.as_str());
                if new && told.insert((path.to_owned(), theirs.clone())) {
                    found.push(TakenElsewhere {
                        path: path.to_owned(),
                        id,
                        by: theirs,
                        place: Place::Branch(branch.name.clone()),
                        certain: branch.main,
                        landed: !branch.main && is_landed(path),
                    });
                }
            }
        }
        // What another worktree has committed is on a branch.
        for other in others(repository).map_err(|error| failed(&error))? {
            let Some(root) = other.workdir().map(|workdir| workdir.join(prefix)) else { continue };
            let place = Place::Worktree(other.workdir().unwrap_or(&root).to_owned());
            let mut theirs: Vec<String> = Vec::new();
            for folder in config.kinds.folders() {
                each_file(&root, &folder, &mut |path| theirs.push(path.to_owned()));
            }
            for by in theirs {
                let Some(id) = numbered(&by, &config.kinds) else { continue };
                let others = ours.get(&id).into_iter().flatten().filter(|path| !root.join(path).exists());
                for path in others {
                    let same = known.contains(by.as_str()) || paths.binary_search(&by).is_ok();
                    if !same && told.insert(((*path).to_owned(), by.clone())) {
                        let landed = is_landed(path);
                        let (path, by, place) = ((*path).to_owned(), by.clone(), place.clone());
                        found.push(TakenElsewhere { path, id, by, place, certain: false, landed });
                    }
                }
            }
        }
        found.sort_by(|a, b| (&a.path, !a.certain, &a.place).cmp(&(&b.path, !b.certain, &b.place)));
        Ok(found)
    }
}

pub(super) fn own(id: LibraryOid) -> Result<Oid, Error> {
    Oid::from_bytes(id.as_bytes())
        .ok_or_else(|| Error::new("an object has a name of a length that git does not use"))
}

/// Returns the branches that end in other trees than `head`, those first that everybody's work ends up in. Each tree once.
pub(super) fn branches(
    repository: &Repository,
    head: &Commit<'_>,
    base: Option<(&str, Oid)>,
) -> Result<Vec<Branch>, git2::Error> {
    let mains = main_names(repository)?;
    let mut branches = Vec::new();
    for reference in repository.references()?.flatten() {
        let Ok(name) = reference.name() else { continue };
        let is_branch = reference.is_branch() || reference.is_remote();
        if !is_branch || reference.symbolic_target().is_ok_and(|target| target.is_some()) {
            continue;
        }
        // A branch whose commits are not here cannot be looked at.
        let Ok(commit) = reference.peel_to_commit() else { continue };
        if commit.tree_id() != head.tree_id() {
            let short = reference.shorthand().unwrap_or(name).to_owned();
            let bare = if reference.is_remote() {
                short.split_once('/').map_or("", |(_, name)| name)
            } else {
                &short
            };
            let main = mains.contains(bare);
            branches.push(Branch { name: short, tip: commit.id(), tree: commit.tree_id(), main });
        }
    }
    let mut seen = HashSet::new();
    branches.sort_by(|a, b| (!a.main, &a.name).cmp(&(!b.main, &b.name)));
    if let Some((name, tip)) = base {
        let commit = repository.find_commit(LibraryOid::from_bytes(tip.as_bytes())?)?;
        let (name, tip, tree) = (name.to_owned(), commit.id(), commit.tree_id());
        branches.insert(0, Branch { name, tip, tree, main: true });
    }
    branches.retain(|branch| seen.insert(branch.tree));
    Ok(branches)
}

/// Returns what the branches are called that everybody's work ends up in: those that remotes call their HEAD; where none says so
/// the usual names.
pub(super) fn main_names(repository: &Repository) -> Result<HashSet<String>, git2::Error> {
    let mut mains = HashSet::new();
    for reference in repository.references_glob("refs/remotes/*/HEAD")?.flatten() {
        if let Ok(Some(target)) = reference.symbolic_target() {
            let bare = target.strip_prefix("refs/remotes/").and_then(|target| target.split_once('/'));
            mains.extend(bare.map(|(_, name)| name.to_owned()));
        }
    }
    if mains.is_empty() {
        mains.extend(["main", "master", "trunk"].map(str::to_owned));
    }
    Ok(mains)
}
