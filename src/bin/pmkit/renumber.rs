//! `pmkit renumber`

mod told;

use std::collections::BTreeSet;

use pmkit::change::Change;
use pmkit::config::BASELINE_FILE;
use pmkit::document::Document;
use pmkit::document::Unreadable;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::git::Numbers;
use pmkit::git::Source;
use pmkit::git::Taken;
use pmkit::git::Where;
use pmkit::kind::Claim;
use pmkit::kind::Kind;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::record::RecordId;
use pmkit::record::read_id;
use pmkit::renumber::Needle;
use pmkit::renumber::Renumbering;
use pmkit::renumber::Sort;
use pmkit::renumber::Text;
use pmkit::renumber::Written;
use pmkit::renumber::plan;
use pmkit::workspace::side_by_side;

use crate::args::Common;
use crate::args::Renumber as Options;
use crate::carry::Plan;
use crate::carry::carry;
use crate::named::as_paths;
use crate::named::record_named;
use crate::new::all_of;
use crate::new::lock;
use crate::new::next_number;
use crate::new::note;
use crate::new::source;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Files;
use crate::place::Place;
use crate::renew::renew;
use crate::terminal;
use told::Telling;

/// The largest file outside the records that is looked at.
const MOST_BYTES: usize = 1 << 20;

/// What was named on the command line.
enum Meant {
    Record(Record),
    Id(RecordId),
}

pub(crate) fn run(common: &Common, options: &Options) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    place.writable()?;
    let writes = !options.writing.dry_run && !options.writing.diff;
    let door = writes.then(|| place.door()).transpose()?;
    let files = place.files()?;
    let paths = files.paths();
    let (kind_index, id, own) = match meant(&place, common, &files, &paths, &options.record)? {
        Meant::Record(own) => (own.kind, own.id(), Some(own)),
        Meant::Id(id) => (id.kind, Some(id), None),
    };
    let kind = place.config.kinds.at(kind_index);
    let wanted = options.new.as_deref().map(|new| number_of(&place, kind_index, new)).transpose()?;
    let source = source(&place);
    let lock = if writes { lock(source)? } else { None };
    let mut new = match wanted {
        Some(new) => new,
        None => next_number(&place, source, kind)?,
    };
    // Whoever has no number has no mentions either; the plan says so.
    let old = id.unwrap_or(RecordId { kind: kind_index, number: new });
    let all = everything(&place, &files, source, &paths)?;
    let mut gathered = gather(&place, &files, &all, old, new, own.as_ref())?;
    // Names alone are looked at for the next number, and a record may be named otherwise than it says.
    while wanted.is_none() && !gathered.takers.is_empty() {
        new += 1;
        gathered = gather(&place, &files, &all, old, new, own.as_ref())?;
    }
    let (own, others) = held(&place, &files, options, own, &mut gathered)?;
    let order = order(&place, &own, new, others, &all)?;
    if order.old.number == new && order.from == order.to {
        note(&format!("{} is {} already: nothing to change", shown(&place, &order.from), order.new_id()));
        return Ok(FINE);
    }
    refuse_taken(&place, source, kind, &order, &gathered.takers)?;
    let outcome = plan(&order, &gathered.texts)?;
    let mut changes: Vec<Change> = outcome.written.iter().map(Written::change).collect();
    let baseline = &place.config.baseline;
    if order.from != order.to
        && let (Some(before), Some(after)) = (baseline.source(), baseline.moved(&order.from, &order.to))
    {
        let (path, before) = (BASELINE_FILE.to_owned(), before.to_owned());
        changes.push(Change::Edit { path, before, after });
    }
    let look = terminal::look(common, &std::io::stdout(), &place.prefix);
    let renewed = renew(&place, &files, look, &mut changes)?;
    for text in renewed.notes.iter().filter(|_| !common.quiet) {
        note(text);
    }
    let telling = Telling {
        place: &place,
        source,
        order: &order,
        outcome: &outcome,
        changes: &changes,
        renewed: &renewed.made,
        texts: &gathered.texts,
        dry: options.writing.dry_run,
    };
    let (told, message) = (telling.lines(), telling.message());
    let plan = Plan { changes, told, message };
    let code = carry(&place, common, door.as_ref(), &options.writing, &plan)?;
    drop(lock);
    Ok(code)
}

fn nobody(name: &str) -> Error {
    Error::new(format!("there is no record `{name}`")).help("see what there is: pmkit list")
}

