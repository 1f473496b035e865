//! The typed value of a field, and what is wrong where it does not fit.

use std::borrow::Cow;

use crate::date::Date;
use crate::date::Days;
use crate::date::Period;
use crate::date::Written;
use crate::date::WrittenPeriod;
use crate::date::read_period;
use crate::date::read_written;
use crate::document::Document;
use crate::document::Node;
use crate::document::Scalar;
use crate::document::in_quotes;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::text::Span;
use crate::text::nearest;

/// The value of a field as its type reads it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// The key is there with nothing behind it.
    Blank,
    /// Text; also an address, a person, an allowed value, a reference, a period.
    Text(Box<str>),
    /// Several texts.
    Texts(Vec<Box<str>>),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// True or false.
    Boolean(bool),
    /// A day.
    Date(Date),
    /// A length of time.
    Duration(Days),
    /// Something that does not fit the field; a [`Misfit`] says why.
    Unfit,
}

impl Value {
    /// Returns the text, where the value is one text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the text, or each of several.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let (one, many) = match self {
            Self::Text(text) => (Some(&**text), &[][..]),
            Self::Texts(texts) => (None, &texts[..]),
            _ => (None, &[][..]),
        };
        one.into_iter().chain(many.iter().map(|text| &**text))
    }

    /// Returns the value, or each of several, as conditions in kind files write it.
    #[must_use]
    pub fn in_conditions(&self) -> Vec<Cow<'_, str>> {
        match self {
            Self::Text(text) => vec![Cow::Borrowed(text)],
            Self::Texts(texts) => texts.iter().map(|text| Cow::Borrowed(&**text)).collect(),
            Self::Integer(number) => vec![Cow::Owned(number.to_string())],
            Self::Boolean(truth) => vec![Cow::Borrowed(if *truth { "true" } else { "false" })],
            Self::Date(date) => vec![Cow::Owned(date.to_string())],
            Self::Blank | Self::Number(_) | Self::Duration(_) | Self::Unfit => Vec::new(),
        }
    }

    /// Returns the day, where the value is one.
    #[must_use]
    pub fn as_date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            _ => None,
        }
    }
}

/// A value that is not what its field asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The index of the field.
    pub field: usize,
    /// The bytes that do not fit.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What would fit.
    pub repair: Repair,
}

/// What would fit in place of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// Nobody can say.
    None,
    /// This, without doubt.
    Certain(String),
    /// This, most likely.
    Likely(String),
    /// This, of the year that is meant: the value names none. What goes behind the year.
    InYear(String),
    /// Something to do by hand.
    ByHand(String),
}

