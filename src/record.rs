//! A document read as its kind: identity, typed fields, references. No text: a hundred thousand records fit in memory.
//!
//! Reading never fails. Values that are not what their field asks for are listed as [`Misfit`]s, which a rule turns into
//! findings.

use std::borrow::Cow;

use crate::config::Config;
use crate::document::Document;
use crate::document::Entry;
use crate::document::Link;
use crate::document::Node;
use crate::kind::Birth;
use crate::kind::Claim;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::kind::Kinds;
use crate::kind::Suggestion;
use crate::text::Span;

mod deadline;
mod id;
mod link;
mod mention;
mod person;
mod reference;
mod title;
mod value;
mod waiting;

pub use deadline::Deadline;
pub use deadline::Stale;
pub use id::RecordId;
pub use id::read_id;
pub use link::FileLink;
pub use mention::Mention;
pub use mention::canonical;
pub use mention::canonical_as;
pub use mention::mentions;
pub use person::why_not_one_person;
pub use reference::Form;
pub use reference::Origin;
pub use reference::Reference;
pub use reference::Target;
pub use reference::asked_for;
pub use reference::asks_to_change;
pub use reference::may_name;
pub use reference::target;
pub use reference::wrong_kind;
pub use title::says_title;
pub use title::title_heading;
pub use value::Misfit;
pub use value::Repair;
pub use value::Value;
pub use value::fits_count;
pub use value::is_placeholder;
pub use value::read_text_value;
pub use value::texts;

/// A document read as its kind.
#[derive(Debug, Clone)]
pub struct Record {
    /// The file, relative to the root, with `/`.
    pub path: String,
    /// The index of its kind.
    pub kind: usize,
    /// The number its file name gives it.
    pub named: Option<u64>,
    /// The id its front matter gives it, when that can be read as one.
    pub written: Option<RecordId>,
    /// The state it is in, when that is one of its kind's (or its kind allows any).
    pub state: Option<String>,
    /// The fields found in the front matter, in the order written. A key written twice is here twice.
    pub fields: Vec<FieldValue>,
    /// For each section of its kind, the index of the outline's section that answers it. Empty where the Markdown has
    /// not been looked at.
    pub sections: Vec<Option<usize>>,
    /// The records it refers to, in fields and, once the text has been looked at, in prose.
    pub references: Vec<Reference>,
    /// The links of its text to files of the same repository.
    pub links: Vec<FileLink>,
    /// Values that are not what their field asks for.
    pub misfits: Vec<Misfit>,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldValue {
    /// The index of the field in its kind.
    pub field: usize,
    /// The key as written.
    pub key: Span,
    /// The value as written; empty, after the colon, where there is none.
    pub span: Span,
    /// What it was read as.
    pub value: Value,
}

/// How much of a document is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The front matter alone.
    FrontMatter,
    /// The Markdown too.
    Whole,
}

impl Record {
    /// Reads `document`, which lies at `path` and was claimed as `claim`.
    #[must_use]
    pub fn read(path: &str, claim: Claim, document: &Document, config: &Config, depth: Depth) -> Self {
        let kinds = &config.kinds;
        let kind = kinds.at(claim.kind);
        let mut record = Self {
            path: path.to_owned(),
            kind: claim.kind,
            named: claim.number,
            written: None,
            state: None,
            fields: Vec::with_capacity(document.entries().len()),
            sections: Vec::new(),
            references: Vec::new(),
            links: Vec::new(),
            misfits: Vec::new(),
        };
        for entry in document.entries() {
            if let Some(index) = kind.field_of_key(entry.key.text.of(&document.text)) {
                record.add(index, entry, document, kinds);
            }
        }
        if depth == Depth::Whole {
            record.sections = answered(kind, document);
            for span in &document.outline().prose {
                record.mention(*span, document, kinds);
            }
            for link in &document.outline().links {
                if let Some(file) = link::file_link(link, document) {
                    record.references.extend(link::page(&file, link.span));
                    record.links.push(file);
                }
            }
        }
        record
    }

    /// Returns the id: what the front matter says, else what the file name says.
    #[must_use]
    pub fn id(&self) -> Option<RecordId> {
        self.written.or_else(|| self.named.map(|number| RecordId { kind: self.kind, number }))
    }

