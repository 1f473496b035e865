//! What is found out about an event only for who asks: who wrote on a branch what its merge brought, what of a text was
//! changed, and the names people go by now.

use std::collections::BTreeSet;
use std::collections::HashMap;

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

/// A commit that a merge brought, with what it changed.
struct Brought {
    id: Oid,
    author: Signature,
    /// Its own parents but for the first.
    others: Vec<Oid>,
    tree: Oid,
    changes: Vec<Change>,
    from: Vec<Option<usize>>,
}

/// The commits that a merge brought, newest first, and which of them change each path.
struct Branch {
    commits: Vec<Brought>,
    by_path: HashMap<Shared, BTreeSet<usize>>,
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
        let mut objects = None;
        // Events of one merge stand together; its branch is read once for all of them.
        let mut last: Option<(Oid, Branch)> = None;
        for at in wanted {
            let event = &history.events[*at];
            let commit = &history.commits[event.commit];
            let merge = commit.parents.len() > 1 && event.is_of_state() && event.what != What::Unreadable;
            let known = event.detail.as_deref();
            let inner = merge && known.is_none_or(|known| known.inner.is_none());
            let texts = known.and_then(|known| known.texts.filter(|_| known.rewording.is_none()));
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
                    last => &mut last.insert((commit.id, self.branch(objects, config, prefix, commit)?)).1,
                };
                let (inner, complete) = branch.wrote(objects, config, prefix, event)?;
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

    /// Reads what the commits changed that `merge` brought.
    fn branch(
        &self,
        objects: &mut Objects,
        config: &Config,
        prefix: &str,
        merge: &Commit,
    ) -> Result<Branch, Error> {
        let mut branch = Branch { commits: Vec::new(), by_path: HashMap::new() };
        let mut bytes = Vec::new();
        for id in self.brought(merge)? {
            objects.need(&id, ObjectKind::Commit, &mut bytes)?;
            let (tree, _) = Commit::tree_and_parent(&bytes).ok_or_else(|| broken(id))?;
            let commit = Commit::read(id, &bytes).ok_or_else(|| broken(id))?;
            let before = match commit.parents.first() {
                Some(parent) => Some(tree_of(objects, *parent)?),
                None => None,
            };
            let changes = Compare::new(objects, &config.kinds, prefix).changes(before, tree)?;
            if changes.is_empty() {
                continue;
            }
            let from = pair(objects, &changes);
            for change in &changes {
                branch.by_path.entry(change.path.clone()).or_default().insert(branch.commits.len());
            }
            let others = commit.parents.get(1..).unwrap_or_default().to_vec();
            branch.commits.push(Brought { id, author: commit.author, others, tree, changes, from });
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

impl Branch {
    /// Returns the commits whose own change gave the document of `event` the value it has since, newest first, and whether
    /// all that was needed could be read. The document is followed through the names it had on the branch.
    fn wrote(
        &self,
        objects: &mut Objects,
        config: &Config,
        prefix: &str,
        event: &Event,
    ) -> Result<(Vec<Wrote>, bool), Error> {
        let mut names: Vec<Shared> = vec![event.path.clone()];
        names.extend(event.from_path.clone());
        let on = |name: &str| self.by_path.get(name).cloned().unwrap_or_default();
        let mut open: BTreeSet<usize> = names.iter().flat_map(|name| on(name)).collect();
        let (mut found, mut complete) = (Vec::new(), true);
        while let Some(at) = open.pop_first() {
            let commit = &self.commits[at];
            for (index, change) in commit.changes.iter().enumerate() {
                let before = commit.from[index].map(|source| &commit.changes[source]);
                let moved_on = commit.from.contains(&Some(index));
                if !names.contains(&change.path) || moved_on {
                    continue;
                }
                // Older commits call it by the name it had before.
                if let Some(before) = before.filter(|before| !names.contains(&before.path)) {
                    names.push(before.path.clone());
                    open.extend(on(&before.path).into_iter().filter(|older| *older > at));
                }
                let old = change.old.or_else(|| before.and_then(|before| before.old));
                let mut reader = Values { config, kind: event.kind, objects, complete: &mut complete };
                let wrote = match event.what {
                    What::Deleted => change.new.is_none(),
                    _ => reader.wrote(old, change.new, event.new.as_ref())?,
                };
                if wrote && !commit.took_over(objects, config, prefix, change, event)? {
                    found.push(Wrote { commit: commit.id, author: commit.author.clone() });
                    break;
                }
            }
        }
        Ok((found, complete))
    }
}

impl Brought {
    /// Says whether a merge inside the branch had the value from another of its parents, so that it wrote nothing itself.
    fn took_over(
        &self,
        objects: &mut Objects,
        config: &Config,
        prefix: &str,
        change: &Change,
        event: &Event,
    ) -> Result<bool, Error> {
        for parent in &self.others {
            let before = tree_of(objects, *parent)?;
            let changes = Compare::new(objects, &config.kinds, prefix).changes(Some(before), self.tree)?;
            let own = changes.iter().find(|other| other.path == change.path);
            let mut complete = true;
            let mut reader = Values { config, kind: event.kind, objects, complete: &mut complete };
            let differs = match own {
                None => false,
                Some(own) if event.what == What::Deleted => own.old.is_some(),
                Some(own) => reader.wrote(own.old, own.new, event.new.as_ref())?,
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
