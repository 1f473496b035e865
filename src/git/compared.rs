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
use crate::history::numbered;
use crate::history::renames;
use crate::kind::Kinds;
use crate::lint::Pair;

impl Source<'_> {
    /// Returns the files that differ between `base` and `now`, in which they have the paths `paths`, in order of the path they
    /// have now. Only those count that one of `kinds` claims; `read` reads one as it is now. `prefix` is where the records' tree
    /// begins below the repository's top, with `/` at its end. Where several could be what another one was, the one with its
    /// number goes first: of thousands that moved at once not each is held against each.
    pub fn differing(
        &self,
        base: &Snapshot,
        now: Now<'_>,
        prefix: &str,
        paths: &[String],
        kinds: &Kinds,
        read: &dyn Fn(&str) -> Result<Vec<u8>, Unreadable>,
    ) -> Vec<Pair> {
        let index = match self {
            Self::Library(git) => Taken::of(&git.repository),
            Self::Program(_) => None,
        };
        let wanted = |path: &str| kinds.first_claim(path).is_some();
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
        let mut sources = vec![None; appeared.len()];
        let (mut by_number, mut twice) = (HashMap::new(), HashSet::new());
        for (at, file) in gone.iter().enumerate() {
            if let Some(id) = numbered(&file.path, kinds)
                && by_number.insert(id, at).is_some()
            {
                twice.insert(id);
            }
        }
        let mut used = HashSet::new();
        for (at, file) in appeared.iter().enumerate() {
            let id = numbered(&file.path, kinds).filter(|id| !twice.contains(id));
            let Some(old) = id.and_then(|id| by_number.get(&id)).filter(|old| !used.contains(*old)) else {
                continue;
            };
            let one = renames(&gone[*old..=*old], &appeared[at..=at], fingerprint);
            if one == [Some(0)] {
                used.insert(*old);
                sources[at] = Some(*old);
            }
        }
        let (open, free): (Vec<usize>, Vec<usize>) = (
            (0..gone.len()).filter(|at| !used.contains(at)).collect(),
            (0..appeared.len()).filter(|at| sources[*at].is_none()).collect(),
        );
        let of =
            |files: &[File<Oid>], at: &[usize]| at.iter().map(|at| files[*at].clone()).collect::<Vec<_>>();
        for (at, source) in
            renames(&of(&gone, &open), &of(&appeared, &free), fingerprint).into_iter().enumerate()
        {
            sources[free[at]] = source.map(|source| open[source]);
        }
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
