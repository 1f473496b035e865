//! How a command can end without a result.

use std::io;
use std::io::Write;

use pmkit::error::Error;
use pmkit::git::NoHistory;

use crate::place::Place;

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

/// Says in which folders records of `place` may lie: each of a few, else what they lie below.
pub(crate) fn folders_of(place: &Place) -> String {
    let mut folders = place.config.kinds.folders();
    let few = folders.len() <= 5;
    if !few {
        for folder in &mut folders {
            folder.truncate(folder.find('/').unwrap_or(folder.len()));
        }
        folders.dedup();
    }
    let listed: Vec<String> = folders.iter().map(|folder| format!("{}{folder}/", place.prefix)).collect();
    let listed = listed.join(", ");
    if few { listed } else { format!("the folders of kinds below {listed}") }
}

/// Says how many files a command left out because they could not be read.
pub(crate) fn tell_unreadable(count: usize) {
    let said = match count {
        0 => return,
        1 => "1 file could not be read and is left out".to_owned(),
        many => format!("{many} files could not be read and are left out"),
    };
    // Talk goes to stderr; where that is gone there is nobody to tell.
    let _ = writeln!(io::stderr(), "{said}; see why: pmkit lint");
}
