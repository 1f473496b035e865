//! Reviewdog's diagnostic format, `rdjson`. Its columns count bytes (reviewdog, `proto/rdf/reviewdog.proto`).

use std::io;
use std::io::Write;

use serde::Serialize;

use super::CurrentSource;
use super::Look;
use super::Sources;
use super::escape::write_json;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Level;
use crate::lint::Lint;
use crate::text::Lines;
use crate::text::Span;

#[derive(Serialize)]
struct Document<'a> {
    source: Source,
    diagnostics: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Found<'a> {
    message: String,
    location: Location,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Location {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

pub(super) fn lint(lint: &Lint, sources: Sources<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut source = CurrentSource::new(sources);
    let diagnostics = lint.diagnostics.iter().map(|found| told(found, &mut source, look)).collect();
    write_json(&Document { source: Source { name: "pmkit" }, diagnostics }, true, out)
}

fn told<'a>(found: &'a Diagnostic, source: &mut CurrentSource<'_>, look: Look<'_>) -> Found<'a> {
    let lines = source.of(&found.path);
    let own = |path: &str| path == found.path;
    // A suggestion is about the file of the finding, and one place of it.
    let suggestions = found.fix.iter().filter_map(|fix| match &fix.edits[..] {
        [edit] if own(&edit.path) => {
            Some(Suggestion { range: range(edit.span, lines.as_ref()?), text: edit.text.as_str() })
        }
        _ => None,
    });
    let mut message = found.message.clone();
    for help in &found.help {
        message.push_str("\n- ");
        message.push_str(help);
    }
    Found {
        message,
        severity: if found.level == Level::Deny { "ERROR" } else { "WARNING" },
        code: Code { value: found.rule },
        suggestions: suggestions.collect(),
        location: Location {
            path: format!("{}{}", look.prefix, found.path),
            range: found.span.zip(lines.as_ref()).map(|(span, lines)| range(span, lines)),
        },
    }
}

fn range(span: Span, lines: &Lines<'_>) -> Range {
    let position = |byte: usize| {
        let line = lines.position(byte).line;
        Position { line, column: byte.saturating_sub(lines.line(line).start()) + 1 }
    };
    Range { start: position(span.start()), end: position(span.end()) }
}
