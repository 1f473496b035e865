//! A file at a record's place that is no document: a folder, a pipe, other encodings, too much.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::document::Unreadable;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "unreadable-file",
    level: Level::Deny,
    page: include_str!("../../docs/rules/unreadable-file.md"),
    fixes: false,
    check: Check::File(check),
};

fn check(unreadable: &Unreadable, sink: &mut Sink<'_>) {
    let message = format!("a record belongs here, but this {}", unreadable.what);
    sink.push(Finding::whole(message).help(unreadable.help.clone()));
}
