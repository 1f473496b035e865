//! What happened to a document, commit by commit: the decision record as data.

use serde::Deserialize;
use serde::Serialize;

use super::Commit;
use super::HowRead;
use super::Oid;

/// What the history of a revision says about every document some kind claims.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The commit it was read for; `None` where there is no commit yet.
    pub head: Option<Oid>,
    /// Whether everything that was needed could be read.
    pub complete: bool,
    /// The documents, in the order in which they first appeared.
    pub documents: Vec<Lineage>,
    /// What happened, oldest first.
    pub events: Vec<Event>,
    /// The commits in which something happened, oldest first.
    pub commits: Vec<Commit>,
}

impl Event {
    /// Says whether it is about the state, or the file itself, as against another field or the text.
    #[must_use]
    pub fn is_of_state(&self) -> bool {
        !matches!(self.what, What::Field | What::Rewritten)
    }
}

impl History {
    /// Returns what can be said about who stands behind an event: claims and facts of git, in words.
    #[must_use]
    pub fn evidence(&self, event: &Event) -> Vec<String> {
        let commit = &self.commits[event.commit];
        let mut evidence = Vec::new();
        if commit.parents.len() > 1 {
            evidence.push(format!("merged by {}", commit.author.who()));
        } else {
            evidence.push("merger not in git".to_owned());
        }
        evidence.extend(commit.trailers().iter().map(|trailer| format!("{}: {}", trailer.key, trailer.who)));
        if commit.signed {
            evidence.push("signed (signature not checked)".to_owned());
        }
        evidence
    }
}

/// One document through all its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    /// The path it has, or had last.
    pub path: String,
    /// The index of its kind there.
    pub kind: usize,
    /// Whether it is there at the end.
    pub alive: bool,
    /// The number its file name or its front matter gave it last.
    pub number: Option<u64>,
}

/// One thing that happened to a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What happened.
    pub what: What,
    /// The index of the document.
    pub document: usize,
    /// The index of the commit.
    pub commit: usize,
    /// The index of the kind it has in this commit.
    pub kind: usize,
    /// The path in this commit.
    pub path: String,
    /// The path before, where it moved.
    pub from_path: Option<String>,
    /// The index of the field in the kind; the lifecycle's for what happens to the state.
    pub field: usize,
    /// The value before.
    pub old: Option<String>,
    /// The value after.
    pub new: Option<String>,
    /// How the version in this commit was read.
    pub read: HowRead,
    /// Whom the record names as approver in this commit.
    pub approver: Option<String>,
    /// For a merge: the commits of its branch that wrote the same value, newest first; `None` where nobody asked.
    pub inner: Option<Vec<Oid>>,
}

/// The things that can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum What {
    /// The file appears.
    Created,
    /// A value where there was none, in a file that existed.
    Appeared,
    /// One value becomes another.
    Changed,
    /// The value goes, the file stays.
    Cleared,
    /// The file goes.
    Deleted,
    /// A path that had been deleted is there again.
    Recreated,
    /// The file moves, the value stays.
    Renamed,
    /// The text of a decided record changes.
    Rewritten,
    /// The value of a watched field changes.
    Field,
    /// A version cannot be read.
    Unreadable,
}

impl What {
    /// Returns the word for it in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Appeared => "appeared",
            Self::Changed => "changed",
            Self::Cleared => "cleared",
            Self::Deleted => "deleted",
            Self::Recreated => "recreated",
            Self::Renamed => "renamed",
            Self::Rewritten => "rewritten",
            Self::Field => "field",
            Self::Unreadable => "unreadable",
        }
    }
}
