//! `pmkit lint`

use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;

use pmkit::change::Change;
use pmkit::error::Error;
use pmkit::fs;
use pmkit::lint;
use pmkit::lint::Mended;
use pmkit::lint::Overlay;
use pmkit::lint::mend;
use pmkit::record::read_id;
use pmkit::report;
use pmkit::report::LintFormat;
use pmkit::text::visible;
use pmkit::workspace::Around;
use pmkit::workspace::Inputs;

use crate::args::Common;
use crate::args::Format;
use crate::args::Lint;
use crate::outcome::FINDINGS;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Files;
use crate::place::Place;
use crate::place::below;
use crate::place::stdout;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Lint) -> Result<u8, Failure> {
    if options.unsafe_too && !options.fix && !options.diff {
        return Err(Error::new("--unsafe says how far --fix or --diff may go")
            .help("add one of them; look first: pmkit lint --diff --unsafe")
            .into());
    }
    let place = Place::open(common)?;
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let files = place.files()?;
    let mut paths = files.paths();
    let selection = Selection::new(&place, common, options, &mut paths)?;
    let look_at = |overlay: &Overlay| {
        let mut found = check(&place, &files, &paths, overlay, &selection)?;
        // What cannot be written to is not offered to be mended: another record's file behind a link, a bare repository.
        for diagnostic in &mut found.diagnostics {
            diagnostic.fix.take_if(|fix| fix.edits.iter().any(|edit| !files.is_own(&edit.path)));
        }
        Ok(found)
    };
    let as_it_is = |path: &str| text_of(&files, &Overlay::new(), path);
    let Mended { overlay, lint: found, count: mended } = if options.fix || options.diff {
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
        if found.summary.records == 0 && !common.quiet {
            nothing_checked(&place, options);
        }
        let left = found.summary.deny > 0 || !overlay.is_empty();
        return Ok(if left && !options.exit_zero { FINDINGS } else { FINE });
    }
    write_fixes(&place, &files, &overlay)?;
    let sources = |path: &str| text_of(&files, &overlay, path);
    for format in formats(options) {
        report::lint(format, &found, &sources, look, &mut out)?;
    }
    out.flush()?;
    if options.fix {
        say(common, mended, "mended");
    }
    if found.summary.records == 0 && !common.quiet {
        nothing_checked(&place, options);
    }
    Ok(if found.summary.deny > 0 && !options.exit_zero { FINDINGS } else { FINE })
}

/// Runs the rules over what is on disk with `overlay` on top.
fn check(
    place: &Place,
    files: &Files<'_>,
    paths: &[String],
    overlay: &Overlay,
    selection: &Selection,
) -> Result<lint::Lint, Error> {
    let selected = |path: &str| selection.holds(path);
    let read = |path: &str| match overlay.get(path) {
        Some(text) => Ok(text.clone().into_bytes()),
        None => files.read(path),
    };
    let (find, read_beside) = (|path: &str| files.find_beside(path), |path: &str| files.read_beside(path));
    let around = Around { prefix: &place.prefix, find: &find, read: &read_beside };
    let inputs = Inputs { paths, read: &read, around: Some(around) };
    lint::lint(&place.config, inputs, place.today, &selected)
}

fn text_of(files: &Files<'_>, overlay: &Overlay, path: &str) -> Option<String> {
    match overlay.get(path) {
        Some(text) => Some(text.clone()),
        None => String::from_utf8(files.read(path).ok()?).ok(),
    }
}

/// Writes the texts that fixes have changed.
fn write_fixes(place: &Place, files: &Files<'_>, overlay: &Overlay) -> Result<(), Error> {
    if overlay.is_empty() {
        return Ok(());
    }
    let tree = place.writable()?;
    let change = |(path, after): (&String, &String)| {
        let before = text_of(files, &Overlay::new(), path)?;
        (before != *after).then(|| Change::Edit { path: path.clone(), before, after: after.clone() })
    };
    let changes: Vec<Change> = overlay.iter().filter_map(change).collect();
    fs::carry_out(&tree.root, &changes).map(|_| ())
}

