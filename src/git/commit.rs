//! Committing what was just written, and nothing else: whatever is staged or changed besides stays as it is.
//!
//! Everything that could stand in the way is looked for before a byte is written. No hook is run and nothing is signed: both
//! would start programs that a repository names.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use git2::AttrCheckFlags;
use git2::AttrValue;
use git2::Config;
use git2::ErrorCode;
use git2::FileMode;
use git2::Index;
use git2::RepositoryState;
use git2::Signature;
use git2::Status;
use git2::Time;
use git2::Tree;
use git2::build::TreeUpdateBuilder;

use super::Git;
use super::add_global;
use super::reason;
use crate::change::Change;
use crate::error::Error;
use crate::error::Result;

/// Who stands behind a commit, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// Seconds since 1970.
    pub seconds: i64,
    /// Minutes east of Greenwich.
    pub offset: i32,
}

/// What becomes a commit once its files are written.
pub struct Commit<'g> {
    git: &'g Git,
    message: String,
    author: Signature<'static>,
    committer: Signature<'static>,
    /// The files it holds, from the repository's top, each with its text.
    there: Vec<(String, String)>,
    /// The files that are gone in it.
    gone: Vec<String>,
}

impl Git {
    /// Returns what git's configuration says under `key`. `global` is the file that `GIT_CONFIG_GLOBAL` names, if it names one.
    #[must_use]
    pub fn setting(&self, key: &str, global: Option<&Path>) -> Option<String> {
        self.settings(global)?.get_string(key).ok().filter(|value| !value.trim().is_empty())
    }

    /// Says whether the user has git sign every commit; see [`Git::setting`] for `global`.
    #[must_use]
    pub fn signs(&self, global: Option<&Path>) -> bool {
        match self.settings(global).map(|settings| settings.get_bool("commit.gpgsign")) {
            Some(Ok(signs)) => signs,
            Some(Err(error)) => error.code() != ErrorCode::NotFound,
            None => false,
        }
    }

    fn settings(&self, global: Option<&Path>) -> Option<Config> {
        let mut config = self.repository.config().ok()?;
        add_global(&mut config, global).ok()?;
        config.snapshot().ok()
    }

