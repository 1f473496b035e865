//! One page on a piece of work: its colour and why, its decisions, its board, what others owe it, its people.

use std::io;
use std::io::Write;

use super::Look;
use super::page::Block;
use super::page::Page;
use super::page::PageFormat;
use super::page::Part;
use super::phrase::Phrase;
use super::phrase::called;
use super::phrase::short;
use crate::board::Board;
use crate::board::Colour;
use crate::board::Item;
use crate::board::Label;
use crate::board::Weight;
use crate::config::Config;
use crate::date::Date;
use crate::record::Record;
use crate::rhythm::Holds;
use crate::rhythm::Person;
use crate::rhythm::Standing;
use crate::rhythm::Waiting;
use crate::text::for_shell;

/// The most lines of one part.
const MOST: usize = 12;

/// What stands around such a page.
#[derive(Debug, Clone, Copy)]
pub struct InitiativeScene<'a> {
    /// What the team has settled.
    pub config: &'a Config,
    /// The piece of work.
    pub name: &'a str,
    /// The day.
    pub today: Date,
}

/// Writes the page on where a piece of work stands, of which `board` is the board.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn initiative(
    format: PageFormat,
    standing: &Standing<'_>,
    board: &Board<'_>,
    scene: InitiativeScene<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    page(standing, board, scene).write(format, look, out)
}

fn page(standing: &Standing<'_>, board: &Board<'_>, scene: InitiativeScene<'_>) -> Page {
    let known = scene.config.initiatives.get(scene.name);
    let title = scene.config.initiative_title(scene.name);
    let keeper = known.and_then(|known| known.keeper.as_deref());
    let nothing = standing.is_empty() && board.items.is_empty();
    let mut about = if nothing { Vec::new() } else { vec![colour(board)] };
    about.push(match keeper {
        Some(keeper) => Phrase::own("kept by ").foreign(keeper),
        None => Phrase::own("nobody keeps it: what nobody owns has no owner; set ")
            .command(&format!("[initiative.{}] keeper = \"…\"", key(scene.name)))
            .and(" in pmkit.toml"),
    });
    let part = |heading: &str, blocks: Vec<Block>| Part { heading: heading.to_owned(), blocks };
    let scope = format!(" --in {}", for_shell(scene.name));
    let waiting =
        cut(&standing.waiting, &|one| waiting_line(one, scene), &format!("pmkit list{scope} --where open"));
    let preparing =
        cut(&standing.preparing, &|one| waiting_line(one, scene), &format!("pmkit list{scope} --where open"));
    let decided =
        cut(&standing.decided, &|one| holds(one, scene), &format!("pmkit list{scope} --where decided"));
    let open: Vec<&Item<'_>> = board.items.iter().collect();
    let raid = cut(&open, &|item| on_board(item, scene), &format!("pmkit raid{scope} --all"));
    let promises = cut(&standing.promises, &|item| promise(item, scene), &format!("pmkit raid{scope} --all"));
    let people = cut(&standing.people, &person, &format!("pmkit raid{scope} --by owner"));
    let mut parts = vec![
        part("Waiting for a decision", waiting),
        part("In preparation", preparing),
        part("Decided and in force", decided),
        part("RAID", raid),
        part("Promises", promises),
        part("People", people),
    ];
    if !standing.others.is_empty() {
        let mut told = Phrase::default();
        for (at, (title, count)) in standing.others.iter().enumerate() {
            told = told.and(if at == 0 { "" } else { ", " }).and(&format!("{count} × ")).foreign(title);
        }
        parts.push(part("Also kept", vec![Block::item(told)]));
    }
    parts.retain(|part| !part.blocks.is_empty());
    if nothing {
        about.push(Phrase::own("No record belongs to it yet."));
    }
    Page {
        title: Phrase::default().foreign(title).and(&format!(" · {}", scene.today.spoken())),
        about,
        parts,
        foot: Vec::new(),
    }
}

/// Returns an item for each of `all`, the first ones where they are many; the others `command` lists.
fn cut<T>(all: &[T], one: &dyn Fn(&T) -> Phrase, command: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = all.iter().take(MOST).map(|item| Block::item(one(item))).collect();
    if all.len() > MOST {
        blocks.push(Block::item(Phrase::own(&format!("{} more: ", all.len() - MOST)).command(command)));
    }
    blocks
}

fn colour(board: &Board<'_>) -> Phrase {
    let Some(verdict) = board.verdicts.first() else {
        return Phrase::own("GREEN: nothing is open on its board");
    };
    let word = match verdict.colour {
        Colour::Red => "RED",
        Colour::Amber => "AMBER",
        Colour::Green => "GREEN",
    };
    let phrase = Phrase::own(word).and(": ");
    let because = verdict.because.join(" · ");
    match (because.is_empty(), verdict.colour) {
        (true, _) => phrase.and("nothing is late"),
        (false, Colour::Green) => phrase.and("nothing is late · ").foreign(&because),
        (false, _) => phrase.foreign(&because),
    }
}

