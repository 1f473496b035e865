//! A comparison: what a property must be, worked out for each kind before any record is looked at.

use super::Scope;
use super::Wrong;
use super::lexer::Operator;
use super::property::Fact;
use super::property::Property;
use crate::config::Config;
use crate::config::People;
use crate::date::Date;
use crate::date::relative;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::record::Record;
use crate::record::RecordId;
use crate::record::Repair;
use crate::record::Value;
use crate::record::read_id;
use crate::record::read_text_value;
use crate::text::Span;
use crate::text::nearest;

/// A value as it was given.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) text: String,
    pub(super) quoted: bool,
    pub(super) span: Span,
}

/// A comparison of a property with values, of which one must fit.
#[derive(Debug)]
pub(super) struct Comparison {
    property: Property,
    operator: Operator,
    /// The values as each kind reads them, by the index of the kind; none where that kind cannot have them.
    operands: Vec<Vec<Operand>>,
}

/// A value to compare with.
#[derive(Debug, Clone, PartialEq)]
enum Operand {
    /// Nothing at all.
    Blank,
    /// Text, compared without letter case; in small letters.
    Text(String),
    /// Somebody, by handle where there is one; in small letters.
    Person(String),
    /// A record.
    Id(RecordId),
    /// A number.
    Number(f64),
    /// A range of numbers with a name: from the first up to before the second.
    Band(f64, Option<f64>),
    /// A day.
    Date(Date),
    /// True or false.
    Truth(bool),
    /// One of the values of a field, by its place among them.
    Choice(usize),
}

impl Comparison {
    /// Returns what is compared.
    pub(super) fn property(&self) -> &Property {
        &self.property
    }

    /// Returns the comparison of `property` with `given`.
    pub(super) fn new(
        property: Property,
        operator: Operator,
        sign: Span,
        given: &[Given],
        scope: Scope<'_>,
    ) -> Result<Self, Wrong> {
        let ordered =
            matches!(operator, Operator::Less | Operator::AtMost | Operator::More | Operator::AtLeast);
        if let (true, Some(second)) = (ordered, given.get(1)) {
            return Err(Wrong::new(second.span, "an order has one value", "take the others out"));
        }
        let mut operands = vec![Vec::new(); scope.config.kinds.all().len()];
        for value in given {
            let mut refused: Option<Wrong> = None;
            let mut fits = false;
            for kind in scope.kinds {
                let field = property.of_kind(*kind, scope.config);
                if field.is_none() && matches!(property, Property::Field { .. }) {
                    continue;
                }
                match operand(&property, field, operator, value, *kind, scope) {
                    Ok(operand) if ordered && !has_order(&operand) => {
                        let message = format!("`{}` has no order", property.name());
                        let help = "compare with `=`, `!=`, or `~` for a part of the text";
                        refused.get_or_insert(Wrong::new(sign, message, help));
                    }
                    Ok(operand) => {
                        operands[*kind].push(operand);
                        fits = true;
                    }
                    Err(wrong) => drop(refused.get_or_insert(wrong)),
                }
            }
            if let Some(mut wrong) = refused.filter(|_| !fits) {
                let values = choices(&property, scope);
                if !values.is_empty() {
                    wrong.help = vec![match nearest(&value.text, values.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("use one of: {}", values.join(", ")),
                    }];
                }
                return Err(wrong);
            }
        }
        Ok(Self { property, operator, operands })
    }

    /// Says whether `record` fits it.
    pub(super) fn holds(&self, record: &Record, config: &Config) -> bool {
        let fact = self.property.fact(record, config);
        let field = self.property.of_kind(record.kind, config);
        let any = |test: &dyn Fn(&Operand) -> bool| self.operands[record.kind].iter().any(test);
        match self.operator {
            Operator::Is => any(&|operand| is(&fact, operand, field, record, config)),
            Operator::IsNot => !any(&|operand| is(&fact, operand, field, record, config)),
            Operator::Holds => any(&|operand| holds(&fact, operand, &config.people)),
            Operator::HoldsNot => !any(&|operand| holds(&fact, operand, &config.people)),
            Operator::Less => any(&|operand| order(&fact, operand, field).is_some_and(|(low, _)| low < 0.0)),
            Operator::AtMost => {
                any(&|operand| order(&fact, operand, field).is_some_and(|(_, high)| high <= 0.0))
            }
            Operator::More => {
                any(&|operand| order(&fact, operand, field).is_some_and(|(_, high)| high > 0.0))
            }
            Operator::AtLeast => {
                any(&|operand| order(&fact, operand, field).is_some_and(|(low, _)| low >= 0.0))
            }
        }
    }
}

