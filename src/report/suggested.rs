//! What may be made of a record as it stands, below what is told of it.

use std::io;
use std::io::Write;

use super::Look;
use super::markdown::lines;
use super::styled;
use crate::history::History;
use crate::history::Timelines;
use crate::kind::Suggestion;
use crate::record::Origin;
use crate::record::Value;
use crate::text::visible;
use crate::workspace::Workspace;

/// Returns what may be made of the record at `at` of `workspace`, where what `history` or the records it names tell of it calls for
/// that, and it has not been made already.
#[must_use]
pub fn suggested(workspace: &Workspace<'_>, at: usize, history: &History) -> Vec<Suggestion> {
    let (record, kinds) = (&workspace.records[at], &workspace.config.kinds);
    let kind = kinds.at(record.kind);
    let Some(name) = record.id_text(kinds) else { return Vec::new() };
    let timelines = Timelines::new(history);
    let slips = timelines.slips(kinds);
    let slipping = || {
        let timeline = timelines.at(&record.path);
        let running = record.deadlines(kind).filter(|deadline| deadline.runs);
        let mut slips = running.filter_map(|deadline| timeline?.slip(deadline.written.field, &slips));
        slips.any(crate::history::Slip::is_often)
    };
    let changed = || {
        // What says that it was corrected is held against that by lint alone.
        let corrected =
            record.field(kind, "corrections").is_some_and(|written| written.value != Value::Blank);
        let fixed = timelines.fixed(kinds, &[]);
        let own = fixed.iter().find(|fixed| fixed.path == record.path);
        !corrected && own.is_some_and(|fixed| !fixed.rewritten.is_empty() || !fixed.fields.is_empty())
    };
    let shaken = || {
        record.references.iter().any(|reference| {
            let ground = matches!(reference.origin, Origin::Field(index) if kind.fields[index].ground);
            let other = workspace.resolve(record, &reference.target).filter(|_| ground);
            other.is_some_and(|other| {
                let refuted = &kinds.at(other.kind).lifecycle.refuted;
                other.state.as_ref().is_some_and(|state| refuted.contains(state))
            })
        })
    };
    let holds: [(&str, &dyn Fn() -> bool); 3] =
        [("changed-after-decision", &changed), ("shaken-ground", &shaken), ("slipping", &slipping)];
    let mut found: Vec<Suggestion> = Vec::new();
    for (rule, holds) in holds {
        for (to, birth) in kinds.called_for(record.kind, record.state.as_deref(), rule) {
            let suggestion = kinds.suggestion(to, birth, &name);
            if !found.contains(&suggestion) && workspace.in_the_way(at, to, birth).is_none() && holds() {
                found.push(suggestion);
            }
        }
    }
    found
}

/// Writes `suggested` for people, a line each.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn suggestions(suggested: &[Suggestion], look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    for suggestion in suggested {
        for part in lines(&visible(&suggestion.told()), look.width.clamp(40, 120)) {
            writeln!(out, "{}", styled(&visible(&part), "2", look))?;
        }
    }
    Ok(())
}
