//! What a record refers to.

use super::id::RecordId;
use super::id::read_id;
use crate::kind::Field;
use crate::kind::Kind;
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
    /// How it is written.
    pub form: Form,
}

/// How an id is written in running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// So that it can mean nothing else, or in a place where the form is of no matter.
    Full,
    /// `RFC-7` where `RFC-0007` is the id.
    Unpadded,
    /// `RFC 7` or `rfc-7`, which means a record only if there is that one.
    Loose,
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

/// Reads what `text` in `field`, one of references, names; `own` is the record's kind. A record of a kind it may not point to is
/// named all the same: [`may_name`] says whether it fits. Where the field takes words too, those are elsewhere.
///
/// # Errors
/// Says why it names nothing.
pub fn target(text: &str, field: &Field, own: usize, kinds: &Kinds) -> Result<Target, String> {
    let to = &field.to[..];
    let own_allowed = to.is_empty() || to.iter().any(|id| kinds.index_of(id) == Some(own));
    let bare = match (to, own_allowed) {
        (_, true) => Some(own),
        ([only], false) => kinds.index_of(only),
        _ => None,
    };
    if let Some(id) = read_id(text, kinds, bare) {
        return Ok(Target::Id(id));
    }
    if text.contains("://") {
        return Ok(Target::Elsewhere);
    }
    let file = text.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "md" | "markdown" | "mdx"));
    if file || (text.contains('/') && !field.or_text) {
        return Ok(Target::Path(text.trim_start_matches("./").into()));
    }
    if to.is_empty() {
        return Ok(Target::Elsewhere);
    }
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let prefix = text[..text.len() - digits.len()].trim_end_matches(['-', ' ', '_']);
    let known = to.iter().filter_map(|id| kinds.index_of(id)).map(|index| kinds.at(index).prefix.as_str());
    let known: Vec<&str> = known.collect();
    let meant = nearest(prefix, known.iter().copied()).zip(digits.parse::<u64>().ok());
    match meant {
        Some((near, number)) if !(field.or_text && text.contains(' ')) => {
            Err(format!("`{prefix}` begins no id: did you mean `{near}-{number:04}`?"))
        }
        _ if field.or_text => Ok(Target::Elsewhere),
        _ => {
            let first = known.first().unwrap_or(&"RFC");
            Err(format!("`{text}` names no record: write an id, as in `{first}-0001`"))
        }
    }
}

/// Says whether a field of references that may point to the kinds `to` may name a record of `kind`. A kind that is named
/// and not there limits nothing.
#[must_use]
pub fn may_name(kind: usize, to: &[String], kinds: &Kinds) -> bool {
    let known = |id: &String| kinds.index_of(id).is_some();
    to.iter().any(|id| *id == kinds.at(kind).id) || !to.iter().any(known)
}

/// Returns the kind of record, and the field of it, with which a change to a decided record of the kind at the index `kind` is asked
/// for; `None` where there is none for that.
#[must_use]
pub fn asks_to_change(kind: usize, kinds: &Kinds) -> Option<(&Kind, &Field)> {
    let names = |field: &&Field| !field.settles_in.is_empty() && may_name(kind, &field.to, kinds);
    kinds.all().iter().find_map(|other| Some((other, other.fields.iter().find(names)?)))
}

/// Returns what is wrong with `name`, a record of `kind`, in a field that may point to the kinds `to` only.
#[must_use]
pub fn wrong_kind(name: &str, kind: usize, to: &[String], kinds: &Kinds) -> String {
    format!("{name} is {}, and {} is asked for", with_article(&kinds.at(kind).id), asked_for(to, kinds))
}

/// Returns the kinds `to` in words: `a memo or an rfc`.
#[must_use]
pub fn asked_for(to: &[String], kinds: &Kinds) -> String {
    let known = to.iter().filter(|id| kinds.index_of(id).is_some());
    known.map(|id| with_article(id)).collect::<Vec<_>>().join(" or ")
}
