//! Records named on the command line, read as they are to be changed. What the name of a file says is enough to find it: a
//! change of one record among ten thousand does not read the others.

use std::collections::BTreeSet;

use pmkit::document::Document;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::record::RecordId;
use pmkit::record::read_id;
use pmkit::revise::Original;
use pmkit::text::nearest;

use crate::args::Common;
use crate::named::as_paths;
use crate::named::record_named;
use crate::place::Place;

/// Reads the records that `names` mean, each once, in that order.
///
/// # Errors
/// Where one means no record or several, or cannot be written.
pub(crate) fn originals(place: &Place, common: &Common, names: &[&str]) -> Result<Vec<Original>, Error> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for name in names {
        let path = path_of(place, common, name)?;
        if seen.insert(path.clone()) {
            found.push(original(place, &path)?);
        }
    }
    Ok(found)
}

/// Reads the record at `path`.
///
/// # Errors
/// Where no kind claims it, or it cannot be read as one to be written back.
pub(crate) fn original(place: &Place, path: &str) -> Result<Original, Error> {
    let claim = place.config.kinds.claim(path)?;
    let claim = claim.ok_or_else(|| Error::new(format!("{path} is no record: no kind claims it")))?;
    let bytes = place.tree.read_page(path).and_then(|bytes| bytes.map(decode).transpose());
    let text = bytes.map_err(|why| Error::new(format!("{path} {}", why.what)).help(why.help))?;
    let text = text.ok_or_else(|| Error::new(format!("{path} is not there any more")))?;
    Ok(Original { path: path.to_owned(), claim, text })
}

/// Returns the path of the record that `name` means.
fn path_of(place: &Place, common: &Common, name: &str) -> Result<String, Error> {
    let kinds = &place.config.kinds;
    for path in as_paths(place, common, name) {
        let there = place.tree.root.join(&path).is_file();
        if there && kinds.claim(&path)?.is_some() && place.hides(&path).is_none() {
            return Ok(path);
        }
    }
    if let Some(id) = read_id(name, kinds, None)
        && let Some(path) = named_for(place, id)?
    {
        return Ok(path);
    }
    let files = place.files()?;
    let paths = files.paths();
    record_named(place, common, &files, &paths, name)?.ok_or_else(|| unknown(place, &paths, name))
}

/// Returns the one file that is named for `id`, where it has that id; `None` where none is, or several are.
fn named_for(place: &Place, id: RecordId) -> Result<Option<String>, Error> {
    let kinds = &place.config.kinds;
    let digits = id.number.to_string();
    // Most names say another number.
    let wanted =
        |path: &str| path.contains(&digits) && kinds.first_claim(path) == Some((id.kind, Some(id.number)));
    let kind = kinds.at(id.kind);
    let folder = kind.path.folder();
    let name = kind.path.as_str().strip_prefix(folder).unwrap_or_default().trim_start_matches('/');
    // Where such records lie in one folder only, its names say all.
    let paths = match kind.also.is_empty() && !name.contains('/') {
        true => {
            let mut paths = place.tree.right_in(folder, &wanted);
            paths.retain(|path| place.hides(path).is_none());
            paths
        }
        false => place.tree.list(&kinds.folders_of(&[id.kind]), &wanted)?.paths,
    };
    let mut named = paths.iter().filter(|path| wanted(path));
    let (Some(path), None) = (named.next(), named.next()) else { return Ok(None) };
    let Ok(Original { text, claim, .. }) = original(place, path) else { return Ok(None) };
    let document = Document::read(text);
    let front = Depth::FrontMatter;
    let record = Record::read(path, claim, &document, &place.config, front);
    Ok((record.id() == Some(id)).then(|| path.clone()))
}

/// Returns the error that no record is called `name`, with the record that may be meant: its path, for a file's name says
/// nothing to us without its folder.
fn unknown(place: &Place, paths: &[String], name: &str) -> Error {
    let error = Error::new(format!("there is no record `{name}`"));
    let typed = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let is_record = |path: &&String| place.config.kinds.first_claim(path).is_some();
    let file = |path: &'_ str| -> String { path.rsplit('/').next().unwrap_or(path).to_owned() };
    let files: Vec<(String, &String)> =
        paths.iter().filter(is_record).map(|path| (file(path), path)).collect();
    let near = nearest(typed, files.iter().map(|(file, _)| file.as_str())).filter(|_| typed.contains('.'));
    match near.and_then(|near| files.iter().find(|(file, _)| file == near)) {
        Some((_, path)) => error.help(format!("did you mean {path}?")),
        None if read_id(name, &place.config.kinds, None).is_some() => {
            error.help("see which records there are: pmkit list")
        }
        None => error.help("write an id, as in RFC-0007, or a path; fields are written as field=value"),
    }
}
