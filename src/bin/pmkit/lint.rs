//! `pmkit lint`

use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::change::Change;
use pmkit::diagnostic::Level;
use pmkit::error::Error;
use pmkit::fs::Door;
use pmkit::lint;
use pmkit::lint::Mended;
use pmkit::lint::Overlay;
use pmkit::lint::Told;
use pmkit::lint::mend;
use pmkit::report;
use pmkit::rules;
use pmkit::text::nearest;

use crate::args::Common;
use crate::args::Lint;
use crate::base::Base;
use crate::check::Check;
use crate::check::Known;
use crate::check::Seen;
use crate::check::text_of;
use crate::forms;
use crate::outcome::FINDINGS;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Place;
use crate::place::stdout;
use crate::selection::Selection;
use crate::terminal;
use crate::write_baseline::write_baseline;

pub(crate) fn run(common: &Common, options: &Lint) -> Result<u8, Failure> {
    if options.unsafe_too && !options.fix && !options.diff {
        return Err(Error::new("--unsafe says how far --fix or --diff may go")
            .help("add one of them; look first: pmkit lint --diff --unsafe")
            .into());
    }
    let mut place = match (&options.base, options.staged) {
        (Some(_), staged) => Place::open_for_change(common, staged)?,
        (None, true) => Place::open_staged(common)?,
        (None, false) => Place::open(common)?,
    };
    let base = match &options.base {
        Some(name) => Some(Base::open(&mut place, common, name, options.policy, "lint --base")?),
        None => None,
    };
    // A bare repository may be asked to be mended where nothing is to be mended.
    let writes = (options.fix && !place.is_bare()) || options.write_baseline;
    let door = if writes { Some(place.door()?) } else { None };
    let files = place.files()?;
    let mut paths = files.paths();
    let selection = Selection::new(&place, common, options, &mut paths)?;
    let told = told(options)?;
    let baseline = !options.no_baseline && !options.write_baseline;
    let check = Check {
        place: &place,
        base: base.as_ref(),
        files: &files,
        paths: &paths,
        selection: &selection,
        told: &told,
        baseline,
    };
    check.with(|known| finish(common, options, &check, known, door.as_ref()))
}

/// Runs the rules, mends what is to be mended, and writes what was found.
fn finish(
    common: &Common,
    options: &Lint,
    check: &Check<'_>,
    known: &Known<'_>,
    door: Option<&Door>,
) -> Result<u8, Failure> {
    let Check { place, base, files, paths, .. } = *check;
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let seen = Seen::default();
    let fixes = options.fix || options.diff;
    let look_at = |overlay: &Overlay| known.look(overlay, fixes.then_some(&seen));
    let nothing = |found: &lint::Lint| {
        let is_record = |path: &String| place.config.kinds.first_claim(path).is_some();
        let nothing = if base.is_some() { !paths.iter().any(is_record) } else { found.summary.records == 0 };
        if nothing && !common.quiet {
            nothing_checked(place, options);
        }
    };
    if options.write_baseline {
        return write_baseline(place, common, door, &look_at(&Overlay::new())?);
    }
    let as_it_is = |path: &str| seen.text(files, path);
    let Mended { overlay, lint: found, count: mended } = if fixes {
        mend(options.unsafe_too, look_at, as_it_is)?
    } else {
        Mended { overlay: Overlay::new(), lint: look_at(&Overlay::new())?, count: 0 }
    };
    if options.diff {
        let mut out = BufWriter::new(stdout(look));
        for (path, after) in &overlay {
            if let Some(before) = as_it_is(path) {
                report::diff(path, &before, after, look, &mut out)?;
            }
        }
        out.flush()?;
        say(common, mended, "would be mended");
        nothing(&found);
        let left = found.summary.deny > 0 || !overlay.is_empty();
        return Ok(if left && !options.exit_zero { FINDINGS } else { FINE });
    }
    write_fixes(place, door, &as_it_is, &overlay)?;
    let sources = |path: &str| text_of(files, &place.prefix, &overlay, path);
    forms::write(options.format, &options.reports, common, look, &|form, look, out| {
        report::lint(form, &found, &sources, look, out)
    })?;
    if options.fix {
        say(common, mended, "mended");
    }
    nothing(&found);
    Ok(if found.summary.deny > 0 && !options.exit_zero { FINDINGS } else { FINE })
}

/// Writes the texts that fixes have changed; `as_it_is` says what they were made from.
fn write_fixes(
    place: &Place,
    door: Option<&Door>,
    as_it_is: &impl Fn(&str) -> Option<String>,
    overlay: &Overlay,
) -> Result<(), Error> {
    let mut changes = Vec::new();
    for (path, after) in overlay {
        let gone = || Error::new(format!("{path} cannot be read any more; nothing was written"));
        let before = as_it_is(path).ok_or_else(gone)?;
        if before != *after {
            changes.push(Change::Edit { path: path.clone(), before, after: after.clone() });
        }
    }
    match door {
        Some(door) => door.carry_out("lint --fix", &changes).map(|_| ()),
        None if changes.is_empty() => Ok(()),
        None => place.writable().map(|_| ()),
    }
}

fn say(common: &Common, mended: usize, what: &str) {
    if !common.quiet {
        let count = if mended == 1 { "1 finding".to_owned() } else { format!("{mended} findings") };
        // Talk goes to stderr; where that is gone there is nobody to tell.
        let _ = writeln!(io::stderr(), "{count} {what}");
    }
}

/// Reads the levels given on the command line.
fn told(options: &Lint) -> Result<Told, Error> {
    let mut told = Told::default();
    for (given, level) in
        [(&options.allow, Level::Allow), (&options.warn, Level::Warn), (&options.deny, Level::Deny)]
    {
        for name in given {
            if name == "warnings" && level == Level::Deny {
                told.deny_warnings = true;
                continue;
            }
            let Some(rule) = rules::find(name) else {
                let error = Error::new(format!("there is no rule `{name}`, given with --{}", level.name()));
                return Err(match nearest(name, rules::names()) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help("see the rules there are: pmkit rules"),
                });
            };
            if told.rules.iter().any(|(known, before)| known == rule.id && *before != level) {
                return Err(Error::new(format!("`{name}` is given two levels"))
                    .help("keep one of --allow, --warn and --deny"));
            }
            told.rules.push((rule.id.to_owned(), level));
        }
    }
    Ok(told)
}

/// Says why nothing was checked: a lint that looks at nothing must not look like one that found nothing.
fn nothing_checked(place: &Place, options: &Lint) {
    let mut err = io::stderr();
    let _ = if options.paths.is_empty() {
        let folders = place.record_folders();
        writeln!(
            err,
            "no records: no file matches a kind's path (looked in {folders})\nmake one: pmkit new risk \"…\"; see where they lie: pmkit kinds"
        )
    } else {
        writeln!(err, "nothing checked: no record lies under these paths; see where they lie: pmkit kinds")
    };
}
