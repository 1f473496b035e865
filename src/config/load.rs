//! Reading `pmkit.toml` and the kinds together, because each says something about the other.

use std::collections::BTreeMap;

use globset::GlobMatcher;
use regex::RegexBuilder;

use super::Baseline;
use super::Config;
use super::Hearsay;
use super::Initiative;
use super::LinkPattern;
use super::Override;
use super::Register;
use super::births;
use super::brief::briefs;
use super::people::People;
use super::people::Person;
use super::shape::CONFIG;
use crate::diagnostic::Level;
use crate::error::Error;
use crate::error::Mistake;
use crate::error::Result;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::kind::KindFile;
use crate::kind::Kinds;
use crate::kind::Origin;
use crate::kind::PathPattern;
use crate::kind::compile_glob;
use crate::shape::Table;
use crate::shape::Toml;
use crate::shape::Written;
use crate::shape::check;
use crate::text::Span;
use crate::text::nearest;
use crate::text::with_article;

/// The texts everything is settled by.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The path and text of `pmkit.toml`, where there is one.
    pub config: Option<(String, String)>,
    /// The kind files: the built-in ones first, then the team's own.
    pub kinds: Vec<KindFile>,
    /// The text of the file of known findings, where there is one.
    pub baseline: Option<String>,
    /// The paths and texts of the team's own templates of briefs.
    pub briefs: Vec<(String, String)>,
    /// The paths and texts of those of [`super::PEOPLE_FILES`] that are there.
    pub people: Vec<(String, String)>,
}

/// Reads `settings`. `rules` are the names of all rules.
///
/// # Errors
/// Every mistake in the kind files and in `pmkit.toml`, each with its place; or that two kinds contradict each other.
pub fn load(settings: &Settings, rules: &[&str]) -> Result<Config> {
    let mut mistakes = Vec::new();
    let mut kinds: Vec<Kind> = Vec::new();
    for file in &settings.kinds {
        match crate::kind::load(file, rules) {
            Ok(kind) => match kinds.iter_mut().find(|known| known.id == kind.id) {
                Some(known) => *known = kind,
                None => kinds.push(kind),
            },
            Err(found) => mistakes.extend(found),
        }
    }
    verify_references(&settings.kinds, &kinds, &mut mistakes);
    kinds.sort_by(|a, b| (&a.group, &a.id).cmp(&(&b.group, &b.id)));
    let steering = match &settings.config {
        Some((path, text)) => {
            let toml = Toml::new(path, text);
            let read = toml.with(|table| {
                let found = check(&toml, table, &CONFIG, Span::at(0));
                if found.is_empty() { Reader::new(&toml, rules).read(table, &mut kinds) } else { Err(found) }
            });
            read.unwrap_or_else(|found| {
                mistakes.extend(found);
                Steering::default()
            })
        }
        None => Steering::default(),
    };
    let baseline = match &settings.baseline {
        Some(text) => Baseline::read(text, rules).unwrap_or_else(|found| {
            mistakes.extend(found);
            Baseline::default()
        }),
        None => Baseline::default(),
    };
    let briefs = briefs(&settings.briefs, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Error::from_mistakes(mistakes));
    }
    Ok(Config {
        kinds: Kinds::new(kinds)?,
        rules: steering.rules,
        overrides: steering.overrides,
        people: steering.people,
        hearsay: Hearsay::read(&settings.people),
        initiatives: steering.initiatives,
        links: steering.links,
        registers: steering.registers,
        baseline,
        briefs,
        index: steering.index,
    })
}

/// Adds a mistake for everything in a team's kind files that does not fit the other kinds: a `to` that names none, an
/// `inverse` that none of them has, a prefix or path that another one has already.
fn verify_references(files: &[KindFile], kinds: &[Kind], mistakes: &mut Vec<Mistake>) {
    for file in files.iter().filter(|file| !file.built_in) {
        // A file that is no kind has been told about already.
        let Some(own) = kinds.iter().find(|kind| kind.origin == Origin::File(file.path.clone())) else {
            continue;
        };
        let toml = Toml::new(&file.path, &file.text);
        let found = toml.with(|table| Err::<(), _>(misfits(&toml, table, own, kinds)));
        mistakes.extend(found.err().unwrap_or_default());
    }
}

