//! What has moved on a board since an earlier day.

use std::collections::HashMap;

use super::Item;
use super::Known;
use super::Weight;
use super::signal;
use crate::date::Date;
use crate::kind::Kind;
use crate::record::Record;
use crate::record::RecordId;
use crate::workspace::Workspace;

/// What has moved since a day. Records are known by their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The day, at whose end the other board was taken.
    pub since: Date,
    /// How many are open now and were not there.
    pub new: usize,
    /// How many are open now and were there, but not open.
    pub reopened: usize,
    /// How many were open among those that are not looked at, and are open here now.
    pub moved_in: usize,
    /// How many were open here, and are open now among those that are not looked at.
    pub moved_out: usize,
    /// How many were open and are not any more, or are gone.
    pub closed: usize,
    /// How many matter more, are in a worse state, or promised later.
    pub worse: usize,
    /// How many the other way round.
    pub better: usize,
}

/// How a record came on a board since a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// It was not there.
    New,
    /// It was there, and not open.
    Reopened,
    /// It was open among those that are not looked at.
    MovedIn,
}

impl Came {
    /// Returns the words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Reopened => "reopened",
            Self::MovedIn => "moved in",
        }
    }
}

/// Says how `record`, an open one of `kind`, came on the board; `None` where it was there, or that is not known.
pub(super) fn came(record: &Record, kind: &Kind, known: Known<'_>) -> Option<Came> {
    // What has no id cannot be found again.
    if !known.compared || record.id().is_none() {
        return None;
    }
    match known.then {
        None => Some(Came::New),
        Some(then) if !is_open(then, kind) => Some(Came::Reopened),
        Some(_) => known.other.then_some(Came::MovedIn),
    }
}

impl Moved {
    /// Compares the `items` of a board with the records that `were` there then, of which the `wanted` ones were looked at;
    /// `workspace` has those of today.
    pub(super) fn between(
        since: Date,
        were: &HashMap<RecordId, &Record>,
        items: &[Item<'_>],
        wanted: &dyn Fn(&Record) -> bool,
        workspace: &Workspace<'_>,
    ) -> Self {
        let kinds = &workspace.config.kinds;
        let mut moved =
            Self { since, new: 0, reopened: 0, moved_in: 0, moved_out: 0, closed: 0, worse: 0, better: 0 };
        for item in items.iter().filter(|item| item.open) {
            match item.came {
                Some(Came::New) => moved.new += 1,
                Some(Came::Reopened) => moved.reopened += 1,
                Some(Came::MovedIn) => moved.moved_in += 1,
                None => {}
            }
            let then = item.record.id().and_then(|id| were.get(&id));
            match then.filter(|then| is_open(then, kinds.at(then.kind))).map(|then| compare(item, then)) {
                Some((true, _)) => moved.worse += 1,
                Some((false, true)) => moved.better += 1,
                Some((false, false)) | None => {}
            }
        }
        let open_then = were.iter().filter(|(_, then)| is_open(then, kinds.at(then.kind)) && wanted(then));
        for (id, _) in open_then {
            match workspace.with_id(*id).filter(|now| is_open(now, kinds.at(now.kind))) {
                None => moved.closed += 1,
                Some(now) if !wanted(now) => moved.moved_out += 1,
                Some(_) => {}
            }
        }
        moved
    }
}

fn is_open(record: &Record, kind: &Kind) -> bool {
    record.state.as_deref().is_some_and(|state| kind.lifecycle.is_open(state))
}

/// Says whether anything about `item` is worse than it was `then`, and whether anything is better.
fn compare(item: &Item<'_>, then: &Record) -> (bool, bool) {
    let kind = item.kind;
    let state = |record: &Record| {
        let state = record.state.as_deref().unwrap_or_default();
        let is = |states: &[String]| states.iter().any(|known| known == state);
        u8::from(is(&kind.lifecycle.amber)) + 2 * u8::from(is(&kind.lifecycle.red))
    };
    let after = |record: &Record| signal::days_after(record, kind).map_or(0, |after| after.days);
    let (state_now, state_then) = (state(item.record), state(then));
    let (after_now, after_then) = (after(item.record), after(then));
    let before = Weight::of(then, kind);
    let levels = item.weight.level().zip(before.level());
    let rose = levels.is_some_and(|(now, then)| now.is_above(then));
    let fell = levels.is_some_and(|(now, then)| then.is_above(now));
    let worse = state_now > state_then || after_now > after_then || rose;
    let better = state_now < state_then || after_now < after_then || fell;
    (worse, better)
}
