//! What lies around the records on disk.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::Path;
use std::path::PathBuf;

use super::tree::Tree;
use super::tree::plain;
use super::tree::read_bytes;
use crate::config::MAX_PEOPLE_BYTES;
use crate::config::PEOPLE_FILES;
use crate::document::MAX_BYTES;
use crate::document::Unreadable;
use crate::workspace::Found;

impl Tree {
    /// Says what lies at `path`, from the repository's top. A link that leads out of the tree is not followed.
    #[must_use]
    pub fn find_beside(&self, path: &str) -> Found {
        let full = self.top().join(path);
        match full.canonicalize() {
            Ok(real) if !real.starts_with(self.top()) => Found::Unknown,
            Ok(real) if real.is_dir() => Found::Folder,
            Ok(_) => Found::File,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                if self.is_seen(&full) { Found::Nothing } else { Found::Unknown }
            }
            Err(_) => Found::Unknown,
        }
    }

    /// Reads the plain file at `path`, from the repository's top; `None` where there is none in the tree, or it is too large.
    #[must_use]
    pub fn read_beside(&self, path: &str) -> Option<Vec<u8>> {
        let real: PathBuf = self.top().join(path).canonicalize().ok()?;
        if !real.starts_with(self.top()) || !real.is_file() {
            return None;
        }
        read_bytes(&real).ok().filter(|bytes| bytes.len() <= MAX_BYTES)
    }

    /// Reads the plain file at `path`, from the repository's top, where it has at most `most` bytes; `None` where there is none such. A
    /// link is none.
    ///
    /// # Errors
    /// Where it is there and cannot be read.
    pub fn read_small(&self, path: &str, most: usize) -> Result<Option<Vec<u8>>, Unreadable> {
        let full = self.top().join(path);
        let small = |file: &Metadata| file.is_file() && file.len() <= most as u64;
        match full.symlink_metadata() {
            Ok(file) if small(&file) => {
                read_bytes(&full).map(|bytes| Some(bytes).filter(|bytes| bytes.len() <= most))
            }
            Ok(_) => Ok(None),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(Unreadable {
                what: format!("cannot be read: {}", plain(&error)),
                help: "look at its permissions".to_owned(),
            }),
        }
    }

    /// Says whether no folder on the way to `path`, from the repository's top, is a link.
    ///
    /// # Errors
    /// Where that cannot be seen.
    pub fn lies_straight(&self, path: &str) -> Result<bool, Unreadable> {
        let full = self.top().join(path);
        let Some(folder) = full.parent() else { return Ok(false) };
        let real = folder.canonicalize().map_err(|error| Unreadable {
            what: format!("cannot be read: {}", plain(&error)),
            help: "look at the folders around it".to_owned(),
        })?;
        Ok(real == folder)
    }

    /// Reads the files of other programs that name people. Nobody needs them: what cannot be read is left out.
    pub(super) fn people_files(&self) -> Vec<(String, String)> {
        let read = |path: &&str| {
            let full = self.top().join(path);
            let small = full
                .symlink_metadata()
                .is_ok_and(|file| file.is_file() && file.len() <= MAX_PEOPLE_BYTES as u64);
            let bytes = self.read_beside(path).filter(|_| small)?;
            Some(((*path).to_owned(), String::from_utf8(bytes).ok()?))
        };
        PEOPLE_FILES.iter().filter_map(read).collect()
    }

    /// Returns the repository's top, or the root where there is none.
    pub(super) fn top(&self) -> &Path {
        self.top.as_deref().unwrap_or(&self.root)
    }

    /// Says whether what is in the nearest folder around `path`, where nothing is, can be seen from here: it lies in the tree
    /// and is not empty. Git keeps no empty folders, so that is where another repository belongs that was not fetched.
    fn is_seen(&self, path: &Path) -> bool {
        let nearest = path.ancestors().skip(1).find_map(|folder| folder.canonicalize().ok());
        nearest.is_some_and(|folder| {
            let holds = |folder: &Path| folder.read_dir().is_ok_and(|mut entries| entries.next().is_some());
            folder.starts_with(self.top()) && (!folder.is_dir() || holds(&folder))
        })
    }
}
