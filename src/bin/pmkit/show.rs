//! `pmkit show`

use std::collections::BTreeSet;
use std::collections::HashSet;
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
use pmkit::history::Lineage;
use pmkit::history::Timeline;
use pmkit::history::Timelines;
use pmkit::history::What;
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
    if options.diff && options.records.len() > 1 {
        return Err(Error::new("--diff compares one record with what it was")
            .help("ask for one at a time")
            .into());
    }
    let place = Place::open(common)?;
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let files = place.files()?;
    let paths = files.paths();
    let mut past = Past::read(&place, common, options)?;
    let mut seen = Vec::new();
    for name in &options.records {
        seen.push(find(&place, common, options, &files, &paths, &mut past, name)?);
    }
    past.name(&seen);
    let mut out = BufWriter::new(stdout(look));
    if options.diff {
        for Seen { then, now, .. } in &seen {
            let (Some(now), Some(commit)) = (now, &then.at) else { continue };
            let (old, new) = (then.edition(&place), now.edition(&place));
            let head = past.history.as_ref().and_then(|history| history.head).filter(|_| place.is_bare());
            let compared = Compared { old, new, commit, head, found: &differences(old, new) };
            report::compare(options.format.into(), compared, &place.config, look, &mut out)?;
        }
    } else {
        let shown: Vec<Shown<'_>> = seen
            .iter()
            .map(|seen| Shown {
                workspace: &seen.then.workspace,
                index: seen.then.index,
                document: &seen.then.document,
                timeline: seen
                    .other
                    .as_ref()
                    .or(past.history.as_ref())
                    .map(|history| Timeline { history, indices: &seen.events }),
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
    /// The history it is told from, where that is not HEAD's.
    other: Option<History>,
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

    /// Gives the commits that are shown the names people go by now.
    fn name(&mut self, seen: &[Seen<'_>]) {
        let of_head = seen.iter().filter(|seen| seen.other.is_none());
        let events: Vec<usize> = of_head.flat_map(|seen| seen.events.iter().copied()).collect();
        if let (Some(source), Some(history)) = (self.source, &mut self.history) {
            source.name(history, &events);
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
        let timelines = Timelines::new(history).followed_to(paths, &place.config.kinds);
        let known = now.as_deref().and_then(|path| timelines.at(path));
        let timeline = match (&now, known) {
            (_, Some(known)) => Some(known),
            (Some(path), None) => {
                not_committed(place, files, history, paths, path).map(|at| timelines.of(at))
            }
            (None, None) => {
                // Where nothing goes by that name today something may have done.
                let found = documents_named(place, common, history, name).ok();
                found.and_then(|found| found.last().copied()).map(|at| timelines.of(at))
            }
        };
        if let (None, Some(timeline)) = (&now, timeline)
            && let Some(path) =
                timeline.events().next().map(|first| &history.documents()[first.document].path)
            && paths.iter().any(|known| **known == **path)
        {
            if !common.quiet {
                let told = format!("{name} is {}{path} today", place.prefix);
                let _ = writeln!(io::stderr(), "{}", visible(&told));
            }
            now = Some(path.to_string());
        }
        events.extend(timeline.iter().flat_map(|timeline| timeline.indices));
    }
    let Some(at) = &options.at else {
        let Some(path) = now else { return Err(gone(place, past.history.as_ref(), &events, name).into()) };
        past.detail(place, &events)?;
        return Ok(Seen { then: view(place, files, paths, &path, None)?, now: None, other: None, events });
    };
    let (source, history) = match (past.source, &past.history) {
        (Some(source), Some(history)) => (source, history),
        _ => return Err(Error::new("there is no history to look into").into()),
    };
    if events.is_empty() {
        let error = match now {
            Some(path) => {
                Error::new(format!("{}{path} is not committed yet: it has no earlier version", place.prefix))
            }
            None => gone(place, Some(history), &events, name),
        };
        return Err(error.into());
    }
    let mut point = Point::find(place, source, Timeline { history, indices: &events }, at, name)?;
    let snapshot = source.snapshot(Some(point.commit.id), &place.prefix, &place.config.kinds.folders())?;
    let then_files = Files::Kept(snapshot, Vec::new());
    let then_paths = then_files.paths();
    let then = view(place, &then_files, &then_paths, &point.path, Some((point.commit, point.day)))?;
    let now = match now.filter(|_| options.diff) {
        Some(path) => Some(view(place, files, paths, &path, None)?),
        None if options.diff => return Err(gone(place, Some(history), &events, name).into()),
        None => None,
    };
    match &mut point.other {
        Some(other) => {
            source.detail(&place.config, &place.prefix, other, &point.events)?;
            source.name(other, &point.events);
        }
        None => past.detail(place, &point.events)?,
    }
    Ok(Seen { then, now, other: point.other, events: point.events })
}

/// Returns the document that the file at `path` was before, where no name says so: one that was deleted at this path, or one
/// whose id its text holds and whose file is gone.
fn not_committed(
    place: &Place,
    files: &Files<'_>,
    history: &History,
    paths: &[String],
    path: &str,
) -> Option<usize> {
    if let Some(document) = history.followed.deleted.get(path) {
        return Some(*document);
    }
    let claim = place.config.kinds.claim(path).ok()??;
    let text = Document::read(files.read(path).and_then(decode).ok()?);
    let id = Record::read(path, claim, &text, &place.config, Depth::FrontMatter).id()?;
    let moved = |document: &Lineage| {
        let same = document.kind == id.kind && document.number == Some(id.number);
        document.alive && same && !paths.iter().any(|known| **known == *document.path)
    };
    history.documents().iter().position(moved)
}

/// Says that there is no record of that name now, and where one was.
fn gone(place: &Place, history: Option<&History>, events: &[usize], name: &str) -> Error {
    let last = history.zip(events.last()).map(|(history, at)| (history, &history.events[*at]));
    match last {
        Some((history, Event { what: What::Deleted, path, commit, .. })) => {
            let commit = &history.commits[*commit];
            let day = commit.day().spoken();
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
    at: Option<(Commit, Date)>,
) -> Result<View<'a>, Failure> {
    let config = &place.config;
    let unreadable = |path: &str, what: String| Error::new(format!("{path} {what}"));
    let claim = config.kinds.claim(path)?.ok_or_else(|| unreadable(path, "is no record".to_owned()))?;
    let text = files.read(path).and_then(decode).map_err(|why| unreadable(path, why.what).help(why.help))?;
    let document = Document::read(text);
    let record = Record::read(path, claim, &document, config, Depth::Whole);
    let needles = Needles::of(&record);
    let mut records = Vec::new();
    for other in paths {
        if other == path {
            continue;
        }
        let Some(claim) = config.kinds.claim(other)? else { continue };
        // A file that names neither this record nor is one that this record names has nothing to do with it.
        let Ok(bytes) = files.read(other) else { continue };
        if !needles.are_in(other.as_bytes()) && !needles.are_in(&bytes) {
            continue;
        }
        if let Ok(text) = decode(bytes) {
            let document = Document::read(text);
            records.push(Record::read(other, claim, &document, config, Depth::Whole));
        }
    }
    records.push(record);
    records.sort_by(|a, b| a.path.cmp(&b.path));
    let workspace = Workspace::new(config, records);
    let index = workspace.at(path).ok_or_else(|| unreadable(path, "is gone".to_owned()))?;
    let today = at.as_ref().map_or(place.today, |(_, day)| *day);
    Ok(View { workspace, index, document, at: at.map(|(commit, _)| commit), today })
}

/// What a file must hold to name a record, or to be named by it: the number of an id, or the name of a file.
struct Needles {
    numbers: HashSet<u64>,
    names: BTreeSet<String>,
}

impl Needles {
    fn of(record: &Record) -> Self {
        let file = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let mut needles = Self { numbers: HashSet::new(), names: BTreeSet::from([file(&record.path)]) };
        needles.numbers.extend(record.id().map(|id| id.number));
        for reference in &record.references {
            match &reference.target {
                Target::Id(id) => drop(needles.numbers.insert(id.number)),
                Target::Path(path) => drop(needles.names.insert(file(path))),
                Target::Elsewhere => {}
            }
        }
        needles
    }

    /// Looks at every number there is once, however many are looked for.
    fn are_in(&self, bytes: &[u8]) -> bool {
        let mut number: Option<u64> = None;
        for byte in bytes.iter().chain(b" ") {
            number = match (byte.is_ascii_digit(), number) {
                (true, so_far) => {
                    Some(so_far.unwrap_or(0).saturating_mul(10).saturating_add(u64::from(byte - b'0')))
                }
                (false, Some(whole)) if self.numbers.contains(&whole) => return true,
                (false, _) => None,
            };
        }
        self.names.iter().any(|name| memchr::memmem::find(bytes, name.as_bytes()).is_some())
    }
}
