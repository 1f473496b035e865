//! Parts of a Markdown text that the outline leaves out, for whoever changes one: where addresses are spelled out apart from
//! their links, what stands as code in a line, and HTML.

use pulldown_cmark::Event;
use pulldown_cmark::Options;
use pulldown_cmark::Parser;

use crate::text::Span;

/// An address spelled out apart from the links that lead to it: `[label]: address`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The label, without its brackets.
    pub label: Span,
    /// The address as written, without `<` and `>` around it.
    pub address: Span,
    /// The address as it is read.
    pub target: Box<str>,
}

/// What the outline of a text leaves out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fragments {
    /// Addresses spelled out apart from their links, in order.
    pub definitions: Vec<Definition>,
    /// Code inside lines, its marks included.
    pub code: Vec<Span>,
    /// HTML, comments included.
    pub html: Vec<Span>,
}

/// Reads the Markdown of `source` from byte `body` on for what its outline leaves out. Fenced code is in neither.
#[must_use]
pub fn fragments(source: &str, body: usize) -> Fragments {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES;
    let text = source.get(body..).unwrap_or_default();
    let parser = Parser::new_ext(text, options);
    let mut found = Fragments::default();
    for (_, definition) in parser.reference_definitions().iter() {
        let span = Span::new(definition.span.start, definition.span.end);
        found.definitions.extend(taken_apart(text, span, &definition.dest).map(|definition| Definition {
            label: definition.label.shifted(body),
            address: definition.address.shifted(body),
            target: definition.target,
        }));
    }
    found.definitions.sort_unstable_by_key(|definition| definition.label);
    for (event, range) in parser.into_offset_iter() {
        let span = Span::new(body + range.start, body + range.end);
        match event {
            Event::Code(_) => found.code.push(span),
            Event::Html(_) | Event::InlineHtml(_) => found.html.push(span),
            _ => {}
        }
    }
    found
}

/// Takes the definition under `span` apart: `[label]: address "title"`.
fn taken_apart(text: &str, span: Span, target: &str) -> Option<Definition> {
    let source = span.of(text);
    let bytes = source.as_bytes();
    let open = source.find('[')?;
    let mut close = open + 1;
    while *bytes.get(close)? != b']' {
        close += if bytes[close] == b'\\' { 2 } else { 1 };
    }
    let rest = source.get(close + 1..)?.strip_prefix(':')?;
    let begin = source.len() - rest.trim_start().len();
    let address = address_at(source, begin)?;
    Some(Definition {
        label: Span::new(open + 1, close).shifted(span.start()),
        address: address.shifted(span.start()),
        target: target.into(),
    })
}

/// Returns the address that begins at `begin` of `source`, as Markdown ends one: at `>` where it began with `<`, else at a
/// space, or at a `)` that closes what was opened before it.
#[must_use]
pub fn address_at(source: &str, begin: usize) -> Option<Span> {
    let bytes = source.as_bytes();
    let angled = *bytes.get(begin)? == b'<';
    let start = if angled { begin + 1 } else { begin };
    let mut at = start;
    let mut depth = 0_usize;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
            b'>' if angled => break,
            b'\n' | b'\r' => break,
            b' ' | b'\t' if !angled => break,
            b'(' if !angled => depth += 1,
            b')' if !angled && depth == 0 => break,
            b')' if !angled => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    let end = at.min(source.len());
    (end > start && source.is_char_boundary(end)).then(|| Span::new(start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_outline_leaves_out_is_found() {
        let text = "---\na: b\n---\nSee [it], `R-0001` and <b>x</b>.\n\n[it]: ../a%20b.md#c \"t\"\n[o\\]x]:\n  <d (e).md>\n\n```\n`x`\n```\n<!-- y -->\n";
        let found = fragments(text, 13);
        let shown: Vec<(&str, &str, &str)> = found
            .definitions
            .iter()
            .map(|found| (found.label.of(text), found.address.of(text), &*found.target))
            .collect();
        assert_eq!(shown, [("it", "../a%20b.md#c", "../a%20b.md#c"), ("o\\]x", "d (e).md", "d (e).md")]);
        let of = |spans: &[Span]| spans.iter().map(|span| span.of(text).to_owned()).collect::<Vec<_>>();
        assert_eq!(of(&found.code), ["`R-0001`"]);
        assert_eq!(of(&found.html), ["<b>", "</b>", "<!-- y -->\n"]);
    }

    #[test]
    fn addresses_end_as_markdown_ends_them() {
        for (source, begin, expected) in [
            ("[a](b(c).md \"t\")", 4, Some("b(c).md")),
            ("[a](<b c.md>)", 4, Some("b c.md")),
            ("[a]()", 4, None),
            ("[a](é", 4, Some("é")),
        ] {
            assert_eq!(address_at(source, begin).map(|span| span.of(source)), expected, "{source}");
        }
    }
}
