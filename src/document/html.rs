//! Just enough HTML to tell comments, tags and text apart inside Markdown.

use crate::text::Span;

/// What a piece of HTML holds. Spans count from its start.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Html {
    /// Comments, markers included; one that never closes reaches the end.
    pub(super) comments: Vec<Span>,
    /// Runs of visible text between tags.
    pub(super) text: Vec<Span>,
    /// Whether a tag shows something by itself, such as an image.
    pub(super) media: bool,
}

/// Elements that show something by themselves.
const SHOWING: [&str; 10] =
    ["img", "video", "audio", "iframe", "object", "embed", "svg", "picture", "input", "canvas"];

/// Reads `html` without ever failing.
pub(super) fn read_html(html: &str) -> Html {
    let mut read = Html::default();
    let mut at = 0;
    while at < html.len() {
        let rest = &html[at..];
        if let Some(inside) = rest.strip_prefix("<!--") {
            // `<!-->` and `<!--->` are whole comments.
            let length = match (inside.starts_with('>'), inside.starts_with("->")) {
                (true, _) => 5,
                (_, true) => 6,
                _ => inside.find("-->").map_or(rest.len(), |end| end + 7),
            };
            read.comments.push(Span::new(at, at + length));
            at += length;
        } else if let Some(tag) = rest.strip_prefix('<') {
            let tag = tag.trim_start_matches('/');
            let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
            read.media |= SHOWING.iter().any(|known| name.eq_ignore_ascii_case(known));
            at += rest.find('>').map_or(rest.len(), |end| end + 1);
        } else {
            let length = rest.find('<').unwrap_or(rest.len());
            if !rest[..length].trim().is_empty() {
                read.text.push(Span::new(at, at + length));
            }
            at += length;
        }
    }
    read
}

/// Elements that have no end tag.
const VOID: [&str; 8] = ["br", "hr", "img", "input", "wbr", "source", "link", "meta"];

/// Says whether `text` closes every element of HTML that it opens, and opens every one that it closes. What only looks like a
/// tag, in code say, counts as one.
#[must_use]
pub fn closes_elements(text: &str) -> bool {
    let mut open: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let tag = &rest[at + 1..];
        rest = tag;
        if let Some(comment) = tag.strip_prefix("!--") {
            let Some(end) = comment.find("-->") else { return false };
            rest = &comment[end + 3..];
            continue;
        }
        let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let length = tag.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        let (name, after) = tag.split_at(length);
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
        // `<https://…>` and `<maya@…>` are addresses.
        if !begins || !after.starts_with(['>', '/', ' ', '\t', '\n', '\r']) {
            continue;
        }
        let Some(end) = after.find('>') else { return false };
        rest = &after[end + 1..];
        let name = name.to_ascii_lowercase();
        if closing {
            if open.pop().is_none_or(|last| last != name) {
                return false;
            }
        } else if !after[..end].ends_with('/') && !VOID.contains(&name.as_str()) {
            open.push(name);
        }
    }
    open.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_closed_where_they_are_opened() {
        for whole in [
            "",
            "a < b > c",
            "<b>x</b>",
            "<!-- <p> --><br>",
            "<https://x.example>",
            "<DIV\nid=a></div>",
            "<x/>",
        ] {
            assert!(closes_elements(whole), "{whole}");
        }
        for torn in ["<details>", "</details>", "<a><b></a></b>", "x <!-- y"] {
            assert!(!closes_elements(torn), "{torn}");
        }
    }

    #[test]
    fn comments_tags_and_text_are_told_apart() {
        let html = "<!-- a > b --> x <b>y</b>\n<IMG src='z'><!-- open";
        let read = read_html(html);
        let comments: Vec<_> = read.comments.iter().map(|span| span.of(html)).collect();
        let text: Vec<_> = read.text.iter().map(|span| span.of(html).trim()).collect();
        assert_eq!(comments, ["<!-- a > b -->", "<!-- open"]);
        assert_eq!(text, ["x", "y"]);
        assert!(read.media);
        assert_eq!(read_html("<p>\n</p>\n"), Html::default());
    }
}
