//! What is looked for: words and phrases, and where they occur in a text.

use std::cell::OnceCell;

use super::fold::Folded;
use super::fold::fold;
use super::fold::may_fold_to_ascii;
use super::fold::may_fold_to_signs;
use super::fold::spaced;
use crate::kind::Kinds;
use crate::record::RecordId;
use crate::record::read_id;

/// A word or a phrase.
#[derive(Debug, Clone)]
pub struct Term {
    /// As it was given.
    pub said: String,
    /// The id that it names, where it reads as one.
    pub id: Option<RecordId>,
    /// What it looks like in a text: folded, and for an id in its full form too.
    needles: Vec<Needle>,
}

#[derive(Debug, Clone)]
struct Needle {
    folded: String,
    /// The same with a space for every hyphen, as it is compared.
    spaced: String,
    /// Its pieces of letters and digits, where all of it is ASCII: a text whose bytes lack one of them does not hold it.
    pieces: Vec<Piece>,
    /// The whole, where it is ASCII and has neither space nor hyphen, so that bytes can be looked through as they are.
    raw: Option<Piece>,
    /// Whether it has signs besides letters and digits.
    signs: bool,
}

/// A text of ASCII that is looked for among bytes.
#[derive(Debug, Clone)]
struct Piece {
    text: String,
    /// The byte of it that is rarest in texts.
    rarest: usize,
}

/// A place where a term occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Occurrence {
    /// The first byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// How well it fits.
    pub(super) fit: Fit,
}

/// How an occurrence stands among the letters around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Inside a word.
    Part,
    /// At the beginning of a word.
    Beginning,
    /// It is a word, or several.
    Whole,
}

/// A text that is looked through, folded once where that is needed.
pub(super) struct Haystack<'a> {
    pub(super) text: &'a str,
    may_fold: OnceCell<bool>,
    may_fold_to_signs: OnceCell<bool>,
    folded: OnceCell<Folded>,
}

impl<'a> Haystack<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, may_fold: OnceCell::new(), may_fold_to_signs: OnceCell::new(), folded: OnceCell::new() }
    }

    fn folded(&self) -> &Folded {
        self.folded.get_or_init(|| Folded::new(self.text).spaced())
    }

    /// Says whether the bytes say what the text holds, for letters and digits of ASCII.
    fn is_plain(&self) -> bool {
        !*self.may_fold.get_or_init(|| may_fold_to_ascii(self.text))
    }

    /// Says whether they say so for other signs of ASCII too.
    fn has_plain_signs(&self) -> bool {
        !*self.may_fold_to_signs.get_or_init(|| may_fold_to_signs(self.text))
    }
}

/// Reads what was given on the command line: quotes hold a phrase together, and so does an argument with spaces in it.
#[must_use]
pub fn terms(arguments: &[String], kinds: &Kinds) -> Vec<Term> {
    let mut said: Vec<&str> = Vec::new();
    for argument in arguments {
        if argument.contains('"') {
            for (at, part) in argument.split('"').enumerate() {
                if at % 2 == 1 { said.push(part) } else { said.extend(part.split_whitespace()) }
            }
        } else {
            said.push(argument);
        }
    }
    let mut found: Vec<Term> = Vec::new();
    for said in said {
        let term = Term::new(said, kinds);
        let known = |other: &Term| other.needles[0].folded == term.needles[0].folded;
        if !term.needles[0].folded.is_empty() && !found.iter().any(known) {
            found.push(term);
        }
    }
    found
}

impl Term {
    /// Returns the term `said`, which is one word or one phrase.
    pub(super) fn new(said: &str, kinds: &Kinds) -> Self {
        let id = read_id(said, kinds, None);
        let mut needles = vec![Needle::new(&fold(said))];
        if let Some(id) = id {
            let full = fold(&id.text(kinds));
            if full != needles[0].folded {
                needles.push(Needle::new(&full));
            }
        }
        Self { said: said.split_whitespace().collect::<Vec<_>>().join(" "), id, needles }
    }

    /// Returns the folded text of it as it was given.
    pub(super) fn folded(&self) -> &str {
        &self.needles[0].folded
    }

    /// Returns where the term occurs, in order; at most `most` places of each form it may have.
    pub(super) fn occurrences(&self, haystack: &Haystack<'_>, most: usize) -> Vec<Occurrence> {
        let mut found = Vec::new();
        for needle in &self.needles {
            needle.find(haystack, most, &mut found);
        }
        if self.needles.len() > 1 {
            found.sort_unstable();
            found.dedup_by_key(|occurrence| occurrence.start);
        }
        found
    }
}

impl Needle {
    fn new(folded: &str) -> Self {
        let ascii = folded.is_ascii();
        let pieces =
            folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|piece| ascii && !piece.is_empty());
        let signs_alone = !folded.contains(char::is_alphanumeric);
        let raw = ascii
            && !folded.is_empty()
            && !folded.contains([' ', '\n'])
            && (signs_alone || !folded.contains('-'));
        Self {
            folded: folded.to_owned(),
            spaced: spaced(folded),
            pieces: pieces.map(Piece::new).collect(),
            raw: raw.then(|| Piece::new(folded)),
            signs: folded.bytes().any(|byte| !byte.is_ascii_alphanumeric()),
        }
    }

    fn find(&self, haystack: &Haystack<'_>, most: usize, found: &mut Vec<Occurrence>) {
        match &self.raw {
            Some(raw) if self.pieces.is_empty() => raw.find(haystack.text, most, found),
            Some(raw) if haystack.is_plain() && (!self.signs || haystack.has_plain_signs()) => {
                raw.find(haystack.text, most, found);
            }
            // Nothing but ASCII folds to nothing but ASCII.
            None if haystack.text.is_ascii() && !self.folded.is_ascii() => {}
            // To fold a text costs more than to look through its bytes.
            _ if haystack.is_plain() && !self.pieces.iter().all(|piece| piece.is_in(haystack.text)) => {}
            _ => self.find_folded(haystack.folded(), most, found),
        }
    }

    fn find_folded(&self, folded: &Folded, most: usize, found: &mut Vec<Occurrence>) {
        for start in memchr::memmem::find_iter(folded.text.as_bytes(), self.spaced.as_bytes()).take(most) {
            let end = start + self.spaced.len();
            let fit = fit(&folded.text, start, end);
            found.push(Occurrence { start: folded.source(start), end: folded.source(end), fit });
        }
    }
}

