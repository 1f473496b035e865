//! What becomes of planned changes: they are told, shown, or written and, where that is wanted, committed.

use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::change::Change;
use pmkit::error::Error;
use pmkit::fs::Door;
use pmkit::report;
use pmkit::text::visible;

use crate::args::Common;
use crate::args::Writing;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

/// Changes that belong together.
pub(crate) struct Plan {
    /// What is to be written.
    pub(crate) changes: Vec<Change>,
    /// What that means, a line each, for people.
    pub(crate) told: Vec<String>,
    /// What the commit says, its first line short.
    #[allow(dead_code, reason = "read where a commit is made")]
    pub(crate) message: String,
}

/// Does with `plan` what `writing` asks for. The door may be left out where nothing is written.
pub(crate) fn carry<'d>(
    place: &Place,
    common: &Common,
    door: impl Into<Option<&'d Door>>,
    writing: &Writing,
    plan: &Plan,
) -> Result<u8, Failure> {
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let mut out = BufWriter::new(stdout(look));
    if writing.diff {
        for change in &plan.changes {
            let (from, before) = change.before().unwrap_or((change.path(), ""));
            report::moved_diff(from, change.path(), before, change.after(), look, &mut out)?;
        }
        out.flush()?;
        return Ok(FINE);
    }
    if writing.commit {
        return Err(Error::new("--commit is not there yet").into());
    }
    if let Some(door) = door.into().filter(|_| !writing.dry_run) {
        door.carry_out(plan.message.lines().next().unwrap_or_default(), &plan.changes)?;
    }
    for line in &plan.told {
        writeln!(out, "{}", visible(line))?;
    }
    out.flush()?;
    Ok(FINE)
}
