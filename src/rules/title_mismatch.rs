//! A heading that calls the record something else than its front matter.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::record::says_title;
use crate::record::title_heading;
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
    let Some((first, heading)) = title_heading(document, subject.kind) else { return };
    let kinds = &subject.config.kinds;
    if says_title(heading, title, subject.record.id(), kinds) {
        return;
    }
    let whole = first.title.of(&document.text).trim();
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
