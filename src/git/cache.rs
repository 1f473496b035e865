//! What was read of history, kept in the git directory for the next run. It may be deleted at any time: whatever does not
//! fit, by format, kinds or checksum, is as if it were not there.

use std::fs;
use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use crate::config::Config;
use crate::history::Commit;
use crate::history::Event;
use crate::history::Followed;
use crate::history::Oid;

/// Counted up whenever the same history would be kept in another form, or read to say something else.
const FORMAT: u32 = 2;

/// The record of some commit.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Saved {
    /// The commit; `None` before the first.
    pub(super) head: Option<Oid>,
    pub(super) followed: Followed,
    pub(super) events: Vec<Event>,
    pub(super) commits: Vec<Commit>,
}

/// Where the record of one set of kinds is kept.
pub(super) struct Cache {
    file: PathBuf,
}

impl Cache {
    /// Returns the place in the git directory `common` for the record of the kinds of `config` below `prefix`.
    pub(super) fn new(common: &Path, config: &Config, prefix: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (FORMAT, env!("CARGO_PKG_VERSION"), prefix).hash(&mut hasher);
        for kind in config.kinds.all() {
            (&kind.id, &kind.source, kind.path.as_str()).hash(&mut hasher);
        }
        Self { file: common.join("pmkit").join(format!("history-{:016x}", hasher.finish())) }
    }

    /// Returns what is kept, where it is whole.
    pub(super) fn load(&self) -> Option<Saved> {
        let bytes = fs::read(&self.file).ok()?;
        let (body, sum) = bytes.split_last_chunk::<8>()?;
        if checksum(body) != u64::from_le_bytes(*sum) {
            return None;
        }
        postcard::from_bytes(body).ok()
    }

    /// Keeps `saved`. Two runs may do so at once: each writes a file of its own, and the last rename stays. Where nothing
    /// can be written nothing is kept.
    pub(super) fn store(&self, saved: &Saved) {
        let Ok(mut bytes) = postcard::to_stdvec(saved) else { return };
        bytes.extend_from_slice(&checksum(&bytes).to_le_bytes());
        let write = || -> std::io::Result<()> {
            let folder = self.file.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            let mut file = tempfile::Builder::new().prefix(".history-").tempfile_in(folder)?;
            file.write_all(&bytes)?;
            file.persist(&self.file)?;
            Ok(())
        };
        let _ = write();
    }
}

fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}
