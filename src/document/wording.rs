//! What a document says, as against how it is written: its words, section by section, without markup, comments and where
//! links lead. Two versions that say the same have the same wording.

use std::ops::Range;

use pulldown_cmark::Event;
use pulldown_cmark::LinkType;
use pulldown_cmark::Options;
use pulldown_cmark::Parser;
use pulldown_cmark::Tag;
use pulldown_cmark::TagEnd;

use super::html::read_html;
use crate::text::longest_run;

/// What stands under one heading, up to the next one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passage {
    /// 1 to 6; 0 before the first heading.
    pub level: u8,
    /// The heading's words.
    pub title: String,
    /// The words below it, a single space between them.
    pub words: String,
}

/// Returns what the Markdown `body` says. Code counts with its white space made even, like everything else.
#[must_use]
pub fn wording(body: &str) -> Vec<Passage> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES;
    let mut passages = vec![Passage::default()];
    let mut heading = None;
    let mut html = String::new();
    let (mut address, mut code) = (false, false);
    for event in Parser::new_ext(body, options) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => heading = Some((level as u8, String::new())),
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, title)) = heading.take() {
                    passages.push(Passage { level, title: even(&title), words: String::new() });
                }
            }
            Event::Html(text) => html.push_str(&text),
            Event::End(TagEnd::HtmlBlock) => {
                for text in read_html(&html).text {
                    put(&mut passages, &mut heading, text.of(&html));
                    put(&mut passages, &mut heading, " ");
                }
                html.clear();
            }
            // An address that is its own text is where a link leads.
            Event::Start(Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. }) => address = true,
            Event::End(TagEnd::Link) => address = false,
            Event::Text(_) if address => {}
            Event::Start(Tag::CodeBlock(_)) => {
                code = true;
                put(&mut passages, &mut heading, " ");
            }
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Text(text) if !code && text.contains("://") => {
                put(&mut passages, &mut heading, &without_addresses(&text));
            }
            Event::Text(text) | Event::Code(text) => put(&mut passages, &mut heading, &text),
            Event::InlineHtml(text) if text.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case("<br")) => {
                put(&mut passages, &mut heading, " ");
            }
            Event::SoftBreak | Event::HardBreak => put(&mut passages, &mut heading, " "),
            Event::TaskListMarker(done) => {
                put(&mut passages, &mut heading, if done { " [x] " } else { " [ ] " });
            }
            // Blocks stand apart; inside a line nothing does.
            Event::Start(tag) if is_block(&tag) => put(&mut passages, &mut heading, " "),
            _ => {}
        }
    }
    for passage in &mut passages {
        passage.words = even(&passage.words);
    }
    passages
}

/// Returns the Markdown `text` without what is struck out in it, and without the lines that say nothing else.
#[must_use]
pub fn unstruck(text: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(text, options).into_offset_iter();
    let struck: Vec<Range<usize>> = events
        .filter(|(event, _)| matches!(event, Event::Start(Tag::Strikethrough)))
        .map(|(_, range)| range)
        .collect();
    if struck.is_empty() {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    let (mut at, mut first) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        while struck.get(first).is_some_and(|range| range.end <= at) {
            first += 1;
        }
        let (mut from, mut rest) = (at, String::new());
        for range in struck[first..].iter().take_while(|range| range.start < end) {
            rest.push_str(text.get(from..range.start.max(from)).unwrap_or_default());
            from = from.max(range.end.min(end));
        }
        let is_whole = from == at;
        rest.push_str(text.get(from..end).unwrap_or_default());
        if is_whole || rest.chars().any(char::is_alphanumeric) {
            kept.push_str(&rest);
        }
        at = end;
    }
    kept
}

