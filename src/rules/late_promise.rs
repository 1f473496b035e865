//! A date later than another one it must not be later than.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::kind::Field;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "late-promise",
    level: Level::Deny,
    page: include_str!("../../docs/rules/late-promise.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let state = subject.record.state.as_deref();
    for written in &subject.record.fields {
        let field = &subject.kind.fields[written.field];
        let Some(other) = &field.not_after else { continue };
        let asked = field.not_after_in.is_empty()
            || field.not_after_in.iter().any(|known| Some(known.as_str()) == state);
        let limit = subject.record.field(subject.kind, other);
        let (true, Some(late), Some((limit, day))) =
            (asked, written.value.as_date(), limit.and_then(|limit| Some((limit, limit.value.as_date()?))))
        else {
            continue;
        };
        let days = day.days_until(late);
        if days <= 0 {
            continue;
        }
        let other = subject.kind.field(other).map_or(other.as_str(), |other| &other.key);
        let message = format!(
            "{}: {} {} is {days} {} after {} {}",
            subject.name(),
            field.words(),
            late.spoken(),
            if days == 1 { "day" } else { "days" },
            other.replace(['_', '-'], " "),
            day.spoken()
        );
        let mut finding = Finding::at(written.span, message)
            .label(format!("{} at the latest", day.spoken()))
            .related(&subject.record.path, Some(limit.span), "later than this");
        if let Some(help) = state_that_says_so(subject, field) {
            finding = finding.help(help);
        }
        let finding = finding
            .help(format!("agree an earlier day: `{}: {day}`", field.key))
            .help(format!("or move the other one, and what hangs on it: `{other}: {late}`"));
        let suggested = subject.record.suggestions(&subject.config.kinds, RULE.id);
        sink.push(suggested.iter().fold(finding, |finding, suggested| finding.help(suggested.told())));
    }
}

/// Returns the help that names the state in which the date may be as late as it is: the first open one besides the one
/// a record begins in.
fn state_that_says_so(subject: &Subject<'_>, field: &Field) -> Option<String> {
    let lifecycle = &subject.kind.lifecycle;
    let state = subject.record.state.as_deref().filter(|_| !field.not_after_in.is_empty())?;
    let fits = |next: &&str| {
        lifecycle.is_open(next)
            && lifecycle.initial.as_deref() != Some(*next)
            && !field.not_after_in.iter().any(|known| known == next)
    };
    let next = lifecycle.next(state).into_iter().find(fits)?;
    let status = subject.kind.field(&lifecycle.field).map_or(lifecycle.field.as_str(), |field| &field.key);
    Some(format!("say what it is: `{status}: {next}`"))
}
