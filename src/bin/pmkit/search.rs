//! `pmkit search`

use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::error::Error;
use pmkit::query::Query;
use pmkit::query::Scope;
use pmkit::record::Record;
use pmkit::register;
use pmkit::report;
use pmkit::report::Taken;
use pmkit::search;
use pmkit::search::Found;
use pmkit::search::Near;
use pmkit::search::Term;
use pmkit::text::visible;
use pmkit::workspace::Inputs;

use crate::args::Common;
use crate::args::Search as Options;
use crate::args::TableFormat;
use crate::filter;
use crate::identity::identity;
use crate::list::wide;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::outcome::tell_unreadable;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

/// The most records people are shown where they do not say.
const SHOWN: usize = 20;

pub(crate) fn run(common: &Common, options: &Options) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let config = &place.config;
    let mut terms = search::terms(&options.words, &config.kinds);
    if terms.is_empty() {
        return Err(Error::new("there is no word to look for")
            .help("write one, as in pmkit search refund")
            .into());
    }
    // Who asks matters to conditions alone.
    let asked = options.conditions.mine || !options.conditions.conditions.is_empty();
    let me = if asked { identity(&place) } else { None };
    let kinds = register::kinds_named(&options.kinds, config)?;
    let scope = Scope { config, kinds: &kinds, today: place.today, me: me.as_deref() };
    let conditions = filter::conditions(&options.conditions, scope)?;
    let look = wide(terminal::look(common, &io::stdout(), &place.prefix));
    let files = place.files()?;
    let paths = files.paths();
    let wanted = |kind: usize| kinds.contains(&kind);
    let hunt = Hunt {
        place: &place,
        inputs: Inputs { paths: &paths, read: &|path| files.read(path), around: None },
        wanted: &wanted,
        conditions: &conditions,
        limit: limit(options),
    };
    let mut found = hunt.find(&terms)?;
    let mut taken = Vec::new();
    if found.records.is_empty() {
        let near = hunt.near()?;
        let holding = hunt.holding(&terms)?;
        taken = take(&mut terms, &holding, &near, &place);
        if !taken.is_empty() {
            found = hunt.find(&terms)?;
        }
        if found.records.is_empty() && !common.quiet {
            // Talk goes to stderr; where that is gone there is nobody to tell.
            let holding = if taken.is_empty() { holding } else { hunt.holding(&terms)? };
            let _ = nothing(&terms, &holding, &near, !conditions.is_empty());
        }
    }
    if !common.quiet {
        for Taken { word, taken_for } in &taken {
            let _ =
                writeln!(io::stderr(), "no record holds {}: looked for {}", quoted(word), quoted(taken_for));
        }
    }
    let mut out = BufWriter::new(stdout(look));
    let format = options.format.into();
    report::search(format, &found.records, &taken, options.all, config, look, &mut out)?;
    out.flush()?;
    if !common.quiet {
        let _ = tell(&found, &hunt);
    }
    Ok(FINE)
}

/// Where and among what is looked.
struct Hunt<'a> {
    place: &'a Place,
    inputs: Inputs<'a>,
    wanted: &'a (dyn Fn(usize) -> bool + Sync),
    conditions: &'a [Query],
    limit: Option<usize>,
}

impl Hunt<'_> {
    fn find(&self, terms: &[Term]) -> Result<Found, Error> {
        let (config, conditions, today) = (&self.place.config, self.conditions, self.place.today);
        let meant =
            |record: &Record| conditions.iter().all(|condition| condition.holds(record, config, today));
        let search = search::Search { terms, kinds: self.wanted, meant: &meant, limit: self.limit };
        search::search(config, self.inputs, search)
    }

    fn near(&self) -> Result<Near, Error> {
        Near::read(&self.place.config, self.inputs, self.wanted)
    }

    /// Returns for each term how many records hold it, whether they are meant or not.
    fn holding(&self, terms: &[Term]) -> Result<Vec<Held>, Error> {
        let config = &self.place.config;
        let counts = search::holding(config, self.inputs, terms, self.wanted)?;
        let held = |(term, count): (&Term, usize)| {
            let terms = std::slice::from_ref(term);
            let search = search::Search { terms, kinds: self.wanted, meant: &|_| true, limit: Some(1) };
            // Its bytes may stand where nobody reads them.
            let read = count > 0 && !search::search(config, self.inputs, search)?.records.is_empty();
            Ok(if read { Held::In(count) } else { Held::Nowhere { hidden: count > 0 } })
        };
        terms.iter().zip(counts).map(held).collect()
    }
}

/// How many records hold a term.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    In(usize),
    /// None does; but it may be hidden in keys and comments.
    Nowhere {
        hidden: bool,
    },
}

/// Returns how many records are wanted: people want the best, programs all.
fn limit(options: &Options) -> Option<usize> {
    let for_people = matches!(options.format, TableFormat::Text | TableFormat::Markdown);
    options.limit.or(for_people.then_some(SHOWN)).filter(|limit| *limit > 0)
}

/// Puts the word that was probably meant in the place of each term that no record holds, and returns those.
fn take(terms: &mut [Term], holding: &[Held], near: &Near, place: &Place) -> Vec<Taken> {
    let mut taken = Vec::new();
    for (term, held) in terms.iter_mut().zip(holding) {
        let nowhere = matches!(held, Held::Nowhere { .. });
        if let Some(meant) = near.meant(term, &place.config).filter(|_| nowhere) {
            taken.push(Taken { word: term.said.clone(), taken_for: meant.said.clone() });
            *term = meant;
        }
    }
    taken
}

/// Says that nothing was found, and what comes nearest.
fn nothing(terms: &[Term], holding: &[Held], near: &Near, conditions: bool) -> io::Result<()> {
    let mut err = io::stderr().lock();
    let mut missing = false;
    let mut counted = Vec::new();
    for (term, held) in terms.iter().zip(holding) {
        let said = quoted(&term.said);
        match held {
            Held::In(count) => {
                counted.push(format!("{said} is in {count}"));
                continue;
            }
            Held::Nowhere { hidden: false } => write!(err, "nothing found: no record holds {said}")?,
            Held::Nowhere { hidden: true } => {
                write!(
                    err,
                    "nothing found: {said} stands only in keys and comments, which are not searched"
                )?;
            }
        }
        missing = true;
        match near.alike(term) {
            Some(word) => writeln!(err, "; did you mean {}?", quoted(word))?,
            None => writeln!(err)?,
        }
    }
    if !missing && (terms.len() == 1 || conditions) {
        writeln!(err, "nothing found among the records that are meant")?;
    } else if !missing {
        writeln!(err, "nothing found: no record holds all; {}", counted.join(", "))?;
    }
    Ok(())
}

/// Says what the result does not.
fn tell(found: &Found, hunt: &Hunt<'_>) -> io::Result<()> {
    let mut err = io::stderr().lock();
    if let (true, Some(limit)) = (found.more, hunt.limit) {
        writeln!(err, "these are the best {limit}; more: -n {}, or -n 0 for all", limit.saturating_mul(5))?;
    }
    tell_unreadable(found.unreadable);
    Ok(())
}

fn quoted(word: &str) -> String {
    format!("`{}`", visible(word))
}
