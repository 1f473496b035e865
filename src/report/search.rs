//! What a search found, for people and as `pmkit.search/1`.

use std::io;
use std::io::Write;

use serde::Serialize;

use super::Look;
use super::TableFormat;
use super::escape::write_json;
use super::markdown::columns;
use super::narrow::ending;
use super::narrow::fitted;
use super::show::called;
use super::table::code;
use super::table::csv;
use super::text::styled;
use crate::config::Config;
use crate::record::Record;
use crate::search::Hit;
use crate::search::Line;
use crate::text::one_line;
use crate::text::visible;
use crate::text::visible_with_offsets;

const SCHEMA: &str = "pmkit.search/1";

/// The most lines of one record that people are shown where they do not ask for all.
const SHOWN: usize = 3;

/// The least room beside a place for the text that stands there.
const BESIDE: usize = 30;

/// The least width that text is broken for.
const LEAST: usize = 12;

/// A word that was taken for another one.
#[derive(Debug, Clone, Serialize)]
pub struct Taken {
    /// The word as it was given.
    pub word: String,
    /// The word that was looked for.
    pub taken_for: String,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    taken: &'a [Taken],
    records: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct EntryLine<'a> {
    schema: &'static str,
    #[serde(flatten)]
    entry: Entry<'a>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: Option<String>,
    kind: &'a str,
    title: Option<&'a str>,
    status: Option<&'a str>,
    path: String,
    score: u32,
    matches: Vec<Match<'a>>,
}

#[derive(Serialize)]
struct Match<'a> {
    line: usize,
    column: usize,
    text: &'a str,
}

/// Writes the records a search found, the best first; for people with `all` lines that hold something, else with a few.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn search(
    format: TableFormat,
    hits: &[Hit],
    taken: &[Taken],
    all: bool,
    config: &Config,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let entries = || hits.iter().map(|hit| entry(hit, config, look));
    match format {
        TableFormat::Text => {
            for (at, hit) in hits.iter().enumerate() {
                if at > 0 {
                    writeln!(out)?;
                }
                text(hit, all, config, look, out)?;
            }
            Ok(())
        }
        TableFormat::Json => {
            write_json(&Document { schema: SCHEMA, taken, records: entries().collect() }, true, out)
        }
        TableFormat::Jsonl => {
            entries().try_for_each(|entry| write_json(&EntryLine { schema: SCHEMA, entry }, false, out))
        }
        TableFormat::Csv => {
            csv(std::iter::once(HEAD.map(str::to_owned)).chain(entries().flat_map(|entry| rows(&entry))), out)
        }
        TableFormat::Markdown => {
            writeln!(out, "| record | status | title | where | text |\n|---|---|---|---|---|")?;
            for hit in hits {
                markdown(hit, all, config, look, out)?;
            }
            Ok(())
        }
    }
}

fn entry<'a>(hit: &'a Hit, config: &'a Config, look: Look<'_>) -> Entry<'a> {
    let record = &hit.record;
    let kind = config.kinds.at(record.kind);
    let found = |line: &'a Line| Match { line: line.line, column: line.column, text: &line.text };
    Entry {
        id: record.id_text(&config.kinds),
        kind: &kind.id,
        title: record.text(kind, "title"),
        status: record.state.as_deref(),
        path: path(record, look),
        score: hit.score,
        matches: hit.lines.iter().map(found).collect(),
    }
}

fn path(record: &Record, look: Look<'_>) -> String {
    format!("{}{}", look.prefix, record.path)
}

/// Returns the lines that tell most, in order.
fn best(hit: &Hit, all: bool) -> Vec<&Line> {
    // The title stands above the lines in any case.
    let mut lines: Vec<&Line> = hit.lines.iter().filter(|line| all || !line.title).collect();
    if !all {
        lines.sort_by_key(|line| (std::cmp::Reverse(line.terms), line.line));
        lines.truncate(SHOWN);
        lines.sort_by_key(|line| line.line);
    }
    lines
}

fn text(hit: &Hit, all: bool, config: &Config, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    heading(&hit.record, config, look, out)?;
    let path = visible(&path(&hit.record, look)).into_owned();
    let width = look.width.max(LEAST);
    let lines = best(hit, all);
    if lines.is_empty() {
        return writeln!(out, "  {}", styled(&ending(&path, width - 2), "2", look));
    }
    for line in &lines {
        let place = format!("{path}:{}:{}", line.line, line.column);
        // An excerpt that is cut is a column wider, for its `…`.
        let room = width.saturating_sub(columns(&place) + 5);
        if room >= BESIDE {
            writeln!(out, "  {}  {}", styled(&place, "2", look), excerpt(line, room, look))?;
        } else {
            writeln!(out, "  {}", styled(&ending(&place, width - 2), "2", look))?;
            writeln!(out, "    {}", excerpt(line, width - 5, look))?;
        }
    }
    let left = hit.lines.iter().filter(|line| all || !line.title).count() - lines.len();
    match left {
        0 => Ok(()),
        1 => writeln!(out, "  {}", styled("1 line more", "2", look)),
        many => writeln!(out, "  {}", styled(&format!("{many} lines more"), "2", look)),
    }
}

