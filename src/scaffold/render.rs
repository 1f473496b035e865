//! A record's text from the template of its kind.

use std::collections::BTreeMap;

use super::Filled;
use super::Order;
use crate::document::Document;
use crate::error::Error;
use crate::error::Result;
use crate::kind::Kind;
use crate::kind::Required;
use crate::template;
use crate::template::Datum;

/// Returns the whole text of the record: the kind's template where it has one, else its fields and headings.
///
/// # Errors
/// Where the template is not one, or takes too long.
pub(super) fn render(kind: &Kind, id: &str, order: &Order<'_>, values: &[Filled]) -> Result<String> {
    let plain;
    let template = match &kind.template {
        Some(template) => &**template,
        None => {
            plain = without_template(kind);
            &plain
        }
    };
    let split = Document::read(template.to_owned()).body;
    let (front, body) = template.split_at(split);
    let mut text = tidy(&expand(kind, front, context(kind, id, order, values, Place::FrontMatter))?);
    add_missing(kind, &mut text, values);
    match order.body {
        None => text.push_str(&expand(kind, body, context(kind, id, order, values, Place::Prose))?),
        Some(own) => {
            text.push('\n');
            if !own.trim_start().starts_with("# ") {
                text.push_str(&format!("# {id} {}\n\n", in_prose(order.title)));
            }
            text.push_str(own.trim_start_matches(['\n', '\r']));
            if !text.ends_with('\n') {
                text.push('\n');
            }
        }
    }
    Ok(text)
}

/// Where in a template a value stands, which decides how it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    FrontMatter,
    Prose,
}

/// Returns what a template may name: every field, blank where it has no value, and a few words besides.
fn context(
    kind: &Kind,
    id: &str,
    order: &Order<'_>,
    values: &[Filled],
    place: Place,
) -> BTreeMap<String, Datum> {
    let mut context: BTreeMap<String, Datum> = BTreeMap::new();
    for (index, field) in kind.fields.iter().enumerate() {
        let value = match values.iter().find(|value| value.field == index && !value.texts.is_empty()) {
            Some(value) if place == Place::FrontMatter => Datum::text(value.yaml(kind)),
            Some(value) => Datum::text(in_prose(&value.prose())),
            // An empty list is written `[]`, and is no value to `or`.
            None if place == Place::FrontMatter && field.value.is_many() => Datum::List(Vec::new()),
            None => Datum::text(""),
        };
        context.insert(field.name.clone(), value);
    }
    context.insert("id".to_owned(), Datum::text(id));
    context.insert("today".to_owned(), Datum::text(order.today.to_string()));
    context.insert("number".to_owned(), Datum::text(order.number.to_string()));
    context
}

fn expand(kind: &Kind, text: &str, context: BTreeMap<String, Datum>) -> Result<String> {
    template::render(text, context).map_err(|broken| {
        let line = broken.line.map(|line| format!(" on line {line}")).unwrap_or_default();
        Error::new(format!("the template of `{}` cannot be rendered{line}: {}", kind.id, broken.why))
            .help(format!("see which fields it can name: pmkit kinds {}", kind.id))
    })
}

/// Returns the front matter without white space at the ends of lines, which blank values leave.
fn tidy(front: &str) -> String {
    let mut out = String::with_capacity(front.len());
    for line in front.lines() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Adds the fields that have a value and no place in the template, before the closing line.
fn add_missing(kind: &Kind, text: &mut String, values: &[Filled]) {
    let document = Document::read(text.clone());
    let Some(front_matter) = &document.front_matter else { return };
    let mut lines = String::new();
    let given = |value: &&Filled| value.texts.iter().any(|text| !text.is_empty());
    for value in values.iter().filter(given).filter(|value| !value.may_be_left_out(kind)) {
        let field = &kind.fields[value.field];
        if document.entry(&field.key).is_none() {
            lines.push_str(&format!("{}: {}\n", field.key, value.yaml(kind)));
        }
    }
    text.insert_str(front_matter.block.end(), &lines);
}

/// Returns a template for a kind that has none: its fields, those that need not be there left out, and its headings.
fn without_template(kind: &Kind) -> String {
    let mut text = String::from("---\n");
    for field in &kind.fields {
        if field.required != Required::Never || field.default.is_some() || field.name == "id" {
            text.push_str(&format!("{}: {{{{ {} }}}}\n", field.key, field.name));
        }
    }
    text.push_str("---\n\n# {{ id }} {{ title }}\n");
    for section in &kind.sections {
        text.push_str(&format!("\n## {}\n", section.title));
        if let Some(help) = &section.help {
            text.push_str(&format!("\n<!-- {help} -->\n"));
        }
    }
    text
}

/// Returns a text of one line so that Markdown shows it as it is: no tag, no comment, no list or heading by accident.
fn in_prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits > 0 && text[digits..].starts_with(['.', ')']);
    for (at, c) in text.char_indices() {
        let opens = at == 0 && matches!(c, '#' | '>' | '-' | '+' | '*' | '=' | '|' | '~' | '`');
        if opens || c == '<' || (numbered && at == digits) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stay_text_in_markdown() {
        for (title, shown) in [
            ("Tide may slip", "Tide may slip"),
            ("<!-- oops", "\\<!-- oops"),
            ("# not a heading", "\\# not a heading"),
            ("1. first", "1\\. first"),
            ("- item", "\\- item"),
            ("2026 plan", "2026 plan"),
        ] {
            assert_eq!(in_prose(title), shown);
        }
    }
}
