//! Characters that act instead of showing, found in a text: which they are, and where writing itself needs them.
//!
//! Nearly every text has none, so bytes are looked at many at once before any character is.

use super::Span;
use super::acts;

/// Neighbouring characters that act instead of showing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hidden {
    /// Their bytes; of a command to a terminal, all of it.
    pub span: Span,
    /// The first of them.
    pub first: char,
    /// How many there are, a command counted as one.
    pub count: usize,
    /// Whether one of them ends a line for some readers.
    pub breaks: bool,
}

/// Bytes looked at in one go.
const CHUNK: usize = 64;

/// The most bytes of a title or the like that are taken for one command: an end is not looked for all through a text, over and
/// over.
const LONGEST: usize = 1024;

/// Returns the hidden characters of `text` in order, neighbouring ones as one. A byte order mark at the start, tabs and
/// line ends are none, nor are marks where letters of a script that needs them stand in the same paragraph.
#[must_use]
pub fn hidden(text: &str) -> Vec<Hidden> {
    let mut found: Vec<Hidden> = Vec::new();
    let mut finder = Finder {
        text,
        paragraph: Span::at(0),
        scripts: None,
        line: (Span::at(0), false),
        joined: (usize::MAX, false),
        flag: usize::MAX,
        end: 0,
    };
    for (number, chunk) in text.as_bytes().chunks(CHUNK).enumerate() {
        // Without a branch in it the loop takes sixteen bytes and more at a time.
        if !chunk.iter().fold(false, |any, byte| any | may_begin(*byte)) {
            continue;
        }
        for (at, byte) in chunk.iter().enumerate() {
            let at = number * CHUNK + at;
            if !may_begin(*byte) || at < finder.end {
                continue;
            }
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { continue };
            let hides = (acts(c) && !matches!(c, '\t' | '\n' | '\r')) || is_joiner(c);
            if !hides || finder.is_needed(at, c) {
                continue;
            }
            let end = at + command(&text[at..]).unwrap_or(c.len_utf8());
            let breaks = matches!(c, '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
            finder.end = end;
            match found.last_mut().filter(|last| last.span.end() == at) {
                Some(last) => {
                    last.span = Span::new(last.span.start(), end);
                    last.count += 1;
                    last.breaks |= breaks;
                }
                None => found.push(Hidden { span: Span::new(at, end), first: c, count: 1, breaks }),
            }
        }
    }
    found
}

/// Says whether a hidden character may begin with `byte`.
const fn may_begin(byte: u8) -> bool {
    let control = (byte < 0x20) & (byte != b'\t') & (byte != b'\n') & (byte != b'\r');
    // The first bytes of all that `acts` knows.
    let wide = (byte == 0xc2) | (byte == 0xcd) | (byte == 0xd8) | (byte == 0xef) | (byte == 0xf3);
    control | (byte == 0x7f) | wide | ((byte >= 0xe1) & (byte <= 0xe3))
}

/// Returns the length of the command to a terminal that `text` begins with: a colour code, a title, a character set.
fn command(text: &str) -> Option<usize> {
    let (start, rest) = match text.strip_prefix('\u{9b}') {
        Some(rest) => (2, sequence_length(rest)?),
        None => match text.strip_prefix('\u{1b}')?.as_bytes() {
            [b'[', ..] => (2, sequence_length(&text[2..])?),
            [b']' | b'P' | b'_' | b'^' | b'X', ..] => {
                let most = text.len().min(LONGEST);
                let near = (0..4).find_map(|back| text.get(2..most.checked_sub(back)?))?;
                let line = near.split(['\n', '\r']).next()?;
                let ends = ["\u{7}", "\u{1b}\\", "\u{9c}"];
                let end = ends.iter().filter_map(|end| line.find(end).map(|at| at + end.len())).min()?;
                (2, end)
            }
            [b'(' | b')' | b'#', third, ..] if third.is_ascii_graphic() => (3, 0),
            _ => return None,
        },
    };
    Some(start + rest)
}

/// Returns the length of the numbers and the letter that follow a control sequence introducer.
fn sequence_length(rest: &str) -> Option<usize> {
    let numbers = rest.bytes().take_while(|byte| (0x20..0x40).contains(byte)).count();
    rest.as_bytes().get(numbers).is_some_and(|last| (0x40..0x7f).contains(last)).then_some(numbers + 1)
}

struct Finder<'a> {
    text: &'a str,
    /// The paragraph looked at last, and the scripts of its letters.
    paragraph: Span,
    scripts: Option<Scripts>,
    /// The line whose isolates were looked at last, and whether they are welcome there.
    line: (Span, bool),
    /// Where a run of joiners has come to, and whether writing needs it.
    joined: (usize, bool),
    /// Where a flag that is spelled with tags has come to.
    flag: usize,
    /// Where the last hidden character ends.
    end: usize,
}

