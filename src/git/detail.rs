//! What is found out about an event only for who asks: who wrote on a branch what its merge brought, what of a text was
//! changed, and the names people go by now.

use std::collections::BTreeSet;

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
use crate::history::Commit;
use crate::history::Event;
use crate::history::History;
use crate::history::Oid;
use crate::history::Watch;
use crate::history::Wrote;
use crate::history::body;
use crate::history::front_matter;
use crate::history::is_undecodable;
use crate::history::read_facts;

impl Source<'_> {
    /// Finds out the rest about the events of `history` at the indices `wanted`, and gives their commits the names that
    /// `.mailmap` has. `config` and `prefix` as for [`Source::history`].
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
        for at in wanted {
            let event = &history.events[*at];
            let commit = &history.commits[event.commit];
            let merge = commit.parents.len() > 1 && event.is_of_state() && event.new.is_some();
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
                let inner = self.inner(objects, config, prefix, commit, event)?;
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
        let names = self.names();
        for at in wanted {
            let detail = history.events[*at].detail.as_deref_mut();
            for wrote in detail.and_then(|detail| detail.inner.as_mut()).into_iter().flatten() {
                names.apply(&mut wrote.author);
            }
        }
        let commits: BTreeSet<usize> = wanted.iter().map(|at| history.events[*at].commit).collect();
        for at in commits {
            names.apply(&mut history.commits[at].author);
            names.apply(&mut history.commits[at].committer);
        }
        Ok(())
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
    ) -> Result<Vec<Wrote>, Error> {
        let kind = config.kinds.at(event.kind);
        let watch = Watch::of(kind);
        let mut found = Vec::new();
        let mut bytes = Vec::new();
        for id in self.brought(merge)? {
            objects.need(&id, ObjectKind::Commit, &mut bytes)?;
            let (tree, parent) = Commit::tree_and_parent(&bytes).ok_or_else(|| broken(id))?;
            let commit = Commit::read(id, &bytes).ok_or_else(|| broken(id))?;
            let parent = match parent {
                Some(parent) => {
                    objects.need(&parent, ObjectKind::Commit, &mut bytes)?;
                    Some(Commit::tree_and_parent(&bytes).ok_or_else(|| broken(parent))?.0)
                }
                None => None,
            };
            let changes = Compare::new(objects, &config.kinds, prefix).changes(parent, tree)?;
            let from = pair(objects, &changes);
            let names = |path: &str| path == &*event.path || event.from_path.as_deref() == Some(path);
            for (at, change) in changes.iter().enumerate() {
                let before = from[at].map(|source| &changes[source]);
                let of_document = names(&change.path) || before.is_some_and(|before| names(&before.path));
                let Some(new) = change.new.filter(|_| of_document) else { continue };
                let old = change.old.or_else(|| before.and_then(|before| before.old));
                let mut value = |id: Option<Oid>| -> Result<_, Error> {
                    let Some(id) = id else { return Ok(None) };
                    if objects.read(&id, &mut bytes)? != Some(ObjectKind::Blob) || is_undecodable(&bytes) {
                        return Ok(None);
                    }
                    Ok(read_facts(kind, &watch.all, front_matter(&bytes)).value(watch.state).cloned())
                };
                let (old, new) = (value(old)?, value(Some(new))?);
                if new == event.new && old != new {
                    found.push(Wrote { commit: id, author: commit.author });
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
}
