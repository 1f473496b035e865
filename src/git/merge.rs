//! What merging two commits would give, worked out in memory: no object, reference or file of the repository is written, and no merge
//! driver is run.

use git2::FileFavor;
use git2::MergeOptions;
use git2::Repository;

use super::NoHistory;
use super::Source;
use super::Staged;
use super::index::entries;
use super::objects::Objects;
use crate::error::Error;
use crate::history::Oid;

/// How many files are looked at to find out which were renamed.
const MOST_RENAMES: u32 = 5_000;

/// Before any store of the repository: what a merge makes stays in memory.
const FIRST: i32 = 1_000;

impl Source<'_> {
    /// Returns the files that merging `theirs` into `ours` would give, as [`Source::staged`] does, and the paths in
    /// conflict, from the repository's top. Of a file in conflict ours is there.
    ///
    /// # Errors
    /// Where a commit cannot be read, or the repository only by the git program, which would write objects and run the drivers that
    /// the repository names.
    pub fn merged(
        &self,
        ours: Oid,
        theirs: Oid,
        prefix: &str,
        folders: &[String],
    ) -> Result<(Staged, Vec<String>), NoHistory> {
        let Self::Library(git) = self else {
            return Err(NoHistory::Failed(
                Error::new("this repository is of a format in which nothing can be merged in memory").help(
                    "merge in a worktree of its own, and look at that: git worktree add --detach ../merged",
                ),
            ));
        };
        let merged = || -> Result<(Repository, git2::Index), git2::Error> {
            let repository = Repository::open(git.git_folder())?;
            let odb = repository.odb()?;
            odb.add_new_mempack_backend(FIRST)?;
            let mut options = MergeOptions::new();
            options.find_renames(true).target_limit(MOST_RENAMES).file_favor(FileFavor::Normal);
            let index = {
                let commit = |id: Oid| repository.find_commit(git2::Oid::from_bytes(id.as_bytes())?);
                repository.merge_commits(&commit(ours)?, &commit(theirs)?, Some(&options))?
            };
            drop(odb);
            Ok((repository, index))
        };
        let (repository, index) =
            merged().map_err(|error| NoHistory::Failed(super::failed("merge in memory", &error)))?;
        let entries = entries(&index);
        let mut conflicts: Vec<String> =
            entries.iter().filter(|entry| entry.stage != 0).map(|entry| entry.path.clone()).collect();
        conflicts.sort();
        conflicts.dedup();
        Ok((Staged::of(entries, prefix, folders, Objects::Library(repository)), conflicts))
    }
}
