//! `pmkit.lint/1`: the promise to programs that read findings.

use std::io;
use std::io::Write;

use serde::Serialize;

use super::CurrentSource;
use super::Look;
use super::Sources;
use super::escape::write_json;
use crate::diagnostic::Diagnostic;
use crate::lint::Lint;
use crate::text::Lines;
use crate::text::Span;

const SCHEMA: &str = "pmkit.lint/1";

#[derive(Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    diagnostics: Vec<Finding<'a>>,
    summary: Summary<'a>,
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    #[serde(flatten)]
    finding: Finding<'a>,
}

#[derive(Serialize)]
pub(super) struct Finding<'a> {
    rule: &'a str,
    level: &'a str,
    path: String,
    record: Option<&'a str>,
    message: &'a str,
    help: &'a [String],
    span: Option<Place>,
    related: Vec<Related<'a>>,
    fix: Option<Fix<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    path: String,
    span: Option<Place>,
    message: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    path: String,
    start: usize,
    end: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct Place {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    byte: usize,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Summary<'a> {
    records: usize,
    deny: usize,
    warn: usize,
    acknowledged: usize,
    known: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted: Option<usize>,
    skipped: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a [String]>,
}

pub(super) fn lint(lint: &Lint, sources: Sources<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    write_json(&document(lint, &mut CurrentSource::new(sources), look), true, out)
}

/// Returns what was found as it is promised.
pub(super) fn document<'a>(lint: &'a Lint, source: &mut CurrentSource<'_>, look: Look<'_>) -> Document<'a> {
    let of_change = lint.summary.base.is_some().then_some(&lint.summary);
    Document {
        schema: SCHEMA,
        diagnostics: lint.diagnostics.iter().map(|found| finding(found, source, look)).collect(),
        summary: Summary {
            records: lint.summary.records,
            deny: lint.summary.deny,
            warn: lint.summary.warn,
            acknowledged: lint.summary.acknowledged,
            known: lint.summary.known,
            base: lint.summary.base.as_ref().map(|(_, commit)| commit.as_str()),
            before: lint.summary.before,
            deleted: of_change.map(|summary| summary.deleted),
            skipped: &lint.summary.skipped,
            notes: of_change.map(|summary| &summary.notes[..]),
        },
    }
}

pub(super) fn lint_lines(
    lint: &Lint,
    sources: Sources<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut source = CurrentSource::new(sources);
    for found in &lint.diagnostics {
        write_json(&Line { schema: SCHEMA, finding: finding(found, &mut source, look) }, false, out)?;
    }
    Ok(())
}

pub(super) fn finding<'a>(
    found: &'a Diagnostic,
    source: &mut CurrentSource<'_>,
    look: Look<'_>,
) -> Finding<'a> {
    let shown = |path: &str| format!("{}{path}", look.prefix);
    let span = place(found.span, source.of(&found.path));
    let related = found.related.iter().map(|related| Related {
        path: shown(&related.path),
        span: place(related.span, source.of(&related.path)),
        message: &related.message,
    });
    let edits = |fix: &'a crate::diagnostic::Fix| {
        let edit = |edit: &'a crate::diagnostic::Edit| Edit {
            path: shown(&edit.path),
            start: edit.span.start(),
            end: edit.span.end(),
            text: &edit.text,
        };
        fix.edits.iter().map(edit).collect()
    };
    Finding {
        rule: found.rule,
        level: found.level.name(),
        path: shown(&found.path),
        record: found.record.as_deref(),
        message: &found.message,
        help: &found.help,
        span,
        related: related.collect(),
        fix: found.fix.as_ref().map(|fix| Fix { title: &fix.title, safe: fix.safe, edits: edits(fix) }),
    }
}

fn place(span: Option<Span>, lines: Option<Lines<'_>>) -> Option<Place> {
    let (span, lines) = (span?, lines?);
    let point = |byte: usize| {
        let position = lines.position(byte);
        Point { byte: position.byte, line: position.line, column: position.column }
    };
    Some(Place { start: point(span.start()), end: point(span.end()) })
}
