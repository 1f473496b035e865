//! Changing a field of the front matter in place: the bytes of its value and no others.
//!
//! Quotes stay the quotes they were, comments, line ends and everything else stay as they are. What cannot be changed
//! without guessing is refused, with the reason. Every new text is read back before anybody gets it.

use crate::document::Document;
use crate::document::Entry;
use crate::document::Node;
use crate::document::Read;
use crate::document::Scalar;
use crate::document::Style;
use crate::document::in_quotes;
use crate::document::line_ending;
use crate::document::next_line;
use crate::document::yaml_list;
use crate::document::yaml_value;
use crate::error::Error;
use crate::error::Result;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::text::Span;

mod line;
mod list;

use list::block_list;
use list::flow_list;

/// Returns the value `texts` of `field` as YAML writes it on one line: one text, or several for a list, or none for a blank.
#[must_use]
pub fn yaml_of(field: &Field, texts: &[String]) -> String {
    if field.value.is_many() {
        return match texts {
            [] => "[]".to_owned(),
            texts => yaml_list(texts.iter().map(String::as_str)),
        };
    }
    texts.first().map_or_else(String::new, |text| yaml_value(text, is_typed(field)))
}

fn is_typed(field: &Field) -> bool {
    let value = field.value;
    matches!(value, FieldType::Date | FieldType::Integer | FieldType::Number)
        || matches!(value, FieldType::Boolean | FieldType::Duration | FieldType::Period)
}

/// Returns `text`, a record of `kind`, with the value `texts` in the field at the index `field`: one text, or several for a
/// list; none leaves the field blank. A field that is not there yet gets a line where the kind's order puts it.
///
/// # Errors
/// Where the front matter cannot be changed without guessing: it is missing, malformed or not written line by line, the
/// field stands there twice, or what would go is more than its value.
pub fn set_field(text: &str, kind: &Kind, field: usize, texts: &[String]) -> Result<String> {
    let spec = &kind.fields[field];
    let refused = |why: &str| {
        Error::new(format!("`{}` cannot be changed in place: {why}", spec.key)).help("change it by hand")
    };
    let document = Document::read(text.to_owned());
    let front_matter = document.front_matter.as_ref().ok_or_else(|| refused("there is no front matter"))?;
    let malformed = || refused("the front matter is malformed").help("see what is wrong: pmkit lint");
    if !front_matter.proper {
        return Err(malformed());
    }
    if front_matter.read == Read::Line && !line::is_certain(&document, kind, field, texts) {
        return Err(malformed());
    }
    if document.at(front_matter.map.span).trim_start().starts_with('{') {
        return Err(refused("the front matter is written in braces"));
    }
    let is_it = |entry: &Entry| kind.field_of_key(entry.key.text.of(text)) == Some(field);
    let found: Vec<&Entry> = document.entries().iter().filter(|entry| is_it(entry)).collect();
    let edit = match found[..] {
        [] if texts.is_empty() => return Ok(text.to_owned()),
        [] => insert(&document, kind, field, texts).map_err(refused)?,
        [entry] => replace(text, entry, spec, texts).map_err(refused)?,
        _ => return Err(refused("it stands there more than once")),
    };
    let mut after = String::with_capacity(text.len() + edit.1.len());
    after.push_str(&text[..edit.0.start()]);
    after.push_str(&edit.1);
    after.push_str(&text[edit.0.end()..]);
    if says(&document, &Document::read(after.clone()), kind, field, texts) {
        Ok(after)
    } else {
        Err(refused("what is written there cannot be told from its neighbours"))
    }
}

/// Bytes and what takes their place.
type Edit = (Span, String);

/// Plans a new value for an entry that is there.
fn replace(source: &str, entry: &Entry, field: &Field, texts: &[String]) -> Result<Edit, &'static str> {
    let span = entry.value.span();
    if texts.is_empty() && !matches!(&entry.value, Node::List(_)) {
        return blank(source, entry);
    }
    match &entry.value {
        Node::Scalar(scalar) if scalar.style == Style::Empty => {
            let colon = colon(source, entry)?;
            Ok((Span::at(colon), format!(" {}", yaml_of(field, texts))))
        }
        Node::Scalar(scalar) if scalar.style == Style::Quoted && !field.value.is_many() => {
            Ok((span, quoted(span.of(source), &texts[0])))
        }
        Node::Scalar(Scalar { style: Style::Plain | Style::Quoted, .. }) => Ok((span, yaml_of(field, texts))),
        Node::Scalar(_) => {
            // A block begins with its mark and ends with the line before the next entry.
            let colon = colon(source, entry)?;
            let end = span.start() + span.of(source).trim_end().len();
            if source[colon..span.start().max(colon)].contains('#') {
                return Err("a comment stands beside the block");
            }
            Ok((Span::new(colon, end.max(colon)), format!(" {}", yaml_of(field, texts))))
        }
        Node::List(list) if span.of(source).starts_with('[') => flow_list(source, list, field, texts),
        Node::List(list) => block_list(source, colon(source, entry)?, list, field, texts),
        Node::Map(_) => Err("its value is a table"),
    }
}

