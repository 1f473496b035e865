//! Decisions that the branch everybody's work ends up in does not have, and who made those of a change.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;

use super::NoHistory;
use super::Source;
use super::diff::Compare;
use super::objects::ObjectKind;
use super::objects::Objects;
use super::record::broken;
use super::taken::Branch;
use super::taken::branches;
use super::taken::main_names;
use super::taken::own;
use super::versions::facts_of;
use crate::config::Config;
use crate::history::Change;
use crate::history::Commit;
use crate::history::Event;
use crate::history::Oid;
use crate::history::Shared;
use crate::history::Signature;
use crate::history::Timelines;
use crate::history::Watch;
use crate::history::What;
use crate::rules::Moved;
use crate::rules::Unlanded;

/// Whom GitHub names as committer of what is merged or edited there.
const FORGE: &str = "noreply@github.com";

/// Trailers by which somebody agrees. There is no end to those by which somebody does not.
const AGREES: [&str; 11] = [
    "Accepted-by",
    "Acked-by",
    "Agreed-by",
    "Approved-by",
    "Authored-by",
    "Co-authored-by",
    "Decided-by",
    "Merged-by",
    "Ratified-by",
    "Reviewed-by",
    "Signed-off-by",
];

impl Source<'_> {
    /// Returns the records of `timelines`, the history of HEAD, that are in a decided state at HEAD which no main branch has, in order
    /// of path: neither came the state from there, nor does that one say the same. There is nothing where HEAD is part of a
    /// main branch, where there is none, or where only the git program can open the repository. `config` and `prefix`
    /// as for [`Source::history`].
    ///
    /// # Errors
    /// Where a commit, tree or text cannot be read.
    pub fn unlanded(
        &self,
        config: &Config,
        prefix: &str,
        timelines: &Timelines<'_>,
    ) -> Result<Vec<Unlanded>, NoHistory> {
        let Self::Library(git) = self else { return Ok(Vec::new()) };
        let failed = |error: &git2::Error| NoHistory::Failed(super::failed("read the branches", error));
        let Ok(head) = git.repository.head().and_then(|head| head.peel_to_commit()) else {
            return Ok(Vec::new());
        };
        let own_branch = self.on_branch().unwrap_or_default();
        let all = branches(&git.repository, &head, None).map_err(|error| failed(&error))?;
        let is_main = main_names(&git.repository).map_err(|error| failed(&error))?.contains(&own_branch);
        // Whoever works on the main branch itself has landed once it is where others get it from.
        let of_remote =
            |main: &&Branch| main.name.split_once('/').is_some_and(|(_, name)| name == own_branch);
        let mains = all.iter().filter(|branch| branch.main).filter(|main| !is_main || of_remote(main));
        let mut missing: Option<BTreeMap<String, Unlanded>> = None;
        for main in mains {
            let (here, tip) = (own(head.id())?, own(main.tip)?);
            if self.is_ancestor(here, tip)? {
                return Ok(Vec::new());
            }
            let of_main = self.missing(config, prefix, timelines, main, own(head.tree_id())?)?;
            missing = Some(match missing {
                None => of_main,
                Some(known) => known.into_iter().filter(|(path, _)| of_main.contains_key(path)).collect(),
            });
        }
        Ok(missing.unwrap_or_default().into_values().collect())
    }

    /// Returns the records in a decided state at HEAD, whose tree is `head`, that `main` does not have.
    fn missing(
        &self,
        config: &Config,
        prefix: &str,
        timelines: &Timelines<'_>,
        main: &Branch,
        head: Oid,
    ) -> Result<BTreeMap<String, Unlanded>, NoHistory> {
        let watches: Vec<Watch> = config.kinds.all().iter().map(Watch::of).collect();
        let (mut objects, mut texts) = (self.objects()?, self.objects()?);
        let differ =
            Compare::new(&mut objects, &config.kinds, prefix).changes(Some(head), own(main.tree)?)?;
        let by_path: HashMap<&str, &Change> = differ.iter().map(|change| (&*change.path, change)).collect();
        let mut bytes = Vec::new();
        let mut state = |change: &Change| -> Option<Shared> {
            texts.need(&change.new?, ObjectKind::Blob, &mut bytes).ok()?;
            let facts = facts_of(config, &watches, change.kind, &bytes)?;
            facts.value(watches[change.kind].state).cloned()
        };
        let history = timelines.history();
        let mut missing = BTreeMap::new();
        for (at, document) in history.documents().iter().enumerate().filter(|(_, document)| document.alive) {
            let Some(change) = by_path.get(&*document.path) else { continue };
            let last = history.followed.last[at].as_ref();
            let here = last.and_then(|last| last.facts.value(watches[document.kind].state));
            let lifecycle = &config.kinds.at(document.kind).lifecycle;
            let Some(here) = here.filter(|state| lifecycle.is_decided(state)) else { continue };
            let gave = |event: &&Event| {
                let moves = !matches!(event.what, What::Renamed | What::Unreadable);
                moves && event.is_of_state() && event.new.as_ref() == Some(here)
            };
            let tip = own(main.tip)?;
            let given = timelines.of(at).events().rev().find(gave);
            if let Some(given) = given
                && self.is_ancestor(history.commits[given.commit].id, tip)?
            {
                continue;
            }
            // There it may go by another name.
            let same_number = |other: &&Change| {
                other.old.is_none() && other.kind == document.kind && other.number == document.number
            };
            let there = change
                .new
                .map(|_| *change)
                .or_else(|| differ.iter().find(same_number).filter(|_| document.number.is_some()));
            let there = there.and_then(&mut state);
            if there.as_ref() != Some(here) {
                let (path, state) = (document.path.to_string(), here.to_string());
                let (branch, there) = (main.name.clone(), there.map(|there| there.to_string()));
                missing.insert(path.clone(), Unlanded { path, state, branch, there });
            }
        }
        Ok(missing)
    }

    /// Returns who had a hand in the commits that HEAD has and `tip` has not and that changed the records in `paths`, which has every
    /// path a record had in them with the one it has now: authors, committers but for the forge, and whoever trailers name.
    /// Records that no commit changed are left out.
    ///
    /// # Errors
    /// Where a commit or tree cannot be read.
    pub fn hands(
        &self,
        config: &Config,
        prefix: &str,
        tip: Oid,
        paths: &HashMap<&str, &str>,
    ) -> Result<Vec<Moved>, NoHistory> {
        let Some(head) = self.resolve("HEAD")?.filter(|_| !paths.is_empty()) else { return Ok(Vec::new()) };
        let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let (mut objects, mut trees) = (self.objects()?, self.objects()?);
        let mut bytes = Vec::new();
        let mut read = |objects: &mut Objects, id: Oid| -> Result<(Commit, Oid), NoHistory> {
            objects.need(&id, ObjectKind::Commit, &mut bytes)?;
            let (tree, _) = Commit::tree_and_parent(&bytes).ok_or_else(|| broken(id))?;
            Ok((Commit::read(id, &bytes).ok_or_else(|| broken(id))?, tree))
        };
        for id in self.reached(head, Some(tip))? {
            let (commit, tree) = read(&mut objects, id)?;
            let parent = match commit.parents.first() {
                Some(parent) => Some(read(&mut objects, *parent)?.1),
                None => None,
            };
            let mut compare = Compare::new(&mut trees, &config.kinds, prefix);
            let changes = compare.changes(parent, tree)?;
            // A merge has a hand in what none of its sides had so.
            let mut others = Vec::new();
            for other in commit.parents.iter().skip(1) {
                let other = read(&mut objects, *other)?.1;
                let of_other = compare.changes(Some(other), tree)?;
                others.push(of_other.iter().map(|change| change.path.to_string()).collect::<BTreeSet<_>>());
            }
            for change in changes.iter().filter(|change| others.iter().all(|own| own.contains(&*change.path)))
            {
                let Some(path) = paths.get(&*change.path) else { continue };
                let hands = found.entry(path).or_default();
                let people = [&commit.author, &commit.committer].into_iter();
                hands.extend(people.filter(|one| &*one.email != FORGE).map(Signature::who));
                let agrees = |key: &str| AGREES.iter().any(|known| key.eq_ignore_ascii_case(known));
                let trailers = commit.trailers.iter().filter(|trailer| agrees(&trailer.key));
                hands.extend(trailers.map(|trailer| trailer.who.clone()));
            }
        }
        let moved = |(path, hands): (&str, BTreeSet<String>)| Moved {
            path: path.to_owned(),
            hands: hands.into_iter().collect(),
        };
        Ok(found.into_iter().map(moved).collect())
    }
}
