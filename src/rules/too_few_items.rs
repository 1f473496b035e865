//! A section with fewer entries than its kind asks for.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "too-few-items",
    level: Level::Deny,
    page: include_str!("../../docs/rules/too-few-items.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let outline = subject.document.outline();
    for (spec, items, index, count) in subject.counted_sections() {
        let Some(least) = items.min.filter(|least| count < *least) else { continue };
        let state = subject.record.state.as_deref().unwrap_or("as it is");
        let has = match count {
            0 => "no entry".to_owned(),
            1 => "one entry".to_owned(),
            count => format!("{count} entries"),
        };
        let message = format!("{}: `{}` has {has}, and {state} it needs {least}", subject.name(), spec.title);
        let mut finding = Finding::at(outline.sections[index].heading, message);
        if let Some(help) = &spec.help {
            finding = finding.label(help.clone());
        }
        let lines = || spec.example.as_deref().unwrap_or_default().trim().lines();
        // The first row of a table stands below its head and the line under that.
        let first = lines().next().filter(|line| line.starts_with(['-', '*', '1', '|']));
        let first = if first.is_some_and(|line| line.starts_with('|')) { lines().nth(2) } else { first };
        let example = first.unwrap_or("- **Do nothing:** what that would cost");
        sink.push(finding.help(format!("write each as an item, a sub-heading or a row, as in `{example}`")));
    }
}