/// Reads `node` as the value of `field`, which has the index `index`, and adds what does not fit to `misfits`.
/// References are read elsewhere; here they are text.
pub(super) fn read_value(
    field: &Field,
    index: usize,
    node: &Node,
    document: &Document,
    misfits: &mut Vec<Misfit>,
) -> Value {
    if node.is_blank(&document.text) {
        return Value::Blank;
    }
    let mut unfit = |span: Span, message: String, repair: Repair| {
        misfits.push(Misfit { field: index, span, message, repair });
        Value::Unfit
    };
    if field.value.is_many() {
        if let Node::Map(map) = node {
            let message = format!("`{}` is a list, not keys with values", field.key);
            return unfit(first_line(map.span, document), message, placeholder_hint(map.span, document));
        }
        let found = texts(node, document, field.value != FieldType::List);
        if let Err((message, help)) = fits_count(field, found.len()) {
            unfit(first_line(node.span(), document), message, Repair::ByHand(help));
        }
        if let Some(odd) = nested(node) {
            let message = format!("an item of `{}` must be plain text", field.key);
            return unfit(
                first_line(odd, document),
                message,
                Repair::ByHand("write one text for each item".to_owned()),
            );
        }
        if field.value == FieldType::Enums {
            let mut all = true;
            let mut known = Vec::new();
            for (text, span) in &found {
                match allowed(field, text) {
                    Ok(value) => known.push(value.into()),
                    Err((message, repair)) => {
                        unfit(*span, message, repair);
                        all = false;
                    }
                }
            }
            return if all { Value::Texts(known) } else { Value::Unfit };
        }
        return Value::Texts(found.into_iter().map(|(text, _)| text.into()).collect());
    }
    let scalar = match node {
        Node::Scalar(scalar) => scalar,
        Node::List(list) => match &list.items[..] {
            [Node::Scalar(only)] if matches!(field.value, FieldType::Person | FieldType::Ref) => only,
            // Several people where one is asked for: a rule of its own says why that is nobody.
            _ if matches!(field.value, FieldType::Person) => {
                return Value::Texts(
                    texts(node, document, false).into_iter().map(|(text, _)| text.into()).collect(),
                );
            }
            _ => {
                let message = format!("`{}` takes {}, not a list", field.key, describe(field.value));
                return unfit(
                    first_line(list.span, document),
                    message,
                    Repair::ByHand("keep one".to_owned()),
                );
            }
        },
        Node::Map(map) => {
            let message = format!("`{}` takes {}, not keys with values", field.key, describe(field.value));
            return unfit(first_line(map.span, document), message, placeholder_hint(map.span, document));
        }
    };
    match read_text_value(field, scalar.text.of(&document.text).trim()) {
        Ok(value) => value,
        Err((message, repair)) => {
            let span = first_line(scalar.text.span, document);
            let repair = match quoted_like(scalar, document, repair) {
                // What replaces one line would leave the others of the value standing.
                Repair::Certain(text) | Repair::Likely(text) if span != scalar.text.span => {
                    Repair::ByHand(format!("write `{text}`, in one line"))
                }
                repair => repair,
            };
            unfit(span, message, repair)
        }
    }
}

/// Reads `text`, which is not blank, as the value of a `field` that takes one value.
///
/// # Errors
/// Says what is wrong and what would fit.
pub fn read_text_value(field: &Field, text: &str) -> Result<Value, (String, Repair)> {
    let whole = || Value::Text(text.into());
    match field.value {
        FieldType::Text | FieldType::Person | FieldType::Ref => Ok(whole()),
        FieldType::Url => {
            let plain = text.trim_start_matches('<').trim_end_matches('>');
            let fits = plain.split_once("://").is_some_and(|(scheme, rest)| {
                !rest.is_empty()
                    && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
            });
            if fits || text.starts_with("mailto:") {
                Ok(whole())
            } else if plain.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
            {
                let message = format!("`{text}` is a mail address without `mailto:`");
                Err((message, Repair::Likely(format!("mailto:{plain}"))))
            } else {
                let message =
                    format!("`{text}` is no address: `{}` takes one that begins with `https://`", field.key);
                let help = format!("write all of it, as in `{}: https://talk.example/7`", field.key);
                Err((message, Repair::ByHand(help)))
            }
        }
        FieldType::Enum => allowed(field, text).map(|value| Value::Text(value.into())),
        FieldType::Date => date(field, text),
        FieldType::Duration => Days::parse(text).map(Value::Duration).ok_or_else(|| {
            let message = format!("`{text}` is no length of time");
            (message, Repair::ByHand("write `14d`, `2w` or `3bd` (business days)".to_owned()))
        }),
        FieldType::Period => period(text),
        FieldType::Integer => integer(field, text),
        FieldType::Number => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Number(number)),
            _ => {
                let example = field.example.as_deref().unwrap_or("1.5");
                let help = format!("write it in digits, as in `{}: {example}`", field.key);
                Err((format!("`{text}` is not a number"), Repair::ByHand(help)))
            }
        },
        FieldType::Boolean => boolean(text),
        FieldType::People | FieldType::Enums | FieldType::Refs | FieldType::List => {
            Ok(Value::Texts(split(text).map(|part| text[part].into()).collect()))
        }
    }
}

