//! What is found out about an event only for who asks: who wrote on a branch what its merge brought, what of a text was
//! changed, and the names people go by now.

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::collections::HashSet;

use super::NoHistory;
use super::Source;
use super::diff::Compare;
use super::objects::ObjectKind;
use super::objects::Objects;
use super::record::broken;
use super::record::pair;
use crate::compare::rewording;
use crate::config::Config;
use crate::error::Error;
use crate::history::Change;
use crate::history::Commit;
use crate::history::Event;
use crate::history::History;
use crate::history::Oid;
use crate::history::Shared;
use crate::history::Signature;
use crate::history::Watch;
use crate::history::What;
use crate::history::Wrote;
use crate::history::body;
use crate::history::front_matter;
use crate::history::is_garbled;
use crate::history::is_undecodable;
use crate::history::read_facts;

/// What lies between a tree and another one.
struct Compared {
    changes: Vec<Change>,
    from: Vec<Option<usize>>,
    /// The changes that are sources of others: their documents go on under another name.
    moved: HashSet<usize>,
    by_path: HashMap<Shared, usize>,
}

/// A commit that a merge brought, with what it changed.
struct Brought {
    id: Oid,
    author: Signature,
    tree: Oid,
    /// Its own parents but for the first.
    others: Vec<Oid>,
    own: Compared,
    /// What differs from those parents; empty until somebody asks.
    against: Vec<Compared>,
}

/// The commits that a merge brought, newest first, and which of them change each path.
struct Branch {
    commits: Vec<Brought>,
    by_path: HashMap<Shared, Vec<usize>>,
}

/// How records are found among the files of a tree.
#[derive(Clone, Copy)]
struct Kept<'a> {
    config: &'a Config,
    prefix: &'a str,
}

