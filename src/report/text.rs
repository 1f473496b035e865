//! Findings and errors for people.

use std::io;
use std::io::Write;

use super::CurrentSource;
use super::Look;
use super::Sources;
use super::snippet::Drawing;
use super::snippet::Spot;
use super::snippet::draw;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Level;
use crate::error::Error;
use crate::lint::Lint;
use crate::text::Lines;
use crate::text::for_shell;
use crate::text::visible;

pub(super) fn lint(lint: &Lint, sources: Sources<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut source = CurrentSource::new(sources);
    for found in &lint.diagnostics {
        let others: Vec<Option<String>> = found
            .related
            .iter()
            .map(|related| if related.path == found.path { None } else { sources(&related.path) })
            .collect();
        let others: Vec<Option<Lines<'_>>> =
            others.iter().map(|text| text.as_deref().map(Lines::new)).collect();
        let own = source.of(&found.path);
        out.write_all(draw(&drawing(found, own.as_ref(), &others, look), look).as_bytes())?;
        writeln!(out)?;
    }
    summary(lint, look, out)
}

fn drawing<'a>(
    found: &'a Diagnostic,
    own: Option<&'a Lines<'a>>,
    others: &'a [Option<Lines<'a>>],
    look: Look<'_>,
) -> Drawing<'a> {
    let shown = |path: &str| format!("{}{path}", look.prefix);
    let spots = found.related.iter().zip(others).map(|(related, other)| Spot {
        path: shown(&related.path),
        lines: if related.path == found.path { own } else { other.as_ref() },
        span: related.span,
        label: Some(&related.message),
    });
    Drawing {
        error: found.level == Level::Deny,
        id: Some(found.rule),
        message: &found.message,
        place: Some(Spot {
            path: shown(&found.path),
            lines: own,
            span: found.span,
            label: found.label.as_deref(),
        }),
        others: spots.collect(),
        help: &found.help,
    }
}

/// Writes the line that says what was checked and what came of it.
fn summary(lint: &Lint, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let summary = &lint.summary;
    let checked = match &summary.base {
        Some((name, commit)) => {
            format!("checked against {} ({})", visible(name), commit.get(..8).unwrap_or(commit))
        }
        None => "checked".to_owned(),
    };
    let noun = if summary.base.is_some() { "changed record" } else { "record" };
    let records = match summary.records {
        1 => format!("1 {noun} {checked}"),
        many => format!("{many} {noun}s {checked}"),
    };
    let count = |number: usize, noun: &str| match number {
        0 => None,
        1 => Some(format!("1 {noun}")),
        many => Some(format!("{many} {noun}s")),
    };
    let found: Vec<String> =
        [count(summary.deny, "error"), count(summary.warn, "warning")].into_iter().flatten().collect();
    let verdict = match (summary.records, &found[..]) {
        (0, []) if summary.base.is_none() => String::new(),
        (_, []) => styled(": nothing to mend", "1;32", look),
        (_, found) => {
            let style = if summary.deny > 0 { "1;31" } else { "1;33" };
            format!(": {}", styled(&found.join(", "), style, look))
        }
    };
    let deleted = match summary.deleted {
        0 => String::new(),
        1 => ", 1 deleted".to_owned(),
        many => format!(", {many} deleted"),
    };
    let before = (summary.before.unwrap_or(0), "there before");
    let left_out = [(summary.acknowledged, "acknowledged"), (summary.known, "in the baseline"), before];
    let left_out: Vec<String> = left_out
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, how)| format!("{count} {how}"))
        .collect();
    let left_out = if left_out.is_empty() { String::new() } else { format!(" ({})", left_out.join(", ")) };
    writeln!(out, "{records}{deleted}{verdict}{left_out}")?;
    if !look.terse {
        next_steps(lint, out)?;
    }
    for skipped in &summary.skipped {
        writeln!(out, "left out: {}", visible(skipped))?;
    }
    for note in &summary.notes {
        writeln!(out, "note: {}", visible(note))?;
    }
    Ok(())
}

/// Says what mends some of it, and where to read on.
fn next_steps(lint: &Lint, out: &mut dyn Write) -> io::Result<()> {
    let base = lint
        .summary
        .base
        .as_ref()
        .map_or(String::new(), |(name, _)| format!(" --base {}", visible(&for_shell(name))));
    let fixable = |safe: bool| {
        let mends = |found: &&Diagnostic| found.fix.as_ref().is_some_and(|fix| fix.safe == safe);
        lint.diagnostics.iter().filter(mends).map(|found| 1 + found.more).sum::<usize>()
    };
    match (fixable(true), fixable(false)) {
        (0, 0) => {}
        (safe, 0) => writeln!(out, "{safe} of them mended by: pmkit lint{base} --fix")?,
        (0, unsafe_too) => writeln!(
            out,
            "{unsafe_too} of them probably mended by: pmkit lint{base} --fix --unsafe (look first: --diff)"
        )?,
        (safe, unsafe_too) => writeln!(
            out,
            "{safe} of them mended by: pmkit lint{base} --fix; {unsafe_too} more, probably, with --unsafe (look first: --diff)"
        )?,
    }
    if let Some(first) =
        lint.diagnostics.iter().find(|found| found.level == Level::Deny).or(lint.diagnostics.first())
    {
        writeln!(out, "why it matters: pmkit explain {}", first.rule)?;
    }
    Ok(())
}

/// Writes what kept the tool from its work.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn error(error: &Error, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    for mistake in &error.mistakes {
        let lines = Lines::new(&mistake.source);
        let drawing = Drawing {
            error: true,
            id: None,
            message: &mistake.message,
            place: Some(Spot {
                path: format!("{}{}", look.prefix, mistake.path),
                lines: Some(&lines),
                span: Some(mistake.span),
                label: None,
            }),
            others: Vec::new(),
            help: &mistake.help,
        };
        out.write_all(draw(&drawing, look).as_bytes())?;
        writeln!(out)?;
    }
    writeln!(out, "{}: {}", styled("error", "1;31", look), visible(&error.message))?;
    helps(error, look, out)
}

/// Writes what kept the tool from a part of its work, and what follows from that.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn note(error: &Error, so: &str, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}: {so}", styled("note", "1", look), visible(&error.message))?;
    helps(error, look, out)
}

fn helps(error: &Error, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    for help in &error.help {
        writeln!(out, "  {}: {}", styled("help", "1;36", look), visible(help))?;
    }
    Ok(())
}

/// Returns `text` in a style of the terminal, given as the numbers of an SGR sequence, where colour is wanted.
#[must_use]
pub fn styled(text: &str, style: &str, look: Look<'_>) -> String {
    if look.color { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
}
