//! Too little time between two dates.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::kind::Field;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "short-comment-period",
    level: Level::Deny,
    page: include_str!("../../docs/rules/short-comment-period.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for written in &subject.record.fields {
        let field = &subject.kind.fields[written.field];
        let (Some(window), Some(from)) = (field.min_window, &field.window_from) else { continue };
        let began = subject.record.field(subject.kind, from);
        let (Some(end), Some((began, start))) =
            (written.value.as_date(), began.and_then(|began| Some((began, began.value.as_date()?))))
        else {
            continue;
        };
        let earliest = window.after(start);
        if end >= earliest {
            continue;
        }
        let begin = subject.kind.field(from).map_or_else(|| from.clone(), Field::words);
        let message = format!(
            "{}: {} {} is less than {window} after {begin} {}",
            subject.name(),
            field.words(),
            end.spoken(),
            start.spoken()
        );
        sink.push(
            Finding::at(written.span, message)
                .label(format!("{} at the earliest", earliest.spoken()))
                .related(&subject.record.path, Some(began.span), "from here")
                .help(format!("write `{}: {earliest}`, or a later day", field.key)),
        );
    }
}
