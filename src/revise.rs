//! Changing records that are there: planned as a whole, and refused as a whole.
//!
//! Texts go in, changes come out, with what they mean in words. Whether a change is one that the record's kind allows is
//! decided here; how its bytes change is for `edit`.

use std::sync::Arc;

use crate::change::Change;
use crate::config::Config;
use crate::date::Date;
use crate::document::Document;
use crate::document::Node;
use crate::document::Read;
use crate::edit::set_field;
use crate::error::Error;
use crate::error::Mistake;
use crate::error::Result;
use crate::kind::Claim;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::record::Depth;
use crate::record::Record;
use crate::record::Target;
use crate::record::target;
use crate::record::texts;
use crate::scaffold::lacking;
use crate::scaffold::other_findings;

mod decided;
mod heading;
mod message;
mod moves;
mod reassign;
mod set;
mod supersede;

pub use reassign::hands_over;
pub use reassign::reassign;
pub use set::Condition;
pub use set::Given;
pub use set::How;
pub use set::Order;
pub use set::set;
pub use supersede::supersede;

/// A record as it lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// The file, relative to the root, with `/`.
    pub path: String,
    /// Of which kind it is.
    pub claim: Claim,
    /// Its text.
    pub text: String,
}

/// What is to be changed, and what that means.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Revised {
    /// What is to be written; nothing where all is so already.
    pub changes: Vec<Change>,
    /// What changes, a line each.
    pub lines: Vec<Line>,
    /// What else is worth knowing, for people.
    pub notes: Vec<String>,
}

/// One field of one record that gets another value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What the record is called.
    pub record: String,
    /// The key of the field.
    pub field: String,
    /// What becomes of its value: `lee → ana`.
    pub said: String,
}

/// A record on its way from one text to another.
struct Draft<'a> {
    config: &'a Config,
    original: &'a Original,
    /// What it is called.
    name: String,
    /// As it was.
    record: Record,
    /// As it is by now.
    document: Document,
    /// The fields that have another value by now, with the one they had.
    changed: Vec<(usize, Vec<String>)>,
}

impl Revised {
    /// Adds what becomes of `draft`.
    fn add(&mut self, draft: &Draft<'_>, today: Date) {
        self.lines.extend(draft.lines());
        if let Some(change) = draft.change() {
            self.notes.extend(draft.talk(today));
            self.changes.push(change);
        }
    }
}

impl<'a> Draft<'a> {
    fn new(config: &'a Config, original: &'a Original) -> Self {
        let document = Document::read(original.text.clone());
        let record = Record::read(&original.path, original.claim, &document, config, Depth::FrontMatter);
        let name = record.name(&config.kinds);
        Self { config, original, name, record, document, changed: Vec::new() }
    }

