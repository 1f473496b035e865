//! Ids in running text.
//!
//! `PREFIX-NUMBER` in exact case is a mention. Prefixes of one or two letters count only in full, padded form: a
//! "9-month notice" and a "Type A-2 plug" are no assumptions. With three letters and more, `RFC 7` and `rfc-7` may be
//! one: whoever has all records at hand knows whether that one is there.

use super::id::RecordId;
use super::reference::Form;
use crate::kind::Kinds;
use crate::kind::record_number;
use crate::text::Span;

/// An id in running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// Its place in the text.
    pub span: Span,
    /// The id.
    pub id: RecordId,
    /// How it is written. A loose one means a record only where there is that one.
    pub form: Form,
}

/// Returns the ids `text` mentions, in order. Where the text stands is not looked at.
#[must_use]
pub fn mentions(text: &str, kinds: &Kinds) -> Vec<Mention> {
    let bytes = text.as_bytes();
    let mut found: Vec<Mention> =
        memchr::memchr_iter(b'-', bytes).filter_map(|dash| mention(text, dash, kinds)).collect();
    let dashed = found.len();
    spaces_before_digits(bytes, |space| found.extend(mention(text, space, kinds)));
    if dashed > 0 && found.len() > dashed {
        found.sort_unstable_by_key(|mention| mention.span);
    }
    found
}

/// Reads the mention around the `-` or the space at `joint`.
fn mention(text: &str, joint: usize, kinds: &Kinds) -> Option<Mention> {
    let bytes = text.as_bytes();
    let digits = bytes[joint + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return None;
    }
    let start = joint - bytes[..joint].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let prefix = &text[start..joint];
    let dash = bytes[joint] == b'-';
    let (kind, exact) = match kinds.index_of_prefix(prefix).filter(|_| dash) {
        Some(kind) => (kind, true),
        None => (kind_meant(prefix, kinds)?, false),
    };
    if exact && prefix.len() <= 2 && digits < 4 {
        return None;
    }
    let end = joint + 1 + digits;
    let (before, after) = (text[..start].chars().next_back(), &text[end..]);
    if joins_before(before) || joins_after(after.chars().next()) {
        return None;
    }
    let span = Span::new(start, end);
    let id = RecordId { kind, number: record_number(&text[joint + 1..end])? };
    let form = match (exact, is_a_word(&text[..start], after)) {
        (true, false) => Form::Full,
        (true, true) if prefix.len() <= 2 || id.text(kinds) == text[span.range()] => Form::Full,
        (true, true) if !kinds.at(kind).path.pads() => Form::Full,
        (true, true) => Form::Unpadded,
        (false, true) => Form::Loose,
        (false, false) => return None,
    };
    Some(Mention { span, id, form })
}

/// Returns the kind that `word` may mean in place of its prefix: all in capitals or all in small letters, for `Dec 7` is a
/// day, and with three letters at least.
fn kind_meant(word: &str, kinds: &Kinds) -> Option<usize> {
    let letters = |word: &str| word.bytes().filter(u8::is_ascii_alphabetic).count() >= 3;
    if word.len() < 3 || !letters(word) {
        return None;
    }
    let same_case = !word.bytes().any(|byte| byte.is_ascii_uppercase())
        || !word.bytes().any(|byte| byte.is_ascii_lowercase());
    kinds.all().iter().position(|kind| same_case && kind.prefix.eq_ignore_ascii_case(word))
}

/// Calls `found` with the place of every space that stands between a letter or digit and a digit. Texts are long and such
/// places rare, so many bytes are looked at in one go.
fn spaces_before_digits(bytes: &[u8], mut found: impl FnMut(usize)) {
    const STEP: usize = 32;
    let is = |space: u8, digit: u8| u8::from(space == b' ') & u8::from(digit.wrapping_sub(b'0') < 10);
    let mut look = |from: usize, spaces: &[u8], digits: &[u8]| {
        for (at, _) in
            spaces.iter().zip(digits).enumerate().filter(|(_, (space, digit))| is(**space, **digit) > 0)
        {
            if bytes[from + at - 1].is_ascii_alphanumeric() {
                found(from + at);
            }
        }
    };
    if bytes.len() < 3 {
        return;
    }
    let (spaces, digits) = (bytes[1..bytes.len() - 1].chunks_exact(STEP), bytes[2..].chunks_exact(STEP));
    let rest = (spaces.remainder(), digits.remainder());
    let any = |spaces: &[u8], digits: &[u8]| {
        spaces.iter().zip(digits).fold(0, |any, (space, digit)| any | is(*space, *digit)) > 0
    };
    let mut from = 1;
    for (spaces, digits) in spaces.zip(digits) {
        if any(spaces, digits) {
            look(from, spaces, digits);
        }
        from += STEP;
    }
    if any(rest.0, rest.1) {
        look(from, rest.0, rest.1);
    }
}

