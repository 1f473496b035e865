//! The decision record of a revision: one pass over the first-parent line for all records, whichever way the repository
//! is read. What the commits and old texts mean is for `history` to say.

use std::collections::HashMap;
use std::collections::HashSet;
use std::path::Path;
use std::path::PathBuf;
use std::rc::Rc;

use rayon::iter::IntoParallelRefIterator;
use rayon::iter::ParallelIterator;

use super::Git;
use super::Program;
use super::cache::Cache;
use super::cache::Saved;
use super::diff::Compare;
use super::names::Names;
use super::objects::ObjectKind;
use super::objects::Objects;
use crate::config::Config;
use crate::error::Error;
use crate::history::Change;
use crate::history::Commit;
use crate::history::Event;
use crate::history::Facts;
use crate::history::File;
use crate::history::Fingerprint;
use crate::history::Follower;
use crate::history::History;
use crate::history::Oid;
use crate::history::ReadVersion;
use crate::history::Version;
use crate::history::Watch;
use crate::history::front_matter;
use crate::history::is_undecodable;
use crate::history::read_facts;
use crate::history::renames;

/// Why there is no record of a revision.
#[derive(Debug)]
pub enum NoHistory {
    /// The repository holds only the newest commits.
    Shallow,
    /// There is no such revision.
    NoRevision(String),
    /// Something could not be read.
    Failed(Error),
}

