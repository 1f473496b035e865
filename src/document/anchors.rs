//! The places of a page that a link can lead to: its headings, by the names forges give them, and what HTML in it names.

use std::collections::BTreeMap;

use pulldown_cmark::Event;
use pulldown_cmark::Options;
use pulldown_cmark::Parser;
use pulldown_cmark::Tag;
use pulldown_cmark::TagEnd;

/// Returns the anchors of the Markdown `text`, as [`anchor`] writes them, wherever its headings stand; each with its place
/// among them, from 0.
#[must_use]
pub fn anchors(text: &str) -> BTreeMap<String, usize> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut found = BTreeMap::new();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::Heading { id, .. }) => {
                if let Some(id) = id.as_deref() {
                    add(&mut found, anchor(id));
                }
                heading = Some(String::new());
            }
            Event::End(TagEnd::Heading(_)) => {
                let name = anchor(heading.take().unwrap_or_default().trim());
                let before = times.entry(name.clone()).or_insert(0);
                add(&mut found, if *before == 0 { name.clone() } else { format!("{name}-{before}") });
                *before += 1;
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some(heading) = &mut heading {
                    heading.push(' ');
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => named(&html, &mut found),
            _ => {}
        }
    }
    found
}

fn add(found: &mut BTreeMap<String, usize>, name: String) {
    let place = found.len();
    found.entry(name).or_insert(place);
}

/// Returns the name a forge gives a heading, or the one a link says: small letters, digits, `-` and `_`, a `-` for each
/// space, and nothing else.
#[must_use]
pub fn anchor(text: &str) -> String {
    let kept = |c: char| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c),
        _ => None,
    };
    text.chars().filter_map(kept).flat_map(char::to_lowercase).collect()
}

/// Adds what `id` and `name` of the tags in `html` name.
fn named(html: &str, found: &mut BTreeMap<String, usize>) {
    for key in ["id=", "name="] {
        for (at, _) in html.match_indices(key) {
            let rest = &html[at + key.len()..];
            let begins = html[..at].ends_with(char::is_whitespace);
            let value = match rest.chars().next() {
                Some(quote @ ('"' | '\'')) => rest[1..].split(quote).next(),
                _ => rest.split(|c: char| c.is_whitespace() || c == '>').next(),
            };
            if let Some(value) = value.filter(|value| begins && !value.is_empty()) {
                add(found, anchor(value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_get_the_names_forges_give_them() {
        let text = "# Why, *exactly*: `a_b`?\n\nA - B\n-----\n\n> ## Quoted & more\n\n## Why\n\n## Why\n\n- ### In a list\n\n\
                    <a name=\"old\"></a>\n\n<h2 id='New'>x</h2>\n\n## Über 北京\n\n## Own {#mine}\n";
        let found = anchors(text);
        let expected = [
            "a---b",
            "in-a-list",
            "mine",
            "new",
            "old",
            "own",
            "quoted--more",
            "why",
            "why-1",
            "why-exactly-a_b",
            "über-北京",
        ];
        assert_eq!(found.keys().map(String::as_str).collect::<Vec<_>>(), expected);
        assert!(found["why-exactly-a_b"] == 0 && found["mine"] > found["a---b"]);
    }
}
