//! A deadline that keeps moving.

use super::Check;
use super::Past;
use super::Rule;
use crate::diagnostic::Level;
use crate::record::Deadline;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "slipping",
    level: Level::Warn,
    page: include_str!("../../docs/rules/slipping.md"),
    fixes: false,
    check: Check::History(check),
};

fn check(past: &Past<'_>, sink: &mut Sink<'_>) {
    for Deadline { written, date, runs } in past.record.deadlines(past.kind) {
        let slip = past.timeline.slip(written.field, past.slips).filter(|slip| slip.is_often());
        let Some(slip) = slip.filter(|_| runs) else { continue };
        let field = &past.kind.fields[written.field];
        let (name, words) = (past.name(), field.words());
        let message = format!(
            "{name} is slipping: {words} moved later {} times, by {} days in all",
            slip.count, slip.days
        );
        let finding = Finding::at(written.span, message)
            .label(format!("now {}", date.said(past.today)))
            .help(format!("see when and by whom: pmkit log {name} --fields"))
            .help(format!(
                "name what would have to be different for it to hold, or raise it: `{}` alone moves nothing",
                field.key
            ));
        let suggested = past.record.suggestions(&past.config.kinds, RULE.id);
        sink.push(suggested.iter().fold(finding, |finding, suggested| finding.help(suggested.told())));
    }
}
