//! A reference to a record that is not there.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::record::Form;
use crate::record::Origin;
use crate::record::Record;
use crate::record::RecordId;
use crate::record::Reference;
use crate::record::Target;
use crate::record::may_name;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "dangling-reference",
    level: Level::Deny,
    page: include_str!("../../docs/rules/dangling-reference.md"),
    fixes: false,
    check: Check::Workspace(check),
};

fn check(workspace: &Workspace<'_>, sink: &mut Sink<'_>) {
    let kinds = &workspace.config.kinds;
    for record in &workspace.records {
        for reference in &record.references {
            // A link leads to a file, which need be no record; `RFC 2119` is somebody else's.
            let elsewhere = reference.target == Target::Elsewhere
                || reference.origin == Origin::Link
                || reference.form == Form::Loose;
            if elsewhere || workspace.resolve(record, &reference.target).is_some() {
                continue;
            }
            // Of a record of a wrong kind another rule tells.
            if let (Target::Id(id), Origin::Field(field)) = (&reference.target, reference.origin)
                && !may_name(id.kind, &kinds.at(record.kind).fields[field].to, kinds)
            {
                continue;
            }
            sink.push_about_with(record, || finding(workspace, record, reference));
        }
    }
}

/// Says that what `reference` names is not there, and what may be meant.
fn finding(workspace: &Workspace<'_>, record: &Record, reference: &Reference) -> Finding {
    let kinds = &workspace.config.kinds;
    let place = |message: String| Finding::at(reference.span, message);
    let finding = match &reference.target {
        Target::Id(id) => {
            let finding = place(format!("there is no {} {}", kinds.at(id.kind).id, id.text(kinds)));
            match nearest_id(workspace, *id) {
                Some(near) => finding.help(format!("did you mean `{}`?", near.text(kinds))),
                None => finding,
            }
        }
        Target::Path(path) => place(format!("there is no record at `{path}`"))
            .help("write the record's id, or the path from the root of the repository"),
        Target::Elsewhere => place("there is no such record".to_owned()),
    };
    // In a field of references backticks would be no YAML, and there is nothing else it could mean.
    match (reference.origin, &reference.target) {
        (Origin::Field(field), _) => {
            let key = &kinds.at(record.kind).fields[field].key;
            finding.help(format!("name a record there is, or leave `{key}:` blank"))
        }
        (_, Target::Id(id)) => finding.help(format!(
            "put it in backticks, `{}`, if it does not mean a record of this repository",
            id.text(kinds)
        )),
        _ => finding.help("put it in backticks if it does not mean a record of this repository"),
    }
}

/// Returns the one id in use that is a digit off, or has two digits swapped. Where there are several, naming one would be
/// a guess.
fn nearest_id(workspace: &Workspace<'_>, id: RecordId) -> Option<RecordId> {
    let wanted = format!("{:04}", id.number);
    let near = |known: &RecordId| {
        known.kind == id.kind && strsim::damerau_levenshtein(&wanted, &format!("{:04}", known.number)) <= 1
    };
    let mut found = workspace.ids().map(|(known, _)| known).filter(near);
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}
