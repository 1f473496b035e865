//! A group where one named person belongs.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::kind::FieldType;
use crate::record::Value;
use crate::record::why_not_one_person;
use crate::sink::Finding;
use crate::sink::Sink;

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
            Value::Text(text) => {
                why_not_one_person(text, &subject.config.people).map(|why| format!("the {words} {why}"))
            }
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
