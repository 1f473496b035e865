//! `pmkit.toml` and the kinds in force: everything a team has settled.

use std::collections::BTreeMap;

use globset::GlobMatcher;
use regex::Regex;

use crate::diagnostic::Level;
use crate::error::Error;
use crate::error::Result;
use crate::kind::Kinds;
use crate::text::nearest;

mod baseline;
mod births;
mod brief;
mod hearsay;
mod load;
mod people;
mod shape;

pub use baseline::BASELINE_FILE;
pub use baseline::Baseline;
pub use brief::BRIEF_NAMES;
pub use brief::BRIEFS_FOLDER;
pub use brief::BriefTemplate;
pub use hearsay::Hearsay;
pub use hearsay::MAX_PEOPLE_BYTES;
pub use hearsay::PEOPLE_FILES;
pub use load::Settings;
pub use load::load;
pub use people::People;
pub use people::Person;
pub use people::is_called;
pub use shape::CONFIG;

/// The name of the file that settles everything else, at the root of its tree.
pub const CONFIG_FILE: &str = "pmkit.toml";

/// What a team has settled.
#[derive(Debug)]
pub struct Config {
    /// The kinds in force: the built-in ones, and the team's own in their place or beside them.
    pub kinds: Kinds,
    /// Levels of rules for the whole tree.
    pub rules: Vec<(String, Level)>,
    /// Levels of rules for some paths; later ones win.
    pub overrides: Vec<Override>,
    /// Who exists.
    pub people: People,
    /// Whom other programs' files name, for where nobody is named as existing.
    pub hearsay: Hearsay,
    /// The pieces of work records belong to, by name.
    pub initiatives: BTreeMap<String, Initiative>,
    /// Identifiers of other systems, and the addresses they lead to.
    pub links: Vec<LinkPattern>,
    /// The registers `index` writes.
    pub registers: Vec<Register>,
    /// Findings that are known and not told.
    pub baseline: Baseline,
    /// The templates of briefs, by whom they are for.
    pub briefs: Vec<BriefTemplate>,
    /// The file `index` writes for programs, relative to the root.
    pub index: Option<String>,
}

/// Levels of rules for some paths.
#[derive(Debug)]
pub struct Override {
    /// The paths, as globs.
    pub paths: Vec<GlobMatcher>,
    /// The paths as written.
    pub globs: Vec<String>,
    /// The levels.
    pub rules: Vec<(String, Level)>,
}

/// A piece of work that records belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Initiative {
    /// Its name for people.
    pub title: Option<String>,
    /// Who keeps its records in order.
    pub keeper: Option<String>,
}

/// Identifiers of another system.
#[derive(Debug)]
pub struct LinkPattern {
    /// What they look like.
    pub pattern: Regex,
    /// The address, with `$1` for the first group.
    pub address: String,
}

/// A table of records kept between markers in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// The file, relative to the root.
    pub file: String,
    /// The ids of the kinds in it.
    pub kinds: Vec<String>,
    /// The fields it shows.
    pub columns: Vec<String>,
}

impl Config {
    /// Makes sure that `name` is an initiative the team has, where it has written down which there are.
    ///
    /// # Errors
    /// Where it is none, with the one that was meant or all there are.
    pub fn known_initiative(&self, name: &str) -> Result<()> {
        if self.initiatives.is_empty() || self.initiatives.contains_key(name) {
            return Ok(());
        }
        let names = || self.initiatives.keys().map(String::as_str);
        let error = Error::new(format!("`{name}` is no initiative of pmkit.toml"));
        Err(match nearest(name, names()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(format!("use one of: {}", names().collect::<Vec<_>>().join(", "))),
        })
    }

    /// Returns the name for people of the initiative `name`: `name` itself where the team has given it none.
    #[must_use]
    pub fn initiative_title<'a>(&'a self, name: &'a str) -> &'a str {
        self.initiatives.get(name).and_then(|known| known.title.as_deref()).unwrap_or(name)
    }

    /// Returns the level the last override that holds for `path` gives `rule`, if any does, and which override that is.
    #[must_use]
    pub fn override_of(&self, rule: &str, path: &str) -> Option<(usize, Level)> {
        let applies = |(_, entry): &(usize, &Override)| entry.paths.iter().any(|glob| glob.is_match(path));
        let told = |(at, entry): (usize, &Override)| {
            entry.rules.iter().find(|(name, _)| name == rule).map(|(_, level)| (at, *level))
        };
        self.overrides.iter().enumerate().rev().filter(applies).find_map(told)
    }
}
