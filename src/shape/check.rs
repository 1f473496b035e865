//! Holding a TOML table against its shape.

use toml::de::DeValue;

use super::Key;
use super::Shape;
use super::Table;
use super::Toml;
use super::Value;
use super::read::integer;
use super::read::span;
use crate::error::Mistake;
use crate::text::Span;
use crate::text::nearest;

/// Returns every departure of `table` from `shape`: unknown keys, values of the wrong type, missing keys. `place` is
/// where the table itself begins, for what is missing.
#[must_use]
pub fn check(file: &Toml<'_>, table: Table<'_>, shape: &Shape, place: Span) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut meant = Vec::new();
    for (key, value) in table.0 {
        let (name, at) = (key.get_ref().as_ref(), span(key.span()));
        match shape.keys.iter().find(|known| known.name == name) {
            Some(known) => {
                check_value(file, name, value.get_ref(), span(value.span()), &known.value, &mut mistakes);
            }
            None => {
                let near = nearest(name, shape.keys.iter().map(|key| key.name));
                meant.extend(near);
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        let known: Vec<_> = shape.keys.iter().map(|key| key.name).collect();
                        format!("use one of: {}", known.join(", "))
                    }
                };
                mistakes.push(file.mistake(at, format!("`{name}` is not a key of {}", shape.what), &[help]));
            }
        }
    }
    // What was misspelt has been told about, and is not missing besides.
    let absent = |key: &&Key| key.required && !table.0.contains_key(key.name) && !meant.contains(&key.name);
    for key in shape.keys.iter().filter(absent) {
        let help = format!("add `{} = …`: {}", key.name, key.help);
        mistakes.push(file.mistake(place, format!("{} needs the key `{}`", shape.what, key.name), &[help]));
    }
    mistakes
}

fn check_value(
    file: &Toml<'_>,
    name: &str,
    value: &DeValue<'_>,
    at: Span,
    expected: &Value,
    mistakes: &mut Vec<Mistake>,
) {
    let wrong = |mistakes: &mut Vec<Mistake>, found: &str| {
        let message = format!("`{name}` takes {}, not {found}", expected.describe());
        mistakes.push(file.mistake(at, message, &[]));
    };
    match (expected, value) {
        (Value::Text, DeValue::String(_)) | (Value::Boolean, DeValue::Boolean(_)) => {}
        (Value::Choice(words), DeValue::String(text)) => {
            if !words.contains(&text.as_ref()) {
                let help = nearest(text, words.iter().copied()).map(|near| format!("did you mean `{near}`?"));
                let message = format!("`{name}` takes {}, not `{text}`", expected.describe());
                mistakes.push(file.mistake(at, message, help.as_slice()));
            }
        }
        (Value::Integer(least), DeValue::Integer(_)) => {
            if integer(value).is_none_or(|number| number < *least) {
                wrong(mistakes, "this number");
            }
        }
        (Value::Texts, DeValue::Array(items)) => {
            for item in items.iter().filter(|item| !item.get_ref().is_str()) {
                let message = format!("`{name}` takes a list of texts; this is {}", found(item.get_ref()));
                mistakes.push(file.mistake(span(item.span()), message, &[]));
            }
        }
        (Value::Table(shape), DeValue::Table(table)) => {
            mistakes.extend(check(file, Table(table), shape, at));
        }
        (Value::Tables(shape), DeValue::Array(items)) => {
            for item in items.iter() {
                match item.get_ref() {
                    DeValue::Table(table) => {
                        mistakes.extend(check(file, Table(table), shape, span(item.span())));
                    }
                    other => wrong(mistakes, found(other)),
                }
            }
        }
        (Value::Map(inner), DeValue::Table(table)) => {
            for (key, value) in table {
                check_value(file, key.get_ref(), value.get_ref(), span(value.span()), inner, mistakes);
            }
        }
        (_, other) => wrong(mistakes, found(other)),
    }
}

fn found(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::key;
    use crate::shape::required;

    const INNER: Shape =
        Shape { what: "an item", keys: &[required("name", Value::Text, "what it is called")] };
    const OUTER: Shape = Shape {
        what: "a test",
        keys: &[
            key("title", Value::Text, "the title"),
            key("level", Value::Choice(&["warn", "deny"]), "the level"),
            key("words", Value::Integer(1), "how many"),
            key("tags", Value::Texts, "tags"),
            key("item", Value::Tables(&INNER), "items"),
            key("map", Value::Map(&Value::Texts), "names"),
        ],
    };

    fn mistakes(source: &str) -> Vec<(String, String)> {
        let file = Toml::new("x.toml", source);
        let found = file.with(|table| Err::<(), _>(check(&file, table, &OUTER, Span::at(0)))).unwrap_err();
        let shown = |mistake: Mistake| {
            let help = mistake.help.join("; ");
            (mistake.span.of(source).to_owned(), format!("{} | {help}", mistake.message))
        };
        found.into_iter().map(shown).collect()
    }

    fn check_one(source: &str, marked: &str, words: &str) {
        let found = mistakes(source);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0 == marked && found[0].1.contains(words), "{found:?}");
    }

    #[test]
    fn every_departure_has_its_place() {
        check_one("titel = 'x'", "titel", "did you mean `title`?");
        check_one("level = 'wran'", "'wran'", "did you mean `warn`?");
        check_one("words = 0", "0", "from 1");
        check_one("words = 'x'", "'x'", "not text");
        check_one("tags = ['a', 1]", "1", "list of texts");
        check_one("[[item]]\n", "[[item]]", "needs the key `name`");
        check_one("[map]\na = 'x'", "'x'", "`a` takes a list of texts");
        check_one("title = ", "", "not TOML");
        assert_eq!(mistakes("title = 'x'\n[map]\nany = ['y']\n"), []);
    }
}
