//! The digest: what was decided, what may go wrong that could not before, what slipped, who is asked for what, and what comes next.

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
use crate::board::Came;
use crate::board::Item;
use crate::board::Level;
use crate::board::Weight;
use crate::config::Config;
use crate::date::Date;
use crate::history::Oid;
use crate::kind::Field;
use crate::rhythm::Coming;
use crate::rhythm::Decided;
use crate::rhythm::Digest;
use crate::rhythm::Due;
use crate::rhythm::Ended;
use crate::rhythm::Need;
use crate::rhythm::Needs;
use crate::rhythm::Slipped;
use crate::text::for_shell;

/// What stands around a digest.
#[derive(Debug, Clone, Copy)]
pub struct DigestScene<'a> {
    /// What the team has settled.
    pub config: &'a Config,
    /// The first day of the time.
    pub from: Date,
    /// The day.
    pub today: Date,
    /// The commit it was made at, where there is one.
    pub commit: Option<Oid>,
    /// The initiative it is about, where it is about one.
    pub initiative: Option<&'a str>,
    /// Whom it is for, where it is for one person.
    pub person: Option<&'a str>,
    /// The most words, where there is a most.
    pub words: Option<usize>,
}

/// Writes `digest` as `scene` wants it.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn digest(
    format: PageFormat,
    digest: &Digest<'_>,
    scene: DigestScene<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    page(digest, scene).write(format, look, out)
}

/// Returns the parts of `digest` by the names that kind files have for them, as the text of a record.
#[must_use]
pub fn digest_parts(digest: &Digest<'_>, scene: DigestScene<'_>) -> Vec<(&'static str, String)> {
    let mut parts = parts(digest, scene);
    let around = Page { title: Phrase::default(), about: Vec::new(), parts: Vec::new(), foot: Vec::new() };
    fit(&mut parts, &around, scene.words);
    parts.iter().map(|part| (part.name, part.part().prose())).collect()
}

fn page(digest: &Digest<'_>, scene: DigestScene<'_>) -> Page {
    let mut parts = parts(digest, scene);
    let title =
        Phrase::own(&format!("Digest · {} to {}", scene.from.said(scene.today), scene.today.spoken()));
    let title = match scene.initiative {
        Some(name) => title.and(" · ").foreign(scene.config.initiative_title(name)),
        None => title,
    };
    let title = match scene.person {
        Some(person) => title.and(" · for ").foreign(short(person)),
        None => title,
    };
    let mut page = Page { title, about: Vec::new(), parts: Vec::new(), foot: Vec::new() };
    if parts.iter().all(|part| part.items.is_empty()) {
        page.about.push(Phrase::own("Nothing to tell of this time."));
    }
    let commit = scene.commit.map(|commit| format!("told from the commit {}", commit.short()));
    page.foot.extend(commit.map(|commit| Phrase::own(&commit)));
    fit(&mut parts, &page, scene.words);
    page.parts = parts.iter().filter(|part| part.shown > 0 || part.left() > 0).map(Listed::part).collect();
    page
}

/// A part with its items, what matters most first, of which some are shown.
struct Listed {
    /// Its name in kind files.
    name: &'static str,
    heading: &'static str,
    items: Vec<Phrase>,
    shown: usize,
    /// What stands below them whatever happens.
    rest: Option<Phrase>,
    /// Where the others are found.
    more: String,
    /// What each item is called in a word, where those left out are named so.
    names: Vec<String>,
    /// How many items it keeps while another part shows more than it should.
    keeps: usize,
}

impl Listed {
    fn left(&self) -> usize {
        self.items.len() - self.shown
    }

    fn part(&self) -> Part {
        let mut blocks: Vec<Block> = self.items[..self.shown].iter().cloned().map(Block::item).collect();
        blocks.extend(self.rest.clone().map(Block::item));
        if self.left() > 0 {
            let word = if self.shown == 0 { "" } else { " more" };
            let told = Phrase::own(&format!("{}{word}: ", self.left()));
            let told = match self.names.get(self.shown..) {
                Some(names) if !names.is_empty() => told.names(names),
                _ => told.command(&self.more),
            };
            blocks.push(Block::item(told));
        }
        Part { heading: self.heading.to_owned(), blocks }
    }
}

/// Leaves out items until `page` with `parts` has at most `words`: always one of the part that shows most, the later part first.
fn fit(parts: &mut [Listed], page: &Page, words: Option<usize>) {
    let Some(words) = words else { return };
    loop {
        let mut whole = page.clone();
        whole.parts = parts.iter().filter(|part| !part.items.is_empty()).map(Listed::part).collect();
        if whole.words() <= words {
            return;
        }
        // As long as a part shows more than it should keep it gives way; then all do. Of two alike the later is found.
        let spare = |part: &&mut Listed| (part.shown.saturating_sub(part.keeps), part.shown);
        let most = parts.iter_mut().max_by_key(spare).filter(|part| part.shown > 0);
        // Headings and counts stay: that there is something is never left out.
        let Some(most) = most else { return };
        // Far from fitting, many go at once.
        let over = whole.words().saturating_sub(words) / 400;
        most.shown -= (1 + over).min(most.shown);
    }
}

