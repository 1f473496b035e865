//! What was rewritten in a text that was to stay as it is: white space, markup, comments, where links lead, other ways to
//! write the same id, and the sections a kind calls mutable do not count.

use serde::Deserialize;
use serde::Serialize;
use similar::DiffTag;
use similar::TextDiff;

use crate::document::Passage;
use crate::document::wording;
use crate::kind::Kind;
use crate::kind::Kinds;
use crate::record::canonical;

/// A change of a text, by its first place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewording {
    /// The heading above it; empty before the first.
    pub section: String,
    /// The words that went; empty where some only came.
    pub old: String,
    /// The words that came; empty where some only went.
    pub new: String,
    /// How many places changed in all.
    pub places: usize,
    /// How many words went or came in all; nobody keeps it.
    #[serde(skip)]
    pub words: usize,
}

/// The most words of a change that are shown.
const SHOWN: usize = 8;

/// The most pairs of words that are looked at for the fewest places.
const MOST: usize = 4_000_000;

/// Says whether the Markdown bodies `old` and `new` of a record of `kind` say the same where it may not change.
#[must_use]
pub fn says_the_same(kind: &Kind, kinds: &Kinds, old: &str, new: &str) -> bool {
    old == new
        || !(kind.lifecycle.mutable_sections.is_empty() && plainly_differ(old, new))
            && Text::new(frozen(kind, kinds, old)).words() == Text::new(frozen(kind, kinds, new)).words()
}

/// Says whether two texts differ in words that are seen whatever is around them, so that the Markdown need not be read. Where
/// it says no they may still differ.
fn plainly_differ(old: &str, new: &str) -> bool {
    let (before, old, new) = without_same_lines(old, new);
    // Inside a comment nothing is seen, nor in other things that only begin with a mark and may be long.
    let hidden = match (before.rfind("<!--"), before.rfind("-->")) {
        (Some(open), close) => close.is_none_or(|close| close < open),
        (None, _) => false,
    };
    let odd = before.contains("<?") || before.replace("<!--", "").contains("<!");
    // A tag, a link or its definition may go over several lines of one block.
    let block = before.rfind("\n\n").map_or(before, |at| &before[at..]);
    let within = block.contains(['<', '[', '`']);
    let markup = |text: &str| {
        text.contains("://")
            || text.contains(['<', '>', '[', ']', '(', ')', '`', '~', '&', '\\', '|', '*', '_'])
            || text.lines().any(is_numbered)
    };
    !hidden && !odd && !within && !markup(old) && !markup(new) && plain_words(old).ne(plain_words(new))
}

/// Returns the lines that both texts begin with, and what is left of each without them and without those both end with.
fn without_same_lines<'t>(old: &'t str, new: &'t str) -> (&'t str, &'t str, &'t str) {
    let (a, b) = (old.as_bytes(), new.as_bytes());
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let start = a[..same].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let (a, b) = (&a[start..], &b[start..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let tail = &a[a.len() - same..];
    let end = tail.iter().position(|byte| *byte == b'\n').map_or(0, |at| tail.len() - at - 1);
    // Lines end and begin with a whole character.
    (&old[..start], &old[start..old.len() - end], &new[start..new.len() - end])
}

/// Says whether a line begins with what may be the number of a list's item, which is no word.
fn is_numbered(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '-', '+']);
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && rest.starts_with('.')
}

/// Returns the runs of letters and digits, numbers without the zeros they begin with.
fn plain_words(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| {
        let words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(|word| {
            if word.bytes().all(|byte| byte.is_ascii_digit()) { word.trim_start_matches('0') } else { word }
        })
    })
}

