//! The days of records as entries of a calendar: deadlines that run, other days that are to come, and what has been called off.
//!
//! Whoever has taken an entry in before must know it again, and must be able to tell which of two versions is the later one. So it is
//! called by what its record was born as, and counts the changes that git's history has seen. Nothing depends on the hour: the same
//! revision on the same day gives the same entries.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::config::Config;
use crate::date::Date;
use crate::history::Timelines;
use crate::kind::Field;
use crate::kind::Kind;
use crate::kind::Kinds;
use crate::record::FieldValue;
use crate::record::Record;
use crate::record::RecordId;
use crate::record::Value;
use crate::text::percent_encoded;

mod trace;

use trace::Now;
use trace::Trace;

/// For how many days what has been called off is still told, and a day that was no deadline stays after it has passed.
pub const KEPT: i32 = 28;

/// What a calendar is made of.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// What the team has settled.
    pub config: &'a Config,
    /// The records there are, in order of path.
    pub records: &'a [Record],
    /// Records that are gone.
    pub gone: &'a [Gone],
    /// What has happened to them; `None` where no history can be read.
    pub timelines: Option<&'a Timelines<'a>>,
    /// Which records are meant.
    pub wanted: &'a dyn Fn(&Record) -> bool,
    /// What tells the records from those of other repositories.
    pub repository: &'a str,
    /// When the newest commit was made, in seconds since 1970; `None` where there is none.
    pub revised: Option<i64>,
    /// The day.
    pub today: Date,
}

/// A record whose file is not there any more.
#[derive(Debug)]
pub struct Gone {
    /// What it was last.
    pub record: Record,
    /// The index of its document in the history.
    pub document: usize,
    /// Since when.
    pub since: Date,
}

/// A day of a record.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// The field that says the day.
    pub field: &'a Field,
    /// The day.
    pub day: Date,
    /// What it is called by programs, whatever becomes of the record.
    pub name: String,
    /// How often it has changed: a later version has a greater number.
    pub sequence: u32,
    /// As of when this version is, in seconds since 1970.
    pub stamp: i64,
    /// When the record was last changed in a way that history tells, in seconds since 1970.
    pub modified: Option<i64>,
    /// Whether it was there once, and is not to be any more.
    pub called_off: bool,
    /// Whether it is a deadline that has passed.
    pub late: bool,
}