fn parts(digest: &Digest<'_>, scene: DigestScene<'_>) -> Vec<Listed> {
    let scope = scene.initiative.map(|name| format!(" --in {}", for_shell(name))).unwrap_or_default();
    let since = scene.from;
    let listed = |name, heading, items: Vec<Phrase>, more: String| {
        let shown = items.len();
        Listed { name, heading, items, shown, rest: None, more, names: Vec::new(), keeps: 3 }
    };
    let decided = digest.decided.iter().map(|decided| decided_line(decided, scene)).collect();
    let mut risks: Vec<Phrase> = Vec::new();
    risks.extend(digest.ended.iter().filter(|ended| ended.refuted).map(|ended| ended_line(ended, scene)));
    risks.extend(digest.moved.iter().map(|item| moved_line(item, scene)));
    let rest: Vec<&Ended<'_>> = digest.ended.iter().filter(|ended| !ended.refuted).collect();
    let mut risks =
        listed("risks", "New and moved risks", risks, format!("pmkit raid{scope} --since {since}"));
    risks.rest = (!rest.is_empty()).then(|| no_longer(&rest, scene));
    if risks.items.is_empty() && risks.rest.is_some() {
        risks.items.extend(risks.rest.take());
        risks.shown = 1;
    }
    let slipped = digest.slipped.iter().map(|slipped| slipped_line(slipped, scene)).collect();
    let needs: Vec<Phrase> = match scene.words {
        None => digest.needs.iter().flat_map(|needs| each_need(needs, scene)).collect(),
        Some(_) => digest.needs.iter().map(|needs| needs_line(needs, scene)).collect(),
    };
    let coming = digest.coming.iter().map(|coming| coming_line(coming, scene)).collect();
    let mut needs = listed("needs", "Needs you", needs, "pmkit list --waiting-for NAME".to_owned());
    needs.keeps = 5;
    needs.names = digest.needs.iter().map(|needs| short(&needs.person).to_owned()).collect();
    vec![
        listed("decided", "Decided", decided, format!("pmkit log{scope} --since {since}")),
        risks,
        listed("slipped", "Slipped", slipped, format!("pmkit log{scope} --fields --since {since}")),
        needs,
        listed("next", "Coming up", coming, format!("pmkit list{scope} --where 'deadline<=today+7d'")),
    ]
}

fn decided_line(decided: &Decided<'_>, scene: DigestScene<'_>) -> Phrase {
    let plain = |state: &str| state.replace(['-', '_'], " ");
    let line = called(decided.record, scene.config).and(": ");
    if decided.reworded {
        let day = decided.day.said(scene.today);
        return line.and(&format!("its text was changed {day}, after it was ")).foreign(&plain(decided.to));
    }
    let line = match &decided.from {
        Some(from) => line.foreign(&plain(from)).and(" → ").foreign(&plain(decided.to)),
        None => line.foreign(&plain(decided.to)),
    };
    let line = line.and(&format!(" {}", decided.day.said(scene.today)));
    match &decided.approver {
        Some(approver) => line.and(", approver ").foreign(short(approver)),
        None => line,
    }
}

fn moved_line(item: &Item<'_>, scene: DigestScene<'_>) -> Phrase {
    let owner = item.record.text(item.kind, "owner").map_or("nobody", short);
    let line = called(item.record, scene.config).and(": ");
    let weight = match &item.weight {
        Weight::Known(level) => Some(level.shown()),
        Weight::Missing => Some("to triage".to_owned()),
        Weight::Unasked => None,
    };
    let before = item.weighed.as_ref().and_then(Weight::level).map(Level::shown);
    let line = match (item.came, weight, before) {
        (Some(came @ (Came::New | Came::Reopened)), Some(weight), _) => {
            line.and(came.words()).and(", ").foreign(&weight)
        }
        (Some(came @ (Came::New | Came::Reopened)), None, _) => line.and(came.words()),
        (_, weight, before) => {
            let shown = |weight: Option<String>| weight.unwrap_or_else(|| "unscored".to_owned());
            line.foreign(&shown(before)).and(" → ").foreign(&shown(weight))
        }
    };
    line.and(" (").foreign(owner).and(")")
}

fn ended_line(ended: &Ended<'_>, scene: DigestScene<'_>) -> Phrase {
    let line = called(ended.record, scene.config).and(": ").foreign(&state_of(ended));
    let names: Vec<String> = ended.resting.iter().map(|record| record.name(&scene.config.kinds)).collect();
    match names.len() {
        0 => line,
        1 => line.and("; ").names(&names).and(" rests on it"),
        _ => line.and("; ").names(&names).and(" rest on it"),
    }
}