/// Says whether the list `field` may hold `count` items. Where it holds none, it is another matter whether it may.
///
/// # Errors
/// Says what is wrong, and what to do.
pub fn fits_count(field: &Field, count: usize) -> Result<(), (String, String)> {
    let holds = if count == 1 { "1 item".to_owned() } else { format!("{count} items") };
    let (count, example) = (i64::try_from(count).unwrap_or(i64::MAX), field.example.as_deref());
    let example = example.map(|example| format!(", as in `{}: [{example}]`", field.key)).unwrap_or_default();
    match (field.min, field.max) {
        (Some(min), _) if count > 0 && count < min => Err((
            format!("`{}` holds {holds}, and at least {min} are needed", field.key),
            format!("write {min} or more{example}"),
        )),
        (_, Some(max)) if count > max => Err((
            format!("`{}` holds {holds}, and may hold {max}", field.key),
            format!("keep {max}{example}"),
        )),
        _ => Ok(()),
    }
}

fn date(field: &Field, text: &str) -> Result<Value, (String, Repair)> {
    if let Some(date) = Date::parse(text) {
        return Ok(Value::Date(date));
    }
    Err(match read_written(text) {
        Written::Otherwise(date) => {
            (format!("`{text}` is not written as a date: `YYYY-MM-DD`"), Repair::Certain(date.to_string()))
        }
        Written::Timestamp(date) => {
            (format!("`{}` takes a day, not a time", field.key), Repair::Certain(date.to_string()))
        }
        Written::WithText(date) => {
            (format!("`{}` takes a day and nothing else", field.key), Repair::Likely(date.to_string()))
        }
        Written::Swapped(date) => (
            format!("there is no day `{text}`: month and day are the wrong way round"),
            Repair::Likely(date.to_string()),
        ),
        Written::Impossible => (
            format!("there is no day `{text}`"),
            Repair::ByHand("look it up in a calendar, and write it as `YYYY-MM-DD`".to_owned()),
        ),
        Written::Several => {
            let first = text.split(|c: char| !(c.is_ascii_digit() || c == '-')).find_map(Date::parse);
            let example = first.map(|date| format!(", as in `{}: {date}`", field.key)).unwrap_or_default();
            let message = format!("there is more than one date in `{}`", field.key);
            (message, Repair::ByHand(format!("keep one{example}")))
        }
        Written::Placeholder => (
            format!("`{text}` still stands where a date belongs"),
            Repair::ByHand("write the day as `YYYY-MM-DD`, or leave it empty".to_owned()),
        ),
        Written::Unlike => {
            (format!("`{text}` is not a date"), Repair::ByHand("write the day as `YYYY-MM-DD`".to_owned()))
        }
    })
}

fn period(text: &str) -> Result<Value, (String, Repair)> {
    /// Any year of 53 weeks will do: what names none is told without it.
    const ANY: i16 = 2020;
    if Period::parse(text).is_some() {
        return Ok(Value::Text(text.into()));
    }
    Err(match read_period(text, ANY) {
        WrittenPeriod::Otherwise(period) => {
            (format!("`{text}` is not how a period is written"), Repair::Certain(period.to_string()))
        }
        WrittenPeriod::Likely(period) => {
            (format!("`{text}` is not how a period is written"), Repair::Likely(period.to_string()))
        }
        WrittenPeriod::NoYear(period) => {
            let part = period.to_string().trim_start_matches(|c: char| c.is_ascii_digit()).to_owned();
            (format!("`{text}` does not say in which year"), Repair::InYear(part))
        }
        WrittenPeriod::Impossible => (
            format!("there is no period `{text}`"),
            Repair::ByHand("a year has `H1` to `H2`, `Q1` to `Q4`, `01` to `12` and `W01` to `W52` or `W53`".to_owned()),
        ),
        WrittenPeriod::Unlike => (
            format!("`{text}` is no period"),
            Repair::ByHand("write a year, a half, a quarter, a month or a week: `2026`, `2026-H2`, `2026-Q4`, `2026-11`, `2026-W47`".to_owned()),
        ),
    })
}

