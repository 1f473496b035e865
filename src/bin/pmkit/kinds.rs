//! `pmkit kinds`

use std::borrow::Cow;
use std::io;

use pmkit::error::Error;
use pmkit::kind::Kind;
use pmkit::kind::Kinds as AllKinds;
use pmkit::kind::built_in;
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
    if let Some(text) = built_in_source(options) {
        let look = terminal::look(common, &io::stdout(), "");
        report::source(&text, &mut stdout(look))?;
        return Ok(FINE);
    }
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

/// Returns one of the two files of a built-in kind. Nothing in the tree is read for it: the shell has often made the
/// empty file already that the text goes to, and an empty kind file is a mistake.
fn built_in_source(options: &Kinds) -> Option<String> {
    let [name] = &options.kinds[..] else { return None };
    let path = format!("{}.toml", name.to_lowercase());
    let file = built_in().into_iter().find(|file| file.path.rsplit('/').next() == Some(&path))?;
    match options.format {
        KindsFormat::Toml => Some(file.text.into_owned()),
        KindsFormat::Template => file.template.map(Cow::into_owned),
        _ => None,
    }
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
    report::source(text, &mut stdout(look))?;
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
