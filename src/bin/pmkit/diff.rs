//! `pmkit diff`

use std::collections::HashMap;
use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::compare::Edition;
use pmkit::compare::differences;
use pmkit::document::Document;
use pmkit::document::Unreadable;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::git::Now;
use pmkit::git::Snapshot;
use pmkit::git::Source;
use pmkit::history::History;
use pmkit::history::Oid;
use pmkit::history::Slip;
use pmkit::history::Timelines;
use pmkit::query::Query;
use pmkit::query::Scope;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::report;
use pmkit::report::Altered;
use pmkit::report::Range;
use pmkit::review::Version;
use pmkit::text::visible;

use crate::args::Common;
use crate::args::Diff;
use crate::base::commit;
use crate::filter::of_initiative;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::outcome::tell_unreadable;
use crate::place::Files;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Diff) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let config = &place.config;
    let kinds = config.kinds.indices();
    let scope = Scope { config, kinds: &kinds, today: place.today, me: None };
    let initiative = options.initiative.as_deref().map(|name| of_initiative(name, scope)).transpose()?;
    let source = place.needed_source("diff")?;
    let ends = Ends::read(&place, source, options.range.as_deref())?;
    let snapshot = |commit: Oid| source.snapshot(Some(commit), &place.prefix, &config.kinds.folders());
    let base = snapshot(ends.base)?;
    let after = match ends.head {
        Some(head) => After::Revision(snapshot(head)?),
        None => After::Now(place.files()?),
    };
    let paths = after.paths();
    let read = |path: &str| after.read(path);
    let pairs = source.differing(&base, after.now(), &place.prefix, &paths, &config.kinds, &read);
    let mut versions = Vec::new();
    let mut unreadable = 0;
    for (old, new) in pairs {
        let old = old.map(|path| version(&place, &path, base.read(&path), Depth::FrontMatter)).transpose();
        let new = new.map(|path| version(&place, &path, after.read(&path), Depth::FrontMatter)).transpose();
        match (old, new) {
            (Ok(old), Ok(new)) => versions.push((old, new)),
            _ => unreadable += 1,
        }
    }
    let history = match ends.head {
        // What happened later slipped later.
        Some(head) => source.history(config, &place.prefix, &head.to_string()).ok(),
        None => source.history(config, &place.prefix, "HEAD").ok(),
    };
    let timelines =
        history.as_ref().map(|history: &History| Timelines::new(history).followed_to(&paths, &config.kinds));
    let slips = timelines.as_ref().map(|timelines| timelines.slips(&config.kinds)).unwrap_or_default();
    let slips = Slips { timelines: timelines.as_ref(), slips };
    let altered: Vec<Altered<'_>> = versions
        .iter()
        .filter(|(old, new)| is_of(initiative.as_ref(), &place, old.as_ref(), new.as_ref()))
        .filter_map(|(old, new)| altered(&place, old.as_ref(), new.as_ref(), &slips))
        .collect();
    let head = ends.head.map_or_else(|| "worktree".to_owned(), |head| head.to_string());
    let range = Range { base: ends.base.to_string(), head };
    let mut out = BufWriter::new(stdout(look));
    report::changes(options.format.into(), &altered, &range, config, look, &mut out)?;
    out.flush()?;
    if !common.quiet {
        if altered.is_empty() {
            // Talk goes to stderr; where that is gone there is nobody to tell.
            let _ = writeln!(io::stderr(), "no record says anything else than in {}", visible(&ends.told));
        }
        tell_unreadable(unreadable);
    }
    Ok(FINE)
}

/// Reads the record at `path` from its bytes.
pub(crate) fn version(
    place: &Place,
    path: &str,
    bytes: Result<Vec<u8>, Unreadable>,
    depth: Depth,
) -> Result<Version, Unreadable> {
    let document = Document::read(bytes.and_then(decode)?);
    let claim = place.config.kinds.claim(path).ok().flatten().ok_or_else(|| Unreadable {
        what: "is no record".to_owned(),
        help: "see where records lie: pmkit kinds".to_owned(),
    })?;
    let record = Record::read(path, claim, &document, &place.config, depth);
    Ok((record, document))
}

