//! One id, two records.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::record::Record;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "duplicate-id",
    level: Level::Deny,
    page: include_str!("../../docs/rules/duplicate-id.md"),
    fixes: false,
    check: Check::Workspace(check),
};

fn check(workspace: &Workspace<'_>, sink: &mut Sink<'_>) {
    let kinds = &workspace.config.kinds;
    for (id, records) in workspace.ids() {
        let [first, others @ ..] = records else { continue };
        let first = &workspace.records[first.1];
        for other in others {
            let other = &workspace.records[other.1];
            let message = format!("{} is taken: {} has it too", id.text(kinds), first.path);
            let finding = match place(other, workspace) {
                Some(span) => Finding::at(span, message),
                None => Finding::whole(message),
            };
            let kind = kinds.at(id.kind);
            let free =
                workspace.ids().filter(|(other, _)| other.kind == id.kind).map(|(id, _)| id.number).max();
            let free = kind.id_of(free.unwrap_or(0) + 1);
            let key = kind.field("id").map_or("id", |field| &field.key);
            sink.push_about(
                other,
                finding
                    .related(&first.path, place(first, workspace), "the other record with this id")
                    .help(format!(
                        "give the newer of the two the next free number, `{key}: {free}`, in its file name too"
                    ))
                    .help(format!(
                        "let it be done, and every mention that may mean it be listed: pmkit renumber {}",
                        other.path
                    )),
            );
        }
    }
}

/// Returns where the record writes its id.
fn place(record: &Record, workspace: &Workspace<'_>) -> Option<Span> {
    let kind = workspace.config.kinds.at(record.kind);
    record.field(kind, "id").map(|field| field.span)
}
