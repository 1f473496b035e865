//! `pmkit raid`

use std::collections::HashSet;
use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::sync::Mutex;
use std::sync::PoisonError;

use pmkit::board;
use pmkit::board::Earlier;
use pmkit::board::WEEK;
use pmkit::board::board;
use pmkit::date::Date;
use pmkit::error::Error;
use pmkit::git::Snapshot;
use pmkit::git::Source;
use pmkit::history::History;
use pmkit::history::Oid;
use pmkit::query::Query;
use pmkit::query::Scope;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::report;
use pmkit::report::Arranged;
use pmkit::report::Scene;
use pmkit::workspace::Inputs;
use pmkit::workspace::read_records;

use crate::args::By;
use crate::args::Common;
use crate::args::Raid;
use crate::list::wide;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::outcome::tell_unreadable;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;
use crate::then;
use crate::walk::walk;

pub(crate) fn run(common: &Common, options: &Raid) -> Result<u8, Failure> {
    let mut place = Place::open(common)?;
    if let Some(when) = &options.at {
        place.go_back(when, "raid")?;
    }
    let place = place;
    let since = since(options.since.as_deref(), place.today)?;
    if options.walk {
        place.writable()?;
        if !terminal::can_ask(common) {
            return Err(Error::new("--walk asks on a terminal, and there is none here")
                .help("look at the board without it: pmkit raid --all")
                .into());
        }
    }
    let config = &place.config;
    let kinds = board::kinds(config);
    if kinds.is_empty() {
        let error = Error::new(format!("no kind here belongs to the group `{}`", board::GROUP));
        return Err(error.help("say so in a kind file: group = \"raid\"").into());
    }
    let scope = Scope { config, kinds: &kinds, today: place.today, me: None };
    let condition = options.initiative.as_deref().map(|name| -> Result<Query, Error> {
        config.known_initiative(name)?;
        Query::is("initiative", name, scope)
    });
    let condition = condition.transpose()?;
    let past = Past::read(&place, common, &kinds, since);
    let files = place.files()?;
    let paths = files.paths();
    // What is as it was a week ago is not read twice.
    let same: Mutex<HashSet<String>> = Mutex::new(HashSet::new());
    let read = |path: &str| {
        let bytes = files.read(path)?;
        if past.week.as_ref().is_some_and(|week| week.holds(path, &bytes)) {
            same.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        }
        Ok(bytes)
    };
    let inputs = Inputs { paths: &paths, read: &read, around: None };
    // What was made of a record on the board is not suggested again.
    let around = board::kinds_in_the_way(config);
    let wanted_kinds = |kind: usize| kinds.contains(&kind) || around.contains(&kind);
    let now = read_records(config, inputs, Depth::FrontMatter, &wanted_kinds, &|_| false)?;
    let same = same.into_inner().unwrap_or_else(PoisonError::into_inner);
    let earlier = past.earlier(&place, &kinds, &now.workspace.records, &same)?;
    let wanted =
        |record: &Record| condition.as_ref().is_none_or(|query| query.holds(record, config, place.today));
    let made = board(board::Sources {
        workspace: &now.workspace,
        wanted: &wanted,
        earlier: earlier.as_ref(),
        history: past.history.as_ref(),
        today: place.today,
    });
    if options.walk {
        return walk(&place, common, options, &made, &files);
    }
    let branch = past.source.filter(|_| !place.is_back()).and_then(|source| source.on_branch());
    let scene = Scene {
        config,
        today: place.today,
        branch: branch.as_deref(),
        commit: past.head,
        initiative: options.initiative.as_deref(),
        overdue: options.overdue,
        all: options.all,
        by: options.by.map(Arranged::from),
    };
    let look = wide(terminal::look(common, &io::stdout(), &place.prefix));
    let mut out = BufWriter::new(stdout(look));
    report::raid(options.format.into(), &made, scene, look, &mut out)?;
    out.flush()?;
    if !common.quiet {
        tell_unreadable(now.unreadable);
        if !now.workspace.records.iter().any(|record| kinds.contains(&record.kind)) {
            let kind = config.kinds.at(kinds[0]);
            // Talk goes to stderr; where that is gone there is nobody to tell.
            let _ =
                writeln!(io::stderr(), "the log has no record yet; make one: pmkit new {} \"…\"", kind.id);
        }
    }
    // The process ends here: handing back every piece of memory would only take time.
    std::mem::forget(past);
    Ok(FINE)
}

/// Returns the day that is compared with: a week before `today`, or what was asked for, a day before it or a length of time.
fn since(asked: Option<&str>, today: Date) -> Result<Date, Error> {
    let Some(asked) = asked else { return Ok(today.plus_days(-WEEK)) };
    then::day(asked, today).filter(|day| *day < today).ok_or_else(|| {
        Error::new(format!("`{asked}` is no day before {}", today.spoken()))
            .help("write a day, as in 2026-09-01, or a time before, as in 7d or 2w")
    })
}

/// What git knows, as far as it can be read. The board stands without.
struct Past<'a> {
    source: Option<Source<'a>>,
    head: Option<Oid>,
    history: Option<History>,
    /// The files at the end of the day that is compared with.
    week: Option<Snapshot>,
    /// That day.
    since: Date,
}

impl<'a> Past<'a> {
    /// Reads what can be read, and says what cannot.
    fn read(place: &'a Place, common: &Common, kinds: &[usize], since: Date) -> Self {
        let mut past = Self { source: None, head: None, history: None, week: None, since };
        let read = past.fill(place, kinds);
        if let (Err(Failure::Tool(why) | Failure::NoHistory(why)), false) = (read, common.quiet) {
            let look = terminal::look(common, &io::stderr(), "");
            let _ = report::note(&why, "shown without what has moved", look, &mut io::stderr());
        }
        past
    }

    fn fill(&mut self, place: &'a Place, kinds: &[usize]) -> Result<(), Failure> {
        let Some(source) = place.source()? else {
            return Err(Error::new("there is no git repository here").into());
        };
        self.source = Some(source);
        self.head = place.head()?;
        let Some(head) = self.head else { return Ok(()) };
        if let Some(commit) = then::last_of(source, head, self.since)? {
            let folders = place.config.kinds.folders_of(kinds);
            self.week = Some(source.snapshot(Some(commit.id), &place.prefix, &folders)?);
        }
        self.history = Some(source.history(&place.config, &place.prefix, &head.to_string())?);
        Ok(())
    }

    /// Returns the records of a week ago: those among `now` whose files are the `same`, and what git has of the others.
    fn earlier(
        &self,
        place: &Place,
        kinds: &[usize],
        now: &[Record],
        same: &HashSet<String>,
    ) -> Result<Option<Earlier>, Error> {
        let Some(week) = &self.week else { return Ok(None) };
        let paths: Vec<String> = week.paths().into_iter().filter(|path| !same.contains(path)).collect();
        let inputs = Inputs { paths: &paths, read: &|path| week.read(path), around: None };
        let then =
            read_records(&place.config, inputs, Depth::FrontMatter, &|kind| kinds.contains(&kind), &|_| {
                false
            })?;
        let mut records = then.workspace.records;
        records.extend(now.iter().filter(|record| same.contains(&record.path)).cloned());
        Ok(Some(Earlier { day: self.since, records }))
    }
}

impl From<By> for Arranged {
    fn from(by: By) -> Self {
        match by {
            By::Owner => Self::Owner,
            By::Band => Self::Band,
            By::Due => Self::Due,
            By::Kind => Self::Kind,
        }
    }
}
