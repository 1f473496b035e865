//! Full text of all records, read as it lies there: no index is kept, so none can be stale.
//!
//! Bytes are looked at first. What they say is an upper bound of what a record can be worth, and only the records that may be
//! among the best are read as such.

use std::cmp::Reverse;

use crate::config::Config;
use crate::document::Document;
use crate::error::Result;
use crate::kind::Claim;
use crate::record::Depth;
use crate::record::Record;
use crate::record::says_title;
use crate::text::Lines;
use crate::text::Span;
use crate::workspace::Inputs;
use crate::workspace::read_each;
use crate::workspace::read_texts;

mod fold;
mod near;
mod term;

pub use near::Near;
pub use term::Term;
pub use term::terms;

use term::Fit;
use term::Haystack;
use term::Occurrence;

/// What is looked for.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    /// Words and phrases, all of which must occur.
    pub terms: &'a [Term],
    /// The kinds that are looked at, by their index.
    pub kinds: &'a (dyn Fn(usize) -> bool + Sync),
    /// Which records are meant.
    pub meant: &'a (dyn Fn(&Record) -> bool + Sync),
    /// The most records that are wanted; `None` for all.
    pub limit: Option<usize>,
}

/// What a search came to.
#[derive(Debug)]
pub struct Found {
    /// The records, the best first.
    pub records: Vec<Hit>,
    /// Whether there are more than were wanted.
    pub more: bool,
    /// How many files could not be read as text.
    pub unreadable: usize,
}

/// A record that holds all that is looked for.
#[derive(Debug)]
pub struct Hit {
    /// The record.
    pub record: Record,
    /// What it is worth: the more the better.
    pub score: u32,
    /// The lines in which something occurs, in order.
    pub lines: Vec<Line>,
}

/// A line in which something occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line, from 1.
    pub line: usize,
    /// The column of the first place, from 1.
    pub column: usize,
    /// The whole line, without its end.
    pub text: String,
    /// The places, as bytes of `text`, in order and apart from each other.
    pub places: Vec<(usize, usize)>,
    /// How many of the terms occur in it.
    pub terms: usize,
    /// Whether it is where the title or the id stands.
    pub title: bool,
}

/// What a record is worth. Where every word stands for itself somewhere goes first; then what they are worth together.
type Worth = (bool, u32);

/// What a file may be worth, and where it stands among those worth as much: later numbers first.
struct Candidate {
    path: String,
    most: Worth,
    number: u64,
}

/// Where a term occurs, and what that is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Zone {
    Body,
    Field,
    Heading,
    /// Where the text says the title or the id again.
    Again,
    Title,
}

impl Zone {
    fn worth(self) -> u32 {
        match self {
            Self::Body => 4,
            Self::Field => 6,
            Self::Heading | Self::Again => 12,
            Self::Title => 40,
        }
    }
}

/// What it is worth to be the record that an id names.
const NAMED: u32 = 200;

/// The most places of a term that make a record worth more.
const COUNTED: usize = 6;

/// Looks for what `search` says among `inputs`.
///
/// # Errors
/// Where two kinds claim one file.
pub fn search(config: &Config, inputs: Inputs<'_>, search: Search<'_>) -> Result<Found> {
    let look = |path: &str, claim: Claim, text: Option<String>| {
        text.map(|text| {
            let most = at_most(&text, claim, search.terms)?;
            Some(Candidate { path: path.to_owned(), most, number: claim.number.unwrap_or(0) })
        })
    };
    let looked_at = read_texts(config, inputs, search.kinds, &look)?;
    let unreadable = looked_at.iter().filter(|seen| seen.is_none()).count();
    let mut candidates: Vec<Candidate> = looked_at.into_iter().flatten().flatten().collect();
    candidates.sort_by(|a, b| {
        (Reverse(a.most), Reverse(a.number), &a.path).cmp(&(Reverse(b.most), Reverse(b.number), &b.path))
    });
    let limit = search.limit.unwrap_or(usize::MAX);
    let mut hits: Vec<(Worth, u64, Hit)> = Vec::new();
    let mut rest = &candidates[..];
    while !rest.is_empty() {
        // One more than is wanted says whether there are more.
        let certain = hits.iter().filter(|(worth, ..)| *worth >= rest[0].most).count();
        if certain > limit {
            break;
        }
        let (batch, later) = rest.split_at(rest.len().min(limit.saturating_add(16)));
        rest = later;
        let paths: Vec<String> = batch.iter().map(|candidate| candidate.path.clone()).collect();
        let read = |record: Record, document: Document| examine(record, &document, config, search);
        let inputs = Inputs { paths: &paths, read: inputs.read, around: None };
        for (candidate, (_, hit)) in
            batch.iter().zip(read_each(config, inputs, Depth::FrontMatter, search.kinds, &read)?)
        {
            hits.extend(hit.map(|(worth, hit)| (worth, candidate.number, hit)));
        }
    }
    hits.sort_by(|(worth, number, hit), (other, other_number, other_hit)| {
        let key = (Reverse(*worth), Reverse(*number), &hit.record.path);
        key.cmp(&(Reverse(*other), Reverse(*other_number), &other_hit.record.path))
    });
    let more = hits.len() > limit;
    hits.truncate(limit);
    let records = hits.into_iter().map(|(_, _, hit)| hit).collect();
    Ok(Found { records, more, unreadable })
}

