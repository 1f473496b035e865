//! The one loader of kind files, for the built-in kinds and a team's own.

use std::borrow::Cow;

use super::Birth;
use super::BriefPart;
use super::Budget;
use super::Companion;
use super::Expression;
use super::Field;
use super::FieldType;
use super::FilledBy;
use super::Items;
use super::Kind;
use super::Lifecycle;
use super::Origin;
use super::Part;
use super::Pattern;
use super::Required;
use super::SectionSpec;
use super::Sketch;
use super::claim::compile;
use super::default::DefaultValue;
use super::every::every_field;
use super::path::PathPattern;
use super::shape::KIND;
use super::verify::verify;
use crate::date::Days;
use crate::diagnostic::Level;
use crate::error::Mistake;
use crate::shape::Table;
use crate::shape::Toml;
use crate::shape::Written;
use crate::shape::check;
use crate::text::Span;

/// A kind file with the template beside it.
#[derive(Debug, Clone)]
pub struct KindFile {
    /// The path of the TOML file, relative to the root.
    pub path: String,
    /// Its text.
    pub text: Cow<'static, str>,
    /// The text of the template, where there is one.
    pub template: Option<Cow<'static, str>>,
    /// Whether it comes with pmkit.
    pub built_in: bool,
}

/// Reads a kind file. `rules` are the names of all rules, which `levels` may name.
///
/// # Errors
/// Every mistake in the file, each with its place and, where one is near, the name that was meant.
pub fn load(file: &KindFile, rules: &[&str]) -> Result<Kind, Vec<Mistake>> {
    let toml = Toml::new(&file.path, &file.text);
    // Those that come with pmkit are checked wherever tests run, and not again at every start.
    let unknown = !file.built_in || cfg!(debug_assertions);
    toml.with(|table| {
        let mut mistakes = if unknown { check(&toml, table, &KIND, Span::at(0)) } else { Vec::new() };
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let kind = read(&toml, table, file, unknown, &mut mistakes);
        if let Some(kind) = kind.as_ref().filter(|_| unknown) {
            verify(&toml, table, kind, rules, &mut mistakes);
        }
        match kind {
            Some(kind) if mistakes.is_empty() => Ok(kind),
            _ => Err(mistakes),
        }
    })
}

fn read(
    toml: &Toml<'_>,
    table: Table<'_>,
    file: &KindFile,
    unknown: bool,
    mistakes: &mut Vec<Mistake>,
) -> Option<Kind> {
    let path = table.text("path")?;
    let path = match PathPattern::parse(path.value) {
        Ok(pattern) => Some(pattern),
        Err(why) => {
            mistakes.push(toml.mistake(path.span, format!("`path` {why}"), &[]));
            None
        }
    };
    let mut also_globs = Vec::new();
    for glob in table.texts("also") {
        match compile(glob.value) {
            Ok(matcher) => also_globs.push(matcher),
            Err(why) => mistakes.push(toml.mistake(glob.span, format!("`also` {why}"), &[])),
        }
    }
    let lifecycle = lifecycle(table);
    let fields = all_fields(toml, table, &lifecycle, mistakes);
    let sections: Vec<SectionSpec> = table.tables("section").into_iter().filter_map(section).collect();
    let births =
        table.tables("born_from").into_iter().map(|table| birth(table, &fields, &sections)).collect();
    let origin = if file.built_in { Origin::BuiltIn } else { Origin::File(file.path.clone()) };
    Some(Kind {
        id: table.string("id")?,
        title: table.string("title")?,
        prefix: table.string("prefix")?,
        group: table.string("group"),
        purpose: table.string("purpose"),
        example: table.string("example"),
        filled_by: table.string("filled_by").and_then(|name| FilledBy::named(&name)),
        path: path?,
        also: table.strings("also"),
        also_globs,
        gives_way: false,
        max_words: count(table, "max_words"),
        budgets: table.tables("budget").into_iter().filter_map(budget).collect(),
        keys: keys_of(&fields),
        fields,
        sections,
        births,
        patterns: table
            .tables("pattern")
            .into_iter()
            .map(|table| pattern(toml, table, unknown, mistakes))
            .collect(),
        lifecycle,
        levels: table.table("levels").map(levels).unwrap_or_default(),
        template: file.template.clone(),
        source: file.text.clone(),
        origin,
        template_text: std::sync::OnceLock::new(),
    })
}

