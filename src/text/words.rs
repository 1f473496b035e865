//! Counting words the way a reader would.

/// Counts words over pieces of one text that arrive in order.
///
/// A word is a run without white space that holds a letter or a digit. Scripts written without spaces (Han, kana,
/// Thai and their like) count one word for every two characters. Pieces that touch in the source
/// (`foo*bar*`) continue the same word.
#[derive(Debug, Clone, Default)]
pub struct WordCounter {
    words: u32,
    dense: u32,
    inside: bool,
    end: usize,
}

impl WordCounter {
    /// Adds the piece `text` that stands at byte `start` of `source`.
    pub fn add(&mut self, source: &str, start: usize, text: &str) {
        let between = source.get(self.end..start).unwrap_or(" ");
        if between.bytes().any(|byte| byte.is_ascii_whitespace()) {
            self.inside = false;
        }
        self.end = start + text.len();
        let mut rest = text;
        // Nearly all text is ASCII: look at bytes until one is not.
        while let Some(at) = rest.bytes().position(|byte| !byte.is_ascii()) {
            self.ascii(&rest.as_bytes()[..at]);
            let Some(c) = rest[at..].chars().next() else { return };
            self.other(c);
            rest = &rest[at + c.len_utf8()..];
        }
        self.ascii(rest.as_bytes());
    }

    /// Ends the word under way; the next piece starts a new one.
    pub fn stop(&mut self) {
        self.inside = false;
    }

    /// Returns the words counted so far.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.words + self.dense.div_ceil(2)
    }

    fn ascii(&mut self, bytes: &[u8]) {
        let mut inside = self.inside;
        let mut words = 0;
        for byte in bytes {
            if byte.is_ascii_alphanumeric() {
                words += u32::from(!inside);
                inside = true;
            } else if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                inside = false;
            }
        }
        self.inside = inside;
        self.words += words;
    }

    fn other(&mut self, c: char) {
        if c.is_whitespace() {
            self.inside = false;
        } else if is_dense(c) {
            self.dense += 1;
            self.inside = false;
        } else if c.is_alphanumeric() {
            self.words += u32::from(!self.inside);
            self.inside = true;
        }
    }
}

/// Says whether `c` belongs to a script written without spaces between words.
fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: u32) {
        let mut counter = WordCounter::default();
        counter.add(text, 0, text);
        assert_eq!(counter.total(), expected, "{text:?}");
    }

    #[test]
    fn words_hold_a_letter_or_a_digit() {
        check("two words", 2);
        check("- | 3,5 — well-known §", 2);
        check("naïve café", 2);
        check("", 0);
        check("東京都庁", 2);
    }

    #[test]
    fn touching_pieces_continue_a_word() {
        let source = "foo*bar* baz";
        let mut counter = WordCounter::default();
        counter.add(source, 0, "foo");
        counter.add(source, 4, "bar");
        counter.add(source, 8, " baz");
        assert_eq!(counter.total(), 2);
    }
}
