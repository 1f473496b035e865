//! GitLab's code quality report: what the merge request shows beside the lines.

use std::io;
use std::io::Write;

use serde::Serialize;

use super::CurrentSource;
use super::Look;
use super::Sources;
use super::escape::write_json;
use crate::diagnostic::Level;
use crate::lint::Lint;
use crate::lint::fingerprints;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

pub(super) fn lint(lint: &Lint, sources: Sources<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut source = CurrentSource::new(sources);
    let mut issue = |(found, fingerprint): (&'_ crate::diagnostic::Diagnostic, String)| {
        let place = found
            .span
            .zip(source.of(&found.path))
            .map(|(span, lines)| (lines.position(span.start()).line, lines.position(span.end()).line));
        // What is about a whole file is about its first line: without one it is not shown.
        let (begin, end) = place.unwrap_or((1, 1));
        let help = if found.more > 0 { found.help.last() } else { found.help.first() };
        let help = help.map(|help| format!(" ({help})")).unwrap_or_default();
        Issue {
            description: format!("{}{help}", found.message),
            check_name: found.rule,
            fingerprint,
            severity: if found.level == Level::Deny { "major" } else { "minor" },
            location: Location {
                path: format!("{}{}", look.prefix, found.path),
                lines: Lines { begin, end },
            },
        }
    };
    let names = fingerprints(&lint.diagnostics);
    let issues: Vec<Issue<'_>> = lint.diagnostics.iter().zip(names).map(&mut issue).collect();
    write_json(&issues, true, out)
}