impl Piece {
    /// Returns the piece `text`, which has at least one byte.
    fn new(text: &str) -> Self {
        // The letters of English prose, commonest first: what is not among them is rarer than all.
        const COMMON: &[u8] = b"-etaoinsrhldcumfpgwybvkxjqz";
        let rareness = |byte: u8| COMMON.iter().position(|common| *common == byte).unwrap_or(COMMON.len());
        let rarest = text.bytes().enumerate().max_by_key(|(_, byte)| rareness(*byte)).map_or(0, |(at, _)| at);
        Self { text: text.to_owned(), rarest }
    }

    fn is_in(&self, text: &str) -> bool {
        let mut found = Vec::new();
        self.find(text, 1, &mut found);
        !found.is_empty()
    }

    fn find(&self, text: &str, most: usize, found: &mut Vec<Occurrence>) {
        let (bytes, needle, rarest) = (text.as_bytes(), self.text.as_bytes(), self.rarest);
        let (small, large) = (needle[rarest], needle[rarest].to_ascii_uppercase());
        let mut from = rarest;
        let mut left = most;
        while let Some(at) = bytes.get(from..).and_then(|rest| memchr::memchr2(small, large, rest)) {
            let start = from + at - rarest;
            let end = start + needle.len();
            if bytes.get(start..end).is_some_and(|here| here.eq_ignore_ascii_case(needle)) {
                found.push(Occurrence { start, end, fit: fit(text, start, end) });
                left -= 1;
                if left == 0 {
                    return;
                }
                from = end + rarest;
            } else {
                from += at + 1;
            }
        }
    }
}

fn fit(text: &str, start: usize, end: usize) -> Fit {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = letter(text[..start].chars().next_back());
    let after = letter(text[end..].chars().next());
    match (before, after) {
        (false, false) => Fit::Whole,
        (false, true) => Fit::Beginning,
        (true, _) => Fit::Part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(said: &str, text: &str, expected: &[(usize, usize, Fit)]) {
        let kinds = Kinds::new(Vec::new()).expect("no kinds at all");
        let found = Term::new(said, &kinds).occurrences(&Haystack::new(text), 9);
        let found: Vec<_> = found.iter().map(|found| (found.start, found.end, found.fit)).collect();
        assert_eq!(found, expected, "{said} in {text}");
    }

    #[test]
    fn words_are_found_whatever_their_case_and_accents() {
        check(
            "pay",
            "Pay repays PAYMENT",
            &[(0, 3, Fit::Whole), (6, 9, Fit::Part), (11, 14, Fit::Beginning)],
        );
        check("Müller", "MULLER mu\u{308}ller", &[(0, 6, Fit::Whole), (7, 15, Fit::Whole)]);
        check("muller", "Müller", &[(0, 7, Fit::Whole)]);
        check("strasse", "die Straße.", &[(4, 11, Fit::Whole)]);
        check("東京", "東京都", &[(0, 6, Fit::Beginning)]);
        check("ärger", "anger", &[]);
        check("don't", "They “don’t”.", &[(8, 15, Fit::Whole)]);
        check("don’t", "don't", &[(0, 5, Fit::Whole)]);
        check("file", "a ﬁle", &[(2, 7, Fit::Whole)]);
        check("aa", "aaaa", &[(0, 2, Fit::Beginning), (2, 4, Fit::Part)]);
    }

    #[test]
    fn phrases_cross_lines_but_not_paragraphs() {
        check("sign  on", "to sign\n  on, sign\n\non", &[(3, 12, Fit::Whole)]);
    }

    #[test]
    fn a_hyphen_is_a_space_and_a_space_a_hyphen() {
        check("single-sign-on", "Single sign-on", &[(0, 14, Fit::Whole)]);
        check("sign on", "sign-on, sign\u{2011}on", &[(0, 7, Fit::Whole), (9, 18, Fit::Whole)]);
        check("sign-on", "signon, sign\n\non", &[]);
        check("--", "a -- b", &[(2, 4, Fit::Whole)]);
        check("-5", "x-5 y5", &[(1, 3, Fit::Part)]);
    }

    #[test]
    fn quotes_hold_words_together() {
        let kinds = Kinds::new(Vec::new()).expect("no kinds at all");
        let said = |arguments: &[&str]| -> Vec<String> {
            let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
            terms(&arguments, &kinds).into_iter().map(|term| term.said).collect()
        };
        assert_eq!(said(&["a", "b c", "A", " "]), ["a", "b c"]);
        assert_eq!(said(&["\"b c\" d e", "\"f"]), ["b c", "d", "e", "f"]);
    }
}
