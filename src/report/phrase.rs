//! Sentences of ours with words of others in them, for every form in which they leave: in none of them do those words act. In
//! Markdown that others render beside their own they stand in code spans, where nothing is a mention, a link or markup; in a record,
//! whose mentions are meant, its marks are escaped.

use super::table::code;
use super::table::guarded;
use crate::config::Config;
use crate::config::People;
use crate::record::Record;
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
    /// What a record is called.
    Name(String),
    /// Markdown of a record, in one line.
    Markup(String),
    /// A command that can be pasted.
    Command(String),
}

/// A piece of a sentence, for forms that have ways of their own to keep foreign words from acting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Words of ours.
    Own(&'a str),
    /// Words of others.
    Foreign(&'a str),
    /// What stands out: what a record is called.
    Strong(&'a str),
    /// A command.
    Command(&'a str),
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

    /// Goes on with what a record is called.
    pub(super) fn name(mut self, text: &str) -> Self {
        self.0.push(Piece::Name(shortened(text)));
        self
    }

    /// Goes on with Markdown of a record.
    pub(super) fn markup(mut self, text: &str) -> Self {
        self.0.push(Piece::Markup(shortened(text)));
        self
    }

    /// Goes on with a command that can be pasted.
    pub(super) fn command(mut self, text: &str) -> Self {
        self.0.push(Piece::Command(text.to_owned()));
        self
    }

    /// Says whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
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
            Piece::Foreign(text)
            | Piece::Strong(text)
            | Piece::Name(text)
            | Piece::Markup(text)
            | Piece::Command(text) => visible_within(text).into_owned(),
        };
        self.0.iter().map(piece).collect()
    }

    /// Returns it for Markdown in which harmless words stand as they are.
    pub(super) fn plain_markdown(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Own(text) => text.clone(),
            Piece::Foreign(text) | Piece::Name(text) | Piece::Markup(text) => guarded(text),
            Piece::Strong(text) => format!("**{}**", guarded(text)),
            Piece::Command(text) => code(text),
        };
        self.0.iter().map(piece).collect()
    }

    /// Returns its pieces.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.0.iter().map(|piece| match piece {
            Piece::Own(text) => Part::Own(text),
            Piece::Foreign(text) | Piece::Markup(text) => Part::Foreign(text),
            Piece::Strong(text) | Piece::Name(text) => Part::Strong(text),
            Piece::Command(text) => Part::Command(text),
        })
    }

    /// Returns it as the text of a record has it.
    pub(super) fn prose(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Own(text) => text.clone(),
            Piece::Foreign(text) | Piece::Strong(text) | Piece::Name(text) => escaped(&visible_within(text)),
            Piece::Markup(text) => visible_within(text).into_owned(),
            Piece::Command(text) => code(text),
        };
        self.0.iter().map(piece).collect()
    }

    /// Returns it for Markdown.
    pub(super) fn markdown(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Own(text) => text.clone(),
            Piece::Foreign(text) | Piece::Name(text) | Piece::Markup(text) | Piece::Command(text) => {
                code(text)
            }
            Piece::Strong(text) => format!("**{}**", code(text)),
        };
        self.0.iter().map(piece).collect()
    }
}

/// Returns `text` with a backslash before every character that Markdown could take for a mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Returns what `record` is called, and its title.
pub(super) fn called(record: &Record, config: &Config) -> Phrase {
    let phrase = Phrase::default().name(&record.name(&config.kinds));
    match record.text(config.kinds.at(record.kind), "title") {
        Some(title) => phrase.and(" ").foreign(title),
        None => phrase,
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
    let said = known.unwrap_or_else(|| short(written)).trim_matches(['<', '>']);
    // Of a bare address what stands before the `@` names the person, and does not reach them.
    match said.find('@') {
        Some(at) if at > 0 && !said.contains(' ') => &said[..at],
        _ => said,
    }
}

/// Returns `text` on one line and no longer than it need be.
fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