impl Source<'_> {
    /// Finds out the rest about the events of `history` at the indices `wanted`. `config` and `prefix` as for
    /// [`Source::history`]. To be asked before [`Source::name`].
    ///
    /// # Errors
    /// Where something that is needed cannot be read.
    pub fn detail(
        &self,
        config: &Config,
        prefix: &str,
        history: &mut History,
        wanted: &[usize],
    ) -> Result<(), NoHistory> {
        if wanted.is_empty() {
            return Ok(());
        }
        let kept = Kept { config, prefix };
        let mut objects = None;
        let renames = renames(history);
        // Events of one merge stand together; its branch is read once for all of them.
        let mut last: Option<(Oid, Option<Branch>)> = None;
        for at in wanted {
            let event = &history.events[*at];
            let commit = &history.commits[event.commit];
            let merge = commit.parents.len() > 1 && event.is_of_state() && event.what != What::Unreadable;
            let known = event.detail.as_deref();
            let inner = merge && known.is_none_or(|known| known.inner.is_none());
            let texts = known.filter(|known| event.what == What::Rewritten && known.rewording.is_none());
            let texts = texts.and_then(|known| known.texts);
            if !inner && texts.is_none() {
                continue;
            }
            let objects = match &mut objects {
                Some(objects) => objects,
                None => objects.insert(self.objects()?),
            };
            if inner {
                let branch = match &mut last {
                    Some((merge, branch)) if *merge == commit.id => branch,
                    last => &mut last.insert((commit.id, self.branch(objects, kept, commit))).1,
                };
                let (inner, complete) = match branch {
                    Some(branch) => {
                        let names = self.names_on_branch(history, *at, &renames)?;
                        branch.wrote(objects, kept, event, names)?
                    }
                    None => (Vec::new(), false),
                };
                history.followed.complete &= complete;
                history.events[*at].detail.get_or_insert_default().inner = Some(inner);
            } else if let Some((old, new)) = texts {
                let mut text = |id: Oid| -> Result<String, Error> {
                    let mut bytes = Vec::new();
                    objects.need(&id, ObjectKind::Blob, &mut bytes)?;
                    Ok(String::from_utf8_lossy(body(&bytes)).into_owned())
                };
                let (old, new) = (text(old)?, text(new)?);
                let found = rewording(config.kinds.at(event.kind), &config.kinds, &old, &new);
                history.events[*at].detail.get_or_insert_default().rewording = found;
            }
        }
        let known = objects.is_some() && history.is_complete() && self.resolve("HEAD")? == history.head;
        if let Some(cache) = self.cache(config, prefix).filter(|_| known) {
            cache.store(history);
        }
        Ok(())
    }

    /// Gives the commits of the events of `history` at the indices `wanted` the names that `.mailmap` has. To be asked last:
    /// what is kept bears the names that were signed with.
    pub fn name(&self, history: &mut History, wanted: &[usize]) {
        if wanted.is_empty() {
            return;
        }
        let names = self.names();
        let commits: BTreeSet<usize> = wanted.iter().map(|at| history.events[*at].commit).collect();
        for at in commits {
            names.apply(&mut history.commits[at].author);
            names.apply(&mut history.commits[at].committer);
        }
        for at in wanted.iter().collect::<BTreeSet<_>>() {
            let detail = history.events[*at].detail.as_deref_mut();
            for wrote in detail.and_then(|detail| detail.inner.as_mut()).into_iter().flatten() {
                names.apply(&mut wrote.author);
            }
        }
    }

    /// Returns the names by which the branch of a merge may know the document of the event at the index `at`: those the merge
    /// knows it by, and those it had on the line until then, as far as the branch has not taken over that it was renamed.
    fn names_on_branch(
        &self,
        history: &History,
        at: usize,
        renames: &HashMap<usize, Vec<usize>>,
    ) -> Result<Vec<Shared>, Error> {
        let event = &history.events[at];
        let merge = &history.commits[event.commit];
        let mut names: Vec<Shared> = vec![event.path.clone()];
        names.extend(event.from_path.clone());
        let of_document = renames.get(&event.document).map_or(&[][..], Vec::as_slice);
        for other in
            of_document.iter().rev().filter(|other| **other < at).map(|other| &history.events[*other])
        {
            let Some(from) = &other.from_path else { continue };
            let renamed = history.commits[other.commit].id;
            let mut known = false;
            for tip in merge.parents.get(1..).unwrap_or_default() {
                known |= self.is_ancestor(renamed, *tip)?;
            }
            if known {
                break;
            }
            names.push(from.clone());
        }
        Ok(names)
    }

    /// Says whether `commit` can be reached from `tip`.
    pub(super) fn is_ancestor(&self, commit: Oid, tip: Oid) -> Result<bool, Error> {
        match self {
            Self::Library(git) => {
                let ask = || -> Result<bool, git2::Error> {
                    let (tip, commit) =
                        (git2::Oid::from_bytes(tip.as_bytes())?, git2::Oid::from_bytes(commit.as_bytes())?);
                    Ok(tip == commit || git.repository.graph_descendant_of(tip, commit)?)
                };
                ask().map_err(|error| super::failed("compare two commits", &error))
            }
            Self::Program(program) => {
                let words = ["merge-base", "--is-ancestor", &commit.to_string(), &tip.to_string()];
                Ok(program.ask(&words)?.is_some())
            }
        }
    }

    /// Reads what the commits changed that `merge` brought; `None` where not all of them can be read, as in a clone without
    /// old trees: that is told, and is no reason to tell nothing else.
    fn branch(&self, objects: &mut Objects, kept: Kept<'_>, merge: &Commit) -> Option<Branch> {
        self.read_branch(objects, kept, merge).ok()
    }

    fn read_branch(&self, objects: &mut Objects, kept: Kept<'_>, merge: &Commit) -> Result<Branch, Error> {
        let mut branch = Branch { commits: Vec::new(), by_path: HashMap::new() };
        let mut bytes = Vec::new();
        for id in self.brought(merge)? {
            objects.need(&id, ObjectKind::Commit, &mut bytes)?;
            let (tree, _) = Commit::tree_and_parent(&bytes).ok_or_else(|| broken(id))?;
            let commit = Commit::read(id, &bytes).ok_or_else(|| broken(id))?;
            let own = Compared::with(objects, kept, commit.parents.first().copied(), tree)?;
            if own.changes.is_empty() {
                continue;
            }
            for change in &own.changes {
                branch.by_path.entry(change.path.clone()).or_default().push(branch.commits.len());
            }
            let others = commit.parents.get(1..).unwrap_or_default().to_vec();
            branch.commits.push(Brought {
                id,
                author: commit.author,
                tree,
                others,
                own,
                against: Vec::new(),
            });
        }
        Ok(branch)
    }

    /// Returns the commits that are reachable from `merge` and not from its first parent, newest first.
    fn brought(&self, merge: &Commit) -> Result<Vec<Oid>, Error> {
        let Some(first) = merge.parents.first() else { return Ok(Vec::new()) };
        let mut found = match self {
            Self::Library(git) => {
                let walk = || -> Result<Vec<Oid>, git2::Error> {
                    let mut walk = git.repository.revwalk()?;
                    walk.set_sorting(git2::Sort::TOPOLOGICAL)?;
                    walk.push(git2::Oid::from_bytes(merge.id.as_bytes())?)?;
                    walk.hide(git2::Oid::from_bytes(first.as_bytes())?)?;
                    walk.map(|id| Ok(Oid::from_bytes(id?.as_bytes()))).filter_map(Result::transpose).collect()
                };
                walk().map_err(|error| super::failed("walk the branch of a merge", &error))?
            }
            Self::Program(program) => {
                let without = format!("^{first}");
                let words = ["rev-list", "--topo-order", &merge.id.to_string(), &without];
                let text = program.ask(&words)?.unwrap_or_default();
                text.lines().filter_map(Oid::from_hex).collect()
            }
        };
        found.retain(|id| *id != merge.id);
        Ok(found)
    }
}

