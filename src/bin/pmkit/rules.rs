//! `pmkit rules`

use std::io;

use pmkit::document::Document;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::lint::acknowledged;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::report;

use crate::args::Common;
use crate::args::Rules;
use crate::kinds::catalog_format;
use crate::named::record_named;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Rules) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let record = match &options.record {
        Some(name) => Some(named(&place, common, name)?),
        None => None,
    };
    let of = record.as_ref().map(|(record, allowed)| (record, &allowed[..]));
    report::rules(catalog_format(options.format), &place.config, of, look, &mut stdout(look))?;
    Ok(FINE)
}

/// Reads the record that `name` means, and the rules it allows itself.
fn named(place: &Place, common: &Common, name: &str) -> Result<(Record, Vec<&'static str>), Failure> {
    let files = place.files()?;
    let absent = || {
        Error::new(format!("there is no record `{name}`"))
            .help("write an id, as in RFC-0007, or a path; for all levels: pmkit rules")
    };
    let path = record_named(place, common, &files, &files.paths(), name)?.ok_or_else(absent)?;
    let claim = place.config.kinds.claim(&path)?.ok_or_else(absent)?;
    let text = files.read(&path).and_then(decode);
    let text = text.map_err(|why| Error::new(format!("{path} {}", why.what)).help(why.help))?;
    let document = Document::read(text);
    let allowed = acknowledged(&document, place.today);
    Ok((Record::read(&path, claim, &document, &place.config, Depth::FrontMatter), allowed))
}
