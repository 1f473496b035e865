//! What a record takes over from the one it is born from, and what it writes back: the templates of its birth, filled in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::assign::Assignment;
use super::assign::assign_texts;
use super::assign::check_title;
use super::fit;
use super::parent::Parent;
use super::past::Past;
use super::render::in_prose;
use super::taken::closed;
use super::taken::taken;
use crate::date::Date;
use crate::error::Error;
use crate::error::Mistake;
use crate::error::Result;
use crate::kind::Birth;
use crate::kind::Kind;
use crate::kind::Origin;
use crate::kind::Sketch;
use crate::record::Value;
use crate::template::Data;
use crate::template::Manner;
use crate::template::fill;
use crate::text::one_line;
use crate::workspace::leading_to;

/// A record about to be born.
#[derive(Debug)]
pub struct Born<'a> {
    /// The kind it is to be of.
    pub kind: &'a Kind,
    /// What it is born from.
    pub parent: &'a Parent<'a>,
    /// The way.
    pub birth: &'a Birth,
    /// What has happened to what it is born from.
    pub past: &'a Past,
    /// Who makes it.
    pub me: Option<&'a str>,
    /// The day.
    pub today: Date,
    /// What a person answered who was asked about sections, by their index.
    pub answers: Vec<(usize, String)>,
}

/// What is taken over before a record has a number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inheritance {
    /// The fields.
    pub given: Vec<Assignment>,
    /// Fields that are not taken over, by their key, with the reason.
    pub left: Vec<(String, String)>,
}

/// What a record is to be called, and where it is to lie.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: &'a str,
    /// Its path, relative to the root.
    pub path: &'a str,
}

/// How foreign text is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As it is, for a value of its own.
    Value,
    /// So that Markdown shows it as it is.
    Prose,
}