/// Returns for each of `terms` how many of the records `kinds` names hold it.
///
/// # Errors
/// Where two kinds claim one file.
pub fn holding(
    config: &Config,
    inputs: Inputs<'_>,
    terms: &[Term],
    kinds: &(dyn Fn(usize) -> bool + Sync),
) -> Result<Vec<usize>> {
    let look = |_: &str, claim: Claim, text: Option<String>| -> Vec<bool> {
        let text = text.unwrap_or_default();
        terms.iter().map(|term| at_most(&text, claim, std::slice::from_ref(term)).is_some()).collect()
    };
    let seen = read_texts(config, inputs, kinds, &look)?;
    Ok((0..terms.len()).map(|at| seen.iter().filter(|seen| seen[at]).count()).collect())
}

/// Returns the most that a file may be worth, as its bytes say; `None` where it does not hold all that is looked for.
fn at_most(text: &str, claim: Claim, terms: &[Term]) -> Option<Worth> {
    let haystack = Haystack::new(text);
    let mut zones = Zones::new(text);
    let mut all_whole = true;
    let mut score = 0;
    for term in terms {
        let named = term.id.is_some_and(|id| id.kind == claim.kind && Some(id.number) == claim.number);
        let occurrences = term.occurrences(&haystack, usize::MAX);
        if occurrences.is_empty() && !named {
            return None;
        }
        let mut worth = Sum::default();
        for occurrence in &occurrences {
            worth.add(zones.at_most(occurrence.start), occurrence.fit);
        }
        // An id in the front matter may be the record's own.
        let own = named || (term.id.is_some() && worth.best >= Zone::Title.worth() / 2);
        all_whole &= worth.whole || named;
        score += worth.total() + if own { NAMED } else { 0 };
    }
    Some((all_whole, score))
}

/// The best zones that bytes may lie in, as far as lines tell; asked for in order, so that no line is looked at twice.
struct Zones<'a> {
    text: &'a str,
    /// Where the front matter ends at the latest.
    front: usize,
    line: (usize, usize, Zone),
}

impl<'a> Zones<'a> {
    fn new(text: &'a str) -> Self {
        let opens = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with("---");
        let mut ends = memchr::memmem::find_iter(text.as_bytes(), b"\n---");
        let front = if opens { ends.find(|end| *end > 3).unwrap_or(text.len()) } else { 0 };
        Self { text, front, line: (0, 0, Zone::Body) }
    }

    fn at_most(&mut self, at: usize) -> Zone {
        if at < self.front {
            return Zone::Title;
        }
        if at < self.line.0 || at >= self.line.1 {
            let bytes = self.text.as_bytes();
            let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end);
            let line = self.text[start..end].trim_start();
            let underlined = self.text[end..].trim_start_matches(['\r', '\n', ' ']).starts_with(['=', '-']);
            let heading = line.starts_with('#') || underlined || line.contains('\r');
            self.line = (start, end, if heading { Zone::Heading } else { Zone::Body });
        }
        self.line.2
    }
}

/// What the places of one term are worth together.
#[derive(Default)]
struct Sum {
    best: u32,
    count: usize,
    whole: bool,
}

