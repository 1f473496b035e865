//! What others have on branches that have not been merged: the records those changed since they parted from HEAD.

use super::NoHistory;
use super::Source;
use super::diff::Compare;
use super::objects::ObjectKind;
use super::taken::Branch;
use super::taken::branches;
use super::taken::own;
use crate::config::Config;

/// A record as a branch has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The name of the branch: `origin/refunds`.
    pub branch: String,
    /// The path of the file, below the root.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Source<'_> {
    /// Returns the records that remote-tracking branches have added or changed since they parted from HEAD and that are not the same
    /// there, each with the first branch that has it so, in order of path. `config` and `prefix` as for [`Source::history`]. There
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
        let all = branches(&git.repository, &head, None).map_err(|error| failed(&error))?;
        let remote = |branch: &&Branch| {
            let name = format!("refs/remotes/{}", branch.name);
            git.repository.find_reference(&name).is_ok()
        };
        let mut objects = self.objects()?;
        let mut texts = self.objects()?;
        let mut found: Vec<Proposed> = Vec::new();
        for branch in all.iter().filter(remote) {
            let Ok(parted) = git.repository.merge_base(head.id(), branch.tip) else { continue };
            if parted == branch.tip {
                continue;
            }
            let Ok(base) = git.repository.find_commit(parted) else { continue };
            let mut compare = Compare::new(&mut objects, &config.kinds, prefix);
            let Ok(changes) = compare.changes(Some(own(base.tree_id())?), own(branch.tree)?) else {
                continue;
            };
            // What HEAD has so too has been merged, whichever way.
            let Ok(other) = compare.changes(Some(own(head.tree_id())?), own(branch.tree)?) else { continue };
            for change in changes {
                let Some(id) = change.new else { continue };
                let differs = other.iter().any(|other| other.path == change.path && other.new == Some(id));
                let told = found.iter().any(|known| *known.path == *change.path);
                let mut bytes = Vec::new();
                if differs && !told && texts.need(&id, ObjectKind::Blob, &mut bytes).is_ok() {
                    found.push(Proposed {
                        branch: branch.name.clone(),
                        path: change.path.to_string(),
                        bytes,
                    });
                }
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }
}
