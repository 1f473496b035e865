//! A brief: the facts of a record as Markdown, and what a template makes of them.
//!
//! Whatever a record says stands behind `> ` or on one line, so that none of it can pass for ours; handed to an assistant, all of it
//! stands between two lines of backticks that are longer than any run inside.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use super::phrase::person;
use super::phrase::short;
use super::table::code;
use crate::brief::Brief;
use crate::brief::Decision;
use crate::brief::Ground;
use crate::brief::Question;
use crate::brief::Standing;
use crate::config::BriefTemplate;
use crate::config::Config;
use crate::date::Date;
use crate::document::Document;
use crate::error::Error;
use crate::error::Result;
use crate::history::History;
use crate::kind::BriefPart;
use crate::kind::FieldType;
use crate::template;
use crate::template::Data;
use crate::text::longest_run;
use crate::text::one_line;
use crate::text::visible;
use crate::text::visible_within;

/// The most characters of a foreign text in a message.
const LONGEST: usize = 600;

/// What a part without anything in it says.
const MISSING: &str = "Not in the record.";

/// What is told of a brief besides what the record says.
#[derive(Clone, Copy)]
pub struct Briefed<'a> {
    /// What the record says.
    pub brief: &'a Brief<'a>,
    /// Its text.
    pub document: &'a Document,
    /// What git knows; `None` where it knows nothing.
    pub history: Option<&'a History>,
    /// What the team has settled.
    pub config: &'a Config,
    /// The tree's folder below the repository's top, with a `/` at its end; empty where they are the same.
    pub prefix: &'a str,
    /// The day.
    pub today: Date,
}

/// Writes what `template` makes of the facts; without one the facts alone.
///
/// # Errors
/// Where the template cannot be rendered, with its place.
pub fn brief(briefed: Briefed<'_>, template: Option<&BriefTemplate>) -> Result<String> {
    let Some(template) = template else { return Ok(briefed.facts()) };
    let rendered = template::fill(&template.text, &briefed.data(), template::Manner::Strict);
    let text = rendered.map_err(|broken| Error::from_mistakes(vec![template.mistake(&broken)]))?;
    // What is left out leaves blank lines.
    let mut lines: Vec<&str> = Vec::new();
    let mut fence: Option<&str> = None;
    for line in text.lines().map(str::trim_end) {
        let is_fence = line.starts_with("```") && line.chars().all(|c| c == '`');
        fence = match fence {
            None if is_fence => Some(line),
            Some(open) if open == line => None,
            open => open,
        };
        let doubled = line.is_empty() && lines.last().is_none_or(|last| last.is_empty());
        if fence.is_some() || !doubled {
            lines.push(line);
        }
    }
    Ok(format!("{}\n", lines.join("\n").trim_end()))
}

/// Writes `text`, which [`brief`] returned.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn brief_text(text: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(text.as_bytes())
}