/// Scripts that need marks nobody sees.
#[derive(Debug, Clone, Copy, Default)]
struct Scripts {
    right_to_left: bool,
    unspaced: bool,
    mongolian: bool,
    khmer: bool,
    jamo: bool,
}

impl Finder<'_> {
    /// Says whether writing needs `c`, which stands at `at`.
    fn is_needed(&mut self, at: usize, c: char) -> bool {
        match c {
            '\u{feff}' => at == 0,
            '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{34f}' => self.scripts(at).right_to_left,
            '\u{200b}' | '\u{2060}' => self.scripts(at).unspaced,
            '\u{200c}' | '\u{200d}' => self.is_joined(at, c),
            '\u{2066}'..='\u{2069}' => self.is_isolated(at),
            '\u{180e}' => self.scripts(at).mongolian,
            '\u{17b4}' | '\u{17b5}' => self.scripts(at).khmer,
            '\u{115f}' | '\u{1160}' => self.scripts(at).jamo,
            // The flags of Scotland, Wales and the like are a black flag spelled out behind.
            '\u{e0020}'..='\u{e007f}' => {
                let flag = self.flag == at || self.text[..at].ends_with('\u{1f3f4}');
                if flag {
                    self.flag = at + c.len_utf8();
                }
                flag
            }
            _ => false,
        }
    }

    /// Says whether the joiner at `at` stands beside an emoji or a letter of a script that joins, in a run of joiners or alone.
    fn is_joined(&mut self, at: usize, c: char) -> bool {
        let end = at + c.len_utf8();
        let needed = if self.joined.0 == at {
            self.joined.1
        } else {
            let before = self.text[..at].chars().next_back();
            let after = self.text[end..].chars().find(|c| !is_joiner(*c));
            !(before.is_none_or(joins_nothing) && after.is_none_or(joins_nothing))
        };
        self.joined = (end, needed);
        needed
    }

    /// Says whether the line that holds the byte `at` has letters written from right to left, and closes every isolate it opens.
    fn is_isolated(&mut self, at: usize) -> bool {
        if !self.line.0.range().contains(&at) {
            let ends = ['\n', '\r', '\u{2028}', '\u{2029}'];
            let start = self.text[..at].rmatch_indices(ends).next().map_or(0, |(end, sign)| end + sign.len());
            let end = self.text[at..].find(ends).map_or(self.text.len(), |end| at + end);
            let (mut open, mut closed, mut right_to_left) = (0_usize, true, false);
            for c in self.text[start..end].chars().filter(|c| !c.is_ascii()) {
                match c {
                    '\u{2066}'..='\u{2068}' => open += 1,
                    '\u{2069}' if open == 0 => closed = false,
                    '\u{2069}' => open -= 1,
                    c => right_to_left |= is_right_to_left(c),
                }
            }
            self.line = (Span::new(start, end), right_to_left && closed && open == 0);
        }
        self.line.1
    }

    /// Returns the scripts of the paragraph that holds the byte `at`.
    fn scripts(&mut self, at: usize) -> Scripts {
        if let Some(scripts) = self.scripts.filter(|_| self.paragraph.range().contains(&at)) {
            return scripts;
        }
        let blank = |line: &&str| line.trim().is_empty();
        let before: usize =
            self.text[..at].split_inclusive('\n').rev().take_while(|line| !blank(line)).map(str::len).sum();
        let after: usize =
            self.text[at..].split_inclusive('\n').take_while(|line| !blank(line)).map(str::len).sum();
        self.paragraph = Span::new(at - before, at + after.max(1));
        let mut scripts = Scripts::default();
        for c in self.text[at - before..at + after].chars().filter(|c| !c.is_ascii()) {
            match c {
                // The marks themselves are no letters.
                '\u{180e}' | '\u{17b4}' | '\u{17b5}' | '\u{115f}' | '\u{1160}' | '\u{61c}' => {}
                c if is_right_to_left(c) => scripts.right_to_left = true,
                '\u{1780}'..='\u{17ff}' => (scripts.unspaced, scripts.khmer) = (true, true),
                '\u{e00}'..='\u{109f}' | '\u{1950}'..='\u{1aaf}' => scripts.unspaced = true,
                '\u{1800}'..='\u{18af}' => scripts.mongolian = true,
                '\u{1100}'..='\u{11ff}' => scripts.jamo = true,
                _ => {}
            }
        }
        *self.scripts.insert(scripts)
    }
}

