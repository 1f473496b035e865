//! The dates of a record that surface when they pass.

use super::FieldValue;
use super::Record;
use crate::date::Date;
use crate::kind::Kind;

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
}