impl From<Error> for NoHistory {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// A repository that can be read.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// Through libgit2.
    Library(&'a Git),
    /// Through the git program.
    Program(&'a Program),
}

/// A commit of the line, with where its tree is.
struct Step {
    commit: Oid,
    tree: Oid,
}

impl Source<'_> {
    /// Reads what the history of `revision` says about the documents that the kinds of `config` claim. `prefix` is where
    /// the records' tree begins below the repository's top, with `/` at its end; `inner` says whether to look, for what a
    /// merge did to a state, which commits of its branch did it.
    ///
    /// # Errors
    /// Where the history is not there, or cannot be read.
    pub fn history(
        &self,
        config: &Config,
        prefix: &str,
        revision: &str,
        inner: bool,
    ) -> Result<History, NoHistory> {
        let Some(head) = self.resolve(revision)? else {
            return Ok(History { complete: true, ..History::default() });
        };
        if self.is_shallow()? {
            return Err(NoHistory::Shallow);
        }
        let mut objects = self.objects()?;
        let cache = self.common_folder().map(|common| Cache::new(&common, config, prefix));
        let kept = cache.as_ref().and_then(Cache::load).unwrap_or_default();
        let (mut saved, mut fresh) = self.read_on(&mut objects, config, prefix, head, kept)?;
        if inner {
            let Saved { events, commits, .. } = &mut saved;
            let merges = events.iter_mut().filter(|event| {
                let merge = commits[event.commit].parents.len() > 1;
                merge && event.inner.is_none() && event.is_of_state() && event.new.is_some()
            });
            for event in merges {
                event.inner =
                    Some(self.inner(&mut objects, config, prefix, &commits[event.commit], event)?);
                fresh = true;
            }
        }
        // What could not be read may be there the next time.
        if let Some(cache) = cache.filter(|_| fresh && saved.followed.complete && revision == "HEAD") {
            cache.store(&saved);
        }
        let names = self.names();
        for commit in &mut saved.commits {
            names.apply(&mut commit.author);
            names.apply(&mut commit.committer);
        }
        Ok(History {
            head: saved.head,
            complete: saved.followed.complete,
            documents: saved.followed.documents,
            events: saved.events,
            commits: saved.commits,
        })
    }

    /// Reads on from what is kept to `head`, or everything where that is not on its line. Says whether anything was read.
    fn read_on(
        &self,
        objects: &mut Objects,
        config: &Config,
        prefix: &str,
        head: Oid,
        kept: Saved,
    ) -> Result<(Saved, bool), NoHistory> {
        if kept.head == Some(head) {
            return Ok((kept, false));
        }
        let (line, met) = line(objects, head, kept.head)?;
        let mut saved = if met { kept } else { Saved::default() };
        let before = saved.head.filter(|_| met);
        let base = match before {
            Some(commit) => {
                let mut bytes = Vec::new();
                objects.need(&commit, ObjectKind::Commit, &mut bytes)?;
                Some(Commit::tree_and_parent(&bytes).ok_or_else(|| broken(commit))?.0)
            }
            None => {
                saved.followed.complete = true;
                None
            }
        };
        let steps = changes(objects, config, prefix, &line, base)?;
        let watches: Vec<Watch> = config.kinds.all().iter().map(Watch::of).collect();
        let versions = self.versions(objects, config, &watches, &steps)?;
        let mut follower = Follower::resume(&config.kinds, &watches, &saved.followed);
        let read = |version: Version| -> ReadVersion { versions.get(&version).cloned().flatten() };
        for (at, changes) in &steps {
            let from = pair(objects, changes);
            follower.take(*at, changes, &from, &read);
        }
        let (followed, events) = follower.finish();
        saved.followed = followed;
        // Only commits in which something happened are kept.
        let mut kept: HashMap<usize, usize> = HashMap::new();
        let mut bytes = Vec::new();
        for mut event in events {
            let index = match kept.get(&event.commit) {
                Some(index) => *index,
                None => {
                    let id = line[line.len() - 1 - event.commit].commit;
                    objects.need(&id, ObjectKind::Commit, &mut bytes)?;
                    saved.commits.push(Commit::read(id, &bytes).ok_or_else(|| broken(id))?);
                    kept.insert(event.commit, saved.commits.len() - 1);
                    saved.commits.len() - 1
                }
            };
            event.commit = index;
            saved.events.push(event);
        }
        saved.head = Some(head);
        Ok((saved, true))
    }

    /// Returns the git directory that all worktrees share.
    #[must_use]
    pub fn common_folder(&self) -> Option<PathBuf> {
        match self {
            Self::Library(git) => Some(git.common_folder()),
            Self::Program(program) => program.common_folder(),
        }
    }

    /// Returns the commit that `revision` names; `None` where it is HEAD and nothing has been committed.
    ///
    /// # Errors
    /// Where there is no such revision, or git cannot say.
    pub fn resolve(&self, revision: &str) -> Result<Option<Oid>, NoHistory> {
        let unknown = || NoHistory::NoRevision(revision.to_owned());
        match self {
            Self::Library(git) => {
                let found = git.repository.revparse_single(&format!("{revision}^{{commit}}"));
                match found {
                    Ok(object) => Ok(Oid::from_bytes(object.id().as_bytes())),
                    Err(_) if revision == "HEAD" && git.is_unborn() => Ok(None),
                    Err(_) => Err(unknown()),
                }
            }
            Self::Program(program) => {
                let name = format!("{revision}^{{commit}}");
                match program.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name])? {
                    Some(text) => Oid::from_hex(&text).map(Some).ok_or_else(unknown),
                    None if revision == "HEAD" && program.is_unborn()? => Ok(None),
                    None => Err(unknown()),
                }
            }
        }
    }

    /// Returns the commits without further parents that `merge` brought and whose own change gave the document of `event`
    /// the value it has since, newest first.
    fn inner(
        &self,
        objects: &mut Objects,
        config: &Config,
        prefix: &str,
        merge: &Commit,
        event: &Event,
    ) -> Result<Vec<Oid>, Error> {
        let watch = Watch::of(config.kinds.at(event.kind));
        let mut found = Vec::new();
        let mut bytes = Vec::new();
        for id in self.brought(merge)? {
            objects.need(&id, ObjectKind::Commit, &mut bytes)?;
            let commit = Commit::read(id, &bytes).ok_or_else(|| broken(id))?;
            let parent = match commit.parents.first() {
                Some(parent) => {
                    objects.need(parent, ObjectKind::Commit, &mut bytes)?;
                    Some(Commit::tree_and_parent(&bytes).ok_or_else(|| broken(*parent))?.0)
                }
                None => None,
            };
            let changes = Compare::new(objects, &config.kinds, prefix).changes(parent, commit.tree)?;
            let from = pair(objects, &changes);
            let names = |path: &str| path == event.path || event.from_path.as_deref() == Some(path);
            for (at, change) in changes.iter().enumerate() {
                let before = from[at].map(|source| &changes[source]);
                let of_document = names(&change.path) || before.is_some_and(|before| names(&before.path));
                let Some(new) = change.new.filter(|_| of_document) else { continue };
                let old = change.old.or_else(|| before.and_then(|before| before.old));
                let mut reader = Versions { config, watches: &[], last: None, bytes: Vec::new() };
                let mut value = |id: Option<Oid>| -> Result<Option<String>, Error> {
                    let Some(id) = id else { return Ok(None) };
                    let facts = reader.read_with(objects, id, event.kind, &watch.all)?;
                    Ok(facts.and_then(|facts| facts.value(watch.state).map(str::to_owned)))
                };
                let (old, new) = (value(old)?, value(Some(new))?);
                if new == event.new && old != new {
                    found.push(id);
                    break;
                }
            }
        }
        Ok(found)
    }

    /// Returns the commits with one parent that are reachable from `merge` and not from its first parent, newest first.
    fn brought(&self, merge: &Commit) -> Result<Vec<Oid>, Error> {
        let Some(first) = merge.parents.first() else { return Ok(Vec::new()) };
        match self {
            Self::Library(git) => {
                let walk = || -> Result<Vec<Oid>, git2::Error> {
                    let mut walk = git.repository.revwalk()?;
                    walk.set_sorting(git2::Sort::TOPOLOGICAL)?;
                    walk.push(git2::Oid::from_bytes(merge.id.as_bytes())?)?;
                    walk.hide(git2::Oid::from_bytes(first.as_bytes())?)?;
                    let mut found = Vec::new();
                    for id in walk {
                        let id = id?;
                        if git.repository.find_commit(id)?.parent_count() <= 1 {
                            found.extend(Oid::from_bytes(id.as_bytes()));
                        }
                    }
                    Ok(found)
                };
                walk().map_err(|error| super::failed("walk the branch of a merge", &error))
            }
            Self::Program(program) => {
                let without = format!("^{first}");
                let words = ["rev-list", "--topo-order", "--no-merges", &merge.id.to_string(), &without];
                let text = program.ask(&words)?.unwrap_or_default();
                Ok(text.lines().filter_map(Oid::from_hex).collect())
            }
        }
    }

    /// Returns the names people go by, as the repository's `.mailmap` has them.
    fn names(&self) -> Names {
        let top = match self {
            Self::Library(git) => git.repository.workdir().map(Path::to_owned),
            Self::Program(program) => Some(program.top().to_owned()),
        };
        let file = top.map(|top| top.join(".mailmap"));
        let plain = file.filter(|file| file.symlink_metadata().is_ok_and(|found| found.is_file()));
        Names::read(plain.and_then(|file| std::fs::read_to_string(file).ok()).as_deref())
    }

    fn is_shallow(&self) -> Result<bool, Error> {
        match self {
            Self::Library(git) => Ok(git.repository.is_shallow()),
            Self::Program(program) => {
                Ok(program.ask(&["rev-parse", "--is-shallow-repository"])?.as_deref() == Some("true"))
            }
        }
    }

    pub(super) fn objects(&self) -> Result<Objects, Error> {
        match self {
            Self::Library(git) => Objects::library(&git.git_folder()),
            Self::Program(program) => Ok(Objects::Program(program.batch()?)),
        }
    }

    /// Reads every version that is needed, each once; several threads where the library reads.
    fn versions(
        &self,
        objects: &mut Objects,
        config: &Config,
        watches: &[Watch],
        steps: &[(usize, Vec<Change>)],
    ) -> Result<HashMap<Version, ReadVersion>, Error> {
        let mut seen = HashSet::new();
        let mut wanted: Vec<(&str, Version)> = Vec::new();
        for change in steps.iter().rev().flat_map(|(_, changes)| changes) {
            if let Some(new) = change.new.filter(|new| seen.insert((*new, change.kind))) {
                wanted.push((&change.path, (new, change.kind)));
            }
        }
        // Versions of one document follow each other, newest first: git keeps the older as differences from the newer, and
        // most have the same front matter.
        wanted.sort_by(|a, b| a.0.cmp(b.0));
        let read = |objects: &mut Objects, part: &[(&str, Version)]| {
            let mut reader = Versions { config, watches, last: None, bytes: Vec::new() };
            part.iter().map(|(_, version)| Ok((*version, reader.read(objects, *version)?))).collect()
        };
        type Parsed = Result<Vec<(Version, Option<Facts>)>, Error>;
        let parsed: Vec<Parsed> = match self {
            Self::Library(git) if wanted.len() > 256 => {
                let folder: PathBuf = git.git_folder();
                let parts: Vec<_> = wanted.chunks(wanted.len().div_ceil(8)).collect();
                parts.par_iter().map(|part| read(&mut Objects::library(&folder)?, part)).collect()
            }
            _ => vec![read(objects, &wanted)],
        };
        let mut versions = HashMap::new();
        for part in parsed {
            versions.extend(part?.into_iter().map(|(version, facts)| (version, facts.map(Rc::new))));
        }
        Ok(versions)
    }
}

