//! The one place that makes foreign text safe to show.
//!
//! Titles, paths, values and messages come from documents, and documents come from anyone. A terminal obeys escape
//! sequences, a CI runner obeys `##[command]` anywhere in a line and `::command::` at its start, and a reader is
//! fooled by text that runs backwards. So everything printed for people goes through [`visible`]: characters that act
//! instead of showing are written as `\u{…}`, and the runner's marker is broken up.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns `text` with nothing in it that acts: control characters (line ends and tabs too), bidirectional and
/// invisible formatting become `\u{…}`; `##[` becomes `#\u{23}[`; a `::` that opens the text becomes `:\u{3a}`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if needs_care(text) { Cow::Owned(visible_with_offsets(text).0) } else { Cow::Borrowed(text) }
}

/// Returns `text` as [`visible`] does, for where it does not open a line: there `::` is no command.
#[must_use]
pub fn visible_within(text: &str) -> Cow<'_, str> {
    if is_unseen(text) || holds_command(text) {
        Cow::Owned(spelled_out(text, false).0)
    } else {
        Cow::Borrowed(text)
    }
}

/// Says whether [`visible`] would change `text`.
#[must_use]
pub fn needs_care(text: &str) -> bool {
    is_unseen(text) || holds_command(text) || text.trim_start().starts_with("::")
}

/// Says whether a character of `text` acts instead of being seen.
fn is_unseen(text: &str) -> bool {
    match text.is_ascii() {
        true => text.bytes().any(|byte| byte < b' ' || byte == 0x7f),
        false => text.chars().any(acts),
    }
}

/// Returns [`visible`] text, and for every byte offset of `text` (its end included) the offset it moved to.
#[must_use]
pub fn visible_with_offsets(text: &str) -> (String, Vec<usize>) {
    spelled_out(text, true)
}

fn spelled_out(text: &str, opens_line: bool) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(text.len() + 16);
    let mut offsets = vec![0; text.len() + 1];
    let opening = text.len() - text.trim_start().len();
    for (at, c) in text.char_indices() {
        for slot in &mut offsets[at..at + c.len_utf8()] {
            *slot = out.len();
        }
        let rest = &text[at..];
        let second_hash = c == '#' && text[..at].ends_with('#') && opens_command(&rest[1..]);
        let second_colon = opens_line && c == ':' && at == opening + 1 && text[opening..].starts_with("::");
        if acts(c) || second_hash || second_colon {
            write!(out, "\\u{{{:x}}}", u32::from(c)).expect("writing to a string cannot fail");
        } else {
            out.push(c);
        }
    }
    offsets[text.len()] = out.len();
    (out, offsets)
}

/// Says whether `text` holds a command of a CI runner: `##[group]`, `##vso[…]`, `##teamcity[…]`.
fn holds_command(text: &str) -> bool {
    // Places may overlap: of `###[` the last two marks count.
    let marks = memchr::memchr_iter(b'#', text.as_bytes());
    marks.filter_map(|at| text[at + 1..].strip_prefix('#')).any(opens_command)
}

/// Says whether what stands behind `##` makes it a command: a word, or none, and a bracket.
#[must_use]
pub fn opens_command(rest: &str) -> bool {
    rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).starts_with('[')
}

/// Says whether `c` does something other than being seen: C0 and C1 controls, bidirectional marks, zero-width and
/// other invisible formatting, line and paragraph separators, tags, and the variation selectors no script or emoji needs.
/// Joiners (U+200C, U+200D) and U+FE00 to U+FE0F stay: Persian, Hindi and emoji are written with them.
#[must_use]
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(visible(text), expected, "{text:?}");
    }

    #[test]
    fn what_acts_is_spelled_out() {
        check("a\u{1b}[31mb", "a\\u{1b}[31mb");
        check("one\r::error::two", "one\\u{d}::error::two");
        check("a\u{202e}b", "a\\u{202e}b");
        check("\u{9b}31m", "\\u{9b}31m");
        check("x ##[add-mask]y", "x #\\u{23}[add-mask]y");
        check("###[error]", "##\\u{23}[error]");
        check("##vso[task.x]y ##a b[", "#\\u{23}vso[task.x]y ##a b[");
        check(" ::error::x", " :\\u{3a}error::x");
        check("Rust::path and C# [x]", "Rust::path and C# [x]");
        check("naïve 東京 👩‍👩‍👧", "naïve 東京 👩‍👩‍👧");
    }

    #[test]
    fn offsets_follow_the_text() {
        let (out, offsets) = visible_with_offsets("a\u{1b}é");
        assert_eq!(out, "a\\u{1b}é");
        assert_eq!(offsets, vec![0, 1, 7, 7, 9]);
    }
}
