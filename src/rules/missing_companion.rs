//! A day that comes near while the record that should stand ready by then does not.

use std::collections::HashMap;

use super::Check;
use super::Rule;
use crate::date::Date;
use crate::diagnostic::Level;
use crate::kind::Companion;
use crate::kind::Kind;
use crate::record::FieldValue;
use crate::record::Origin;
use crate::record::Record;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::with_article;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "missing-companion",
    // What the calendar alone can cause must not turn a build red overnight.
    level: Level::Warn,
    page: include_str!("../../docs/rules/missing-companion.md"),
    fixes: false,
    check: Check::Day(check),
};

/// A record whose day is near.
struct Near<'a> {
    record: &'a Record,
    written: &'a FieldValue,
    day: Date,
    /// The records that should stand ready.
    companions: Vec<&'a Record>,
}

fn check(workspace: &Workspace<'_>, today: Date, sink: &mut Sink<'_>) {
    let kinds = &workspace.config.kinds;
    for (own, kind) in kinds.all().iter().enumerate() {
        for (index, field) in kind.fields.iter().enumerate() {
            // A team may have put a kind of its own in place of the one that was meant.
            let Some(companion) = &field.companion else { continue };
            let Some(other) = kinds.index_of(&companion.kind) else { continue };
            let there = kinds.at(other).fields.iter().position(|field| field.name == companion.through);
            let Some(through) = there.filter(|at| kinds.at(other).fields[*at].value.is_reference()) else {
                continue;
            };
            let mut near: HashMap<usize, Near<'_>> = HashMap::new();
            for (at, record) in workspace.records.iter().enumerate().filter(|(_, record)| record.kind == own)
            {
                near.extend(is_near(record, kind, index, companion, today).map(|found| (at, found)));
            }
            if near.is_empty() {
                continue;
            }
            for record in workspace.records.iter().filter(|record| record.kind == other) {
                let names = record.references.iter().filter(|it| it.origin == Origin::Field(through));
                for named in names.filter_map(|reference| workspace.index_of(record, &reference.target)) {
                    let Some(near) = near.get_mut(&named) else { continue };
                    // Whoever names it twice is one all the same.
                    if !near.companions.last().is_some_and(|last| std::ptr::eq(*last, record)) {
                        near.companions.push(record);
                    }
                }
            }
            let mut near: Vec<(usize, Near<'_>)> = near.into_iter().collect();
            near.sort_unstable_by_key(|(at, _)| *at);
            let ready =
                |record: &&Record| record.state.as_ref().is_some_and(|it| companion.states.contains(it));
            for (_, near) in near.iter().filter(|(_, near)| !near.companions.iter().any(ready)) {
                sink.push_about(
                    near.record,
                    finding(workspace, near, kind, companion, kinds.at(other), today),
                );
            }
        }
    }
}

/// Returns `record` where its day, in the field at `index`, is near or was just now, and something should stand ready for it.
fn is_near<'a>(
    record: &'a Record,
    kind: &Kind,
    index: usize,
    companion: &Companion,
    today: Date,
) -> Option<Near<'a>> {
    let written = record.fields.iter().find(|written| written.field == index)?;
    let day = written.value.as_date()?;
    let live = kind.lifecycle.is_live(record.state.as_deref()?);
    let asked = companion.when.holds(record.state.as_deref(), |name| record.in_conditions(kind, name));
    let near = companion.ahead.before(day) <= today && today <= companion.ahead.after(day);
    (live && asked && near).then(|| Near { record, written, day, companions: Vec::new() })
}

fn finding(
    workspace: &Workspace<'_>,
    near: &Near<'_>,
    kind: &Kind,
    companion: &Companion,
    other: &Kind,
    today: Date,
) -> Finding {
    let kinds = &workspace.config.kinds;
    let id = near.record.name(kinds);
    let words = kind.fields[near.written.field].words();
    let ready = companion.states.join(" or ");
    let message = format!(
        "{id}: {words} {}, {}, and no {} that names it is {ready}",
        near.day.spoken(),
        near.day.distance(today),
        other.id
    );
    let mut finding = Finding::at(near.written.span, message)
        .label(format!("by then {} should be {ready}", with_article(&other.id)));
    let status = &other.lifecycle.field;
    for record in &near.companions {
        let (name, state) = (record.name(kinds), record.state.as_deref().unwrap_or_default());
        let place = record.field(other, status).map(|field| field.span);
        finding = finding.related(&record.path, place, format!("{name} is {state}"));
        let to = companion.states.iter().find(|to| other.lifecycle.reaches(state, to));
        if let Some(to) = to {
            finding = finding.help(format!("finish {name}: `pmkit set {name} {status}={to}`"));
        }
    }
    if near.companions.is_empty() {
        finding =
            finding.help(format!("write one: `pmkit new {} \"…\" {}={id}`", other.id, companion.through));
    }
    finding.help(format!(
        "or, where the day has moved, say so: `{}: YYYY-MM-DD`",
        kind.fields[near.written.field].key
    ))
}