/// Lists every key of `fields` in small letters with the index of its field, sorted. Where two fields claim a key, which
/// is a mistake of its own, the first wins.
fn keys_of(fields: &[Field]) -> Vec<(String, usize)> {
    let of_field = |(index, field): (usize, &Field)| {
        let keys = std::iter::once(&field.key).chain(&field.aliases);
        keys.map(|key| (key.to_ascii_lowercase(), index)).collect::<Vec<_>>()
    };
    let mut keys: Vec<(String, usize)> = fields.iter().enumerate().flat_map(of_field).collect();
    keys.sort();
    keys.dedup_by(|next, first| next.0 == first.0);
    keys
}

fn count(table: Table<'_>, name: &str) -> Option<u32> {
    table.integer(name).and_then(|written| u32::try_from(written.value).ok())
}

fn budget(table: Table<'_>) -> Option<Budget> {
    Some(Budget {
        name: table.string("name")?,
        sections: table.strings("sections"),
        max_words: count(table, "max_words")?,
    })
}

fn section(table: Table<'_>) -> Option<SectionSpec> {
    Some(SectionSpec {
        title: table.string("title")?,
        aliases: table.strings("aliases"),
        required: required(table),
        role: table.string("role"),
        brief: table.string("brief").and_then(|name| BriefPart::named(&name)),
        takes: table.string("takes"),
        items: table.table("items").map(|items| Items {
            min: count(items, "min"),
            max: count(items, "max"),
            states: items.strings("in"),
        }),
        answered_in: table.strings("answered_in"),
        each: table.tables("each").into_iter().filter_map(part).collect(),
        max_words: count(table, "max_words"),
        help: table.string("help"),
        example: table.string("example"),
    })
}

fn part(table: Table<'_>) -> Option<Part> {
    Some(Part { label: table.string("label")?, aliases: table.strings("aliases"), value: type_of(table) })
}

/// Returns the type that `table` names.
fn type_of(table: Table<'_>) -> FieldType {
    let named = table.text("type").map_or("text", |named| named.value);
    FieldType::ALL.iter().find(|(known, _)| *known == named).map_or(FieldType::Text, |(_, value)| *value)
}

fn required(table: Table<'_>) -> Required {
    if table.flag("required") {
        return Required::Always;
    }
    let states = table.strings("required_in");
    if !states.is_empty() {
        return Required::In(states);
    }
    table.table("required_if").map_or(Required::Never, condition)
}

fn condition(table: Table<'_>) -> Required {
    Required::If { field: table.string("field").unwrap_or_default(), is: table.strings("is") }
}

/// Reads the length of time behind `key`.
fn days(toml: &Toml<'_>, table: Table<'_>, key: &str, mistakes: &mut Vec<Mistake>) -> Option<Days> {
    let written = table.text(key)?;
    let days = Days::parse(written.value);
    if days.is_none() {
        let message = format!("`{}` is no length of time", written.value);
        mistakes.push(toml.mistake(written.span, message, &["write `14d`, `2w` or `3bd`".to_owned()]));
    }
    days
}

fn companion(toml: &Toml<'_>, table: Table<'_>, mistakes: &mut Vec<Mistake>) -> Option<Companion> {
    Some(Companion {
        kind: table.string("kind")?,
        through: table.string("through")?,
        states: table.strings("in"),
        ahead: days(toml, table, "ahead", mistakes)?,
        when: table.table("when").map_or(Required::Always, condition),
    })
}

fn pattern(toml: &Toml<'_>, table: Table<'_>, unknown: bool, mistakes: &mut Vec<Mistake>) -> Pattern {
    let mut regex = |name: &str| -> Option<Expression> {
        let written = table.text(name)?;
        let expression = Expression::new(written.value);
        // Those that come with pmkit are known to be right.
        if let Some(why) = unknown.then(|| expression.mistake()).flatten() {
            mistakes.push(toml.mistake(written.span, format!("not a regular expression: {why}"), &[]));
            return None;
        }
        Some(expression)
    };
    Pattern {
        must_match: regex("must_match"),
        must_not_match: regex("must_not_match"),
        section: table.string("section"),
        message: table.string("message").unwrap_or_default(),
    }
}

