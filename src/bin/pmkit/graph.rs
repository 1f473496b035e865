//! `pmkit graph`

use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::error::Error;
use pmkit::graph::Graph;
use pmkit::query::Scope;
use pmkit::record::Depth;
use pmkit::report;
use pmkit::text::visible;
use pmkit::workspace::Inputs;
use pmkit::workspace::Workspace;
use pmkit::workspace::read_records;

use crate::args::Common;
use crate::args::Graph as Options;
use crate::filter::of_initiative;
use crate::named::record_named;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::outcome::tell_unreadable;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Options) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let kinds = place.config.kinds.indices();
    let scope = Scope { config: &place.config, kinds: &kinds, today: place.today, me: None };
    let initiative = options.initiative.as_deref().map(|name| of_initiative(name, scope)).transpose()?;
    let files = place.files()?;
    let paths = files.paths();
    let inputs = Inputs { paths: &paths, read: &|path| files.read(path), around: None };
    let depth = if options.mentions { Depth::Whole } else { Depth::FrontMatter };
    let reading = read_records(&place.config, inputs, depth, &|_| true, &|_| false)?;
    let workspace = &reading.workspace;
    let mut starts = Vec::new();
    for name in &options.records {
        let path = record_named(&place, common, &files, &paths, name)?.ok_or_else(|| {
            Error::new(format!("there is no record `{name}`"))
                .help("write an id, as in RFC-0007, or a path; see where records lie: pmkit kinds")
        })?;
        let start = workspace.at(&path).ok_or_else(|| {
            Error::new(format!("{path} cannot be read as text")).help(format!("see why: pmkit lint {path}"))
        })?;
        starts.push(start);
    }
    let mut graph = Graph::of(workspace, options.mentions);
    if let Some(initiative) = &initiative {
        let holds = |node: usize| initiative.holds(&workspace.records[node], &place.config, place.today);
        graph = graph.touching(&holds);
    }
    if !starts.is_empty() {
        graph = graph.around(&starts, usize::from(options.depth));
    }
    let mut out = BufWriter::new(stdout(look));
    report::graph(options.format(), &graph, &starts, workspace, look, &mut out)?;
    out.flush()?;
    if !common.quiet {
        let _ = say(options, &graph, workspace, &place);
        tell_unreadable(reading.unreadable);
    }
    Ok(FINE)
}

/// Says what is not in the graph. Where nobody can be told, that is no failure.
fn say(options: &Options, graph: &Graph, workspace: &Workspace<'_>, place: &Place) -> io::Result<()> {
    let mut err = io::stderr().lock();
    let records = workspace.records.len();
    let alone = records - graph.nodes.len();
    let count = |number: usize| match number {
        1 => "1 record".to_owned(),
        many => format!("{many} records"),
    };
    if records == 0 {
        writeln!(err, "no records: see where they lie with pmkit kinds")?;
    } else if options.records.is_empty() && options.initiative.is_none() && alone > 0 {
        let hint = if options.mentions { "" } else { "; what texts say counts with --mentions" };
        writeln!(err, "{} left out that no field joins to another{hint}", count(alone))?;
    } else if !options.records.is_empty() && options.depth == 0 {
        let what =
            if options.records.len() == 1 { "the record itself is" } else { "the records themselves are" };
        writeln!(err, "with --depth 0 only {what} shown; with what is joined to it: --depth 1")?;
    } else if graph.edges.is_empty() && !options.mentions {
        writeln!(err, "no field joins a record to another there; what texts say counts with --mentions")?;
    }
    for (id, first, count) in graph.ambiguous(workspace) {
        let times = if count == 2 { "twice".to_owned() } else { format!("{count} times") };
        writeln!(
            err,
            "the id {} is taken {times}: what names it is drawn to {}{}; see pmkit lint",
            id.text(&place.config.kinds),
            place.prefix,
            visible(&workspace.records[first].path)
        )?;
    }
    Ok(())
}
