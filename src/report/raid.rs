//! The board of a log: why it is red in a sentence, what is late first, and what has moved.

use std::io;
use std::io::Write;

use super::Look;
use super::TableFormat;
use super::grid::Cell;
use super::grid::Column;
use super::grid::Grid;
use super::grid::Row;
use super::markdown::lines;
use super::phrase::short;
use super::raid_json;
use super::styled;
use super::table::code;
use super::table::csv;
use super::table::plain;
use crate::board::Board;
use crate::board::Came;
use crate::board::Colour;
use crate::board::Item;
use crate::board::Label;
use crate::board::Verdict;
use crate::board::WEEK;
use crate::board::Weight;
use crate::config::Config;
use crate::date::Date;
use crate::history::Oid;
use crate::kind::Suggestion;
use crate::record::Stale;
use crate::text::one_line;
use crate::text::visible;

/// The least width that text is broken for.
const LEAST: usize = 6;

/// How much is suggested below a board at most.
const MOST_SUGGESTED: usize = 3;

/// What stands around a board.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// What the team has settled.
    pub config: &'a Config,
    /// The day.
    pub today: Date,
    /// The branch, where HEAD is on one.
    pub branch: Option<&'a str>,
    /// The commit, where there is one.
    pub commit: Option<Oid>,
    /// The initiative it is about, where it is about one.
    pub initiative: Option<&'a str>,
    /// Whether only what is late is shown.
    pub overdue: bool,
    /// Whether everything is shown one by one.
    pub all: bool,
    /// What the items are collected by.
    pub by: Option<Arranged>,
}

/// What items can be collected by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arranged {
    /// Who is on it.
    Owner,
    /// How much it matters.
    Band,
    /// When something is due.
    Due,
    /// The kind.
    Kind,
}

const HEADS: [&str; 18] = [
    "id",
    "kind",
    "title",
    "status",
    "owner",
    "path",
    "initiative",
    "label",
    "rank",
    "score",
    "was",
    "deadline",
    "days_late",
    "slips",
    "next_step",
    "colour",
    "because",
    "days_after_need",
];

/// Writes `board` as `scene` wants it.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn raid(
    format: TableFormat,
    board: &Board<'_>,
    scene: Scene<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown: Vec<&Item<'_>> =
        board.items.iter().filter(|item| !scene.overdue || item.label == Label::Late).collect();
    match format {
        TableFormat::Text => Text { board, scene, look, shown: &shown }.write(out),
        TableFormat::Json => raid_json::document(board, &shown, scene, look, out),
        TableFormat::Jsonl => raid_json::lines(&shown, scene, look, out),
        TableFormat::Csv => {
            let head = HEADS.map(str::to_owned).to_vec();
            csv(std::iter::once(head).chain(shown.iter().map(|item| raid_json::row(item, scene, look))), out)
        }
        TableFormat::Markdown => {
            writeln!(out, "| {} |\n|{}", HEADS.map(plain).join(" | "), "---|".repeat(HEADS.len()))?;
            for item in shown {
                let cells: Vec<String> = raid_json::row(item, scene, look)
                    .iter()
                    .map(|cell| if cell.trim().is_empty() { String::new() } else { code(cell) })
                    .collect();
                writeln!(out, "| {} |", cells.join(" | "))?;
            }
            Ok(())
        }
    }
}

/// A board for people.
struct Text<'a> {
    board: &'a Board<'a>,
    scene: Scene<'a>,
    look: Look<'a>,
    shown: &'a [&'a Item<'a>],
}