fn integer(field: &Field, text: &str) -> Result<Value, (String, Repair)> {
    let range = match (field.min, field.max) {
        (Some(min), Some(max)) => format!("a whole number from {min} to {max}"),
        (Some(min), None) => format!("a whole number from {min}"),
        (None, Some(max)) => format!("a whole number up to {max}"),
        (None, None) => "a whole number".to_owned(),
    };
    match text.parse::<i64>() {
        Ok(number)
            if field.min.is_none_or(|min| number >= min) && field.max.is_none_or(|max| number <= max) =>
        {
            Ok(Value::Integer(number))
        }
        _ => {
            let bound = field.max.or(field.min).map(|bound| bound.to_string());
            let example = field.example.clone().or(bound).unwrap_or_else(|| "1".to_owned());
            let help = format!("write {range}, as in `{}: {example}`", field.key);
            Err((format!("`{text}` is not {range}"), Repair::ByHand(help)))
        }
    }
}

/// Reads a truth value. Only here, where the field asks for one, do `yes` and `no` mean anything.
fn boolean(text: &str) -> Result<Value, (String, Repair)> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Ok(Value::Boolean(true)),
        "false" | "no" | "off" => Ok(Value::Boolean(false)),
        _ => {
            let message = format!("`{text}` is neither `true` nor `false`");
            Err((message, Repair::ByHand("write `true` or `false`".to_owned())))
        }
    }
}

/// Returns the allowed value `text` stands for.
fn allowed<'a>(field: &'a Field, text: &str) -> Result<&'a str, (String, Repair)> {
    if let Some(value) = field.values.iter().find(|value| *value == text) {
        return Ok(value);
    }
    if let Some((_, value)) = field.value_aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(text)) {
        return Ok(value);
    }
    let is_choice = |word: &str| field.values.iter().any(|value| value.eq_ignore_ascii_case(word.trim()));
    let choices = text.split(['|', '/', ',']).filter(|word| is_choice(word)).count();
    if choices > 1 {
        let message = format!("`{}` still holds the template's list of choices", field.key);
        return Err((message, Repair::ByHand(format!("keep one of: {}", field.values.join(", ")))));
    }
    let bare = text.trim_matches(|c: char| matches!(c, '*' | '_' | '`' | '"' | '\'' | '.' | ' '));
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    if let Some(value) = field.values.iter().find(|value| letters(value) == letters(bare)) {
        let message = format!("`{text}` is not a value of `{}`, but `{value}` is", field.key);
        return Err((message, Repair::Certain(value.clone())));
    }
    let message = match field.values.len() {
        1 => format!("`{}` is `{}` here, not `{text}`", field.key, field.values[0]),
        _ => format!("`{text}` is not a value of `{}`", field.key),
    };
    let first = bare.split([' ', '(', ',']).next().unwrap_or_default();
    let begins = field.values.iter().find(|value| value.eq_ignore_ascii_case(first));
    let near = begins.map(String::as_str).or_else(|| nearest(bare, field.values.iter().map(String::as_str)));
    Err((message, near.map_or(Repair::None, |near| Repair::Likely(near.to_owned()))))
}

fn describe(value: FieldType) -> &'static str {
    match value {
        FieldType::Text => "text",
        FieldType::Integer => "a whole number",
        FieldType::Number => "a number",
        FieldType::Boolean => "`true` or `false`",
        FieldType::Date => "a date",
        FieldType::Duration => "a length of time",
        FieldType::Period => "a period",
        FieldType::Person => "one person",
        FieldType::Enum => "one value",
        FieldType::Ref => "one record",
        FieldType::Url => "an address",
        FieldType::People | FieldType::Enums | FieldType::Refs | FieldType::List => "a list",
    }
}

