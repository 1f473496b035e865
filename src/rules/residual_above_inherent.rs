//! A rating of what is left that is higher than the rating of the whole.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::kind::Field;
use crate::record::FieldValue;
use crate::record::Value;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "residual-above-inherent",
    level: Level::Deny,
    page: include_str!("../../docs/rules/residual-above-inherent.md"),
    fixes: false,
    check: Check::Record(check),
};

/// A number the record gives.
#[derive(Clone, Copy)]
struct Rating<'a> {
    field: &'a Field,
    written: &'a FieldValue,
    number: f64,
}

/// A number, and what the record says is left of it: the same where it says nothing.
#[derive(Clone, Copy)]
struct Pair<'a> {
    inherent: Rating<'a>,
    left: Rating<'a>,
}

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let fields = &subject.kind.fields;
    if !subject.record.fields.iter().any(|written| fields[written.field].residual_of.is_some()) {
        return;
    }
    let inherents: Vec<&String> = fields.iter().filter_map(|field| field.residual_of.as_ref()).collect();
    // Products first: one factor may rise where the others fall.
    let has_residual = |field: &&Field| field.product.iter().any(|factor| inherents.contains(&factor));
    let products: Vec<&Field> = fields.iter().filter(has_residual).collect();
    let alone = inherents.iter().filter(|name| !products.iter().any(|field| field.product.contains(**name)));
    let groups = products.iter().map(|field| &field.product[..]);
    for group in groups.chain(alone.map(|name| std::slice::from_ref(*name))) {
        // Where a number is missing there is nothing to compare.
        let pairs: Option<Vec<Pair<'_>>> = group.iter().map(|name| pair(subject, name)).collect();
        if let Some(finding) = pairs.and_then(|pairs| compare(subject, &pairs)) {
            sink.push(finding);
        }
    }
}

fn pair<'a>(subject: &'a Subject<'_>, inherent: &str) -> Option<Pair<'a>> {
    let fields = &subject.kind.fields;
    let inherent = rating(subject, subject.kind.field(inherent)?)?;
    let residual = fields.iter().find(|field| field.residual_of.as_ref() == Some(&inherent.field.name));
    let left = residual.and_then(|field| rating(subject, field)).unwrap_or(inherent);
    Some(Pair { inherent, left })
}

fn rating<'a>(subject: &'a Subject<'_>, field: &'a Field) -> Option<Rating<'a>> {
    let written = subject.record.field(subject.kind, &field.name)?;
    let number = match written.value {
        // Ratings are small.
        Value::Integer(number) => f64::from(i32::try_from(number).ok()?),
        Value::Number(number) => number,
        _ => return None,
    };
    Some(Rating { field, written, number })
}

/// Returns the finding where what is left of `pairs`, multiplied, is more than the whole.
fn compare(subject: &Subject<'_>, pairs: &[Pair<'_>]) -> Option<Finding> {
    let product = |of: fn(&Pair<'_>) -> f64| pairs.iter().map(of).product::<f64>();
    let (whole, left) = (product(|pair| pair.inherent.number), product(|pair| pair.left.number));
    let Pair { inherent, left: risen } =
        *pairs.iter().find(|pair| pair.left.number > pair.inherent.number).filter(|_| left > whole)?;
    let said = |ratings: Vec<Rating<'_>>, product: f64| {
        let each = ratings.iter().map(|rating| format!("{} {}", rating.field.words(), rating.number));
        let total = if ratings.len() > 1 { format!(" ({product})") } else { String::new() };
        each.collect::<Vec<_>>().join(" × ") + &total
    };
    let message = format!(
        "{}: {} is more than {}",
        subject.name(),
        said(pairs.iter().map(|pair| pair.left).collect(), left),
        said(pairs.iter().map(|pair| pair.inherent).collect(), whole)
    );
    let (key, whole_key) = (&risen.field.key, &inherent.field.key);
    Some(
        Finding::at(risen.written.span, message)
            .label("what is left once the response works")
            .related(&subject.record.path, Some(inherent.written.span), "the whole")
            .help(format!("rate what is left lower, as in `{key}: {}`", inherent.number))
            .help(format!("or rate the whole anew, as in `{whole_key}: {}`", risen.number)),
    )
}
