//! Words of a decision that changed after it was made.

use super::Check;
use super::Decided;
use super::Rule;
use super::Subject;
use super::said_of;
use crate::compare::rewording;
use crate::diagnostic::Level;
use crate::document::Document;
use crate::record::RecordId;
use crate::record::canonical_as;
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
    let (record, kind, document) = (subject.record, subject.kind, subject.document);
    let Some(state) = record.state.as_deref() else { return };
    // What another record has replaced decides nothing any more.
    if kind.lifecycle.superseded.as_deref() == Some(state) {
        return;
    }
    let before = Document::read(decided.text.clone());
    let old = corrected(before.text.get(before.body..).unwrap_or_default(), subject);
    let new = document.text.get(document.body..).unwrap_or_default();
    // What has been given another number is still the same record.
    let now = |mut id: RecordId| {
        for _ in 0..decided.renumbered.len() {
            id = decided.renumbered.get(&id).copied().unwrap_or(id);
        }
        id
    };
    let named = |text: &str| -> String {
        match decided.renumbered.is_empty() {
            true => text.to_owned(),
            false => canonical_as(text, &subject.config.kinds, &now),
        }
    };
    let Some(found) = rewording(kind, &subject.config.kinds, &named(&old), &named(new)) else { return };
    let name = subject.name();
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
    let mut finding = Finding::at(where_it_is(document, &found.section), message).label(said_of(
        decided.changed_in.as_ref(),
        subject.config,
        subject.today,
    ));
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
    sink.push(finding.help(format!(
        "what is more than a slip is decided anew: pmkit new {} \"…\" supersedes={name}",
        kind.id
    )));
}

/// Returns `body` with the corrections that the record names made in it.
fn corrected(body: &str, subject: &Subject<'_>) -> String {
    let mut body = body.to_owned();
    let lines = subject.record.field(subject.kind, "corrections").into_iter();
    for line in lines.flat_map(|written| written.value.texts()) {
        let sides = ["→", "->", "=>"].iter().find_map(|arrow| line.split_once(arrow));
        let Some((old, new)) = sides else { continue };
        let bare = |side: &str| -> String {
            side.trim().trim_matches(['"', '“', '”', '\'', '`']).trim().to_owned()
        };
        let (old, new) = (bare(old), bare(new));
        // Words that stand twice are corrected where they stood first: the others were left as they were.
        if let Some((start, end)) = find_words(&body, &old) {
            body.replace_range(start..end, &new);
        }
    }
    body
}

/// Returns where `words` stand first in `body`, lines broken wherever they may be.
fn find_words(body: &str, words: &str) -> Option<(usize, usize)> {
    let first = words.split_whitespace().next()?;
    body.match_indices(first).find_map(|(start, _)| {
        let mut end = start;
        for (at, word) in words.split_whitespace().enumerate() {
            let rest = &body[end..];
            let space = rest.len() - rest.trim_start().len();
            if (at > 0) != (space > 0) || !rest[space..].starts_with(word) {
                return None;
            }
            end += space + word.len();
        }
        Some((start, end))
    })
}

/// Returns the heading of `section`; the beginning of the text where there is none.
fn where_it_is(document: &Document, section: &str) -> Span {
    let sections = document.outline().sections.iter().skip(1);
    let heading =
        sections.filter(|known| known.title.of(&document.text) == section).map(|known| known.heading).next();
    heading.unwrap_or(Span::at(document.body))
}