/// Returns what became of what is not open any more.
fn state_of(ended: &Ended<'_>) -> String {
    ended.state.map_or_else(|| "deleted".to_owned(), |state| state.replace(['-', '_'], " "))
}

/// Counts what is not open any more, by state, with the names.
fn no_longer(ended: &[&Ended<'_>], scene: DigestScene<'_>) -> Phrase {
    let mut states: Vec<String> = ended.iter().map(|ended| state_of(ended)).collect();
    states.sort_unstable();
    states.dedup();
    let mut phrase = Phrase::default();
    for (at, state) in states.iter().enumerate() {
        if at > 0 {
            phrase = phrase.and("; ");
        }
        phrase = phrase.foreign(state).and(": ");
        let names: Vec<String> = ended
            .iter()
            .filter(|ended| state_of(ended) == *state)
            .map(|ended| ended.record.name(&scene.config.kinds))
            .collect();
        let few = names.len().min(5);
        phrase = phrase.names(&names[..few]);
        if names.len() > few {
            phrase = phrase.and(&format!(" and {} more", names.len() - few));
        }
    }
    phrase
}

fn slipped_line(slipped: &Slipped<'_>, scene: DigestScene<'_>) -> Phrase {
    let times = match slipped.count {
        1 => String::new(),
        count => format!(", slipped {count}×"),
    };
    let days = if slipped.days == 1 { "1 day".to_owned() } else { format!("{} days", slipped.days) };
    called(slipped.record, scene.config).and(": ").foreign(&slipped.field.words()).and(&format!(
        " {} → {}, {days}{times}",
        slipped.from.said(scene.today),
        slipped.to.said(scene.today)
    ))
}

/// Returns a line for each record that waits for a person.
fn each_need(needs: &Needs<'_>, scene: DigestScene<'_>) -> Vec<Phrase> {
    let line = |need: &Need<'_>| {
        Phrase::default().strong(short(&needs.person)).and(": ").then(need_words(need, scene, true))
    };
    needs.items.iter().map(line).collect()
}

fn needs_line(needs: &Needs<'_>, scene: DigestScene<'_>) -> Phrase {
    /// The most records told of one person.
    const MOST: usize = 3;
    let mut phrase = Phrase::default().strong(short(&needs.person)).and(": ");
    for (at, need) in needs.items.iter().take(MOST).enumerate() {
        if at > 0 {
            phrase = phrase.and("; ");
        }
        phrase = phrase.then(need_words(need, scene, at == 0));
    }
    let rest: Vec<String> =
        needs.items.iter().skip(MOST).map(|need| need.record.name(&scene.config.kinds)).collect();
    match rest.len() {
        0 => phrase,
        1..=4 => phrase.and("; ").names(&rest),
        more => phrase.and("; ").names(&rest[..3]).and(&format!(" and {} more", more - 3)),
    }
}

fn need_words(need: &Need<'_>, scene: DigestScene<'_>, with_title: bool) -> Phrase {
    let name = || Phrase::default().name(&need.record.name(&scene.config.kinds));
    let phrase = if with_title { called(need.record, scene.config) } else { name() };
    let mut inside = Phrase::default();
    let mut empty = true;
    if let Some(field) = need.asked_as {
        inside = inside.foreign(&role(field));
        empty = false;
    }
    match (need.due, need.days_late) {
        (Some(_), late) if late > 0 => {
            let days = if late == 1 { "1 day late".to_owned() } else { format!("{late} days late") };
            inside = inside.and(if empty { "" } else { ", " }).and(&days);
            empty = false;
        }
        (Some(due), _) if due.date == scene.today && need.asked_as.is_none() => {
            inside = inside.and("due today");
            empty = false;
        }
        (Some(due), _) => {
            inside = inside.and(if empty { "" } else { ", " }).then(due_words(due, scene));
            empty = false;
        }
        (None, _) => {}
    }
    if empty { phrase } else { phrase.and(" (").then(inside).and(")") }
}

fn coming_line(coming: &Coming<'_>, scene: DigestScene<'_>) -> Phrase {
    Phrase::own(&format!("{} ", coming.due.date.said(scene.today)))
        .then(called(coming.record, scene.config))
        .and(" (")
        .foreign(&coming.due.field.words())
        .then(match coming.record.text(coming.kind, "owner") {
            Some(owner) => Phrase::own(", ").foreign(short(owner)),
            None => Phrase::default(),
        })
        .and(")")
}

/// Says what is due when: `decide by Fri 27 Nov`.
fn due_words(due: Due<'_>, scene: DigestScene<'_>) -> Phrase {
    Phrase::default().foreign(&due.field.words()).and(&format!(" {}", due.date.said(scene.today)))
}

/// Returns what one of those is called whom `field` names: a reviewer, of reviewers.
pub(super) fn role(field: &Field) -> String {
    let words = field.words();
    match (field.value.is_many(), words.strip_suffix('s')) {
        (true, Some(one)) => one.to_owned(),
        _ => words,
    }
}
