//! Which record took another one's place.

use std::collections::BTreeSet;

use super::Workspace;
use crate::record::Origin;

impl Workspace<'_> {
    /// Returns the index of the record that counts now in place of the one at `index`: the one that its fields lead to,
    /// past those that do not count any more either. `None` where there is none, or more than one.
    #[must_use]
    pub fn successor(&self, index: usize) -> Option<usize> {
        let mut seen = BTreeSet::from([index]);
        let mut open = vec![index];
        let mut found = BTreeSet::new();
        while let Some(at) = open.pop() {
            for next in self.next(at).into_iter().filter(|next| seen.insert(*next)) {
                if self.is_retired(next) {
                    open.push(next);
                } else {
                    found.insert(next);
                }
            }
        }
        found.first().copied().filter(|_| found.len() == 1)
    }

    /// Says whether nothing new should build on the record at `index`.
    #[must_use]
    pub fn is_retired(&self, index: usize) -> bool {
        let record = &self.records[index];
        let lifecycle = &self.config.kinds.at(record.kind).lifecycle;
        record.state.as_ref().is_some_and(|state| lifecycle.retired.contains(state))
    }

    /// Returns what the record at `index` names as having come after it.
    fn next(&self, index: usize) -> Vec<usize> {
        let record = &self.records[index];
        let kind = self.config.kinds.at(record.kind);
        let after = |origin| matches!(origin, Origin::Field(at) if kind.comes_after(&kind.fields[at]));
        let named = record.references.iter().filter(|reference| after(reference.origin));
        named.filter_map(|reference| self.index_of(record, &reference.target)).collect()
    }
}
