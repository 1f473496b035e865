//! Text of the template still standing where the author's belongs.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::Block;
use crate::document::BlockKind;
use crate::kind::FieldType;
use crate::record::Value;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "template-left-over",
    level: Level::Deny,
    page: include_str!("../../docs/rules/template-left-over.md"),
    fixes: false,
    check: Check::Record(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    fields(subject, sink);
    sections(subject, sink);
    lines(subject, sink);
}

/// Finds values that are the template's own text, where the field has no default that says so.
fn fields(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let template = subject.kind.template_text();
    for written in &subject.record.fields {
        let field = &subject.kind.fields[written.field];
        let free =
            matches!(field.value, FieldType::Text | FieldType::Person | FieldType::People | FieldType::Url);
        let Value::Text(text) = &written.value else { continue };
        if free && field.default.is_none() && template.field(&field.key) == Some(text) {
            let message = format!("`{}` still holds the template's `{text}`", field.key);
            sink.push(Finding::at(written.span, message).help("write your own, or leave it empty"));
        }
    }
}

/// Finds required sections in which nothing but the template's help stands.
fn sections(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for (spec, index) in subject.blank_sections() {
        if template_comment(subject, index).is_some() {
            let message = format!("{}: `{}` is still the template", subject.name(), spec.title);
            let help = format!(
                "put your own words in place of the help; a filled example: pmkit kinds {}",
                subject.kind.id
            );
            let place = subject.document.outline().sections[index].heading;
            sink.push(Finding::at(place, message).label("only the template's help stands below").help(help));
        }
    }
}

/// Returns the template's comment in section `index`, where it is still there.
pub(super) fn template_comment(subject: &Subject<'_>, index: usize) -> Option<Span> {
    let outline = subject.document.outline();
    let body = outline.sections[index].body;
    let template = subject.kind.template_text();
    let known = |span: &&Span| body.contains(**span) && template.has_comment(subject.document.at(**span));
    outline.comments.iter().find(known).copied()
}

/// Finds lines of text that stand in the template word for word.
fn lines(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let document = subject.document;
    let outline = document.outline();
    let template = subject.kind.template_text();
    if !template.has_lines() {
        return;
    }
    let inside = |span: Span| {
        // The head of a table is to stay.
        let stays = |kind: BlockKind| matches!(kind, BlockKind::Code | BlockKind::Head(_));
        let kept = |block: &Block| stays(block.kind) && block.span.contains(span);
        outline.comments.iter().any(|comment| comment.contains(span)) || outline.blocks.iter().any(kept)
    };
    let body = Span::new(document.body, document.text.len());
    let mut at = body.start();
    for line in document.at(body).split_inclusive('\n') {
        let text = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        if !text.is_empty() && template.has_line(text) {
            let span = Span::new(start, start + text.len());
            if !inside(span) {
                let message = format!("{} still holds a line of the template", subject.name());
                sink.push(Finding::at(span, message).help("write your own, or delete the line"));
            }
        }
    }
}
