//! What a record refers to.

use super::id::RecordId;
use super::id::read_id;
use crate::kind::Kinds;
use crate::text::Span;
use crate::text::nearest;
use crate::text::with_article;

/// A place in a record that names another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What it names.
    pub target: Target,
    /// The bytes that name it.
    pub span: Span,
    /// Where it stands.
    pub origin: Origin,
}

/// What a reference names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A record by its id.
    Id(RecordId),
    /// A record by its path, as written.
    Path(Box<str>),
    /// Something another system keeps.
    Elsewhere,
}

/// Where a reference stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// In a field of references, by its index in the kind.
    Field(usize),
    /// In running text, of the body or of a field.
    Prose,
    /// Where a link leads.
    Link,
}

/// Reads what a field of references names. `to` are the kinds it may point to; `own` is the record's kind.
///
/// # Errors
/// Says why it names nothing.
pub fn target(text: &str, to: &[String], own: usize, kinds: &Kinds) -> Result<Target, String> {
    let own_allowed = to.is_empty() || to.iter().any(|id| kinds.index_of(id) == Some(own));
    let bare = match (to, own_allowed) {
        (_, true) => Some(own),
        ([only], false) => kinds.index_of(only),
        _ => None,
    };
    if let Some(id) = read_id(text, kinds, bare) {
        let kind = &kinds.at(id.kind).id;
        // A kind that is named and not there limits nothing.
        let known: Vec<&str> =
            to.iter().filter(|id| kinds.index_of(id).is_some()).map(String::as_str).collect();
        if known.is_empty() || known.contains(&kind.as_str()) {
            return Ok(Target::Id(id));
        }
        let wanted = known.iter().map(|id| with_article(id)).collect::<Vec<_>>().join(" or ");
        return Err(format!("{} is {}, and {wanted} is asked for", id.text(kinds), with_article(kind)));
    }
    if text.contains("://") {
        return Ok(Target::Elsewhere);
    }
    if text.contains('/')
        || text.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "md" | "markdown" | "mdx"))
    {
        return Ok(Target::Path(text.trim_start_matches("./").into()));
    }
    if to.is_empty() {
        return Ok(Target::Elsewhere);
    }
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let prefix = text[..text.len() - digits.len()].trim_end_matches(['-', ' ', '_']);
    let known = to.iter().filter_map(|id| kinds.index_of(id)).map(|index| kinds.at(index).prefix.as_str());
    let known: Vec<&str> = known.collect();
    Err(match (nearest(prefix, known.iter().copied()), digits.parse::<u64>()) {
        (Some(near), Ok(number)) => {
            format!("`{prefix}` begins no id: did you mean `{near}-{number:04}`?")
        }
        _ => {
            format!("`{text}` names no record: write an id, as in `{}-0001`", known.first().unwrap_or(&"RFC"))
        }
    })
}
