//! "Did you mean": the closest of some known words.

use strsim::damerau_levenshtein;
use strsim::jaro_winkler;

/// Returns the candidate most like `word`, when one is near enough to be worth naming.
///
/// Letter case, `-`, `_` and spaces do not count as differences. A candidate is near when it is at most a third of
/// the word's length away in edits, or when one is the beginning of the other (three letters at least).
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(word);
    if wanted.is_empty() {
        return None;
    }
    let mut best: Option<(usize, i64, &str)> = None;
    for candidate in candidates {
        let known = plain(candidate);
        let edits = damerau_levenshtein(&wanted, &known);
        let length = wanted.chars().count().max(known.chars().count());
        let begins = wanted.chars().count().min(known.chars().count()) >= 3
            && (known.starts_with(&wanted) || wanted.starts_with(&known));
        if edits * 3 > length && !begins {
            continue;
        }
        // Equal edit counts are told apart by how alike the beginnings are, then by order.
        let likeness = (jaro_winkler(&wanted, &known) * 1000.0) as i64;
        let edits = if begins { edits.min(1) } else { edits };
        if best.is_none_or(|(least, most, _)| edits < least || (edits == least && likeness > most)) {
            best = Some((edits, likeness, candidate));
        }
    }
    best.map(|(_, _, candidate)| candidate)
}

/// Returns `word` in lower case without the separators people mix up.
fn plain(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [&str; 6] = ["open", "mitigating", "accepted", "occurred", "closed", "in-progress"];

    fn check(word: &str, expected: Option<&str>) {
        assert_eq!(nearest(word, STATES), expected, "{word}");
    }

    #[test]
    fn slips_of_the_finger_are_near_and_other_words_are_not() {
        check("opne", Some("open"));
        check("Accept", Some("accepted"));
        check("in_progress", Some("in-progress"));
        check("banana", None);
        check("", None);
    }
}