/// Returns what the paragraphs, list items and rows of tables of the Markdown `text` say, one by one and each on one line: no markup,
/// no comments, no blocks of code, no headings, nothing that is struck out. Code inside a line keeps its backticks; a row names
/// the column before each value.
#[must_use]
pub fn sayings(text: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES;
    let mut said = vec![String::new()];
    // How deep we are in what says nothing: blocks of code and of HTML, headings, what is struck out.
    let mut silent = 0_usize;
    let mut heads: Vec<String> = Vec::new();
    let (mut in_head, mut column, mut before) = (false, 0, 0);
    for event in Parser::new_ext(text, options) {
        let last = said.last_mut().expect("there is one from the start");
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::Strikethrough) => silent += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Strikethrough) => silent -= 1,
            Event::Start(Tag::Heading { .. }) => {
                silent += 1;
                said.push(String::new());
            }
            Event::End(TagEnd::Heading(_)) => silent -= 1,
            Event::Start(Tag::TableHead) => {
                in_head = true;
                heads.clear();
                said.push(String::new());
            }
            Event::End(TagEnd::TableHead) => {
                in_head = false;
                last.clear();
            }
            Event::Start(Tag::TableRow) => {
                column = 0;
                said.push(String::new());
            }
            Event::Start(Tag::TableCell) => before = last.len(),
            Event::End(TagEnd::TableCell) => {
                let cell = even(last.get(before..).unwrap_or_default());
                last.truncate(before);
                if in_head {
                    heads.push(cell);
                } else if !cell.is_empty() {
                    let gap = if last.is_empty() { "" } else { "; " };
                    match heads.get(column).filter(|head| !head.is_empty()) {
                        Some(head) => last.push_str(&format!("{gap}{head}: {cell}")),
                        None => last.push_str(&format!("{gap}{cell}")),
                    }
                }
                column += 1;
            }
            Event::Start(ref tag) if is_block(tag) => said.push(String::new()),
            Event::End(TagEnd::Item | TagEnd::Paragraph | TagEnd::TableRow) => said.push(String::new()),
            Event::Text(text) if silent == 0 => last.push_str(&text),
            Event::Code(code) if silent == 0 => {
                let marks = "`".repeat(longest_run(&code, '`') + 1);
                let space = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
                last.push_str(&format!("{marks}{space}{code}{space}{marks}"));
            }
            Event::InlineHtml(tag) if tag.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case("<br")) => {
                last.push(' ');
            }
            Event::SoftBreak | Event::HardBreak => last.push(' '),
            _ => {}
        }
    }
    said.iter().map(|one| even(one)).filter(|one| one.chars().any(char::is_alphanumeric)).collect()
}

fn put(passages: &mut [Passage], heading: &mut Option<(u8, String)>, text: &str) {
    match (heading, passages.last_mut()) {
        (Some((_, title)), _) => title.push_str(text),
        (None, Some(passage)) => passage.words.push_str(text),
        (None, None) => {}
    }
}

/// Returns `text` without the addresses in it, which say no more than where they lead.
fn without_addresses(text: &str) -> String {
    let is_address = |word: &str| {
        let bare = word.trim_start_matches(['(', '"', '\'']);
        bare.starts_with("https://") || bare.starts_with("http://")
    };
    let words = text.split_inclusive(char::is_whitespace);
    words.map(|word| if is_address(word) { " " } else { word }).collect()
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link { .. }
            | Tag::Image { .. }
            | Tag::Heading { .. }
    )
}

/// Returns `text` with a single space between its words.
fn even(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str) -> Vec<String> {
        wording(body).iter().map(|passage| format!("{}:{}", passage.title, passage.words)).collect()
    }

    #[test]
    fn each_block_says_something_of_its_own() {
        let text = "One **two**\n[three](x.md). <!-- no -->\n\n- four `a | b`\n- five\n  - six\n\n> seven\n\n```\ncode\n```\n\n\
                    <!-- never\nseen -->\n\n| a | b |\n|---|---|\n| 1 | ``2`3`` |\n\n## Eight\n\n<p>nine</p>\n";
        assert_eq!(
            sayings(text),
            ["One two three.", "four `a | b`", "five", "six", "seven", "a: 1; b: ``2`3``",]
        );
    }

    #[test]
    fn markup_white_space_comments_and_targets_say_nothing() {
        let plain = said("## A\n\nOne two three, four.\n\n- five\n- six\n");
        for same in [
            "A\n---\n\nOne\ntwo   **three**, [four](elsewhere.md).\n<!-- no -->\n\n* five\n* *six*\n",
            "## A ##\r\n\r\nOne two three, [four][x].\r\n\r\n1. five\r\n2. six\r\n\r\n[x]: https://x.example\r\n",
            "## A\nOne `two` three, fo<!-- -->ur.\n\n> five\n\n<p>six</p>\n",
            "## A\nOne two three, four. https://x.example/a?b=c\n\n> five\n\n- six [https://x.example](https://y.example)\n",
            "## A\nOne<br>two three, four. <https://x.example>\n\n> five\n\nsix\n",
        ] {
            assert_eq!(said(same), plain, "{same:?}");
        }
        for other in [
            "## A\n\nOne two three, for.\n\n- five\n- six\n",
            "## B\n\nOne two three, four.\n\n- five\n- six\n",
            "## A\n\nOnetwo three, four.\n\n- five\n- six\n",
            "## A\n\nOne two three, four.\n\n- [x] five\n- six\n",
            "## A\n\nOne two three, four `https://x.example`.\n\n- five\n- six\n",
        ] {
            assert_ne!(said(other), plain, "{other:?}");
        }
    }
}
