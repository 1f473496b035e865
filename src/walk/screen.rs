//! What a walk shows: a record with what one needs to decide, or all that was decided.

use super::State;
use super::Stop;
use super::Walk;
use super::choices;
use crate::date::Date;
use crate::document::Document;
use crate::text::one_line;

/// The most lines of the text that are shown.
const MOST_LINES: usize = 3;

/// What the keys do.
pub(super) const HELP: [&str; 10] = [
    "k  keep it as it is, and go on (also Enter)",
    "d  another date: 2026-12-04, +7d, +5bd",
    "s  how much it matters",
    "o  another owner",
    "n  another next step",
    "b  it has happened: makes the record that it became",
    "c  close it",
    "u  take back what you decided here, else go back one",
    "q  stop, and decide whether to write what you decided so far",
    "Ctrl-C  stop and write nothing",
];

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// As any other.
    Plain,
    /// As what stands above others.
    Head,
    /// As what is wrong.
    Alarm,
    /// As what is to be changed.
    Change,
    /// As what is there for whoever looks for it.
    Faint,
}

/// A line of a screen. Its text may come from documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How it looks.
    pub look: Look,
    /// The text.
    pub text: String,
}

impl Line {
    fn new(look: Look, text: impl Into<String>) -> Self {
        Self { look, text: text.into() }
    }
}

