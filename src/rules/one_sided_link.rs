//! A link that the other record does not answer.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::document::yaml_list;
use crate::kind::Field;
use crate::kind::Kind;
use crate::record::Origin;
use crate::record::Record;
use crate::record::Reference;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;
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
            if std::ptr::eq(other, record) {
                continue;
            }
            let others = kinds.at(other.kind);
            // Where both say the same of each other, what was dropped need not: that it is named at all is told elsewhere.
            let retired = |state: &String| others.lifecycle.retired.contains(state);
            if *inverse == field.name && other.state.as_ref().is_some_and(retired) {
                continue;
            }
            let replaced = kind.comes_after(field);
            if replaced && !has_held(other, others) {
                tell_never_held(workspace, record, field, reference, other, sink);
                continue;
            }
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
            if !answers {
                tell_one_sided(workspace, record, field, reference, (other, answer), sink);
            } else if replaced {
                tell_in_force(workspace, record, other, reference, sink);
            }
        }
    }
}

fn tell_one_sided(
    workspace: &Workspace<'_>,
    record: &Record,
    field: &Field,
    reference: &Reference,
    (other, answer): (&Record, usize),
    sink: &mut Sink<'_>,
) {
    let kinds = &workspace.config.kinds;
    let others = kinds.at(other.kind);
    let (own, name) = (record.name(kinds), other.name(kinds));
    let answering = &others.fields[answer];
    let key = &answering.key;
    let written = other.fields.iter().find(|written| written.field == answer);
    let known: Vec<&str> = written.iter().flat_map(|written| written.value.texts()).collect();
    let help = match (&known[..], answering.value.is_many()) {
        ([], false) => format!("write `{key}: {own}` in {}", other.path),
        ([], true) => format!("write `{key}: {}` in {}", yaml_list([own.as_str()]), other.path),
        (known, true) => {
            let all = known.iter().copied().chain([own.as_str()]);
            format!("make it `{key}: {}` in {}", yaml_list(all), other.path)
        }
        ([first, ..], false) => {
            format!("settle which of the two it is: {name} has `{key}: {first}`, and there is room for one")
        }
    };
    let place = written.map(|written| written.span).filter(|span| !span.is_empty());
    let mut finding = Finding::at(
        reference.span,
        format!("{own} names {name} under `{}`, and {name} does not name {own}", field.key),
    )
    .related(&other.path, place, "the record that does not answer")
    .help(help);
    if others.comes_after(answering)
        && let Some((status, _)) = still_in_force(other, others)
    {
        finding = finding.help(format!("and `{status}` there, as it does not hold any more"));
    }
    sink.push_about(record, finding.help("or take the name out here, where it does not hold"));
}

/// Tells of a record that names as its replacement one that was never decided for.
fn tell_never_held(
    workspace: &Workspace<'_>,
    record: &Record,
    field: &Field,
    reference: &Reference,
    other: &Record,
    sink: &mut Sink<'_>,
) {
    let kinds = &workspace.config.kinds;
    let others = kinds.at(other.kind);
    let (own, name) = (record.name(kinds), other.name(kinds));
    let state = other.state.as_deref().unwrap_or_default();
    let place = other.field(others, &others.lifecycle.field).map(|field| field.span);
    let message =
        format!("{own} names {name} under `{}`, and {name} is {state}: it replaces nothing", field.key);
    sink.push_about(
        record,
        Finding::at(reference.span, message)
            .related(&other.path, place, format!("it is {state}"))
            .help(format!("name the record that did replace it under `{}`", field.key))
            .help(match state_before(kinds.at(record.kind), record) {
                Some(line) => {
                    format!("or, where {own} still holds, take `{}` out and write `{line}`", field.key)
                }
                None => format!("or, where {own} still holds, take `{}` out", field.key),
            }),
    );
}

/// Returns the line that takes back that `record` has been replaced; `None` where its state does not say so.
fn state_before(kind: &Kind, record: &Record) -> Option<String> {
    let lifecycle = &kind.lifecycle;
    let state = record.state.as_ref().filter(|state| lifecycle.superseded.as_ref() == Some(*state))?;
    let before = lifecycle.decided.iter().find(|from| lifecycle.next(from).contains(&state.as_str()))?;
    let key = kind.field(&lifecycle.field).map_or(lifecycle.field.as_str(), |field| &field.key);
    Some(format!("{key}: {before}"))
}

/// Tells of a record that both sides say has been replaced, and whose state says that it holds.
fn tell_in_force(
    workspace: &Workspace<'_>,
    record: &Record,
    other: &Record,
    reference: &Reference,
    sink: &mut Sink<'_>,
) {
    let kinds = &workspace.config.kinds;
    let Some((status, span)) = still_in_force(record, kinds.at(record.kind)) else { return };
    let (own, name) = (record.name(kinds), other.name(kinds));
    let state = record.state.as_deref().unwrap_or_default();
    let message = format!("{own} is {state}, and {name} has replaced it: two decisions hold at once");
    sink.push_about(
        record,
        Finding::at(span.unwrap_or(reference.span), message)
            .related(&other.path, None, "this one has replaced it")
            .help(format!("write `{status}`")),
    );
}

/// Returns the line that says that `record` has been replaced, and the state as written, where that says that it holds.
fn still_in_force(record: &Record, kind: &Kind) -> Option<(String, Option<Span>)> {
    let lifecycle = &kind.lifecycle;
    let (state, superseded) = (record.state.as_ref()?, lifecycle.superseded.as_ref()?);
    // What was turned down never held, whether the kind says so or only has no way on from there.
    let replaceable = lifecycle.moves.is_empty() || lifecycle.next(state).contains(&superseded.as_str());
    let holds = lifecycle.decided.contains(state) && !lifecycle.retired.contains(state);
    if !holds || !replaceable || state == superseded {
        return None;
    }
    let key = kind.field(&lifecycle.field).map_or(lifecycle.field.as_str(), |field| &field.key);
    let written = record.field(kind, &lifecycle.field).map(|written| written.span);
    Some((format!("{key}: {superseded}"), written))
}

/// Says whether what a record says of others holds already: a draft may name what it would replace, and what was decided
/// against replaces nothing.
fn is_settled(record: &Record, kind: &Kind) -> bool {
    let lifecycle = &kind.lifecycle;
    let Some(state) = &record.state else { return false };
    if lifecycle.superseded.as_ref() == Some(state) {
        return true;
    }
    if lifecycle.decided.is_empty() {
        return lifecycle.initial.as_ref() != Some(state) && !lifecycle.retired.contains(state);
    }
    lifecycle.decided.contains(state) && !lifecycle.retired.contains(state)
}

/// Says whether `record` holds or once did: what is deprecated or was replaced itself has replaced another before. Where its
/// state is not known, or its kind decides nothing, it may have.
fn has_held(record: &Record, kind: &Kind) -> bool {
    let lifecycle = &kind.lifecycle;
    let Some(state) = record.state.as_deref().filter(|_| !lifecycle.decided.is_empty()) else { return true };
    let holds = |state: &String| lifecycle.decided.contains(state) && !lifecycle.retired.contains(state);
    let after = || lifecycle.decided.iter().any(|from| holds(from) && lifecycle.next(from).contains(&state));
    is_settled(record, kind) || (!lifecycle.decided.iter().any(|known| known == state) && after())
}
