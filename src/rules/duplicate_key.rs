//! A key written twice, of which readers keep one or the other.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::Entry;
use crate::document::Read;
use crate::document::next_line;
use crate::record::FieldValue;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "duplicate-key",
    level: Level::Deny,
    page: include_str!("../../docs/rules/duplicate-key.md"),
    fixes: true,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let document = subject.document;
    if !may_repeat(subject) {
        return;
    }
    let text = |entry: &Entry| document.at(entry.value.span()).trim().to_owned();
    for (index, entry) in document.entries().iter().enumerate() {
        let key = entry.key.text.of(&document.text);
        let field = subject.kind.field_of_key(key);
        let same = |other: &&Entry| {
            let other = other.key.text.of(&document.text);
            other.eq_ignore_ascii_case(key) || (field.is_some() && subject.kind.field_of_key(other) == field)
        };
        let Some(first) = document.entries()[..index].iter().find(same) else { continue };
        let first_key = first.key.text.of(&document.text);
        let message = if first_key == key {
            format!("`{key}` is written twice")
        } else {
            format!("`{key}` and `{first_key}` say the same thing twice")
        };
        let finding = Finding::at(entry.key.text.span, message).related(
            &subject.record.path,
            Some(first.key.text.span),
            "first written here",
        );
        // Read line by line, nobody knows yet what else belongs to a key.
        let yaml = document.front_matter.as_ref().is_some_and(|found| found.read == Read::Yaml);
        let alone = yaml && begins_line(entry, &document.text) && begins_line(first, &document.text);
        let whole = lines_of(entry, &document.text);
        let shown = |entry: &Entry| {
            let value: String = text(entry).lines().next().unwrap_or_default().chars().take(60).collect();
            format!("{}: {value}", entry.key.text.of(&document.text)).trim_end().to_owned()
        };
        let choice = || format!("keep `{}` or `{}`, and delete the other", shown(first), shown(entry));
        sink.push(if !alone {
            finding.help(choice())
        } else if text(first) == text(entry) || entry.value.is_blank(&document.text) {
            finding
                .help("delete this line: it adds nothing")
                .fix("delete the second", vec![(whole, String::new())])
        } else if first.value.is_blank(&document.text) {
            let whole = lines_of(first, &document.text);
            finding.help("delete the empty one").fix("delete the empty one", vec![(whole, String::new())])
        } else {
            finding.help(format!("{}: tools disagree which of the two counts", choice()))
        });
    }
}

/// Says whether any key can be there twice: a look at numbers, which spares nearly every record the comparing of keys.
fn may_repeat(subject: &Subject<'_>) -> bool {
    let mut seen = vec![false; subject.kind.fields.len()];
    let mut again = |value: &FieldValue| std::mem::replace(&mut seen[value.field], true);
    let unknown = subject.document.entries().len() - subject.record.fields.len();
    subject.record.fields.iter().any(&mut again) || unknown > 1
}

/// Says whether `entry` stands on lines of its own, as against inside braces.
fn begins_line(entry: &Entry, text: &str) -> bool {
    let before = &text[..entry.key.text.span.start()];
    before.trim_end_matches([' ', '\t']).ends_with(['\n', '\r'])
}

/// Returns the lines `entry` takes up, the last line's end included.
fn lines_of(entry: &Entry, text: &str) -> Span {
    let start = text[..entry.key.text.span.start()].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let end = entry.value.span().end().max(entry.key.text.span.end());
    // A value in lines of its own (behind `|`) has its last line's end in it already.
    let ended = text[..end].ends_with(['\n', '\r']) && end > entry.key.text.span.end();
    Span::new(start, if ended { end } else { next_line(text, end) })
}
