//! The decision record of a revision: one pass over the first-parent line for all records, whichever way the repository
//! is read. What the commits and old texts mean is for `history` to say.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::HashSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use super::Git;
use super::Program;
use super::cache::Cache;
use super::diff::Compare;
use super::names::Names;
use super::objects::ObjectKind;
use super::objects::Objects;
use super::versions::Versions;
use crate::config::Config;
use crate::error::Error;
use crate::history::Change;
use crate::history::Commit;
use crate::history::Facts;
use crate::history::File;
use crate::history::Fingerprint;
use crate::history::Follower;
use crate::history::History;
use crate::history::Oid;
use crate::history::Reader;
use crate::history::Shared;
use crate::history::Version;
use crate::history::Watch;
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

/// The first-parent line of a commit, as far as it is not that of another one.
#[derive(Default)]
struct Line {
    /// Its commits, newest first.
    steps: Vec<Step>,
    /// The commits only the other line has.
    gone: HashSet<Oid>,
    /// The newest commit that both lines have, with its tree.
    base: Option<(Oid, Oid)>,
}

impl Source<'_> {
    /// Reads what the history of `revision` says about the documents that the kinds of `config` claim. `prefix` is where
    /// the records' tree begins below the repository's top, with `/` at its end.
    ///
    /// What takes more reading, and whose names the commits bear, is there after [`Source::detail`] only.
    ///
    /// # Errors
    /// Where the history is not there, or cannot be read.
    pub fn history(&self, config: &Config, prefix: &str, revision: &str) -> Result<History, NoHistory> {
        let Some(head) = self.resolve_deep(revision)? else { return Ok(nothing()) };
        let cache = self.cache(config, prefix);
        let kept = cache.as_ref().and_then(Cache::load).unwrap_or_default();
        if kept.head == Some(head) {
            return Ok(kept);
        }
        let mut objects = self.objects()?;
        let history = self.read_on(&mut objects, config, prefix, head, kept)?;
        // What could not be read may be there the next time.
        let is_head = revision == "HEAD" || self.resolve("HEAD")? == Some(head);
        if let Some(cache) = cache.filter(|_| history.is_complete() && is_head) {
            cache.store(&history);
        }
        Ok(history)
    }

    /// Reads the same from the beginning, without what is kept, and keeps nothing.
    ///
    /// # Errors
    /// As [`Source::history`].
    pub fn history_afresh(
        &self,
        config: &Config,
        prefix: &str,
        revision: &str,
    ) -> Result<History, NoHistory> {
        let Some(head) = self.resolve_deep(revision)? else { return Ok(nothing()) };
        self.read_on(&mut self.objects()?, config, prefix, head, History::default())
    }

    /// Returns the commit that `revision` names, where all that came before it is there too.
    fn resolve_deep(&self, revision: &str) -> Result<Option<Oid>, NoHistory> {
        let head = self.resolve(revision)?;
        if head.is_some() && self.is_shallow()? { Err(NoHistory::Shallow) } else { Ok(head) }
    }

    /// Returns the place where the record of HEAD is kept.
    pub(super) fn cache(&self, config: &Config, prefix: &str) -> Option<Cache> {
        self.common_folder().map(|common| Cache::new(&common, config, prefix))
    }

    /// Reads on from what is kept to `head`: from its own end, or from where the two lines part.
    fn read_on(
        &self,
        objects: &mut Objects,
        config: &Config,
        prefix: &str,
        head: Oid,
        kept: History,
    ) -> Result<History, NoHistory> {
        let watches: Vec<Watch> = config.kinds.all().iter().map(Watch::of).collect();
        let mut line = line(objects, head, kept.head)?;
        let mut base = line.base.map(|(_, tree)| tree);
        let known = match base {
            None => None,
            Some(_) if line.gone.is_empty() => Some(kept),
            Some(tree) => self.roll_back(objects, config, prefix, &watches, (tree, &line.gone), kept)?,
        };
        if known.is_none() && base.is_some() {
            line = self::line(objects, head, None)?;
            base = None;
        }
        let mut history = known.unwrap_or_default();
        if base.is_none() {
            history.followed.complete = true;
            history.root = line.steps.last().map(|step| step.commit);
        }
        let steps = changes(objects, config, prefix, &line.steps, base)?;
        let versions = Versions::read(self, objects, config, &watches, &steps)?;
        let objects = RefCell::new(objects);
        let mut follower = Follower::new(&config.kinds, &watches, std::mem::take(&mut history.followed));
        follower.expect(steps.len());
        let facts = |version| versions.facts(version);
        let rewritten =
            |kind, old, new| versions.rewritten(&mut objects.borrow_mut(), config, kind, old, new);
        let reader = Reader { facts: &facts, rewritten: &rewritten };
        for (at, changes) in &steps {
            let from = pair(&mut objects.borrow_mut(), changes);
            follower.take(*at, changes, &from, reader);
        }
        let (followed, mut events) = follower.finish();
        history.followed = followed;
        // What was needed to follow documents is not needed any more, and there may be much of it.
        let count = steps.len();
        drop((versions, steps));
        history.commits.reserve_exact(count);
        let mut commits = Commits::new(&mut history.commits);
        for event in &mut events {
            let id = line.steps[line.steps.len() - 1 - event.commit].commit;
            event.commit = commits.place(&mut objects.borrow_mut(), id)?;
        }
        if history.events.is_empty() {
            history.events = events;
        } else {
            history.events.append(&mut events);
        }
        history.head = Some(head);
        Ok(history)
    }

    /// Takes back what happened in the commits `gone`; `tree` is that of the last commit that stays.
    fn roll_back(
        &self,
        objects: &mut Objects,
        config: &Config,
        prefix: &str,
        watches: &[Watch],
        (tree, gone): (Oid, &HashSet<Oid>),
        kept: History,
    ) -> Result<Option<History>, NoHistory> {
        let there = Compare::new(objects, &config.kinds, prefix).changes(None, tree)?;
        // Most documents are as they were.
        let known = kept.followed.documents.iter().zip(&kept.followed.last);
        let known = known.filter_map(|(document, last)| {
            let last = last.as_ref()?;
            Some(((last.content, document.kind), Arc::clone(&last.facts)))
        });
        let known: HashMap<Version, Arc<Facts>> = known.collect();
        let is_new =
            |change: &&Change| change.new.is_some_and(|new| !known.contains_key(&(new, change.kind)));
        let steps = [(0, there.iter().filter(is_new).cloned().collect())];
        let versions = Versions::read(self, objects, config, watches, &steps)?;
        let facts = |version| known.get(&version).cloned().or_else(|| versions.facts(version));
        Ok(kept.roll_back(gone, &there, &facts, watches, &config.kinds))
    }

    /// Returns the git directory that all worktrees share.
    #[must_use]
    pub fn common_folder(&self) -> Option<PathBuf> {
        match self {
            Self::Library(git) => Some(git.common_folder()),
            Self::Program(program) => program.common_folder(),
        }
    }

    /// Returns the name of the branch that HEAD is on; `None` where it is on none.
    #[must_use]
    pub fn on_branch(&self) -> Option<String> {
        let name = match self {
            Self::Library(git) => {
                let head = git.repository.find_reference("HEAD").ok()?;
                head.symbolic_target().ok().flatten()?.to_owned()
            }
            Self::Program(program) => program.ask(&["symbolic-ref", "--quiet", "HEAD"]).ok().flatten()?,
        };
        name.trim().strip_prefix("refs/heads/").map(str::to_owned)
    }

    /// Returns the commit that `revision` names; `None` where it is HEAD and nothing has been committed.
    ///
    /// # Errors
    /// Where there is no such revision, or git cannot say.
    pub fn resolve(&self, revision: &str) -> Result<Option<Oid>, NoHistory> {
        let unknown = || NoHistory::NoRevision(revision.to_owned());
        match self {
            Self::Library(git) => {
                let found = git.repository.revparse_single(revision);
                match found.and_then(|object| object.peel_to_commit()) {
                    Ok(commit) => Ok(Oid::from_bytes(commit.id().as_bytes())),
                    Err(_) if revision == "HEAD" && git.is_unborn() => Ok(None),
                    Err(_) => Err(unknown()),
                }
            }
            Self::Program(program) => {
                let ask =
                    |name: &str| program.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", name]);
                match ask(revision)? {
                    Some(object) => {
                        let commit = ask(&format!("{object}^{{commit}}"))?.ok_or_else(unknown)?;
                        Oid::from_hex(&commit).map(Some).ok_or_else(unknown)
                    }
                    None if revision == "HEAD" && program.is_unborn()? => Ok(None),
                    None => Err(unknown()),
                }
            }
        }
    }

    /// Reads the commit `id`.
    ///
    /// # Errors
    /// Where it is not there, or is no commit.
    pub fn commit(&self, id: Oid) -> Result<Commit, NoHistory> {
        let mut bytes = Vec::new();
        self.objects()?.need(&id, ObjectKind::Commit, &mut bytes)?;
        Ok(Commit::read(id, &bytes).ok_or_else(|| broken(id))?)
    }

    /// Returns the commits of the first-parent line of `head` that cannot be reached from `commit`.
    ///
    /// # Errors
    /// Where they cannot be listed.
    pub fn beyond(&self, head: Oid, commit: Oid) -> Result<HashSet<Oid>, NoHistory> {
        match self {
            Self::Library(git) => {
                let walk = || -> Result<HashSet<Oid>, git2::Error> {
                    let mut walk = git.repository.revwalk()?;
                    walk.push(git2::Oid::from_bytes(head.as_bytes())?)?;
                    walk.hide(git2::Oid::from_bytes(commit.as_bytes())?)?;
                    walk.simplify_first_parent()?;
                    walk.map(|id| Ok(Oid::from_bytes(id?.as_bytes()))).filter_map(Result::transpose).collect()
                };
                walk().map_err(|error| super::failed("list commits", &error).into())
            }
            Self::Program(program) => {
                let without = format!("^{commit}");
                let words = ["rev-list", "--first-parent", &head.to_string(), &without];
                let text = program.ask(&words)?.unwrap_or_default();
                Ok(text.lines().filter_map(Oid::from_hex).collect())
            }
        }
    }

    /// Returns the commits of the first-parent line of `head` that come after `commit`; `None` where that is not on it.
    ///
    /// # Errors
    /// Where the line cannot be read.
    pub fn after(&self, head: Oid, commit: Oid) -> Result<Option<HashSet<Oid>>, NoHistory> {
        let line = line(&mut self.objects()?, head, Some(commit))?;
        let on_it = line.base.is_some_and(|(base, _)| base == commit);
        Ok(on_it.then(|| line.steps.iter().map(|step| step.commit).collect()))
    }

    /// Returns the newest commit on the first-parent line of `head` that `holds`, which is given when it was committed:
    /// seconds since 1970 and minutes east of UTC. `None` where there is none.
    ///
    /// # Errors
    /// Where the line cannot be read.
    pub fn newest(&self, head: Oid, holds: &dyn Fn(i64, i32) -> bool) -> Result<Option<Commit>, NoHistory> {
        if self.is_shallow()? {
            return Err(NoHistory::Shallow);
        }
        let mut objects = self.objects()?;
        let mut bytes = Vec::new();
        let mut next = Some(head);
        while let Some(id) = next {
            objects.need(&id, ObjectKind::Commit, &mut bytes)?;
            let commit = Commit::read(id, &bytes).ok_or_else(|| broken(id))?;
            if holds(commit.committer.seconds, commit.committer.offset) {
                return Ok(Some(commit));
            }
            next = commit.parents.first().copied();
        }
        Ok(None)
    }

    /// Returns the names people go by, as the repository's `.mailmap` has them: the file at its top, or in a bare one the
    /// one at HEAD, as git has it.
    pub(super) fn names(&self) -> Names {
        let top = match self {
            Self::Library(git) => git.repository.workdir().map(Path::to_owned),
            Self::Program(program) => program.working_tree(),
        };
        let text = match top {
            Some(top) => {
                let file = top.join(".mailmap");
                let plain = file.symlink_metadata().is_ok_and(|found| found.is_file());
                plain.then(|| std::fs::read(file).ok()).flatten()
            }
            None => {
                let head = self.resolve("HEAD").ok().flatten();
                let files = head.and_then(|head| self.snapshot(Some(head), "", &[]).ok());
                files.and_then(|files| files.read(".mailmap").ok())
            }
        };
        Names::read(text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).as_deref())
    }

    /// Says whether only the newest commits are here.
    ///
    /// # Errors
    /// Where git cannot say.
    pub fn is_shallow(&self) -> Result<bool, Error> {
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
}

