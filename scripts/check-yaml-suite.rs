//! Holds our reading of YAML against the YAML test suite: `scripts/check-yaml-suite FILE`.
//!
//! The file has a case a line: `id`, `valid`, `yaml`, and `json` where the suite gives the value. What front matter
//! refuses on purpose (anchors, tags, several documents …) is counted and left aside; everything else must agree.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io;
use std::io::Write;
use std::process::ExitCode;

use serde_json::Value;

use pmkit::document::Node;
use pmkit::document::Scalar;
use pmkit::document::Style;
use pmkit::document::read_yaml;
use pmkit::text::Span;

fn main() -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let Some(path) = env::args().nth(1) else {
        writeln!(out, "usage: check-yaml-suite FILE (a case a line, as JSON)")?;
        return Ok(ExitCode::from(2));
    };
    let Ok(cases) = fs::read_to_string(&path) else {
        writeln!(out, "NOT CHECKED: there is no {path}")?;
        return Ok(ExitCode::from(2));
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = 0;
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line)?;
        let text = |key: &str| case[key].as_str();
        let (id, yaml) = (text("id").unwrap_or("?"), text("yaml").unwrap_or_default());
        let valid = case["valid"].as_bool().unwrap_or(false);
        let verdict = match (read_yaml(yaml, Span::new(0, yaml.len())), valid) {
            (Err(error), _) if error.refused => "refused by policy",
            (Err(_), false) => "rejected, as it should be",
            (Err(error), true) => {
                writeln!(out, "{id}: valid, but rejected: {}", error.message)?;
                "WRONG"
            }
            (Ok(_), false) => {
                writeln!(out, "{id}: not valid, but accepted")?;
                "WRONG"
            }
            (Ok(node), true) => match text("json").map(serde_json::from_str::<Value>) {
                None | Some(Err(_)) => "accepted (the suite gives no single value)",
                Some(Ok(expected)) if same(&value(&node, yaml), &expected) => "accepted with the right value",
                Some(Ok(expected)) => {
                    writeln!(out, "{id}: read as {} instead of {expected}", value(&node, yaml))?;
                    "WRONG"
                }
            },
        };
        wrong += usize::from(verdict == "WRONG");
        *counts.entry(verdict).or_default() += 1;
    }
    for (verdict, count) in &counts {
        writeln!(out, "{count:4} {verdict}")?;
    }
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns what the tree stands for in JSON. Our scalars stay text; plain ones are read here by YAML's core schema.
fn value(node: &Node, source: &str) -> Value {
    match node {
        Node::Scalar(scalar) => plain(scalar, source),
        Node::List(list) => list.items.iter().map(|item| value(item, source)).collect(),
        Node::Map(map) => {
            let pair = |entry: &pmkit::document::Entry| {
                (entry.key.text.of(source).to_owned(), value(&entry.value, source))
            };
            Value::Object(map.entries.iter().map(pair).collect())
        }
    }
}

fn plain(scalar: &Scalar, source: &str) -> Value {
    let text = scalar.text.of(source);
    match (scalar.style, text) {
        (Style::Empty, _) | (Style::Plain, "~" | "null" | "Null" | "NULL" | "") => Value::Null,
        (Style::Plain, "true" | "True" | "TRUE") => Value::Bool(true),
        (Style::Plain, "false" | "False" | "FALSE") => Value::Bool(false),
        (Style::Plain, _) => number(text).map_or_else(|| Value::from(text), Value::from),
        (Style::Quoted | Style::Block, _) => Value::from(text),
    }
}

fn number(text: &str) -> Option<f64> {
    if let Some(hex) = text.strip_prefix("0x") {
        return u32::from_str_radix(hex, 16).ok().map(f64::from);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return u32::from_str_radix(octal, 8).ok().map(f64::from);
    }
    let digits = text.trim_start_matches(['+', '-']);
    let numeric = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E'));
    if numeric { text.parse().ok() } else { None }
}

fn same(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Number(found), Value::Number(expected)) => found.as_f64() == expected.as_f64(),
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len()
                && found.iter().zip(expected).all(|(found, expected)| same(found, expected))
        }
        (Value::Object(found), Value::Object(expected)) => {
            found.len() == expected.len()
                && expected
                    .iter()
                    .all(|(key, expected)| found.get(key).is_some_and(|found| same(found, expected)))
        }
        (found, expected) => found == expected,
    }
}