/// Reads a way to be born. What is named there and is not there is left out, and told elsewhere.
fn birth(table: Table<'_>, fields: &[Field], sections: &[SectionSpec]) -> Birth {
    let sketch = |written: Written<&str>| Sketch { text: written.value.to_owned(), place: written.span };
    let named = |key: &str| {
        let table = table.table(key);
        let keys = table.into_iter().flat_map(Table::keys);
        keys.filter_map(|key| Some((key.value.to_owned(), sketch(table?.text(key.value)?))))
            .collect::<Vec<_>>()
    };
    let of_sections = |key: &str| {
        let index = |title: &str| sections.iter().position(|section| section.title == title);
        let found = named(key).into_iter().filter_map(|(title, sketch)| Some((index(&title)?, sketch)));
        in_order(found)
    };
    let index = |name: &str| fields.iter().position(|field| field.name == name);
    Birth {
        kinds: table.strings("kinds"),
        states: table.strings("in"),
        decided: table.flag("decided"),
        once: table.flag("once"),
        when: table.string("when"),
        suggested_by: table.strings("suggested_by"),
        title: table.text("title").map(sketch),
        fields: in_order(
            named("fields").into_iter().filter_map(|(name, sketch)| Some((index(&name)?, sketch))),
        ),
        sections: of_sections("sections"),
        asks: of_sections("ask"),
        back: named("back"),
    }
}

fn in_order(found: impl Iterator<Item = (usize, Sketch)>) -> Vec<(usize, Sketch)> {
    let mut found: Vec<(usize, Sketch)> = found.collect();
    found.sort_by_key(|(index, _)| *index);
    found
}

fn lifecycle(table: Table<'_>) -> Lifecycle {
    let Some(table) = table.table("lifecycle") else {
        return Lifecycle { field: "status".to_owned(), ..Lifecycle::default() };
    };
    let moves = table.table("moves");
    let listed = |from: &str| moves.map(|moves| moves.strings(from)).unwrap_or_default();
    let states =
        moves.map(|moves| moves.keys().map(|key| key.value.to_owned()).collect()).unwrap_or_default();
    let states: Vec<String> = states;
    let by_state = table.table("levels").map(|states| {
        let of_state = |state: &str| states.table(state).map(levels).unwrap_or_default();
        states.keys().map(|state| (state.value.to_owned(), of_state(state.value))).collect()
    });
    Lifecycle {
        field: table.string("field").unwrap_or_else(|| "status".to_owned()),
        initial: table.string("initial"),
        from_any: listed("*"),
        moves: states
            .into_iter()
            .filter(|from| from != "*")
            .map(|from| (from.clone(), listed(&from)))
            .collect(),
        open: table.strings("open"),
        decided: table.strings("decided"),
        ended: table.strings("final"),
        red: table.strings("red"),
        amber: table.strings("amber"),
        retired: table.strings("retired"),
        refuted: table.strings("refuted"),
        confirmed: table.strings("confirmed"),
        frozen: table.flag("frozen"),
        mutable_sections: table.strings("mutable_sections"),
        superseded: table.string("superseded"),
        levels: by_state.unwrap_or_default(),
    }
}

/// Reads a table of rules with their levels.
fn levels(table: Table<'_>) -> Vec<(String, Level)> {
    let level = |rule: &str| Level::parse(table.text(rule)?.value);
    table.keys().filter_map(|rule| Some((rule.value.to_owned(), level(rule.value)?))).collect()
}

/// Returns the fields every kind has and the kind's own, the kind's saying everything about those it names again.
fn all_fields(
    toml: &Toml<'_>,
    table: Table<'_>,
    lifecycle: &Lifecycle,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Field> {
    let mut own = fields_of(toml, table, mistakes);
    let mut fields = Vec::new();
    let mut common = Vec::new();
    for field in every_field() {
        match own.iter().position(|own| own.name == field.name) {
            Some(index) => fields.push(own.remove(index)),
            None if field.required == Required::Always => fields.push(field.clone()),
            None => common.push(field.clone()),
        }
        if field.name == "title" {
            let at = own.iter().position(|own| own.name == lifecycle.field);
            fields.push(state_field(lifecycle, at.map(|at| own.remove(at))));
        }
    }
    fields.append(&mut own);
    fields.append(&mut common);
    let id = table.string("id").unwrap_or_default();
    fields.push(Field {
        value: FieldType::Enum,
        values: vec![id],
        help: Some("the kind, if it is said at all".to_owned()),
        ..Field::named("kind")
    });
    fields
}

/// Returns the field of the state, as the lifecycle and the kind's own words on it (`key`, `aliases`, …) make it.
fn state_field(lifecycle: &Lifecycle, own: Option<Field>) -> Field {
    let states: Vec<String> = lifecycle.states().into_iter().map(str::to_owned).collect();
    let told = own.is_some();
    let mut field = own.unwrap_or_else(|| Field::named(&lifecycle.field));
    field.value = if states.is_empty() { FieldType::Text } else { FieldType::Enum };
    field.values = states;
    if !told {
        field.required = Required::Always;
    }
    if field.default.is_none() {
        field.default = lifecycle.initial.as_deref().and_then(|initial| DefaultValue::parse(initial).ok());
    }
    field.help.get_or_insert_with(|| "where it stands".to_owned());
    field
}

impl Field {
    /// Returns the field `name` with nothing said about it.
    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            key: name.to_owned(),
            aliases: Vec::new(),
            value: FieldType::Text,
            values: Vec::new(),
            value_aliases: Vec::new(),
            required: Required::Never,
            default: None,
            help: None,
            example: None,
            to: Vec::new(),
            or_text: false,
            inverse: None,
            follower: None,
            within: None,
            ground: false,
            settles_in: Vec::new(),
            deadline_in: Vec::new(),
            calendar_in: Vec::new(),
            waits_in: Vec::new(),
            waits_if: Required::Always,
            min_window: None,
            window_from: None,
            not_after: None,
            not_after_in: Vec::new(),
            passed_in: Vec::new(),
            product: Vec::new(),
            residual_of: None,
            bands: Vec::new(),
            min: None,
            max: None,
            ranks: false,
            red: Vec::new(),
            amber: Vec::new(),
            stale_after: None,
            deadline_of: None,
            ready_in: Vec::new(),
            ready_ahead: None,
            companion: None,
            tracked: false,
            frozen: false,
        }
    }
}

