//! `pmkit reassign`

use std::io;
use std::io::Write;

use pmkit::error::Error;
use pmkit::query::Query;
use pmkit::query::Scope;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::register;
use pmkit::revise::Original;
use pmkit::revise::hands_over;
use pmkit::revise::reassign;
use pmkit::scaffold::one_person;
use pmkit::text::nearest;
use pmkit::text::visible;
use pmkit::workspace::Inputs;
use pmkit::workspace::read_records;

use crate::args::Common;
use crate::args::Reassign;
use crate::carry::revise;
use crate::filter::of_initiative;
use crate::identity::identity;
use crate::originals::original;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::outcome::tell_unreadable;
use crate::place::Place;

pub(crate) fn run(common: &Common, options: &Reassign) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    place.writable()?;
    let config = &place.config;
    let from = options.from.trim();
    if from.is_empty() || options.to.trim().is_empty() {
        return Err(Error::new("two people are needed: who hands over, and who takes over").into());
    }
    let to = one_person(options.to.trim(), "who takes over", config)?;
    let handle = |name: &str| config.people.handle_of(name).map_or_else(|| name.to_owned(), str::to_owned);
    if handle(from) == handle(&to) {
        return Err(Error::new(format!("`{from}` and `{}` are one person", options.to)).into());
    }
    let me = identity(&place);
    let kinds = register::kinds_named(&options.kinds, config)?;
    let scope = Scope { config, kinds: &kinds, today: place.today, me: me.as_deref() };
    let mut conditions = Vec::new();
    for text in &options.conditions {
        conditions.push(Query::parse(text, scope)?);
    }
    if let Some(initiative) = &options.initiative {
        conditions.push(of_initiative(initiative, scope)?);
    }
    let door = if options.writing.writes() { Some(place.door()?) } else { None };
    let files = place.files()?;
    let paths = files.paths();
    let inputs = Inputs { paths: &paths, read: &|path| files.read(path), around: None };
    let wanted = |kind: usize| kinds.contains(&kind);
    let meant = |record: &Record| {
        let kind = config.kinds.at(record.kind);
        !hands_over(record, kind, from, config).is_empty()
            && conditions.iter().all(|condition| condition.holds(record, config, place.today))
    };
    let reading = read_records(config, inputs, Depth::FrontMatter, &wanted, &meant)?;
    let mut originals: Vec<Original> = Vec::new();
    for (record, document) in reading.workspace.records.iter().zip(&reading.documents) {
        if document.is_some() && files.is_own(&record.path) {
            originals.push(original(&place, &record.path)?);
        } else if document.is_some() && !common.quiet {
            let said = format!("{} leads to another file, and is left out", record.path);
            let _ = writeln!(io::stderr(), "{}", visible(&said));
        }
    }
    tell_unreadable(reading.unreadable);
    let revised = reassign(&originals, from, &to, config)?;
    let count = revised.changes.len();
    if count == 0 {
        nothing(from, &place);
        return Ok(FINE);
    }
    let records = if count == 1 { "1 record".to_owned() } else { format!("{count} records") };
    let message = revised.message_below(&format!("Hand over from {} to {to}: {records}", handle(from)));
    revise(&place, common, door.as_ref(), &options.writing, &revised, message)
}

/// Says that nothing waits for `from`, and who may have been meant.
fn nothing(from: &str, place: &Place) {
    let people = &place.config.people;
    let near = match people.handle_of(from) {
        Some(_) => None,
        None => nearest(from, people.handles()),
    };
    let meant = near.map(|near| format!(": did you mean {near}?")).unwrap_or_default();
    let said = format!("nobody hands over anything: no record here waits for {from}{meant}");
    let _ = writeln!(io::stderr(), "{}", visible(&said));
}
