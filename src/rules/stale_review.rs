//! A record nobody has looked at for too long.

use super::Check;
use super::Rule;
use super::Subject;
use crate::date::Date;
use crate::diagnostic::Level;
use crate::kind::Required;
use crate::record::Stale;
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
    let (record, today) = (subject.record, subject.today);
    let ended = || record.state.as_ref().is_some_and(|state| subject.kind.lifecycle.ended.contains(state));
    for written in &record.fields {
        let field = &subject.kind.fields[written.field];
        let ahead = |day: &Date| field.stale_after.is_some() && *day > today;
        // Such a stamp would keep the record fresh until then.
        if let Some(day) = written.value.as_date().filter(ahead).filter(|_| !ended()) {
            let message =
                format!("{}: {} {} lies in the future", subject.name(), field.words(), day.spoken());
            let finding = Finding::at(written.span, message).label("nobody has looked on that day yet");
            sink.push(
                finding.help(format!("write the day somebody did, at the latest `{}: {today}`", field.key)),
            );
        }
    }
    for Stale { field: index, since, said } in record.stale(subject.kind, today) {
        let field = &subject.kind.fields[index];
        // An open record is looked at by whoever edits it, too: that is another rule's.
        if field.required == Required::Never {
            continue;
        }
        let owner = record.text(subject.kind, "owner").map(|owner| format!(" ({owner})")).unwrap_or_default();
        let name = subject.name();
        let Some(written) = record.field(subject.kind, &field.name).filter(|_| said) else { continue };
        let (words, ago) = (field.words(), since.distance(today));
        let message = format!("{name} is stale: {words} {}, {ago}{owner}", since.spoken());
        let finding = Finding::at(written.span, message);
        let finding = match &field.help {
            Some(help) => finding.label(help.clone()),
            None => finding,
        };
        let window =
            field.stale_after.map(|window| format!("; every {window} is enough")).unwrap_or_default();
        sink.push(finding.help(format!("look at it again, and write `{}: {today}`{window}", field.key)));
    }
}