/// Returns every value that some kind allows, in order of first mention.
fn choices<'c>(property: &Property, scope: Scope<'c>) -> Vec<&'c str> {
    let fields = scope.kinds.iter().filter_map(|kind| property.of_kind(*kind, scope.config));
    let mut values: Vec<&str> = Vec::new();
    for value in fields.flat_map(|field| &field.values) {
        if !values.contains(&value.as_str()) {
            values.push(value);
        }
    }
    values
}

/// Reads a value as the `field` of a kind takes it; the kind has none where the property is no field.
fn operand(
    property: &Property,
    field: Option<&Field>,
    operator: Operator,
    given: &Given,
    kind: usize,
    scope: Scope<'_>,
) -> Result<Operand, Wrong> {
    let text = given.text.trim();
    let small = || Operand::Text(text.to_lowercase());
    if text.is_empty() {
        return Ok(Operand::Blank);
    }
    if matches!(operator, Operator::Holds | Operator::HoldsNot) {
        return Ok(small());
    }
    let wrong = |message: String, help: String| Err(Wrong::new(given.span, message, help));
    let Some(field) = field else {
        return match property {
            Property::Id => match read_id(text, &scope.config.kinds, Some(kind)) {
                Some(id) => Ok(Operand::Id(id)),
                None => wrong(format!("`{text}` is no id"), "write one as in `RFC-0007`".to_owned()),
            },
            Property::Deadline => day(text, given, scope.today),
            Property::Waiting => somebody(text, given, scope),
            Property::Kind => known(text, given, scope.config.kinds.all().iter().map(|kind| &*kind.id)),
            Property::Group => {
                let groups = scope.config.kinds.all().iter().filter_map(|kind| kind.group.as_deref());
                known(text, given, groups)
            }
            _ => Ok(small()),
        };
    };
    match field.value {
        FieldType::Date => day(text, given, scope.today),
        FieldType::Integer | FieldType::Number => {
            let named = field.bands.iter().position(|(name, _)| name.eq_ignore_ascii_case(text));
            if let Some(at) = named {
                let next = field.bands.get(at + 1).map(|(_, from)| *from as f64);
                return Ok(Operand::Band(field.bands[at].1 as f64, next));
            }
            match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Operand::Number(number)),
                _ => {
                    let bands: Vec<&str> = field.bands.iter().map(|(name, _)| name.as_str()).collect();
                    let near = nearest(text, bands.iter().copied());
                    let help = match bands[..] {
                        _ if near.is_some() => format!("did you mean `{}`?", near.unwrap_or_default()),
                        [] => format!("write one, as in `{}>=10`", field.name),
                        _ => {
                            format!("write one, as in `{}>=10`, or one of: {}", field.name, bands.join(", "))
                        }
                    };
                    wrong(format!("`{text}` is not a number"), help)
                }
            }
        }
        FieldType::Enum | FieldType::Enums => {
            let single = Field { value: FieldType::Enum, ..field.clone() };
            let value = match read_text_value(&single, text) {
                Ok(Value::Text(value)) => value,
                // What is certainly meant may be asked for.
                Err((_, Repair::Certain(right))) => right.into(),
                Err((message, _)) => return wrong(message, String::new()),
                Ok(_) => return Ok(small()),
            };
            let at = field.values.iter().position(|known| **known == *value);
            Ok(at.map_or_else(small, Operand::Choice))
        }
        FieldType::Boolean => match read_text_value(field, text) {
            Ok(Value::Boolean(truth)) => Ok(Operand::Truth(truth)),
            Ok(_) => Ok(small()),
            Err((message, _)) => wrong(message, format!("write `{}=true`", field.name)),
        },
        FieldType::Person | FieldType::People => somebody(text, given, scope),
        FieldType::Ref | FieldType::Refs => {
            let own = field.to.first().and_then(|to| scope.config.kinds.index_of(to));
            Ok(read_id(text, &scope.config.kinds, own).map_or_else(small, Operand::Id))
        }
        FieldType::Period => match read_text_value(field, text) {
            Err((_, Repair::Certain(right))) => Ok(Operand::Text(right.to_lowercase())),
            _ => Ok(small()),
        },
        FieldType::Text | FieldType::Duration | FieldType::Url | FieldType::List => Ok(small()),
    }
}

fn day(text: &str, given: &Given, today: Date) -> Result<Operand, Wrong> {
    let counted = text.strip_prefix("today").filter(|rest| rest.starts_with(['+', '-']));
    match relative(counted.unwrap_or(text), today) {
        Some(date) => Ok(Operand::Date(date)),
        None => Err(Wrong::new(
            given.span,
            format!("`{text}` is not a day"),
            "write `2026-11-20`, `today`, `today+7d`, `-2w` or `+5bd` (business days)",
        )),
    }
}

fn known<'k>(text: &str, given: &Given, names: impl Iterator<Item = &'k str>) -> Result<Operand, Wrong> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    if names.iter().any(|name| name.eq_ignore_ascii_case(text)) {
        return Ok(Operand::Text(text.to_lowercase()));
    }
    let help = match nearest(text, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of: {}", names.join(", ")),
    };
    Err(Wrong::new(given.span, format!("there is no `{text}`"), help))
}