/// Commits in which something happened, which alone are kept.
struct Commits<'a> {
    list: &'a mut Vec<Commit>,
    last: Option<Oid>,
    /// What people are called and where they are written to: few, who sign much.
    people: HashSet<Shared>,
    bytes: Vec<u8>,
}

impl<'a> Commits<'a> {
    fn new(list: &'a mut Vec<Commit>) -> Self {
        Self { list, last: None, people: HashSet::new(), bytes: Vec::new() }
    }

    /// Returns the place of a commit, which is the last one or comes after it.
    fn place(&mut self, objects: &mut Objects, id: Oid) -> Result<usize, Error> {
        if self.last != Some(id) {
            objects.need(&id, ObjectKind::Commit, &mut self.bytes)?;
            let mut commit = Commit::read(id, &self.bytes).ok_or_else(|| broken(id))?;
            let Commit { author, committer, .. } = &mut commit;
            for text in [&mut author.name, &mut author.email, &mut committer.name, &mut committer.email] {
                if let Some(known) = self.people.get(&**text) {
                    *text = known.clone();
                } else {
                    self.people.insert(text.clone());
                }
            }
            self.list.push(commit);
            self.last = Some(id);
        }
        Ok(self.list.len() - 1)
    }
}

/// How many steps our line is walked for one of the other: most often that is where ours began some commits ago.
const OURS_AT_ONCE: usize = 8;

