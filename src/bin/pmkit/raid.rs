//! `pmkit raid`

use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::board;
use pmkit::board::WEEK;
use pmkit::board::board;
use pmkit::date::Date;
use pmkit::error::Error;
use pmkit::query::Query;
use pmkit::query::Scope;
use pmkit::record::Record;
use pmkit::report;
use pmkit::report::Arranged;
use pmkit::report::Scene;

use crate::args::By;
use crate::args::Common;
use crate::args::Raid;
use crate::lately::Lately;
use crate::lately::Since;
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
    let past = Lately::noted(&place, common, &kinds, Since::Day(since), "shown without what has moved");
    let files = place.files()?;
    // What was made of a record on the board is not suggested again.
    let around = board::kinds_in_the_way(config);
    let read: Vec<usize> = kinds.iter().chain(&around).copied().collect();
    let (now, earlier) = past.records(&place, &files, &read)?;
    let wanted =
        |record: &Record| condition.as_ref().is_none_or(|query| query.holds(record, config, place.today));
    let timelines = past.timelines(config, &files);
    let made = board(board::Sources {
        workspace: &now.workspace,
        wanted: &wanted,
        earlier: earlier.as_ref(),
        timelines: timelines.as_ref(),
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
