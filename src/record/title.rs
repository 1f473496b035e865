//! Whether a heading says the title again.

use super::RecordId;
use super::id::read_id;
use crate::kind::Kinds;
use crate::text::folded;

/// Says whether `heading` is `title`, with `id` before it in any spelling or without: only letters and digits count, and
/// their case does not.
#[must_use]
pub fn says_title(heading: &str, title: &str, id: Option<RecordId>, kinds: &Kinds) -> bool {
    // As nearly every heading is written.
    if heading.strip_suffix(title).is_some_and(|before| before.is_empty() || is_id(before, id, kinds)) {
        return true;
    }
    let (heading, title) = (folded(heading), folded(title));
    let same = |text: &str| words(text).eq(words(&title));
    same(&heading) || id.is_some_and(|id| same(without_id(&heading, id, kinds)))
}

fn is_id(text: &str, id: Option<RecordId>, kinds: &Kinds) -> bool {
    id.is_some_and(|id| read_id(text.trim_end_matches([' ', ':']), kinds, Some(id.kind)) == Some(id))
}

/// Returns `heading` without the id it begins with and what stands between them.
fn without_id<'h>(heading: &'h str, id: RecordId, kinds: &Kinds) -> &'h str {
    let start = heading.find(|c: char| c.is_ascii_digit());
    let Some(start) = start else { return heading };
    let digits = heading[start..].bytes().take_while(u8::is_ascii_digit).count();
    let (before, after) = heading.split_at(start + digits);
    let joined = after.chars().next().is_none_or(|c| !c.is_alphanumeric());
    if joined && read_id(before, kinds, Some(id.kind)) == Some(id) {
        after.trim_start_matches([' ', ':', '.', ')', '-', '–', '—'])
    } else {
        heading
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
