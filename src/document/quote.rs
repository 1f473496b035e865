//! Writing YAML values: plain where that is safe for every reader, in quotes where it is not.

use super::slips::in_quotes;
use super::yaml::Node;
use super::yaml::Style;
use super::yaml::read_yaml;
use crate::text::Span;

/// Returns `text` as a YAML value. `typed` values (dates, numbers) are meant to be read as such; any other text that an
/// older YAML reader would take for a number, a date, a truth value or null is put in quotes.
#[must_use]
pub fn yaml_value(text: &str, typed: bool) -> String {
    let shown = !text.chars().any(char::is_control);
    let fits = shown && reads_back(&format!("k: {text}"), text) && (typed || !is_ambiguous(text));
    if fits { text.to_owned() } else { in_quotes(text) }
}

/// Returns `items` as a YAML list on one line.
#[must_use]
pub fn yaml_list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let item = |text: &str| {
        // Within brackets some readers take these marks for part of a key.
        let fits = !text.contains([',', '[', ']', '{', '}'])
            && !text.starts_with([':', '?'])
            && !text.contains(":?");
        let fits = fits && reads_back(&format!("k: {text}"), text);
        if fits && !is_ambiguous(text) { text.to_owned() } else { in_quotes(text) }
    };
    format!("[{}]", items.into_iter().map(item).collect::<Vec<_>>().join(", "))
}

/// Says whether `line` is read as one key with the plain value `text`.
fn reads_back(line: &str, text: &str) -> bool {
    match read_yaml(line, Span::new(0, line.len())) {
        Ok(Node::Map(map)) => match &map.entries[..] {
            [entry] => match &entry.value {
                Node::Scalar(scalar) => scalar.style == Style::Plain && scalar.text.of(line) == text,
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}

/// Says whether YAML 1.1 readers, which most site builders are, would not read `text` as text.
fn is_ambiguous(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ".inf", ".nan"];
    let numeric = |c: char| c.is_ascii_hexdigit() || matches!(c, '+' | '-' | '.' | '_' | ':' | 'x' | 'o');
    let number = lower.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        && lower.chars().all(numeric)
        && lower.chars().any(|c| c.is_ascii_digit());
    words.contains(&lower.as_str()) || number || text.starts_with(['=', '<'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(yaml_value(text, false), expected, "{text:?}");
    }

    #[test]
    fn values_are_quoted_where_some_reader_would_stumble() {
        check("Move sessions to Redis", "Move sessions to Redis");
        check("Azure: a plan", "\"Azure: a plan\"");
        check("@sam", "\"@sam\"");
        check("Maya Chen <maya@acme.example>", "Maya Chen <maya@acme.example>");
        check("no", "\"no\"");
        check("1.10", "\"1.10\"");
        check("2026-11-20", "\"2026-11-20\"");
        check("C# or F#", "C# or F#");
        check("why #2 matters", "\"why #2 matters\"");
        check("say \"hi\"", "say \"hi\"");
        check("\"hi\" he said", "'\"hi\" he said'");
        check(" padded ", "\" padded \"");
        check("it's", "it's");
        check("a\u{85}b", "\"a\\u0085b\"");
        check("", "\"\"");
        assert_eq!(yaml_value("2026-11-20", true), "2026-11-20");
        assert_eq!(yaml_list(["ana", "a, b", "@lee", "5"]), "[ana, \"a, b\", \"@lee\", \"5\"]");
        assert_eq!(yaml_list([":a", "b:c"]), "[\":a\", b:c]");
    }
}
