//! `pmkit digest`

use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::audience::Audience;
use pmkit::board;
use pmkit::board::board;
use pmkit::date::Date;
use pmkit::error::Error;
use pmkit::history::Commit;
use pmkit::history::Oid;
use pmkit::query::Query;
use pmkit::query::Scope;
use pmkit::record::Record;
use pmkit::report;
use pmkit::report::DigestScene;
use pmkit::report::PageFormat;
use pmkit::rhythm;
use pmkit::rhythm::Telling;
use pmkit::text::visible;

use crate::args::Common;
use crate::args::Digest;
use crate::args::DigestFormat;
use crate::filter::of_initiative;
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
use crate::then::Beginning;

pub(crate) fn run(common: &Common, options: &Digest) -> Result<u8, Failure> {
    let asked = Asked {
        since: &options.since,
        audience: options.audience.as_deref(),
        initiative: options.initiative.as_deref(),
        words: (options.words > 0).then_some(options.words),
    };
    let mut place = Place::open(common)?;
    with_digest(&mut place, asked, &|digest, scene, Read { unreadable, concerned }| {
        let look = wide(terminal::look(common, &io::stdout(), ""));
        let mut out = BufWriter::new(stdout(look));
        report::digest(options.format.into(), digest, scene, look, &mut out)?;
        out.flush()?;
        if !common.quiet {
            tell_unreadable(unreadable);
            if let (false, Some(name)) =
                (concerned, options.audience.as_ref().or(options.initiative.as_ref()))
            {
                let _ = writeln!(io::stderr(), "no record has to do with {}", visible(name));
            }
            if scene.commit.is_none() {
                // Talk goes to stderr; where that is gone there is nobody to tell.
                let _ = writeln!(
                    io::stderr(),
                    "nothing has been committed yet, and only what is committed is told"
                );
            }
        }
        Ok(FINE)
    })
}

/// What a digest is to tell.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) since: &'a str,
    pub(crate) audience: Option<&'a str>,
    pub(crate) initiative: Option<&'a str>,
    /// The most words, where there is a most.
    pub(crate) words: Option<usize>,
}

/// What is done with a digest, what stands around it, and how many files could not be read.
pub(crate) type Use<'a, T> = &'a dyn Fn(&rhythm::Digest<'_>, DigestScene<'_>, Read) -> Result<T, Failure>;

/// What came of reading records.
#[derive(Clone, Copy)]
pub(crate) struct Read {
    /// How many files could not be read.
    pub(crate) unreadable: usize,
    /// Whether any record is among those that are told of.
    pub(crate) concerned: bool,
}

/// Makes the digest that is `asked` for of `place` as HEAD has it, and hands it to `using`.
pub(crate) fn with_digest<T>(place: &mut Place, asked: Asked<'_>, using: Use<'_, T>) -> Result<T, Failure> {
    let head = place.stand_at_head("digest")?;
    let place = &*place;
    let config = &place.config;
    let span = Span::read(asked.since, place, head)?;
    let kinds = config.kinds.indices();
    let scope = Scope { config, kinds: &kinds, today: place.today, me: None };
    let condition: Option<Query> = asked.initiative.map(|name| of_initiative(name, scope)).transpose()?;
    let lately = Lately::whole(place, &kinds, span.since)?;
    let files = place.files()?;
    let (now, earlier) = lately.records(place, &files, &kinds)?;
    let earlier = lately.known(earlier);
    let audience = asked.audience.map(|name| Audience::named(name, &now.workspace)).transpose()?;
    let wanted = |record: &Record| {
        condition.as_ref().is_none_or(|query| query.holds(record, config, place.today))
            && audience.as_ref().is_none_or(|audience| audience.concerns(record))
    };
    let timelines = lately.timelines(config, &files);
    let made = board(board::Sources {
        workspace: &now.workspace,
        wanted: &wanted,
        earlier: earlier.as_ref(),
        timelines: timelines.as_ref(),
        today: place.today,
    });
    let happened = |commit: &Commit| span.time.holds(commit);
    let sources = rhythm::Sources {
        workspace: &now.workspace,
        wanted: &wanted,
        board: &made,
        earlier: earlier.as_ref(),
        timelines: timelines.as_ref(),
        today: place.today,
    };
    let digest = rhythm::digest(sources, Telling { happened: &happened, audience: audience.as_ref() });
    let scene = DigestScene {
        config,
        from: span.from,
        today: place.today,
        commit: head,
        initiative: asked.initiative,
        person: audience.as_ref().map(|audience| audience.name.as_str()),
        words: asked.words,
    };
    let concerned = now.workspace.records.is_empty() || now.workspace.records.iter().any(wanted);
    let done = using(&digest, scene, Read { unreadable: now.unreadable, concerned })?;
    // The process ends soon: handing back every piece of memory would only take time.
    std::mem::forget(digest);
    std::mem::forget(made);
    std::mem::forget(timelines);
    std::mem::forget((now, earlier, lately));
    Ok(done)
}

/// The time that is told of.
struct Span {
    /// Its first day.
    from: Date,
    /// What is compared with.
    since: Since,
    /// What tells the commits made in it.
    time: Beginning,
}

impl Span {
    /// Reads a day, with which the time begins; a length of time before today; or a revision, after which it begins.
    fn read(text: &str, place: &Place, head: Option<Oid>) -> Result<Self, Failure> {
        if let Some(day) = then::day(text, place.today) {
            if day > place.today {
                let error = Error::new(format!("--since: {} is still to come", day.spoken()));
                return Err(error.help("write a day that has been, or a time before today as in 7d").into());
            }
            return Ok(Self { from: day, since: Since::Day(day.plus_days(-1)), time: Beginning::Day(day) });
        }
        let source = place.needed_source("digest")?;
        let (Some(head), Some(commit)) = (head, then::revision(source, text)?) else {
            return Err(Error::new("nothing has been committed yet").into());
        };
        let parted = source.parted(head, commit)?.ok_or_else(|| unrelated(text))?;
        let from = source.commit(parted)?.day();
        let time = Beginning::Commits(source.beyond(head, parted)?);
        Ok(Self { from, since: Since::Commit(parted, from), time })
    }
}

fn unrelated(text: &str) -> Error {
    Error::new(format!("`{text}` and HEAD have no commit in common, so that nothing lies between them"))
        .help("name a commit that HEAD came from, or a day")
}

impl From<DigestFormat> for PageFormat {
    fn from(format: DigestFormat) -> Self {
        match format {
            DigestFormat::Text => Self::Text,
            DigestFormat::Markdown => Self::Markdown,
            DigestFormat::Html => Self::Html,
            DigestFormat::Slack => Self::Slack,
        }
    }
}
