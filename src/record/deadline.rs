//! The dates of a record that surface when they pass.

use super::FieldValue;
use super::Record;
use super::Value;
use crate::date::Date;
use crate::kind::Kind;
use crate::kind::Required;

/// A date that is a deadline in some state.
#[derive(Debug, Clone, Copy)]
pub struct Deadline<'a> {
    /// The field, as written.
    pub written: &'a FieldValue,
    /// The day.
    pub date: Date,
    /// Whether it runs in the state the record is in.
    pub runs: bool,
}

impl Deadline<'_> {
    /// Says whether the day is over while the deadline runs.
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        self.runs && self.date < today
    }
}

/// A record that nobody has looked at for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stale {
    /// The index of the field that says when somebody last did.
    pub field: usize,
    /// When that was: the day the record was written, where nobody has since.
    pub since: Date,
    /// Whether the field says so, as against the day of writing.
    pub said: bool,
}

impl Record {
    /// Returns the deadlines of the record, which is one of `kind`, in the order written.
    pub fn deadlines<'a>(&'a self, kind: &'a Kind) -> impl Iterator<Item = Deadline<'a>> {
        self.fields.iter().filter_map(|written| {
            let states = &kind.fields[written.field].deadline_in;
            let date = written.value.as_date().filter(|_| !states.is_empty())?;
            let runs = self.state.as_ref().is_some_and(|state| states.contains(state));
            Some(Deadline { written, date, runs })
        })
    }

    /// Returns the first of the deadlines that run, in order of day.
    #[must_use]
    pub fn next_deadline<'a>(&'a self, kind: &'a Kind) -> Option<Deadline<'a>> {
        self.deadlines(kind).filter(|deadline| deadline.runs).min_by_key(|deadline| deadline.date)
    }

    /// Says since when nobody has looked at the record, for every field in which that is longer ago than the kind allows.
    ///
    /// A field that is needed somewhere counts there; any other counts while the record is open, and from the day the
    /// record was written where it is absent.
    pub fn stale<'a>(&'a self, kind: &'a Kind, today: Date) -> impl Iterator<Item = Stale> + 'a {
        kind.fields.iter().enumerate().filter_map(move |(index, field)| {
            let most = field.stale_after?;
            let state = self.state.as_deref()?;
            let needed = field.required != Required::Never;
            let counts = match &field.required {
                Required::Never => kind.lifecycle.is_open(state),
                // What has ended nobody needs to look at again.
                Required::Always => !kind.lifecycle.ended.iter().any(|ended| ended == state),
                required => required.holds(Some(state), |name| self.in_conditions(kind, name)),
            };
            let written = self.fields.iter().find(|written| written.field == index);
            let said = written.is_some_and(|written| written.value != Value::Blank);
            let since = match written.map(|written| &written.value) {
                Some(Value::Date(date)) => Some(*date),
                None | Some(Value::Blank) if !needed => self.field(kind, "created")?.value.as_date(),
                // What is needed and absent, and what is no day, is told elsewhere.
                _ => None,
            };
            let stale = |since: &Date| counts && most.after(*since) < today;
            since.filter(stale).map(|since| Stale { field: index, since, said })
        })
    }
}