impl Born<'_> {
    /// Returns the title where none is given; `None` where the birth has none, or makes none that can be one.
    ///
    /// # Errors
    /// Where the template cannot be filled in.
    pub fn title(&self) -> Result<Option<String>> {
        let Some(sketch) = &self.birth.title else { return Ok(None) };
        let title = one_line(&self.filled(sketch, Form::Value, None, None)?);
        Ok(check_title(&title).is_ok().then_some(title))
    }

    /// Returns the fields that are taken over under the title `title`, but for those that are `given`.
    ///
    /// # Errors
    /// Where a template cannot be filled in.
    pub fn fields(&self, title: &str, given: &[Assignment]) -> Result<Inheritance> {
        let mut found = Inheritance::default();
        for (index, sketch) in &self.birth.fields {
            let field = &self.kind.fields[*index];
            let typed = given.iter().find(|known| known.field == *index);
            if typed.is_some() && !field.value.is_reference() {
                continue;
            }
            let text = self.filled(sketch, Form::Value, Some(title), None)?;
            if let Some(typed) = typed {
                self.keeps_parent(&field.key, &text, typed)?;
                continue;
            }
            let whole = one_line(&text);
            let lines: Vec<&str> = match field.value.is_many() {
                true => text.lines().map(str::trim).filter(|line| !line.is_empty()).collect(),
                false => [whole.as_str()].into_iter().filter(|line| !line.is_empty()).collect(),
            };
            if lines.is_empty() {
                continue;
            }
            match assign_texts(*index, &lines, self.kind, self.parent.config, self.today) {
                Ok(assignment) => found.given.push(assignment),
                Err(why) => found.left.push((field.key.clone(), why.message)),
            }
        }
        Ok(found)
    }

    /// Makes sure that what was `typed` for a field of references that would name the parent, as `text` says, names it all the same:
    /// else the two would not belong together.
    fn keeps_parent(&self, key: &str, text: &str, typed: &Assignment) -> Result<()> {
        let Some(id) = self.parent.record.id_text(&self.parent.config.kinds) else { return Ok(()) };
        let names = text.lines().any(|line| line.trim() == id);
        if !names || typed.texts.contains(&id) {
            return Ok(());
        }
        Err(Error::new(format!("`{key}={}`, and the record is to be born from {id}", typed.texts.join(", ")))
            .help(format!("leave `{key}` out, or name {id} in it")))
    }

    /// Returns the questions about sections, by their index.
    ///
    /// # Errors
    /// Where a template cannot be filled in.
    pub fn questions(&self, title: &str) -> Result<Vec<(usize, String)>> {
        let asks = self.birth.asks.iter();
        asks.map(|(at, sketch)| Ok((*at, one_line(&self.filled(sketch, Form::Value, Some(title), None)?))))
            .collect()
    }

    /// Returns `text`, the record at `place`, with its sections filled in, and the titles of those that were. What a writer has
    /// filled in already stays, where `own` says that the text is a writer's.
    ///
    /// # Errors
    /// Where a template cannot be filled in, or its text would change what stands around it.
    pub(super) fn sections(&self, text: &str, own: bool, place: Place<'_>) -> Result<(String, Vec<String>)> {
        let mut text = text.to_owned();
        let mut titles = Vec::new();
        for (index, section) in self.kind.sections.iter().enumerate() {
            let sketch = self.birth.sections.iter().find(|(at, _)| *at == index).map(|(_, sketch)| sketch);
            let answer = self.answers.iter().find(|(at, _)| *at == index).map(|(_, answer)| in_prose(answer));
            if (sketch.is_none() && answer.is_none()) || (own && fit::is_filled(self.kind, &text, index)) {
                continue;
            }
            let content = match sketch {
                Some(sketch) => self.filled(sketch, Form::Prose, Some(place.title), Some(place))?,
                None => String::new(),
            };
            let content = tidy(&content);
            let parts = [closed(&content), answer.unwrap_or_default()];
            let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            if parts.is_empty() {
                continue;
            }
            text = fit::put(self.kind, &text, index, &parts.join("\n\n"))?;
            if fit::is_filled(self.kind, &text, index) {
                titles.push(section.title.clone());
            }
        }
        Ok((text, titles))
    }

    /// Returns what is written back into what it is born from once it lies at `place`: fields by their name, in order, with the
    /// value, and whether that is added to a list. Nothing where that no longer changes.
    ///
    /// # Errors
    /// Where a template cannot be filled in.
    pub fn back(&self, place: Place<'_>) -> Result<Vec<(String, String, bool)>> {
        if self.parent.is_frozen() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for (index, field) in self.parent.kind.fields.iter().enumerate() {
            let Some((name, sketch)) = self.birth.back.iter().find(|(name, _)| *name == field.name) else {
                continue;
            };
            let text = self.filled(sketch, Form::Value, Some(place.title), Some(place))?;
            let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            let value = lines.join(if field.value.is_many() { ", " } else { " " });
            // A kind that took the place of the one that was meant may have no such state.
            let state = field.name == self.parent.kind.lifecycle.field;
            let known = !state || field.values.is_empty() || field.values.contains(&value);
            if !value.is_empty() && known {
                found.push((index, name.clone(), value, field.value.is_many()));
            }
        }
        Ok(found.into_iter().map(|(_, name, value, many)| (name, value, many)).collect())
    }

    fn filled(
        &self,
        sketch: &Sketch,
        form: Form,
        title: Option<&str>,
        place: Option<Place<'_>>,
    ) -> Result<String> {
        let between = if form == Form::Value { "\n" } else { ", " };
        fill(&sketch.text, &self.names(form, title, place), Manner::Lenient(between)).map_err(|wrong| {
            let path = match &self.kind.origin {
                Origin::File(path) => path.clone(),
                Origin::BuiltIn => format!("templates/{}.toml", self.kind.id),
            };
            let source: Arc<str> = (*self.kind.source).into();
            let span = sketch.line(&source, wrong.line);
            let message = format!("this cannot be filled in: {}", wrong.why);
            let help = vec!["see what it may name: docs/kind-files.md".to_owned()];
            Error::from_mistakes(vec![Mistake { path, source, span, message, help }])
        })
    }

    /// Returns what a template may name.
    fn names(&self, form: Form, title: Option<&str>, place: Option<Place<'_>>) -> BTreeMap<String, Data> {
        let shown = |text: &str| match form {
            Form::Value => one_line(text),
            Form::Prose => in_line(&one_line(text)),
        };
        let mut names = BTreeMap::from([
            ("from".to_owned(), self.parent_data(form, &shown, place)),
            ("history".to_owned(), self.past.data(&shown)),
            ("me".to_owned(), Data::text(shown(self.me.unwrap_or_default()))),
            ("today".to_owned(), Data::text(self.today.to_string())),
        ]);
        if let Some(title) = title {
            names.insert("title".to_owned(), Data::text(shown(title)));
        }
        if let Some(place) = place {
            names.insert("id".to_owned(), Data::text(place.id));
            names.insert("number".to_owned(), Data::text(place.number.to_string()));
        }
        names
    }

    /// Returns what a template may name of the parent.
    fn parent_data(&self, form: Form, shown: &dyn Fn(&str) -> String, place: Option<Place<'_>>) -> Data {
        let Parent { kind, id, record, document, .. } = self.parent;
        let (mut fields, mut bands) = (BTreeMap::new(), BTreeMap::new());
        for (index, field) in kind.fields.iter().enumerate() {
            let value = record.fields.iter().find(|written| written.field == index).map(|found| &found.value);
            let computed = || record.product(kind, index).map(|number| number.to_string());
            let data = match value {
                Some(Value::Texts(texts)) => {
                    Data::List(texts.iter().map(|text| Data::text(shown(text))).collect())
                }
                Some(Value::Text(text)) => Data::text(shown(text)),
                Some(value @ (Value::Integer(_) | Value::Boolean(_) | Value::Date(_))) => {
                    Data::text(value.in_conditions().join(", "))
                }
                _ if field.value.is_many() => Data::List(Vec::new()),
                Some(Value::Number(number)) => Data::text(number.to_string()),
                Some(Value::Duration(days)) => Data::text(days.to_string()),
                _ => Data::text(computed().unwrap_or_default()),
            };
            let number = match value {
                Some(Value::Integer(number)) => Some(*number),
                _ => record.product(kind, index),
            };
            let band = number.and_then(|number| field.band(number)).unwrap_or_default();
            bands.insert(field.name.clone(), Data::text(shown(band)));
            fields.insert(field.name.clone(), data);
        }
        let sections = kind.sections.iter().enumerate().map(|(index, section)| {
            let text = taken(record, document, kind, index, place.map(|place| place.path));
            let text = if form == Form::Value { one_line(&text) } else { text };
            (section.title.clone(), Data::text(text))
        });
        let link = place.map(|place| leading_to(place.path, &record.path)).unwrap_or_default();
        let number = record.id().map(|id| id.number.to_string()).unwrap_or_default();
        let title = record.text(kind, "title").map(str::to_owned);
        Data::map([
            ("bands", Data::Map(bands)),
            ("sections", Data::Map(sections.collect())),
            ("fields", Data::Map(fields)),
            ("id", Data::text(id)),
            ("kind", Data::text(&kind.id)),
            ("link", Data::text(crate::text::percent_encoded(&link))),
            ("number", Data::text(number)),
            ("path", Data::text(shown(&record.path))),
            ("state", Data::text(shown(self.parent.state().unwrap_or_default()))),
            ("title", Data::text(title.map(|title| shown(&title)).unwrap_or_default())),
        ])
    }
}

