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

#[cfg(test)]
mod tests {
    use super::*;

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
