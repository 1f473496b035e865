//! A decision in which whoever should have made it had no visible hand.

use super::Check;
use super::Elsewhere;
use super::Rule;
use crate::config::is_called;
use crate::diagnostic::Level;
use crate::record::Origin;
use crate::record::Record;
use crate::record::is_placeholder;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "decided-alone",
    // Forges do not keep approvals in git: nobody can be sure.
    level: Level::Warn,
    page: include_str!("../../docs/rules/decided-alone.md"),
    fixes: false,
    check: Check::Elsewhere(check),
};

fn check(workspace: &Workspace<'_>, elsewhere: &Elsewhere, sink: &mut Sink<'_>) {
    let config = workspace.config;
    let people = &config.people;
    for moved in &elsewhere.moved {
        let Some(record) = workspace.at(&moved.path).map(|at| &workspace.records[at]) else { continue };
        let kind = config.kinds.at(record.kind);
        let Some(state) = record.state.as_deref().filter(|state| kind.lifecycle.is_decided(state)) else {
            continue;
        };
        let Some(written) = record.field(kind, "approver") else { continue };
        let asked = approval(workspace, elsewhere, record);
        let missing = asked.iter().find(|one| one.given == Some(false)).map(|one| one.approver.as_str());
        let Some(approver) = missing else { continue };
        let name = record.name(&config.kinds);
        let hands: Vec<String> = moved
            .hands
            .iter()
            .map(|hand| people.handle_of(hand).map_or_else(|| bare(hand).to_owned(), str::to_owned))
            .collect();
        let message =
            format!("{name} becomes {state}, and {approver}, its approver, had no visible hand in it");
        sink.push_about(
            record,
            Finding::at(written.span, message)
                .label(format!("the commits name {}", listed(hands)))
                .help(format!("say who approved in a commit that changes the record: `Approved-by: {approver}` at the end of its message"))
                .help("an approval in the forge does not reach git; where there is one, leave this be, or set the level: `decided-alone = \"allow\"`"),
        );
    }
}

/// Whether somebody who is to agree to what a change decides has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Whoever is to agree, as the record names them.
    pub approver: String,
    /// Whether the commits show a hand of theirs; `None` where no commit has the change yet.
    pub given: Option<bool>,
}

/// Returns who is to agree to what a change does to `record`: the approver it named before the change, else the one it names; for a
/// record that asks others to change, theirs.
#[must_use]
pub fn approval(workspace: &Workspace<'_>, elsewhere: &Elsewhere, record: &Record) -> Vec<Approval> {
    let (config, people) = (workspace.config, &workspace.config.people);
    let kind = config.kinds.at(record.kind);
    // Whoever was to decide before the change is to decide on it.
    let before = |path: &str| elsewhere.approvers.get(path).map(String::as_str);
    // A change to a decision is decided by whoever decided that.
    let amended = record.references.iter().filter_map(|reference| match reference.origin {
        Origin::Field(at) if !kind.fields[at].settles_in.is_empty() => {
            let other = workspace.resolve(record, &reference.target)?;
            before(&other.path).or(other.text(config.kinds.at(other.kind), "approver"))
        }
        _ => None,
    });
    let mut asked: Vec<&str> = amended.collect();
    if asked.is_empty() {
        asked.extend(before(&record.path).or(record.text(kind, "approver")));
    }
    let moved = elsewhere.moved.iter().find(|moved| moved.path == record.path);
    let hands = moved.map(|moved| &moved.hands[..]).filter(|hands| !hands.is_empty());
    let is_of = |hand: &String, approver: &str| people.is_one(hand, approver) || is_called(hand, approver);
    let one = |approver: &str| Approval {
        approver: approver.to_owned(),
        given: hands.map(|hands| hands.iter().any(|hand| is_of(hand, approver))),
    };
    asked.into_iter().filter(|name| !is_placeholder(name)).map(one).collect()
}

/// Returns what stands before the address.
fn bare(hand: &str) -> &str {
    match hand.split_once('<') {
        Some((name, _)) if !name.trim().is_empty() => name.trim(),
        _ => hand,
    }
}

fn listed(mut names: Vec<String>) -> String {
    names.sort_unstable();
    names.dedup();
    match names.len() {
        0..=3 => names.join(", "),
        more => format!("{} and {} more", names[..3].join(", "), more - 3),
    }
}
