//! The text of a section as another record can hold it: without comments, with links that lead where they led, and with nothing
//! left open at its end.

use crate::document::BlockKind;
use crate::document::Document;
use crate::document::fragments;
use crate::document::read_outline;
use crate::kind::Kind;
use crate::record::Record;
use crate::template::quote;
use crate::text::Span;
use crate::workspace::leading_to;
use crate::workspace::led_to;

/// Returns the text of the section of `kind` at the index `section` in `record`, read whole from `document`, as the record at
/// `to` can hold it; blank where there is none. Without `to` links stay as they are.
pub(super) fn taken(
    record: &Record,
    document: &Document,
    kind: &Kind,
    section: usize,
    to: Option<&str>,
) -> String {
    let Some(at) = record.section(section) else { return String::new() };
    let outline = document.outline();
    if !outline.is_filled(at) {
        return String::new();
    }
    let other = |index: &usize| {
        let title = outline.sections[*index].title.of(&document.text);
        kind.sections_titled(title).iter().any(|known| *known != section)
    };
    // What stands below it and answers another section is none of its own.
    let last = outline.subtree(at).skip(1).take_while(|index| !other(index)).last().unwrap_or(at);
    let range = Span::new(outline.sections[at].body.start(), outline.sections[last].body.end());
    let fragments = fragments(&document.text, document.body);
    let mut edits: Vec<(Span, String)> =
        outline.comments.iter().map(|comment| (*comment, String::new())).collect();
    let lead = |target: &str| to.and_then(|to| rebased(&record.path, to, target));
    let links = record.links.iter().filter(|link| link.exact);
    edits.extend(links.filter_map(|link| Some((link.span, lead(&link.target)?))));
    let definitions = fragments.definitions.iter();
    edits.extend(definitions.filter_map(|found| Some((found.address, lead(&found.target)?))));
    edits.retain(|(span, _)| range.contains(*span));
    edits.sort();
    let mut text = closed(&plain(&edited(&document.text, range, &edits)));
    // What the links of the section are spelled out by may stand elsewhere.
    let small = text.to_lowercase();
    for found in fragments.definitions.iter().filter(|found| !range.contains(found.address)) {
        let label = document.at(found.label);
        if small.contains(&format!("[{}]", label.to_lowercase())) {
            let address = lead(&found.target).unwrap_or_else(|| document.at(found.address).to_owned());
            text.push_str(&format!("\n\n[{label}]: {address}"));
        }
    }
    text
}

/// Returns what stands in `range` of `text` after `edits`, which are in order.
fn edited(text: &str, range: Span, edits: &[(Span, String)]) -> String {
    let mut out = String::with_capacity(range.len());
    let mut at = range.start();
    for (span, new) in edits {
        if span.start() >= at {
            out.push_str(&text[at..span.start()]);
            out.push_str(new);
            at = span.end();
        }
    }
    out.push_str(&text[at..range.end()]);
    out
}

/// Returns `text` with its lines ended alike, and no blank ones around it.
fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<&str> = text.lines().skip_while(|line| line.trim().is_empty()).collect();
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    lines.join("\n")
}

/// Returns where `target`, the address of a link in the file at `from`, leads from the file at `to`; `None` where it is the same,
/// or leads to another system.
fn rebased(from: &str, to: &str, target: &str) -> Option<String> {
    let end = target.find(['#', '?']).unwrap_or(target.len());
    let (path, rest) = target.split_at(end);
    let scheme = path.split_once(':').is_some_and(|(scheme, _)| !scheme.contains('/'));
    if target.is_empty() || path.starts_with('/') || scheme {
        return None;
    }
    // How deep the root lies below the top is not known here, nor does it matter: what leads above it leads there from both.
    let depth = "^/".repeat(path.matches("..").count() + 1);
    let mut led = String::new();
    let there = match path {
        "" => format!("{depth}{from}"),
        path if led_to(&depth, from, path, &mut led) => led,
        _ => return None,
    };
    let slash = if path.ends_with('/') { "/" } else { "" };
    let new = format!("{}{slash}{rest}", leading_to(&format!("{depth}{to}"), &there));
    (new != target).then_some(new)
}

/// Returns Markdown after which more can stand: a fence, a comment or an element that is open at its end is closed, and where that
/// cannot be, all of it is quoted.
pub(super) fn closed(text: &str) -> String {
    if ends_cleanly(text) {
        return text.to_owned();
    }
    let outline = read_outline(text, 0);
    let code = outline.blocks.iter().rev().find(|block| block.kind == BlockKind::Code);
    let fence = code.and_then(|code| {
        let line = code.span.of(text).lines().next()?.trim_start();
        let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        Some(line.chars().take_while(|c| *c == mark).collect::<String>())
    });
    let endings = fence.into_iter().chain(["-->".to_owned()]);
    let mut tried = endings.map(|ending| format!("{text}\n{ending}"));
    tried.find(|text| ends_cleanly(text)).unwrap_or_else(|| quote(text))
}

/// Says whether a heading below `text` is one.
fn ends_cleanly(text: &str) -> bool {
    const NEXT: &str = "\n\n# next\n";
    let whole = format!("{text}{NEXT}");
    let outline = read_outline(&whole, 0);
    outline.sections.last().is_some_and(|last| last.heading.start() + NEXT.len() == whole.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_where_they_led() {
        let (rfc, change) = ("docs/rfcs/0007-x.md", "docs/changes/0001-y.md");
        for (from, to, target, expected) in [
            (rfc, change, "0008-z.md", Some("../rfcs/0008-z.md")),
            (rfc, change, "../raid/R-0001-a%20b.md#x", None),
            (rfc, change, "#proposal", Some("../rfcs/0007-x.md#proposal")),
            (rfc, change, "../../README.md", None),
            (rfc, "notes/1.md", "../../README.md", Some("../README.md")),
            (rfc, "notes/1.md", "../../../above/x.md", Some("../../above/x.md")),
            (rfc, "notes/1.md", "img/", Some("../docs/rfcs/img/")),
            (rfc, change, "https://a.example/x", None),
            (rfc, change, "mailto:a@a.example", None),
            (rfc, change, "/docs/x.md", None),
            (rfc, rfc, "0008-z.md", None),
        ] {
            assert_eq!(rebased(from, to, target).as_deref(), expected, "{target}");
        }
    }

    #[test]
    fn what_is_left_open_is_closed() {
        for (text, expected) in [
            ("plain\n\n- a list", "plain\n\n- a list"),
            ("```sh\nls", "```sh\nls\n```"),
            ("~~~~\n```", "~~~~\n```\n~~~~"),
            ("a <!-- b\n\nc", "a <!-- b\n\nc"),
            ("<!-- a", "<!-- a\n-->"),
            ("<script>\nlet a;", "> <script>\n> let a;"),
            ("> ```\n> quoted", "> ```\n> quoted"),
        ] {
            assert_eq!(closed(text), expected);
        }
    }
}
