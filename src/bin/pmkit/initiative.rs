//! `pmkit initiative`

use std::collections::BTreeSet;
use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::board;
use pmkit::board::WEEK;
use pmkit::board::board;
use pmkit::error::Error;
use pmkit::query::Scope;
use pmkit::record::Record;
use pmkit::report;
use pmkit::report::InitiativeScene;
use pmkit::rhythm;
use pmkit::rhythm::standing;
use pmkit::text::visible;
use pmkit::workspace::Workspace;

use crate::args::Common;
use crate::args::Initiative;
use crate::filter::of_initiative;
use crate::lately::Lately;
use crate::lately::Since;
use crate::list::wide;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::outcome::tell_unreadable;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Initiative) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let config = &place.config;
    let kinds = config.kinds.indices();
    if let Some(name) = &options.name {
        config.known_initiative(name)?;
    }
    let since = Since::Day(place.today.plus_days(-WEEK));
    let lately = Lately::noted(&place, common, &kinds, since, "shown without what has moved");
    let files = place.files()?;
    let (now, earlier) = lately.records(&place, &files, &kinds)?;
    let name = match &options.name {
        Some(name) => name.clone(),
        None => only(&now.workspace)?,
    };
    let scope = Scope { config, kinds: &kinds, today: place.today, me: None };
    let condition = of_initiative(&name, scope)?;
    let wanted = |record: &Record| condition.holds(record, config, place.today);
    let timelines = lately.timelines(config, &files);
    let made = board(board::Sources {
        workspace: &now.workspace,
        wanted: &wanted,
        earlier: earlier.as_ref(),
        timelines: timelines.as_ref(),
        today: place.today,
    });
    let sources = rhythm::Sources {
        workspace: &now.workspace,
        wanted: &wanted,
        board: &made,
        earlier: earlier.as_ref(),
        timelines: timelines.as_ref(),
        today: place.today,
    };
    let standing = standing(sources, &name);
    let scene = InitiativeScene { config, name: &name, today: place.today };
    let look = wide(terminal::look(common, &io::stdout(), &place.prefix));
    let mut out = BufWriter::new(stdout(look));
    report::initiative(options.format.into(), &standing, &made, scene, look, &mut out)?;
    out.flush()?;
    if !common.quiet {
        tell_unreadable(now.unreadable);
        if !now.workspace.records.iter().any(wanted) {
            // Talk goes to stderr; where that is gone there is nobody to tell.
            let _ = writeln!(io::stderr(), "no record says that it belongs to {}", visible(&name));
        }
    }
    // The process ends here: handing back every piece of memory would only take time.
    std::mem::forget(lately);
    Ok(FINE)
}

/// Returns the one initiative there is.
fn only(workspace: &Workspace<'_>) -> Result<String, Error> {
    let config = workspace.config;
    let mut names: BTreeSet<&str> = config.initiatives.keys().map(String::as_str).collect();
    let named =
        workspace.records.iter().filter_map(|record| record.text(config.kinds.at(record.kind), "initiative"));
    names.extend(named);
    let names: Vec<&str> = names.into_iter().collect();
    match names[..] {
        [only] => Ok(only.to_owned()),
        [] => Err(Error::new("no record belongs to an initiative, and pmkit.toml names none")
            .help("name one in a record: pmkit set R-0001 initiative=checkout")),
        _ => Err(Error::new("there are several initiatives").help(format!("name one: {}", names.join(", ")))),
    }
}
