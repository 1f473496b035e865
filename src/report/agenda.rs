//! The agenda of the next sync: what was learnt, the one priority, the biggest risk, what was left to do. No status.

use std::io;
use std::io::Write;

use super::Look;
use super::digest::role;
use super::page::Block;
use super::page::Page;
use super::page::PageFormat;
use super::page::Part;
use super::phrase::Phrase;
use super::phrase::called;
use super::phrase::short;
use crate::board::Item;
use crate::board::Weight;
use crate::config::Config;
use crate::date::Date;
use crate::record::Record;
use crate::rhythm::Agenda;
use crate::rhythm::Candidate;
use crate::rhythm::Carried;
use crate::rhythm::Happened;
use crate::rhythm::Learnt;
use crate::rhythm::Lesson;
use crate::rhythm::Pick;
use crate::rhythm::Reason;
use crate::rhythm::horizon;
use crate::text::for_shell;

/// The most things that are told to have been learnt.
const MOST_LEARNT: usize = 6;

/// The most candidates for the one priority: each has a letter.
const MOST_CANDIDATES: usize = 5;

/// The most changes of the biggest risk that are told.
const MOST_PAST: usize = 3;

/// What stands around an agenda.
#[derive(Clone, Copy)]
pub struct AgendaScene<'a> {
    /// What the team has settled.
    pub config: &'a Config,
    /// The day it is made on.
    pub today: Date,
    /// What such a sync is called.
    pub sync: &'a str,
    /// The initiative it is about, where it is about one.
    pub initiative: Option<&'a str>,
    /// Returns the numbers of the questions a record asks that have no answer and no taker.
    pub unanswered: &'a dyn Fn(&Candidate<'_>) -> Vec<usize>,
    /// Whether a record of it can be written.
    pub kept: bool,
}

/// Writes `agenda` as `scene` wants it.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn agenda(
    format: PageFormat,
    agenda: &Agenda<'_>,
    scene: AgendaScene<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    page(agenda, scene).write(format, look, out)
}

