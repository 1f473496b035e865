//! What a commit changed: two trees compared as git stores them, byte by byte, and only where records may lie. Folders
//! whose ids agree are not opened, and of two long listings only the part that differs is taken apart.

use std::collections::HashMap;
use std::rc::Rc;

use super::objects::ObjectKind;
use super::objects::Objects;
use super::tree::Entry;
use super::tree::below;
use super::tree::entry;
use super::tree::joined;
use super::tree::may_hold;
use crate::error::Error;
use crate::error::Result;
use crate::history::Change;
use crate::history::Oid;
use crate::kind::Kinds;

/// Compares trees.
pub(super) struct Compare<'a> {
    objects: &'a mut Objects,
    kinds: &'a Kinds,
    /// Where the records' tree begins below the repository's top, with `/` at its end.
    prefix: &'a str,
    /// The folders records may lie in, from the repository's top.
    folders: Vec<String>,
    /// The listings of the last two comparisons: the next one needs half of them again.
    recent: HashMap<Oid, Rc<Vec<u8>>>,
    older: HashMap<Oid, Rc<Vec<u8>>>,
    /// Folders still to be compared: path, old and new listing.
    open: Vec<(String, Option<Oid>, Option<Oid>)>,
}

impl<'a> Compare<'a> {
    pub(super) fn new(objects: &'a mut Objects, kinds: &'a Kinds, prefix: &'a str) -> Self {
        let folders = kinds.folders().iter().map(|folder| below(prefix, folder)).collect();
        Self {
            objects,
            kinds,
            prefix,
            folders,
            recent: HashMap::new(),
            older: HashMap::new(),
            open: Vec::new(),
        }
    }

    /// Returns what changed from the tree `old`, or from nothing, to the tree `new`, in order of path.
    pub(super) fn changes(&mut self, old: Option<Oid>, new: Oid) -> Result<Vec<Change>> {
        self.older = std::mem::take(&mut self.recent);
        let mut found = Vec::new();
        // A list and no recursion: folders may be nested deeper than a stack.
        self.open.push((String::new(), old, Some(new)));
        while let Some((folder, old, new)) = self.open.pop() {
            if old != new {
                self.folder(&folder, old, new, &mut found)?;
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    fn listing(&mut self, id: Oid) -> Result<Rc<Vec<u8>>> {
        if let Some(found) = self.recent.get(&id) {
            return Ok(Rc::clone(found));
        }
        let listing = match self.older.remove(&id) {
            Some(found) => found,
            None => {
                let mut bytes = Vec::new();
                self.objects.need(&id, ObjectKind::Tree, &mut bytes)?;
                Rc::new(bytes)
            }
        };
        self.recent.insert(id, Rc::clone(&listing));
        Ok(listing)
    }

    fn folder(
        &mut self,
        folder: &str,
        old: Option<Oid>,
        new: Option<Oid>,
        found: &mut Vec<Change>,
    ) -> Result<()> {
        let width = old.or(new).map_or(20, |id| id.as_bytes().len());
        let empty = || Rc::new(Vec::new());
        let old = old.map_or_else(|| Ok(empty()), |id| self.listing(id))?;
        let new = new.map_or_else(|| Ok(empty()), |id| self.listing(id))?;
        let broken = || Error::new(format!("the repository's listing of `{folder}` is broken"));
        let (mut left, mut right) = same_beginning(&old, &new, width).ok_or_else(broken)?;
        let same_end = same_end(&old[left..], &new[right..]);
        loop {
            if old.len() - left == new.len() - right && old.len() - left <= same_end {
                return Ok(());
            }
            let (a, b) = (entry(&old, left, width), entry(&new, right, width));
            let (a, b) = match (a, b) {
                (None, None) if left == old.len() && right == new.len() => return Ok(()),
                (Some(a), Some(b)) => match a.order().cmp(b.order()) {
                    std::cmp::Ordering::Less => (Some(a), None),
                    std::cmp::Ordering::Greater => (None, Some(b)),
                    std::cmp::Ordering::Equal => (Some(a), Some(b)),
                },
                (Some(a), None) if right == new.len() => (Some(a), None),
                (None, Some(b)) if left == old.len() => (None, Some(b)),
                _ => return Err(broken()),
            };
            left = a.map_or(left, |entry| entry.next);
            right = b.map_or(right, |entry| entry.next);
            if let (Some(a), Some(b)) = (a, b)
                && a.id == b.id
                && a.is_file() == b.is_file()
            {
                continue;
            }
            let Some(entry) = a.or(b) else { continue };
            self.entry(folder, entry, a, b, found);
        }
    }

    /// Takes an entry that differs: `a` as it was, `b` as it is.
    fn entry(
        &mut self,
        folder: &str,
        either: Entry<'_>,
        a: Option<Entry<'_>>,
        b: Option<Entry<'_>>,
        found: &mut Vec<Change>,
    ) {
        let path = joined(folder, either.name);
        let id = |entry: Option<Entry<'_>>| entry.and_then(|entry| Oid::from_bytes(entry.id));
        if either.is_tree() {
            if may_hold(&self.folders, &path) {
                self.open.push((path, id(a), id(b)));
            }
            return;
        }
        let file = |entry: Option<Entry<'_>>| id(entry.filter(Entry::is_file));
        let (old, new) = (file(a), file(b));
        let Some(below) = path.strip_prefix(self.prefix).filter(|_| old != new) else { return };
        // A path that two kinds claim is told by lint; its history is that of the first.
        if let Some((kind, number)) = self.kinds.first_claim(below) {
            // A link in the place of a file, or the other way round, is neither gone nor new to git.
            let retyped = a.is_some() && b.is_some() && (old.is_none() || new.is_none());
            found.push(Change { path: below.into(), kind, number, old, new, retyped });
        }
    }
}

/// Returns where the first entries that differ begin.
fn same_beginning(old: &[u8], new: &[u8], width: usize) -> Option<(usize, usize)> {
    let shared = same_bytes(old.chunks(BLOCK).zip(new.chunks(BLOCK)), |(a, b)| {
        a.iter().zip(b).take_while(|(a, b)| a == b).count()
    });
    let mut at = 0;
    while at < shared {
        let next = entry(old, at, width)?.next;
        if next > shared {
            break;
        }
        at = next;
    }
    Some((at, at))
}

/// Returns how many bytes at the end of both are the same.
fn same_end(old: &[u8], new: &[u8]) -> usize {
    same_bytes(old.rchunks(BLOCK).zip(new.rchunks(BLOCK)), |(a, b)| {
        a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
    })
}

/// How many bytes are compared at once.
const BLOCK: usize = 256;

/// Counts the bytes of pairs of blocks that are the same, up to the first that differ; `within` counts those of one pair.
fn same_bytes<'b>(
    blocks: impl Iterator<Item = (&'b [u8], &'b [u8])>,
    within: impl Fn((&[u8], &[u8])) -> usize,
) -> usize {
    let mut same = 0;
    for (a, b) in blocks {
        if a != b {
            return same + within((a, b));
        }
        same += a.len();
    }
    same
}
