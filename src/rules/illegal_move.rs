//! A state that the one before it does not lead to.

use super::Check;
use super::Past;
use super::Rule;
use crate::diagnostic::Level;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "illegal-move",
    level: Level::Deny,
    page: include_str!("../../docs/rules/illegal-move.md"),
    fixes: false,
    check: Check::History(check),
};

fn check(past: &Past<'_>, sink: &mut Sink<'_>) {
    let lifecycle = &past.kind.lifecycle;
    // What comes back after its end has a rule of its own.
    let Some(moved) = past.illegal_move().filter(|moved| !past.is_reinstated(moved)) else { return };
    let Some(written) = past.record.field(past.kind, &lifecycle.field) else { return };
    let message =
        format!("{} went from {} to {}, and no move leads there", past.name(), moved.from, moved.to);
    let legal = lifecycle.legal(moved.from);
    let ways = match legal.is_empty() {
        true => format!("from {} nothing leads on", moved.from),
        false => format!("from {} it can go to {}", moved.from, legal.join(", ")),
    };
    sink.push(
        Finding::at(written.span, message)
            .label(past.said(moved.event))
            .help(ways)
            .help(format!("take it back: write `{}: {}`", lifecycle.field, moved.from)),
    );
}
