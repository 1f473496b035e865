//! From what was decided on a walk to the changes that write it.

use super::Stop;
use super::Walk;
use super::about;
use crate::change::Change;
use crate::edit::set_field;
use crate::error::Error;
use crate::error::Result;
use crate::kind::Claim;
use crate::scaffold::Assignment;
use crate::scaffold::Born;
use crate::scaffold::Order;
use crate::scaffold::Parent;
use crate::scaffold::Past;
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
        let past = Past::default();
        let birth = kind.birth_from(from, record.state.as_deref()).filter(|birth| !birth.looks_back());
        let parent = birth.map(|_| self.parent(stop)).transpose()?;
        let born = birth.zip(parent.as_ref()).map(|(birth, parent)| Born {
            kind,
            parent,
            birth,
            past: &past,
            me,
            today: self.today,
            answers: Vec::new(),
        });
        if let Some(born) = &born {
            given.extend(born.fields(&became.title, &given)?.given);
        }
        let (title, today) = (became.title.as_str(), self.today);
        let order = Order { kind, number, title, given, body: None, born: born.as_ref(), me, today };
        scaffold(&order, self.config).map(Some)
    }

    /// Returns the record of `stop` as what it became takes it over: as it was decided on the way, but for its state.
    fn parent(&self, stop: &Stop<'_>) -> Result<Parent<'_>> {
        let (record, kind) = (stop.item.record, stop.item.kind);
        let mut text = stop.text.clone();
        for (field, texts) in
            stop.sets.iter().filter(|(field, _)| kind.fields[*field].name != kind.lifecycle.field)
        {
            text = set_field(&text, kind, *field, texts).map_err(|error| about(&record.path, error))?;
        }
        let claim = Claim { kind: record.kind, number: record.named };
        Parent::read(self.config, &record.path, claim, text)
    }
}