/// Returns `path` as seen from the repository's top.
fn shown(place: &Place, path: &str) -> String {
    format!("{}{path}", place.prefix)
}

/// Finds out what `name` means: a path, or an id written any way.
fn meant(
    place: &Place,
    common: &Common,
    files: &Files<'_>,
    paths: &[String],
    name: &str,
) -> Result<Meant, Error> {
    if let Some(path) = as_paths(place, common, name).into_iter().find(|path| paths.contains(path)) {
        if place.config.kinds.claim(&path)?.is_none() {
            return Err(Error::new(format!("{path} is no record: no kind claims it"))
                .help("see where records lie: pmkit kinds"));
        }
        return record_at(place, files, &path).map(Meant::Record);
    }
    match read_id(name, &place.config.kinds, None) {
        Some(id) => Ok(Meant::Id(id)),
        // It says what is wrong with a path.
        None => {
            let path = record_named(place, common, files, paths, name)?.ok_or_else(|| nobody(name))?;
            record_at(place, files, &path).map(Meant::Record)
        }
    }
}

/// Reads the record at `path`.
fn record_at(place: &Place, files: &Files<'_>, path: &str) -> Result<Record, Error> {
    let claim = place.config.kinds.claim(path)?.ok_or_else(|| nobody(path))?;
    if !files.is_own(path) {
        return Err(Error::new(format!("{path} is a link and is not written to"))
            .help("name the file it leads to, or replace the link by a file"));
    }
    let text = files
        .read(path)
        .and_then(decode)
        .map_err(|why| Error::new(format!("{path} {}", why.what)).help(why.help))?;
    Ok(Record::read(path, claim, &Document::read(text), &place.config, Depth::FrontMatter))
}

/// Reads the number that `new` says for a record of the kind at the index `kind`.
fn number_of(place: &Place, kind: usize, new: &str) -> Result<u64, Error> {
    let kinds = &place.config.kinds;
    let example = kinds.at(kind).id_of(12);
    let id = read_id(new, kinds, Some(kind)).ok_or_else(|| {
        Error::new(format!("`{new}` is no number"))
            .help(format!("write a number, as in 12, or an id, as in {example}"))
    })?;
    if id.kind != kind {
        let (other, own) = (&kinds.at(id.kind).id, &kinds.at(kind).id);
        return Err(Error::new(format!(
            "`{new}` is an id of the kind `{other}`, and the record is one of the kind `{own}`"
        ))
        .help("give a number of its own kind: another kind asks for other fields, so write a new record"));
    }
    Ok(id.number)
}

/// A file of the repository.
struct Item {
    /// Relative to the root; from the repository's top where it lies outside.
    path: String,
    claim: Option<Claim>,
    /// Whether the walk over the records lists it.
    listed: bool,
    outside: bool,
}

/// Lists every file in which the record may be named: those around records, and those that git tracks.
fn everything(
    place: &Place,
    files: &Files<'_>,
    source: Option<Source<'_>>,
    paths: &[String],
) -> Result<Vec<Item>, Error> {
    let kinds = &place.config.kinds;
    let mut items = Vec::with_capacity(paths.len());
    for path in paths {
        let claim = kinds.claim(path)?;
        let listed = claim.is_some() || files.is_own(path);
        items.push(Item { path: path.clone(), claim, listed, outside: false });
    }
    let known: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
    let more: Vec<(String, bool)> = match source {
        Some(source) => match source.tracked() {
            Ok(tracked) => tracked
                .into_iter()
                .map(|path| match path.strip_prefix(&place.prefix) {
                    Some(below) => (below.to_owned(), false),
                    None => (path, true),
                })
                .collect(),
            Err(why) => {
                return Err(Error::new(format!(
                    "{why}: what else names the record is not known; nothing was written"
                ))
                .help("look with git status, and run the command again"));
            }
        },
        None => {
            let all = place.tree.list(&[String::new()], &|_| false)?.paths;
            all.into_iter().map(|path| (path, false)).collect()
        }
    };
    let made = [Some(BASELINE_FILE), place.config.index.as_deref()];
    let more = more.into_iter().filter(|(path, outside)| *outside || !known.contains(path.as_str()));
    items.extend(more.map(|(path, outside)| Item { path, claim: None, listed: false, outside }));
    items.retain(|item| item.outside || !made.contains(&Some(item.path.as_str())));
    Ok(items)
}

