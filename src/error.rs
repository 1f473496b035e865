//! What stops the tool, as against what is wrong in a document.

use std::fmt;
use std::sync::Arc;

use crate::text::Span;

/// The result of work that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The tool could not do its work. What is wrong in a record is a [`crate::diagnostic::Diagnostic`] instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it, each beginning with a verb.
    pub help: Vec<String>,
    /// The places in configuration or kind files that are wrong, when there are any.
    pub mistakes: Vec<Mistake>,
}

/// A mistake in a file that steers pmkit: `pmkit.toml`, a kind file, a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The file, relative to the root.
    pub path: String,
    /// The file's whole text.
    pub source: Arc<str>,
    /// The smallest part that is wrong.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it, each beginning with a verb.
    pub help: Vec<String>,
}

impl Error {
    /// Returns the error that says `message` and nothing else.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new(), mistakes: Vec::new() }
    }

    /// Returns the error with one more thing to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Returns the error that stands for `mistakes`, which must not be empty.
    #[must_use]
    pub fn from_mistakes(mistakes: Vec<Mistake>) -> Self {
        let path = mistakes.first().map_or("", |mistake| mistake.path.as_str());
        let alone = mistakes.iter().all(|mistake| mistake.path == path);
        let count = match mistakes.len() {
            1 => "1 mistake".to_owned(),
            many => format!("{many} mistakes"),
        };
        let place = if alone { path } else { "the files that steer pmkit" };
        let message = format!("{count} in {place}: nothing was checked or written");
        Self { message, help: Vec::new(), mistakes }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for mistake in &self.mistakes {
            write!(f, "\n{}: {}", mistake.path, mistake.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
