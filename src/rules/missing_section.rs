//! A section the record needs, absent.

use super::Check;
use super::Finding;
use super::Rule;
use super::Sink;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::Document;
use crate::document::line_ending;
use crate::kind::Required;
use crate::kind::SectionSpec;
use crate::text::Span;
use crate::text::nearest;

pub(super) const RULE: Rule = Rule {
    id: "missing-section",
    level: Level::Deny,
    page: include_str!("../../docs/rules/missing-section.md"),
    fixes: true,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let document = subject.document;
    let outline = document.outline();
    if document.front_matter.is_none() && outline.sections.len() == 1 {
        return;
    }
    let known = |title: &str| subject.kind.sections.iter().any(|spec| spec.is_titled(title));
    let foreign = outline.sections.iter().skip(1).filter(|section| !known(section.title.of(&document.text)));
    let foreign: Vec<_> = foreign.collect();
    for spec in &subject.kind.sections {
        let value = |name: &str| subject.record.text(subject.kind, name);
        let needed = spec.required.holds(subject.record.state.as_deref(), value);
        if !needed || find_section(document, spec).is_some() {
            continue;
        }
        let state = match &spec.required {
            Required::In(_) => format!(" is {} and", subject.record.state.as_deref().unwrap_or_default()),
            _ => String::new(),
        };
        let message = format!("{}{state} has no section `{}`", subject.name(), spec.title);
        let titles = foreign.iter().map(|section| section.title.of(&document.text));
        let near = nearest(&spec.title, titles)
            .and_then(|near| foreign.iter().find(|section| section.title.of(&document.text) == near));
        sink.push(match near {
            Some(section) => Finding::at(section.title.span, message)
                .help(format!("did you mean `{}` here?", spec.title))
                .likely_fix("rename the heading", vec![(section.title.span, spec.title.clone())]),
            None => added(subject, spec, message),
        });
    }
}

/// Completes the finding with the heading to add, after the section that comes before it in the kind.
fn added(subject: &Subject<'_>, spec: &SectionSpec, message: String) -> Finding {
    let document = subject.document;
    let outline = document.outline();
    let order = &subject.kind.sections;
    let at = order.iter().position(|other| other.title == spec.title).unwrap_or(order.len());
    let before = order[..at].iter().rev().find_map(|other| find_section(document, other));
    let (level, place) = match before {
        Some(index) => {
            let last = outline.subtree(index).end - 1;
            (outline.sections[index].level, outline.sections[last].body.end())
        }
        None => {
            let first = outline.sections.iter().skip(1).find(|section| section.level > 1);
            (2, first.map_or(document.text.len(), |section| section.heading.start()))
        }
    };
    let newline = line_ending(&document.text);
    let gap = match &document.text[..place] {
        before if before.is_empty() || before.ends_with("\n\n") || before.ends_with("\r\n\r\n") => "",
        before if before.ends_with('\n') => newline,
        _ => &format!("{newline}{newline}"),
    };
    let heading = format!("{} {}", "#".repeat(usize::from(level)), spec.title);
    let after = if place == document.text.len() { newline.to_owned() } else { newline.repeat(2) };
    let mut finding = Finding::at(Span::at(place), message).help(format!("add `{heading}`"));
    if let Some(help) = &spec.help {
        finding = finding.label(help.clone());
    }
    finding.likely_fix(format!("add `{heading}`"), vec![(Span::at(place), format!("{gap}{heading}{after}"))])
}

/// Returns the index of the section of `document` that is `spec`: the one with most to say where there are several.
pub(super) fn find_section(document: &Document, spec: &SectionSpec) -> Option<usize> {
    let outline = document.outline();
    let is = |index: &usize| spec.is_titled(outline.sections[*index].title.of(&document.text));
    let mut found = (1..outline.sections.len()).filter(is);
    let first = found.next()?;
    Some(if outline.is_filled(first) {
        first
    } else {
        found.find(|index| outline.is_filled(*index)).unwrap_or(first)
    })
}
