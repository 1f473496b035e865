//! Which record a name on the command line means: an id written any way, or a path.

use std::collections::BTreeSet;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use pmkit::document::Document;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::history::History;
use pmkit::history::Timelines;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::record::RecordId;
use pmkit::record::read_id;

use crate::args::Common;
use crate::place::Files;
use crate::place::Place;
use crate::place::below;

/// Returns the path of the one record that `name` means among `files`; `None` where none is called so.
///
/// # Errors
/// Where there is a file at that path which is no record, or several records share the id.
pub(crate) fn record_named(
    place: &Place,
    common: &Common,
    files: &Files<'_>,
    paths: &[String],
    name: &str,
) -> Result<Option<String>, Error> {
    let full = common.folder.canonicalize().map(|folder| plain(&folder.join(name)));
    if let Ok(full) = full.as_deref()
        && full.is_file()
        && below(&place.tree.root, full).is_none()
    {
        return Err(Error::new(format!("{name} lies outside the tree {}", place.tree.root.display()))
            .help(format!("work there: pmkit -C {} show …", full.parent().unwrap_or(full).display())));
    }
    for path in as_paths(place, common, name) {
        if paths.contains(&path) {
            return Ok(Some(path));
        }
        let on_disk = !place.is_bare() && place.tree.root.join(&path).is_file();
        if on_disk && place.config.kinds.claim(&path)?.is_none() {
            return Err(Error::new(format!("{path} is no record: no kind claims it"))
                .help("see where records lie: pmkit kinds"));
        }
        if let Some(why) = place.hides(&path).filter(|_| on_disk) {
            return Err(Error::new(format!("{path} is not looked at: {why}")));
        }
    }
    let Some(id) = read_id(name, &place.config.kinds, None) else { return Ok(None) };
    let found = with_id(place, files, paths, id)?;
    match &found[..] {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        [first, ..] => {
            let id = id.text(&place.config.kinds);
            Err(Error::new(format!("{id} is the id of {} records: {}", found.len(), found.join(", ")))
                .help(format!("name one by its path, as in {first}")))
        }
    }
}

/// Returns the paths of the records with an id: what the front matter says, else what the file is named for.
fn with_id(place: &Place, files: &Files<'_>, paths: &[String], id: RecordId) -> Result<Vec<String>, Error> {
    let digits = id.number.to_string();
    let mut found = Vec::new();
    for path in paths {
        let Some(claim) = place.config.kinds.claim(path)?.filter(|claim| claim.kind == id.kind) else {
            continue;
        };
        let named = claim.number == Some(id.number);
        let Ok(text) = files.read(path).and_then(decode) else {
            found.extend(named.then(|| path.clone()));
            continue;
        };
        if named || text.contains(&digits) {
            let document = Document::read(text);
            let record = Record::read(path, claim, &document, &place.config, Depth::FrontMatter);
            found.extend((record.id() == Some(id)).then(|| path.clone()));
        }
    }
    Ok(found)
}

/// Returns the documents of `history` that `name` means: an id, or a path, that one of them has or had last; where there is
/// none, that one of them has got since and no commit has yet; then that one of them ever had.
///
/// # Errors
/// Where there is none, or the files there are cannot be listed.
pub(crate) fn documents_named(
    place: &Place,
    common: &Common,
    history: &History,
    name: &str,
) -> Result<Vec<usize>, Error> {
    let documents = history.documents();
    let kinds = &place.config.kinds;
    let id = read_id(name, kinds, None);
    let paths = as_paths(place, common, name);
    let by_path = |path: &str| paths.iter().any(|known| known == path);
    let by_id = |path: &str| {
        let claim = kinds.first_claim(path);
        id.is_some_and(|id| claim == Some((id.kind, Some(id.number))))
    };
    let holds = |at: &usize| match id {
        Some(id) => documents[*at].kind == id.kind && documents[*at].number == Some(id.number),
        None => by_path(&documents[*at].path),
    };
    let mut found: Vec<usize> = (0..documents.len()).filter(holds).collect();
    if found.is_empty() {
        let timelines = Timelines::new(history).followed_to(&place.files()?.paths(), kinds);
        let moved = timelines.moved().filter(|(path, _)| by_path(path) || by_id(path));
        found.extend(moved.map(|(_, document)| document));
    }
    if found.is_empty() {
        let once = history.events.iter().filter(|event| by_path(&event.path) || by_id(&event.path));
        let once: BTreeSet<usize> = once.map(|event| event.document).collect();
        found.extend(once);
    }
    if found.is_empty() {
        return Err(Error::new(format!("history knows no record `{name}`"))
            .help("write an id, as in RFC-0007, or a path; what is not committed yet has no history"));
    }
    Ok(found)
}

/// Returns the paths from the root that `name` may mean: from where the command was started, or from the top.
pub(crate) fn as_paths(place: &Place, common: &Common, name: &str) -> Vec<String> {
    let mut paths = Vec::new();
    if let Ok(folder) = common.folder.canonicalize() {
        paths.extend(below(&place.tree.root, &plain(&folder.join(name))).filter(|path| !path.is_empty()));
    }
    let from_top = name.strip_prefix("./").unwrap_or(name);
    let from_top = from_top.strip_prefix(&place.prefix).unwrap_or(from_top).to_owned();
    if !paths.contains(&from_top) {
        paths.push(from_top);
    }
    paths
}

/// Returns `path` without `.` and `..`. What they lead to need not be there: the file may be gone.
pub(crate) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}
