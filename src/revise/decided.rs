//! What may no longer change of a record, because it is part of what was decided.

use super::Draft;
use crate::error::Error;
use crate::error::Result;
use crate::record::asks_to_change;

impl Draft<'_> {
    /// Makes sure that the field at the index `field` may get the value `new`: where the record was frozen before, what is part
    /// of the decision stays. What its state asks for and it never said may still be filled in, as lint asks for it.
    ///
    /// # Errors
    /// Where it may not, with the ways that work.
    pub(super) fn may_change(&self, field: usize, new: &[String]) -> Result<()> {
        let kind = self.kind();
        let spec = &kind.fields[field];
        let Some(state) = self.record.state.as_deref().filter(|state| kind.lifecycle.is_frozen(state)) else {
            return Ok(());
        };
        let old = self.texts(field);
        if !spec.frozen || old == new {
            return Ok(());
        }
        if old.is_empty() && spec.required.holds(Some(state), |name| self.record.in_conditions(kind, name)) {
            return Ok(());
        }
        let message =
            format!("{} is {state}, and `{}` is part of what was decided: it stays", self.name, spec.key);
        let mut error = self.ways_on(state).into_iter().fold(Error::new(message), Error::help);
        if let Some((change, field)) = asks_to_change(self.original.claim.kind, &self.config.kinds) {
            let command = self.record.command_for(change, &self.config.kinds);
            let command = command
                .unwrap_or_else(|| format!("pmkit new {} \"…\" {}={}", change.id, field.key, self.name));
            error = error.help(format!("or ask for the change, and say why now: {command}"));
        }
        if kind.field("corrections").is_some() && !old.is_empty() && !new.is_empty() {
            let quoted = format!("{} → {}", old.join(", "), new.join(", ")).replace('\'', "'\\''");
            error = error.help(format!(
                "or, where it is a slip: mend it by hand, and say so: pmkit set {} corrections+='{quoted}'",
                self.name
            ));
        }
        Err(error)
    }
}