impl Sum {
    fn add(&mut self, zone: Zone, fit: Fit) {
        let of_four = match fit {
            Fit::Whole => 4,
            Fit::Beginning => 3,
            Fit::Part => 2,
        };
        self.best = self.best.max(zone.worth() * of_four / 4);
        self.count += 1;
        self.whole |= fit == Fit::Whole;
    }

    fn total(&self) -> u32 {
        self.best + u32::try_from(self.count.min(COUNTED)).unwrap_or_default().saturating_sub(1)
    }
}

/// Reads what a record holds of what is looked for; `None` where that is not all, or it is not meant.
fn examine(record: Record, document: &Document, config: &Config, search: Search<'_>) -> Option<(Worth, Hit)> {
    if !(search.meant)(&record) {
        return None;
    }
    let haystack = Haystack::new(&document.text);
    let mut all_whole = true;
    let mut score = 0;
    let mut places: Vec<(Occurrence, usize, Zone)> = Vec::new();
    for (at, term) in search.terms.iter().enumerate() {
        let named = term.id.is_some() && term.id == record.id();
        let mut worth = Sum::default();
        for occurrence in term.occurrences(&haystack, usize::MAX) {
            if let Some(zone) = zone(&record, document, config, occurrence.start) {
                worth.add(zone, occurrence.fit);
                places.push((occurrence, at, zone));
            }
        }
        if worth.count == 0 && !named {
            return None;
        }
        all_whole &= worth.whole || named;
        score += worth.total() + if named { NAMED } else { 0 };
    }
    let lines = lines(document, places);
    Some(((all_whole, score), Hit { record, score, lines }))
}

/// Returns where in a record the byte `at` stands; `None` where nobody reads it: in a comment, or a key.
fn zone(record: &Record, document: &Document, config: &Config, at: usize) -> Option<Zone> {
    let holds = |span: Span| span.start() <= at && at < span.end();
    if at < document.body {
        let entry = document.entries().iter().find(|entry| holds(entry.value.span()))?;
        let kind = config.kinds.at(record.kind);
        let is = |name: &str| record.field(kind, name).is_some_and(|field| field.key == entry.key.text.span);
        return Some(match (is("title"), is("id")) {
            (true, _) => Zone::Title,
            (_, true) => Zone::Again,
            _ => Zone::Field,
        });
    }
    let outline = document.outline();
    let after = outline.comments.partition_point(|comment| comment.start() <= at);
    if after.checked_sub(1).is_some_and(|before| holds(outline.comments[before])) {
        return None;
    }
    let after = outline.sections.partition_point(|section| section.heading.start() <= at);
    let heading = after.checked_sub(1).map(|before| &outline.sections[before]);
    Some(match heading.filter(|section| holds(section.heading)) {
        None => Zone::Body,
        Some(section) => {
            let kinds = &config.kinds;
            let says_it = record
                .text(kinds.at(record.kind), "title")
                .is_some_and(|title| says_title(section.title.of(&document.text), title, record.id(), kinds));
            if section.level == 1 && says_it { Zone::Again } else { Zone::Heading }
        }
    })
}

/// Collects places by the lines they begin in.
fn lines(document: &Document, mut places: Vec<(Occurrence, usize, Zone)>) -> Vec<Line> {
    places.sort_unstable();
    let lines = Lines::new(&document.text);
    let mut found: Vec<Line> = Vec::new();
    let mut span = Span::at(0);
    let mut terms: Vec<usize> = Vec::new();
    for (occurrence, term, zone) in places {
        // A line may be as long as the text: what is known of it is not asked again.
        if found.is_empty() || occurrence.start >= span.end() {
            let position = lines.position(occurrence.start);
            span = lines.line(position.line);
            terms.clear();
            found.push(Line {
                line: position.line,
                column: position.column,
                text: span.of(&document.text).to_owned(),
                places: Vec::new(),
                terms: 0,
                title: zone >= Zone::Again,
            });
        }
        let Some(line) = found.last_mut() else { continue };
        let (start, end) = (occurrence.start - span.start(), occurrence.end.min(span.end()) - span.start());
        match line.places.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => line.places.push((start, end)),
        }
        if !terms.contains(&term) {
            terms.push(term);
            line.terms += 1;
        }
    }
    found
}
