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
        let between = source.as_bytes().get(self.end..start).unwrap_or(b" ");
        if between.iter().any(u8::is_ascii_whitespace) {
            self.inside = false;
        }
        self.end = start + text.len();
        let mut rest = text;
        while let Some(at) = self.ascii(rest.as_bytes()) {
            let wide = rest[at..].chars().take_while(|c| !c.is_ascii());
            let length = wide.map(|c| self.other(c)).sum::<usize>();
            rest = &rest[at + length..];
        }
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

    /// Counts ASCII text, eight bytes at a time: prose is most of what there is to read. Returns where the first byte
    /// stands that is not ASCII, up to which it has counted.
    fn ascii(&mut self, bytes: &[u8]) -> Option<usize> {
        let (chunks, rest) = bytes.as_chunks::<8>();
        let mut words = 0;
        let mut inside = self.inside;
        // Counts of eight places at once; the highest bits are never reached within 255 chunks.
        let mut counts = 0_u64;
        for (at, chunk) in chunks.iter().enumerate() {
            let eight = u64::from_le_bytes(*chunk);
            if at % 255 == 254 {
                words += lanes(counts);
                counts = 0;
            }
            let (spaces, letters) = (spaces_in(eight), letters_in(eight));
            // Where a letter would begin a word: after white space, and at the front where none is under way.
            let begins = (spaces << 8) | (u64::from(!inside) << 7);
            // Not ASCII; or a token that begins with punctuation: whether it is a word shows only later.
            if (eight & HIGH) | (begins & !spaces & !letters) != 0 {
                self.inside = inside;
                if let Some(found) = self.bytewise(chunk) {
                    self.words += words + lanes(counts);
                    return Some(at * 8 + found);
                }
                inside = self.inside;
                continue;
            }
            counts += (begins & letters) >> 7;
            inside = spaces >> 63 == 0;
        }
        self.inside = inside;
        self.words += words + lanes(counts);
        self.bytewise(rest).map(|found| chunks.len() * 8 + found)
    }

    /// Counts ASCII text a byte at a time, up to the first byte that is not ASCII, whose place it returns.
    fn bytewise(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            if !byte.is_ascii() {
                return Some(at);
            }
            if byte.is_ascii_alphanumeric() {
                self.words += u32::from(!self.inside);
                self.inside = true;
            } else if *byte <= b' ' {
                self.inside = false;
            }
        }
        None
    }

    /// Counts a character that is not ASCII and returns its length.
    fn other(&mut self, c: char) -> usize {
        if c.is_whitespace() {
            self.inside = false;
        } else if is_dense(c) {
            self.dense += 1;
            self.inside = false;
        } else if c.is_alphanumeric() {
            self.words += u32::from(!self.inside);
            self.inside = true;
        }
        c.len_utf8()
    }
}

/// Adds up the counts in the eight bytes of `counts`.
fn lanes(counts: u64) -> u32 {
    let pairs = (counts & 0x00ff_00ff_00ff_00ff) + ((counts >> 8) & 0x00ff_00ff_00ff_00ff);
    u32::try_from(pairs.wrapping_mul(0x0001_0001_0001_0001) >> 48).unwrap_or(0)
}

/// The high bit of each of eight bytes.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Returns, for each of eight ASCII bytes, a high bit that says whether it is at least `least`; other bits are noise.
fn at_least(eight: u64, least: u8) -> u64 {
    eight.wrapping_add(u64::from(0x80 - least) * 0x0101_0101_0101_0101)
}

/// Returns the high bit of each of eight ASCII bytes that is white space or a control character.
fn spaces_in(eight: u64) -> u64 {
    !at_least(eight, b' ' + 1) & HIGH
}

/// Returns the high bit of each of eight ASCII bytes that is a letter or a digit.
fn letters_in(eight: u64) -> u64 {
    let small = eight | 0x2020_2020_2020_2020;
    let letters = at_least(small, b'a') & !at_least(small, b'z' + 1);
    (letters | (at_least(eight, b'0') & !at_least(eight, b'9' + 1))) & HIGH
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
        check("(a) -- \"b\" [c] ... d-e f/g", 5);
        check("  lead and trail  ", 3);
        check("naïve café", 2);
        check("→ sam – naïve wording, a long line of it → more", 9);
        check("", 0);
        check("東京都庁", 2);
    }

    #[test]
    fn eight_at_a_time_counts_as_one_at_a_time_does() {
        // Every pair of byte classes meets at every place of a chunk.
        let classes = ["a", "7", " ", "-", "\n", "Z", "(", "\t"];
        for shift in 0..8 {
            for first in classes {
                for second in classes {
                    for third in classes {
                        let text = format!("{}{first}{second}{third} word (x) y", "b".repeat(shift));
                        let mut slow = WordCounter::default();
                        slow.bytewise(text.as_bytes());
                        check(&text, slow.total());
                    }
                }
            }
        }
    }

    #[test]
    fn long_texts_do_not_run_over() {
        check(&"a b c d ".repeat(5_000), 20_000);
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
