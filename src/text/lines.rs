//! Byte offsets to lines and columns and back, and many lines as one.

use std::borrow::Cow;

use super::Span;

/// A place in a text as people count: line and column from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Byte offset from 0.
    pub byte: usize,
    /// Line from 1.
    pub line: usize,
    /// Column from 1, in Unicode scalar values; a byte order mark at the start of the file counts for nothing.
    pub column: usize,
}

/// Returns `text` in one line, its words a space apart.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns how long the longest run of `c` in `text` is.
#[must_use]
pub fn longest_run(text: &str, c: char) -> usize {
    text.split(|other| other != c).map(|run| run.len() / c.len_utf8()).max().unwrap_or(0)
}

/// Where the lines of a text begin.
pub struct Lines<'a> {
    text: &'a str,
    starts: Cow<'a, [usize]>,
}

impl<'a> Lines<'a> {
    /// Finds the lines of `text`. `\n`, `\r\n` and a lone `\r` end a line.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, starts: Cow::Owned(Self::starts(text)) }
    }

    /// Returns the lines of `text`, whose [`Lines::starts`] are known.
    #[must_use]
    pub fn known(text: &'a str, starts: &'a [usize]) -> Self {
        Self { text, starts: Cow::Borrowed(starts) }
    }

    /// Returns where each line of `text` begins.
    #[must_use]
    pub fn starts(text: &str) -> Vec<usize> {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(at + 1);
            }
        }
        starts
    }

    /// Returns the whole text.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Returns how many lines there are; a text that ends with a line end has an empty last line.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// Returns the position of `byte`; past the end it is the end.
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts[line - 1];
        let before = &self.text[start..byte];
        let before = if start == 0 { before.strip_prefix('\u{feff}').unwrap_or(before) } else { before };
        Position { byte, line, column: before.chars().count() + 1 }
    }

    /// Returns the bytes of line `line` (from 1) without its line end, or the empty span at the end.
    #[must_use]
    pub fn line(&self, line: usize) -> Span {
        let Some(start) = line.checked_sub(1).and_then(|index| self.starts.get(index)).copied() else {
            return Span::at(self.text.len());
        };
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        let body = self.text[start..end].trim_end_matches(['\n', '\r']);
        Span::new(start, start + body.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, byte: usize, expected: (usize, usize)) {
        let position = Lines::new(text).position(byte);
        assert_eq!((position.line, position.column), expected, "{text:?} at {byte}");
    }

    #[test]
    fn every_kind_of_line_end_counts_once() {
        check("a\nb\r\nc\rd", 2, (2, 1));
        check("a\nb\r\nc\rd", 5, (3, 1));
        check("a\nb\r\nc\rd", 7, (4, 1));
    }

    #[test]
    fn columns_are_scalar_values_and_skip_the_byte_order_mark() {
        check("é́x", 4, (1, 3));
        check("\u{feff}ab", 4, (1, 2));
    }

    #[test]
    fn an_offset_inside_a_character_or_past_the_end_is_safe() {
        check("é", 1, (1, 1));
        check("ab\n", 99, (2, 1));
    }

    #[test]
    fn a_line_comes_without_its_end() {
        let lines = Lines::new("ab\r\ncd");
        assert_eq!(lines.line(1), Span::new(0, 2));
        assert_eq!(lines.line(2), Span::new(4, 6));
        assert_eq!(lines.line(9), Span::at(6));
    }
}
