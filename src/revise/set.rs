//! Setting fields of records: validated against the kind, and all or nothing.

use std::fmt;

use super::Draft;
use super::Original;
use super::Revised;
use super::is_same;
use crate::config::Config;
use crate::date::Date;
use crate::error::Error;
use crate::error::Mistake;
use crate::error::Result;
use crate::kind::Required;
use crate::query::Query;
use crate::query::Scope;
use crate::record::Record;
use crate::record::title_heading;
use crate::scaffold::assign;
use crate::scaffold::check_title;
use crate::scaffold::items;
use crate::scaffold::settable;
use crate::text::one_line;

/// A field with what becomes of it, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The name of the field, perhaps shortened.
    pub name: String,
    /// What is done with the value.
    pub how: How,
    /// The value.
    pub value: String,
}

/// What is done with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It takes the place of what is there.
    Set,
    /// Its items are added to the list.
    Add,
    /// Its items are taken out of the list.
    Take,
}

impl Given {
    /// Reads `word` as `field=value`, `field+=value` or `field-=value`; `None` where it is something else, such as a path.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        let (name, value) = word.split_once('=')?;
        let (name, how) = match (name.strip_suffix('+'), name.strip_suffix('-')) {
            (Some(name), _) => (name, How::Add),
            (_, Some(name)) => (name, How::Take),
            _ => (name, How::Set),
        };
        let fits = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        fits.then(|| Self { name: name.to_owned(), how, value: value.to_owned() })
    }
}

/// Something that must hold for every record before any is changed.
#[derive(Debug)]
pub struct Condition {
    query: Query,
    text: String,
}

impl Condition {
    /// Reads `text`, an expression of the language of `--where`.
    ///
    /// # Errors
    /// Says what makes no sense, and where.
    pub fn parse(text: &str, scope: Scope<'_>) -> Result<Self> {
        let query = Query::parse(text, scope).map_err(|error| {
            let here = |mistake: Mistake| Mistake { path: "--if".to_owned(), ..mistake };
            let mistakes: Vec<Mistake> = error.mistakes.into_iter().map(here).collect();
            let message = "the expression of --if makes no sense: nothing was changed".to_owned();
            Error { message, mistakes, ..error }
        })?;
        Ok(Self { query, text: text.to_owned() })
    }

    /// Returns the error where it does not hold for `record`, with what that says instead.
    fn check(&self, record: &Record, config: &Config, today: Date) -> Result<()> {
        if self.query.holds(record, config, today) {
            return Ok(());
        }
        let name = record.name(&config.kinds);
        let told =
            self.query.told(record, config).into_iter().map(|(property, text)| match text.is_empty() {
                true => format!("{property} is blank"),
                false => format!("{property} is {}", one_line(&text)),
            });
        let told = told.collect::<Vec<_>>().join(", ");
        Err(Error::new(format!("{name}: `{}` does not hold ({told}); nothing was changed", self.text))
            .help(format!("look at it again: pmkit show {name}")))
    }
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// What the team has settled.
    pub config: &'a Config,
    /// What is set, in order.
    pub given: &'a [Given],
    /// What must hold before.
    pub conditions: &'a [Condition],
    /// The day.
    pub today: Date,
    /// Returns the text that the last commit has of the file at a path. Asked only where a move is not legal.
    pub committed: &'a dyn Fn(&str) -> Option<String>,
}

impl fmt::Debug for Order<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("given", &self.given)
            .field("conditions", &self.conditions)
            .field("today", &self.today)
            .finish_non_exhaustive()
    }
}

/// Plans what `order` asks for, in all of `originals`.
///
/// # Errors
/// Where a condition does not hold, a value does not fit, a move is not legal, a field is part of what was decided, or cannot
/// be changed without guessing. Then nothing is to be changed anywhere.
pub fn set(originals: &[Original], order: Order<'_>) -> Result<Revised> {
    let config = order.config;
    let drafts: Vec<Draft<'_>> = originals.iter().map(|original| Draft::new(config, original)).collect();
    for condition in order.conditions {
        for draft in &drafts {
            condition.check(&draft.record, config, order.today)?;
        }
    }
    let mut revised = Revised::default();
    for mut draft in drafts {
        let mut done: Vec<(usize, How)> = Vec::new();
        for given in order.given {
            let (field, notes) = apply(&mut draft, given, &done, order)?;
            done.push((field, given.how));
            revised.notes.extend(notes);
        }
        revised.add(&draft, order.today);
    }
    Ok(revised)
}

