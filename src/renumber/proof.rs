//! Proof by reading again: a text that was changed has the same parts in the same places, and says the same but for the
//! places that were to change.

use super::Anchors;
use super::Look;
use super::Renumbering;
use super::Rewrite;
use super::Text;
use super::touch;
use crate::document::Document;
use crate::document::Entry;
use crate::document::Node;
use crate::document::Outline;
use crate::text::Span;

/// Says whether `after` is `before`, the document of `text`, with the rewrites in it and otherwise the same to read.
pub(super) fn holds(
    order: &Renumbering<'_>,
    anchors: &Anchors,
    text: &Text,
    before: &Document,
    after: &str,
    rewrites: &[Rewrite],
) -> bool {
    let after = Document::read(after.to_owned());
    let shift = Shift { rewrites };
    let top = order.top(text);
    let own = !text.outside && text.path == order.from;
    let look = Look { order, anchors, path: &text.path, top: &top, own, outside: text.outside };
    shift.at(before.body) == after.body
        && before.slips.len() == after.slips.len()
        && before.conflicts.len() == after.conflicts.len()
        && before.front_matter.as_ref().map(|front_matter| (front_matter.read, front_matter.proper))
            == after.front_matter.as_ref().map(|front_matter| (front_matter.read, front_matter.proper))
        && same_entries(before.entries(), after.entries(), before, &after, &shift)
        && same_outline(before.outline(), after.outline(), &look, &shift)
}

/// Where bytes of the text stand once it is changed.
struct Shift<'a> {
    rewrites: &'a [Rewrite],
}

impl Shift<'_> {
    fn at(&self, byte: usize) -> usize {
        let before = self.rewrites.iter().take_while(|rewrite| rewrite.span.end() <= byte);
        let by: isize =
            before.map(|rewrite| rewrite.text.len().cast_signed() - rewrite.span.len().cast_signed()).sum();
        byte.saturating_add_signed(by)
    }

    fn span(&self, span: Span) -> Span {
        Span::new(self.at(span.start()), self.at(span.end()))
    }

    fn touches(&self, span: Span) -> bool {
        self.rewrites.iter().any(|rewrite| touch(rewrite.span, span))
    }
}

fn same_entries(
    before: &[Entry],
    after: &[Entry],
    old: &Document,
    new: &Document,
    shift: &Shift<'_>,
) -> bool {
    let named = |name: &str| after.iter().filter(|entry| entry.key.text.of(&new.text) == name).count();
    let same_key = |before: &Entry, after: &Entry| {
        let (was, is) = (before.key.text.of(&old.text), after.key.text.of(&new.text));
        // A key below a field that nobody knows may name the record; two must not become one.
        let changes = shift.touches(before.key.text.span) && named(is) == 1;
        shift.span(before.key.text.span) == after.key.text.span && (changes || was == is)
    };
    before.len() == after.len()
        && before.iter().zip(after).all(|(before, after)| {
            same_key(before, after) && same_node(&before.value, &after.value, old, new, shift)
        })
}

fn same_node(before: &Node, after: &Node, old: &Document, new: &Document, shift: &Shift<'_>) -> bool {
    match (before, after) {
        (Node::Scalar(before), Node::Scalar(after)) => {
            before.style == after.style
                && shift.span(before.text.span) == after.text.span
                && (shift.touches(before.text.span) || before.text.of(&old.text) == after.text.of(&new.text))
        }
        (Node::List(before), Node::List(after)) => {
            let mut pairs = before.items.iter().zip(&after.items);
            before.items.len() == after.items.len()
                && pairs.all(|(before, after)| same_node(before, after, old, new, shift))
        }
        (Node::Map(before), Node::Map(after)) => {
            same_entries(&before.entries, &after.entries, old, new, shift)
        }
        _ => false,
    }
}

fn same_outline(before: &Outline, after: &Outline, look: &Look<'_>, shift: &Shift<'_>) -> bool {
    let sections = || {
        let mut pairs = before.sections.iter().zip(&after.sections);
        before.sections.len() == after.sections.len()
            && pairs.all(|(before, after)| {
                before.level == after.level
                    && before.filled == after.filled
                    && shift.span(before.heading) == after.heading
                    && shift.span(before.body) == after.body
            })
    };
    let links = || {
        let mut pairs = before.links.iter().zip(&after.links);
        before.links.len() == after.links.len()
            && pairs.all(|(before, after)| {
                before.image == after.image
                    && shift.span(before.span) == after.span
                    && look.expected(&before.target) == *after.target
            })
    };
    let blocks = || {
        let mut pairs = before.blocks.iter().zip(&after.blocks);
        before.blocks.len() == after.blocks.len()
            && pairs.all(|(before, after)| before.kind == after.kind && shift.span(before.span) == after.span)
    };
    let spans = |before: &[Span], after: &[Span]| {
        before.len() == after.len()
            && before.iter().zip(after).all(|(before, after)| shift.span(*before) == *after)
    };
    sections()
        && links()
        && blocks()
        && spans(&before.comments, &after.comments)
        && spans(&before.prose, &after.prose)
}
