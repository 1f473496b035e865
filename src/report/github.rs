//! Annotations of GitHub Actions, as workflow commands.

use std::io;
use std::io::Write;

use super::CurrentSource;
use super::Look;
use super::Sources;
use crate::diagnostic::Level;
use crate::lint::Lint;
use crate::text::visible;

/// The runner cuts a message here; FIELD: 4,096 characters.
const MOST_CHARACTERS: usize = 4_000;

pub(super) fn lint(lint: &Lint, sources: Sources<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut source = CurrentSource::new(sources);
    for found in &lint.diagnostics {
        let command = if found.level == Level::Deny { "error" } else { "warning" };
        write!(out, "::{command} file={}", property(&format!("{}{}", look.prefix, found.path)))?;
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
        writeln!(out, ",title={}::{}", property(&format!("pmkit {}", found.rule)), data(&message))?;
    }
    Ok(())
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