/// Returns the indices of the events in which each document was renamed, oldest first.
fn renames(history: &History) -> HashMap<usize, Vec<usize>> {
    let mut renames: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, event) in history.events.iter().enumerate().filter(|(_, event)| event.from_path.is_some()) {
        renames.entry(event.document).or_default().push(at);
    }
    renames
}

impl Compared {
    /// Compares the tree of `parent`, or nothing, with `tree`.
    fn with(objects: &mut Objects, kept: Kept<'_>, parent: Option<Oid>, tree: Oid) -> Result<Self, Error> {
        let before = match parent {
            Some(parent) => Some(tree_of(objects, parent)?),
            None => None,
        };
        let changes = Compare::new(objects, &kept.config.kinds, kept.prefix).changes(before, tree)?;
        let from = pair(objects, &changes);
        let moved = from.iter().flatten().copied().collect();
        let by_path = changes.iter().enumerate().map(|(at, change)| (change.path.clone(), at)).collect();
        Ok(Self { changes, from, moved, by_path })
    }

    /// Returns the contents before and after of the document at `path`, and the name it had before where that was another;
    /// `None` where nothing happened to it.
    fn step(&self, path: &str) -> Option<(Option<Oid>, Option<Oid>, Option<&Shared>)> {
        let at = *self.by_path.get(path)?;
        if self.moved.contains(&at) {
            return None;
        }
        let (change, before) = (&self.changes[at], self.from[at].map(|source| &self.changes[source]));
        let old = change.old.or_else(|| before.and_then(|before| before.old));
        Some((old, change.new, before.map(|before| &before.path)))
    }
}