impl Briefed<'_> {
    /// Returns what the record does not say of what `template` asks for, in words; of everything, where that takes all facts.
    #[must_use]
    pub fn missing(&self, template: Option<&BriefTemplate>) -> Vec<&'static str> {
        let parts = || self.parts().into_iter().filter(|(_, text)| text.is_empty()).map(|(name, _)| name);
        let names = template.map(|template| template::roots(&template.text)).unwrap_or_default();
        let names_one = |name: &str| names.iter().any(|known| known == name);
        if template.is_none() || names_one("facts") {
            return parts().collect();
        }
        let brief = self.brief;
        let says =
            |name: &str| brief.record.text(brief.kind, name).is_some_and(|text| !text.trim().is_empty());
        let asks = brief.waiting || !names_one("waiting");
        let said = [
            ("problem_in_short", "the problem", brief.in_short.is_some()),
            ("asked", "who is asked", !asks || !brief.asked.is_empty() || says("approver")),
            ("closes", "by when", !asks || brief.closes.is_some()),
            ("owner", "whose it is", says("owner")),
        ];
        said.into_iter()
            .filter(|(name, _, there)| names_one(name) && !there)
            .map(|(_, words, _)| words)
            .collect()
    }

    /// Returns the parts that every brief has, in order, each with its name; empty where the record says nothing of it.
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = vec![
            ("the problem", self.part(BriefPart::Problem)),
            ("whom it helps or hurts, and how much", self.part(BriefPart::Effect)),
            ("the decision", self.part(BriefPart::Decision)),
            ("the trade-offs", self.trade_offs()),
            ("what was put off, and why", self.put_off()),
            ("open questions", self.questions()),
            ("numbers", self.numbers()),
        ];
        if !self.brief.kind.lifecycle.decided.is_empty() {
            parts.push(("who decided, and when", self.decided()));
        }
        parts.push(("what it rests on", self.grounds()));
        parts
    }

    /// Returns the facts.
    fn facts(&self) -> String {
        let mut text = format!("# Facts of {}\n\n{}", self.name(), self.fields());
        for (name, said) in self.parts() {
            let mut heading = name.strip_prefix("the ").unwrap_or(name).to_owned();
            heading[..1].make_ascii_uppercase();
            let said = if said.is_empty() { format!("{MISSING}\n") } else { said };
            // What is headed alike in the record needs no second heading.
            let said = said.strip_prefix(&format!("### {heading}\n\n")).unwrap_or(&said);
            text.push_str(&format!("\n## {heading}\n\n{said}"));
        }
        let rest = self.rest();
        if !rest.is_empty() {
            text.push_str(&format!("\n## What else it says\n\n{rest}"));
        }
        text
    }

    /// Returns what a template may name.
    fn data(&self) -> BTreeMap<String, Data> {
        let Self { brief, config, today, .. } = self;
        let record = brief.record;
        let text = |name: &str| record.text(brief.kind, name).unwrap_or_default();
        let people = |name: &str| message(person(text(name), &config.people));
        let facts = self.facts();
        let fence = "`".repeat((longest_run(&facts, '`') + 1).max(4));
        let closes = brief.closes.map(|day| closing(day, *today)).unwrap_or_default();
        let is_late = brief.closes.is_some_and(|day| day < *today);
        let asked = brief.asked.iter().map(|name| Data::text(message(person(name, &config.people))));
        let chosen = brief.chosen.iter().map(|option| Data::text(quoted(option)));
        let missing = self.missing(None).into_iter().map(Data::text);
        let said = self.values();
        let said = |name: &str| said.iter().find(|(known, _)| *known == name).map(|(_, said)| message(said));
        let fields = brief.kind.fields.iter().map(|field| &field.name);
        let fields = fields.map(|name| (name.clone(), Data::text(said(name).unwrap_or_default())));
        let initiative = text("initiative");
        let initiative = message(config.initiative_title(initiative));
        let data = [
            ("approver", Data::text(people("approver"))),
            ("asked", Data::List(asked.collect())),
            ("chosen", Data::List(chosen.collect())),
            ("closes", Data::text(closes)),
            ("decided", Data::text(self.decided())),
            ("decision", Data::text(self.part(BriefPart::Decision))),
            ("discussion", Data::text(message(text("discussion")))),
            ("due", Data::text(self.due())),
            ("effect", Data::text(self.part(BriefPart::Effect))),
            ("facts", Data::text(format!("{fence}\n{facts}{fence}"))),
            ("fields", Data::Map(fields.collect())),
            ("id", Data::text(record.id_text(&config.kinds).unwrap_or_default())),
            ("initiative", Data::text(initiative)),
            ("kind", Data::text(message(&brief.kind.title))),
            ("late", Data::Truth(is_late)),
            ("missing", Data::List(missing.collect())),
            ("name", Data::text(self.name())),
            ("numbers", Data::text(self.numbers())),
            ("owner", Data::text(people("owner"))),
            ("path", Data::text(code(&self.path()))),
            ("problem", Data::text(self.part(BriefPart::Problem))),
            ("problem_in_short", Data::text(message(brief.in_short.as_deref().unwrap_or_default()))),
            ("put_off", Data::text(self.put_off())),
            ("questions", Data::text(self.questions())),
            ("rest", Data::text(self.rest())),
            ("rests_on", Data::text(self.grounds())),
            ("status", Data::text(message(record.state.as_deref().unwrap_or_default()))),
            ("title", Data::text(message(text("title")))),
            ("trade_offs", Data::text(self.trade_offs())),
            ("delivers", Data::Truth(brief.delivers)),
            ("waiting", Data::Truth(brief.waiting)),
        ];
        data.into_iter().map(|(name, datum)| (name.to_owned(), datum)).collect()
    }

    /// Says by when something is to be delivered, in the words of the field: `needed by Wed 2 Dec`. Nothing, where an answer is asked.
    fn due(&self) -> String {
        let (Some(day), Some(field), true) = (self.brief.closes, self.brief.due, self.brief.delivers) else {
            return String::new();
        };
        let words = message(&field.replace(['_', '-'], " "));
        let when = closing(day, self.today);
        match words.strip_suffix(" by") {
            Some(words) => format!("{words} {when}"),
            None => format!("{words} {}", when.strip_prefix("by ").unwrap_or(&when)),
        }
    }

    /// Returns what to call the record: its id, which holds nothing of others.
    fn name(&self) -> String {
        self.brief.record.id_text(&self.config.kinds).unwrap_or_else(|| "this record".to_owned())
    }

    fn path(&self) -> String {
        format!("{}{}", self.prefix, self.brief.record.path)
    }

    /// Returns the fields that say something, each with what it says; people without their addresses.
    fn values(&self) -> Vec<(&str, String)> {
        let Self { brief, document, config, .. } = self;
        let mut values: Vec<(&str, String)> = Vec::new();
        for entry in document.entries() {
            let key = entry.key.text.of(&document.text);
            let Some(index) = brief.kind.field_of_key(key) else { continue };
            let field = &brief.kind.fields[index];
            if values.iter().any(|(known, _)| *known == field.name) {
                continue;
            }
            let written = brief.record.fields.iter().find(|value| value.field == index);
            let names = written.map(|written| written.value.texts().map(|name| person(name, &config.people)));
            let said = match (field.value, names) {
                (FieldType::Person | FieldType::People, Some(names)) => {
                    names.map(one_line).collect::<Vec<_>>().join(", ")
                }
                _ => entry.value.said(&document.text).map(|said| one_line(&said)).unwrap_or_default(),
            };
            if !said.is_empty() {
                values.push((&field.name, said));
            }
        }
        values
    }

    /// Returns the fields as a list, with the kind and the file.
    fn fields(&self) -> String {
        let mut text = format!("- kind: {}\n", inline(&self.brief.kind.title));
        for (name, said) in self.values() {
            text.push_str(&format!("- {}: {}\n", inline(&name.replace(['_', '-'], " ")), inline(&said)));
        }
        text.push_str(&format!("- file: {}\n", inline(&self.path())));
        text
    }

    fn part(&self, part: BriefPart) -> String {
        let passages = self.brief.passages.iter().filter(|passage| passage.part == Some(part));
        passages.map(|passage| under(passage.heading, &passage.text)).collect::<Vec<_>>().join("\n")
    }

    fn trade_offs(&self) -> String {
        let mut text = self.part(BriefPart::TradeOff);
        for (at, option) in self.brief.chosen.iter().enumerate() {
            let before = if at == 0 { "\nMarked as chosen:\n\n" } else { "\n" };
            text.push_str(&format!("{before}{}", quoted(option)));
        }
        text
    }

    fn put_off(&self) -> String {
        let mut text = String::new();
        if self.brief.put_off {
            text.push_str(&self.deferred());
            let why = self.part(BriefPart::Outcome);
            text.push_str(&if why.is_empty() { why } else { format!("\n{why}") });
        }
        let later = self.part(BriefPart::PutOff);
        let gap = if text.is_empty() || later.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{gap}{later}"));
        let handed = self.brief.questions.iter().filter(|question| question.standing == Standing::HandedOn);
        for (at, question) in handed.enumerate() {
            let before = match (at, text.is_empty()) {
                (0, true) => "Questions handed on:\n\n",
                (0, false) => "\nQuestions handed on:\n\n",
                _ => "",
            };
            text.push_str(&format!("{before}{}", quoted(&question.text)));
        }
        text
    }

    fn questions(&self) -> String {
        let one = |question: &Question| {
            let standing = match question.standing {
                Standing::Open => "Open",
                Standing::HandedOn => "Handed on",
                Standing::Answered => "Answered",
            };
            format!("{standing}:\n\n{}", quoted(&question.text))
        };
        self.brief.questions.iter().map(one).collect::<Vec<_>>().join("\n")
    }

    fn numbers(&self) -> String {
        let mut text = String::new();
        let mut heading = None;
        for number in &self.brief.numbers {
            if heading != Some(number.heading) {
                let gap = if text.is_empty() { "" } else { "\n" };
                text.push_str(&format!("{gap}{}", headed(number.heading)));
                heading = Some(number.heading);
            } else {
                text.push_str(">\n");
            }
            text.push_str(&quoted(&number.sentence));
        }
        text
    }

    fn decided(&self) -> String {
        let Self { brief, history, .. } = self;
        let lifecycle = &brief.kind.lifecycle;
        let state = brief.record.state.as_deref();
        let settled = state.is_some_and(|state| lifecycle.is_decided(state) || lifecycle.is_ended(state));
        let mut text: String = brief.decisions.iter().map(|decision| self.decision(decision)).collect();
        let said = inline(state.unwrap_or("not said"));
        match (settled, history) {
            (false, _) => text.push_str(&format!("- not decided: its state is {said}\n")),
            (true, None) => text.push_str(&format!("- {said}, and by whom and when git cannot say here\n")),
            (true, Some(_)) if !brief.committed => {
                text.push_str(&format!(
                    "- {said}, which is not committed yet, so that nobody stands behind it in git\n"
                ));
            }
            (true, Some(_)) => {}
        }
        text
    }

    /// Says when and by whom the record was put off.
    fn deferred(&self) -> String {
        let state = inline(self.brief.record.state.as_deref().unwrap_or("not said"));
        match (&self.brief.deferral, self.history) {
            (Some(deferral), Some(_)) => self.decision(deferral),
            (_, None) => format!("- {state}, and by whom and when git cannot say here\n"),
            (None, Some(_)) => {
                format!("- {state}, which is not committed yet, so that nobody stands behind it in git\n")
            }
        }
    }

    fn decision(&self, decision: &Decision<'_>) -> String {
        let Some(history) = self.history else { return String::new() };
        let commit = &history.commits[decision.event.commit];
        let request = commit.pull_request.map(|number| format!(" (#{number})")).unwrap_or_default();
        let what = match decision.state {
            Some(state) => inline(state),
            None => "the text was changed after it had been decided,".to_owned(),
        };
        let when = format!("{what} on {}, in {}{request}", decision.day.spoken(), commit.id.short());
        let mut parts = vec![when];
        let approver = decision.event.approver.as_deref().filter(|_| decision.state.is_some());
        match (decision.state, approver) {
            (None, _) => {}
            (_, Some(approver)) => {
                let approver = inline(person(approver, &self.config.people));
                parts.push(format!("the record named as approver then: {approver}"));
            }
            (_, None) => parts.push("the record named no approver then".to_owned()),
        }
        let writers = history.writers(decision.event, self.config);
        let writers: Vec<_> =
            writers.into_iter().map(|writer| inline(short(person(writer, &self.config.people)))).collect();
        // Where nobody knows who wrote what a merge brought, who merged it is told below and nobody else.
        if !writers.is_empty() {
            parts.push(format!("written by {}", writers.join(", ")));
        }
        parts.extend(history.evidence(decision.event).iter().map(|claim| inline(short(claim))));
        format!("- {}\n", parts.join("; "))
    }

    fn grounds(&self) -> String {
        let one = |ground: &Ground<'_>| {
            let title = ground.title.map(|title| format!(", {}", inline(title))).unwrap_or_default();
            let standing = match (ground.state, ground.refuted, ground.confirmed) {
                (Some(state), true, _) => format!("{} (found false)", inline(state)),
                (Some(state), _, true) => format!("{} (shown to be so)", inline(state)),
                (Some(state), ..) => inline(state),
                (None, ..) => "no such record here, or it says no state".to_owned(),
            };
            format!("- {}{title}: {standing}\n", inline(&ground.name))
        };
        self.brief.grounds.iter().map(one).collect()
    }

    /// Returns the passages that no part has taken.
    fn rest(&self) -> String {
        let rest = self.brief.passages.iter().filter(|passage| {
            let told = |part| part != BriefPart::Outcome || self.brief.put_off;
            !passage.part.is_some_and(told) && !passage.asks
        });
        rest.map(|passage| under(passage.heading, &passage.text)).collect::<Vec<_>>().join("\n")
    }
}

