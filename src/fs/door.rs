//! The one door through which anything is written: one program at a time, each file whole or not at all, several files all or
//! none.

use std::collections::BTreeSet;
use std::fs;
use std::fs::File;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::path::Path;
use std::path::PathBuf;

use tempfile::NamedTempFile;

use super::interrupt::Shield;
use super::journal::Journal;
use super::journal::NEW;
use super::journal::Recovered;
use super::lock;
use super::lock::Asked;
use super::lock::Lock;
use super::tree::Tree;
use super::tree::plain;
use super::write::Spot;
use super::write::TEMPORARY;
use super::write::free;
use super::write::unchanged;
use super::write::writable;
use crate::change::Change;
use crate::error::Error;
use crate::error::Result;

/// The right to write below a root, one program at a time.
#[derive(Debug)]
pub struct Door {
    root: PathBuf,
    prefix: String,
    /// Where the journal is kept, or why it cannot be.
    state: std::result::Result<PathBuf, &'static str>,
    #[expect(dead_code, reason = "held for its lock")]
    lock: Option<Lock>,
    /// What became of what an earlier program left unfinished.
    pub recovered: Option<Recovered>,
}

/// The name of the lock, and of the note on a temporary file, in pmkit's folder of the git directory.
const LOCK: &str = "write.lock";
const NOTE: &str = "writing";

impl Door {
    /// Opens the door to `tree`, from then on to this program alone: waits up to ten seconds for another one to be through with
    /// it. What was left unfinished there is put right first. Without a git directory that can be written to the root's own
    /// lock counts, and only single files can be changed.
    ///
    /// # Errors
    /// Where another writer is at it for longer, or what was left unfinished cannot be put right.
    pub fn open(tree: &Tree) -> Result<Self> {
        let doing = "writing";
        let (state, lock) = match tree.git_folder().map(|git| git.join("pmkit")) {
            None => (Err(WITHOUT_GIT), None),
            Some(folder) => match lock::open(&folder, LOCK) {
                Ok(file) => (Ok(folder), Some(lock::wait(file, doing)?)),
                Err(_) => (Err(READ_ONLY), None),
            },
        };
        // The journal says where the root lies from the top.
        let state = state.and_then(|state| match tree.top().join(tree.prefix()) == tree.root {
            true => Ok(state),
            false => Err(OUTSIDE),
        });
        let lock = match lock {
            Some(lock) => lock,
            None => match File::open(&tree.root) {
                Ok(folder) => lock::wait(folder, doing)?,
                Err(_) => None,
            },
        };
        let recovered = match &state {
            Ok(folder) => {
                sweep(folder, tree.top());
                recover(folder, tree.top())?
            }
            Err(_) => None,
        };
        Ok(Self { root: tree.root.clone(), prefix: tree.prefix(), state, lock, recovered })
    }

    /// Puts right what an earlier program left unfinished in `tree`, if one did. Nobody is waited for: where another program is
    /// writing, there is nothing to do.
    ///
    /// # Errors
    /// Where it cannot be put right, with what to do.
    pub fn recover(tree: &Tree) -> Result<Option<Recovered>> {
        let Some(folder) = tree.git_folder().map(|git| git.join("pmkit")) else { return Ok(None) };
        if !Journal::is_in(&folder) {
            return Ok(None);
        }
        let file = lock::open(&folder, LOCK).map_err(|error| {
            Error::new(format!(
                "an earlier pmkit stopped halfway, and cannot be gone on with: {}",
                plain(&error)
            ))
            .help("make the git directory writable, and run any pmkit command")
        })?;
        match lock::ask(file) {
            // Where nothing can be locked the journal may be that of a program at work: whoever writes next looks after it.
            Asked::Busy | Asked::Impossible => Ok(None),
            Asked::Held(_) => recover(&folder, tree.top()),
        }
    }

    /// Carries `changes` out, all of them or none, and returns the paths written. `command` is what a person typed, without the
    /// program's name, for whoever has to finish it.
    ///
    /// # Errors
    /// Where a file cannot be written, has changed since the change was planned, or lies behind a link that leads out of the
    /// tree; several, where there is no git directory to keep a journal in.
    pub fn carry_out(&self, command: &str, changes: &[Change]) -> Result<Vec<String>> {
        let _shield = Shield::raise();
        self.check(changes)?;
        let names = format!("{:016x}", RandomState::new().hash_one(0));
        let journal = Journal::new(command, &self.prefix, changes, &names);
        match changes {
            [] => {}
            [Change::Create { .. } | Change::Edit { .. }] => self.put_one(&journal)?,
            _ => self.put_all(&journal)?,
        }
        Ok(changes.iter().map(|change| change.path().to_owned()).collect())
    }

