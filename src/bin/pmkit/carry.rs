//! What becomes of planned changes: they are told, shown, or written and, where that is wanted, committed.

use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::change::Change;
use pmkit::error::Error;
use pmkit::fs::Door;
use pmkit::report;
use pmkit::revise::Revised;
use pmkit::text::visible;

use crate::args::Common;
use crate::args::Writing;
use crate::commit;
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
    pub(crate) message: String,
}

/// Does with `revised` what `writing` asks for; `message` is what a commit says.
pub(crate) fn revise(
    place: &Place,
    common: &Common,
    door: Option<&Door>,
    writing: &Writing,
    revised: &Revised,
    message: String,
) -> Result<u8, Failure> {
    if !revised.changes.is_empty() {
        let plan = Plan { changes: revised.changes.clone(), told: revised.told(), message };
        carry(place, common, door, writing, &plan)?;
    }
    if !common.quiet {
        // Talk that cannot be heard is no failure: what was to be written is.
        let mut err = io::stderr().lock();
        for note in &revised.notes {
            let _ = writeln!(err, "{}", visible(note));
        }
        if revised.changes.is_empty() {
            let _ = writeln!(err, "nothing to change");
        }
    }
    Ok(FINE)
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
    let commit = match writing.commit {
        true => Some(commit::prepare(place, plan)?),
        false => None,
    };
    if let Some(door) = door.into().filter(|_| writing.writes()) {
        door.carry_out(plan.message.lines().next().unwrap_or_default(), &plan.changes)?;
    }
    // Whether anybody listens to the lines below is of no matter to the commit.
    let made = commit.map(|commit| commit.make().map_err(|why| commit::failed(place, plan, &why)));
    let mut tell = || -> io::Result<()> {
        plan.told.iter().try_for_each(|line| writeln!(out, "{}", visible(line)))?;
        out.flush()
    };
    let told = tell();
    let made = made.transpose()?;
    match told {
        // A reader that goes away has read enough.
        Err(error) if writing.writes() && error.kind() != io::ErrorKind::BrokenPipe => {
            let (done, look) = match made {
                Some(_) => ("written and committed", "git show"),
                None => ("written", "git diff"),
            };
            let error = Error::new(format!("what was changed is {done}, and cannot be told: {error}"));
            return Err(error.help(format!("look at it: {look}")).into());
        }
        told => told?,
    }
    if let Some(made) = made
        && !common.quiet
    {
        let _ = writeln!(io::stderr(), "committed {made}");
    }
    Ok(FINE)
}
