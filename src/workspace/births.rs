//! Which records were born from which.

use super::Workspace;
use crate::kind::Birth;
use crate::kind::FieldType;
use crate::record::Origin;
use crate::record::Record;
use crate::record::read_id;

impl Workspace<'_> {
    /// Returns the records of the kind at the index `kind` that name the one at `at` in a field that `birth` fills in, each with the
    /// index of that field.
    pub fn born_from<'a>(
        &'a self,
        at: usize,
        kind: usize,
        birth: &'a Birth,
    ) -> impl Iterator<Item = (&'a Record, usize)> {
        let others = self.records.iter().enumerate();
        let others = others.filter(move |(other, record)| record.kind == kind && *other != at);
        others.filter_map(move |(_, record)| {
            let field =
                birth.fields.iter().map(|(index, _)| *index).find(|index| self.names(record, *index, at));
            Some((record, field?))
        })
    }

    /// Returns the record that was born so from the one at `at` and still is in the way of another.
    #[must_use]
    pub fn in_the_way<'a>(&'a self, at: usize, kind: usize, birth: &'a Birth) -> Option<(&'a Record, usize)> {
        let lifecycle = &self.config.kinds.at(kind).lifecycle;
        let live = |record: &Record| record.state.as_deref().is_some_and(|state| lifecycle.is_live(state));
        self.born_from(at, kind, birth).find(|(record, _)| birth.once && live(record))
    }

    /// Says whether `record` names the one at `at` in its field at `index`.
    fn names(&self, record: &Record, index: usize, at: usize) -> bool {
        let kinds = &self.config.kinds;
        if kinds.at(record.kind).fields[index].value == FieldType::List {
            let id = self.records[at].id();
            let written = record.fields.iter().filter(|written| written.field == index);
            let mut texts = written.flat_map(|written| written.value.texts());
            return id.is_some() && texts.any(|text| read_id(text, kinds, None) == id);
        }
        let mut references =
            record.references.iter().filter(|reference| reference.origin == Origin::Field(index));
        references.any(|reference| self.index_of(record, &reference.target) == Some(at))
    }
}
