//! What a document says, as against how it is written: its words, section by section, without markup, comments and where
//! links lead. Two versions that say the same have the same wording.

use pulldown_cmark::Event;
use pulldown_cmark::LinkType;
use pulldown_cmark::Options;
use pulldown_cmark::Parser;
use pulldown_cmark::Tag;
use pulldown_cmark::TagEnd;

use super::html::read_html;

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
