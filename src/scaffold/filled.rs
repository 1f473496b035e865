//! The text of a record that a command fills: each section with the part it takes, else with its help.

use crate::kind::Kind;

/// Returns the Markdown below the front matter of a record of `kind`: its sections, with what `parts` have for those that take a
/// part by its name. The others have their help, for whoever goes on writing.
#[must_use]
pub fn filled_body(kind: &Kind, parts: &[(&str, String)]) -> String {
    let mut text = String::new();
    for section in &kind.sections {
        let part = section.takes.as_deref().and_then(|name| parts.iter().find(|(known, _)| *known == name));
        let part = part.map(|(_, text)| text.trim_end()).filter(|text| !text.is_empty());
        let below = match (part, &section.help) {
            (Some(part), _) => format!("\n{part}\n"),
            (None, Some(help)) => format!("\n<!-- {help} -->\n"),
            (None, None) => String::new(),
        };
        let apart = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{apart}## {}\n{below}", section.title));
    }
    text
}
