//! What is staged: the files as the next commit would have them.

use std::path::Path;
use std::sync::Mutex;

use git2::Index;
use git2::IndexEntryExtendedFlag;

use super::Program;
use super::Snapshot;
use super::Source;
use super::objects::Objects;
use super::snapshot::Surroundings;
use super::tree::below;
use super::tree::joined;
use super::tree::may_hold;
use crate::error::Error;
use crate::error::Result;
use crate::history::Oid;

/// The files of an index, or of a merge, and those in it that are still in conflict.
pub struct Staged {
    /// The files.
    pub snapshot: Snapshot,
    /// The paths of files of which a merge has left several versions. Of those ours is among the files.
    pub conflicts: Vec<String>,
}

/// The stage of the side that a merge goes into.
const OURS: u32 = 2;

/// An entry of an index.
pub(super) struct Entry {
    pub(super) path: String,
    id: Oid,
    mode: u32,
    /// 0, or which side of a conflict it is.
    pub(super) stage: u32,
    /// Only announced: there is no content yet.
    intended: bool,
}

impl Source<'_> {
    /// Returns the files of the index that lie below `prefix` (with `/` at its end; `""` is the top) in one of `folders`. `file`
    /// is the index to read, where it is not the repository's own: git names another one to its hooks.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn staged(&self, file: Option<&Path>, prefix: &str, folders: &[String]) -> Result<Staged> {
        let read = match self {
            Self::Library(git) => {
                // What libgit2 does not know of an index (split and sparse ones) git itself does.
                let own = git.repository.path().join("index");
                let file = file.unwrap_or(&own);
                match if file.exists() { library(file) } else { Ok(Vec::new()) } {
                    Ok(read) => read,
                    Err(_) => program(
                        &Program::new(git.repository.workdir().unwrap_or(git.repository.path())),
                        Some(file),
                    )?,
                }
            }
            Self::Program(git) => program(git, file)?,
        };
        Ok(Staged::of(read, prefix, folders, self.objects()?))
    }
}

impl Staged {
    /// Returns those of the files that `read` lists which lie below `prefix` in one of `folders`.
    pub(super) fn of(mut read: Vec<Entry>, prefix: &str, folders: &[String], objects: Objects) -> Self {
        let folders: Vec<String> = folders.iter().map(|folder| below(prefix, folder)).collect();
        read.retain(|entry| !entry.intended);
        let is_link = |entry: &Entry| entry.mode >> 12 == 0o12 && matches!(entry.stage, 0 | OURS);
        let links: Vec<(String, Oid)> = read
            .iter()
            .filter(|entry| is_link(entry) && may_hold(&folders, &entry.path))
            .map(|entry| (entry.path.clone(), entry.id))
            .collect();
        // Plain files: no links, no submodules.
        read.retain(|entry| entry.mode >> 12 == 0o10);
        let mut around: Vec<(String, Oid)> =
            read.iter().map(|entry| (entry.path.clone(), entry.id)).collect();
        around.sort();
        read.retain(|entry| may_hold(&folders, &entry.path));
        let mut files = Vec::new();
        let mut conflicts: Vec<String> = Vec::new();
        for entry in read {
            let Some(path) = entry.path.strip_prefix(prefix) else { continue };
            if entry.stage == 0 {
                files.push((path.to_owned(), entry.id));
            } else {
                // Our side stands for it, so that what names it finds it.
                if entry.stage == OURS {
                    files.push((path.to_owned(), entry.id));
                }
                if conflicts.last().is_none_or(|last| last != path) {
                    conflicts.push(path.to_owned());
                }
            }
        }
        files.sort();
        let objects = Some(Mutex::new(objects));
        let around = Surroundings::Listed(around);
        let snapshot = Snapshot { files, around, objects, alike: None, unchanged: None };
        Self { snapshot: snapshot.with_links(links, prefix), conflicts }
    }
}

fn library(file: &Path) -> std::result::Result<Vec<Entry>, git2::Error> {
    Ok(entries(&Index::open(file)?))
}

/// Returns what an index lists.
pub(super) fn entries(index: &Index) -> Vec<Entry> {
    let entry = |entry: git2::IndexEntry| {
        Some(Entry {
            path: joined("", &entry.path),
            id: Oid::from_bytes(entry.id.as_bytes())?,
            mode: entry.mode,
            stage: u32::from(entry.flags >> 12 & 3),
            intended: entry.flags_extended & IndexEntryExtendedFlag::INTENT_TO_ADD.bits() != 0,
        })
    };
    index.iter().filter_map(entry).collect()
}

fn program(git: &Program, file: Option<&Path>) -> Result<Vec<Entry>> {
    let listed = git.list_index(file)?;
    let broken = || Error::new("git lists the index in a way that is not understood");
    let entry = |line: &[u8]| -> Option<Entry> {
        let tab = memchr::memchr(b'\t', line)?;
        let head = std::str::from_utf8(&line[..tab]).ok()?;
        let mut words = head.split(' ');
        let mode = u32::from_str_radix(words.next()?, 8).ok()?;
        let id = Oid::from_hex(words.next()?)?;
        let stage = words.next()?.parse().ok()?;
        Some(Entry { path: joined("", &line[tab + 1..]), id, mode, stage, intended: false })
    };
    let lines = listed.split(|byte| *byte == 0).filter(|line| !line.is_empty());
    lines.map(|line| entry(line).ok_or_else(broken)).collect()
}
