//! An id that says something else than the file's name or place.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::record::Value;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::with_article;

pub(super) const RULE: Rule = Rule {
    id: "id-mismatch",
    level: Level::Deny,
    page: include_str!("../../docs/rules/id-mismatch.md"),
    fixes: true,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let record = subject.record;
    let Some(written) = record.field(subject.kind, "id") else { return };
    let Value::Text(text) = &written.value else { return };
    let kinds = &subject.config.kinds;
    let expected = record.named.map(|number| subject.kind.id_of(number));
    let finding = match (record.written, &expected) {
        (None, _) => {
            let example = expected.clone().unwrap_or_else(|| subject.kind.id_of(1));
            Finding::at(
                written.span,
                format!("`{text}` is no id: ids of {} look like `{example}`", with_article(&subject.kind.id)),
            )
        }
        (Some(id), _) if id.kind != record.kind => {
            let (other, own) = (with_article(&kinds.at(id.kind).id), with_article(&subject.kind.id));
            let message = format!("`{text}` is the id of {other}, but the file lies where {own} does");
            Finding::at(written.span, message)
        }
        (Some(id), Some(expected)) if record.named != Some(id.number) => {
            let message = format!("the id is `{}`, but the file is named for {expected}", id.text(kinds));
            Finding::at(written.span, message)
        }
        _ => return,
    };
    let finding = finding.label("the id and the file name must agree");
    sink.push(match expected {
        Some(expected) => finding
            .help(format!("write `{expected}`, or give the file the number of the id"))
            .likely_fix(format!("write `{expected}`"), vec![(written.span, expected)]),
        None => finding.help(format!("write `{}` and its number", subject.kind.prefix)),
    });
}
