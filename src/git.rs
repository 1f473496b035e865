//! The door to git. The only files that name the git library.
//!
//! Nothing here runs a program: no hook, no filter, no diff driver. Repositories are read with strict hashing off, which
//! is for reading much history fast; whoever wants hashes checked has `git fsck`.

use std::path::Path;
use std::path::PathBuf;

use git2::Config;
use git2::ConfigLevel;
use git2::ErrorClass;
use git2::ErrorCode;
use git2::Repository;
use git2::RepositoryOpenFlags;

use crate::error::Error;
use crate::history::Oid;

mod activity;
mod build;
mod cache;
mod change;
mod decided;
mod commit;
mod compared;
mod detail;
mod diff;
mod index;
mod likely;
mod landed;
mod merge;
mod names;
mod objects;
mod program;
mod proposed;
mod record;
mod numbers;
mod snapshot;
mod taken;
mod tracked;
mod tree;
mod unchanged;
mod vanished;
mod versions;
mod worktrees;

pub use activity::Seen;
pub use build::build;
pub use change::Texts;
pub use change::with_change;
pub use commit::Commit;
pub use commit::Signer;
pub use decided::AskedDecided;
pub use decided::Now;
pub use index::Staged;
pub use likely::Asked;
pub use likely::Likely;
pub use numbers::Numbers;
pub use numbers::Taken;
pub use numbers::Where;
pub use program::Program;
pub use proposed::Proposed;
pub use record::NoHistory;
pub use record::Source;
pub use snapshot::Snapshot;
pub use unchanged::Unchanged;

/// A repository opened for reading.
pub struct Git {
    repository: Repository,
}

/// Why there is no repository to work with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoGit {
    /// There is none here.
    NotARepository,
    /// There is one, but it cannot be opened; with the reason and what to do about it.
    Refused(String),
}

impl Source<'_> {
    /// Returns the names of branches, local and remote-tracking, and of tags, in order.
    #[must_use]
    pub fn revisions(&self) -> Vec<String> {
        match self {
            Self::Library(git) => git.revisions(),
            Self::Program(program) => {
                let words =
                    ["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags"];
                let text = program.ask(&words).ok().flatten().unwrap_or_default();
                text.lines().map(str::to_owned).collect()
            }
        }
    }
}

impl Git {
    /// Opens the repository whose top is `top`, or that lies bare at `top`.
    ///
    /// # Errors
    /// Where there is none, or it cannot be opened.
    pub fn open(top: &Path) -> Result<Self, NoGit> {
        git2::opts::strict_hash_verification(false);
        // Hardly an object is read twice.
        git2::opts::enable_caching(false);
        let none: [&Path; 0] = [];
        match Repository::open_ext(top, RepositoryOpenFlags::NO_SEARCH, none) {
            Ok(repository) => Ok(Self { repository }),
            Err(error) if error.code() == ErrorCode::NotFound => Err(NoGit::NotARepository),
            Err(error) if error.code() == ErrorCode::Owner => Err(NoGit::Refused(not_ours(top))),
            Err(error) => Err(NoGit::Refused(reason(&error))),
        }
    }

    /// Says whether the repository has no working tree.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.repository.is_bare()
    }

    /// Returns the names of branches, local and remote-tracking, and of tags, in order.
    fn revisions(&self) -> Vec<String> {
        let references = self.repository.references().into_iter().flatten().flatten();
        let named = references.filter(|known| known.is_branch() || known.is_remote() || known.is_tag());
        let mut names: Vec<String> =
            named.filter_map(|known| known.shorthand().ok().map(str::to_owned)).collect();
        names.sort_unstable();
        names
    }

    /// Says whether HEAD names a branch that has no commit yet.
    fn is_unborn(&self) -> bool {
        self.repository.head().is_err_and(|error| error.code() == ErrorCode::UnbornBranch)
    }

    /// Returns the git directory of this worktree.
    fn git_folder(&self) -> PathBuf {
        self.repository.path().to_owned()
    }

    /// Returns the git directory that all worktrees share.
    #[must_use]
    pub fn common_folder(&self) -> PathBuf {
        self.repository.commondir().to_owned()
    }

    /// Returns name and address of whoever works here, as git's configuration has them. `global` is the file that
    /// `GIT_CONFIG_GLOBAL` names, if it names one.
    #[must_use]
    pub fn identity(&self, global: Option<&Path>) -> (Option<String>, Option<String>) {
        let config = self.repository.config().and_then(|mut config| {
            add_global(&mut config, global)?;
            config.snapshot()
        });
        read_identity(config.as_ref())
    }
}

/// Returns name and address from the user's own git configuration, for where there is no repository.
#[must_use]
pub fn own_identity(global: Option<&Path>) -> (Option<String>, Option<String>) {
    read_identity(own_config(global).as_ref())
}

/// Returns the editor the user has given git. What the repository's own configuration says does not count: a program
/// that a repository names is not run.
#[must_use]
pub fn own_editor(global: Option<&Path>) -> Option<String> {
    own_config(global).and_then(|config| config.get_string("core.editor")).ok()
}

fn own_config(global: Option<&Path>) -> Result<Config, git2::Error> {
    let mut config = Config::open_default()?;
    add_global(&mut config, global)?;
    config.snapshot()
}

/// Lets the file at `global` stand for the user's own configuration, as `GIT_CONFIG_GLOBAL` has git do.
fn add_global(config: &mut Config, global: Option<&Path>) -> Result<(), git2::Error> {
    match global {
        Some(file) if file.is_file() => config.add_file(file, ConfigLevel::Global, true),
        _ => Ok(()),
    }
}

fn read_identity(config: Result<&Config, &git2::Error>) -> (Option<String>, Option<String>) {
    let read = |key| config.ok().and_then(|config| config.get_string(key).ok());
    (read("user.name").filter(|name| !name.trim().is_empty()), read("user.email"))
}

/// Says that the repository at `top` is another user's, and how to trust it.
fn not_ours(top: &Path) -> String {
    format!(
        "it belongs to another user; if you trust it: git config --global --add safe.directory {}",
        top.display()
    )
}

/// Returns the name git gives a file that holds `bytes`.
#[must_use]
pub fn name_of(bytes: &[u8]) -> Option<Oid> {
    let id = git2::Oid::hash_object(git2::ObjectType::Blob, bytes).ok()?;
    Oid::from_bytes(id.as_bytes())
}

fn reason(error: &git2::Error) -> String {
    let text = error.message().trim_end_matches('.').to_owned();
    match error.class() {
        ErrorClass::Repository if text.contains("extension") || text.contains("version") => {
            format!("its format is newer than what is read here ({text})")
        }
        _ => text,
    }
}

/// Returns the error of work on the repository that failed.
fn failed(doing: &str, error: &git2::Error) -> Error {
    Error::new(format!("cannot {doing}: {}", reason(error)))
}