/// What was found in the files.
#[derive(Default)]
struct Gathered {
    texts: Vec<Text>,
    /// The records that hold the id.
    holders: Vec<Record>,
    /// The paths of files that hold it by their names and cannot be read.
    closed: Vec<String>,
    /// The paths of the records that hold the id that is to be given.
    takers: Vec<String>,
}

/// Reads every file, and keeps those that may name the record.
fn gather(
    place: &Place,
    files: &Files<'_>,
    items: &[Item],
    old: RecordId,
    new: u64,
    own: Option<&Record>,
) -> Result<Gathered, Error> {
    // What is read side by side must not hold what only one thread may.
    let (config, tree, prefix) = (&place.config, &place.tree, place.prefix.as_str());
    let mut named: Vec<String> = own.iter().map(|own| own.path.clone()).collect();
    loop {
        let claimed = |item: &&Item| {
            item.claim.is_some_and(|claim| claim.kind == old.kind && claim.number == Some(old.number))
        };
        named.extend(items.iter().filter(claimed).map(|item| item.path.clone()));
        named.sort();
        named.dedup();
        let needle = Needle::new(config, old, &named);
        let taker = Needle::new(config, RecordId { number: new, ..old }, &[]);
        // A file that is there and cannot be read may name the record, and nobody knows.
        let look = |item: &Item| -> Result<(Option<Text>, bool), Unreadable> {
            let top = if item.outside { item.path.clone() } else { format!("{prefix}{}", item.path) };
            let bytes = match item.listed {
                true if files.is_own(&item.path) && !claimed(&item) => Some(files.read(&item.path)?),
                true => files.read(&item.path).ok(),
                false => tree.read_small(&top, MOST_BYTES)?,
            };
            let Some(bytes) = bytes else { return Ok((None, false)) };
            let kind = item.claim.map(|claim| config.kinds.at(claim.kind));
            let forced = !item.outside && named.binary_search(&item.path).is_ok();
            let takes = item.claim.is_some_and(|claim| claim.kind == old.kind)
                && new != old.number
                && taker.may_stand_in(&bytes, kind);
            let names = forced || needle.may_stand_in(&bytes, kind);
            if !names && !takes {
                return Ok((None, false));
            }
            let small = bytes.len() <= MOST_BYTES && !bytes.contains(&0);
            // What is not UTF-8 is told as what a program reads is: its lines, and nothing is changed.
            let garbled = (names && small && !claimed(&item) && str::from_utf8(&bytes).is_err())
                .then(|| String::from_utf8_lossy(&bytes).into_owned());
            let text = Some(bytes).filter(|_| small || item.claim.is_some());
            let (text, sort) = match (text.and_then(|bytes| decode(bytes).ok()), garbled, item.claim) {
                (Some(text), _, Some(claim)) => (text, Sort::Record(claim)),
                (Some(text), _, None) => (text, Sort::of(&item.path)),
                (None, Some(text), _) => (text, Sort::Other),
                (None, None, _) => return Ok((None, false)),
            };
            let own = if item.listed { files.is_own(&item.path) } else { true };
            let writable = !item.outside && own && tree.lies_straight(&top)?;
            let text = Text { path: item.path.clone(), text, sort, writable, outside: item.outside };
            Ok((Some(text), names))
        };
        let read = side_by_side(items, look);
        let mut gathered = Gathered::default();
        for (item, read) in items.iter().zip(read) {
            let (text, names) = read.map_err(|why| {
                Error::new(format!(
                    "{} {}, and may name the record; nothing was written",
                    item.path, why.what
                ))
                .help(why.help)
            })?;
            let Some(text) = text else {
                gathered.closed.extend(claimed(&item).then(|| item.path.clone()));
                continue;
            };
            if let Sort::Record(claim) = text.sort
                && claim.kind == old.kind
            {
                let document = Document::read(text.text.clone());
                let record = Record::read(&text.path, claim, &document, config, Depth::FrontMatter);
                match record.id() {
                    Some(id) if id == old => gathered.holders.push(record),
                    Some(id) if id.number == new => gathered.takers.push(text.path.clone()),
                    _ => {}
                }
            }
            if names {
                gathered.texts.push(text);
            }
        }
        // A holder whose name says another number is named by that too.
        let unknown = |record: &&Record| named.binary_search(&record.path).is_err();
        let more: Vec<String> =
            gathered.holders.iter().filter(unknown).map(|record| record.path.clone()).collect();
        if more.is_empty() {
            return Ok(gathered);
        }
        named.extend(more);
    }
}

