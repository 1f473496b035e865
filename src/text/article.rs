//! "a risk", "an issue": the indefinite article of a word nobody knew beforehand.

/// Returns `word` with the article its spelling asks for.
#[must_use]
pub fn with_article(word: &str) -> String {
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
    // An update, but a user and a unit: what sounds like `you` is no vowel.
    let short_u = ["um", "un", "up", "ur", "us"].iter().any(|start| word.to_lowercase().starts_with(start))
        && !["uni", "use", "usu", "ura"].iter().any(|start| word.to_lowercase().starts_with(start));
    let initials = word.len() <= 4
        && word.chars().all(|c| c.is_ascii_lowercase())
        && !word.contains(['a', 'e', 'i', 'o', 'u']);
    // Abbreviations are spelled out: an rfc, but a prd.
    let spelled = initials && word.starts_with(['f', 'h', 'l', 'm', 'n', 'r', 's', 'x']);
    format!("{} {word}", if vowel || short_u || spelled { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_abbreviations_get_their_article() {
        for (word, expected) in [
            ("risk", "a risk"),
            ("issue", "an issue"),
            ("rfc", "an rfc"),
            ("memo", "a memo"),
            ("prd", "a prd"),
            ("adr", "an adr"),
            ("update", "an update"),
            ("user-story", "a user-story"),
            ("unit", "a unit"),
        ] {
            assert_eq!(with_article(word), expected);
        }
    }
}