    /// Returns the id as text, padded.
    #[must_use]
    pub fn id_text(&self, kinds: &Kinds) -> Option<String> {
        self.id().map(|id| id.text(kinds))
    }

    /// Returns what to call the record in a message: its id, else its path.
    #[must_use]
    pub fn name(&self, kinds: &Kinds) -> String {
        self.id_text(kinds).unwrap_or_else(|| self.path.clone())
    }

    /// Returns what a finding of `rule` about the record suggests to make of it.
    #[must_use]
    pub fn suggestions(&self, kinds: &Kinds, rule: &str) -> Vec<Suggestion> {
        // What has no id nothing can name.
        let Some(id) = self.id_text(kinds) else { return Vec::new() };
        let called_for = kinds.called_for(self.kind, self.state.as_deref(), rule);
        called_for.map(|(to, birth)| kinds.suggestion(to, birth, &id)).collect()
    }

    /// Returns the command that makes a record of `to` from this one, where one is born from such as it is.
    #[must_use]
    pub fn command_for(&self, to: &Kind, kinds: &Kinds) -> Option<String> {
        to.birth_from(kinds.at(self.kind), self.state.as_deref())?;
        self.id_text(kinds).map(|id| to.command_from(&id))
    }

    /// Returns the command that makes the record which the field `name` of this one is to name.
    #[must_use]
    pub fn command_to_fill(&self, name: &str, kinds: &Kinds) -> Option<String> {
        let fills = |(_, birth): &(usize, &Birth)| birth.back.iter().any(|(known, _)| known == name);
        let (to, _) = kinds.born_of(self.kind, self.state.as_deref()).find(fills)?;
        self.id_text(kinds).map(|id| kinds.at(to).command_from(&id))
    }

    /// Returns the first value of the field `name` of `kind`, which must be the record's.
    #[must_use]
    pub fn field(&self, kind: &Kind, name: &str) -> Option<&FieldValue> {
        let index = kind.fields.iter().position(|field| field.name == name)?;
        self.fields.iter().find(|value| value.field == index)
    }

    /// Returns the text of the field `name` of `kind`; `None` where it is absent, blank or no single text.
    #[must_use]
    pub fn text(&self, kind: &Kind, name: &str) -> Option<&str> {
        self.field(kind, name).and_then(|field| field.value.as_text())
    }

