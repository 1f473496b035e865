//! An id in running text that is not written in full.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::record::Form;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "unpadded-mention",
    level: Level::Warn,
    page: include_str!("../../docs/rules/unpadded-mention.md"),
    fixes: true,
    check: Check::Workspace(check),
};

fn check(workspace: &Workspace<'_>, sink: &mut Sink<'_>) {
    let kinds = &workspace.config.kinds;
    for record in &workspace.records {
        for reference in &record.references {
            if reference.form == Form::Full {
                continue;
            }
            // What stands in a field is read by tools, which take any form.
            let in_field = record.fields.iter().any(|field| field.span.contains(reference.span));
            let Some(other) = workspace.resolve(record, &reference.target).filter(|_| !in_field) else {
                continue;
            };
            let Some(id) = other.id() else { continue };
            sink.push_about_with(record, || {
                let name = kinds.at(id.kind).spoken_id(id.number);
                let (title, edits) = (format!("write `{name}`"), vec![(reference.span, name.clone())]);
                if reference.form == Form::Unpadded {
                    Finding::at(reference.span, format!("the id {name} is not written in full"))
                        .help(title.clone())
                        .fix(title, edits)
                } else {
                    Finding::at(
                        reference.span,
                        format!("this seems to mean {name}, and no search for it comes here"),
                    )
                    .help(format!("{title}, or put the text in backticks if it means something else"))
                    .likely_fix(title, edits)
                }
            });
        }
    }
}
