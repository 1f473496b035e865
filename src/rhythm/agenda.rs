//! What the next sync is about: what was learnt, what may be the one priority, the biggest risk, and what was left to do.

use std::collections::HashMap;

use super::Due;
use super::LEARNING;
use super::Pick;
use super::Sources;
use super::asked;
use super::is_open;
use super::next_due;
use super::pick::FORTNIGHT;
use super::pick::because;
use super::pick::ranked;
use super::said;
use crate::board;
use crate::board::Item;
use crate::board::WEEK;
use crate::config::Config;
use crate::date::Date;
use crate::document::Block;
use crate::document::BlockKind;
use crate::document::Document;
use crate::history::Event;
use crate::history::What;
use crate::kind::Field;
use crate::kind::FilledBy;
use crate::kind::Kind;
use crate::record::Origin;
use crate::record::Record;
use crate::record::RecordId;
use crate::text::Span;
use crate::text::one_line;
use crate::workspace::Workspace;

/// What a section of open actions is called in kind files.
const TASKS: &str = "tasks";

/// An agenda.
#[derive(Debug)]
pub struct Agenda<'a> {
    /// The day of the sync.
    pub day: Date,
    /// The sync before it, where a record tells of one.
    pub last: Option<&'a Record>,
    /// Who sits at the table, as the sync before names them, each with what they answer for, where a record says so.
    pub attendees: Vec<(String, Option<&'a str>)>,
    /// What was learnt since.
    pub learnt: Vec<Learnt<'a>>,
    /// What may be the one priority, what is due first before the others.
    pub candidates: Vec<Candidate<'a>>,
    /// The biggest risk to the two weeks from the day.
    pub risk: Option<Pick<'a>>,
    /// What has happened to it, newest first.
    pub past: Vec<Happened>,
    /// Those that come next.
    pub others: Vec<&'a Item<'a>>,
    /// What was left to do.
    pub carried: Vec<Carried>,
}

/// Something that was learnt.
#[derive(Debug)]
pub struct Learnt<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// What it is.
    pub what: Lesson<'a>,
    /// The records that stand on it and have not ended.
    pub resting: Vec<&'a Record>,
    /// What it says something about, by their names.
    pub about: Vec<String>,
}

/// The ways something is learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lesson<'a> {
    /// It was seen, and written down, with where it comes from.
    Seen(Option<&'a str>),
    /// What was held true has been shown to be so: the state.
    Confirmed(&'a str),
    /// It has been found false: the state.
    Refuted(&'a str),
}

/// Something that may be the one priority.
#[derive(Debug)]
pub struct Candidate<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// The deadline that is next.
    pub due: Option<Due<'a>>,
    /// Whom it waits for, each with the field that says so.
    pub waits: Vec<(&'a str, &'a Field)>,
    /// What is done next.
    pub step: Option<&'a str>,
    /// The branch it lives on, where it is not merged.
    pub branch: Option<&'a str>,
    /// What branches would make of it.
    pub proposed: Vec<&'a Unmerged>,
}

/// That a value of a record became another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// The day.
    pub day: Date,
    /// What the field is called.
    pub field: String,
    /// The value before; `None` where there was none.
    pub old: Option<String>,
    /// The value after; `None` where there is none.
    pub new: Option<String>,
}

/// Something left to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// What, as written.
    pub text: String,
    /// The day of the sync that first had it.
    pub since: Date,
    /// How many syncs it has been carried over, this one not counted.
    pub times: usize,
}

/// A record of another branch.
#[derive(Debug)]
pub struct Unmerged {
    /// The branch.
    pub branch: String,
    /// The record as it is there.
    pub record: Record,
}

/// A sync that has been, or is planned, with its tasks.
#[derive(Debug, Clone)]
pub struct SyncRecord {
    /// Its day.
    pub day: Date,
    /// What is to be done, each with whether it has been.
    pub tasks: Vec<(String, bool)>,
}

