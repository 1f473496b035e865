//! `pmkit lint`

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::sync::Mutex;
use std::sync::PoisonError;

use clap::ValueEnum;

use pmkit::change::Change;
use pmkit::config::BASELINE_FILE;
use pmkit::config::Baseline;
use pmkit::diagnostic::Level;
use pmkit::error::Error;
use pmkit::fs::Door;
use pmkit::history::Timelines;
use pmkit::lint;
use pmkit::lint::Mended;
use pmkit::lint::Overlay;
use pmkit::lint::Pair;
use pmkit::lint::Request;
use pmkit::lint::Told;
use pmkit::lint::View;
use pmkit::lint::mend;
use pmkit::report;
use pmkit::report::LintFormat;
use pmkit::rules;
use pmkit::rules::Activity;
use pmkit::rules::Decided;
use pmkit::rules::Elsewhere;
use pmkit::text::nearest;
use pmkit::text::visible;
use pmkit::workspace::Around;
use pmkit::workspace::Inputs;

use crate::args::Common;
use crate::args::Format;
use crate::args::Lint;
use crate::base::Base;
use crate::doings::Doings;
use crate::outcome::FINDINGS;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::past::Past;
use crate::past::decided;
use crate::past::decided_by_end;
use crate::past::elsewhere;
use crate::place::Files;
use crate::place::Place;
use crate::place::stdout;
use crate::selection::Selection;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Lint) -> Result<u8, Failure> {
    if options.unsafe_too && !options.fix && !options.diff {
        return Err(Error::new("--unsafe says how far --fix or --diff may go")
            .help("add one of them; look first: pmkit lint --diff --unsafe")
            .into());
    }
    let mut place = if options.staged { Place::open_staged(common)? } else { Place::open(common)? };
    let base = match &options.base {
        Some(name) => Some(Base::open(&mut place, common, name)?),
        None => None,
    };
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    // A bare repository may be asked to be mended where nothing is to be mended.
    let writes = (options.fix && !place.is_bare()) || options.write_baseline;
    let door = if writes { Some(place.door()?) } else { None };
    let files = place.files()?;
    let mut paths = files.paths();
    let selection = Selection::new(&place, common, options, &mut paths)?;
    let told = told(options)?;
    let (pairs, beside) = match &base {
        Some(base) => base.differing(&place, &files, &paths)?,
        None => (Vec::new(), Vec::new()),
    };
    let past = match &base {
        Some(base) => Past::of_change(&place, base, &files, &pairs)?,
        None => Past::read(&place),
    };
    let timelines =
        past.history.as_ref().map(|history| Timelines::new(history).followed_to(&paths, &place.config.kinds));
    let timelines = timelines.as_ref();
    let before = past.before.as_ref().map(Timelines::new);
    let old: HashSet<&str> = pairs.iter().filter_map(|(old, _)| old.as_deref()).collect();
    let is_old = |path: &str| old.contains(path);
    let (decided, unread) = match &base {
        Some(_) => decided_by_end(&place, timelines, &past.texts),
        None => decided(&place, &files, &paths, timelines),
    };
    let (decided_before, _) = decided_by_end(&place, before.as_ref(), &past.texts);
    let elsewhere =
        elsewhere(&place, &paths, timelines, before.as_ref(), base.as_ref().map(|base| (base, &pairs[..])))?;
    let doings = Doings::new(&place, &files, timelines, base.is_some());
    let baseline = !options.no_baseline && !options.write_baseline;
    let seen = Seen::default();
    let fixes = options.fix || options.diff;
    let against = base.as_ref().map(|base| Against {
        base,
        pairs: &pairs,
        beside: &beside,
        is_old: &is_old,
        past: before.as_ref(),
        decided: &decided_before,
    });
    let asked = Asked {
        told: &told,
        baseline,
        past: timelines,
        decided: &decided,
        elsewhere: &elsewhere,
        against: against.as_ref(),
        doings: &doings,
        seen: fixes.then_some(&seen),
    };
    let unseen = &past.unseen;
    let look_at = |overlay: &Overlay| {
        let mut found = check(&place, &files, &paths, overlay, &selection, asked)?;
        if let Files::Kept(_, conflicts) = &files {
            let open = conflicts.iter().filter(|path| place.config.kinds.first_claim(path).is_some());
            let said = open.map(|path| format!("{}{path}: a merge has left it in conflict", place.prefix));
            found.summary.skipped.extend(said);
        }
        found.summary.skipped.extend(unseen.iter().chain(&unread).cloned());
        if let Some(base) = &base {
            found.summary.skipped.extend(base.told.iter().cloned());
            found.summary.base = Some((base.name.clone(), base.parted.to_string()));
        }
        // What cannot be written to is not offered to be mended: another record's file behind a link, a bare repository; nor
        // is what nobody asked for.
        for diagnostic in &mut found.diagnostics {
            let refused = |path: &str| !files.is_own(path) || !selection.holds(path);
            diagnostic.fix.take_if(|fix| fix.edits.iter().any(|edit| refused(&edit.path)));
        }
        Ok(found)
    };
    if options.write_baseline {
        return write_baseline(&place, common, door.as_ref(), &look_at(&Overlay::new())?);
    }
    let as_it_is = |path: &str| seen.text(&files, path);
    let Mended { overlay, lint: found, count: mended } = if fixes {
        mend(options.unsafe_too, look_at, as_it_is)?
    } else {
        Mended { overlay: Overlay::new(), lint: look_at(&Overlay::new())?, count: 0 }
    };
    let mut out = BufWriter::new(stdout(look));
    if options.diff {
        for (path, after) in &overlay {
            if let Some(before) = as_it_is(path) {
                report::diff(path, &before, after, look, &mut out)?;
            }
        }
        out.flush()?;
        say(common, mended, "would be mended");
        let is_record = |path: &String| place.config.kinds.first_claim(path).is_some();
        let nothing = if base.is_some() { !paths.iter().any(is_record) } else { found.summary.records == 0 };
        if nothing && !common.quiet {
            nothing_checked(&place, options);
        }
        let left = found.summary.deny > 0 || !overlay.is_empty();
        return Ok(if left && !options.exit_zero { FINDINGS } else { FINE });
    }
    write_fixes(&place, door.as_ref(), &as_it_is, &overlay)?;
    let sources = |path: &str| text_of(&files, &overlay, path);
    let formats = formats(options)?;
    for format in &formats {
        report::lint(*format, &found, &sources, look, &mut out)?;
    }
    if formats.len() > 1 {
        summarize(&found, &sources, look);
    }
    out.flush()?;
    if options.fix {
        say(common, mended, "mended");
    }
    let is_record = |path: &String| place.config.kinds.first_claim(path).is_some();
    let nothing = if base.is_some() { !paths.iter().any(is_record) } else { found.summary.records == 0 };
    if nothing && !common.quiet {
        nothing_checked(&place, options);
    }
    Ok(if found.summary.deny > 0 && !options.exit_zero { FINDINGS } else { FINE })
}

