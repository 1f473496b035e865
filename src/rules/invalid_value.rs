//! A value that is not what its field asks for.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::kind::FieldType;
use crate::record::Repair;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "invalid-value",
    level: Level::Deny,
    page: include_str!("../../docs/rules/invalid-value.md"),
    fixes: true,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for misfit in &subject.record.misfits {
        // Another kind than the path says has a rule of its own.
        if misfit.field == subject.kind.kind_field() {
            continue;
        }
        let field = &subject.kind.fields[misfit.field];
        let mut finding = Finding::at(misfit.span, misfit.message.clone());
        if let Some(help) = &field.help {
            finding = finding.label(help.clone());
        }
        finding = match &misfit.repair {
            Repair::None => finding,
            Repair::ByHand(help) => finding.help(help.clone()),
            // Which year is a guess: no fix.
            Repair::InYear(part) => {
                let year = subject.today.year();
                finding.help(format!("write the year in front, as in `{}: {year:04}{part}`", field.key))
            }
            Repair::Certain(text) => finding
                .help(format!("write `{text}`"))
                .fix(format!("write `{text}`"), vec![(misfit.span, text.clone())]),
            Repair::Likely(text) => finding
                .help(format!("did you mean `{text}`?"))
                .likely_fix(format!("write `{text}`"), vec![(misfit.span, text.clone())]),
        };
        if let Some(comment) = comment_behind(subject, misfit.span) {
            finding = finding
                .help(format!("put the value in quotes if `{comment}` belongs to it: ` #` begins a comment"));
        }
        let choice = matches!(field.value, FieldType::Enum | FieldType::Enums);
        if choice && field.values.len() > 1 && matches!(misfit.repair, Repair::None | Repair::Likely(_)) {
            finding = finding.help(format!("use one of: {}", field.values.join(", ")));
        }
        sink.push(finding);
    }
}

/// Returns the comment that stands behind a value on its line: it may have been meant as part of the value.
fn comment_behind<'a>(subject: &'a Subject<'_>, span: Span) -> Option<&'a str> {
    let text = &subject.document.text;
    let rest = text.get(span.end()..)?.lines().next()?;
    let comment = rest.strip_prefix(' ')?.trim();
    // `#channel` is a name; `# words` is a comment.
    (comment.starts_with('#') && !comment.starts_with("# ")).then_some(comment)
}
