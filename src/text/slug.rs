//! A title as part of a file name.

/// The most characters [`slug`] returns.
pub const SLUG_LIMIT: usize = 60;

/// Returns `title` in lower-case ASCII letters, digits and single hyphens, at most [`SLUG_LIMIT`] characters, cut at
/// a hyphen where there is one. Other scripts are transliterated (`Straße` → `strasse`, `北京` → `beijing`); emoji and
/// punctuation separate. Nothing left (a title of emoji only, say) gives `untitled`.
#[must_use]
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    // A slug never needs more than the first few hundred characters of a title, however long that is.
    for c in title.chars().take(400) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'A'..='Z' => slug.push(c.to_ascii_lowercase()),
            '\'' | '\u{2019}' => {}
            c if c.is_ascii() || !c.is_alphanumeric() => separate(&mut slug),
            c => {
                for c in any_ascii::any_ascii_char(c).chars() {
                    match c {
                        'a'..='z' | '0'..='9' => slug.push(c),
                        'A'..='Z' => slug.push(c.to_ascii_lowercase()),
                        _ => {}
                    }
                }
            }
        }
    }
    if slug.len() > SLUG_LIMIT {
        let cut = slug[..=SLUG_LIMIT].rfind('-').filter(|at| *at > SLUG_LIMIT / 2).unwrap_or(SLUG_LIMIT);
        slug.truncate(cut);
    }
    let trimmed = slug.trim_matches('-');
    if trimmed.is_empty() { "untitled".to_owned() } else { trimmed.to_owned() }
}

fn separate(slug: &mut String) {
    if !slug.is_empty() && !slug.ends_with('-') {
        slug.push('-');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(title: &str, expected: &str) {
        assert_eq!(slug(title), expected, "{title:?}");
    }

    #[test]
    fn titles_become_file_names() {
        check("Move sessions to Redis", "move-sessions-to-redis");
        check("  What's *new*?  ", "whats-new");
        check("Straße nach Łódź", "strasse-nach-lodz");
        check("../../etc/passwd", "etc-passwd");
        check("🚀🎉", "untitled");
        check("北京 plan", "beijing-plan");
    }

    #[test]
    fn long_titles_are_cut_between_words() {
        let long = "a considerable number of words ".repeat(400);
        let slug = slug(&long);
        assert!(slug.len() <= SLUG_LIMIT, "{slug}");
        assert!(!slug.ends_with('-'));
        assert_eq!(super::slug(&"x".repeat(10_000)).len(), SLUG_LIMIT);
    }
}
