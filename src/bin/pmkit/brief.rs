//! `pmkit brief`

use std::io;
use std::io::Write;

use pmkit::brief;
use pmkit::brief::Sources;
use pmkit::config::BriefTemplate;
use pmkit::config::Config;
use pmkit::document::Document;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::git::Source;
use pmkit::history::Event;
use pmkit::history::History;
use pmkit::history::Timeline;
use pmkit::history::Timelines;
use pmkit::record::Depth;
use pmkit::record::Origin;
use pmkit::record::Record;
use pmkit::report;
use pmkit::report::Briefed;
use pmkit::text::nearest;
use pmkit::workspace::Inputs;
use pmkit::workspace::Workspace;
use pmkit::workspace::read_records;

use crate::args::Brief;
use crate::args::Common;
use crate::named::record_named;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Files;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Brief) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let config = &place.config;
    let template = options.audience.as_deref().map(|name| template(name, config)).transpose()?;
    let files = place.files()?;
    let paths = files.paths();
    let name = &options.record;
    let path = record_named(&place, common, &files, &paths, name)?.ok_or_else(|| {
        Error::new(format!("there is no record `{name}`"))
            .help("write an id, as in RFC-0007, or a path; see where records lie: pmkit kinds")
    })?;
    let (record, document) = read(&place, &files, &path)?;
    let workspace = around(&place, &files, &paths, record)?;
    let index = workspace.at(&path).ok_or_else(|| Error::new(format!("{path} is gone")))?;
    let kind = config.kinds.at(workspace.records[index].kind);
    let past = if kind.lifecycle.decided.is_empty() { None } else { past(&place, common, &paths, &path) };
    let timeline = past.as_ref().map(|(history, indices)| Timeline { history, indices });
    let made = brief::brief(Sources {
        workspace: &workspace,
        index,
        document: &document,
        timeline,
        today: place.today,
    });
    let briefed = Briefed {
        brief: &made,
        document: &document,
        history: past.as_ref().map(|(history, _)| history),
        config,
        prefix: &place.prefix,
        today: place.today,
    };
    let template = template.filter(|_| !options.plain);
    let text = report::brief(briefed, template)?;
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let mut out = stdout(look);
    report::brief_text(&text, &mut out)?;
    out.flush()?;
    let missing = briefed.missing(template);
    if !common.quiet && !missing.is_empty() {
        // Talk goes to stderr; where that is gone there is nobody to tell.
        let _ = writeln!(io::stderr(), "not in the record: {}", missing.join("; "));
    }
    Ok(FINE)
}

/// Returns the template for the audience `name`.
fn template<'a>(name: &str, config: &'a Config) -> Result<&'a BriefTemplate, Error> {
    config.briefs.iter().find(|brief| brief.name == name).ok_or_else(|| {
        let names = || config.briefs.iter().map(|brief| brief.name.as_str());
        let error = Error::new(format!("there is no brief for `{name}`"));
        let error = match nearest(name, names()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("use one of: {}", names().collect::<Vec<_>>().join(", "))),
        };
        error.help("or write one of your own as .pmkit/briefs/NAME.md")
    })
}

fn read(place: &Place, files: &Files<'_>, path: &str) -> Result<(Record, Document), Error> {
    let claim = place.config.kinds.claim(path)?.ok_or_else(|| Error::new(format!("{path} is no record")))?;
    let text = files
        .read(path)
        .and_then(decode)
        .map_err(|why| Error::new(format!("{path} {}", why.what)).help(why.help))?;
    let document = Document::read(text);
    Ok((Record::read(path, claim, &document, &place.config, Depth::Whole), document))
}

/// Returns `record` with the records it rests on, where there are any.
fn around<'a>(
    place: &'a Place,
    files: &Files<'_>,
    paths: &[String],
    record: Record,
) -> Result<Workspace<'a>, Error> {
    let config = &place.config;
    let fields = &config.kinds.at(record.kind).fields;
    let rests =
        record.references.iter().any(|known| matches!(known.origin, Origin::Field(at) if fields[at].ground));
    let mut records = Vec::new();
    if rests {
        let inputs = Inputs { paths, read: &|path| files.read(path), around: None };
        records = read_records(config, inputs, Depth::FrontMatter, &|_| true, &|_| false)?.workspace.records;
        records.retain(|other| other.path != record.path);
    }
    records.push(record);
    records.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Workspace::new(config, records))
}

/// Returns what git knows of the record at `path`, and which events are its own; says why, where that is nothing.
fn past(place: &Place, common: &Common, paths: &[String], path: &str) -> Option<(History, Vec<usize>)> {
    let read = || -> Result<Option<(History, Vec<usize>)>, Failure> {
        let Some(source) = place.source()? else { return Ok(None) };
        let mut history = source.history(&place.config, &place.prefix, "HEAD")?;
        let timelines = Timelines::new(&history).followed_to(paths, &place.config.kinds);
        let own = timelines.at(path).map(|timeline| timeline.indices.to_vec()).unwrap_or_default();
        detail(place, source, &mut history, &own)?;
        Ok(Some((history, own)))
    };
    match read() {
        Ok(past) => past,
        Err(Failure::Tool(why) | Failure::NoHistory(why)) => {
            if !common.quiet {
                let look = terminal::look(common, &io::stderr(), "");
                let _ = report::note(&why, "written without who decided", look, &mut io::stderr());
            }
            None
        }
        Err(Failure::Output(_)) => None,
    }
}

/// Finds out who stands behind the events that are of the state.
fn detail(place: &Place, source: Source<'_>, history: &mut History, own: &[usize]) -> Result<(), Failure> {
    let of_state = |at: &&usize| history.events.get(**at).is_some_and(Event::is_of_state);
    let events: Vec<usize> = own.iter().filter(of_state).copied().collect();
    source.detail(&place.config, &place.prefix, history, &events)?;
    source.name(history, own);
    Ok(())
}
