//! What a good record of a kind is, as data: fields, sections, lifecycle, budgets.
//!
//! Kinds come from kind files, built-in ones and a team's own through the same loader. No code outside the kind files
//! knows a kind by name.

use std::borrow::Cow;
use std::sync::OnceLock;

use globset::GlobMatcher;

use crate::date::Days;
use crate::diagnostic::Level;

mod birth;
mod built_in;
mod claim;
mod default;
mod every;
mod expression;
mod lifecycle;
mod load;
mod path;
mod shape;
mod telling;
mod template;
mod verify;

pub use birth::Birth;
pub use birth::EVERY;
pub use birth::NAMES;
pub use birth::Sketch;
pub use birth::Suggestion;
pub use built_in::built_in;
pub use claim::Claim;
pub use claim::Kinds;
pub use claim::compile as compile_glob;
pub use default::DefaultValue;
pub use default::Known;
pub use expression::Expression;
pub use lifecycle::Lifecycle;
pub use load::KindFile;
pub use load::load;
pub use path::Naming;
pub use path::PathPattern;
pub use path::digits_like;
pub use path::record_number;
pub use shape::KIND;
pub use telling::BriefPart;
pub use telling::FilledBy;
pub use template::TemplateText;

/// A kind of record.
#[derive(Debug)]
pub struct Kind {
    /// The name on the command line.
    pub id: String,
    /// The name for people.
    pub title: String,
    /// What ids begin with.
    pub prefix: String,
    /// What registers and boards collect by.
    pub group: Option<String>,
    /// What such a record is for, in a sentence.
    pub purpose: Option<String>,
    /// A good title, for the filled example.
    pub example: Option<String>,
    /// The command whose result such a record keeps.
    pub filled_by: Option<FilledBy>,
    /// Where `new` writes a record.
    pub path: PathPattern,
    /// Further places such records may lie, as written.
    pub also: Vec<String>,
    also_globs: Vec<GlobMatcher>,
    /// Whether it claims only what no other kind claims.
    gives_way: bool,
    /// The most words the whole record should have.
    pub max_words: Option<u32>,
    /// The most words some sections should have together.
    pub budgets: Vec<Budget>,
    /// The fields: those every kind has first, then its own.
    pub fields: Vec<Field>,
    /// The sections in order.
    pub sections: Vec<SectionSpec>,
    /// Text that must or must not be there.
    pub patterns: Vec<Pattern>,
    /// How such a record comes from another one, the ways in order.
    pub births: Vec<Birth>,
    /// The states and the moves between them.
    pub lifecycle: Lifecycle,
    /// Levels of rules in every state.
    pub levels: Vec<(String, Level)>,
    /// The text of the template, where there is one.
    pub template: Option<Cow<'static, str>>,
    /// The text of the kind file.
    pub source: Cow<'static, str>,
    /// Where the kind was read from.
    pub origin: Origin,
    template_text: OnceLock<TemplateText>,
    /// Every front-matter key in small letters with the index of its field, sorted.
    keys: Vec<(String, usize)>,
}

/// Where a kind was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It comes with pmkit.
    BuiltIn,
    /// A kind file, relative to the root.
    File(String),
}

