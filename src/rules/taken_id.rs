//! A number that a branch has given to another record.

use super::Check;
use super::Elsewhere;
use super::Place;
use super::Rule;
use crate::diagnostic::Level;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "taken-id",
    level: Level::Deny,
    page: include_str!("../../docs/rules/taken-id.md"),
    fixes: false,
    check: Check::Elsewhere(check),
};

fn check(workspace: &Workspace<'_>, elsewhere: &Elsewhere, sink: &mut Sink<'_>) {
    let kinds = &workspace.config.kinds;
    for of_record in elsewhere.taken.chunk_by(|a, b| a.path == b.path) {
        let first = &of_record[0];
        let Some(record) = workspace.at(&first.path).map(|at| &workspace.records[at]) else { continue };
        let span = record.field(kinds.at(record.kind), "id").map_or(Span::at(0), |written| written.span);
        let id = first.id.text(kinds);
        let message = format!("{id} is taken: {} it is {}", first.place.words(), first.by);
        let mut finding = Finding::at(span, message)
            .label("both were made since the two parted, and would merge without a conflict")
            .help(match first.landed {
                true => format!("renumber that one there, before the merge: pmkit renumber {}", first.by),
                false => format!("give this one the next free number: pmkit renumber {}", first.path),
            });
        if !first.certain {
            // Nobody knows whether that branch will ever be merged.
            finding = match &first.place {
                Place::Branch(name) => finding.help(format!("or, where {name} has been given up, delete it")),
                Place::Worktree(_) => finding.help("or give that one another, where nobody knows it yet"),
            }
            .guess();
        }
        sink.push_about(record, finding);
    }
}