/// Says whether `c` is a letter written from right to left.
const fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Says whether `c` joins what stands beside it, or keeps it apart.
const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Says whether beside `c` a joiner does nothing: a Latin, Greek or Cyrillic letter, a digit, a space or a sign.
const fn joins_nothing(c: char) -> bool {
    matches!(c, '\0'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{1d00}'..='\u{20cf}' | '\u{2c60}'..='\u{2c7f}'
        | '\u{2de0}'..='\u{2dff}' | '\u{2e00}'..='\u{2e7f}' | '\u{a640}'..='\u{a69f}'
        | '\u{a720}'..='\u{a7ff}' | '\u{ab30}'..='\u{ab6f}')
}

/// Returns what `c` is called, and what it does as the end of a sentence.
#[must_use]
pub fn name_of_hidden(c: char) -> (&'static str, &'static str) {
    let unseen = "which nobody sees";
    let turns = "which changes the direction of the text around it";
    match c {
        '\0' => ("null", "which ends the text for some programs"),
        '\u{7}' => ("bell", "which makes a terminal ring"),
        '\u{8}' => ("backspace", "which has a terminal write over the text before it"),
        '\u{1b}' => ("escape", "which begins a command to a terminal"),
        '\u{9b}' => ("control sequence introducer", "which begins a command to a terminal"),
        '\u{b}' => ("line tabulation", "which some tools take for a line end"),
        '\u{c}' => ("form feed", "which some tools take for a line end"),
        '\u{85}' => ("next line", "which some tools take for a line end"),
        '\u{2028}' => ("line separator", "which some tools take for a line end"),
        '\u{2029}' => ("paragraph separator", "which some tools take for a line end"),
        '\u{ad}' => ("soft hyphen", "which shows only where a line breaks"),
        '\u{34f}' => ("combining grapheme joiner", unseen),
        '\u{61c}' => ("Arabic letter mark", turns),
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => {
            ("Hangul filler", "which looks like a space and is a letter")
        }
        '\u{17b4}' | '\u{17b5}' => ("Khmer inherent vowel", unseen),
        '\u{180e}' => ("Mongolian vowel separator", unseen),
        '\u{200b}' => ("zero width space", unseen),
        '\u{200c}' => ("zero width non-joiner", unseen),
        '\u{200d}' => ("zero width joiner", unseen),
        '\u{200e}' => ("left-to-right mark", turns),
        '\u{200f}' => ("right-to-left mark", turns),
        '\u{202a}' => ("left-to-right embedding", turns),
        '\u{202b}' => ("right-to-left embedding", turns),
        '\u{202c}' => ("pop directional formatting", turns),
        '\u{202d}' => ("left-to-right override", "which shows the text behind it in another order"),
        '\u{202e}' => ("right-to-left override", "which turns the text behind it around"),
        '\u{2060}' => ("word joiner", unseen),
        '\u{2061}'..='\u{2064}' => ("invisible operator", unseen),
        '\u{2066}' => ("left-to-right isolate", turns),
        '\u{2067}' => ("right-to-left isolate", turns),
        '\u{2068}' => ("first strong isolate", turns),
        '\u{2069}' => ("pop directional isolate", turns),
        '\u{feff}' => ("byte order mark", "which belongs at the start of a file or nowhere"),
        '\u{fff9}'..='\u{fffb}' => ("annotation mark", unseen),
        '\u{e0000}'..='\u{e007f}' => ("tag character", "which spells a text nobody sees"),
        '\u{e0100}'..='\u{e01ef}' => ("variation selector", unseen),
        c if c.is_control() => ("control character", "which acts on a terminal and does not show"),
        _ => ("format character", unseen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, usize)> {
        hidden(text).iter().map(|hidden| (hidden.span.of(text), hidden.count)).collect()
    }

    #[test]
    fn what_writing_needs_is_not_hidden() {
        for text in [
            "\u{feff}plain\ttext\r\n",
            "naïve 東京 — “x” → 👩\u{200d}👩\u{200d}👧 ✔\u{fe0f} a\u{a0}b",
            "שלום\u{200e} world\u{200f}\nand\u{200e} more",
            "العربية\u{61c}",
            "ภาษา\u{200b}ไทย",
            "می\u{200c}خواهم, PDF\u{200c}ها, क्\u{200d}ष, ❤\u{fe0f}\u{200d}🔥, 👩🏽\u{200d}💻",
            "שלום \u{2066}world\u{2069}, \u{2068}a \u{2067}b\u{2069}\u{2069}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        ] {
            assert_eq!(found(text), [], "{text:?}");
        }
    }

    #[test]
    fn what_is_hidden_is_found_as_a_whole() {
        for (text, expected) in [
            ("a\0b", vec![("\0", 1)]),
            ("a\u{202e}\u{2066}b\u{2069}", vec![("\u{202e}\u{2066}", 2), ("\u{2069}", 1)]),
            ("x\u{1b}[1;31mred\u{1b}[0m", vec![("\u{1b}[1;31m", 1), ("\u{1b}[0m", 1)]),
            ("\u{1b}]0;title\u{7}x\u{9b}2J", vec![("\u{1b}]0;title\u{7}", 1), ("\u{9b}2J", 1)]),
            ("\u{1b}", vec![("\u{1b}", 1)]),
            ("\u{1b}]0;é", vec![("\u{1b}", 1)]),
            (&format!("\u{1b}]0;{}\u{7}", "é".repeat(600)), vec![("\u{1b}", 1), ("\u{7}", 1)]),
            ("a\u{feff}", vec![("\u{feff}", 1)]),
            ("\u{feff}\u{feff}a", vec![("\u{feff}", 1)]),
            ("שלום\n\nworld\u{200e}", vec![("\u{200e}", 1)]),
            ("שלום\u{202e}x", vec![("\u{202e}", 1)]),
            ("\u{e0041}", vec![("\u{e0041}", 1)]),
            ("pay\u{200c}\u{200d}ment", vec![("\u{200c}\u{200d}", 2)]),
            ("я\u{200d}1 \u{200c}", vec![("\u{200d}", 1), ("\u{200c}", 1)]),
            ("שלום \u{2066}world", vec![("\u{2066}", 1)]),
            ("שלום\nw\u{2066}orld\u{2069}", vec![("\u{2066}", 1), ("\u{2069}", 1)]),
            ("שלום \u{2069}w\u{2066}", vec![("\u{2069}", 1), ("\u{2066}", 1)]),
        ] {
            assert_eq!(found(text), expected, "{text:?}");
        }
    }

    #[test]
    fn every_character_that_acts_is_found() {
        for c in ('\0'..=char::MAX).filter(|c| acts(*c) && !matches!(c, '\t' | '\n' | '\r')) {
            assert_eq!(hidden(&format!("a{c}")).len(), 1, "{c:?}");
        }
    }
}
