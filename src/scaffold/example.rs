//! A filled example of a kind, made from the examples its kind file gives.

use super::Filled;
use crate::date::Date;
use crate::kind::Kind;
use crate::kind::Known;
use crate::kind::Required;

/// Returns a record of `kind` as a careful author would have it: in the open state that asks for most, every field and
/// section that has an example filled in. `today` is the day it is written.
#[must_use]
pub fn example(kind: &Kind, today: Date) -> String {
    let id = kind.id_of(12);
    let title = kind.example.as_deref().unwrap_or("A title that says what it is about");
    let state = example_state(kind);
    let known = Known { me: Some("lee"), keeper: None, title, today };
    let mut text = String::from("---\n");
    for (index, field) in kind.fields.iter().enumerate() {
        let value = match field.name.as_str() {
            "id" => Some(id.clone()),
            "title" => Some(title.to_owned()),
            name if name == kind.lifecycle.field => state.map(str::to_owned),
            _ => {
                let default = field.default.as_ref().and_then(|default| default.fill(known));
                field.example.clone().or(default)
            }
        };
        if let Some(value) = value {
            let texts = match field.value.is_many() {
                true => value.split(',').map(|part| part.trim().to_owned()).collect(),
                false => vec![value],
            };
            text.push_str(&format!("{}: {}\n", field.key, Filled { field: index, texts }.yaml(kind)));
        }
    }
    text.push_str(&format!("---\n\n# {id} {title}\n"));
    for section in &kind.sections {
        let needed = section.required == Required::Always;
        let body = match (&section.example, &section.help) {
            (Some(example), _) => example.trim().to_owned(),
            (None, Some(help)) if needed => format!("<!-- {help} -->"),
            (None, None) if needed => "…".to_owned(),
            (None, _) => continue,
        };
        text.push_str(&format!("\n## {}\n\n{body}\n", section.title));
    }
    text
}

/// Returns the state that asks for most among those that are open and neither decided nor final; else the initial one.
fn example_state(kind: &Kind) -> Option<&str> {
    let lifecycle = &kind.lifecycle;
    let asks = |state: &str| {
        let needed = |required: &&Required| matches!(required, Required::In(states) if states.iter().any(|s| s == state));
        let fields = kind.fields.iter().map(|field| &field.required).filter(needed).count();
        fields + kind.sections.iter().map(|section| &section.required).filter(needed).count()
    };
    let ends = |state: &str| lifecycle.decided.iter().chain(&lifecycle.ended).any(|end| end == state);
    let mut best = lifecycle.initial.as_deref();
    for state in lifecycle.open.iter().filter(|state| !ends(state)) {
        if best.is_none_or(|best| asks(state) > asks(best)) {
            best = Some(state);
        }
    }
    best
}
