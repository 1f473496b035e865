//! A section with more entries than anyone takes in.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "too-many-items",
    level: Level::Warn,
    page: include_str!("../../docs/rules/too-many-items.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let outline = subject.document.outline();
    for (spec, items, index, count) in subject.counted_sections() {
        let Some(most) = items.max.filter(|most| count > *most) else { continue };
        let message = format!(
            "{}: `{}` has {count} entries, {} over its {most}",
            subject.name(),
            spec.title,
            count - most
        );
        sink.push(Finding::at(outline.sections[index].heading, message).help(format!(
            "keep the {most} that matter most, and move the others further down, below `{} More {}` say",
            "#".repeat(usize::from(outline.sections[index].level)),
            spec.title.to_lowercase()
        )));
    }
}
