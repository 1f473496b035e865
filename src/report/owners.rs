//! Lines for `CODEOWNERS`, and what is to be said of them.

use std::io;
use std::io::Write;

use super::Look;
use crate::codeowners::Covering;
use crate::codeowners::pattern_of;
use crate::owners::Owned;
use crate::text::visible;
use crate::text::visible_within;

/// Writes the line for a record; a comment where the person has no name that a forge knows, or no line can hold the path.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn owner_line(owned: &Owned<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let path = format!("{}{}", look.prefix, owned.path);
    match (&owned.called, pattern_of(&path), owned.person) {
        (Some(called), Some(pattern), _) => writeln!(out, "{pattern} {called}"),
        (Some(_), None, _) => writeln!(out, "# {}: no line can hold such a name", visible_within(&path)),
        (None, _, Some(person)) => {
            let (path, person) = (visible_within(&path), visible_within(person));
            writeln!(out, "# {path}: {person} has no @alias and no address")
        }
        (None, _, None) => Ok(()),
    }
}

/// Writes whom `file` asks about a record in the person's place: those of the line that is in force for it, or nobody.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn owner_note(
    owned: &Owned<'_>,
    file: &str,
    covering: Option<&Covering<'_>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let person = visible_within(owned.person.unwrap_or_default());
    let asked = format!("{} waits for `{person}`", visible(&owned.record));
    match covering {
        None => writeln!(out, "{asked}, and no line of {file} covers it"),
        Some(covering) if covering.owners.is_empty() => {
            writeln!(out, "{asked}, and line {} of {file} says nobody", covering.line)
        }
        Some(covering) => {
            let owners = covering.owners.join(" ");
            writeln!(out, "{asked}, and line {} of {file} says `{}`", covering.line, visible_within(&owners))
        }
    }
}
