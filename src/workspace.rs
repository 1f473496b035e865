//! All records of a tree together: who is called what, and who points to whom.

use crate::config::Config;
use crate::document::Unreadable;
use crate::record::Origin;
use crate::record::Record;
use crate::record::RecordId;
use crate::record::Target;

mod read;

pub use read::Reading;
pub use read::read_each;
pub use read::read_records;
pub use read::read_texts;
pub use read::side_by_side;
mod around;
mod births;
mod succession;

pub use around::Around;
pub use around::Found;
pub use around::leading_to;
pub use around::led_to;

/// Reads the bytes of a file by its path.
pub type ReadFile<'a> = &'a (dyn Fn(&str) -> Result<Vec<u8>, Unreadable> + Sync);

/// Where documents come from: the working tree, a revision, or a test. A door makes it; nothing else reads files.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The files there are, relative to the root, with `/`, in order.
    pub paths: &'a [String],
    /// Reads one of them.
    pub read: ReadFile<'a>,
    /// What lies around them; `None` where nobody can say.
    pub around: Option<Around<'a>>,
}

/// All records of a tree.
#[derive(Debug)]
pub struct Workspace<'a> {
    /// What the team has settled.
    pub config: &'a Config,
    /// The records, in order of their paths.
    pub records: Vec<Record>,
    /// Every id with its record, in order of id, then of path.
    by_id: Vec<(RecordId, usize)>,
}

impl<'a> Workspace<'a> {
    /// Puts `records` together, which come in order of their paths.
    #[must_use]
    pub fn new(config: &'a Config, records: Vec<Record>) -> Self {
        let of_record = |(index, record): (usize, &Record)| Some((record.id()?, index));
        let mut by_id: Vec<(RecordId, usize)> = records.iter().enumerate().filter_map(of_record).collect();
        by_id.sort_unstable();
        Self { config, records, by_id }
    }

    /// Puts the records whose path is `new` behind the others that have the same id: the others had it first.
    pub fn put_last(&mut self, new: &dyn Fn(&str) -> bool) {
        let records = &self.records;
        self.by_id.sort_by_cached_key(|(id, index)| (*id, new(&records[*index].path), *index));
    }

    /// Returns the ids in use, each with its records; more than one record means the id is taken twice.
    pub fn ids(&self) -> impl Iterator<Item = (RecordId, &[(RecordId, usize)])> {
        self.by_id.chunk_by(|a, b| a.0 == b.0).map(|records| (records[0].0, records))
    }

    /// Returns the index of the first record, in order of path, that has the id.
    fn first_with(&self, id: RecordId) -> Option<usize> {
        let at = self.by_id.partition_point(|(known, _)| *known < id);
        self.by_id.get(at).filter(|(known, _)| *known == id).map(|(_, index)| *index)
    }

    /// Returns the record with the id `id`, the first where there are several.
    #[must_use]
    pub fn with_id(&self, id: RecordId) -> Option<&Record> {
        self.first_with(id).map(|index| &self.records[index])
    }

    /// Returns the index of the record whose file is `path`.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<usize> {
        self.records.binary_search_by(|record| record.path.as_str().cmp(path)).ok()
    }

    /// Returns where other records point to the one at `index`, each record's place for it once: the index of the record, and
    /// where the reference stands. In order of path, fields before prose.
    #[must_use]
    pub fn pointing_at(&self, index: usize) -> Vec<(usize, Origin)> {
        let mut found = Vec::new();
        for (at, record) in self.records.iter().enumerate().filter(|(at, _)| *at != index) {
            let mut origins: Vec<Origin> = Vec::new();
            for reference in &record.references {
                let points = self.index_of(record, &reference.target) == Some(index);
                if points && !origins.contains(&reference.origin) {
                    origins.push(reference.origin);
                }
            }
            // What a field says the text need not say again.
            let in_field = origins.iter().any(|origin| matches!(origin, Origin::Field(_)));
            let mentioned = origins.contains(&Origin::Prose);
            origins.retain(|origin| match origin {
                Origin::Field(_) => true,
                Origin::Prose => !in_field,
                Origin::Link => !in_field && !mentioned,
            });
            found.extend(origins.into_iter().map(|origin| (at, origin)));
        }
        found
    }

    /// Returns the record `target` names, seen from `from`: the first in order of path where an id is taken twice.
    #[must_use]
    pub fn resolve(&self, from: &Record, target: &Target) -> Option<&Record> {
        self.records.get(self.index_of(from, target)?)
    }

    /// Returns the index of the record `target` names, as [`Workspace::resolve`].
    #[must_use]
    pub fn index_of(&self, from: &Record, target: &Target) -> Option<usize> {
        match target {
            Target::Id(id) => self.first_with(*id),
            Target::Path(path) => self.at(path).or_else(|| {
                let mut to = String::new();
                led_to("", &from.path, path, &mut to).then(|| self.at(&to)).flatten()
            }),
            Target::Elsewhere => None,
        }
    }
}
