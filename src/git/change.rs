//! The history that there would be were a change one commit on top of its base. Merged or squashed, that is how everybody will see
//! it; what came and went on its branch in between nobody will.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

use super::Snapshot;
use super::name_of;
use super::versions::differ;
use super::versions::facts_of;
use crate::config::Config;
use crate::document::Unreadable;
use crate::history::Change;
use crate::history::Commit;
use crate::history::Event;
use crate::history::Follower;
use crate::history::History;
use crate::history::Oid;
use crate::history::Reader;
use crate::history::Version;
use crate::history::Watch;
use crate::history::What;
use crate::history::body;
use crate::lint::Pair;

/// Contents by their names, of which git may have none.
pub type Texts = HashMap<Oid, Vec<u8>>;

/// Returns `base`, which ends with the files of `snapshot`, with the records that differ in `pairs` as one commit more, and the
/// contents they have now, which `read` reads. Who did what on the branch is taken from `branch`, the history of the
/// branch itself.
#[must_use]
pub fn with_change(
    config: &Config,
    base: History,
    snapshot: &Snapshot,
    pairs: &[Pair],
    read: &dyn Fn(&str) -> Result<Vec<u8>, Unreadable>,
    branch: Option<&History>,
) -> (History, Texts) {
    let mut texts = Texts::new();
    let mut changes = Vec::new();
    let mut renamed: HashMap<&str, &str> = HashMap::new();
    for (old, new) in pairs {
        let change = |path: &String, old: Option<Oid>, new: Option<Oid>| {
            let (kind, number) = config.kinds.first_claim(path)?;
            Some(Change { path: path.as_str().into(), kind, number, old, new, retyped: false })
        };
        let before = old.as_ref().and_then(|path| snapshot.id_of(path));
        let after = new.as_ref().and_then(|path| {
            let bytes = read(path).ok()?;
            let id = name_of(&bytes)?;
            texts.insert(id, bytes);
            Some(id)
        });
        match (old, new) {
            (Some(old), Some(new)) if old != new => {
                changes.extend(change(old, before, None));
                changes.extend(change(new, None, after));
                renamed.insert(new, old);
            }
            _ => {
                changes.extend(new.as_ref().or(old.as_ref()).and_then(|path| change(path, before, after)));
            }
        }
    }
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    let gone = changes.iter().enumerate().filter(|(_, change)| change.new.is_none());
    let gone: HashMap<&str, usize> = gone.map(|(at, change)| (&*change.path, at)).collect();
    let source = |change: &Change| gone.get(renamed.get(&*change.path)?).copied();
    let from: Vec<Option<usize>> =
        changes.iter().map(|change| change.new.and_then(|_| source(change))).collect();

    let watches: Vec<Watch> = config.kinds.all().iter().map(Watch::of).collect();
    let facts = |(id, kind): Version| facts_of(config, &watches, kind, texts.get(&id)?).map(Arc::new);
    let then: HashMap<Oid, &str> = pairs
        .iter()
        .filter_map(|(old, _)| Some((snapshot.id_of(old.as_deref()?)?, old.as_deref()?)))
        .collect();
    let rewritten = |kind: usize, old: Oid, new: Oid| {
        let before = then.get(&old).and_then(|path| snapshot.read(path).ok());
        let after = texts.get(&new);
        before.zip(after).is_some_and(|(old, new)| differ(config, kind, body(&old), body(new)))
    };
    let mut history = base;
    let mut follower = Follower::new(&config.kinds, &watches, std::mem::take(&mut history.followed));
    follower.take(history.commits.len(), &changes, &from, Reader { facts: &facts, rewritten: &rewritten });
    let (followed, mut events) = follower.finish();
    history.followed = followed;
    if let Some(branch) = branch {
        let known: HashSet<Oid> = history.commits.iter().map(|commit| commit.id).collect();
        for event in &mut events {
            let commit = who(event, branch, &known).cloned();
            if commit.is_some() {
                event.detail.get_or_insert_default().written_in = commit;
            }
        }
    }
    history.commits.push(Commit::of_change());
    history.events.append(&mut events);
    history.head = None;
    (history, texts)
}

/// Returns the last commit of `branch` that none of `base` is and that did what `event` says.
fn who<'a>(event: &Event, branch: &'a History, base: &HashSet<Oid>) -> Option<&'a Commit> {
    let same_document = |other: &Event| branch.documents()[other.document].path == event.path;
    let same = |other: &&Event| {
        same_document(other)
            && match event.what {
                What::Rewritten => other.what == What::Rewritten,
                What::Field => {
                    other.what == What::Field && other.field == event.field && other.new == event.new
                }
                _ => other.is_of_state() && other.new == event.new,
            }
    };
    let found = branch.events.iter().rev().filter(same).map(|other| &branch.commits[other.commit]);
    found.take_while(|commit| !base.contains(&commit.id)).next()
}