/// A field of the front matter.
#[derive(Debug, Clone)]
pub struct Field {
    /// The name rules, commands and JSON use.
    pub name: String,
    /// The key in the front matter.
    pub key: String,
    /// Further keys that mean the same.
    pub aliases: Vec<String>,
    /// What its value is.
    pub value: FieldType,
    /// Allowed values of an `enum` or `enums`.
    pub values: Vec<String>,
    /// Other words for allowed values, each with the value it means.
    pub value_aliases: Vec<(String, String)>,
    /// When it must be there.
    pub required: Required,
    /// What `new` fills in, with placeholders.
    pub default: Option<DefaultValue>,
    /// What it is for; shown beside the caret.
    pub help: Option<String>,
    /// A good value, for the filled example.
    pub example: Option<String>,
    /// The ids of the kinds a reference may point to; empty for any.
    pub to: Vec<String>,
    /// Whether words may stand there that name no record.
    pub or_text: bool,
    /// The field of the other record that must answer.
    pub inverse: Option<String>,
    /// The name of the field that says who follows what is listed here.
    pub follower: Option<String>,
    /// The field whose period must lie inside that of the record named here.
    pub within: Option<String>,
    /// Whether what it names is what the record stands on.
    pub ground: bool,
    /// The states in which what the records it names have changed since they were decided is settled.
    pub settles_in: Vec<String>,
    /// The states in which a date in the past is overdue.
    pub deadline_in: Vec<String>,
    /// The states in which the day stands in the calendar, though nothing is overdue once it has passed.
    pub calendar_in: Vec<String>,
    /// The states in which the record waits for whoever is named here.
    pub waits_in: Vec<String>,
    /// Where it does so at all: always, or while another field has one of some values.
    pub waits_if: Required,
    /// The least time after `window_from`.
    pub min_window: Option<Days>,
    /// The date field the window begins with.
    pub window_from: Option<String>,
    /// The date field this one must not be later than.
    pub not_after: Option<String>,
    /// The states in which that is asked; empty for every state.
    pub not_after_in: Vec<String>,
    /// The states in which the day must have passed.
    pub passed_in: Vec<String>,
    /// The fields whose product the value is.
    pub product: Vec<String>,
    /// The number of which this one is what is left once something has been done about it.
    pub residual_of: Option<String>,
    /// The names of ranges of the value with the number each begins at, lowest first.
    pub bands: Vec<(String, i64)>,
    /// The least number allowed; of a list, the fewest items.
    pub min: Option<i64>,
    /// The greatest number allowed; of a list, the most items.
    pub max: Option<i64>,
    /// Whether it says how much a record matters: boards put records in order by it.
    pub ranks: bool,
    /// The bands of the number, or the values, that make an open record red on a board.
    pub red: Vec<String>,
    /// Those that make it amber.
    pub amber: Vec<String>,
    /// How long after this date the record counts as stale.
    pub stale_after: Option<Days>,
    /// For a deadline: the name of the field that says what is to be done by then. Where both change, it is another deadline.
    pub deadline_of: Option<String>,
    /// The states in which the record is ready for the day.
    pub ready_in: Vec<String>,
    /// How long before the day it should be.
    pub ready_ahead: Option<Days>,
    /// For a date: the record that should stand ready as it comes near.
    pub companion: Option<Companion>,
    /// Whether the decision record says when the value changed.
    pub tracked: bool,
    /// Whether the value is part of what is decided: once the record is frozen, it no longer changes.
    pub frozen: bool,
}

/// The types a field can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A length of time in days.
    Duration,
    /// A year, or a half, a quarter, a month or a week of one.
    Period,
    /// One named person.
    Person,
    /// Named people.
    People,
    /// One of the allowed values.
    Enum,
    /// Some of the allowed values.
    Enums,
    /// A reference to a record.
    Ref,
    /// References to records.
    Refs,
    /// An address.
    Url,
    /// Texts.
    List,
}

impl Field {
    /// Returns the name of the range that `value` lies in: `high`; `None` where the field has none there.
    #[must_use]
    pub fn band(&self, value: i64) -> Option<&str> {
        self.bands.iter().rev().find(|(_, from)| *from <= value).map(|(name, _)| name.as_str())
    }

    /// Says whether somebody who writes `plain`, a [`plain_name`], means the field: by its name, its key or another key that
    /// means the same.
    #[must_use]
    pub fn is_called(&self, plain: &str) -> bool {
        let names = [&self.name, &self.key].into_iter().chain(&self.aliases);
        names.into_iter().any(|name| plain_name(name) == plain)
    }

    /// Says whether commas part its values: not where words may stand in it, which may hold some.
    #[must_use]
    pub fn splits(&self) -> bool {
        self.value.is_many() || !self.or_text
    }

    /// Returns what to call the field in a sentence: its key in plain words.
    #[must_use]
    pub fn words(&self) -> String {
        self.key.replace(['_', '-'], " ")
    }
}