/// Returns `text` with every id it mentions written in full, so that `RFC-7` and `RFC-0007` read the same.
#[must_use]
pub fn canonical(text: &str, kinds: &Kinds) -> String {
    canonical_as(text, kinds, &|id| id)
}

/// Returns `text` with every id it mentions written in full as the one that `named` makes of it.
#[must_use]
pub fn canonical_as(text: &str, kinds: &Kinds, named: &dyn Fn(RecordId) -> RecordId) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for Mention { span, id, .. } in mentions(text, kinds) {
        out.push_str(&text[from..span.start()]);
        out.push_str(&named(id).text(kinds));
        from = span.end();
    }
    out.push_str(&text[from..]);
    out
}

/// Says whether the character before an id makes it part of something else: a word, a path, an address.
fn joins_before(c: Option<char>) -> bool {
    c.is_some_and(|c| {
        c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.' | '=' | '#' | '@' | '%' | '&' | '\\' | '+')
    })
}

fn joins_after(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// Says whether what stands between `before` and `after` is a word of its own, and no part of a branch's name, a file's or
/// a figure, or the label of a link: `RFC-7-draft`, `RFC 7.5`, `[[RFC-7]]`, `[sessions][rfc-7]`.
fn is_a_word(before: &str, after: &str) -> bool {
    let mut after = after.chars();
    let part = match after.next() {
        Some('-' | '/' | '%' | '\\' | '=' | '#' | '@') => true,
        Some('.' | ',' | ':') => after.next().is_some_and(char::is_alphanumeric),
        Some(']') => before.ends_with("[[") || before.ends_with("][") || after.next() == Some(':'),
        _ => false,
    };
    !part
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::config::load;
    use crate::kind::built_in;

    fn found(text: &str) -> Vec<(&str, Form)> {
        let config = load(&Settings { kinds: built_in(), ..Settings::default() }, &crate::rules::names())
            .expect("the kinds load");
        mentions(text, &config.kinds).iter().map(|it| (it.span.of(text), it.form)).collect()
    }

    #[test]
    fn ids_are_found_in_the_forms_people_write() {
        use Form::Full;
        use Form::Loose;
        use Form::Unpadded;
        for (text, expected) in [
            ("as RFC-0007 says", vec![("RFC-0007", Full)]),
            ("as RFC-7 says, and rfc-8.", vec![("RFC-7", Unpadded), ("rfc-8", Loose)]),
            ("(RFC 7, rfc 08)", vec![("RFC 7", Loose), ("rfc 08", Loose)]),
            ("Rfc 7, Rfc-7 and R 7, r-7, R-7", vec![]),
            ("R-0007 of A-00012", vec![("R-0007", Full), ("A-00012", Full)]),
            ("on RFC-7-draft at RFC-7.2", vec![("RFC-7", Full), ("RFC-7", Full)]),
            ("rfc-7-draft, RFC 7.5, memo 7%, x-rfc-7, /rfc-7, XRFC 7, rfc 7a", vec![]),
            ("RFC 7's text", vec![("RFC 7", Loose)]),
            ("[[RFC-7]] and [RFC-7] or [it][rfc-7]\n[rfc-7]: x", vec![("RFC-7", Full), ("RFC-7", Unpadded)]),
            ("7 RFC 7", vec![("RFC 7", Loose)]),
            (" 7", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
        let far = format!("{} rfc 7", "word ".repeat(20));
        for cut in 0..70 {
            assert_eq!(found(&far[cut..]), [("rfc 7", Loose)]);
        }
    }

    #[test]
    fn every_form_reads_the_same() {
        let config = load(&Settings { kinds: built_in(), ..Settings::default() }, &crate::rules::names())
            .expect("the kinds load");
        assert_eq!(canonical("rfc-7, RFC 7: RFC-7", &config.kinds), "RFC-0007, RFC-0007: RFC-0007");
    }
}
