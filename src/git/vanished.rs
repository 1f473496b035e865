//! Which files and folders were there in a revision and are not now: links may have led to them.

use std::collections::HashMap;
use std::fs;

use super::Now;
use super::Snapshot;
use super::Source;
use super::objects::ObjectKind;
use super::objects::Objects;
use super::snapshot::Surroundings;
use super::tree::Entry;
use super::tree::entries;
use super::tree::files;
use super::tree::joined;
use crate::error::Result;
use crate::history::Oid;
use crate::workspace::Found;

/// A folder of the revision that is there now too: its path, its tree, and the tree it has now, where that is known.
type Open = (String, Oid, Option<Oid>);

impl Source<'_> {
    /// Returns the paths, from the repository's top, of the files and folders around those of `base` that there are not any more
    /// `now`; for [`Now::Disk`] that is the folder at the top.
    ///
    /// # Errors
    /// Where a listing cannot be read.
    pub fn vanished(&self, base: &Snapshot, now: Now<'_>) -> Result<Vec<String>> {
        let Surroundings::Tree(then) = base.around else { return Ok(Vec::new()) };
        let mut objects = self.objects()?;
        let mut found = Vec::new();
        let tree_now = match now {
            Now::Kept(Snapshot { around: Surroundings::Tree(tree), .. }) => Some(*tree),
            _ => None,
        };
        let mut open: Vec<Open> = vec![(String::new(), then, tree_now)];
        let mut bytes = Vec::new();
        while let Some((folder, id, other)) = open.pop() {
            if other == Some(id) {
                continue;
            }
            objects.need(&id, ObjectKind::Tree, &mut bytes)?;
            let there = names(&mut objects, now, &folder, other)?;
            let width = id.as_bytes().len();
            for entry in entries(&bytes, width, &folder)? {
                let path = joined(&folder, entry.name);
                let id = Oid::from_bytes(entry.id);
                match (there(&path, entry.name), id.filter(|_| entry.is_tree())) {
                    (Lies::Here(other), Some(id)) => open.push((path, id, other)),
                    (Lies::Here(_), None) => {}
                    (Lies::Nowhere, Some(id)) => {
                        let (below, _) = files(&mut objects, id, &[String::new()])?;
                        found.extend(below.into_iter().map(|(below, _)| format!("{path}/{below}")));
                        found.push(path);
                    }
                    (Lies::Nowhere, None) => found.push(path),
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}

/// Whether something of that name is there, and the tree it has, where that is known.
enum Lies {
    Here(Option<Oid>),
    Nowhere,
}

/// Says whether an entry of a folder, given by its path and name, is there now.
type Where<'a> = Box<dyn Fn(&str, &[u8]) -> Lies + 'a>;

/// Returns what says whether an entry of `folder` is there now.
fn names<'a>(objects: &mut Objects, now: Now<'a>, folder: &str, other: Option<Oid>) -> Result<Where<'a>> {
    let known = |names: HashMap<Vec<u8>, Option<Oid>>| -> Where<'a> {
        Box::new(move |_, name| names.get(name).map_or(Lies::Nowhere, |id| Lies::Here(*id)))
    };
    match (now, other) {
        (_, Some(tree)) => {
            let mut bytes = Vec::new();
            objects.need(&tree, ObjectKind::Tree, &mut bytes)?;
            let entries = entries(&bytes, tree.as_bytes().len(), folder)?;
            let tree = |entry: &Entry<'_>| Oid::from_bytes(entry.id).filter(|_| entry.is_tree());
            Ok(known(entries.iter().map(|entry| (entry.name.to_vec(), tree(entry))).collect()))
        }
        (Now::Disk(top), None) => {
            let listed = fs::read_dir(top.join(folder)).into_iter().flatten().flatten();
            Ok(known(listed.map(|entry| (entry.file_name().as_encoded_bytes().to_vec(), None)).collect()))
        }
        (Now::Kept(snapshot), None) => Ok(Box::new(move |path, _| match snapshot.find_beside(path) {
            Found::Nothing => Lies::Nowhere,
            _ => Lies::Here(None),
        })),
    }
}
