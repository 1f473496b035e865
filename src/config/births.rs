//! What the ways to be born say of the kinds a record is born from, looked at once all kinds are known.

use super::load::not_a;
use crate::error::Mistake;
use crate::kind::EVERY;
use crate::kind::Field;
use crate::kind::Kind;
use crate::kind::NAMES;
use crate::kind::Sketch;
use crate::shape::Table;
use crate::shape::Toml;
use crate::shape::Written;
use crate::template::names;

/// Returns what in the ways to be born of a kind file, `table`, does not fit the kinds there are.
pub(super) fn misfits(toml: &Toml<'_>, table: Table<'_>, kinds: &[Kind]) -> Vec<Mistake> {
    let mut found = Vec::new();
    for birth in table.tables("born_from") {
        let written = birth.texts("kinds");
        let known: Vec<&str> = kinds.iter().map(|kind| kind.id.as_str()).chain([EVERY]).collect();
        found.extend(
            written
                .iter()
                .filter(|id| !known.contains(&id.value))
                .map(|id| not_a(toml, *id, &known, "a kind")),
        );
        let named = |id: &Written<&str>| kinds.iter().find(|kind| kind.id == id.value);
        let sources: Vec<&Kind> = match written.iter().any(|id| id.value == EVERY) {
            true => kinds.iter().collect(),
            false => written.iter().filter_map(named).collect(),
        };
        if !sources.is_empty() {
            Parents { toml, sources, found: &mut found }.check(birth);
        }
    }
    found
}

/// The kinds that a record is born from.
struct Parents<'a, 't, 'f> {
    toml: &'t Toml<'t>,
    sources: Vec<&'a Kind>,
    found: &'f mut Vec<Mistake>,
}

impl<'a> Parents<'a, '_, '_> {
    fn check(&mut self, birth: Table<'_>) {
        let whose = self.whose();
        let states: Vec<&str> = self.sources.iter().flat_map(|kind| kind.lifecycle.states()).collect();
        let any = self.sources.iter().any(|kind| kind.lifecycle.states().is_empty());
        for state in birth.texts("in").into_iter().filter(|state| !any && !states.contains(&state.value)) {
            self.found.push(not_a(self.toml, state, &once(states.clone()), &format!("a state of {whose}")));
        }
        let decides = self.sources.iter().any(|kind| !kind.lifecycle.decided.is_empty());
        if let (true, false, Some(span)) = (birth.flag("decided"), decides, birth.value_place("decided")) {
            let message = format!("no state of {whose} decides anything");
            self.found.push(self.toml.mistake(span, message, &[]));
        }
        let fields = self.fields(|_| true);
        let back = birth.table("back");
        for name in back.into_iter().flat_map(Table::keys) {
            let computed = self.sources.iter().filter_map(|kind| kind.field(name.value));
            if !fields.contains(&name.value) {
                self.found.push(not_a(self.toml, name, &fields, &format!("a field of {whose}")));
            } else if ["id", "kind"].contains(&name.value)
                || computed.clone().all(|field| !field.product.is_empty())
            {
                let message = format!("`{}` cannot be written back", name.value);
                self.found.push(self.toml.mistake(name.span, message, &["leave it out".to_owned()]));
            } else if let Some(state) = back.and_then(|back| back.text(name.value)) {
                // A text without placeholders is the state itself.
                let carries = self.sources.iter().all(|kind| kind.lifecycle.field == name.value);
                if carries && !any && !state.value.contains('{') && !states.contains(&state.value) {
                    self.found.push(not_a(
                        self.toml,
                        state,
                        &once(states.clone()),
                        &format!("a state of {whose}"),
                    ));
                }
            }
        }
        let tables = ["fields", "sections", "ask", "back"].into_iter().filter_map(|key| birth.table(key));
        let texts = tables.flat_map(|table| table.keys().filter_map(move |key| table.text(key.value)));
        for text in birth.text("title").into_iter().chain(texts) {
            self.template(text, &whose);
        }
    }

    /// Returns the kinds in words: `risk or issue`.
    fn whose(&self) -> String {
        let ids: Vec<&str> = self.sources.iter().map(|kind| kind.id.as_str()).collect();
        if ids.len() > 3 { "any kind it is born from".to_owned() } else { ids.join(" or ") }
    }

    /// Returns the names of the fields of these kinds that are `wanted`, each once.
    fn fields(&self, wanted: impl Fn(&Field) -> bool) -> Vec<&'a str> {
        let all = self.sources.iter().flat_map(|kind| &kind.fields);
        once(all.filter(|field| wanted(field)).map(|field| field.name.as_str()).collect())
    }

    fn sections(&self) -> Vec<&'a str> {
        let all = self.sources.iter().flat_map(|kind| &kind.sections);
        once(all.map(|section| section.title.as_str()).collect())
    }

    /// Returns what may stand below `path` in a template; `None` where anything may.
    fn below(&self, path: &[&str]) -> Option<Vec<&'a str>> {
        match path {
            ["from", "fields"] => Some(self.fields(|_| true)),
            ["from", "bands"] => Some(self.fields(|field| !field.bands.is_empty())),
            ["from", "sections"] => Some(self.sections()),
            ["history", "slipped"] => Some(self.fields(|field| !field.deadline_in.is_empty())),
            ["history", "slipped", _] => listed("history.slipped.FIELD"),
            [_, ..] => listed(&path.join(".")),
            [] => None,
        }
    }

    /// Adds what a template names that is not there.
    fn template(&mut self, text: Written<&str>, whose: &str) {
        let sketch = Sketch { text: text.value.to_owned(), place: text.span };
        // One that is none has been told about already.
        let Ok(named) = names(text.value) else { return };
        let mut wrong: Vec<(String, &str, Vec<&str>, String)> = Vec::new();
        for name in &named {
            let parts: Vec<&str> = name.split('.').collect();
            for at in 1..parts.len() {
                let Some(known) = self.below(&parts[..at]) else { continue };
                if !known.contains(&parts[at]) {
                    let what = match parts[1] {
                        "fields" => format!("a field of {whose}"),
                        "sections" => format!("a section of {whose}"),
                        _ => format!("something that `{}` has", parts[..at].join(".")),
                    };
                    wrong.push((parts[..=at].join("."), parts[at], known, what));
                    break;
                }
            }
        }
        let sections = self.sections();
        for title in subscripts(text.value).filter(|title| !sections.contains(title)) {
            wrong.push((title.to_owned(), title, sections.clone(), format!("a section of {whose}")));
        }
        for (place, value, known, what) in wrong {
            let span = sketch.named(&self.toml.source, &place);
            self.found.push(not_a(self.toml, Written { value, span }, &known, &what));
        }
    }
}

/// Returns the titles that `text` takes sections by: `from.sections["Description"]`.
fn subscripts(text: &str) -> impl Iterator<Item = &str> {
    text.split("from.sections[").skip(1).filter_map(|rest| {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest[1..].split(quote).next()
    })
}

fn listed(path: &str) -> Option<Vec<&'static str>> {
    NAMES.iter().find(|(known, _)| *known == path).map(|(_, names)| names.to_vec())
}

fn once(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names.dedup();
    names
}