/// What an agenda is made from besides.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// The day of the sync.
    pub day: Date,
    /// The sync before it.
    pub last: Option<&'a Record>,
    /// All syncs before it, newest first.
    pub syncs: &'a [SyncRecord],
    /// What the sync before it names.
    pub known: &'a [RecordId],
    /// Records of other branches.
    pub unmerged: &'a [Unmerged],
    /// The record that is to be the biggest risk, whatever else would be.
    pub risk: Option<RecordId>,
}

/// Returns the index of the kind whose records keep what the command `by` makes, the first where there are several.
#[must_use]
pub fn kind_filled_by(by: FilledBy, config: &Config) -> Option<usize> {
    config.kinds.all().iter().position(|kind| kind.filled_by == Some(by))
}

/// Returns the records of syncs in `workspace` with their days, newest first. Of an initiative `within` count those that say so, and
/// those that belong to none; without one those that belong to none, or all, where each belongs to some.
#[must_use]
pub fn syncs<'a>(workspace: &'a Workspace<'_>, within: Option<&str>) -> Vec<(Date, &'a Record)> {
    let kinds = &workspace.config.kinds;
    let mut found = Vec::new();
    for record in &workspace.records {
        let kind = kinds.at(record.kind);
        if kind.filled_by != Some(FilledBy::Agenda) {
            continue;
        }
        if let Some(day) = record.field(kind, "date").and_then(|field| field.value.as_date()) {
            found.push((day, record));
        }
    }
    let initiative = |record: &'a Record| said(record, kinds.at(record.kind), "initiative");
    let general = found.iter().any(|(_, record)| initiative(record).is_none());
    found.retain(|(_, record)| match (within, initiative(record)) {
        (_, None) => true,
        (Some(name), Some(known)) => known.eq_ignore_ascii_case(name),
        (None, Some(_)) => !general,
    });
    found.sort_by(|a, b| (b.0, b.1.id(), &b.1.path).cmp(&(a.0, a.1.id(), &a.1.path)));
    found
}

/// Returns the day of the next sync, on `today` or after it: the next one planned; else as many weeks after the last as it takes; a
/// Monday where there was none. `syncs` are those there are, newest first.
#[must_use]
pub fn next_day(syncs: &[(Date, &Record)], today: Date) -> Date {
    if let Some((planned, _)) = syncs.iter().rev().find(|(day, _)| *day >= today) {
        return *planned;
    }
    match syncs.first() {
        Some((last, _)) => {
            let weeks = last.days_until(today).max(1).div_euclid(i64::from(WEEK));
            let day = last.plus_days(i32::try_from(weeks * i64::from(WEEK)).unwrap_or(0));
            if day < today || day == *last { day.plus_days(WEEK) } else { day }
        }
        None => today.monday_from(),
    }
}

/// Returns the tasks in `document`, read as `record` of `kind`, each in one line with whether it is done.
#[must_use]
pub fn tasks(record: &Record, kind: &Kind, document: &Document) -> Vec<(String, bool)> {
    let outline = document.outline();
    let mut found = Vec::new();
    for (at, _) in kind.sections.iter().enumerate().filter(|(_, spec)| spec.role.as_deref() == Some(TASKS)) {
        let Some(index) = record.section(at) else { continue };
        let range = outline.subtree(index);
        let own = outline.blocks.iter().filter(|block| range.contains(&(block.section as usize)));
        let own: Vec<&Block> = own.collect();
        for block in &own {
            let BlockKind::Task(done) = block.kind else { continue };
            // What is listed below a task is another one.
            let inside =
                |other: &&&Block| other.span.start() > block.span.start() && block.span.contains(other.span);
            let end =
                own.iter().filter(inside).map(|other| other.span.start()).min().unwrap_or(block.span.end());
            let text = one_line(document.at(Span::new(block.span.start(), end)));
            let text = without_box(&text);
            if !text.is_empty() {
                found.push((text.to_owned(), done));
            }
        }
    }
    found
}

