//! What differs between two versions of one record: fields by their values, sections by their words.

use std::borrow::Cow;

use crate::document::Document;
use crate::document::Node;
use crate::document::Passage;
use crate::document::wording;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::record::Record;

/// One version of a record with its text.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its text.
    pub document: &'a Document,
    /// Its kind.
    pub kind: &'a Kind,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub part: Part,
    /// What is there before; `None` where it is not there.
    pub old: Option<String>,
    /// What is there after; `None` where it is not there.
    pub new: Option<String>,
}

/// A part of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The file's path.
    Path,
    /// The field that carries the state, by its name.
    Status(String),
    /// Another field, by its name; a key that is no field by the key.
    Field(String),
    /// A section, by its heading; empty for what stands before the first.
    Section(String),
}

/// Returns what differs from `old` to `new`, fields first, each in the order written.
#[must_use]
pub fn differences(old: Edition<'_>, new: Edition<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut add = |part, old: Option<String>, new: Option<String>| {
        if old != new {
            found.push(Difference { part, old, new });
        }
    };
    add(Part::Path, Some(old.record.path.clone()), Some(new.record.path.clone()));
    let (before, after) = (values(old), values(new));
    for (name, value) in in_order(&before, &after) {
        let part = if name == new.kind.lifecycle.field { Part::Status(name) } else { Part::Field(name) };
        add(part, value.0, value.1);
    }
    let text = |edition: Edition<'_>| {
        let body = edition.document.text.get(edition.document.body..).unwrap_or_default();
        named(wording(body))
    };
    for (title, words) in in_order(&text(old), &text(new)) {
        add(Part::Section(title), words.0, words.1);
    }
    found
}

/// Returns the values of a record as written, by the names of their fields. A blank value is none; those of a key written
/// twice are told together.
fn values(edition: Edition<'_>) -> Vec<(String, String)> {
    let Edition { document, kind, .. } = edition;
    let mut values: Vec<(String, String)> = Vec::new();
    for entry in document.entries() {
        let key = entry.key.text.of(&document.text);
        let field = kind.field_of_key(key).map(|field| &kind.fields[field]);
        let name = field.map_or(key, |field| &field.name);
        let Some(said) = entry.value.said(&document.text) else { continue };
        // Two items are not one item with a comma in it.
        let quoted = |item: Cow<'_, str>| {
            if item.contains(',') { format!("\"{item}\"") } else { item.into_owned() }
        };
        let said = match &entry.value {
            Node::List(list) => {
                let items = list.items.iter().filter_map(|item| item.said(&document.text));
                items.map(quoted).collect::<Vec<_>>().join(", ")
            }
            _ if field.is_some_and(|field| field.value == FieldType::List) => quoted(said),
            _ => said.into_owned(),
        };
        match values.iter_mut().find(|(known, _)| known == name) {
            Some((_, before)) => {
                before.push_str("; ");
                before.push_str(&said);
            }
            None => values.push((name.to_owned(), said)),
        }
    }
    values
}

/// Returns the words of each section by its heading; a heading used again gets its count behind it.
fn named(passages: Vec<Passage>) -> Vec<(String, String)> {
    let mut named: Vec<(String, String)> = Vec::new();
    for passage in passages {
        if passage.level == 0 && passage.words.is_empty() {
            continue;
        }
        let again = named.iter().filter(|(title, _)| *title == passage.title).count();
        let title = if again == 0 { passage.title } else { format!("{} ({})", passage.title, again + 1) };
        named.push((title, passage.words));
    }
    named
}

type Both = (Option<String>, Option<String>);

/// Returns every name with its value before and after: in the order of `after`, what is only in `before` at the end.
fn in_order(before: &[(String, String)], after: &[(String, String)]) -> Vec<(String, Both)> {
    let find = |list: &[(String, String)], name: &str| {
        list.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let mut all: Vec<(String, Both)> = Vec::new();
    for (name, value) in after {
        if !all.iter().any(|(known, _)| known == name) {
            all.push((name.clone(), (find(before, name), Some(value.clone()))));
        }
    }
    for (name, value) in before {
        if !all.iter().any(|(known, _)| known == name) {
            all.push((name.clone(), (Some(value.clone()), None)));
        }
    }
    all
}