fn state(record: &Record) -> String {
    record.state.as_deref().unwrap_or("no state").replace(['-', '_'], " ")
}

fn waiting_line(waiting: &Waiting<'_>, scene: InitiativeScene<'_>) -> Phrase {
    let mut line = called(waiting.record, scene.config).and(": ").foreign(&state(waiting.record));
    if let Some(due) = waiting.due {
        line = line.and("; ").foreign(&due.field.words()).and(&format!(" {}", due.date.said(scene.today)));
        if due.date < scene.today {
            line = line.and(&format!(", {}", due.date.distance(scene.today)));
        }
    }
    let names: Vec<&str> = waiting.waits.iter().map(|name| short(name)).collect();
    if names.is_empty() { line } else { line.and("; waits for ").names(&names) }
}

fn holds(holds: &Holds<'_>, scene: InitiativeScene<'_>) -> Phrase {
    let line = called(holds.record, scene.config).and(": ").foreign(&state(holds.record));
    let line = match holds.day {
        Some(day) => line.and(&format!(" {}", day.said(scene.today))),
        None => line,
    };
    let line = match holds.record.text(holds.kind, "approver") {
        Some(approver) => line.and(", approver ").foreign(short(approver)),
        None => line,
    };
    let fallen: Vec<String> = holds.fallen.iter().map(|record| record.name(&scene.config.kinds)).collect();
    if fallen.is_empty() { line } else { line.and("; rests on ").names(&fallen).and(", found false") }
}

/// Returns `name` as a key of TOML.
fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if bare { name.to_owned() } else { format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")) }
}

fn on_board(item: &Item<'_>, scene: InitiativeScene<'_>) -> Phrase {
    let line = called(item.record, scene.config).and(": ");
    let line = match &item.weight {
        Weight::Known(level) => line.foreign(&level.shown()),
        Weight::Missing => line.and("to triage"),
        Weight::Unasked => line.foreign(&state(item.record)),
    };
    let line = match item.record.text(item.kind, "owner") {
        Some(owner) => line.and("; ").foreign(short(owner)),
        None => line.and("; nobody on it"),
    };
    match item.deadline {
        Some(date) if item.label == Label::Late => {
            line.and(&format!("; due {}, {}", date.said(scene.today), date.distance(scene.today)))
        }
        Some(date) => line.and(&format!("; due {}", date.said(scene.today))),
        None => line,
    }
}

fn promise(item: &&Item<'_>, scene: InitiativeScene<'_>) -> Phrase {
    let mut line = called(item.record, scene.config);
    if let Some(party) = item.record.text(item.kind, "party") {
        line = line.and(" · ").foreign(party);
    }
    if let Some(direction) = item.record.text(item.kind, "direction") {
        line = line.and(", ").foreign(direction);
    }
    line = line.and(": ").foreign(&state(item.record));
    for field in item.kind.fields.iter().filter(|field| {
        field.not_after.is_some()
            || item.kind.fields.iter().any(|other| other.not_after.as_ref() == Some(&field.name))
    }) {
        let date = item.record.field(item.kind, &field.name).and_then(|value| value.value.as_date());
        if let Some(date) = date {
            line = line.and("; ").foreign(&field.words()).and(&format!(" {}", date.said(scene.today)));
        }
    }
    if let Some(days) = item.days_after {
        line = line.and(&format!(" ({days} day{} late)", if days == 1 { "" } else { "s" }));
    }
    match item.slips {
        0 => line,
        slips => line.and(&format!("; slipped {slips}×")),
    }
}

fn person(person: &Person<'_>) -> Phrase {
    let mut told: Vec<Phrase> = Vec::new();
    if person.owns > 0 {
        let late = if person.late > 0 { format!(" ({} late)", person.late) } else { String::new() };
        told.push(Phrase::own(&format!("owns {} open{late}", person.owns)));
    }
    if person.asked > 0 {
        let verb = if person.asked == 1 { "waits" } else { "wait" };
        told.push(Phrase::own(&format!("{} {verb} for them", person.asked)));
    }
    if let Some(role) = person.follows {
        told.push(Phrase::own("follows it: ").foreign(role));
    }
    let mut line = Phrase::default().strong(short(&person.name));
    for (at, phrase) in told.into_iter().enumerate() {
        line = line.and(if at == 0 { ": " } else { "; " }).then(phrase);
    }
    line
}
