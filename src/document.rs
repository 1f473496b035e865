//! One file as text: front matter with the place of every key and value, and the outline of its Markdown.
//!
//! Reading never fails. What is wrong with the form of the front matter is listed as [`Slip`]s, which rules turn into
//! findings. Nothing here knows what fields a record should have.

use std::cell::OnceCell;

mod anchors;
mod asked;
mod decode;
mod fragments;
mod front_matter;
mod html;
mod lines;
mod outline;
mod quote;
mod slips;
mod stated;
mod wording;
mod yaml;

pub use anchors::anchor;
pub use anchors::anchors;
pub use asked::ARROWS;
pub use asked::Asked;
pub use asked::asked;
pub use asked::first_of;
pub use asked::says_something;
pub use decode::MAX_BYTES;
pub use decode::Unreadable;
pub use decode::decode;
pub use fragments::Definition;
pub use fragments::Fragments;
pub use fragments::address_at;
pub use fragments::fragments;
pub use front_matter::FrontMatter;
pub use front_matter::Read;
pub(crate) use front_matter::line_ending;
pub(crate) use front_matter::next_line;
pub use html::closes_elements;
pub use outline::Block;
pub use outline::BlockKind;
pub use outline::Link;
pub use outline::ListedEntry;
pub use outline::Outline;
pub use outline::Section;
pub use outline::read_outline;
pub use quote::yaml_list;
pub use quote::yaml_value;
pub use slips::Mend;
pub use slips::Slip;
pub use slips::in_quotes;
pub use stated::Head;
pub use stated::Label;
pub use stated::Piece;
pub use stated::Stated;
pub use stated::stated;
pub use wording::Passage;
pub use wording::sayings;
pub use wording::unstruck;
pub use wording::wording;
pub use yaml::Entry;
pub use yaml::List;
pub use yaml::MAX_YAML_BYTES;
pub use yaml::MAX_YAML_DEPTH;
pub use yaml::MAX_YAML_NODES;
pub use yaml::Map;
pub use yaml::Node;
pub use yaml::Scalar;
pub use yaml::Style;
pub use yaml::YamlError;
pub use yaml::read_top;
pub use yaml::read_yaml;

use crate::text::Span;

/// A text with what was found in it.
#[derive(Debug)]
pub struct Document {
    /// The whole text as it was read.
    pub text: String,
    /// The front matter, where there is any.
    pub front_matter: Option<FrontMatter>,
    /// What is wrong with the form of the front matter.
    pub slips: Vec<Slip>,
    /// The first lines of merge conflicts nobody resolved, those inside code included.
    pub conflicts: Vec<Span>,
    /// Where the Markdown begins.
    pub body: usize,
    outline: OnceCell<Outline>,
}

impl Document {
    /// Reads `text`. The Markdown is read only when [`Document::outline`] asks for it.
    #[must_use]
    pub fn read(text: String) -> Self {
        let found = front_matter::find(&text);
        Self {
            conflicts: conflicts(&text),
            text,
            front_matter: found.front_matter,
            slips: found.slips,
            body: found.body,
            outline: OnceCell::new(),
        }
    }

    /// Returns the outline of the Markdown.
    #[must_use]
    pub fn outline(&self) -> &Outline {
        self.outline.get_or_init(|| read_outline(&self.text, self.body))
    }

    /// Returns the entries of the front matter in order; none where there is no front matter.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.front_matter.as_ref().map_or(&[], |front_matter| &front_matter.map.entries)
    }

    /// Returns the first entry whose key is `key`, compared without letter case.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key.text.of(&self.text).eq_ignore_ascii_case(key))
    }

    /// Returns the text under `span`.
    #[must_use]
    pub fn at(&self, span: Span) -> &str {
        span.of(&self.text)
    }
}

/// Finds where conflicts begin: a line `<<<<<<< …` and somewhere after it a line `=======`. The closing line may have
/// been lost.
fn conflicts(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut last_middle = None;
    while let Some(at) = memchr::memmem::find(&text.as_bytes()[from..], b"<<<<<<< ") {
        let start = from + at;
        from = start + 8;
        let line = text[from..].find(['\n', '\r']).map_or(text.len(), |end| from + end);
        let begins_line = start == 0 || text[..start].ends_with(['\n', '\r']);
        if begins_line && *last_middle.get_or_insert_with(|| middle_of_last_conflict(text)) >= line {
            found.push(Span::new(start, line));
        }
    }
    found
}

/// Returns where the last line `=======` begins; 0 where there is none.
fn middle_of_last_conflict(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = bytes.len();
    while let Some(at) = memchr::memmem::rfind(&bytes[..end], b"=======") {
        let behind = &bytes[at + 7..];
        let line_ends = behind.is_empty() || behind.starts_with(b"\n") || behind.starts_with(b"\r\n");
        if line_ends && (at == 0 || bytes[at - 1] == b'\n') {
            return at;
        }
        end = at + 6;
    }
    0
}