/// Returns the name of a field as names typed by hand are compared: in small letters, with `_` for `-`.
#[must_use]
pub fn plain_name(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

impl FieldType {
    /// Every type with its name in kind files.
    pub const ALL: [(&'static str, Self); 15] = [
        ("text", Self::Text),
        ("integer", Self::Integer),
        ("number", Self::Number),
        ("boolean", Self::Boolean),
        ("date", Self::Date),
        ("duration", Self::Duration),
        ("period", Self::Period),
        ("person", Self::Person),
        ("people", Self::People),
        ("enum", Self::Enum),
        ("enums", Self::Enums),
        ("ref", Self::Ref),
        ("refs", Self::Refs),
        ("url", Self::Url),
        ("list", Self::List),
    ];

    /// Returns the name in kind files.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, value)| *value == self).map_or("text", |(name, _)| name)
    }

    /// Says whether the value is a list.
    #[must_use]
    pub fn is_many(self) -> bool {
        matches!(self, Self::People | Self::Enums | Self::Refs | Self::List)
    }

    /// Says whether the value names other records.
    #[must_use]
    pub fn is_reference(self) -> bool {
        matches!(self, Self::Ref | Self::Refs)
    }
}

/// Another record that names this one, and should stand ready as a day comes near.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Companion {
    /// The id of its kind.
    pub kind: String,
    /// Its field that names this record.
    pub through: String,
    /// The states in which it is ready.
    pub states: Vec<String>,
    /// How long before the day it should be.
    pub ahead: Days,
    /// Where that is asked at all: always, or while another field of this record has one of some values.
    pub when: Required,
}

/// When a field or section must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Required {
    /// It need not be.
    Never,
    /// In every state.
    Always,
    /// In these states.
    In(Vec<String>),
    /// While another field has one of these values.
    If {
        /// The other field.
        field: String,
        /// Its values.
        is: Vec<String>,
    },
}

impl Required {
    /// Says whether it is required of a record in `state`, of which `values` gives the values of a field by
    /// name.
    pub fn holds<'a>(&self, state: Option<&str>, values: impl Fn(&str) -> Vec<Cow<'a, str>>) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::In(states) => state.is_some_and(|state| states.iter().any(|known| known == state)),
            Self::If { field, is } => {
                let values = values(field);
                is.iter().any(|known| {
                    values.iter().any(|value| *value == **known || *value == as_condition(known))
                })
            }
        }
    }
}

/// Returns a value that a condition asks for as [`Required::holds`] is given values: `yes` and `on` are `true`.
fn as_condition(known: &str) -> &str {
    match known {
        "yes" | "on" | "True" | "Yes" | "On" => "true",
        "no" | "off" | "False" | "No" | "Off" => "false",
        other => other,
    }
}

/// A section of the body.
#[derive(Debug, Clone)]
pub struct SectionSpec {
    /// The heading.
    pub title: String,
    /// Other headings that mean the same.
    pub aliases: Vec<String>,
    /// When it must be there and hold something.
    pub required: Required,
    /// What generic rules look at.
    pub role: Option<String>,
    /// What a brief takes it for.
    pub brief: Option<BriefPart>,
    /// The part of the agenda or the digest that is written here.
    pub takes: Option<String>,
    /// How many items it needs.
    pub items: Option<Items>,
    /// The states in which each of its entries has an answer.
    pub answered_in: Vec<String>,
    /// What each of its entries states.
    pub each: Vec<Part>,
    /// The most words it should have.
    pub max_words: Option<u32>,
    /// What a good answer has, in one line.
    pub help: Option<String>,
    /// A good answer, for the filled example.
    pub example: Option<String>,
}

/// Something that each entry of a section states under a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The label, as messages call it.
    pub label: String,
    /// Other labels that mean the same.
    pub aliases: Vec<String>,
    /// What stands there: text, a day or one named person.
    pub value: FieldType,
}

impl Part {
    /// Returns all labels, its own first.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        std::iter::once(&self.label).chain(&self.aliases).map(String::as_str).collect()
    }
}

/// Returns a heading without a leading number (`2.`, `2.1`, `3)`) and without a closing colon.
fn plain_heading(heading: &str) -> &str {
    let heading = heading.trim().trim_end_matches(':').trim_end();
    let rest = heading.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    match rest.strip_prefix(')').unwrap_or(rest) {
        rest if rest.len() < heading.len() && rest.starts_with(' ') => rest.trim_start(),
        _ => heading,
    }
}

/// How many items (sub-headings, list items or table rows) a section holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items {
    /// At least this many.
    pub min: Option<u32>,
    /// At most this many.
    pub max: Option<u32>,
    /// The states in which that is asked; empty for every state.
    pub states: Vec<String>,
}

