//! What the lifecycle of a kind allows that it did not.

use super::demands::Say;
use super::demands::lost;
use super::listed;
use crate::kind::Kind;

pub(super) fn compare(was: &Kind, is: &Kind, say: Say<'_>) {
    let id = &was.id;
    let (before, now) = (&was.lifecycle, &is.lifecycle);
    if before.frozen && !now.frozen {
        say(format!("{id}: a decided text may change"), "lifecycle");
    }
    if before.field != now.field {
        say(format!("{id}: the state is read from `{}`, was `{}`", now.field, before.field), "field");
    }
    for (what, before, now, near) in [
        ("nothing has been decided any more in", &before.decided, &now.decided, "decided"),
        ("deadlines no longer run in", &before.open, &now.open, "open"),
        ("a record is not at its end any more in", &before.ended, &now.ended, "final"),
        ("new records may build on what is", &before.retired, &now.retired, "retired"),
        ("what is so no longer counts as found false:", &before.refuted, &now.refuted, "refuted"),
        (
            "these sections of a decided text may change:",
            &now.mutable_sections,
            &before.mutable_sections,
            "mutable_sections",
        ),
    ] {
        let lost = lost(before, now);
        if !lost.is_empty() {
            say(format!("{id}: {what} {}", listed(&lost)), near);
        }
    }
    if !before.moves.is_empty() && now.moves.is_empty() {
        say(format!("{id}: any state and any move is legal"), "lifecycle");
        return;
    }
    let known = before.states();
    for from in &known {
        // Also by way of states that are new.
        let (then, allowed) = (before.legal(from), now.legal(from));
        let fixed = before.is_decided(from) || before.is_ended(from);
        let is_more = |to: &&str| !then.contains(to) && to != from && (fixed || known.contains(to));
        let more: Vec<&str> = allowed.into_iter().filter(is_more).collect();
        if !more.is_empty() {
            say(format!("{id}: from {from} a record may go to {}", listed(&more)), from);
        }
    }
    if before.superseded.is_some() && before.superseded != now.superseded {
        say(format!("{id}: another state, or none, says that a record was replaced"), "superseded");
    }
    for (what, before, now) in [("red", &before.red, &now.red), ("amber", &before.amber, &now.amber)] {
        let lost = lost(before, now);
        if !lost.is_empty() {
            say(format!("{id}: a board is no longer {what} for {}", listed(&lost)), what);
        }
    }
}
