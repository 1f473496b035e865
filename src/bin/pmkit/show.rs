//! `pmkit show`

use std::collections::BTreeSet;
use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::compare::Edition;
use pmkit::compare::differences;
use pmkit::date::Date;
use pmkit::document::Document;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::git::Source;
use pmkit::history::Commit;
use pmkit::history::Event;
use pmkit::history::History;
use pmkit::history::Timeline;
use pmkit::history::Timelines;
use pmkit::history::What;
use pmkit::kind::Claim;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::record::Target;
use pmkit::report;
use pmkit::report::Compared;
use pmkit::report::Shown;
use pmkit::text::visible;
use pmkit::workspace::Workspace;

use crate::args::Common;
use crate::args::Show;
use crate::named::documents_named;
use crate::named::record_named;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Files;
use crate::place::Place;
use crate::place::stdout;
use crate::point::Point;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Show) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let files = place.files()?;
    let paths = files.paths();
    let mut past = Past::read(&place, common, options)?;
    let mut seen = Vec::new();
    for name in &options.records {
        seen.push(find(&place, common, options, &files, &paths, &mut past, name)?);
    }
    let mut out = BufWriter::new(stdout(look));
    if options.diff {
        for Seen { then, now, .. } in &seen {
            let (Some(now), Some(commit)) = (now, &then.at) else { continue };
            let (old, new) = (then.edition(&place), now.edition(&place));
            let compared = Compared { old, new, commit, found: &differences(old, new) };
            report::compare(options.format.into(), compared, &place.config, look, &mut out)?;
        }
    } else {
        let shown: Vec<Shown<'_>> = seen
            .iter()
            .map(|seen| Shown {
                workspace: &seen.then.workspace,
                index: seen.then.index,
                document: &seen.then.document,
                timeline: past.history.as_ref().map(|history| Timeline { history, indices: &seen.events }),
                at: seen.then.at.as_ref(),
                today: seen.then.today,
            })
            .collect();
        report::show(options.format.into(), &shown, look, &mut out)?;
    }
    out.flush()?;
    Ok(FINE)
}

/// A record as it is asked for.
struct Seen<'a> {
    then: View<'a>,
    /// The record today, where it is to be compared with.
    now: Option<View<'a>>,
    /// Its events until then, oldest first.
    events: Vec<usize>,
}

/// A record among others.
struct View<'a> {
    workspace: Workspace<'a>,
    index: usize,
    document: Document,
    at: Option<Commit>,
    today: Date,
}

impl View<'_> {
    fn edition<'v>(&'v self, place: &'v Place) -> Edition<'v> {
        let record = &self.workspace.records[self.index];
        Edition { record, document: &self.document, kind: place.config.kinds.at(record.kind) }
    }
}

/// The history, as far as there is any.
struct Past<'a> {
    source: Option<Source<'a>>,
    history: Option<History>,
}

impl<'a> Past<'a> {
    /// Reads the history of HEAD. Where it is not there a record can still be shown as it is now.
    fn read(place: &'a Place, common: &Common, options: &Show) -> Result<Self, Failure> {
        if options.at.is_some() {
            let source = place.needed_source("show")?;
            let history = source.history(&place.config, &place.prefix, "HEAD")?;
            return Ok(Self { source: Some(source), history: Some(history) });
        }
        let read = || -> Result<Option<(Source<'a>, History)>, Failure> {
            let Some(source) = place.source()? else { return Ok(None) };
            Ok(Some((source, source.history(&place.config, &place.prefix, "HEAD")?)))
        };
        match read() {
            Ok(None) => Ok(Self { source: None, history: None }),
            Ok(Some((source, history))) => Ok(Self { source: Some(source), history: Some(history) }),
            Err(Failure::Output(error)) => Err(Failure::Output(error)),
            Err(Failure::Tool(why) | Failure::NoHistory(why)) => {
                if !common.quiet {
                    let look = terminal::look(common, &io::stderr(), "");
                    let _ = report::note(&why, "shown without its history", look, &mut io::stderr());
                }
                Ok(Self { source: None, history: None })
            }
        }
    }

    /// Finds out the rest about some events.
    fn detail(&mut self, place: &Place, events: &[usize]) -> Result<(), Failure> {
        if let (Some(source), Some(history)) = (self.source, &mut self.history) {
            source.detail(&place.config, &place.prefix, history, events)?;
        }
        Ok(())
    }
}

