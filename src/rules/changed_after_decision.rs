//! Words of a decision that changed after it was made.

use std::ops::Range;

use super::Check;
use super::Decided;
use super::Rule;
use super::Subject;
use super::said_of;
use crate::compare::rewording;
use crate::diagnostic::Level;
use crate::document::Document;
use crate::kind::Claim;
use crate::kind::Kind;
use crate::kind::Kinds;
use crate::record::Depth;
use crate::record::FieldValue;
use crate::record::Record;
use crate::record::Value;
use crate::record::asks_to_change;
use crate::record::canonical;
use crate::record::says_title;
use crate::record::title_heading;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "changed-after-decision",
    level: Level::Deny,
    page: include_str!("../../docs/rules/changed-after-decision.md"),
    fixes: false,
    check: Check::Decided(check),
};

fn check(subject: &Subject<'_>, decided: &Decided, sink: &mut Sink<'_>) {
    let lifecycle = &subject.kind.lifecycle;
    let Some(state) = subject.record.state.as_deref() else { return };
    // What another record has replaced decides nothing any more, and what is decided no longer has a rule of its own.
    if lifecycle.superseded.as_deref() == Some(state) || !lifecycle.is_frozen(state) {
        return;
    }
    // A change that has been approved is being made.
    if decided.settled && decided.committed.is_some() {
        return;
    }
    let before = Version::read(&decided.text, subject);
    let corrections = Correction::all(subject);
    let committed = decided.committed.as_deref().map(|text| Version::read(text, subject));
    let change = Change { subject, decided, committed, state, corrections };
    change.fields(&before, sink);
    change.text(&before, sink);
}

/// Returns what is to be said of `record`, one of `kind`, whose file is gone; `None` where nothing in it was decided, or another record
/// has taken its place.
pub(super) fn gone(record: &Record, kind: &Kind, kinds: &Kinds) -> Option<Finding> {
    let lifecycle = &kind.lifecycle;
    let state = record.state.as_deref()?;
    if lifecycle.superseded.as_deref() == Some(state) || !lifecycle.is_frozen(state) {
        return None;
    }
    let name = record.name(kinds);
    let finding = Finding::whole(format!("{name} was {state}, and is not there any more"));
    Some(match &lifecycle.superseded {
        Some(state) => finding.help(format!(
            "what no longer holds stays, as `{}: {state}`: pmkit new {} \"…\" supersedes={name}",
            lifecycle.field, kind.id
        )),
        None => finding,
    })
}

/// A text the record had, and what its front matter said.
struct Version {
    document: Document,
    record: Record,
}

impl Version {
    fn read(text: &str, subject: &Subject<'_>) -> Self {
        let document = Document::read(text.to_owned());
        let Record { kind, named: number, ref path, .. } = *subject.record;
        let record =
            Record::read(path, Claim { kind, number }, &document, subject.config, Depth::FrontMatter);
        Self { document, record }
    }

    fn said(&self, field: usize) -> Said {
        Said::of(self.record.fields.iter().find(|value| value.field == field), &self.document)
    }
}

/// A line of `corrections`: what stood there, and what stands there now.
struct Correction {
    /// The field it says it is about.
    field: Option<usize>,
    old: String,
    new: String,
}

impl Correction {
    fn all(subject: &Subject<'_>) -> Vec<Self> {
        let lines = subject.record.field(subject.kind, "corrections").into_iter();
        lines
            .flat_map(|written| written.value.texts())
            .filter_map(|line| Self::read(line, subject.kind))
            .collect()
    }

    fn read(line: &str, kind: &Kind) -> Option<Self> {
        let (old, new) = ["→", "->", "=>"].iter().find_map(|arrow| line.split_once(arrow))?;
        let named = old.split_once(':').and_then(|(key, old)| Some((kind.field_of_key(key.trim())?, old)));
        let (field, old) = named.map_or((None, old), |(field, old)| (Some(field), old));
        let bare = |side: &str| -> String {
            let side = side.trim().trim_matches(['"', '“', '”', '\'', '`']).trim();
            if side == BLANK { String::new() } else { side.to_owned() }
        };
        Some(Self { field, old: bare(old), new: bare(new) })
    }
}

/// How a line of `corrections` says that nothing stood there.
const BLANK: &str = "(blank)";

/// A decided record that is not what it was to the byte.
struct Change<'a> {
    subject: &'a Subject<'a>,
    decided: &'a Decided,
    /// What was committed last, where that is not what there is now.
    committed: Option<Version>,
    state: &'a str,
    corrections: Vec<Correction>,
}