    /// Says what somebody has begun in the repository and not finished, a merge or the like; until then git commits no single
    /// files.
    #[must_use]
    pub fn under_way(&self) -> Option<&'static str> {
        match self.repository.state() {
            RepositoryState::Clean | RepositoryState::Bisect => None,
            RepositoryState::Merge => Some("a merge is under way"),
            RepositoryState::Revert | RepositoryState::RevertSequence => Some("a revert is under way"),
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => {
                Some("a cherry-pick is under way")
            }
            _ => Some("a rebase is under way"),
        }
    }

    /// Prepares to commit `changes` to the tree that begins at `prefix` below the repository's top; they are not written yet.
    ///
    /// # Errors
    /// Says why that cannot be: something is under way in the repository, a file has changes that nobody has committed yet,
    /// or git itself would do something with it that is not done here.
    pub fn prepare<'g>(
        &'g self,
        changes: &[Change],
        prefix: &str,
        message: &str,
        author: &Signer,
        committer: &Signer,
    ) -> Result<Commit<'g>> {
        let failed = |error: &git2::Error| Error::new(reason(error));
        if self.is_bare() {
            return Err(Error::new("this is a bare repository"));
        }
        if let Some(what) = self.under_way() {
            return Err(Error::new(what).help("finish it first, or give it up"));
        }
        let lock = self.git_folder().join("index.lock");
        if lock.exists() {
            return Err(Error::new(format!("another git program is at work: {} is there", lock.display()))
                .help("wait for it; where none runs any more, delete that file"));
        }
        let index = self.repository.index().map_err(|error| failed(&error))?;
        let (mut there, mut gone) = (Vec::new(), Vec::new());
        for change in changes {
            let before = change.before().map(|(path, _)| format!("{prefix}{path}"));
            let after = format!("{prefix}{}", change.path());
            self.is_free(before.as_deref(), &after, &index)?;
            gone.extend(before.filter(|before| *before != after));
            there.push((after, change.after().to_owned()));
        }
        self.can_build(&there).map_err(|error| failed(&error))?;
        let sign = |signer: &Signer| {
            Signature::new(&signer.name, &signer.email, &Time::new(signer.seconds, signer.offset))
        };
        let (author, committer) = (sign(author), sign(committer));
        let author = author.map_err(|error| failed(&error))?;
        let committer = committer.map_err(|error| failed(&error))?;
        Ok(Commit { git: self, message: message.to_owned(), author, committer, there, gone })
    }

    /// Makes sure that what a commit of the files `there` is built on can be read: a partial clone may lack it.
    fn can_build(&self, there: &[(String, String)]) -> Result<(), git2::Error> {
        let Some(head) = self.head_commit()? else { return Ok(()) };
        let tree = head.tree()?;
        for (path, _) in there {
            match tree.get_path(Path::new(path)) {
                Err(error) if error.code() != ErrorCode::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Returns the commit HEAD is at; `None` where nothing has been committed yet.
    fn head_commit(&self) -> Result<Option<git2::Commit<'_>>, git2::Error> {
        match self.repository.head() {
            Ok(head) => head.peel_to_commit().map(Some),
            Err(error) if error.code() == ErrorCode::UnbornBranch => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes sure that the file at `before`, which is there, is as HEAD has it, and that git would take the one at `after` as it
    /// will be written.
    fn is_free(&self, before: Option<&str>, after: &str, index: &Index) -> Result<()> {
        let failed = |error: &git2::Error| Error::new(reason(error));
        for path in before.into_iter().chain([after]) {
            let named = Path::new(path);
            let conflict = (1..=3).any(|stage| index.get_path(named, stage).is_some());
            let status = match self.repository.status_file(named) {
                Ok(status) => status,
                Err(error) if error.code() == ErrorCode::NotFound => Status::CURRENT,
                Err(error) => return Err(failed(&error)),
            };
            let what = if conflict {
                "has conflicts nobody has resolved"
            } else if status.is_ignored() {
                "is left out by a .gitignore"
            } else if status.is_wt_new() && before.is_some() {
                "is not committed yet: all of it would go in"
            } else if status != Status::CURRENT {
                "has changes that are not committed yet, which would go in too"
            } else {
                continue;
            };
            return Err(Error::new(format!("{path} {what}")));
        }
        let named = Path::new(after);
        if before != Some(after) && self.repository.is_path_ignored(named).map_err(|error| failed(&error))? {
            return Err(Error::new(format!("{after} is left out by a .gitignore")));
        }
        for name in ["filter", "working-tree-encoding"] {
            let value = self.repository.get_attr(named, name, AttrCheckFlags::FILE_THEN_INDEX);
            let value = AttrValue::from_string(value.map_err(|error| failed(&error))?);
            if matches!(value, AttrValue::String(_)) {
                return Err(Error::new(format!("git has a program or a conversion for {after} (`{name}`)")));
            }
        }
        Ok(())
    }
}

impl Commit<'_> {
    /// Commits the files as they lie there now, and returns the first digits of the commit.
    ///
    /// # Errors
    /// Where git cannot: the files stay as written.
    pub fn make(&self) -> Result<String> {
        self.commit().map_err(|error| Error::new(reason(&error)))
    }

    fn commit(&self) -> Result<String, git2::Error> {
        let repository = &self.git.repository;
        let head = self.git.head_commit()?;
        // What the index holds of these files is then what the commit holds; the rest of it stays. It goes first: a commit
        // whose files then look staged for taking it back would be worse than files that are staged and not committed.
        let mut index = repository.index()?;
        index.read(true)?;
        doubt(&mut index)?;
        let mut update = TreeUpdateBuilder::new();
        let base = head.as_ref().map(git2::Commit::tree).transpose()?;
        for path in &self.gone {
            index.remove_path(Path::new(path))?;
            if base.as_ref().is_some_and(|base| base.get_path(Path::new(path)).is_ok()) {
                update.remove(path.as_str());
            }
        }
        for (path, text) in &self.there {
            let lies = repository.workdir().and_then(|top| fs::read(top.join(path)).ok());
            if lies.as_deref() != Some(text.as_bytes()) {
                return Err(git2::Error::from_str(&format!("{path} was changed by someone else meanwhile")));
            }
            index.add_path(Path::new(path))?;
            let entry = index.get_path(Path::new(path), 0);
            let entry = entry.ok_or_else(|| git2::Error::from_str("a file is not in the index"))?;
            let executable = entry.mode & 0o111 != 0;
            let mode = if executable { FileMode::BlobExecutable } else { FileMode::Blob };
            update.upsert(path.as_str(), entry.id, mode);
        }
        let empty: Tree<'_>;
        let base = match &base {
            Some(base) => base,
            None => {
                empty = repository.find_tree(repository.treebuilder(None)?.write()?)?;
                &empty
            }
        };
        let tree = repository.find_tree(update.create_updated(repository, base)?)?;
        index.write()?;
        let parents: Vec<&git2::Commit<'_>> = head.iter().collect();
        let message = match self.message.ends_with('\n') {
            true => self.message.clone(),
            false => format!("{}\n", self.message),
        };
        let made =
            repository.commit(Some("HEAD"), &self.author, &self.committer, &message, &tree, &parents)?;
        // It is made, whether or not its shortest name can be found out.
        let short = repository.find_object(made, None).and_then(|object| object.short_id());
        let short = short.ok().and_then(|short| short.as_str().ok().map(str::to_owned));
        Ok(short.unwrap_or_else(|| made.to_string()))
    }
}

/// Lets git look again at files that were changed in the second in which the index was written: it compares whole seconds, and
/// takes them for unchanged once the index is younger. Git does the same whenever it writes the index.
fn doubt(index: &mut Index) -> Result<(), git2::Error> {
    let written = index.path().and_then(|path| fs::metadata(path).ok()?.modified().ok());
    let Some(written) = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok()) else { return Ok(()) };
    // Files and links; what another repository has at its place has no size.
    let plain = |entry: &git2::IndexEntry| {
        entry.flags >> 12 & 3 == 0 && entry.file_size != 0 && matches!(entry.mode >> 12, 0o10 | 0o12)
    };
    let late = |entry: &git2::IndexEntry| {
        u64::try_from(entry.mtime.seconds()).is_ok_and(|at| at >= written.as_secs())
    };
    let doubtful: Vec<git2::IndexEntry> = index.iter().filter(|entry| plain(entry) && late(entry)).collect();
    for mut entry in doubtful {
        entry.file_size = 0;
        index.add(&entry)?;
    }
    Ok(())
}