/// Returns the parts of `agenda` by the names that kind files have for them, as the text of a record; those with nothing in them
/// are left out.
#[must_use]
pub fn agenda_parts(agenda: &Agenda<'_>, scene: AgendaScene<'_>) -> Vec<(&'static str, String)> {
    let part = |blocks: Vec<Block>| Part { heading: String::new(), blocks }.prose();
    let tasks = agenda.carried.iter().map(|task| Block::Task(Phrase::default().markup(&task.text)));
    let parts = [
        ("insights", part(learnt(agenda, scene))),
        ("priority", part(candidates(agenda, scene))),
        ("biggest-risk", part(risk(agenda, scene))),
        ("actions", part(tasks.collect())),
    ];
    parts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn page(agenda: &Agenda<'_>, scene: AgendaScene<'_>) -> Page {
    let title = Phrase::default().foreign(scene.sync).and(&format!(" · {} · 30 min", agenda.day.spoken()));
    let title = match scene.initiative {
        Some(name) => title.and(" · ").foreign(scene.config.initiative_title(name)),
        None => title,
    };
    let mut about = Phrase::default();
    for (at, (name, role)) in agenda.attendees.iter().enumerate() {
        about = about.and(if at > 0 { ", " } else { "" }).foreign(short(name));
        if let Some(role) = role {
            about = about.and(" (").foreign(role).and(")");
        }
    }
    let since = match agenda.last {
        Some(last) => Phrase::own("since ").name(&last.name(&scene.config.kinds)),
        None => Phrase::own("no sync has been written down yet"),
    };
    let about = if about.is_empty() { since } else { about.and(" · ").then(since) };
    let mut insights = learnt(agenda, scene);
    if insights.is_empty() {
        let text = "Nothing new was written down. What did users and data teach us?";
        insights.push(Block::Says(Phrase::own(text)));
    } else {
        insights.push(Block::Says(Phrase::own("Also learnt: ____________________")));
    }
    let mut priority = candidates(agenda, scene);
    let week = agenda.day.said(scene.today);
    if priority.is_empty() {
        priority.push(Block::Says(Phrase::own("Nothing waits for a decision, and no promise is due.")));
    } else {
        priority.insert(0, Block::Says(Phrase::own(&format!("One of these for the week from {week}:"))));
    }
    let mut biggest = risk(agenda, scene);
    if biggest.is_empty() {
        biggest.push(Block::Says(Phrase::own("Nothing is open on the board.")));
    }
    let part = |heading: &str, blocks| Part { heading: heading.to_owned(), blocks };
    let mut parts = vec![
        part("Insights · 5 min", insights),
        part("Top priority · 10 min", priority),
        part("Biggest risk · 15 min", biggest),
    ];
    if !agenda.carried.is_empty() {
        let tasks = agenda.carried.iter().map(|task| Block::Task(carried(task, scene)));
        parts.push(part(&format!("Carried over · {}", agenda.carried.len()), tasks.collect()));
    }
    let scope = scene.initiative.map(|name| format!(" --in {}", for_shell(name))).unwrap_or_default();
    let since =
        agenda.last.and_then(|last| day_of(last, scene)).map_or("7d".to_owned(), |day| day.to_string());
    let mut foot = vec![
        Phrase::own("No status here; that is ").command(&format!("pmkit digest{scope} --since {since}")),
    ];
    if scene.kept {
        foot.push(Phrase::own("Write it as a record: ").command(&format!("pmkit agenda{scope} --new")));
    }
    Page { title, about: vec![about], parts, foot }
}

fn day_of(sync: &Record, scene: AgendaScene<'_>) -> Option<Date> {
    sync.field(scene.config.kinds.at(sync.kind), "date")?.value.as_date()
}

fn learnt(agenda: &Agenda<'_>, scene: AgendaScene<'_>) -> Vec<Block> {
    let shown = agenda.learnt.iter().take(MOST_LEARNT);
    let mut blocks: Vec<Block> = shown.map(|learnt| lesson(learnt, scene)).collect();
    let left: Vec<String> = agenda
        .learnt
        .iter()
        .skip(MOST_LEARNT)
        .map(|learnt| learnt.record.name(&scene.config.kinds))
        .collect();
    if !left.is_empty() {
        blocks.push(Block::item(Phrase::own(&format!("{} more: ", left.len())).names(&left)));
    }
    blocks
}

fn lesson(learnt: &Learnt<'_>, scene: AgendaScene<'_>) -> Block {
    let line = called(learnt.record, scene.config);
    let owner = learnt.record.text(learnt.kind, "owner").map(short);
    let line = match learnt.what {
        Lesson::Refuted(state) | Lesson::Confirmed(state) => {
            line.and(": ").foreign(&state.replace(['-', '_'], " "))
        }
        Lesson::Seen(source) => {
            let line = line.and(" (");
            let line = match source {
                Some(source) => line.foreign(source),
                None => line.and("no source"),
            };
            match owner {
                Some(owner) => line.and(", ").foreign(owner).and(")"),
                None => line.and(")"),
            }
        }
    };
    let mut below = Vec::new();
    let names = |records: &[&Record]| -> Vec<String> {
        records.iter().map(|record| record.name(&scene.config.kinds)).collect()
    };
    if !learnt.resting.is_empty() {
        let verb = if learnt.resting.len() == 1 { " rests on it" } else { " rest on it" };
        below.push(Phrase::default().names(&names(&learnt.resting)).and(verb));
    }
    if matches!(learnt.what, Lesson::Seen(_)) && !learnt.about.is_empty() {
        below.push(Phrase::own("says something about ").names(&learnt.about));
    }
    Block::Item(line, below)
}

fn candidates(agenda: &Agenda<'_>, scene: AgendaScene<'_>) -> Vec<Block> {
    let letters = ["a", "b", "c", "d", "e"];
    let shown = agenda.candidates.iter().zip(letters);
    let mut blocks: Vec<Block> = shown.map(|(one, letter)| candidate(one, letter, scene)).collect();
    let left: Vec<String> = agenda
        .candidates
        .iter()
        .skip(MOST_CANDIDATES)
        .map(|candidate| candidate.record.name(&scene.config.kinds))
        .collect();
    if !left.is_empty() {
        blocks.push(Block::item(Phrase::own(&format!("{} more: ", left.len())).names(&left)));
    }
    blocks
}

fn candidate(candidate: &Candidate<'_>, letter: &str, scene: AgendaScene<'_>) -> Block {
    let mut told: Vec<Phrase> = Vec::new();
    if let Some(due) = candidate.due {
        let days = due.date.days_until(scene.today);
        let late = match days {
            ..=0 => String::new(),
            1 => ", 1 day ago".to_owned(),
            days => format!(", {days} days ago"),
        };
        let day = format!(" {}{late}", due.date.said(scene.today));
        told.push(Phrase::default().foreign(&due.field.words()).and(&day));
    }
    let numbers: Vec<String> = (scene.unanswered)(candidate).iter().map(ToString::to_string).collect();
    match &numbers[..] {
        [] => {}
        [only] => told.push(Phrase::own(&format!("question {only} has no answer"))),
        many => told.push(Phrase::own(&format!("questions {} have no answer", many.join(", ")))),
    }
    let mut waits = Phrase::default();
    for (at, (name, field)) in candidate.waits.iter().take(4).enumerate() {
        let before = if at == 0 { "waits for " } else { ", " };
        waits = waits.and(before).foreign(short(name)).and(" (").foreign(&role(field)).and(")");
    }
    if candidate.waits.len() > 4 {
        waits = waits.and(&format!(" and {} more", candidate.waits.len() - 4));
    }
    if !waits.is_empty() {
        told.push(waits);
    }
    if let Some(door) = candidate.record.text(candidate.kind, "reversibility") {
        told.push(Phrase::default().foreign(door).and(" door"));
    }
    let mut line = Phrase::own(&format!("{letter}) ")).then(called(candidate.record, scene.config));
    for (at, phrase) in told.into_iter().enumerate() {
        line = line.and(if at == 0 { ": " } else { "; " }).then(phrase);
    }
    let mut below = Vec::new();
    if let Some(step) = candidate.step {
        below.push(Phrase::default().foreign(step));
    }
    if let Some(branch) = candidate.branch {
        below.push(Phrase::own("not merged: as it is on ").foreign(branch));
    }
    for proposed in &candidate.proposed {
        let there = &proposed.record;
        let mut told = Phrase::own("not merged, on ").foreign(&proposed.branch).and(": ");
        told = told.foreign(&there.state.as_deref().unwrap_or("no state").replace(['-', '_'], " "));
        for deadline in there.deadlines(candidate.kind).filter(|deadline| deadline.runs) {
            let words = candidate.kind.fields[deadline.written.field].words();
            told = told.and(", ").foreign(&words).and(&format!(" {}", deadline.date.said(scene.today)));
        }
        below.push(told);
    }
    Block::Item(line, below)
}

fn risk(agenda: &Agenda<'_>, scene: AgendaScene<'_>) -> Vec<Block> {
    let Some(pick) = &agenda.risk else { return Vec::new() };
    let item = pick.item;
    let mut line = called(item.record, scene.config);
    if let Weight::Known(level) = &item.weight {
        line = line.and(" · ").foreign(&level.shown());
    }
    let owner = item.record.text(item.kind, "owner").map(short);
    line = match owner {
        Some(owner) => line.and(" · ").foreign(owner),
        None => line.and(" · nobody on it"),
    };
    let created = item.record.field(item.kind, "created").and_then(|created| created.value.as_date());
    if let Some(days) = created.map(|day| day.days_until(scene.today)).filter(|days| *days > 0) {
        line = line.and(&format!(" · {days} day{} open", if days == 1 { "" } else { "s" }));
    }
    let mut below = vec![why(pick, agenda, scene)];
    if let Some(step) = item.record.text(item.kind, "next_step").filter(|step| !step.trim().is_empty()) {
        let next = item.record.next_deadline(item.kind);
        let field = next.map(|deadline| &item.kind.fields[deadline.written.field]);
        let of_step = field.is_some_and(|field| field.deadline_of.as_deref() == Some("next_step"));
        let days = |count: i64| if count == 1 { "1 day".to_owned() } else { format!("{count} days") };
        let told = Phrase::own("next step: ").foreign(step);
        below.push(match (field, item.days_late) {
            (_, 0) | (None, _) => told,
            (Some(_), late) if of_step => told.and(&format!(", {} late", days(late))),
            (Some(field), late) => {
                told.and("; ").foreign(&field.words()).and(&format!(" {} ago", days(late)))
            }
        });
    } else {
        below.push(Phrase::own("no next step is written down"));
    }
    if !agenda.past.is_empty() {
        let mut told = Phrase::own("so far: ");
        for (at, happened) in agenda.past.iter().take(MOST_PAST).enumerate() {
            told = told.and(if at == 0 { "" } else { "; " }).then(change(happened, scene));
        }
        below.push(told);
    }
    if !agenda.others.is_empty() {
        let mut told = Phrase::own("runners-up: ");
        for (at, other) in agenda.others.iter().enumerate() {
            told = told.and(if at == 0 { "" } else { "; " }).then(called(other.record, scene.config));
            told = told.then(weight(other));
        }
        below.push(told);
    }
    vec![Block::Item(line, below)]
}

fn why(pick: &Pick<'_>, agenda: &Agenda<'_>, scene: AgendaScene<'_>) -> Phrase {
    let mut told =
        Phrase::own(if pick.named { "named by hand; for it speaks: " } else { "picked because: " });
    for (at, reason) in pick.because.iter().enumerate() {
        told = told.and(if at == 0 { "" } else { ", " }).then(reason_words(reason, agenda, scene));
    }
    told
}

fn reason_words(reason: &Reason, agenda: &Agenda<'_>, scene: AgendaScene<'_>) -> Phrase {
    let days = |count: i64| if count == 1 { "1 day".to_owned() } else { format!("{count} days") };
    match reason {
        Reason::Highest(shown) => Phrase::own("nothing weighs more (").foreign(shown).and(")"),
        Reason::Matters(shown) => Phrase::own("weighs ").foreign(shown),
        Reason::Rose(from, to) => Phrase::own("rose ").foreign(from).and(" → ").foreign(to),
        Reason::Late(late) => Phrase::own(&format!("{} late", days(*late))),
        Reason::Due(date) => Phrase::own(&format!(
            "due {}, before {}",
            date.said(scene.today),
            horizon(agenda.day).said(scene.today)
        )),
        Reason::Slipped(count) => Phrase::own(&format!("slipped {count}×")),
        Reason::After(after) => Phrase::own(&format!("promised {} after it is needed", days(*after))),
        Reason::Stands(state) => Phrase::own("it is ").foreign(state),
        Reason::Unscored => Phrase::own("nobody has scored it"),
    }
}

fn weight(item: &Item<'_>) -> Phrase {
    match (&item.weight, item.days_after) {
        (Weight::Known(level), _) => Phrase::own(" (").foreign(&level.shown()).and(")"),
        (_, Some(days)) => Phrase::own(&format!(" ({days} d after it is needed)")),
        (Weight::Missing, None) => Phrase::own(" (to triage)"),
        (Weight::Unasked, None) => Phrase::default(),
    }
}

fn change(happened: &Happened, scene: AgendaScene<'_>) -> Phrase {
    let value = |text: &Option<String>| match text {
        Some(text) => Date::parse(text).map_or_else(|| text.clone(), |date| date.said(scene.today)),
        None => "nothing".to_owned(),
    };
    let line = Phrase::default().foreign(&happened.field).and(" ").foreign(&value(&happened.old)).and(" → ");
    line.foreign(&value(&happened.new)).and(&format!(" on {}", happened.day.said(scene.today)))
}

fn carried(task: &Carried, scene: AgendaScene<'_>) -> Phrase {
    let times = match task.times {
        0 => format!(" (from {})", task.since.said(scene.today)),
        times => {
            let word =
                if times == 1 { "carried twice".to_owned() } else { format!("carried {} times", times + 1) };
            format!(" (since {}, {word})", task.since.said(scene.today))
        }
    };
    Phrase::default().markup(&task.text).and(&times)
}
