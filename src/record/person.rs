//! Telling one named person from a group.

use crate::config::People;

/// Words that name a group wherever they stand.
const GROUPS: &[&str] = &[
    "team",
    "squad",
    "tribe",
    "department",
    "dept",
    "committee",
    "everyone",
    "everybody",
    "stakeholders",
    "leadership",
    "management",
];

/// Words that name a group, and are surnames too: they count where they are written small, or alone.
const GROUPS_OR_NAMES: &[&str] =
    &["guild", "chapter", "board", "council", "group", "crew", "all", "we", "us", "ops", "engineering"];

/// Says why `text` is not one person, as the end of a sentence; `None` where it may well be one.
#[must_use]
pub fn why_not_one_person(text: &str, people: &People) -> Option<String> {
    let known = |word: &str| GROUPS.contains(&word) || GROUPS_OR_NAMES.contains(&word);
    // Most are plain handles.
    let plain = text.bytes().all(|byte| byte.is_ascii_lowercase()) && !known(text);
    if plain || people.handle_of(text).is_some() {
        return None;
    }
    let bare = text.trim();
    let (name, address) = bare.split_once('<').unwrap_or((bare, ""));
    // What stands in brackets says more about the person: `lee (on call for us)`.
    let name = name.split('(').next().unwrap_or_default().trim();
    let lower = name.to_lowercase();
    let handle = lower.strip_prefix('@').is_some_and(|handle| handle.contains('/'));
    let several =
        [" and ", " & ", ", ", "; ", " + ", " / "].iter().any(|join| lower.trim_matches(',').contains(join))
            || (lower.contains('/') && !handle && !lower.contains("://"));
    if several {
        return Some(format!("`{bare}` is more than one person"));
    }
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let capitalised = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let group = |word: &&str| {
        let small = word.to_lowercase();
        let is =
            |list: &[&str]| list.contains(&small.as_str()) || list.contains(&small.trim_end_matches('s'));
        let surname = words.len() > 1 && capitalised(word) && capitalised(words[0]);
        (is(GROUPS) && address.is_empty()) || (is(GROUPS_OR_NAMES) && address.is_empty() && !surname)
    };
    let named = words.iter().any(group);
    (handle || named || lower.starts_with("sig-") || lower.starts_with("wg-"))
        .then(|| format!("`{bare}` is a group"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_from_groups() {
        for text in
            ["ana", "Amy Crew", "Amy Crew <amy@a.example>", "Jo Board", "lee (on call for us)", "Chris Guild"]
        {
            assert_eq!(why_not_one_person(text, &People::default()), None, "{text}");
        }
        for text in [
            "platform team",
            "Platform Team",
            "the board",
            "crew",
            "@org/payments",
            "sig-network",
            "ana, lee",
            "all",
        ] {
            assert!(why_not_one_person(text, &People::default()).is_some(), "{text}");
        }
    }
}
