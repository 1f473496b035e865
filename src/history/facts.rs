//! What one version of a document says of itself: the values the record is made of, and nothing else. Most of a document
//! is never looked at.

use std::borrow::Cow;

use serde::Deserialize;
use serde::Serialize;

use super::Shared;
use crate::document::Entry;
use crate::document::Node;
use crate::document::Style;
use crate::document::read_top;
use crate::document::read_yaml;
use crate::kind::Kind;
use crate::text::Span;

/// How a version's front matter was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum HowRead {
    /// As YAML.
    Yaml,
    /// Line by line, because it is not YAML.
    Line,
}

/// What one version of a document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// How it was read.
    pub read: HowRead,
    /// The watched fields that have a value, by their index in the kind, with the value's text.
    pub values: Vec<(usize, Shared)>,
}

impl Facts {
    /// Returns the text of the field at `index`; `None` where it is absent or empty.
    #[must_use]
    pub fn value(&self, index: usize) -> Option<&Shared> {
        self.values.iter().find(|(field, _)| *field == index).map(|(_, text)| text)
    }
}

/// Returns the bytes between the `---` lines of a document; `None` where it has no front matter that other tools would
/// read: the first line opens it, a later one closes it, white space may follow the dashes.
#[must_use]
pub fn front_matter(bytes: &[u8]) -> Option<&[u8]> {
    split(bytes).0
}

/// Returns the bytes below the front matter; all of them where there is none.
#[must_use]
pub fn body(bytes: &[u8]) -> &[u8] {
    split(bytes).1
}

fn split(bytes: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = Lines { rest: text };
    let Some((_, after)) = lines.next().filter(|(first, _)| is_fence(first)) else { return (None, text) };
    let mut end = after;
    for (line, next) in lines {
        if is_fence(line) {
            let from = text.len() - after.len();
            let to = text.len() - end.len();
            return (Some(&text[from..to]), next);
        }
        end = next;
    }
    (None, text)
}

/// Lines that end in LF, CR or CRLF, each with what comes after it.
struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Lines<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr::memchr2(b'\n', b'\r', self.rest).unwrap_or(self.rest.len());
        let line = &self.rest[..end];
        let width = if self.rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        self.rest = self.rest.get(end + width..).unwrap_or_default();
        Some((line, self.rest))
    }
}

fn is_fence(line: &[u8]) -> bool {
    line.trim_ascii_end() == b"---"
}

/// Says whether `bytes` are no text in any sense that git's history of a document could use: UTF-16, or zero bytes.
#[must_use]
pub fn is_undecodable(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || memchr::memchr(0, &bytes[..bytes.len().min(8_000)]).is_some()
}

/// Says whether the state that `facts` tell was not written in UTF-8. Elsewhere in a document a byte that is none hides
/// nothing of the record.
#[must_use]
pub fn is_garbled(facts: &Facts, state: usize) -> bool {
    facts.value(state).is_some_and(|state| state.contains(char::REPLACEMENT_CHARACTER))
}

/// Reads the `watched` fields of `kind` from the bytes between the `---` lines; nothing but `None`s without them.
#[must_use]
pub fn read_facts(kind: &Kind, watched: &[usize], block: Option<&[u8]>) -> Facts {
    let Some(block) = block else { return Facts { read: HowRead::Yaml, values: Vec::new() } };
    let text = String::from_utf8_lossy(block);
    match read_yaml(&text, Span::new(0, text.len())) {
        Ok(Node::Map(map)) => {
            let entry = |entry: &'_ Entry| {
                (entry.key.text.of(&text).to_owned(), entry.value.said(&text).map(Cow::into_owned))
            };
            let entries: Vec<_> = map.entries.iter().map(entry).collect();
            Facts { read: HowRead::Yaml, values: of_entries(kind, watched, &entries) }
        }
        // Nothing at all between the lines, or a comment.
        Ok(Node::Scalar(scalar)) if scalar.style == Style::Empty => {
            Facts { read: HowRead::Yaml, values: Vec::new() }
        }
        // What lint refuses for what it could do is YAML all the same.
        Err(error) if error.refused => match read_top(&text) {
            Some(entries) => Facts { read: HowRead::Yaml, values: of_entries(kind, watched, &entries) },
            None => Facts { read: HowRead::Line, values: by_line(kind, watched, &text) },
        },
        Ok(_) | Err(_) => Facts { read: HowRead::Line, values: by_line(kind, watched, &text) },
    }
}