/// Reads versions one after the other.
struct Versions<'a> {
    config: &'a Config,
    watches: &'a [Watch],
    /// The front matter read last, with what it said.
    last: Option<(usize, Vec<u8>, Facts)>,
    bytes: Vec<u8>,
}

impl Versions<'_> {
    /// Returns what a version says; `None` where it cannot be read.
    fn read(&mut self, objects: &mut Objects, (id, kind): Version) -> Result<Option<Facts>, Error> {
        if objects.read(&id, &mut self.bytes)? != Some(ObjectKind::Blob) || is_undecodable(&self.bytes) {
            return Ok(None);
        }
        let watched = &self.watches[kind].all;
        let block = front_matter(&self.bytes);
        if let (Some((of, before, facts)), Some(block)) = (&self.last, block)
            && *of == kind
            && before == block
        {
            return Ok(Some(facts.clone()));
        }
        let facts = read_facts(self.config.kinds.at(kind), watched, block);
        self.last = block.map(|block| (kind, block.to_vec(), facts.clone()));
        Ok(Some(facts))
    }
}

impl Versions<'_> {
    /// Returns the `watched` fields of a version; `None` where it cannot be read.
    fn read_with(
        &mut self,
        objects: &mut Objects,
        id: Oid,
        kind: usize,
        watched: &[usize],
    ) -> Result<Option<Facts>, Error> {
        if objects.read(&id, &mut self.bytes)? != Some(ObjectKind::Blob) || is_undecodable(&self.bytes) {
            return Ok(None);
        }
        Ok(Some(read_facts(self.config.kinds.at(kind), watched, front_matter(&self.bytes))))
    }
}

