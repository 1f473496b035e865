//! A period that does not lie inside that of the record it is part of.

use super::Check;
use super::Rule;
use crate::date::Period;
use crate::diagnostic::Level;
use crate::kind::Kind;
use crate::record::Origin;
use crate::record::Record;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "outside-period",
    level: Level::Deny,
    page: include_str!("../../docs/rules/outside-period.md"),
    fixes: false,
    check: Check::Workspace(check),
};

fn check(workspace: &Workspace<'_>, sink: &mut Sink<'_>) {
    let kinds = &workspace.config.kinds;
    let asks: Vec<bool> =
        kinds.all().iter().map(|kind| kind.fields.iter().any(|field| field.within.is_some())).collect();
    for record in workspace.records.iter().filter(|record| asks[record.kind]) {
        let kind = kinds.at(record.kind);
        // What has ended was right in its time.
        if !record.state.as_ref().is_some_and(|state| kind.lifecycle.is_live(state)) {
            continue;
        }
        for reference in &record.references {
            let Origin::Field(index) = reference.origin else { continue };
            let field = &kind.fields[index];
            let (Some(name), Some(other)) = (&field.within, workspace.resolve(record, &reference.target))
            else {
                continue;
            };
            // Where a period is missing or none, other rules say so.
            let (Some((own, place)), Some((wider, there))) =
                (period(record, kind, name), period(other, kinds.at(other.kind), name))
            else {
                continue;
            };
            if own.lies_in(wider) {
                continue;
            }
            sink.push_about_with(record, || {
                let (id, theirs) = (record.name(kinds), other.name(kinds));
                let key = kind.field(name).map_or(name, |field| &field.key);
                let message = format!("{id} is for {own}, and {theirs}, its `{}`, for {wider}", field.key);
                Finding::at(place, message)
                    .label(format!("does not lie in {wider}"))
                    .related(&other.path, Some(there), "what it should lie in")
                    .help(format!("write `{key}: {wider}`, or a part of it"))
                    .help(format!("or name under `{}` one that {own} lies in", field.key))
            });
        }
    }
}

/// Returns the period that `record`, a record of `kind`, has in the field `name`, and where it stands.
fn period(record: &Record, kind: &Kind, name: &str) -> Option<(Period, Span)> {
    let written = record.field(kind, name)?;
    Some((Period::parse(written.value.as_text()?)?, written.span))
}