/// Reads the `[[field]]` tables of `table`, which has the right shape.
pub(super) fn fields_of(toml: &Toml<'_>, table: Table<'_>, mistakes: &mut Vec<Mistake>) -> Vec<Field> {
    table.tables("field").into_iter().filter_map(|table| field(toml, table, mistakes)).collect()
}

fn field(toml: &Toml<'_>, table: Table<'_>, mistakes: &mut Vec<Mistake>) -> Option<Field> {
    let name = table.string("name")?;
    let pairs = |key: &str| table.table(key).map(|table| (table, table.keys().collect::<Vec<_>>()));
    let value_aliases = pairs("value_aliases").map(|(table, keys)| {
        keys.iter().filter_map(|key| Some((key.value.to_owned(), table.string(key.value)?))).collect()
    });
    let bands = pairs("bands").map(|(table, keys)| {
        let mut bands: Vec<(String, i64)> = keys
            .iter()
            .filter_map(|key| Some((key.value.to_owned(), table.integer(key.value)?.value)))
            .collect();
        bands.sort_by_key(|(_, from)| *from);
        bands
    });
    let min_window = days(toml, table, "min_window", mistakes);
    let stale_after = days(toml, table, "stale_after", mistakes);
    let ready_ahead = days(toml, table, "ready_ahead", mistakes);
    let companion = table.table("companion").and_then(|table| companion(toml, table, mistakes));
    let default = table.text("default").and_then(|written| match DefaultValue::parse(written.value) {
        Ok(default) => Some(default),
        Err(why) => {
            mistakes.push(toml.mistake(written.span, format!("`default` {why}"), &[]));
            None
        }
    });
    let (deadline_in, product) = (table.strings("deadline_in"), table.strings("product"));
    let calendar_in = table.strings("calendar_in");
    let tracked = match table.value_place("tracked") {
        Some(_) => table.flag("tracked"),
        None => {
            let is_day = !deadline_in.is_empty() || !calendar_in.is_empty();
            name == "owner" || is_day || !product.is_empty()
        }
    };
    Some(Field {
        key: table.string("key").unwrap_or_else(|| name.clone()),
        aliases: table.strings("aliases"),
        value: type_of(table),
        values: table.strings("values"),
        value_aliases: value_aliases.unwrap_or_default(),
        required: required(table),
        default,
        help: table.string("help"),
        example: table.string("example"),
        to: table.strings("to"),
        or_text: table.flag("or_text"),
        inverse: table.string("inverse"),
        follower: table.string("follower"),
        within: table.string("within"),
        ground: table.flag("ground"),
        settles_in: table.strings("settles_in"),
        deadline_in,
        calendar_in,
        waits_in: table.strings("waits_in"),
        waits_if: table.table("waits_if").map_or(Required::Always, condition),
        min_window,
        window_from: table.string("window_from"),
        not_after: table.string("not_after"),
        not_after_in: table.strings("not_after_in"),
        passed_in: table.strings("passed_in"),
        product,
        residual_of: table.string("residual_of"),
        bands: bands.unwrap_or_default(),
        min: table.integer("min").map(|written| written.value),
        max: table.integer("max").map(|written| written.value),
        ranks: table.flag("ranks"),
        red: table.strings("red"),
        amber: table.strings("amber"),
        stale_after,
        deadline_of: table.string("deadline_of"),
        ready_in: table.strings("ready_in"),
        ready_ahead,
        companion,
        tracked,
        frozen: table.flag("frozen"),
        name,
    })
}
