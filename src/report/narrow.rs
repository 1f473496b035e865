//! Text for terminals with few columns: broken so that no line is wider, words that are too long included, and paths cut at
//! their front, where they say least.

use super::markdown::columns;
use super::markdown::lines;

/// Breaks `text` into lines of at most `width` columns. A word is broken only where it has no line of its own.
pub(super) fn fitted(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    let mut out = Vec::new();
    for line in lines(text, width) {
        if columns(&line) <= width {
            out.push(line.into_owned());
            continue;
        }
        let mut rest = &*line;
        while !rest.is_empty() {
            let end = beginning(rest, width);
            out.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
    }
    out
}

/// Returns `text` in at most `width` columns: its end behind `…`, where it does not fit.
pub(super) fn ending(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut from = text.len();
    let mut used = 1;
    for (at, c) in text.char_indices().rev() {
        used += columns(c.encode_utf8(&mut [0; 4]));
        if used > width {
            break;
        }
        from = at;
    }
    format!("…{}", &text[from..])
}

/// Returns where the part of `text` ends that fits into `width` columns; one character does in any case.
fn beginning(text: &str, width: usize) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += columns(c.encode_utf8(&mut [0; 4]));
        if used > width && at > 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_broken_or_cut() {
        assert_eq!(fitted("ab cdefgh i", 4), ["ab", "cdef", "gh", "i"]);
        assert_eq!(fitted("東京東京", 5), ["東京", "東京"]);
        assert_eq!(ending("docs/raid/R-0001.md", 9), "…-0001.md");
        assert_eq!(ending("docs", 4), "docs");
        assert_eq!(ending("東京", 2), "…");
    }
}