/// Returns the texts of a list, or of one text: the whole, or, where `commas` separate, its parts. Blank ones are left
/// out. Each comes with its bytes, quotes left out where they only wrap.
#[must_use]
pub fn texts(node: &Node, document: &Document, commas: bool) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    let mut add = |scalar: &Scalar| {
        let (text, span) = (scalar.text.of(&document.text), inside_quotes(scalar, document));
        if scalar.is_null(&document.text) || text.trim().is_empty() {
            return;
        }
        if commas && document.at(span) == text {
            found.extend(split(text).map(|part| {
                (text[part.clone()].to_owned(), Span::new(span.start() + part.start, span.start() + part.end))
            }));
        } else if commas {
            found.extend(split(text).map(|part| (text[part].to_owned(), scalar.text.span)));
        } else {
            found.push((text.trim().to_owned(), span));
        }
    };
    match node {
        Node::Scalar(scalar) => add(scalar),
        Node::List(list) => {
            for item in &list.items {
                if let Node::Scalar(scalar) = item {
                    add(scalar);
                }
            }
        }
        Node::Map(_) => {}
    }
    found
}

/// Returns the parts of `text` between commas, trimmed, blank ones left out.
fn split(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut start = 0;
    text.split(',').filter_map(move |part| {
        let from = start + (part.len() - part.trim_start().len());
        let to = from + part.trim().len();
        start += part.len() + 1;
        (to > from).then_some(from..to)
    })
}

/// Returns the bytes between the quotes of a quoted scalar, where they are its text; else all its bytes.
fn inside_quotes(scalar: &Scalar, document: &Document) -> Span {
    let span = scalar.text.span;
    let inner = Span::new(span.start() + 1, span.end().saturating_sub(1));
    let quoted = document.at(span).starts_with(['"', '\'']) && span.len() >= 2;
    if quoted && document.at(inner) == scalar.text.of(&document.text) { inner } else { span }
}

/// Returns the place of the first item that is no text.
fn nested(node: &Node) -> Option<Span> {
    match node {
        Node::List(list) => list.items.iter().find(|item| !matches!(item, Node::Scalar(_))).map(Node::span),
        _ => None,
    }
}

fn first_line(span: Span, document: &Document) -> Span {
    let text = document.at(span);
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    Span::new(span.start(), span.start() + end)
}

fn placeholder_hint(span: Span, document: &Document) -> Repair {
    if document.at(span).starts_with('{') {
        Repair::ByHand("replace the template's text in braces, or put it in quotes".to_owned())
    } else {
        Repair::None
    }
}

/// Writes what a repair puts in place of `scalar` so that it keeps its quotes.
fn quoted_like(scalar: &Scalar, document: &Document, repair: Repair) -> Repair {
    let quote = document.at(scalar.text.span).chars().next().filter(|c| matches!(c, '"' | '\''));
    let dress = |text: String| match quote {
        Some('\'') => format!("'{}'", text.replace('\'', "''")),
        Some(_) => in_quotes(&text),
        None => text,
    };
    match repair {
        Repair::Certain(text) => Repair::Certain(dress(text)),
        Repair::Likely(text) => Repair::Likely(dress(text)),
        other => other,
    }
}

/// Says whether `text` stands where a name belongs without naming anybody: `TBD`, `?`, `unassigned`.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    let plain =
        text.trim().trim_matches(|c: char| matches!(c, '<' | '>' | '{' | '}' | '[' | ']' | '.' | '@' | '"'));
    let known =
        ["tbd", "tba", "tbc", "todo", "n/a", "na", "none", "nobody", "noone", "unassigned", "unknown", "xxx"];
    let bracketed = text.trim().starts_with(['<', '{', '['])
        && ["name", "owner", "person", "handle", "date", "title"]
            .iter()
            .any(|word| plain.eq_ignore_ascii_case(word));
    let yours = plain.to_ascii_lowercase().starts_with("your name");
    bracketed
        || yours
        || plain.chars().all(|c| matches!(c, '?' | '-' | '_' | ' '))
        || known.iter().any(|word| plain.eq_ignore_ascii_case(word))
}