    fn kind(&self) -> &'a Kind {
        self.config.kinds.at(self.original.claim.kind)
    }

    /// Returns what the field at the index `field` says by now: one text, or several of a list; nothing where it is blank.
    fn texts(&self, field: usize) -> Vec<String> {
        let (kind, source) = (self.kind(), &self.document.text);
        let mut entries = self.document.entries().iter();
        let entry = entries.find(|entry| kind.field_of_key(entry.key.text.of(source)) == Some(field));
        let Some(entry) = entry else { return Vec::new() };
        let spec = &kind.fields[field];
        match &entry.value {
            node if spec.value.is_many() => {
                let commas = spec.value != FieldType::List;
                texts(node, &self.document, commas).into_iter().map(|(text, _)| text).collect()
            }
            node if node.is_blank(source) => Vec::new(),
            Node::Scalar(scalar) => vec![scalar.text.of(source).to_owned()],
            Node::List(_) | Node::Map(_) => vec![self.document.at(entry.value.span()).to_owned()],
        }
    }

    /// Gives the field at the index `field` the value `new`, where it has another one.
    fn set(&mut self, field: usize, new: &[String]) -> Result<()> {
        let old = self.texts(field);
        if old == new {
            return Ok(());
        }
        let kind = self.kind();
        let by_line = self.document.front_matter.as_ref().is_some_and(|front| front.read == Read::Line);
        let edited = match by_line && !self.changed.is_empty() {
            true => Err(Error::new("the front matter is malformed, and more than one field would change")),
            false => set_field(&self.document.text, kind, field, new),
        };
        let after = edited.map_err(|error| self.with_slips(self.about(error)))?;
        self.document = Document::read(after);
        if !self.changed.iter().any(|(known, _)| *known == field) {
            self.changed.push((field, old));
        }
        Ok(())
    }

    /// Returns what changes, a line for each field.
    fn lines(&self) -> Vec<Line> {
        let line = |(field, old): &(usize, Vec<String>)| {
            let (spec, new) = (&self.kind().fields[*field], self.texts(*field));
            let said = told(spec, old, &new);
            (*old != new).then(|| Line { record: self.name.clone(), field: spec.key.clone(), said })
        };
        self.changed.iter().filter_map(line).collect()
    }

    /// Returns `error` with the record's name before it.
    fn about(&self, error: Error) -> Error {
        Error { message: format!("{}: {}", self.name, error.message), ..error }
    }

    /// Returns `error` with what is wrong with the form of the front matter, as `lint` tells it.
    fn with_slips(&self, error: Error) -> Error {
        let Error { message, mut help, mut mistakes } = error;
        let source: Arc<str> = self.document.text.as_str().into();
        mistakes.extend(self.document.slips.iter().map(|slip| Mistake {
            path: self.original.path.clone(),
            source: source.clone(),
            span: slip.span,
            message: slip.message.clone(),
            help: vec![slip.help.clone()],
        }));
        if self.document.slips.iter().any(|slip| slip.mend.as_ref().is_some_and(|mend| mend.certain)) {
            help = vec![format!("mend it first: pmkit lint --fix {}", self.original.path)];
        }
        Error { message, help, mistakes }
    }

    /// Says what the record lacks after the change, and what its rules say that they did not say before.
    fn talk(&self, today: Date) -> Vec<String> {
        let Original { path, claim, text } = self.original;
        let (config, kind) = (self.config, self.kind());
        let whole = |document: &Document| Record::read(path, *claim, document, config, Depth::Whole);
        let earlier = Document::read(text.clone());
        let (before, after) = (whole(&earlier), whole(&self.document));
        let mut lacks = lacking(kind, &after, &self.document, after.state.as_deref());
        if before.state == after.state {
            let known = lacking(kind, &before, &earlier, before.state.as_deref());
            lacks.retain(|name| !known.contains(name));
        }
        let mut notes = Vec::new();
        if !lacks.is_empty() {
            notes.push(format!("{} still lacks: {}", self.name, lacks.join(", ")));
            let lacking = kind.fields.iter().filter(|field| lacks.contains(&field.key));
            let made = lacking.filter_map(|field| after.command_to_fill(&field.name, &config.kinds));
            notes.extend(made.map(|command| format!("make it: {command}")));
        }
        // What a rule said before it says again in other words where the words name what has changed.
        let mut known = other_findings(config, &before, &earlier, today);
        for found in other_findings(config, &after, &self.document, today) {
            match known.iter().position(|known| known.rule == found.rule) {
                Some(at) => {
                    known.swap_remove(at);
                }
                None => notes.push(format!("to mend: {}", found.message)),
            }
        }
        if !notes.is_empty() {
            notes.push(format!("check it: pmkit lint {path}"));
        }
        notes
    }

    /// Returns the change that writes the text as it is by now, if it is another one.
    fn change(&self) -> Option<Change> {
        (self.document.text != self.original.text).then(|| Change::Edit {
            path: self.original.path.clone(),
            before: self.original.text.clone(),
            after: self.document.text.clone(),
        })
    }
}

/// Returns in words what lies between two values of `field`.
fn told(field: &Field, old: &[String], new: &[String]) -> String {
    let shown = |texts: &[String]| match texts {
        [] => "(blank)".to_owned(),
        texts => texts.join(", "),
    };
    if field.value.is_many() && !old.is_empty() && !new.is_empty() {
        let without = |all: &[String], some: &[String]| -> Vec<String> {
            all.iter().filter(|text| !some.contains(text)).cloned().collect()
        };
        match (&without(old, new)[..], &without(new, old)[..]) {
            ([], []) => {}
            ([], more) => return format!("+ {}", shown(more)),
            (gone, []) => return format!("- {}", shown(gone)),
            _ => {}
        }
    }
    format!("{} → {}", shown(old), shown(new))
}

/// Says whether two texts of `field` mean the same: the same person, the same record, the same word.
fn is_same(field: &Field, a: &str, b: &str, own: usize, config: &Config) -> bool {
    match field.value {
        FieldType::Person | FieldType::People => config.people.is_one(a, b),
        FieldType::Ref | FieldType::Refs => {
            let read = |text: &str| target(text, field, own, &config.kinds).ok();
            a == b || matches!((read(a), read(b)), (Some(a), Some(b)) if a == b && a != Target::Elsewhere)
        }
        FieldType::Enum | FieldType::Enums => a.eq_ignore_ascii_case(b),
        _ => a == b,
    }
}
