//! A record's file without the block that says what it is.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::kind::Required;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;
use crate::text::with_article;

pub(super) const RULE: Rule = Rule {
    id: "missing-front-matter",
    level: Level::Deny,
    page: include_str!("../../docs/rules/missing-front-matter.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let needed: Vec<&str> = subject
        .kind
        .fields
        .iter()
        .filter(|field| field.required == Required::Always)
        .map(|field| field.key.as_str())
        .collect();
    if subject.document.front_matter.is_some() || needed.is_empty() {
        return;
    }
    let text = &subject.document.text;
    let first = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let finding = if text.trim().is_empty() {
        Finding::whole(format!("{} is empty", subject.record.path))
    } else {
        Finding::at(Span::at(start), format!("{} does not begin with front matter", subject.name()))
    };
    let finding = match first.trim_end() {
        "+++" => finding.label("this opens TOML, which pmkit does not read as front matter"),
        _ => finding.label("a line `---` belongs here, the fields, and another `---`"),
    };
    sink.push(
        finding
            .help(format!(
                "give it the fields {} needs: {}",
                with_article(&subject.kind.id),
                needed.join(", ")
            ))
            .help(format!("see a filled example: pmkit kinds {}", subject.kind.id)),
    );
}