/// Writes what a record is called, its state and its title.
fn heading(record: &Record, config: &Config, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let title =
        record.text(config.kinds.at(record.kind), "title").map_or_else(|| "no title".to_owned(), one_line);
    let name = visible(&called(record, &config.kinds, look)).into_owned();
    let state = visible(record.state.as_deref().unwrap_or("no state")).into_owned();
    let width = look.width.max(LEAST);
    // What is called by its path alone may be wider than the terminal.
    let name = ending(&name, width);
    let told = format!("{name}  {state}  {}", visible(&title));
    if columns(&told) <= width {
        let title = &told[name.len() + state.len() + 4..];
        return writeln!(out, "{}  {}  {title}", styled(&name, "1", look), styled(&state, "36", look));
    }
    for (at, line) in fitted(&told, width).iter().enumerate() {
        // What opens a line now did not when the text was made visible.
        let line = visible(line);
        match line.strip_prefix(&name).filter(|_| at == 0) {
            Some(rest) => writeln!(out, "{}{rest}", styled(&name, "1", look))?,
            None => writeln!(out, "{line}")?,
        }
    }
    Ok(())
}

/// Returns as much of a line as fits into `room` columns, beginning so that the first place is seen.
fn excerpt(line: &Line, room: usize, look: Look<'_>) -> String {
    let (shown, offsets) = visible_with_offsets(&line.text);
    let places: Vec<(usize, usize)> =
        line.places.iter().map(|(start, end)| (offsets[*start], offsets[*end])).collect();
    let first = places.first().map_or(0, |place| place.0);
    let indent = shown.len() - shown.trim_start().len();
    let end_of_text = shown.trim_end().len().max(indent);
    // Where the text before the first place is long, only its end is told.
    let (mut start, mut used) = (first.max(indent), 0);
    for (at, c) in shown[indent..first.max(indent)].char_indices().rev() {
        used += columns(c.encode_utf8(&mut [0; 4]));
        if used > room / 3 && columns_up_to(&shown[indent..end_of_text], room) > room {
            break;
        }
        start = indent + at;
    }
    let cut_before = start > indent;
    let mut end = start;
    let mut used = usize::from(cut_before);
    for c in shown[start..end_of_text].chars() {
        used += columns(c.encode_utf8(&mut [0; 4]));
        if used > room {
            break;
        }
        end += c.len_utf8();
    }
    let mut out = String::new();
    if cut_before {
        out.push('…');
    }
    let mut at = start;
    for (from, to) in places {
        let (from, to) = (from.clamp(at, end), to.clamp(at, end));
        out.push_str(&shown[at..from]);
        if from < to {
            out.push_str(&styled(&shown[from..to], "1;31", look));
        }
        at = to;
    }
    out.push_str(&shown[at..end]);
    if end < end_of_text {
        out.push('…');
    }
    out
}

/// Returns how many columns `text` takes; where that is more than `most`, something more than that.
fn columns_up_to(text: &str, most: usize) -> usize {
    let mut used = 0;
    for c in text.chars() {
        used += columns(c.encode_utf8(&mut [0; 4]));
        if used > most {
            break;
        }
    }
    used
}

const HEAD: [&str; 9] = ["id", "kind", "title", "status", "path", "score", "line", "column", "text"];

/// Returns a row for each line that holds something; one, where it is the record itself that was named.
fn rows(entry: &Entry<'_>) -> Vec<[String; 9]> {
    let row = |found: Option<&Match<'_>>| {
        let number = |number: usize| number.to_string();
        [
            entry.id.clone().unwrap_or_default(),
            entry.kind.to_owned(),
            entry.title.unwrap_or_default().to_owned(),
            entry.status.unwrap_or_default().to_owned(),
            entry.path.clone(),
            entry.score.to_string(),
            found.map(|found| number(found.line)).unwrap_or_default(),
            found.map(|found| number(found.column)).unwrap_or_default(),
            found.map(|found| found.text.to_owned()).unwrap_or_default(),
        ]
    };
    if entry.matches.is_empty() {
        return vec![row(None)];
    }
    entry.matches.iter().map(|found| row(Some(found))).collect()
}

fn markdown(hit: &Hit, all: bool, config: &Config, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let record = &hit.record;
    let path = path(record, look);
    let cell = |text: &str| if text.trim().is_empty() { String::new() } else { code(text) };
    let name = record.id_text(&config.kinds).unwrap_or_else(|| path.clone());
    let title = record.text(config.kinds.at(record.kind), "title").map(one_line).unwrap_or_default();
    let head = [cell(&name), cell(record.state.as_deref().unwrap_or_default()), cell(&title)].join(" | ");
    let lines = best(hit, all);
    if lines.is_empty() {
        return writeln!(out, "| {head} | {} | |", cell(&path));
    }
    for line in lines {
        let place = format!("{path}:{}:{}", line.line, line.column);
        let plain = Look { color: false, ..look };
        // What a line is cut to is visible already; a second time changes nothing.
        writeln!(out, "| {head} | {} | {} |", cell(&place), cell(&excerpt(line, 200, plain)))?;
    }
    Ok(())
}
