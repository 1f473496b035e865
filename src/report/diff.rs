//! What would change in a file, as a unified diff. The only file that names the diff crate.

use std::io;
use std::io::Write;

use similar::ChangeTag;
use similar::TextDiff;

use super::Look;
use super::text::styled;
use crate::text::visible;

/// Writes what lies between `before` and `after` of the file `path`, for people.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn diff(path: &str, before: &str, after: &str, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    moved_diff(path, path, before, after, look, out)
}

/// Writes what lies between `before` of the file `from` and `after` of the file `to` that it becomes, for people.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn moved_diff(
    from: &str,
    to: &str,
    before: &str,
    after: &str,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (sign, path) in [("---", from), ("+++", to)] {
        let line = format!("{sign} {}", visible(&format!("{}{path}", look.prefix)));
        writeln!(out, "{}", styled(&line, "1", look))?;
    }
    lines(before, after, look, out)
}

/// Writes the lines that differ, with those around them.
pub(super) fn lines(before: &str, after: &str, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lines = TextDiff::from_lines(before, after);
    for hunk in lines.unified_diff().context_radius(2).iter_hunks() {
        writeln!(out, "{}", styled(&hunk.header().to_string(), "36", look))?;
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ('-', "31"),
                ChangeTag::Insert => ('+', "32"),
                ChangeTag::Equal => (' ', "0"),
            };
            let line = change.value().trim_end_matches(['\n', '\r']);
            let text = format!("{sign}{}", visible(line));
            writeln!(out, "{}", if sign == ' ' { text } else { styled(&text, style, look) })?;
        }
    }
    Ok(())
}
