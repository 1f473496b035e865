//! `pmkit log`

use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::date::Date;
use pmkit::date::Days;
use pmkit::date::day_number;
use pmkit::error::Error;
use pmkit::history::Event;
use pmkit::history::History;
use pmkit::history::What;
use pmkit::record::RecordId;
use pmkit::record::read_id;
use pmkit::report;
use pmkit::report::LogFormat;

use crate::args::Common;
use crate::args::Log;
use crate::args::TableFormat;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Log) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let since = options.since.as_deref().map(|text| first_day(text, place.today)).transpose()?;
    let source = place.needed_source("log")?;
    let mut history = source.history(&place.config, &place.prefix, "HEAD")?;
    let wanted = options
        .records
        .iter()
        .map(|name| documents(name, &place, &history))
        .collect::<Result<Vec<_>, Error>>()?
        .concat();
    let since = since.map(Date::days_since_epoch);
    let in_time = |event: &Event| {
        let landed = &history.commits[event.commit].committer;
        since.is_none_or(|since| day_number(landed.seconds, landed.offset) >= since)
    };
    let holds = |event: &Event| {
        (options.records.is_empty() || wanted.contains(&event.document))
            && (options.fields || event.what != What::Field)
            && in_time(event)
    };
    let shown: Vec<usize> =
        (0..history.events.len()).rev().filter(|at| holds(&history.events[*at])).collect();
    source.detail(&place.config, &place.prefix, &mut history, &shown)?;
    let mut out = BufWriter::new(stdout(look));
    let format = match options.format {
        TableFormat::Text => LogFormat::Text,
        TableFormat::Json => LogFormat::Json,
        TableFormat::Jsonl => LogFormat::Jsonl,
        TableFormat::Csv => LogFormat::Csv,
        TableFormat::Markdown => LogFormat::Markdown,
    };
    report::log(format, &history, &shown, &place.config, look, &mut out)?;
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

/// Returns the documents that `name` means: an id, or a path that one of them has or had last.
fn documents(name: &str, place: &Place, history: &History) -> Result<Vec<usize>, Error> {
    let id = read_id(name, &place.config.kinds, None);
    let by_id = |id: RecordId| {
        let of = |at: &usize| {
            let document = &history.documents()[*at];
            document.kind == id.kind && document.number == Some(id.number)
        };
        (0..history.documents().len()).filter(of).collect::<Vec<_>>()
    };
    let path = name.strip_prefix(&place.prefix).unwrap_or(name).trim_start_matches("./");
    let found = match id {
        Some(id) => by_id(id),
        None => (0..history.documents().len()).filter(|at| &*history.documents()[*at].path == path).collect(),
    };
    if found.is_empty() {
        return Err(Error::new(format!("history knows no record `{name}`"))
            .help("write an id, as in RFC-0007, or the path from the top of the repository; what is not committed yet has no history"));
    }
    Ok(found)
}

/// Returns the day `text` names: a date, or a length of time before today.
fn first_day(text: &str, today: Date) -> Result<Date, Error> {
    Date::parse(text).or_else(|| Days::parse(text).map(|days| days.before(today))).ok_or_else(|| {
        Error::new(format!("`{text}` is no day"))
            .help("write a day, as in 2026-09-01, or a time before today, as in 7d or 2w")
    })
}