/// Writes down what was found; where something is written down already, takes out what is no longer found.
fn write_baseline(
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

/// What is asked of a lint, besides the files.
#[derive(Clone, Copy)]
struct Asked<'a> {
    /// The levels of the command line.
    told: &'a Told,
    /// Whether the baseline counts.
    baseline: bool,
    /// What has happened to the records.
    past: Option<&'a Timelines<'a>>,
    /// How those were that have been decided and changed since.
    decided: &'a BTreeMap<String, Decided>,
    /// What there is on other branches.
    elsewhere: &'a Elsewhere,
    /// What a change is compared with, if that is what is checked.
    against: Option<&'a Against<'a>>,
    /// What people have done of late.
    doings: &'a Doings<'a>,
    /// Where to remember what was read, if it is to be mended.
    seen: Option<&'a Seen>,
}

/// What is asked of a lint about a change.
struct Against<'a> {
    base: &'a Base,
    /// The records that differ.
    pairs: &'a [Pair],
    /// The other files that are gone.
    beside: &'a [String],
    /// Says whether the record that was at a path differs.
    is_old: &'a (dyn Fn(&str) -> bool + Sync),
    /// What had happened to the records before.
    past: Option<&'a Timelines<'a>>,
    /// How those were that had been decided.
    decided: &'a BTreeMap<String, Decided>,
}

/// What was read of the files that findings are about. What mends them must begin with the very same: whoever saves one meanwhile
/// keeps what was saved.
#[derive(Default)]
struct Seen {
    hasher: RandomState,
    hashes: Mutex<HashMap<String, u64>>,
    texts: Mutex<HashMap<String, Option<String>>>,
}

impl Seen {
    fn remember(&self, path: &str, bytes: &[u8]) {
        let mut hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        hashes.entry(path.to_owned()).or_insert_with(|| self.hasher.hash_one(bytes));
    }

    /// Returns the text of the file at `path` as it was first read; `None` where it is another one by now.
    fn text(&self, files: &Files<'_>, path: &str) -> Option<String> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || {
            let text = text_of(files, &Overlay::new(), path)?;
            let hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
            (hashes.get(path) == Some(&self.hasher.hash_one(text.as_bytes()))).then_some(text)
        };
        texts.entry(path.to_owned()).or_insert_with(read).clone()
    }
}

