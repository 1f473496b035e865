//! A page as one HTML file: no script, nothing loaded from elsewhere, every foreign word escaped by the template engine.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use minijinja::AutoEscape;
use minijinja::Environment;
use minijinja::Value;

use super::page::Block;
use super::page::Page;
use super::phrase::Part;
use super::phrase::Phrase;
use crate::text::visible_within;

const TEMPLATE: &str = include_str!("page.html");

/// Writes `page`.
///
/// # Errors
/// Where `out` cannot be written to.
pub(super) fn page(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let line = |form: &str, phrase: &Phrase, below: &[Phrase]| {
        map([("form", Value::from(form)), ("pieces", pieces(phrase)), ("below", all(below))])
    };
    let block = |block: &Block| match block {
        Block::Says(phrase) => line("says", phrase, &[]),
        Block::Task(phrase) => line("task", phrase, &[]),
        Block::Item(phrase, below) => line("item", phrase, below),
    };
    let sections = page.parts.iter().map(|part| {
        let lines: Vec<Value> = part.blocks.iter().map(block).collect();
        map([("heading", Value::from(part.heading.as_str())), ("lines", Value::from(lines))])
    });
    let context = map([
        ("name", Value::from(page.title.text())),
        ("title", pieces(&page.title)),
        ("about", all(&page.about)),
        ("sections", Value::from(sections.collect::<Vec<_>>())),
        ("foot", all(&page.foot)),
    ]);
    let html = environment.render_str(TEMPLATE, context).map_err(io::Error::other)?;
    writeln!(out, "{}", html.trim_end())
}

fn all(phrases: &[Phrase]) -> Value {
    Value::from(phrases.iter().map(pieces).collect::<Vec<_>>())
}

fn pieces(phrase: &Phrase) -> Value {
    let piece = |part: Part<'_>| {
        let (form, text) = match part {
            Part::Own(text) => ("own", text.to_owned()),
            Part::Foreign(text) => ("foreign", visible_within(text).into_owned()),
            Part::Strong(text) => ("strong", visible_within(text).into_owned()),
            Part::Command(text) => ("command", visible_within(text).into_owned()),
        };
        map([("form", Value::from(form)), ("text", Value::from(text))])
    };
    Value::from(phrase.parts().map(piece).collect::<Vec<_>>())
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::from(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<BTreeMap<_, _>>())
}