/// Returns the text of a task without its marker and its box.
fn without_box(text: &str) -> &str {
    let bare = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let bare = if bare.len() < text.len() { bare.strip_prefix(['.', ')']).unwrap_or(text) } else { text };
    let bare = bare.trim_start_matches(['-', '*', '+', ' ']);
    let boxed = ["[ ]", "[x]", "[X]"].iter().find_map(|mark| bare.strip_prefix(mark));
    // A marker of what comes below may stand at the end.
    boxed.unwrap_or(bare).trim().trim_end_matches(['-', '*', '+']).trim_end()
}

/// Puts together the agenda that `plan` asks for.
#[must_use]
pub fn agenda<'a>(sources: Sources<'a>, plan: Plan<'a>) -> Agenda<'a> {
    let ranked = ranked(&sources.board.items, plan.day);
    let named = plan.risk.and_then(|id| ranked.iter().find(|item| item.record.id() == Some(id)));
    let picked = named.or(ranked.first()).copied();
    let first = ranked.first().copied();
    let risk = picked.map(|item| Pick {
        item,
        because: because(item, &ranked, plan.day),
        named: first.is_some_and(|first| !std::ptr::eq(first, item)),
    });
    let others = ranked.iter().filter(|item| !picked.is_some_and(|picked| std::ptr::eq(picked, **item)));
    let past = picked.map(|item| past(sources, item.record)).unwrap_or_default();
    Agenda {
        past,
        day: plan.day,
        last: plan.last,
        attendees: attendees(sources, plan.last),
        learnt: learnt(sources, plan),
        candidates: candidates(sources, plan),
        risk,
        others: others.take(2).copied().collect(),
        carried: carried(plan.syncs),
    }
}

/// Returns what has happened to the state, the deadlines and the score of `record`, newest first.
fn past(sources: Sources<'_>, record: &Record) -> Vec<Happened> {
    let Some(timelines) = sources.timelines else { return Vec::new() };
    let Some(timeline) = timelines.at(&record.path) else { return Vec::new() };
    let kind = sources.kind(record);
    let tells = |event: &&Event| {
        let field = kind.fields.get(event.field).filter(|_| event.kind == record.kind);
        field.is_some_and(|field| {
            let of_state = field.name == kind.lifecycle.field;
            of_state || !field.deadline_in.is_empty() || !field.product.is_empty()
        }) && !matches!(event.what, What::Created | What::Renamed | What::Rewritten | What::Unreadable)
            && event.old != event.new
    };
    let told = |event: &Event| Happened {
        day: timelines.day_of(event),
        field: kind.fields[event.field].words(),
        old: event.old.as_ref().map(ToString::to_string),
        new: event.new.as_ref().map(ToString::to_string),
    };
    timeline.events().rev().filter(tells).map(told).collect()
}

fn attendees<'a>(sources: Sources<'a>, last: Option<&'a Record>) -> Vec<(String, Option<&'a str>)> {
    let Some(last) = last else { return Vec::new() };
    let people = &sources.workspace.config.people;
    let written = last.field(sources.kind(last), "attendees");
    let names = written.into_iter().flat_map(|written| written.value.texts());
    let one = |name: &'a str| {
        let role = people.person(name).and_then(|person| person.role.as_deref());
        (sources.person(name).to_owned(), role.or_else(|| answers_for(sources, name, people)))
    };
    names.map(one).collect()
}

/// Returns what `name` answers for, as a record about them says.
fn answers_for<'a>(sources: Sources<'a>, name: &str, people: &crate::config::People) -> Option<&'a str> {
    sources.workspace.records.iter().find_map(|record| {
        let kind = sources.kind(record);
        let follower = kind.fields.iter().find_map(|field| field.follower.as_deref())?;
        let who = said(record, kind, follower).or_else(|| said(record, kind, "title"))?;
        people.is_one(name, who).then(|| said(record, kind, "role"))?
    })
}

