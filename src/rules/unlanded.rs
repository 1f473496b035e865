//! A decision that nobody else knows of yet.

use super::Check;
use super::Elsewhere;
use super::Rule;
use crate::diagnostic::Level;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "unlanded",
    level: Level::Warn,
    page: include_str!("../../docs/rules/unlanded.md"),
    fixes: false,
    check: Check::Elsewhere(check),
};

fn check(workspace: &Workspace<'_>, elsewhere: &Elsewhere, sink: &mut Sink<'_>) {
    for unlanded in &elsewhere.unlanded {
        let Some(record) = workspace.at(&unlanded.path).map(|at| &workspace.records[at]) else { continue };
        let kind = workspace.config.kinds.at(record.kind);
        // What is being changed right now is another matter.
        if record.state.as_deref() != Some(unlanded.state.as_str()) {
            continue;
        }
        let Some(written) = record.field(kind, &kind.lifecycle.field) else { continue };
        let (name, state, branch) = (record.name(&workspace.config.kinds), &unlanded.state, &unlanded.branch);
        let there = match &unlanded.there {
            Some(there) => format!("and {there} on {branch}"),
            None => format!("and {branch} does not have it"),
        };
        sink.push_about(
            record,
            Finding::at(written.span, format!("{name} is {state} on this branch only, {there}"))
                .label("nobody else can rely on it yet")
                .help(format!("have it merged; what that would bring: `pmkit diff {branch}...HEAD`")),
        );
    }
}
