//! Texts with placeholders: what they name, and what they become. The only file that names the template engine.
//!
//! Values are data: nothing in one is read as a template.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use minijinja::AutoEscape;
use minijinja::Environment;
use minijinja::Error;
use minijinja::ErrorKind;
use minijinja::Output;
use minijinja::State;
use minijinja::UndefinedBehavior;
use minijinja::Value;
use minijinja::escape_formatter;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;

use crate::date::Date;
use crate::text::nearest;

/// How many steps a template may take. A page of text takes a few hundred.
const FUEL: u64 = 100_000;

/// What a template may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// True or false.
    Truth(bool),
    /// Several, in order.
    List(Vec<Data>),
    /// Several, by their names.
    Map(BTreeMap<String, Data>),
}

impl Data {
    /// Returns a text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Returns what `named` lists, by name.
    #[must_use]
    pub fn map<const N: usize>(named: [(&str, Self); N]) -> Self {
        Self::Map(named.into_iter().map(|(name, data)| (name.to_owned(), data)).collect())
    }
}

impl From<&Data> for Value {
    fn from(data: &Data) -> Self {
        match data {
            Data::Text(text) => Self::from(text.as_str()),
            Data::Number(number) => Self::from(*number),
            Data::Truth(truth) => Self::from(*truth),
            Data::List(items) => items.iter().map(Self::from).collect(),
            Data::Map(named) => values(named),
        }
    }
}

fn values(named: &BTreeMap<String, Data>) -> Value {
    let value = |(name, data): (&String, &Data)| (name.clone(), Value::from(data));
    Value::from(named.iter().map(value).collect::<BTreeMap<String, Value>>())
}

/// How a template is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// A name that is not there is a mistake.
    Strict,
    /// A name that is not there is blank, and a list is written with this between its items.
    Lenient(&'static str),
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The line, from 1, where that is known.
    pub line: Option<usize>,
    /// What is wrong, to go on with behind a colon.
    pub why: String,
    /// What to do about it, where that is clear.
    pub help: Option<String>,
}

impl Wrong {
    fn of(error: &Error) -> Self {
        let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        Self { line: error.line(), why, help: None }
    }
}

/// Returns `text` with what stands between its braces filled in from `data`.
///
/// # Errors
/// Where the text is no template, takes too long, or names what is not there and that is a mistake.
pub fn fill(text: &str, data: &BTreeMap<String, Data>, manner: Manner) -> Result<String, Wrong> {
    environment(manner).render_str(text, values(data)).map_err(|error| Wrong::of(&error))
}

/// Makes sure that `text` is a template for [`Manner::Strict`], and that it names nothing but what is `known`.
///
/// # Errors
/// Where it is none, or names something else.
pub fn check(text: &str, known: &[&str]) -> Result<(), Wrong> {
    let environment = environment(Manner::Strict);
    let parsed = environment.template_from_str(text).map_err(|error| Wrong::of(&error))?;
    let mut strange: Vec<String> = parsed.undeclared_variables(false).into_iter().collect();
    strange.retain(|name| {
        !known.contains(&name.as_str()) && environment.globals().all(|(known, _)| known != name)
    });
    strange.sort_unstable();
    let Some(name) = strange.first() else { return Ok(()) };
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of: {}", known.join(", ")),
    };
    let line = text.lines().position(|line| line.contains(name.as_str())).map(|at| at + 1);
    Err(Wrong { line, why: format!("there is no `{name}` to name"), help: Some(help) })
}

/// Returns what `text` names, without what is asked of it, in order; nothing where it is no template.
#[must_use]
pub fn roots(text: &str) -> Vec<String> {
    let environment = environment(Manner::Strict);
    let parsed = environment.template_from_str(text);
    let mut names: Vec<String> =
        parsed.map(|parsed| parsed.undeclared_variables(false).into_iter().collect()).unwrap_or_default();
    names.sort_unstable();
    names
}

/// Returns `text`, a template of ours for HTML, filled in from `data`: every value is escaped, and it may be as long as it takes.
///
/// # Errors
/// Where the text is no template.
pub fn html(text: &str, data: &Data) -> Result<String, Wrong> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.render_str(text, Value::from(data)).map_err(|error| Wrong::of(&error))
}

/// Returns the names that `text` takes from outside, with what is asked of them: `from.fields.owner`.
///
/// # Errors
/// Where the text is no template, or uses a filter, test or function that there is not.
pub fn names(text: &str) -> Result<BTreeSet<String>, Wrong> {
    let environment = environment(Manner::Lenient(""));
    let template = environment.template_from_str(text).map_err(|error| Wrong::of(&error))?;
    // What is wrong with the values is another matter: here there are none.
    if let Err(error) = template.render(Value::UNDEFINED) {
        let unknown = [ErrorKind::UnknownFilter, ErrorKind::UnknownFunction, ErrorKind::UnknownTest];
        if unknown.contains(&error.kind()) {
            return Err(Wrong::of(&error));
        }
    }
    Ok(template.undeclared_variables(true).into_iter().collect())
}

