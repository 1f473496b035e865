//! A field the record needs, absent or blank.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::FrontMatter;
use crate::document::Read;
use crate::document::line_ending;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::Required;
use crate::record::FieldValue;
use crate::record::Value;
use crate::record::is_placeholder;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "missing-field",
    level: Level::Deny,
    page: include_str!("../../docs/rules/missing-field.md"),
    fixes: true,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(front_matter) = &subject.document.front_matter else { return };
    // Where nothing at all could be read, the form of the front matter is the thing to tell.
    if front_matter.map.entries.is_empty() && !front_matter.proper {
        return;
    }
    let record = subject.record;
    for (index, field) in subject.kind.fields.iter().enumerate() {
        if !subject.needs(&field.required) {
            continue;
        }
        let written: Vec<&FieldValue> = record.fields.iter().filter(|value| value.field == index).collect();
        if written.iter().any(|value| !is_missing(field, value)) {
            continue;
        }
        sink.push(finding(subject, front_matter, field, written.first().copied()));
    }
}

/// Says whether a value that is written down says nothing: blank, or for a person somebody still to be named.
fn is_missing(field: &Field, written: &FieldValue) -> bool {
    match &written.value {
        Value::Blank => true,
        Value::Text(text) => field.value == FieldType::Person && is_placeholder(text),
        Value::Texts(texts) => texts.is_empty() || texts.iter().all(|text| is_placeholder(text)),
        _ => false,
    }
}

fn finding(
    subject: &Subject<'_>,
    front_matter: &FrontMatter,
    field: &Field,
    written: Option<&FieldValue>,
) -> Finding {
    let words = field.words();
    let name = subject.name();
    let message = match &field.required {
        Required::In(_) => {
            let state = subject.record.state.as_deref().unwrap_or_default();
            format!("{name} is {state} and has no {words}")
        }
        Required::If { field, .. } => {
            let value = subject.record.text(subject.kind, field).unwrap_or_default();
            format!("{name} has no {words}, which `{field}: {value}` asks for")
        }
        _ => format!("{name} has no {words}"),
    };
    let span = written.map_or(Span::at(front_matter.block.end()), |written| written.span);
    let mut finding = Finding::at(span, message);
    if let Some(help) = &field.help {
        finding = finding.label(help.clone());
    }
    let likely = candidates(subject, field);
    for (who, value) in &likely {
        finding = finding.help(format!("write `{}: {value}` ({who})", field.key));
    }
    if field.name == "id" {
        return with_id(subject, front_matter, field, written, finding);
    }
    if !likely.is_empty() {
        return finding;
    }
    if let Some(command) = subject.record.command_to_fill(&field.name, &subject.config.kinds) {
        finding = finding.help(format!("make it: {command}"));
    }
    let example = match field.value {
        FieldType::Enum | FieldType::Enums => {
            format!("write `{}:` with one of: {}", field.key, field.values.join(", "))
        }
        FieldType::Date => {
            let days = if field.deadline_in.is_empty() { 0 } else { 5 };
            format!("write a day: `{}: {}`", field.key, subject.today.plus_business_days(days))
        }
        _ => match &field.example {
            Some(example) => format!("write it as in `{}: {example}`", field.key),
            None => format!("write `{}: …`", field.key),
        },
    };
    finding.help(example)
}

/// Lists whom a field for a person may well mean, with the reason: people the record itself names, and the keeper of its
/// initiative.
fn candidates(subject: &Subject<'_>, field: &Field) -> Vec<(String, String)> {
    if !matches!(field.value, FieldType::Person | FieldType::People) {
        return Vec::new();
    }
    let mut found: Vec<(String, String)> = Vec::new();
    for other in &subject.kind.fields {
        let named = subject.record.text(subject.kind, &other.name);
        let person = other.value == FieldType::Person && other.name != field.name;
        if let (true, Some(named)) = (person, named)
            && !is_placeholder(named)
            && !found.iter().any(|(_, known)| known == named)
        {
            found.push((format!("`{}` says so", other.key), named.to_owned()));
        }
    }
    let initiative = subject.record.text(subject.kind, "initiative");
    if let Some((name, entry)) = initiative.and_then(|name| subject.config.initiatives.get_key_value(name))
        && let Some(keeper) =
            entry.keeper.as_ref().filter(|keeper| !found.iter().any(|(_, known)| known == *keeper))
    {
        found.push((format!("keeper of {name}"), keeper.clone()));
    }
    found.truncate(3);
    found
}

/// Completes the finding of a missing id with the fix the file name gives.
fn with_id(
    subject: &Subject<'_>,
    front_matter: &FrontMatter,
    field: &Field,
    written: Option<&FieldValue>,
    finding: Finding,
) -> Finding {
    let Some(number) = subject.record.named else { return finding };
    let id = subject.kind.id_of(number);
    let finding = finding.help(format!("write `{}: {id}`: the file name says so", field.key));
    let edit = match written {
        Some(written) => (Span::at(written.span.start()), format!(" {id}")),
        None => {
            let line = format!("{}: {id}{}", field.key, line_ending(&subject.document.text));
            (Span::at(front_matter.block.start()), line)
        }
    };
    // A line more could change how the others are read, where they are no YAML yet.
    let text = &subject.document.text;
    let first = front_matter.map.entries.first().map(|entry| entry.key.text.span.start());
    let indented = first.is_some_and(|at| text[..at].ends_with([' ', '\t']));
    let sure = front_matter.proper && front_matter.read == Read::Yaml && !indented;
    if sure { finding.fix("write the id", vec![edit]) } else { finding }
}
