//! Making a repository from planned commits, the same to the last bit every time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use git2::Commit;
use git2::Index;
use git2::IndexEntry;
use git2::IndexTime;
use git2::Oid;
use git2::Repository;
use git2::RepositoryInitOptions;
use git2::Signature;
use git2::Time;
use git2::build::CheckoutBuilder;

use super::failed;
use crate::change::Change;
use crate::demo;
use crate::demo::PlannedHistory;
use crate::error::Error;
use crate::error::Result;
use crate::fs::Door;
use crate::fs::Tree;

/// Minutes east of Greenwich of every commit.
const OFFSET: i32 = 60;

/// Makes a repository at `folder`, which must be empty or not there yet, with every commit of `history`, its first branch
/// checked out and its unfinished changes in the working tree. Returns the id of the commit checked out.
///
/// # Errors
/// Where something is in the folder already, or the repository cannot be written.
pub fn build(folder: &Path, history: &PlannedHistory) -> Result<String> {
    let cannot = |error: &std::io::Error| Error::new(format!("cannot make {}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
    if fs::read_dir(folder).map_err(|error| cannot(&error))?.next().is_some() {
        return Err(Error::new(format!("{} is not empty; nothing was written", folder.display()))
            .help("name a folder that is not there yet"));
    }
    let made = make(folder, history).map_err(|error| failed("make the repository", &error))?;
    let unfinished = history.unfinished.iter().map(|(path, text)| {
        let path = path.clone();
        match fs::read_to_string(folder.join(&path)) {
            Ok(before) => Change::Edit { path, before, after: text.clone() },
            Err(_) => Change::Create { path, text: text.clone() },
        }
    });
    Door::open(&Tree::find(folder)?)?.carry_out("demo", &unfinished.collect::<Vec<_>>())?;
    Ok(made)
}

fn make(folder: &Path, history: &PlannedHistory) -> Result<String, git2::Error> {
    let head = history.branches.first().map_or("main", |(name, _)| name.as_str());
    let mut options = RepositoryInitOptions::new();
    options.initial_head(head).external_template(false);
    let repository = Repository::init_opts(folder, &options)?;
    let mut config = repository.config()?;
    config.set_str("user.name", &history.user.name)?;
    config.set_str("user.email", &history.user.email)?;
    let mut blobs: BTreeMap<&str, Oid> = BTreeMap::new();
    let mut made: Vec<Oid> = Vec::with_capacity(history.commits.len());
    for planned in &history.commits {
        let mut index = Index::new()?;
        for (path, text) in &planned.files {
            let blob = match blobs.get(text.as_str()) {
                Some(blob) => *blob,
                None => *blobs.entry(text).or_insert(repository.blob(text.as_bytes())?),
            };
            index.add(&entry(path, blob, text.len()))?;
        }
        let tree = repository.find_tree(index.write_tree_to(&repository)?)?;
        let sign = |who: &demo::Signature| {
            Signature::new(&who.name, &who.email, &Time::new(planned.seconds, OFFSET))
        };
        let parents = planned.parents.iter().map(|at| repository.find_commit(made[*at]));
        let parents = parents.collect::<Result<Vec<Commit<'_>>, _>>()?;
        let parents: Vec<&Commit<'_>> = parents.iter().collect();
        let (author, committer) = (sign(&planned.author)?, sign(&planned.committer)?);
        made.push(repository.commit(None, &author, &committer, &planned.message, &tree, &parents)?);
    }
    for (name, at) in &history.branches {
        repository.reference(&format!("refs/heads/{name}"), made[*at], true, "pmkit demo")?;
    }
    repository.set_head(&format!("refs/heads/{head}"))?;
    repository.checkout_head(Some(CheckoutBuilder::new().force().disable_filters(true)))?;
    Ok(history.branches.first().map_or_else(String::new, |(_, at)| made[*at].to_string()))
}

fn entry(path: &str, id: Oid, size: usize) -> IndexEntry {
    let never = IndexTime::new(0, 0);
    IndexEntry {
        ctime: never,
        mtime: never,
        dev: 0,
        ino: 0,
        mode: 0o100_644,
        uid: 0,
        gid: 0,
        file_size: u32::try_from(size).unwrap_or(0),
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}
