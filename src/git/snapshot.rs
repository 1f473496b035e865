//! A revision's files, read without a working tree: how a bare repository is linted.

use git2::ErrorCode;
use git2::ObjectType;
use git2::Oid;
use git2::Repository;
use git2::TreeWalkMode;
use git2::TreeWalkResult;

use super::Git;
use super::failed;
use crate::document::MAX_BYTES;
use crate::document::Unreadable;
use crate::error::Result;

/// The files of one revision.
pub struct Snapshot<'a> {
    repository: &'a Repository,
    files: Vec<(String, Oid)>,
}

/// What blobs of the tree are called in its modes.
const LINK_MODE: i32 = 0o120_000;

impl Git {
    /// Returns the files of the commit at HEAD; none where there is no commit yet.
    ///
    /// # Errors
    /// Where its tree cannot be read.
    pub fn head_snapshot(&self) -> Result<Snapshot<'_>> {
        let mut files = Vec::new();
        let head = match self.repository.head() {
            Ok(head) => Some(head),
            Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => None,
            Err(error) => return Err(failed("read HEAD", &error)),
        };
        if let Some(head) = head {
            let tree = head.peel_to_tree().map_err(|error| failed("read the files at HEAD", &error))?;
            tree.walk(TreeWalkMode::PreOrder, |folder, entry| {
                let is_file = entry.kind() == Some(ObjectType::Blob) && entry.filemode() != LINK_MODE;
                if let (true, Ok(name)) = (is_file, entry.name()) {
                    files.push((format!("{folder}{name}"), entry.id()));
                }
                TreeWalkResult::Ok
            })
            .map_err(|error| failed("read the files at HEAD", &error))?;
        }
        files.sort();
        Ok(Snapshot { repository: &self.repository, files })
    }
}

impl Snapshot<'_> {
    /// Returns the paths, with `/`, in order.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        self.files.iter().map(|(path, _)| path.clone()).collect()
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// Where its object is missing, or it is too large for a document.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let found = self.files.binary_search_by(|(known, _)| known.as_str().cmp(path));
        let blob = found.ok().and_then(|at| self.repository.find_blob(self.files[at].1).ok());
        let Some(blob) = blob else {
            return Err(Unreadable {
                what: "is missing from the repository's objects".to_owned(),
                help: "fetch it, or look with git fsck".to_owned(),
            });
        };
        if blob.size() > MAX_BYTES {
            return Ok(vec![0; MAX_BYTES + 1]);
        }
        Ok(blob.content().to_vec())
    }
}
