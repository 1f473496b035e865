//! `pmkit list`

use std::io;
use std::io::BufWriter;
use std::io::IsTerminal;
use std::io::Write;

use pmkit::query::Property;
use pmkit::query::Scope;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::register;
use pmkit::register::Listing;
use pmkit::register::Order;
use pmkit::report;
use pmkit::report::Look;
use pmkit::report::Row;
use pmkit::workspace::Inputs;
use pmkit::workspace::Reading;
use pmkit::workspace::Workspace;
use pmkit::workspace::read_records;

use crate::args::Common;
use crate::args::List;
use crate::args::TableFormat;
use crate::filter;
use crate::identity::identity;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::outcome::tell_unreadable;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &List) -> Result<u8, Failure> {
    let mut place = Place::open(common)?;
    if let Some(when) = &options.at {
        place.go_back(when, "list")?;
    }
    let place = place;
    let config = &place.config;
    let me = identity(&place);
    let kinds = register::kinds_named(&options.filter.kinds, config)?;
    let scope = Scope { config, kinds: &kinds, today: place.today, me: me.as_deref() };
    let listing = listing(options, scope)?;
    let files = place.files()?;
    let paths = files.paths();
    let inputs = Inputs { paths: &paths, read: &|path| files.read(path), around: None };
    // Who links to what, and how long a text is, only JSON tells.
    let whole = matches!(options.format, TableFormat::Json | TableFormat::Jsonl);
    let depth = if whole { Depth::Whole } else { Depth::FrontMatter };
    let wanted = |kind: usize| whole || kinds.contains(&kind);
    let kept =
        |record: &Record| whole && kinds.contains(&record.kind) && listing.holds(record, config, place.today);
    let Reading { workspace, documents, unreadable } = read_records(config, inputs, depth, &wanted, &kept)?;
    let mut rows = listing.rows(&workspace.records, config, place.today);
    rows.retain(|row| kinds.contains(&workspace.records[*row].kind));
    let rows: Vec<Row<'_>> =
        rows.into_iter().map(|index| Row { index, document: documents[index].as_ref() }).collect();
    let look = wide(terminal::look(common, &io::stdout(), &place.prefix));
    let mut out = BufWriter::new(stdout(look));
    report::list(options.format.into(), &workspace, &listing, &rows, place.today, look, &mut out)?;
    out.flush()?;
    if !common.quiet {
        tell(&place, &workspace, &rows, unreadable);
    }
    Ok(FINE)
}

/// Returns what `options` ask for.
fn listing(options: &List, scope: Scope<'_>) -> Result<Listing, Failure> {
    let pressing = filter::is_pressing(&options.filter.conditions);
    let order = match &options.sort {
        Some(names) => register::order(names, scope)?,
        None if pressing => vec![Order { property: Property::Deadline, descending: false }],
        None => Vec::new(),
    };
    let group = match &options.group {
        Some(name) => Some(register::one_property(name, "--group", scope)?),
        None => None,
    };
    let mut columns = match &options.columns {
        Some(names) => register::properties(names, "--columns", scope)?,
        None => register::usual_columns(scope),
    };
    // Above each group its value stands already.
    if options.columns.is_none() && matches!(options.format, TableFormat::Text) {
        columns.retain(|column| Some(column) != group.as_ref());
    }
    Ok(Listing { conditions: filter::conditions(&options.filter.conditions, scope)?, order, group, columns })
}

/// Returns a look that cuts nothing where nobody sits before it.
pub(crate) fn wide(look: Look<'_>) -> Look<'_> {
    if io::stdout().is_terminal() { look } else { Look { width: usize::MAX, ..look } }
}

/// Says what the list does not.
fn tell(place: &Place, workspace: &Workspace<'_>, rows: &[Row<'_>], unreadable: usize) {
    let mut err = io::stderr();
    // Talk goes to stderr; where that is gone there is nobody to tell.
    if rows.is_empty() && workspace.records.is_empty() {
        let folders = place.record_folders();
        let _ = writeln!(err, "no records (looked in {folders}); make one: pmkit new risk \"…\"");
    } else if rows.is_empty() {
        let _ = match workspace.records.len() {
            1 => writeln!(err, "the one record there is does not fit"),
            many => writeln!(err, "none of {many} records fits"),
        };
    }
    tell_unreadable(unreadable);
}
