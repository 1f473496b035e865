//! A page of headings, lines and lists, for people: as text, Markdown, HTML, messages for Slack, or the sections of a record.

use std::io;
use std::io::Write;

use super::Look;
use super::html;
use super::markdown::lines;
use super::phrase::Phrase;
use super::slack;
use super::styled;
use crate::text::visible;

/// The least width that text is broken for.
const LEAST: usize = 20;

/// The forms a page can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFormat {
    /// For people at a terminal.
    Text,
    /// Markdown, for a wiki or a comment.
    Markdown,
    /// One HTML file that needs no other.
    Html,
    /// Messages in Slack's Block Kit, each one line of JSON.
    Slack,
}

/// A page.
#[derive(Debug, Clone)]
pub(super) struct Page {
    /// What it is.
    pub(super) title: Phrase,
    /// What is to be known of it before all else.
    pub(super) about: Vec<Phrase>,
    /// What stands in it.
    pub(super) parts: Vec<Part>,
    /// What stands below it, smaller.
    pub(super) foot: Vec<Phrase>,
}

/// A part of a page, under a heading.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// The heading.
    pub(super) heading: String,
    /// What stands there.
    pub(super) blocks: Vec<Block>,
}

/// A line of a part.
#[derive(Debug, Clone)]
pub(super) enum Block {
    /// A sentence by itself.
    Says(Phrase),
    /// An item of a list, with what stands below it.
    Item(Phrase, Vec<Phrase>),
    /// A task, not done.
    Task(Phrase),
}

impl Block {
    /// Returns an item with nothing below it.
    pub(super) fn item(phrase: Phrase) -> Self {
        Self::Item(phrase, Vec::new())
    }
}

impl Page {
    /// Returns how many words it has, as text.
    pub(super) fn words(&self) -> usize {
        let of = |phrase: &Phrase| phrase.text().split_whitespace().count();
        let of_block = |block: &Block| match block {
            Block::Says(phrase) | Block::Task(phrase) => of(phrase),
            Block::Item(phrase, below) => of(phrase) + below.iter().map(of).sum::<usize>(),
        };
        let of_part = |part: &Part| {
            part.heading.split_whitespace().count() + part.blocks.iter().map(of_block).sum::<usize>()
        };
        of(&self.title)
            + self.about.iter().chain(&self.foot).map(of).sum::<usize>()
            + self.parts.iter().map(of_part).sum::<usize>()
    }

    /// Writes it.
    ///
    /// # Errors
    /// Where `out` cannot be written to.
    pub(super) fn write(&self, format: PageFormat, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
        match format {
            PageFormat::Text => self.text(look, out),
            PageFormat::Markdown => self.markdown(out),
            PageFormat::Html => html::page(self, out),
            PageFormat::Slack => slack::messages(self, out),
        }
    }

    fn text(&self, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut say = |first: &str, rest: &str, text: &str, style: &str| -> io::Result<()> {
            let room = look.width.saturating_sub(rest.chars().count()).max(LEAST);
            for (at, line) in lines(&visible(text), room).iter().enumerate() {
                let before = if at == 0 { first } else { rest };
                match style {
                    "" => writeln!(out, "{before}{line}")?,
                    style => writeln!(out, "{before}{}", styled(line, style, look))?,
                }
            }
            Ok(())
        };
        say("", "", &self.title.text(), "1")?;
        for phrase in &self.about {
            say("", "", &phrase.text(), "")?;
        }
        for part in &self.parts {
            say("", "", "", "")?;
            say("", "", &part.heading, "1")?;
            for block in &part.blocks {
                match block {
                    Block::Says(phrase) => say("  ", "  ", &phrase.text(), "")?,
                    Block::Task(phrase) => say("  [ ] ", "      ", &phrase.text(), "")?,
                    Block::Item(phrase, below) => {
                        say("  ", "    ", &phrase.text(), "")?;
                        for phrase in below {
                            say("    → ", "      ", &phrase.text(), "")?;
                        }
                    }
                }
            }
        }
        if !self.foot.is_empty() {
            say("", "", "", "")?;
        }
        for phrase in &self.foot {
            say("", "", &phrase.text(), "2")?;
        }
        Ok(())
    }

    fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "# {}", self.title.plain_markdown())?;
        for phrase in &self.about {
            writeln!(out, "\n{}", phrase.plain_markdown())?;
        }
        for part in &self.parts {
            writeln!(out, "\n## {}\n\n{}", part.heading, part.body(&Phrase::plain_markdown))?;
        }
        if let [first, rest @ ..] = &self.foot[..] {
            writeln!(out, "\n---\n\n{}", first.plain_markdown())?;
            for phrase in rest {
                writeln!(out, "\n{}", phrase.plain_markdown())?;
            }
        }
        Ok(())
    }
}

impl Part {
    /// Returns what stands in it as the text of a record.
    pub(super) fn prose(&self) -> String {
        self.body(&Phrase::prose)
    }

    /// Returns what stands in it as Markdown, each phrase as `put` makes it.
    fn body(&self, put: &dyn Fn(&Phrase) -> String) -> String {
        let mut out = String::new();
        let mut before: Option<&Block> = None;
        for block in &self.blocks {
            let same = matches!(
                (before, block),
                (Some(Block::Item(..)), Block::Item(..)) | (Some(Block::Task(_)), Block::Task(_))
            );
            match (before, same) {
                (None, _) => {}
                (Some(_), true) => out.push('\n'),
                (Some(_), false) => out.push_str("\n\n"),
            }
            match block {
                Block::Says(phrase) => out.push_str(&put(phrase)),
                Block::Task(phrase) => out.push_str(&format!("- [ ] {}", put(phrase))),
                Block::Item(phrase, below) => {
                    out.push_str(&format!("- {}", put(phrase)));
                    for phrase in below {
                        out.push_str(&format!("\n  - {}", put(phrase)));
                    }
                }
            }
            before = Some(block);
        }
        out
    }
}
