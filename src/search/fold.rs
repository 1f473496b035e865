//! Text as a search compares it: without letter case and accents, with the place each piece came from. The only file that names
//! the crate for Unicode's decompositions.

use unicode_normalization::char::decompose_canonical;

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

/// Says whether folding `text` may make letters of ASCII from others, so that its bytes alone do not say what it holds.
pub(super) fn may_fold_to_ascii(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Latin letters and marks that combine with letters begin with these; the last are the signs for kelvin and ångström.
    let letter = |byte: &u8| (0xc2..=0xcd).contains(byte) || *byte == 0xe1;
    !text.is_ascii() && (bytes.iter().any(letter) || memchr::memmem::find(bytes, b"\xe2\x84").is_some())
}

fn fold_char(c: char, put: &mut dyn FnMut(char)) {
    match c {
        _ if c.is_ascii() => put(c.to_ascii_lowercase()),
        'ß' | 'ẞ' => {
            put('s');
            put('s');
        }
        '\u{ad}' => {}
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
            let base = if accented { parts[0] } else { c };
            base.to_lowercase().filter(|c| !accent(*c)).for_each(put);
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
        for text in ["plain", "“quoted” — dash → 東京", ""] {
            assert!(!may_fold_to_ascii(text), "{text}");
        }
    }
}
