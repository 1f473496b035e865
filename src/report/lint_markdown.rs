//! Findings as Markdown, for a comment or the summary of a job: no foreign word outside a code span unless it is harmless.

use std::io;
use std::io::Write;

use super::CurrentSource;
use super::Look;
use super::Sources;
use super::table::code;
use super::table::guarded;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Level;
use crate::lint::Lint;

/// The most bytes that are written for a comment. FIELD: one on GitHub holds 65,536 characters.
pub(super) const MOST: usize = 60_000;

/// The most bytes that are written for the summary of a job. FIELD: one on GitHub holds 1 MiB.
pub(super) const MOST_OF_SUMMARY: usize = 900 * 1024;

pub(super) fn lint(
    lint: &Lint,
    sources: Sources<'_>,
    look: Look<'_>,
    most: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut text = format!("### pmkit: {}\n", verdict(lint));
    if !lint.diagnostics.is_empty() {
        text.push_str("\n| | where | what | do |\n|---|---|---|---|\n");
    }
    let mut left: usize = lint.diagnostics.iter().map(|found| 1 + found.more).sum();
    let mut long = text.len();
    for row in rows(lint, sources, look) {
        long += row.len();
        // There is room below for saying that there is more.
        if long + 400 > most {
            break;
        }
        text.push_str(&row);
        left -= 1;
    }
    if left > 0 {
        let findings = if left == 1 { "finding is" } else { "findings are" };
        text.push_str(&format!("\n{left} more {findings} not shown here; see all: `pmkit lint`\n"));
    }
    let skipped = lint.summary.skipped.iter().map(|skipped| ("Left out", skipped));
    let notes = lint.summary.notes.iter().map(|note| ("Note", note));
    for (what, said) in skipped.chain(notes).take(20).filter(|_| left == 0) {
        text.push_str(&format!("\n{what}: {}\n", guarded(said)));
    }
    out.write_all(text.as_bytes())
}

/// Returns what was found as rows of a Markdown table of four columns: what fails a build first, else in order.
pub(super) fn rows(lint: &Lint, sources: Sources<'_>, look: Look<'_>) -> Vec<String> {
    let mut source = CurrentSource::new(sources);
    let mut found: Vec<&Diagnostic> = lint.diagnostics.iter().collect();
    found.sort_by_key(|found| found.level != Level::Deny);
    found.into_iter().map(|found| row(found, &mut source, look)).collect()
}

fn verdict(lint: &Lint) -> String {
    let summary = &lint.summary;
    let count = |number: usize, noun: &str| match number {
        1 => format!("1 {noun}"),
        many => format!("{many} {noun}s"),
    };
    let found = match (summary.deny, summary.warn) {
        (0, 0) => "nothing to mend".to_owned(),
        (0, warn) => count(warn, "warning"),
        (deny, 0) => count(deny, "error"),
        (deny, warn) => format!("{}, {}", count(deny, "error"), count(warn, "warning")),
    };
    match &summary.base {
        Some((name, commit)) => format!(
            "{found} in {} (against {}, {})",
            count(summary.records, "changed record"),
            code(name),
            code(commit.get(..8).unwrap_or(commit))
        ),
        None => format!("{found} in {}", count(summary.records, "record")),
    }
}

fn row(found: &Diagnostic, source: &mut CurrentSource<'_>, look: Look<'_>) -> String {
    let line = found.span.zip(source.of(&found.path)).map(|(span, lines)| lines.position(span.start()).line);
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    let place = code(&format!("{}{}{line}", look.prefix, found.path));
    let sign = if found.level == Level::Deny { "✗" } else { "!" };
    let help = found.help.first().map(|help| guarded(help)).unwrap_or_default();
    format!("| {sign} | {place} | {} | {help} |\n", guarded(&found.message))
}
