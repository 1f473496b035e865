//! A number that was another record's.

use std::collections::BTreeMap;

use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::history::Timelines;
use crate::history::numbered;
use crate::kind::Kinds;
use crate::record::RecordId;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "reused-id",
    level: Level::Deny,
    page: include_str!("../../docs/rules/reused-id.md"),
    fixes: false,
    check: Check::Histories(check),
};

fn check(workspace: &Workspace<'_>, timelines: &Timelines<'_>, sink: &mut Sink<'_>) {
    let kinds = &workspace.config.kinds;
    let lost = lost(timelines, kinds);
    for record in &workspace.records {
        let Some(id) = record.id() else { continue };
        // When it got its number need only be found out where somebody else had it.
        if lost.range((id, 0)..=(id, usize::MAX)).next().is_none() {
            continue;
        }
        let own = timelines.document_at(&record.path);
        // Two that had it at the same time are another matter: one of them has been given another number since.
        let got = own.map_or(usize::MAX, |own| got(timelines, own, id, kinds));
        let mut before = lost.range((id, 0)..=(id, got)).map(|((_, _), document)| *document);
        let before = before.find(|before| own != Some(*before));
        // What is being put back where it lay is no other record.
        let Some(was) = before.map(|before| &timelines.documents()[before].path) else { continue };
        if own.is_none() && **was == *record.path {
            continue;
        }
        let name = id.text(kinds);
        let span = record.field(kinds.at(record.kind), "id").map_or(Span::at(0), |written| written.span);
        sink.push_about(
            record,
            Finding::at(span, format!("{name} was another record's number"))
                .label(format!("it was that of {was}"))
                .help("what was written about that one seems to be about this one now")
                .help(format!("give it a number of its own: pmkit renumber {}", record.path)),
        );
    }
}

/// Returns the ids that documents have lost, each with the commit from which on and the document: it was deleted before, or
/// its file got another number.
fn lost(timelines: &Timelines<'_>, kinds: &Kinds) -> BTreeMap<(RecordId, usize), usize> {
    let mut lost = BTreeMap::new();
    for (at, document) in timelines.documents().iter().enumerate() {
        let events = || timelines.of(at).events();
        if let Some(number) = document.number.filter(|_| !document.alive) {
            // What comes under the number in the very commit that deletes the file is the same record, written anew; unless it was
            // decided, or over: that is not written anew.
            let lifecycle = &kinds.at(document.kind).lifecycle;
            let stays = |state: &str| lifecycle.is_decided(state) || lifecycle.is_ended(state);
            let end = events()
                .next_back()
                .map_or(0, |event| event.commit + usize::from(!event.old.as_deref().is_some_and(stays)));
            lost.insert((RecordId { kind: document.kind, number }, end), at);
        }
        for event in events() {
            let Some(before) = event.from_path.as_deref().and_then(|from| numbered(from, kinds)) else {
                continue;
            };
            if numbered(&event.path, kinds) != Some(before) {
                lost.insert((before, event.commit), at);
            }
        }
    }
    lost
}

/// Returns the commit in which the document at the index `own` got `id`.
fn got(timelines: &Timelines<'_>, own: usize, id: RecordId, kinds: &Kinds) -> usize {
    let mut events = timelines.of(own).events();
    let first = timelines.of(own).events().next().map_or(0, |event| event.commit);
    events.find(|event| numbered(&event.path, kinds) == Some(id)).map_or(first, |event| event.commit)
}