impl Walk<'_> {
    /// Returns what is to be seen now.
    #[must_use]
    pub fn screen(&self) -> Vec<Line> {
        let mut lines = match self.state {
            State::Over(_) => Vec::new(),
            State::Agreeing => self.summary(),
            // What is asked next belongs to a record that is on the screen already.
            State::Asking(_) | State::Closing(_) | State::Naming(..) => Vec::new(),
            State::Choosing if self.told.is_empty() => self.record(),
            State::Choosing => Vec::new(),
        };
        lines.extend(self.told.iter().map(|told| Line::new(Look::Plain, told.clone())));
        lines.extend(self.keys());
        lines
    }

    fn record(&self) -> Vec<Line> {
        let stop = &self.stops[self.at];
        let item = stop.item;
        let (record, kind) = (item.record, item.kind);
        let state = record.state.as_deref().unwrap_or_default().replace(['-', '_'], " ");
        let head = format!(
            "{} of {} · {} · {} · {}, {state}",
            self.at + 1,
            self.stops.len(),
            item.label.word(),
            record.name(&self.config.kinds),
            kind.title.to_lowercase(),
        );
        let mut lines = vec![Line::new(Look::Plain, ""), Line::new(Look::Head, head)];
        let mut say = |look, text: String| lines.push(Line::new(look, text));
        say(Look::Plain, one_line(record.text(kind, "title").unwrap_or_default()));
        say(Look::Plain, self.facts(stop));
        let wrong: Vec<&str> = item.signals.iter().map(|signal| signal.told.as_str()).collect();
        if !wrong.is_empty() {
            say(Look::Alarm, format!("{}: {}", item.colour.word(), wrong.join(", ")));
        }
        if let Some(step) = record.text(kind, "next_step").filter(|step| !step.trim().is_empty()) {
            say(Look::Plain, format!("→ {}", one_line(step)));
        }
        for line in beginning(&stop.text) {
            say(Look::Faint, line);
        }
        for change in self.told_of(stop) {
            say(Look::Change, format!("+ {change}"));
        }
        lines
    }

    /// Returns who is on it, how much it matters, until when, and when somebody last looked.
    fn facts(&self, stop: &Stop<'_>) -> String {
        let item = stop.item;
        let mut facts = vec![match item.record.text(item.kind, "owner") {
            Some(owner) => format!("owner {}", one_line(owner)),
            None => "nobody owns it".to_owned(),
        }];
        if let Some(field) = item.kind.fields.iter().find(|field| field.ranks) {
            facts.push(match item.weight.level() {
                Some(level) => format!("{} {}", field.words(), level.shown()),
                None => format!("no {} yet", field.words()),
            });
        }
        if let Some(deadline) = item.record.next_deadline(item.kind) {
            let words = item.kind.fields[deadline.written.field].words();
            let day = deadline.date;
            facts.push(format!("{words} {}, {}", day.said(self.today), day.distance(self.today)));
        }
        if item.slips > 1 {
            facts.push(format!("slipped {}×", item.slips));
        }
        let stamp = item.kind.fields.iter().position(|field| field.stale_after.is_some());
        let looked = item.record.fields.iter().find(|written| Some(written.field) == stamp);
        match looked.and_then(|looked| looked.value.as_date()) {
            Some(day) => facts.push(format!("last looked at {}", day.distance(self.today))),
            None if stamp.is_some() => facts.push("never looked at".to_owned()),
            None => {}
        }
        facts.join(" · ")
    }

    /// Returns what was decided of a record, in words.
    fn told_of(&self, stop: &Stop<'_>) -> Vec<String> {
        let kind = stop.item.kind;
        let became = stop.became.iter().map(|became| {
            let title = &self.config.kinds.at(became.kind).title;
            format!("new {}: {}", title.to_lowercase(), became.title)
        });
        let sets = stop.sets.iter().map(|(field, texts)| {
            let shown =
                |text: &str| Date::parse(text).map_or_else(|| one_line(text), |day| day.said(self.today));
            let written = stop.item.record.fields.iter().find(|written| written.field == *field);
            let before = written.map(|written| shown(&written.span.of(&stop.text).replace(['"', '\''], "")));
            let after = shown(&texts.join(", "));
            let name = kind.fields[*field].words();
            match before.filter(|before| !before.is_empty()) {
                Some(before) => format!("{name} {before} → {after}"),
                None => format!("{name} {after}"),
            }
        });
        became.chain(sets).collect()
    }

    fn summary(&self) -> Vec<Line> {
        let mut lines = vec![Line::new(Look::Plain, ""), Line::new(Look::Head, "What you decided")];
        let mut files = 0;
        for stop in &self.stops {
            let told = self.told_of(stop);
            files += usize::from(!stop.changes(self.today).is_empty()) + usize::from(stop.became.is_some());
            if !told.is_empty() {
                let name = stop.item.record.name(&self.config.kinds);
                lines.push(Line::new(Look::Change, format!("{name}  {}", told.join(", "))));
            }
        }
        let seen = self.stops.iter().filter(|stop| stop.seen).count();
        lines.push(Line::new(Look::Plain, format!("{seen} of {} looked at", self.stops.len())));
        let what = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
        lines.push(Line::new(Look::Head, format!("Write this to {what}?")));
        lines
    }

    /// Returns the keys that can be pressed.
    fn keys(&self) -> Option<Line> {
        let offered = |choices: Vec<(char, String)>| {
            let one = |(key, value): (char, String)| {
                if value == key.to_string() { value } else { format!("{key} {value}") }
            };
            choices.into_iter().map(one).collect::<Vec<_>>().join("  ")
        };
        let text = match &self.state {
            State::Choosing => {
                "k keep  d date  s score  o owner  n next step  b became  c close  u back  q stop  ? help"
                    .to_owned()
            }
            State::Agreeing => "y write  n write nothing  u back".to_owned(),
            State::Closing(states) => {
                let choices = ('1'..='9').zip(states.iter().cloned()).collect();
                format!("close as:  {}  Esc back", offered(choices))
            }
            State::Asking(task) => {
                let field = task.left.last().map(|index| &self.stops[self.at].item.kind.fields[*index])?;
                let choices = choices(field);
                if choices.is_empty() {
                    return None;
                }
                let number = choices.iter().all(|(key, value)| key.to_string() == *value);
                let words = match &field.help {
                    Some(help) if number => help.clone(),
                    _ => offered(choices),
                };
                format!("{}:  {words}  Esc back", field.words())
            }
            State::Naming(..) | State::Over(_) => return None,
        };
        Some(Line::new(Look::Faint, text))
    }
}

/// Returns the first lines of the text below the front matter, without headings, comments and blank lines.
fn beginning(text: &str) -> Vec<String> {
    let document = Document::read(text.to_owned());
    let body = text.get(document.body..).unwrap_or_default();
    let worth = |line: &&str| !line.is_empty() && !line.starts_with('#') && !line.starts_with("<!--");
    let mut lines: Vec<String> =
        body.lines().map(str::trim).filter(worth).take(MOST_LINES + 1).map(str::to_owned).collect();
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        lines.push("…".to_owned());
    }
    lines
}
