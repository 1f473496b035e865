//! A section for a quotation without one, or a quotation nobody is named for.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::BlockKind;
use crate::document::Document;
use crate::document::says_something;
use crate::kind::SectionSpec;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "unsourced-quote",
    level: Level::Deny,
    page: include_str!("../../docs/rules/unsourced-quote.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for (at, spec) in subject.kind.sections.iter().enumerate() {
        if spec.role.as_deref() != Some("quotation") || !subject.sections_are_sure() {
            continue;
        }
        let document = subject.document;
        let outline = document.outline();
        // A section that is absent or blank is for other rules to tell.
        let Some(index) = subject.record.section(at).filter(|index| outline.is_filled(*index)) else {
            continue;
        };
        let last = outline.subtree(index).end - 1;
        let section = Span::new(outline.sections[index].body.start(), outline.sections[last].body.end());
        let mut quotes: Vec<Span> = Vec::new();
        for block in outline.blocks.iter().filter(|block| block.kind == BlockKind::Quote) {
            // A quotation in a quotation is part of it.
            let inner = quotes.last().is_some_and(|outer| outer.contains(block.span));
            if section.contains(block.span) && !inner {
                quotes.push(block.span);
            }
        }
        if quotes.is_empty() {
            let message = format!("{}: `{}` holds no quotation", subject.name(), spec.title);
            sink.push(
                Finding::at(outline.sections[index].heading, message)
                    .label("in somebody's own words")
                    .help(format!(
                        "quote whoever said it: `{}`",
                        example_of(spec, '>', "> It simply works now.")
                    ))
                    .help(format!("and below it the source: `> {}`", source_of(spec))),
            );
        }
        for quote in quotes.iter().filter(|quote| !has_source(document, **quote, section)) {
            let words = document.at(*quote);
            let end = words.find(['\n', '\r']).unwrap_or(words.len());
            let first = Span::new(quote.start(), quote.start() + words[..end].trim_end().len());
            let message = format!("{}: the quotation in `{}` has no source", subject.name(), spec.title);
            sink.push(
                Finding::at(first, message)
                    .label("who said it, and where?")
                    .help(format!("write who said it and where below it: `> {}`", source_of(spec))),
            );
        }
    }
}

/// Returns the first line of the kind's example that begins with `mark`, else `otherwise`.
fn example_of<'a>(spec: &'a SectionSpec, mark: char, otherwise: &'a str) -> &'a str {
    let mut lines = spec.example.as_deref().unwrap_or_default().lines().map(str::trim);
    lines.find(|line| line.starts_with(mark) && line.len() > 1).unwrap_or(otherwise)
}

/// Returns how the kind's example names a source, else how one may be named.
fn source_of(spec: &SectionSpec) -> &str {
    let lines = spec.example.as_deref().unwrap_or_default().lines();
    let mut bare = lines.map(|line| line.trim_start_matches(['>', ' ']).trim_end());
    bare.find(|line| names_source(line)).unwrap_or("— operations lead, pilot call, 14 October 2026")
}

/// Says whether `line`, without the marks of a quotation, is one that names a source: it begins with a dash, and words
/// follow.
fn names_source(line: &str) -> bool {
    let dashed = ["—", "–", "―", "--", "- "].iter().find_map(|dash| line.strip_prefix(dash));
    dashed.is_some_and(says_something)
}

/// Says whether `line` names a source by a word for it.
fn tells_source(line: &str) -> bool {
    let plain = line.trim_start_matches(['*', '_']);
    ["source:", "from:", "said by "].iter().any(|mark| {
        let start = plain.get(..mark.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(mark)) && says_something(&plain[mark.len()..])
    })
}

/// Says whether `words`, which stand in brackets, may be a source: more than one word, a name or a day; `(finally)` is none.
fn may_be_source(words: &str) -> bool {
    says_something(words) && words.trim().contains(|c: char| !c.is_lowercase())
}

/// Says whether the line `next`, behind a quotation, is a list item that names a source: who and where, not one claim of
/// several, nor a sentence.
fn is_item_with_source(next: &str, following: &str) -> bool {
    let Some(words) = next.strip_prefix("- ") else { return true };
    let several = following.starts_with("- ");
    !several && !words.ends_with(['.', '!', '?']) && words.contains([',', '(', '[', ':'])
}

/// Says whether the quotation under `quote` names its source, in a line of its own, at its end, or right behind it.
fn has_source(document: &Document, quote: Span, section: Span) -> bool {
    let lines = document.at(quote).lines().map(|line| line.trim_start_matches(['>', ' ', '\t']).trim_end());
    let said: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let dashed =
        said.iter().any(|line| names_source(line)) || said.last().is_some_and(|line| tells_source(line));
    let ends = said.last().is_some_and(|last| ends_with_source(document, last, quote));
    let behind = document.at(Span::new(quote.end(), section.end()));
    let mut filled = behind.lines().map(str::trim).filter(|line| !line.is_empty());
    let next = filled.next().unwrap_or_default();
    let bracketed = next.starts_with(['(', '['])
        && next.trim_end_matches('.').ends_with([')', ']'])
        && may_be_source(next.trim_matches(['(', ')', '[', ']', '.']));
    let item = names_source(next) && is_item_with_source(next, filled.next().unwrap_or_default());
    dashed || ends || item || bracketed || tells_source(next)
}

/// Says whether `last`, the last line of the quotation under `quote`, ends with a source in brackets or a link.
fn ends_with_source(document: &Document, last: &str, quote: Span) -> bool {
    let last = last.trim_end_matches(['.', '*', '_', '"', '”', ' ']);
    let bracketed = [('(', ')'), ('[', ']')].iter().any(|(open, close)| {
        let inside = last.strip_suffix(*close).and_then(|rest| rest.rsplit_once(*open));
        inside.is_some_and(|(_, words)| may_be_source(words))
    });
    let address = last.rsplit(' ').next().is_some_and(|word| word.contains("://"));
    let linked = || {
        let end = document.at(quote).trim_end().trim_end_matches(['.', '*', '_', '"', '”']).len();
        document.outline().links.iter().any(|link| link.span.end() == quote.start() + end)
    };
    bracketed || address || linked()
}
