//! What has moved on a board since an earlier day.

use std::collections::BTreeMap;

use super::Item;
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
    /// How many are open now and were not, or were not there.
    pub new: usize,
    /// How many were open and are not any more, or are gone.
    pub closed: usize,
    /// How many matter more, are in a worse state, or promised later.
    pub worse: usize,
    /// How many the other way round.
    pub better: usize,
}

impl Moved {
    /// Compares the `items` of a board with the records that `were` looked at then; `workspace` has those of today.
    pub(super) fn between(
        since: Date,
        were: &BTreeMap<RecordId, &Record>,
        items: &[Item<'_>],
        workspace: &Workspace<'_>,
    ) -> Self {
        let kinds = &workspace.config.kinds;
        let mut moved = Self { since, new: 0, closed: 0, worse: 0, better: 0 };
        for item in items.iter().filter(|item| item.open) {
            let Some(id) = item.record.id() else { continue };
            match were.get(&id).filter(|then| is_open(then, kinds.at(then.kind))) {
                None => moved.new += 1,
                Some(then) => match compare(item, then) {
                    (true, _) => moved.worse += 1,
                    (false, true) => moved.better += 1,
                    (false, false) => {}
                },
            }
        }
        let open_then = were.iter().filter(|(_, then)| is_open(then, kinds.at(then.kind)));
        let still = |id: RecordId| {
            let now = workspace.with_id(id);
            now.is_some_and(|now| is_open(now, kinds.at(now.kind)))
        };
        moved.closed = open_then.filter(|(id, _)| !still(**id)).count();
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