/// Runs the rules over what is on disk with `overlay` on top.
fn check(
    place: &Place,
    files: &Files<'_>,
    paths: &[String],
    overlay: &Overlay,
    selection: &Selection,
    Asked { told, baseline, past, decided, elsewhere, against, doings, seen }: Asked<'_>,
) -> Result<lint::Lint, Error> {
    let selected = |path: &str| selection.holds(path);
    let read = |path: &str| match overlay.get(path) {
        Some(text) => Ok(text.clone().into_bytes()),
        None => files.read(path).inspect(|bytes| seen.iter().for_each(|seen| seen.remember(path, bytes))),
    };
    let (find, read_beside) = (|path: &str| files.find_beside(path), |path: &str| files.read_beside(path));
    let around = Around { prefix: &place.prefix, find: &find, read: &read_beside };
    let inputs = Inputs { paths, read: &read, around: Some(around) };
    let (touched, last_seen) = (|path: &str| doings.touched(path), |who: &str| doings.last_seen(who));
    let activity = Activity { today: place.today, touched: &touched, last_seen: &last_seen };
    let request = Request {
        config: &place.config,
        view: View { inputs, past, decided, elsewhere },
        today: place.today,
        selected: &selected,
        told,
        baseline,
        activity: doings.are_known().then_some(activity),
    };
    let Some(against) = against else { return lint::lint(request) };
    let Against { base, pairs, beside, is_old, past, decided } = *against;
    // A record that has not changed is read where it is read anyhow.
    let kinds = &place.config.kinds;
    let is_same = |path: &str| !is_old(path) && kinds.first_claim(path).is_some();
    let read = |path: &str| if is_same(path) { read(path) } else { base.files.read(path) };
    let (find, read_beside) =
        (|path: &str| base.files.find_beside(path), |path: &str| base.files.read_beside(path));
    let around = Around { prefix: &place.prefix, find: &find, read: &read_beside };
    let paths = base.files.paths();
    let inputs = Inputs { paths: &paths, read: &read, around: Some(around) };
    let view = View { past, decided, ..View::of(inputs) };
    let granted = |path: &str| base.text_at_tip(path, kinds);
    lint::lint_against(request, lint::Base { name: &base.name, view, pairs, beside, granted: &granted })
}

fn text_of(files: &Files<'_>, overlay: &Overlay, path: &str) -> Option<String> {
    match overlay.get(path) {
        Some(text) => Some(text.clone()),
        None => String::from_utf8(files.read(path).ok()?).ok(),
    }
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

/// Returns the forms to write: the one asked for, on the command line or by `PMKIT_FORMAT`; else text, in GitHub Actions with annotations
/// besides.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn formats(options: &Lint) -> Result<Vec<LintFormat>, Error> {
    let named = std::env::var("PMKIT_FORMAT").ok().filter(|name| !name.is_empty());
    let asked = match (options.format, named) {
        (Some(format), _) => Some(format),
        (None, None) => None,
        (None, Some(name)) => Some(Format::from_str(&name, true).map_err(|_| {
            let all: Vec<_> =
                Format::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
            let all: Vec<&str> = all.iter().map(clap::builder::PossibleValue::get_name).collect();
            Error::new(format!("`{name}`, as PMKIT_FORMAT says, is no form of a result"))
                .help(format!("use one of: {}", all.join(", ")))
        })?),
    };
    Ok(match asked {
        Some(Format::Text) => vec![LintFormat::Text],
        Some(Format::Json) => vec![LintFormat::Json],
        Some(Format::Jsonl) => vec![LintFormat::Jsonl],
        Some(Format::Github) => vec![LintFormat::Github],
        Some(Format::Gitlab) => vec![LintFormat::Gitlab],
        Some(Format::Sarif) => vec![LintFormat::Sarif],
        Some(Format::Junit) => vec![LintFormat::Junit],
        Some(Format::Rdjson) => vec![LintFormat::Rdjson],
        Some(Format::Markdown) => vec![LintFormat::Markdown],
        None if in_actions() => vec![LintFormat::Text, LintFormat::Github],
        None => vec![LintFormat::Text],
    })
}

#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn in_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// Adds `found` to the summary of the job that GitHub Actions shows, where this is one and nobody asked for a form.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn summarize(found: &lint::Lint, sources: report::Sources<'_>, look: report::Look<'_>) {
    let file = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty());
    let Some(file) = file.filter(|_| in_actions()) else { return };
    let write = || -> io::Result<()> {
        let mut text = Vec::new();
        report::lint(LintFormat::Summary, found, sources, look, &mut text)?;
        std::fs::OpenOptions::new().append(true).create(true).open(&file)?.write_all(&text)
    };
    if let Err(error) = write() {
        // The result is in the log all the same.
        let _ = writeln!(io::stderr(), "note: the summary of the job was not written: {error}");
    }
}

/// Says why nothing was checked: a lint that looks at nothing must not look like one that found nothing.
fn nothing_checked(place: &Place, options: &Lint) {
    let mut err = io::stderr();
    let _ = if options.paths.is_empty() {
        let folders = place.config.kinds.folders();
        let folders: Vec<String> =
            folders.iter().map(|folder| format!("{}{folder}/", place.prefix)).collect();
        writeln!(
            err,
            "no records: no file matches a kind's path (looked in {})\nmake one: pmkit new risk \"…\"; see where they lie: pmkit kinds",
            visible(&folders.join(", "))
        )
    } else {
        writeln!(err, "nothing checked: no record lies under these paths; see where they lie: pmkit kinds")
    };
}
