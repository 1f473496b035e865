//! TOML with the place of every key and value.

use std::sync::Arc;

use toml::de::DeTable;
use toml::de::DeValue;

use crate::error::Mistake;
use crate::text::Span;

/// A TOML file: its path, its text, and what was read from it.
#[derive(Debug)]
pub struct Toml<'a> {
    /// The path to name in messages.
    pub path: &'a str,
    /// The whole text.
    pub source: Arc<str>,
}

/// A table of a TOML file.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a>(pub(super) &'a DeTable<'a>);

/// A value with the place it was written at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<T> {
    /// The value.
    pub value: T,
    /// Its bytes, quotes included.
    pub span: Span,
}

impl<'a> Toml<'a> {
    /// Returns the file `path` with the text `source`.
    #[must_use]
    pub fn new(path: &'a str, source: &str) -> Self {
        Self { path, source: source.into() }
    }

    /// Reads the file and hands its table on, when it is TOML at all.
    ///
    /// # Errors
    /// Every syntax error, each with its place.
    pub fn with<T>(
        &self,
        read: impl FnOnce(Table<'_>) -> Result<T, Vec<Mistake>>,
    ) -> Result<T, Vec<Mistake>> {
        let (table, errors) = DeTable::parse_recoverable(&self.source);
        if errors.is_empty() {
            return read(Table(table.get_ref()));
        }
        let mistake = |error: &toml::de::Error| {
            let span =
                error.span().map_or(Span::at(self.source.len()), |range| Span::new(range.start, range.end));
            self.mistake(span, format!("not TOML: {}", error.message()), &[])
        };
        Err(errors.iter().map(mistake).collect())
    }

    /// Returns the mistake at `span` of this file.
    #[must_use]
    pub fn mistake(&self, span: Span, message: impl Into<String>, help: &[String]) -> Mistake {
        Mistake {
            path: self.path.to_owned(),
            source: Arc::clone(&self.source),
            span,
            message: message.into(),
            help: help.to_vec(),
        }
    }
}

impl<'a> Table<'a> {
    /// Returns the keys in the order written, each with its place.
    pub fn keys(self) -> impl Iterator<Item = Written<&'a str>> {
        self.0.iter().map(|(key, _)| Written { value: key.get_ref().as_ref(), span: span(key.span()) })
    }

    /// Returns the place of the key `name`, or the beginning of the file where it is absent.
    #[must_use]
    pub fn place(self, name: &str) -> Span {
        self.keys().find(|key| key.value == name).map_or(Span::at(0), |key| key.span)
    }

    /// Returns the text behind `name`.
    #[must_use]
    pub fn text(self, name: &str) -> Option<Written<&'a str>> {
        let (value, span) = self.value(name)?;
        value.as_str().map(|value| Written { value, span })
    }

    /// Returns the text behind `name` as an owned string.
    #[must_use]
    pub fn string(self, name: &str) -> Option<String> {
        self.text(name).map(|written| written.value.to_owned())
    }

    /// Returns the truth behind `name`; absent is false.
    #[must_use]
    pub fn flag(self, name: &str) -> bool {
        self.value(name).and_then(|(value, _)| value.as_bool()).unwrap_or(false)
    }

    /// Returns the whole number behind `name`.
    #[must_use]
    pub fn integer(self, name: &str) -> Option<Written<i64>> {
        let (value, span) = self.value(name)?;
        integer(value).map(|value| Written { value, span })
    }

    /// Returns the texts in the list behind `name`; absent is none.
    #[must_use]
    pub fn texts(self, name: &str) -> Vec<Written<&'a str>> {
        let Some((value, _)) = self.value(name) else { return Vec::new() };
        let items = value.as_array().map_or(&[][..], |array| array.as_ref());
        items
            .iter()
            .filter_map(|item| Some(Written { value: item.get_ref().as_str()?, span: span(item.span()) }))
            .collect()
    }

    /// Returns the texts in the list behind `name` as owned strings.
    #[must_use]
    pub fn strings(self, name: &str) -> Vec<String> {
        self.texts(name).into_iter().map(|written| written.value.to_owned()).collect()
    }

    /// Returns the table behind `name`.
    #[must_use]
    pub fn table(self, name: &str) -> Option<Table<'a>> {
        self.value(name)?.0.as_table().map(Table)
    }

    /// Returns the tables behind `name`, written as `[[name]]` or as a list of inline tables.
    #[must_use]
    pub fn tables(self, name: &str) -> Vec<Table<'a>> {
        let Some((value, _)) = self.value(name) else { return Vec::new() };
        let items = value.as_array().map_or(&[][..], |array| array.as_ref());
        items.iter().filter_map(|item| item.get_ref().as_table().map(Table)).collect()
    }

    /// Returns the place of the value behind `name`.
    #[must_use]
    pub fn value_place(self, name: &str) -> Option<Span> {
        self.value(name).map(|(_, span)| span)
    }

    pub(super) fn value(self, name: &str) -> Option<(&'a DeValue<'a>, Span)> {
        self.0.get(name).map(|value| (value.get_ref(), span(value.span())))
    }
}

pub(super) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
}

pub(super) fn span(range: std::ops::Range<usize>) -> Span {
    Span::new(range.start, range.end)
}
