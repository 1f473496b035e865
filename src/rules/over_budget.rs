//! More words than a reader has time for.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "over-budget",
    level: Level::Warn,
    page: include_str!("../../docs/rules/over-budget.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let document = subject.document;
    let outline = document.outline();
    let words = |at: usize| {
        let index = subject.record.section(at)?;
        Some((index, outline.words(index, &document.text)))
    };
    let mut told = false;
    for (at, spec) in subject.kind.sections.iter().enumerate() {
        if let Some(most) = spec.max_words
            && let Some((index, found)) = words(at)
            && found > most
        {
            told = true;
            let what = format!("`{}`", spec.title);
            sink.push(over(subject, outline.sections[index].heading, &what, found, most));
        }
    }
    for budget in &subject.kind.budgets {
        let parts = budget.sections.iter().filter_map(|title| words(subject.kind.section(title)?));
        let parts: Vec<(usize, u32)> = parts.collect();
        let found = parts.iter().map(|(_, words)| words).sum();
        if found > budget.max_words {
            told = true;
            let longest = parts.iter().max_by_key(|(_, words)| words).map_or(0, |(index, _)| *index);
            let heading = outline.sections[longest].heading;
            sink.push(
                over(subject, heading, &budget.name, found, budget.max_words).label("its longest section"),
            );
        }
    }
    // The whole is told only where no part explains it.
    if let Some(most) = subject.kind.max_words.filter(|_| !told) {
        let found = outline.all_words(&document.text);
        if found > most {
            let longest = outline.sections.iter().max_by_key(|section| section.words);
            let span = longest.map_or(Span::at(document.body), |section| section.heading);
            let finding = over(subject, span, "the record", found, most);
            sink.push(if span.is_empty() { finding } else { finding.label("its longest section") });
        }
    }
}

fn over(subject: &Subject<'_>, span: Span, what: &str, found: u32, most: u32) -> Finding {
    let message = format!("{}: {what} has {found} words, {} over its {most}", subject.name(), found - most);
    Finding::at(span, message)
        .help("cut what the reader can do without, or move it under a heading `Appendix`")
}
