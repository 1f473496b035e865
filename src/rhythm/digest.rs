//! What has happened in a time, what it needs of whom, and what comes next.

use std::collections::BTreeMap;
use std::collections::HashMap;

use super::Due;
use super::Sources;
use super::agenda::all_resting;
use super::asked;
use super::is_open;
use super::next_due;
use crate::audience::Audience;
use crate::board;
use crate::board::Came;
use crate::board::Item;
use crate::board::WEEK;
use crate::date::Date;
use crate::history::Commit;
use crate::history::Event;
use crate::history::Timelines;
use crate::history::What;
use crate::kind::Field;
use crate::kind::Kind;
use crate::record::Record;
use crate::record::RecordId;

/// What has happened in a time, and what is next.
#[derive(Debug)]
pub struct Digest<'a> {
    /// What was decided, newest first.
    pub decided: Vec<Decided<'a>>,
    /// What came on the board, or matters more or less than it did, what weighs most first.
    pub moved: Vec<&'a Item<'a>>,
    /// What left it, or was found true or false.
    pub ended: Vec<Ended<'a>>,
    /// Deadlines that were put off, the longest delay first.
    pub slipped: Vec<Slipped<'a>>,
    /// What waits for whom.
    pub needs: Vec<Needs<'a>>,
    /// What is due in the coming week and waits for nobody named there.
    pub coming: Vec<Coming<'a>>,
}

/// Something that was decided.
#[derive(Debug, Clone)]
pub struct Decided<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// The state it had before, where that had been decided, too.
    pub from: Option<String>,
    /// The state it has.
    pub to: &'a str,
    /// The day it got there on the main line.
    pub day: Date,
    /// Whom the record named as approver then.
    pub approver: Option<String>,
    /// Whether it is no decision, but that its text was changed after one.
    pub reworded: bool,
}

/// A record of the board that is not open any more.
#[derive(Debug, Clone)]
pub struct Ended<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// The state it has; `None` where its file is gone.
    pub state: Option<&'a str>,
    /// Whether what it holds true has been found false.
    pub refuted: bool,
    /// The records that stand on it then, and have not ended.
    pub resting: Vec<&'a Record>,
}

/// A deadline that was put off.
#[derive(Debug, Clone)]
pub struct Slipped<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// The field that holds the deadline.
    pub field: &'a Field,
    /// The day it was when the time began.
    pub from: Date,
    /// The day it is.
    pub to: Date,
    /// How many times it has been put off in all.
    pub count: usize,
    /// By how many days in this time.
    pub days: i64,
}

/// What waits for a person.
#[derive(Debug)]
pub struct Needs<'a> {
    /// The person, as the team calls them.
    pub person: String,
    /// What waits, what is late or next first.
    pub items: Vec<Need<'a>>,
}

/// A record that waits for somebody.
#[derive(Debug, Clone, Copy)]
pub struct Need<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// The field that names them; `None` for the owner.
    pub asked_as: Option<&'a Field>,
    /// The deadline that is next.
    pub due: Option<Due<'a>>,
    /// By how many days that has passed; 0 where it has not.
    pub days_late: i64,
}

/// Something that is due.
#[derive(Debug, Clone, Copy)]
pub struct Coming<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// The deadline.
    pub due: Due<'a>,
}

/// What is told besides, and to whom.
#[derive(Clone, Copy)]
pub struct Telling<'a> {
    /// Says whether a commit was made in the time that is told of.
    pub happened: &'a dyn Fn(&Commit) -> bool,
    /// Whom it is for, where it is for one person.
    pub audience: Option<&'a Audience<'a>>,
}

/// The history of the records, and which of its commits were made in the time that is told of.
#[derive(Clone, Copy)]
struct Time<'a> {
    timelines: &'a Timelines<'a>,
    happened: &'a dyn Fn(&Commit) -> bool,
}

impl<'a> Time<'a> {
    /// Says whether `event` happened in it.
    fn holds(self, event: &Event) -> bool {
        (self.happened)(&self.timelines.history().commits[event.commit])
    }

    /// Returns its events on the document of `record`, oldest first, each with its index.
    fn events(self, record: &Record) -> impl Iterator<Item = (usize, &'a Event)> {
        let indices = self.timelines.at(&record.path).map(|timeline| timeline.indices).unwrap_or_default();
        let events = indices.iter().map(move |at| (*at, &self.timelines.history().events[*at]));
        events.filter(move |(_, event)| self.holds(event))
    }
}

/// Puts together what `sources` tell of the time.
#[must_use]
pub fn digest<'a>(sources: Sources<'a>, telling: Telling<'a>) -> Digest<'a> {
    let happened = telling.happened;
    let time = sources.timelines.map(|timelines| Time { timelines, happened });
    let (decided, slipped) = match time {
        Some(time) => (decided(sources, time), slipped(sources, time)),
        None => (Vec::new(), Vec::new()),
    };
    let is_moved = |item: &&Item<'_>| {
        let renumbered =
            item.came == Some(Came::New) && time.is_some_and(|time| was_there(time, item.record));
        has_moved(item) && !renumbered
    };
    let mut moved: Vec<&Item<'_>> = sources.board.items.iter().filter(is_moved).collect();
    let weight = |item: &Item<'_>| item.weight.level().map_or(0, |level| level.place);
    moved.sort_by_key(|item| {
        (std::cmp::Reverse(item.colour), std::cmp::Reverse(weight(item)), item.record.id())
    });
    let needs = needs(sources, telling.audience);
    let coming = coming(sources, &needs);
    Digest { decided, moved, ended: ended(sources, time), slipped, needs, coming }
}

