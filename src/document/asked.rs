//! Entries that ask for an answer, and what stands beside and below them.
//!
//! An entry is a sub-heading, a list item or a row of a table. What is a question and what an objection, and when either
//! counts as answered, is for their rules to say; here the text is taken apart.

use super::BlockKind;
use super::Document;
use super::ListedEntry;
use crate::text::Span;

/// One entry of a section, comments taken out.
#[derive(Debug)]
pub struct Asked {
    /// Its number among the entries of the section, from 1.
    pub number: usize,
    /// Where its first words stand.
    pub place: Span,
    /// Its own words: the heading, the first paragraph of the item, the first cell of the row.
    pub said: String,
    /// What stands below it or, in a row, in the last column of the table.
    pub below: String,
    /// Whether it is a task that has been done.
    pub done: bool,
}

/// What is put between a question and who is to answer it.
pub const ARROWS: [&str; 6] = ["→", "⇒", "-->", "->", "==>", "=>"];

/// Returns the entries of section `index` that ask something: those that say that there is none, and those struck through
/// are left out, but counted.
pub fn asked(document: &Document, index: usize) -> Vec<Asked> {
    let entries = document.outline().entry_list(index, &document.text);
    let read = |(at, entry): (usize, &ListedEntry)| match *entry {
        ListedEntry::Section(index) => heading(document, at + 1, index),
        ListedEntry::Block(index) => block(document, at + 1, index),
    };
    entries.iter().enumerate().map(read).filter(|asked| !asked.is_none() && !asked.is_struck()).collect()
}

/// Says whether `text` holds words and not only a note that they are to come.
pub fn says_something(text: &str) -> bool {
    let plain = text.trim_matches(|c: char| !c.is_alphanumeric());
    let to_come =
        ["tbd", "tba", "tbc", "todo", "to do", "to be done", "to be decided", "pending", "unknown", "open"];
    !plain.is_empty() && !to_come.iter().any(|word| plain.eq_ignore_ascii_case(word))
}

/// Returns where the first of `marks` begins in `text`, and where it ends.
pub fn first_of(text: &str, marks: &[&str]) -> Option<(usize, usize)> {
    let found = marks.iter().filter_map(|mark| text.find(mark).map(|at| (at, at + mark.len())));
    // Of two that begin at one place the longer counts.
    found.min_by_key(|(start, end)| (*start, usize::MAX - end))
}

/// Returns `text` without list marker and box.
pub(super) fn without_marker(text: &str) -> &str {
    let text = text.trim_start();
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = match text.strip_prefix(['-', '*', '+']) {
        Some(rest) => rest,
        None if digits.len() < text.len() => digits.strip_prefix(['.', ')']).unwrap_or(text),
        None => text,
    };
    // `-5 degrees` and `**bold**` are no items.
    let rest =
        if rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']) { rest.trim_start() } else { text };
    ["[ ]", "[x]", "[X]"].iter().find_map(|mark| rest.strip_prefix(mark)).map_or(rest, str::trim_start)
}

impl Asked {
    /// Says whether something stands below it that may be an answer, and returns it without marker.
    pub fn answer_below(&self) -> Option<&str> {
        let below = without_marker(self.below.trim_start_matches(|c: char| c == '>' || c.is_whitespace()));
        says_something(below).then_some(below)
    }

    /// Says whether the entry only says that there is none.
    fn is_none(&self) -> bool {
        let plain = self.said.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let none = [
            "none",
            "n/a",
            "na",
            "nothing",
            "no",
            "none yet",
            "none so far",
            "none at present",
            "none known",
        ];
        plain.is_empty() || none.contains(&plain.as_str())
    }

    /// Says whether the entry has been struck through, its question mark too where it has one.
    fn is_struck(&self) -> bool {
        let said = self.said.trim_start();
        let Some((struck, rest)) = said.strip_prefix("~~").and_then(|rest| rest.split_once("~~")) else {
            return false;
        };
        !rest.contains('?') && (struck.contains('?') || !says_something(rest))
    }
}

/// Reads the sub-heading at `index` of the outline's sections.
fn heading(document: &Document, number: usize, index: usize) -> Asked {
    let outline = document.outline();
    let section = &outline.sections[index];
    let last = outline.subtree(index).end - 1;
    let below = Span::new(section.body.start(), outline.sections[last].body.end());
    let source = section.title.span;
    let title = section.title.of(&document.text);
    // Only the source shows what is struck through.
    let struck = document.at(section.heading).contains("~~");
    let said = if struck { document.at(section.heading).trim_start_matches(['#', ' ']) } else { title };
    Asked { number, place: source, said: said.to_owned(), below: uncommented(document, below), done: false }
}

/// Reads the item or row at `index` of the outline's blocks.
fn block(document: &Document, number: usize, index: usize) -> Asked {
    let blocks = &document.outline().blocks;
    let block = blocks[index];
    let text = uncommented(document, block.span);
    let place = |from: usize, said: &str| {
        let skipped = said.len() - said.trim_start().len();
        let start = block.span.start() + from + skipped;
        let line = said.trim().lines().next().unwrap_or_default().trim_end();
        Span::new(start, start + line.len())
    };
    if let BlockKind::Row(columns) = block.kind {
        let cells = cells(&text);
        let (from, said) = cells.first().copied().unwrap_or_default();
        let last = usize::from(columns).saturating_sub(1);
        let below = cells.get(last).filter(|_| last > 0).map_or("", |(_, cell)| cell);
        return Asked {
            number,
            place: place(from, said),
            said: said.to_owned(),
            below: below.to_owned(),
            done: false,
        };
    }
    let inner = blocks[index + 1..].iter().take_while(|other| block.span.contains(other.span)).next();
    let nested = inner.map_or(text.len(), |inner| inner.span.start() - block.span.start());
    let end = blank_line(&text[..nested]).unwrap_or(nested);
    let (first, below) = text.split_at(end);
    let said = without_marker(first);
    let from = first.len() - said.len();
    Asked {
        number,
        place: place(from, said),
        said: said.trim_end().to_owned(),
        below: below.to_owned(),
        done: block.kind == BlockKind::Task(true),
    }
}

/// Returns the cells of a table's row, each with where it begins. A bar behind a backslash is part of its cell.
pub(super) fn cells(row: &str) -> Vec<(usize, &str)> {
    let whole = row.trim_end();
    let from = whole.len() - whole.trim_start().len();
    let from = if whole[from..].starts_with('|') { from + 1 } else { from };
    let mut found = Vec::new();
    let mut start = from;
    for (bar, _) in whole.match_indices('|').filter(|(bar, _)| *bar >= from) {
        if !whole[..bar].ends_with('\\') {
            found.push((start, &whole[start..bar]));
            start = bar + 1;
        }
    }
    if start < whole.len() {
        found.push((start, &whole[start..]));
    }
    found
}

/// Returns where the first blank line of `text` begins, after words.
fn blank_line(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() && !text[..at].trim().is_empty() {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// Returns the text under `span` with a space for each byte of a comment, so that places stay.
pub(super) fn uncommented(document: &Document, span: Span) -> String {
    let mut text = document.at(span).to_owned();
    for comment in document.outline().comments_in(span) {
        let (start, end) = (comment.start() - span.start(), comment.end() - span.start());
        text.replace_range(start..end, &" ".repeat(end - start));
    }
    text
}
