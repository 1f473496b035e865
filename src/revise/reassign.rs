//! Handing over: what somebody still has to do, somebody else does from now on. What tells who did something stays.

use super::Draft;
use super::Original;
use super::Revised;
use crate::config::Config;
use crate::error::Result;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::record::Record;

/// Returns the indices of the fields in which `record`, one of `kind`, waits for `from`, or will once it is their turn: as its
/// owner, or in a field of people that says so of its state or of one it may still get to. None where the record is at its end
/// or what it says was decided.
#[must_use]
pub fn hands_over(record: &Record, kind: &Kind, from: &str, config: &Config) -> Vec<usize> {
    let state = record.state.as_deref();
    if state.is_some_and(|state| !kind.lifecycle.is_live(state)) {
        return Vec::new();
    }
    let ahead: Vec<&str> =
        state.into_iter().flat_map(|state| kind.lifecycle.legal(state)).chain(state).collect();
    let waits = |field: &Field| {
        let turn = field.waits_in.iter().any(|known| ahead.contains(&known.as_str()));
        let people = matches!(field.value, FieldType::Person | FieldType::People);
        people && (field.name == "owner" || turn)
    };
    let mut found: Vec<usize> = Vec::new();
    for written in &record.fields {
        let named = || written.value.texts().any(|name| config.people.is_one(name, from));
        if waits(&kind.fields[written.field]) && !found.contains(&written.field) && named() {
            found.push(written.field);
        }
    }
    found
}

/// Plans that in `originals` the person `to`, as it is to be written, takes over from `from`.
///
/// # Errors
/// Where a field cannot be changed without guessing. Then nothing is to be changed anywhere.
pub fn reassign(originals: &[Original], from: &str, to: &str, config: &Config) -> Result<Revised> {
    let mut revised = Revised::default();
    for original in originals {
        let mut draft = Draft::new(config, original);
        for field in hands_over(&draft.record, draft.kind(), from, config) {
            let mut new: Vec<String> = Vec::new();
            let old = draft.texts(field);
            let there = old.iter().any(|name| config.people.is_one(name, to));
            for name in old {
                match (config.people.is_one(&name, from), there) {
                    (false, _) => new.push(name),
                    (true, false) if !new.iter().any(|known| known == to) => new.push(to.to_owned()),
                    (true, _) => {}
                }
            }
            draft.set(field, &new)?;
        }
        // Whoever takes over fills the place of whoever was there: nothing can be missing now that was not before.
        revised.changes.extend(draft.change());
        revised.lines.extend(draft.lines());
    }
    Ok(revised)
}
