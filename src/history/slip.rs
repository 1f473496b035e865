//! Deadlines that moved later: how often, and by how many days in all.

use super::History;
use super::What;
use crate::date::Date;
use crate::kind::Kinds;

/// How far a deadline had slipped by some event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slip {
    /// How many times it had moved later.
    pub count: usize,
    /// By how many days in all; what moved back earlier in between is not taken off.
    pub days: i64,
}

impl History {
    /// Returns the slip the event at index `at` is; `None` where it moves no deadline later.
    #[must_use]
    pub fn slip(&self, at: usize, kinds: &Kinds) -> Option<Slip> {
        self.later(at, kinds)?;
        let event = &self.events[at];
        let mut slip = Slip { count: 0, days: 0 };
        for (index, other) in self.events[..=at].iter().enumerate() {
            let same =
                other.document == event.document && other.field == event.field && other.kind == event.kind;
            if let Some(days) = same.then(|| self.later(index, kinds)).flatten() {
                slip.count += 1;
                slip.days += days;
            }
        }
        Some(slip)
    }

    /// Returns by how many days the event at index `at` moves a deadline later.
    fn later(&self, at: usize, kinds: &Kinds) -> Option<i64> {
        let event = &self.events[at];
        let field = &kinds.at(event.kind).fields[event.field];
        if event.what != What::Field || field.deadline_in.is_empty() {
            return None;
        }
        let days = Date::parse(event.old.as_deref()?)?.days_until(Date::parse(event.new.as_deref()?)?);
        (days > 0).then_some(days)
    }
}
