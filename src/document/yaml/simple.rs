//! Front matter that is what nearly all front matter is: lines of `key: word`, and lists of words.
//!
//! Reading such lines takes a tenth of the time of reading YAML. What is read here is read exactly as the parser reads it; at
//! the first thing that could mean more, nothing is read here and the parser reads all of it. Builds with assertions, which
//! all tests are, hold every document against the parser.

use super::Entry;
use super::List;
use super::Map;
use super::Node;
use super::Scalar;
use super::Style;
use super::empty_at;
use crate::text::Excerpt;
use crate::text::Span;

/// The most lines that are read here: so few that no limit of the parser's is reached.
const MOST_LINES: usize = 500;
/// The longest key that is read here.
const LONGEST_KEY: usize = 100;

/// Reads the bytes `block` of `source`; `None` where the parser must.
pub(super) fn read_simple(source: &str, block: Span) -> Option<Node> {
    let text = block.of(source);
    let mut entries = Vec::with_capacity(16);
    let mut at = 0;
    let mut lines = 0;
    let mut below = Below::Nothing;
    while at < text.len() {
        lines += 1;
        let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length);
        let line = &text[at..end];
        let line = line.strip_suffix('\r').unwrap_or(line);
        if lines > MOST_LINES || !line.is_ascii() && !line.chars().all(is_sure) {
            return None;
        }
        if line.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return None;
        }
        below = match line.as_bytes().first() {
            None | Some(b'#') => Below::Nothing,
            Some(b' ' | b'-') => Below::Items(item(line, block.start() + at, entries.last_mut()?, below)?),
            Some(_) => {
                let entry = entry(line, block.start() + at)?;
                let bare = line[entry.key.text.span.len() + 1..].trim_matches(' ').is_empty();
                entries.push(entry);
                if bare { Below::Key } else { Below::Nothing }
            }
        };
        at = end + 1;
    }
    let first = entries.first().map(|entry: &Entry| entry.key.text.span.start())?;
    let last = entries.last().map(|entry| entry.value.span().end())?;
    Some(Node::Map(Map { span: Span::new(first, last), entries }))
}

/// What the line above is, as far as items of a list may stand below it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Below {
    /// Nothing that items may follow.
    Nothing,
    /// A key without a value.
    Key,
    /// An item, so far from the margin.
    Items(usize),
}

/// Reads a line of a list that is the value of `entry`, and returns how far from the margin it stands.
fn item(line: &str, start: usize, entry: &mut Entry, below: Below) -> Option<usize> {
    let bare = line.trim_start_matches(' ');
    let indent = line.len() - bare.len();
    let value = bare.strip_prefix("- ")?.trim_start_matches(' ');
    let at = start + line.len() - value.len();
    let node = match value.as_bytes().first()? {
        quote @ (b'"' | b'\'') => quoted(value, at, *quote)?,
        _ => plain(value, at)?,
    };
    let dash = start + indent;
    match (below, &mut entry.value) {
        (Below::Key, value) => {
            let items = Vec::with_capacity(4);
            *value = Node::List(List { span: Span::at(dash), items });
        }
        (Below::Items(known), Node::List(_)) if known == indent => {}
        _ => return None,
    }
    let Node::List(list) = &mut entry.value else { return None };
    list.span = Span::new(list.span.start(), node.span().end());
    list.items.push(node);
    Some(indent)
}

/// Says whether a character that is not ASCII may stand in a plain text beyond doubt.
fn is_sure(c: char) -> bool {
    c.is_ascii()
        || (c > '\u{a0}'
            && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}')
            && u32::from(c) & 0xfffe != 0xfffe)
}

/// Reads a line that begins at the byte `start`.
fn entry(line: &str, start: usize) -> Option<Entry> {
    let colon = line.find(':').filter(|at| (1..=LONGEST_KEY).contains(at))?;
    let (key, rest) = (&line[..colon], &line[colon + 1..]);
    let sure = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if !sure || !key.as_bytes()[0].is_ascii_alphabetic() {
        return None;
    }
    let key = Scalar { text: Excerpt::verbatim(Span::new(start, start + colon)), style: Style::Plain };
    let value = rest.trim_start_matches(' ');
    let at = start + colon + 1 + (rest.len() - value.len());
    if value.is_empty() {
        return Some(Entry { key, value: Node::Scalar(empty_at(start + colon + 1)) });
    }
    if rest.len() == value.len() {
        return None;
    }
    let value = match value.as_bytes()[0] {
        b'#' => Node::Scalar(empty_at(start + colon + 1)),
        quote @ (b'"' | b'\'') => quoted(value, at, quote)?,
        b'[' => list(value, at)?,
        _ => plain(value, at)?,
    };
    Some(Entry { key, value })
}

/// Says whether nothing but a comment stands in `rest`, which follows a value.
fn is_over(rest: &str) -> bool {
    let bare = rest.trim_start_matches(' ');
    bare.is_empty() || (bare.starts_with('#') && bare.len() < rest.len())
}

fn plain(value: &str, at: usize) -> Option<Node> {
    let first = value.as_bytes()[0];
    let special = b"-?:,[]{}#&*!|>'\"%@`";
    if special.contains(&first) {
        return None;
    }
    let value = match memchr::memchr(b'#', value.as_bytes()) {
        Some(_) => value.find(" #").map_or(value, |comment| &value[..comment]),
        None => value,
    };
    let value = value.trim_end_matches(' ');
    let ends_key = |colon: usize| matches!(value.as_bytes().get(colon + 1), None | Some(b' '));
    if memchr::memchr_iter(b':', value.as_bytes()).any(ends_key) {
        return None;
    }
    Some(scalar(at, value.len()))
}

