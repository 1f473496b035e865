//! Front matter that is no YAML: a field in it may change where its own line is plain beyond doubt.

use crate::document::Document;
use crate::document::Entry;
use crate::document::Node;
use crate::document::Style;
use crate::document::next_line;
use crate::document::read_yaml;
use crate::kind::Kind;
use crate::text::Span;

/// Says whether the field at the index `field` can get the value `texts` in front matter that was read line by line: it stands
/// there once, alone on a line that is YAML by itself, at the margin, and nothing that is wrong touches that line.
pub(super) fn is_certain(document: &Document, kind: &Kind, field: usize, texts: &[String]) -> bool {
    let source = &document.text;
    let is_it = |entry: &&Entry| kind.field_of_key(entry.key.text.of(source)) == Some(field);
    let found: Vec<&Entry> = document.entries().iter().filter(is_it).collect();
    let [entry] = found[..] else { return false };
    if kind.fields[field].value.is_many() || texts.len() > 1 || !document.conflicts.is_empty() {
        return false;
    }
    let start = entry.key.text.span.start();
    let next = next_line(source, start);
    let line = Span::new(start, next);
    let at_margin = start == 0 || source[..start].ends_with(['\n', '\r']);
    // A line that is indented, or an item of a list, may go on with this one.
    let ends = !source[next..].starts_with([' ', '\t', '-']) || source[next..].starts_with("---");
    let apart = |span: Span| span.end() < line.start() || span.start() >= line.end();
    let untouched = document.slips.iter().all(|slip| apart(slip.span));
    at_margin && ends && untouched && is_plain(source, line, entry)
}

/// Says whether `line` read alone is the key of `entry` with its value, neither in quotes nor in brackets.
fn is_plain(source: &str, line: Span, entry: &Entry) -> bool {
    let Ok(Node::Map(map)) = read_yaml(source, line) else { return false };
    let ([alone], Node::Scalar(value)) = (&map.entries[..], &entry.value) else { return false };
    let Node::Scalar(read) = &alone.value else { return false };
    let plain = matches!(read.style, Style::Plain | Style::Empty);
    plain && read.text.of(source) == value.text.of(source) && read.text.span == value.text.span
}
