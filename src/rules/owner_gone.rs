//! An owner who seems to have left.

use super::Activity;
use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::record::is_placeholder;
use crate::record::why_not_one_person;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "owner-gone",
    // What the calendar alone can cause must not turn a build red overnight.
    level: Level::Warn,
    page: include_str!("../../docs/rules/owner-gone.md"),
    fixes: false,
    check: Check::Activity(check),
};

/// After so many days without a sign of them somebody asks.
const DAYS: i64 = 365;

fn check(workspace: &Workspace<'_>, activity: Activity<'_>, sink: &mut Sink<'_>) {
    let config = workspace.config;
    for record in &workspace.records {
        let kind = config.kinds.at(record.kind);
        let ended = record.state.as_ref().is_some_and(|state| kind.lifecycle.is_ended(state));
        let Some(owner) = record.text(kind, "owner").filter(|_| !ended) else { continue };
        let listed = config.people.handle_of(owner).is_some() || config.hearsay.knows(owner);
        if listed || is_placeholder(owner) || why_not_one_person(owner, &config.people).is_some() {
            continue;
        }
        let Some(seen) = (activity.last_seen)(owner) else { continue };
        if seen.days_until(activity.today) <= DAYS {
            continue;
        }
        let Some(written) = record.field(kind, "owner") else { continue };
        let name = record.name(&config.kinds);
        let message = format!(
            "{owner} owns {name}, and has done nothing here since {}, {}",
            seen.spoken(),
            seen.distance(activity.today)
        );
        sink.push_about(
            record,
            Finding::at(written.span, message)
                .label("and no file says who that is")
                .help(format!("ask, and hand it on: `pmkit reassign \"{owner}\" NAME`"))
                .help("or say in pmkit.toml, under `[people]`, that they are still here"),
        );
    }
}