/// Returns the first-parent line of `head` down to where that of `other` meets it. Both are walked in turn, so that it takes
/// no longer than they are apart.
fn line(objects: &mut Objects, head: Oid, other: Option<Oid>) -> Result<Line, Error> {
    let mut steps: Vec<Step> = Vec::new();
    let mut bytes = Vec::new();
    let mut read = |commit: Oid| {
        objects.need(&commit, ObjectKind::Commit, &mut bytes)?;
        Commit::tree_and_parent(&bytes).ok_or_else(|| broken(commit))
    };
    let mut theirs: Vec<Oid> = Vec::new();
    // Where each commit stands on its line.
    let (mut our_places, mut their_places) = (HashMap::new(), HashMap::new());
    let (mut next, mut their_next) = (Some(head), other);
    while next.is_some() || their_next.is_some() {
        for _ in 0..OURS_AT_ONCE {
            let Some(commit) = next else { break };
            let (tree, parent) = read(commit)?;
            let met = their_places.get(&commit).copied();
            if let Some(at) = met.or_else(|| (their_next == Some(commit)).then_some(theirs.len())) {
                theirs.truncate(at);
                return Ok(Line { steps, gone: theirs.into_iter().collect(), base: Some((commit, tree)) });
            }
            if other.is_some() {
                our_places.insert(commit, steps.len());
            }
            steps.push(Step { commit, tree });
            next = parent;
        }
        if let Some(commit) = their_next {
            if let Some(at) = our_places.get(&commit) {
                let base = Some((commit, steps[*at].tree));
                steps.truncate(*at);
                return Ok(Line { steps, gone: theirs.into_iter().collect(), base });
            }
            their_places.insert(commit, theirs.len());
            theirs.push(commit);
            // A commit that has been collected since is no reason not to read ours.
            their_next = read(commit).ok().and_then(|(_, parent)| parent);
        }
    }
    Ok(Line { steps, ..Line::default() })
}

/// Returns the history of a repository without commits.
fn nothing() -> History {
    let mut nothing = History::default();
    nothing.followed.complete = true;
    nothing
}

pub(super) fn broken(commit: Oid) -> Error {
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
        let mut changes = compare.changes(parent, step.tree)?;
        if !changes.is_empty() {
            changes.shrink_to_fit();
            steps.push((line.len() - 1 - at, changes));
        }
    }
    steps.reverse();
    Ok(steps)
}

/// Says for each change which deletion it was before.
pub(super) fn pair(objects: &mut Objects, changes: &[Change]) -> Vec<Option<usize>> {
    let file = |at: usize, id: Option<Oid>| Some((at, File { path: changes[at].path.to_string(), id: id? }));
    let gone = (0..changes.len()).filter(|at| changes[*at].new.is_none() && !changes[*at].retyped);
    let gone: (Vec<usize>, Vec<File<Oid>>) = gone.filter_map(|at| file(at, changes[at].old)).unzip();
    let appeared = (0..changes.len()).filter(|at| changes[*at].old.is_none() && !changes[*at].retyped);
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
