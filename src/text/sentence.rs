//! Where sentences end: not behind an abbreviation, not inside a number, an address or code.

/// Words behind which a full stop ends nothing. Those of one letter, and those with a full stop inside, are known by that.
const SHORT: [&str; 63] = [
    "abs", "abt", "abzgl", "approx", "apr", "aug", "bn", "bsp", "bzw", "ca", "cf", "co", "corp", "dec",
    "dept", "dez", "dr", "eq", "est", "evtl", "excl", "feb", "fig", "ggf", "inc", "incl", "inkl", "jan",
    "jr", "jul", "jun", "kap", "ltd", "mar", "max", "min", "mio", "mn", "mr", "mrd", "mrs", "mrz", "ms",
    "mär", "nov", "nr", "oct", "okt", "prof", "resp", "sep", "sept", "sog", "sr", "st", "std", "tel", "tsd",
    "usw", "vgl", "vs", "ziff", "zzgl",
];

/// Words behind which a full stop ends nothing where a number follows: `No. 5`, `p. 12`.
const BEFORE_NUMBERS: [&str; 8] = ["art", "ch", "no", "p", "para", "pp", "sec", "vol"];

/// The most letters of a word behind which a full stop ends nothing where a number follows.
const SHORTEST: usize = 3;

/// Returns `text` without the code in it, which stands in backticks.
#[must_use]
pub fn without_code(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find('`') {
        plain.push_str(&rest[..begin]);
        plain.push(' ');
        rest = &rest[behind_code(rest, begin)..];
    }
    plain.push_str(rest);
    plain
}

/// Returns the sentences of `text`, which is one paragraph, without the white space between them. What is no sentence, a heading or a
/// list item without a full stop, counts as one. Code stands in backticks.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c == '`' {
            at = behind_code(text, at);
            continue;
        }
        at += c.len_utf8();
        if !is_end(c) {
            continue;
        }
        // What closes a sentence goes with it: further marks, quotes, brackets.
        let rest = &text[at..];
        let closing = rest.len() - rest.trim_start_matches(|c| is_end(c) || closes(c)).len();
        let end = at + closing;
        if ends(&text[start..at], c, &text[at..end], &text[end..]) {
            found.push(text[start..end].trim());
            start = end;
        }
        at = end;
    }
    found.push(text[start..].trim());
    found.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    found
}

fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '।')
}

fn closes(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | '“' | '»' | '«' | ')' | ']' | '*' | '_' | '」' | '』' | '）')
}

/// Within how many bytes code ends, if it is any.
const LONGEST_CODE: usize = 2_000;

/// Returns where the code that begins at `at` ends; where it ends nowhere near, what is behind its backticks.
fn behind_code(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let run = |from: usize| bytes[from..].iter().take_while(|byte| **byte == b'`').count();
    let marks = run(at);
    let end = bytes.len().min(at + marks + LONGEST_CODE);
    let mut from = at + marks;
    while let Some(found) = bytes.get(from..end).and_then(|rest| memchr::memchr(b'`', rest)) {
        let closing = run(from + found);
        from += found + closing;
        if closing == marks {
            return from;
        }
    }
    at + marks
}

/// Says whether the mark `mark` at the end of `said` ends a sentence, where `closing` stands behind it, and then `rest`.
fn ends(said: &str, mark: char, closing: &str, rest: &str) -> bool {
    if matches!(mark, '。' | '！' | '？') {
        return true;
    }
    let next = rest.trim_start();
    if next.is_empty() {
        return true;
    }
    // Nothing ends in the middle of a word, a number or an address.
    if next.len() == rest.len() {
        return false;
    }
    let follows = next.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '`').chars().next();
    if follows.is_some_and(char::is_lowercase) {
        return false;
    }
    if mark != '.' || !closing.trim_matches(closes).is_empty() {
        return true;
    }
    let words = said.strip_suffix('.').unwrap_or(said);
    let word = words.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '"' | '„')).next();
    let word = word.unwrap_or_default();
    let small = word.to_lowercase();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    // `1. First` numbers what follows, and so does `am 3. Dezember`; a year does not.
    let is_all = word.len() == words.trim_start().len();
    let numbers = !word.is_empty() && word.bytes().all(|c| c.is_ascii_digit()) && (is_all || word.len() < 3);
    let initial = letters == 1 && word.chars().count() == 1;
    let dotted = letters > 1 && word.split('.').all(|part| part.chars().count() <= 2) && word.contains('.');
    let before_number = follows.is_some_and(char::is_numeric) && BEFORE_NUMBERS.contains(&small.as_str());
    let is_digit = follows.is_some_and(char::is_numeric);
    // What is short before a number may be any abbreviation; the list knows but some.
    let before_number =
        before_number || (is_digit && (1..=SHORTEST).contains(&letters) && letters == word.chars().count());
    !(numbers || initial || dotted || before_number || SHORT.contains(&small.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_they_end() {
        for (text, expected) in [
            ("One. Two! Three? Four", &["One.", "Two!", "Three?", "Four"][..]),
            (
                "It costs 3.5 days, e.g. Tuesdays. Then it stops.",
                &["It costs 3.5 days, e.g. Tuesdays.", "Then it stops."],
            ),
            (
                "See Dr. Wu vs. Tide, approx. Monday. Done.",
                &["See Dr. Wu vs. Tide, approx. Monday.", "Done."],
            ),
            (
                "As J. R. Park of the U.S. Mint said. So be it.",
                &["As J. R. Park of the U.S. Mint said.", "So be it."],
            ),
            (
                "The answer is no. We go. See No. 5 and p. 12 first. End.",
                &["The answer is no.", "We go.", "See No. 5 and p. 12 first.", "End."],
            ),
            ("Set `a. B` and ``c`. D`` first. Then go.", &["Set `a. B` and ``c`. D`` first.", "Then go."]),
            ("Ask “why?” first. (It may rain.) Go.", &["Ask “why?” first.", "(It may rain.)", "Go."]),
            (
                "See https://a.example/b.c?d=E. Then v2.1.0 came.",
                &["See https://a.example/b.c?d=E.", "Then v2.1.0 came."],
            ),
            ("Well… no. Wait... What?! Yes.", &["Well… no.", "Wait...", "What?!", "Yes."]),
            ("1. First of all. Then.", &["1. First of all.", "Then."]),
            ("東京です。大阪です。", &["東京です。", "大阪です。"]),
            ("Das kostet z. B. Zeit bzw. Geld. Ende.", &["Das kostet z. B. Zeit bzw. Geld.", "Ende."]),
            ("Es kostet 5 Mio. EUR. Danach nichts.", &["Es kostet 5 Mio. EUR.", "Danach nichts."]),
            ("Since Jan. 2026 it is so. We know.", &["Since Jan. 2026 it is so.", "We know."]),
            ("Bis 3. Dezember ist es da. Gut.", &["Bis 3. Dezember ist es da.", "Gut."]),
            ("It began in 2025. We saw it late.", &["It began in 2025.", "We saw it late."]),
            ("Open `code never closes. Two.", &["Open `code never closes.", "Two."]),
            ("  ", &[]),
            ("...", &[]),
            ("No end", &["No end"]),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }
}
