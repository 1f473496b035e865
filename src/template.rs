//! Rendering templates, with an end to how long that may take. The only file that names the template engine.

use std::collections::BTreeMap;

use minijinja::Environment;
use minijinja::UndefinedBehavior;
use minijinja::Value;
use minijinja::syntax::SyntaxConfig;

use crate::text::nearest;

/// How many steps a template may take. A page of text takes a few hundred.
const FUEL: u64 = 100_000;

/// Something a template can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Datum {
    /// A text.
    Text(String),
    /// Several things.
    List(Vec<Datum>),
    /// Things by name.
    Map(BTreeMap<String, Datum>),
    /// Whether something is so.
    Flag(bool),
}

impl Datum {
    /// Returns the text `text`.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    fn value(self) -> Value {
        match self {
            Self::Text(text) => Value::from(text),
            Self::List(list) => list.into_iter().map(Self::value).collect(),
            Self::Map(map) => {
                let values = map.into_iter().map(|(name, datum)| (name, datum.value()));
                Value::from(values.collect::<BTreeMap<String, Value>>())
            }
            Self::Flag(flag) => Value::from(flag),
        }
    }
}

/// Why a template cannot be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong there.
    pub why: String,
    /// What to do about it, where that is clear.
    pub help: Option<String>,
}

impl Broken {
    fn of(error: &minijinja::Error) -> Self {
        let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        Self { line: error.line(), why, help: None }
    }
}

/// Returns what `template` says with `data`.
///
/// # Errors
/// Where it is none, names something that is not there, or takes too long.
pub fn render(template: &str, data: BTreeMap<String, Datum>) -> Result<String, Broken> {
    environment().render_str(template, Datum::Map(data).value()).map_err(|error| Broken::of(&error))
}

/// Makes sure that `template` is one, and that it names nothing but what is `known`.
///
/// # Errors
/// Where it is none, or names something else.
pub fn check(template: &str, known: &[&str]) -> Result<(), Broken> {
    let environment = environment();
    let parsed = environment.template_from_str(template).map_err(|error| Broken::of(&error))?;
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
    let line = template.lines().position(|line| line.contains(name.as_str())).map(|at| at + 1);
    Err(Broken { line, why: format!("there is no `{name}` to name"), help: Some(help) })
}

/// Returns what `template` names, in order; nothing where it is none.
#[must_use]
pub fn names(template: &str) -> Vec<String> {
    let environment = environment();
    let parsed = environment.template_from_str(template);
    let mut names: Vec<String> =
        parsed.map(|parsed| parsed.undeclared_variables(false).into_iter().collect()).unwrap_or_default();
    names.sort_unstable();
    names
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let mut syntax = SyntaxConfig::builder();
    syntax.keep_trailing_newline(true).trim_blocks(true).lstrip_blocks(true);
    environment.set_syntax(syntax.build().expect("only the handling of white space was set"));
    environment.set_fuel(Some(FUEL));
    environment.add_filter("sentence", |text: String| sentence(&text));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_begins_with_a_capital_and_ends() {
        assert_eq!(sentence("tide may slip"), "Tide may slip.");
        assert_eq!(sentence("why?"), "Why?");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let known = ["title", "asked"];
        assert_eq!(
            check("{{ title }}{% for one in asked %}{{ one }}{{ loop.index }}{% endfor %}", &known),
            Ok(())
        );
        assert_eq!(
            check("{% for at in range(3) %}{{ at }}{% set x = at %}{{ x }}{% endfor %}", &known),
            Ok(())
        );
        let unknown = check("a\n{{ tilte }}", &known).unwrap_err();
        assert_eq!((unknown.line, unknown.help.as_deref()), (Some(2), Some("did you mean `title`?")));
        assert_eq!(check("a\n\n{% if title %}", &known).unwrap_err().line, Some(3));
        let data = BTreeMap::from([("title".to_owned(), Datum::text("a"))]);
        assert_eq!(render("{{ title }}{% if other %}b{% endif %}\n", data.clone()).unwrap(), "a");
        assert_eq!(render("\n{{ other }}", data.clone()).unwrap_err().line, Some(2));
        let long = "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}";
        assert!(render(long, data).unwrap_err().why.contains("fuel"));
    }
}
