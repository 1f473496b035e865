//! Which files differ between a revision and another one or the working tree, renames paired as git pairs them.

use std::collections::HashMap;
use std::collections::HashSet;

use super::NoHistory;
use super::Now;
use super::Snapshot;
use super::Source;
use super::decided::Taken;
use super::decided::is_same;
use super::name_of;
use crate::document::Unreadable;
use crate::history::File;
use crate::history::Fingerprint;
use crate::history::Oid;
use crate::history::renames;
use crate::lint::Pair;

impl Source<'_> {
    /// Returns the files that differ between `base` and `now`, in which they have the paths `paths`, in order of the path they
    /// have now. Only those that `wanted` names count; `read` reads one as it is now. `prefix` is where the records' tree
    /// begins below the repository's top, with `/` at its end.
    pub fn differing(
        &self,
        base: &Snapshot,
        now: Now<'_>,
        prefix: &str,
        paths: &[String],
        wanted: &dyn Fn(&str) -> bool,
        read: &dyn Fn(&str) -> Result<Vec<u8>, Unreadable>,
    ) -> Vec<Pair> {
        let index = match self {
            Self::Library(git) => Taken::of(&git.repository),
            Self::Program(_) => None,
        };
        let there = |path: &str| paths.binary_search_by(|known| known.as_str().cmp(path)).is_ok();
        let (mut pairs, mut gone): (Vec<Pair>, Vec<File<Oid>>) = (Vec::new(), Vec::new());
        for (path, id) in base.files.iter().filter(|(path, _)| wanted(path)) {
            if !there(path) {
                gone.push(File { path: path.clone(), id: *id });
                continue;
            }
            let same = match now {
                Now::Kept(snapshot) => snapshot.id_of(path) == Some(*id),
                Now::Disk(root) => is_same(root, prefix, path, *id, index.as_ref()),
            };
            if !same {
                pairs.push((Some(path.clone()), Some(path.clone())));
            }
        }
        let new: Vec<&String> =
            paths.iter().filter(|path| wanted(path) && base.id_of(path).is_none()).collect();
        // A content of the working tree has no name yet that could be mistaken for another one's: the same texts get the same.
        let mut texts: HashMap<Oid, Vec<u8>> = HashMap::new();
        let mut appeared = Vec::with_capacity(new.len());
        for path in new {
            let bytes = read(path).unwrap_or_default();
            let Some(id) = name_of(&bytes) else { continue };
            texts.insert(id, bytes);
            appeared.push(File { path: path.clone(), id });
        }
        let kept: HashMap<Oid, &str> = gone.iter().map(|file| (file.id, file.path.as_str())).collect();
        let fingerprint = |id: Oid| match texts.get(&id) {
            Some(bytes) => Some(Fingerprint::of(bytes)),
            None => base.read(kept.get(&id)?).ok().map(|bytes| Fingerprint::of(&bytes)),
        };
        let sources = renames(&gone, &appeared, fingerprint);
        for (file, source) in appeared.iter().zip(&sources) {
            pairs.push((source.map(|at| gone[at].path.clone()), Some(file.path.clone())));
        }
        let moved: HashSet<usize> = sources.into_iter().flatten().collect();
        let left = gone.iter().enumerate().filter(|(at, _)| !moved.contains(at));
        pairs.extend(left.map(|(_, file)| (Some(file.path.clone()), None)));
        pairs.sort_by(|a, b| a.1.as_ref().or(a.0.as_ref()).cmp(&b.1.as_ref().or(b.0.as_ref())));
        pairs
    }

    /// Returns the commit where the lines of two commits parted; `None` where they have none in common.
    ///
    /// # Errors
    /// Where git cannot say, or not everything is here.
    pub fn parted(&self, one: Oid, other: Oid) -> Result<Option<Oid>, NoHistory> {
        if self.is_shallow()? {
            return Err(NoHistory::Shallow);
        }
        match self {
            Self::Library(git) => {
                let id = |id: Oid| git2::Oid::from_bytes(id.as_bytes());
                let found = id(one).and_then(|one| git.repository.merge_base(one, id(other)?));
                match found {
                    Ok(found) => Ok(Oid::from_bytes(found.as_bytes())),
                    Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
                    Err(error) => Err(super::failed("find where the two parted", &error).into()),
                }
            }
            Self::Program(program) => {
                let found = program.ask(&["merge-base", &one.to_string(), &other.to_string()])?;
                Ok(found.and_then(|text| Oid::from_hex(text.trim())))
            }
        }
    }
}
