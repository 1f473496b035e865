//! A section the record needs, absent.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::Document;
use crate::document::Section;
use crate::document::line_ending;
use crate::kind::Required;
use crate::sink::Finding;
use crate::sink::Sink;
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
    if !subject.sections_are_sure() {
        return;
    }
    for (at, spec) in subject.kind.sections.iter().enumerate() {
        if subject.record.section(at).is_some() || !subject.needs(&spec.required) {
            continue;
        }
        let state = match &spec.required {
            Required::In(_) => format!(" is {} and", subject.record.state.as_deref().unwrap_or_default()),
            _ => String::new(),
        };
        let message = format!("{}{state} has no section `{}`", subject.name(), spec.title);
        // A heading that belongs to no section of the kind may be this one, misspelt.
        let titled =
            outline.sections.iter().skip(1).map(|section| (section.title.of(&document.text), section));
        let foreign: Vec<(&str, &Section)> =
            titled.filter(|(title, _)| subject.kind.sections_titled(title).is_empty()).collect();
        let near = nearest(&spec.title, foreign.iter().map(|(title, _)| *title))
            .and_then(|near| foreign.iter().find(|(title, _)| *title == near));
        sink.push(match near {
            Some((title, section)) => {
                let span = section.title.span;
                let finding = Finding::at(span, message).help(format!("did you mean `{}` here?", spec.title));
                // With an image or a link in it, only its author knows what of the heading is to stay.
                if document.at(span) == *title {
                    finding.likely_fix("rename the heading", vec![(span, spec.title.clone())])
                } else {
                    finding
                }
            }
            None => added(subject, at, message),
        });
    }
}

/// Completes the finding with the heading to add, after the section that comes before it in the kind.
fn added(subject: &Subject<'_>, at: usize, message: String) -> Finding {
    let document = subject.document;
    let outline = document.outline();
    let spec = &subject.kind.sections[at];
    let before = (0..at).rev().find_map(|other| subject.record.section(other));
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
    // In a code block or a comment that never closes a heading would be none.
    let added = format!("{}{gap}{heading}{after}{}", &document.text[..place], &document.text[place..]);
    let count = |document: &Document| {
        let titles = document.outline().sections.iter().map(|section| section.title.of(&document.text));
        titles.filter(|title| subject.kind.sections_titled(title).contains(&at)).count()
    };
    if count(&Document::read(added)) == 0 {
        return finding.help("close the code block or comment above first");
    }
    finding.likely_fix(format!("add `{heading}`"), vec![(Span::at(place), format!("{gap}{heading}{after}"))])
}