/// Returns the `watched` fields that `entries` give a value.
fn of_entries(kind: &Kind, watched: &[usize], entries: &[(String, Option<String>)]) -> Vec<(usize, Shared)> {
    let mut values = Vec::with_capacity(watched.len());
    for field in watched {
        let of_field = |entry: &&(String, Option<String>)| kind.field_of_key(&entry.0) == Some(*field);
        // Of a key written twice the last one counts, as in every YAML library that does not refuse it.
        let Some((first, _)) = entries.iter().find(of_field) else { continue };
        let last = entries.iter().rfind(|(key, _)| key == first);
        values
            .extend(last.and_then(|(_, value)| value.as_deref()).map(|value| (*field, Shared::from(value))));
    }
    compute(kind, watched, &mut values);
    values.shrink_to_fit();
    values
}

/// Adds the watched fields that are products of others and stand nowhere.
fn compute(kind: &Kind, watched: &[usize], values: &mut Vec<(usize, Shared)>) {
    for at in watched {
        let product = &kind.fields[*at].product;
        if product.is_empty() || values.iter().any(|(field, _)| field == at) {
            continue;
        }
        let factor = |name: &String| {
            let index = kind.fields.iter().position(|field| field.name == *name)?;
            values.iter().find(|(field, _)| *field == index)?.1.parse::<i64>().ok()
        };
        let factors: Option<Vec<i64>> = product.iter().map(factor).collect();
        let computed = factors.and_then(|factors| factors.into_iter().try_fold(1_i64, i64::checked_mul));
        values.extend(computed.map(|value| (*at, Shared::from(&*value.to_string()))));
    }
}

/// Reads each field from the first line that begins with one of its keys.
fn by_line(kind: &Kind, watched: &[usize], text: &str) -> Vec<(usize, Shared)> {
    let mut values: Vec<(usize, Shared)> = Vec::new();
    let mut seen: Vec<usize> = Vec::new();
    for line in text.split(['\n', '\r']) {
        let Some((key, value)) = line.split_once(':') else { continue };
        let Some(field) = kind.field_of_key(key.trim()) else { continue };
        if !watched.contains(&field) || seen.contains(&field) {
            continue;
        }
        seen.push(field);
        let value = plain(value);
        if !value.is_empty() {
            values.push((field, value.into()));
        }
    }
    values
}

/// Returns a value without the comment behind it and the quotes around it.
fn plain(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        // A `#` inside quotes begins no comment.
        if let Some((inside, rest)) = value.strip_prefix(quote).and_then(|rest| rest.split_once(quote))
            && (rest.trim().is_empty() || rest.trim_start().starts_with('#'))
        {
            return inside.trim();
        }
    }
    let comment = if value.starts_with('#') { Some(0) } else { value.find(" #") };
    value[..comment.unwrap_or(value.len())].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_found_to_the_byte() {
        for (text, expected) in [
            ("---\nstatus: a\n---\nx", Some("status: a\n")),
            ("\u{feff}--- \r\nstatus: a\r\n---", Some("status: a\r\n")),
            ("---\rstatus: a\r---\r", Some("status: a\r")),
            ("---\n---\n", Some("")),
            ("\n---\na: b\n---\n", None),
            ("---\na: b\n", None),
            ("text\n", None),
            ("", None),
        ] {
            assert_eq!(front_matter(text.as_bytes()), expected.map(str::as_bytes), "{text:?}");
        }
    }

    #[test]
    fn values_of_lines_lose_quotes_and_comments() {
        for (value, expected) in [
            (" a # b", "a"),
            (" 'a' # b", "a"),
            (" \"a b\"", "a b"),
            (" \"b # d\" # c", "b # d"),
            (" 'a' b", "'a' b"),
            (" a#b", "a#b"),
            (" # none", ""),
            ("", ""),
        ] {
            assert_eq!(plain(value), expected, "{value:?}");
        }
    }
}