fn learnt<'a>(sources: Sources<'a>, plan: Plan<'_>) -> Vec<Learnt<'a>> {
    let earlier = sources.earlier_by_id();
    let since = plan.last.and_then(|last| {
        let day = last.field(sources.kind(last), "date")?;
        day.value.as_date()
    });
    let since = since.unwrap_or_else(|| plan.day.plus_days(-WEEK).min(sources.today.plus_days(-WEEK)));
    let mut found: Vec<Learnt<'a>> = Vec::new();
    for record in sources.records() {
        let kind = sources.kind(record);
        let then = match (&earlier, record.id()) {
            (Some(earlier), Some(id)) => Some(earlier.get(&id).copied()),
            _ => None,
        };
        let state = record.state.as_deref().unwrap_or_default();
        let was = then.flatten().and_then(|then| then.state.as_deref());
        let among = |states: &[String], state: &str| states.iter().any(|known| known == state);
        let lifecycle = &kind.lifecycle;
        let is_lesson = kind.group.as_deref().is_some_and(|group| group.eq_ignore_ascii_case(LEARNING));
        let what = if is_lesson && !among(&lifecycle.retired, state) {
            let day = |name: &str| record.field(kind, name).and_then(|field| field.value.as_date());
            let new = match then {
                Some(then) => then.is_none(),
                // Where nobody knows what there was the record's own day counts.
                None => day("observed").or_else(|| day("created")).is_some_and(|day| day >= since),
            };
            if !new {
                continue;
            }
            Lesson::Seen(said(record, kind, "source"))
        } else if then.is_some() && was != Some(state) && among(&lifecycle.refuted, state) {
            Lesson::Refuted(state)
        } else if then.is_some() && was != Some(state) && among(&lifecycle.confirmed, state) {
            Lesson::Confirmed(state)
        } else {
            continue;
        };
        // What the sync before names among what was learnt has been spoken of, if it was so by then.
        let named = record.id().is_some_and(|id| plan.known.contains(&id));
        let by_then = plan.last.is_some() && so_since(sources, record) <= since;
        if named && by_then {
            continue;
        }
        found.push(Learnt { record, kind, what, resting: Vec::new(), about: about(sources, record) });
    }
    if !found.is_empty() {
        let mut all = all_resting(sources);
        for learnt in &mut found {
            learnt.resting = learnt.record.id().and_then(|id| all.remove(&id)).unwrap_or_default();
        }
    }
    let order = |learnt: &Learnt<'_>| match learnt.what {
        Lesson::Refuted(_) => 0,
        Lesson::Seen(_) => 1,
        Lesson::Confirmed(_) => 2,
    };
    found.sort_by_key(|learnt| (order(learnt), learnt.resting.is_empty(), learnt.record.id()));
    found
}

/// Returns the day on which `record` got the state it has, as far as it is committed; else today.
fn so_since(sources: Sources<'_>, record: &Record) -> Date {
    let so = |event: &&Event| event.is_of_state() && event.new.as_deref() == record.state.as_deref();
    let Some(timelines) = sources.timelines else { return sources.today };
    let event = timelines.at(&record.path).and_then(|timeline| timeline.events().rev().find(so));
    event.map_or(sources.today, |event| timelines.day_of(event))
}

/// The records that stand on others and may still be changed, or are in force, by what they stand on.
pub(super) type Resting<'a> = HashMap<RecordId, Vec<&'a Record>>;

pub(super) fn all_resting<'a>(sources: Sources<'a>) -> Resting<'a> {
    let workspace = sources.workspace;
    let mut resting = Resting::new();
    for record in &workspace.records {
        let kind = sources.kind(record);
        let lifecycle = &kind.lifecycle;
        let over = record.state.as_deref().is_some_and(|state| {
            lifecycle.retired.iter().any(|known| known == state)
                || (lifecycle.is_ended(state) && !lifecycle.is_decided(state))
        });
        if over {
            continue;
        }
        let grounds = record
            .references
            .iter()
            .filter(|reference| matches!(reference.origin, Origin::Field(at) if kind.fields[at].ground));
        for id in grounds.filter_map(|reference| workspace.resolve(record, &reference.target)?.id()) {
            let known = resting.entry(id).or_default();
            if !known.iter().any(|known| std::ptr::eq(*known, record)) {
                known.push(record);
            }
        }
    }
    resting
}

