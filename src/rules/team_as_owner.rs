//! A group where one named person belongs.

use super::Check;
use super::Finding;
use super::Rule;
use super::Sink;
use super::Subject;
use crate::diagnostic::Level;
use crate::kind::FieldType;
use crate::record::Value;

pub(super) const RULE: Rule = Rule {
    id: "team-as-owner",
    level: Level::Deny,
    page: include_str!("../../docs/rules/team-as-owner.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for written in &subject.record.fields {
        let field = &subject.kind.fields[written.field];
        if field.value != FieldType::Person {
            continue;
        }
        let words = field.words();
        let problem = match &written.value {
            Value::Texts(people) => Some(format!("{} people are named as {words}", people.len())),
            Value::Text(text) => why_not_one(text, subject).map(|why| format!("the {words} {why}")),
            _ => None,
        };
        let Some(problem) = problem else { continue };
        let mut finding = Finding::at(written.span, format!("{}: {problem}", subject.name()));
        finding = finding.label("one named person; what everybody owns, nobody does");
        finding = match &written.value {
            Value::Texts(people) if !people.is_empty() => {
                finding.help(format!("keep one, as in `{}: {}`", field.key, people[0]))
            }
            _ => finding.help(format!("name who in that group takes it, as in `{}: ana`", field.key)),
        };
        sink.push(finding);
    }
}

/// Words that name a group.
const GROUPS: &[&str] = &[
    "team",
    "squad",
    "tribe",
    "guild",
    "chapter",
    "department",
    "dept",
    "committee",
    "board",
    "council",
    "group",
    "crew",
    "everyone",
    "everybody",
    "all",
    "we",
    "us",
    "stakeholders",
    "leadership",
    "management",
];

/// Says why `text` is not one person, as the end of a sentence; `None` where it may well be one.
fn why_not_one(text: &str, subject: &Subject<'_>) -> Option<String> {
    // Most are plain handles.
    let plain = text.bytes().all(|byte| byte.is_ascii_lowercase()) && !GROUPS.contains(&text);
    if plain || subject.config.people.handle_of(text).is_some() {
        return None;
    }
    let bare = text.trim();
    let (name, _) = bare.split_once('<').unwrap_or((bare, ""));
    let lower = name.trim().to_lowercase();
    let handle = lower.strip_prefix('@').is_some_and(|handle| handle.contains('/'));
    let several =
        [" and ", " & ", ", ", "; ", " + ", " / "].iter().any(|join| lower.trim_matches(',').contains(join))
            || (lower.contains('/') && !handle && !lower.contains("://"));
    if several {
        return Some(format!("`{bare}` is more than one person"));
    }
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let named =
        words.clone().any(|word| GROUPS.contains(&word) || GROUPS.contains(&word.trim_end_matches('s')));
    (handle || named || lower.starts_with("sig-") || lower.starts_with("wg-"))
        .then(|| format!("`{bare}` is a group"))
}
