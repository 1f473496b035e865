//! JUnit's XML, as build servers read it: a suite for each file in which something was found, a case for each finding.

use std::io;
use std::io::Write;

use super::CurrentSource;
use super::Look;
use super::Sources;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Level;
use crate::lint::Lint;
use crate::text::visible;
use crate::text::visible_within;

pub(super) fn lint(lint: &Lint, sources: Sources<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut source = CurrentSource::new(sources);
    let found = &lint.diagnostics;
    let of = |level: Level| found.iter().filter(|found| found.level == level).count();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"pmkit\" tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"0\">",
        found.len() + 1,
        of(Level::Deny)
    )?;
    // That something was checked is a result too.
    let (records, skipped) = (lint.summary.records, of(Level::Warn));
    writeln!(
        out,
        "  <testsuite name=\"pmkit\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0\">"
    )?;
    writeln!(
        out,
        "    <testcase name=\"{records} records checked, {skipped} warnings\" classname=\"pmkit\" time=\"0\"/>"
    )?;
    writeln!(out, "  </testsuite>")?;
    for of_file in found.chunk_by(|a, b| a.path == b.path) {
        let count = |level: Level| of_file.iter().filter(|found| found.level == level).count();
        let path = attribute(&format!("{}{}", look.prefix, of_file[0].path));
        writeln!(
            out,
            "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"0\">",
            of_file.len(),
            count(Level::Deny),
            count(Level::Warn)
        )?;
        for found in of_file {
            case(found, &path, &mut source, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(
    found: &Diagnostic,
    path: &str,
    source: &mut CurrentSource<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let place = found.span.zip(source.of(&found.path)).map(|(span, lines)| lines.position(span.start()));
    let line = place.map(|place| format!(":{}:{}", place.line, place.column)).unwrap_or_default();
    let message = attribute(&found.message);
    writeln!(out, "    <testcase name=\"{} {path}{line}\" classname=\"{path}\" time=\"0\">", found.rule)?;
    match found.level {
        Level::Deny => {
            writeln!(out, "      <failure message=\"{message}\" type=\"{}\">", found.rule)?;
            for line in std::iter::once(&found.message).chain(&found.help) {
                writeln!(out, "{}", attribute(&visible(line)))?;
            }
            writeln!(out, "      </failure>")?;
        }
        // What only warns fails nothing.
        _ => writeln!(out, "      <skipped message=\"{message}\"/>")?,
    }
    writeln!(out, "    </testcase>")
}

/// Returns foreign text as it may stand in XML: what acts made visible, and nothing that XML cannot say.
fn attribute(text: &str) -> String {
    let shown = visible_within(text);
    let means = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'');
    let odd = |c: char| means(c) || matches!(c, '\n' | '\t' | '\u{fffe}' | '\u{ffff}');
    if !shown.contains(odd) {
        return shown.into_owned();
    }
    let mut out = String::with_capacity(shown.len() + 16);
    for c in shown.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' | '\t' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
