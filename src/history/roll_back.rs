//! Going back to an earlier commit, so that reading can go on from there: after a rebase, a forced push, or a change of
//! branches most of what is known still holds.

use std::collections::HashMap;
use std::collections::HashSet;

use super::Change;
use super::Event;
use super::Followed;
use super::History;
use super::Known;
use super::Oid;
use super::ReadVersion;
use super::Shared;
use super::Version;
use super::Watch;
use super::What;
use super::follow::number;
use crate::kind::Kinds;

impl History {
    /// Returns what was known before the commits `gone`, which must be the newest of its line. `there` are the documents
    /// that the last commit before them holds, each as if it had just been added; `facts` says what a version says. The
    /// result has no head. `None` where it cannot be told: of a document that was gone by then and came back since only what
    /// it says now is known.
    #[must_use]
    pub fn roll_back(
        self,
        gone: &HashSet<Oid>,
        there: &[Change],
        facts: &dyn Fn(Version) -> ReadVersion,
        watches: &[Watch],
        kinds: &Kinds,
    ) -> Option<Self> {
        let Self { root, mut events, mut commits, followed, .. } = self;
        let kept = commits.iter().position(|commit| gone.contains(&commit.id)).unwrap_or(commits.len());
        commits.truncate(kept);
        let later = events.split_off(events.partition_point(|event| event.commit < kept));
        let mut before = Followed { complete: true, ..Followed::default() };
        let count = events.iter().map(|event| event.document + 1).max().unwrap_or(0);
        before.documents = followed.documents;
        before.documents.truncate(count);
        before.last = vec![None; before.documents.len()];
        for event in &events {
            let document = &mut before.documents[event.document];
            document.path = event.path.clone();
            document.kind = event.kind;
            document.alive = event.what != What::Deleted;
            match event.what {
                What::Deleted => {
                    before.deleted.insert(event.path.clone(), event.document);
                }
                What::Created | What::Recreated => {
                    before.deleted.remove(&event.path);
                }
                _ => {}
            }
        }
        let gone_then =
            |event: &Event| before.documents.get(event.document).is_some_and(|document| !document.alive);
        if later.iter().any(gone_then) {
            return None;
        }
        let alive = before.documents.iter().enumerate().filter(|(_, document)| document.alive);
        let places: HashMap<Shared, usize> =
            alive.map(|(at, document)| (document.path.clone(), at)).collect();
        for change in there {
            let (Some(at), Some(content)) = (places.get(&change.path), change.new) else { continue };
            let Some(facts) = facts((content, change.kind)) else { continue };
            before.documents[*at].number = number(&facts, change, watches, kinds);
            before.last[*at] = Some(Known { content, facts });
        }
        Some(Self { head: None, root, followed: before, events, commits })
    }
}
