//! The other worktrees of a repository, and the names of the files that lie in one.

use std::fs;
use std::path::Path;

use git2::Repository;

/// Returns the other worktrees of `repository`: the linked ones, and the main one or the bare repository itself.
pub(super) fn others(repository: &Repository) -> Result<Vec<Repository>, git2::Error> {
    let open = |name: &str| repository.find_worktree(name).and_then(|w| Repository::open_from_worktree(&w));
    let names = repository.worktrees()?;
    let linked = names.iter().flatten().flatten().filter_map(|name| open(name).ok());
    let all = linked.chain(Repository::open(repository.commondir()).ok());
    Ok(all.filter(|other| other.workdir() != repository.workdir()).collect())
}

/// Calls `found` with the path of every file in `folder` below `root`, relative to `root`.
pub(super) fn each_file(root: &Path, folder: &str, found: &mut dyn FnMut(&str)) {
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return };
    let mut path = PathIn::new(folder);
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| *name != ".git") else { continue };
        let path = path.of(name);
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            each_file(root, path, found);
        } else {
            found(path);
        }
    }
}

/// The paths of what lies in one folder, made in one buffer: there may be ten thousand.
pub(super) struct PathIn {
    buffer: String,
    folder: usize,
}

impl PathIn {
    pub(super) fn new(folder: &str) -> Self {
        let buffer = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Self { folder: buffer.len(), buffer }
    }

    pub(super) fn of(&mut self, name: &str) -> &str {
        self.buffer.truncate(self.folder);
        self.buffer.push_str(name);
        &self.buffer
    }
}
