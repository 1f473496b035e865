//! What may no longer change of a record, because it is part of what was decided.

use super::Draft;
use crate::error::Error;
use crate::error::Result;
use crate::kind::Kind;
use crate::record::may_name;

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
        if let Some(change) = self.change_kind() {
            error = error.help(format!("or write down what changes, and why now: {change}"));
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

    /// Returns the command that makes a record of what changes in this one, where there is a kind for that.
    fn change_kind(&self) -> Option<String> {
        let kinds = &self.config.kinds;
        let amends = |kind: &&Kind| {
            kind.field("amends").is_some_and(|field| {
                field.value.is_reference() && may_name(self.original.claim.kind, &field.to, kinds)
            })
        };
        let kind = kinds.all().iter().find(amends)?;
        Some(format!("pmkit new {} \"…\" amends={}", kind.id, self.name))
    }
}
