//! An open record that nobody has looked at for too long: neither stamped nor edited.

use super::Activity;
use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::kind::Required;
use crate::record::Stale;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "untouched",
    // What the calendar alone can cause must not turn a build red overnight.
    level: Level::Warn,
    page: include_str!("../../docs/rules/untouched.md"),
    fixes: false,
    check: Check::Activity(check),
};

fn check(workspace: &Workspace<'_>, activity: Activity<'_>, sink: &mut Sink<'_>) {
    let Activity { today, touched, .. } = activity;
    for record in &workspace.records {
        let kind = workspace.config.kinds.at(record.kind);
        for Stale { field: index, since, said } in record.stale(kind, today) {
            let field = &kind.fields[index];
            // Where the kind asks for the stamp, an edit is no substitute.
            let Some(window) = field.stale_after.filter(|_| field.required == Required::Never) else {
                continue;
            };
            let edited = touched(&record.path).filter(|day| *day > since);
            let last = edited.unwrap_or(since);
            let written = record.field(kind, if said { &field.name } else { "created" });
            let Some(written) = written.filter(|_| window.after(last) < today) else { continue };
            let name = record.name(&workspace.config.kinds);
            let owner = record.text(kind, "owner").map(|owner| format!(" ({owner})")).unwrap_or_default();
            let message = match (edited, said) {
                (None, false) => {
                    format!(
                        "nobody has looked at {name} since it was written {} days ago{owner}",
                        last.days_until(today)
                    )
                }
                _ => format!(
                    "nobody has looked at {name} since {}, {}{owner}",
                    last.spoken(),
                    last.distance(today)
                ),
            };
            sink.push_about(
                record,
                Finding::at(written.span, message).help(format!(
                    "look at it again, and change what is no longer so, or write `{}: {today}`; every {window} is enough",
                    field.key
                )),
            );
        }
    }
}