/// Returns the heading of a section of the record, with a line below it.
fn headed(heading: &str) -> String {
    let heading = inline(heading);
    if heading.is_empty() { String::new() } else { format!("### {heading}\n\n") }
}

fn under(heading: &str, text: &str) -> String {
    format!("{}{}", headed(heading), quoted(text))
}

/// Returns a foreign text with every line marked as one.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut blank = false;
    for line in text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
        let line = line.replace('\t', "    ");
        let line = line.trim_end();
        // Some line ends are two characters; of blank lines one tells as much as many.
        if !(line.is_empty() && blank) {
            out.push_str(format!("> {}", visible_within(line)).trim_end());
            out.push('\n');
        }
        blank = line.is_empty();
    }
    out
}

/// Returns a foreign text on one line.
fn inline(text: &str) -> String {
    visible_within(&one_line(text)).into_owned()
}

/// Returns a foreign text for a message: on one line, code kept as code, and in code whatever could call somebody or be markup of
/// more than a word.
fn message(text: &str) -> String {
    // It may open a line.
    let mut text = visible(&one_line(text)).into_owned();
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let begin = rest.find('`').unwrap_or(rest.len());
        guard(&rest[..begin], &mut out);
        rest = &rest[begin..];
        let marks = rest.len() - rest.trim_start_matches('`').len();
        match closing_of(rest, marks) {
            Some(end) => {
                out.push_str(&rest[..end]);
                rest = &rest[end..];
            }
            // A backtick alone would make code of what comes later.
            None => {
                out.push_str(&"'".repeat(marks));
                rest = &rest[marks..];
            }
        }
    }
    out
}

