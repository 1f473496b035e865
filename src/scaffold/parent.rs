//! The record that another one is born from: whether one can be, and how.

use crate::config::Config;
use crate::document::Document;
use crate::document::Slip;
use crate::error::Error;
use crate::error::Result;
use crate::kind::Birth;
use crate::kind::Claim;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::record::Depth;
use crate::record::Record;
use crate::text::for_shell;
use crate::text::with_article;
use crate::workspace::Workspace;

/// A record that another one is to be born from.
#[derive(Debug)]
pub struct Parent<'a> {
    pub(super) config: &'a Config,
    /// Its kind.
    pub kind: &'a Kind,
    /// Its id.
    pub id: String,
    /// The record, read whole.
    pub record: Record,
    /// Its text.
    pub document: Document,
}

impl<'a> Parent<'a> {
    /// Reads the record at `path` with the text `text`.
    ///
    /// # Errors
    /// Where its front matter is malformed, so that what it says may be half of it, or it has no id to be named by.
    pub fn read(config: &'a Config, path: &str, claim: Claim, text: String) -> Result<Self> {
        let document = Document::read(text);
        let record = Record::read(path, claim, &document, config, Depth::Whole);
        if let Some(slip) = document.slips.first() {
            let certain = |slip: &Slip| slip.mend.as_ref().is_some_and(|mend| mend.certain);
            let fix = if document.slips.iter().all(certain) { "--fix " } else { "" };
            return Err(Error::new(format!("{path}: {}", slip.message))
                .help(format!("mend it first: pmkit lint {fix}{}", for_shell(path))));
        }
        if !document.conflicts.is_empty() {
            return Err(Error::new(format!("{path} holds a conflict that nobody has resolved"))
                .help("resolve it first"));
        }
        let id = record.id_text(&config.kinds).ok_or_else(|| {
            Error::new(format!("{path} has no id, and nothing can name it")).help("give it one first")
        })?;
        Ok(Self { config, kind: config.kinds.at(claim.kind), id, record, document })
    }