fn has_moved(item: &Item<'_>) -> bool {
    let other_weight = item.weighed.as_ref().is_some_and(|weighed| *weighed != item.weight);
    item.open && (matches!(item.came, Some(Came::New | Came::Reopened)) || other_weight)
}

/// Says whether the file of `record`, under whatever name, was there when the time began: another number makes nothing new.
fn was_there(time: Time<'_>, record: &Record) -> bool {
    let moved = time.events(record).any(|(_, event)| event.from_path.is_some());
    let began = time.events(record).any(|(_, event)| event.what == What::Created);
    moved && !began
}

/// Returns what was decided, and what became in that time of what had been: undone, replaced, or its text changed.
fn decided<'a>(sources: Sources<'a>, time: Time<'_>) -> Vec<Decided<'a>> {
    let mut found: Vec<(usize, Decided<'a>)> = Vec::new();
    for record in sources.records() {
        let kind = sources.kind(record);
        let lifecycle = &kind.lifecycle;
        if lifecycle.decided.is_empty() {
            continue;
        }
        let Some(now) = record.state.as_deref() else { continue };
        let all: Vec<&Event> = time.events(record).map(|(_, event)| event).collect();
        let moves: Vec<&Event> =
            all.iter().filter(|event| event.is_of_state() && event.old != event.new).copied().collect();
        let was = moves.first().and_then(|first| first.old.as_deref());
        let stands = |state: &str| lifecycle.is_decided(state) || lifecycle.is_frozen(state);
        let last = moves.last().filter(|last| last.new.as_deref() == Some(now) && was != Some(now));
        if let Some(last) = last.filter(|_| stands(now) || was.is_some_and(stands)) {
            let decided = Decided {
                record,
                kind,
                from: was.map(str::to_owned).filter(|was| stands(was)),
                to: now,
                day: time.timelines.day_of(last),
                approver: last
                    .approver
                    .as_ref()
                    .filter(|_| lifecycle.is_decided(now))
                    .map(ToString::to_string),
                reworded: false,
            };
            found.push((last.commit, decided));
        }
        let reworded = all.iter().rev().find(|event| event.what == What::Rewritten);
        if let Some(reworded) = reworded
            .filter(|event| lifecycle.is_frozen(now) && last.is_none_or(|last| last.commit < event.commit))
        {
            let decided = Decided {
                record,
                kind,
                from: None,
                to: now,
                day: time.timelines.day_of(reworded),
                approver: None,
                reworded: true,
            };
            found.push((reworded.commit, decided));
        }
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.record.id().cmp(&b.1.record.id())));
    found.into_iter().map(|(_, decided)| decided).collect()
}

fn slipped<'a>(sources: Sources<'a>, time: Time<'_>) -> Vec<Slipped<'a>> {
    let slips = time.timelines.slips(&sources.workspace.config.kinds);
    let mut found: Vec<Slipped<'a>> = Vec::new();
    if slips.is_empty() {
        return found;
    }
    for record in sources.records() {
        let kind = sources.kind(record);
        let mut of_field: BTreeMap<usize, Slipped<'a>> = BTreeMap::new();
        for (at, event) in time.events(record).filter(|(_, event)| event.kind == record.kind) {
            let day = |text: Option<&str>| text.and_then(Date::parse);
            let (Some(old), Some(new)) = (day(event.old.as_deref()), day(event.new.as_deref())) else {
                // Another deadline begins where there was none.
                of_field.remove(&event.field);
                continue;
            };
            let slip = slips.get(&at);
            if old < new && slip.is_none() {
                // Another step with another day is another deadline.
                of_field.remove(&event.field);
                continue;
            }
            let begun = Slipped {
                record,
                kind,
                field: &kind.fields[event.field],
                from: old,
                to: new,
                count: 0,
                days: 0,
            };
            let entry = of_field.entry(event.field).or_insert(begun);
            entry.to = new;
            entry.count = slip.map_or(entry.count, |slip| slip.count);
        }
        // What was pulled in again has not slipped.
        for mut slipped in of_field.into_values() {
            slipped.days = slipped.from.days_until(slipped.to);
            if slipped.days > 0 && slipped.count > 0 {
                found.push(slipped);
            }
        }
    }
    found.sort_by_key(|slipped| (std::cmp::Reverse(slipped.days), slipped.record.id()));
    found
}

