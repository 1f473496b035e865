//! A section the record needs, there and blank.

use super::Check;
use super::Rule;
use super::Subject;
use super::template_left_over::template_comment;
use crate::diagnostic::Level;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "empty-section",
    level: Level::Deny,
    page: include_str!("../../docs/rules/empty-section.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let outline = subject.document.outline();
    for (spec, index) in subject.blank_sections() {
        // Where the template's own help still stands, that is the better thing to say, and its rule says it.
        if template_comment(subject, index).is_some() {
            continue;
        }
        let section = &outline.sections[index];
        let message = format!("{}: `{}` is empty", subject.name(), spec.title);
        let mut finding = Finding::at(section.heading, message);
        if let Some(help) = &spec.help {
            finding = finding.label(help.clone());
        }
        let help = match &spec.example {
            Some(example) => format!("write it as in “{}”", shortened(example)),
            None => "write it, even in one sentence".to_owned(),
        };
        sink.push(finding.help(help));
    }
}

/// Returns the first sentence or line of an example, at most 120 characters.
fn shortened(example: &str) -> String {
    let line = example.trim().lines().next().unwrap_or_default();
    if line.chars().count() <= 120 {
        return line.to_owned();
    }
    let cut: String = line.chars().take(119).collect();
    let cut = cut.rfind(' ').map_or(cut.as_str(), |space| &cut[..space]);
    format!("{cut} …")
}
