//! A typed value that is not the product it should be.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::record::Value;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "score-mismatch",
    level: Level::Deny,
    page: include_str!("../../docs/rules/score-mismatch.md"),
    fixes: true,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for written in &subject.record.fields {
        let field = &subject.kind.fields[written.field];
        let Value::Integer(typed) = written.value else { continue };
        let number = |name: &String| match subject.record.field(subject.kind, name)?.value {
            Value::Integer(number) => Some((name.clone(), number)),
            _ => None,
        };
        // Where a factor is missing there is nothing to agree with.
        let factors: Option<Vec<(String, i64)>> = field.product.iter().map(number).collect();
        let Some(factors) = factors.filter(|factors| !factors.is_empty()) else { continue };
        let product = factors.iter().try_fold(1_i64, |sum, (_, factor)| sum.checked_mul(*factor));
        let Some(product) = product.filter(|product| *product != typed) else { continue };
        let said = factors.iter().map(|(name, factor)| format!("{name} {factor}")).collect::<Vec<_>>();
        let message = format!(
            "{}: `{}` is {typed}, but {} make {product}",
            subject.name(),
            field.key,
            said.join(" × ")
        );
        sink.push(
            Finding::at(written.span, message)
                .label("worked out from the others")
                .help("leave it out: it is worked out wherever it is shown")
                .fix(format!("write {product}"), vec![(written.span, product.to_string())]),
        );
    }
}