/// Returns the records of the board that were open when the time began and are not now. What was found false counts for whoever has
/// to do with what stands on it, too.
fn ended<'a>(sources: Sources<'a>, time: Option<Time<'_>>) -> Vec<Ended<'a>> {
    let Some(earlier) = sources.earlier_by_id() else { return Vec::new() };
    let workspace = sources.workspace;
    let on_board = board::kinds(workspace.config);
    let resting = all_resting(sources);
    let mut found = Vec::new();
    for record in workspace.records.iter().filter(|record| on_board.contains(&record.kind)) {
        let kind = sources.kind(record);
        let (Some(state), false) = (record.state.as_deref(), is_open(record, kind)) else { continue };
        let was_open = record.id().and_then(|id| earlier.get(&id)).is_some_and(|then| is_open(then, kind));
        if !was_open {
            continue;
        }
        let refuted = kind.lifecycle.refuted.iter().any(|known| known == state);
        let resting =
            record.id().filter(|_| refuted).and_then(|id| resting.get(&id)).cloned().unwrap_or_default();
        if (sources.wanted)(record) || resting.iter().any(|record| (sources.wanted)(record)) {
            found.push(Ended { record, kind, state: Some(state), refuted, resting });
        }
    }
    // What is gone without having ended; what only has another name is not gone.
    let mut gone: Vec<(&RecordId, &&'a Record)> = earlier.iter().collect();
    gone.retain(|(id, record)| {
        let kind = sources.kind(record);
        on_board.contains(&record.kind)
            && workspace.with_id(**id).is_none()
            && is_open(record, kind)
            && (sources.wanted)(record)
    });
    for (_, record) in gone {
        let moved = |event: &Event| event.from_path.as_deref() == Some(record.path.as_str());
        let renamed = time.is_some_and(|time| {
            time.timelines.history().events.iter().any(|event| moved(event) && time.holds(event))
        });
        if !renamed {
            let kind = sources.kind(record);
            found.push(Ended { record, kind, state: None, refuted: false, resting: Vec::new() });
        }
    }
    found.sort_by_key(|ended| (!ended.refuted, ended.record.id()));
    found
}

/// Returns what waits for whom: what is asked of people who do not own it and is due within a week or late or without a day, and
/// what its owner is late with.
fn needs<'a>(sources: Sources<'a>, audience: Option<&Audience<'_>>) -> Vec<Needs<'a>> {
    let today = sources.today;
    let mut people: HashMap<&str, Vec<Need<'a>>> = HashMap::new();
    for record in sources.records() {
        let kind = sources.kind(record);
        let due = next_due(record, kind);
        let days_late = due.map_or(0, |due| due.date.days_until(today).max(0));
        let pressing = due.is_none_or(|due| today.days_until(due.date) <= i64::from(WEEK));
        let mut need = |name: &'a str, asked_as: Option<&'a Field>| {
            let items = people.entry(sources.person(name)).or_default();
            if !items.iter().any(|known| std::ptr::eq(known.record, record)) {
                items.push(Need { record, kind, asked_as, due, days_late });
            }
        };
        if pressing {
            asked(record, kind, today).into_iter().for_each(|(name, field)| need(name, Some(field)));
        }
        if due.is_some_and(|due| due.date <= today)
            && let Some(owner) = super::said(record, kind, "owner")
        {
            need(owner, None);
        }
    }
    let mut needs: Vec<Needs<'a>> = people
        .into_iter()
        .filter(|(person, _)| audience.is_none_or(|audience| audience.is(person)))
        .map(|(person, mut items)| {
            items.sort_by_key(|need| (need.due.is_none(), need.due.map(|due| due.date), need.record.id()));
            Needs { person: person.to_owned(), items }
        })
        .collect();
    // What is late comes first, then whoever decides, then the others.
    let first = |needs: &Needs<'_>| {
        let due = needs.items.first().and_then(|need| need.due);
        let late = needs.items.iter().any(|need| need.days_late > 0);
        let decides = |need: &Need<'_>| need.asked_as.is_some_and(|field| !field.value.is_many());
        (!late, !needs.items.iter().any(decides), due.is_none(), due.map(|due| due.date))
    };
    needs.sort_by(|a, b| first(a).cmp(&first(b)).then_with(|| a.person.cmp(&b.person)));
    needs
}

/// Returns the deadlines of the coming week, but for those in `needs`.
fn coming<'a>(sources: Sources<'a>, needs: &[Needs<'a>]) -> Vec<Coming<'a>> {
    let today = sources.today;
    let told: std::collections::HashSet<&str> =
        needs.iter().flat_map(|needs| &needs.items).map(|need| need.record.path.as_str()).collect();
    let mut found = Vec::new();
    for record in sources.records().filter(|record| !told.contains(record.path.as_str())) {
        let kind = sources.kind(record);
        for deadline in record.deadlines(kind).filter(|deadline| deadline.runs) {
            let away = today.days_until(deadline.date);
            if (0..=i64::from(WEEK)).contains(&away) {
                let due = Due { field: &kind.fields[deadline.written.field], date: deadline.date };
                found.push(Coming { record, kind, due });
            }
        }
    }
    found.sort_by_key(|coming| (coming.due.date, coming.record.id()));
    found
}
