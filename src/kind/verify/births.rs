//! What the ways to be born say of the kind itself: its fields and sections, and templates that are none. What they say of the
//! kinds it is born from is looked at where all kinds are known.

use super::Verifier;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::birth::NAMES;
use crate::kind::birth::Sketch;
use crate::shape::Table;
use crate::shape::Written;
use crate::template::names;

impl Verifier<'_, '_> {
    /// Looks at every way to be born.
    pub(super) fn births(&mut self, table: Table<'_>, rules: &[&str]) {
        for birth in table.tables("born_from") {
            if let (true, Some(span)) = (birth.texts("kinds").is_empty(), birth.value_place("kinds")) {
                let help = "name kinds, or write `[\"*\"]` for all of them".to_owned();
                let message = "nothing is born from no kind".to_owned();
                self.mistakes.push(self.toml.mistake(span, message, &[help]));
            }
            for rule in birth.texts("suggested_by") {
                self.one_of(rule, rules, "a rule");
            }
            if let Some(text) = birth.text("title") {
                self.template(text, &["id", "number", "title"]);
            }
            self.born_fields(birth);
            for key in ["sections", "ask"] {
                let Some(sections) = birth.table(key) else { continue };
                for title in sections.keys() {
                    self.section_title(title);
                    if let Some(text) = sections.text(title.value) {
                        let unknown: &[&str] = if key == "ask" { &["id", "number"] } else { &[] };
                        self.template(text, unknown);
                    }
                }
            }
            let back = birth.table("back");
            for name in back.into_iter().flat_map(Table::keys) {
                if let Some(text) = back.and_then(|back| back.text(name.value)) {
                    self.template(text, &[]);
                }
            }
        }
    }

    /// Looks at the fields that a birth fills in.
    fn born_fields(&mut self, birth: Table<'_>) {
        let Some(fields) = birth.table("fields") else { return };
        let kind = self.kind;
        let given = |field: &&Field| {
            let settled = ["id", "title", "kind"].contains(&field.name.as_str());
            !settled && field.name != kind.lifecycle.field && field.product.is_empty()
        };
        let all: Vec<&str> = kind.fields.iter().map(|field| field.name.as_str()).collect();
        for name in fields.keys() {
            let field = kind.field(name.value);
            match field {
                Some(field) if !given(&field) => {
                    let help = match field.name.as_str() {
                        "title" => "write `title = …` beside `kinds`",
                        name if name == kind.lifecycle.field => {
                            "leave it out: a new record begins as `initial` says"
                        }
                        _ => "leave it out: nobody gives it",
                    };
                    self.mistake(name, format!("`{}` cannot be taken over", name.value), Some(help));
                }
                Some(_) => {}
                None => self.one_of(name, &all, "a field of this kind"),
            }
            let Some(text) = fields.text(name.value) else { continue };
            self.template(text, &["id", "number"]);
            let listed = |field: &&Field| matches!(field.value, FieldType::Enum | FieldType::Enums);
            if let (Some(field), false) = (field.filter(listed), text.value.contains('{')) {
                let values: Vec<&str> = field.values.iter().map(String::as_str).collect();
                for value in text.value.lines().map(str::trim).filter(|value| !value.is_empty()) {
                    self.one_of(Written { value, span: text.span }, &values, "one of the `values`");
                }
            }
        }
    }

    /// Adds a mistake where `text` is no template, or names at its top what is not there; `unknown` is not known yet where it
    /// stands.
    fn template(&mut self, text: Written<&str>, unknown: &[&str]) {
        let sketch = Sketch { text: text.value.to_owned(), place: text.span };
        let source = std::sync::Arc::clone(&self.toml.source);
        match names(text.value) {
            Err(wrong) => {
                let span = sketch.line(&source, wrong.line);
                self.mistakes.push(self.toml.mistake(span, format!("not a template: {}", wrong.why), &[]));
            }
            Ok(names) => {
                let tops: Vec<&str> =
                    NAMES[0].1.iter().copied().filter(|name| !unknown.contains(name)).collect();
                for name in names.iter().map(|name| name.split('.').next().unwrap_or_default()) {
                    if !tops.contains(&name) && !BUILT_IN.contains(&name) {
                        let span = sketch.named(&source, name);
                        self.one_of(Written { value: name, span }, &tops, "something that is known here");
                    }
                }
            }
        }
    }
}

/// What templates have by themselves.
const BUILT_IN: [&str; 3] = ["dict", "namespace", "range"];