impl Change<'_> {
    /// Tells the fields that are part of what was decided and say something else now.
    fn fields(&self, before: &Version, sink: &mut Sink<'_>) {
        let Subject { record, kind, document, config, today } = *self.subject;
        // What a malformed front matter says may be half of it.
        let old = &before.document;
        if !old.slips.is_empty() || !document.slips.is_empty() || old.entries().is_empty() {
            return;
        }
        for (index, field) in kind.fields.iter().enumerate().filter(|(_, field)| field.frozen) {
            let was = before.said(index);
            let written = record.fields.iter().find(|value| value.field == index);
            let is = Said::of(written, document);
            if self.means(&was) == self.means(&is)
                || self.means(&self.corrected(index, &was)) == self.means(&is)
            {
                continue;
            }
            // What was blank and had to be filled in is no other decision.
            let values = |name: &str| before.record.in_conditions(kind, name);
            if was.0.is_empty() && field.required.holds(before.record.state.as_deref(), values) {
                continue;
            }
            let is_committed = |last: &Version| self.means(&last.said(index)) == self.means(&is);
            let commit = self.decided.fields_in.get(&index);
            let commit = commit.filter(|_| self.committed.as_ref().is_none_or(is_committed));
            let (was, is) = (was.text(), is.text());
            let (name, key) = (self.subject.name(), &field.key);
            let what = match (was.is_empty(), is.is_empty()) {
                (false, false) => format!("“{was}” became “{is}”"),
                (false, true) => format!("“{was}” went"),
                _ => format!("“{is}” came"),
            };
            let said = said_of(commit, config, today);
            let back = if was.is_empty() {
                "take it out".to_owned()
            } else {
                format!("put it back: `{key}: {was}`")
            };
            let or_blank =
                |text: &str| if text.is_empty() { BLANK.to_owned() } else { text.replace('"', "'") };
            let message = format!("{name} was changed after it was {}: {key}: {what}", self.state);
            let span = written.map_or(Span::at(0), |written| written.span);
            sink.push(
                Finding::at(span, message)
                    .label(said)
                    .help(back)
                    .help(format!(
                        "a slip is settled by saying so: `corrections: [\"{key}: {} → {}\"]`",
                        or_blank(&was),
                        or_blank(&is)
                    ))
                    .help(self.decide_anew()),
            );
        }
    }

    /// Returns what the field at `index` said, with the corrections that the record names made in it.
    fn corrected(&self, index: usize, was: &Said) -> Said {
        let mut said = was.text();
        let about = |line: &&Correction| line.field.is_none_or(|field| field == index);
        for line in self.corrections.iter().filter(about) {
            let place =
                if said == line.old { Some(0..said.len()) } else { find_words(&said, &line.old).next() };
            if let Some(place) = place {
                said.replace_range(place, &line.new);
            }
        }
        let parts = if was.1 { said.split(',').collect() } else { vec![said.as_str()] };
        let parts = parts.into_iter().map(|part| part.trim().to_owned());
        Said(parts.filter(|part| !part.is_empty()).collect(), was.1)
    }

    /// Returns what values mean, however they are written and in whichever order.
    fn means(&self, said: &Said) -> Vec<String> {
        let config = self.subject.config;
        let one = |text: &String| {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            config
                .people
                .handle_of(&text)
                .map_or_else(|| self.named(&canonical(&text, &config.kinds)), str::to_owned)
        };
        let mut all: Vec<String> = said.0.iter().map(one).collect();
        all.sort_unstable();
        all
    }

    /// Returns `text` with the ids that records have now: what has been given another number is still the same record.
    fn named(&self, text: &str) -> String {
        self.decided.renumbered.told(text, &self.subject.config.kinds)
    }

    /// Returns the text of `document`, which says `record`, without a heading that only says its title again.
    fn body(&self, document: &Document, record: &Record) -> String {
        let Subject { kind, config, .. } = *self.subject;
        let mut body = document.text.get(document.body..).unwrap_or_default().to_owned();
        if let (Some((section, heading)), Some(title)) =
            (title_heading(document, kind), record.text(kind, "title"))
            && says_title(heading, title, record.id(), &config.kinds)
            && let Some(start) = section.heading.start().checked_sub(document.body)
        {
            body.replace_range(start..section.heading.end() - document.body, "");
        }
        body
    }

    /// Tells the first of the words that are others now.
    fn text(&self, before: &Version, sink: &mut Sink<'_>) {
        let Subject { kind, document, config, today, .. } = *self.subject;
        let new = self.named(&self.body(document, self.subject.record));
        let apart = |old: &str| rewording(kind, &config.kinds, &self.named(old), &new);
        let mut old = self.body(&before.document, &before.record);
        let Some(mut found) = apart(&old) else { return };
        for line in self.corrections.iter().filter(|line| !line.old.is_empty()) {
            // Words that stand several times are corrected where they are others now.
            let places: Vec<Range<usize>> = find_words(&old, &line.old).take(MOST_PLACES).collect();
            for place in places {
                let mut tried = old.clone();
                tried.replace_range(place, &line.new);
                match apart(&tried) {
                    None => return,
                    Some(less) if less.words < found.words => {
                        (old, found) = (tried, less);
                        break;
                    }
                    Some(_) => {}
                }
            }
        }
        let (name, state) = (self.subject.name(), self.state);
        let what = match (found.old.is_empty(), found.new.is_empty()) {
            (false, false) => format!("“{}” became “{}”", found.old, found.new),
            (false, true) => format!("“{}” went", found.old),
            _ => format!("“{}” came", found.new),
        };
        let place = if found.section.is_empty() { String::new() } else { format!("{}: ", found.section) };
        let more = match found.places {
            0 | 1 => String::new(),
            2 => ", and one place more".to_owned(),
            places => format!(", and {} places more", places - 1),
        };
        let message = format!("{name} was changed after it was {state}: {place}{what}{more}");
        let is_committed = |last: &Version| apart(&self.body(&last.document, &last.record)).is_none();
        let commit = self.decided.changed_in.as_ref();
        let commit = commit.filter(|_| self.committed.as_ref().is_none_or(is_committed));
        let said = said_of(commit, config, today);
        let said = if found.places > 1 { format!("the last of it {said}") } else { said };
        let mut finding = Finding::at(where_it_is(document, &found.section), message).label(said);
        finding = match (found.old.is_empty(), found.places) {
            (false, 1) => finding.help(format!("put it back: `{}`", found.old)),
            _ => finding.help(format!("put it back; see all of it: pmkit show {name} --at {state} --diff")),
        };
        if found.places == 1 && !found.old.is_empty() && !found.new.is_empty() {
            finding = finding.help(format!(
                "a slip is settled by saying so: `corrections: [\"{} → {}\"]`",
                found.old.replace('"', "'"),
                found.new.replace('"', "'")
            ));
        }
        sink.push(finding.help(self.decide_anew()));
    }

    fn decide_anew(&self) -> String {
        let Subject { kind, config, .. } = *self.subject;
        let name = self.subject.name();
        let born = |kind: &Kind| self.subject.record.command_for(kind, &config.kinds);
        let anew = match &kind.lifecycle.superseded {
            Some(_) if born(kind).is_some() => born(kind).unwrap_or_default(),
            Some(_) => format!("pmkit new {} \"…\" supersedes={name}", kind.id),
            None => format!("pmkit new {} \"…\"", kind.id),
        };
        match asks_to_change(self.subject.record.kind, &config.kinds) {
            Some((change, field)) => {
                let asked = born(change);
                let asked =
                    asked.unwrap_or_else(|| format!("pmkit new {} \"…\" {}={name}", change.id, field.key));
                format!("what is more than a slip is asked for: {asked}; or decided anew: {anew}")
            }
            None => format!("what is more than a slip is decided anew: {anew}"),
        }
    }
}

