//! Cells of tables that other programs read: what they may not act on, they do not get.

use std::io;
use std::io::Write;

use crate::text::visible;

/// Writes rows of CSV, the first of which is the head.
pub(super) fn csv<R>(rows: impl IntoIterator<Item = R>, out: &mut dyn Write) -> io::Result<()>
where
    R: IntoIterator,
    R::Item: AsRef<str>,
{
    let mut table = csv::Writer::from_writer(out);
    for row in rows {
        table.write_record(row.into_iter().map(|cell| cell_text(cell.as_ref())))?;
    }
    table.flush()
}

/// Returns a cell of CSV that acts nowhere: made visible, and no formula to a spreadsheet program. Numbers stay numbers.
fn cell_text(text: &str) -> String {
    let shown = visible(text);
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let number = shown.parse::<f64>().is_ok_and(f64::is_finite);
    if formula && !number { format!("'{shown}") } else { shown.into_owned() }
}

/// Returns foreign text as code in a cell of a Markdown table, where nothing in it is a link, a mention or markup.
pub(super) fn code(text: &str) -> String {
    let text = visible(text).replace('|', "\\|");
    // A fence longer than any run of backticks in the text keeps it inside.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest > 0 { format!("{fence} {text} {fence}") } else { format!("`{text}`") }
}

/// Returns text of our own as it stands in a cell of a Markdown table.
pub(super) fn plain(text: &str) -> String {
    visible(text).replace('|', "\\|").replace('_', "\\_")
}
