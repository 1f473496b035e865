//! Ids: a prefix and a number, read in any of the ways people write them.

use crate::kind::Kinds;
use crate::kind::record_number;

/// The id of a record: the kind its prefix belongs to, and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId {
    /// The index of the kind.
    pub kind: usize,
    /// The number.
    pub number: u64,
}

impl RecordId {
    /// Returns the id as it should be written: `RFC-0007`.
    #[must_use]
    pub fn text(self, kinds: &Kinds) -> String {
        kinds.at(self.kind).id_of(self.number)
    }
}

/// Reads an id written any way: `RFC-0007`, `rfc-7`, `RFC 7`, `rfc7`; and, where `own` gives the kind, `0007` or `#7`.
#[must_use]
pub fn read_id(text: &str, kinds: &Kinds, own: Option<usize>) -> Option<RecordId> {
    let text = text.trim();
    let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (before, number) = text.split_at(text.len() - digits);
    let number = record_number(number)?;
    let prefix = before.trim_end_matches(['-', '_', ' ', '#']);
    let kind = if prefix.is_empty() {
        own.filter(|_| matches!(before, "" | "#"))?
    } else {
        kinds.all().iter().position(|kind| kind.prefix.eq_ignore_ascii_case(prefix))?
    };
    Some(RecordId { kind, number })
}
