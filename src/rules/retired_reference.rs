//! A live record that builds on one that no longer counts.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::kind::Field;
use crate::record::Origin;
use crate::record::Record;
use crate::record::Reference;
use crate::record::may_name;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "retired-reference",
    level: Level::Warn,
    page: include_str!("../../docs/rules/retired-reference.md"),
    fixes: true,
    check: Check::Workspace(check),
};

fn check(workspace: &Workspace<'_>, sink: &mut Sink<'_>) {
    let kinds = &workspace.config.kinds;
    for record in &workspace.records {
        let kind = kinds.at(record.kind);
        let live = record
            .state
            .as_ref()
            .is_some_and(|state| kind.lifecycle.is_live(state) && !kind.lifecycle.retired.contains(state));
        for reference in record.references.iter().filter(|_| live) {
            let Origin::Field(index) = reference.origin else { continue };
            let field = &kind.fields[index];
            // What another field answers names the other one on purpose.
            if field.inverse.as_ref().is_some_and(|inverse| *inverse != field.name) {
                continue;
            }
            let Some(at) = workspace.index_of(record, &reference.target) else { continue };
            if !workspace.is_retired(at) || is_answer(workspace, &field.name) {
                continue;
            }
            let other = &workspace.records[at];
            let state = other.state.as_deref().unwrap_or_default();
            let theirs = &kinds.at(other.kind).lifecycle;
            // Of what was found false another rule tells.
            let refuted = field.ground && theirs.refuted.iter().any(|known| known == state);
            if refuted || std::ptr::eq(other, record) || !may_name(other.kind, &field.to, kinds) {
                continue;
            }
            sink.push_about_with(record, || {
                let (own, name) = (record.name(kinds), other.name(kinds));
                let message = format!("{own} names {name} under `{}`, and {name} is {state}", field.key);
                let place = other.field(kinds.at(other.kind), &theirs.field).map(|field| field.span);
                let finding = Finding::at(reference.span, message).related(
                    &other.path,
                    place,
                    "since this was written",
                );
                with_help(workspace, record, field, reference, at, finding)
            });
        }
    }
}

/// Says whether some other field has `name` as its answer.
fn is_answer(workspace: &Workspace<'_>, name: &str) -> bool {
    let fields = workspace.config.kinds.all().iter().flat_map(|kind| &kind.fields);
    fields.into_iter().any(|field| field.inverse.as_deref() == Some(name) && field.name != name)
}

/// Adds what to do: name the record that counts now, where there is one.
fn with_help(
    workspace: &Workspace<'_>,
    record: &Record,
    field: &Field,
    reference: &Reference,
    at: usize,
    finding: Finding,
) -> Finding {
    let kinds = &workspace.config.kinds;
    let name = workspace.records[at].name(kinds);
    let after = workspace.successor(at);
    let after = after.filter(|after| may_name(workspace.records[*after].kind, &field.to, kinds));
    let Some(after) = after else {
        return finding
            .help(format!("name what holds now, or take it out: `pmkit show {name}` says how it ended"));
    };
    let next = workspace.records[after].name(kinds);
    let beside = record.references.iter().filter(|other| other.origin == reference.origin);
    let named = beside.clone().any(|other| workspace.index_of(record, &other.target) == Some(after));
    if named || std::ptr::eq(&workspace.records[after], record) {
        return finding.help(format!("take {name} out: {next} has replaced it"));
    }
    let finding = finding.help(format!("write `{next}`, which has replaced it"));
    // Two of them in one quoted text have no bytes of their own.
    if beside.filter(|other| other.span == reference.span).count() > 1 {
        return finding;
    }
    finding.likely_fix(format!("write `{next}`"), vec![(reference.span, next)])
}
