//! The lock on numbers: of all who make records in one repository, in whichever worktree, one at a time.

use std::fs;
use std::fs::File;
use std::fs::TryLockError;
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::error::Error;
use crate::error::Result;

/// Held while a number is chosen and its file written; let go when dropped, or by the system when the program dies.
#[derive(Debug)]
pub struct NumberLock(#[expect(dead_code, reason = "held for its lock")] File);

const PAUSE: Duration = Duration::from_millis(4);
const WAIT: Duration = Duration::from_secs(10);

impl NumberLock {
    /// Takes the lock in the git directory `common`; waits up to ten seconds for another writer.
    ///
    /// # Errors
    /// `Ok(None)` where the directory cannot be written to, so that there is nothing to lock. An error where another
    /// writer holds the lock for longer.
    pub fn take(common: &Path) -> Result<Option<Self>> {
        let folder = common.join("pmkit");
        let open = || {
            fs::create_dir_all(&folder)?;
            File::options().create(true).truncate(false).write(true).open(folder.join("numbers.lock"))
        };
        let Ok(file) = open() else { return Ok(None) };
        Self::wait(file)
    }

    /// Takes the lock on a folder itself, for trees without a repository.
    ///
    /// # Errors
    /// As [`NumberLock::take`]; `Ok(None)` where the system cannot lock folders.
    pub fn take_folder(folder: &Path) -> Result<Option<Self>> {
        let Ok(file) = File::open(folder) else { return Ok(None) };
        Self::wait(file)
    }

    fn wait(file: File) -> Result<Option<Self>> {
        let mut waited = Duration::ZERO;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Self(file))),
                Err(TryLockError::WouldBlock) if waited < WAIT => {
                    thread::sleep(PAUSE);
                    waited += PAUSE;
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::new("another pmkit has been making a record here for ten seconds")
                        .help("wait for it to end, or look for one that hangs"));
                }
                Err(TryLockError::Error(_)) => return Ok(None),
            }
        }
    }
}