/// In how many places words that are corrected are looked for.
const MOST_PLACES: usize = 20;

/// What a field says, value by value, and whether it may say several.
struct Said(Vec<String>, bool);

impl Said {
    fn of(value: Option<&FieldValue>, document: &Document) -> Self {
        let Some(written) = value else { return Self(Vec::new(), false) };
        match &written.value {
            Value::Blank => Self(Vec::new(), false),
            Value::Text(text) => Self(vec![text.to_string()], false),
            Value::Texts(texts) => Self(texts.iter().map(ToString::to_string).collect(), true),
            Value::Date(date) => Self(vec![date.to_string()], false),
            _ => Self(vec![document.at(written.span).trim().to_owned()], false),
        }
    }

    fn text(&self) -> String {
        self.0.join(", ")
    }
}

/// Returns where `words` stand in `text`, lines broken wherever they may be.
fn find_words<'t>(text: &'t str, words: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    let first = words.split_whitespace().next();
    let starts = first.into_iter().flat_map(move |first| text.match_indices(first));
    starts.filter_map(move |(start, _)| {
        let mut end = start;
        for (at, word) in words.split_whitespace().enumerate() {
            let rest = &text[end..];
            let space = rest.len() - rest.trim_start().len();
            if (at > 0) != (space > 0) || !rest[space..].starts_with(word) {
                return None;
            }
            end += space + word.len();
        }
        Some(start..end)
    })
}

/// Returns the heading of `section`; the beginning of the text where there is none.
fn where_it_is(document: &Document, section: &str) -> Span {
    let sections = document.outline().sections.iter().skip(1);
    let heading =
        sections.filter(|known| known.title.of(&document.text) == section).map(|known| known.heading).next();
    heading.unwrap_or(Span::at(document.body))
}
