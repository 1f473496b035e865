//! A decision put back after it had ended, without anybody deciding again.

use super::Check;
use super::Past;
use super::Rule;
use crate::diagnostic::Level;
use crate::history::Move;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::with_article;

pub(super) const RULE: Rule = Rule {
    id: "quiet-reinstatement",
    level: Level::Deny,
    page: include_str!("../../docs/rules/quiet-reinstatement.md"),
    fixes: false,
    check: Check::History(check),
};

fn check(past: &Past<'_>, sink: &mut Sink<'_>) {
    let lifecycle = &past.kind.lifecycle;
    let back = past.illegal_move().filter(|moved| past.is_reinstated(moved));
    let (moved, again) = match (back, past.left_behind()) {
        (Some(moved), _) => (moved, "again"),
        (None, Some(moved)) => (moved, "now, as another kind"),
        (None, None) => return,
    };
    let Some(written) = past.record.field(past.kind, &lifecycle.field) else { return };
    let name = past.name();
    let before = past.timeline.events().filter(|event| event.is_of_state());
    let ended = before.take_while(|event| Some(*event) != moved.event);
    let ended = ended.filter(|event| event.new.as_deref() == Some(moved.from)).last();
    let since = ended.map(|event| format!(" ({})", past.said(Some(event)))).unwrap_or_default();
    let message = format!("{name} was {}{since}, and is {} {again}", moved.from, moved.to);
    sink.push(
        Finding::at(written.span, message)
            .label(past.said(moved.event))
            .help(format!("take it back: write `{}: {}`", lifecycle.field, moved.from))
            .help(format!(
                "to decide it again, write {} that says why: pmkit new {} \"…\"",
                with_article(&past.kind.id),
                past.kind.id
            )),
    );
}

impl Past<'_> {
    /// Says whether `moved` brings back what had ended, or had been decided.
    pub(super) fn is_reinstated(&self, moved: &Move<'_>) -> bool {
        let lifecycle = &self.kind.lifecycle;
        let over = lifecycle.is_ended(moved.from) || lifecycle.is_decided(moved.from);
        over && !lifecycle.is_ended(moved.to)
    }
}
