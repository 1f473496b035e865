//! `pmkit owners`

use std::collections::BTreeMap;
use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::codeowners;
use pmkit::codeowners::CodeOwners;
use pmkit::codeowners::SECTION;
use pmkit::codeowners::pattern_of;
use pmkit::error::Error;
use pmkit::owners::Owned;
use pmkit::owners::owned;
use pmkit::record::Depth;
use pmkit::report;
use pmkit::report::Look;
use pmkit::text::visible_within;
use pmkit::workspace::Found;
use pmkit::workspace::Inputs;
use pmkit::workspace::read_records;

use crate::args::Common;
use crate::args::Owners;
use crate::outcome::FINDINGS;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::outcome::tell_unreadable;
use crate::place::Files;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

/// How many bytes are too many for GitHub.
const MOST: usize = 3_000_000;

pub(crate) fn run(common: &Common, options: &Owners) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let config = &place.config;
    let files = place.files()?;
    let paths = files.paths();
    let inputs = Inputs { paths: &paths, read: &|path| files.read(path), around: None };
    let read = read_records(config, inputs, Depth::FrontMatter, &|_| true, &|_| false)?;
    let all = owned(&read.workspace.records, config);
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let mut out = BufWriter::new(stdout(look));
    // Talk goes to stderr; where that is gone there is nobody to tell.
    let code = if options.check {
        check(common, &place, &files, &all, &mut out)?
    } else {
        if all.iter().any(|owned| owned.called.is_some()) {
            writeln!(out, "# Records, each with whoever must agree to its changes: pmkit owners")?;
        }
        all.iter().try_for_each(|owned| report::owner_line(owned, look, &mut out))?;
        FINE
    };
    out.flush()?;
    if !common.quiet {
        let _ = tell(&all, &mut io::stderr());
        tell_unreadable(read.unreadable);
    }
    Ok(code)
}

/// Prints the lines that the repository's file lacks, and says why each is needed.
fn check(
    common: &Common,
    place: &Place,
    files: &Files<'_>,
    all: &[Owned<'_>],
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let look = Look { color: false, width: usize::MAX, prefix: &place.prefix, terse: common.quiet };
    let there = code_owners(place, files)?;
    let owners = there.as_ref().map(|(file, text)| CodeOwners::read_at(file, text));
    let file = there.as_ref().map_or("CODEOWNERS", |(file, _)| *file);
    let mut missing = 0;
    let mut err = io::stderr();
    // Of such a file GitHub takes no line.
    let too_large = there.as_ref().is_some_and(|(_, text)| text.len() >= MOST)
        && owners.as_ref().is_some_and(|owners| !owners.is_of_gitlab());
    if too_large && !common.quiet {
        let _ = writeln!(
            err,
            "{file} has 3 MB or more, and GitHub loads none that large: name folders in place of files"
        );
    }
    for owned in all {
        let path = format!("{}{}", place.prefix, owned.path);
        let covering = owners.as_ref().and_then(|owners| owners.covering(&path));
        let named =
            covering.as_ref().is_some_and(|covering| owned.is_named_by(covering, &place.config.people));
        // Who has no name there cannot stand there.
        if named || owned.called.is_none() {
            continue;
        }
        if pattern_of(&path).is_none() {
            if !common.quiet {
                let path = visible_within(&path);
                let _ =
                    writeln!(err, "{path}: no line can hold such a name, so it is left out; rename the file");
            }
            continue;
        }
        if missing == 0 && there.as_ref().is_some_and(|(_, text)| !text.is_empty() && !text.ends_with('\n')) {
            // So that what is printed may be added to the file as it is.
            writeln!(out)?;
        }
        if missing == 0 && owners.as_ref().is_some_and(CodeOwners::needs_section) {
            writeln!(out, "[{SECTION}]")?;
        }
        missing += 1;
        report::owner_line(owned, look, out)?;
        if !common.quiet && owners.is_some() {
            let _ = report::owner_note(owned, file, covering.as_ref(), &mut err);
        }
    }
    if missing == 0 {
        return Ok(if too_large { FINDINGS } else { FINE });
    }
    out.flush()?;
    if !common.quiet {
        let lines = if missing == 1 { "1 line is".to_owned() } else { format!("{missing} lines are") };
        let _ = match &there {
            Some((file, _)) => writeln!(
                err,
                "{lines} missing at the end of {file}; add what is printed here: pmkit owners --check --quiet >> {file}"
            ),
            None => {
                writeln!(err, "there is no CODEOWNERS; write one: pmkit owners --quiet > CODEOWNERS")
            }
        };
    }
    Ok(FINDINGS)
}

/// Reads the file that counts.
fn code_owners(place: &Place, files: &Files<'_>) -> Result<Option<(&'static str, String)>, Error> {
    let top = place.tree.top.as_deref().unwrap_or(&place.tree.root);
    for file in codeowners::FILES {
        let text = match files.find_beside(file) {
            Found::Nothing => continue,
            // An empty folder, say, in which nothing can be seen.
            Found::Unknown if top.join(file).symlink_metadata().is_err() => continue,
            Found::File => files.read_beside(file).and_then(|bytes| String::from_utf8(bytes).ok()),
            Found::Folder | Found::Unknown => None,
        };
        let Some(text) = text else {
            return Err(Error::new(format!("{file} cannot be read as text"))
                .help("replace it by a plain file in UTF-8; nothing was checked"));
        };
        return Ok(Some((file, text)));
    }
    Ok(None)
}

/// Says whose names are not known, and which records name nobody.
fn tell(all: &[Owned<'_>], err: &mut dyn Write) -> io::Result<()> {
    let mut strangers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for owned in all.iter().filter(|owned| owned.called.is_none()) {
        if let Some(person) = owned.person {
            strangers.entry(person).or_default().push(&owned.record);
        }
    }
    for (person, records) in &strangers {
        let records = records.join(", ");
        writeln!(
            err,
            "`{}` has no @alias and no address, for {}; give one under [people] in pmkit.toml",
            visible_within(person),
            visible_within(&records)
        )?;
    }
    match all.iter().filter(|owned| owned.person.is_none()).count() {
        0 => {}
        1 => writeln!(err, "1 record names nobody and is left out; see which: pmkit lint")?,
        many => writeln!(err, "{many} records name nobody and are left out; see which: pmkit lint")?,
    }
    if all.is_empty() {
        writeln!(err, "no record needs an owner here")?;
    }
    Ok(())
}
