//! The journal: what several files are to become in one step, kept in the git directory until they are.
//!
//! It is on the disk before the first of the files is touched. Whoever finds one left behind finishes what was begun, or, where
//! nothing was begun, takes away what was laid out for it.

use std::fs;
use std::fs::File;
use std::io;
use std::io::ErrorKind;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use super::tree::plain;
use super::write::Spot;
use super::write::TEMPORARY;
use super::write::put_new;
use super::write::put_over;
use super::write::stage;
use super::write::take_away;
use crate::change::Change;
use crate::error::Error;
use crate::error::Result;

/// The form of the file. A newer one is left to the program that wrote it.
const SCHEMA: &str = "pmkit.journal/1";

/// The name of the journal in pmkit's folder of the git directory.
const NAME: &str = "journal.json";

/// Its name while it is written.
pub(super) const NEW: &str = "journal.new";

/// Several changes that are one step.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    schema: String,
    /// The command that was at it.
    pub(super) command: String,
    /// Where the root lies below the working tree's top, with `/` at the end.
    pub(super) prefix: String,
    pub(super) steps: Vec<Step>,
}

/// One of them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Step {
    /// The path and text of the file as it was; `None` where there was none.
    from: Option<(String, String)>,
    /// The path it gets.
    pub(super) to: String,
    /// The text it gets.
    text: String,
    /// The name of the temporary file, which lies beside that path.
    pub(super) temporary: String,
}

/// How far a step has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing of it is done.
    Begun,
    /// The new file is there, and so is the old one in its other place.
    Half,
    Done,
    /// Somebody has changed the file since.
    Foreign,
}

/// What became of a journal that was left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recovered {
    /// Nothing had been written, and nothing is left of it.
    Dropped(String),
    /// What it had begun was written to the end.
    Finished(String, usize),
}

impl Journal {
    pub(super) fn new(command: &str, prefix: &str, changes: &[Change], names: &str) -> Self {
        let steps = changes.iter().enumerate().map(|(at, change)| Step {
            from: change.before().map(|(path, text)| (path.to_owned(), text.to_owned())),
            to: change.path().to_owned(),
            text: change.after().to_owned(),
            temporary: format!("{TEMPORARY}{names}-{at}"),
        });
        Self {
            schema: SCHEMA.to_owned(),
            command: command.to_owned(),
            prefix: prefix.to_owned(),
            steps: steps.collect(),
        }
    }

    /// Says whether one may lie in `folder`.
    pub(super) fn is_in(folder: &Path) -> bool {
        folder.join(NAME).symlink_metadata().is_ok()
    }

    /// Keeps the journal in `folder`, on the disk when this returns.
    pub(super) fn keep(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_vec(self)?;
        // The name is always the same: whoever dies here leaves one file, which the next one writes over.
        let new = folder.join(NEW);
        let write = || {
            let mut file = File::create(&new)?;
            file.write_all(&text)?;
            file.sync_all()?;
            fs::rename(&new, folder.join(NAME))
        };
        write().inspect_err(|_| {
            let _ = fs::remove_file(&new);
        })?;
        Spot { folder: folder.to_owned(), place: folder.join(NAME) }.settle();
        Ok(())
    }

    /// Takes the journal out of `folder`.
    pub(super) fn drop_from(folder: &Path) -> io::Result<()> {
        fs::remove_file(folder.join(NAME))
    }