/// Returns the entries of the records that are meant, in order of day.
#[must_use]
pub fn entries(sources: Sources<'_>) -> Vec<Entry<'_>> {
    let names = Names::of(sources);
    let mut found = Vec::new();
    for (record, name) in sources.records.iter().zip(&names.records) {
        if (sources.wanted)(record) {
            let document = sources.timelines.and_then(|timelines| timelines.document_at(&record.path));
            Maker { sources, record, name, document, gone: None }.add(&mut found);
        }
    }
    for (gone, name) in sources.gone.iter().zip(&names.gone) {
        if (sources.wanted)(&gone.record) {
            let document = Some(gone.document);
            Maker { sources, record: &gone.record, name, document, gone: Some(gone.since) }.add(&mut found);
        }
    }
    found.sort_by(|a, b| (a.day, &a.record.path, &a.name).cmp(&(b.day, &b.record.path, &b.name)));
    // Two names that are put together from different parts may come out the same.
    let mut taken: HashSet<String> = HashSet::with_capacity(found.len());
    for entry in &mut found {
        while !taken.insert(entry.name.clone()) {
            entry.name.insert(0, '~');
        }
    }
    found
}

/// Says whether `record`, one of `kind`, has a day that would stand in a calendar if it could be read as one, or a state that would say
/// so.
#[must_use]
pub fn is_unclear(record: &Record, kind: &Kind) -> bool {
    let unread =
        |field: usize| record.fields.iter().any(|known| known.field == field && known.value == Value::Unfit);
    let days = || kind.fields.iter().enumerate().filter(|(_, field)| is_day(field));
    match record.state.as_deref() {
        Some(state) => days().any(|(index, field)| counts(field, state) && unread(index)),
        None => has_days(kind),
    }
}

/// Says whether days of records of `kind` stand in calendars.
#[must_use]
pub fn has_days(kind: &Kind) -> bool {
    kind.fields.iter().any(is_day)
}

fn is_day(field: &Field) -> bool {
    !field.deadline_in.is_empty() || !field.calendar_in.is_empty()
}

/// Says whether the day in `field` counts in `state`.
fn counts(field: &Field, state: &str) -> bool {
    field.deadline_in.iter().chain(&field.calendar_in).any(|known| known == state)
}

/// What records are called by programs: the id that the file name first said, and where a number had been taken before, how many-th
/// it is. A new title, another path and another number change nothing about that.
struct Names {
    records: Vec<String>,
    gone: Vec<String>,
}

impl Names {
    fn of(sources: Sources<'_>) -> Self {
        let kinds = &sources.config.kinds;
        let mut taken: HashMap<String, usize> = HashMap::new();
        let mut of_documents: Vec<String> = Vec::new();
        if let Some(timelines) = sources.timelines {
            let documents = timelines.documents();
            of_documents.reserve(documents.len());
            for (at, document) in documents.iter().enumerate() {
                let born = timelines.of(at).events().next().map_or(&document.path, |event| &event.path);
                let said = kinds.first_claim(born).and_then(|(kind, number)| id(kind, number?, kinds));
                of_documents.push(numbered(said.unwrap_or_else(|| percent_encoded(born)), &mut taken));
            }
        }
        let of_document = |at: usize| of_documents.get(at).cloned();
        let name = |record: &Record| {
            let document = sources.timelines.and_then(|timelines| timelines.document_at(&record.path));
            document.and_then(of_document).unwrap_or_else(|| {
                let said = record.id().and_then(|known| id(known.kind, known.number, kinds));
                numbered(said.unwrap_or_else(|| percent_encoded(&record.path)), &mut taken)
            })
        };
        Self {
            records: sources.records.iter().map(name).collect(),
            gone: sources.gone.iter().map(|gone| of_document(gone.document).unwrap_or_default()).collect(),
        }
    }
}

fn id(kind: usize, number: u64, kinds: &Kinds) -> Option<String> {
    Some(RecordId { kind, number }.text(kinds))
}

/// Returns `name`, with a number behind it where it has been given before.
fn numbered(name: String, taken: &mut HashMap<String, usize>) -> String {
    let count = taken.entry(name.clone()).or_default();
    *count += 1;
    if *count == 1 { name } else { format!("{name}~{count}") }
}

/// Makes the entries of one record.
struct Maker<'a, 'n> {
    sources: Sources<'a>,
    record: &'a Record,
    name: &'n str,
    document: Option<usize>,
    /// Since when the record is gone, where it is.
    gone: Option<Date>,
}

impl<'a> Maker<'a, '_> {
    fn add(&self, found: &mut Vec<Entry<'a>>) {
        let kind = self.sources.config.kinds.at(self.record.kind);
        // What cannot be read as a state is a slip of the pen, and calls nothing off.
        let Some(state) = self.record.state.as_deref() else { return };
        for (index, field) in kind.fields.iter().enumerate().filter(|(_, field)| is_day(field)) {
            let written = self.record.fields.iter().find(|value| value.field == index);
            found.extend(self.entry(kind, index, state, Said::of(written)).map(|made| Entry {
                record: self.record,
                kind,
                field,
                day: made.day,
                name: self.full_name(field),
                sequence: made.sequence,
                stamp: made.stamp,
                modified: made.modified,
                called_off: made.called_off,
                late: !made.called_off
                    && made.day < self.sources.today
                    && field.deadline_in.iter().any(|known| known == state),
            }));
        }
    }

    fn full_name(&self, field: &Field) -> String {
        let Self { sources, name, .. } = self;
        format!("{name}.{}.{}@pmkit", percent_encoded(&field.name), percent_encoded(sources.repository))
    }

    fn entry(&self, kind: &Kind, index: usize, state: &str, said: Said) -> Option<Made> {
        let (today, field) = (self.sources.today, &kind.fields[index]);
        let since = today.plus_days(-KEPT);
        if let (Said::Day(day), true, None) = (said, counts(field, state), self.gone) {
            let is_deadline = field.deadline_in.iter().any(|known| known == state);
            let shown = is_deadline || day >= since;
            return shown.then(|| self.made(day, false, &self.trace(index, state, said)));
        }
        // What is no day is told by lint, and calls nothing off. Without its past nobody knows whether a day was ever there.
        let live = self.gone.is_none() && counts(field, state);
        if (said == Said::Otherwise && live) || self.document.is_none() {
            return None;
        }
        let trace = self.trace(index, state, said);
        let (ended, day) = match (said, self.gone) {
            (Said::Day(day), Some(gone)) => (gone, counts(field, state).then_some(day)?),
            (Said::Day(day), None) => (trace.left?, day),
            // Where no day can be read, what was told last is called off.
            (Said::Otherwise, Some(gone)) => (gone, trace.latest.filter(|_| counts(field, state))?),
            (Said::Otherwise, None) => (trace.left?, trace.latest?),
            _ => trace.cleared?,
        };
        let latest = trace.latest.map_or(day, |latest| latest.max(day));
        // A day that came while it counted needs no striking out.
        let told = ended >= since && latest > ended && latest >= today;
        told.then(|| self.made(day, true, &trace))
    }

    fn trace(&self, index: usize, state: &str, said: Said) -> Trace {
        let Some((timelines, document)) = self.sources.timelines.zip(self.document) else {
            return Trace::default();
        };
        let now = Now { kind: self.record.kind, state, said };
        Trace::of(timelines, document, index, self.gone.is_none().then_some(now), self.sources)
    }

    fn made(&self, day: Date, called_off: bool, trace: &Trace) -> Made {
        let midnight = self.sources.today.days_since_epoch() * DAY;
        let committed = self.sources.revised.unwrap_or(i64::MIN);
        let settled = self.sources.timelines.is_some() && self.document.is_some() && !trace.pending;
        let stamp = if settled { committed } else { committed.max(midnight) };
        let stamp = if stamp == i64::MIN { midnight } else { stamp };
        let sequence = match self.sources.timelines {
            Some(_) if trace.watched || self.document.is_none() => trace.changes,
            _ => since_2000(stamp),
        };
        let modified = trace.modified.map(|at| if trace.pending { at.max(midnight) } else { at });
        Made { day, called_off, sequence, stamp, modified }
    }
}

/// What an entry says besides which one it is.
struct Made {
    day: Date,
    called_off: bool,
    sequence: u32,
    stamp: i64,
    modified: Option<i64>,
}

/// What a record says in the place of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Day(Date),
    Nothing,
    /// Something that is no day.
    Otherwise,
}

impl Said {
    fn of(written: Option<&FieldValue>) -> Self {
        match written.map(|written| &written.value) {
            Some(Value::Date(day)) => Self::Day(*day),
            None | Some(Value::Blank) => Self::Nothing,
            Some(_) => Self::Otherwise,
        }
    }
}

/// A day in seconds.
const DAY: i64 = 86_400;

/// Returns a number that grows as time does, for where changes cannot be counted: seconds since 2000. It lasts until 2068.
fn since_2000(seconds: i64) -> u32 {
    const BEGIN: i64 = 946_684_800;
    const MOST: i64 = i32::MAX as i64;
    u32::try_from(seconds.saturating_sub(BEGIN).clamp(0, MOST)).unwrap_or(0)
}
