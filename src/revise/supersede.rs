//! One record takes another one's place: both say so, and the old one's state does.
//!
//! Which fields say it the kind files tell: the old one's names what came after it, and the new one's answers.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::Draft;
use super::Original;
use super::Revised;
use super::is_same;
use crate::config::Config;
use crate::date::Date;
use crate::error::Error;
use crate::error::Result;
use crate::kind::Kind;
use crate::record::Origin;
use crate::record::Record;
use crate::record::may_name;
use crate::text::with_article;
use crate::workspace::Workspace;

/// Plans that the record `new` takes the place of `old`; `workspace` has all records, these two too.
///
/// # Errors
/// Where that cannot be: they are one, it would be a circle, the old one has not been decided or was replaced by another, the
/// new one does not count, or their kinds do not know of it.
pub fn supersede(workspace: &Workspace<'_>, old: &Original, new: &Original, today: Date) -> Result<Revised> {
    let config = workspace.config;
    let (mut before, mut after) = (Draft::new(config, old), Draft::new(config, new));
    let (was, is) = (before.name.clone(), after.name.clone());
    if old.path == new.path {
        return Err(Error::new(format!("{was} cannot take its own place"))
            .help(format!("name the record that does: pmkit supersede {was} --by …")));
    }
    let pair = pair(config, before.kind(), after.kind(), (old.claim.kind, new.claim.kind))?;
    let (Some(at), Some(to)) = (workspace.at(&old.path), workspace.at(&new.path)) else {
        return Err(Error::new(format!("{was} or {is} is not among the records")));
    };
    if let Some(way) = way(workspace, to, at) {
        let names: Vec<String> = way.iter().map(|at| workspace.records[*at].name(&config.kinds)).collect();
        return Err(Error::new(format!(
            "that would be a circle: {} was replaced by {}",
            names[0],
            names[1..].join(", and that by ")
        ))
        .help("take out what does not hold: what replaces is younger than what it replaces"));
    }
    let [old_id, new_id] = [&before, &after].map(|draft| draft.record.id_text(&config.kinds));
    let (Some(old_id), Some(new_id)) = (old_id, new_id) else {
        return Err(Error::new("a record without an id cannot be named by another").help("give it one first"));
    };
    for (draft, original) in [(&before, old), (&after, new)] {
        let same = workspace.records.iter().filter(|record| record.id() == draft.record.id()).count();
        if same > 1 {
            let message =
                format!("{} is the id of {same} records: to name it would not say which", draft.name);
            return Err(Error::new(message)
                .help(format!("give one of them another number: pmkit renumber {}", original.path)));
        }
    }
    replaced_by_another(&before, &pair, workspace, to)?;
    counts(&after)?;
    let state = |draft: &Draft<'_>| {
        draft.kind().fields.iter().position(|field| field.name == draft.kind().lifecycle.field)
    };
    let from = before.record.state.clone();
    let superseded = pair.state.clone();
    if from.as_ref() != Some(&superseded) {
        if from.is_none() {
            return Err(Error::new(format!("{was} is in no state that its kind knows"))
                .help(format!("mend that first: pmkit lint {}", old.path)));
        }
        may_be_replaced(&before, &superseded)?;
    }
    let mut named = after.texts(pair.answers);
    let answers = &after.kind().fields[pair.answers];
    let known = named.iter().any(|text| is_same(answers, text, &old_id, new.claim.kind, config));
    let known = known || points(workspace, to, pair.answers, at);
    if !known {
        if !answers.value.is_many() && !named.is_empty() {
            return Err(Error::new(format!(
                "{is} has `{}: {}`, and there is room for one",
                answers.key,
                named.join(", ")
            ))
            .help("settle which of the two it replaces"));
        }
        named.push(old_id);
        after.set(pair.answers, &named)?;
    }
    if let Some(index) = state(&before) {
        before.set(index, &[superseded])?;
    }
    if !points(workspace, at, pair.after, to) {
        before.set(pair.after, &[new_id])?;
    }
    let mut revised = Revised::default();
    if before.changed.is_empty() && after.changed.is_empty() {
        revised.notes.push(format!("{was} is superseded by {is} already"));
        return Ok(revised);
    }
    if let Some(state) = after.record.state.clone().filter(|state| after.kind().lifecycle.is_open(state)) {
        revised.notes.push(format!(
            "{is} is {state}: it replaces nothing before it is decided, and lint says so until then"
        ));
    }
    revised.add(&before, today);
    revised.add(&after, today);
    Ok(revised)
}

/// What says that one record took another one's place.
struct Pair {
    /// The field of the old one that names what came after it.
    after: usize,
    /// The field of the new one that names what it replaces.
    answers: usize,
    /// The state of the old one.
    state: String,
}

/// Finds the fields of the kinds `old` and `new`, which have the indices `kinds`, that name each other.
fn pair(config: &Config, old: &Kind, new: &Kind, kinds: (usize, usize)) -> Result<Pair> {
    let Some(state) = old.lifecycle.superseded.clone() else {
        return Err(Error::new(format!(
            "{} has no state in which another one has taken its place",
            with_article(&old.id)
        ))
        .help(format!("see the states there are: pmkit kinds {}", old.id)));
    };
    for (after, field) in old.fields.iter().enumerate().filter(|(_, field)| old.comes_after(field)) {
        let answers = new.fields.iter().position(|known| Some(&known.name) == field.inverse.as_ref());
        let fits = answers.filter(|answers| {
            let answering = &new.fields[*answers];
            answering.inverse.as_ref() == Some(&field.name)
                && may_name(kinds.1, &field.to, &config.kinds)
                && may_name(kinds.0, &answering.to, &config.kinds)
        });
        if let Some(answers) = fits {
            return Ok(Pair { after, answers, state });
        }
    }
    let (one, other) = (with_article(&new.id), with_article(&old.id));
    Err(Error::new(format!("{one} cannot take the place of {other}: no fields of theirs name each other"))
        .help("see what each may name: pmkit kinds")
        .help(
            "two fields that name each other have `inverse` and `to` in the kind files: docs/kind-files.md",
        ))
}