    /// Reads the journal in `folder`; `Ok(None)` where there is none.
    ///
    /// # Errors
    /// Where it cannot be read, with what to do about it.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>> {
        let file = folder.join(NAME);
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Error::new(format!(
                    "an earlier pmkit stopped halfway, and its journal {} cannot be read: {}",
                    file.display(),
                    plain(&error)
                ))
                .help("look at its permissions"));
            }
        };
        #[derive(Deserialize)]
        struct Form {
            schema: String,
        }
        let form = serde_json::from_slice::<Form>(&bytes).map(|form| form.schema);
        if let Ok(form) =
            form.as_deref().map(|form| form.split('/').next_back().unwrap_or_default().to_owned())
            && form.parse::<u32>().is_ok_and(|form| form > 1)
        {
            return Err(Error::new(format!(
                "a newer pmkit stopped halfway and left its journal, {}",
                file.display()
            ))
            .help("run that pmkit here once, as in pmkit lint: it finishes what was begun")
            .help("or, to keep all files as they are now, delete the journal"));
        }
        serde_json::from_slice(&bytes).map(Some).map_err(|_| {
            Error::new(format!("{} is no journal that can be read", file.display()))
                .help("to keep all files as they are now, delete it")
        })
    }

    /// Finishes what the journal, which lies in `folder`, says of the tree with the top `top`, or takes away what was laid out
    /// for it where nothing was begun.
    ///
    /// # Errors
    /// Where files have been changed since, with what to do, or cannot be written.
    pub(super) fn resolve(&self, folder: &Path, top: &Path) -> Result<Recovered> {
        let root = top.join(&self.prefix);
        let states: Vec<State> = self.steps.iter().map(|step| step.state(&root)).collect();
        let begun = states.iter().any(|state| matches!(state, State::Done | State::Half));
        if begun && states.contains(&State::Foreign) {
            return Err(self.contested(&states, folder));
        }
        for step in &self.steps {
            step.sweep(&root);
        }
        let stopped = |error: Error| {
            error.help(format!(
                "`{}` was stopped halfway: pmkit goes on with it once this is mended",
                self.command
            ))
        };
        let ended = if begun {
            for (step, state) in self.steps.iter().zip(&states) {
                step.finish(&root, *state).map_err(stopped)?;
            }
            Recovered::Finished(self.command.clone(), self.steps.len())
        } else {
            Recovered::Dropped(self.command.clone())
        };
        Self::drop_from(folder).map_err(|error| {
            Error::new(format!("cannot remove {}: {}", folder.join(NAME).display(), plain(&error)))
        })?;
        Ok(ended)
    }

    /// Returns the error of a step that is half done, where some of its files were changed since.
    fn contested(&self, states: &[State], folder: &Path) -> Error {
        let of = |wanted: fn(&State) -> bool| -> String {
            let steps = self.steps.iter().zip(states).filter(|(_, state)| wanted(state));
            let paths: Vec<&str> = steps.map(|(step, _)| step.to.as_str()).collect();
            paths.join(", ")
        };
        let foreign = of(|state| *state == State::Foreign);
        let error = Error::new(format!(
            "`{}` was stopped halfway, and since then somebody has changed {foreign}",
            self.command
        ))
        .help(format!("written already: {}", of(|state| matches!(state, State::Done | State::Half))));
        let left = of(|state| *state == State::Begun);
        let error = if left.is_empty() { error } else { error.help(format!("not written yet: {left}")) };
        error
            .help(format!(
                "to have it finished, bring back the old text of {foreign}, and run any pmkit command"
            ))
            .help(format!("to keep all files as they are now, delete {}", folder.join(NAME).display()))
    }

    /// Undoes the first `count` steps, the last of them first, and what the next one may have begun.
    ///
    /// # Errors
    /// Where a file cannot be written, or was changed since.
    pub(super) fn undo(&self, root: &Path, count: usize) -> Result<()> {
        if let Some(half) = self.steps.get(count).filter(|step| step.state(root) == State::Half) {
            half.undo(root)?;
        }
        self.steps[..count].iter().rev().try_for_each(|step| step.undo(root))
    }
}