    /// Returns the values of the field `name` of `kind` as conditions in kind files write them: a truth value as `true` or
    /// `false`, a whole number in digits.
    #[must_use]
    pub fn in_conditions(&self, kind: &Kind, name: &str) -> Vec<Cow<'_, str>> {
        self.field(kind, name).map(|field| field.value.in_conditions()).unwrap_or_default()
    }

    /// Returns the value of the field at index `field` of `kind` that is a product of others: as written, else worked out;
    /// `None` where it is no product, or a factor is missing.
    #[must_use]
    pub fn product(&self, kind: &Kind, field: usize) -> Option<i64> {
        let number = |name: &String| match self.field(kind, name)?.value {
            Value::Integer(number) => Some(number),
            _ => None,
        };
        let field = kind.fields.get(field).filter(|field| !field.product.is_empty())?;
        number(&field.name)
            .or_else(|| field.product.iter().try_fold(1_i64, |sum, factor| sum.checked_mul(number(factor)?)))
    }

    /// Returns the index of the outline's section that answers the section at `index` of the kind.
    #[must_use]
    pub fn section(&self, index: usize) -> Option<usize> {
        self.sections.get(index).copied().flatten()
    }

    fn add(&mut self, index: usize, entry: &Entry, document: &Document, kinds: &Kinds) {
        let kind = kinds.at(self.kind);
        let field = &kind.fields[index];
        let span = entry.value.span();
        let value = value::read_value(field, index, &entry.value, document, &mut self.misfits);
        if field.name == kind.lifecycle.field && self.state.is_none() {
            self.state = value.as_text().map(str::to_owned).or_else(|| known_state(field, entry, document));
        }
        if field.name == "id" && self.written.is_none() {
            self.written = value.as_text().and_then(|text| read_id(text, kinds, Some(self.kind)));
        }
        match field.value {
            FieldType::Ref | FieldType::Refs => self.refer(index, &entry.value, document, kinds),
            // What a record is called is no mention of it.
            FieldType::Text | FieldType::List if field.name != "id" => {
                for (_, span) in value::texts(&entry.value, document, false) {
                    self.mention(span, document, kinds);
                }
            }
            _ => {}
        }
        self.fields.push(FieldValue { field: index, key: entry.key.text.span, span, value });
    }

    /// Adds what a field of references points to.
    fn refer(&mut self, index: usize, node: &Node, document: &Document, kinds: &Kinds) {
        let field = &kinds.at(self.kind).fields[index];
        for (text, span) in value::texts(node, document, field.splits()) {
            match reference::target(&text, field, self.kind, kinds) {
                // Words may mention records, as anywhere.
                Ok(Target::Elsewhere) if field.or_text && !text.contains("://") => {
                    self.mention(span, document, kinds);
                }
                Ok(target) => {
                    let origin = Origin::Field(index);
                    self.references.push(Reference { target, span, origin, form: Form::Full });
                }
                Err(message) => {
                    self.misfits.push(Misfit { field: index, span, message, repair: Repair::None });
                }
            }
        }
    }

    /// Adds the records that the text under `span` mentions, but for those in the text of a link that leads to another
    /// system: the link says what is meant.
    fn mention(&mut self, span: Span, document: &Document, kinds: &Kinds) {
        for Mention { span: at, id, form } in mention::mentions(document.at(span), kinds) {
            let at = at.shifted(span.start());
            let link = link_around(at, document);
            if link.is_some_and(|link| link.target.contains("://")) {
                continue;
            }
            let form = match form {
                Form::Full => Form::Full,
                _ if !self.keeps_form(at, id, link, document) => form,
                Form::Unpadded => Form::Full,
                // What is named loosely there is no mention.
                Form::Loose => continue,
            };
            self.references.push(Reference { target: Target::Id(id), span: at, origin: Origin::Prose, form });
        }
    }

    /// Says whether the id at `at` is written as its place asks for: in the heading of the record itself, or in the text
    /// of a `[link]` that is spelled out elsewhere.
    fn keeps_form(&self, at: Span, id: RecordId, link: Option<&Link>, document: &Document) -> bool {
        let own = at.start() >= document.body && self.id() == Some(id);
        let heading = || document.outline().sections.iter().any(|section| section.heading.contains(at));
        link.is_some_and(|link| document.at(link.span).ends_with(']')) || (own && heading())
    }
}

/// Returns the innermost link of the body that holds the bytes under `at`.
fn link_around(at: Span, document: &Document) -> Option<&Link> {
    if at.start() < document.body {
        return None;
    }
    // Links come in order and hold each other at most a few deep.
    let links = &document.outline().links;
    let before = links.partition_point(|link| link.span.start() <= at.start());
    links[before.saturating_sub(4)..before].iter().rev().find(|link| link.span.contains(at))
}

/// Returns the section of `document` that answers each section of `kind`, by its index in the outline: where several are titled so, the first that
/// holds something.
#[must_use]
pub fn answered(kind: &Kind, document: &Document) -> Vec<Option<usize>> {
    let outline = document.outline();
    let mut found: Vec<Option<usize>> = vec![None; kind.sections.len()];
    for (index, section) in outline.sections.iter().enumerate().skip(1) {
        for at in kind.sections_titled(section.title.of(&document.text)) {
            match found[at] {
                Some(first) if outline.is_filled(first) || !outline.is_filled(index) => {}
                _ => found[at] = Some(index),
            }
        }
    }
    found
}

/// Returns the state that a value which does not fit plainly means, so that a slip in it hides nothing else.
fn known_state(field: &Field, entry: &Entry, document: &Document) -> Option<String> {
    let Node::Scalar(scalar) = &entry.value else { return None };
    let text = scalar.text.of(&document.text).trim();
    field.values.iter().find(|state| state.eq_ignore_ascii_case(text)).cloned()
}