/// The most words some sections may have together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// What they are together, for messages: "the slide".
    pub name: String,
    /// Their titles.
    pub sections: Vec<String>,
    /// The most words.
    pub max_words: u32,
}

/// Text that must or must not be there.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The section it is looked for in; the whole body where absent.
    pub section: Option<String>,
    /// What must be there.
    pub must_match: Option<Expression>,
    /// What must not be there.
    pub must_not_match: Option<Expression>,
    /// What to tell the author.
    pub message: String,
}

impl Kind {
    /// Returns the field `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Returns the index of the field in which a record may say its kind itself. It stands last; a kind's own field of the
    /// name `kind` is another one.
    #[must_use]
    pub fn kind_field(&self) -> usize {
        self.fields.len().saturating_sub(1)
    }

    /// Returns the index of the field the front-matter key `key` belongs to, compared without letter case.
    #[must_use]
    pub fn field_of_key(&self, key: &str) -> Option<usize> {
        let small = |text: &str| text.bytes().map(|byte| byte.to_ascii_lowercase()).collect::<Vec<u8>>();
        let found = if key.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let wanted = small(key);
            self.keys.binary_search_by(|(known, _)| known.as_bytes().cmp(&wanted))
        } else {
            self.keys.binary_search_by(|(known, _)| known.as_str().cmp(key))
        };
        found.ok().map(|at| self.keys[at].1)
    }

    /// Returns the index of the section whose title is `title`, exactly.
    #[must_use]
    pub fn section(&self, title: &str) -> Option<usize> {
        self.sections.iter().position(|section| section.title == title)
    }

    /// Returns the indices of the sections a heading belongs to: letter case, a leading number and a closing colon do not
    /// matter, and other titles that mean the same count. `Summary and motivation` belongs to two.
    #[must_use]
    pub fn sections_titled(&self, heading: &str) -> Vec<usize> {
        let plain = plain_heading(heading);
        if let Some(only) = self.section_called(plain) {
            return vec![only];
        }
        let joint = [" and ", " & ", " / ", "/", ", "].into_iter().find(|joint| plain.contains(joint));
        let Some(joint) = joint else { return Vec::new() };
        let parts: Option<Vec<usize>> =
            plain.split(joint).map(|part| self.section_called(part.trim())).collect();
        parts.unwrap_or_default()
    }

    fn section_called(&self, plain: &str) -> Option<usize> {
        let is = |title: &String| title.eq_ignore_ascii_case(plain);
        self.sections.iter().position(|section| is(&section.title) || section.aliases.iter().any(is))
    }

    /// Says whether `field`, one of the kind's, names what came after the record: it has an answer, and is needed where the
    /// record's place was taken and in no state before.
    #[must_use]
    pub fn comes_after(&self, field: &Field) -> bool {
        let states = match &field.required {
            Required::In(states) => states,
            Required::If { field, is } if *field == self.lifecycle.field => is,
            _ => return false,
        };
        let Lifecycle { superseded, retired, .. } = &self.lifecycle;
        let ends = |state: &String| superseded.as_ref() == Some(state) || retired.contains(state);
        field.inverse.is_some() && !states.is_empty() && states.iter().all(ends)
    }

    /// Returns what the template itself contributes to a record, so that what an author left in place can be found.
    #[must_use]
    pub fn template_text(&self) -> &TemplateText {
        self.template_text.get_or_init(|| TemplateText::read(self.template.as_deref().unwrap_or_default()))
    }

    /// Returns the number padded and prefixed: `RFC-0007`.
    #[must_use]
    pub fn id_of(&self, number: u64) -> String {
        format!("{}-{number:04}", self.prefix)
    }

    /// Returns the id as texts of the kind's writers have it: `SNIP-12` where files are called `snip-12.md`.
    #[must_use]
    pub fn spoken_id(&self, number: u64) -> String {
        if self.path.pads() { self.id_of(number) } else { format!("{}-{number}", self.prefix) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_compared_as_people_read_them() {
        for (heading, plain) in [
            ("Problem", "Problem"),
            ("1. Problem", "Problem"),
            ("2.1) Problem:", "Problem"),
            ("3 options", "options"),
            ("2026", "2026"),
            ("1st half", "1st half"),
        ] {
            assert_eq!(plain_heading(heading), plain, "{heading}");
        }
    }
}
