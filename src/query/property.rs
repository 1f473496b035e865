//! What can be asked of any record: its fields, and what is known of it besides.

use std::borrow::Cow;

use super::Scope;
use super::Wrong;
use crate::config::Config;
use crate::date::Date;
use crate::kind::Field;
use crate::kind::Kind;
use crate::kind::plain_name;
use crate::record::Record;
use crate::record::Value;
use crate::text::Span;
use crate::text::nearest;

/// Something that can be asked of any record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    /// The id.
    Id,
    /// The id of its kind.
    Kind,
    /// The group of its kind.
    Group,
    /// The file, from the root.
    Path,
    /// The state, whatever the field that carries it is called.
    Status,
    /// The first of its deadlines that run.
    Deadline,
    /// Whom it waits for.
    Waiting,
    /// A field.
    Field {
        /// Its name.
        name: String,
        /// Its index in each kind, by the index of the kind; `None` where a kind has no such field.
        of_kind: Vec<Option<usize>>,
    },
}

/// What a record says about a property.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact<'a> {
    /// Nothing.
    Blank,
    /// One text.
    Text(Cow<'a, str>),
    /// Several.
    Texts(Vec<&'a str>),
    /// A number.
    Number(f64),
    /// A day.
    Date(Date),
    /// True or false.
    Truth(bool),
}

impl Fact<'_> {
    /// Says whether there is nothing.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Blank => true,
            Self::Texts(texts) => texts.is_empty(),
            Self::Text(text) => text.trim().is_empty(),
            Self::Number(_) | Self::Date(_) | Self::Truth(_) => false,
        }
    }

    /// Returns it as text: the parts of a list with commas between them, a day as `YYYY-MM-DD`.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Blank => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Texts(texts) => Cow::Owned(texts.join(", ")),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Truth(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
        }
    }
}

/// The properties that are no fields, by their names.
const KNOWN: [(&str, Property); 7] = [
    ("id", Property::Id),
    ("kind", Property::Kind),
    ("group", Property::Group),
    ("path", Property::Path),
    ("status", Property::Status),
    ("deadline", Property::Deadline),
    ("waiting", Property::Waiting),
];

/// A name that means nothing, or several things.
#[derive(Debug)]
pub struct Unknown {
    several: Vec<String>,
    names: Vec<String>,
}

impl Unknown {
    /// Says what is wrong with `name`, and what would be right, `others` being allowed too.
    pub(super) fn wrong<'w>(
        &'w self,
        name: &str,
        span: Span,
        others: impl IntoIterator<Item = &'w str>,
    ) -> Wrong {
        let (message, help) = self.told(name, others);
        Wrong::new(span, message, help)
    }

    /// Returns what is wrong with `name`, and what to do about it; `others` are names that are allowed too.
    #[must_use]
    pub fn told<'w>(&'w self, name: &str, others: impl IntoIterator<Item = &'w str>) -> (String, String) {
        if !self.several.is_empty() {
            let message = format!("`{name}` may mean {}", self.several.join(" or "));
            return (message, "write a little more of the name".to_owned());
        }
        let mut names: Vec<&str> = others.into_iter().collect();
        names.extend(self.names.iter().map(String::as_str));
        let help = match nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "see the fields a kind has: pmkit kinds KIND".to_owned(),
        };
        (format!("no record here has a field `{name}`"), help)
    }
}

