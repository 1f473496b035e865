//! How a record comes from another one, as kind files say: `[[born_from]]`.

use super::Kind;
use super::Kinds;
use crate::template::names;
use crate::text::Span;

/// One way in which a record of a kind is born from another record.
#[derive(Debug, Clone)]
pub struct Birth {
    /// The ids of the kinds from whose records it is born; `*` for every kind.
    pub kinds: Vec<String>,
    /// The states that record may be in; empty for every state.
    pub states: Vec<String>,
    /// Whether only from what was decided and still holds.
    pub decided: bool,
    /// Whether a second one must wait until the first is at its end.
    pub once: bool,
    /// When that is called for, to go on with behind "if".
    pub when: Option<String>,
    /// The rules whose findings suggest it.
    pub suggested_by: Vec<String>,
    /// Its title where none is given.
    pub title: Option<Sketch>,
    /// Its fields by their index, in order.
    pub fields: Vec<(usize, Sketch)>,
    /// Its sections by their index, in order.
    pub sections: Vec<(usize, Sketch)>,
    /// The sections that a person is asked about, by their index, each with the question.
    pub asks: Vec<(usize, Sketch)>,
    /// Fields of the record it is born from, by name, with what is written there.
    pub back: Vec<(String, Sketch)>,
}

/// A text with placeholders, as a kind file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    /// The text.
    pub text: String,
    /// Where the kind file has it, quotes included.
    pub place: Span,
}

/// What templates of a birth may name, level by level, with what stands below each; `FIELD` and `SECTION` stand for those of the
/// record it is born from.
pub const NAMES: [(&str, &[&str]); 6] = [
    ("", &["from", "history", "id", "me", "number", "title", "today"]),
    ("from", &["bands", "fields", "id", "kind", "link", "number", "path", "sections", "state", "title"]),
    (
        "history",
        &["count", "days", "decided", "events", "known", "reworded", "since", "slipped", "slips", "why"],
    ),
    ("history.decided", &["approver", "by", "day", "pull_request", "state"]),
    ("history.reworded", &["by", "day", "new", "old", "places", "pull_request", "words"]),
    ("history.slipped.FIELD", &["count", "days", "first", "first_day", "last"]),
];

/// Stands for every kind.
pub const EVERY: &str = "*";

impl Sketch {
    /// Says whether it names `name`, or something below it.
    #[must_use]
    pub fn mentions(&self, name: &str) -> bool {
        let below = |known: &String| known.split('.').next() == Some(name);
        names(&self.text).is_ok_and(|names| names.iter().any(below))
    }

    /// Returns where in the kind file `source` the text first says `name`; all of it where that cannot be told.
    #[must_use]
    pub fn named(&self, source: &str, name: &str) -> Span {
        let found = self.place.of(source).find(name).map(|at| self.place.start() + at);
        found.map_or(self.place, |start| Span::new(start, start + name.len()))
    }

    /// Returns where in the kind file `source` the line `line` of the text stands; all of it where that cannot be told.
    #[must_use]
    pub fn line(&self, source: &str, line: Option<usize>) -> Span {
        let raw = self.place.of(source);
        let quotes = ["\"\"\"", "'''"].iter().find(|quotes| raw.starts_with(**quotes));
        let (Some(line), Some(quotes)) = (line, quotes) else { return self.place };
        // A line break right behind the quotes is none of the text.
        let opening = usize::from(raw[quotes.len()..].starts_with(['\n', '\r']));
        let mut start = self.place.start();
        for (at, written) in raw.split_inclusive('\n').enumerate() {
            if at + 1 == line + opening {
                let before = written.len() - written.trim_start().len();
                return Span::new(start + before, start + written.trim_end().len().max(before));
            }
            start += written.len();
        }
        self.place
    }
}

impl Birth {
    /// Says whether it is a birth from records of `kind`.
    #[must_use]
    pub fn is_from(&self, kind: &Kind) -> bool {
        self.kinds.iter().any(|known| *known == kind.id || known == EVERY)
    }

