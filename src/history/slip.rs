//! Deadlines that moved later: how often, and by how many days in all.

use std::collections::HashMap;

use super::Event;
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

impl Slip {
    /// How often a deadline may move later before somebody says so.
    const OFTEN: usize = 2;

    /// Says whether it has moved more often than can be by chance.
    #[must_use]
    pub fn is_often(self) -> bool {
        self.count > Self::OFTEN
    }
}

impl History {
    /// Returns the slips of all deadlines, by the index of the event that each is.
    #[must_use]
    pub fn slips(&self, kinds: &Kinds) -> HashMap<usize, Slip> {
        let mut sums: HashMap<(usize, usize, usize), Slip> = HashMap::new();
        let mut slips = HashMap::new();
        for (at, event) in self.events.iter().enumerate() {
            if let Some(days) = later(event, kinds).filter(|_| !self.is_another(at, kinds)) {
                let sum = sums
                    .entry((event.document, event.kind, event.field))
                    .or_insert(Slip { count: 0, days: 0 });
                sum.count += 1;
                sum.days += days;
                slips.insert(at, *sum);
            }
        }
        slips
    }
}

impl History {
    /// Says whether the deadline that the event at the index `at` moves is another one: what is to be done by then was changed
    /// with it.
    fn is_another(&self, at: usize, kinds: &Kinds) -> bool {
        let event = &self.events[at];
        let fields = &kinds.at(event.kind).fields;
        let Some(of) = &fields[event.field].deadline_of else { return false };
        // What one commit changes in one document stands together.
        let same = |other: &&Event| other.commit == event.commit && other.document == event.document;
        let (before, after) = self.events.split_at(at);
        let mut beside = before.iter().rev().take_while(same).chain(after.iter().take_while(same));
        beside.any(|other| other.what == What::Field && fields[other.field].name == *of)
    }
}

/// Returns by how many days an event moves a deadline later.
fn later(event: &Event, kinds: &Kinds) -> Option<i64> {
    let field = &kinds.at(event.kind).fields[event.field];
    if event.what != What::Field || field.deadline_in.is_empty() {
        return None;
    }
    let days = Date::parse(event.old.as_deref()?)?.days_until(Date::parse(event.new.as_deref()?)?);
    (days > 0).then_some(days)
}
