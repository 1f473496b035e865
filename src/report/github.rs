//! Annotations of GitHub Actions, as workflow commands.

use std::io;
use std::io::Write;

use super::CurrentSource;
use super::Look;
use super::Sources;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Level;
use crate::lint::Lint;
use crate::text::visible;

/// The runner cuts a message here; FIELD: 4,096 characters.
const MOST_CHARACTERS: usize = 4_000;

/// How many errors, and how many warnings, of one step are shown; the others are dropped without a word.
const MOST: usize = 10;

pub(super) fn lint(lint: &Lint, sources: Sources<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut source = CurrentSource::new(sources);
    for level in [Level::Deny, Level::Warn] {
        let mut found: Vec<&Diagnostic> =
            lint.diagnostics.iter().filter(|found| found.level == level).collect();
        // What stands on lines of the change is shown beside it.
        found.sort_by_key(|found| !found.fresh);
        let told = if found.len() > MOST { MOST - 1 } else { found.len() };
        for found in &found[..told] {
            annotation(found, &mut source, look, out)?;
        }
        if told < found.len() {
            rest(&found[told..], level, look, out)?;
        }
    }
    Ok(())
}

fn command(level: Level) -> &'static str {
    if level == Level::Deny { "error" } else { "warning" }
}

fn annotation(
    found: &Diagnostic,
    source: &mut CurrentSource<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "::{} file={}", command(found.level), property(&format!("{}{}", look.prefix, found.path)))?;
    if let (Some(span), Some(lines)) = (found.span, source.of(&found.path)) {
        let (start, end) = (lines.position(span.start()), lines.position(span.end()));
        write!(out, ",line={},endLine={}", start.line, end.line)?;
        // Columns hold only for places within one line.
        if start.line == end.line {
            write!(out, ",col={},endColumn={}", start.column, end.column)?;
        }
    }
    let mut message = found.message.clone();
    for help in &found.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    message.push_str(&format!("\nwhy: pmkit explain {}", found.rule));
    writeln!(out, ",title={}::{}", property(&format!("pmkit {}", found.rule)), data(&message))
}

/// Names those that would not be shown, by their files.
fn rest(found: &[&Diagnostic], level: Level, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = found.first() else { return Ok(()) };
    let noun = if level == Level::Deny { "errors" } else { "warnings" };
    let count: usize = found.iter().map(|found| 1 + found.more).sum();
    let mut message = format!(
        "{count} more {noun}; GitHub shows no more of them here, see the log or the summary of the job:"
    );
    for found in found {
        message.push_str(&format!("\n{}{}: {}", look.prefix, found.path, found.message));
        // The rest would be cut anyhow.
        if message.len() > MOST_CHARACTERS {
            break;
        }
    }
    let file = property(&format!("{}{}", look.prefix, first.path));
    let title = property(&format!("pmkit: {count} more {noun}"));
    writeln!(out, "::{} file={file},title={title}::{}", command(level), data(&message))
}

/// Writes the text of a message: made visible line by line, then escaped as the runner decodes it.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| visible(line).into_owned()).collect();
    let text: String = lines.join("\n").chars().take(MOST_CHARACTERS).collect();
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Writes the value of a property, in which `:` and `,` mean something too.
fn property(text: &str) -> String {
    data(&text.replace('\n', "\u{240a}")).replace(':', "%3A").replace(',', "%2C")
}