fn environment<'e>(manner: Manner) -> Environment<'e> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(match manner {
        Manner::Strict => UndefinedBehavior::SemiStrict,
        Manner::Lenient(_) => UndefinedBehavior::Chainable,
    });
    let mut syntax = SyntaxConfig::builder();
    syntax.keep_trailing_newline(true).trim_blocks(true).lstrip_blocks(true);
    environment.set_syntax(syntax.build().expect("only the handling of white space was set"));
    environment.set_fuel(Some(FUEL));
    environment.add_filter("sentence", |text: String| sentence(&text));
    environment.add_filter("name", |text: String| name(&text).to_owned());
    environment.add_filter("quote", |text: String| quote(&text));
    environment.add_filter("paragraph", |text: String| paragraph(&text).to_owned());
    environment.add_filter("spoken", |text: String| Date::parse(&text).map_or(text, Date::spoken));
    environment.add_filter("days_after", days_after);
    if let Manner::Lenient(between) = manner {
        environment.set_formatter(move |out: &mut Output, state: &mut State, value: &Value| {
            if value.kind() != ValueKind::Seq {
                return escape_formatter(out, state, value);
            }
            for (at, item) in value.try_iter()?.enumerate() {
                if at > 0 {
                    out.write_str(between)?;
                }
                escape_formatter(out, state, &item)?;
            }
            Ok(())
        });
    }
    environment
}

/// Returns `text` as a sentence: a capital first, a full stop last.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let mut out: String = chars.next().map(char::to_uppercase).into_iter().flatten().collect();
    out.push_str(chars.as_str());
    if !out.is_empty() && !out.ends_with(['.', '!', '?', '…', ':', '。']) {
        out.push('.');
    }
    out
}

/// Returns `text` as Markdown quotes it; nothing of nothing.
#[must_use]
pub fn quote(text: &str) -> String {
    let line = |line: &str| if line.trim().is_empty() { ">".to_owned() } else { format!("> {line}") };
    text.trim_matches('\n').lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Returns a person's name without the address behind it.
fn name(text: &str) -> &str {
    let name = text.split('<').next().unwrap_or_default().trim_end_matches('\\').trim();
    if name.is_empty() { text.trim() } else { name }
}

/// Returns the first paragraph of `text`.
fn paragraph(text: &str) -> &str {
    let text = text.trim_start_matches(['\n', '\r']);
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            break;
        }
        end += line.len();
    }
    text[..end].trim_end()
}

/// Returns how many days lie from `other` to the day it is asked of; blank where one of them is no day.
fn days_after(text: &str, other: &str) -> Value {
    match (Date::parse(text), Date::parse(other)) {
        (Some(day), Some(other)) => Value::from(other.days_until(day)),
        _ => Value::from(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> String {
        let data = [
            ("title", Data::text("{{ id }} tide")),
            ("tags", Data::List(vec![Data::text("a"), Data::text("b")])),
            ("from", Data::map([("state", Data::text("open")), ("days", Data::Number(3))])),
        ];
        let data = data.into_iter().map(|(name, data)| (name.to_owned(), data)).collect();
        fill(text, &data, Manner::Lenient(", ")).unwrap_or_else(|wrong| wrong.why)
    }

    #[test]
    fn values_are_filled_in_and_are_data() {
        for (text, expected) in [
            ("{{ title }}!", "{{ id }} tide!"),
            ("{{ title | sentence }}", "{{ id }} tide."),
            ("{{ tags }} {{ from.state }} {{ from.days }}", "a, b open 3"),
            ("{{ from.fields.owner }}{{ nothing.at.all }}", ""),
            ("{% if from.state == 'open' %}yes{% endif %}", "yes"),
            ("{% for tag in tags %}<{{ tag }}>{% endfor %}", "<a><b>"),
            ("{{ 'a\nb\n\nc' | paragraph | quote }}", "> a\n> b"),
            ("{{ '2026-11-20' | spoken }}", "Fri 20 Nov 2026"),
            ("{{ '2026-12-22' | days_after('2026-12-03') }}", "19"),
            ("{{ 'Ines <i@p.example>' | name }}, {{ 'Ines \\\\<i@p.example>' | name }}", "Ines, Ines"),
            ("{{ '' | days_after('2026-12-03') }}", ""),
        ] {
            assert_eq!(filled(text), expected, "{text}");
        }
        let strict = fill("{{ nothing }}", &BTreeMap::new(), Manner::Strict).unwrap_err();
        assert_eq!(strict.line, Some(1));
        let long = "{% for a in range(9000) %}{% for b in range(9000) %}x{% endfor %}{% endfor %}";
        assert!(fill(long, &BTreeMap::new(), Manner::Lenient("")).is_err());
    }

    #[test]
    fn what_a_template_names_is_known_beforehand() {
        let named = |text: &str| names(text).map(|names| names.into_iter().collect::<Vec<_>>().join(" "));
        assert_eq!(named("{{ from.fields.owner or me }}").expect("a template"), "from.fields.owner me");
        assert_eq!(
            named("{% for e in history.events %}{{ e.day }}{% endfor %}").expect("a template"),
            "history.events"
        );
        assert_eq!(named("a\n{{ from.").unwrap_err().line, Some(2));
        assert!(named("{{ title | sentense }}").unwrap_err().why.contains("sentense"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let known = ["title", "asked"];
        for text in [
            "{{ title }}{% for one in asked %}{{ one }}{{ loop.index }}{% endfor %}",
            "{% for at in range(3) %}{{ at }}{% set x = at %}{{ x }}{% endfor %}",
        ] {
            assert_eq!(check(text, &known), Ok(()));
        }
        let unknown = check("a\n{{ tilte }}", &known).unwrap_err();
        assert_eq!((unknown.line, unknown.help.as_deref()), (Some(2), Some("did you mean `title`?")));
        assert_eq!(check("a\n\n{% if title %}", &known).unwrap_err().line, Some(3));
        assert_eq!(roots("{{ title }}{% for one in asked %}{{ one.name }}{% endfor %}"), ["asked", "title"]);
    }

    #[test]
    fn sentences_have_a_capital_and_a_full_stop() {
        assert_eq!(sentence("tide may slip"), "Tide may slip.");
        assert_eq!(sentence("why?"), "Why?");
    }
}
