//! What names the record in Markdown: links, their texts and labels, prose, paths in code and HTML.

use std::collections::BTreeSet;

use super::Found;
use super::Look;
use super::address::is_elsewhere;
use crate::document::Document;
use crate::document::Fragments;
use crate::document::Link;
use crate::document::address_at;
use crate::document::fragments;
use crate::record::Form;
use crate::record::mentions;
use crate::text::Span;

/// Collects what names the record in the Markdown of `document`.
pub(super) fn collect(look: &Look<'_>, document: &Document, found: &mut Found) {
    let text = &document.text;
    let outline = document.outline();
    let fragments = fragments(text, document.body);
    let labels = definitions(look, text, &fragments, found);
    for link in &outline.links {
        let source = link.span.of(text);
        if source.ends_with(']') {
            if let Some(label) = label_of(source).filter(|label| labels.contains(&folded(label.of(source)))) {
                label_mentions(look, text, label.shifted(link.span.start()), found);
            }
        } else if !is_elsewhere(&link.target)
            && let Some(written) = written_address(link, text)
        {
            address(look, text, written, found);
        }
    }
    for span in &outline.prose {
        prose(look, document, *span, &labels, found);
    }
    for span in &fragments.code {
        paths(look, text, *span, found);
    }
    for span in &fragments.html {
        exact(look, text, *span, found);
        paths(look, text, *span, found);
    }
}

/// Collects what the addresses spelled out apart from their links name; returns the labels that get the new number too.
fn definitions(look: &Look<'_>, text: &str, fragments: &Fragments, found: &mut Found) -> BTreeSet<String> {
    let mut labels = BTreeSet::new();
    for definition in &fragments.definitions {
        if is_elsewhere(&definition.target) {
            continue;
        }
        let there = look.leads_there(&definition.target);
        address(look, text, definition.address, found);
        let named = mentions(definition.label.of(text), &look.order.config.kinds);
        if named.iter().any(|mention| mention.id == look.order.old) && (there || look.order.is_certain()) {
            labels.insert(folded(definition.label.of(text)));
            label_mentions(look, text, definition.label, found);
        }
    }
    labels
}

/// Adds the ids in a label that is sure to mean the record.
fn label_mentions(look: &Look<'_>, text: &str, label: Span, found: &mut Found) {
    for mention in mentions(label.of(text), &look.order.config.kinds) {
        if mention.id == look.order.old {
            look.mention(text, mention.span.shifted(label.start()), true, found);
        }
    }
}

/// Returns the label of a link whose address is spelled out elsewhere.
fn label_of(source: &str) -> Option<Span> {
    let end = source.len() - 1;
    let open = source.rfind('[')?;
    if open + 1 < end {
        return Some(Span::new(open + 1, end));
    }
    // `[label][]`
    let end = open.checked_sub(1)?;
    let begin = source.strip_prefix('!').map_or(1, |_| 2);
    (begin < end).then(|| Span::new(begin, end))
}

/// Returns a label as labels are compared.
fn folded(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Returns where the address of `link` is written inside it.
fn written_address(link: &Link, text: &str) -> Option<Span> {
    let source = link.span.of(text);
    let open = source.rmatch_indices("](").map(|(at, _)| at + 2);
    let spans = open.filter_map(|at| {
        let space = source[at..].len() - source[at..].trim_start().len();
        address_at(source, at + space)
    });
    let plain = |span: &Span| unescaped(span.of(source)) == *link.target;
    spans.into_iter().find(plain).map(|span| span.shifted(link.span.start()))
}

/// Collects what the address under `span` names, as it is read.
fn address(look: &Look<'_>, text: &str, span: Span, found: &mut Found) {
    let written = span.of(text);
    let read = unescaped(written);
    if read == written {
        return look.address(written, span.start(), found);
    }
    let mut inside = Found::default();
    look.address(&read, 0, &mut inside);
    for rewrite in inside.rewrites {
        let at = |byte: usize| span.start() + escaped_at(written, byte);
        let place = Span::new(at(rewrite.span.start()), at(rewrite.span.end()));
        found.rewrite(place, rewrite.text, span);
    }
}

/// Returns the byte of `address` at which the byte `at` of what it is read as is written.
fn escaped_at(address: &str, at: usize) -> usize {
    let bytes = address.as_bytes();
    let mut written = 0;
    for _ in 0..at {
        let escapes = bytes.get(written) == Some(&b'\\')
            && bytes.get(written + 1).is_some_and(u8::is_ascii_punctuation);
        written += if escapes { 2 } else { 1 };
    }
    written.min(address.len())
}

/// Returns `address` without the `\` that keep signs from meaning something.
fn unescaped(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut chars = address.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && next.is_ascii_punctuation() => {}
            _ => out.push(c),
        }
    }
    out
}

