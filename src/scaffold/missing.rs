//! What a record still lacks, now and before it can move on.

use crate::config::Config;
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::document::Document;
use crate::kind::Claim;
use crate::kind::Kind;
use crate::kind::Required;
use crate::lint::check_document;
use crate::record::Depth;
use crate::record::Record;
use crate::record::Value;

/// What a record still lacks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Missing {
    /// Fields and sections its state asks for.
    pub now: Vec<String>,
    /// The next state, and what that one asks for besides.
    pub next: Option<(String, Vec<String>)>,
    /// Anything else its rules say of it.
    pub other: Vec<String>,
}

/// Says what the record `text`, to lie at `path`, still lacks.
#[must_use]
pub fn missing(config: &Config, path: &str, claim: Claim, text: &str, today: Date) -> Missing {
    let document = Document::read(text.to_owned());
    let record = Record::read(path, claim, &document, config, Depth::Whole);
    let kind = config.kinds.at(claim.kind);
    let lacks = |state: Option<&str>| lacking(kind, &record, &document, state);
    let now = lacks(record.state.as_deref());
    let next = record
        .state
        .as_deref()
        .and_then(|state| kind.lifecycle.next(state).first().map(|next| (*next).to_owned()));
    let next = next.map(|next| {
        let more = lacks(Some(&next)).into_iter().filter(|name| !now.contains(name)).collect();
        (next, more)
    });
    let other = other_findings(config, &record, &document, today);
    let other = other.into_iter().map(|found| found.message).collect();
    Missing { now, next, other }
}

/// Returns the names of the fields and sections that `record`, a record of `kind` read whole from `document`, would lack in
/// `state`.
#[must_use]
pub fn lacking(kind: &Kind, record: &Record, document: &Document, state: Option<&str>) -> Vec<String> {
    let outline = document.outline();
    let filled_field = |index: usize| {
        let blank = |value: &Value| matches!(value, Value::Blank) || *value == Value::Texts(Vec::new());
        let mut written = record.fields.iter().filter(|field| field.field == index).peekable();
        written.peek().is_some() && !written.any(|field| blank(&field.value))
    };
    let filled_section = |at: usize| record.section(at).is_some_and(|index| outline.is_filled(index));
    let needed = |required: &Required| required.holds(state, |name| record.in_conditions(kind, name));
    let fields = kind.fields.iter().enumerate();
    let fields = fields.filter(|(index, field)| needed(&field.required) && !filled_field(*index));
    let sections = kind.sections.iter().enumerate();
    let sections = sections.filter(|(at, spec)| needed(&spec.required) && !filled_section(*at));
    let names = fields.map(|(_, field)| field.key.clone());
    names.chain(sections.map(|(_, spec)| spec.title.clone())).collect()
}

/// Returns what the rules about single records say of `record`, read whole from `document`, beyond what it lacks.
#[must_use]
pub fn other_findings(config: &Config, record: &Record, document: &Document, today: Date) -> Vec<Diagnostic> {
    let told = ["missing-field", "missing-section", "empty-section", "template-left-over"];
    let mut found = check_document(config, record, document, today);
    found.retain(|found| !told.contains(&found.rule));
    found
}