/// Carries out one assignment on one record; returns its field, and what is worth knowing.
fn apply(
    draft: &mut Draft<'_>,
    given: &Given,
    done: &[(usize, How)],
    order: Order<'_>,
) -> Result<(usize, Vec<String>)> {
    let Order { config, today, .. } = order;
    let kind = draft.kind();
    let own = draft.original.claim.kind;
    let field = settable(&given.name, kind).map_err(|error| match given.name.eq_ignore_ascii_case("id") {
        true => Error::new("`id` cannot be set: links and the file name hold it too")
            .help(format!("give the record another number: pmkit renumber {}", draft.name)),
        false => error,
    })?;
    let spec = &kind.fields[field];
    let twice = |(known, how): &(usize, How)| *known == field && (*how == How::Set || given.how == How::Set);
    if done.iter().any(twice) {
        return Err(Error::new(format!("`{}` is given twice", spec.name)));
    }
    if given.how != How::Set && !spec.value.is_many() {
        let sign = if given.how == How::Add { "+=" } else { "-=" };
        return Err(Error::new(format!("`{}` holds one value, and `{sign}` is for lists", spec.name))
            .help(format!("write {}={}", spec.name, given.value)));
    }
    let named = |error: Error| draft.about(error);
    let read = || assign(&format!("{}={}", spec.name, given.value), kind, config, today).map_err(named);
    let old = draft.texts(field);
    let same = |a: &str, b: &str| is_same(spec, a, b, own, config);
    let mut notes = Vec::new();
    let new: Vec<String> = match given.how {
        How::Set => {
            let mut new: Vec<String> = Vec::new();
            for text in read()?.texts {
                if !spec.value.is_many() || !new.iter().any(|known| same(known, &text)) {
                    new.push(text);
                }
            }
            new
        }
        How::Add => {
            let mut new = old.clone();
            for text in read()?.texts {
                match new.iter().any(|known| same(known, &text)) {
                    true => notes.push(format!("{}: {} has {text} already", draft.name, spec.key)),
                    false => new.push(text),
                }
            }
            new
        }
        How::Take => {
            let mut new = old.clone();
            for text in items(spec, &given.value) {
                let before = new.len();
                new.retain(|known| !same(known, text));
                if new.len() == before {
                    notes.push(format!("{}: {} does not have {text}", draft.name, spec.key));
                }
            }
            new
        }
    };
    if old == new {
        if given.how == How::Set {
            let said = if new.is_empty() { "blank".to_owned() } else { new.join(", ") };
            notes.push(format!("{}: {} is {said} already", draft.name, spec.key));
        }
        return Ok((field, notes));
    }
    draft.may_change(field, &new)?;
    if spec.name == kind.lifecycle.field {
        let Some(state) = new.first() else {
            return Err(Error::new(format!(
                "{}: a record is in some state: `{}` stays",
                draft.name, spec.name
            ))
            .help(format!("see the states there are: pmkit kinds {}", kind.id)));
        };
        draft.may_move(state, order.committed)?;
    }
    if spec.name == "title" {
        let elsewhere = spec.required == Required::Never && old.is_empty();
        if elsewhere && let Some((_, heading)) = title_heading(&draft.document, kind) {
            return Err(Error::new(format!(
                "{}: the title stands in the heading, `{}`",
                draft.name,
                one_line(heading)
            ))
            .help(format!("change it there: {}", draft.original.path)));
        }
        check_title(new.first().map_or("", String::as_str)).map_err(named)?;
    }
    draft.set(field, &new)?;
    if let (Some(old), Some(new), "title") = (old.first(), new.first(), spec.name.as_str()) {
        notes.extend(draft.follow_title(old, new));
    }
    Ok((field, notes))
}