/// Collects what the prose under `span` names.
fn prose(look: &Look<'_>, document: &Document, span: Span, labels: &BTreeSet<String>, found: &mut Found) {
    let text = &document.text;
    let outline = document.outline();
    let in_heading =
        |at: Span| outline.sections.iter().any(|section| section.level > 0 && section.heading.contains(at));
    let around = |at: Span| {
        let holding = outline.links.iter().filter(|link| link.span.contains(at));
        holding.min_by_key(|link| link.span.len())
    };
    for mention in mentions(span.of(text), &look.order.config.kinds) {
        if mention.id != look.order.old {
            continue;
        }
        let at = mention.span.shifted(span.start());
        let link = around(at);
        if link.is_some_and(|link| is_elsewhere(&link.target)) {
            continue;
        }
        let source = link.map_or("", |link| link.span.of(text));
        if source.ends_with(']')
            && (source.ends_with("[]") || !source.contains("]["))
            && label_of(source).is_some_and(|label| !labels.contains(&folded(label.of(source))))
        {
            // The text is the label: it stays with the place it leads to.
            continue;
        }
        if look.is_other() && in_heading(at) {
            found.settled.push(at);
            continue;
        }
        let leads_there = link.is_some_and(|link| look.leads_there(&link.target));
        look.mention(text, at, leads_there || (look.own && in_heading(at)), found);
    }
    paths_where(look, text, span, &|at| !around(at).is_some_and(|link| is_elsewhere(&link.target)), found);
}

/// Collects the ids under `span` that are written so that they can mean nothing else.
pub(super) fn exact(look: &Look<'_>, text: &str, span: Span, found: &mut Found) {
    for mention in mentions(span.of(text), &look.order.config.kinds) {
        if mention.id == look.order.old && mention.form != Form::Loose {
            look.mention(text, mention.span.shifted(span.start()), false, found);
        }
    }
}

/// Collects the paths under `span` that name the record's file.
pub(super) fn paths(look: &Look<'_>, text: &str, span: Span, found: &mut Found) {
    paths_where(look, text, span, &|_| true, found);
}

fn paths_where(look: &Look<'_>, text: &str, span: Span, wanted: &dyn Fn(Span) -> bool, found: &mut Found) {
    let Some(tail) = look.order.tail() else { return };
    let source = span.of(text);
    let ends = |c: char| c.is_whitespace() || "`\"'<>()[]{}|,;*=".contains(c);
    for (at, _) in source.match_indices(tail) {
        let end = at + tail.len();
        let mut after = source[end..].chars();
        let goes_on = match after.next() {
            Some(c) if c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '%') => true,
            Some('.') => after.next().is_some_and(char::is_alphanumeric),
            _ => false,
        };
        let begin = source[..at]
            .rfind(ends)
            .map_or(0, |before| before + source[before..].chars().next().map_or(1, char::len_utf8));
        let path = &source[begin..end];
        let place = Span::new(begin, end).shifted(span.start());
        if goes_on || path.contains(':') || !wanted(place) {
            continue;
        }
        if look.named_path(path).is_some() {
            let heading = source[end..].strip_prefix('#').map_or(0, |rest| {
                1 + rest.find(|c: char| ends(c) || matches!(c, '.' | ':' | '!' | '?')).unwrap_or(rest.len())
            });
            named(look, path, &source[begin..end + heading], place.start(), found);
        }
    }
}

/// Adds the path `path`, which names the record's file, with the heading that may stand behind it.
fn named(look: &Look<'_>, path: &str, whole: &str, at: usize, found: &mut Found) {
    let shown = Span::new(at, at + whole.len());
    if let Some((digits, text)) = look.named_path(path) {
        found.rewrite(digits.shifted(at), text, shown);
    }
    let names = look.anchors.get(&format!("{}{}", look.order.prefix, look.order.from));
    let heading = &whole[path.len()..];
    if let Some(new) = names.and_then(|names| names.get(heading.strip_prefix('#')?)) {
        found.rewrite(Span::new(path.len() + 1, whole.len()).shifted(at), new.clone(), shown);
    }
}
