//! Reading versions of documents, each content once: what it says of itself, and whether a text that was decided differs
//! from the one before.

use std::collections::HashMap;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::iter::IntoParallelRefIterator;
use rayon::iter::ParallelIterator;

use super::Source;
use super::objects::ObjectKind;
use super::objects::Objects;
use crate::compare::says_the_same;
use crate::config::Config;
use crate::error::Error;
use crate::history::Change;
use crate::history::Facts;
use crate::history::Oid;
use crate::history::ReadVersion;
use crate::history::Shared;
use crate::history::Version;
use crate::history::Watch;
use crate::history::body;
use crate::history::front_matter;
use crate::history::is_garbled;
use crate::history::is_undecodable;
use crate::history::read_facts;

/// Versions that have been read.
#[derive(Default)]
pub(super) struct Versions {
    facts: HashMap<Version, ReadVersion>,
    /// For a kind, an older and a newer content: whether they differ where the text may not change.
    rewritten: HashMap<(usize, Oid, Oid), bool>,
}

/// From this many versions on several threads read them.
const WORTH_THREADS: usize = 256;

impl Versions {
    /// Reads every version that `steps` need, each once; several threads where the library reads.
    pub(super) fn read(
        source: &Source<'_>,
        objects: &mut Objects,
        config: &Config,
        watches: &[Watch],
        steps: &[(usize, Vec<Change>)],
    ) -> Result<Self, Error> {
        let mut seen = HashSet::new();
        let mut wanted: Vec<(&str, Version)> = Vec::new();
        for change in steps.iter().rev().flat_map(|(_, changes)| changes) {
            if let Some(new) = change.new.filter(|new| seen.insert((*new, change.kind))) {
                wanted.push((&change.path, (new, change.kind)));
            }
        }
        // Versions of one document follow each other, newest first: git keeps the older as differences from the newer, and
        // most have the same front matter.
        wanted.sort_by(|a, b| a.0.cmp(b.0));
        let read = |objects: &mut Objects, part: &[(&str, Version)]| -> Result<Part, Error> {
            let mut reader = Reading::new(config, watches);
            for (path, version) in part {
                reader.read(objects, path, *version)?;
            }
            Ok(reader.found)
        };
        let parts: Vec<Result<Part, Error>> = match source {
            Source::Library(git) if wanted.len() > WORTH_THREADS => {
                let folder: PathBuf = git.git_folder();
                let parts: Vec<_> = wanted.chunks(wanted.len().div_ceil(8)).collect();
                parts.par_iter().map(|part| read(&mut Objects::library(&folder)?, part)).collect()
            }
            _ => vec![read(objects, &wanted)],
        };
        let mut all = Self { facts: HashMap::with_capacity(wanted.len()), ..Self::default() };
        for part in parts {
            let part = part?;
            all.facts.extend(part.facts);
            all.rewritten.extend(part.rewritten);
        }
        Ok(all)
    }

    /// Returns what a version says; `None` where it cannot be read.
    pub(super) fn facts(&self, version: Version) -> ReadVersion {
        self.facts.get(&version).cloned().flatten()
    }

    /// Says whether two contents, read as `kind`, differ where the text may not change.
    pub(super) fn rewritten(
        &self,
        objects: &mut Objects,
        config: &Config,
        kind: usize,
        old: Oid,
        new: Oid,
    ) -> bool {
        if let Some(known) = self.rewritten.get(&(kind, old, new)) {
            return *known;
        }
        let mut text = |id: Oid| {
            let mut bytes = Vec::new();
            let found = objects.read(&id, &mut bytes).ok().flatten() == Some(ObjectKind::Blob);
            found.then_some(bytes)
        };
        match (text(old), text(new)) {
            (Some(old), Some(new)) => differ(config, kind, body(&old), body(&new)),
            // What cannot be read has an event of its own.
            _ => false,
        }
    }
}

