//! What is wrong in a document: the rule, the place, what to do, and the fix where one is known.

use crate::text::Span;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not reported.
    Allow,
    /// Reported; never fails a build.
    Warn,
    /// Reported, and the exit code is 1.
    Deny,
}

impl Level {
    /// The names as configuration writes them, least first.
    pub const NAMES: [&'static str; 3] = ["allow", "warn", "deny"];

    /// Returns the level of a name, or `None`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "allow" => Some(Self::Allow),
            "warn" => Some(Self::Warn),
            "deny" => Some(Self::Deny),
            _ => None,
        }
    }

    /// Returns the name as configuration writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// One finding: something a rule says about one place in one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that speaks.
    pub rule: &'static str,
    /// How much it matters, once levels have been worked out.
    pub level: Level,
    /// The file, relative to the root, with `/`.
    pub path: String,
    /// The record's id, where the file has one.
    pub record: Option<String>,
    /// What is wrong, in one line: lower case, no full stop.
    pub message: String,
    /// What to write beside the caret; often what the field is for.
    pub label: Option<String>,
    /// What to do, each a line that begins with a verb or is ready to paste.
    pub help: Vec<String>,
    /// The smallest part that is wrong; `None` for the file or the tree as a whole.
    pub span: Option<Span>,
    /// Other places that belong to the finding.
    pub related: Vec<Related>,
    /// The change that mends it, when one is known.
    pub fix: Option<Fix>,
    /// Whether it stands on a line that the change has written, where a change is checked.
    pub fresh: bool,
    /// How many more findings of the rule in the file it stands for, which are counted and not told.
    pub more: usize,
}

/// Another place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The file, relative to the root.
    pub path: String,
    /// The place in it; `None` for the file as a whole.
    pub span: Option<Span>,
    /// What this place has to do with it.
    pub message: String,
}

/// A change that mends a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// Whether it is certain. An unsafe fix is applied only when asked for.
    pub safe: bool,
    /// The edits, which do not overlap.
    pub edits: Vec<Edit>,
}

/// A replacement of some bytes of one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The file, relative to the root.
    pub path: String,
    /// The bytes that go.
    pub span: Span,
    /// The text that comes.
    pub text: String,
}
