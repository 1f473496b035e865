//! A merge nobody finished.

use super::Check;
use super::Finding;
use super::Rule;
use super::Sink;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::BlockKind;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "conflict-markers",
    level: Level::Deny,
    page: include_str!("../../docs/rules/conflict-markers.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let text = &subject.document.text;
    let mut from = 0;
    while let Some(found) = memchr::memmem::find(&text.as_bytes()[from..], b"<<<<<<< ") {
        let start = from + found;
        from = start + 8;
        let begins_line = start == 0 || text[..start].ends_with(['\n', '\r']);
        let Some(end) = begins_line.then(|| text[from..].find("\n>>>>>>> ")).flatten() else { continue };
        let between = &text[from..from + end];
        let span = Span::new(start, start + text[start..].find(['\n', '\r']).unwrap_or(0));
        if between.contains("\n=======") && !quoted_as_code(subject, span) {
            sink.push(
                Finding::at(span, format!("{} holds an unresolved merge conflict", subject.name()))
                    .label("one side begins here")
                    .help("keep what is right of both sides and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`"),
            );
        }
        from += end;
    }
}

fn quoted_as_code(subject: &Subject<'_>, span: Span) -> bool {
    let blocks = &subject.document.outline().blocks;
    span.start() >= subject.document.body
        && blocks.iter().any(|block| block.kind == BlockKind::Code && block.span.contains(span))
}
