//! What is to be written, as data. Planning touches nothing; one door carries it out.

/// A change to one file of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A file that is not there yet.
    Create {
        /// The path, relative to the root, with `/`.
        path: String,
        /// Its text.
        text: String,
    },
    /// New text for a file that is there.
    Edit {
        /// The path, relative to the root, with `/`.
        path: String,
        /// The text the change was planned on; where the file holds another by now, nothing is written.
        before: String,
        /// The text it gets.
        after: String,
    },
}

impl Change {
    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Create { path, .. } | Self::Edit { path, .. } => path,
        }
    }
}