#[expect(clippy::too_many_arguments, reason = "all of them are the place")]
fn find<'a>(
    place: &'a Place,
    common: &Common,
    options: &Show,
    files: &Files<'_>,
    paths: &[String],
    past: &mut Past<'a>,
    name: &str,
) -> Result<Seen<'a>, Failure> {
    let mut now = record_named(place, common, files, paths, name)?;
    let mut events = Vec::new();
    if let Some(history) = &past.history {
        let timelines = Timelines::new(history);
        let known = now.as_deref().and_then(|path| timelines.at(path));
        // Where nothing goes by that name today something may have done.
        let once = || documents_named(place, common, history, name).ok()?.last().copied();
        let document = if now.is_none() { once() } else { None };
        if let Some(path) = document.map(|document| &history.documents()[document].path)
            && paths.iter().any(|known| **known == **path)
        {
            if !common.quiet {
                let _ = writeln!(io::stderr(), "{}", visible(&format!("{name} is {path} today")));
            }
            now = Some(path.to_string());
        }
        let timeline = known.or_else(|| document.map(|document| timelines.of(document)));
        events.extend(timeline.iter().flat_map(|timeline| timeline.indices));
    }
    let Some(at) = &options.at else {
        let Some(path) = now else { return Err(gone(place, past.history.as_ref(), &events, name).into()) };
        past.detail(place, &events)?;
        return Ok(Seen { then: view(place, files, paths, &path, None)?, now: None, events });
    };
    let (source, history) = match (past.source, &past.history) {
        (Some(source), Some(history)) => (source, history),
        _ => return Err(Error::new("there is no history to look into").into()),
    };
    if events.is_empty() {
        let error = match now {
            Some(path) => Error::new(format!("{path} is not committed yet: it has no earlier version")),
            None => gone(place, Some(history), &events, name),
        };
        return Err(error.into());
    }
    let point = Point::find(place, source, Timeline { history, indices: &events }, at, name)?;
    let snapshot = source.snapshot(Some(point.commit.id), &place.prefix, &place.config.kinds.folders())?;
    let then_files = Files::Head(snapshot);
    let then_paths = then_files.paths();
    let then = view(place, &then_files, &then_paths, &point.path, Some(point.commit))?;
    let now = match now.filter(|_| options.diff) {
        Some(path) => Some(view(place, files, paths, &path, None)?),
        None if options.diff => return Err(gone(place, Some(history), &events, name).into()),
        None => None,
    };
    past.detail(place, &point.events)?;
    Ok(Seen { then, now, events: point.events })
}

/// Says that there is no record of that name now, and where one was.
fn gone(place: &Place, history: Option<&History>, events: &[usize], name: &str) -> Error {
    let last = history.zip(events.last()).map(|(history, at)| (history, &history.events[*at]));
    match last {
        Some((history, Event { what: What::Deleted, path, commit, .. })) => {
            let commit = &history.commits[*commit];
            let day = Date::at(commit.committer.seconds, commit.committer.offset).spoken();
            Error::new(format!("{}{path} was deleted on {day}, in {}", place.prefix, commit.id.short()))
                .help(format!("see it as it was before that: pmkit show {name} --at {}^", commit.id.short()))
        }
        _ => Error::new(format!("there is no record `{name}`"))
            .help("write an id, as in RFC-0007, or a path; see where records lie: pmkit kinds"),
    }
}

/// Reads the record at `path` with all that points to it or that it points to.
fn view<'a>(
    place: &'a Place,
    files: &Files<'_>,
    paths: &[String],
    path: &str,
    at: Option<Commit>,
) -> Result<View<'a>, Failure> {
    let config = &place.config;
    let unreadable = |path: &str, what: String| Error::new(format!("{path} {what}"));
    let claim = config.kinds.claim(path)?.ok_or_else(|| unreadable(path, "is no record".to_owned()))?;
    let text = files.read(path).and_then(decode).map_err(|why| unreadable(path, why.what).help(why.help))?;
    let document = Document::read(text);
    let record = Record::read(path, claim, &document, config, Depth::Whole);
    let needles = needles(&record);
    let mut records = Vec::new();
    for other in paths {
        if other == path {
            continue;
        }
        let Some(claim) = config.kinds.claim(other)? else { continue };
        // A file that names neither this record nor is one that this record names has nothing to do with it.
        let Ok(bytes) = files.read(other) else { continue };
        if !needles.iter().any(|needle| contains(&bytes, needle) || contains(other.as_bytes(), needle)) {
            continue;
        }
        if let Ok(text) = decode(bytes) {
            records.push(read(other, claim, Document::read(text), place));
        }
    }
    records.push(record);
    records.sort_by(|a, b| a.path.cmp(&b.path));
    let workspace = Workspace::new(config, records);
    let index = workspace.at(path).ok_or_else(|| unreadable(path, "is gone".to_owned()))?;
    let day = |commit: &Commit| Date::at(commit.committer.seconds, commit.committer.offset);
    let today = at.as_ref().map_or(place.today, day);
    Ok(View { workspace, index, document, at, today })
}

fn read(path: &str, claim: Claim, document: Document, place: &Place) -> Record {
    Record::read(path, claim, &document, &place.config, Depth::Whole)
}

/// Returns what a file must hold to name `record`, or to be named by it: the digits of an id, or the name of a file.
fn needles(record: &Record) -> BTreeSet<String> {
    let file = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let mut needles = BTreeSet::from([file(&record.path)]);
    needles.extend(record.id().map(|id| id.number.to_string()));
    for reference in &record.references {
        match &reference.target {
            Target::Id(id) => needles.insert(id.number.to_string()),
            Target::Path(path) => needles.insert(file(path)),
            Target::Elsewhere => false,
        };
    }
    needles
}

fn contains(bytes: &[u8], needle: &str) -> bool {
    memchr::memmem::find(bytes, needle.as_bytes()).is_some()
}
