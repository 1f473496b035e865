//! The weekly rhythm: what is told of the time behind us, what the next sync is about, and where a piece of work stands. All of
//! it comes from the records and from git; nobody types a status.

use std::collections::HashMap;

use crate::board::Board;
use crate::board::Earlier;
use crate::date::Date;
use crate::history::Timelines;
use crate::kind::Field;
use crate::kind::Kind;
use crate::record::Record;
use crate::record::RecordId;
use crate::record::Value;
use crate::workspace::Workspace;

mod agenda;
mod digest;
mod pick;
mod standing;

pub use agenda::Agenda;
pub use agenda::Candidate;
pub use agenda::Carried;
pub use agenda::Happened;
pub use agenda::Learnt;
pub use agenda::Lesson;
pub use agenda::Plan;
pub use agenda::SyncRecord;
pub use agenda::Unmerged;
pub use agenda::agenda;
pub use agenda::horizon;
pub use agenda::kind_filled_by;
pub use agenda::next_day;
pub use agenda::syncs;
pub use agenda::tasks;
pub use digest::Coming;
pub use digest::Decided;
pub use digest::Digest;
pub use digest::Ended;
pub use digest::Need;
pub use digest::Needs;
pub use digest::Slipped;
pub use digest::Telling;
pub use digest::digest;
pub use pick::Pick;
pub use pick::Reason;
pub use standing::Holds;
pub use standing::Person;
pub use standing::Standing;
pub use standing::Waiting;
pub use standing::standing;

/// The group of the kinds that keep what was learnt.
const LEARNING: &str = "learning";

/// The most words of a digest where nobody asks for more or fewer.
pub const DIGEST_WORDS: usize = 200;

/// What all of it is made from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The records as they are.
    pub workspace: &'a Workspace<'a>,
    /// Which of them are looked at.
    pub wanted: &'a dyn Fn(&Record) -> bool,
    /// The board of those.
    pub board: &'a Board<'a>,
    /// The records as they were when the time began, where that is known.
    pub earlier: Option<&'a Earlier>,
    /// What git knows of them, where it can be read.
    pub timelines: Option<&'a Timelines<'a>>,
    /// The day.
    pub today: Date,
}

impl<'a> Sources<'a> {
    fn kind(&self, record: &Record) -> &'a Kind {
        self.workspace.config.kinds.at(record.kind)
    }

    /// Returns the records that are looked at.
    fn records(&self) -> impl Iterator<Item = &'a Record> {
        let wanted = self.wanted;
        self.workspace.records.iter().filter(move |record| wanted(record))
    }

    /// Returns the earlier records by their ids; `None` where they are not known.
    fn earlier_by_id(&self) -> Option<HashMap<RecordId, &'a Record>> {
        let earlier = self.earlier?;
        Some(earlier.records.iter().filter_map(|record| Some((record.id()?, record))).collect())
    }

    /// Returns whom `written` names, as the team calls them: the handle, else as written.
    fn person<'n>(&self, written: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.workspace.config.people.handle_of(written).unwrap_or(written)
    }
}

/// A deadline that runs, with the field that holds it.
#[derive(Debug, Clone, Copy)]
pub struct Due<'a> {
    /// The field.
    pub field: &'a Field,
    /// The day.
    pub date: Date,
}

/// Returns the next of the deadlines of `record`, one of `kind`, that run.
fn next_due<'a>(record: &'a Record, kind: &'a Kind) -> Option<Due<'a>> {
    let next = record.next_deadline(kind)?;
    Some(Due { field: &kind.fields[next.written.field], date: next.date })
}

/// Returns the people that the fields of `record`, one of `kind`, name for whom it waits as something else than owner, each with
/// the field.
///
/// Once a time for comments is over, those who were asked for them are not waited for any more, only whoever decides.
fn asked<'a>(record: &'a Record, kind: &'a Kind, today: Date) -> Vec<(&'a str, &'a Field)> {
    let Some(state) = record.state.as_deref() else { return Vec::new() };
    let mut deadlines = record.deadlines(kind).filter(|deadline| deadline.is_late(today));
    let over = deadlines.any(|deadline| kind.fields[deadline.written.field].window_from.is_some());
    let mut found = Vec::new();
    for written in &record.fields {
        let field = &kind.fields[written.field];
        if record.waits_by(kind, field, state) && !(over && field.value.is_many()) {
            found.extend(written.value.texts().map(|name| (name, field)));
        }
    }
    found
}

/// Says whether `record`, one of `kind`, is in a state in which deadlines run.
fn is_open(record: &Record, kind: &Kind) -> bool {
    record.state.as_deref().is_some_and(|state| kind.lifecycle.is_open(state))
}

/// Returns the text of the field `name`; `None` where it says nothing.
fn said<'a>(record: &'a Record, kind: &Kind, name: &str) -> Option<&'a str> {
    let field = record.field(kind, name).filter(|field| field.value != Value::Blank)?;
    field.value.as_text().filter(|text| !text.trim().is_empty())
}
