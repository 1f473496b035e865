//! A record that says it is of another kind than its path makes it.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::yaml_value;
use crate::record::Misfit;
use crate::record::Repair;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::nearest;
use crate::text::with_article;

pub(super) const RULE: Rule = Rule {
    id: "unknown-kind",
    level: Level::Deny,
    page: include_str!("../../docs/rules/unknown-kind.md"),
    fixes: true,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for misfit in &subject.record.misfits {
        if misfit.field == subject.kind.kind_field() {
            sink.push(finding(subject, misfit));
        }
    }
}

fn finding(subject: &Subject<'_>, misfit: &Misfit) -> Finding {
    let own = &subject.kind.id;
    let key = &subject.kind.fields[misfit.field].key;
    let right = format!("{key}: {}", yaml_value(own, false));
    // Several lines or a list are for their writer to replace.
    let mut values = subject.record.fields.iter().filter(|value| value.field == misfit.field);
    let whole = values.any(|value| value.span == misfit.span);
    let typed = subject.document.at(misfit.span).trim_matches(['"', '\'', ' ']);
    let title = format!("write `{right}`");
    if let Repair::Certain(text) = &misfit.repair {
        return Finding::at(
            misfit.span,
            format!("{}: `{typed}` names no kind, but `{own}` does", subject.name()),
        )
        .help(&title)
        .fix(title, vec![(misfit.span, text.clone())]);
    }
    let kinds = subject.config.kinds.all();
    let meant = |text: &str| kinds.iter().find(|kind| kind.id.eq_ignore_ascii_case(text));
    let finding = match meant(typed) {
        Some(other) => {
            let message = format!(
                "{} says it is {}, but its path makes it {}",
                subject.name(),
                with_article(&other.id),
                with_article(own)
            );
            Finding::at(misfit.span, message).help(format!(
                "write `{right}`, or move the file to where {} lies: `{}`",
                with_article(&other.id),
                other.path.as_str()
            ))
        }
        None => {
            let message = if whole {
                format!("{}: `{typed}` names no kind", subject.name())
            } else {
                format!("{}: {}", subject.name(), misfit.message)
            };
            let finding =
                Finding::at(misfit.span, message).help(format!("write `{right}`: its path says so"));
            let near = nearest(typed, kinds.iter().map(|kind| kind.id.as_str())).filter(|near| near != own);
            match near.and_then(meant) {
                Some(other) => finding.help(format!(
                    "if {} is meant, move the file to where it lies: `{}`",
                    with_article(&other.id),
                    other.path.as_str()
                )),
                None => finding,
            }
        }
    };
    if whole { finding.likely_fix(title, vec![(misfit.span, yaml_value(own, false))]) } else { finding }
}
