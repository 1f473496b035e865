//! How a command can end without a result.

use std::io;

use pmkit::error::Error;
use pmkit::git::NoHistory;

/// Why a command gave no exit code of its own.
pub(crate) enum Failure {
    /// The tool could not do its work.
    Tool(Error),
    /// The history it needs is not here.
    NoHistory(Error),
    /// The result could not be written.
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Tool(error)
    }
}

impl From<NoHistory> for Failure {
    fn from(why: NoHistory) -> Self {
        match why {
            NoHistory::Shallow => Self::NoHistory(
                Error::new(
                    "this clone holds only the newest commits, so that its history says nothing certain",
                )
                .help("fetch the rest: git fetch --unshallow"),
            ),
            NoHistory::NoRevision(name) => Error::new(format!("git knows no revision `{name}`")).into(),
            NoHistory::Failed(error) => error.into(),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Everything is as it should be.
pub(crate) const FINE: u8 = 0;
/// There are findings at level deny.
pub(crate) const FINDINGS: u8 = 1;
