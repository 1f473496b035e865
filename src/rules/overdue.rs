//! A deadline that has passed while it still runs.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::record::Deadline;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::with_article;

pub(super) const RULE: Rule = Rule {
    id: "overdue",
    // What the calendar alone can cause must not turn a build red overnight.
    level: Level::Warn,
    page: include_str!("../../docs/rules/overdue.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(state) = subject.record.state.as_deref() else { return };
    for Deadline { written, date, runs } in subject.record.deadlines(subject.kind) {
        let field = &subject.kind.fields[written.field];
        // A date has passed when its day is over.
        if !runs || date >= subject.today {
            continue;
        }
        let ago = date.distance(subject.today);
        let who =
            subject.record.text(subject.kind, "owner").map(|owner| format!(" ({owner})")).unwrap_or_default();
        let words = field.words();
        let message = format!("{} is late: {words} {}, {ago}{who}", subject.name(), date.spoken());
        let mut finding = Finding::at(written.span, message);
        if let Some(help) = &field.help {
            finding = finding.label(help.clone());
        }
        let next = subject.today.plus_business_days(3);
        let finding = finding
            .help(format!(
                "set a day that holds, as in `{}: {next}`, and say in the text why it moved",
                field.key
            ))
            .help(format!(
                "or move it on: {} that is {state} can become {}",
                with_article(&subject.kind.id),
                moves(subject, state)
            ));
        let suggested = subject.record.suggestions(&subject.config.kinds, RULE.id);
        sink.push(suggested.iter().fold(finding, |finding, suggested| finding.help(suggested.told())));
    }
}

fn moves(subject: &Subject<'_>, state: &str) -> String {
    let next = subject.kind.lifecycle.next(state);
    if next.is_empty() { "anything else".to_owned() } else { next.join(", ") }
}
