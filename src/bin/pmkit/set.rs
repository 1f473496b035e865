//! `pmkit set`

use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::query::Scope;
use pmkit::revise::Condition;
use pmkit::revise::Given;
use pmkit::revise::Order;
use pmkit::revise::set;

use crate::args::Common;
use crate::args::Set;
use crate::carry::revise;
use crate::identity::identity;
use crate::originals::originals;
use crate::outcome::Failure;
use crate::place::Place;

pub(crate) fn run(common: &Common, options: &Set) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    place.writable()?;
    let mut names = Vec::new();
    let mut given = Vec::new();
    for word in &options.words {
        match Given::read(word) {
            Some(field) => given.push(field),
            None => names.push(word.as_str()),
        }
    }
    if names.is_empty() {
        return Err(Error::new("no record is named")
            .help("write its id first: pmkit set R-0021 owner=ana")
            .into());
    }
    if given.is_empty() {
        let help = format!("write field=value, as in pmkit set {} owner=ana", names[0]);
        return Err(Error::new("nothing is set").help(help).into());
    }
    // What is read from here on nobody else changes.
    let door = if options.writing.writes() { Some(place.door()?) } else { None };
    let originals = originals(&place, common, &names)?;
    let mut kinds: Vec<usize> = originals.iter().map(|original| original.claim.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let me = if options.conditions.is_empty() { None } else { identity(&place) };
    let scope = Scope { config: &place.config, kinds: &kinds, today: place.today, me: me.as_deref() };
    let conditions = options.conditions.iter().map(|text| Condition::parse(text, scope));
    let conditions = conditions.collect::<Result<Vec<Condition>, Error>>()?;
    let committed = |path: &str| committed(&place, path);
    let order = Order {
        config: &place.config,
        given: &given,
        conditions: &conditions,
        today: place.today,
        committed: &committed,
    };
    let revised = set(&originals, order)?;
    revise(&place, common, door.as_ref(), &options.writing, &revised, revised.message())
}

/// Returns the text that the last commit has of the file at `path`; `None` where it has none, or cannot be asked.
pub(crate) fn committed(place: &Place, path: &str) -> Option<String> {
    let source = place.source().ok().flatten()?;
    let head = source.resolve("HEAD").ok().flatten()?;
    let (folder, _) = path.rsplit_once('/').unwrap_or(("", path));
    let snapshot = source.snapshot(Some(head), &place.prefix, &[folder.to_owned()]).ok()?;
    decode(snapshot.read(path).ok()?).ok()
}