/// Plans an entry that says nothing.
fn blank(source: &str, entry: &Entry) -> Result<Edit, &'static str> {
    let colon = colon(source, entry)?;
    let span = entry.value.span();
    match &entry.value {
        Node::Map(_) => Err("its value is a table"),
        Node::Scalar(scalar) if scalar.style == Style::Empty => Ok((Span::at(colon), String::new())),
        _ => {
            let end = span.start() + span.of(source).trim_end().len();
            if source[colon..span.start().max(colon)].contains('#') {
                return Err("a comment stands beside the block");
            }
            Ok((Span::new(colon, end.max(colon)), String::new()))
        }
    }
}

/// Returns the byte behind the colon of an entry.
fn colon(source: &str, entry: &Entry) -> Result<usize, &'static str> {
    let end = entry.key.text.span.end();
    let rest = &source[end..];
    let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    match rest[spaces..].starts_with(':') {
        true => Ok(end + spaces + 1),
        false => Err("no colon stands behind its key"),
    }
}

/// Returns `text` in the quotes that `written` has.
fn quoted(written: &str, text: &str) -> String {
    let shown = |c: char| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    if written.starts_with('\'') && text.chars().all(shown) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        in_quotes(text)
    }
}

/// Plans a line for a field that is not there yet.
fn insert(document: &Document, kind: &Kind, field: usize, texts: &[String]) -> Result<Edit, &'static str> {
    let source = &document.text;
    let block = document.front_matter.as_ref().ok_or("there is no front matter")?.block;
    let newline = line_ending(source);
    let line = format!("{}: {}", kind.fields[field].key, yaml_of(&kind.fields[field], texts));
    let entries = document.entries();
    let Some(first) = entries.first() else {
        return Ok((Span::at(block.end()), format!("{line}{newline}")));
    };
    let of = |entry: &&Entry| kind.field_of_key(entry.key.text.of(source));
    let before = entries.iter().filter(|entry| of(entry).is_some_and(|at| at < field));
    let after = entries.iter().find(|entry| of(entry).is_some_and(|at| at > field));
    let line_start = |entry: &Entry| {
        let at = entry.key.text.span.start();
        source[..at].rfind(['\n', '\r']).map_or(0, |line| line + 1)
    };
    let indent = &source[line_start(first)..first.key.text.span.start()];
    if !indent.chars().all(|c| c == ' ') {
        return Err("its first key does not begin a line");
    }
    let at = match (before.max_by_key(|entry| of(entry)), after) {
        (Some(entry), _) => next_line(source, end_of(source, entry)),
        (None, Some(entry)) => line_start(entry),
        (None, None) => block.end(),
    };
    if at > block.end() {
        return Err("its place lies behind the front matter");
    }
    Ok((Span::at(at), format!("{indent}{line}{newline}")))
}

/// Returns the last byte of an entry that says something.
fn end_of(source: &str, entry: &Entry) -> usize {
    let (key, value) = (entry.key.text.span, entry.value.span());
    let said = value.start() + value.of(source).trim_end().len();
    match said > value.start() {
        true => said.saturating_sub(1).max(key.end()),
        false => key.end(),
    }
}

/// Says whether `after` is `before` with the value `texts` in the field at the index `field`, and nothing else.
fn says(before: &Document, after: &Document, kind: &Kind, field: usize, texts: &[String]) -> bool {
    let Some(front_matter) = &after.front_matter else { return false };
    let read = before.front_matter.as_ref().map(|front_matter| front_matter.read);
    if read != Some(front_matter.read) || before.text[before.body..] != after.text[after.body..] {
        return false;
    }
    let others = |document: &Document| -> Vec<(String, String)> {
        let entries = document.entries().iter();
        let other =
            entries.filter(|entry| kind.field_of_key(entry.key.text.of(&document.text)) != Some(field));
        other
            .map(|entry| {
                (entry.key.text.of(&document.text).to_owned(), spelled(&entry.value, &document.text))
            })
            .collect()
    };
    let is_it = |entry: &&Entry| kind.field_of_key(entry.key.text.of(&after.text)) == Some(field);
    let own: Vec<&Entry> = after.entries().iter().filter(is_it).collect();
    let [entry] = own[..] else { return false };
    let read: Vec<&str> = match &entry.value {
        node if texts.is_empty() => return node.is_blank(&after.text) && others(before) == others(after),
        Node::Scalar(scalar) => vec![scalar.text.of(&after.text)],
        Node::List(list) => {
            let texts = list.items.iter().map(|item| match item {
                Node::Scalar(scalar) => Some(scalar.text.of(&after.text)),
                _ => None,
            });
            match texts.collect::<Option<Vec<&str>>>() {
                Some(texts) => texts,
                None => return false,
            }
        }
        Node::Map(_) => return false,
    };
    let listed = matches!(&entry.value, Node::List(_)) == kind.fields[field].value.is_many();
    listed && read.iter().copied().eq(texts.iter().map(String::as_str)) && others(before) == others(after)
}

/// Returns all that a value says, so that two can be compared wherever they stand.
fn spelled(node: &Node, source: &str) -> String {
    match node {
        Node::Scalar(scalar) => format!("{:?}{:?}", scalar.style, scalar.text.of(source)),
        Node::List(list) => {
            let items: Vec<String> = list.items.iter().map(|item| spelled(item, source)).collect();
            format!("{items:?}")
        }
        Node::Map(map) => {
            let entries = map.entries.iter();
            let entries: Vec<String> = entries
                .map(|entry| format!("{}:{}", entry.key.text.of(source), spelled(&entry.value, source)))
                .collect();
            format!("{{{entries:?}}}")
        }
    }
}
