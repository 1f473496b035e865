//! Findings that were there before anybody checked: counted by rule and file, so that the check can begin today and only
//! what is new is told.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::load::not_a;
use super::shape::BASELINE;
use crate::error::Mistake;
use crate::shape::Toml;
use crate::shape::Written;
use crate::shape::check;
use crate::shape::quoted;
use crate::text::Span;

/// The file, beside `pmkit.toml`.
pub const BASELINE_FILE: &str = "pmkit-baseline.toml";

/// What stands at the top of the file.
const NOTICE: &str = "\
# Findings that were here when checking began, counted by rule and file. They are not told.
# `pmkit lint --write-baseline` takes out what has been mended; nothing is ever added.

[findings]
";

/// How many findings of a rule in a file are known, by the name of the rule and the path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The counts, each with where it is written.
    entries: BTreeMap<(String, String), (usize, Span)>,
    /// The text it was read from.
    source: Option<String>,
}

impl Baseline {
    /// Reads `text`. `rules` are the names of all rules.
    ///
    /// # Errors
    /// Every mistake in it, with its place.
    pub fn read(text: &str, rules: &[&str]) -> Result<Self, Vec<Mistake>> {
        let toml = Toml::new(BASELINE_FILE, text);
        toml.with(|table| {
            let mut mistakes = check(&toml, table, &BASELINE, Span::at(0));
            let mut entries = BTreeMap::new();
            let findings = table.table("findings").filter(|_| mistakes.is_empty());
            for key in findings.iter().flat_map(|findings| findings.keys()) {
                let count = findings.and_then(|findings| findings.integer(key.value));
                let count = count.and_then(|written| usize::try_from(written.value).ok()).unwrap_or(0);
                match key.value.split_once(' ') {
                    Some((rule, path)) if rules.contains(&rule) => {
                        entries.insert((rule.to_owned(), path.to_owned()), (count, key.span));
                    }
                    Some((rule, _)) => {
                        let rule = Written { value: rule, span: key.span };
                        mistakes.push(not_a(&toml, rule, rules, "a rule"));
                    }
                    None => mistakes.push(toml.mistake(
                        key.span,
                        format!("`{}` is not a rule and a path", key.value),
                        &["write both with a space between them, as pmkit does".to_owned()],
                    )),
                }
            }
            if mistakes.is_empty() {
                Ok(Self { entries, source: Some(text.to_owned()) })
            } else {
                Err(mistakes)
            }
        })
    }

    /// Returns the baseline of findings that are given with the rule and the path of each, and how many they are.
    #[must_use]
    pub fn of<'f>(findings: impl Iterator<Item = (&'f str, &'f str, usize)>) -> Self {
        let mut entries = BTreeMap::new();
        for (rule, path, count) in findings {
            entries.entry((rule.to_owned(), path.to_owned())).or_insert((0, Span::at(0))).0 += count;
        }
        Self { entries, source: None }
    }

    /// Returns this baseline without what `now` does not find any more. What is new in it is not taken in.
    #[must_use]
    pub fn lowered_to(&self, now: &Self) -> Self {
        let lower = |(key, (count, span)): (&(String, String), &(usize, Span))| {
            let left = now.entries.get(key).map_or(0, |(left, _)| *left).min(*count);
            (left > 0).then(|| (key.clone(), (left, *span)))
        };
        Self { entries: self.entries.iter().filter_map(lower).collect(), source: None }
    }

    /// Returns how many findings of `rule` in the file at `path` are known.
    #[must_use]
    pub fn known(&self, rule: &str, path: &str) -> usize {
        if self.entries.is_empty() {
            return 0;
        }
        self.entries.get(&(rule.to_owned(), path.to_owned())).map_or(0, |(count, _)| *count)
    }

    /// Returns the counts with their rules and paths, and where each is written.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str, usize, Span)> {
        self.entries.iter().map(|((rule, path), (count, span))| (rule.as_str(), path.as_str(), *count, *span))
    }

    /// Returns the text of the file with what is known of the file at `from` said of the one at `to`; `None` where nothing is
    /// known of it. A file as this program writes it stays in order; in any other only the paths change.
    #[must_use]
    pub fn moved(&self, from: &str, to: &str) -> Option<String> {
        let source = self.source.as_deref()?;
        let mut found: Vec<(&str, Span)> = Vec::new();
        let mut entries = BTreeMap::new();
        for ((rule, path), (count, span)) in &self.entries {
            let path = if path == from {
                found.push((rule, *span));
                to
            } else {
                path
            };
            entries.insert((rule.clone(), path.to_owned()), (*count, *span));
        }
        if found.is_empty() {
            return None;
        }
        if source == self.text() {
            return Some(Self { entries, source: None }.text());
        }
        found.sort_unstable_by_key(|(_, span)| std::cmp::Reverse(*span));
        let mut text = source.to_owned();
        for (rule, span) in found {
            text.replace_range(span.range(), &quoted(&format!("{rule} {to}")));
        }
        Some(text)
    }

    /// Returns the text it was read from; `None` where there is no file.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// Returns how many findings there are in all.
    #[must_use]
    pub fn total(&self) -> usize {
        self.entries.values().map(|(count, _)| count).sum()
    }

    /// Returns the text of the file: a line for each rule and path, in order.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = NOTICE.to_owned();
        for ((rule, path), (count, _)) in &self.entries {
            let key = quoted(&format!("{rule} {path}"));
            writeln!(text, "{key} = {count}").expect("writing to a string cannot fail");
        }
        text
    }
}
