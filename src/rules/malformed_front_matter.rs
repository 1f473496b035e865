//! Front matter that is there, but not as YAML or not where other tools look for it.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "malformed-front-matter",
    level: Level::Deny,
    page: include_str!("../../docs/rules/malformed-front-matter.md"),
    fixes: true,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for slip in &subject.document.slips {
        let mut finding = Finding::at(slip.span, slip.message.clone()).help(slip.help.clone());
        if let Some(label) = &slip.label {
            finding = finding.label(label.clone());
        }
        if let Some(mend) = &slip.mend {
            finding = match mend.certain {
                true => finding.fix(mend.title.clone(), mend.edits.clone()),
                false => finding.likely_fix(mend.title.clone(), mend.edits.clone()),
            };
        }
        sink.push(finding);
    }
}