/// Returns what in the kind file of `own` does not fit the other kinds.
fn misfits(toml: &Toml<'_>, table: Table<'_>, own: &Kind, kinds: &[Kind]) -> Vec<Mistake> {
    let ids: Vec<&str> = kinds.iter().map(|kind| kind.id.as_str()).collect();
    let mut found = Vec::new();
    for field in table.tables("field") {
        let to = field.texts("to");
        found.extend(
            to.iter().filter(|to| !ids.contains(&to.value)).map(|to| not_a(toml, *to, &ids, "a kind")),
        );
        let asked = |kind: &&Kind| to.is_empty() || to.iter().any(|to| to.value == kind.id);
        if let Some(inverse) = field.text("inverse") {
            let fields =
                || kinds.iter().filter(asked).flat_map(|kind| &kind.fields).map(|field| field.name.as_str());
            if !fields().any(|name| name == inverse.value) {
                let mut names: Vec<&str> = fields().collect();
                names.sort_unstable();
                names.dedup();
                found.push(not_a(toml, inverse, &names, "a field of the kind it points to"));
            }
        }
        if let Some(within) = field.text("within") {
            let has =
                |kind: &Kind| kind.field(within.value).is_some_and(|field| field.value == FieldType::Period);
            if !kinds.iter().filter(asked).any(has) {
                let message = format!("no kind it points to has a period `{}`", within.value);
                found.push(toml.mistake(within.span, message, &[]));
            }
        }
    }
    for companion in table.tables("field").into_iter().filter_map(|field| field.table("companion")) {
        found.extend(no_companion(toml, companion, own, kinds));
    }
    found.extend(births::misfits(toml, table, kinds));
    for other in kinds.iter().filter(|kind| kind.id != own.id) {
        let help = format!("choose another, or write `id = \"{}\"` to take the place of that kind", other.id);
        for (key, clash) in [("prefix", own.prefix == other.prefix), ("path", own.shares_path_with(other))] {
            if let (true, Some(written)) = (clash, table.text(key)) {
                let message = format!("the kind `{}` has this {key} already", other.id);
                found.push(toml.mistake(written.span, message, std::slice::from_ref(&help)));
            }
        }
    }
    found
}

/// Returns what of the kind of a companion is not as the kind file of `own` has it.
fn no_companion(toml: &Toml<'_>, table: Table<'_>, own: &Kind, kinds: &[Kind]) -> Option<Mistake> {
    let (named, through) = (table.text("kind")?, table.text("through")?);
    let Some(other) = kinds.iter().find(|kind| kind.id == named.value) else {
        let ids: Vec<&str> = kinds.iter().map(|kind| kind.id.as_str()).collect();
        return Some(not_a(toml, named, &ids, "a kind"));
    };
    let fits =
        |field: &&Field| field.value.is_reference() && (field.to.is_empty() || field.to.contains(&own.id));
    let fields: Vec<&str> = other.fields.iter().filter(fits).map(|field| field.name.as_str()).collect();
    if !fields.contains(&through.value) {
        let what = format!("a field by which {} names {}", with_article(&other.id), with_article(&own.id));
        return Some(not_a(toml, through, &fields, &what));
    }
    let states = other.lifecycle.states();
    let odd =
        table.texts("in").into_iter().find(|state| !states.is_empty() && !states.contains(&state.value));
    odd.map(|state| not_a(toml, state, &states, &format!("a state of {}", with_article(&other.id))))
}

pub(super) fn not_a(toml: &Toml<'_>, written: Written<&str>, known: &[&str], what: &str) -> Mistake {
    let help = match nearest(written.value, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of: {}", known.join(", ")),
    };
    toml.mistake(written.span, format!("`{}` is not {what}", written.value), &[help])
}

/// Says what to write in place of a glob that plainly matches nothing: a folder, an exception, a path with backslashes.
fn matches_nothing(glob: &str) -> Option<String> {
    let last = glob.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let folder = glob.ends_with('/') || !last.contains(['.', '*', '?', '[', '{']);
    if glob.contains('\\') {
        Some("write `/` between folders".to_owned())
    } else if glob.starts_with('!') {
        Some("name what it holds for; later overrides win over earlier ones".to_owned())
    } else if folder {
        Some(format!("for all below a folder write `{}/**`", glob.trim_end_matches('/')))
    } else {
        None
    }
}

/// What `pmkit.toml` says, apart from the kinds.
#[derive(Default)]
struct Steering {
    rules: Vec<(String, Level)>,
    overrides: Vec<Override>,
    people: People,
    initiatives: BTreeMap<String, Initiative>,
    links: Vec<LinkPattern>,
    registers: Vec<Register>,
    index: Option<String>,
}

struct Reader<'a> {
    toml: &'a Toml<'a>,
    rules: &'a [&'a str],
    mistakes: Vec<Mistake>,
}

