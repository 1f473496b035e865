//! `pmkit lint --write-baseline`

use std::io;
use std::io::Write;

use pmkit::change::Change;
use pmkit::config::BASELINE_FILE;
use pmkit::config::Baseline;
use pmkit::fs::Door;
use pmkit::lint;

use crate::args::Common;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Place;

/// Writes down what was found; where something is written down already, takes out what is no longer found.
pub(crate) fn write_baseline(
    place: &Place,
    common: &Common,
    door: Option<&Door>,
    found: &lint::Lint,
) -> Result<u8, Failure> {
    let now =
        Baseline::of(found.diagnostics.iter().map(|found| (found.rule, found.path.as_str(), 1 + found.more)));
    let known = &place.config.baseline;
    let path = BASELINE_FILE.to_owned();
    let (after, change) = match known.source() {
        None if now.total() == 0 => (now, None),
        None => (now.clone(), Some(Change::Create { path, text: now.text() })),
        Some(before) => {
            let after = known.lowered_to(&now);
            let text = after.text();
            let before = before.to_owned();
            let edit = (text != before).then_some(Change::Edit { path, before, after: text });
            (after, edit)
        }
    };
    if let (Some(change), Some(door)) = (&change, door) {
        door.carry_out("lint --write-baseline", std::slice::from_ref(change))?;
    }
    if common.quiet {
        return Ok(FINE);
    }
    let mut err = io::stderr();
    let count = |many: usize| if many == 1 { "1 finding".to_owned() } else { format!("{many} findings") };
    // Talk goes to stderr; where that is gone there is nobody to tell.
    let _ = match &change {
        None if known.source().is_none() => {
            writeln!(err, "nothing to write down: nothing was found")
        }
        None => writeln!(err, "{BASELINE_FILE} is as it should be: {}", count(after.total())),
        Some(Change::Create { .. }) => {
            writeln!(
                err,
                "{} written down in {BASELINE_FILE}; what is new from now on is told",
                count(after.total())
            )
        }
        Some(_) => {
            let out = known.total().saturating_sub(after.total());
            writeln!(err, "{} taken out of {BASELINE_FILE}, {} left", count(out), after.total())
        }
    };
    let all: usize = found.diagnostics.iter().map(|found| 1 + found.more).sum();
    let new = all.saturating_sub(after.total());
    if new > 0 {
        let _ = writeln!(
            err,
            "{} not in it, and not taken in; see them: pmkit lint",
            if new == 1 { "1 finding is".to_owned() } else { format!("{new} findings are") }
        );
    }
    if after.total() == 0 && change.is_some() {
        let _ = writeln!(err, "nothing is left in it: delete it");
    }
    Ok(FINE)
}
