//! Cells of tables that other programs read: what they may not act on, they do not get.

use std::io;
use std::io::Write;

use crate::text::longest_run;
use crate::text::needs_care;
use crate::text::visible;
use crate::text::visible_within;

/// Writes rows of CSV, the first of which is the head.
pub(super) fn csv<R>(rows: impl IntoIterator<Item = R>, out: &mut dyn Write) -> io::Result<()>
where
    R: IntoIterator,
    R::Item: AsRef<str>,
{
    let mut table = csv::Writer::from_writer(out);
    for row in rows {
        let cells = row.into_iter().enumerate();
        table.write_record(cells.map(|(at, cell)| cell_text(cell.as_ref(), at == 0)))?;
    }
    table.flush()
}

/// Returns a cell of CSV that acts nowhere: made visible, and no formula to a spreadsheet program. Numbers stay numbers.
fn cell_text(text: &str, opens_line: bool) -> String {
    let shown = if opens_line { visible(text) } else { visible_within(text) };
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let number = shown.parse::<f64>().is_ok_and(f64::is_finite);
    if formula && !number { format!("'{shown}") } else { shown.into_owned() }
}

/// Returns foreign text as code in a cell of a Markdown table, where nothing in it is a link, a mention or markup.
pub(super) fn code(text: &str) -> String {
    // Between two backticks there is always something.
    if text.is_empty() {
        return String::new();
    }
    let text = visible_within(text).replace('|', "\\|");
    // A fence longer than any run of backticks in the text keeps it inside.
    let longest = longest_run(&text, '`');
    let fence = "`".repeat(longest + 1);
    if longest > 0 { format!("{fence} {text} {fence}") } else { format!("`{text}`") }
}

/// Returns text of our own as it stands in a cell of a Markdown table.
pub(super) fn plain(text: &str) -> String {
    visible(text).replace('|', "\\|").replace('_', "\\_")
}

/// Returns foreign text as it stands in a cell: as it is where every character of it is harmless, else as code, in which nothing
/// is markup, a mention, a link or a number of an issue.
pub(super) fn guarded(said: &str) -> String {
    if is_harmless(said) { said.to_owned() } else { code(said) }
}

fn is_harmless(said: &str) -> bool {
    let harmless = |(at, c): (usize, char)| {
        let next = said[at + c.len_utf8()..].chars().next();
        match c {
            ' ' | ',' | '.' | ';' | '\'' | '"' | '(' | ')' | '/' | '?' | '+' | '-' => true,
            // Emoji, merge requests, entities and milestones begin so.
            ':' | '!' | '&' | '%' => next.is_none_or(|next| next == ' '),
            c if c.is_ascii() => c.is_ascii_alphanumeric(),
            // Letters in other shapes, full-width, mathematical or framed, look like words of ours.
            '\u{ff00}'..='\u{ffef}' | '\u{1d400}'..='\u{1d7ff}' | '\u{2100}'..='\u{214f}' => false,
            '\u{2460}'..='\u{24ff}' | '\u{1f100}'..='\u{1f1ff}' => false,
            _ => true,
        }
    };
    let small = said.to_lowercase();
    let parts = || small.split(|c: char| !c.is_ascii_alphanumeric());
    // Forges know issues by `GH-12` and commits by their names.
    let refers = parts().any(|part| matches!(part, "gh" | "ghsa"))
        || parts().any(|part| part.len() >= 7 && part.chars().all(|c| c.is_ascii_hexdigit()));
    !needs_care(said) && !refers && !small.contains("www.") && said.char_indices().all(harmless)
}