/// Returns what a version that is `bytes` says, read as the kind at the index `kind`; `None` where it cannot be read.
pub(super) fn facts_of(config: &Config, watches: &[Watch], kind: usize, bytes: &[u8]) -> Option<Facts> {
    if is_undecodable(bytes) {
        return None;
    }
    let facts = read_facts(config.kinds.at(kind), &watches[kind].all, front_matter(bytes));
    (!is_garbled(&facts, watches[kind].state)).then_some(facts)
}

/// Says whether two texts of a record of the kind at the index `kind` differ in what may not change.
pub(super) fn differ(config: &Config, kind: usize, old: &[u8], new: &[u8]) -> bool {
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    !says_the_same(config.kinds.at(kind), &config.kinds, &old, &new)
}

/// What has been read of some of them.
#[derive(Default)]
struct Part {
    facts: Vec<(Version, ReadVersion)>,
    rewritten: Vec<((usize, Oid, Oid), bool)>,
}

/// Reads versions one after the other.
struct Reading<'a> {
    config: &'a Config,
    watches: &'a [Watch],
    /// What was read last: its path, version and bytes.
    last: Option<(String, Version, Vec<u8>)>,
    /// The front matter read last, with what it said.
    said: Option<(usize, Vec<u8>, Arc<Facts>)>,
    bytes: Vec<u8>,
    found: Part,
    /// Texts that many versions say.
    said_before: HashSet<Shared>,
}

impl<'a> Reading<'a> {
    fn new(config: &'a Config, watches: &'a [Watch]) -> Self {
        Self {
            config,
            watches,
            last: None,
            said: None,
            bytes: Vec::new(),
            found: Part::default(),
            said_before: HashSet::new(),
        }
    }

    /// Reads a version of the document at `path`, older than the one read before it.
    fn read(&mut self, objects: &mut Objects, path: &str, version: Version) -> Result<(), Error> {
        let (id, kind) = version;
        if objects.read(&id, &mut self.bytes)? != Some(ObjectKind::Blob) || is_undecodable(&self.bytes) {
            self.found.facts.push((version, None));
            self.last = None;
            return Ok(());
        }
        let facts = self.facts(kind);
        if is_garbled(&facts, self.watches[kind].state) {
            self.found.facts.push((version, None));
            self.last = None;
            return Ok(());
        }
        let state = facts.value(self.watches[kind].state);
        let frozen = state.is_some_and(|state| self.config.kinds.at(kind).lifecycle.is_frozen(state));
        if let Some((of, (newer, as_kind), text)) = self.last.as_ref().filter(|_| frozen)
            && of == path
            && *as_kind == kind
        {
            let differ = differ(self.config, kind, body(&self.bytes), body(text));
            self.found.rewritten.push(((kind, id, *newer), differ));
        }
        self.found.facts.push((version, Some(facts)));
        // The bytes go from hand to hand, so that nothing is copied.
        let (mut name, _, spare) = self.last.take().unwrap_or_else(|| (String::new(), version, Vec::new()));
        name.clear();
        name.push_str(path);
        self.last = Some((name, version, std::mem::replace(&mut self.bytes, spare)));
        Ok(())
    }

    fn facts(&mut self, kind: usize) -> Arc<Facts> {
        let block = front_matter(&self.bytes);
        if let (Some((of, before, facts)), Some(block)) = (&self.said, block)
            && *of == kind
            && before == block
        {
            return Arc::clone(facts);
        }
        let mut facts = read_facts(self.config.kinds.at(kind), &self.watches[kind].all, block);
        for (_, text) in &mut facts.values {
            match self.said_before.get(&**text) {
                Some(known) => *text = known.clone(),
                None => drop(self.said_before.insert(text.clone())),
            }
        }
        let facts = Arc::new(facts);
        self.said = block.map(|block| (kind, block.to_vec(), Arc::clone(&facts)));
        facts
    }
}
