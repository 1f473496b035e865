//! A link that the other record does not answer.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::kind::Kind;
use crate::record::Origin;
use crate::record::Record;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "one-sided-link",
    level: Level::Deny,
    page: include_str!("../../docs/rules/one-sided-link.md"),
    fixes: false,
    check: Check::Workspace(check),
};

fn check(workspace: &Workspace<'_>, sink: &mut Sink<'_>) {
    let kinds = &workspace.config.kinds;
    for record in &workspace.records {
        let kind = kinds.at(record.kind);
        if !is_settled(record, kind) {
            continue;
        }
        for reference in &record.references {
            let Origin::Field(index) = reference.origin else { continue };
            let field = &kind.fields[index];
            let (Some(inverse), Some(other)) = (&field.inverse, workspace.resolve(record, &reference.target))
            else {
                continue;
            };
            let others = kinds.at(other.kind);
            // A kind without such a field cannot answer.
            let Some(answer) = others.fields.iter().position(|field| field.name == *inverse) else {
                continue;
            };
            let mut back = other.references.iter().filter(|back| back.origin == Origin::Field(answer));
            // An answer that leads nowhere may be meant for this one; another rule tells of it.
            let answers = back.any(|back| match workspace.resolve(other, &back.target) {
                Some(found) => std::ptr::eq(found, record),
                None => true,
            });
            if answers || std::ptr::eq(other, record) {
                continue;
            }
            let (own, name) = (record.name(kinds), other.name(kinds));
            let key = &others.fields[answer].key;
            let message = format!("{own} names {name} under `{}`, and {name} does not name {own}", field.key);
            sink.push_about(
                record,
                Finding::at(reference.span, message)
                    .help(format!("write `{key}: {own}` in {}", other.path))
                    .help("or take the name out here, where it does not hold"),
            );
        }
    }
}

/// Says whether what a record says of others holds already: a draft may name what it would replace.
fn is_settled(record: &Record, kind: &Kind) -> bool {
    let lifecycle = &kind.lifecycle;
    let state = record.state.as_deref();
    let Some(state) = state else { return false };
    if lifecycle.decided.is_empty() {
        return lifecycle.initial.as_deref() != Some(state);
    }
    let known = |states: &[String]| states.iter().any(|known| known == state);
    known(&lifecycle.decided) || lifecycle.superseded.as_deref() == Some(state)
}
