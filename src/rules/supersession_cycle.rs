//! Records that replace each other in a circle, so that none of them holds.

use std::collections::BTreeMap;
use std::collections::HashMap;

use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::record::Origin;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "supersession-cycle",
    level: Level::Deny,
    page: include_str!("../../docs/rules/supersession-cycle.md"),
    fixes: false,
    check: Check::Workspace(check),
};

/// From one record to another, with the record and the place that says so.
#[derive(Clone, Copy)]
struct Step {
    to: usize,
    said_by: usize,
    span: Span,
}

/// The steps from each record; of two fields that answer each other both are the same step.
type Steps = BTreeMap<usize, Vec<Step>>;

fn check(workspace: &Workspace<'_>, sink: &mut Sink<'_>) {
    for (field, steps) in all_steps(workspace) {
        let mut done = vec![false; workspace.records.len()];
        for start in steps.keys() {
            if let Some(circle) = circle(&steps, *start, &mut done) {
                tell(workspace, field, &circle, sink);
            }
        }
    }
}

/// Collects the steps of every pair of fields that answer each other, by the name of the one that comes first.
fn all_steps<'a>(workspace: &'a Workspace<'_>) -> BTreeMap<&'a str, Steps> {
    let mut all: BTreeMap<&str, Steps> = BTreeMap::new();
    for (from, record) in workspace.records.iter().enumerate() {
        for reference in &record.references {
            let Origin::Field(index) = reference.origin else { continue };
            let field = &workspace.config.kinds.at(record.kind).fields[index];
            // What is its own answer goes both ways by nature.
            let Some(inverse) = field.inverse.as_ref().filter(|inverse| **inverse != field.name) else {
                continue;
            };
            let Some(to) = workspace.index_of(record, &reference.target) else { continue };
            let forth = field.name < *inverse;
            let (name, from, to) = if forth { (&field.name, from, to) } else { (inverse, to, from) };
            let said_by = if forth { from } else { to };
            let steps = all.entry(name).or_default().entry(from).or_default();
            steps.push(Step { to, said_by, span: reference.span });
        }
    }
    all
}

/// Returns a circle that is met on the way from `start` among records that are not `done`, and marks those on the way as
/// done. A list and no recursion: chains may be long.
fn circle(steps: &Steps, start: usize, done: &mut [bool]) -> Option<Vec<Step>> {
    let none: &[Step] = &[];
    let of = |at: usize| steps.get(&at).map_or(none, Vec::as_slice);
    if done[start] {
        return None;
    }
    let mut way: Vec<Step> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::from([(start, 0)]);
    let mut open: Vec<(usize, std::slice::Iter<'_, Step>)> = vec![(start, of(start).iter())];
    let mut found = None;
    while let Some((at, rest)) = open.last_mut() {
        let at = *at;
        let Some(step) = rest.next() else {
            done[at] = true;
            places.remove(&at);
            open.pop();
            way.pop();
            continue;
        };
        if let Some(begin) = places.get(&step.to) {
            let mut circle = way[*begin..].to_vec();
            circle.push(*step);
            found = found.or(Some(circle));
        } else if !done[step.to] {
            way.push(*step);
            places.insert(step.to, open.len());
            open.push((step.to, of(step.to).iter()));
        }
    }
    found
}

fn tell(workspace: &Workspace<'_>, field: &str, circle: &[Step], sink: &mut Sink<'_>) {
    let kinds = &workspace.config.kinds;
    let name = |at: usize| workspace.records[at].name(kinds);
    // Wherever it was met, it is told from the same record on.
    let mut circle = circle.to_vec();
    if let Some(first) = (0..circle.len()).min_by_key(|at| circle[*at].to) {
        circle.rotate_left(first);
    }
    let Some(last) = circle.last() else { return };
    let record = &workspace.records[last.said_by];
    let around: Vec<String> = circle.iter().map(|step| name(step.to)).collect();
    let message = match &around[..] {
        [only] => format!("{only} names itself under `{field}` or its answer"),
        _ => format!("{} → {}: `{field}` goes in a circle", around.join(" → "), around[0]),
    };
    // The place names the other end of the step, whichever way round it is said.
    let begins = circle.len().checked_sub(2).map_or(last.to, |at| circle[at].to);
    let named = if last.said_by == last.to { begins } else { last.to };
    let mut finding = Finding::at(last.span, message)
        .help(format!(
            "take out the one that does not hold, `{}` here or another: what replaces is younger than what it replaces",
            name(named)
        ));
    for step in circle.iter().take(circle.len() - 1) {
        let path = &workspace.records[step.said_by].path;
        finding = finding.related(path, Some(step.span), "and from here");
    }
    // A member that says nothing itself is one of the circle all the same.
    let silent = |at: &usize| circle.iter().all(|step| step.said_by != *at);
    for at in circle.iter().map(|step| step.to).filter(silent) {
        finding = finding.related(&workspace.records[at].path, None, "in the circle too");
    }
    sink.push_about(record, finding);
}
