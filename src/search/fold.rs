//! Text as a search compares it: without letter case and accents, with the place each piece came from. The only file that names
//! the crate for Unicode's decompositions.

use unicode_normalization::char::decompose_canonical;
use unicode_normalization::char::decompose_compatible;

/// A text folded, with what its bytes came from.
pub(super) struct Folded {
    /// The folded text.
    pub(super) text: String,
    /// For each byte of the folded text, and its end, the byte of the text it came from.
    from: Vec<u32>,
}

impl Folded {
    /// Folds `text`.
    pub(super) fn new(text: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(text.len()), from: Vec::new() };
        folded.from.reserve(text.len() + 1);
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c.is_whitespace() {
                // Words of one phrase may stand on two lines; a blank line ends what belongs together.
                let mut lines = usize::from(c == '\n');
                while let Some((_, more)) = chars.next_if(|(_, next)| next.is_whitespace()) {
                    lines += usize::from(more == '\n');
                }
                folded.push(if lines > 1 { '\n' } else { ' ' }, at);
            } else {
                fold_char(c, &mut |c| folded.push(c, at));
            }
        }
        folded.from.push(narrow(text.len()));
        folded
    }

    /// Returns it with a space for every hyphen.
    pub(super) fn spaced(self) -> Self {
        Self { text: spaced(&self.text), ..self }
    }

    fn push(&mut self, c: char, at: usize) {
        self.text.push(c);
        self.from.resize(self.text.len(), narrow(at));
    }

    /// Returns where the byte `at` of the folded text came from.
    pub(super) fn source(&self, at: usize) -> usize {
        self.from.get(at).map_or(0, |from| *from as usize)
    }
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Folds a word.
pub(super) fn fold(word: &str) -> String {
    Folded::new(word).text.trim().to_owned()
}

/// Returns `folded` with a space for every hyphen: people write `sign-on` and `sign on`.
pub(super) fn spaced(folded: &str) -> String {
    folded.replace('-', " ")
}

/// Says whether folding `text` may make letters or digits of ASCII from others, so that its bytes alone do not say what it holds.
pub(super) fn may_fold_to_ascii(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let bytes = text.as_bytes();
    let any = |wanted: fn(u8, u8) -> bool| bytes.windows(2).any(|pair| wanted(pair[0], pair[1]));
    any(|first, second| match first {
        // Latin letters and marks that combine with letters; ligatures and wide letters.
        0xc2..=0xcd | 0xe1 | 0xef => true,
        // Letters and digits above and below the line, in circles, and signs made of letters, like those for kelvin and ångström.
        0xe2 => matches!(second, 0x81 | 0x82 | 0x84 | 0x85 | 0x91..=0x93 | 0xb1),
        0xe3 => matches!(second, 0x88..=0x8f),
        0xea => matches!(second, 0x9d | 0x9f | 0xad),
        0xf0 => matches!(second, 0x90 | 0x9c..=0x9f),
        _ => false,
    })
}

/// Says whether folding `text` may make other signs of ASCII: quotes, hyphens and dots from those of a typesetter.
pub(super) fn may_fold_to_signs(text: &str) -> bool {
    let bytes = text.as_bytes();
    !text.is_ascii()
        && memchr::memchr_iter(0xe2, bytes).any(|at| match (bytes.get(at + 1), bytes.get(at + 2)) {
            (Some(0x80), Some(last)) => matches!(last, 0x90 | 0x91 | 0x98..=0x9f | 0xa4..=0xa6 | 0xbc),
            (second, _) => matches!(second, Some(0x89 | 0xa9)),
        })
}

fn fold_char(c: char, put: &mut dyn FnMut(char)) {
    match c {
        _ if c.is_ascii() => put(c.to_ascii_lowercase()),
        'ß' | 'ẞ' => {
            put('s');
            put('s');
        }
        '\u{ad}' => {}
        // Its bytes begin as those of arrows do, and arrows are common.
        '↉' => put(c),
        '\u{2010}' | '\u{2011}' => put('-'),
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' => put('\''),
        '\u{201c}' | '\u{201d}' | '\u{201f}' => put('"'),
        _ => {
            let accent = |c: char| ('\u{300}'..='\u{36f}').contains(&c);
            let mut parts = [c; 8];
            let mut count = 0;
            decompose_canonical(c, |part| {
                if let Some(slot) = parts.get_mut(count) {
                    *slot = part;
                }
                count += 1;
            });
            // Marks of other scripts make another letter: what they stand on is not enough.
            let accented = (2..=parts.len()).contains(&count) && parts[1..count].iter().copied().all(accent);
            let mut lower = |c: char| c.to_lowercase().filter(|c| !accent(*c)).for_each(&mut *put);
            match (accented, count) {
                (true, _) => lower(parts[0]),
                // What is another way to write some letters is those: ligatures, wide and small ones.
                // Accents that stand alone come with a space.
                (false, 1) if parts[0] == c => decompose_compatible(c, |part| {
                    if !part.is_whitespace() {
                        lower(part);
                    }
                }),
                (false, _) => lower(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_go_and_other_letters_stay() {
        for (text, expected) in [
            ("Grüße", "grusse"),
            ("STRASSE Straße", "strasse strasse"),
            ("cafe\u{301} CAFÉ", "cafe cafe"),
            ("İstanbul Ångström \u{212a}", "istanbul angstrom k"),
            ("がか किक й", "がか किक и"),
            ("Αθήνα", "αθηνα"),
            ("a\r\n  b\n\nc", "a b\nc"),
            ("oﬃce ＰＡＹ x² “don’t”", "office pay x2 \"don't\""),
        ] {
            assert_eq!(fold(text), expected);
        }
    }

    #[test]
    fn places_lead_back() {
        let folded = Folded::new("É ß x");
        assert_eq!(folded.text, "e ss x");
        let places: Vec<usize> = (0..=folded.text.len()).map(|at| folded.source(at)).collect();
        assert_eq!(places, [0, 2, 3, 3, 5, 6, 7]);
    }

    #[test]
    fn bytes_that_may_fold_are_known() {
        for text in ["é", "e\u{301}", "ß", "\u{1ea1}", "\u{212b}", "so\u{ad}ft"] {
            assert!(may_fold_to_ascii(text), "{text}");
        }
        let puts = |c: char, wanted: fn(&char) -> bool| {
            let mut found = false;
            fold_char(c, &mut |c| found |= wanted(&c));
            found
        };
        let mut missed = Vec::new();
        for c in ('\u{80}'..=char::MAX).filter(|c| !c.is_whitespace()) {
            let text = c.to_string();
            let known = may_fold_to_ascii(&text);
            if !known && puts(c, char::is_ascii_alphanumeric)
                || !known && !may_fold_to_signs(&text) && puts(c, char::is_ascii)
            {
                missed.push((c, text.into_bytes()));
            }
        }
        assert_eq!(missed, []);
        for text in ["plain", "“quoted” — dash → 東京", ""] {
            assert!(!may_fold_to_ascii(text), "{text}");
        }
    }
}
