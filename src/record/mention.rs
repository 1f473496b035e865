//! Ids in running text.
//!
//! `PREFIX-NUMBER` in exact case is a mention. Prefixes of one or two letters count only in full, padded form: a
//! "9-month notice" and a "Type A-2 plug" are no assumptions.

use super::id::RecordId;
use crate::kind::Kinds;
use crate::kind::record_number;
use crate::text::Span;

/// Returns the ids `text` mentions, with their places in it.
pub(super) fn mentions<'a>(text: &'a str, kinds: &'a Kinds) -> impl Iterator<Item = (Span, RecordId)> + 'a {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'-', bytes).filter_map(move |dash| {
        let digits = bytes[dash + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let name = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let start = dash - bytes[..dash].iter().rev().take_while(|byte| name(byte)).count();
        let prefix = &text[start..dash];
        if prefix.is_empty() || (prefix.len() <= 2 && digits < 4) {
            return None;
        }
        let end = dash + 1 + digits;
        if joins_before(text[..start].chars().next_back()) || joins_after(text[end..].chars().next()) {
            return None;
        }
        let kind = kinds.index_of_prefix(prefix)?;
        let number = record_number(&text[dash + 1..end])?;
        Some((Span::new(start, end), RecordId { kind, number }))
    })
}

/// Returns `text` with every id it mentions written in full, so that `RFC-7` and `RFC-0007` read the same.
#[must_use]
pub fn canonical(text: &str, kinds: &Kinds) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (span, id) in mentions(text, kinds) {
        out.push_str(&text[from..span.start()]);
        out.push_str(&id.text(kinds));
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