fn say(common: &Common, mended: usize, what: &str) {
    if !common.quiet {
        let count = if mended == 1 { "1 finding".to_owned() } else { format!("{mended} findings") };
        // Talk goes to stderr; where that is gone there is nobody to tell.
        let _ = writeln!(io::stderr(), "{count} {what}");
    }
}

/// Returns the forms to write: the one asked for, else text, in GitHub Actions with annotations besides.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn formats(options: &Lint) -> Vec<LintFormat> {
    match options.format {
        Some(Format::Text) => vec![LintFormat::Text],
        Some(Format::Json) => vec![LintFormat::Json],
        Some(Format::Jsonl) => vec![LintFormat::Jsonl],
        Some(Format::Github) => vec![LintFormat::Github],
        None if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") => {
            vec![LintFormat::Text, LintFormat::Github]
        }
        None => vec![LintFormat::Text],
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

/// What a lint reports on.
struct Selection {
    /// Paths from the root, of files and of folders; `None` for everything.
    wanted: Option<Vec<String>>,
}

impl Selection {
    /// Reads the paths and ids that were given. Files that were named and not listed (ignored by git, say) are added to
    /// `paths`.
    fn new(place: &Place, common: &Common, options: &Lint, paths: &mut Vec<String>) -> Result<Self, Failure> {
        if options.paths.is_empty() {
            return Ok(Self { wanted: None });
        }
        let mut wanted = Vec::new();
        for given in &options.paths {
            if let Some(found) = Self::by_id(place, given, paths)? {
                wanted.push(found);
                continue;
            }
            let (path, is_file) = Self::by_path(place, common, given, paths)?;
            if is_file && place.config.kinds.claim(&path)?.is_none() && !common.quiet {
                let text = format!("{path} is no record: no kind claims it");
                let _ = writeln!(io::stderr(), "{}; see where they lie: pmkit kinds", visible(&text));
            }
            if is_file && !paths.contains(&path) {
                paths.push(path.clone());
                paths.sort_unstable();
            }
            wanted.push(path);
        }
        Ok(Self { wanted: Some(wanted) })
    }

    /// Returns the path of the record that `given` names by its id, when its file name says so.
    fn by_id(place: &Place, given: &Path, paths: &[String]) -> Result<Option<String>, Error> {
        let Some(id) = given.to_str().and_then(|text| read_id(text, &place.config.kinds, None)) else {
            return Ok(None);
        };
        for path in paths {
            if let Some(claim) = place.config.kinds.claim(path)?
                && claim.kind == id.kind
                && claim.number == Some(id.number)
            {
                return Ok(Some(path.clone()));
            }
        }
        Ok(None)
    }

    fn by_path(
        place: &Place,
        common: &Common,
        given: &Path,
        paths: &[String],
    ) -> Result<(String, bool), Error> {
        let shown = given.display();
        if place.is_bare() {
            let path = given.to_string_lossy().trim_end_matches('/').to_owned();
            let is_file = paths.contains(&path);
            let known = is_file || paths.iter().any(|known| known.starts_with(&format!("{path}/")));
            return if known {
                Ok((path, is_file))
            } else {
                Err(Error::new(format!("there is no {shown} at HEAD")))
            };
        }
        let full = common.folder.join(given);
        let absent = |_| Error::new(format!("there is no file, folder or record `{shown}`"));
        // The folder is made canonical, the file name kept: a link is looked at as what it is.
        let full = match (full.parent(), full.file_name()) {
            (Some(folder), Some(name))
                if full.symlink_metadata().is_ok_and(|metadata| !metadata.is_dir()) =>
            {
                folder.canonicalize().map(|folder| folder.join(name))
            }
            _ => full.canonicalize(),
        };
        let full = full.map_err(absent)?;
        let path = below(&place.tree.root, &full).ok_or_else(|| {
            Error::new(format!("{shown} lies outside the tree {}", place.tree.root.display()))
        })?;
        Ok((path, full.symlink_metadata().is_ok_and(|metadata| !metadata.is_dir())))
    }

    fn holds(&self, path: &str) -> bool {
        self.wanted.as_ref().is_none_or(|wanted| {
            wanted.iter().any(|given| {
                given.is_empty()
                    || path
                        .strip_prefix(given.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        })
    }
}
