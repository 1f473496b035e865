//! What has happened to one day of one record, as history and what is not committed yet tell it.

use super::Said;
use super::Sources;
use super::counts;
use crate::date::Date;
use crate::history::Event;
use crate::history::Timelines;
use crate::history::What;
use crate::kind::Field;
use crate::kind::Kinds;

/// What has happened to a day.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// How often it moved, and the record with it from state to state, what is not committed counted once.
    pub(super) changes: u32,
    /// Whether something of that is not committed.
    pub(super) pending: bool,
    /// Whether history knows its changes.
    pub(super) watched: bool,
    /// Since when the record is in a state in which the day does not count, where it did before.
    pub(super) left: Option<Date>,
    /// Since when the day is taken out, where it counted then, and which day it was.
    pub(super) cleared: Option<(Date, Date)>,
    /// The latest day it ever was, where it moved.
    pub(super) latest: Option<Date>,
    /// When the record was last changed, in seconds since 1970.
    pub(super) modified: Option<i64>,
}

impl Trace {
    /// Follows the day in the field at `index` of the kind through the history of `document` to what the record says `now`;
    /// nothing where the record is gone.
    pub(super) fn of(
        timelines: &Timelines<'_>,
        document: usize,
        index: usize,
        now: Option<Now<'_>>,
        sources: Sources<'_>,
    ) -> Self {
        let kinds = &sources.config.kinds;
        let history = timelines.history();
        let lineage = &history.documents()[document];
        let kind = now.map_or(lineage.kind, |now| now.kind);
        let field = &kinds.at(kind).fields[index];
        let mut trace = Self { watched: field.tracked, ..Self::default() };
        // Whether the day counted after the last event.
        let mut counted = false;
        for event in timelines.of(document).events() {
            let commit = &history.commits[event.commit].committer;
            trace.modified = Some(trace.modified.unwrap_or(i64::MIN).max(commit.seconds));
            let day = Date::at(commit.seconds, commit.offset);
            match event.what {
                // Nothing is known of what it says there.
                What::Unreadable => {}
                What::Field if is_of(event, field, kinds) => {
                    trace.changes += 1;
                    let (old, new) = (parsed(event.old.as_deref()), parsed(event.new.as_deref()));
                    trace.latest = trace.latest.max(old).max(new);
                    // What could not be read as a day stood for the last one that could.
                    let old = old.or(trace.latest).filter(|_| counted && event.new.is_none());
                    trace.cleared = old.map(|old| (day, old));
                }
                What::Field | What::Rewritten => {}
                what => {
                    trace.changes += u32::from(!matches!(what, What::Created | What::Renamed));
                    let counts = event.new.as_deref().is_some_and(|state| counts(field, state));
                    trace.turn(counted, counts, day);
                    counted = counts;
                }
            }
        }
        trace.pending = match (now, &history.followed.last[document]) {
            (None, _) => false,
            (Some(now), Some(last)) => {
                trace.turn(counted, counts(field, now.state), sources.today);
                let committed = parsed(last.facts.value(index).map(|text| &**text));
                if let (Said::Nothing, Some(committed), true) = (now.said, committed, counted) {
                    trace.cleared = Some((sources.today, committed));
                }
                let moved = match now.said {
                    Said::Day(day) => committed != Some(day),
                    Said::Nothing => committed.is_some(),
                    Said::Otherwise => false,
                };
                let carrier = kinds
                    .at(kind)
                    .fields
                    .iter()
                    .position(|field| field.name == kinds.at(kind).lifecycle.field);
                let state = carrier.and_then(|at| last.facts.value(at));
                let another = state.is_some_and(|state| !state.trim().eq_ignore_ascii_case(now.state));
                lineage.kind != kind || another || (trace.watched && moved)
            }
            // It has come back since, or never could be read.
            (Some(_), None) => true,
        };
        trace.changes += u32::from(trace.pending);
        trace
    }

    /// Takes in that it counted, and whether it does from `day` on.
    fn turn(&mut self, counted: bool, counts: bool, day: Date) {
        match (counted, counts) {
            (true, false) => self.left = Some(day),
            (_, true) => self.left = None,
            (false, false) => {}
        }
    }
}

/// What a record says that is there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now<'a> {
    /// The index of its kind.
    pub(super) kind: usize,
    /// Its state.
    pub(super) state: &'a str,
    /// What stands in the place of the day.
    pub(super) said: Said,
}

/// Says whether `event` is about `field`, which another kind of the same document may have at another place.
fn is_of(event: &Event, field: &Field, kinds: &Kinds) -> bool {
    kinds.at(event.kind).fields.get(event.field).is_some_and(|known| known.name == field.name)
}

fn parsed(text: Option<&str>) -> Option<Date> {
    Date::parse(text?.trim())
}
