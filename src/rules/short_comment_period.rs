//! Too little time between two dates.

use super::Check;
use super::Rule;
use super::Subject;
use crate::date::Date;
use crate::diagnostic::Level;
use crate::kind::Field;
use crate::record::FieldValue;
use crate::record::Value;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "short-comment-period",
    level: Level::Deny,
    page: include_str!("../../docs/rules/short-comment-period.md"),
    fixes: false,
    check: Check::Record(check),
};

/// The first day that leaves enough time, and where that is counted from.
pub(super) struct Earliest<'a> {
    pub day: Date,
    pub began: &'a FieldValue,
    pub start: Date,
}

/// Returns the first day that `field` may have; `None` where the kind asks for no time before it, or the record does not say
/// from when. Where the first date is absent, time runs from the day the record was written.
pub(super) fn earliest<'a>(subject: &'a Subject<'_>, field: &Field) -> Option<Earliest<'a>> {
    let (window, from) = (field.min_window?, field.window_from.as_deref()?);
    let written = |name| subject.record.field(subject.kind, name);
    let began = written(from).filter(|began| began.value != Value::Blank).or_else(|| written("created"))?;
    let start = began.value.as_date()?;
    Some(Earliest { day: window.after(start), began, start })
}

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for written in &subject.record.fields {
        let field = &subject.kind.fields[written.field];
        let (Some(window), Some(Earliest { day: earliest, began, start })) =
            (field.min_window, earliest(subject, field))
        else {
            continue;
        };
        let Some(end) = written.value.as_date().filter(|end| *end < earliest) else { continue };
        let first = &subject.kind.fields[began.field];
        // What was written down after the end began before the record did.
        if end < start && field.window_from.as_ref() != Some(&first.name) {
            continue;
        }
        let begin = first.words();
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
