//! Whether a heading says the title again.

use super::RecordId;
use super::id::read_id;
use crate::document::Document;
use crate::document::Section;
use crate::kind::Kind;
use crate::kind::Kinds;
use crate::text::folded;

/// Returns the heading that stands for the title of `document`, a record of `kind`, and its text without the anchor some site
/// builders read behind it: `Keep sessions {#top}`. `None` where the text does not open with one.
#[must_use]
pub fn title_heading<'d>(document: &'d Document, kind: &Kind) -> Option<(&'d Section, &'d str)> {
    let sections = &document.outline().sections;
    // The first section is what stands before any heading.
    let (before, first) = (sections.first()?, sections.get(1)?);
    let heading = without_anchor(first.title.of(&document.text).trim());
    // Of several first-level headings none is the title: they are the parts of the text.
    let tops = sections.iter().filter(|section| section.level == 1).count();
    let opens = first.level == 1 && tops == 1 && !before.filled;
    // A section of the kind may stand at any level.
    let stands = opens && !heading.is_empty() && kind.sections_titled(heading).is_empty();
    stands.then_some((first, heading))
}

fn without_anchor(heading: &str) -> &str {
    let anchored = heading.strip_suffix('}').and_then(|rest| rest.rsplit_once('{'));
    match anchored {
        Some((before, inside)) if inside.trim_start_matches(':').trim_start().starts_with(['#', '.']) => {
            before.trim_end()
        }
        _ => heading,
    }
}

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
