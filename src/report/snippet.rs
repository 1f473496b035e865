//! A finding drawn the way rustc does, with a caret under the place. The only file that names the drawing crate.

use annotate_snippets::AnnotationKind;
use annotate_snippets::Element;
use annotate_snippets::Group;
use annotate_snippets::Level as Severity;
use annotate_snippets::Origin;
use annotate_snippets::Renderer;
use annotate_snippets::Snippet;

use super::Look;
use crate::text::Lines;
use crate::text::Span;
use crate::text::visible;
use crate::text::visible_with_offsets;

/// The longest line that is drawn, in bytes; of a longer one the place is named.
const MOST_DRAWN: usize = 4_000;

/// A finding ready to draw: every text in it may be foreign.
pub(super) struct Drawing<'a> {
    pub(super) error: bool,
    pub(super) id: Option<&'a str>,
    pub(super) message: &'a str,
    pub(super) place: Option<Spot<'a>>,
    pub(super) others: Vec<Spot<'a>>,
    pub(super) help: &'a [String],
}

/// A place to draw: a file, and what is marked in it.
pub(super) struct Spot<'a> {
    pub(super) path: String,
    pub(super) lines: Option<&'a Lines<'a>>,
    pub(super) span: Option<Span>,
    pub(super) label: Option<&'a str>,
}

/// Draws a finding, with a line end at its end.
pub(super) fn draw(drawing: &Drawing<'_>, look: Look<'_>) -> String {
    let severity = if drawing.error { Severity::ERROR } else { Severity::WARNING };
    let title = severity.primary_title(visible(drawing.message));
    let mut group = match drawing.id {
        Some(id) => Group::with_title(title.id(id)),
        None => Group::with_title(title),
    };
    if let Some(spot) = &drawing.place {
        group = group.element(element(spot, AnnotationKind::Primary));
    }
    for spot in &drawing.others {
        group = group.element(element(spot, AnnotationKind::Context));
    }
    for help in drawing.help {
        group = group.element(Severity::HELP.message(visible(help)));
    }
    let renderer = if look.color { Renderer::styled() } else { Renderer::plain() };
    let mut drawn = renderer.term_width(look.width).render(&[group]);
    drawn.push('\n');
    drawn
}

/// Draws the line a place begins on, or only names the file where there is nothing to point at.
fn element<'a>(spot: &Spot<'a>, kind: AnnotationKind) -> Element<'a> {
    let path = visible(&spot.path).into_owned();
    let (Some(span), Some(lines)) = (spot.span, spot.lines) else {
        return Origin::path(path).into();
    };
    let start = lines.position(span.start());
    let line = lines.line(start.line);
    let source = line.of(lines.text());
    if source.len() > MOST_DRAWN {
        return Origin::path(path).line(start.line).char_column(start.column).into();
    }
    // The byte order mark is no column of the first line.
    let mark = if line.start == 0 && source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let (shown, offsets) = visible_with_offsets(&source[mark..]);
    let within = |byte: usize| {
        let byte = byte.clamp(line.start() + mark, line.end()) - line.start() - mark;
        offsets[byte]
    };
    let (from, to) = (within(span.start()), within(span.end()));
    let mut annotation = kind.span(from..to);
    if let Some(label) = spot.label {
        annotation = annotation.label(visible(label).into_owned());
    }
    // A blank line after it keeps a caret at the very end of the text inside the source.
    Snippet::source(format!("{shown}\n"))
        .line_start(start.line)
        .path(path)
        .fold(true)
        .annotation(annotation)
        .into()
}
