//! Slips in a value that quotes would have prevented.

use super::Mend;
use super::Proposal;
use super::Slip;
use super::in_quotes;
use super::quoting;
use super::replacing;
use crate::document::lines::Line;
use crate::document::lines::quoted_length;
use crate::text::Span;

pub(super) fn reserved_start(source: &str, span: Span, line: Line) -> Option<Proposal> {
    let value = line.value.of(source);
    let (message, certain) = match value.chars().next()? {
        '@' => ("a value cannot begin with `@`: a handle goes in quotes", true),
        '`' => ("a value cannot begin with a backtick: it goes in quotes", true),
        '*' | '&' | '!' => ("a value that begins with `*`, `&` or `!` means something else in YAML", true),
        '%' | '|' | '>' | ',' | '?' | ']' | '}' => {
            ("a value cannot begin with this character unless it is in quotes", true)
        }
        _ => return None,
    };
    Some(quoting(source, span, line.value, message.to_owned(), certain))
}

/// Finds items of a list in brackets that cannot begin as they do: `[@ana, @lee]`.
pub(super) fn reserved_in_list(source: &str, span: Span, line: Line) -> Option<Proposal> {
    let value = line.value.of(source);
    let inside = value.strip_prefix('[')?.strip_suffix(']')?;
    if inside.contains(['[', '{', '"', '\'']) {
        return None;
    }
    let reserved = |item: &str| item.starts_with(['@', '`']);
    let items: Vec<&str> = inside.split(',').map(str::trim).collect();
    let first = items.iter().find(|item| reserved(item))?;
    let mended: Vec<String> =
        items.iter().map(|item| if reserved(item) { in_quotes(item) } else { (*item).to_owned() }).collect();
    let list = format!("[{}]", mended.join(", "));
    let at = line.value.start() + value.find(first)?;
    let what = if first.starts_with('@') { "`@`: a handle" } else { "a backtick: it" };
    Some(replacing(
        source,
        span,
        line.value,
        list.clone(),
        Slip {
            span: Span::new(at, at + first.len()),
            message: format!("an item cannot begin with {what} goes in quotes"),
            label: None,
            help: format!("write `{list}`"),
            mend: Some(Mend {
                title: "put the items in quotes".to_owned(),
                certain: true,
                edits: Vec::new(),
            }),
        },
    ))
}

pub(super) fn text_after_quote(source: &str, span: Span, line: Line) -> Option<Proposal> {
    let value = line.value.of(source);
    let length = quoted_length(value).filter(|length| *length < value.len())?;
    let mut proposal =
        quoting(source, span, line.value, "there is text after the closing quote".to_owned(), true);
    proposal.slip.span = Span::new(line.value.start() + length, line.value.end());
    proposal.slip.label = Some("the quotes must hold the whole value".to_owned());
    Some(proposal)
}

pub(super) fn quote_never_closed(source: &str, span: Span, line: Line) -> Option<Proposal> {
    let value = line.value.of(source);
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    if quoted_length(value).is_some() {
        return None;
    }
    let (part, message) = match value.chars().last().filter(|c| matches!(c, '”' | '“' | '’' | '‘')) {
        Some(curly) => {
            let part = Span::new(line.value.end() - curly.len_utf8(), line.value.end());
            (part, format!("opened with `{quote}` but closed with `{curly}`"))
        }
        None => (Span::at(line.value.end()), format!("the opening `{quote}` is never closed")),
    };
    Some(replacing(
        source,
        span,
        part,
        quote.to_string(),
        Slip {
            span: if part.is_empty() { Span::new(line.value.start(), line.value.start() + 1) } else { part },
            message,
            label: None,
            help: format!("close the value with `{quote}`"),
            mend: Some(Mend { title: format!("close with `{quote}`"), certain: true, edits: Vec::new() }),
        },
    ))
}

pub(super) fn link_or_braces(source: &str, span: Span, line: Line) -> Option<Proposal> {
    let value = line.value.of(source);
    match value.chars().next()? {
        '[' => {
            let message = "`[` begins a YAML list: a Markdown link goes in quotes".to_owned();
            Some(quoting(source, span, line.value, message, value.contains("](")))
        }
        '{' => {
            let message = "`{` begins a YAML map: text in braces goes in quotes".to_owned();
            Some(quoting(source, span, line.value, message, false))
        }
        _ => None,
    }
}

pub(super) fn colon_in_value(source: &str, span: Span, line: Line) -> Option<Proposal> {
    let value = line.value.of(source);
    let at = value.find(": ").or_else(|| value.ends_with(':').then(|| value.len() - 1))?;
    if line.key.is_none() && line.dash.is_none() {
        return None;
    }
    let mut proposal = quoting(
        source,
        span,
        line.value,
        "a colon inside the value makes YAML read a second key".to_owned(),
        true,
    );
    proposal.slip.span = Span::new(line.value.start() + at, line.value.start() + at + 1);
    proposal.slip.label = Some("put the whole value in quotes".to_owned());
    Some(proposal)
}
