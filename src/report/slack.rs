//! A page as messages for Slack, in its Block Kit: one message a line of JSON, each as long as Slack takes.
//!
//! Text stands in `rich_text` elements, which Slack shows as they are: no mention, no link and no mark in a title acts. Only
//! the line for notifications is read as markup, and has `&`, `<` and `>` escaped. The limits are those of Slack's reference of
//! blocks: 50 blocks a message, 150 characters a header, 3,000 a text; and 13,000 characters a message, what it took in tests
//! others have published.

use std::io;
use std::io::Write;

use serde::Serialize;

use super::escape::write_json;
use super::page::Block;
use super::page::Page;
use super::phrase::Part;
use super::phrase::Phrase;
use crate::text::visible_within;

const MOST_BLOCKS: usize = 50;
const MOST_OF_HEADER: usize = 150;
/// The most characters of one block of text.
const MOST_OF_BLOCK: usize = 3000;
/// The most characters of a message, headers and notification included.
const MOST_OF_MESSAGE: usize = 12_000;

#[derive(Serialize)]
struct Message {
    text: String,
    blocks: Vec<Piece>,
}

#[derive(Serialize, Clone)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Piece {
    Header { text: Plain },
    RichText { elements: Vec<Element> },
}

#[derive(Serialize, Clone)]
struct Plain {
    r#type: &'static str,
    text: String,
    emoji: bool,
}

#[derive(Serialize, Clone)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Element {
    RichTextSection {
        elements: Vec<Text>,
    },
    RichTextList {
        style: &'static str,
        #[serde(skip_serializing_if = "is_zero")]
        indent: u8,
        elements: Vec<Element>,
    },
}

#[derive(Serialize, Clone)]
struct Text {
    r#type: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<Style>,
}

#[derive(Serialize, Clone)]
struct Style {
    #[serde(skip_serializing_if = "is_false")]
    bold: bool,
    #[serde(skip_serializing_if = "is_false")]
    code: bool,
}

/// A block with how many characters it has.
struct Sized {
    length: usize,
    piece: Piece,
}

/// Writes `page` as one message, or as many as it takes.
///
/// # Errors
/// Where `out` cannot be written to.
pub(super) fn messages(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let title = page.title.text();
    let mut blocks = vec![header(&title)];
    let mut intro = Collected::default();
    for phrase in &page.about {
        intro.says(phrase, &mut blocks);
    }
    intro.close(&mut blocks);
    for part in &page.parts {
        let mut collected = Collected::default();
        collected.section(vec![bold(&part.heading)], &mut blocks);
        for block in &part.blocks {
            match block {
                Block::Says(phrase) => collected.says(phrase, &mut blocks),
                Block::Task(phrase) => {
                    collected.listed(texts(&Phrase::own("☐ ").then(phrase.clone())), 0, &mut blocks);
                }
                Block::Item(phrase, below) => {
                    collected.listed(texts(phrase), 0, &mut blocks);
                    below.iter().for_each(|phrase| collected.listed(texts(phrase), 1, &mut blocks));
                }
            }
        }
        collected.close(&mut blocks);
    }
    let mut foot = Collected::default();
    for phrase in &page.foot {
        foot.says(phrase, &mut blocks);
    }
    foot.close(&mut blocks);
    for message in split(&title, blocks) {
        write_json(&message, false, out)?;
    }
    Ok(())
}

/// Puts blocks into messages that Slack takes.
fn split(title: &str, blocks: Vec<Sized>) -> Vec<Message> {
    let notification = notification(title);
    let begin = notification.chars().count();
    let mut messages: Vec<Message> = Vec::new();
    let mut length = usize::MAX;
    for block in blocks {
        let full = match messages.last() {
            Some(last) => last.blocks.len() >= MOST_BLOCKS || length + block.length > MOST_OF_MESSAGE,
            None => true,
        };
        if full {
            messages.push(Message { text: notification.clone(), blocks: Vec::new() });
            length = begin;
        }
        length += block.length;
        if let Some(last) = messages.last_mut() {
            last.blocks.push(block.piece);
        }
    }
    messages
}

/// Elements of one block of text, until it is full.
#[derive(Default)]
struct Collected {
    elements: Vec<Element>,
    length: usize,
}

impl Collected {
    fn says(&mut self, phrase: &Phrase, blocks: &mut Vec<Sized>) {
        self.section(texts(phrase), blocks);
    }

    fn section(&mut self, mut texts: Vec<Text>, blocks: &mut Vec<Sized>) {
        self.room(&mut texts, blocks);
        // Sections stand on one line where nothing parts them.
        if let Some(Element::RichTextSection { elements }) = self.elements.last_mut() {
            elements.push(plain("\n"));
            elements.append(&mut texts);
            return;
        }
        self.elements.push(Element::RichTextSection { elements: texts });
    }

    fn listed(&mut self, mut texts: Vec<Text>, indent: u8, blocks: &mut Vec<Sized>) {
        self.room(&mut texts, blocks);
        let item = Element::RichTextSection { elements: texts };
        match self.elements.last_mut() {
            Some(Element::RichTextList { indent: known, elements, .. }) if *known == indent => {
                elements.push(item);
            }
            _ => self.elements.push(Element::RichTextList { style: "bullet", indent, elements: vec![item] }),
        }
    }

    /// Makes room for `texts`, which are cut where they are too long for a block by themselves.
    fn room(&mut self, texts: &mut Vec<Text>, blocks: &mut Vec<Sized>) {
        let mut left = MOST_OF_BLOCK - 1;
        texts.retain_mut(|text| {
            let count = text.text.chars().count();
            if count > left {
                text.text = text.text.chars().take(left.saturating_sub(1)).chain(['…']).collect();
            }
            let kept = left > 0;
            left = left.saturating_sub(count);
            kept
        });
        let length = 1 + texts.iter().map(|text| text.text.chars().count()).sum::<usize>();
        if self.length + length > MOST_OF_BLOCK {
            self.close(blocks);
        }
        self.length += length;
    }

    fn close(&mut self, blocks: &mut Vec<Sized>) {
        if !self.elements.is_empty() {
            let piece = Piece::RichText { elements: std::mem::take(&mut self.elements) };
            blocks.push(Sized { length: self.length, piece });
        }
        self.length = 0;
    }
}

fn header(title: &str) -> Sized {
    let text = shortened(title, MOST_OF_HEADER);
    let length = text.chars().count();
    Sized { length, piece: Piece::Header { text: Plain { r#type: "plain_text", text, emoji: false } } }
}

/// Returns the line that stands in notifications, in which Slack reads markup.
fn notification(title: &str) -> String {
    let escaped = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    shortened(&escaped, MOST_OF_BLOCK)
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

fn texts(phrase: &Phrase) -> Vec<Text> {
    let text = |part: Part<'_>| match part {
        Part::Own(text) => plain(text),
        Part::Foreign(text) => plain(&visible_within(text)),
        Part::Strong(text) => bold(&visible_within(text)),
        Part::Command(text) => {
            Text { style: Some(Style { bold: false, code: true }), ..plain(&visible_within(text)) }
        }
    };
    // Slack refuses elements without text.
    phrase.parts().map(text).filter(|text| !text.text.is_empty()).collect()
}

fn plain(text: &str) -> Text {
    Text { r#type: "text", text: text.to_owned(), style: None }
}

fn bold(text: &str) -> Text {
    Text { style: Some(Style { bold: true, code: false }), ..plain(text) }
}

fn is_false(truth: &bool) -> bool {
    !truth
}

fn is_zero(number: &u8) -> bool {
    *number == 0
}
