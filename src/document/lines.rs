//! Front matter read line by line, for when it is not YAML: one slip must not hide every other field.

use super::yaml::Entry;
use super::yaml::List;
use super::yaml::MAX_YAML_NODES;
use super::yaml::Map;
use super::yaml::Node;
use super::yaml::Scalar;
use super::yaml::Style;
use crate::text::Excerpt;
use crate::text::Span;

/// A line of front matter taken apart. Spans count from the start of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// The white space it begins with.
    pub(super) indent: Span,
    /// The `-` of a list item.
    pub(super) dash: Option<Span>,
    /// What stands before the colon, when there is a colon that can end a key.
    pub(super) key: Option<Span>,
    /// What stands after the colon or dash, without the white space around it and without a trailing comment.
    pub(super) value: Span,
}

/// Takes the line at `span` of `source` apart.
pub(super) fn take_apart(source: &str, span: Span) -> Line {
    let text = span.of(source);
    let indent = text.len() - text.trim_start_matches([' ', '\t']).len();
    let mut at = indent;
    let rest = &text[at..];
    let dash =
        (rest == "-" || rest.starts_with("- ") || rest.starts_with("-\t")).then(|| Span::new(at, at + 1));
    if dash.is_some() {
        at += 1;
        at += text[at..].len() - text[at..].trim_start().len();
    }
    let key = key_length(&text[at..]).map(|length| Span::new(at, at + length));
    if let Some(key) = key {
        let colon = key.end() + text[key.end()..].find(':').unwrap_or(0);
        at = colon + 1;
    }
    let value = value_span(text, at);
    let shift = |part: Span| part.shifted(span.start());
    Line {
        indent: shift(Span::new(0, indent)),
        dash: dash.map(shift),
        key: key.map(shift),
        value: shift(value),
    }
}

/// Returns the length of the key `text` begins with: letters, digits, `_`, `-`, `.`, spaces inside, then a colon that
/// a space, the line's end, or something other than `/` follows (`https://` is no key).
fn key_length(text: &str) -> Option<usize> {
    let colon = text.find(':')?;
    let key = text[..colon].trim_end();
    let first = key.chars().next()?;
    let fits = (first.is_alphanumeric() || first == '_')
        && key.chars().count() <= 64
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '/' | '(' | ')' | '*'));
    (fits && !text[colon + 1..].starts_with("//")).then_some(key.len())
}

/// Returns the value that begins somewhere after `at`, without white space around it and without a trailing comment.
fn value_span(text: &str, at: usize) -> Span {
    let start = at + (text[at..].len() - text[at..].trim_start().len());
    let value = &text[start..];
    if value.starts_with('#') && start > at {
        return Span::at(at);
    }
    let quoted = quoted_length(value).unwrap_or(0);
    let comment = value[quoted..].find(" #").map_or(value.len(), |found| quoted + found);
    let end = start + value[..comment].trim_end().len();
    if end == start { Span::at(at) } else { Span::new(start, end) }
}

/// Returns how long the quoted text that `value` begins with is, quotes included; `None` where there is none or it
/// never closes.
pub(super) fn quoted_length(value: &str) -> Option<usize> {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut escaped = false;
    for (at, c) in value.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Splits `block` of `source` into lines without their ends.
pub(super) fn line_spans(source: &str, block: Span) -> Vec<Span> {
    let text = block.of(source);
    let mut spans = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for at in 0..bytes.len() {
        let ends = bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        if ends {
            spans.push((start, at + 1));
            start = at + 1;
        }
    }
    if start < text.len() {
        spans.push((start, text.len()));
    }
    let trimmed = |(start, end): (usize, usize)| {
        let body = text[start..end].trim_end_matches(['\n', '\r']);
        Span::new(block.start() + start, block.start() + start + body.len())
    };
    spans.into_iter().map(trimmed).collect()
}

/// Reads `block` of `source` line by line: keys at the outermost indentation with what follows them, and the list
/// items under a key that has nothing behind it. What fits neither is passed over.
pub(super) fn read_lines(source: &str, block: Span) -> Map {
    let mut map = Map { span: block, entries: Vec::new() };
    let mut outermost: Option<usize> = None;
    for span in line_spans(source, block) {
        let text = span.of(source).trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let line = take_apart(source, span);
        if line.dash.is_some() {
            if let Some(entry) = map.entries.last_mut() {
                add_item(entry, source, span, line);
            }
            continue;
        }
        let Some(key) = line.key else { continue };
        let outer = *outermost.get_or_insert(line.indent.len());
        if line.indent.len() <= outer && map.entries.len() < MAX_YAML_NODES {
            let key = Scalar { text: Excerpt::verbatim(key), style: Style::Plain };
            map.entries.push(Entry { key, value: Node::Scalar(scalar(source, line.value)) });
        }
    }
    map
}

fn add_item(entry: &mut Entry, source: &str, span: Span, line: Line) {
    let start = line.dash.map_or(line.value.start(), Span::end);
    let text = &source[start..span.end()];
    let value = value_span(text, 0).shifted(start);
    let item = Node::Scalar(scalar(source, value));
    match &mut entry.value {
        Node::List(list) => {
            list.span = Span::new(list.span.start(), value.end());
            list.items.push(item);
        }
        Node::Scalar(nothing) if nothing.style == Style::Empty => {
            let first = line.dash.map_or(value.start(), Span::start);
            entry.value = Node::List(List { span: Span::new(first, value.end()), items: vec![item] });
        }
        _ => {}
    }
}

fn scalar(source: &str, span: Span) -> Scalar {
    let text = span.of(source);
    if text.is_empty() {
        return Scalar { text: Excerpt::verbatim(span), style: Style::Empty };
    }
    match quoted_length(text) {
        Some(length) if length == text.len() => {
            Scalar { text: Excerpt::decoded(span, &text[1..length - 1], source), style: Style::Quoted }
        }
        _ => Scalar { text: Excerpt::verbatim(span), style: Style::Plain },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_line_leaves_the_others_readable() {
        let source =
            "title: Azure: a plan # why\nstatus:Proposed\nauthors:\n  - @sam\n - \"lee\"\nnonsense\ndue: \n";
        let map = read_lines(source, Span::new(0, source.len()));
        let shown: Vec<String> = map
            .entries
            .iter()
            .map(|entry| {
                let value = match &entry.value {
                    Node::Scalar(scalar) => scalar.text.of(source).to_owned(),
                    Node::List(list) => {
                        let item = |node: &Node| match node {
                            Node::Scalar(scalar) => scalar.text.of(source).to_owned(),
                            _ => String::new(),
                        };
                        list.items.iter().map(item).collect::<Vec<_>>().join("+")
                    }
                    Node::Map(_) => String::new(),
                };
                format!("{}={value}", entry.key.text.of(source))
            })
            .collect();
        assert_eq!(shown, ["title=Azure: a plan", "status=Proposed", "authors=@sam+lee", "due="]);
    }

    #[test]
    fn addresses_are_no_keys() {
        let source = "https://example.org: x";
        assert_eq!(take_apart(source, Span::new(0, source.len())).key, None);
    }
}
