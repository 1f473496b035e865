//! `pmkit calendar`

use std::collections::BTreeMap;
use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::audience::Audience;
use pmkit::calendar;
use pmkit::calendar::Entry;
use pmkit::calendar::Gone;
use pmkit::calendar::KEPT;
use pmkit::calendar::has_days;
use pmkit::document::Document;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::git::Source;
use pmkit::history::History;
use pmkit::history::Timelines;
use pmkit::history::What;
use pmkit::query::Query;
use pmkit::query::Scope;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::register;
use pmkit::report;
use pmkit::report::Published;
use pmkit::text::slug;
use pmkit::text::visible;
use pmkit::workspace::Inputs;
use pmkit::workspace::Reading;
use pmkit::workspace::read_records;

use crate::args::Calendar;
use crate::args::Common;
use crate::filter;
use crate::identity::identity;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::outcome::tell_unreadable;
use crate::place::Place;
use crate::terminal;

/// How many digits of the first commit tell repositories apart.
const DIGITS: usize = 16;

pub(crate) fn run(common: &Common, options: &Calendar) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let config = &place.config;
    let me = identity(&place);
    let named: Vec<String> = options.filter.kinds.iter().chain(&options.kind).cloned().collect();
    let kinds = register::kinds_named(&named, config)?;
    let scope = Scope { config, kinds: &kinds, today: place.today, me: me.as_deref() };
    let conditions = filter::conditions(&options.filter.conditions, scope)?;
    let past = Past::read(&place)?;
    let files = place.files()?;
    let paths = files.paths();
    let inputs = Inputs { paths: &paths, read: &|path| files.read(path), around: None };
    let shown = |kind: usize| kinds.contains(&kind) && has_days(config.kinds.at(kind));
    let follows = |kind: usize| config.kinds.at(kind).fields.iter().any(|field| field.follower.is_some());
    let needed = |kind: usize| shown(kind) || (options.person.is_some() && follows(kind));
    let Reading { workspace, unreadable, .. } =
        read_records(config, inputs, Depth::FrontMatter, &needed, &|_| false)?;
    let audience = options.person.as_deref().map(|person| Audience::named(person, &workspace)).transpose()?;
    let wanted = |record: &Record| {
        shown(record.kind)
            && audience.as_ref().is_none_or(|audience| audience.concerns(record))
            && conditions.iter().all(|condition: &Query| condition.holds(record, config, place.today))
    };
    let timelines =
        past.history.as_ref().map(|history| Timelines::new(history).followed_to(&paths, &config.kinds));
    let gone = timelines.as_ref().map(|known| past.gone(&place, known, &shown)).unwrap_or_default();
    let repository = repository(&place, past.history.as_ref());
    let entries = calendar::entries(calendar::Sources {
        config,
        records: &workspace.records,
        gone: &gone,
        timelines: timelines.as_ref(),
        wanted: &wanted,
        repository: &repository,
        revised: past.revised,
        today: place.today,
    });
    let name = options.name.clone().unwrap_or_else(|| name(&place, options, audience.as_ref()));
    // Bytes as they are, line ends too: this is for programs.
    let mut out = BufWriter::new(io::stdout().lock());
    let published = Published { name: &name, config, prefix: &place.prefix };
    report::icalendar(&entries, published, &mut out)?;
    out.flush()?;
    if !common.quiet {
        if let Some(why) = past.why.as_ref().filter(|_| !entries.is_empty()) {
            let look = terminal::look(common, &io::stderr(), "");
            let what = "entries have other names (UID) than with history, and nothing is called off";
            let _ = report::note(why, what, look, &mut io::stderr());
        }
        tell(&entries, audience.as_ref());
        let unclear =
            |record: &&Record| wanted(record) && calendar::is_unclear(record, config.kinds.at(record.kind));
        match workspace.records.iter().filter(unclear).count() {
            0 => {}
            // Talk goes to stderr; where that is gone there is nobody to tell.
            1 => drop(writeln!(
                io::stderr(),
                "1 record has a day or a state that cannot be read; see why: pmkit lint"
            )),
            many => drop(writeln!(
                io::stderr(),
                "{many} records have days or states that cannot be read; see why: pmkit lint"
            )),
        }
        tell_unreadable(unreadable);
    }
    // The process ends here: handing back every piece of memory would only take time.
    std::mem::forget(past);
    Ok(FINE)
}

/// Returns what tells the records of this tree from those of others: the first commit, and where in the repository the tree begins; the
/// name of its folder where no commit can be told.
fn repository(place: &Place, history: Option<&History>) -> String {
    let known = match history.and_then(|history| history.root) {
        Some(root) => root.to_string().chars().take(DIGITS).collect(),
        None => slug(&folder(place)),
    };
    format!("{known}/{}", place.prefix).trim_end_matches('/').to_owned()
}

