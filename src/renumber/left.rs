//! What names the record, or may, and stays as it is: for a person to look at.

use super::Found;
use super::Left;
use super::Renumbering;
use super::Text;
use super::touch;
use crate::record::Form;
use crate::record::mentions;
use crate::text::Lines;
use crate::text::Span;

/// Adds the lines of `text` that name the record and are not changed.
pub(super) fn collect(order: &Renumbering<'_>, text: &Text, found: &Found, left: &mut Vec<Left>) {
    let written = |span: Span| {
        text.writable
            && found.rewrites.iter().any(|rewrite| touch(rewrite.span, span) || touch(rewrite.shown, span))
    };
    let doubtful = !order.is_certain();
    let mut places: Vec<(Span, bool)> = found.doubtful.iter().map(|span| (*span, true)).collect();
    for mention in mentions(&text.text, &order.config.kinds) {
        let settled = || found.settled.iter().any(|span| touch(*span, mention.span));
        if mention.id == order.old && mention.form != Form::Loose && !written(mention.span) && !settled() {
            places.push((mention.span, doubtful));
        }
    }
    for span in names(order, &text.text) {
        if !written(span) {
            places.push((span, false));
        }
    }
    if !text.writable {
        places.extend(found.rewrites.iter().map(|rewrite| (rewrite.shown, false)));
    }
    places.sort_unstable();
    let lines = Lines::new(&text.text);
    let mut last = 0;
    for (span, doubtful) in places {
        let at = lines.position(span.start());
        // One line is looked at once, whatever it names.
        if at.line == last {
            continue;
        }
        last = at.line;
        left.push(Left {
            path: order.top(text),
            line: at.line,
            column: at.column,
            text: lines.line(at.line).of(&text.text).trim().to_owned(),
            doubtful,
        });
    }
}

/// Returns where the name of the record's file stands, with or without its ending where it has words of its own.
fn names(order: &Renumbering<'_>, text: &str) -> Vec<Span> {
    if order.from == order.to {
        return Vec::new();
    }
    let Some(tail) = order.tail() else { return Vec::new() };
    let stem = tail.rsplit_once('.').map_or(tail, |(stem, _)| stem);
    let telling = stem.contains(char::is_alphabetic);
    let name = if telling { stem } else { tail };
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let found = text.match_indices(name).map(|(at, _)| Span::new(at, at + name.len()));
    let whole = |span: &Span| {
        // Digits before the number make it another one; letters may be part of the name.
        let before = text[..span.start()].chars().next_back();
        !before.is_some_and(|c| c.is_ascii_digit()) && !joins(text[span.end()..].chars().next())
    };
    found.filter(whole).collect()
}