impl Text<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        self.say("", &self.heading(), "2", out)?;
        if self.board.items.is_empty() {
            let about = self.scene.initiative.map(|name| format!(" in {name}")).unwrap_or_default();
            self.say("", &format!("nothing is open{about}"), "", out)?;
            return self.moved(out);
        }
        self.verdicts(out)?;
        writeln!(out)?;
        self.items(out)?;
        writeln!(out)?;
        self.totals(out)?;
        if !self.look.terse {
            self.say("", &format!("Review them, one key each: {}", self.command("--walk")), "", out)?;
            for suggestion in self.suggested() {
                self.say("", &format!("Or, {}", suggestion.told()), "", out)?;
            }
        }
        Ok(())
    }

    /// Returns what may be made of the records that a colour is owed to.
    fn suggested(&self) -> impl Iterator<Item = &Suggestion> {
        let wrong = self.board.verdicts.iter().filter(|verdict| verdict.colour > Colour::Green);
        let about: Vec<usize> = wrong.flat_map(|verdict| verdict.about.iter().copied()).collect();
        let items = self.shown.iter().filter(move |item| about.contains(&item.index));
        items.flat_map(|item| &item.suggested).take(MOST_SUGGESTED)
    }

    /// Returns the day, and what is looked at.
    fn heading(&self) -> String {
        let scene = self.scene;
        let titled = scene.initiative.map(|name| scene.config.initiative_title(name).to_owned());
        let commit = scene.commit.map(|commit| commit.short());
        let place: Vec<&str> = scene.branch.into_iter().chain(commit.as_deref()).collect();
        let parts = titled.into_iter().chain([scene.today.spoken()]);
        let place = Some(place.join(" ")).filter(|place| !place.is_empty());
        parts.chain(place).collect::<Vec<_>>().join(" · ")
    }

    fn verdicts(&self, out: &mut dyn Write) -> io::Result<()> {
        let verdicts = &self.board.verdicts;
        let named = match &verdicts[..] {
            [only] => only.initiative.is_some() && self.scene.initiative.is_none(),
            _ => true,
        };
        for Verdict { initiative, colour, because, .. } in verdicts {
            let name =
                if named { format!(" {}", initiative.unwrap_or("(no initiative)")) } else { String::new() };
            let (word, style) = match colour {
                Colour::Red => ("RED", "1;31"),
                Colour::Amber => ("AMBER", "1;33"),
                Colour::Green => ("GREEN", "1;32"),
            };
            let reason = match (because.is_empty(), colour) {
                (true, Colour::Green) => "nothing is late".to_owned(),
                (false, Colour::Green) => format!("nothing is late · {}", because.join(" · ")),
                _ => because.join(" · "),
            };
            let told = format!("{word}{name}: {reason}");
            for (at, line) in lines(&visible(&told), self.look.width.max(LEAST)).iter().enumerate() {
                match line.strip_prefix(word).filter(|_| at == 0) {
                    Some(rest) => writeln!(out, "{}{rest}", styled(word, style, self.look))?,
                    None => writeln!(out, "{line}")?,
                }
            }
        }
        Ok(())
    }

    fn items(&self, out: &mut dyn Write) -> io::Result<()> {
        let scene = self.scene;
        if self.shown.is_empty() {
            return self.say("", "nothing is late", "", out);
        }
        // What a colour is owed to is never only counted.
        let wrong = self.board.verdicts.iter().filter(|verdict| verdict.colour > Colour::Green);
        let named: Vec<usize> = wrong.flat_map(|verdict| verdict.about.iter().copied()).collect();
        let counted = |item: &Item<'_>| {
            let shown = item.colour == Colour::Red || named.contains(&item.index);
            // Nor is what a count of what has moved is owed to.
            item.label == Label::Later && !shown && item.came.is_none() && !scene.all && scene.by.is_none()
        };
        let rows: Vec<&Item<'_>> = self.shown.iter().filter(|item| !counted(item)).copied().collect();
        let counted: Vec<&Item<'_>> = self.shown.iter().filter(|item| counted(item)).copied().collect();
        if !rows.is_empty() {
            self.grid(rows).write(self.look, out)?;
        }
        if !counted.is_empty() {
            let more = if counted.len() < self.shown.len() { " more" } else { "" };
            let told = format!("{}{more}: {}", counted.len(), by_rank(&counted));
            self.say("later  ", &format!("{told}   {}", self.command("--all")), "2", out)?;
        }
        Ok(())
    }

    fn grid(&self, mut rows: Vec<&Item<'_>>) -> Grid {
        let columns = vec![
            Column::new(""),
            Column::new("id"),
            Column { prose: true, ..Column::new("what") },
            Column::new("score"),
            Column::new("owner"),
            Column::new("next due"),
            Column::new(""),
        ];
        let mut grid = Grid { columns, rows: Vec::new() };
        let group = |item: &Item<'_>| self.scene.by.map(|by| self.group(item, by));
        rows.sort_by_key(|item| group(item));
        for (at, item) in rows.iter().enumerate() {
            if let Some((_, name)) = group(item).filter(|group| at == 0 || self.differs(rows[at - 1], group))
            {
                if at > 0 {
                    grid.rows.push(Row::Line(Cell::default()));
                }
                grid.rows.push(Row::Line(Cell::styled(name, "1")));
            }
            grid.rows.push(Row::Cells(self.cells(item)));
            if item.label != Label::Late {
                continue;
            }
            let step = item.record.text(item.kind, "next_step").filter(|step| !step.trim().is_empty());
            match step {
                Some(step) => grid.rows.push(Row::Below(1, Cell::new(format!("→ {}", one_line(step))))),
                None if item.lacks_next_step() => {
                    grid.rows.push(Row::Below(1, Cell::styled("→ no next step", "33")));
                }
                None => {}
            }
        }
        grid
    }

    fn differs(&self, before: &Item<'_>, group: &(u32, String)) -> bool {
        self.scene.by.is_some_and(|by| self.group(before, by) != *group)
    }

    /// Returns the place and the name of the group that `item` is collected under.
    fn group(&self, item: &Item<'_>, by: Arranged) -> (u32, String) {
        match by {
            Arranged::Owner => match item.record.text(item.kind, "owner") {
                // Whoever is known by several names is one person.
                Some(owner) => {
                    (1, self.scene.config.people.handle_of(owner).unwrap_or(short(owner)).to_owned())
                }
                None => (0, "no owner".to_owned()),
            },
            Arranged::Band => match &item.weight {
                Weight::Missing => (0, "to triage".to_owned()),
                Weight::Known(level) => (1001_u32.saturating_sub(level.place), level.name.to_string()),
                Weight::Unasked => (1002, "without rank".to_owned()),
            },
            Arranged::Due => match item.deadline.map(|date| self.scene.today.days_until(date)) {
                None => (4, "without deadline".to_owned()),
                Some(days) if days < 0 => (0, "late".to_owned()),
                Some(days) if days <= i64::from(WEEK) => (1, format!("within {WEEK} days")),
                Some(days) if days <= 30 => (2, "within 30 days".to_owned()),
                Some(_) => (3, "after that".to_owned()),
            },
            Arranged::Kind => (u32::try_from(item.record.kind).unwrap_or(0), item.kind.title.clone()),
        }
    }

    fn cells(&self, item: &Item<'_>) -> Vec<Cell> {
        let style = match item.label {
            Label::Late => "31",
            Label::Soon => "33",
            Label::New => "36",
            Label::Later => "2",
        };
        let today = self.scene.today;
        let late = item.days_late > 0;
        let due = item.deadline.map(|date| date.said(today)).unwrap_or_default();
        let owner = item.record.text(item.kind, "owner").map(short);
        vec![
            Cell::styled(format!("{:5}", item.label.word()), style),
            Cell::styled(item.record.name(&self.scene.config.kinds), "1"),
            Cell::new(one_line(item.record.text(item.kind, "title").unwrap_or_default())),
            score(item),
            owner.map_or_else(|| Cell::styled("nobody", "33"), Cell::new),
            if late { Cell::styled(due, "31") } else { Cell::new(due) },
            Cell::new(self.note(item)),
        ]
    }

    /// Returns what is to be said of `item` besides, at most two things.
    fn note(&self, item: &Item<'_>) -> String {
        let today = self.scene.today;
        let mut notes = Vec::new();
        if item.days_late > 0 {
            notes.extend(item.deadline.map(|date| date.distance(today)));
        }
        match item.slips {
            // Once happens to everybody.
            0 | 1 => {}
            slips => notes.push(format!("slipped {slips}×")),
        }
        if !item.open {
            notes.extend(item.record.state.as_ref().map(|state| state.replace(['-', '_'], " ")));
        }
        match item.came {
            Some(came @ (Came::Reopened | Came::MovedIn)) => notes.push(came.words().to_owned()),
            None if item.label != Label::New => {}
            Some(Came::New) | None => {
                let raised = item.record.text(item.kind, "raised_by");
                notes
                    .push(raised.map_or_else(|| "new".to_owned(), |who| format!("raised by {}", short(who))));
            }
        }
        if let Some(Stale { since, said, .. }) = item.stale {
            let days = since.days_until(today);
            notes.push(if said {
                format!("not looked at for {days} days")
            } else {
                "never looked at".to_owned()
            });
        }
        notes.truncate(2);
        notes.join(", ")
    }

    fn totals(&self, out: &mut dyn Write) -> io::Result<()> {
        let open: Vec<&Item<'_>> = self.board.items.iter().filter(|item| item.open).collect();
        let kinds = self.scene.config.kinds.all().iter().enumerate().filter_map(|(index, kind)| {
            let count = open.iter().filter(|item| item.record.kind == index).count();
            (count > 0).then(|| counted(count, &kind.title.to_lowercase()))
        });
        let kinds: Vec<String> = kinds.collect();
        let mut told = match open.len() {
            0 => "none open".to_owned(),
            count => format!("{count} open: {}", kinds.join(", ")),
        };
        let others = self.board.items.len() - open.len();
        if others > 0 {
            told.push_str(&format!(" · {others} not open, with a deadline"));
        }
        if let Some(moved) = self.moves() {
            told.push_str(&format!(" · {moved}"));
        }
        self.say("", &told, "", out)
    }

    fn moved(&self, out: &mut dyn Write) -> io::Result<()> {
        match self.moves() {
            Some(moved) => self.say("", &moved, "", out),
            None => Ok(()),
        }
    }

    /// Says what has moved; `None` where that is not known.
    fn moves(&self) -> Option<String> {
        let moved = self.board.moved?;
        let parts = [
            (moved.new, Came::New.words()),
            (moved.reopened, Came::Reopened.words()),
            (moved.moved_in, Came::MovedIn.words()),
            (moved.moved_out, "moved out"),
            (moved.closed, "closed"),
            (moved.worse, "worse"),
            (moved.better, "better"),
        ];
        let parts =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
        let parts: Vec<String> = parts.collect();
        let since = moved.since.said(self.scene.today);
        let day = since.split_once(' ').map_or(since.as_str(), |(_, day)| day);
        let told = if parts.is_empty() { "nothing moved".to_owned() } else { parts.join(", ") };
        Some(format!("since {day}: {told}"))
    }

    /// Returns the command for the same board with `option`.
    fn command(&self, option: &str) -> String {
        let scope = self.scene.initiative.map(|name| format!(" --in {}", word(name))).unwrap_or_default();
        format!("pmkit raid{scope} {option}")
    }

    /// Writes `text` in as many lines as it takes, the first after `label`, the others below its text. The label has the
    /// style, where there is one, else the text.
    fn say(&self, label: &str, text: &str, style: &str, out: &mut dyn Write) -> io::Result<()> {
        let room = self.look.width.saturating_sub(label.len()).max(LEAST);
        for (at, line) in lines(&visible(text), room).iter().enumerate() {
            match (label, style, at) {
                ("", "", _) => writeln!(out, "{line}")?,
                ("", style, _) => writeln!(out, "{}", styled(line, style, self.look))?,
                (label, style, 0) => writeln!(out, "{}{line}", styled(label, style, self.look))?,
                (label, ..) => writeln!(out, "{}{line}", " ".repeat(label.len()))?,
            }
        }
        Ok(())
    }
}

