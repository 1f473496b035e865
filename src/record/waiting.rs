//! Whom a record waits for.

use super::Record;
use super::Value;
use crate::kind::Field;
use crate::kind::Kind;

impl Record {
    /// Says whether the record, one of `kind`, waits in `state` for whom `field` names.
    #[must_use]
    pub fn waits_by(&self, kind: &Kind, field: &Field, state: &str) -> bool {
        field.waits_in.iter().any(|known| known == state)
            && field.waits_if.holds(Some(state), |name| self.in_conditions(kind, name))
    }

    /// Returns whom the record, one of `kind`, waits for, as written, each once: its owner while it is open, and whoever is
    /// named in a field that says so of the state it is in.
    #[must_use]
    pub fn waits_for<'a>(&'a self, kind: &'a Kind) -> Vec<&'a str> {
        let mut found: Vec<&str> = Vec::new();
        let Some(state) = self.state.as_deref() else { return found };
        for written in &self.fields {
            let field = &kind.fields[written.field];
            let asked = self.waits_by(kind, field, state);
            let owns = field.name == "owner" && kind.lifecycle.is_open(state);
            if !asked && !owns {
                continue;
            }
            let mut add = |name: &'a str| {
                if !found.contains(&name) {
                    found.push(name);
                }
            };
            match &written.value {
                Value::Text(name) => add(name),
                Value::Texts(names) => names.iter().for_each(|name| add(name)),
                _ => {}
            }
        }
        found
    }
}
