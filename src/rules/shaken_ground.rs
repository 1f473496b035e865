//! A record that stands on something found false.

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
    id: "shaken-ground",
    level: Level::Warn,
    page: include_str!("../../docs/rules/shaken-ground.md"),
    fixes: false,
    check: Check::Workspace(check),
};

fn check(workspace: &Workspace<'_>, sink: &mut Sink<'_>) {
    let kinds = &workspace.config.kinds;
    for record in &workspace.records {
        let kind = kinds.at(record.kind);
        for reference in &record.references {
            let Origin::Field(index) = reference.origin else { continue };
            let field = &kind.fields[index];
            let stands = |state: &String| !kind.lifecycle.ended.contains(state);
            if !field.ground || !record.state.as_ref().is_some_and(stands) {
                continue;
            }
            let Some(other) = workspace.resolve(record, &reference.target) else { continue };
            let theirs = kinds.at(other.kind);
            let refuted = |state: &&String| theirs.lifecycle.refuted.contains(state);
            let Some(state) = other.state.as_ref().filter(refuted) else { continue };
            if std::ptr::eq(other, record) {
                continue;
            }
            sink.push_about_with(record, || {
                let (own, name) = (record.name(kinds), other.name(kinds));
                let message = format!("{own} names {name} under `{}`, and {name} is {state}", field.key);
                let place = other.field(theirs, &theirs.lifecycle.field).map(|field| field.span);
                let finding = Finding::at(reference.span, message)
                    .related(&other.path, place, "what is known now")
                    .help(format!("read what was found: `pmkit show {name}`"))
                    .help(way_out(workspace, record, kind, &name, &field.key));
                let suggested = record.suggestions(kinds, RULE.id);
                suggested.iter().fold(finding, |finding, suggested| finding.help(suggested.told()))
            });
        }
    }
}

/// Says how the record at hand is put on firm ground again.
fn way_out(workspace: &Workspace<'_>, record: &Record, kind: &Kind, name: &str, key: &str) -> String {
    let kinds = &workspace.config.kinds;
    let own = record.name(kinds);
    let frozen = record.state.as_ref().is_some_and(|state| kind.lifecycle.is_frozen(state));
    if !frozen {
        return format!("decide what follows, and take {name} out of `{key}` with the reason in the text");
    }
    // The field by which a later record says that it takes this one's place.
    let replaces = kind.fields.iter().find(|field| {
        let answer = field.inverse.as_deref().and_then(|inverse| kind.field(inverse));
        answer.is_some_and(|answer| kind.comes_after(answer))
    });
    match replaces {
        Some(field) => {
            let command = record.command_for(kind, kinds);
            let command =
                command.unwrap_or_else(|| format!("pmkit new {} \"…\" {}={own}", kind.id, field.name));
            format!("decide again, as the text is frozen: `{command}`")
        }
        None => format!("decide again in a record of its own that names {own}, as the text is frozen"),
    }
}
