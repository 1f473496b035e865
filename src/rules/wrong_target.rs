//! A field that names a record of a kind it may not point to.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::kind::Field;
use crate::record::Origin;
use crate::record::RecordId;
use crate::record::Target;
use crate::record::asked_for;
use crate::record::may_name;
use crate::record::wrong_kind;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "wrong-target",
    level: Level::Deny,
    page: include_str!("../../docs/rules/wrong-target.md"),
    fixes: false,
    check: Check::Workspace(check),
};

fn check(workspace: &Workspace<'_>, sink: &mut Sink<'_>) {
    let kinds = &workspace.config.kinds;
    for record in &workspace.records {
        let fields = &kinds.at(record.kind).fields;
        for reference in &record.references {
            let Origin::Field(index) = reference.origin else { continue };
            let field = &fields[index];
            if field.to.is_empty() {
                continue;
            }
            let (kind, number) = match &reference.target {
                Target::Id(id) => (id.kind, Some(id.number)),
                Target::Path(_) => match workspace.resolve(record, &reference.target) {
                    Some(found) => (found.kind, found.id().map(|id| id.number)),
                    None => continue,
                },
                Target::Elsewhere => continue,
            };
            if may_name(kind, &field.to, kinds) {
                continue;
            }
            sink.push_about_with(record, || {
                let name = match &reference.target {
                    Target::Path(path) => format!("`{path}`"),
                    _ => number.map(|number| kinds.at(kind).id_of(number)).unwrap_or_default(),
                };
                let message = wrong_kind(&name, kind, &field.to, kinds);
                let mut finding = Finding::at(reference.span, message);
                if let Some(help) = &field.help {
                    finding = finding.label(help.clone());
                }
                finding.help(instead(workspace, field, number)).help(format!(
                    "or take it out here, and name {name} in the text, where any record may stand"
                ))
            });
        }
    }
}

/// Says what to name instead: the record with the same number, else the one whose number is nearest, of the kinds that
/// `field` may point to.
fn instead(workspace: &Workspace<'_>, field: &Field, number: Option<u64>) -> String {
    let kinds = &workspace.config.kinds;
    let asked = asked_for(&field.to, kinds);
    let fits = |id: &RecordId| field.to.contains(&kinds.at(id.kind).id);
    let ids: Vec<RecordId> = workspace.ids().map(|(id, _)| id).filter(fits).collect();
    let away = |id: &&RecordId| number.map_or(id.number, |number| id.number.abs_diff(number));
    match (&ids[..], ids.iter().min_by_key(away)) {
        (_, Some(same)) if Some(same.number) == number => format!("did you mean `{}`?", same.text(kinds)),
        ([only], _) => format!("name {asked}, as in `{}`, the only one there is", only.text(kinds)),
        (_, Some(near)) => format!("name {asked}, as in `{}`", near.text(kinds)),
        (_, None) => {
            let first = field.to.iter().find(|id| kinds.index_of(id).is_some());
            format!("write {asked} first: `pmkit new {} \"…\"`", first.map_or("KIND", String::as_str))
        }
    }
}
