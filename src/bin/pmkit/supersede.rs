//! `pmkit supersede`

use pmkit::record::Depth;
use pmkit::revise::Original;
use pmkit::revise::supersede;
use pmkit::workspace::Inputs;
use pmkit::workspace::read_records;

use crate::args::Common;
use crate::args::Supersede;
use crate::carry::revise;
use crate::originals::originals;
use crate::outcome::Failure;
use crate::outcome::tell_unreadable;
use crate::place::Place;

pub(crate) fn run(common: &Common, options: &Supersede) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    place.writable()?;
    let door = if options.writing.writes() { Some(place.door()?) } else { None };
    let mut named = originals(&place, common, &[&options.old, &options.by])?;
    // Named twice, it is read once.
    let new: Original = named.pop().unwrap_or_else(|| unreachable!("two names mean a record at least"));
    let old = named.pop().unwrap_or_else(|| new.clone());
    let files = place.files()?;
    let paths = files.paths();
    let inputs = Inputs { paths: &paths, read: &|path| files.read(path), around: None };
    let reading = read_records(&place.config, inputs, Depth::FrontMatter, &|_| true, &|_| false)?;
    tell_unreadable(reading.unreadable);
    let revised = supersede(&reading.workspace, &old, &new, place.today)?;
    let kinds = &place.config.kinds;
    let name = |path: &str| {
        let found = reading.workspace.at(path).map(|at| reading.workspace.records[at].name(kinds));
        found.unwrap_or_else(|| path.to_owned())
    };
    let message = revised.message_below(&format!("{}: superseded by {}", name(&old.path), name(&new.path)));
    revise(&place, common, door.as_ref(), &options.writing, &revised, message)
}
