//! The arguments of what sets a repository up, and of what tells a forge whom to ask.

use clap::Args;
use clap::ValueEnum;

/// Set a repository up: a pmkit.toml and a page that says where records lie
///
/// Writes at most four files, never overwrites one, and commits nothing. An existing folder doc or documentation is
/// used in place of docs. With --ci also what has a forge or a hook check every change; where pmkit.toml is there already,
/// that alone.
///
/// Example: pmkit init --ci github,pre-commit
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// What to write: team (default), minimal, or strict
    #[arg(long, value_name = "NAME")]
    pub(crate) preset: Option<String>,
    /// The folder records lie in [default: docs, or the docs folder that is there]
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<String>,
    /// Write files for these too; where a team has one such file for everything, print the lines to add to it
    #[arg(long, value_name = "SYSTEM", value_delimiter = ',')]
    pub(crate) ci: Vec<Ci>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ci {
    Github,
    Gitlab,
    PreCommit,
}

impl From<Ci> for pmkit::scaffold::Ci {
    fn from(ci: Ci) -> Self {
        match ci {
            Ci::Github => Self::Github,
            Ci::Gitlab => Self::Gitlab,
            Ci::PreCommit => Self::PreCommit,
        }
    }
}

/// Write lines for CODEOWNERS: each record with the person who must agree to its changes
///
/// That is the approver that a record names, else its owner; records that have come to their end are left out. [people] in
/// pmkit.toml says what the forge calls a person: the first alias with an @, else the address. --check holds the file that is
/// there to it, and prints the lines that are missing, to go at its end: there they count. It says which file that is.
///
/// Example: pmkit owners --check --quiet
#[derive(Debug, Args)]
pub(crate) struct Owners {
    /// Print lines for CODEOWNERS; that is what happens without it too
    #[arg(long)]
    pub(crate) codeowners: bool,
    /// Print only the lines that CODEOWNERS lacks, and exit with 1 where there are any
    #[arg(long)]
    pub(crate) check: bool,
}
