//! Locks that the system holds for a program and lets go when it dies.

use std::fs;
use std::fs::File;
use std::fs::TryLockError;
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::error::Error;
use crate::error::Result;

/// Held until dropped, or until the program dies.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held for its lock")] File);

/// What asking for a lock came to.
#[derive(Debug)]
pub(super) enum Asked {
    /// It is held.
    Held(#[expect(dead_code, reason = "held for its lock")] Lock),
    /// Somebody else holds it.
    Busy,
    /// There is nothing that could be locked.
    Impossible,
}

const PAUSE: Duration = Duration::from_millis(4);
const WAIT: Duration = Duration::from_secs(10);

impl Lock {
    /// Takes the lock on numbers in the git directory `common`, which all worktrees share; waits up to ten seconds for another
    /// writer.
    ///
    /// # Errors
    /// `Ok(None)` where the directory cannot be written to, so that there is nothing to lock. An error where another
    /// writer holds the lock for longer.
    pub fn on_numbers(common: &Path) -> Result<Option<Self>> {
        match open(&common.join("pmkit"), "numbers.lock") {
            Ok(file) => wait(file, "making a record"),
            Err(_) => Ok(None),
        }
    }
}

/// Opens the file `name` in `folder` for locking; both are made where they are not there.
pub(super) fn open(folder: &Path, name: &str) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    File::options().create(true).truncate(false).write(true).open(folder.join(name))
}

/// Asks for the lock on `file` once.
pub(super) fn ask(file: File) -> Asked {
    match file.try_lock() {
        Ok(()) => Asked::Held(Lock(file)),
        Err(TryLockError::WouldBlock) => Asked::Busy,
        Err(TryLockError::Error(_)) => Asked::Impossible,
    }
}

/// Waits up to ten seconds for the lock on `file`; `Ok(None)` where the system cannot lock it. `doing` says what whoever holds
/// it is at.
pub(super) fn wait(file: File, doing: &str) -> Result<Option<Lock>> {
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(Lock(file))),
            Err(TryLockError::WouldBlock) if waited < WAIT => {
                thread::sleep(PAUSE);
                waited += PAUSE;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(format!("another pmkit has been {doing} here for ten seconds"))
                    .help("wait for it to end, or look for one that hangs"));
            }
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
}
