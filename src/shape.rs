//! What the TOML files that steer pmkit may hold, as data.
//!
//! One table of keys serves the loader (unknown keys with the nearest known one, wrong types, missing keys, each with
//! its place), the JSON schema editors use, and the reference page. The only files that name the TOML parser are here.

mod check;
mod quote;
mod read;

pub use check::check;
pub use quote::quoted;
pub use read::Table;
pub use read::Toml;
pub use read::Written;

/// The keys a table may have.
#[derive(Debug)]
pub struct Shape {
    /// What the table describes, for messages: "a field".
    pub what: &'static str,
    /// The keys, in the order the reference page lists them.
    pub keys: &'static [Key],
}

/// A key of a table.
#[derive(Debug)]
pub struct Key {
    /// Its name as written.
    pub name: &'static str,
    /// What may stand behind it.
    pub value: Value,
    /// Whether the table is incomplete without it.
    pub required: bool,
    /// What it is for, in a sentence without a full stop.
    pub help: &'static str,
}

/// What may stand behind a key.
#[derive(Debug)]
pub enum Value {
    /// Any text.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number, at least the one given.
    Integer(i64),
    /// `true` or `false`.
    Boolean,
    /// A list of texts.
    Texts,
    /// A table with these keys.
    Table(&'static Shape),
    /// Tables with these keys, as `[[name]]`.
    Tables(&'static Shape),
    /// A table whose keys the writer chooses.
    Map(&'static Value),
}

impl Value {
    /// Returns what belongs here, for messages.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Text => "text in quotes".to_owned(),
            Self::Choice(words) => {
                format!(
                    "one of {}",
                    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
                )
            }
            Self::Integer(least) => format!("a whole number from {least}"),
            Self::Boolean => "`true` or `false`".to_owned(),
            Self::Texts => "a list of texts".to_owned(),
            Self::Table(shape) => format!("a table, {}", shape.what),
            Self::Tables(shape) => format!("tables in double brackets, each {}", shape.what),
            Self::Map(inner) => format!("a table of names, each with {}", inner.describe()),
        }
    }
}

/// Returns a key that need not be there.
#[must_use]
pub const fn key(name: &'static str, value: Value, help: &'static str) -> Key {
    Key { name, value, required: false, help }
}

/// Returns a key the table is incomplete without.
#[must_use]
pub const fn required(name: &'static str, value: Value, help: &'static str) -> Key {
    Key { name, value, required: true, help }
}
