//! `pmkit.raid/1`: the promise to programs that read the board.

use std::io;
use std::io::Write;

use serde::Serialize;

use super::Look;
use super::escape::write_json;
use super::raid::Scene;
use crate::board::Board;
use crate::board::Item;
use crate::board::Weight;
use crate::kind::Suggestion;

const SCHEMA: &str = "pmkit.raid/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    day: String,
    commit: Option<String>,
    since: Option<String>,
    initiatives: Vec<Initiative<'a>>,
    items: Vec<Entry<'a>>,
    totals: Totals<'a>,
}

#[derive(Serialize)]
struct Initiative<'a> {
    name: Option<&'a str>,
    colour: &'static str,
    because: &'a [String],
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    #[serde(flatten)]
    item: Entry<'a>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: Option<String>,
    kind: &'a str,
    title: Option<&'a str>,
    status: Option<&'a str>,
    owner: Option<&'a str>,
    path: String,
    initiative: Option<&'a str>,
    label: &'static str,
    colour: &'static str,
    because: Vec<&'a str>,
    rank: Option<&'a str>,
    score: Option<i64>,
    was: Option<Was>,
    days_after_need: Option<i64>,
    deadline: Option<String>,
    days_late: i64,
    slips: usize,
    next_step: Option<&'a str>,
    suggested: Vec<Suggested<'a>>,
}

/// What may be made of an item.
#[derive(Serialize)]
struct Suggested<'a> {
    when: Option<&'a str>,
    command: &'a str,
}

/// A score, or a value of a scale without numbers.
#[derive(Serialize)]
#[serde(untagged)]
enum Was {
    Score(i64),
    Rank(String),
}

#[derive(Serialize)]
struct Totals<'a> {
    open: usize,
    late: usize,
    kinds: Vec<KindTotal<'a>>,
    moved: Option<Moves>,
}

#[derive(Serialize)]
struct KindTotal<'a> {
    kind: &'a str,
    open: usize,
}

#[derive(Serialize)]
struct Moves {
    new: usize,
    closed: usize,
    worse: usize,
    better: usize,
    reopened: usize,
    moved_in: usize,
    moved_out: usize,
}

pub(super) fn document(
    board: &Board<'_>,
    shown: &[&Item<'_>],
    scene: Scene<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let open = || board.items.iter().filter(|item| item.open);
    let kinds = scene.config.kinds.all().iter().enumerate().filter_map(|(index, kind)| {
        let open = open().filter(|item| item.record.kind == index).count();
        (open > 0).then_some(KindTotal { kind: &kind.id, open })
    });
    let initiatives = board.verdicts.iter().map(|verdict| Initiative {
        name: verdict.initiative,
        colour: verdict.colour.word(),
        because: &verdict.because,
    });
    let moved = board.moved.map(|moved| Moves {
        new: moved.new,
        closed: moved.closed,
        worse: moved.worse,
        better: moved.better,
        reopened: moved.reopened,
        moved_in: moved.moved_in,
        moved_out: moved.moved_out,
    });
    let document = Document {
        schema: SCHEMA,
        day: scene.today.to_string(),
        commit: scene.commit.map(|commit| commit.to_string()),
        since: board.moved.map(|moved| moved.since.to_string()),
        initiatives: initiatives.collect(),
        items: shown.iter().map(|item| entry(item, scene, look)).collect(),
        totals: Totals {
            open: open().count(),
            late: board.items.iter().filter(|item| item.days_late > 0).count(),
            kinds: kinds.collect(),
            moved,
        },
    };
    write_json(&document, true, out)
}

pub(super) fn lines(
    shown: &[&Item<'_>],
    scene: Scene<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for item in shown {
        write_json(&Line { schema: SCHEMA, item: entry(item, scene, look) }, false, out)?;
    }
    Ok(())
}

/// Returns an item as a row of a table, under the heads that the board's tables have.
pub(super) fn row(item: &Item<'_>, scene: Scene<'_>, look: Look<'_>) -> Vec<String> {
    let entry = entry(item, scene, look);
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let was = match entry.was {
        Some(Was::Score(score)) => score.to_string(),
        Some(Was::Rank(rank)) => rank,
        None => String::new(),
    };
    vec![
        entry.id.unwrap_or_default(),
        entry.kind.to_owned(),
        text(entry.title),
        text(entry.status),
        text(entry.owner),
        entry.path,
        text(entry.initiative),
        entry.label.to_owned(),
        text(entry.rank),
        entry.score.map(|score| score.to_string()).unwrap_or_default(),
        was,
        entry.deadline.unwrap_or_default(),
        entry.days_late.to_string(),
        entry.slips.to_string(),
        text(entry.next_step),
        entry.colour.to_owned(),
        entry.because.join("; "),
        entry.days_after_need.map(|days| days.to_string()).unwrap_or_default(),
    ]
}

fn entry<'a>(item: &'a Item<'_>, scene: Scene<'_>, look: Look<'_>) -> Entry<'a> {
    let text = |name: &str| item.record.text(item.kind, name);
    let level = item.weight.level();
    let before = item.weighed.as_ref().and_then(Weight::level);
    let was = before.filter(|before| level.is_none_or(|level| level != *before));
    Entry {
        id: item.record.id_text(&scene.config.kinds),
        kind: &item.kind.id,
        title: text("title"),
        status: item.record.state.as_deref(),
        owner: text("owner"),
        path: format!("{}{}", look.prefix, item.record.path),
        initiative: text("initiative"),
        label: item.label.word(),
        colour: item.colour.word(),
        because: item.signals.iter().map(|signal| signal.told.as_str()).collect(),
        rank: level.map(|level| &*level.name),
        score: level.and_then(|level| level.number),
        was: was.map(|was| was.number.map_or_else(|| Was::Rank(was.name.to_string()), Was::Score)),
        days_after_need: item.days_after,
        deadline: item.deadline.map(|date| date.to_string()),
        days_late: item.days_late,
        slips: item.slips,
        next_step: text("next_step"),
        suggested: item.suggested.iter().map(suggested).collect(),
    }
}

fn suggested(suggestion: &Suggestion) -> Suggested<'_> {
    Suggested { when: suggestion.when.as_deref(), command: &suggestion.command }
}
