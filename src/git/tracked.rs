//! Which files git keeps, by name: those of the index, wherever records may be mentioned.

use std::fs;

use super::Program;
use super::Source;
use crate::error::Error;
use crate::error::Result;

/// The part of a mode that says what a file is: a plain one.
const PLAIN: u32 = 0o10;

impl Source<'_> {
    /// Returns the paths of the plain files of the index, from the repository's top and in order: no links, no submodules.
    /// Names that are not UTF-8 are left out.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn tracked(&self) -> Result<Vec<String>> {
        let mut paths = match self {
            Self::Library(git) => {
                let file = git.repository.path().join("index");
                let bytes = match fs::read(&file) {
                    Ok(bytes) => bytes,
                    Err(_) if !file.exists() => Vec::new(),
                    Err(error) => return Err(Error::new(format!("cannot read the index: {error}"))),
                };
                match entries(&bytes) {
                    Some(entries) => entries
                        .into_iter()
                        .filter(|entry| entry.mode >> 12 == PLAIN)
                        .filter_map(|entry| std::str::from_utf8(entry.name).ok().map(str::to_owned))
                        .collect(),
                    None if bytes.is_empty() => Vec::new(),
                    // What is not read here git itself reads: an index in two parts, or of another version.
                    None => listed(&Program::new(git.repository.workdir().unwrap_or(git.repository.path())))?,
                }
            }
            Self::Program(program) => listed(program)?,
        };
        paths.sort_unstable();
        // A conflict has several entries.
        paths.dedup();
        Ok(paths)
    }
}

fn listed(program: &Program) -> Result<Vec<String>> {
    let bytes = program.list_index(None)?;
    let path = |line: &[u8]| {
        let tab = memchr::memchr(b'\t', line)?;
        let plain = line.starts_with(b"100");
        std::str::from_utf8(&line[tab + 1..]).ok().filter(|_| plain).map(str::to_owned)
    };
    Ok(bytes.split(|byte| *byte == 0).filter_map(path).collect())
}

/// An entry of an index.
pub(super) struct Entry<'b> {
    /// What the file is, and its permissions.
    pub(super) mode: u32,
    /// Its path from the repository's top.
    pub(super) name: &'b [u8],
}

/// Returns the entries of an index of version 2 or 3; `None` for any other, for one in two parts, and for one that is cut off.
/// Versions 2 and 3 hold every path in full, one entry after the other (git's `Documentation/gitformat-index.txt`).
pub(super) fn entries(bytes: &[u8]) -> Option<Vec<Entry<'_>>> {
    const HEADER: usize = 12;
    /// Times, device and number of an entry.
    const BEFORE_MODE: usize = 24;
    /// Times, device, owner, size and object of an entry.
    const BEFORE_FLAGS: usize = 60;
    const EXTENDED: u8 = 0x40;
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    let split = memchr::memmem::find(bytes, b"link\0\0\0").is_some();
    if split || !bytes.starts_with(b"DIRC") || !matches!(number(4), Some(2 | 3)) {
        return None;
    }
    let mut entries = Vec::new();
    let mut at = HEADER;
    for _ in 0..number(8)? {
        let flags = *bytes.get(at + BEFORE_FLAGS)?;
        let name = at + BEFORE_FLAGS + if flags & EXTENDED == 0 { 2 } else { 4 };
        let length = memchr::memchr(0, bytes.get(name..)?)?;
        entries.push(Entry { mode: number(at + BEFORE_MODE)?, name: &bytes[name..name + length] });
        // One to eight zero bytes make an entry a multiple of eight long.
        at += (name - at + length + 8) & !7;
    }
    Some(entries)
}
