//! Reading all records of a tree at once.

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;

use super::Inputs;
use super::Workspace;
use crate::config::Config;
use crate::document::Document;
use crate::document::decode;
use crate::error::Result;
use crate::kind::Claim;
use crate::record::Depth;
use crate::record::Record;

/// Below this many files threads cost more than they save.
const WORTH_THREADS: usize = 128;

/// What reading a tree came to.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The records.
    pub workspace: Workspace<'a>,
    /// The texts of those that were to be kept, by the index of the record.
    pub documents: Vec<Option<Document>>,
    /// How many files that some kind claims could not be read as text.
    pub unreadable: usize,
}

/// Reads the records among `inputs` whose kinds `wanted` names by their index, as deep as `depth` says, and keeps the texts of
/// those that `kept` names.
///
/// # Errors
/// Where two kinds claim one file.
pub fn read_records<'a>(
    config: &'a Config,
    inputs: Inputs<'_>,
    depth: Depth,
    wanted: &(dyn Fn(usize) -> bool + Sync),
    kept: &(dyn Fn(&Record) -> bool + Sync),
) -> Result<Reading<'a>> {
    let look = |record: Record, document: Document| {
        let document = kept(&record).then_some(document);
        Some((record, document))
    };
    let found = read_each(config, inputs, depth, wanted, &look)?;
    let all = found.len();
    let (records, documents): (Vec<Record>, Vec<Option<Document>>) =
        found.into_iter().filter_map(|(_, read)| read).unzip();
    let unreadable = all - records.len();
    Ok(Reading { workspace: Workspace::new(config, records), documents, unreadable })
}

/// Reads every record among `inputs` whose kind `wanted` names, and returns for each path, in order, what `look` makes of
/// it while its text is at hand: `None` also where the file cannot be read as text.
///
/// # Errors
/// Where two kinds claim one file.
pub fn read_each<'p, T: Send>(
    config: &Config,
    inputs: Inputs<'p>,
    depth: Depth,
    wanted: &(dyn Fn(usize) -> bool + Sync),
    look: &(dyn Fn(Record, Document) -> Option<T> + Sync),
) -> Result<Vec<(&'p str, Option<T>)>> {
    read_texts(config, inputs, wanted, &|path, claim, text| {
        let seen = text.and_then(|text| {
            let document = Document::read(text);
            look(Record::read(path, claim, &document, config, depth), document)
        });
        (path, seen)
    })
}

/// Reads every file among `inputs` that is a record of a kind `wanted` names, and returns, in the order of the paths, what `look`
/// makes of its text: `None` where it cannot be read as text.
///
/// # Errors
/// Where two kinds claim one file.
pub fn read_texts<'p, T: Send>(
    config: &Config,
    inputs: Inputs<'p>,
    wanted: &(dyn Fn(usize) -> bool + Sync),
    look: &(dyn Fn(&'p str, Claim, Option<String>) -> T + Sync),
) -> Result<Vec<T>> {
    let mut claimed = Vec::new();
    for path in inputs.paths {
        if let Some(claim) = config.kinds.claim(path)?.filter(|claim| wanted(claim.kind)) {
            claimed.push((path.as_str(), claim));
        }
    }
    Ok(side_by_side(&claimed, |(path, claim)| look(path, *claim, (inputs.read)(path).and_then(decode).ok())))
}

/// Does `work` for each of `items`, on all cores where there are enough of them, and returns what comes of each, in order.
pub fn side_by_side<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    if items.len() < WORTH_THREADS {
        return items.iter().map(work).collect();
    }
    let chunks = items.par_chunks(WORTH_THREADS / 2);
    chunks.flat_map_iter(|chunk| chunk.iter().map(&work).collect::<Vec<_>>()).collect()
}