/// Returns the first-parent line of `head`, newest first, down to `known`, which is left out, or to its beginning; and
/// whether `known` was met.
fn line(objects: &mut Objects, head: Oid, known: Option<Oid>) -> Result<(Vec<Step>, bool), Error> {
    let mut line = Vec::new();
    let mut bytes = Vec::new();
    let mut next = Some(head);
    while let Some(commit) = next {
        if known == Some(commit) {
            return Ok((line, true));
        }
        objects.need(&commit, ObjectKind::Commit, &mut bytes)?;
        let (tree, parent) = Commit::tree_and_parent(&bytes).ok_or_else(|| broken(commit))?;
        line.push(Step { commit, tree });
        next = parent;
    }
    Ok((line, false))
}

fn broken(commit: Oid) -> Error {
    Error::new(format!("the commit {commit} is broken")).help("look with git fsck")
}

/// Returns what each commit of `line` changed, oldest first, with its place counted from the oldest; commits that changed
/// no document are left out. `base` is the tree before the oldest.
fn changes(
    objects: &mut Objects,
    config: &Config,
    prefix: &str,
    line: &[Step],
    base: Option<Oid>,
) -> Result<Vec<(usize, Vec<Change>)>, Error> {
    let mut compare = Compare::new(objects, &config.kinds, prefix);
    let mut steps = Vec::new();
    // Newest first: that is how packs are laid out.
    for (at, step) in line.iter().enumerate() {
        let parent = line.get(at + 1).map_or(base, |parent| Some(parent.tree));
        let changes = compare.changes(parent, step.tree)?;
        if !changes.is_empty() {
            steps.push((line.len() - 1 - at, changes));
        }
    }
    steps.reverse();
    Ok(steps)
}

/// Says for each change which deletion it was before.
fn pair(objects: &mut Objects, changes: &[Change]) -> Vec<Option<usize>> {
    let file = |at: usize, id: Option<Oid>| Some((at, File { path: changes[at].path.clone(), id: id? }));
    let gone = (0..changes.len()).filter(|at| changes[*at].new.is_none());
    let gone: (Vec<usize>, Vec<File<Oid>>) = gone.filter_map(|at| file(at, changes[at].old)).unzip();
    let appeared = (0..changes.len()).filter(|at| changes[*at].old.is_none());
    let appeared: (Vec<usize>, Vec<File<Oid>>) = appeared.filter_map(|at| file(at, changes[at].new)).unzip();
    let mut from = vec![None; changes.len()];
    let mut bytes = Vec::new();
    let fingerprint = |id: Oid| match objects.read(&id, &mut bytes) {
        Ok(Some(_)) => Some(Fingerprint::of(&bytes)),
        _ => None,
    };
    for (at, source) in renames(&gone.1, &appeared.1, fingerprint).into_iter().enumerate() {
        from[appeared.0[at]] = source.map(|source| gone.0[source]);
    }
    from
}