/// Returns the names of the records that fields of `record` refer to.
fn about(sources: Sources<'_>, record: &Record) -> Vec<String> {
    let workspace = sources.workspace;
    let fields = record.references.iter().filter(|reference| matches!(reference.origin, Origin::Field(_)));
    let found = fields.filter_map(|reference| workspace.resolve(record, &reference.target));
    let mut names: Vec<String> = found.map(|record| record.name(&workspace.config.kinds)).collect();
    names.sort();
    names.dedup();
    names
}

fn candidates<'a>(sources: Sources<'a>, plan: Plan<'a>) -> Vec<Candidate<'a>> {
    let mut found: Vec<Candidate<'a>> = Vec::new();
    found.extend(sources.records().filter_map(|record| candidate(sources, plan, record, None)));
    let mut at: HashMap<&str, usize> =
        found.iter().enumerate().map(|(index, candidate)| (candidate.record.path.as_str(), index)).collect();
    for unmerged in plan.unmerged.iter().filter(|unmerged| (sources.wanted)(&unmerged.record)) {
        let record = &unmerged.record;
        // What runs here goes on running, whatever somebody proposes.
        if let Some(known) = at.get(record.path.as_str()) {
            found[*known].proposed.push(unmerged);
        } else if let Some(candidate) = candidate(sources, plan, record, Some(&unmerged.branch)) {
            at.insert(&record.path, found.len());
            found.push(candidate);
        }
    }
    found.sort_by_key(|candidate| {
        let due = candidate.due.map(|due| due.date);
        (due.is_none(), due, candidate.record.id(), candidate.branch)
    });
    found
}

/// Returns `record` as what may be the one priority, where it may.
fn candidate<'a>(
    sources: Sources<'a>,
    plan: Plan<'a>,
    record: &'a Record,
    branch: Option<&'a str>,
) -> Option<Candidate<'a>> {
    let kind = sources.kind(record);
    if !is_open(record, kind) {
        return None;
    }
    let due = next_due(record, kind);
    let near = due.is_some_and(|due| due.date <= plan.day.plus_days(WEEK));
    let waits = asked(record, kind, sources.today);
    let promised = kind.fields.iter().any(|field| field.not_after.is_some());
    let fits = match board::is_on_board(kind) {
        true => promised && near,
        false => near || (due.is_none() && !waits.is_empty()),
    };
    let waits = waits.into_iter().map(|(name, field)| (sources.person(name), field)).collect();
    let step = said(record, kind, "next_step");
    fits.then_some(Candidate { record, kind, due, waits, step, branch, proposed: Vec::new() })
}

/// Returns what the newest of `syncs` left to do, with how long it has been carried over.
fn carried(syncs: &[SyncRecord]) -> Vec<Carried> {
    // Several on one day are one.
    let mut days = syncs.chunk_by(|a, b| a.day == b.day);
    let Some(last) = days.next() else { return Vec::new() };
    let before: Vec<&[SyncRecord]> = days.collect();
    let had = |day: &[SyncRecord], text: &str| {
        day.iter().flat_map(|sync| &sync.tasks).any(|(known, _)| same_task(known, text))
    };
    let mut found: Vec<Carried> = Vec::new();
    for (text, done) in last.iter().flat_map(|sync| &sync.tasks) {
        let ticked =
            last.iter().flat_map(|sync| &sync.tasks).any(|(known, done)| *done && same_task(known, text));
        if *done || ticked || found.iter().any(|known| same_task(&known.text, text)) {
            continue;
        }
        let run: Vec<&&[SyncRecord]> = before.iter().take_while(|day| had(day, text)).collect();
        let since = run.last().and_then(|day| day.first()).map_or(last[0].day, |sync| sync.day);
        found.push(Carried { text: text.clone(), since, times: run.len() });
    }
    found
}

/// Says whether two tasks are one, whatever the case of letters and the stop at the end.
fn same_task(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.trim_end_matches(['.', ' ']).to_lowercase();
    plain(one) == plain(other)
}

/// Returns the last day of the two weeks that the biggest risk is looked for in.
#[must_use]
pub fn horizon(day: Date) -> Date {
    day.plus_days(FORTNIGHT)
}