/// Returns where the code ends that begins `text` with so many backticks.
fn closing_of(text: &str, marks: usize) -> Option<usize> {
    if marks == 0 {
        return None;
    }
    let mut from = marks;
    loop {
        let begin = from + text.get(from..)?.find('`')?;
        let run = text[begin..].len() - text[begin..].trim_start_matches('`').len();
        from = begin + run;
        if run == marks {
            return Some(from);
        }
    }
}

/// Adds words that are no code to `out`.
fn guard(words: &str, out: &mut String) {
    for part in words.split_inclusive(' ') {
        let (word, space) = part.strip_suffix(' ').map_or((part, ""), |word| (word, " "));
        out.push_str(&if is_plain(word) { word.into() } else { code(word) });
        out.push_str(space);
    }
}

/// Says whether a word stands in a message as it is: it calls nobody, leads nowhere but where it says, and is no markup.
fn is_plain(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| c.is_ascii_punctuation() && c != '_');
    let marks = ['@', '<', '\\', '[', ']', '*', '~', '|', '#'];
    let entity = word.contains('&') && word.contains(';');
    !(word.contains(marks) || entity || word.contains("__") || bare.starts_with('_') || bare.ends_with('_'))
}

/// Says by when, on the day `today`: `by Wed 25 Nov, 3 working days from now`.
fn closing(day: Date, today: Date) -> String {
    let said = day.said(today);
    match (today.days_until(day), today.business_days_until(day)) {
        (0, _) => format!("by today, {said}"),
        (away, _) if away < 0 => format!("by {said}, {}", day.distance(today)),
        (_, 0) => format!("by {said}, {}", day.distance(today)),
        (_, 1) => format!("by {said}, 1 working day from now"),
        (_, days) => format!("by {said}, {days} working days from now"),
    }
}
