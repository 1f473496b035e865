//! Text a kind file asks for, or forbids, by a regular expression.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::kind::Pattern;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "pattern",
    level: Level::Deny,
    page: include_str!("../../docs/rules/pattern.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for pattern in &subject.kind.patterns {
        let Some((place, text)) = scope(subject, pattern) else { continue };
        let body = subject.document.at(text);
        if let Some(unwanted) = pattern.must_not_match.as_ref().and_then(|regex| regex.find(body)) {
            let span = Span::new(text.start() + unwanted.start, text.start() + unwanted.end);
            let text: String = subject.document.at(span).chars().take(60).collect();
            let line = text.lines().next().unwrap_or_default();
            sink.push(Finding::at(span, told(subject, pattern)).help(format!("change or delete `{line}`")));
        }
        if let Some(regex) = pattern.must_match.as_ref().filter(|regex| regex.find(body).is_none()) {
            let help = format!("add text that matches the regular expression `{}`", regex.as_str());
            sink.push(Finding::at(place, told(subject, pattern)).help(help));
        }
    }
}

fn told(subject: &Subject<'_>, pattern: &Pattern) -> String {
    format!("{}: {}", subject.name(), pattern.message)
}

/// Returns the place to name and the text to look at; `None` for a section that is absent or empty, which other rules
/// tell about.
fn scope(subject: &Subject<'_>, pattern: &Pattern) -> Option<(Span, Span)> {
    let document = subject.document;
    let Some(title) = &pattern.section else {
        let body = Span::new(document.body, document.text.len());
        return Some((Span::at(body.start()), body));
    };
    let outline = document.outline();
    let index = subject.record.section(subject.kind.section(title)?)?;
    if !outline.is_filled(index) {
        return None;
    }
    let last = outline.subtree(index).end - 1;
    let section = &outline.sections[index];
    Some((section.heading, Span::new(section.body.start(), outline.sections[last].body.end())))
}
