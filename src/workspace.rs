//! All records of a tree together: who is called what, and who points to whom.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::config::Config;
use crate::document::Unreadable;
use crate::record::Record;
use crate::record::RecordId;
use crate::record::Target;

/// Reads the bytes of a file by its path.
pub type ReadFile<'a> = &'a (dyn Fn(&str) -> Result<Vec<u8>, Unreadable> + Sync);

/// Where documents come from: the working tree, a revision, or a test. A door makes it; nothing else reads files.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The files there are, relative to the root, with `/`, in order.
    pub paths: &'a [String],
    /// Reads one of them.
    pub read: ReadFile<'a>,
}

/// All records of a tree.
#[derive(Debug)]
pub struct Workspace<'a> {
    /// What the team has settled.
    pub config: &'a Config,
    /// The records, in order of their paths.
    pub records: Vec<Record>,
    by_id: BTreeMap<RecordId, Vec<usize>>,
    by_path: HashMap<String, usize>,
}

impl<'a> Workspace<'a> {
    /// Puts `records` together.
    #[must_use]
    pub fn new(config: &'a Config, records: Vec<Record>) -> Self {
        let mut by_id: BTreeMap<RecordId, Vec<usize>> = BTreeMap::new();
        let mut by_path = HashMap::with_capacity(records.len());
        for (index, record) in records.iter().enumerate() {
            by_path.insert(record.path.clone(), index);
            if let Some(id) = record.id() {
                by_id.entry(id).or_default().push(index);
            }
        }
        Self { config, records, by_id, by_path }
    }

    /// Returns the ids in use, each with its records; more than one record means the id is taken twice.
    pub fn ids(&self) -> impl Iterator<Item = (RecordId, &[usize])> {
        self.by_id.iter().map(|(id, records)| (*id, records.as_slice()))
    }

    /// Returns the record `target` names, seen from `from`: the first in order of path where an id is taken twice.
    #[must_use]
    pub fn resolve(&self, from: &Record, target: &Target) -> Option<&Record> {
        let index = match target {
            Target::Id(id) => *self.by_id.get(id)?.first()?,
            Target::Path(path) => {
                *self.by_path.get(&**path).or_else(|| self.by_path.get(&beside(&from.path, path)))?
            }
            Target::Elsewhere => return None,
        };
        self.records.get(index)
    }
}

/// Returns `path`, written in the file `from`, as a path from the root.
fn beside(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_from_where_they_are_written() {
        assert_eq!(beside("docs/rfcs/0001-a.md", "0002-b.md"), "docs/rfcs/0002-b.md");
        assert_eq!(beside("docs/rfcs/0001-a.md", "../memos/0002-b.md"), "docs/memos/0002-b.md");
        assert_eq!(beside("a.md", "../../b.md"), "b.md");
    }
}
