//! A day for which the record should be ready, and is not.

use super::Check;
use super::Rule;
use super::Subject;
use crate::date::Days;
use crate::diagnostic::Level;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "unready",
    // What the calendar alone can cause must not turn a build red overnight.
    level: Level::Warn,
    page: include_str!("../../docs/rules/unready.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let lifecycle = &subject.kind.lifecycle;
    // What is decided or has ended nobody is to get ready any more.
    let Some(state) = subject.record.state.as_deref().filter(|state| lifecycle.is_live(state)) else {
        return;
    };
    for written in &subject.record.fields {
        let field = &subject.kind.fields[written.field];
        if field.ready_in.is_empty() || field.ready_in.iter().any(|ready| ready == state) {
            continue;
        }
        let ahead = field.ready_ahead.unwrap_or(Days::Calendar(0));
        let Some(day) = written.value.as_date().filter(|day| ahead.before(*day) <= subject.today) else {
            continue;
        };
        let name = subject.name();
        let who =
            subject.record.text(subject.kind, "owner").map(|owner| format!(" ({owner})")).unwrap_or_default();
        let message = format!(
            "{name} is not ready: {} {}, {}, and it is still {state}{who}",
            field.words(),
            day.spoken(),
            day.distance(subject.today)
        );
        let mut finding = Finding::at(written.span, message);
        if let Some(help) = &field.help {
            finding = finding.label(help.clone());
        }
        if let Some(to) = field.ready_in.iter().find(|to| lifecycle.reaches(state, to)) {
            finding = finding.help(format!("finish it: `pmkit set {name} {}={to}`", lifecycle.field));
        }
        let next = ahead.after(subject.today).plus_business_days(3);
        sink.push(finding.help(format!("or set a day that holds, as in `{}: {next}`", field.key)));
    }
}
