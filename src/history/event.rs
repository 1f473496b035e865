//! What happened to a document, commit by commit: the decision record as data.

use serde::Deserialize;
use serde::Serialize;

use super::Commit;
use super::Followed;
use super::HowRead;
use super::Oid;
use super::Shared;
use super::Signature;
use crate::compare::Rewording;

/// What the history of a revision says about every document some kind claims.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The commit it was read for; `None` where there is no commit yet.
    pub head: Option<Oid>,
    /// The first commit of its line: no other repository has it, but for a fork. `None` where there is no commit yet.
    pub root: Option<Oid>,
    /// The documents, and what is known of them at the end.
    pub followed: Followed,
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

    /// Returns, for a merge that gave a document its state, the commits of its branch that wrote the same value, newest
    /// first; `None` where it is no such merge, or nobody asked.
    #[must_use]
    pub fn inner(&self) -> Option<&[Wrote]> {
        self.detail.as_ref()?.inner.as_deref()
    }

    /// Returns the first change of a text; `None` where it is no such event, or nobody asked.
    #[must_use]
    pub fn rewording(&self) -> Option<&Rewording> {
        self.detail.as_ref()?.rewording.as_ref()
    }
}

impl History {
    /// Returns the documents, in the order in which they first appeared.
    #[must_use]
    pub fn documents(&self) -> &[Lineage] {
        &self.followed.documents
    }

    /// Returns the commit that did what `event` says; one that [`Commit::is_of_change`] where a change did that, and no commit of its
    /// branch by itself.
    #[must_use]
    pub fn wrote<'a>(&'a self, event: &'a Event) -> &'a Commit {
        let written_in = event.detail.as_deref().and_then(|detail| detail.written_in.as_ref());
        written_in.unwrap_or(&self.commits[event.commit])
    }

    /// Says whether everything that was needed could be read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.followed.complete
    }

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
        evidence.extend(commit.trailers.iter().map(|trailer| format!("{}: {}", trailer.key, trailer.who)));
        if commit.signed {
            evidence.push("signed (signature not checked)".to_owned());
        }
        evidence
    }
}

/// One document through all its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// The path it has, or had last.
    pub path: Shared,
    /// The index of its kind there.
    pub kind: usize,
    /// Whether it is there at the end.
    pub alive: bool,
    /// The number its file name or its front matter gave it last.
    pub number: Option<u64>,
}

/// One thing that happened to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub path: Shared,
    /// The path before, where it moved.
    pub from_path: Option<Shared>,
    /// The index of the field in the kind; the lifecycle's for what happens to the state.
    pub field: usize,
    /// The value before.
    pub old: Option<Shared>,
    /// The value after.
    pub new: Option<Shared>,
    /// How the version in this commit was read.
    pub read: HowRead,
    /// Whom the record names as approver in this commit.
    pub approver: Option<Shared>,
    /// What takes further reading, where there is any; asked for or not.
    pub detail: Option<Box<Detail>>,
}

/// A commit of a branch, with who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrote {
    /// The commit.
    pub commit: Oid,
    /// Who wrote it.
    pub author: Signature,
}

/// What is found out about an event only for who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Detail {
    /// For a merge that gave a document its state: the commits of its branch that wrote the same value, newest first.
    pub inner: Option<Vec<Wrote>>,
    /// For a decided text that changed, in a field too, or was taken out of the decided state: the content before and after.
    pub texts: Option<(Oid, Oid)>,
    /// For a text that changed: its first change.
    pub rewording: Option<Rewording>,
    /// For what a change brings that is looked at as a whole: the commit of its branch that did it.
    pub written_in: Option<Commit>,
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
