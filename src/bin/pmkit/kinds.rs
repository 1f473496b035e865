//! `pmkit kinds`

use std::io;

use pmkit::error::Error;
use pmkit::kind::Kind;
use pmkit::kind::Kinds as AllKinds;
use pmkit::report;
use pmkit::report::CatalogFormat;
use pmkit::report::Look;
use pmkit::text::nearest;

use crate::args::Common;
use crate::args::Kinds;
use crate::args::KindsFormat;
use crate::args::PageFormat;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Kinds) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    let kinds = &place.config.kinds;
    let only = options.kinds.iter().map(|name| find_kind(name, kinds)).collect::<Result<Vec<_>, _>>()?;
    let format = match options.format {
        KindsFormat::Text => CatalogFormat::Text,
        KindsFormat::Markdown => CatalogFormat::Markdown,
        KindsFormat::Json => CatalogFormat::Json,
        KindsFormat::Toml | KindsFormat::Template => {
            let [kind] = only[..] else {
                return Err(Error::new("one kind at a time has a file to print")
                    .help("name it: pmkit kinds risk --format toml")
                    .into());
            };
            return source(&kinds.all()[kind], options.format, look);
        }
    };
    report::kinds(format, &place.config, &only, place.today, look, &mut stdout(look))?;
    Ok(FINE)
}

/// Prints one of the two files of `kind`.
fn source(kind: &Kind, format: KindsFormat, look: Look<'_>) -> Result<u8, Failure> {
    let text = match (format, &kind.template) {
        (KindsFormat::Template, Some(template)) => template,
        (KindsFormat::Template, None) => {
            return Err(Error::new(format!("`{}` has no template", kind.id))
                .help(
                    "`new` writes its fields and headings; put your own beside the kind file to change that",
                )
                .into());
        }
        _ => &kind.source,
    };
    report::kind_source(text, &mut stdout(look))?;
    Ok(FINE)
}

pub(crate) fn catalog_format(format: PageFormat) -> CatalogFormat {
    match format {
        PageFormat::Text => CatalogFormat::Text,
        PageFormat::Markdown => CatalogFormat::Markdown,
        PageFormat::Json => CatalogFormat::Json,
    }
}

/// Returns the index of the kind called `name`, by its id or its prefix.
pub(crate) fn find_kind(name: &str, kinds: &AllKinds) -> Result<usize, Error> {
    let by_prefix = || kinds.all().iter().position(|kind| kind.prefix.eq_ignore_ascii_case(name));
    kinds.index_of(&name.to_lowercase()).or_else(by_prefix).ok_or_else(|| {
        let ids = || kinds.all().iter().map(|kind| kind.id.as_str());
        let error = Error::new(format!("there is no kind of record called `{name}`"));
        match nearest(name, ids()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("use one of: {}", ids().collect::<Vec<_>>().join(", "))),
        }
    })
}
