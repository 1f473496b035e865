//! The heading of a record that gets another title: where it said the old one, it says the new one.

use super::Draft;
use crate::document::Document;
use crate::record::says_title;
use crate::record::title_heading;
use crate::text::Span;

impl Draft<'_> {
    /// Lets the heading follow from the title `old` to `new`. One that said something else before is left to its writer, and
    /// so is one that cannot be changed for certain: that is returned as a note.
    pub(super) fn follow_title(&mut self, old: &str, new: &str) -> Option<String> {
        let kinds = &self.config.kinds;
        let (section, heading) = title_heading(&self.document, self.kind())?;
        let id = self.record.id();
        if !says_title(heading, old, id, kinds) || says_title(heading, new, id, kinds) {
            return None;
        }
        let span = section.heading;
        let written = self.document.at(span);
        let text = escaped(new);
        let replaced = match written.rfind(old).filter(|_| !old.is_empty()) {
            Some(at) => {
                let (before, after) = (&written[..at], &written[at + old.len()..]);
                Some(format!("{before}{text}{after}"))
            }
            None if written.starts_with("# ") && !written.contains(['\n', '\r']) => {
                let name = id.map(|id| format!("{} ", kinds.at(id.kind).spoken_id(id.number)));
                Some(format!("# {}{text}", name.unwrap_or_default()))
            }
            None => None,
        };
        let after = replaced.map(|heading| in_place(&self.document.text, span, &heading));
        let fits = |after: &Document| {
            let found = title_heading(after, self.kind())
                .is_some_and(|(_, heading)| says_title(heading, new, id, kinds));
            found && after.outline().sections.len() == self.document.outline().sections.len()
        };
        match after.map(Document::read).filter(fits) {
            Some(after) => {
                self.document = after;
                None
            }
            None => Some(format!("{}: the heading still says the old title; change it by hand", self.name)),
        }
    }
}

fn in_place(text: &str, span: Span, new: &str) -> String {
    format!("{}{new}{}", &text[..span.start()], &text[span.end()..])
}

/// Returns a title as a heading writes it: no tag, no comment.
fn escaped(title: &str) -> String {
    title.replace('<', "\\<")
}
