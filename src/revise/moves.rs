//! Whether a record may get to another state, and what to do where it may not.

use super::Draft;
use super::Original;
use crate::document::Document;
use crate::error::Error;
use crate::error::Result;
use crate::record::Depth;
use crate::record::Record;
use crate::scaffold::lacking;
use crate::text::with_article;

impl Draft<'_> {
    /// Makes sure that the record may go to the state `to`. A move that is not `committed` yet never was one: whoever mistyped it
    /// goes on from what the last commit says.
    ///
    /// # Errors
    /// Where no chain of moves leads there, with those that do and what they ask for.
    pub(super) fn may_move(&self, to: &str, committed: &dyn Fn(&str) -> Option<String>) -> Result<()> {
        let lifecycle = &self.kind().lifecycle;
        let Some(from) = self.record.state.as_deref() else { return Ok(()) };
        if lifecycle.reaches(from, to) {
            return Ok(());
        }
        let kept = committed(&self.original.path).and_then(|text| self.state_in(text));
        if kept.is_some_and(|kept| kept != from && (kept == to || lifecycle.reaches(&kept, to))) {
            return Ok(());
        }
        let legal = lifecycle.legal(from);
        let message = format!("{} is {from}, and from there no move leads to {to}", self.name);
        let error = match legal.is_empty() {
            true => Error::new(message),
            false => self.asks(&legal).into_iter().fold(Error::new(message), Error::help),
        };
        let settled = lifecycle.is_decided(from) || lifecycle.is_ended(from);
        let back = legal.iter().any(|state| lifecycle.is_open(state));
        Err(match settled && !back {
            true => self.ways_on(from).into_iter().fold(error, Error::help),
            false => error,
        })
    }

    /// Returns the state the record has in another text of it.
    fn state_in(&self, text: String) -> Option<String> {
        let Original { path, claim, .. } = self.original;
        Record::read(path, *claim, &Document::read(text), self.config, Depth::FrontMatter).state
    }

    /// Returns what each of the states `legal` asks for that the record does not have.
    fn asks(&self, legal: &[&str]) -> Vec<String> {
        let kind = self.kind();
        let whole =
            Record::read(&self.original.path, self.original.claim, &self.document, self.config, Depth::Whole);
        let field = &kind.lifecycle.field;
        let asks = |state: &&str| match &lacking(kind, &whole, &self.document, Some(state))[..] {
            [] => format!("possible: {field}={state}"),
            lacks => format!("possible: {field}={state}, which asks for {}", lacks.join(", ")),
        };
        legal.iter().map(asks).collect()
    }

    /// Returns what works for a record in `state`, where something has been decided and no move leads back.
    pub(super) fn ways_on(&self, state: &str) -> Vec<String> {
        let kind = self.kind();
        let lifecycle = &kind.lifecycle;
        let superseded = lifecycle.superseded.as_deref();
        let replaced = superseded.filter(|to| lifecycle.next(state).contains(to));
        let born = self.record.command_for(kind, &self.config.kinds).filter(|_| replaced.is_some());
        let anew = born.unwrap_or_else(|| format!("pmkit new {} \"…\"", kind.id));
        vec![match replaced {
            Some(_) => format!(
                "decide anew: {anew}, and once that is decided: pmkit supersede {} --by {}-…",
                self.name, kind.prefix
            ),
            None => {
                format!("put it anew as {} of its own: pmkit new {} \"…\"", with_article(&kind.id), kind.id)
            }
        }]
    }
}