fn scalar(at: usize, length: usize) -> Node {
    Node::Scalar(Scalar { text: Excerpt::verbatim(Span::new(at, at + length)), style: Style::Plain })
}

fn quoted(value: &str, at: usize, quote: u8) -> Option<Node> {
    let inside = &value[1..];
    let end = memchr::memchr(quote, inside.as_bytes())?;
    let (text, rest) = (&inside[..end], &inside[end + 1..]);
    if (quote == b'"' && text.contains('\\')) || !is_over(rest) {
        return None;
    }
    let text = Excerpt::other(Span::new(at, at + end + 2), text);
    Some(Node::Scalar(Scalar { text, style: Style::Quoted }))
}

/// Reads `[one, two]`, of plain words only.
fn list(value: &str, at: usize) -> Option<Node> {
    let end = memchr::memchr(b']', value.as_bytes())?;
    if !is_over(&value[end + 1..]) {
        return None;
    }
    let mut items = Vec::new();
    let inside = &value[1..end];
    let mut from = at + 1;
    if !inside.trim_matches(' ').is_empty() {
        for part in inside.split(',') {
            let item = part.trim_matches(' ');
            let start = from + (part.len() - part.trim_start_matches(' ').len());
            from += part.len() + 1;
            let sure =
                |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | '(' | ')' | '+');
            if !item.starts_with(char::is_alphanumeric) || !item.chars().all(sure) {
                return None;
            }
            items.push(scalar(start, item.len()));
        }
    }
    Some(Node::List(List { span: Span::new(at, at + end + 1), items }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "a test asks how long it may take")]

    use proptest::prelude::*;

    use super::super::read_with;
    use super::*;

    /// Pieces that front matter is made of, and that could be taken for something else.
    const PIECES: [&str; 65] = [
        "\n  - ",
        "\n- ",
        "a",
        "key",
        "Z9",
        "é",
        "東",
        "\u{2028}",
        "\u{a0}",
        "👩‍👩",
        ":",
        ": ",
        " :",
        "::",
        "-",
        "- ",
        " - ",
        "#",
        " #",
        "# ",
        "'",
        "''",
        "\"",
        "\\",
        "\"\"",
        "[",
        "]",
        ", ",
        ",",
        "{",
        "}",
        "?",
        "? ",
        "&x",
        "*x",
        "!t",
        "|",
        ">",
        "%",
        "@",
        "`",
        " ",
        "  ",
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\n ",
        "\nkey: ",
        "\nb: ",
        "\nc:",
        "---",
        "\n---\n",
        "...",
        "0007",
        "1.10",
        "2026-11-20",
        "null",
        "~",
        "true",
        "https://a.example/b#c",
        "[a, b]",
        "[]",
        "<mail@a.example>",
    ];

    fn check(text: &str) {
        if let Some(read) = read_simple(text, Span::new(0, text.len())) {
            assert_eq!(Ok(read), read_with(text, Span::new(0, text.len()), true), "{text:?}");
        }
    }

    fn is_simple(text: &str) -> bool {
        read_simple(text, Span::new(0, text.len())).is_some()
    }

    #[test]
    fn what_records_hold_is_simple() {
        for text in [
            "id: R-0007\ntitle: Tide may miss the date, again (4 % of it)\nowner: maya # since May\n",
            "reviewers:\n  - ana\n  - \"@sam\" # away\n  -   Lee Park\ntags:\n- a\nowner: x\n",
            "owner:\nreviewers: [ana, lee, Maya Chen]\ntags: []\n# a note\n\ncreated: 2026-11-20\r\n",
            "title: \"Fraud: check orders\"\nother: 'a: b' # c\nurl: https://a.example/b#c\nby: Dana <dana@a.example>\nempty: \"\"\nname: Ärger mit 東京",
        ] {
            assert!(is_simple(text), "{text}");
            check(text);
        }
        for text in [
            "a: b: c\n",
            "a: - b\n",
            "a: [b: c]\n",
            "a: 'it''s'\n",
            "a: \"\\n\"\n",
            "a:\n  b\n",
            "a:\n- b: c\n",
            "a:\n- b\n - c\n",
            "a:\n\n- b\n",
            "a:\n- - b\n",
            "a:\n-\n",
            "a:\n- b\n  c\n",
            " a: b\n",
            "a : b\n",
            "a: |\n",
            "a: @b\n",
            "- a\n",
            "a\n",
            "a:b\n",
            "a: [b, [c]]\n",
            "a: [b\n",
            "a: 'b\n",
            "a: x\ty\n",
            "a: b\rc: d\n",
            "\n",
            "",
            "a: b:\n",
            "? a\n",
        ] {
            assert!(!is_simple(text), "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: if std::env::var_os("PMKIT_SLOW_TESTS").is_some() { 400_000 } else { 6_000 },
            failure_persistence: None,
            rng_seed: proptest::test_runner::RngSeed::Fixed(7),
            ..ProptestConfig::default()
        })]

        #[test]
        fn what_is_read_here_the_parser_reads_so(
            pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 1..14),
            keyed in any::<bool>(),
        ) {
            let text = format!("{}{}", if keyed { "key: " } else { "" }, pieces.concat());
            check(&text);
        }

        #[test]
        fn lines_of_simple_values_are_read_so(
            values in proptest::collection::vec(("[a-z_-]{1,3}", proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..4)), 1..6),
        ) {
            let lines: Vec<String> = values.iter().map(|(key, pieces)| format!("{key}: {}\n", pieces.concat())).collect();
            check(&lines.concat());
        }
    }
}
