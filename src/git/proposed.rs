//! What others have on branches that have not been merged: the records those changed since they parted from HEAD.

use super::NoHistory;
use super::Source;
use super::diff::Compare;
use super::objects::ObjectKind;
use super::taken::own;
use crate::config::Config;
use crate::history::Oid;

/// A record as a branch has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The name of the branch: `origin/refunds`.
    pub branch: String,
    /// The path of the file, below the root.
    pub path: String,
    /// Its content, by its name.
    pub id: Oid,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Source<'_> {
    /// Returns the records that remote-tracking branches have added or changed since they parted from HEAD and that are not the same
    /// there, each with the first branch, in order of name, that has it so, in order of path. `config` and `prefix` as for [`Source::history`]. There
    /// is nothing where only the git program can open the repository; a branch that cannot be compared is left out.
    ///
    /// # Errors
    /// Where HEAD or a list of branches cannot be read.
    pub fn proposed(&self, config: &Config, prefix: &str) -> Result<Vec<Proposed>, NoHistory> {
        let Self::Library(git) = self else { return Ok(Vec::new()) };
        let failed = |error: &git2::Error| NoHistory::Failed(super::failed("read the branches", error));
        let Ok(head) = git.repository.head().and_then(|head| head.peel_to_commit()) else {
            return Ok(Vec::new());
        };
        let mut remote: Vec<(String, git2::Oid, git2::Oid)> = Vec::new();
        let references = git.repository.references_glob("refs/remotes/*").map_err(|error| failed(&error))?;
        for reference in references.flatten() {
            // What only leads to another branch is told as that one.
            let leads = reference.symbolic_target().is_ok_and(|target| target.is_some());
            let Ok(name) = reference.shorthand() else { continue };
            if let (false, Ok(tip)) = (leads, reference.peel_to_commit()) {
                remote.push((name.to_owned(), tip.id(), tip.tree_id()));
            }
        }
        remote.sort();
        let mut objects = self.objects()?;
        let mut texts = self.objects()?;
        let mut found: Vec<Proposed> = Vec::new();
        for (name, tip, tree) in remote {
            let Ok(parted) = git.repository.merge_base(head.id(), tip) else { continue };
            if parted == tip {
                continue;
            }
            let Ok(base) = git.repository.find_commit(parted) else { continue };
            let mut compare = Compare::new(&mut objects, &config.kinds, prefix);
            let Ok(changes) = compare.changes(Some(own(base.tree_id())?), own(tree)?) else {
                continue;
            };
            // What HEAD has so too has been merged, whichever way.
            let Ok(other) = compare.changes(Some(own(head.tree_id())?), own(tree)?) else { continue };
            for change in changes {
                let Some(id) = change.new else { continue };
                let differs = other.iter().any(|other| other.path == change.path && other.new == Some(id));
                let told = found.iter().any(|known| *known.path == *change.path && known.id == id);
                let mut bytes = Vec::new();
                if differs && !told && texts.need(&id, ObjectKind::Blob, &mut bytes).is_ok() {
                    found.push(Proposed { branch: name.clone(), path: change.path.to_string(), id, bytes });
                }
            }
        }
        found.sort_by(|a, b| (&a.path, &a.branch).cmp(&(&b.path, &b.branch)));
        Ok(found)
    }
}
