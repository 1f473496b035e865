//! A decision before the day that had to pass first.

use super::Check;
use super::Rule;
use super::Subject;
use super::short_comment_period::earliest;
use crate::diagnostic::Level;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "decided-before-close",
    level: Level::Deny,
    page: include_str!("../../docs/rules/decided-before-close.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(state) = subject.record.state.as_deref() else { return };
    for written in &subject.record.fields {
        let field = &subject.kind.fields[written.field];
        if !field.passed_in.iter().any(|known| known == state) {
            continue;
        }
        // A day has passed when it is over.
        let Some(day) = written.value.as_date().filter(|day| *day >= subject.today) else { continue };
        let message = format!(
            "{} is {state}, but {} {}, {}",
            subject.name(),
            field.words(),
            day.spoken(),
            day.distance(subject.today)
        );
        let lifecycle = &subject.kind.lifecycle;
        let status =
            subject.kind.field(&lifecycle.field).map_or(lifecycle.field.as_str(), |field| &field.key);
        // The state in which the day still runs, else any from which this one is reached.
        let leads = |from: &&str| {
            lifecycle.next(from).contains(&state) && !field.passed_in.iter().any(|known| known == from)
        };
        let before = field.deadline_in.iter().map(String::as_str).find(leads);
        let before = before.or_else(|| lifecycle.states().into_iter().find(leads));
        let wait = match before {
            Some(before) => format!("wait until {}, as `{status}: {before}`", day.plus_days(1).spoken()),
            None => format!("wait until {}", day.plus_days(1).spoken()),
        };
        let finding = Finding::at(written.span, message).label("this day is not over").help(wait);
        let yesterday = subject.today.plus_days(-1);
        // A day that would leave too little time is no way out.
        let short = earliest(subject, field).is_some_and(|earliest| yesterday < earliest.day);
        sink.push(if short {
            finding
        } else {
            finding.help(format!(
                "or, if everybody who was asked agrees, move the day: `{}: {yesterday}`",
                field.key
            ))
        });
    }
}