impl Branch {
    /// Returns the commits whose own change gave the document of `event` the value it has since, newest first, and whether
    /// all that was needed could be read. The document is followed through its `names` and those it had on the branch.
    fn wrote(
        &mut self,
        objects: &mut Objects,
        kept: Kept<'_>,
        event: &Event,
        mut names: Vec<Shared>,
    ) -> Result<(Vec<Wrote>, bool), Error> {
        let mut complete = true;
        let mut found: BTreeSet<usize> = BTreeSet::new();
        let mut looked = 0;
        // Names grow while they are gone through: each commit that knew an earlier one is looked at for that too.
        while let Some(name) = names.get(looked).cloned() {
            looked += 1;
            for at in self.by_path.get(&*name).cloned().unwrap_or_default() {
                let Some((old, new, before)) = self.commits[at].own.step(&name) else { continue };
                if let Some(before) = before.filter(|before| !names.contains(before)) {
                    names.push(before.clone());
                }
                let mut reader =
                    Values { config: kept.config, kind: event.kind, objects, complete: &mut complete };
                let wrote = match event.what {
                    What::Deleted => new.is_none(),
                    _ => reader.wrote(old, new, event.new.as_ref())?,
                };
                if wrote && !self.commits[at].took_over(objects, kept, &name, event)? {
                    found.insert(at);
                }
            }
        }
        let wrote =
            |at: usize| Wrote { commit: self.commits[at].id, author: self.commits[at].author.clone() };
        Ok((found.into_iter().map(wrote).collect(), complete))
    }
}

impl Brought {
    /// Says whether a merge inside the branch had the value from another of its parents, so that it wrote nothing itself.
    fn took_over(
        &mut self,
        objects: &mut Objects,
        kept: Kept<'_>,
        path: &str,
        event: &Event,
    ) -> Result<bool, Error> {
        if self.against.len() < self.others.len() {
            for parent in &self.others {
                self.against.push(Compared::with(objects, kept, Some(*parent), self.tree)?);
            }
        }
        for against in &self.against {
            let mut complete = true;
            let mut reader =
                Values { config: kept.config, kind: event.kind, objects, complete: &mut complete };
            let differs = match against.step(path) {
                None => false,
                Some((old, ..)) if event.what == What::Deleted => old.is_some(),
                Some((old, new, _)) => reader.wrote(old, new, event.new.as_ref())?,
            };
            if !differs {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Reads what versions say their state is.
struct Values<'a> {
    config: &'a Config,
    kind: usize,
    objects: &'a mut Objects,
    /// Whether all of them could be read.
    complete: &'a mut bool,
}

impl Values<'_> {
    /// Says whether the step from `old` to `new` gave a document the state `value`.
    fn wrote(&mut self, old: Option<Oid>, new: Option<Oid>, value: Option<&Shared>) -> Result<bool, Error> {
        let Some(new) = new else { return Ok(false) };
        let Some(now) = self.state(new)? else { return Ok(false) };
        if now.as_ref() != value {
            return Ok(false);
        }
        let Some(old) = old else { return Ok(value.is_some()) };
        // Of what cannot be read nobody can say whether it was different.
        Ok(self.state(old)?.is_some_and(|before| before != now))
    }

    /// Returns the state that a version tells, where it tells one; `None` where it cannot be read.
    fn state(&mut self, id: Oid) -> Result<Option<Option<Shared>>, Error> {
        let mut bytes = Vec::new();
        let kind = self.config.kinds.at(self.kind);
        let watch = Watch::of(kind);
        let there = self.objects.read(&id, &mut bytes)? == Some(ObjectKind::Blob);
        if there && !is_undecodable(&bytes) {
            let facts = read_facts(kind, &watch.all, front_matter(&bytes));
            if !is_garbled(&facts, watch.state) {
                return Ok(Some(facts.value(watch.state).cloned()));
            }
        }
        *self.complete &= there;
        Ok(None)
    }
}

fn tree_of(objects: &mut Objects, commit: Oid) -> Result<Oid, Error> {
    let mut bytes = Vec::new();
    objects.need(&commit, ObjectKind::Commit, &mut bytes)?;
    Ok(Commit::tree_and_parent(&bytes).ok_or_else(|| broken(commit))?.0)
}
