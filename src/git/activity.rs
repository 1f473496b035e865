//! Who has done anything in the repository, and when; which files have changed of late.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::Serialize;

use super::NoHistory;
use super::Source;
use super::cache::keep;
use super::cache::kept;
use super::diff::Compare;
use super::failed;
use super::objects::ObjectKind;
use super::record::broken;
use crate::config::Config;
use crate::config::is_called;
use crate::date::Date;
use crate::history::Commit;
use crate::history::Oid;
use crate::history::Signature;

/// The name under which it is kept who has been seen when.
const SEEN: &str = "seen-1";

/// Who has written or made a commit, or is named in one by a trailer, and when they last did or were.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Seen {
    head: Option<Oid>,
    /// The time in seconds since 1970 with its offset in minutes, by what somebody is called: `Name <address>`.
    last: BTreeMap<String, (i64, i32)>,
}

impl Seen {
    /// Returns the last day on which whoever `who` names did anything; `None` where nobody of that name ever has. A handle is
    /// taken for anybody whose address begins with it.
    #[must_use]
    pub fn last(&self, who: &str) -> Option<Date> {
        let same = self.last.iter().filter(|(known, _)| is_called(known, who));
        same.max_by_key(|(_, time)| **time).map(|(_, (seconds, offset))| Date::at(*seconds, *offset))
    }

    fn take(&mut self, commit: &Commit) {
        let mut add = |who: String, by: &Signature| {
            let time = (by.seconds, by.offset);
            let last = self.last.entry(who).or_insert(time);
            *last = (*last).max(time);
        };
        add(commit.author.who(), &commit.author);
        add(commit.committer.who(), &commit.committer);
        for trailer in &commit.trailers {
            add(trailer.who.clone(), &commit.author);
        }
    }
}

impl Source<'_> {
    /// Returns who has done anything in a commit that HEAD comes from. What was found out before is kept in the git directory.
    ///
    /// # Errors
    /// Where commits cannot be listed or read.
    pub fn seen(&self) -> Result<Seen, NoHistory> {
        let Some(head) = self.resolve("HEAD")? else { return Ok(Seen::default()) };
        let common = self.common_folder();
        let before: Option<Seen> = common.as_deref().and_then(|common| kept(common, SEEN));
        let mut seen = match before {
            Some(seen) if seen.head == Some(head) => return Ok(seen),
            Some(seen) if seen.head.is_some_and(|then| self.is_ancestor(then, head).unwrap_or(false)) => seen,
            _ => Seen::default(),
        };
        let mut objects = self.objects()?;
        let mut bytes = Vec::new();
        for id in self.reached(head, seen.head)? {
            objects.need(&id, ObjectKind::Commit, &mut bytes)?;
            seen.take(&Commit::read(id, &bytes).ok_or_else(|| broken(id))?);
        }
        seen.head = Some(head);
        if let Some(common) = common {
            keep(&common, SEEN, &seen);
        }
        Ok(seen)
    }

    /// Returns the commits that can be reached from `head` and not from `without`, in no order.
    pub(super) fn reached(&self, head: Oid, without: Option<Oid>) -> Result<Vec<Oid>, NoHistory> {
        match self {
            Self::Library(git) => {
                let walk = || -> Result<Vec<Oid>, git2::Error> {
                    let mut walk = git.repository.revwalk()?;
                    walk.push(git2::Oid::from_bytes(head.as_bytes())?)?;
                    if let Some(without) = without {
                        walk.hide(git2::Oid::from_bytes(without.as_bytes())?)?;
                    }
                    let own = |id: Result<git2::Oid, git2::Error>| Ok(Oid::from_bytes(id?.as_bytes()));
                    walk.map(own).filter_map(Result::transpose).collect()
                };
                walk().map_err(|error| failed("list commits", &error).into())
            }
            Self::Program(program) => {
                let without = without.map(|without| format!("^{without}"));
                let head = head.to_string();
                let words: Vec<&str> =
                    ["rev-list", head.as_str()].into_iter().chain(without.as_deref()).collect();
                let text = program.ask(&words)?.unwrap_or_default();
                Ok(text.lines().filter_map(Oid::from_hex).collect())
            }
        }
    }

    /// Returns the files that some kind of `config` claims and that a commit of the line of HEAD changed on the day `since` or later,
    /// each with the last day on which one did. `prefix` as for [`Source::history`].
    ///
    /// # Errors
    /// Where a commit or a tree cannot be read.
    pub fn touched(
        &self,
        config: &Config,
        prefix: &str,
        since: Date,
    ) -> Result<BTreeMap<String, Date>, NoHistory> {
        let mut touched = BTreeMap::new();
        let (mut objects, mut walked) = (self.objects()?, self.objects()?);
        let mut compare = Compare::new(&mut objects, &config.kinds, prefix);
        let mut next = self.resolve("HEAD")?;
        let mut bytes = Vec::new();
        let mut read = |id: Oid| -> Result<(Commit, Oid), NoHistory> {
            walked.need(&id, ObjectKind::Commit, &mut bytes)?;
            let commit = Commit::read(id, &bytes).ok_or_else(|| broken(id))?;
            let (tree, _) = Commit::tree_and_parent(&bytes).ok_or_else(|| broken(id))?;
            Ok((commit, tree))
        };
        while let Some(id) = next {
            let (commit, tree) = read(id)?;
            let day = Date::at(commit.committer.seconds, commit.committer.offset);
            if day < since {
                break;
            }
            next = commit.parents.first().copied();
            let before = next.map(&mut read).transpose()?.map(|(_, tree)| tree);
            for change in compare.changes(before, tree)? {
                touched.entry(change.path.to_string()).or_insert(day);
            }
        }
        Ok(touched)
    }
}
