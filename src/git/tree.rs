//! Trees as git stores them: reading their entries, and listing the files below one.

use super::objects::ObjectKind;
use super::objects::Objects;
use crate::error::Error;
use crate::error::Result;
use crate::history::Oid;

/// An entry of a tree.
#[derive(Clone, Copy)]
pub(super) struct Entry<'t> {
    pub(super) mode: &'t [u8],
    pub(super) name: &'t [u8],
    pub(super) id: &'t [u8],
    /// Where the next one begins.
    pub(super) next: usize,
}

impl Entry<'_> {
    pub(super) fn is_tree(&self) -> bool {
        self.mode == b"40000"
    }

    /// Says whether it is a file with content of its own, as against a link or a submodule.
    pub(super) fn is_file(&self) -> bool {
        self.mode.starts_with(b"100")
    }

    /// Says whether it is a link, whose content is where it leads to.
    pub(super) fn is_link(&self) -> bool {
        self.mode == b"120000"
    }

    /// Returns the name as git orders it: folders as if a `/` stood behind.
    pub(super) fn order(&self) -> impl Iterator<Item = u8> + '_ {
        self.name.iter().copied().chain(self.is_tree().then_some(b'/'))
    }
}

/// Reads the entry that begins at `at`.
pub(super) fn entry(tree: &[u8], at: usize, width: usize) -> Option<Entry<'_>> {
    let rest = tree.get(at..)?;
    let space = memchr::memchr(b' ', rest.get(..8).unwrap_or(rest))?;
    let zero = space + memchr::memchr(0, &rest[space..])?;
    let id = rest.get(zero + 1..zero + 1 + width)?;
    Some(Entry { mode: &rest[..space], name: &rest[space + 1..zero], id, next: at + zero + 1 + width })
}

/// Reads all entries of the tree `bytes`, which is the folder at `path`.
pub(super) fn entries<'t>(bytes: &'t [u8], width: usize, path: &str) -> Result<Vec<Entry<'t>>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let broken = || Error::new(format!("the repository's listing of `{path}` is broken"));
        let entry = entry(bytes, at, width).ok_or_else(broken)?;
        at = entry.next;
        found.push(entry);
    }
    Ok(found)
}

/// Returns the entry called `name` of a tree.
pub(super) fn named<'t>(tree: &'t [u8], name: &str, width: usize) -> Option<Entry<'t>> {
    let mut at = 0;
    while let Some(found) = entry(tree, at, width) {
        if found.name == name.as_bytes() {
            return Some(found);
        }
        at = found.next;
    }
    None
}

/// Returns the folder `folder` of the tree that begins at `prefix`, from the repository's top.
pub(super) fn below(prefix: &str, folder: &str) -> String {
    format!("{prefix}{folder}").trim_end_matches('/').to_owned()
}

/// Returns the path of `name` in `folder`. Bytes that are no UTF-8 become `\xE9`: two names that differ stay two.
pub(super) fn joined(folder: &str, name: &[u8]) -> String {
    let mut path = String::with_capacity(folder.len() + name.len() + 1);
    path.push_str(folder);
    if !folder.is_empty() {
        path.push('/');
    }
    for part in name.utf8_chunks() {
        path.push_str(part.valid());
        for byte in part.invalid() {
            path.push_str(&format!("\\x{byte:02X}"));
        }
    }
    path
}

/// Says whether what is looked for in `folders` may lie in the folder at `path` or below; `""` is the top.
pub(super) fn may_hold(folders: &[String], path: &str) -> bool {
    let inside = |outer: &str, inner: &str| {
        outer.is_empty()
            || inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    folders.iter().any(|folder| inside(folder, path) || inside(path, folder))
}

/// Files and links, each with its content.
pub(super) type FilesAndLinks = (Vec<(String, Oid)>, Vec<(String, Oid)>);

/// Lists the files, and the links, below the tree `id` that may lie in `folders`; submodules are neither.
pub(super) fn files(objects: &mut Objects, id: Oid, folders: &[String]) -> Result<FilesAndLinks> {
    let (mut found, mut links) = (Vec::new(), Vec::new());
    let mut open = vec![(String::new(), id)];
    let mut bytes = Vec::new();
    while let Some((folder, id)) = open.pop() {
        objects.need(&id, ObjectKind::Tree, &mut bytes)?;
        for entry in entries(&bytes, id.as_bytes().len(), &folder)? {
            let Some(id) = Oid::from_bytes(entry.id) else { continue };
            let path = joined(&folder, entry.name);
            if entry.is_tree() && may_hold(folders, &path) {
                open.push((path, id));
            } else if entry.is_file() {
                found.push((path, id));
            } else if entry.is_link() {
                links.push((path, id));
            }
        }
    }
    found.sort();
    Ok((found, links))
}