/// Returns the record that is meant, and the paths of the others that hold its id.
fn held(
    place: &Place,
    files: &Files<'_>,
    options: &Options,
    own: Option<Record>,
    gathered: &mut Gathered,
) -> Result<(Record, Vec<String>), Error> {
    let mut paths: Vec<String> = gathered.holders.iter().map(|holder| holder.path.clone()).collect();
    paths.append(&mut gathered.closed);
    paths.sort();
    if let Some(own) = own {
        paths.retain(|path| *path != own.path);
        return Ok((own, paths));
    }
    match &paths[..] {
        [] => Err(nobody(&options.record)),
        // One that cannot be read says why.
        [only] => Ok((record_at(place, files, only)?, Vec::new())),
        [.., last] => {
            let all: Vec<String> = paths.iter().map(|path| shown(place, path)).collect();
            let id = read_id(&options.record, &place.config.kinds, None);
            let id = id.map_or_else(|| options.record.clone(), |id| id.text(&place.config.kinds));
            Err(Error::new(format!("{id} is the id of {} records: {}", all.len(), all.join(", "))).help(
                format!("name the one that is to change by its path: pmkit renumber {}", shown(place, last)),
            ))
        }
    }
}

/// Makes sure that the record can move, and returns what is to be done.
fn order<'a>(
    place: &'a Place,
    own: &Record,
    new: u64,
    others: Vec<String>,
    all: &[Item],
) -> Result<Renumbering<'a>, Error> {
    let mut order = Renumbering::new(&place.config, &place.prefix, own, new, others)?;
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let own_name = name(&order.from);
    order.named_alone = all.iter().filter(|item| name(&item.path) == own_name).count() <= 1;
    let inside = |item: &&Item| {
        let folder = order.from.rsplit_once('/').map_or("", |(folder, _)| folder);
        item.path.starts_with(&format!("{folder}/")) && item.path != order.from
    };
    if order.moves_folder() && all.iter().any(|item| inside(&item)) {
        let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let (from, to) = (folder(&order.from), folder(&order.to));
        return Err(Error::new(format!(
            "the number of {} stands in the name of its folder, and other files lie there too",
            order.old_id()
        ))
        .help(format!("move the folder, mend the links to it, then change the id: git mv {from} {to}")));
    }
    let claim = place.config.kinds.claim(&order.to)?;
    if claim.is_none_or(|claim| claim.kind != own.kind) {
        return Err(Error::new(format!("{} would be no record of its kind any more", order.to)));
    }
    Ok(order)
}

/// Refuses a number that somebody has, and says who and where.
fn refuse_taken(
    place: &Place,
    source: Option<Source<'_>>,
    kind: &Kind,
    order: &Renumbering<'_>,
    takers: &[String],
) -> Result<(), Error> {
    let id = order.new_id();
    let taken = |path: &str, place: &str| {
        Err(Error::new(format!("{id} is taken: {path} has it{place}; nothing was written")).help(format!(
            "leave the number out and the next free one is taken: pmkit renumber {}",
            if order.is_certain() { order.old_id() } else { order.from.clone() }
        )))
    };
    if order.old.number == order.new {
        return Ok(());
    }
    if let Some(path) = takers.iter().find(|path| **path != order.from) {
        return taken(&shown(place, path), "");
    }
    let numbers = all_of(Numbers::holding(kind, order.new), place, source);
    let is_there = |path: &str| place.tree.root.join(path).symlink_metadata().is_ok();
    // A name with words of its own that differs in nothing is the same record, before or after this change.
    let name = order.to.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let telling = stem.trim_start_matches(|c: char| c.is_ascii_alphabetic()).contains(char::is_alphabetic);
    let foreign = |taken: &&Taken| {
        taken.path != order.from
            && (taken.path != order.to
                || match taken.place {
                    Where::Tree => true,
                    Where::Index | Where::Head => is_there(&taken.path),
                    Where::Branch(_) | Where::Worktree(_) => !telling,
                })
    };
    let Some(found) = numbers.taken().iter().find(foreign) else {
        if is_there(&order.to) && order.to != order.from {
            return taken(&shown(place, &order.to), "");
        }
        return Ok(());
    };
    let lies = match &found.place {
        Where::Tree => String::new(),
        Where::Index => ", in the index of git".to_owned(),
        Where::Head => ", in the commit that is checked out".to_owned(),
        Where::Branch(name) => format!(", on the branch {name}"),
        Where::Worktree(folder) => format!(", in the worktree {}", folder.display()),
    };
    taken(&shown(place, &found.path), &lies)
}