/// Reads the name of somebody; `me`, unless it is in quotes, is who asks.
fn somebody(text: &str, given: &Given, scope: Scope<'_>) -> Result<Operand, Wrong> {
    let named = match (text, given.quoted, scope.me) {
        ("me", false, Some(me)) => me,
        ("me", false, None) => {
            let help = "tell git: git config user.name \"…\"; or write the name";
            return Err(Wrong::new(given.span, "nobody knows who you are", help));
        }
        _ => text,
    };
    let people = &scope.config.people;
    // Somebody who is on no list may still be named in old records; a slip in a listed name is told.
    if people.handle_of(named).is_none()
        && let Some(near) = nearest(named, people.handles()).filter(|_| !named.contains('<'))
    {
        let message = format!("nobody in [people] is called `{named}`");
        return Err(Wrong::new(given.span, message, format!("did you mean `{near}`?")));
    }
    Ok(Operand::Person(person(named, people)))
}

/// Returns who is meant, so that all ways of naming somebody are one: the handle, else the name without its address.
fn person(text: &str, people: &People) -> String {
    let named = people.handle_of(text).unwrap_or(text);
    let name = named.split('<').next().filter(|name| !name.trim().is_empty()).unwrap_or(named);
    name.trim().trim_start_matches('@').to_lowercase()
}

fn has_order(operand: &Operand) -> bool {
    matches!(operand, Operand::Number(_) | Operand::Band(..) | Operand::Date(_) | Operand::Choice(_))
}

fn is(fact: &Fact<'_>, operand: &Operand, field: Option<&Field>, record: &Record, config: &Config) -> bool {
    if *operand == Operand::Blank || fact.is_blank() {
        return *operand == Operand::Blank && fact.is_blank();
    }
    let own = field
        .and_then(|field| field.to.first())
        .and_then(|to| config.kinds.index_of(to))
        .unwrap_or(record.kind);
    let text_is = |text: &str| match operand {
        Operand::Text(wanted) => text.trim().to_lowercase() == *wanted,
        Operand::Person(wanted) => person(text, &config.people) == *wanted,
        Operand::Id(wanted) => read_id(text, &config.kinds, Some(own)) == Some(*wanted),
        Operand::Choice(at) => {
            field.is_some_and(|field| field.values.get(*at).is_some_and(|value| value == text))
        }
        _ => false,
    };
    match (fact, operand) {
        (Fact::Text(text), _) => text_is(text),
        (Fact::Texts(texts), _) => texts.iter().any(|text| text_is(text)),
        (Fact::Number(number), Operand::Number(wanted)) => number == wanted,
        (Fact::Number(number), Operand::Band(from, to)) => number >= from && to.is_none_or(|to| *number < to),
        (Fact::Date(date), Operand::Date(wanted)) => date == wanted,
        (Fact::Truth(truth), Operand::Truth(wanted)) => truth == wanted,
        _ => false,
    }
}

/// Says whether the text of a fact holds that of `operand`, or, of somebody, the name does.
fn holds(fact: &Fact<'_>, operand: &Operand, people: &People) -> bool {
    let Operand::Text(wanted) = operand else { return *operand == Operand::Blank };
    let within = |text: &str| {
        text.to_lowercase().contains(wanted.as_str())
            || people
                .person(text)
                .and_then(|person| person.name.as_deref())
                .is_some_and(|name| name.to_lowercase().contains(wanted.as_str()))
    };
    match fact {
        Fact::Texts(texts) => texts.iter().any(|text| within(text)),
        Fact::Blank => false,
        other => within(&other.text()),
    }
}

/// Returns how far a fact lies above the operand, measured from its lower and from its upper end: two of the same but for
/// ranges.
fn order(fact: &Fact<'_>, operand: &Operand, field: Option<&Field>) -> Option<(f64, f64)> {
    match (fact, operand) {
        (Fact::Number(number), Operand::Number(wanted)) => Some((number - wanted, number - wanted)),
        (Fact::Number(number), Operand::Band(from, to)) => {
            // Up to the range's end counts as in it, from there on as above.
            let above = to.filter(|to| number >= to).map_or(0.0, |to| number - to + 1.0);
            let below = number - from;
            Some((below, if below < 0.0 { below } else { above }))
        }
        (Fact::Date(date), Operand::Date(wanted)) => {
            let days = wanted.days_until(*date) as f64;
            Some((days, days))
        }
        (Fact::Text(text), Operand::Choice(at)) => {
            let place = field?.values.iter().position(|value| **value == **text)?;
            let steps = place as f64 - *at as f64;
            Some((steps, steps))
        }
        _ => None,
    }
}