    /// Makes sure of everything that can be known beforehand.
    fn check(&self, changes: &[Change]) -> Result<()> {
        let mut taken = BTreeSet::new();
        for change in changes {
            let (to, before) = (change.path(), change.before());
            let moved = before.is_none_or(|(from, _)| from != to);
            if moved {
                free(&self.root.join(to), to)?;
            }
            if let Some((from, text)) = before {
                let place = self.root.join(from);
                if moved && place.is_symlink() {
                    return Err(Error::new(format!("{from} is a link; nothing was written"))
                        .help("replace the link by the file it leads to"));
                }
                writable(&place, from)?;
                unchanged(&place, from, text)?;
            }
            let paths = std::iter::once(to).chain(before.map(|(from, _)| from).filter(|_| moved));
            for path in paths {
                if !taken.insert(path) {
                    return Err(Error::new(format!(
                        "{path} would be changed twice at once; nothing was written"
                    )));
                }
            }
        }
        Ok(())
    }

    /// Writes the one file of `journal`, which needs none. A note says where the temporary file lies, should we die.
    fn put_one(&self, journal: &Journal) -> Result<()> {
        let Some(step) = journal.steps.first() else { return Ok(()) };
        let note = self.state.as_ref().ok().map(|folder| folder.join(NOTE));
        if let Some(note) = &note {
            let text = format!("{}{}\n{}\n", self.prefix, step.to, step.temporary);
            // Without it only a temporary file may be left over.
            let _ = fs::write(note, text);
        }
        let done = step.carry_out(&self.root);
        if let Some(note) = &note {
            let _ = fs::remove_file(note);
        }
        done
    }

    /// Writes all files of `journal` or none.
    fn put_all(&self, journal: &Journal) -> Result<()> {
        let folder = self.state.as_ref().map_err(|why| {
            Error::new(format!("{why}; several files are written as one step, or not at all")).help(
                match *why {
                    WITHOUT_GIT => "make it a repository: git init; or change one file at a time",
                    READ_ONLY => "make it writable",
                    _ => "work in the repository itself",
                },
            )
        })?;
        journal.keep(folder).map_err(|error| {
            Error::new(format!(
                "cannot keep a journal in {}: {}; nothing was written",
                folder.display(),
                plain(&error)
            ))
        })?;
        let mut laid_out: Vec<(Spot, NamedTempFile)> = Vec::new();
        for step in &journal.steps {
            match step.lay_out(&self.root) {
                Ok(file) => laid_out.push(file),
                Err(error) => {
                    drop(laid_out);
                    return Err(forget(folder, error));
                }
            }
        }
        let mut spots = BTreeSet::new();
        for (at, (spot, file)) in laid_out.into_iter().enumerate() {
            if let Err(error) = journal.steps[at].put(&self.root, &spot, file) {
                return Err(match journal.undo(&self.root, at) {
                    Ok(()) => forget(folder, error),
                    Err(why) => error
                        .help(format!("some files are written already, and cannot be put back: {why}"))
                        .help("once that is mended, any pmkit command goes on with it"),
                });
            }
            spots.insert(spot.folder.clone());
        }
        for folder in spots {
            Spot { place: folder.clone(), folder }.settle();
        }
        // What is done is done: a journal that cannot be taken away is found to be finished by the next command.
        let _ = Journal::drop_from(folder);
        Ok(())
    }
}

const WITHOUT_GIT: &str = "there is no git directory to keep a journal in";
const OUTSIDE: &str = "the records lie outside the repository that would keep the journal";
const READ_ONLY: &str = "the git directory cannot be written to, and the journal is kept there";

/// Takes the journal away of what came to nothing, for the reason `error`.
fn forget(folder: &Path, error: Error) -> Error {
    match Journal::drop_from(folder) {
        Ok(()) => error,
        // Nothing was written: the next command sees that and takes it away.
        Err(_) => error.help("the journal could not be taken away; the next pmkit command does it"),
    }
}

fn recover(folder: &Path, top: &Path) -> Result<Option<Recovered>> {
    let Some(journal) = Journal::read(folder)? else { return Ok(None) };
    let _shield = Shield::raise();
    journal.resolve(folder, top).map(Some)
}

/// Takes away the temporary file of a program that died while it wrote a single file, as its note in `folder` says.
fn sweep(folder: &Path, top: &Path) {
    let _ = fs::remove_file(folder.join(NEW));
    let note = folder.join(NOTE);
    let Ok(text) = fs::read_to_string(&note) else { return };
    let mut lines = text.lines();
    if let (Some(path), Some(name)) = (lines.next(), lines.next())
        && name.starts_with(TEMPORARY)
        && !name.contains(['/', '\\'])
        && let Some(place) = top.join(path).canonicalize().ok().or_else(|| Some(top.join(path)))
        && let Some(beside) = place.parent()
    {
        let _ = fs::remove_file(beside.join(name));
    }
    let _ = fs::remove_file(note);
}
