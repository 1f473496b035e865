//! A person nobody knows.

use super::Check;
use super::Rule;
use super::Subject;
use crate::config::Config;
use crate::diagnostic::Level;
use crate::document::Entry;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::record::is_placeholder;
use crate::record::texts;
use crate::record::why_not_one_person;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;
use crate::text::nearest;
use crate::text::slug;

pub(super) const RULE: Rule = Rule {
    id: "unknown-owner",
    level: Level::Deny,
    page: include_str!("../../docs/rules/unknown-owner.md"),
    fixes: true,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let config = subject.config;
    if config.people.is_empty() && config.hearsay.is_empty() {
        return;
    }
    for written in &subject.record.fields {
        let field = &subject.kind.fields[written.field];
        let entry = |entry: &&Entry| entry.key.text.span == written.key;
        let (FieldType::Person | FieldType::People, Some(entry)) =
            (field.value, subject.document.entries().iter().find(entry))
        else {
            continue;
        };
        let named = texts(&entry.value, subject.document, field.value == FieldType::People);
        for (text, span) in named.iter().filter(|(text, _)| !is_known(text, config)) {
            // Two of them in one quoted text have no bytes of their own.
            let own = named.iter().filter(|(_, other)| other == span).count() == 1;
            sink.push(finding(text, *span, own, field, config));
        }
    }
}

/// Says whether `text` names somebody known, or nobody at all: somebody of another company, a group, a blank.
fn is_known(text: &str, config: &Config) -> bool {
    let said = text.split('(').next().unwrap_or_default().trim();
    let known = |name: &str| {
        if config.people.is_empty() {
            config.hearsay.knows(name)
        } else {
            config.people.handle_of(name).is_some()
        }
    };
    config.people.has(text)
        || text.contains('<')
        || known(text)
        || known(said)
        || is_placeholder(text)
        || why_not_one_person(text, &config.people).is_some()
}

fn finding(text: &str, span: Span, own: bool, field: &Field, config: &Config) -> Finding {
    let words = field.words();
    let plain = text.trim_start_matches('@');
    let line = format!("`{}`", line_for(plain));
    if config.people.is_empty() {
        let files = config.hearsay.files.join(" or ");
        let finding =
            Finding::at(span, format!("`{text}`, named as {words}, is nobody that {files} names")).guess();
        let finding = match nearest(plain, config.hearsay.names()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding,
        };
        return finding.help(format!("or say in pmkit.toml who there is: `[people]`, and below it {line}"));
    }
    let finding = Finding::at(span, format!("`{text}`, named as {words}, is nobody in [people]"));
    match near(plain, config) {
        Some(near) => {
            let finding = finding
                .help(format!("did you mean `{near}`?"))
                .help(format!("or add to [people] in pmkit.toml: {line}"));
            if own {
                finding.likely_fix(format!("write `{near}`"), vec![(span, near.to_owned())])
            } else {
                finding
            }
        }
        None => finding
            .help(format!("add to [people] in pmkit.toml: {line}"))
            .help(format!("or write `{plain} <address>` for somebody of another company")),
    }
}

/// Returns the handle of whoever is called almost like `text`.
fn near<'a>(text: &str, config: &'a Config) -> Option<&'a str> {
    let people = &config.people;
    let by_name = || people.handle_of(nearest(text, people.names())?);
    nearest(text, people.handles()).or_else(by_name)
}

/// Returns the line of `[people]` that would make `text` somebody.
fn line_for(text: &str) -> String {
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match text.split_once('@') {
        Some((user, _)) => format!("{} = {{ email = \"{quoted}\" }}", slug(user)),
        None if text.chars().all(bare) => format!("{text} = {{ name = \"…\" }}"),
        None => format!("{} = {{ name = \"{quoted}\" }}", slug(text)),
    }
}
