//! A merge nobody finished.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::BlockKind;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "conflict-markers",
    level: Level::Deny,
    page: include_str!("../../docs/rules/conflict-markers.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for span in &subject.document.conflicts {
        if !quoted_as_code(subject, *span) {
            sink.push(
                Finding::at(*span, format!("{} holds an unresolved merge conflict", subject.name()))
                    .label("one side begins here")
                    .help("keep what is right of both sides and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`"),
            );
        }
    }
}

fn quoted_as_code(subject: &Subject<'_>, span: Span) -> bool {
    let blocks = &subject.document.outline().blocks;
    span.start() >= subject.document.body
        && blocks.iter().any(|block| block.kind == BlockKind::Code && block.span.contains(span))
}
