//! Sentences of ours with words of others in them, for the terminal and for Markdown, where those words stand in code spans: in these
//! nothing is a mention, a link or markup.

use super::table::code;
use crate::config::People;
use crate::text::visible_within;

/// The most characters of one foreign text.
const LONGEST: usize = 200;

/// The most names of a list.
const MOST_NAMES: usize = 12;

/// A sentence.
#[derive(Debug, Clone, Default)]
pub(super) struct Phrase(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    /// Our own words.
    Own(String),
    /// Words from a document, a file or a commit.
    Foreign(String),
    /// Such words, to be seen first.
    Strong(String),
}

impl Phrase {
    /// Begins with words of our own.
    pub(super) fn own(text: &str) -> Self {
        Self::default().and(text)
    }

    /// Goes on with words of our own.
    pub(super) fn and(mut self, text: &str) -> Self {
        self.0.push(Piece::Own(text.to_owned()));
        self
    }

    /// Goes on with words of others.
    pub(super) fn foreign(mut self, text: &str) -> Self {
        self.0.push(Piece::Foreign(shortened(text)));
        self
    }

    /// Goes on with words of others that are to be seen first.
    pub(super) fn strong(mut self, text: &str) -> Self {
        self.0.push(Piece::Strong(shortened(text)));
        self
    }

    /// Goes on with names, the first ones where they are many.
    pub(super) fn names<T: AsRef<str>>(mut self, names: &[T]) -> Self {
        for (at, name) in names.iter().take(MOST_NAMES).enumerate() {
            if at > 0 {
                self = self.and(", ");
            }
            self = self.foreign(name.as_ref());
        }
        match names.len().saturating_sub(MOST_NAMES) {
            0 => self,
            more => self.and(&format!(" and {more} more")),
        }
    }

    /// Goes on with another sentence.
    pub(super) fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Returns it for a terminal.
    pub(super) fn text(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Own(text) => text.clone(),
            Piece::Foreign(text) | Piece::Strong(text) => visible_within(text).into_owned(),
        };
        self.0.iter().map(piece).collect()
    }

    /// Returns it for Markdown.
    pub(super) fn markdown(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Own(text) => text.clone(),
            Piece::Foreign(text) => code(text),
            Piece::Strong(text) => format!("**{}**", code(text)),
        };
        self.0.iter().map(piece).collect()
    }
}

/// Returns a name without the address behind it.
pub(super) fn short(person: &str) -> &str {
    let name = person.split('<').next().unwrap_or_default().trim();
    if name.is_empty() { person.trim() } else { name }
}

/// Returns the full name of whoever is `written` so, where the team has said it; else what is written, without an address.
pub(super) fn person<'a>(written: &'a str, people: &'a People) -> &'a str {
    let known = people.person(written).and_then(|person| person.name.as_deref());
    known.unwrap_or_else(|| short(written))
}

/// Returns `text` on one line and no longer than it need be.
fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