/// Returns text that a template made without the blank lines that its own blocks leave behind.
fn tidy(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().skip_while(|line| line.trim().is_empty()).collect();
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    lines.join("\n")
}

/// Returns a text of one line so that Markdown shows it as it is wherever in a line it stands, in the cell of a table and in a
/// comment too.
fn in_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let inside_word = before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        let marks = match c {
            '\\' | '`' | '*' | '[' | '<' | '|' | '~' => true,
            '_' => !inside_word,
            '&' => chars.peek().is_some_and(|next| next.is_alphanumeric() || *next == '#'),
            '>' => before == '-' || before == '!',
            _ => false,
        };
        if marks {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    in_prose_start(out)
}

/// Returns `text` so that its beginning opens no heading, quotation or list.
fn in_prose_start(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits > 0 && text[digits..].starts_with(['.', ')']);
    if numbered {
        return format!("{}\\{}", &text[..digits], &text[digits..]);
    }
    if text.starts_with(['#', '>', '-', '+', '=']) { format!("\\{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_words_are_shown_as_they_are() {
        for (text, expected) in [
            ("Ines <ines@payments.example>", "Ines \\<ines@payments.example>"),
            ("a_b *c* _d_ `e` [f](g) | h", "a_b \\*c\\* \\_d\\_ \\`e\\` \\[f](g) \\| h"),
            ("--> out", "\\--\\> out"),
            ("# 1", "\\# 1"),
            ("1. one", "1\\. one"),
            ("2026-11-20", "2026-11-20"),
            ("R&D &lt;", "R\\&D \\&lt;"),
            ("a -- b & c", "a -- b & c"),
        ] {
            assert_eq!(in_line(text), expected);
        }
    }
}