impl Step {
    fn state(&self, root: &Path) -> State {
        let holds =
            |path: &str, text: &str| fs::read(root.join(path)).is_ok_and(|bytes| bytes == text.as_bytes());
        let gone = |path: &str| root.join(path).symlink_metadata().is_err();
        let written = holds(&self.to, &self.text);
        match &self.from {
            None if written => State::Done,
            None if gone(&self.to) => State::Begun,
            Some((from, before)) if *from == self.to && holds(from, before) => State::Begun,
            Some((from, _)) if *from == self.to && written => State::Done,
            Some((from, before)) if *from != self.to => {
                match (holds(from, before), gone(from), written, gone(&self.to)) {
                    (true, _, _, true) => State::Begun,
                    (true, _, true, _) => State::Half,
                    (_, true, true, _) => State::Done,
                    _ => State::Foreign,
                }
            }
            _ => State::Foreign,
        }
    }

    /// Takes the temporary file away, where it was left.
    fn sweep(&self, root: &Path) {
        if let Some(folder) = root.join(&self.to).parent()
            && self.temporary.starts_with(TEMPORARY)
            && !self.temporary.contains(['/', '\\'])
        {
            let _ = fs::remove_file(folder.join(&self.temporary));
        }
    }

    fn finish(&self, root: &Path, state: State) -> Result<()> {
        if state == State::Begun {
            return self.carry_out(root);
        }
        match &self.from {
            Some((from, before)) if *from != self.to && state != State::Done => {
                let old = Spot::of(root, from)?;
                take_away(&old, from, before)?;
                old.settle();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn undo(&self, root: &Path) -> Result<()> {
        let spot = Spot::of(root, &self.to)?;
        match &self.from {
            None => take_away(&spot, &self.to, &self.text)?,
            Some((from, before)) => {
                if self.state(root) == State::Done {
                    let back = if *from == self.to { spot.clone() } else { Spot::for_new(root, from)? };
                    let file = stage(&back, &self.temporary, before, Some(&spot.place))?;
                    if *from == self.to {
                        put_over(file, &back, from, &self.text)?;
                    } else {
                        put_new(file, &back, from)?;
                    }
                    back.settle();
                }
                if *from != self.to {
                    take_away(&spot, &self.to, &self.text)?;
                }
            }
        }
        spot.settle();
        Ok(())
    }

    /// Returns where the new file goes.
    fn spot(&self, root: &Path) -> Result<Spot> {
        match &self.from {
            Some((from, _)) if *from == self.to => Spot::of(root, from),
            _ => Spot::for_new(root, &self.to),
        }
    }

    /// Does the whole step.
    pub(super) fn carry_out(&self, root: &Path) -> Result<()> {
        let (spot, file) = self.lay_out(root)?;
        self.put(root, &spot, file)?;
        spot.settle();
        Ok(())
    }

    /// Lays the new file out beside its place, under its temporary name.
    pub(super) fn lay_out(&self, root: &Path) -> Result<(Spot, tempfile::NamedTempFile)> {
        let spot = self.spot(root)?;
        let like: Option<PathBuf> = self.from.as_ref().map(|(from, _)| root.join(from));
        let file = stage(&spot, &self.temporary, &self.text, like.as_deref())?;
        Ok((spot, file))
    }

    /// Puts what was laid out in its place, and takes the old file away where that is another one.
    pub(super) fn put(&self, root: &Path, spot: &Spot, file: tempfile::NamedTempFile) -> Result<()> {
        match &self.from {
            None => put_new(file, spot, &self.to),
            Some((from, before)) if *from == self.to => put_over(file, spot, &self.to, before),
            Some((from, before)) => {
                let old = Spot::of(root, from)?;
                super::write::unchanged(&old.place, from, before)?;
                put_new(file, spot, &self.to)?;
                // The new name must be on the disk before the old one goes.
                spot.settle();
                take_away(&old, from, before).inspect_err(|_| {
                    // Whoever saved the old one in this moment keeps it, and nobody gets two.
                    let _ = take_away(spot, &self.to, &self.text);
                })?;
                old.settle();
                Ok(())
            }
        }
    }
}