/// Returns what changed between the Markdown bodies `old` and `new` of a record of `kind`, where it may not change; `None`
/// where they say the same.
#[must_use]
pub fn rewording(kind: &Kind, kinds: &Kinds, old: &str, new: &str) -> Option<Rewording> {
    let (old, new) = (Text::new(frozen(kind, kinds, old)), Text::new(frozen(kind, kinds, new)));
    let (before, after) = (old.words(), new.words());
    let same = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let (left, right) = (&before[same..], &after[same..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[..left.len() - end], &right[..right.len() - end]);
    if left.is_empty() && right.is_empty() {
        return None;
    }
    // Finding the fewest places takes time with the square of their size; of what was written anew all is one place.
    let groups = if left.len().saturating_mul(right.len()) > MOST {
        vec![(0..left.len(), 0..right.len())]
    } else {
        let diff = TextDiff::from_slices(left, right);
        let changed = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
        changed.map(|op| (op.old_range(), op.new_range())).collect()
    };
    let (went, came) = groups.first()?.clone();
    // Of words that only went the place is where they were.
    let section =
        if came.is_empty() { old.section(same + went.start) } else { new.section(same + came.start) };
    Some(Rewording {
        section: section.to_owned(),
        old: short(&left[went]),
        new: short(&right[came]),
        places: groups.len(),
        words: groups.iter().map(|(went, came)| went.len() + came.len()).sum(),
    })
}

/// Returns the passages of `body` that may not change, ids in them written in one way.
fn frozen(kind: &Kind, kinds: &Kinds, body: &str) -> Vec<Passage> {
    let mutable = |title: &str| {
        let named = |known: &String| known.eq_ignore_ascii_case(title);
        let meant = kind.sections_titled(title);
        kind.lifecycle
            .mutable_sections
            .iter()
            .any(|known| named(known) || kind.section(known).is_some_and(|section| meant.contains(&section)))
    };
    let mut below = None;
    let mut frozen = Vec::new();
    for passage in wording(body) {
        // What lies below a mutable heading is as mutable.
        if below.is_some_and(|level| passage.level > level) {
            continue;
        }
        below = None;
        if passage.level > 0 && mutable(&passage.title) {
            below = Some(passage.level);
            continue;
        }
        frozen.push(Passage {
            title: canonical(&passage.title, kinds),
            words: canonical(&passage.words, kinds),
            ..passage
        });
    }
    frozen
}

/// Passages read as words one after the other.
struct Text {
    passages: Vec<Passage>,
}

impl Text {
    fn new(passages: Vec<Passage>) -> Self {
        Self { passages }
    }

    fn words(&self) -> Vec<&str> {
        let of = |passage: &Passage| passage.title.split(' ').count() + passage.words.split(' ').count();
        let mut words = Vec::with_capacity(self.passages.iter().map(of).sum());
        for passage in &self.passages {
            words.extend(passage.title.split_whitespace());
            words.extend(passage.words.split_whitespace());
        }
        words
    }

    /// Returns the title of the passage that holds the word at `index`.
    fn section(&self, index: usize) -> &str {
        let mut before = 0;
        for passage in &self.passages {
            before += passage.title.split_whitespace().count() + passage.words.split_whitespace().count();
            if index < before {
                return &passage.title;
            }
        }
        self.passages.last().map_or("", |passage| &passage.title)
    }
}

fn short(words: &[&str]) -> String {
    match words.get(..SHOWN) {
        Some(first) if words.len() > SHOWN => format!("{} …", first.join(" ")),
        _ => words.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::config::load;
    use crate::kind::built_in;

    fn check(kind: &str, old: &str, new: &str, expected: Option<&str>) {
        let config = load(&Settings { kinds: built_in(), ..Settings::default() }, &crate::rules::names())
            .expect("the kinds load");
        let kinds = &config.kinds;
        let kind = kinds.at(kinds.index_of(kind).expect("a built-in kind"));
        let found = rewording(kind, kinds, old, new);
        assert_eq!(found.is_none(), says_the_same(kind, kinds, old, new), "{old:?} {new:?}");
        let shown = found.map(|it| format!("{}: {} → {} ({})", it.section, it.old, it.new, it.places));
        assert_eq!(shown.as_deref(), expected, "{old:?} {new:?}");
    }

    #[test]
    fn words_are_told_and_form_is_not() {
        let old = "## Proposal\n\nSessions live for 24 h, see RFC-7.\n\n## Costs\n\nNone.\n";
        check("rfc", old, &old.replace("24 h", "72 h"), Some("Proposal: 24 → 72 (1)"));
        check("rfc", old, &old.replace("24 h", "**24** h").replace("RFC-7", "[RFC-0007](x.md)"), None);
        check("rfc", old, &old.replace("24 h", "72 h").replace("None", "Few"), Some("Proposal: 24 → 72 (2)"));
        check(
            "rfc",
            old,
            &old.replace("24 h", "2*4* h").replace("None", "N_one_"),
            Some("Costs: None. → N_one_. (1)"),
        );
        check("rfc", old, &old.replace("24 h", "**24** h").replace("RFC-7", "RFC-07"), None);
        check("rfc", old, &old.replace("## Costs", "**Costs**"), None);
        check("rfc", "1. a\n2. b\n", "1. a\n1. b\n", None);
        check("rfc", "<!--\none\n-->\n", "<!--\ntwo\n-->\n", None);
        check("rfc", "[x]:\n  one\n", "[x]:\n  two\n", None);
        check("rfc", "[x]: a\n  \"old one\"\n", "[x]: a\n  \"new one\"\n", None);
        let tag = "see <a\n  href=\"a.png\"\n  title=\"x\">it</a>\n";
        check("rfc", tag, &tag.replace("a.png", "b.png"), None);
        check("rfc", "```\nx = a[10]\n```\n", "```\nx = a10\n```\n", Some(": a[10] → a10 (1)"));
        check("rfc", "a<br>b\n", "a<BR>b\n", None);
        check("rfc", old, &old.replace(" see", ""), Some("Proposal: see →  (1)"));
        check("rfc", old, &old.replace("None.", "None. Or one."), Some("Costs:  → Or one. (1)"));
        check("rfc", old, "", Some("Proposal: Proposal Sessions live for 24 h, see RFC-0007. … →  (1)"));
    }

    #[test]
    fn what_plainly_differs_differs() {
        let config = load(&Settings { kinds: built_in(), ..Settings::default() }, &crate::rules::names())
            .expect("the kinds load");
        let kind = config.kinds.at(config.kinds.index_of("rfc").expect("a built-in kind"));
        const PIECES: [&str; 26] = [
            "word",
            "other",
            "RFC-7",
            "RFC-0007",
            "1. ",
            "2. ",
            "- ",
            "* ",
            "**",
            "`",
            "<!--",
            "-->",
            "[",
            "](x)",
            "]: ",
            "# ",
            "\n",
            "\n\n",
            " ",
            "12",
            "0012",
            "~~~\n",
            "    ",
            "---\n",
            "https://x.example/",
            "://",
        ];
        let piece = proptest::sample::select(PIECES.to_vec());
        let text = proptest::collection::vec(piece.clone(), 0..24);
        let change = (0_usize..24, proptest::collection::vec(piece, 0..4), 0_usize..4);
        proptest::proptest!(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() }, |((text, (at, put, out)) in (text, change))| {
            let at = at.min(text.len());
            let new = [&text[..at], &put, &text[(at + out).min(text.len())..]].concat().concat();
            let old = text.concat();
            if plainly_differ(&old, &new) {
                let words = |text: &str| Text::new(frozen(kind, &config.kinds, text)).words().join(" ");
                proptest::prop_assert_ne!(words(&old), words(&new));
            }
        });
    }

    #[test]
    fn sections_that_may_change_may_change() {
        let old = "## Problem\n\nSlow.\n\n## Outcome\n\nNothing yet.\n";
        let new = "## Problem\n\nSlow.\n\n## Outcome\n\n### In May\n\nFaster.\n";
        check("memo", old, new, None);
        check("rfc", old, new, Some("In May: Nothing yet. → In May Faster. (1)"));
        check("memo", old, &new.replace("Slow", "Fast"), Some("Problem: Slow. → Fast. (1)"));
    }
}