    /// Says whether it is a birth from a record of `kind` that is in `state`.
    #[must_use]
    pub fn fits(&self, kind: &Kind, state: Option<&str>) -> bool {
        let among = |states: &[String]| state.is_some_and(|state| states.iter().any(|known| known == state));
        self.is_from(kind)
            && (self.states.is_empty() || among(&self.states))
            && (!self.decided || kind.lifecycle.holds(state))
    }

    /// Says whether it is a birth from records of `kind` in some state they can be in.
    #[must_use]
    pub fn may_be_from(&self, kind: &Kind) -> bool {
        let states = kind.lifecycle.states();
        let unsaid = || self.states.is_empty() && !self.decided;
        self.is_from(kind)
            && (unsaid() || states.is_empty() || states.iter().any(|state| self.fits(kind, Some(*state))))
    }

    /// Says whether it takes what has happened to the other record.
    #[must_use]
    pub fn looks_back(&self) -> bool {
        self.sketches().any(|sketch| sketch.mentions("history"))
    }

    /// Returns all texts with placeholders.
    pub fn sketches(&self) -> impl Iterator<Item = &Sketch> {
        let own = self.fields.iter().chain(&self.sections).chain(&self.asks).map(|(_, sketch)| sketch);
        self.title.iter().chain(own).chain(self.back.iter().map(|(_, sketch)| sketch))
    }
}

impl Kind {
    /// Returns the first of the ways in which a record of this kind is born from one of `kind` in `state`.
    #[must_use]
    pub fn birth_from(&self, kind: &Kind, state: Option<&str>) -> Option<&Birth> {
        self.births.iter().find(|birth| birth.fits(kind, state))
    }

    /// Returns the command that makes a record of this kind from the one called `name`.
    #[must_use]
    pub fn command_from(&self, name: &str) -> String {
        format!("pmkit new {} --from {name}", self.id)
    }
}

/// What may be made of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// When that is called for, to go on with behind "if".
    pub when: Option<String>,
    /// The command.
    pub command: String,
}

impl Suggestion {
    /// Returns it in words: `if it has happened: pmkit new issue --from R-0012`.
    #[must_use]
    pub fn told(&self) -> String {
        match &self.when {
            Some(when) => format!("if {when}: {}", self.command),
            None => self.command.clone(),
        }
    }
}

impl Kinds {
    /// Returns the indices of the kinds of which a record can be born from one of the kind at the index `kind` in `state`, each with
    /// the way.
    pub fn born_of<'a>(
        &'a self,
        kind: usize,
        state: Option<&'a str>,
    ) -> impl Iterator<Item = (usize, &'a Birth)> {
        let from = self.at(kind);
        self.all().iter().enumerate().filter_map(move |(to, kind)| Some((to, kind.birth_from(from, state)?)))
    }

    /// Returns the ways in which what a finding of `rule` calls for is born from a record of the kind at the index `kind` in
    /// `state`, each with the index of the kind that is born.
    pub fn called_for<'a>(
        &'a self,
        kind: usize,
        state: Option<&'a str>,
        rule: &'a str,
    ) -> impl Iterator<Item = (usize, &'a Birth)> {
        let suggested =
            move |(_, birth): &(usize, &Birth)| birth.suggested_by.iter().any(|known| known == rule);
        self.born_of(kind, state).filter(suggested)
    }

    /// Returns what may be made of the record called `name` by `birth`, a way in which the kind at the index `to` is born.
    #[must_use]
    pub fn suggestion(&self, to: usize, birth: &Birth, name: &str) -> Suggestion {
        Suggestion { when: birth.when.clone(), command: self.at(to).command_from(name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_text_is_found_where_it_stands() {
        let source = "a = \"\"\"\nfirst\n  {{ x\n\"\"\"\nb = 'one'\n";
        let sketch = |text: &str| {
            let start = source.find(text).expect("stands in the source");
            Sketch { text: String::new(), place: Span::new(start, start + text.len()) }
        };
        let long = sketch("\"\"\"\nfirst\n  {{ x\n\"\"\"");
        assert_eq!(long.line(source, Some(2)).of(source), "{{ x");
        assert_eq!(long.line(source, None), long.place);
        assert_eq!(long.line(source, Some(9)), long.place);
        assert_eq!(sketch("'one'").line(source, Some(1)).of(source), "'one'");
    }
}
