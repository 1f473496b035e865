//! A heading that calls the record something else than its front matter.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::record::says_title;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "title-mismatch",
    level: Level::Warn,
    page: include_str!("../../docs/rules/title-mismatch.md"),
    fixes: true,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(title) = subject.record.text(subject.kind, "title") else { return };
    let document = subject.document;
    // What a malformed front matter says of the title may be half of it.
    if !document.slips.is_empty() {
        return;
    }
    // The first section is what stands before any heading.
    let (Some(before), Some(first)) =
        (document.outline().sections.first(), document.outline().sections.get(1))
    else {
        return;
    };
    let whole = first.title.of(&document.text).trim();
    let heading = without_anchor(whole);
    // Of several first-level headings none is the title: they are the parts of the text.
    let tops = document.outline().sections.iter().filter(|section| section.level == 1).count();
    let opens = first.level == 1 && tops == 1 && !before.filled;
    // A section of the kind may stand at any level.
    let section = !subject.kind.sections_titled(heading).is_empty();
    let kinds = &subject.config.kinds;
    if !opens || heading.is_empty() || section || says_title(heading, title, subject.record.id(), kinds) {
        return;
    }
    let name = subject.record.id().map(|id| format!("{} ", kinds.at(id.kind).spoken_id(id.number)));
    let right = format!("# {}{title}{}", name.unwrap_or_default(), &whole[heading.len()..]);
    // What stands there as one line is replaced as one; another form of heading is left to its writer.
    let line: Span = first.heading;
    let simple = document.at(line).starts_with("# ") && !document.at(line).contains(['\n', '\r']);
    let finding = Finding::at(line, format!("{}: the heading is not the title `{title}`", subject.name()))
        .label("readers of the page see this one")
        .help(format!("write `{right}`, or make this the `title`"));
    sink.push(if simple {
        finding.likely_fix(format!("write `{right}`"), vec![(line, right)])
    } else {
        finding
    });
}

/// Returns `heading` without the anchor some site builders read behind it: `Keep sessions {#top}`.
fn without_anchor(heading: &str) -> &str {
    let anchored = heading.strip_suffix('}').and_then(|rest| rest.rsplit_once('{'));
    match anchored {
        Some((before, inside)) if inside.trim_start_matches(':').trim_start().starts_with(['#', '.']) => {
            before.trim_end()
        }
        _ => heading,
    }
}
