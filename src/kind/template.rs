//! What a template contributes to a record by itself, so that what an author left in place can be found.

use std::collections::BTreeSet;

use crate::document::Document;
use crate::document::Node;

/// The text of a template that `new` writes as it stands.
#[derive(Debug, Default)]
pub struct TemplateText {
    lines: BTreeSet<String>,
    comments: BTreeSet<String>,
    fields: Vec<(String, String)>,
}

impl TemplateText {
    /// Reads a template. Lines with placeholders (`{{ title }}`) differ in every record and do not count.
    #[must_use]
    pub fn read(template: &str) -> Self {
        let document = Document::read(template.to_owned());
        let outline = document.outline();
        let mut comments = BTreeSet::new();
        let mut without = document.text.clone();
        for span in outline.comments.iter().rev() {
            comments.insert(folded(document.at(*span)));
            without.replace_range(span.range(), "");
        }
        let body = without.get(document.body..).unwrap_or_default();
        let lines = body
            .lines()
            .map(folded)
            .filter(|line| {
                line.chars().any(char::is_alphanumeric) && !line.starts_with('#') && !line.contains("{{")
            })
            .filter(|line| !line.contains("{%"));
        let fields = document.entries().iter().filter_map(|entry| match &entry.value {
            Node::Scalar(scalar) => {
                let text = scalar.text.of(&document.text).trim();
                let fixed = !text.is_empty() && !text.contains("{{") && !text.contains("{%");
                fixed.then(|| (entry.key.text.of(&document.text).to_lowercase(), text.to_owned()))
            }
            _ => None,
        });
        Self { lines: lines.collect(), comments, fields: fields.collect() }
    }

    /// Says whether there is any such line at all.
    #[must_use]
    pub fn has_lines(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Says whether `line` of a record stands in the template too.
    #[must_use]
    pub fn has_line(&self, line: &str) -> bool {
        self.lines.contains(&folded(line))
    }

    /// Says whether the comment, markers included, stands in the template too.
    #[must_use]
    pub fn has_comment(&self, comment: &str) -> bool {
        !self.comments.is_empty() && self.comments.contains(&folded(comment))
    }

    /// Returns the text the template gives the front-matter key `key`.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, text)| text.as_str())
    }
}

/// Returns `text` with every run of white space as one space.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_text_is_told_from_placeholders() {
        let template = "---\nid: {{ id }}\nreviewer: your-handle\n---\n# {{ title }}\n\n## Options\n\n<!-- at least\n two -->\n\n1. The first option\n-\n";
        let text = TemplateText::read(template);
        assert!(text.has_line("1.  The first option"));
        assert!(text.has_comment("<!-- at least two -->"));
        assert!(!text.has_line("## Options") && !text.has_line("-") && !text.has_line("# {{ title }}"));
        assert_eq!(text.field("Reviewer"), Some("your-handle"));
        assert_eq!(text.field("id"), None);
    }
}
