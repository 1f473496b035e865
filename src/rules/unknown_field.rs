//! A key the kind does not know, most often a slip.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::kind::Kind;
use crate::kind::Origin;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::nearest;
use crate::text::with_article;

pub(super) const RULE: Rule = Rule {
    id: "unknown-field",
    level: Level::Warn,
    page: include_str!("../../docs/rules/unknown-field.md"),
    fixes: true,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let kind = subject.kind;
    let document = subject.document;
    // Every entry that is a field of the kind is in the record.
    if document.entries().len() == subject.record.fields.len() {
        return;
    }
    let present = |key: &str| document.entry(key).is_some();
    for entry in document.entries() {
        let key = entry.key.text.of(&document.text);
        if kind.field_of_key(key).is_some() {
            continue;
        }
        let span = entry.key.text.span;
        let finding = Finding::at(span, format!("`{key}` is not a field of {}", with_article(&kind.id)));
        if key.starts_with("<!--") {
            sink.push(
                finding.label("`<!-- -->` is no comment in front matter").help("begin a comment with `#`"),
            );
            continue;
        }
        let names = kind.fields.iter().flat_map(|field| std::iter::once(&field.key).chain(&field.aliases));
        let near = nearest(key, names.map(String::as_str)).filter(|near| !present(near));
        sink.push(match near {
            Some(near) => {
                let finding = finding.help(format!("did you mean `{near}`?"));
                let edits = vec![(span, near.to_owned())];
                let title = format!("rename it to `{near}`");
                match letters(near) == letters(key) {
                    true => finding.fix(title, edits),
                    false => finding.likely_fix(title, edits),
                }
            }
            None => finding
                .help(format!("see the fields there are: pmkit kinds {}", kind.id))
                .help(declare(kind, key)),
        });
    }
}

/// Says how a field becomes one of the kind.
fn declare(kind: &Kind, key: &str) -> String {
    let field = format!("[[field]] name = \"{key}\"");
    match &kind.origin {
        Origin::File(path) => format!("declare it for all of them in {path}: {field}"),
        Origin::BuiltIn => {
            let id = &kind.id;
            format!(
                "to declare it, begin with a copy: pmkit kinds {id} --format toml > .pmkit/kinds/{id}.toml; then add {field}"
            )
        }
    }
}

/// Returns the letters and digits of a key in small letters: what is left when only its spelling differs.
fn letters(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
