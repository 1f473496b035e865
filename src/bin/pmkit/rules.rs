//! `pmkit rules`

use std::io;

use pmkit::report;

use crate::args::Common;
use crate::args::Rules;
use crate::kinds::catalog_format;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Rules) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    report::rules(catalog_format(options.format), &place.config, look, &mut stdout(look))?;
    Ok(FINE)
}
