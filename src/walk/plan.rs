//! From what was decided on a walk to the changes that write it.

use super::Stop;
use super::Walk;
use super::about;
use crate::change::Change;
use crate::edit::set_field;
use crate::error::Error;
use crate::error::Result;
use crate::scaffold::Assignment;
use crate::scaffold::Order;
use crate::scaffold::Scaffold;
use crate::scaffold::scaffold;

impl Walk<'_> {
    /// Returns the indices of the kinds of which records are to be made, each as often as that.
    #[must_use]
    pub fn new_kinds(&self) -> Vec<usize> {
        self.stops.iter().filter_map(|stop| Some(stop.became.as_ref()?.kind)).collect()
    }

    /// Returns the changes that write what was decided: new records first, then the records looked at. `number` gives the
    /// number of the next new record of a kind, and `me` is who walks.
    ///
    /// # Errors
    /// Where a new record cannot be made, or a field cannot be changed in place.
    pub fn changes(
        &self,
        number: &mut dyn FnMut(usize) -> Result<u64>,
        me: Option<&str>,
    ) -> Result<Vec<Change>> {
        let mut new = Vec::new();
        let mut edits = Vec::new();
        for stop in &self.stops {
            let mut sets = stop.changes(self.today);
            if let Some(made) = self.made(stop, number, me)? {
                if let Some(became) = &stop.became {
                    sets.insert(0, (became.field, vec![made.id.clone()]));
                }
                self.config.kinds.claim(&made.path)?;
                new.push(Change::Create { path: made.path, text: made.text });
            }
            let path = &stop.item.record.path;
            let mut after = stop.text.clone();
            for (field, texts) in &sets {
                after =
                    set_field(&after, stop.item.kind, *field, texts).map_err(|error| about(path, error))?;
            }
            if after != stop.text {
                edits.push(Change::Edit { path: path.clone(), before: stop.text.clone(), after });
            }
        }
        new.extend(edits);
        Ok(new)
    }

    /// Makes the record that the one of `stop` became, which knows where it came from.
    fn made(
        &self,
        stop: &Stop<'_>,
        number: &mut dyn FnMut(usize) -> Result<u64>,
        me: Option<&str>,
    ) -> Result<Option<Scaffold>> {
        let Some(became) = &stop.became else { return Ok(None) };
        let (record, from) = (stop.item.record, stop.item.kind);
        let kind = self.config.kinds.at(became.kind);
        let id = record.id_text(&self.config.kinds);
        let id = id.ok_or_else(|| about(&record.path, Error::new("it has no id to refer to")))?;
        let field = |name: &str| kind.fields.iter().position(|field| field.name == name);
        let mut given = Vec::new();
        if let Some(field) = from.fields[became.field].inverse.as_deref().and_then(field) {
            given.push(Assignment { field, texts: vec![id] });
        }
        for name in ["owner", "initiative"] {
            // What was decided on the way counts, not what the file still says.
            let set = stop.sets.iter().find(|(known, _)| from.fields[*known].name == name);
            let text = match set {
                Some((_, texts)) => texts.first().map(String::as_str),
                None => record.text(from, name),
            };
            if let (Some(field), Some(text)) = (field(name), text) {
                given.push(Assignment { field, texts: vec![text.to_owned()] });
            }
        }
        let number = number(became.kind)?;
        let order = Order {
            kind,
            number,
            title: &became.title,
            given,
            body: None,
            born: None,
            me,
            today: self.today,
        };
        scaffold(&order, self.config).map(Some)
    }
}
