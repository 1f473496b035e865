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
    /// Another place for a file that is there, and new text.
    Move {
        /// The path it has, relative to the root, with `/`.
        from: String,
        /// The path it gets, at which nothing may lie.
        to: String,
        /// The text the change was planned on; where the file holds another by now, nothing is written.
        before: String,
        /// The text it gets.
        after: String,
    },
}

impl Change {
    /// Returns the path the file has afterwards.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Create { path, .. } | Self::Edit { path, .. } => path,
            Self::Move { to, .. } => to,
        }
    }

    /// Returns the path and the text the file has before; `None` where it is not there yet.
    #[must_use]
    pub fn before(&self) -> Option<(&str, &str)> {
        match self {
            Self::Create { .. } => None,
            Self::Edit { path, before, .. } => Some((path, before)),
            Self::Move { from, before, .. } => Some((from, before)),
        }
    }

    /// Returns the text the file has afterwards.
    #[must_use]
    pub fn after(&self) -> &str {
        match self {
            Self::Create { text, .. } => text,
            Self::Edit { after, .. } | Self::Move { after, .. } => after,
        }
    }
}
