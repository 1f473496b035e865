//! Reading objects as git stores them, by whichever way the repository can be read: the library, or the git program.

use std::path::Path;

use git2::ErrorCode;
use git2::Repository;

use super::program::Batch;
use crate::error::Error;
use crate::error::Result;
use crate::history::Oid;

/// A way to read objects.
pub(super) enum Objects {
    /// Through libgit2.
    Library(Repository),
    /// Through `git cat-file --batch`.
    Program(Batch),
}

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ObjectKind {
    Commit,
    Tree,
    Blob,
    Tag,
}

impl Objects {
    /// Opens the repository whose git directory is `folder` again, for another thread.
    pub(super) fn library(folder: &Path) -> Result<Self> {
        let opened = Repository::open(folder);
        opened.map(Self::Library).map_err(|error| super::failed("open the repository", &error))
    }

    /// Reads the object `id` into `out`, which is emptied first. `None` where it is not there.
    pub(super) fn read(&mut self, id: &Oid, out: &mut Vec<u8>) -> Result<Option<ObjectKind>> {
        out.clear();
        match self {
            Self::Library(repository) => {
                let mut read = || -> std::result::Result<git2::ObjectType, git2::Error> {
                    let odb = repository.odb()?;
                    let object = odb.read(git2::Oid::from_bytes(id.as_bytes())?)?;
                    out.extend_from_slice(object.data());
                    Ok(object.kind())
                };
                match read() {
                    Ok(kind) => Ok(match kind {
                        git2::ObjectType::Commit => Some(ObjectKind::Commit),
                        git2::ObjectType::Tree => Some(ObjectKind::Tree),
                        git2::ObjectType::Blob => Some(ObjectKind::Blob),
                        git2::ObjectType::Tag => Some(ObjectKind::Tag),
                        git2::ObjectType::Any => None,
                    }),
                    Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
                    Err(error) => Err(unreadable(id, &super::reason(&error))),
                }
            }
            Self::Program(batch) => batch.read(id, out),
        }
    }

    /// Reads the object `id`, which must be a `kind`.
    pub(super) fn need(&mut self, id: &Oid, kind: ObjectKind, out: &mut Vec<u8>) -> Result<()> {
        match self.read(id, out)? {
            Some(found) if found == kind => Ok(()),
            Some(_) => Err(unreadable(id, "it is something else than what refers to it says")),
            None => Err(unreadable(id, "it is not there")
                .help("fetch what is missing: git fetch --refetch, or git fetch --unshallow")),
        }
    }
}

fn unreadable(id: &Oid, why: &str) -> Error {
    Error::new(format!("cannot read object {id} of the repository: {why}"))
}
