//! A record nobody has looked at for too long.

use super::Check;
use super::Rule;
use super::Subject;
use crate::date::Date;
use crate::diagnostic::Level;
use crate::kind::Field;
use crate::kind::Required;
use crate::record::FieldValue;
use crate::record::Value;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "stale-review",
    // What the calendar alone can cause must not turn a build red overnight.
    level: Level::Warn,
    page: include_str!("../../docs/rules/stale-review.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for (index, field) in subject.kind.fields.iter().enumerate() {
        let Some(window) = field.stale_after else { continue };
        let needed = field.required != Required::Never;
        let state = subject.record.state.as_deref();
        let in_use = match &field.required {
            Required::Never => state.is_some_and(|state| subject.kind.lifecycle.is_open(state)),
            // What has ended nobody needs to look at again.
            Required::Always => {
                !subject.kind.lifecycle.ended.iter().any(|ended| Some(ended.as_str()) == state)
            }
            required => subject.needs(required),
        };
        if !in_use {
            continue;
        }
        let written = subject.record.fields.iter().find(|written| written.field == index);
        let finding = match written.map(|written| (written, written.value.as_date())) {
            Some((written, Some(last))) if window.after(last) < subject.today => {
                stale(subject, field, written, last)
            }
            // What is needed and absent, and what is no date, other rules tell.
            None if !needed => unseen(subject, window.before(subject.today)),
            Some((written, _)) if !needed && written.value == Value::Blank => {
                unseen(subject, window.before(subject.today))
            }
            _ => None,
        };
        let Some(mut finding) = finding else { continue };
        if let Some(help) = &field.help {
            finding = finding.label(help.clone());
        }
        sink.push(finding.help(format!(
            "look at it again, and write `{}: {}`; every {window} is enough",
            field.key, subject.today
        )));
    }
}

fn stale(subject: &Subject<'_>, field: &Field, written: &FieldValue, last: Date) -> Option<Finding> {
    let message = format!(
        "{} is stale: {} {}, {}{}",
        subject.name(),
        field.words(),
        last.spoken(),
        last.distance(subject.today),
        owner(subject)
    );
    Some(Finding::at(written.span, message))
}

/// Returns the finding about a record that was written before `earliest` and never looked at since.
fn unseen(subject: &Subject<'_>, earliest: Date) -> Option<Finding> {
    let created = subject.record.field(subject.kind, "created")?;
    let written = created.value.as_date().filter(|written| *written < earliest)?;
    let days = written.days_until(subject.today);
    let message = format!(
        "nobody has looked at {} since it was written {days} days ago{}",
        subject.name(),
        owner(subject)
    );
    Some(Finding::at(created.span, message))
}

fn owner(subject: &Subject<'_>) -> String {
    subject.record.text(subject.kind, "owner").map(|owner| format!(" ({owner})")).unwrap_or_default()
}
