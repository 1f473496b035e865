//! Where a piece of work stands: its decisions, its board, what others owe it, and its people.

use std::collections::BTreeMap;

use super::Due;
use super::Sources;
use super::asked;
use super::is_open;
use super::next_due;
use super::said;
use crate::board;
use crate::board::Item;
use crate::date::Date;
use crate::history::Event;
use crate::kind::Kind;
use crate::kind::plain_name;
use crate::record::Origin;
use crate::record::Record;

/// Where a piece of work stands.
#[derive(Debug)]
pub struct Standing<'a> {
    /// What waits for a decision, what is due first before the others.
    pub waiting: Vec<Waiting<'a>>,
    /// What is open and waits for nobody, and has no day.
    pub preparing: Vec<Waiting<'a>>,
    /// What is decided and holds, newest first.
    pub decided: Vec<Holds<'a>>,
    /// What others have promised, or we have, what is due first before the others.
    pub promises: Vec<&'a Item<'a>>,
    /// Its people: owners of what is open first, who has most before the others.
    pub people: Vec<Person<'a>>,
    /// How many records of kinds that stand nowhere above, by the title of the kind.
    pub others: Vec<(&'a str, usize)>,
}

/// Something that waits for a decision.
#[derive(Debug)]
pub struct Waiting<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// The deadline that is next.
    pub due: Option<Due<'a>>,
    /// Whom it waits for.
    pub waits: Vec<&'a str>,
}

/// Something that was decided and holds.
#[derive(Debug)]
pub struct Holds<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// The day it got the state it has on the main line, where git knows.
    pub day: Option<Date>,
    /// What it rests on and has been found false.
    pub fallen: Vec<&'a Record>,
}

/// Somebody who has to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person<'a> {
    /// The person, as the team calls them.
    pub name: String,
    /// How many open records they own.
    pub owns: usize,
    /// How many of those are late.
    pub late: usize,
    /// How many wait for them in another part.
    pub asked: usize,
    /// What they answer for, where a record says that they follow it.
    pub follows: Option<&'a str>,
}

/// Returns where the piece of work called `initiative` stands, of which `sources` are all records.
#[must_use]
pub fn standing<'a>(sources: Sources<'a>, initiative: &str) -> Standing<'a> {
    let on_board = board::kinds(sources.workspace.config);
    let (mut waiting, mut decided): (Vec<Waiting<'_>>, Vec<Holds<'_>>) = (Vec::new(), Vec::new());
    let mut others: BTreeMap<usize, usize> = BTreeMap::new();
    for record in sources.records() {
        let kind = sources.kind(record);
        let lifecycle = &kind.lifecycle;
        let state = record.state.as_deref().unwrap_or_default();
        if on_board.contains(&record.kind) {
            continue;
        }
        if lifecycle.decided.is_empty() {
            *others.entry(record.kind).or_default() += 1;
        } else if is_open(record, kind) {
            let waits = asked(record, kind, sources.today)
                .into_iter()
                .map(|(name, _)| sources.person(name))
                .collect();
            waiting.push(Waiting { record, kind, due: next_due(record, kind), waits });
        } else if lifecycle.is_decided(state) && !lifecycle.is_ended(state) {
            let got_there = |event: &&Event| {
                event.is_of_state() && event.new.as_deref() == Some(state) && event.old != event.new
            };
            let day = sources.timelines.and_then(|timelines| {
                let event = timelines.at(&record.path)?.events().rev().find(got_there)?;
                Some(timelines.day_of(event))
            });
            decided.push(Holds { record, kind, day, fallen: fallen(sources, record) });
        }
    }
    let (mut waiting, preparing): (Vec<Waiting<'_>>, Vec<Waiting<'_>>) =
        waiting.into_iter().partition(|waiting| waiting.due.is_some() || !waiting.waits.is_empty());
    waiting.sort_by_key(|waiting| {
        let due = waiting.due.map(|due| due.date);
        (due.is_none(), due, waiting.record.id())
    });
    decided.sort_by(|a, b| b.day.cmp(&a.day).then_with(|| a.record.id().cmp(&b.record.id())));
    let promised =
        |item: &&Item<'_>| item.open && item.kind.fields.iter().any(|field| field.not_after.is_some());
    let mut promises: Vec<&Item<'_>> = sources.board.items.iter().filter(promised).collect();
    promises.sort_by_key(|item| (item.deadline.is_none(), item.deadline, item.record.id()));
    let kinds = &sources.workspace.config.kinds;
    let others = others.into_iter().map(|(kind, count)| (kinds.at(kind).title.as_str(), count)).collect();
    Standing { waiting, preparing, decided, promises, people: people(sources, initiative), others }
}

/// Returns what `record` rests on and has been found false.
fn fallen<'a>(sources: Sources<'a>, record: &Record) -> Vec<&'a Record> {
    let kind = sources.kind(record);
    let grounds = record
        .references
        .iter()
        .filter(|reference| matches!(reference.origin, Origin::Field(at) if kind.fields[at].ground));
    let found = grounds.filter_map(|reference| sources.workspace.resolve(record, &reference.target));
    let is_false = |other: &&Record| {
        let refuted = &sources.kind(other).lifecycle.refuted;
        other.state.as_deref().is_some_and(|state| refuted.iter().any(|known| known == state))
    };
    found.filter(is_false).collect()
}

impl Standing<'_> {
    /// Says whether there is nothing but people.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
            && self.preparing.is_empty()
            && self.decided.is_empty()
            && self.others.is_empty()
    }
}

fn people<'a>(sources: Sources<'a>, initiative: &str) -> Vec<Person<'a>> {
    let mut found: BTreeMap<String, Person<'a>> = BTreeMap::new();
    let entry = |found: &mut BTreeMap<String, Person<'a>>, name: &str, change: &dyn Fn(&mut Person<'a>)| {
        let name = sources.person(name).to_owned();
        let blank = Person { name: name.clone(), owns: 0, late: 0, asked: 0, follows: None };
        change(found.entry(name).or_insert(blank));
    };
    for record in sources.records() {
        let kind = sources.kind(record);
        if !is_open(record, kind) {
            continue;
        }
        let late = next_due(record, kind).is_some_and(|due| due.date < sources.today);
        if let Some(owner) = said(record, kind, "owner") {
            entry(&mut found, owner, &|person| {
                person.owns += 1;
                person.late += usize::from(late);
            });
        }
        for (name, _) in asked(record, kind, sources.today) {
            entry(&mut found, name, &|person| person.asked += 1);
        }
    }
    // Who follows it is found among all records: theirs need not belong to it.
    for record in &sources.workspace.records {
        let kind = sources.kind(record);
        for (index, field) in kind.fields.iter().enumerate() {
            let Some(follower) = &field.follower else { continue };
            let listed = record.fields.iter().filter(|value| value.field == index);
            let follows = listed
                .flat_map(|value| value.value.texts())
                .any(|text| plain_name(text.trim()) == plain_name(initiative));
            let who = said(record, kind, follower).or_else(|| said(record, kind, "title"));
            if let (true, Some(who)) = (follows, who) {
                let role = said(record, kind, "role").unwrap_or("follows it");
                entry(&mut found, who, &|person| person.follows = Some(role));
            }
        }
    }
    let mut people: Vec<Person<'a>> = found.into_values().collect();
    people.sort_by(|a, b| (b.owns, b.asked, &a.name).cmp(&(a.owns, a.asked, &b.name)));
    people
}
