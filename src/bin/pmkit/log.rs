//! `pmkit log`

use std::collections::HashSet;
use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::date::Date;
use pmkit::document::Document;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::git::Source;
use pmkit::history::Event;
use pmkit::history::History;
use pmkit::history::Lineage;
use pmkit::history::Oid;
use pmkit::history::What;
use pmkit::kind::Suggestion;
use pmkit::query::Scope;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::report;
use pmkit::report::Look;
use pmkit::workspace::Inputs;
use pmkit::workspace::read_records;

use crate::args::Common;
use crate::args::Log;
use crate::args::TableFormat;
use crate::filter::of_initiative;
use crate::named::documents_named;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;
use crate::then;
use crate::then::Beginning;

pub(crate) fn run(common: &Common, options: &Log) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let source = place.needed_source("log")?;
    let mut history = source.history(&place.config, &place.prefix, "HEAD")?;
    let wanted = options
        .records
        .iter()
        .map(|name| documents_named(&place, common, &history, name))
        .collect::<Result<Vec<_>, Error>>()?
        .concat();
    let within = options.initiative.as_deref().map(|name| within(&place, name, &history)).transpose()?;
    let since = options.since.as_deref();
    let since = since.map(|text| beginning(text, place.today, source, history.head)).transpose()?;
    let holds = |event: &Event| {
        (options.records.is_empty() || wanted.contains(&event.document))
            && within.as_ref().is_none_or(|within| within.contains(&event.document))
            && (options.fields || event.what != What::Field)
            && since.as_ref().is_none_or(|since| since.holds(&history.commits[event.commit]))
    };
    let shown: Vec<usize> =
        (0..history.events.len()).rev().filter(|at| holds(&history.events[*at])).collect();
    source.detail(&place.config, &place.prefix, &mut history, &shown)?;
    source.name(&mut history, &shown);
    let mut out = BufWriter::new(stdout(look));
    let one =
        wanted.first().filter(|first| !options.records.is_empty() && wanted.iter().all(|it| it == *first));
    let told = one.filter(|_| options.format == TableFormat::Text).map(|one| &history.documents()[*one]);
    if let Some(one) = told {
        heading(&place, one, look, &mut out)?;
    }
    report::log(options.format.into(), &history, &shown, one.is_some(), &place.config, look, &mut out)?;
    if let Some(one) = told.filter(|one| one.alive && !look.terse) {
        let suggested = suggested(&place, one, &history)?;
        if !suggested.is_empty() {
            writeln!(out)?;
        }
        report::suggestions(&suggested, look, &mut out)?;
    }
    out.flush()?;
    if shown.is_empty() && !common.quiet {
        let why = match (history.head, history.documents().len()) {
            (None, _) => "nothing has been committed yet",
            (_, 0) => "no commit has touched a record: see where they lie with pmkit kinds",
            _ => "nothing happened to these records in that time",
        };
        let _ = writeln!(io::stderr(), "{why}");
    }
    // The process ends here: handing back every piece of memory would only take time.
    std::mem::forget(history);
    Ok(FINE)
}

/// Returns the documents of `history` whose records belong to the initiative `name`, as they are now.
fn within(place: &Place, name: &str, history: &History) -> Result<HashSet<usize>, Failure> {
    let config = &place.config;
    let kinds = config.kinds.indices();
    let condition = of_initiative(name, Scope { config, kinds: &kinds, today: place.today, me: None })?;
    let files = place.files()?;
    let paths = files.paths();
    let inputs = Inputs { paths: &paths, read: &|path| files.read(path), around: None };
    let now = read_records(config, inputs, Depth::FrontMatter, &|_| true, &|_| false)?;
    let records = now.workspace.records.iter().filter(|record| condition.holds(record, config, place.today));
    let paths: HashSet<&str> = records.map(|record| record.path.as_str()).collect();
    let documents = history.documents().iter().enumerate();
    Ok(documents
        .filter(|(_, document)| document.alive && paths.contains(&*document.path))
        .map(|(at, _)| at)
        .collect())
}

/// Writes what a record is called today; nothing where it is gone.
fn heading(place: &Place, document: &Lineage, look: Look<'_>, out: &mut dyn Write) -> Result<(), Failure> {
    let files = place.files()?;
    let text =
        files.read(&document.path).ok().filter(|_| document.alive).and_then(|bytes| decode(bytes).ok());
    if let (Some(text), Some(claim)) = (text, place.config.kinds.claim(&document.path)?) {
        let text = Document::read(text);
        let record = Record::read(&document.path, claim, &text, &place.config, Depth::FrontMatter);
        report::heading(&record, &place.config, look, out)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Returns what may be made of a record, as what has happened to it calls for.
fn suggested(place: &Place, document: &Lineage, history: &History) -> Result<Vec<Suggestion>, Error> {
    let kinds = &place.config.kinds;
    // What was born of it before may be in the way.
    let born: Vec<usize> = (0..kinds.all().len())
        .filter(|at| kinds.at(*at).births.iter().any(|birth| birth.is_from(kinds.at(document.kind))))
        .collect();
    if born.is_empty() {
        return Ok(Vec::new());
    }
    let files = place.files()?;
    let paths = files.paths();
    let inputs = Inputs { paths: &paths, read: &|path| files.read(path), around: None };
    let wanted = |kind: usize| kind == document.kind || born.contains(&kind);
    let reading = read_records(&place.config, inputs, Depth::FrontMatter, &wanted, &|_| false)?;
    let at = reading.workspace.at(&document.path);
    Ok(at.map(|at| report::suggested(&reading.workspace, at, history)).unwrap_or_default())
}

/// Reads where a record of events begins: a day, a length of time before today, or a revision.
fn beginning(text: &str, today: Date, source: Source<'_>, head: Option<Oid>) -> Result<Beginning, Failure> {
    if let Some(day) = then::day(text, today) {
        return Ok(Beginning::Day(day));
    }
    match (head, then::revision(source, text)?) {
        (Some(head), Some(commit)) => Ok(Beginning::Commits(source.beyond(head, commit)?)),
        _ => Ok(Beginning::Commits(HashSet::new())),
    }
}
