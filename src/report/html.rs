//! A page as one HTML file: no script, nothing loaded from elsewhere, every foreign word escaped by the template engine.

use std::io;
use std::io::Write;

use super::page::Block;
use super::page::Page;
use super::phrase::Part;
use super::phrase::Phrase;
use crate::template;
use crate::template::Data;
use crate::text::visible_within;

const TEMPLATE: &str = include_str!("page.html");

/// Writes `page`.
///
/// # Errors
/// Where `out` cannot be written to.
pub(super) fn page(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let line = |form: &str, phrase: &Phrase, below: &[Phrase]| {
        Data::map([("form", Data::text(form)), ("pieces", pieces(phrase)), ("below", all(below))])
    };
    let block = |block: &Block| match block {
        Block::Says(phrase) => line("says", phrase, &[]),
        Block::Task(phrase) => line("task", phrase, &[]),
        Block::Item(phrase, below) => line("item", phrase, below),
    };
    let section = |part: &super::page::Part| {
        let lines = part.blocks.iter().map(block).collect();
        Data::map([("heading", Data::text(part.heading.as_str())), ("lines", Data::List(lines))])
    };
    let whole = Data::map([
        ("name", Data::text(page.title.text())),
        ("title", pieces(&page.title)),
        ("about", all(&page.about)),
        ("sections", Data::List(page.parts.iter().map(section).collect())),
        ("foot", all(&page.foot)),
    ]);
    let html = template::html(TEMPLATE, &whole).map_err(|wrong| io::Error::other(wrong.why))?;
    writeln!(out, "{}", html.trim_end())
}

fn all(phrases: &[Phrase]) -> Data {
    Data::List(phrases.iter().map(pieces).collect())
}

fn pieces(phrase: &Phrase) -> Data {
    let piece = |part: Part<'_>| {
        let (form, text) = match part {
            Part::Own(text) => ("own", text.to_owned()),
            Part::Foreign(text) => ("foreign", visible_within(text).into_owned()),
            Part::Strong(text) => ("strong", visible_within(text).into_owned()),
            Part::Command(text) => ("command", visible_within(text).into_owned()),
        };
        Data::map([("form", Data::text(form)), ("text", Data::text(text))])
    };
    Data::List(phrase.parts().map(piece).collect())
}
