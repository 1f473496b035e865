//! The screens of a walk over the board.

use std::io;
use std::io::Write;

use super::Look;
use super::markdown::lines;
use super::styled;
use crate::text::visible;
use crate::walk;
use crate::walk::Line;

/// The least width that text is broken for.
const LEAST: usize = 6;

/// Writes a screen, in as many lines as it takes.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn screen(screen: &[Line], look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    for line in screen {
        let style = match line.look {
            walk::Look::Plain => "",
            walk::Look::Head => "1",
            walk::Look::Alarm => "31",
            walk::Look::Change => "32",
            walk::Look::Faint => "2",
        };
        for part in lines(&visible(&line.text), look.width.max(LEAST)) {
            match style {
                "" => writeln!(out, "{part}")?,
                style => writeln!(out, "{}", styled(&part, style, look))?,
            }
        }
    }
    Ok(())
}
