//! Text as people compare names: neither letter case nor the way a letter is put together makes a difference.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Returns `text` in small letters, each written in one way: `É` and `e` with an accent behind it become `é`.
#[must_use]
pub fn folded(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() {
        let small: String = text.nfc().flat_map(char::to_lowercase).collect();
        return Cow::Owned(small.nfc().collect());
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    Cow::Borrowed(text)
}

/// Says whether `a` and `b` are one name to people.
#[must_use]
pub fn same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!(a.is_ascii() && b.is_ascii()) && folded(a) == folded(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_people_do() {
        for (a, b) in
            [("José", "Jose\u{301}"), ("JOSÉ NÚÑEZ", "José Núñez"), ("Maya", "maya"), ("\u{212a}", "k")]
        {
            assert!(same_name(a, b), "{a} {b}");
        }
        for (a, b) in [("José", "Jose"), ("maya", "mayas"), ("", "a")] {
            assert!(!same_name(a, b), "{a} {b}");
        }
    }
}