/// Says whether a record is, or was, one of the initiative.
fn is_of(initiative: Option<&Query>, place: &Place, old: Option<&Version>, new: Option<&Version>) -> bool {
    let holds = |query: &Query| {
        let mut both = [old, new].into_iter().flatten();
        both.any(|(record, _)| query.holds(record, &place.config, place.today))
    };
    initiative.is_none_or(holds)
}

/// Returns what changed in a record; `None` where it is written in another way and says the same.
pub(crate) fn altered<'a>(
    place: &'a Place,
    old: Option<&'a Version>,
    new: Option<&'a Version>,
    slips: &Slips<'_>,
) -> Option<Altered<'a>> {
    let edition = |(record, document): &'a Version| Edition {
        record,
        document,
        kind: place.config.kinds.at(record.kind),
    };
    let (old, new) = (old.map(edition), new.map(edition));
    let found = old.zip(new).map(|(old, new)| differences(old, new)).unwrap_or_default();
    let differs = old.is_none() || new.is_none() || !found.is_empty();
    let slips = new.map(|new| slips.of(place, new.record)).unwrap_or_default();
    differs.then_some(Altered { old, new, found, slips })
}

/// How often deadlines have moved later.
pub(crate) struct Slips<'a> {
    pub(crate) timelines: Option<&'a Timelines<'a>>,
    pub(crate) slips: HashMap<usize, Slip>,
}

impl Slips<'_> {
    /// Returns how often each deadline of `record` has, by the name of its field.
    fn of(&self, place: &Place, record: &Record) -> Vec<(String, usize)> {
        let Some(timeline) = self.timelines.and_then(|timelines| timelines.at(&record.path)) else {
            return Vec::new();
        };
        let fields = place.config.kinds.at(record.kind).fields.iter().enumerate();
        let slipped = |(at, field): (usize, &pmkit::kind::Field)| {
            Some((field.name.clone(), timeline.slip(at, &self.slips)?.count))
        };
        fields.filter(|(_, field)| !field.deadline_in.is_empty()).filter_map(slipped).collect()
    }
}

/// What is compared.
struct Ends {
    base: Oid,
    /// `None` for the working tree.
    head: Option<Oid>,
    /// What `base` was called.
    told: String,
}

impl Ends {
    /// Reads `range`: `BASE`, `BASE..HEAD`, or `BASE...HEAD` from where the two parted; without it HEAD. A bare repository has no
    /// working tree, and HEAD is compared.
    fn read(place: &Place, source: Source<'_>, range: Option<&str>) -> Result<Self, Failure> {
        let range = range.unwrap_or("HEAD");
        let (base, head, parted) = match (range.split_once("..."), range.split_once("..")) {
            (Some((base, head)), _) => (base, Some(head), true),
            (None, Some((base, head))) => (base, Some(head), false),
            (None, None) => (range, None, false),
        };
        let name = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
        let told = name(base);
        let mut base = commit(source, &told)?;
        let head = match head {
            Some(head) => Some(commit(source, &name(head))?),
            None if place.is_bare() => Some(commit(source, "HEAD")?),
            None => None,
        };
        if let (true, Some(head)) = (parted, head) {
            base = source.parted(base, head)?.ok_or_else(|| {
                Error::new(format!("{range}: the two have no commit in common"))
                    .help("compare them as they are, with two dots")
            })?;
        }
        Ok(Self { base, head, told })
    }
}

/// The files that are compared with those of the base.
enum After<'a> {
    Revision(Snapshot),
    Now(Files<'a>),
}

impl After<'_> {
    fn paths(&self) -> Vec<String> {
        match self {
            Self::Revision(snapshot) => snapshot.paths(),
            Self::Now(files) => files.paths(),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        match self {
            Self::Revision(snapshot) => snapshot.read(path),
            Self::Now(files) => files.read(path),
        }
    }

    fn now(&self) -> Now<'_> {
        match self {
            Self::Revision(snapshot) => Now::Kept(snapshot),
            Self::Now(files) => files.now(),
        }
    }
}