/// Makes sure that the record is in a state from which a move leads to `superseded`.
fn may_be_replaced(before: &Draft<'_>, superseded: &str) -> Result<()> {
    let lifecycle = &before.kind().lifecycle;
    let Some(from) = before.record.state.as_deref() else { return Ok(()) };
    if lifecycle.reaches(from, superseded) {
        return Ok(());
    }
    let name = &before.name;
    if lifecycle.is_decided(from) || lifecycle.is_ended(from) {
        return Err(Error::new(format!("{name} is {from}, and does not hold: there is nothing to replace"))
            .help("leave it as it is"));
    }
    let error = Error::new(format!("{name} is {from}: nothing has been decided yet that could be replaced"));
    let legal = lifecycle.legal(from);
    let decides = |state: &&&str| lifecycle.next(state).contains(&superseded);
    let ends = |state: &&&str| lifecycle.is_ended(state) && !lifecycle.is_decided(state);
    let (field, state) = (&lifecycle.field, legal.iter().find(ends));
    let error = match state {
        Some(state) => error.help(format!("end it: pmkit set {name} {field}={state}")),
        None => error,
    };
    Err(match legal.iter().find(decides) {
        Some(state) => {
            error.help(format!("or, where it was decided, say so first: pmkit set {name} {field}={state}"))
        }
        None => error,
    })
}

/// Makes sure that no other record than the one at `to` has taken the place of `before`.
fn replaced_by_another(before: &Draft<'_>, pair: &Pair, workspace: &Workspace<'_>, to: usize) -> Result<()> {
    let field = &before.kind().fields[pair.after];
    let mut references =
        before.record.references.iter().filter(|reference| reference.origin == Origin::Field(pair.after));
    let other =
        references.find(|reference| workspace.index_of(&before.record, &reference.target) != Some(to));
    if other.is_none() || field.value.is_many() {
        return Ok(());
    }
    let named = before.texts(pair.after).join(", ");
    Err(Error::new(format!(
        "{} has `{}: {named}` already: another record took its place",
        before.name, field.key
    ))
    .help(format!("replace that one instead: pmkit supersede {named} --by …"))
    .help(format!("or, where it is wrong, take it out: pmkit set {} {}=", before.name, field.name)))
}

/// Makes sure that the record counts which is to take the place of another.
fn counts(after: &Draft<'_>) -> Result<()> {
    let lifecycle = &after.kind().lifecycle;
    match after.record.state.as_ref().filter(|state| lifecycle.retired.contains(state)) {
        None => Ok(()),
        Some(state) => Err(Error::new(format!("{} is {state}, and replaces nothing", after.name))
            .help(format!("name a record that holds, or a new one: pmkit new {} \"…\"", after.kind().id))),
    }
}

/// Says whether the record at `from` names the one at `to` in its field at the index `field`.
fn points(workspace: &Workspace<'_>, from: usize, field: usize, to: usize) -> bool {
    let record = &workspace.records[from];
    let mut references =
        record.references.iter().filter(|reference| reference.origin == Origin::Field(field));
    references.any(|reference| workspace.index_of(record, &reference.target) == Some(to))
}

/// Returns the way from the record at `from` to the one at `to` by what took whose place, whichever of the two says so, both
/// ends included; `None` where there is none.
fn way(workspace: &Workspace<'_>, from: usize, to: usize) -> Option<Vec<usize>> {
    let mut steps: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (at, record) in workspace.records.iter().enumerate() {
        for (other, comes_after) in named(workspace, record) {
            let (first, second) = if comes_after { (at, other) } else { (other, at) };
            steps.entry(first).or_default().insert(second);
        }
    }
    let mut came: BTreeMap<usize, usize> = BTreeMap::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        for next in steps.get(&at).into_iter().flatten() {
            if *next != from && !came.contains_key(next) {
                came.insert(*next, at);
                open.push(*next);
            }
        }
    }
    let mut way = vec![to];
    let mut at = to;
    while at != from {
        at = *came.get(&at)?;
        way.push(at);
    }
    way.reverse();
    Some(way)
}

/// Returns the records that `record` names as having come after it, and, with `false`, those whose place it took.
fn named(workspace: &Workspace<'_>, record: &Record) -> Vec<(usize, bool)> {
    let kinds = &workspace.config.kinds;
    let kind = kinds.at(record.kind);
    let mut found = Vec::new();
    for reference in &record.references {
        let Origin::Field(index) = reference.origin else { continue };
        let field = &kind.fields[index];
        let (Some(inverse), Some(other)) = (&field.inverse, workspace.index_of(record, &reference.target))
        else {
            continue;
        };
        let others = kinds.at(workspace.records[other].kind);
        if kind.comes_after(field) {
            found.push((other, true));
        } else if others.field(inverse).is_some_and(|answer| others.comes_after(answer)) {
            found.push((other, false));
        }
    }
    found
}