impl<'a> Reader<'a> {
    fn new(toml: &'a Toml<'a>, rules: &'a [&'a str]) -> Self {
        Self { toml, rules, mistakes: Vec::new() }
    }

    fn read(mut self, table: Table<'_>, kinds: &mut [Kind]) -> Result<Steering, Vec<Mistake>> {
        self.paths(table, kinds);
        let people = self.people(table);
        let steering = Steering {
            rules: self.levels(table),
            overrides: table.tables("override").into_iter().map(|table| self.override_of(table)).collect(),
            initiatives: self.initiatives(table, &people),
            people,
            links: self.links(table),
            registers: table
                .tables("register")
                .into_iter()
                .map(|table| self.register(table, kinds))
                .collect(),
            index: table.table("index").and_then(|table| table.string("json")),
        };
        if self.mistakes.is_empty() { Ok(steering) } else { Err(self.mistakes) }
    }

    fn levels(&mut self, table: Table<'_>) -> Vec<(String, Level)> {
        let Some(levels) = table.table("rules") else { return Vec::new() };
        let mut read = Vec::new();
        for rule in levels.keys() {
            if !self.rules.contains(&rule.value) {
                self.mistakes.push(not_a(self.toml, rule, self.rules, "a rule"));
            }
            let level = levels.text(rule.value).and_then(|level| Level::parse(level.value));
            read.extend(level.map(|level| (rule.value.to_owned(), level)));
        }
        read
    }

    fn override_of(&mut self, table: Table<'_>) -> Override {
        let mut paths: Vec<GlobMatcher> = Vec::new();
        let globs = table.texts("paths");
        if let (true, Some(span)) = (globs.is_empty(), table.value_place("paths")) {
            let help = "name some, as in `docs/archive/**`".to_owned();
            self.mistakes.push(self.toml.mistake(span, "an override for no paths holds nowhere", &[help]));
        }
        for glob in globs {
            if let Some(help) = matches_nothing(glob.value) {
                let message = format!("`{}` matches no file", glob.value);
                self.mistakes.push(self.toml.mistake(glob.span, message, &[help]));
            }
            match compile_glob(glob.value) {
                Ok(matcher) => paths.push(matcher),
                Err(why) => self.mistakes.push(self.toml.mistake(glob.span, format!("`paths` {why}"), &[])),
            }
        }
        Override { paths, globs: table.strings("paths"), rules: self.levels(table) }
    }

    fn paths(&mut self, table: Table<'_>, kinds: &mut [Kind]) {
        let Some(paths) = table.table("paths") else { return };
        for id in paths.keys() {
            let Some(written) = paths.text(id.value) else { continue };
            match kinds.iter().position(|kind| kind.id == id.value) {
                None => {
                    let ids: Vec<&str> = kinds.iter().map(|kind| kind.id.as_str()).collect();
                    self.mistakes.push(not_a(self.toml, id, &ids, "a kind"));
                }
                Some(index) => match PathPattern::parse(written.value) {
                    Ok(pattern) => kinds[index].path = pattern,
                    Err(why) => {
                        let message = format!("the path of `{}` {why}", id.value);
                        self.mistakes.push(self.toml.mistake(written.span, message, &[]));
                    }
                },
            }
        }
    }

    fn people(&mut self, table: Table<'_>) -> People {
        let Some(people) = table.table("people") else { return People::default() };
        let person = |handle: Written<&str>| {
            let table = people.table(handle.value)?;
            let person = Person {
                name: table.string("name"),
                email: table.string("email"),
                aliases: table.strings("aliases"),
                role: table.string("role"),
            };
            Some((handle.value.to_owned(), person))
        };
        People::new(people.keys().filter_map(person).collect())
    }

    fn initiatives(&mut self, table: Table<'_>, people: &People) -> BTreeMap<String, Initiative> {
        let Some(initiatives) = table.table("initiative") else { return BTreeMap::new() };
        let mut read = BTreeMap::new();
        for name in initiatives.keys() {
            let Some(table) = initiatives.table(name.value) else { continue };
            // Somebody who is not listed may keep it; a slip in a listed name is told.
            if let Some(keeper) = table.text("keeper")
                && people.handle_of(keeper.value).is_none()
                && nearest(keeper.value, people.handles()).is_some()
            {
                let handles: Vec<&str> = people.handles().collect();
                self.mistakes.push(not_a(self.toml, keeper, &handles, "in [people]"));
            }
            let initiative = Initiative { title: table.string("title"), keeper: table.string("keeper") };
            read.insert(name.value.to_owned(), initiative);
        }
        read
    }

    fn links(&mut self, table: Table<'_>) -> Vec<LinkPattern> {
        let Some(links) = table.table("links") else { return Vec::new() };
        let mut read = Vec::new();
        for key in links.keys() {
            match RegexBuilder::new(key.value).size_limit(1 << 20).build() {
                Ok(pattern) => {
                    read.push(LinkPattern { pattern, address: links.string(key.value).unwrap_or_default() });
                }
                Err(error) => {
                    let why = error.to_string();
                    let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                    self.mistakes.push(self.toml.mistake(
                        key.span,
                        format!("not a regular expression: {why}"),
                        &[],
                    ));
                }
            }
        }
        read
    }

    fn register(&mut self, table: Table<'_>, kinds: &[Kind]) -> Register {
        let ids: Vec<&str> = kinds.iter().map(|kind| kind.id.as_str()).collect();
        for id in table.texts("kinds").into_iter().filter(|id| !ids.contains(&id.value)) {
            self.mistakes.push(not_a(self.toml, id, &ids, "a kind"));
        }
        Register {
            file: table.string("file").unwrap_or_default(),
            kinds: table.strings("kinds"),
            columns: table.strings("columns"),
        }
    }
}