/// Returns how much `item` matters, as a cell: with how far it has moved in a week.
fn score(item: &Item<'_>) -> Cell {
    let style = match item.colour {
        Colour::Red => "31",
        Colour::Amber => "33",
        Colour::Green => "",
    };
    match &item.weight {
        Weight::Known(level) => {
            let before = item.weighed.as_ref().and_then(Weight::level);
            let moved = before.map_or(String::new(), |before| {
                let arrow = match (level.is_above(before), before.is_above(level)) {
                    (true, _) => "▲",
                    (_, true) => "▼",
                    _ => return String::new(),
                };
                let by = level.number.zip(before.number).map(|(now, then)| now.abs_diff(then).to_string());
                format!(" {arrow}{}", by.unwrap_or_default())
            });
            Cell::styled(format!("{}{moved}", level.shown()), style)
        }
        weight => match (item.days_after, weight) {
            (Some(days), _) => Cell::styled(format!("+{days} d"), style),
            (None, Weight::Missing) => Cell::styled("triage", "36"),
            (None, _) => Cell::default(),
        },
    }
}

/// Counts `items` by how much they matter: `2 high, 6 medium`.
fn by_rank(items: &[&Item<'_>]) -> String {
    let mut counts: Vec<(u32, String, usize)> = Vec::new();
    for item in items {
        let (place, name) = match &item.weight {
            Weight::Missing => (0, "to triage".to_owned()),
            Weight::Known(level) => (1001_u32.saturating_sub(level.place), level.name.to_string()),
            Weight::Unasked => (1002, item.kind.title.to_lowercase()),
        };
        match counts.iter_mut().find(|(_, known, _)| *known == name) {
            Some((known, _, count)) => {
                *known = place.min(*known);
                *count += 1;
            }
            None => counts.push((place, name, 1)),
        }
    }
    counts.sort();
    let told = counts.into_iter().map(|(place, name, count)| match place {
        1002 => counted(count, &name),
        _ => format!("{count} {name}"),
    });
    told.collect::<Vec<_>>().join(", ")
}

/// Returns `count` of what is called `name` in the singular.
fn counted(count: usize, name: &str) -> String {
    match (count, name.strip_suffix('y')) {
        (1, _) => format!("1 {name}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {name}s"),
    }
}

/// Returns `text` as one word of a command that can be pasted.
fn word(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