impl Property {
    /// Returns the property that `name` names, or begins where nothing else begins so, among the kinds of `scope`.
    ///
    /// # Errors
    /// Where it names none or several.
    pub fn named(name: &str, scope: Scope<'_>) -> Result<Self, Unknown> {
        let wanted = plain_name(name);
        if let Some((_, property)) = KNOWN.iter().find(|(known, _)| *known == wanted) {
            return Ok(property.clone());
        }
        let kinds = scope.config.kinds.all();
        let mut names: Vec<&str> = Vec::new();
        for kind in scope.kinds {
            for field in &kinds[*kind].fields {
                if field.is_called(&wanted) {
                    return Ok(Self::field(&field.name, scope.config));
                }
                if !names.contains(&field.name.as_str()) {
                    names.push(&field.name);
                }
            }
        }
        for (known, _) in &KNOWN {
            if !names.contains(known) {
                names.push(known);
            }
        }
        let begins = |known: &&&str| plain_name(known).starts_with(&wanted) && !wanted.is_empty();
        let begun: Vec<&str> = names.iter().filter(begins).copied().collect();
        match begun[..] {
            [only] => Ok(match KNOWN.iter().find(|(known, _)| *known == only) {
                Some((_, property)) => property.clone(),
                None => Self::field(only, scope.config),
            }),
            _ => Err(Unknown {
                several: begun.into_iter().map(str::to_owned).collect(),
                names: names.into_iter().map(str::to_owned).collect(),
            }),
        }
    }

    fn field(name: &str, config: &Config) -> Self {
        let index = |kind: &Kind| kind.fields.iter().position(|field| field.name == name);
        Self::Field { name: name.to_owned(), of_kind: config.kinds.all().iter().map(index).collect() }
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Field { name, .. } => name,
            other => KNOWN.iter().find(|(_, known)| known == other).map_or("", |(name, _)| name),
        }
    }

    /// Says whether this is a field whose whole name is `name`.
    pub(super) fn is_field_called(&self, name: &str) -> bool {
        matches!(self, Self::Field { name: own, .. } if plain_name(own) == plain_name(name))
    }

    /// Returns the field of the kind at index `kind` that it is, where it is one.
    #[must_use]
    pub fn of_kind<'c>(&self, kind: usize, config: &'c Config) -> Option<&'c Field> {
        let fields = &config.kinds.at(kind).fields;
        match self {
            Self::Field { of_kind, .. } => fields.get(of_kind.get(kind).copied().flatten()?),
            Self::Status => fields.iter().find(|field| field.name == config.kinds.at(kind).lifecycle.field),
            _ => None,
        }
    }

    /// Returns what `record` says about it. A field that is the product of others is worked out where it is not written.
    #[must_use]
    pub fn fact<'r>(&self, record: &'r Record, config: &'r Config) -> Fact<'r> {
        let kind = config.kinds.at(record.kind);
        let text = |text: Option<&'r str>| text.map_or(Fact::Blank, |text| Fact::Text(Cow::Borrowed(text)));
        match self {
            Self::Id => record.id_text(&config.kinds).map_or(Fact::Blank, |id| Fact::Text(Cow::Owned(id))),
            Self::Kind => text(Some(&kind.id)),
            Self::Group => text(kind.group.as_deref()),
            Self::Path => text(Some(&record.path)),
            Self::Status => text(record.state.as_deref()),
            Self::Deadline => record.next_deadline(kind).map_or(Fact::Blank, |next| Fact::Date(next.date)),
            Self::Waiting => Fact::Texts(record.waits_for(kind)),
            Self::Field { of_kind, .. } => {
                let Some(index) = of_kind.get(record.kind).copied().flatten() else { return Fact::Blank };
                if let Some(product) = record.product(kind, index) {
                    return Fact::Number(product as f64);
                }
                let written = record.fields.iter().find(|written| written.field == index);
                written.map_or(Fact::Blank, |written| of_value(&written.value))
            }
        }
    }
}

fn of_value(value: &Value) -> Fact<'_> {
    match value {
        Value::Blank | Value::Unfit => Fact::Blank,
        Value::Text(text) => Fact::Text(Cow::Borrowed(text)),
        Value::Texts(texts) => Fact::Texts(texts.iter().map(|text| &**text).collect()),
        Value::Integer(number) => Fact::Number(*number as f64),
        Value::Number(number) => Fact::Number(*number),
        Value::Boolean(truth) => Fact::Truth(*truth),
        Value::Date(date) => Fact::Date(*date),
        Value::Duration(days) => Fact::Text(Cow::Owned(days.to_string())),
    }
}
