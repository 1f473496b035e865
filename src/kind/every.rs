//! The fields every kind has, read once by the same loader.

use std::sync::OnceLock;

use super::Field;
use super::load::fields_of;
use crate::shape::Toml;

/// Returns the fields every kind has.
pub(super) fn every_field() -> &'static [Field] {
    static FIELDS: OnceLock<Vec<Field>> = OnceLock::new();
    FIELDS.get_or_init(|| {
        let file = Toml::new("src/kind/every.toml", include_str!("every.toml"));
        file.with(|table| {
            let mut mistakes = Vec::new();
            let fields = fields_of(&file, table, &mut mistakes);
            if mistakes.is_empty() { Ok(fields) } else { Err(mistakes) }
        })
        .expect("the file is part of the program, and a test reads it")
    })
}