    /// Returns the state it is in.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        self.record.state.as_deref()
    }

    /// Says whether nothing may be written into it, because it is decided.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.state().is_some_and(|state| self.kind.lifecycle.is_frozen(state))
    }

    /// Returns the way in which a record of the kind at the index `to` is born from it; `workspace` has all records.
    ///
    /// # Errors
    /// Where such a record is not born from its kind, or not in its state, or one has been born from it already.
    pub fn way(&self, to: usize, workspace: &Workspace<'_>) -> Result<&'a Birth> {
        let kind = self.config.kinds.at(to);
        let ways: Vec<&Birth> = kind.births.iter().filter(|birth| birth.is_from(self.kind)).collect();
        if ways.is_empty() {
            return Err(self.not_born(kind));
        }
        let same = workspace.records.iter().filter(|record| record.id() == self.record.id()).count();
        if same > 1 {
            let message = format!("{} is the id of {same} records: to name it would not say which", self.id);
            return Err(Error::new(message)
                .help(format!("give one of them another number: pmkit renumber {}", self.record.path)));
        }
        for birth in &ways {
            self.born_already(birth, to, workspace)?;
        }
        let found = ways.iter().find(|birth| birth.fits(self.kind, self.state()));
        found.copied().ok_or_else(|| self.in_another_state(kind, &ways, workspace))
    }

    /// Says from what a record of `kind` is born, where not from this one's kind, and what is born from this one.
    fn not_born(&self, kind: &Kind) -> Error {
        let kinds = &self.config.kinds;
        let error = Error::new(format!(
            "{} is {}, and {} is not born from one",
            self.id,
            with_article(&self.kind.id),
            with_article(&kind.id)
        ));
        let mut from: Vec<String> = Vec::new();
        for id in kind.births.iter().flat_map(|birth| &birth.kinds) {
            let named = with_article(id);
            if kinds.index_of(id).is_some() && !from.contains(&named) {
                from.push(named);
            }
        }
        let error = match from.is_empty() {
            true => error.help(format!("write it without --from: pmkit new {} \"…\"", kind.id)),
            false => error.help(format!(
                "name {}: {} is born from that",
                from.join(" or "),
                with_article(&kind.id)
            )),
        };
        self.with_others(error)
    }

    /// Returns `error` with what can be born from this record.
    fn with_others(&self, error: Error) -> Error {
        let born = self.config.kinds.born_of(self.record.kind, self.state());
        let born: Vec<String> =
            born.map(|(born, _)| self.config.kinds.at(born).command_from(&self.id)).collect();
        match born.is_empty() {
            true => error,
            false => error.help(format!("or make of it what can be made: {}", born.join("; "))),
        }
    }

    /// Says in which states a record of `kind` is born from one like this.
    fn in_another_state(&self, kind: &Kind, ways: &[&Birth], workspace: &Workspace<'_>) -> Error {
        let lifecycle = &self.kind.lifecycle;
        let all = lifecycle.states();
        let fits: Vec<&str> = all
            .into_iter()
            .filter(|state| ways.iter().any(|birth| birth.fits(self.kind, Some(*state))))
            .collect();
        let (born, own) = (with_article(&kind.id), with_article(&self.kind.id));
        let is = self.state().map_or_else(|| "in no state its kind knows".to_owned(), str::to_owned);
        let error = Error::new(match fits.is_empty() {
            true => format!("{} is {is}, and {born} is born only from what was decided and holds", self.id),
            false => {
                format!("{} is {is}, and {born} is born from {own} that is {}", self.id, listed(&fits))
            }
        });
        let at = workspace.at(&self.record.path);
        if let Some(after) = at.and_then(|at| workspace.successor(at)) {
            let after = &workspace.records[after];
            let name = after.name(&self.config.kinds);
            let fits = kind.birth_from(self.config.kinds.at(after.kind), after.state.as_deref()).is_some();
            return match fits {
                true => error.help(format!("take what holds in its place: {}", kind.command_from(&name))),
                false => error.help(format!("look at what holds in its place: pmkit show {name}")),
            };
        }
        let legal = self.state().map(|state| lifecycle.legal(state)).unwrap_or_default();
        match legal.into_iter().find(|state| fits.contains(state)) {
            Some(state) => error.help(format!(
                "move it there first, where that is so: pmkit set {} {}={state}",
                self.id, lifecycle.field
            )),
            None => {
                self.with_others(error.help(format!("write it without --from: pmkit new {} \"…\"", kind.id)))
            }
        }
    }

    /// Makes sure that no record of the kind at the index `to` was born from this one that leaves no room for another.
    fn born_already(&self, birth: &Birth, to: usize, workspace: &Workspace<'_>) -> Result<()> {
        let kind = self.config.kinds.at(to);
        for (name, _) in &birth.back {
            let Some(field) = self.kind.field(name).filter(|field| field.value == FieldType::Ref) else {
                continue;
            };
            if let Some(said) = self.record.text(self.kind, name) {
                return Err(Error::new(format!(
                    "{} says `{}: {said}` already: {} was born from it before",
                    self.id,
                    field.key,
                    with_article(&kind.id)
                ))
                .help(format!("look at it: pmkit show {said}"))
                .help(format!("or, where that is wrong, take it out: pmkit set {} {name}=", self.id)));
            }
        }
        let Some(at) = workspace.at(&self.record.path) else { return Ok(()) };
        let named = |other: &Record, index: usize| {
            let name = other.name(&self.config.kinds);
            let said = format!("{name} names {} under `{}` already", self.id, kind.fields[index].key);
            (said, format!("look at it: pmkit show {name}"), name)
        };
        for (other, index) in workspace.born_from(at, to, birth) {
            // One that the parent has room for only once.
            let answer = kind.fields[index].inverse.as_ref().filter(|inverse| {
                let known = birth.back.iter().any(|(name, _)| name == *inverse);
                known && self.kind.field(inverse).is_some_and(|field| field.value == FieldType::Ref)
            });
            if let Some(answer) = answer {
                let (said, show, name) = named(other, index);
                return Err(Error::new(said)
                    .help(show)
                    .help(format!("say so on the other side too: pmkit set {} {answer}={name}", self.id)));
            }
        }
        let Some((other, index)) = workspace.in_the_way(at, to, birth) else { return Ok(()) };
        let (said, show, name) = named(other, index);
        let state = other.state.as_deref().unwrap_or_default();
        let error = Error::new(format!("{said}, and is {state}")).help(show);
        let lifecycle = &kind.lifecycle;
        let end = lifecycle.legal(state).into_iter().find(|state| lifecycle.is_ended(state));
        Err(match end {
            Some(end) => error.help(format!("or end it first: pmkit set {name} {}={end}", lifecycle.field)),
            None => error,
        })
    }
}

/// Returns the words with commas between them and "or" before the last.
fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