/// Returns the name of the folder the tree lies in, as people call the repository.
fn folder(place: &Place) -> String {
    let top = place.tree.top.as_deref().unwrap_or(&place.tree.root);
    let name = top.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = if place.is_bare() { name.trim_end_matches(".git").to_owned() } else { name };
    if name.is_empty() { "records".to_owned() } else { name }
}

/// Returns what the calendar is called where nobody said so: the folder, the initiative and the person.
fn name(place: &Place, options: &Calendar, audience: Option<&Audience<'_>>) -> String {
    let config = &place.config;
    let initiative = options.filter.conditions.initiative.as_deref();
    let initiative = initiative.map(|name| config.initiative_title(name).to_owned());
    let person = audience.map(|audience| {
        let known = config.people.person(&audience.name).and_then(|person| person.name.clone());
        known.unwrap_or_else(|| audience.name.clone())
    });
    [Some(folder(place)), initiative, person].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Says what the calendar holds.
fn tell(entries: &[Entry<'_>], audience: Option<&Audience<'_>>) {
    let whom = audience.map(|audience| format!(" for {}", audience.name)).unwrap_or_default();
    let off = entries.iter().filter(|entry| entry.called_off).count();
    let late = entries.iter().filter(|entry| entry.late).count();
    let said = match entries.len() - off {
        0 if off == 0 => format!("no dates{whom}: the calendar is empty"),
        0 => format!("no dates{whom}"),
        1 => format!("1 date{whom}"),
        many => format!("{many} dates{whom}"),
    };
    let mut more = Vec::new();
    if late > 0 {
        more.push(format!("{late} late"));
    }
    if off > 0 {
        more.push(format!("{off} called off"));
    }
    let more = if more.is_empty() { String::new() } else { format!(": {}", more.join(", ")) };
    // Talk goes to stderr; where that is gone there is nobody to tell.
    let _ = writeln!(io::stderr(), "{}", visible(&format!("{said}{more}")));
}

/// What git knows, as far as it can be read. The calendar stands without.
struct Past<'a> {
    source: Option<Source<'a>>,
    history: Option<History>,
    /// When HEAD was committed.
    revised: Option<i64>,
    /// Why there is no history, where there is none.
    why: Option<Error>,
}

impl<'a> Past<'a> {
    /// Reads what can be read.
    fn read(place: &'a Place) -> Result<Self, Failure> {
        let mut past = Self { source: None, history: None, revised: None, why: None };
        match past.fill(place) {
            Err(Failure::Tool(why) | Failure::NoHistory(why)) => past.why = Some(why),
            other => other?,
        }
        Ok(past)
    }

    fn fill(&mut self, place: &'a Place) -> Result<(), Failure> {
        let Some(source) = place.source()? else {
            return Err(Error::new("there is no git repository here").into());
        };
        self.source = Some(source);
        let Some(head) = place.head()? else {
            return Err(Error::new("nothing has been committed yet").into());
        };
        self.revised = Some(source.commit(head)?.committer.seconds);
        self.history = Some(source.history(&place.config, &place.prefix, "HEAD")?);
        Ok(())
    }

    /// Returns the records of the kinds that are `shown` whose deletion was committed not so long ago, each as it was last.
    fn gone(&self, place: &Place, timelines: &Timelines<'_>, shown: &dyn Fn(usize) -> bool) -> Vec<Gone> {
        let Some(source) = self.source else { return Vec::new() };
        let history = timelines.history();
        let since = place.today.plus_days(-KEPT);
        let mut by_commit: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (document, lineage) in timelines.documents().iter().enumerate() {
            if lineage.alive || !shown(lineage.kind) {
                continue;
            }
            let last = timelines.of(document).events().next_back();
            if let Some(event) = last.filter(|event| event.what == What::Deleted) {
                by_commit.entry(event.commit).or_default().push(document);
            }
        }
        let mut gone = Vec::new();
        for (commit, documents) in by_commit {
            let commit = &history.commits[commit];
            let day = commit.day();
            if day < since {
                continue;
            }
            let paths: Vec<String> =
                documents.iter().map(|at| timelines.documents()[*at].path.to_string()).collect();
            // What cannot be read any more cannot be called off.
            let before = source.resolve(&format!("{}^", commit.id));
            let Ok(files) = before.and_then(|before| source.snapshot(before, &place.prefix, &paths)) else {
                continue;
            };
            let read = |(document, path): (usize, &String)| {
                let claim = place.config.kinds.claim(path).ok()??;
                let text = files.read(path).and_then(decode).ok()?;
                let config = &place.config;
                let record = Record::read(path, claim, &Document::read(text), config, Depth::FrontMatter);
                Some(Gone { record, document, since: day })
            };
            gone.extend(documents.into_iter().zip(&paths).filter_map(read));
        }
        gone
    }
}
